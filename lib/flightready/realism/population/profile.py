"""The profile of a population: a few aggregate queries that its own engine runs."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import ibis

from flightready import policy
from flightready.errors import InputError
from flightready.realism.population import expressions, patterns
from flightready.realism.population.connection import Population
from flightready.realism.population.result import ColumnFacts, Months, Numbers, PopulationProfile, Texts


def profile(
    population: Population, *, as_of: dt.date, key: str = "", time: str = "", exact: bool = False
) -> PopulationProfile:
    """Return the profile of a population; only aggregates leave its engine.

    Parameters
    ----------
    population : Population
    as_of : date
        Dates after it lie in the future.
    key, time : str, optional
        Id and time column; one that is not there is said in the notes.
    exact : bool
        Count different values and quantiles exactly, which takes longer and more memory.

    Raises
    ------
    InputError
        When the engine refuses, or there are too many columns.
    """
    table, notes = population.table, []
    _refuse_many_columns(population)
    for role, name in (("id", key), ("time", time)):
        if name and name not in table.columns:
            notes.append(f"the population has no column '{name}' ({role})")
    key = key if key in table.columns else ""
    n, facts = _columns(population, key=key, exact=exact, as_of=as_of)
    facts = [_with_values(population, f, n, is_key=f.column == key) for f in facts]
    keyed = next((f for f in facts if f.column == key), None)
    duplicates = n - keyed.nulls - (keyed.distinct or 0) if keyed and keyed.distinct is not None else None
    errors = {"distinct_error": "population_distinct_error", "quantile_error": "population_quantile_error"}
    stated = {name: 0.0 if exact else float(policy.value(rule)[population.engine]) for name, rule in errors.items()}
    months = _months(population, time, as_of, notes) if time in table.columns else None
    return PopulationProfile(
        population.source, population.engine_name, as_of, n, tuple(facts), key, duplicates, months, **stated,
        notes=tuple(notes),
    )  # fmt: skip


def _refuse_many_columns(population: Population) -> None:
    n, most = len(population.table.columns), policy.value("most_columns")
    if n > most:
        raise InputError(f"the population has {n:,} columns", where=population.where, valid=f"at most {most}",
                         cure="make a view of the columns that the pilot needs")  # fmt: skip


def _columns(population: Population, *, key: str, exact: bool, as_of: dt.date) -> tuple[int, list[ColumnFacts]]:
    """Rows, and the plain aggregates of every column: one query, or a few where the table is wide."""
    table = population.table
    wanted = {"n": table.count()}
    for i, name in enumerate(table.columns):
        found = expressions.aggregates(table[name], is_key=name == key, exact=exact, as_of=as_of)
        wanted |= {f"c{i}_{what}": e for what, e in found.items()}
    got: dict[str, Any] = {}
    for batch in _batches(list(wanted)):
        got |= population.rows(table.aggregate(**{name: wanted[name] for name in batch}))[0]
    counts_exactly = exact or not policy.value("population_distinct_error")[population.engine]
    facts = [
        _facts(name, expressions.kind(table[name]), _of_column(got, i), int(got["n"]),
               counts_exactly or name == key, is_key=name == key)
        for i, name in enumerate(table.columns)
    ]  # fmt: skip
    return int(got["n"]), facts


def _of_column(got: dict[str, Any], place: int) -> dict[str, Any]:
    return {name.split("_", 1)[1]: value for name, value in got.items() if name.startswith(f"c{place}_")}


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    size = policy.value("population_expressions_per_query")
    for start in range(0, len(names), size):
        yield names[start : start + size]


def _facts(name: str, holds: str, got: dict[str, Any], n: int, is_exact: bool, *, is_key: bool) -> ColumnFacts:
    nulls = n - _count(got["held"])
    # an estimate may exceed the number of values
    distinct = None if holds == "other" else min(_count(got["distinct"]), n - nulls)
    facts = ColumnFacts(name, holds, nulls, distinct, is_exact or holds == "other")
    if holds == "number":
        quantiles = {str(q): _number(got[f"q{q}"]) for q in policy.value("population_quantiles") if not is_key}
        ends = [None if is_key else _number(got[w]) for w in ("least", "largest", "mean", "sd")]
        return replace(facts, numbers=Numbers(*ends, quantiles, n - nulls - _count(got["finite"])))
    if holds == "text":
        counts = [_count(got[w]) for w in ("blank", "null_words", "digits", "decimal_comma", "date_like", "replaced")]
        lengths = [None if got[w] is None else int(got[w]) for w in ("shortest", "longest")]
        return replace(facts, texts=Texts(*counts, *lengths, _number(got["mean_length"]), {}, {}))
    if holds in ("date", "time"):
        return replace(facts, first=_date(got["first"]), last=_date(got["last"]), future=_count(got["future"]))
    return facts


def _with_values(population: Population, facts: ColumnFacts, n: int, *, is_key: bool) -> ColumnFacts:
    """Add what needs a query of its own: shapes and categories of short texts."""
    texts = facts.texts
    if texts is None or texts.mean_length is None or texts.mean_length > policy.value("population_longest_masked"):
        return facts
    column = population.table[facts.column]
    masks = _top(population, expressions.mask(column), column.notnull(), policy.value("population_most_masks"))
    categories = {}
    if not is_key and facts.distinct and facts.distinct <= policy.value("most_classes"):
        categories = _categories(population, column, n)
    return replace(facts, texts=replace(texts, masks=masks, categories=categories))


def _categories(population: Population, column: Any, n: int) -> dict[str, int]:
    """Names of categories that may be shown; the rule is applied in the engine, so that no other value leaves it."""
    short = (column.length() <= policy.value("longest_label")) & ~column.re_search(patterns.PERSONAL)
    least = max(policy.value("least_label_repeats"), math.ceil(n * policy.value("population_category_share")))
    return _top(population, column, column.notnull() & short, policy.value("most_classes_shown"), least=least)


def _top(population: Population, value: Any, kept: Any, most: int, *, least: int = 1) -> dict[str, int]:
    """The most frequent values of an expression with their rows; equal ones in the order of their text."""
    table = population.table.filter(kept)
    counted = table.group_by(value=value).aggregate(rows=table.count())
    leading = counted.filter(counted.rows >= least).order_by(ibis.desc("rows")).limit(4 * most)
    rows = sorted(population.rows(leading), key=lambda row: (-row["rows"], row["value"]))
    return {row["value"]: int(row["rows"]) for row in rows[:most]}


def _months(population: Population, time: str, as_of: dt.date, notes: list[str]) -> Months | None:
    column = population.table[time]
    if expressions.kind(column) not in ("text", "date", "time"):
        notes.append(f"'{time}' holds neither dates nor text, so no month can be told")
        return None
    marked = population.table.select(month=expressions.month(column, as_of), future=expressions.future(column, as_of))
    counted = marked.group_by("month").aggregate(rows=marked.count(), future=marked.future.sum())
    rows = population.rows(counted)
    found = {r["month"]: int(r["rows"]) for r in rows if r["month"] is not None}
    future = sum(_count(r["future"]) for r in rows)
    undated = sum(int(r["rows"]) for r in rows if r["month"] is None) - future
    return Months(time, _span(found), undated, future)


def _span(found: dict[str, int]) -> dict[str, int]:
    """Every month from the first to the last; a few stray rows at either end do not stretch the span."""
    stray = sum(found.values()) * policy.value("trimmed_time_share")
    names = sorted(found)
    ahead = list(accumulate(found[m] for m in names))
    behind = list(accumulate(found[m] for m in reversed(names)))[::-1]
    within = [m for m, a, b in zip(names, ahead, behind, strict=True) if a > stray and b > stray]
    if not within:
        return {}
    first, last = (int(m[:4]) * 12 + int(m[5:7]) - 1 for m in (within[0], within[-1]))
    every = [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(first, last + 1)]
    return {m: found.get(m, 0) for m in every}


def _count(value: Any) -> int:
    return int(value or 0)  # a sum over no rows is null


def _number(value: Any) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _date(value: Any) -> dt.date | None:
    return value.date() if isinstance(value, dt.datetime) else value
