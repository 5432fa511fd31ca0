"""Words and days that usually stand for a missing value, but are values of their column: NA beside DE, none, 9999."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.kinds import Kind
from flightready.realism.masks import character_classes, shape

_WORDS = (Kind.CATEGORY, Kind.TEXT)
_SHARED = (*_WORDS, Kind.CODE, Kind.TIME)


def common_in_demo(curated: pd.Series, kind: Kind) -> set[str]:
    """Return the values that the demo set commonly holds, so that they are values whatever they look like.

    Parameters
    ----------
    curated : Series of str
        Values of the demo set that are not empty.
    kind : Kind
        Numbers and long texts have no such values.
    """
    if kind not in _SHARED or not len(curated):
        return set()
    counts = curated.value_counts()
    least = max(policy.value("least_repeats_of_a_sentinel"), policy.value("least_share_of_a_demo_value") * len(curated))
    return set(counts.index[counts >= least])


def listed_in_use(counts: pd.Series, listed: Collection[str], kind: Kind) -> set[str]:
    """Return the listed words that are a value of their column by what stands beside them.

    A code of two letters among codes of two letters; a word that looks like a category and is as frequent as the other
    categories; a single name among names that hardly repeat.

    Parameters
    ----------
    counts : Series of int, indexed by value
        Records of both sides.
    listed : collection of str
        Values that a list calls stand-ins.
    kind : Kind
        Of the other values.

    Examples
    --------
    >>> countries = pd.Series({"DE": 90, "NA": 4, "FR": 50, "N/A": 3})
    >>> listed_in_use(countries, ["NA", "N/A"], Kind.CATEGORY)
    {'NA'}
    """
    others = counts[~counts.index.isin(list(listed))]
    if kind not in _WORDS or not len(others):
        return set()
    if kind is Kind.TEXT:
        return _names(counts, others, listed)
    codes = _common_mask(others)
    usual = policy.value("least_share_of_a_sibling") * _usual_count(others)
    shapes = {shape(t) for t in counts.index if t not in listed or _is_sign(t)}
    return {
        t for t in listed
        if (codes and character_classes(t) == codes)
        or (counts[t] >= max(usual, policy.value("least_repeats_of_a_sentinel")) and _looks_alike(t, shapes, others))
    }  # fmt: skip


def _common_mask(others: pd.Series) -> str:
    """The mask that all other values share when they are short codes; else nothing."""
    masks = {character_classes(t) for t in others.index}
    mask = next(iter(masks))
    is_code = len(masks) == 1 and len(others) > 1 and len(mask) <= policy.value("longest_category_code")
    return mask if is_code else ""


def _usual_count(others: pd.Series) -> float:
    """Records of the category that the middle record belongs to; a long tail of rare words does not count."""
    ordered = np.sort(others.to_numpy())
    return float(ordered[np.searchsorted(np.cumsum(ordered), ordered.sum() / 2)])


def _looks_alike(text: str, shapes: set[str], others: pd.Series) -> bool:
    """Whether a word is written like a category of the column, or a sign stands beside another sign."""
    if _is_sign(text):
        return any(_is_sign(t) for t in others.index)
    return shape(text) in shapes


def _is_sign(text: str) -> bool:
    return len(text) == 1 and not text.isalnum()


def _names(counts: pd.Series, others: pd.Series, listed: Collection[str]) -> set[str]:
    """The only listed word of a column of names, written like nearly all of them and no more frequent."""
    if len(listed) != 1:
        return set()
    text = next(iter(listed))
    alike = [shape(t) == shape(text) for t in others.index]
    is_name = text.istitle() and np.mean(alike) >= policy.value("least_share_of_kind")
    return {text} if is_name and counts[text] <= others.max() else set()
