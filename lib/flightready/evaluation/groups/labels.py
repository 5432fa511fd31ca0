"""Which group of people each scored record belongs to: spellings merged, missing ones apart, rare ones together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.evaluation.classes import may_be_shown
from flightready.evaluation.number_bins import bins
from flightready.evaluation.scoring import Scored
from flightready.realism.defects.personal_data import NAME_FORM, name_columns, scan
from flightready.realism.distinct import distinct
from flightready.realism.inspection import Inspection
from flightready.realism.parsing import read_numbers

NOT_GIVEN = "not given"
OTHERS = "other groups"


@dataclass(frozen=True)
class Labels:
    """Groups of one column, or of two together.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Place of each record's group in `names`; -1 where its file has no such column.
    names : tuple of str
        Safe to show; the largest group first, then `NOT_GIVEN` and `OTHERS`.
    is_named : tuple of bool
        False for `NOT_GIVEN` and `OTHERS`.
    """

    codes: np.ndarray
    names: tuple[str, ...]
    is_named: tuple[bool, ...]


def labels(scored: Scored, column: str, inspection: Inspection | None = None) -> Labels:
    """Return the group of each scored record.

    Variants in case and blanks are one group. Numbers of many values are put into bins. Groups of a handful of records
    are put together, as they may be slips, or name a person.

    Parameters
    ----------
    scored : Scored
    column : str
    inspection : Inspection, optional
        Knows which values stand for a missing one in this column; without it the usual words do.
    """
    applies = scored.side.applies(column)[scored.rows]
    texts = scored.texts(column)
    is_missing = _missing(scored, column, inspection)
    codes, different = distinct(texts)
    keys = [" ".join(t.split()).casefold() for t in different]
    if len(set(keys)) > policy.value("most_groups") and (found := _binned(scored, column, is_missing)):
        own, names = found
        names, named = list(names), [True] * len(names)
    else:
        own, names, named = _by_value(codes, different, keys, applies & ~is_missing, column)
        if is_private(inspection, column):
            names = [_unnamed(i, column) for i in range(len(names) - 1)] + [OTHERS]
    own = np.where(is_missing, len(names), own)
    return _ordered(np.where(applies, own, -1), [*names, NOT_GIVEN], [*named, False])


def is_private(inspection: Inspection | None, column: str) -> bool:
    """Whether a column of the raw records looks like names of people, or holds personal data in any value."""
    if inspection is None or not inspection.has("raw", column):
        return False
    return column in name_columns(inspection) or any(
        hit.any() for hit in scan(inspection, "raw").marks[column].values()
    )


def may_name_a_group(value: str, n: int) -> bool:
    """Whether the value of a group of n records may be shown: one that may name a person, only where many share it.

    Examples
    --------
    >>> may_name_a_group("R-12", 9), may_name_a_group("Ann Quill", 9), may_name_a_group("South East", 90)
    (True, False, True)
    """
    is_rare = n < policy.value("least_group_records")  # such a group is given no number either
    return may_be_shown(value, n) and not (is_rare and re.fullmatch(NAME_FORM, value))


def crossed(first: Labels, second: Labels) -> Labels:
    """Return the groups of two columns together; without both values a record is in no group.

    Examples
    --------
    >>> two = Labels(np.array([0, 1, 1]), ("a", "b"), (True, True))
    >>> crossed(two, Labels(np.array([0, 0, 1]), ("x", "not given"), (True, False))).names
    ('a, x', 'b, x')
    """
    width = len(second.names)
    both = (first.codes >= 0) & (second.codes >= 0)
    both &= np.array([*first.is_named, False])[first.codes] & np.array([*second.is_named, False])[second.codes]
    codes = np.where(both, first.codes * width + second.codes, -1)
    names = [f"{a}, {b}" for a in first.names for b in second.names]
    return _ordered(codes, names, [True] * len(names))


def _missing(scored: Scored, column: str, inspection: Inspection | None) -> np.ndarray:
    name = None
    if inspection is not None:
        name = next((n for n, side in inspection.sides() if side is scored.side), None)
    texts = scored.texts(column)
    blank = texts.isna().to_numpy(dtype=bool) | texts.fillna("").str.strip().eq("").to_numpy(dtype=bool)
    if name is not None:
        return blank | inspection.disguised(name, column)[scored.rows]
    return blank | texts.fillna("").str.strip().str.casefold().isin(policy.value("null_words")).to_numpy(dtype=bool)


def _binned(scored: Scored, column: str, is_missing: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]] | None:
    """Bins of a column of numbers, or None where it holds something else."""
    values = np.where(is_missing, np.nan, numbers(scored, column))
    if is_missing.all() or np.isfinite(values[~is_missing]).mean() < policy.value("least_share_of_kind"):
        return None
    codes, names = bins(values)
    return np.where(codes < 0, len(names), codes), (*names, OTHERS)


def numbers(scored: Scored, column: str) -> np.ndarray:
    """Return a column of the scored records as numbers, NaN where none is read; each system writes them its own way."""
    texts, values = scored.texts(column), np.full(len(scored), np.nan)
    for system in dict.fromkeys(scored.system):
        mine = scored.system == system
        values[mine] = read_numbers(texts[mine])
    return values


def _by_value(
    codes: np.ndarray, different: list[str], keys: list[str], counted: np.ndarray, column: str
) -> tuple[np.ndarray, list[str], list[bool]]:
    n = np.bincount(codes[counted], minlength=len(different))
    sizes: Counter[str] = Counter()
    for key, size in zip(keys, n.tolist(), strict=True):
        sizes[key] += size
    spelt: dict[str, str] = {}
    for place in np.argsort(-n, kind="stable"):  # the spelling that occurs most
        spelt.setdefault(keys[place], " ".join(different[place].split()))
    least = policy.value("least_label_repeats")
    kept = [k for k, size in sizes.most_common(policy.value("most_groups")) if size >= least]
    names = [spelt[k] if may_name_a_group(spelt[k], sizes[k]) else _unnamed(i, column) for i, k in enumerate(kept)]
    place_of = {k: i for i, k in enumerate(kept)}
    own = np.array([*(place_of.get(k, len(kept)) for k in keys), len(kept)])[codes]
    return own, [*names, OTHERS], [*([True] * len(kept)), False]


def _unnamed(place: int, column: str) -> str:
    return f"group {place + 1} of '{column}' (name not shown)"


def _ordered(codes: np.ndarray, names: list[str], named: list[bool]) -> Labels:
    """Largest first, without empty groups; those that are no group come last."""
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    order = sorted((i for i in range(len(names)) if sizes[i]), key=lambda i: (not named[i], -sizes[i], i))
    new = np.full(len(names) + 1, -1)
    new[order] = np.arange(len(order))
    is_named = tuple(named[i] and names[i] != OTHERS for i in order)
    return Labels(new[codes], tuple(names[i] for i in order), is_named)
