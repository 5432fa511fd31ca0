"""How long the planned comparison takes until it shows the effect, and how many cases it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Finding, Grade, Interval, State, judge_at_most
from flightready.intervals import LEVEL
from flightready.quantity import DAYS_PER_MONTH
from flightready.roi.effects import equally_likely
from flightready.roi.pilot_effects import BEFORE_AFTER, REPLICATES, SIDE_BY_SIDE, PilotEffects
from flightready.traffic.adoption import Ramp
from flightready.traffic.demand import Demand
from flightready.wording import count, in_hundred, interval, number, rounded, share

_NEVER = np.inf
_LEAST_SHARE = 1e-6  # a planned arm of nobody, or of all, is no comparison


@dataclass(frozen=True)
class Detection:
    """When the planned comparison shows the effect.

    Parameters
    ----------
    design : str
    treated_share : float
        Of the cases, in a comparison side by side; half where they follow one another.
    effect, spread : Summary
        The change as a share of today's value; standard deviation of one case over its mean.
    effect_from, spread_from, share_from : str
        Where they come from: `comparison`, `results`, `outcome` or `policy`; empty where nobody stated the share.
    power : float
    cases : Summary or None
        Cases needed in both arms together; None where the effect may be nothing in most draws.
    days : Summary or None
        Days after the launch until that many have come, at least the whole weeks that any comparison needs; None where
        no load is planned, or most draws never get there.
    never : float
        Share of draws in which the horizon does not hold enough cases.
    chance_in_time : float or None
        Share of draws in which it is shown within the days of the executive list.
    in_time_days, least_days : int
    """

    design: str
    treated_share: float
    effect: Summary
    spread: Summary
    effect_from: str
    spread_from: str
    share_from: str
    power: float
    cases: Summary | None
    days: Summary | None
    never: float
    chance_in_time: float | None
    in_time_days: int
    least_days: int


def cases_needed(
    effect: np.ndarray, spread: np.ndarray, *, power: float, treated_share: float, level: float = LEVEL
) -> np.ndarray:
    """Return the cases in both arms together that show an effect, as floats; infinite where there is none.

    Parameters
    ----------
    effect : array
        Change of the mean as a share of it; its sign does not matter.
    spread : array
        Standard deviation of one case over the mean, the same in both arms.
    power : float
        Chance that the 90 % interval of the difference leaves out zero: a two-sided test at 10 %.
    treated_share : float
        Share of the cases in the treated arm, above 0 and below 1.

    Source
    ------
    Lehr 1992; Chow, Shao and Wang 2008, Sample Size Calculations in Clinical Research, eq. 3.2.1 (unequal arms).

    Examples
    --------
    >>> float(cases_needed(np.array(0.1), np.array(1.0), power=0.8, treated_share=0.5).round())
    2473.0
    """
    z = special.ndtri(0.5 + level / 2) + special.ndtri(power)
    with np.errstate(divide="ignore"):
        return z**2 * np.square(spread) / (np.square(effect) * treated_share * (1 - treated_share))


def days_until(cases: np.ndarray, needed: np.ndarray) -> np.ndarray:
    """Return the days until so many cases have come, shape (...); infinite where the months do not hold them.

    Parameters
    ----------
    cases : array of shape (..., months)
        Cases of each month after the launch, evenly within it.
    needed : array of shape (...)

    Examples
    --------
    >>> days_until(np.array([[100.0, 300.0]]), np.array([250.0])) / DAYS_PER_MONTH
    array([1.5])
    """
    total = np.cumsum(cases, axis=-1)
    wanted = np.asarray(needed, dtype=float)[..., None]
    whole = np.sum(total < wanted, axis=-1)
    there = whole < cases.shape[-1]
    at = np.minimum(whole, cases.shape[-1] - 1)[..., None]
    before = np.take_along_axis(total - cases, at, axis=-1)
    of_month = np.take_along_axis(cases, at, axis=-1)
    part = np.divide(wanted - before, of_month, out=np.zeros_like(before), where=of_month > 0)[..., 0]
    return np.where(there, (whole + np.clip(part, 0, 1)) * DAYS_PER_MONTH, _NEVER)


def detection(
    pilot: Pilot, joint: JointSample, demand: Demand | None, results: PilotEffects | None,
    columns: Mapping[str, np.ndarray],
) -> Detection | None:  # fmt: skip
    """Return when the planned comparison shows the effect; None where nothing says what to look for."""
    planned = pilot.spec.roi.comparison
    effect, effect_from = _effect(pilot, joint, results)
    if effect is None:
        return None
    spread, spread_from = _spread(pilot, joint, results)
    treated = 0.5 if planned.treated_share is None or planned.design == BEFORE_AFTER else planned.treated_share.median
    treated = min(max(treated, _LEAST_SHARE), 1 - _LEAST_SHARE)
    power, in_time, least = (policy.value(k) for k in ("power_of_detection", "early_days", "least_days_of_comparison"))
    cases = cases_needed(effect, spread, power=power, treated_share=treated)
    # after a launch for all every case is treated, and as many from before it are there already
    arriving = cases / 2 if planned.design == BEFORE_AFTER else cases
    days = None
    if demand is not None:
        arrived = after_launch(pilot, demand, columns)
        days = np.maximum(days_until(arrived, arriving), least)
    return Detection(
        design=planned.design, treated_share=treated, effect=summarise(effect), spread=summarise(spread),
        effect_from=effect_from, spread_from=spread_from, power=power,
        share_from="comparison" if planned.treated_share else "", cases=_finite(cases),
        days=None if days is None else _finite(days),
        never=0.0 if days is None else float(np.mean(~np.isfinite(days))),
        chance_in_time=None if days is None else float(np.mean(days <= in_time)), in_time_days=in_time,
        least_days=least,
    )  # fmt: skip


def after_launch(pilot: Pilot, demand: Demand, columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the cases that use it in each month after a launch today, shape (replicates, draws, months).

    One year is looked ahead: what no comparison shows in a year, none shows.
    """
    ramp, adoption = columns.get("ramp"), columns.get("adoption")
    used = demand if ramp is None else replace(demand, curve=Ramp(np.asarray(ramp, dtype=float)))
    cases = used.requests_in_months(MONTHS_PER_YEAR)
    return cases if adoption is None else cases * np.asarray(adoption, dtype=float)[..., None]


def _effect(pilot: Pilot, joint: JointSample, results: PilotEffects | None) -> tuple[np.ndarray | None, str]:
    """The change as a share of today's value: as planned for the comparison, as measured, or as the outcome hopes."""
    stated, outcome = pilot.spec.roi.comparison.effect, pilot.spec.outcome
    if stated is not None:
        return joint.column("roi.comparison.effect", stated), "comparison"
    if results is not None and results.deciding.whole.relative_interval is not None:
        whole = results.deciding.whole
        if whole.relative_interval.high is not None:
            drawn = equally_likely(whole.relative, whole.relative_interval, REPLICATES)
            return joint.measured("roi.results.effect", drawn), "results"
    if outcome is not None and outcome.baseline is not None and outcome.target is not None:
        baseline, target = outcome.baseline.median, outcome.target.median
        if baseline > 0 and baseline != target:
            return np.full((joint.replicates, joint.draws), target / baseline - 1), "outcome"
    return None, ""


def _spread(pilot: Pilot, joint: JointSample, results: PilotEffects | None) -> tuple[np.ndarray, str]:
    stated = pilot.spec.roi.comparison.spread
    if stated is not None:
        return joint.column("roi.comparison.spread", stated), "comparison"
    if results is not None and results.deciding.spread is not None:
        return np.full((joint.replicates, joint.draws), results.deciding.spread), "results"
    assumed = policy.quantity("default_case_spread", "number above zero")
    return joint.column("roi.comparison.spread", assumed), "policy"


def _finite(draws: np.ndarray) -> Summary | None:
    """Summary of draws of which some may be infinite; None where its middle or an end is."""
    ends = np.quantile(draws, [0.05, 0.5, 0.95], method="inverted_cdf")
    if not np.isfinite(ends[1]):
        return None
    medians = np.median(draws, axis=-1)
    finite = medians[np.isfinite(medians)]
    error = float(finite.std(ddof=1) / np.sqrt(finite.size)) if finite.size > 1 else 0.0
    return Summary(float(np.mean(draws)), *(float(ends[i]) for i in (1, 0, 2)), error)


def finding(d: Detection | None, demand: Demand | None, results: PilotEffects | None) -> Finding:
    """Return the finding for E10: the return can be measured within 90 days of the launch."""
    in_time = policy.value("early_days")
    common = {"id": "roi.detectable", "title": "Return measurable in time", "rule": "early_days", "unit": "days",
              "threshold": float(in_time), "questions": ("E10",), "gaps": ("G4",)}  # fmt: skip
    if d is None or d.chance_in_time is None:
        lacks = "the change to look for" if d is None else "the planned load"
        key = "outcome.baseline and outcome.target, or roi.comparison.effect" if d is None else "workload.users_per_day"
        return Finding(state=State.UNKNOWN, grade=Grade.ASSUMED, decides=key, **common,
                       sentence=f"How long until the return shows cannot be told without {lacks}.")  # fmt: skip
    grade = _grade(d, demand, results)
    sources = (results.file,) if results is not None and "results" in (d.effect_from, d.spread_from) else ()
    common |= {"grade": grade, "sources": sources, "n": results.deciding.n if sources else None}
    if d.days is None:
        return Finding(state=State.FAIL if d.chance_in_time < (1 - LEVEL) / 2 else State.UNKNOWN,
                       sentence=f"{_design(d)} does not show a change of {share(abs(d.effect.median))} within a year "
                                f"in {in_hundred(d.never)} of 100 draws.",
                       decides="A larger effect, more cases, or a metric that differs less from case to case",
                       **common)  # fmt: skip
    ends = Interval(d.days.low, d.days.high if np.isfinite(d.days.high) else None)
    state = judge_at_most(ends, in_time)
    said = days_sentence(d)
    if state is State.PASS and grade is not Grade.MEASURED:
        return Finding(state=State.UNKNOWN, value=d.days.median, interval=ends, **common,
                       sentence=f"{said} That rests on {'assumptions' if grade is Grade.ASSUMED else 'estimates'}.",
                       decides="The pilot's results with n, value and sd for both arms (pilot_results)")  # fmt: skip
    return Finding(state=state, value=d.days.median, interval=ends, sentence=said,
                   decides="" if state is not State.UNKNOWN else "A larger share in the treated arm, or more cases",
                   **common)  # fmt: skip


def days_sentence(d: Detection) -> str:
    """Return how long the planned comparison takes, and with how many cases."""
    days = f"{number(round(d.days.median))} days"
    ends = [round(d.days.low), round(d.days.high) if np.isfinite(d.days.high) else None]
    span = interval(ends[0], ends[1], lambda x: f"{x:,.0f}")
    least = (
        f" So many come sooner, but a comparison takes {count(d.least_days, 'day')} at least, so that every weekday "
        "counts twice."
        if d.days.high <= d.least_days
        else ""
    )
    within = "" if ends[0] == ends[1] else f" (nine times in ten {span})"
    return (
        f"{_design(d)} shows a change of {share(abs(d.effect.median))} {days} after the launch{within}, with about "
        f"{rounded(d.cases.median)} cases and {in_hundred(d.power)} chances in 100 to see it.{least}"
    )


def _design(d: Detection) -> str:
    if d.design == SIDE_BY_SIDE:
        return f"A comparison side by side, {share(d.treated_share)} of the cases with it,"
    return "A comparison of before and after, which is weaker because other things change as well,"


def _grade(d: Detection, demand: Demand | None, results: PilotEffects | None) -> Grade:
    """Measured where the pilot showed effect and spread and the load is stated, as for the cost at scale."""
    if d.spread_from == "policy" or (demand is not None and demand.grade is Grade.ASSUMED):
        return Grade.ASSUMED
    from_results = "results" in (d.effect_from, d.spread_from) and d.effect_from != "outcome"
    is_sound = results is not None and results.design == SIDE_BY_SIDE and not results.is_split_odd
    return Grade.MEASURED if from_results and is_sound else Grade.ESTIMATED
