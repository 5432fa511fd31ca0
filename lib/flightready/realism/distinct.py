"""The different values of a column: what is asked of a value is asked once, however often the value occurs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd

_WORD = re.compile(r"\w+")
_WORDS_ONLY = {i: chr(i) if chr(i).isalnum() or chr(i) == "_" else " " for i in range(128)}
_BETWEEN = "\U0010ffff"  # stands between values that are looked at together; no text holds this noncharacter


def distinct(texts: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return for each row the place of its value among the different ones, -1 where it is NA, and these values.

    Examples
    --------
    >>> distinct(pd.Series(["b", None, "a", "b"], dtype="str"))
    (array([ 0, -1,  1,  0]), ['b', 'a'])
    """
    codes, different = pd.factorize(texts)
    return codes, np.asarray(different, dtype=object).tolist()


def holders(texts: list[str], parts: Iterable[str]) -> set[int]:
    """Return the places of the texts that hold any of some parts, by looking through all texts at once.

    Examples
    --------
    >>> sorted(holders(["one", "two", "three", "neon"], ["ne", "tw"]))
    [0, 1, 3]
    """
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) != max(0, len(texts) - 1):
        return {i for i, text in enumerate(texts) if any(part in text for part in parts)}
    found: set[int] = set()
    ends = list(accumulate(len(text) + 1 for text in texts))
    for part in parts:
        at = joined.find(part)
        while at >= 0:
            place = bisect_right(ends, at)
            found.add(place)
            at = joined.find(part, ends[place])
    return found


def split_words(text: str) -> list[str]:
    r"""Return the runs of letters, digits and underscores of a text, as the pattern \w+ finds them.

    Examples
    --------
    >>> split_words("a_b, c-3!"), split_words("né ok")
    (['a_b', 'c', '3'], ['né', 'ok'])
    """
    return text.translate(_WORDS_ONLY).split() if text.isascii() else _WORD.findall(text)


def by_row(values: Iterable[Any], codes: np.ndarray) -> np.ndarray:
    """Return what holds (is not empty) of each different value for its rows, shape (rows,); NA has nothing.

    Examples
    --------
    >>> by_row([True, False], np.array([0, -1, 1, 0]))
    array([ True, False, False,  True])
    """
    return np.array([*map(bool, values), False], dtype=bool)[codes]  # the last one is what -1 picks


def passes(texts: pd.Series, test: Callable[[str], bool]) -> np.ndarray:
    """Return which values pass a test, shape (rows,); NA never does.

    Examples
    --------
    >>> passes(pd.Series(["b", None, "2"], dtype="str"), str.isdigit)
    array([False, False,  True])
    """
    codes, different = distinct(texts)
    return by_row(map(test, different), codes)
