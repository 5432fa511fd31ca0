"""What a column says as numbers or as categories, on both sides alike, for comparing whole distributions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.advancing import is_advancing
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.parsing import read_numbers

NUMBER, CATEGORY, LENGTH = "number", "category", "length"
_CATEGORIES = (Kind.CATEGORY, Kind.CODE)
_CLASSES = (Kind.CATEGORY, Kind.CODE, Kind.TEXT, Kind.KEY)


def measure_of(inspection: Inspection, column: str) -> str | None:
    """Return as what a column is compared: number, category or length of text; None for ids, times, periods and names.

    Ids, times and periods of another sample are others by nature; that is no drift.
    """
    roles, kind = inspection.sample.columns, inspection.kinds[column]
    if column in (roles.id, roles.time) or is_advancing(inspection, column):
        return None
    if kind is Kind.NUMBER:
        return None if is_counter(inspection, column) else NUMBER
    if kind is Kind.FREE_TEXT:
        return LENGTH
    is_class = column in (roles.label, roles.prediction, *roles.group)
    return CATEGORY if kind in (_CLASSES if is_class else _CATEGORIES) else None


def compared_as(measure: str) -> str:
    """Return in plain words what of a column is compared."""
    return {NUMBER: "level and spread of numbers", CATEGORY: "mix of categories", LENGTH: "length of texts"}[measure]


def numbers(inspection: Inspection, name: str, column: str) -> np.ndarray:
    """Return the numbers of a column on one side, shape (rows,); NaN where there is none.

    Each system is read by itself, because one may write decimal commas where another writes points.
    """
    return inspection.once(("numbers", name, column), lambda: _numbers(inspection, name, column))


def _numbers(inspection: Inspection, name: str, column: str) -> np.ndarray:
    side = inspection.side(name)
    values = np.full(len(side), np.nan)
    if inspection.has(name, column):
        filled = inspection.filled(name, column)
        for system in side.systems:
            rows = filled & side.of(system)
            values[rows] = read_numbers(inspection.texts(name, column)[rows])
    return values


def lengths(inspection: Inspection, name: str, column: str) -> np.ndarray:
    """Return the number of characters of each text on one side, shape (rows,); NaN where there is none."""
    values = np.full(len(inspection.side(name)), np.nan)
    if inspection.has(name, column):
        filled = inspection.filled(name, column)
        values[filled] = inspection.texts(name, column)[filled].str.strip().str.len()
    return values


def quantities(inspection: Inspection, name: str, column: str) -> np.ndarray:
    """Return numbers or lengths of text on one side, shape (rows,); NaN where there is none."""
    read = lengths if measure_of(inspection, column) == LENGTH else numbers
    return read(inspection, name, column)


def categories(inspection: Inspection, column: str) -> tuple[dict[str, np.ndarray], int]:
    """Return the category of each record by side, shape (rows,), -1 for none, and the number of categories.

    Case and blanks around a value do not make another category; such variants are a defect of their own.
    """
    return inspection.once(("categories", column), lambda: _categories(inspection, column))


def _categories(inspection: Inspection, column: str) -> tuple[dict[str, np.ndarray], int]:
    parts = {}
    for name, side in inspection.sides():
        texts = pd.Series(np.nan, index=range(len(side)), dtype="str")
        if inspection.has(name, column):
            filled = inspection.filled(name, column)
            cells = inspection.texts(name, column).reset_index(drop=True)
            texts = cells.where(filled).map({t: t.strip().casefold() for t in cells[filled].unique()})
        parts[name] = texts
    codes, unique = pd.factorize(pd.concat(list(parts.values()), ignore_index=True))
    ends = np.cumsum([len(p) for p in parts.values()])[:-1]
    return dict(zip(parts, np.split(codes, ends), strict=True)), len(unique)


def is_counter(inspection: Inspection, column: str) -> bool:
    """Whether numbers only name their record: whole, hardly repeated, and of one length or rising with the records."""
    from scipy import stats  # slow to load

    sides = [v[~np.isnan(v)] for v in (numbers(inspection, name, column) for name, _ in inspection.sides())]
    pooled = np.concatenate(sides)
    if not len(pooled) or (pooled != np.floor(pooled)).any() or (pooled <= 0).any():
        return False
    if len(np.unique(pooled)) < policy.value("least_distinct_share_of_key") * len(pooled):
        return False
    digits = np.unique(np.floor(np.log10(pooled)))
    if len(digits) == 1 and digits[0] + 1 >= policy.value("identifier_digits"):
        return True
    longest = max(sides, key=len)
    if len(longest) < policy.value("least_values_for_shift"):
        return False
    return abs(stats.spearmanr(longest, np.arange(len(longest))).statistic) >= policy.value("identifier_order")
