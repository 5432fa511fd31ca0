"""The pilot against today's way of working: the effect on each metric, period by period and together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from flightready.assessment import Pilot
from flightready.assessment.schema import Outcome
from flightready.errors import InputError
from flightready.roi.effects import ArmValue, arm_value, compare, heterogeneity, in_turn, together
from flightready.roi.pilot_effects import (
    BEFORE_AFTER,
    SIDE_BY_SIDE,
    MetricEffect,
    PeriodEffect,
    PilotEffects,
    for_benefit,
)
from flightready.roi.results_checks import oddities, planned_change, rates, split_of
from flightready.roi.results_naming import arms_of, deciding_metric, has_word, last_day, matching, unit_of
from flightready.roi.results_table import Cell, ResultsTable, read_results


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
    deciding, supposed = deciding_metric(pilot, table, (treated, control))
    design = _design(table, treated, control)
    outcome = pilot.spec.outcome
    is_outcome = bool(outcome and outcome.metric and matching(outcome.metric, [deciding]))
    told = [*table.notes, *filter(None, (guessed, supposed))]
    effects = [_effect(pilot, table, m, (treated, control), design, m == deciding) for m in table.metrics]
    by_name = {e.metric: e for e in effects if e is not None}
    if deciding not in by_name:
        raise InputError(
            f"'{deciding}' is measured in one arm only", where=f"{pilot.where('pilot_results')}, {table.file}",
            cure=f"add its rows for both '{treated}' and '{control}'",
        )  # fmt: skip
    whole = by_name.pop(deciding)
    planned, why = planned_change(outcome if is_outcome else None, whole)
    if why and planned is None and not unit_of(whole.metric):  # then the outcome's unit is not the metric's
        whole = replace(whole, unit="")
    split_p, split = split_of(pilot, whole, design)
    found = PilotEffects(
        file=table.file, treated=treated, control=control, design=design, deciding=whole,
        others=tuple(by_name.values()), rates=tuple(rates(table, treated)), is_outcome=is_outcome, planned=planned,
        split_p=split_p, split_planned=split, told=(), last=last_day(table.periods),
    )  # fmt: skip
    told += [*why, *oddities(table, found), *_kept_estimates(pilot, found)]
    return replace(found, told=tuple(told))


def _kept_estimates(pilot: Pilot, found: PilotEffects) -> Iterator[str]:
    """Streams of benefit that name a metric of the results and still rest on what was stated."""
    for number, benefit in enumerate(pilot.spec.roi.benefits):
        if benefit.metric is None:
            continue
        where = pilot.where("roi", "benefits", number, "metric")
        if found.is_split_odd:
            yield f"the benefit '{benefit.name}' keeps its estimate, because the arms are not trusted"
        elif for_benefit(found, benefit, where=where) is None:
            yield (
                f"the benefit '{benefit.name}' keeps its estimate, because '{benefit.metric}' is not measured in both "
                "arms, or nothing says its unit or direction"
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


def _arm(cell: Cell) -> ArmValue:
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
