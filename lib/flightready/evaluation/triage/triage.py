"""Which answers to use and which to give to people: a threshold on the confidence, its quality, load and cost."""

from __future__ import annotations

import numpy as np
from scipy import special

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.budget.priced import ErrorCost
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import NO_ANSWER, Scored
from flightready.evaluation.shares.clustered import is_grouped
from flightready.evaluation.shares.worth import effective_n
from flightready.evaluation.triage.result import Triage
from flightready.evaluation.triage.reweighting import reweighted
from flightready.evidence import Interval
from flightready.intervals import LEVEL
from flightready.quantity import DAYS_PER_MONTH

_ROUNDING = 1e-12  # a floor of 85 % parsed from text is 0.85 but for the last bit


def triage(records: ScoredSample, priced: ErrorCost | None) -> Triage | None:
    """Return what each threshold on the confidence gives on raw records, or None without confidences.

    Parameters
    ----------
    records : ScoredSample
    priced : ErrorCost, optional
        What errors cost; without it there is no cost of a threshold.
    """
    scored, spec = records.raw, records.pilot.spec
    if scored is None:
        return None
    confidence = sure(scored)
    if (~np.isnan(confidence)).sum() < policy.value("least_class_records"):
        return None
    stated = spec.evaluation.review
    in_force = None if stated.threshold is None else stated.threshold.median
    thresholds = _thresholds(confidence, in_force)
    kept, right, worth = _curve(confidence, scored, thresholds)
    demanded = spec.evaluation.floor.accuracy
    floor = None if demanded is None else demanded.range90[1]
    rng = generator(spec.seed, "evaluation", "triage")
    reviewed, errors = _replicates(confidence, scored, thresholds, rng)
    cost, is_assumed = _review_cost(records)
    return Triage(
        n=len(scored), unsure=int(np.isnan(confidence).sum()), right_of_all=int(scored.right.sum()),
        thresholds=thresholds, kept=kept, right=right,
        worth=worth, reviewed_replicates=reviewed, wrong_replicates=errors, floor=floor,
        proposed=None if floor is None else proposed(thresholds, kept, right, worth, floor=floor), in_force=in_force,
        requests_per_day=_load(records.requests_per_month),
        capacity_per_day=None if stated.capacity_per_day is None else Interval(*stated.capacity_per_day.range90),
        reviewer_accuracy=policy.value("reviewer_accuracy"), error_cost=None if priced is None else priced.of_one,
        review_cost=cost, review_cost_is_assumed=is_assumed, currency=spec.currency,
        design_effect=scored.accuracy.design_effect,
    )  # fmt: skip


def sure(scored: Scored) -> np.ndarray:
    """Return the confidence of each record, shape (n,); NaN where there is none, or no answer at all."""
    return np.where((scored.predicted == NO_ANSWER).to_numpy(dtype=bool), np.nan, scored.confidence)


def proposed(
    thresholds: np.ndarray, kept: np.ndarray, right: np.ndarray, worth: np.ndarray, *, floor: float,
    level: float = LEVEL,
) -> float | None:  # fmt: skip
    """Return the lowest threshold whose kept answers reach the floor, or None when none is shown to.

    With probability `level` the answers kept by the returned threshold reach the floor, although it was chosen on the
    same records: thresholds are tested from strict to loose, from several starts, and each run stops at its first
    failure.

    Parameters
    ----------
    thresholds : array of float, shape (g,)
        Rising.
    kept, right : array of int, shape (g,)
        Answers at or above each threshold, and the right ones among them.
    worth : array of float, shape (g,)
        Independent records that the kept ones are worth.
    floor : float
        0 to 1.
    level : float
        Chance that the choice holds.

    Source
    ------
    Angelopoulos, Bates, Candes, Jordan and Lei 2021, Learn then Test, section 4.2 (fixed-sequence testing, the budget
    shared by several starts); Geifman and El-Yaniv 2017 (exact binomial tail of the risk of kept answers); Korn and
    Graubard 1998 (worth of clustered records).

    Examples
    --------
    >>> kept = np.array([400, 300, 200, 100, 0])
    >>> right = np.array([320, 282, 196, 99, 0])
    >>> proposed(np.array([0.0, 0.6, 0.7, 0.8, 1.0]), kept, right, kept.astype(float), floor=0.9)
    0.6
    """
    starts = policy.value("triage_starts")
    share = np.divide(right, kept, out=np.zeros(len(kept)), where=kept > 0)
    # chance of so many right answers or more if the kept ones were just below the floor
    missed = _at_least(share * worth, worth, min(floor, 1.0) - _ROUNDING)
    passes = (missed <= (1 - level) / starts) & (kept > 0)
    enough = np.flatnonzero(_at_least(worth, worth, min(floor, 1.0) - _ROUNDING) <= (1 - level) / starts)
    if not enough.size:
        return None
    lowest = None
    # where a run starts depends on confidences only, never on what is right
    for start in np.unique(np.linspace(0, enough.size - 1, starts).round().astype(int)):
        at = enough[start]
        while at >= 0 and passes[at]:
            lowest = at if lowest is None else min(lowest, at)
            at -= 1
    return None if lowest is None else float(thresholds[lowest])


def review_replicates(found: Triage, threshold: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return equally likely shares of answers that go to people, and of right answers among the others.

    Parameters
    ----------
    found : Triage
    threshold : float
        One of `found.thresholds`.
    rng : Generator

    Returns
    -------
    reviewed, right : array of float, shape (m,)
        In the order of the accuracy over all records that they come with, so that the place of an accuracy among its
        equally likely values picks the shares that belong to it.

    Source
    ------
    Rubin 1981, The Bayesian Bootstrap (Dirichlet over the four kinds of records; a quarter of a record is added to
    each, so that the accuracy over all of them has its Jeffreys distribution).
    """
    at = int(np.searchsorted(found.thresholds, threshold))
    kept, right = int(found.kept[at]), int(found.right[at])
    given_away = found.right_of_all - right
    counts = np.array([right, kept - right, given_away, found.n - kept - given_away], dtype=float)
    worth = 1 / found.design_effect
    prior = 0.5 / 2  # both kinds of right records together carry the Jeffreys half of one
    drawn = rng.dirichlet(counts * worth + prior, size=policy.value("accuracy_replicates"))
    drawn = drawn[np.argsort(drawn[:, 0] + drawn[:, 2], kind="stable")]
    automated = drawn[:, 0] + drawn[:, 1]
    return 1 - automated, drawn[:, 0] / automated


def _thresholds(confidence: np.ndarray, in_force: float | None) -> np.ndarray:
    """Thresholds that keep all, none, and about evenly spaced shares of the answers."""
    known = confidence[~np.isnan(confidence)]
    shares = np.arange(1, policy.value("triage_points")) / policy.value("triage_points")
    # six decimals, so that a rule that was copied keeps exactly what was counted here
    found = np.quantile(known, shares, method="inverted_cdf").round(6)
    above_all = np.nextafter(1.0, 2.0)
    stated = [] if in_force is None else [in_force]
    return np.unique(np.concatenate([[0.0], found, stated, [above_all]]))


def _curve(confidence: np.ndarray, scored: Scored, thresholds: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Answers kept at each threshold, right ones among them, and independent records that they are worth."""
    place = _place(confidence, thresholds)
    kept, right = (_from_above(place, v, thresholds.size) for v in (np.ones(len(scored)), scored.right.astype(float)))
    worth = kept.copy()
    if is_grouped(scored.cluster):
        for at in np.flatnonzero(kept > 0):
            mine = place >= at
            worth[at] = effective_n(scored.right[mine], scored.cluster[mine])
    return kept.astype(int), right.astype(int), worth


def _place(confidence: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Place of the highest threshold that keeps each record; -1 for one that always goes to people."""
    return np.where(np.isnan(confidence), -1, np.searchsorted(thresholds, confidence, side="right") - 1)


def _from_above(place: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Sum of the values kept at each threshold."""
    is_kept = place >= 0
    return np.cumsum(np.bincount(place[is_kept], weights=values[is_kept], minlength=size)[::-1])[::-1]


def _replicates(
    confidence: np.ndarray, scored: Scored, thresholds: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    place, n, g = _place(confidence, thresholds), len(scored), thresholds.size
    reviewed, wrong = [], []
    for weight in reweighted(scored.cluster, policy.value("triage_replicates"), rng):
        reviewed.append(1 - _from_above(place, weight, g) / n)
        wrong.append(_from_above(place, weight * ~scored.right, g) / n)
    return np.clip(reviewed, 0.0, 1.0), np.array(wrong)


def _at_least(right: np.ndarray, n: np.ndarray, share: float) -> np.ndarray:
    """Chance of so many right answers or more in n, when each is right with the chance `share`."""
    with np.errstate(invalid="ignore"):
        tail = special.betainc(np.maximum(right, _ROUNDING), n - right + 1, share)
    return np.where(right > 0, tail, 1.0)


def _load(requests_per_month: np.ndarray | None) -> np.ndarray | None:
    if requests_per_month is None:
        return None
    size = policy.value("triage_load_quantiles")
    return np.quantile(requests_per_month, (np.arange(size) + 0.5) / size) / DAYS_PER_MONTH


def _review_cost(records: ScoredSample) -> tuple[float, bool]:
    """Cost of one review, as stated or from minutes and wage, and whether the policy stands in for it."""
    spec = records.pilot.spec
    review = spec.evaluation.review
    if review.cost is not None:
        return review.cost.median, False
    usd = policy.quantity("default_wage_usd_per_hour", "ratio").median / float(
        policy.value("usd_per_unit")[spec.currency]
    )
    hourly = usd if review.wage is None else review.wage.median
    minutes = policy.quantity("default_review_minutes", "ratio").median
    time_s = 60 * minutes if review.time is None else review.time.median
    return time_s * hourly / 3600, review.wage is None or review.time is None
