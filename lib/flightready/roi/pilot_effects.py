"""What the pilot's results hold: the effect on each metric, the rates of the treated arm, and what looks odd."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.roi import Benefit
from flightready.draws import JointSample
from flightready.errors import InputError, listed, nearest
from flightready.evidence import Interval
from flightready.roi.effects import Compared, equally_likely
from flightready.roi.results_naming import matching, seconds_in

SIDE_BY_SIDE, BEFORE_AFTER = "side_by_side", "before_after"
REPLICATES = 1024  # equally likely values of a measured effect: as many as a replicate has draws


@dataclass(frozen=True)
class PeriodEffect:
    """The effect within one period."""

    period: str
    compared: Compared


@dataclass(frozen=True)
class MetricEffect:
    """The effect on one metric.

    Parameters
    ----------
    metric, unit : str
        The unit is empty where nothing says it; a share is a fraction of 1.
    is_share : bool
    lower_is_better : bool or None
        None where nothing says it.
    whole : Compared
        All periods together.
    periods : tuple of PeriodEffect
        Periods in which both arms were measured; empty where the arms were measured one after the other.
    differ_p : float or None
        P-value that the effect is the same in all periods.
    spread : float or None
        Standard deviation of one case of the control arm over its mean.
    """

    metric: str
    unit: str
    is_share: bool
    lower_is_better: bool | None
    whole: Compared
    periods: tuple[PeriodEffect, ...]
    differ_p: float | None
    spread: float | None

    @property
    def n(self) -> int:
        """Cases in both arms."""
        return self.whole.treated.n + self.whole.control.n

    @property
    def better(self) -> tuple[float, Interval] | None:
        """By how much the treated arm is better, in the metric's unit, with its interval; None where unsaid."""
        if self.lower_is_better is None:
            return None
        return _turned(self.whole.difference, self.whole.interval, self.lower_is_better)

    @property
    def better_share(self) -> tuple[float, Interval] | None:
        """By what share of today's value the treated arm is better; None where unsaid or the control is zero."""
        if self.lower_is_better is None or self.whole.relative is None:
            return None
        return _turned(self.whole.relative, self.whole.relative_interval, self.lower_is_better)


@dataclass(frozen=True)
class ArmRate:
    """How often the treated arm did something, such as using the answer or setting it aside."""

    metric: str
    kind: str
    share: float
    interval: Interval
    n: int


@dataclass(frozen=True)
class PilotEffects:
    """What the pilot showed against today's way of working.

    Parameters
    ----------
    file : str
    treated, control : str
        Names of the arms.
    design : str
        `side_by_side`, or `before_after` where no period holds both arms.
    deciding : MetricEffect
        The metric of the outcome.
    others : tuple of MetricEffect
        Every other metric that both arms have.
    rates : tuple of ArmRate
        Use and override of the treated arm.
    is_outcome : bool
        Whether the deciding metric is the one that the outcome names.
    planned : float or None
        By how much the outcome is to become better, in the unit of the metric; None where the outcome does not say or
        its unit is another.
    split_p : float or None
        P-value that the arms have the planned sizes; None where they were measured one after the other.
    split_planned : float or None
        Planned share of the treated arm; None where nobody stated it and the arms are not nearly equal.
    told : tuple of str
        What was guessed, left out, or looks odd: sentences without a value of a record.
    last : date or None
        Last day of the latest period.
    """

    file: str
    treated: str
    control: str
    design: str
    deciding: MetricEffect
    others: tuple[MetricEffect, ...]
    rates: tuple[ArmRate, ...]
    is_outcome: bool
    planned: float | None
    split_p: float | None
    split_planned: float | None
    told: tuple[str, ...]
    last: dt.date | None

    @property
    def is_split_odd(self) -> bool:
        """Whether the arms have other sizes than the plan would give by chance."""
        return self.split_p is not None and self.split_p < policy.value("sample_ratio_p")

    def effect(self, metric: str) -> MetricEffect | None:
        """Return the effect on a metric by its name, None when the results do not hold it."""
        every = (self.deciding, *self.others)
        there = matching(metric, [e.metric for e in every])
        return next((e for e in every if e.metric == there), None)


def for_benefit(found: PilotEffects | None, benefit: Benefit, *, where: str = "") -> np.ndarray | None:
    """Return what the results measured of one stream of benefit, as equally likely values.

    None where they do not measure it, or nothing says the unit or the direction of the metric.

    A stream of time gets the time saved in a case of the treated arm, in seconds. A stream of customers kept gets the
    share of those leaving who stay because of it. Any other stream gets the factor between what was measured and what
    the outcome plans: its stated worth times that factor is the measured worth.

    Parameters
    ----------
    found : PilotEffects or None
    benefit : Benefit
        Its `metric` names the metric that measures it.
    where : str
        Place of the stream, for messages.

    Raises
    ------
    InputError
        When the metric seems to be misspelt, or is no share where customers leave or stay.
    """
    if found is None or benefit.metric is None:
        return None
    effect = found.effect(benefit.metric)
    if effect is None:
        names = [e.metric for e in (found.deciding, *found.others)]
        if hint := nearest(benefit.metric, names):
            raise InputError(f"the metric '{benefit.metric}' is not in '{found.file}'", where=where,
                             valid=listed(names), cure=hint)  # fmt: skip
        return None
    if benefit.time is not None:  # time is saved where it falls, whatever else is said
        seconds = seconds_in(effect.unit)
        saved = _turned(effect.whole.difference, effect.whole.interval, True)
        return None if seconds is None else equally_likely(*saved, REPLICATES) * seconds
    if effect.better is None:
        return None
    drawn = equally_likely(*effect.better, REPLICATES)
    if benefit.customers is not None:
        leaving = effect.whole.control.mean if effect.lower_is_better else 1 - effect.whole.control.mean
        if not effect.is_share or leaving <= 0:
            raise InputError(f"'{effect.metric}' is no share of customers who leave or stay", where=where,
                             valid="a share from 0 to 1 in both arms")  # fmt: skip
        return np.clip(drawn / leaving, -1.0, 1.0)
    if effect is not found.deciding or not found.planned:
        return None
    return drawn / found.planned


def measured_columns(pilot: Pilot, joint: JointSample, found: PilotEffects | None) -> dict[str, np.ndarray]:
    """Return the columns of the value model that the results measured, by key, shape (replicates, draws).

    A stream of time gets the time saved, one of customers the share who stay, any other its stated worth times the
    part of the plan that was reached. The treated arm holds cases in which nobody used the answer as well: where its
    use was measured, what a case brings is that of a used one. Arms of other sizes are not trusted and replace nothing.
    """
    columns: dict[str, np.ndarray] = {}
    used = next((r.share for r in found.rates if r.kind == "use" and r.share > 0), 1.0) if found is not None else 1.0
    for number, benefit in enumerate(pilot.spec.roi.benefits):
        values = for_benefit(found, benefit, where=pilot.where("roi", "benefits", number, "metric"))
        if values is None or found.is_split_odd:
            continue
        drawn = joint.measured(f"roi.results.{benefit.name}", values)
        stated = (p for p in ("time", "per_case", "per_month") if getattr(benefit, p) is not None)
        part = next(stated, "effect")  # customers who stay have no worth of a case
        if part in ("per_case", "per_month"):
            drawn = drawn * joint.column(f"roi.benefits.{benefit.name}.{part}", getattr(benefit, part))
        elif part == "time":
            drawn = drawn / used
        columns[f"benefit_{number}_{part}"] = drawn
    return columns


def _turned(value: float, interval: Interval, is_lower_better: bool) -> tuple[float, Interval]:
    if not is_lower_better:
        return value, interval
    return -value, Interval(
        None if interval.high is None else -interval.high, None if interval.low is None else -interval.low
    )
