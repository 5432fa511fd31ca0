"""The profile as Ibis expressions, the same on every engine.

Nothing is cast that could fail: PostgreSQL would abort the whole query.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from flightready import policy
from flightready.realism.population import patterns

_EARLIEST, _LATEST = dt.date(1000, 1, 1), dt.date(9999, 12, 30)


@ibis.udf.scalar.builtin
def md5(text: str) -> str:  # type: ignore[empty-body]
    """MD5 of a text in UTF-8, as 32 hex digits; every engine has it under this name."""


def kind(column: Any) -> str:
    """Return what a column holds: number, text, date, time, yes or no, other."""
    held = column.type()
    if held.is_numeric() and not held.is_boolean():
        return "number"
    named = (("text", held.is_string()), ("date", held.is_date()), ("time", held.is_timestamp()),
             ("yes or no", held.is_boolean()))  # fmt: skip
    return next((name for name, fits in named if fits), "other")


def aggregates(column: Any, *, is_key: bool, exact: bool, as_of: dt.date) -> dict[str, Any]:
    """Return the aggregates of one column by their names.

    Parameters
    ----------
    column : ibis Column
    is_key : bool
        Counted exactly, and its ends are left out.
    exact : bool
        Count different values and quantiles exactly.
    as_of : date
        What is later lies in the future.
    """
    # counted, and not asked for null: on Spark, Ibis takes not-a-number for null as well
    holds, found = kind(column), {"held": column.count()}
    if holds == "other":
        return found
    found["distinct"] = column.nunique() if exact or is_key else column.approx_nunique()
    if holds == "number":
        found |= _numbers(column, is_key=is_key, exact=exact)
    elif holds == "text":
        found |= _texts(column)
    elif holds in ("date", "time"):
        found |= _times(column, as_of)
    return found


def _numbers(column: Any, *, is_key: bool, exact: bool) -> dict[str, Any]:
    number = column.cast("float64")
    if not column.type().is_integer():  # not-a-number is greater than everything in every engine
        number = ibis.ifelse(number.abs() <= policy.value("population_largest_number"), number, ibis.null("float64"))
    found = {"finite": number.count()}
    if is_key:
        return found
    found |= {"least": number.min(), "largest": number.max(), "mean": number.mean(), "sd": number.std()}
    for share in policy.value("population_quantiles"):
        found[f"q{share}"] = number.quantile(share) if exact else number.approx_quantile(share)
    return found


def _texts(column: Any) -> dict[str, Any]:
    length = column.length()  # cast for its mean: PostgreSQL would answer in exact decimals
    return {
        "blank": column.re_search(patterns.BLANK).sum(),
        "null_words": column.lower().re_search(patterns.null_words()).sum(),
        "digits": column.re_search(patterns.DIGITS).sum(),
        "decimal_comma": column.re_search(patterns.DECIMAL_COMMA).sum(),
        "date_like": column.re_search(patterns.DATE_LIKE).sum(),
        "replaced": column.contains(patterns.LOST).sum(),
        "shortest": length.min(), "longest": length.max(), "mean_length": length.cast("float64").mean(),
    }  # fmt: skip


def _times(column: Any, as_of: dt.date) -> dict[str, Any]:
    known = ibis.ifelse(column.between(*_ends(column)), column, ibis.null(column.type()))
    return {"first": known.min(), "last": known.max(), "future": (column >= _after(column, as_of)).sum()}


def _ends(column: Any) -> tuple[Any, Any]:
    """The first and last day that every engine can hand over; PostgreSQL also knows infinity."""
    if column.type().is_date():
        return ibis.literal(_EARLIEST), ibis.literal(_LATEST)
    return tuple(ibis.literal(day.isoformat()).cast(column.type()) for day in (_EARLIEST, _LATEST))


def _after(column: Any, as_of: dt.date) -> Any:
    tomorrow = as_of + dt.timedelta(days=1)
    return ibis.literal(tomorrow) if column.type().is_date() else ibis.literal(tomorrow.isoformat()).cast(column.type())


def mask(column: Any) -> Any:
    """Return the shape of a text: runs of digits become 9, of letters A or a, of other signs beyond ASCII a dot."""
    for pattern, sign in patterns.CLASSES:
        column = column.re_replace(pattern, sign)
    return column


def month(column: Any, as_of: dt.date) -> Any:
    """Return the month of a date, time or text column as `2026-03`; null where none can be read or it is to come."""
    day = _day(column)
    if day is not None:
        return ibis.ifelse(day <= as_of.isoformat(), day.substr(0, 7), ibis.null("string"))
    is_past = column.between(*_ends(column)) & (column < _after(column, as_of))
    return ibis.ifelse(is_past, column, ibis.null(column.type())).strftime("%Y-%m")


def future(column: Any, as_of: dt.date) -> Any:
    """Return whether a date lies after the day of the assessment."""
    day = _day(column)
    return day > as_of.isoformat() if day is not None else column >= _after(column, as_of)


def _day(column: Any) -> Any:
    """Day of a text as `2026-03-31`: year first, or day first with dots; other orders cannot be told apart."""
    if not column.type().is_string():
        return None
    dotted = column.substr(6, 4).concat("-", column.substr(3, 2), "-", column.substr(0, 2))
    ways = ((patterns.ISO_DAY, column.substr(0, 10)), (patterns.DOTTED_DAY, dotted))
    return ibis.cases(*((column.re_search(pattern), day) for pattern, day in ways), else_=ibis.null("string"))


def fingerprint(columns: list[Any], seed: int) -> Any:
    """Return the MD5 of a row's key (or of all its columns) with the seed, as 32 hex digits."""
    text = columns[0].cast("string").fill_null("")
    for column in columns[1:]:
        text = text.concat("|", column.cast("string").fill_null(""))
    return md5(text.concat(f"|{seed}"))
