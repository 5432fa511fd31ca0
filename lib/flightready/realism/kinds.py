"""What kind of column each is, by its role and by all its values: detectors ask different things of each kind."""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from flightready import policy
from flightready.assessment.schema import Columns
from flightready.realism.distinct import passes
from flightready.realism.masks import shapes
from flightready.realism.parsing import number_style, read_times


class Kind(StrEnum):
    """Kind of a column."""

    KEY = "key"
    TIME = "time"
    NUMBER = "number"
    CODE = "code"
    CATEGORY = "category"
    TEXT = "short text"
    FREE_TEXT = "free text"
    EMPTY = "empty"


def kind_of(texts: pd.Series, column: str, roles: Columns) -> Kind:
    """Return the kind of a column.

    Parameters
    ----------
    texts : Series of str
        All its values on both sides, missing and disguised ones left out.
    column : str
        Its shared name.
    roles : Columns
        Roles that the assessment gives to columns.
    """
    if column in roles.text:
        return Kind.FREE_TEXT
    if not len(texts):
        return Kind.EMPTY
    if len(texts) > (most := policy.value("values_looked_at_for_kind")):
        texts = texts.iloc[:: -(-len(texts) // most)]
    if column == roles.id:
        return Kind.KEY
    least = policy.value("least_share_of_kind")
    # digits alone may be seconds since 1970; only the assessment can say so
    is_date_like = column == roles.time or not texts.str.fullmatch(r"[\d.]+").mean() >= least
    if is_date_like and pd.notna(read_times(texts).values).mean() >= least:
        return Kind.TIME
    if passes(texts, lambda text: bool(number_style(text))).mean() >= least:
        return Kind.NUMBER
    return _kind_of_words(texts)


def _kind_of_words(texts: pd.Series) -> Kind:
    masks = texts.map(shapes(texts.unique()))
    words = texts.str.count(r"\S+").mean()
    is_varied = masks.nunique() > policy.value("free_text_mask_share") * len(texts)
    if words >= policy.value("least_words_of_free_text") and (
        is_varied or texts.nunique() > policy.value("near_unique_share") * len(texts)
    ):
        return Kind.FREE_TEXT
    has_digit = texts.str.contains(r"\d").mean() >= policy.value("dominant_code_share")
    if has_digit and masks.value_counts(normalize=True).iloc[0] >= policy.value("dominant_code_share"):
        is_key = texts.nunique() >= policy.value("least_distinct_share_of_key") * len(texts)
        return Kind.KEY if is_key else Kind.CODE
    return Kind.CATEGORY if texts.nunique() <= policy.value("near_unique_share") * len(texts) else Kind.TEXT
