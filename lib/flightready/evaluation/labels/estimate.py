"""Raw accuracy without labels, from what the pilot says of its own answers: an estimate that never passes a rule.

It holds if the pilot is as honest about raw records as about the demo set: among answers of one confidence, as many are
right on raw records as in the demo. Broken or new kinds of records are exactly where that tends to fail.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.labels.result import Estimate, RawEstimate
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import read_confidence
from flightready.evidence import Interval

_STEPS = 25  # of Newton's method; it settles in fewer than ten


def raw_estimate(records: ScoredSample) -> RawEstimate | None:
    """Return raw accuracy as the pilot's confidence suggests it; None without enough confidences on either side.

    Source
    ------
    Guillory et al. 2021 (difference of confidences); Garg et al. 2022 (average thresholded confidence); Platt 1999
    (a logistic curve from confidence to right answers, with smoothed targets).
    """
    demo, raw = records.curated, _raw_confidence(records)
    if demo is None:
        return None
    known = ~np.isnan(demo.confidence)
    said, right = demo.confidence[known], demo.right[known]
    least = policy.value("least_estimate_records")
    if min(len(said), len(raw)) < least or len(np.unique(said)) < 2:
        return None
    rng = generator(records.inspection.seed, "evaluation", "estimate")
    found = estimated(said, right, raw, rng=rng)
    if records.raw is None or not len(records.raw.right):
        return found
    return _beside(found, records.raw.accuracy.share, records.raw.accuracy.interval)


def estimated(said: np.ndarray, right: np.ndarray, raw: np.ndarray, *, rng: np.random.Generator) -> RawEstimate:
    """Return the estimates from demo confidences, which of those answers are right, and raw confidences.

    Parameters
    ----------
    said : array, shape (demo,)
        0 to 1.
    right : array of bool, shape (demo,)
    raw : array, shape (raw,)
        0 to 1.
    rng : Generator
    """
    grid = policy.value("confidence_grid")
    levels, places = np.unique(np.round(np.concatenate([said, raw]) / grid), return_inverse=True)
    levels, k = np.clip(levels * grid, 0.0, 1.0), len(levels)
    demo_at, raw_at = places[: len(said)], places[len(said) :]
    right_counts = np.bincount(demo_at[right], minlength=k)
    wrong_counts = np.bincount(demo_at[~right], minlength=k)
    raw_counts = np.bincount(raw_at, minlength=k)
    size = policy.value("estimate_replicates")
    demo_draws = rng.multinomial(len(said), np.concatenate([right_counts, wrong_counts]) / len(said), size=size)
    raw_draws = rng.multinomial(len(raw), raw_counts / len(raw), size=size)
    rights = np.vstack([right_counts, demo_draws[:, :k]]).astype(float)
    wrongs = np.vstack([wrong_counts, demo_draws[:, k:]]).astype(float)
    raws = np.vstack([raw_counts, raw_draws]).astype(float)
    share = rights.sum(axis=1) / len(said)
    means = [(weights @ levels) / weights.sum(axis=1) for weights in (rights + wrongs, raws)]
    return RawEstimate(
        len(raw), len(said), _summed(_calibrated(levels, rights, wrongs, raws)),
        _summed(np.clip(share - (means[0] - means[1]), 0.0, 1.0)), _summed(_thresholded(rights, wrongs, raws)),
        float(means[1][0]), float(means[0][0]), float(share[0]),
    )  # fmt: skip


def _summed(found: np.ndarray) -> Estimate:
    """The first is the estimate, the others are its replicates."""
    low, high = np.quantile(found[1:], [0.05, 0.95])
    return Estimate(float(found[0]), Interval(float(low), float(high)))


def _calibrated(levels: np.ndarray, rights: np.ndarray, wrongs: np.ndarray, raws: np.ndarray) -> np.ndarray:
    """Mean over raw records of the share of right answers at their confidence, shape (replicates,)."""
    grid = policy.value("confidence_grid")
    x = special.logit(np.clip(levels, grid / 2, 1 - grid / 2))
    # smoothed targets (Platt 1999) keep the curve finite where every demo answer is right
    n_right, n_wrong = rights.sum(axis=1, keepdims=True), wrongs.sum(axis=1, keepdims=True)
    weights = rights + wrongs
    hits = rights * (n_right + 1) / (n_right + 2) + wrongs / (n_wrong + 2)
    level, slope = special.logit(hits.sum(axis=1) / weights.sum(axis=1)), np.zeros(len(rights))
    centre = (weights @ x) / weights.sum(axis=1)
    for _ in range(_STEPS):
        at = x[None, :] - centre[:, None]
        p = special.expit(level[:, None] + slope[:, None] * at)
        spread = weights * p * (1 - p)
        miss = hits - weights * p
        g0, g1 = miss.sum(axis=1), (miss * at).sum(axis=1)
        h00, h01, h11 = spread.sum(axis=1), (spread * at).sum(axis=1), (spread * at * at).sum(axis=1)
        det = np.maximum(h00 * h11 - h01 * h01, 1e-12)
        step0, step1 = (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det
        level, slope = level + np.clip(step0, -2, 2), slope + np.clip(step1, -2, 2)
        if max(np.abs(step0).max(), np.abs(step1).max()) < 1e-9:
            break
    p = special.expit(level[:, None] + slope[:, None] * (x[None, :] - centre[:, None]))
    return (raws * p).sum(axis=1) / raws.sum(axis=1)


def _thresholded(rights: np.ndarray, wrongs: np.ndarray, raws: np.ndarray) -> np.ndarray:
    """Share of raw records above the confidence below which as many demo records lie as are wrong; ties are shared."""
    demo = rights + wrongs
    below = np.cumsum(demo, axis=1)
    wanted = wrongs.sum(axis=1)
    at = (below < wanted[:, None]).sum(axis=1)
    row = np.arange(len(at))
    at = np.minimum(at, demo.shape[1] - 1)
    inside = demo[row, at]
    part = np.where(inside > 0, (wanted - (below[row, at] - inside)) / np.maximum(inside, 1), 0.0)
    under = np.cumsum(raws, axis=1)[row, at] - raws[row, at] * (1 - part)
    return 1 - under / raws.sum(axis=1)


def _raw_confidence(records: ScoredSample) -> np.ndarray:
    """Confidence of each different raw record that has one."""
    side = records.inspection.sample.raw
    if side is None:
        return np.empty(0)
    values = read_confidence(side, records.inspection.sample.columns)[~side.is_copy]
    return values[~np.isnan(values)]


def _beside(found: RawEstimate, measured: float, interval: Interval) -> RawEstimate:
    """The estimate beside what labels say; the two errors are taken as independent (Newcombe's square-and-add)."""
    mine = found.calibrated
    off = mine.value - measured
    low = off - np.hypot(mine.value - mine.interval.low, interval.high - measured)
    high = off + np.hypot(mine.interval.high - mine.value, measured - interval.low)
    return replace(found, measured=measured, off_by=off, off_interval=Interval(float(low), float(high)))
