"""Streams of benefit: what rightly handled cases, months of use and customers who stay are worth, and from when on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flightready.assessment.roi import Benefit
from flightready.evidence import Grade
from flightready.roi.gathering import Gathering

SECONDS_PER_HOUR = 3600.0
CASE, MONTH, CUSTOMERS = "case", "month", "customers"
_LABELS = {
    "per_case": "worth of one rightly handled case", "time": "time saved in a rightly handled case",
    "wage": "cost of an hour", "per_month": "worth of a month with everybody using it",
    "customers": "customers reached when everybody uses it", "value_per_customer": "worth of a customer kept, a year",
    "leaving": "share who leave in a year, untreated", "effect": "share of those who would leave and stay",
    "of_cases": "share of the cases that bring it", "realisation": "share that turns into money",
    "starts": "months after the launch from which it counts", "grows": "change of its worth",
}  # fmt: skip


@dataclass(frozen=True)
class Stream:
    """One stream of benefit.

    Parameters
    ----------
    key, name : str
        Its key among the flows, and what people call it.
    kind : str
        time_saved, revenue_kept, cost_avoided or loss_avoided.
    form : str
        `case`: a rightly handled case in time brings it; `month`: a month does, by the share of planned users who use
        it; `customers`: customers stay who would have left, and bring a twelfth of a year's worth in each of the twelve
        months after. Only the first moves with accuracy and late answers: the others are stated, or measured, for the
        system as it is.
    parts : dict of str to str
        Column behind each part: per_case, time, wage, per_month, customers, leaving, effect, realisation, starts ...
    metric : str or None
        Metric of the results of the pilot that measures it.
    """

    key: str
    name: str
    kind: str
    form: str
    parts: dict[str, str]
    metric: str | None = None

    @property
    def measurable(self) -> str:
        """Column that results of the pilot replace: time saved, worth of a case or month, or share who stay."""
        return next(self.parts[p] for p in ("effect", "time", "per_case", "per_month") if p in self.parts)

    @property
    def has_own_time(self) -> bool:
        """Whether it begins later than the launch, or its worth changes."""
        return "starts" in self.parts or "grows" in self.parts

    def worth(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return its worth: of a rightly handled case, of a month with everybody using it, or of a year's customers."""
        part = {name: columns[key] for name, key in self.parts.items()}
        if self.form == CUSTOMERS:
            worth = part["customers"] * part["leaving"] * part["effect"] * part["value_per_customer"]
        elif "time" in part:
            worth = part["time"] / SECONDS_PER_HOUR * part["wage"]
        else:
            worth = part["per_case"] if self.form == CASE else part["per_month"]
        for share in ("of_cases", "realisation"):
            worth = worth * part.get(share, 1.0)
        return worth


def gather_benefits(g: Gathering) -> tuple[Stream, ...]:
    """Draw every stream that is stated; one whose effect nobody knows yet is left out.

    A worth of a case beside a list (a what-if) stands in for all streams of the list that cases bring.
    """
    g.estimate("realisation", "Share of the benefit that turns into money", "default_realisation")
    roi, streams = g.spec.roi, []
    if roi.benefit_per_case is not None:
        g.drawn("benefit", "Worth of one rightly handled case", roi.benefit_per_case, name="roi.benefit_per_case")
        streams.append(Stream("benefit", "Rightly handled cases", "cost_avoided", CASE,
                              {"per_case": "benefit", "realisation": "realisation"}))  # fmt: skip
    for number, benefit in enumerate(roi.benefits):
        replaced = roi.benefit_per_case is not None and _form(benefit) == CASE
        if not replaced and not _is_unknown(g, benefit, f"benefit_{number}"):
            streams.append(_stream(g, benefit, f"benefit_{number}"))
    return tuple(streams)


def without_effect(g: Gathering) -> tuple[str, ...]:
    """Return the names of streams whose effect is neither stated nor measured."""
    return tuple(b.name for n, b in enumerate(g.spec.roi.benefits) if _is_unknown(g, b, f"benefit_{n}"))


def _is_unknown(g: Gathering, benefit: Benefit, key: str) -> bool:
    return benefit.customers is not None and benefit.effect is None and f"{key}_effect" not in g.measured


def _form(benefit: Benefit) -> str:
    if benefit.customers is not None:
        return CUSTOMERS
    return MONTH if benefit.per_month is not None else CASE


def _stream(g: Gathering, benefit: Benefit, key: str) -> Stream:
    parts: dict[str, str] = {}
    for part, label in _LABELS.items():
        given, column = getattr(benefit, part), f"{key}_{part}"
        if part == "wage" and given is not None:
            parts[part] = _wage(g, benefit)
        elif part == "effect" and column in g.measured:
            g.keep(column, f"{benefit.name}: {label}", g.measured[column], "share", Grade.MEASURED,
                   "results of the pilot")  # fmt: skip
            parts[part] = column
        elif column in g.measured and part == "time":
            # of a case, right or wrong, as it came; the model counts the time of a rightly handled one
            right = np.maximum(g.columns["accuracy"], np.finfo(float).tiny)
            g.keep(column, f"{benefit.name}: {label}", g.measured[column] / right, given.unit, Grade.MEASURED,
                   "results of the pilot, over the cases that were used and right")  # fmt: skip
            parts[part] = column
        elif given is not None:
            g.drawn(column, f"{benefit.name}: {label}", given, name=f"roi.benefits.{benefit.name}.{part}",
                    source=benefit.source)  # fmt: skip
            parts[part] = column
    if "realisation" not in parts and (benefit.kind == "time_saved" or "realisation" in g.spec.roi.estimates):
        parts["realisation"] = "realisation"  # minutes turn into money only in part; money kept or saved is money
    return Stream(key, benefit.name, benefit.kind, _form(benefit), parts, benefit.metric)


def _wage(g: Gathering, benefit: Benefit) -> str:
    """Draw a wage once, however many streams state the same one."""
    stated = [b.wage.text for b in g.spec.roi.benefits if b.wage is not None]
    place = list(dict.fromkeys(stated)).index(benefit.wage.text)
    key = f"wage_{place}"
    if key not in g.columns:
        g.drawn(key, "Cost of an hour of the time that is saved", benefit.wage, name=f"roi.wage.{benefit.wage.text}",
                source=benefit.source)  # fmt: skip
    return key
