"""Shapes of uncertain quantities, each given by its 90 % interval or by three quantiles.

Every shape answers `ppf(u)` for shares `u` of probability strictly between 0 and 1, in any array shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready.errors import InputError

_Z90 = float(special.ndtri(0.95))  # half-width of a 90 % interval in standard deviations
_L10 = float(np.log(9.0))  # logit of .9, the outer quantile of a p10 / p50 / p90 triple


@dataclass(frozen=True)
class Fixed:
    """A value without uncertainty."""

    value: float

    def ppf(self, u: np.ndarray) -> np.ndarray:
        """Return the value for every share of probability."""
        return np.full(np.shape(u), self.value, dtype=float)


@dataclass(frozen=True)
class Spread:
    """A 90 % interval on a transformed normal scale: `lognormal`, `logitnormal` or `normal`.

    Raises
    ------
    InputError
        When an end does not fit the shape (a lognormal needs both ends above 0).

    Examples
    --------
    >>> s = Spread(10.0, 100.0, "lognormal")
    >>> round(s.sigma, 6)
    0.699936
    """

    low: float
    high: float
    shape: str

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise InputError(f"the low end {self.low:g} is not below the high end {self.high:g}", cure="swap them")
        if self.shape == "lognormal" and self.low <= 0:
            raise InputError(
                f"the low end {self.low:g} of an amount must be above 0",
                cure="give a small positive low end; money that can be negative is written 'normal LOW to HIGH USD'",
            )
        if self.shape == "logitnormal" and not (self.low > 0 and self.high < 1):
            raise InputError(
                f"a share's interval must lie strictly between 0 and 1 (got {self.low:g} to {self.high:g})",
                cure="write for example '1% to 99%'; for a certain value write just the value",
            )

    @property
    def _ends(self) -> tuple[float, float]:
        scale = {"lognormal": np.log, "logitnormal": special.logit, "normal": float}[self.shape]
        return float(scale(self.low)), float(scale(self.high))

    @property
    def sigma(self) -> float:
        """Standard deviation on the normal scale."""
        low, high = self._ends
        return (high - low) / (2 * _Z90)

    def ppf(self, u: np.ndarray) -> np.ndarray:
        """Return the quantile at each share of probability."""
        low, high = self._ends
        z = (low + high) / 2 + self.sigma * special.ndtri(u)
        return {"lognormal": np.exp, "logitnormal": special.expit, "normal": np.asarray}[self.shape](z)


@dataclass(frozen=True)
class Metalog:
    """Three quantiles p10 < p50 < p90 as a three-term metalog, bounded as its shape asks.

    An amount (`lognormal`) is bounded by 0 below, a share (`logitnormal`) by 0 and 1, a growth rate is unbounded.

    Raises
    ------
    InputError
        When the triple is out of order, or too skewed for a three-term metalog.

    Source
    ------
    Keelin 2016, The Metalog Distributions, Decision Analysis 13:243, section 3.3 and 4.

    Examples
    --------
    >>> m = Metalog(35.0, 50.0, 75.0, "normal")
    >>> [round(float(a), 5) for a in m.coefficients]
    [50.0, 9.10239, 5.689]
    """

    p10: float
    p50: float
    p90: float
    shape: str

    def __post_init__(self) -> None:
        if not self.p10 < self.p50 < self.p90:
            raise InputError(
                f"p10, p50 and p90 must rise (got {self.p10:g}, {self.p50:g}, {self.p90:g})",
                cure="p10 is the value that nine in ten cases exceed, p90 the one that one in ten exceeds",
            )
        if self.shape == "lognormal" and self.p10 <= 0:
            raise InputError(f"p10 of an amount must be above 0 (got {self.p10:g})", cure="give a small positive p10")
        if self.shape == "logitnormal" and not (self.p10 > 0 and self.p90 < 1):
            raise InputError(
                f"p10 and p90 of a share must lie strictly between 0 and 1 (got {self.p10:g}, {self.p90:g})"
            )
        _, a2, a3 = self.coefficients
        skew = abs(a3) / a2
        # the slope of the quantile function must stay positive; 1.66711 is Keelin's limit for three terms
        if skew > 1.66711:
            raise InputError(
                f"the triple {self.p10:g}, {self.p50:g}, {self.p90:g} is too skewed for one smooth distribution",
                cure="move p50 towards the middle of p10 and p90, or give 'low to high' instead",
            )

    @property
    def coefficients(self) -> tuple[float, float, float]:
        """Metalog coefficients a1, a2, a3 on the transformed scale."""
        scale = {"lognormal": np.log, "logitnormal": special.logit, "normal": float}[self.shape]
        q10, q50, q90 = (float(scale(q)) for q in (self.p10, self.p50, self.p90))
        ratio = (q50 - q10) / (q90 - q10)
        return q50, (q90 - q10) / (2 * _L10), (1 - 2 * ratio) * (q90 - q10) / (0.8 * _L10)

    def ppf(self, u: np.ndarray) -> np.ndarray:
        """Return the quantile at each share of probability."""
        u = np.asarray(u, dtype=float)
        a1, a2, a3 = self.coefficients
        logit = special.logit(u)
        z = a1 + a2 * logit + a3 * (u - 0.5) * logit
        return {"lognormal": np.exp, "logitnormal": special.expit, "normal": np.asarray}[self.shape](z)


@dataclass(frozen=True)
class Pool:
    """Several people's estimates of one quantity, weighted equally: the linear pool keeps their disagreement.

    Source
    ------
    Stone 1961 (linear opinion pool); Clemen and Winkler 1999, Risk Analysis 19:187.

    Examples
    --------
    >>> pooled = Pool((Fixed(1.0), Fixed(3.0)))
    >>> [float(q) for q in pooled.ppf(np.array([0.2, 0.8]))]
    [1.0, 3.0]
    """

    members: tuple[Distribution, ...]

    def ppf(self, u: np.ndarray) -> np.ndarray:
        """Return the quantile of the mixture at each share of probability, by its empirical quantiles."""
        grid = (np.arange(_POOL_GRID) + 0.5) / _POOL_GRID
        values = np.sort(np.concatenate([member.ppf(grid) for member in self.members]))
        at = (np.arange(values.size) + 0.5) / values.size
        return np.interp(u, at, values)


_POOL_GRID = 4096  # points per member; the error of a pooled quantile is far below the simulation error

Distribution = Fixed | Spread | Metalog | Pool
