"""Opening the population: one table behind Ibis, whichever engine holds it; no message ever repeats a secret."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.population import Address, files_of, read_address
from flightready.errors import FlightreadyError, InputError, listed, nearest

DUCKDB, POSTGRES, SPARK = "duckdb", "postgres", "spark"
NAMES = {DUCKDB: "DuckDB", POSTGRES: "PostgreSQL", SPARK: "Spark"}
_VIEW = "population"


@dataclass(frozen=True)
class Population:
    """A table that stays where it is.

    Parameters
    ----------
    table : ibis Table
        Expressions on it run in its engine.
    engine : str
        duckdb, postgres or spark.
    source : str
        The population as the assessment names it, with `${NAME}` unresolved.
    where : str
        Place of its key in the assessment, for messages.
    """

    table: Any
    engine: str
    source: str
    where: str

    @property
    def engine_name(self) -> str:
        """Name of the engine as people write it."""
        return NAMES[self.engine]

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        """Run a query in the engine and return its rows.

        Raises
        ------
        InputError
            When the engine refuses; its own message may hold values and addresses, so that only its kind is told.
        """
        try:
            return expression.to_pyarrow().to_pylist()
        except FlightreadyError:
            raise
        except Exception as error:
            kind = type(error).__name__
        cure = "check that the account may read this table, and that every file of it is whole"
        raise InputError(f"{self.engine_name} could not run a query on {self.source} ({kind})", where=self.where,
                         cure=cure)  # fmt: skip


@contextmanager
def opened(pilot: Pilot) -> Any:
    """Open `data.population` of a pilot for reading, and close it afterwards.

    Yields
    ------
    Population

    Raises
    ------
    InputError
        When the environment variable is not set, the driver is missing, the server is out of reach or refuses, or the
        file or table is not there; naming what is nearest.
    """
    written, where = pilot.spec.data.population, pilot.where("data", "population")
    if written is None:
        raise InputError("no population is named", where=where, valid="data.population: exports/*.parquet")
    try:
        address = read_address(written)
        with _backend(address, _resolved(address), pilot.folder) as (connection, engine):
            yield Population(_table(connection, engine, address, pilot.folder), engine, address.text, where)
    except InputError as error:
        raise error if error.where else error.at(where) from None


def _resolved(address: Address) -> str:
    """Return the connection with its secret; it is passed on to the driver only."""
    if not address.variable:
        return address.connection
    held = os.environ.get(address.variable, "").strip()
    if not held:
        is_there = address.variable in os.environ
        near = "" if is_there else nearest(address.variable, [k for k in os.environ if k.isupper()])
        problem = f"the environment variable '{address.variable}' is {'empty' if is_there else 'not set'}"
        raise InputError(problem, cure=near,
                         valid=f"export {address.variable}=postgres://user:password@host/database")  # fmt: skip
    return held


def _backend(address: Address, connection: str, folder: Path) -> AbstractContextManager[tuple[Any, str]]:
    scheme = connection.partition("://")[0].casefold() if connection else DUCKDB
    openers: dict[str, Callable[[], AbstractContextManager]] = {
        DUCKDB: lambda: _duckdb(_file(connection, folder)),
        POSTGRES: lambda: _postgres(connection),
        "postgresql": lambda: _postgres(connection),
        SPARK: lambda: _spark(connection),
    }
    if scheme not in openers:
        held = f"what '{address.variable}' holds" if address.variable else "the connection"
        raise InputError(f"{held} begins with no known kind of connection", valid=listed(f"{s}://" for s in openers))
    return openers[scheme]()


def _file(connection: str, folder: Path) -> Path | None:
    if not connection:
        return None
    path = folder / connection.partition("://")[2]
    if not path.is_file():
        near = nearest(path.name, (p.name for p in path.parent.glob("*") if p.is_file()))
        raise InputError(f"the database file '{path.name}' is not there", cure=near)
    return path


@contextmanager
def _duckdb(path: Path | None) -> Any:
    import duckdb
    import ibis

    with tempfile.TemporaryDirectory(prefix="flightready-") as spill:
        settings = {
            "memory_limit": policy.value("population_memory"), "temp_directory": spill,
            "preserve_insertion_order": False, "autoinstall_known_extensions": False,
        }  # fmt: skip
        try:
            connection = ibis.duckdb.connect(str(path or ":memory:"), read_only=path is not None, **settings)
        except duckdb.Error:
            raise InputError(f"'{path.name if path else 'DuckDB'}' cannot be opened as a DuckDB database",
                             cure="close the program that holds it, or name a DuckDB file") from None  # fmt: skip
        try:
            connection.raw_sql("SET enable_progress_bar = false")  # it would be drawn into a notebook's output
            yield connection, DUCKDB
        finally:
            connection.disconnect()


@contextmanager
def _postgres(url: str) -> Any:
    try:
        import ibis
        import psycopg
    except ImportError:
        raise _missing_driver("PostgreSQL", "postgres") from None
    try:
        parts = urlsplit(url)
        settings = {
            "host": parts.hostname, "port": parts.port or 5432, "user": unquote(parts.username or "") or None,
            "password": unquote(parts.password or "") or None, "database": unquote(parts.path.lstrip("/")) or None,
            "connect_timeout": policy.value("population_connect_seconds"), **dict(parse_qsl(parts.query)),
        }  # fmt: skip
    except ValueError:
        valid = "postgres://user:password@host:5432/database"
        cure = "write special signs of the password as %40 for @, %2F for / and so on"
        raise InputError("the PostgreSQL connection cannot be read", valid=valid, cure=cure) from None
    # nothing is ever written there, and days begin at the same moment as in the other engines
    settings["options"] = "-c default_transaction_read_only=on -c TimeZone=UTC"
    try:
        connection = ibis.postgres.connect(**settings)
    except (psycopg.Error, OSError, ValueError, TypeError) as error:
        told = _refusal(str(error))
    else:
        try:
            yield connection, POSTGRES
        finally:
            connection.disconnect()
        return
    raise InputError(told[0], cure=told[1])


def _refusal(message: str) -> tuple[str, str]:
    """Problem and cure from a driver's message, in words that hold nothing of it."""
    text = message.casefold()
    if any(words in text for words in ("password", "authentication", "role ", "pg_hba", "no user")):
        return "PostgreSQL refuses the user or the password", "check both in the environment variable"
    if "database" in text and "does not exist" in text:
        return "PostgreSQL has no database of that name", "check the part of the connection behind the host"
    if "ssl" in text:
        return "PostgreSQL refuses the way of encryption", "add ?sslmode=require to the connection, or what it asks for"
    return "the PostgreSQL server cannot be reached", "check host and port, and that this machine may connect to it"


@contextmanager
def _spark(url: str) -> Any:
    try:
        import ibis
        from pyspark.sql import SparkSession
    except ImportError:
        raise _missing_driver("Spark", "spark") from None
    try:
        already = SparkSession.getActiveSession()
        builder = SparkSession.builder.config("spark.sql.session.timeZone", "UTC")
        session = (builder.master(url) if "://" in url else builder).getOrCreate()
        connection = ibis.pyspark.connect(session)
    except Exception as error:  # whatever Java says may hold addresses
        kind = type(error).__name__
    else:
        try:
            yield connection, SPARK
        finally:
            connection.raw_sql(f"DROP VIEW IF EXISTS {_VIEW}")
            if already is None:
                session.stop()
        return
    raise InputError(f"Spark cannot be started or reached ({kind})",
                     cure="check the address, and that a Java runtime is installed")  # fmt: skip


def _missing_driver(engine: str, extra: str) -> InputError:
    return InputError(f"the driver for {engine} is not installed", cure=f"run: pip install 'flightready[{extra}]'")


def _table(connection: Any, engine: str, address: Address, folder: Path) -> Any:
    if address.path:
        return _parquet(connection, engine, address, folder)
    try:
        return connection.table(address.table, database=address.schema or None)
    except Exception as error:
        kind = type(error).__name__
    there = _tables(connection, engine, address.schema)
    name = f"{address.schema}.{address.table}".lstrip(".")
    if address.table in there:
        raise InputError(f"the table '{name}' cannot be read ({kind})", cure="check that the account may read it")
    raise InputError(f"there is no table '{name}' in {NAMES[engine]}",
                     valid=listed(there) if there else "none is there for this account",
                     cure=nearest(address.table, there))  # fmt: skip


def _tables(connection: Any, engine: str, schema: str) -> list[str]:
    try:
        if engine == DUCKDB:  # Ibis 12 asks in a way that DuckDB 2 no longer answers
            asked = "select table_name from information_schema.tables where table_schema = ?"
            return sorted(name for (name,) in connection.con.execute(asked, [schema or "main"]).fetchall())
        return sorted(connection.list_tables(database=schema or None))
    except Exception:  # a schema that is not there has no tables
        return []


def _parquet(connection: Any, engine: str, address: Address, folder: Path) -> Any:
    path = address.path if "://" in address.path else str(folder / address.path)
    if engine == POSTGRES:
        raise InputError("PostgreSQL reads tables, not files", valid="${NAME}#table")
    files = [] if "://" in path else files_of(folder, address.path)
    if "://" not in path and not files:
        near = nearest(Path(path).name, (p.name for p in Path(path).parent.glob("*.p*q*")))
        raise InputError(f"no Parquet file fits '{address.path}'", cure=near or "check the path and the pattern")
    try:
        found = [str(f) for f in files] if engine == DUCKDB and files else path
        return connection.read_parquet(found, table_name=_VIEW)
    except Exception as error:
        kind = type(error).__name__
    raise InputError(f"'{address.path}' cannot be read as Parquet ({kind})",
                     cure="write it again; every file of a pattern needs the same columns")  # fmt: skip
