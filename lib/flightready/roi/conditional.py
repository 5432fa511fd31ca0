"""The mean of the value given one input or several: regression on natural cubic splines over the joint sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from math import comb
from typing import Any

import numpy as np
from scipy import special

from flightready import policy
from flightready.errors import InputError

_DEPENDENT = 1e-9
"""Part of the largest squared length of a combination of terms, below which it adds nothing but rounding."""


def one_thread() -> Any:
    """Return what keeps matrix products on one core, as a context: shared among several they wait for one another.

    The products are small; on a machine that does other work besides, several threads make them many times slower.
    """
    from threadpoolctl import ThreadpoolController  # comes with scikit-learn

    return ThreadpoolController().limit(limits=1, user_api="blas")


def in_replicates(draws: np.ndarray) -> np.ndarray:
    """Return draws as (..., replicates, draws); those in one row are divided into blocks.

    Raises
    ------
    InputError
        When one row of draws cannot be divided evenly, or a draw is no number.
    """
    draws = np.asarray(draws, dtype=float)
    if not np.isfinite(draws).all():
        raise InputError("a draw of the value or of an input is not a finite number",
                         cure="look at the inputs: an amount or a rate is out of range")  # fmt: skip
    if draws.ndim > 1:
        return draws
    blocks = policy.value("information_blocks")
    if draws.size % blocks:
        raise InputError(f"{draws.size} draws in one row", valid=f"a multiple of {blocks}, or (replicates, draws)")
    return draws.reshape(blocks, -1)


def spline(draws: np.ndarray, knots: int) -> Callable[[np.ndarray], np.ndarray]:
    """Return the terms of a natural cubic spline for one input: a function of (n,) to (n, terms), without a constant.

    An input of few different values gets one term a value but the first; one that never changes gets none.

    Source
    ------
    Hastie, Tibshirani and Friedman 2009, The Elements of Statistical Learning, eq. 5.4 and 5.5.

    Examples
    --------
    >>> spline(np.arange(100.0), 5)(np.arange(100.0)).shape
    (100, 4)
    >>> spline(np.ones(100), 5)(np.ones(100)).shape
    (100, 0)
    """
    ordered = np.sort(draws, axis=None)
    different = ordered[np.concatenate([[True], np.diff(ordered) > 0])]
    if different.size <= knots:
        return lambda x: (np.ravel(x)[:, None] == different[1:]).astype(float)
    outer = policy.value("information_outer_knots")
    places = np.linspace(outer, 1 - outer, knots) * (ordered.size - 1)
    centre, spread = ordered.mean(), ordered.std()
    at = np.unique((ordered[places.astype(int)] - centre) / spread)
    if at.size < 3:  # nearly all draws are one value
        return lambda x: ((np.ravel(x) - centre) / spread)[:, None]

    def terms(x: np.ndarray) -> np.ndarray:
        z = (np.ravel(x) - centre) / spread
        above = np.maximum(z[:, None] - at, 0.0)
        cubes = above * above * above
        bent = (cubes[:, :-1] - cubes[:, -1:]) / (at[-1] - at[:-1])
        return np.concatenate([z[:, None], bent[:, :-1] - bent[:, -1:]], axis=1)

    return terms


def terms(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Return the terms for several inputs together, shape (n, terms), the constant first.

    Each input has its own curve; each pair a coarse surface, or the product alone where that would be too many terms;
    each three their product.
    """
    most, pair_knots = policy.value("information_most_terms"), policy.value("information_pair_knots")
    own = [spline(c, policy.value("information_knots"))(c) for c in columns]
    parts = [np.ones((columns[0].size, 1)), *own]
    moving = [c for c, mine in zip(columns, own, strict=True) if mine.shape[1]]
    if len(moving) < 2:
        return np.concatenate(parts, axis=1)
    room = most - sum(p.shape[1] for p in parts)
    pairs = comb(len(moving), 2)
    knots = pair_knots if pairs * (pair_knots - 1) ** 2 + comb(len(moving), 3) <= room else 2
    coarse = [_scaled(spline(c, knots)(c) if knots > 2 else np.ravel(c)[:, None]) for c in moving]
    if pairs <= room:
        parts += [(a[:, :, None] * b[:, None, :]).reshape(len(a), -1) for a, b in combinations(coarse, 2)]
    if comb(len(moving), 3) <= most - sum(p.shape[1] for p in parts):
        first = [c[:, :1] for c in coarse]
        parts += [a * b * c for a, b, c in combinations(first, 3)]
    return np.concatenate(parts, axis=1)


def _scaled(columns: np.ndarray) -> np.ndarray:
    spread = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


@dataclass(frozen=True)
class Regression:
    """Orthonormal terms of a regression over (replicates, draws), fitted as often as wanted.

    Parameters
    ----------
    basis : array, shape (replicates * draws, terms)
    replicates : int
    """

    basis: np.ndarray
    replicates: int

    def fitted(self, values: np.ndarray) -> np.ndarray:
        """Return the conditional mean of each column of `values`, shape (n, k), at each draw."""
        return self.basis @ (self.basis.T @ values)

    @cached_property
    def leverage(self) -> np.ndarray:
        """Variance of the fit at each draw over the variance of the residuals, shape (n,)."""
        return np.einsum("ij,ij->i", self.basis, self.basis)

    def left_out(self, values: np.ndarray) -> np.ndarray:
        """Return the fits without one replicate at a time, shape (n, replicates, k)."""
        blocks = self.basis.reshape(self.replicates, -1, self.basis.shape[1])
        given = values.reshape(self.replicates, -1, values.shape[1])
        gram = np.eye(self.basis.shape[1]) - np.swapaxes(blocks, 1, 2) @ blocks
        each = np.swapaxes(blocks, 1, 2) @ given
        coefficients = np.linalg.solve(gram, each.sum(axis=0) - each)  # (replicates, terms, k)
        return np.tensordot(self.basis, coefficients, axes=(1, 1))

    def independent(self, parts: np.ndarray) -> np.ndarray:
        """Return the sum of the parts that do not go with these inputs, shape (n, k).

        A part goes with them when its regression on them explains more of it than chance would (chi-squared), straight
        or bent; a part that does not has the mean zero whatever these inputs are, and may be taken off.

        Parameters
        ----------
        parts : array, shape (n, inputs, k)
            From `own_parts`.
        """
        n, count = self.basis.shape
        flat = parts.reshape(n, -1)
        explained = np.square(self.basis.T @ flat).sum(axis=0)
        most = special.chdtri(max(1, count - 1), 1 - policy.value("information_independent_level"))
        free = explained <= most * np.mean(flat * flat, axis=0)
        return np.einsum("njk,jk->nk", parts, free.reshape(parts.shape[1:]).astype(float))


def regression(columns: Sequence[np.ndarray]) -> Regression:
    """Return the regression on inputs of shape (replicates, draws) each.

    Source
    ------
    Strong, Oakley and Brennan 2014 (value of information from one sample by regression).
    """
    given, back = _orthonormal(terms([np.ravel(c) for c in columns]))
    return Regression(given @ back, len(columns[0]))


def own_parts(columns: Sequence[np.ndarray], values: np.ndarray) -> np.ndarray:
    """Return what each input by itself adds to the values, shape (n, inputs, k), with the mean zero in each replicate.

    Taking off the parts of inputs that are not asked about leaves less noise around the mean given those that are
    (control variates).

    Parameters
    ----------
    columns : sequence of array, shape (replicates, draws)
    values : array, shape (n, k)
    """
    own = [spline(c, policy.value("information_knots"))(c) for c in columns]
    given, back = _orthonormal(np.concatenate([np.ones((len(values), 1)), *own], axis=1))
    coefficients = back @ (back.T @ (given.T @ values))
    ends = 1 + np.concatenate([[0], np.cumsum([o.shape[1] for o in own])])
    parts = np.stack([given[:, a:b] @ coefficients[a:b] for a, b in pairwise(ends)], axis=1)
    blocks = parts.reshape(len(columns[0]), -1, *parts.shape[1:])
    return (blocks - blocks.mean(axis=1, keepdims=True)).reshape(parts.shape)


def _orthonormal(given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Terms of length one, and the matrix that makes orthonormal ones of them; far faster than a QR of so many rows."""
    given = given / np.sqrt(np.maximum(np.einsum("ij,ij->j", given, given), np.finfo(float).tiny))
    size, ways = np.linalg.eigh(given.T @ given)
    kept = size > _DEPENDENT * size[-1]
    return given, ways[:, kept] / np.sqrt(size[kept])
