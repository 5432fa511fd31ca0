"""What looks odd about the pilot's results: other units, arms of other sizes than planned, a single period."""

from __future__ import annotations

from collections.abc import Iterator

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.schema import Outcome
from flightready.roi.effects import arm_value, sample_ratio_p
from flightready.roi.pilot_effects import BEFORE_AFTER, SIDE_BY_SIDE, ArmRate, MetricEffect, PilotEffects
from flightready.roi.results_naming import has_word, seconds_in, unit_of
from flightready.roi.results_table import ResultsTable
from flightready.wording import count, number

_KINDS = {"use": "results_use_words", "override": "results_override_words"}


def planned_change(outcome: Outcome | None, effect: MetricEffect) -> tuple[float | None, list[str]]:
    """Return by how much the outcome is to become better in the unit of the metric, and what is odd about the two."""
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


def split_of(pilot: Pilot, effect: MetricEffect, design: str) -> tuple[float | None, float | None]:
    """Return the p-value of the arms' sizes against the planned split, and that split.

    Where nobody states one, halves are supposed, but only where the arms are near it.
    """
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


def rates(table: ResultsTable, treated: str) -> Iterator[ArmRate]:
    """Return use and override of the treated arm, all periods together."""
    for metric in table.metrics:
        kind = next((k for k, words in _KINDS.items() if has_word(metric, words)), "")
        cells = list(table.of(treated, metric).values())
        if not kind or not cells or not table.is_share(metric):
            continue
        n, counted = sum(c.n for c in cells), sum(round(c.mean * c.n) for c in cells)
        yield ArmRate(metric, kind, counted / n, arm_value(n, counted / n, None).interval, n)


def oddities(table: ResultsTable, found: PilotEffects) -> Iterator[str]:
    """Return what a reader should know before trusting the effect."""
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
