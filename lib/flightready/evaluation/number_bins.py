"""Numbers put into a few bins of about as many records each, with round ends that can be said in a sentence."""

from __future__ import annotations

from itertools import pairwise
from math import floor, log10

import numpy as np

from flightready import policy


def bins(values: np.ndarray, most: int | None = None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the bin of each number, -1 where it is not known, and each bin in words.

    Parameters
    ----------
    values : array of float, shape (n,)
    most : int, optional
        Number of bins; by default of the policy. Fewer are made where many numbers are equal.

    Examples
    --------
    >>> codes, names = bins(np.array([1.0, 2.0, 3.0, 4.0, np.nan, 117.3, 240.0]), most=2)
    >>> codes.tolist(), names
    ([0, 0, 0, 0, -1, 1, 1], ('up to 4', 'above 4'))
    """
    known = values[np.isfinite(values)]
    codes = np.full(len(values), -1)
    if not known.size or known.min() == known.max():
        return codes, ()
    number = policy.value("number_bins") if most is None else most
    cuts = np.quantile(known, np.arange(1, number) / number)
    edges = np.unique(_rounded(cuts, known))
    edges = edges[(edges >= known.min()) & (edges < known.max())]
    codes = np.where(np.isfinite(values), np.searchsorted(edges, values, side="left"), -1)
    said = [f"{edge:,.10g}" for edge in edges]
    if not said:
        return np.full(len(values), -1), ()
    middle = [f"above {a} up to {b}" for a, b in pairwise(said)]
    return codes, (f"up to {said[0]}", *middle, f"above {said[-1]}")


def _rounded(cuts: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Cut points on a round grid, so that they can be said and show no single value."""
    low, high = np.quantile(known, [0.1, 0.9])
    spread = float(high - low) or float(known.max() - known.min())
    unit = 10.0 ** floor(log10(spread))
    fine = next(unit / part for part in (10, 20, 50) if spread / (unit / part) >= policy.value("least_steps_of_bins"))
    return np.round(np.round(cuts / fine) * fine, 12)
