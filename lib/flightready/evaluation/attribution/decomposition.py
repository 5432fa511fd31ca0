"""A difference of two error shares in parts that sum to it, with resampled parts; no record is known here, only flags.

Wrong answers are regressed on one level for each side, covariates and flags, all records together. Each side's level is
free, so residuals average to zero on each side and the parts sum to the difference exactly: what flags and covariates
carry because raw records hold more of them (composition), what a flag costs more on a raw record (rate), and the
difference of the two levels, which nothing carries.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

_RIDGE = 1e-10  # a flag that a resample holds nowhere gets no effect instead of no solution
_BLOCK = 64  # resamples that are held in memory at once


@dataclass(frozen=True)
class Records:
    """Scored records of one side as numbers.

    Parameters
    ----------
    wrong : array of float, shape (n,)
        1 minus the worth of the answer.
    flags : array of bool, shape (n, k)
    mix : array of float, shape (n, m)
        Covariates that both sides have; what they carry is a part.
    control : array of float, shape (n, s)
        Covariates that only one side has, such as its systems, each with mean zero on its side: they keep a harder
        system from passing for a defect, and carry no part themselves.
    cluster : array of int, shape (n,)
    """

    wrong: np.ndarray
    flags: np.ndarray
    mix: np.ndarray
    control: np.ndarray
    cluster: np.ndarray

    def __len__(self) -> int:
        return len(self.wrong)


@dataclass(frozen=True)
class Decomposition:
    """Parts of a difference and their resamples; k flags, then mix, then what nothing carries.

    Parameters
    ----------
    total : float
        Raw error share minus demo error share; the raw error share alone without a demo side.
    parts : array of float, shape (k + 2,)
        They sum to `total`.
    rate : array of float, shape (k,)
        Of each flag's part: because it costs more on a raw record; NaN where that cannot be told.
    total_replicates : array of float, shape (b,)
    replicates : array of float, shape (b, k + 2)
    n_clusters : int
    pooled : array of float, shape (k + 2, k + 2)
        Covariance of the parts of flags if answers were wrong as often with a flag as without (least squares with one
        variance of errors, records independent); 0 for mix and the rest.
    """

    total: float
    parts: np.ndarray
    rate: np.ndarray
    total_replicates: np.ndarray = field(repr=False)
    replicates: np.ndarray = field(repr=False)
    n_clusters: int
    pooled: np.ndarray = field(repr=False)


def decompose(
    raw: Records, curated: Records | None, *, both: np.ndarray, replicates: int, rng: np.random.Generator
) -> Decomposition:
    """Split the difference of two error shares over flags, mix and what nothing carries.

    Parameters
    ----------
    raw, curated : Records
        Without demo records the raw error share itself is split.
    both : array of bool, shape (k,)
        Flags that the demo side holds often enough for an effect of their own on each side.
    replicates : int
    rng : Generator

    Source
    ------
    Kitagawa 1955; Blinder 1973; Oaxaca 1973; pooled with a level for each group, Fortin 2008 and Jann 2008. Clusters
    are resampled whole within each side (Davison and Hinkley 1997, section 3.8).
    """
    k = raw.flags.shape[1]
    sides = [raw] if curated is None else [raw, curated]
    both = both if curated is not None else np.zeros(k, dtype=bool)
    products = [_products(_design(side, is_raw=i == 0, two=len(sides) == 2, both=both)) for i, side in enumerate(sides)]
    whole = np.stack([p.counts @ p.units for p in products])
    size = products[0].width
    m = raw.mix.shape[1]
    layout = _Layout(len(sides), m, raw.control.shape[1], k, both)
    parts, rate, total = layout.parts(whole[None], size)
    drawn = [_drawn(p, replicates, rng) for p in products]
    resampled, _, totals = layout.parts(np.stack(drawn, axis=1), size)
    return Decomposition(
        float(total[0]), parts[0], np.where(both, rate[0], np.nan), totals, resampled,
        sum(int(p.counts.sum()) for p in products), layout.pooled(whole, size, sum(len(s) for s in sides)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Products:
    """Sums of products of one side by unit: a cluster, or all records that are equal in everything."""

    units: np.ndarray  # (units, width * (width + 1) / 2), upper triangle of the products of [design, wrong]
    counts: np.ndarray  # (units,)
    width: int


def _design(side: Records, *, is_raw: bool, two: bool, both: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns: level of each side, mix, control, flags, flags on raw records only; the answer last."""
    n = len(side)
    levels = np.zeros((n, 2 if two else 1))
    levels[:, 0 if is_raw else 1] = 1.0
    flags = side.flags.astype(float)
    own = flags[:, both] if is_raw else np.zeros((n, int(both.sum())))
    return np.column_stack([levels, side.mix, side.control, flags, own, side.wrong]), side.cluster


def _products(made: tuple[np.ndarray, np.ndarray]) -> _Products:
    design, cluster = made
    width = design.shape[1]
    i, j = np.triu_indices(width)
    _, place, sizes = np.unique(cluster, return_inverse=True, return_counts=True)
    alone = sizes[place] == 1
    rows, counts = _distinct(design[alone])
    units = [rows[:, i] * rows[:, j]]
    if not alone.all():  # a cluster is one unit; its products are summed row by row
        shared, start = np.unique(place[~alone], return_inverse=True)
        order = np.argsort(start, kind="stable")
        lines = design[~alone][order]
        begin = np.searchsorted(start[order], np.arange(len(shared)))
        units.append(np.add.reduceat(lines[:, i] * lines[:, j], begin, axis=0))
        counts = np.concatenate([counts, np.ones(len(shared), dtype=int)])
    return _Products(np.concatenate(units), counts, width)


def _distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Different rows in a fixed order and how often each occurs."""
    if not len(rows):
        return rows, np.zeros(0, dtype=int)
    keys = np.ascontiguousarray(rows + 0.0).view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    return rows[first], counts


def _drawn(products: _Products, replicates: int, rng: np.random.Generator) -> np.ndarray:
    """Sums of products of resampled clusters, shape (replicates, products)."""
    unit = np.repeat(np.arange(len(products.counts)), products.counts)
    blocks = []
    for start in range(0, replicates, _BLOCK):
        size = min(_BLOCK, replicates - start)
        picked = unit[rng.integers(len(unit), size=(size, len(unit)))]
        picked += np.arange(size)[:, None] * len(products.counts)  # one count over all resamples of the block
        weights = np.bincount(picked.ravel(), minlength=size * len(products.counts)).reshape(size, -1)
        blocks.append(weights.astype(float) @ products.units)
    return np.concatenate(blocks)


@dataclass(frozen=True)
class _Layout:
    """Where which column stands."""

    sides: int
    m: int
    s: int
    k: int
    both: np.ndarray

    def parts(self, sums: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Parts, rate parts and totals of resamples, from sums of products of shape (b, sides, products)."""
        matrix = _symmetric(sums.sum(axis=1), width)
        scale = matrix[:, : self.sides, : self.sides].sum(axis=(1, 2))
        ridge = np.zeros(width - 1)
        ridge[self.sides :] = _RIDGE
        left = matrix[:, :-1, :-1] + scale[:, None, None] * np.diag(ridge)
        effect = np.linalg.solve(left, matrix[:, :-1, -1:])[..., 0]
        first = _symmetric(sums[:, 0], width)
        mean = first[:, 0] / first[:, 0, :1]  # the row of a side's level holds the sums of all columns
        if self.sides == 2:
            second = _symmetric(sums[:, 1], width)
            mean = mean - second[:, 1] / second[:, 1, 1:2]
        total, carried = mean[:, -1], effect * mean[:, :-1]
        start = self.sides
        mix = carried[:, start : start + self.m].sum(axis=1)
        start += self.m + self.s
        flags = carried[:, start : start + self.k].copy()
        rate = np.zeros_like(flags)
        rate[:, self.both] = carried[:, start + self.k :]
        flags += rate
        rest = total - flags.sum(axis=1) - mix
        return np.column_stack([flags, mix, rest]), rate, total

    def pooled(self, sums: np.ndarray, width: int, n: int) -> np.ndarray:
        """Covariance of the parts of flags by least squares with one variance, from sums of shape (sides, products)."""
        matrix = _symmetric(sums.sum(axis=0)[None], width)[0]
        left = matrix[:-1, :-1] + np.diag(np.r_[np.zeros(self.sides), np.full(width - 1 - self.sides, _RIDGE * n)])
        inverse = np.linalg.inv(left)
        residual = matrix[-1, -1] - matrix[:-1, -1] @ inverse @ matrix[:-1, -1]
        means = [_symmetric(s[None], width)[0, i] for i, s in enumerate(sums)]
        means = [m / m[i] for i, m in enumerate(means)]
        apart = means[0][:-1] - (means[1][:-1] if self.sides == 2 else 0.0)
        start, carried = self.sides + self.m + self.s, np.zeros((self.k + 2, width - 1))
        carried[np.arange(self.k), start + np.arange(self.k)] = apart[start : start + self.k]
        own = np.flatnonzero(self.both)
        carried[own, start + self.k + np.arange(own.size)] = apart[start + self.k :]
        return max(0.0, residual) / max(1, n - width + 1) * carried @ inverse @ carried.T


def _symmetric(upper: np.ndarray, width: int) -> np.ndarray:
    i, j = np.triu_indices(width)
    matrix = np.empty((len(upper), width, width))
    matrix[:, i, j] = upper
    matrix[:, j, i] = upper
    return matrix
