"""Findings of the pilot's results: did the outcome move, by as much as planned, is it the right metric, is it used."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np
from scipy import special

from flightready import policy
from flightready.assessment import Pilot
from flightready.errors import listed, nearest
from flightready.evidence import Finding, Grade, Interval, State, judge_at_least, judge_at_most
from flightready.intervals import LEVEL
from flightready.roi.pilot_effects import BEFORE_AFTER, ArmRate, MetricEffect, PilotEffects
from flightready.roi.results_naming import matching
from flightready.wording import count, interval, number, points, rounded, share


def findings(pilot: Pilot, found: PilotEffects | None) -> tuple[Finding, ...]:
    """Return the findings that the results allow, that on the bound metric also without any results."""
    bound = tuple(_bound(pilot, found))
    if found is None:
        return bound
    return (*bound, _moved(pilot, found), *_as_planned(found), *(_used(rate, found) for rate in found.rates))


def written(effect: MetricEffect, value: float) -> str:
    """Write a difference of a metric with its unit."""
    return points(value) if effect.is_share else f"{number(value)} {effect.unit}".strip()


def _moved(pilot: Pilot, found: PilotEffects) -> Finding:
    """KPI: the outcome is better in the treated arm, and not by chance."""
    effect, better = found.deciding, found.deciding.better
    in_turn = found.design == BEFORE_AFTER
    common = {"id": "roi.outcome_moved", "title": "Outcome of the pilot against today's way", "rule": "outcome_moved",
              "grade": Grade.ESTIMATED if in_turn else Grade.MEASURED, "n": effect.n, "unit": effect.unit,
              "questions": ("KPI",), "gaps": ("G4",), "sources": (found.file,), "threshold": 0.0,
              "collected": found.last}  # fmt: skip
    if better is None:
        span = span_of(effect, effect.whole.interval)
        return Finding(state=State.UNKNOWN, value=effect.whole.difference, interval=effect.whole.interval,
                       sentence=f"'{effect.metric}' differs by {written(effect, effect.whole.difference)} (nine times "
                                f"in ten {span}); nothing says whether that is better.",
                       decides="pilot_results.lower_is_better, or baseline and target of the outcome",
                       **common)  # fmt: skip
    common |= {"value": better[0], "interval": better[1]}
    state, said = judge_at_least(better[1], 0.0), effect_sentence(found)
    if state is State.UNKNOWN or (state is State.PASS and (doubt := _doubt(pilot, found))):
        why, decides = (" That may be chance.", _more_cases(effect)) if state is State.UNKNOWN else doubt
        return Finding(state=State.UNKNOWN, sentence=said + why, decides=decides, **common)
    return Finding(state=state, sentence=said, **common)


def effect_sentence(found: PilotEffects) -> str:
    """Return by how much the deciding metric is better, with its interval; its direction must be known."""
    effect, (value, ends) = found.deciding, found.deciding.better
    span = span_of(effect, ends)
    relative = effect.better_share
    part = f", {share(abs(relative[0]))} of today's" if relative is not None and not effect.is_share else ""
    how = "better" if value >= 0 else "worse"
    shown = written(effect, abs(value))
    return (
        f"With the pilot '{effect.metric}' is {shown} {how}{part} (better by {span}, nine times in ten; "
        f"{count(effect.n, 'case')} in both arms)."
    )


def _doubt(pilot: Pilot, found: PilotEffects) -> tuple[str, str] | None:
    """Why an effect that is there does not count as the pilot's, and what would decide; None when nothing is odd."""
    outcome = pilot.spec.outcome
    if found.is_split_odd:
        return (" The arms have other sizes than planned, so they may not be alike in the rest either.",
                "Why the arms differ in size, and a comparison in which they do not")  # fmt: skip
    if outcome is not None and outcome.metric and not found.is_outcome:
        return (f" The outcome names another metric, '{outcome.metric}'.",
                f"Rows of '{outcome.metric}' for both arms in {found.file}")  # fmt: skip
    if found.design == BEFORE_AFTER:
        return (" The arms were measured one after the other, so something else may have changed it.",
                "Both ways of working side by side over the same periods")  # fmt: skip
    return None


def _more_cases(effect: MetricEffect) -> str:
    """How many cases would decide, if the effect is what it looks like."""
    value, _ = effect.better
    error = np.sqrt(effect.whole.treated.variance + effect.whole.control.variance)
    if value <= 0 or error <= 0:
        return "A pilot that moves the outcome; more cases alone may not"
    needed = (special.ndtri(0.5 + LEVEL / 2) + special.ndtri(policy.value("power_of_detection"))) * error / value
    cases = ceil(effect.n * max(float(needed**2), 1.0))
    return f"About {rounded(cases)} cases in both arms, if the effect is as large as it looks"


def _as_planned(found: PilotEffects) -> Iterator[Finding]:
    """Whether the outcome moved as far as planned; it answers no question of the lists."""
    if found.planned is None or found.deciding.better is None:
        return
    effect, (value, ends) = found.deciding, found.deciding.better
    state = judge_at_least(ends, found.planned)
    if state is State.PASS and found.design == BEFORE_AFTER:
        state = State.UNKNOWN
    reached = value / found.planned
    span = interval(ends.low / found.planned, ends.high / found.planned, share)
    fewer = {State.FAIL: "less than planned", State.PASS: "as planned"}.get(state, "may or may not be as planned")
    yield Finding(
        id="roi.outcome_as_planned", title="Outcome against the plan", state=state, value=value, interval=ends,
        grade=Grade.ESTIMATED if found.design == BEFORE_AFTER else Grade.MEASURED, n=effect.n, unit=effect.unit,
        sentence=f"Of the planned {written(effect, found.planned)} the pilot reached {share(reached)} (nine times in "
                 f"ten {span}): {fewer}.",
        rule="outcome_as_planned", threshold=found.planned, gaps=("G4",), sources=(found.file,), collected=found.last,
        decides="More cases in both arms" if state is State.UNKNOWN else "",
    )  # fmt: skip


def _used(rate: ArmRate, found: PilotEffects) -> Finding:
    """Adoption: used in most cases, and rarely set aside."""
    is_use = rate.kind == "use"
    limit = policy.value("least_use_share" if is_use else "most_override_share")
    state = judge_at_least(rate.interval, limit) if is_use else judge_at_most(rate.interval, limit)
    span = interval(rate.interval.low, rate.interval.high, share)
    what = "it is used in" if is_use else "people set it aside in"
    bound = "at least" if is_use else "at most"
    return Finding(
        id=f"roi.{'used' if is_use else 'set_aside'}", title="Use by people" if is_use else "Set aside by people",
        state=state, grade=Grade.MEASURED, value=rate.share, interval=rate.interval, n=rate.n, unit="share",
        sentence=f"In the pilot {what} {share(rate.share)} of cases (nine times in ten {span}; {bound} {share(limit)} "
                 "is asked).",
        rule="least_use_share" if is_use else "most_override_share", threshold=limit, questions=("adoption",),
        gaps=("G6",), sources=(found.file,), collected=found.last,
        decides="More cases of the arm that uses the pilot" if state is State.UNKNOWN else "",
    )  # fmt: skip


def _bound(pilot: Pilot, found: PilotEffects | None) -> Iterator[Finding]:
    """E1: the metric of the outcome is the one that the value rests on; told where anything names a metric."""
    outcome = pilot.spec.outcome
    of_streams = [b.metric for b in pilot.spec.roi.benefits if b.metric]
    measured = [] if found is None else [e.metric for e in (found.deciding, *found.others)]
    if outcome is None or not outcome.metric or not (of_streams or measured):
        return
    common = {"id": "roi.metric_bound", "title": "Metric of the outcome", "grade": Grade.MEASURED,
              "rule": "outcome_metric_is_measured", "questions": ("E1",), "gaps": ("G4",),
              "sources": (pilot.path.name, *([found.file] if found else []))}  # fmt: skip
    lacking = []
    if found is not None and not matching(outcome.metric, measured):
        lacking.append(f"the results measure {listed(f'{m!r}' for m in measured)}")
    if of_streams and not matching(outcome.metric, of_streams):
        lacking.append(f"the value rests on {listed(f'{m!r}' for m in dict.fromkeys(of_streams))}")
    if lacking:
        hint = nearest(outcome.metric, [*measured, *of_streams])
        said = f"The outcome names '{outcome.metric}', but {' and '.join(lacking)}."
        yield Finding(state=State.FAIL, sentence=f"{said} {hint[:1].upper()}{hint[1:]}".strip(), **common)
        return
    rests = "is measured in the pilot's results" if found else ""
    rests = " and ".join(filter(None, [rests, "is the one that the value rests on" if of_streams else ""]))
    yield Finding(state=State.PASS, sentence=f"The outcome's metric, '{outcome.metric}', {rests}.", **common)


def span_of(effect: MetricEffect, ends: Interval) -> str:
    """Write the interval of a difference with the metric's unit."""
    if effect.is_share:
        return interval(ends.low, ends.high, points)
    return f"{interval(ends.low, ends.high, number)} {effect.unit}".strip()
