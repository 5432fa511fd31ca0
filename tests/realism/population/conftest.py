"""One table on three engines: a Parquet file for DuckDB, a real PostgreSQL server, a real local Spark."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

PASSWORD = "s3cr3t/p@ss"  # planted: it appears in no message and no file
_SPECIAL = [None, "", "  ", "\t", "n/a", "N/A", " Unknown ", "42", " 0815 ", "1.234,50", "12,5", "2026-03-01", "03.02.2026",
            "3/4/26", "Zürich", "ЖЕНЕВА 7", "東京 3", "caf\ufffd", "O'Brien", "back\\slash", "50 %", "-", "€ 12"]  # fmt: skip


def made_table(rows: int = 3000, seed: int = 5) -> pa.Table:
    """A table with everything that engines treat differently."""
    rng = np.random.default_rng(seed)
    ids = [f"T-{i:06d}" for i in range(rows)]
    ids[10:30] = ids[40:60]  # 20 rows repeat an id
    amount = rng.lognormal(3, 1, rows)
    amount[5], amount[6], amount[7] = np.nan, np.inf, -np.inf
    start = np.datetime64("2025-01-01")
    days = start + rng.integers(0, 700, rows)
    times = days.astype("datetime64[us]") + rng.integers(0, 86_400, rows).astype("timedelta64[s]")
    written = [str(d) if i % 3 else f"{str(d)[8:10]}.{str(d)[5:7]}.{str(d)[:4]}" for i, d in enumerate(days)]
    written[1], written[2], written[4] = "yesterday", None, "2026-13-01"
    notes = [f"{'word ' * int(k)}end" for k in rng.integers(8, 20, rows)]
    contact = ["desk"] * rows
    contact[100:160] = [f"Anna Nym{chr(97 + i % 26)}" for i in range(60)]  # names, each in two or three rows
    return pa.table({
        "id": ids,
        "qty": pa.array([None if k == 0 else int(k) for k in rng.integers(0, 50, rows)], pa.int32()),
        "big": pa.array([int(k) for k in rng.integers(0, 2**62, rows)], pa.int64()),
        "amount": pa.array(amount, from_pandas=False),
        "odd": [_SPECIAL[k] for k in rng.integers(0, len(_SPECIAL), rows)],
        "channel": [("web", "mail", "app")[k] for k in rng.choice(3, rows, p=(0.7, 0.29, 0.01))],
        "contact": contact,
        "note": notes,
        "day": pa.array(days.astype(object), pa.date32()),
        "at": pa.array(times, pa.timestamp("us")),
        "written": written,
        "is_open": [None if k == 0 else bool(k % 2) for k in rng.integers(0, 9, rows)],
    })  # fmt: skip


@pytest.fixture(scope="session")
def table() -> pa.Table:
    """The rows that every engine holds."""
    return made_table()


def pilot_folder(folder: Path, population: str, *, time: str = "at") -> Path:
    """A pilot that names a population."""
    text = f"name: x\ndata: {{population: '{population}', columns: {{id: id, time: {time}}}}}\n"
    (folder / "assessment.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def on_duckdb(table, tmp_path_factory) -> Path:
    """A pilot whose population is a Parquet file."""
    folder = tmp_path_factory.mktemp("duckdb")
    pq.write_table(table, folder / "tickets.parquet", row_group_size=500)
    return pilot_folder(folder, "tickets.parquet")


def missing(engine: str, why: str) -> None:
    """Skip what needs an engine that is not here, or fail where it is required."""
    if engine in os.environ.get("FLIGHTREADY_REQUIRE", "").split(","):
        pytest.fail(f"{engine} is required here, but {why}")
    pytest.skip(f"{engine}: {why}")


def _program(name: str) -> Path | None:
    folders = [*map(Path, os.environ["PATH"].split(os.pathsep)), *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    return next((f / name for f in folders if (f / name).is_file()), None)


@pytest.fixture(scope="session")
def postgres_url():
    """URL of a PostgreSQL server of its own, in a temporary folder, on a free port, stopped afterwards."""
    programs = {name: _program(name) for name in ("initdb", "postgres", "pg_ctl")}
    if lacking := [name for name, path in programs.items() if path is None]:
        missing("postgres", f"{lacking[0]} is not installed")
    try:
        import psycopg  # noqa: F401
    except ImportError:
        missing("postgres", "psycopg is not installed")
    folder = Path(tempfile.mkdtemp(prefix="flightready-postgres-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = _not_as_root(folder)
    try:
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if options:
            shutil.chown(secret, **options)
        data = folder / "data"
        command = [programs["initdb"], "-D", data, "-U", "reader", "-A", "scram-sha-256", f"--pwfile={secret}",
                   "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **options)
        flags = f"-F -k {folder} -h 127.0.0.1 -p {port}"
        start = [programs["pg_ctl"], "-D", data, "-w", "-o", flags, "-l", folder / "log", "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd=folder, **options)
        try:
            yield f"postgres://reader:{PASSWORD.replace('/', '%2F').replace('@', '%40')}@127.0.0.1:{port}/postgres"
        finally:
            stop = [programs["pg_ctl"], "-D", data, "-m", "immediate", "stop"]
            subprocess.run(stop, check=False, stdout=subprocess.DEVNULL, cwd=folder, **options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_as_root(folder: Path) -> dict[str, str]:
    """Whom to run the server as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            group = pwd.getpwnam(name).pw_gid
        except KeyError:
            continue
        shutil.chown(folder, user=name, group=group)
        return {"user": name, "group": group}
    return {}


@pytest.fixture(scope="session")
def postgres_with_table(postgres_url, table) -> str:
    """The same rows in PostgreSQL, in the schema `support`."""
    import psycopg

    kinds = {pa.string(): "text", pa.int32(): "integer", pa.int64(): "bigint", pa.float64(): "double precision",
             pa.date32(): "date", pa.timestamp("us"): "timestamp", pa.bool_(): "boolean"}  # fmt: skip
    columns = ", ".join(f'"{f.name}" {kinds[f.type]}' for f in table.schema)
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("create schema support")
        connection.execute(f"create table support.tickets ({columns})")
        with connection.cursor().copy("copy support.tickets from stdin") as copy:
            for row in rows:
                copy.write_row(row)
    return postgres_url


@pytest.fixture
def on_postgres(postgres_with_table, tmp_path, monkeypatch) -> Path:
    """A pilot whose population is a table in PostgreSQL."""
    monkeypatch.setenv("WAREHOUSE_URL", postgres_with_table)
    return pilot_folder(tmp_path, "${WAREHOUSE_URL}#support.tickets")


@pytest.fixture(scope="session")
def spark_session():
    """A local Spark."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        missing("spark", "pyspark is not installed")
    if shutil.which("java") is None:
        missing("spark", "no Java runtime is on the path")
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1", "spark.driver.memory": "1g",
                # compiling a query takes longer than running it on a few rows
                "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def on_spark(spark_session, table, tmp_path_factory) -> Path:
    """A pilot whose population Spark reads."""
    folder = tmp_path_factory.mktemp("spark")
    (folder / "tickets").mkdir()
    for part in range(2):
        half = table.slice(part * len(table) // 2, len(table) // 2)
        pq.write_table(half, folder / "tickets" / f"part-{part}.parquet")
    return pilot_folder(folder, "spark#tickets/*.parquet")
