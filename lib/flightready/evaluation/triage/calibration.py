"""Whether the pilot's confidence can be taken at its word, and whether it tells right answers from wrong ones."""

from __future__ import annotations

from math import sqrt

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.shares.clustered import design_effect, wilson_share
from flightready.evaluation.triage.calibration_result import Calibrated, Calibration, Reliability
from flightready.evaluation.triage.reweighting import reweighted
from flightready.evidence import Interval
from flightready.intervals import LEVEL

_TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


def calibration(records: ScoredSample) -> Calibration | None:
    """Return how far confidence is from the share right on either side, or None where neither has confidences."""
    sides = {name: _side(records.side(name), records.pilot.spec.seed, name) for name in ("raw", "curated")}
    return Calibration(**sides) if any(sides.values()) else None


def _side(scored: Scored | None, seed: int, name: str) -> Calibrated | None:
    if scored is None:
        return None
    known = ~np.isnan(scored.confidence)
    if known.sum() < policy.value("least_class_records"):
        return None
    rng = generator(seed, "evaluation", "calibration", name)
    return calibrated(scored.confidence[known], scored.right[known], scored.cluster[known], rng)


def calibrated(confidence: np.ndarray, right: np.ndarray, cluster: np.ndarray, rng: np.random.Generator) -> Calibrated:
    """Return how far stated confidences are from the share right.

    Parameters
    ----------
    confidence : array of float, shape (n,)
        0 to 1, no NaN.
    right : array of bool, shape (n,)
    cluster : array of int, shape (n,)
        Entity of each record; records of one are not independent.
    rng : Generator
        For the intervals of the error and of the AUROC.

    Notes
    -----
    The error is taken over groups of equal size, so it is a lower bound of the error at each single confidence. Chance
    alone makes the plain error large (Kumar et al. 2019, section 4), so what it adds is taken off.

    Source
    ------
    Kumar, Liang and Ma 2019, Verified Uncertainty Calibration (debiased squared error); Efron and Tibshirani 1993,
    section 13.4 (pivotal interval); Hanley and McNeil 1982 (AUROC).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> said = rng.uniform(0.5, 1, 4000)
    >>> found = calibrated(said, rng.random(4000) < said - 0.1, np.arange(4000), rng)
    >>> round(found.gap, 1), bool(abs(found.error - 0.1) < 0.02), found.is_off
    (0.1, True, True)
    """
    from sklearn import metrics  # slow to load

    y = right.astype(float)
    group = _groups(confidence)
    distance = confidence - y
    plain, chance = _squared_error(distance, group, cluster)
    gaps, errors, aurocs = _replicates(distance, group, confidence, y, cluster, rng)
    squared = plain - chance
    # the replicates scatter about the plain error, and carry what chance adds on top of it
    shift = errors - chance - plain
    low, high = (sqrt(max(0.0, squared - float(q))) for q in np.quantile(shift, _TAILS[::-1]))
    is_mixed = 0 < y.sum() < y.size
    return Calibrated(
        n=y.size, mean_confidence=float(confidence.mean()), accuracy=float(y.mean()),
        gap=float(distance.mean()), gap_interval=_ends(gaps), bins=_bins(confidence, y, group, cluster),
        error=sqrt(max(0.0, squared)), error_interval=Interval(low, max(low, high)),
        brier=float(metrics.brier_score_loss(y, confidence, pos_label=1)),
        log_loss=float(metrics.log_loss(y, confidence, labels=[0.0, 1.0])), z=spiegelhalter(confidence, right),
        auroc=float(metrics.roc_auc_score(y, confidence)) if is_mixed else None,
        auroc_interval=_ends(aurocs) if is_mixed else None,
    )  # fmt: skip


def spiegelhalter(confidence: np.ndarray, right: np.ndarray) -> float | None:
    """Return a statistic that is standard normal when every confidence is the chance of being right.

    Parameters
    ----------
    confidence : array of float, shape (n,)
    right : array of bool, shape (n,)

    Returns
    -------
    float or None
        Above 0 when the pilot is too sure of itself; None when every confidence is 0, a half or 1, which the statistic
        cannot judge.

    Source
    ------
    Spiegelhalter 1986, Statistics in Medicine 5:421.

    Examples
    --------
    >>> round(spiegelhalter(np.full(100, 0.9), np.arange(100) < 84), 6)
    2.0
    """
    lean = 1 - 2 * confidence
    variance = float(np.sum(lean**2 * confidence * (1 - confidence)))
    return float(np.sum((right - confidence) * lean) / sqrt(variance)) if variance > 0 else None


def _groups(confidence: np.ndarray) -> np.ndarray:
    """Number of the group of each record; equal confidences are never parted."""
    n = confidence.size
    k = int(np.clip(n // policy.value("least_reliability_records"), 1, policy.value("reliability_bins")))
    edges = np.unique(np.quantile(confidence, np.arange(1, k) / k, method="inverted_cdf"))
    _, group = np.unique(np.searchsorted(edges, confidence, side="left"), return_inverse=True)
    return group


def _squared_error(distance: np.ndarray, group: np.ndarray, cluster: np.ndarray) -> tuple[float, float]:
    """Mean square of the groups' gaps, and how much of it chance adds."""
    size = np.bincount(group)
    gap = np.bincount(group, weights=distance) / size
    off = distance - gap[group]
    _, entity = np.unique(cluster, return_inverse=True)
    pairs, place = np.unique(group * (int(entity.max()) + 1) + entity, return_inverse=True)
    of_group = pairs // (int(entity.max()) + 1)
    entities = np.bincount(of_group)
    squares = np.bincount(of_group, weights=np.bincount(place, weights=off) ** 2)
    variance = squares / size**2 * entities / np.maximum(entities - 1, 1)
    share = size / size.sum()
    return float(share @ gap**2), float(share @ variance)


def _replicates(
    distance: np.ndarray, group: np.ndarray, confidence: np.ndarray, y: np.ndarray, cluster: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Gap, plain squared error and AUROC of other samples that might have been drawn."""
    levels, level = np.unique(confidence, return_inverse=True)
    gaps, errors, aurocs = [], [], []
    for weight in reweighted(cluster, policy.value("calibration_replicates"), rng):
        gaps.append(float((weight * distance).sum() / weight.sum()))  # BLAS threads would only get in each other's way
        size = np.bincount(group, weights=weight)
        gap = np.bincount(group, weights=weight * distance) / size
        errors.append(float(size / size.sum() @ gap**2))
        right = np.bincount(level, weights=weight * y, minlength=levels.size)
        wrong = np.bincount(level, weights=weight * (1 - y), minlength=levels.size)
        below = np.cumsum(wrong) - wrong / 2  # a tie counts as a half
        aurocs.append(float((right * below).sum() / max(right.sum() * wrong.sum(), 1e-300)))
    return np.array(gaps), np.array(errors), np.array(aurocs)


def _ends(replicates: np.ndarray) -> Interval:
    return Interval(*(float(q) for q in np.quantile(replicates, _TAILS)))


def _bins(confidence: np.ndarray, y: np.ndarray, group: np.ndarray, cluster: np.ndarray) -> tuple[Reliability, ...]:
    found = []
    for g in range(int(group.max()) + 1):
        mine = group == g
        right, n = int(y[mine].sum()), int(mine.sum())
        effect = design_effect(y[mine] == 1, cluster[mine])
        share_right, said = Accuracy(right, n, wilson_share(right / n, n / effect), effect), confidence[mine]
        found.append(Reliability(float(said.min()), float(said.max()), float(said.mean()), share_right))
    return tuple(found)
