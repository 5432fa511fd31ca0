"""What the values of a column are like, to recognise it under another name or in another type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.masks import shapes
from flightready.realism.numerals import numeral, read_numbers
from flightready.realism.parsing import read_times


@dataclass(frozen=True)
class Content:
    """Content of one column in one file or side.

    Parameters
    ----------
    n : int
        Values that are not missing.
    type : str
        What nearly all of them are: dates, numbers or text; "" where no type leads.
    words : dict of str to float
        Most frequent values in lower case with their share.
    masks : dict of str to float
        Most frequent collapsed masks with their share.
    low, high : float
        Quartiles of the numbers, NaN without any.
    distinct : float
        Different values per value.
    """

    n: int
    type: str
    words: dict[str, float]
    masks: dict[str, float]
    low: float
    high: float
    distinct: float


def looked_at(texts: pd.Series) -> pd.Series:
    """Return an evenly spread part of many values."""
    return texts.iloc[:: max(1, -(-len(texts) // policy.value("values_looked_at_for_content")))]


def value_type(texts: pd.Series) -> str:
    """Return what nearly all values are: dates, numbers, text, or "" where no type leads.

    Examples
    --------
    >>> [value_type(pd.Series(v)) for v in (["1", "2.5"], ["2026-09-03"], ["a", "b"], ["1", "b"], [])]
    ['numbers', 'dates', 'text', '', '']
    """
    values = [t.strip() for t in looked_at(texts)]
    if not values:
        return ""
    clear = policy.value("dominant_code_share") * len(values)
    rest = [t for t in values if numeral(t) is None]
    numbers = len(values) - len(rest)
    with_digits = pd.Series([t for t in rest if not t.isalpha() and any(map(str.isdigit, t))], dtype="str")
    times = int((~np.isnat(read_times(with_digits).values)).sum())
    if times >= clear:
        return "dates"
    if numbers >= clear:
        return "numbers"
    return "text" if numbers + times <= len(values) - clear else ""


def content(texts: pd.Series) -> Content:
    """Return what the values of a column are like."""
    looked = looked_at(texts).str.strip()
    numbers = read_numbers(looked)
    known = numbers[~np.isnan(numbers)]
    low, high = np.quantile(known, [0.25, 0.75]) if known.size else (np.nan, np.nan)
    return Content(
        len(texts), value_type(texts), _leading(looked.str.casefold()),
        _leading(looked.map(shapes(looked.unique()))), float(low), float(high),
        looked.nunique() / max(1, len(looked)),
    )  # fmt: skip


def alike(one: Content, other: Content) -> float:
    """Return how alike two columns are by content, from 0 to 1.

    Numbers are alike where their middle halves overlap, repeated words where they are the same, all else by masks.
    """
    if one.type != other.type or not one.type:
        return 0.0
    if one.type == "numbers":
        width = max(one.high, other.high) - min(one.low, other.low)
        return max(0.0, min(one.high, other.high) - max(one.low, other.low)) / width if width > 0 else 1.0
    repeated = max(one.distinct, other.distinct) <= policy.value("near_unique_share")
    a, b = (one.words, other.words) if repeated else (one.masks, other.masks)
    return sum(min(share, b.get(t, 0.0)) for t, share in a.items())


def _leading(texts: pd.Series) -> dict[str, float]:
    counts = texts.value_counts().iloc[: policy.value("most_classes")]
    return {str(t): int(n) / len(texts) for t, n in counts.items()}
