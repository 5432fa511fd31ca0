"""Columns that move on with time: months, weeks, years, batches and versions, which in later data are later ones."""

from __future__ import annotations

import calendar
import re

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.coverage import moments
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind

_MONTH, _YEAR = r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d{2}"
_PERIODS = (
    rf"{_YEAR}[-/. ]{_MONTH}", rf"{_MONTH}[-/. ]{_YEAR}", rf"{_YEAR}M{_MONTH}",
    rf"{_YEAR}[-/ ]?(?:W|KW|CW)[-/ ]?\d{{1,2}}", rf"(?:W|KW|CW)[-/ ]?\d{{1,2}}[-/ ](?:{_YEAR}|\d\d)",
    rf"{_YEAR}[-/ ]?[QHT][1-4]", rf"[QHT][1-4][-/ ]?(?:{_YEAR}|\d\d)", rf"[1-4]Q[-/ ]?(?:{_YEAR}|\d\d)",
    r"FY[-/ ]?\d{2,4}(?:[-/ ]?[A-Z]{1,2}\d{1,2})?", rf"{_YEAR}[-/]\d\d",
)  # fmt: skip
_PERIOD = re.compile("|".join(_PERIODS), re.IGNORECASE)
_NAMED = re.compile(r"([^\W\d_]{3,10})\.?(?:[-/ ']*\d{2,4})?")
_ONE_YEAR = re.compile(_YEAR)
_FIGURES = re.compile(r"\d+")
_OTHER_NAMES = (
    "sept januar februar märz mai juni juli oktober dezember jän mär mrz okt dez janvier février mars avril juin "
    "juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre "
    "octubre noviembre diciembre"
)
_MONTHS = frozenset(
    [name.casefold() for name in (*calendar.month_name[1:], *calendar.month_abbr[1:])] + _OTHER_NAMES.split()
)


def is_advancing(inspection: Inspection, column: str) -> bool:
    """Return whether other values are to be expected of later data: a column of periods, or one that rises with time.

    Like the time of a record such a column says when it was made; that other records were made at another time is no
    difference between the demo set and production.
    """

    def compute() -> bool:
        roles = inspection.sample.columns
        if column in (roles.label, roles.prediction, *roles.text) or inspection.kinds[column] is Kind.FREE_TEXT:
            return False
        values = [t for name, _ in inspection.sides() if inspection.has(name, column)
                  for t in inspection.filled_values(name, column)]  # fmt: skip
        return bool(values) and (are_periods(values) or _rises(inspection, column))

    return inspection.once(("advancing", column), compute)


def are_periods(values: list[str]) -> bool:
    """Return whether values are months, weeks, quarters or a few years in a row.

    Years far apart are years of birth or building, which may well differ between two samples.

    Examples
    --------
    >>> [are_periods(v) for v in (["2026-03"], ["Q1/26", "Q2/26"], ["Mar", "Apr"], ["2025", "2026"], ["1950", "2001"])]
    [True, True, True, True, False]
    >>> are_periods(["may", "must"]), are_periods(["2026-W07", "FY26-P03"]), are_periods(["12.5"])
    (False, True, False)
    """
    stripped = list(dict.fromkeys(t.strip() for t in values))
    years = [int(t) for t in stripped if _ONE_YEAR.fullmatch(t)]
    least = policy.value("dominant_code_share") * len(stripped)
    if years and max(years) - min(years) < policy.value("most_years_in_a_row") and len(years) >= least:
        return True
    return sum(map(_is_period, stripped)) >= least


def _is_period(text: str) -> bool:
    named = _NAMED.fullmatch(text)
    return bool(_PERIOD.fullmatch(text)) or (named is not None and named[1].casefold() in _MONTHS)


def _rises(inspection: Inspection, column: str) -> bool:
    """Whether the figures of a column rise with time on each side where they are not all the same."""
    if inspection.kinds[column] not in (Kind.NUMBER, Kind.CODE, Kind.KEY, Kind.CATEGORY, Kind.TEXT):
        return False
    sides = {name: _figures(inspection, name, column) for name, _ in inspection.sides() if inspection.has(name, column)}
    if any(ranks is None for ranks in sides.values()):
        return False
    codes = pd.factorize(pd.Series([t for rows in sides.values() for t in rows.tolist()]), sort=True)[0]
    parts = dict(zip(sides, np.split(codes, np.cumsum([len(s) for s in sides.values()])[:-1]), strict=True))
    orders = {name: _order(inspection, name, column) for name in parts}
    told = [_rise(parts[name], orders[name][0]) for name in parts]
    if not any(told) or any(t is False for t in told):
        return False
    # rows that only a sorting brought in order lie within the same values on both sides
    return all(is_timed for _, is_timed in orders.values()) or _one_after_the_other(list(parts.values()))


def _figures(inspection: Inspection, name: str, column: str) -> pd.Series | None:
    """The whole numbers within each value, where nearly all values differ in nothing else."""
    cells = inspection.texts(name, column)[inspection.filled(name, column)]
    unique = {t: tuple(int(f) for f in _FIGURES.findall(t)[:4]) for t in cells.unique()}
    written = pd.Series([_FIGURES.sub("9", t.strip()) for t in unique], dtype="str")
    if not len(written) or (written != written.mode().iloc[0]).any() or "9" not in written.iloc[0]:
        return None
    if inspection.kinds[column] is Kind.NUMBER and written.iloc[0] != "9":  # decimals are measured
        return None
    return cells.map(unique)


def _order(inspection: Inspection, name: str, column: str) -> tuple[np.ndarray, bool]:
    """Place of each value in time, or among the rows where no time is known."""
    filled = inspection.filled(name, column)
    if inspection.sample.columns.time and inspection.has(name, inspection.sample.columns.time):
        when = moments(inspection, name)[0][filled]
        if not np.isnat(when).all():
            return np.where(np.isnat(when), np.nan, when.astype(np.int64)), True
    return np.flatnonzero(filled).astype(float), False


def _rise(codes: np.ndarray, order: np.ndarray) -> bool | None:
    """Whether values rise with their order; None where they are all the same."""
    from scipy import stats  # slow to load

    known = ~np.isnan(order)
    if known.sum() < policy.value("least_values_for_shift"):
        return False
    if len(np.unique(codes[known])) < 2:
        return None
    codes, order = codes[known], order[known]
    if len(np.unique(order)) < 2:
        return False
    # a few versions, each in many records, leave ties: what counts is how close to fully sorted they are
    most = stats.spearmanr(np.sort(codes), np.sort(order)).statistic
    return bool(stats.spearmanr(codes, order).statistic >= policy.value("identifier_order") * most)


def _one_after_the_other(parts: list[np.ndarray]) -> bool:
    if len(parts) < 2:
        return False
    first, second = sorted(parts, key=np.median)
    return bool(first.max() <= second.min())
