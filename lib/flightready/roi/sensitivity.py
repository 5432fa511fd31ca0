"""Which inputs move the value, which way, and how much of its spread each explains.

All functions take draws: inputs and the value of shape (replicates, draws), or (n,), which is divided into blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.roi.conditional import in_replicates, regression


@dataclass(frozen=True)
class Swing:
    """How far the mean of the value moves as one input goes from its lowest to its highest bin.

    Parameters
    ----------
    low_to, high_from : float
        Upper end of the lowest bin and lower end of the highest one, in the unit of the input.
    at_low, at_high : float
        Mean of the value in those bins.
    error_low, error_high : float
        Their standard errors over the replicates.
    means : tuple of float
        Mean of the value in each bin, from low to high.
    """

    low_to: float
    high_from: float
    at_low: float
    at_high: float
    error_low: float
    error_high: float
    means: tuple[float, ...]

    @property
    def width(self) -> float:
        """Largest less smallest mean over the bins, so that an input that helps in its middle shows, too."""
        return max(self.means) - min(self.means)


@dataclass(frozen=True)
class Influence:
    """Share of the value's variance that goes with one input.

    Parameters
    ----------
    alone : float or None
        By itself (first order), 0 to 1; None for an input that depends on another: their shares cannot be told apart.
    in_all : float or None
        With everything it acts together with (total).
    error_alone, error_in_all : float
        Standard errors over the replicates.
    rank : float
        Rank correlation with the value, -1 to 1: all that can be said of inputs that depend on one another.
    rank_beside : float
        The same beside all other inputs (partial).
    """

    alone: float | None
    in_all: float | None
    error_alone: float
    error_in_all: float
    rank: float
    rank_beside: float


def tornado(columns: Mapping[str, np.ndarray], value: np.ndarray) -> dict[str, Swing]:
    """Return the mean of the value over bins of each input that varies, the largest swing first.

    Examples
    --------
    >>> x = np.tile(np.linspace(0, 1, 1001)[1:], (16, 1))
    >>> found = tornado({"x": x}, 10 * x)["x"]
    >>> round(found.at_low, 1), round(found.at_high, 1), round(found.low_to, 1)
    (0.5, 9.5, 0.1)
    """
    value = in_replicates(value)
    found = {name: _swing(in_replicates(c), value) for name, c in columns.items() if np.ptp(c) > 0}
    return dict(sorted(found.items(), key=lambda kept: -kept[1].width))


def _swing(column: np.ndarray, value: np.ndarray) -> Swing:
    bins = policy.value("tornado_bins")
    ends = np.unique(np.quantile(column, np.linspace(0, 1, bins + 1)[1:-1]))
    place = np.searchsorted(ends, column, side="left")
    replicates, used = len(value), len(ends) + 1
    cell = (np.arange(replicates)[:, None] * used + place).ravel()
    counts = np.bincount(cell, minlength=replicates * used).reshape(replicates, used)
    sums = np.bincount(cell, value.ravel(), minlength=replicates * used).reshape(replicates, used)
    kept = counts.sum(axis=0) > 0
    counts, sums = counts[:, kept], sums[:, kept]
    means = sums.sum(axis=0) / counts.sum(axis=0)
    others = (sums.sum(axis=0) - sums) / np.maximum(counts.sum(axis=0) - counts, 1)
    errors = np.sqrt((replicates - 1) / replicates * np.sum((others - others.mean(axis=0)) ** 2, axis=0))
    return Swing(
        float(ends[0]), float(ends[-1]), float(means[0]), float(means[-1]), float(errors[0]), float(errors[-1]),
        tuple(float(m) for m in means),
    )  # fmt: skip


def dependent(columns: Mapping[str, np.ndarray]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of inputs that go together, by their rank correlation.

    Examples
    --------
    >>> x = np.random.default_rng(1).normal(size=(2, 4096))
    >>> dependent({"a": x[0], "b": x[0] + x[1], "c": x[1] ** 2})
    (('a', 'b'),)
    """
    names = list(columns)
    if len(names) < 2:
        return ()
    together = np.abs(np.corrcoef([_ranks(columns[n]) for n in names])) > policy.value("tornado_dependent_rank")
    return tuple((names[i], names[j]) for i in range(len(names)) for j in range(i + 1, len(names)) if together[i, j])


def influence(
    columns: Mapping[str, np.ndarray], value: np.ndarray, *, evaluate: Callable[..., np.ndarray] | None = None
) -> dict[str, Influence]:
    """Return what share of the value's variance goes with each input that varies.

    Parameters
    ----------
    columns : mapping of str to array
    value : array
    evaluate : callable, optional
        The model, called with replaced columns by key. With it the shares come from evaluating again (pick and freeze,
        Saltelli et al. 2010 and Jansen 1999); without it the first-order share comes from the draws as they are, by
        regression. Either way only for inputs that depend on no other.

    Examples
    --------
    >>> x = np.random.default_rng(1).normal(size=(2, 16, 1024))
    >>> def evaluate(a=x[0], b=x[1]):
    ...     return 2 * a + b
    >>> found = influence({"a": x[0], "b": x[1]}, evaluate(), evaluate=evaluate)
    >>> round(found["a"].alone, 1), round(found["b"].in_all, 1)
    (0.8, 0.2)
    """
    value = in_replicates(value)
    moving = {name: in_replicates(c) for name, c in columns.items() if np.ptp(c) > 0}
    if not moving or np.ptp(value) == 0:
        return {}
    ranks, beside = _rank_correlations(moving, value)
    bound = {name for pair in dependent(moving) for name in pair}
    free = {name: c for name, c in moving.items() if name not in bound}
    shares = dict.fromkeys(bound, (None, None, 0.0, 0.0))
    if evaluate is None:
        shares |= {name: _from_draws(c, value) for name, c in free.items()}
    else:
        shares |= _pick_and_freeze(free, value, evaluate)
    return {name: Influence(*shares[name], ranks[i], beside[i]) for i, name in enumerate(moving)}


def _from_draws(column: np.ndarray, value: np.ndarray) -> tuple[float, None, float, float]:
    fit, flat = regression([column]), value.reshape(-1, 1)
    free = (flat.size - 1) / max(1, flat.size - fit.basis.shape[1])
    spread = np.var(flat)
    explained = 1 - free * np.var(flat - fit.fitted(flat)) / spread
    left = np.var(fit.left_out(flat)[..., 0], axis=0) / spread
    return max(0.0, float(explained)), None, _jackknife(left), 0.0


def _pick_and_freeze(
    columns: Mapping[str, np.ndarray], value: np.ndarray, evaluate: Callable[..., np.ndarray]
) -> dict[str, tuple[float, float, float, float]]:
    """Every replicate borrows its second sample from the next one, which is independent of it."""
    other = np.roll(value, -1, axis=0)
    centre, variance = value.mean(), value.var(axis=1)
    found = {}
    for name, column in columns.items():
        mixed = evaluate(**{name: np.roll(column, -1, axis=0)})  # only this input is the second sample's
        alone = np.mean((other - centre) * (mixed - value), axis=1)
        in_all = np.mean((mixed - value) ** 2, axis=1) / 2
        found[name] = (
            float(alone.mean() / variance.mean()), float(in_all.mean() / variance.mean()),
            _jackknife(_ratio(alone, variance)), _jackknife(_ratio(in_all, variance)),
        )  # fmt: skip
    return found


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Ratio of means without each replicate."""
    return (part.sum() - part) / (whole.sum() - whole)


def _rank_correlations(columns: Mapping[str, np.ndarray], value: np.ndarray) -> tuple[list[float], list[float]]:
    """Spearman's correlation of each input with the value, alone and beside the others."""
    together = np.corrcoef([_ranks(c) for c in (*columns.values(), value)])
    inverse = np.linalg.pinv(together)
    size = np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    beside = -(inverse / np.where(size > 0, size, 1.0))[-1, :-1]
    return [float(r) for r in together[-1, :-1]], [float(np.clip(r, -1, 1)) for r in beside]


def _ranks(draws: np.ndarray) -> np.ndarray:
    """Ranks of the draws, ties at their middle."""
    _, place, counts = np.unique(draws, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[np.ravel(place)]


def _jackknife(without: np.ndarray) -> float:
    return float(np.sqrt((without.size - 1) / without.size * np.sum((without - without.mean()) ** 2)))
