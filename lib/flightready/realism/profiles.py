"""What the values of a column are like, to recognise it under another name or in another type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.masks import shape
from flightready.realism.numerals import read_numbers
from flightready.realism.parsing import read_times


@dataclass(frozen=True)
class Content:
    """Content of one column in one file or side.

    Parameters
    ----------
    n : int
        Values that are not missing.
    numbers, times : float
        Share of them that reads as a number, as a time.
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
    numbers: float
    times: float
    words: dict[str, float]
    masks: dict[str, float]
    low: float
    high: float
    distinct: float

    @property
    def type(self) -> str:
        """Plain name of what nearly all values are, "" where no type leads."""
        clear, hardly = policy.value("dominant_code_share"), 1 - policy.value("dominant_code_share")
        if self.times >= clear:
            return "dates"
        if self.numbers >= clear:
            return "numbers"
        return "text" if max(self.numbers, self.times) <= hardly else ""


def content(texts: pd.Series) -> Content:
    """Return what the values of a column are like; of many values an evenly spread part is looked at."""
    most, n = policy.value("values_looked_at_for_content"), len(texts)
    looked = texts.iloc[:: max(1, -(-n // most))].str.strip()
    numbers = read_numbers(looked)
    is_number = ~np.isnan(numbers)
    rest = looked[~is_number]
    times = float((~np.isnat(read_times(rest).values)).sum()) / max(1, len(looked))
    low, high = np.quantile(numbers[is_number], [0.25, 0.75]) if is_number.any() else (np.nan, np.nan)
    return Content(
        n, float(is_number.mean()) if n else 0.0, times, _leading(looked.str.casefold()),
        _leading(looked.map({t: shape(t) for t in looked.unique()})), float(low), float(high),
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


def retyped(before: Content, now: Content) -> str:
    """Return how the type of a column differs in words, or "" where it does not or cannot be told."""
    if not before.type or not now.type or before.type == now.type:
        return ""
    return f"{now.type} instead of {before.type}"


def _leading(texts: pd.Series) -> dict[str, float]:
    counts = texts.value_counts().iloc[: policy.value("most_classes")]
    return {str(t): int(n) / len(texts) for t, n in counts.items()}
