"""When models retire: as the assessment states it, or as the provider announced it, and when a move must begin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flightready import policy
from flightready.assessment.cost import Cost, Retirement
from flightready.cost.result import Basis
from flightready.draws import Summary
from flightready.quantity import DAYS_PER_MONTH


@dataclass(frozen=True)
class Retiring:
    """A model with a known day from which it answers no more.

    Parameters
    ----------
    model : str
    on : date
        From this day it answers no more.
    decide_by, too_late_after : date
        Last day to begin the move if the lead time takes as long as it may, and if it takes as short as it may; equal
        where the lead time is one figure.
    lead_is_stated : bool
        Whether the assessment states the lead time; the policy's stands in otherwise.
    is_published : bool
        Whether the day comes from the policy's table of announcements and not from the assessment.
    published : date or None
        The announced day, where there is one; it may differ from a stated one.
    stated : date or None
        The day of the assessment, where there is one. An earlier announcement goes before it, unless the assessment
        names that announcement as well: then it knows of it, and its own day holds.
    successor : str
        As the assessment names it, else as the provider does; empty when neither does.
    successor_measured : bool
        Whether the successor was measured on raw records, under evaluation.candidates.
    source : str
    migration : Summary or None
        What the move costs; None when it is not stated.
    """

    model: str
    on: dt.date
    decide_by: dt.date
    too_late_after: dt.date
    lead_is_stated: bool
    is_published: bool
    published: dt.date | None
    successor: str
    successor_measured: bool
    source: str
    migration: Summary | None = None
    stated: dt.date | None = None


@dataclass(frozen=True)
class Announced:
    """A retirement as the provider announced it: the day, the successor that it names, and who says so."""

    on: dt.date
    successor: str
    source: str


def announced(model: str, as_of: dt.date, *, provider: str = "") -> Announced | None:
    """Return the retirement of a model as it was announced by a day; None if it was not.

    Parameters
    ----------
    model : str
    as_of : date
    provider : str
        Who serves it, as the price list calls them; a cloud that resells it has days of its own. Empty: not known.

    Examples
    --------
    >>> announced("gpt-4.1-2025-04-14", dt.date(2026, 10, 15)).on
    datetime.date(2027, 1, 14)
    >>> announced("gpt-4.1-2025-04-14", dt.date(2026, 10, 13)) is None  # announced on the 14th
    True
    """
    for entry in policy.read("retirements.yaml"):
        if model.lower() in entry["models"] and entry["announced"] <= as_of and provider in ("", entry["provider"]):
            return Announced(entry["on"], entry["models"][model.lower()], entry["source"])
    return None


def retiring(
    models: Iterable[str], cost: Cost, *, as_of: dt.date, measured: Collection[str] = (), provider: str = ""
) -> tuple[Retiring, ...]:
    """Return the models that are known to retire, earliest first; a day of the past counts.

    Parameters
    ----------
    models : iterable of str
        Names as the log or an option has them.
    cost : Cost
        The section of the assessment.
    as_of : date
        What was announced later is not known yet.
    measured : collection of str
        Names of the candidates that were measured on raw records.
    provider : str
        Who serves them, where it is known: whose announcements hold.
    """
    stated = {name.lower(): given for name, given in cost.retirement.items()}
    found = []
    for model in dict.fromkeys(m for m in models if m):
        given, public = stated.get(model.lower()), announced(model, as_of, provider=provider)
        if given is None and public is None:
            continue
        found.append(_retiring(model, given, public, measured))
    return tuple(sorted(found, key=lambda r: (r.on, r.model)))


def provider_of(basis: Basis | None) -> str:
    """Return the one provider of all priced calls; empty where none is named, or there are several."""
    named = {line.provider for line in basis.prices.lines} if basis is not None and basis.prices is not None else set()
    return next(iter(named)) if len(named) == 1 else ""


def _retiring(model: str, given: Retirement | None, public: Announced | None, measured: Collection[str]) -> Retiring:
    lead = given.lead_time if given is not None else None
    short, long = (lead or policy.quantity("retirement_lead_time", "period")).range90
    best = public if given is None or _came_earlier(given, public) else given
    named = (r.successor for r in (given, public) if r is not None and r.successor)
    return Retiring(
        model, best.on, decide_by=_before(best.on, long), too_late_after=_before(best.on, short),
        lead_is_stated=lead is not None, is_published=best is public, published=public.on if public else None,
        successor=(successor := next(named, "")), successor_measured=successor in measured, source=best.source,
        stated=given.on if given is not None else None,
    )  # fmt: skip


def _came_earlier(given: Retirement, public: Announced | None) -> bool:
    """Whether the provider announced an earlier day that the assessment does not know of."""
    return public is not None and public.on < given.on and (given.announced is None or public.on < given.announced)


def _before(day: dt.date, months: float) -> dt.date:
    return day - dt.timedelta(days=round(months * DAYS_PER_MONTH))
