"""Which decimal mark the number columns of a file prove."""

from __future__ import annotations

import pandas as pd

from flightready import policy
from flightready.realism.parsing import number_style

_FIRST = 50  # values that show whether a column can be one of numbers


def decimal_mark(frame: pd.DataFrame) -> str:
    """Return point or comma, both where neither is rare, and "" where no column of numbers proves one.

    A thousand written `1.234` or `1,234` proves nothing.

    Examples
    --------
    >>> decimal_mark(pd.DataFrame({"a": ["1,5", "2,25"], "b": ["3", "x.y"]}, dtype="str"))
    'comma'
    """
    seen = {"point": 0, "comma": 0}
    rows = frame.iloc[: policy.value("values_looked_at_for_kind")]
    for column in frame.columns:
        texts = rows[column].dropna()
        texts = texts[texts != ""]
        least = policy.value("least_share_of_kind")
        if texts.empty or _styles(texts.iloc[:_FIRST]).astype(bool).mean() < least / 2:
            continue
        styles = _styles(texts)
        if styles.astype(bool).mean() >= least:
            for mark in seen:
                seen[mark] += int(styles.str.startswith(mark).sum())
    total = sum(seen.values())
    if not total:
        return ""
    leading = max(seen, key=lambda mark: seen[mark])
    return leading if seen[leading] >= policy.value("least_share_of_decimal_mark") * total else "both"


def _styles(texts: pd.Series) -> pd.Series:
    styles = {t: number_style(t) for t in texts.unique()}
    return texts.map(styles).astype("str")
