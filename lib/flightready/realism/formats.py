"""Formats of a column: how its dates, numbers and codes are written, as classes that can be counted and compared."""

from __future__ import annotations

import re

import pandas as pd

from flightready.realism.kinds import Kind
from flightready.realism.masks import shape
from flightready.realism.parsing import number_style

_FRACTION = re.compile(r"(:\d{2})[.,]\d+")
_UNIT = " with unit"
NOT_A_NUMBER = "not a number"


def formats(texts: pd.Series, kind: Kind) -> pd.Series:
    """Return the format class of each value, NA where there is none.

    Dates and words give their collapsed mask (fractions of a second do not count), numbers their style.

    Examples
    --------
    >>> list(formats(pd.Series(["03.09.2026", "2026-09-03"], dtype="str"), Kind.TIME))
    ['9.9.9', '9-9-9']
    """
    if kind is Kind.NUMBER:
        classes = {t: number_style(t) or NOT_A_NUMBER for t in texts.dropna().unique()}
    elif kind is Kind.TIME:
        classes = {t: shape(_FRACTION.sub(r"\1", t)) for t in texts.dropna().unique()}
    else:
        classes = {t: shape(t) for t in texts.dropna().unique()}
    return texts.map(classes)


def leading_number_style(styles: pd.Series) -> str:
    """Return the style that most numbers show; whole numbers and `1.234` fit decimal points and commas alike.

    Examples
    --------
    >>> leading_number_style(pd.Series(["plain", "plain", "comma", "not a number"]))
    'comma'
    """
    telling = styles[~styles.isin(["plain", "either", NOT_A_NUMBER])]
    return str(telling.value_counts().index[0]) if len(telling) else "plain"


def fits_number_style(styles: pd.Series, leading: str) -> pd.Series:
    """Return which number styles agree with the leading one."""
    with_unit = _UNIT if leading.endswith(_UNIT) else ""
    return styles.isin([leading, f"plain{with_unit}", f"either{with_unit}"])
