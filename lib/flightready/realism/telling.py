"""How many more records would show a difference that these records do not: honest words at two hundred rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, log10

import numpy as np

from flightready import policy
from flightready.realism.outcome import Contrast, Defect, Rate
from flightready.realism.result import RealismResult

_PARTS = 25  # equally likely counts of the other side over which power is averaged
_CLOSE = 1.02  # the search ends within two per cent


@dataclass(frozen=True)
class Telling:
    """What would show the difference that was seen, if it is the true one.

    Parameters
    ----------
    raw : int, optional
        Further raw records at the same demo set; None when no number of them would do.
    demo : int, optional
        Further demo records at the same raw sample; None when no number of them would do.
    """

    raw: int | None
    demo: int | None


def rows_to_tell(defect: Defect, *, level: float) -> Telling | None:
    """Return how many further records would show a defect to be more frequent in raw data than in the demo set.

    Exact test of two rates, `power_of_detection`, both true rates as they were seen. Rounded up to two digits.

    Parameters
    ----------
    defect : Defect
        Compared, and not shown to be worse.
    level : float
        One-sided p-value that has to be reached; see `level_of`.

    Returns
    -------
    Telling or None
        None where nothing is compared, where the comparison is by permutation, or where raw is not above the demo set.

    Source
    ------
    Casagrande, Pike and Smith 1978 (power of Fisher's exact test).
    """
    raw, demo = defect.raw, defect.curated
    if defect.worse is not False or raw is None or demo is None or defect.difference_interval is None:
        return None
    if raw.share <= demo.share:
        return None
    more_raw = _grown(lambda n: power(raw.share, n, demo.share, demo.n, level), raw.n)
    more_demo = _grown(lambda m: power(raw.share, raw.n, demo.share, m, level), demo.n)
    return Telling(more_raw, more_demo)


def level_of(result: RealismResult, defect: Defect) -> float:
    """Return the p-value at which a defect would be shown: its column's share of the budget over its comparisons.

    Columns that are already found different leave more of the budget to the next one (Benjamini and Hochberg 1995).
    """
    tested = [d for d in result.defects if d.p_value is not None and (d.effect or any(_hits(d)))]
    return _share_of_budget(defect.column, [(d.column, bool(d.worse)) for d in tested])


def _hits(defect: Defect) -> tuple[int, ...]:
    return tuple(r.hits for r in (defect.raw, defect.curated) if r is not None)


def _share_of_budget(column: str, tested: list[tuple[str, bool]]) -> float:
    columns, shown = {c for c, _ in tested} | {column}, {c for c, real in tested if real} | {column}
    in_column = max(1, sum(c == column for c, _ in tested))
    return policy.value("false_discovery_budget") * len(shown) / len(columns) / in_column


def records_to_contrast(result: RealismResult, contrast: Contrast) -> int | None:
    """Return how many further records, in the same proportion, would show two parts to differ as these seem to.

    Returns
    -------
    int or None
        Rounded up to two digits; None for a shift, for equal rates, or when no number up to `most_rows_to_tell` would.
    """
    inside, outside = contrast.inside, contrast.outside
    if contrast.is_different or inside is None or outside is None or inside.share == outside.share:
        return None
    level = _share_of_budget(contrast.column, [(c.column, c.is_different) for c in result.contrasts]) / 2
    higher, lower = sorted((inside, outside), key=lambda r: -r.share)
    return _grown(lambda n: _of_both(higher, lower, n, level), inside.n + outside.n)


def _of_both(higher: Rate, lower: Rate, total: int, level: float) -> float:
    n = max(1, round(total * higher.n / (higher.n + lower.n)))
    return power(higher.share, n, lower.share, max(1, total - n), level)


@cache
def power(share: float, n: int, other_share: float, m: int, level: float) -> float:
    """Return the chance that the exact one-sided test shows the first rate to be above the second.

    Parameters
    ----------
    share, other_share : float
        True rates, 0 to 1.
    n, m : int
        Records, at least 1.
    level : float
        p-value that has to be reached.

    Examples
    --------
    >>> round(power(0.02, 200, 0.0, 600, 0.05 / 12), 2)  # four hits or more: Poisson(4) gives .57
    0.57
    """
    from scipy import stats  # slow to load

    others = np.unique(stats.binom.ppf((np.arange(_PARTS) + 0.5) / _PARTS, m, other_share), return_counts=True)
    needed = _least_hits(others[0], n, m, level)
    return float(others[1] @ stats.binom.sf(needed - 1, n, share) / _PARTS)


def _least_hits(others: np.ndarray, n: int, m: int, level: float) -> np.ndarray:
    """Fewest hits that are significant beside so many hits of the other side; n + 1 when none are."""
    low, high = np.zeros(len(others)), np.full(len(others), n + 1.0)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        is_enough = _tail(middle, others, n, m) <= level
        low, high = np.where(is_enough, low, middle), np.where(is_enough, middle, high)
    return high


def _tail(hits: np.ndarray, others: np.ndarray, n: int, m: int) -> np.ndarray:
    """Chance of so many hits or more among the first n records; quick laws stand in for the exact one in large ones."""
    from scipy import stats  # slow to load

    total, marked = n + m, hits + others
    if total <= policy.value("most_records_for_exact_power"):
        return stats.hypergeom.sf(hits - 1, total, marked, n)
    # few hits: each falls on either side by itself; many: the normal law with a half for continuity
    share, left = marked / total, (total - marked) / (total - 1)
    spread = np.sqrt(np.maximum(marked * (n / total) * (m / total) * left, np.finfo(float).tiny))
    normal = stats.norm.sf((hits - 0.5 - marked * n / total) / spread)
    return np.where(share < policy.value("rare_share_for_power"), stats.binom.sf(hits - 1, marked, n / total), normal)


def _grown(chance: Callable[[int], float], now: int) -> int | None:
    """Further records until the chance reaches the usual power, rounded up to two digits; None when they never do."""
    wanted, most = policy.value("power_of_detection"), policy.value("most_rows_to_tell")
    low = high = max(1, now)
    while chance(high) < wanted:
        if high >= most:
            return None
        low, high = high, min(2 * high, most)
    while high > _CLOSE * low and high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle) >= wanted else (middle, high)
    return _two_digits(max(1, high - now))


def _two_digits(rows: int) -> int:
    unit = 10 ** max(0, floor(log10(rows)) - 1)
    return ceil(rows / unit) * unit
