"""The different values of a column: what is asked of a value is asked once, however often the value occurs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd


def distinct(texts: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return for each row the place of its value among the different ones, -1 where it is NA, and these values.

    Examples
    --------
    >>> distinct(pd.Series(["b", None, "a", "b"], dtype="str"))
    (array([ 0, -1,  1,  0]), ['b', 'a'])
    """
    codes, different = pd.factorize(texts)
    return codes, different.tolist()


def passes(texts: pd.Series, test: Callable[[str], bool]) -> np.ndarray:
    """Return which values pass a test, shape (rows,); NA never does.

    Examples
    --------
    >>> passes(pd.Series(["b", None, "2"], dtype="str"), str.isdigit)
    array([False, False,  True])
    """
    codes, different = distinct(texts)
    return np.array([*map(test, different), False], dtype=bool)[codes]  # the last one is what -1 picks
