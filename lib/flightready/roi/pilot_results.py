"""The pilot against today's way of working: the effect on each metric, period by period and together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.roi import Benefit
from flightready.assessment.schema import Outcome
from flightready.errors import InputError, listed, nearest
from flightready.evidence import Interval
from flightready.roi.effects import (
    Compared,
    arm_value,
    compare,
    equally_likely,
    heterogeneity,
    in_turn,
    sample_ratio_p,
    together,
)
from flightready.roi.results_naming import (
    arms_of,
    deciding_metric,
    has_word,
    last_day,
    matching,
    seconds_in,
    unit_of,
)
from flightready.roi.results_table import Cell, ResultsTable, read_results
from flightready.wording import count, number

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


def analyse(pilot: Pilot) -> PilotEffects | None:
    """Return the effects that `pilot_results` shows, None when no table is named.

    Raises
    ------
    InputError
        When the table cannot be read, or it is not clear which arm or metric is meant.
    """
    table = read_results(pilot)
    if table is None:
        return None
    treated, control, guessed = arms_of(pilot, table)
    deciding = deciding_metric(pilot, table)
    design = _design(table, treated, control)
    outcome = pilot.spec.outcome
    is_outcome = bool(outcome and outcome.metric and matching(outcome.metric, [deciding]))
    told = [*table.notes, *([guessed] if guessed else [])]
    effects = [_effect(pilot, table, m, (treated, control), design, m == deciding) for m in table.metrics]
    by_name = {e.metric: e for e in effects if e is not None}
    if deciding not in by_name:
        raise InputError(
            f"'{deciding}' is measured in one arm only", where=f"{pilot.where('pilot_results')}, {table.file}",
            cure=f"add its rows for both '{treated}' and '{control}'",
        )  # fmt: skip
    whole = by_name.pop(deciding)
    planned, why = _planned(outcome if is_outcome else None, whole)
    if why and planned is None and not unit_of(whole.metric):  # then the outcome's unit is not the metric's
        whole = replace(whole, unit="")
    split_p, split = _split(pilot, whole, design)
    found = PilotEffects(
        file=table.file, treated=treated, control=control, design=design, deciding=whole,
        others=tuple(by_name.values()), rates=tuple(_rates(table, treated)), is_outcome=is_outcome, planned=planned,
        split_p=split_p, split_planned=split, told=(), last=last_day(table.periods),
    )  # fmt: skip
    told += [*why, *_oddities(table, found)]
    return replace(found, told=tuple(told))


def for_benefit(found: PilotEffects | None, benefit: Benefit, *, where: str = "") -> np.ndarray | None:
    """Return what the results measured of one stream of benefit, as equally likely values; None where they do not.

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
        When the metric is not among the results, or its unit or direction is not known.
    """
    if found is None or benefit.metric is None:
        return None
    effect = found.effect(benefit.metric)
    if effect is None:
        names = [e.metric for e in (found.deciding, *found.others)]
        raise InputError(f"the metric '{benefit.metric}' is not in '{found.file}'", where=where, valid=listed(names),
                         cure=nearest(benefit.metric, names))  # fmt: skip
    if effect.better is None:
        raise InputError(
            f"nothing says whether '{effect.metric}' is to fall or to rise", where=where,
            cure="write pilot_results.lower_is_better, or baseline and target of the outcome",
        )  # fmt: skip
    drawn = equally_likely(*effect.better, REPLICATES)
    if benefit.time is not None:
        seconds = seconds_in(effect.unit)
        if seconds is None:
            raise InputError(f"nothing says in which unit of time '{effect.metric}' is", where=where,
                             cure=f"write it into its name: {effect.metric} (minutes)")  # fmt: skip
        return drawn * seconds
    if benefit.customers is not None:
        leaving = effect.whole.control.mean if effect.lower_is_better else 1 - effect.whole.control.mean
        if not effect.is_share or leaving <= 0:
            raise InputError(f"'{effect.metric}' is no share of customers who leave or stay", where=where,
                             valid="a share from 0 to 1 in both arms")  # fmt: skip
        return np.clip(drawn / leaving, -1.0, 1.0)
    if effect is not found.deciding or not found.planned:
        return None
    return drawn / found.planned


def _turned(value: float, interval: Interval, is_lower_better: bool) -> tuple[float, Interval]:
    if not is_lower_better:
        return value, interval
    return -value, Interval(
        None if interval.high is None else -interval.high, None if interval.low is None else -interval.low
    )


def _design(table: ResultsTable, treated: str, control: str) -> str:
    periods = [{c.period for c in table.cells if c.arm == arm} for arm in (treated, control)]
    in_turn_by_name = all(has_word(arm, "results_before_words") for arm in (treated, control))
    return BEFORE_AFTER if in_turn_by_name or not periods[0] & periods[1] else SIDE_BY_SIDE


def _effect(
    pilot: Pilot, table: ResultsTable, metric: str, arms: tuple[str, str], design: str, is_deciding: bool
) -> MetricEffect | None:
    """The effect on one metric; None where only one arm has it."""
    treated, control = (table.of(arm, metric) for arm in arms)
    if not treated or not control:
        return None
    periods: tuple[PeriodEffect, ...] = ()
    if design == SIDE_BY_SIDE:
        both = [p for p in table.periods if p in treated and p in control]
        if not both:
            return None
        periods = tuple(PeriodEffect(p, compare(_arm(treated[p]), _arm(control[p]))) for p in both)
        whole = together([p.compared for p in periods])
    else:
        whole = in_turn([_arm(c) for c in treated.values()], [_arm(c) for c in control.values()])
    outcome = pilot.spec.outcome
    is_outcome = bool(outcome and outcome.metric and matching(outcome.metric, [metric]))
    return MetricEffect(
        metric=metric, unit=_unit(outcome, metric, is_outcome), is_share=table.is_share(metric),
        lower_is_better=_lower_is_better(pilot, is_outcome, is_deciding), whole=whole, periods=periods,
        differ_p=heterogeneity([p.compared for p in periods]), spread=_spread(list(control.values())),
    )  # fmt: skip


def _arm(cell: Cell):
    return arm_value(cell.n, cell.mean, cell.sd)


def _unit(outcome: Outcome | None, metric: str, is_outcome: bool) -> str:
    if own := unit_of(metric):
        return own
    return outcome.baseline.unit if is_outcome and outcome.baseline is not None else ""


def _lower_is_better(pilot: Pilot, is_outcome: bool, is_deciding: bool) -> bool | None:
    said, outcome = pilot.spec.pilot_results.lower_is_better, pilot.spec.outcome
    if is_deciding and said is not None:
        return said
    if not (is_outcome and outcome.baseline and outcome.target) or outcome.baseline.median == outcome.target.median:
        return None
    return outcome.target.median < outcome.baseline.median


def _spread(cells: Sequence[Cell]) -> float | None:
    """Standard deviation of one case over the mean, within periods."""
    n = np.array([c.n for c in cells], dtype=float)
    means = np.array([c.mean for c in cells])
    mean = float(n @ means / n.sum())
    if mean <= 0:
        return None
    variances = means * (1 - means) if cells[0].sd is None else np.array([c.sd or 0.0 for c in cells]) ** 2
    return float(np.sqrt(n @ variances / n.sum()) / mean)


def _planned(outcome: Outcome | None, effect: MetricEffect) -> tuple[float | None, list[str]]:
    """By how much the outcome is to become better in the unit of the metric, and what is odd about the two."""
    if outcome is None or outcome.baseline is None or outcome.target is None:
        return None, []
    baseline, target, shown = outcome.baseline.median, outcome.target.median, effect.whole.control.mean
    factor = _stated_factor(outcome.baseline.unit, unit_of(effect.metric))
    if factor is None:
        near = _nearest_factor(shown / baseline) if baseline > 0 < shown else None
        if near is not None:
            return None, [
                f"the results hold '{effect.metric}' near {number(near)} times the outcome's baseline: they seem to be "
                "in another unit, so nothing is compared with the target"
            ]
        factor = 1.0
    ends = effect.whole.control.interval
    told = []
    if not ends.low <= baseline * factor <= ends.high:
        told.append(
            f"the arm that works as today shows {number(shown)} and not the {number(baseline * factor)} that the "
            "outcome states as its baseline; the effect is counted against the arm"
        )
    return abs(target - baseline) * factor, told


def _stated_factor(outcome_unit: str, metric_unit: str) -> float | None:
    """How many units of the metric one unit of the outcome is, where both are units of time."""
    own, other = seconds_in(outcome_unit), seconds_in(metric_unit)
    return None if own is None or other is None else own / other


def _nearest_factor(ratio: float) -> float | None:
    tolerance = policy.value("unit_factor_tolerance")
    for factor in policy.value("unit_factors"):
        for candidate in (float(factor), 1 / factor):
            if abs(ratio / candidate - 1) <= tolerance:
                return candidate
    return None


def _split(pilot: Pilot, effect: MetricEffect, design: str) -> tuple[float | None, float | None]:
    """P-value of the arms' sizes against the planned split; half and half is only supposed where it is near."""
    if design == BEFORE_AFTER:
        return None, None
    counts = [(p.compared.treated.n, p.compared.control.n) for p in effect.periods]
    treated, control = (sum(c) for c in zip(*counts, strict=True))
    stated = pilot.spec.roi.comparison.treated_share
    planned = 0.5 if stated is None else stated.median
    if not 0 < planned < 1:
        return None, None
    nearest_half = policy.value("arms_nearly_equal_points")
    if stated is None and abs(treated / (treated + control) - planned) > nearest_half:
        return None, None
    return sample_ratio_p(treated, control, planned), planned


def _rates(table: ResultsTable, treated: str) -> Iterator[ArmRate]:
    """Use and override of the treated arm, all periods together."""
    for metric in table.metrics:
        kind = next((k for k in ("use", "override") if has_word(metric, f"results_{k}_words")), "")
        cells = list(table.of(treated, metric).values())
        if not kind or not cells or not table.is_share(metric):
            continue
        n, counted = sum(c.n for c in cells), sum(round(c.mean * c.n) for c in cells)
        yield ArmRate(metric, kind, counted / n, arm_value(n, counted / n, None).interval, n)


def _oddities(table: ResultsTable, found: PilotEffects) -> Iterator[str]:
    effect = found.deciding
    if found.is_split_odd:
        yield (
            f"the arms hold {count(effect.whole.treated.n, 'case')} and {count(effect.whole.control.n, 'case')}, which "
            "chance makes of the planned split less than once in a thousand times: cases may have been lost or moved "
            "between the arms, and the effect with them"
        )
    elif found.design == SIDE_BY_SIDE and found.split_p is None:
        yield "the arms have different sizes; write the planned share under roi.comparison.treated_share to check it"
    if found.design == BEFORE_AFTER:
        yield (
            "the arms were measured one after the other: whatever else changed in between is part of the effect, which "
            "makes this weaker evidence than two arms side by side"
        )
    elif len(effect.periods) == 1:
        yield "there is one period only, so nothing shows whether the effect lasts"
    both = {p.period for p in effect.periods}
    alone = [c for c in table.cells if c.metric == effect.metric and c.period not in both]
    alone = [c for c in alone if c.arm in (found.treated, found.control)]
    if found.design == SIDE_BY_SIDE and alone:
        periods = len({c.period for c in alone})
        yield f"{count(periods, 'period')} with one arm only {'is' if periods == 1 else 'are'} left out"
    if effect.differ_p is not None and effect.differ_p < policy.value("periods_differ_p"):
        yield "the effect differs between the periods more than chance explains; look at them one by one"
    strangers = [a for a in table.arms if a not in (found.treated, found.control)]
    if strangers:
        yield f"{count(len(strangers), 'further arm')} of the table {'is' if len(strangers) == 1 else 'are'} not used"
