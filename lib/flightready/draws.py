"""The joint sample: every uncertain input is one column of the same table of draws.

Each column is stratified within each replicate and keyed by (seed, name), so that adding an input moves no other.
Arrays have the shape (replicates, draws); the spread over replicates is the simulation's own error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from flightready import policy
from flightready.errors import InputError
from flightready.quantity import Quantity

_EDGE = 1e-12


def generator(seed: int, *names: str) -> np.random.Generator:
    """Return the random generator that belongs to a seed and a name, the same on every machine.

    Examples
    --------
    >>> generator(0, "a").integers(1000) == generator(0, "a").integers(1000)
    np.True_
    """
    key = hashlib.sha256("\0".join(names).encode()).digest()[:16]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, int.from_bytes(key, "big")])))


@dataclass(frozen=True)
class Correlation:
    """A declared rank correlation (Spearman) between two columns, strictly between -1 and 1."""

    first: str
    second: str
    rank: float


@dataclass
class JointSample:
    """Draws of all uncertain inputs of one pilot.

    Parameters
    ----------
    seed : int
        Any non-negative integer; 0 is a seed like any other.
    correlations : iterable of Correlation
        Columns that move together (Gaussian copula).
    replicates, draws : int
        Shape of every column; by default from the policy.

    Raises
    ------
    InputError
        When the declared correlations contradict one another.
    """

    seed: int
    correlations: tuple[Correlation, ...] = ()
    replicates: int = field(default_factory=lambda: policy.value("replicates"))
    draws: int = field(default_factory=lambda: policy.value("draws_per_replicate"))
    _columns: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    _uniforms: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    def uniform(self, name: str) -> np.ndarray:
        """Return the stratified uniform draws behind a column, shape (replicates, draws), strictly within 0 and 1."""
        if name not in self._uniforms:
            group = self._group(name)
            for member, draws in zip(group, self._draw_group(group), strict=True):
                self._uniforms[member] = draws
        return self._uniforms[name]

    def column(self, name: str, quantity: Quantity) -> np.ndarray:
        """Return the draws of a quantity in its canonical unit; the same name always gives the same rows."""
        if name not in self._columns:
            self._columns[name] = np.asarray(quantity.ppf(self.uniform(name)), dtype=float)
        return self._columns[name]

    def measured(self, name: str, replicates: np.ndarray) -> np.ndarray:
        """Return draws of a measured figure given as equally likely replicates, shape (m,) to (replicates, draws)."""
        if name not in self._columns:
            values = np.sort(np.asarray(replicates, dtype=float))
            picks = np.minimum((self.uniform(name) * values.size).astype(int), values.size - 1)
            self._columns[name] = values[picks]
        return self._columns[name]

    def beside(self, partner: str, replicates: np.ndarray) -> np.ndarray:
        """Return draws of figures measured together with another column, shape (m, ...) to (replicates, draws, ...).

        Parameters
        ----------
        partner : str
            Column whose draws pick the replicate, so that what was measured together stays together; a name of its own
            for figures that belong to no other column.
        replicates : array, shape (m, ...)
            Equally likely replicates in the order of the partner's values.

        Examples
        --------
        >>> joint = JointSample(1, replicates=1, draws=4)
        >>> rising, falling = np.arange(4.0), np.arange(4.0)[::-1]
        >>> np.array_equal(joint.measured("a", rising) + joint.beside("a", falling), np.full((1, 4), 3.0))
        True
        """
        values = np.asarray(replicates, dtype=float)
        return values[np.minimum((self.uniform(partner) * len(values)).astype(int), len(values) - 1)]

    def columns(self) -> Mapping[str, np.ndarray]:
        """Return every column that was drawn so far."""
        return dict(self._columns)

    def _group(self, name: str) -> list[str]:
        """Names connected to `name` by declared correlations, in alphabetical order."""
        group, grown = {name}, True
        while grown:
            linked = {n for c in self.correlations for n in (c.first, c.second) if {c.first, c.second} & group}
            grown = not linked <= group
            group |= linked
        return sorted(group)

    def _draw_group(self, group: list[str]) -> list[np.ndarray]:
        columns = [self._stratified(n) for n in group]
        if len(group) == 1:
            return columns
        # order each stratified column by the ranks of correlated normals: marginals stay stratified
        normals = np.stack([special.ndtri(generator(self.seed, n, "copula").random(columns[0].shape)) for n in group])
        mixed = np.einsum("ij,jrd->ird", _cholesky(group, self.correlations), normals)
        ranks = np.argsort(np.argsort(mixed, axis=2), axis=2)
        return [np.take_along_axis(np.sort(c, axis=1), r, axis=1) for c, r in zip(columns, ranks, strict=True)]

    def _stratified(self, name: str) -> np.ndarray:
        rng = generator(self.seed, name)
        strata = np.tile(np.arange(self.draws), (self.replicates, 1))
        draws = (rng.permuted(strata, axis=1) + rng.random(strata.shape)) / self.draws
        return np.clip(draws, _EDGE, 1 - _EDGE)  # an unbounded shape has no quantile at 0 or 1


def _cholesky(group: list[str], correlations: Iterable[Correlation]) -> np.ndarray:
    matrix = np.eye(len(group))
    for c in correlations:
        if c.first in group:
            i, j = group.index(c.first), group.index(c.second)
            matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * c.rank / 6)  # Pearson 1907: rank to normal scores
    try:
        return np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise InputError(
            f"the correlations between {', '.join(group)} contradict one another", cure="weaken or remove one of them"
        ) from None


@dataclass(frozen=True)
class Summary:
    """Summary of a column of draws: mean, median, 90 % interval, and the simulation error of the median."""

    mean: float
    median: float
    low: float
    high: float
    simulation_error: float


def summarise(draws: np.ndarray) -> Summary:
    """Summarise draws of shape (replicates, draws).

    The simulation error is the standard error of the median over the independent replicates.

    Examples
    --------
    >>> s = summarise(np.tile(np.arange(101.0), (4, 1)))
    >>> s.median, s.low, s.high, s.simulation_error
    (50.0, 5.0, 95.0, 0.0)
    """
    draws = np.asarray(draws, dtype=float)
    low, median, high = np.quantile(draws, [0.05, 0.5, 0.95])
    medians = np.median(draws, axis=-1)
    error = float(medians.std(ddof=1) / np.sqrt(medians.size)) if medians.size > 1 else 0.0
    return Summary(float(draws.mean()), float(median), float(low), float(high), error)
