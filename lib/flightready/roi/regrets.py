"""What each other choice brings beside the one taken now, and what a regression finds of it: worth, error, noise."""

from __future__ import annotations

import numpy as np
from scipy import special

from flightready import policy
from flightready.roi.conditional import Regression, in_replicates


def regrets(value: np.ndarray) -> np.ndarray:
    """What each other choice brings beside the one that is best on average, shape (n, choices - 1)."""
    ways = in_replicates(value)
    draws = ways.shape[-2] * ways.shape[-1]
    choices = np.concatenate([np.zeros((1, draws)), ways.reshape(-1, draws)])
    best = int(np.argmax(choices.mean(axis=1)))
    return np.ascontiguousarray((np.delete(choices, best, axis=0) - choices[best]).T)


def shuffles(others: np.ndarray, replicates: int, random: np.random.Generator) -> np.ndarray:
    """Regrets shuffled within each replicate, all choices alike, shape (n, shuffles, choices - 1)."""
    draws, shuffles = len(others) // replicates, policy.value("information_shuffles")
    places = random.permuted(np.tile(np.arange(draws), (shuffles, replicates, 1)), axis=2)
    places += np.arange(replicates)[:, None] * draws
    return np.ascontiguousarray(others[places.reshape(shuffles, -1).T])


def known(fit: Regression, others: np.ndarray) -> tuple[float, float]:
    """Worth of knowing what a regression is on, and its standard error over the replicates."""
    count = fit.replicates
    gains = best_of(fit.left_out(others)).reshape(count, -1, count).mean(axis=1)  # (own, left out)
    gains = (gains.sum(axis=0) - np.diag(gains)) / max(1, count - 1)
    worth = worth_found(fit, (fit.basis.T @ others)[:, None, :], others.mean(axis=0), others.T @ others)
    return float(worth[0]), jackknife(gains, left_means(others, count))


def nothing(fit: Regression, others: np.ndarray, shuffled: np.ndarray) -> np.ndarray:
    """Worth found in each shuffle, brought to the means of `others` and to the spread that the fit leaves of them."""
    n, sets, choices = shuffled.shape
    mean, first, own = others.mean(axis=0), shuffled[:, 0], fit.basis.T @ others
    left = np.maximum(np.einsum("nk,nk->k", others, others) - np.einsum("pk,pk->k", own, own), 0.0) / n
    spread = np.sqrt(left) / np.maximum(first.std(axis=0), np.finfo(float).tiny)
    level = fit.basis.sum(axis=0)[:, None, None]  # what a constant of one is in the terms
    coefficients = (fit.basis.T @ shuffled.reshape(n, -1)).reshape(-1, sets, choices)
    coefficients = level * mean + spread * (coefficients - level * first.mean(axis=0))
    around = first - first.mean(axis=0)
    moments = n * np.outer(mean, mean) + np.outer(spread, spread) * (around.T @ around)
    return worth_found(fit, coefficients, mean, moments)


def worth_found(fit: Regression, coefficients: np.ndarray, mean: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Worth of knowing what a regression is on, for sets of regrets with the same moments, shape (sets,).

    At most draws of a set without a signal no error could turn the choice: by the inequality of Cauchy and Schwarz the
    fit leaves the mean by at most the root of the leverage times the length of the coefficients. Those are left out.

    Parameters
    ----------
    coefficients : array, shape (terms, sets, choices - 1)
        Of the orthonormal terms.
    mean, moments : array, shape (choices - 1,) and (choices - 1, choices - 1)
        Mean of the regrets, and the sums of their products.
    """
    n, (count, sets, choices) = len(fit.basis), coefficients.shape
    products = np.einsum("psi,psj->sij", coefficients, coefficients)
    covariance = (moments - products) / max(1, n - count)
    size = np.einsum("sii->si", products)
    spread = np.sqrt(np.maximum(np.einsum("sii->si", covariance), 0.0))
    away = np.sqrt(np.maximum(size - n * mean**2, 0.0)) + _FAR * spread
    reach = np.min(np.divide(-mean, away, out=np.zeros_like(away), where=away > 0))
    leverage = np.sqrt(fit.leverage)
    rows = np.flatnonzero(leverage > reach)
    fitted = (fit.basis[rows] @ coefficients.reshape(count, -1)).reshape(len(rows), sets, choices)
    leverage = leverage[rows, None]
    if choices == 1:
        chased = _loss(np.abs(fitted[..., 0]), leverage * spread[:, 0])
    else:
        chased = _loss(*_twobest_of(fitted, covariance, leverage))
    return np.maximum(best_of(fitted).sum(axis=0) - chased, 0.0) / n


_FAR = 4.0
"""Standard errors beyond which a normal error changes no choice."""


def _loss(gap: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """What a fit gains by following noise, summed over draws: choosing by an error between the two best choices.

    The fit at a draw errs with the leverage times the residual variance; the expected part of a normal error beyond the
    gap between the two best is the unit normal loss.
    """
    near = gap < _FAR * spread
    z = gap[near] / spread[near]
    loss = np.zeros(gap.shape)
    loss[near] = spread[near] * (np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi) - z * special.ndtr(-z))
    return loss.sum(axis=0)


def _twobest_of(fitted: np.ndarray, covariance: np.ndarray, leverage: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gap between the two best choices at each draw, and the standard error of that gap, shape (rows, sets)."""
    choices = np.concatenate([fitted, np.zeros((*fitted.shape[:2], 1))], axis=2)  # the choice now regrets nothing
    last = choices.shape[2] - 1
    order = np.argpartition(choices, last - 1, axis=2)[..., -2:]
    best = np.take_along_axis(choices, order, axis=2)
    among = np.pad(covariance, [(0, 0), (0, 1), (0, 1)])
    own = np.einsum("sii->si", among)
    between = np.sqrt(np.maximum(own[:, :, None] + own[:, None, :] - 2 * among, 0.0))
    sets = np.arange(fitted.shape[1])[None, :]
    return best[..., 1] - best[..., 0], leverage * between[sets, order[..., 0], order[..., 1]]


def best_of(others: np.ndarray) -> np.ndarray:
    """Return what the best choice brings beside the one taken now, choices on the last axis."""
    best = np.maximum(others[..., 0], 0.0)
    for choice in range(1, others.shape[-1]):  # far faster than the largest along a short axis
        np.maximum(best, others[..., choice], out=best)
    return best


def without(by_replicate: np.ndarray) -> np.ndarray:
    """Means over all replicates but one, for each one, on the first axis."""
    count = len(by_replicate)
    return (by_replicate.sum(axis=0) - by_replicate) / max(1, count - 1)


def left_means(others: np.ndarray, replicates: int) -> np.ndarray:
    """Best of the mean regrets without each replicate, zero at least, shape (replicates,)."""
    return best_of(without(others.reshape(replicates, -1, others.shape[1]).mean(axis=1)))


def jackknife(gains: np.ndarray, means: np.ndarray) -> float:
    """Standard error from the worth without one replicate at a time (Efron 1981)."""
    worths = gains - means
    return float(np.sqrt((gains.size - 1) / gains.size * np.sum((worths - worths.mean()) ** 2)))
