"""Present values and payback of monthly flows, for one flow or a table of draws."""

from __future__ import annotations

import numpy as np


def monthly_factors(rate_per_year: np.ndarray, months: int) -> np.ndarray:
    """Return the discount factors of the ends of months 1 to `months`, shape (..., months).

    Parameters
    ----------
    rate_per_year : array
        Effective yearly rate as a share, above -1.
    months : int
        Number of months.

    Examples
    --------
    >>> round(float(monthly_factors(np.array(0.10), 12)[-1]), 6)
    0.909091
    """
    month = np.arange(1, months + 1)
    return (1 + np.asarray(rate_per_year, dtype=float)[..., None]) ** (-month / 12)


def present_value(flows: np.ndarray, rate: float, *, first_discounted: bool) -> float:
    """Return the present value of equally spaced flows.

    Parameters
    ----------
    flows : array of shape (n,)
        Amounts, one a period.
    rate : float
        Rate per period as a share, above -1.
    first_discounted : bool
        True when the first flow lies at the end of the first period, False when it lies at its beginning.

    Examples
    --------
    >>> flows = [-40000, 5000, 8000, 12000, 30000]
    >>> round(present_value(flows, 0.08, first_discounted=False), 4)
    3065.2227
    """
    flows = np.asarray(flows, dtype=float)
    periods = np.arange(flows.size) + (1 if first_discounted else 0)
    return float(np.sum(flows / (1 + rate) ** periods))


def payback_month(cumulative: np.ndarray) -> np.ndarray:
    """Return the first month from which cumulative cash stays at or above zero; NaN when it never does.

    Parameters
    ----------
    cumulative : array of shape (..., months + 1)
        Cumulative cash at the ends of months 0 to n.

    Examples
    --------
    >>> payback_month(np.array([[-2.0, -1.0, 0.5, 1.0], [-2.0, -2.0, -2.0, -2.0]]))
    array([ 2., nan])
    """
    below = cumulative < 0
    last_below = cumulative.shape[-1] - 1 - np.argmax(below[..., ::-1], axis=-1)
    first = np.where(below.any(axis=-1), last_below + 1, 0).astype(float)
    return np.where(first >= cumulative.shape[-1], np.nan, first)
