"""A sample drawn inside the engine: the rows whose key has the smallest hash, the same on every engine.

The hash of a key and a seed is as good as chance, and needs no random generator, which Spark cannot repeat. Rows of one
key (or, without a key, equal rows) share a hash and come or stay together.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
from dataclasses import dataclass, field
from typing import Any

import ibis

from flightready import policy
from flightready.errors import InputError, nearest
from flightready.realism.population.connection import Population
from flightready.realism.population.expressions import fingerprint

_HEX_DIGITS = 12  # of a threshold; 48 bits tell rows apart beyond any table
_HASH, _TIE = "flightready_hash", "flightready_tie"


@dataclass(frozen=True)
class Draw:
    """The rows that were drawn, and how; the rows are personal and are never stored with the results.

    Parameters
    ----------
    columns : tuple of str
    nested : tuple of str
        Columns of lists or structures, written as JSON.
    rows : tuple of tuples of str or None
        Every value as text, None for null; in the order of their hash.
    population_rows : int
    seed : int
    key : str
        Column whose hash decides; empty when all columns together do.
    engine, source : str
    query : str
        As the engine ran it; it holds names of columns and the seed, no value.
    drawn : date
    """

    columns: tuple[str, ...]
    nested: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...] = field(repr=False)
    population_rows: int
    seed: int
    key: str
    engine: str
    source: str
    query: str
    drawn: dt.date


def draw(population: Population, n: int, *, seed: int, as_of: dt.date, key: str = "") -> Draw:
    """Return `n` rows drawn by chance, without copying the population.

    Parameters
    ----------
    population : Population
    n : int
        At least 1; all rows when there are fewer.
    seed : int
        Another seed, another sample.
    as_of : date
        Day of the draw, for its manifest.
    key : str, optional
        Id column; without one the hash is that of all columns.

    Raises
    ------
    InputError
        When the key is not a column, or the engine refuses.
    """
    table = population.table
    if key and key not in table.columns:
        raise InputError(f"the population has no column '{key}'", where=population.where,
                         valid=", ".join(table.columns[:12]), cure=nearest(key, table.columns))  # fmt: skip
    total = int(population.rows(table.aggregate(n=table.count()))[0]["n"])
    if not total:
        raise InputError("the population holds no rows", where=population.where, cure="check the table or the files")
    hashed = table.mutate(**{_HASH: fingerprint([table[key]] if key else _all(table), seed)})
    limit = _limit(n, total)
    rows, query = _smallest(population, hashed, n, limit)
    if len(rows) < min(n, total) and limit:  # a key that repeats often leaves gaps between hashes
        rows, query = _smallest(population, hashed, n, "")
    texts = tuple(tuple(as_text(row[c]) for c in table.columns) for row in rows)
    nested = tuple(c for c in table.columns if table[c].type().is_nested())
    return Draw(tuple(table.columns), nested, texts, total, seed, key, population.engine_name, population.source, query,
                as_of)  # fmt: skip


def _limit(n: int, total: int) -> str:
    """First digits of the largest hash worth sorting; empty when most rows would pass anyway."""
    enough = n + policy.value("population_draw_margin") * math.sqrt(n)
    share = enough / total
    return f"{int(share * 16**_HEX_DIGITS):0{_HEX_DIGITS}x}" if share < 1 else ""


def _smallest(population: Population, hashed: Any, n: int, limit: str) -> tuple[list[dict[str, Any]], str]:
    within = hashed.filter(hashed[_HASH] < limit) if limit else hashed
    tied = within.mutate(**{_TIE: fingerprint(_all(population.table, within), 0)})
    chosen = tied.order_by([_HASH, _TIE]).limit(n)
    query = " ".join(str(ibis.to_sql(chosen)).split())
    return population.rows(chosen), query


def _all(table: Any, of: Any = None) -> list[Any]:
    """Every column of the population that a hash can be made of."""
    source = table if of is None else of
    return [source[c] for c in table.columns if not (table[c].type().is_nested() or table[c].type().is_binary())]


def as_text(value: Any) -> str | None:
    """Return a value as text, the same whichever engine it comes from.

    Examples
    --------
    >>> as_text(3), as_text(2.5), as_text(dt.datetime(2026, 3, 1, 8)), as_text(True), as_text(None)
    ('3', '2.5', '2026-03-01 08:00:00', 'true', None)
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        at = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        return at.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=as_text)
    return value.hex() if isinstance(value, bytes) else str(value)
