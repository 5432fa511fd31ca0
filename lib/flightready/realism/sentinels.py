"""Numbers that stand for a missing value: usual ones, runs of one digit, negatives and crowds where none belong."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.numerals import numeral, read_numbers


class _Column(NamedTuple):
    """Different numbers of a column with the number of their records."""

    values: np.ndarray
    n: np.ndarray
    usual: np.ndarray
    runs: np.ndarray
    signed: np.ndarray
    rest: np.ndarray
    is_whole: np.ndarray


def outlying_sentinels(counts: pd.Series) -> set[str]:
    """Return the values of a number column that stand apart from all others as placeholders do.

    Usual ones (9999, -1) and runs of one digit (8888) once they are far out, or crowd a column that hardly repeats;
    a few negative values that repeat where nothing else is below zero; any value that repeats far beyond all others.

    Parameters
    ----------
    counts : Series of int, indexed by value
    """
    unique = pd.Series(counts.index, dtype="str")
    column = _column(unique, counts.to_numpy())
    if column.rest.sum() < policy.value("least_distinct_numbers"):
        return set()
    return set(unique[_above(column) | _below(column)])


def is_run(value: float) -> bool:
    """Return whether a number is one digit over and over, or a largest number of a machine.

    Examples
    --------
    >>> [is_run(v) for v in (8888, 55555.55, 2147483647, 88, 8.88, 999.99)]
    [True, True, True, False, False, False]
    """
    if np.isnan(value):
        return False
    least = policy.value("least_digits_of_a_run")
    if value != int(value):  # a price may be 9.99 or 999.99
        digits = f"{value:.2f}".replace(".", "")
        return len(set(digits)) == 1 and digits[0] != "9" and len(digits) > least + 1 and value == round(value, 2)
    digits = str(int(value))
    return (len(digits) >= least and len(set(digits)) == 1) or int(value) in policy.value("machine_limits")


def _column(unique: pd.Series, n: np.ndarray) -> _Column:
    values = read_numbers(unique)
    is_number = ~np.isnan(values)
    usual = np.isin(values, policy.value("number_sentinels"))
    runs = np.array([is_run(v) for v in np.abs(values)], dtype=bool) & ~usual
    # a negative in brackets or with the minus behind is a stray format, no sign of negative values
    signed = values < 0
    signed[signed] = [numeral(t).minus == "before" for t in unique[signed]]
    rest = is_number & ~usual & ~runs & (values >= 0)
    return _Column(values, n, usual, runs, signed, rest, unique.str.fullmatch(r"\s*-?\d+\s*").to_numpy(dtype=bool))


def _above(column: _Column) -> np.ndarray:
    values, n, rest = column.values, column.n, column.rest
    top = float(values[rest].max())
    far = values >= policy.value("sentinel_distance") * max(top, 0)
    hardly_repeats = rest.sum() >= policy.value("near_unique_share") * n[rest].sum()
    least = policy.value("least_repeats_of_a_sentinel")
    found = (values > top) & ((column.usual & far) | (column.runs & far & (n > 1)))
    if hardly_repeats:
        crowd = max(least, policy.value("crowd_beside_others") * int(n[rest].max()))
        often = n >= np.where(values > top, least, crowd)
        found |= (column.usual | column.runs) & (values > 0) & often
        found |= _repeated_beyond(values, n, rest)
    return found


def _below(column: _Column) -> np.ndarray:
    """Negative values that are few and repeat, or are whole where all others have decimals."""
    n, negative = column.n, column.signed & ~column.usual & ~column.runs
    few, least = policy.value("most_found_sentinels"), policy.value("least_repeats_of_a_sentinel")
    is_lone = negative.sum() <= few and bool((n[negative] >= least).all())
    decimals = 1 - n[column.rest & column.is_whole].sum() / n[column.rest].sum()
    is_odd = (
        decimals >= policy.value("dominant_code_share")
        and bool(column.is_whole[negative].all())
        and n[negative].sum() >= 2 * negative.sum()
        and negative.sum() <= 2 * few
    )
    return column.signed & (is_lone or is_odd) & (column.usual | (n > 1) | is_odd)


def _repeated_beyond(values: np.ndarray, n: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """The largest values, if each repeats and all lie far beyond the others."""
    order = np.flatnonzero(rest)[np.argsort(values[rest], kind="stable")[::-1]]
    found = np.zeros(len(values), dtype=bool)
    for k in range(min(policy.value("most_found_sentinels"), len(order) - 1), 0, -1):
        apart = values[order[k - 1]] >= policy.value("sentinel_distance") * values[order[k]] > 0
        if apart and (n[order[:k]] >= policy.value("least_sentinel_count")).all():
            found[order[:k]] = True
            break
    return found
