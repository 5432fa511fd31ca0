"""How `data.population` is written: a Parquet file or glob, or a table behind a connection; never a password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from flightready.errors import InputError, nearest

VALID = (
    "a Parquet file or pattern such as exports/*.parquet, ${NAME}#table, ${NAME}#schema.table, "
    "duckdb://file.duckdb#table, postgres://user@host/database#table, or spark#table"
)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_WITH_PASSWORD = re.compile(r"://[^/\s]*:[^/\s]*@|\bpassword\s*=|\bpasswd\s*=", re.IGNORECASE)
_SCHEMES = ("duckdb", "postgres", "postgresql", "spark")
_PARQUET = re.compile(r"\.(parquet|pq)$|[*?\[]", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """Where the population is, as written in the assessment; what an environment variable holds is not in it.

    Parameters
    ----------
    text : str
        As written.
    variable : str
        Name of the environment variable that holds the connection; empty when there is none.
    connection : str
        A connection without a password (`duckdb://...`, `postgres://...`, `spark`); empty for files and variables.
    path : str
        Parquet file or glob relative to the assessment; for Spark also one that Spark itself reads.
    schema, table : str
    """

    text: str
    variable: str = ""
    connection: str = ""
    path: str = ""
    schema: str = ""
    table: str = ""


def refuse_password(text: str) -> str:
    """Return the text, or refuse it when it holds a password.

    Raises
    ------
    InputError
        Which does not repeat the text.
    """
    if _WITH_PASSWORD.search(text):
        raise InputError("a connection with a password in it", valid="${NAME}, read from the environment at use",
                         cure="put the connection into an environment variable and write ${NAME}#table")  # fmt: skip
    return text


def read_address(text: str) -> Address:
    """Return the parts of `data.population`.

    Raises
    ------
    InputError
        When it is none of the ways to write it, names no table, or holds a password.

    Examples
    --------
    >>> found = read_address("${WAREHOUSE_URL}#support.tickets")
    >>> found.variable, found.schema, found.table
    ('WAREHOUSE_URL', 'support', 'tickets')
    >>> read_address("exports/*.parquet").path
    'exports/*.parquet'
    """
    text = refuse_password(text.strip())
    before, mark, after = text.partition("#")
    if not mark and _is_path(before):
        return Address(text, path=before)
    variable = _VARIABLE.fullmatch(before)
    scheme, has_scheme, _ = before.partition("://")
    if "$" in before and not variable:
        raise InputError(f"'{before}' is not the name of an environment variable", valid="${NAME}#table")
    if not (variable or scheme in _SCHEMES):
        told = f"'{scheme}' is not a kind of connection" if has_scheme else f"'{before}' is no Parquet file"
        raise InputError(told, valid=VALID, cure=nearest(scheme, _SCHEMES))
    if scheme in ("duckdb", "postgres", "postgresql") and not has_scheme:
        raise InputError(f"'{before}' does not say where the database is", valid=VALID)
    if not after.strip():
        raise InputError("the connection names no table", valid=VALID, cure="write the table behind a '#'")
    connection, path = ("", "") if variable else (before, "")
    if _PARQUET.search(after) or "/" in after:
        return Address(text, variable[1] if variable else "", connection, after)
    schema, dot, table = after.rpartition(".")
    return Address(text, variable[1] if variable else "", connection, path, schema if dot else "", table)


def checked_address(text: str) -> str:
    """Return the text when it can be read as an address."""
    read_address(text)
    return text


def files_of(folder: Path, pattern: str) -> list[Path]:
    """Return the files that a path or pattern means, in order; a folder means every Parquet file in it."""
    path = folder / pattern
    if path.is_file():
        return [path]
    if path.is_dir():
        return sorted(path.glob("*.parquet"))
    top = Path(path.anchor)
    return sorted(p for p in top.glob(str(path.relative_to(top))) if p.is_file())


def _is_path(text: str) -> bool:
    return "$" not in text and "://" not in text and bool(_PARQUET.search(text))
