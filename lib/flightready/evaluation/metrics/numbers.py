"""Metrics of numbers: how far they are off in general, to which side, and for which sizes; and of ratings."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.assessment.evaluation import Rating
from flightready.evaluation.metrics.result import Metric, RatingBin, SizeBin
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.clustered import design_effect, percentiles, resampled, wilson_share
from flightready.evaluation.tasks.regression import SAID, TRUE
from flightready.evaluation.tasks.scored import RATING
from flightready.evidence import Interval

UNIT = "unit of the answers"
_BINS_OF_RATINGS = 4  # on a scale from 1 to 5 one bin a step


def number_metrics(scored: Scored) -> tuple[Metric, ...]:
    """Return mean and median absolute error and bias of one side, over the answers that are numbers."""
    from sklearn import metrics

    true, said, cluster = _numbers(scored)
    if not len(true):
        return ()
    error = said - true
    mean = float(metrics.mean_absolute_error(true, said))
    middle = float(metrics.median_absolute_error(true, said))
    absolute, bias = mean_intervals(
        np.column_stack([np.abs(error), error]), cluster, rng=scored.generator("number_metrics")
    )
    told = "interval by drawing records anew"
    return (
        Metric("mean absolute error", UNIT, mean, absolute, len(true), f"how far off on average; {told}"),
        Metric("median absolute error", UNIT, middle, median_interval(np.abs(error), cluster), len(true),
               "half of the answers are nearer than this; interval from the order of the errors"),
        Metric("bias", UNIT, float(error.mean()), bias, len(true), f"mean of answer minus true number; {told}"),
    )  # fmt: skip


def mean_intervals(values: np.ndarray, cluster: np.ndarray, *, rng: np.random.Generator) -> list[Interval]:
    """Return the 90 % interval of the mean of each column of values, shape (n, q)."""
    n, q = values.shape
    if n == 1:
        return [Interval(None, None)] * q
    totals = resampled(np.column_stack([values, np.ones(n)]), cluster, rng=rng)
    return [percentiles(totals[:, i] / totals[:, q], cluster, value=float(values[:, i].mean())) for i in range(q)]


def median_interval(values: np.ndarray, cluster: np.ndarray) -> Interval:
    """Return the 90 % interval of the median of some values, shape (n,): quantiles at the ends of a half's interval.

    Source
    ------
    Woodruff 1952 (Journal of the American Statistical Association 47:635); with the effective sample size.
    """
    n, ordered = len(values), np.sort(values)
    effect = design_effect(values <= np.median(values), cluster)
    ends = wilson_share(0.5, n / effect)
    low, high = int(np.floor(n * ends.low)) - 1, int(np.ceil(n * ends.high))
    return Interval(float(ordered[low]) if low >= 0 else None, float(ordered[high]) if high < n else None)


def sizes(scored: Scored, edges: np.ndarray) -> tuple[SizeBin, ...]:
    """Return the bias by size of the true number; bins with too few records are left out.

    Parameters
    ----------
    scored : Scored
    edges : array of float, shape (bins - 1,)
        Rising ends between the bins.
    """
    true, said, cluster = _numbers(scored)
    place = np.searchsorted(edges, true, side="right")
    ends = [None, *map(float, edges), None]
    found = []
    for i in range(len(edges) + 1):
        mine = place == i
        if mine.sum() < policy.value("least_class_records"):
            continue
        error = (said - true)[mine]
        rng = scored.generator("sizes", str(i))
        interval = mean_intervals(error[:, None], cluster[mine], rng=rng)[0]
        found.append(SizeBin(ends[i], ends[i + 1], int(mine.sum()), float(error.mean()), interval))
    return tuple(found)


def size_edges(sides: list[Scored]) -> np.ndarray:
    """Return the ends between bins of true numbers, equally full over all sides and rounded to two digits."""
    true = np.concatenate([_numbers(s)[0] for s in sides])
    bins = policy.value("sizes_of_numbers")
    if not len(true):
        return np.empty(0)
    quantiles = np.quantile(true, np.arange(1, bins) / bins)
    return np.unique([float(f"{q:.2g}") for q in quantiles])


def rating_metrics(scored: Scored) -> tuple[Metric, ...]:
    """Return the mean rating of one side, and of each rater or criterion where there are several."""
    ratings = scored.measured[RATING]
    interval = mean_intervals(ratings[:, None], scored.cluster, rng=scored.generator("rating_metrics"))[0]
    told = "mean over records of the mean of their ratings; interval by drawing records anew"
    found = [Metric("mean rating", "rating", float(ratings.mean()), interval, len(ratings), told)]
    columns = [name for name in scored.measured if name != RATING]
    for name in columns if len(columns) > 1 else ():
        known = ~np.isnan(scored.measured[name])
        if not known.any():
            continue
        own = scored.measured[name][known]
        ends = mean_intervals(own[:, None], scored.cluster[known], rng=scored.generator("rating_metrics", name))[0]
        found.append(Metric("mean rating", "rating", float(own.mean()), ends, len(own),
                            "mean of this column of ratings", name.removeprefix(f"{RATING}: ")))  # fmt: skip
    return tuple(found)


def rating_bins(scored: Scored, scale: Rating) -> tuple[RatingBin, ...]:
    """Return how many records have which mean rating: one bin a step of a short scale of whole numbers, else four."""
    width, is_whole = scale.high - scale.low, float(scale.high - scale.low).is_integer()
    steps = int(width) if is_whole and width <= 2 * _BINS_OF_RATINGS + 2 else _BINS_OF_RATINGS
    edges = np.linspace(scale.low, scale.high, steps + 1)
    counts, _ = np.histogram(scored.measured[RATING], bins=edges)
    return tuple(RatingBin(float(a), float(b), int(n)) for a, b, n in zip(edges, edges[1:], counts, strict=False))


def _numbers(scored: Scored) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True numbers, the pilot's, and groups, of the records whose answer is a number."""
    true, said = scored.measured[TRUE], scored.measured[SAID]
    known = ~(np.isnan(true) | np.isnan(said))
    return true[known], said[known], scored.cluster[known]
