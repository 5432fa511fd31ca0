"""Where a population may be, and what is said when it is not there; a secret is in no message, result or file."""

import datetime as dt
import logging
import sys
import traceback

import duckdb
import pyarrow.parquet as pq
import pytest

import flightready as fr
from flightready.assessment import load
from flightready.assessment.population import read_address
from flightready.cli import main
from flightready.errors import InputError
from flightready.realism.population.connection import opened
from flightready.realism.population.manifest import manifest_of_files
from flightready.realism.population.profile import profile
from flightready.study import open_study
from flightready.study.store import Store

AS_OF = dt.date(2026, 9, 30)
SECRET = "s3cr3t/p@ss"


def named(folder, population):
    (folder / "assessment.yaml").write_text(
        f"name: x\ndata: {{population: '{population}', columns: {{id: id, time: at}}}}\n"
    )
    return folder


def refused(folder, population):
    """The one sentence with which a population is refused, and that no secret is anywhere near it."""
    with pytest.raises(InputError) as error, opened(load(named(folder, population))) as found:
        profile(found, as_of=AS_OF)
    shown = "".join(traceback.format_exception(error.value))
    assert SECRET not in shown and "s3cr3t" not in shown and str(error.value).count("\n") == 0
    return str(error.value)


@pytest.mark.parametrize(("text", "parts"), [
    ("all.parquet", {"path": "all.parquet"}),
    ("years/*/part-?.parquet", {"path": "years/*/part-?.parquet"}),
    ("${WAREHOUSE}#tickets", {"variable": "WAREHOUSE", "table": "tickets"}),
    ("${WAREHOUSE}#support.tickets", {"variable": "WAREHOUSE", "schema": "support", "table": "tickets"}),
    ("duckdb://pilot.duckdb#tickets", {"connection": "duckdb://pilot.duckdb", "table": "tickets"}),
    ("postgres://reader@db.example/pilot#s.t", {"connection": "postgres://reader@db.example/pilot", "schema": "s", "table": "t"}),
    ("spark#lake.tickets", {"connection": "spark", "schema": "lake", "table": "tickets"}),
    ("spark#lake/*.parquet", {"connection": "spark", "path": "lake/*.parquet"}),
])  # fmt: skip
def test_every_way_to_write_it(text, parts):
    found = read_address(text)
    assert {
        k: getattr(found, k) for k in ("variable", "connection", "path", "schema", "table") if getattr(found, k)
    } == parts


@pytest.mark.parametrize(("text", "told"), [
    ("postgres://u:hush@h/d#t", "a password in it"),
    ("postgres://h/d?password=hush#t", "a password in it"),
    ("${WAREHOUSE}", "names no table"),
    ("${ware house}#t", "not the name of an environment variable"),
    ("postgre://h/d#t", "Did you mean 'postgres'?"),
    ("mysql://h/d#t", "'mysql' is not a kind of connection"),
    ("tickets.csv", "is no Parquet file"),
    ("postgres#t", "does not say where"),
])  # fmt: skip
def test_every_mistake_is_found_when_the_assessment_is_loaded(tmp_path, text, told):
    with pytest.raises(InputError) as error:
        load(named(tmp_path, text))
    assert told in str(error.value) and "line 2, data.population" in str(error.value) and "hush" not in str(error.value)


def test_what_is_not_there_is_said_with_what_is_nearest(tmp_path, on_duckdb, monkeypatch):
    (tmp_path / "ticket.parquet").write_bytes((on_duckdb / "tickets.parquet").read_bytes())
    assert "Did you mean 'ticket.parquet'?" in refused(tmp_path, "tickets.parquet")
    assert "no Parquet file fits 'none/*.parquet'" in refused(tmp_path, "none/*.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"not parquet")
    assert "cannot be read as Parquet" in refused(tmp_path, "broken.parquet")
    monkeypatch.delenv("WAREHOUSE_URL", raising=False)
    monkeypatch.setenv("WAREHOUSE_URI", SECRET)
    assert (
        "'WAREHOUSE_URL' is not set" in (told := refused(tmp_path, "${WAREHOUSE_URL}#t")) and "'WAREHOUSE_URI'" in told
    )
    monkeypatch.setenv("WAREHOUSE_URL", f"oracle://u:{SECRET}@h/d")
    assert "no known kind of connection" in refused(tmp_path, "${WAREHOUSE_URL}#t")
    assert "'x.duckdb' is not there" in refused(tmp_path, "duckdb://x.duckdb#t")
    (tmp_path / "y.duckdb").write_text("no database")
    assert "cannot be opened as a DuckDB database" in refused(tmp_path, "duckdb://y.duckdb#t")


@pytest.mark.parametrize(("module", "population", "extra"), [
    ("psycopg", "postgres://h/d#t", "flightready[postgres]"),
    ("pyspark.sql", "spark#t", "flightready[spark]"),
])  # fmt: skip
def test_a_missing_driver_says_what_to_install(tmp_path, monkeypatch, module, population, extra):
    monkeypatch.setitem(sys.modules, module, None)
    assert extra in refused(tmp_path, population)


def test_a_table_of_a_duckdb_file(tmp_path, table, monkeypatch):
    with duckdb.connect(str(tmp_path / "pilot.duckdb")) as database:
        database.register("given", table)
        database.execute(
            "create schema support; create table support.tickets as select * from given; create table ticket as select 1 as a"
        )
    for written in ("duckdb://pilot.duckdb#support.tickets", "${PILOT_DB}#support.tickets"):
        monkeypatch.setenv("PILOT_DB", "duckdb://pilot.duckdb")
        with opened(load(named(tmp_path, written))) as found:
            assert profile(found, as_of=AS_OF, key="id").duplicate_keys == 20
    told = refused(tmp_path, "duckdb://pilot.duckdb#tickets")
    assert "no table 'tickets' in DuckDB" in told and "Did you mean 'ticket'?" in told


def test_files_of_other_columns_are_refused_in_a_sentence(tmp_path, table):
    pq.write_table(table.select(["id"]), tmp_path / "a.parquet")
    pq.write_table(table.select(["qty"]), tmp_path / "b.parquet")
    told = refused(tmp_path, "*.parquet")
    assert "DuckDB could not run a query on *.parquet" in told or "cannot be read as Parquet" in told


@pytest.mark.postgres
def test_what_postgres_refuses_is_said_without_the_secret(tmp_path, postgres_with_table, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    right = postgres_with_table
    host = right.rsplit("@", 1)[1]

    def told(url, table="support.tickets"):
        monkeypatch.setenv("WAREHOUSE_URL", url)
        return refused(tmp_path, f"${{WAREHOUSE_URL}}#{table}")

    assert "refuses the user or the password" in told(right.replace("s3cr3t", "s3cr3tx"))
    assert "refuses the user or the password" in told(right.replace("reader", "nobody"))
    assert "cannot be reached" in told(right.replace(host, "127.0.0.1:1/postgres"))
    assert "no database of that name" in told(
        right.replace("/postgres", "/warehouse").replace("postgres://", "postgresql://")
    )
    assert "Did you mean 'tickets'?" in told(right, "support.ticket")
    assert "there is no table 'suport.tickets'" in told(right, "suport.tickets")
    assert "reads tables, not files" in told(right, "all/*.parquet")
    assert SECRET not in caplog.text and "s3cr3t" not in caplog.text


@pytest.mark.postgres
def test_nothing_is_written_to_postgres(on_postgres):
    with opened(load(on_postgres)) as found, pytest.raises(Exception, match="read-only"):
        found.table._find_backend().raw_sql("create table support.copy as select 1 as a")


@pytest.mark.postgres
def test_the_secret_is_in_no_output(on_postgres, tmp_path, monkeypatch, capsys):
    store = Store(tmp_path / "store")
    study = open_study(on_postgres, as_of="2026-09-30", store=store)
    assert study.population.source == "${WAREHOUSE_URL}#support.tickets" and study.population.n == 3000
    shown = repr(fr.pages.realism.population(study)) + repr(fr.pages.realism.meaning_population(study))
    assert "PostgreSQL" in shown
    monkeypatch.setattr(sys, "argv", ["flightready", "sample", str(on_postgres), "--n", "20", "--as-of", "2026-12-30"])
    with pytest.raises(SystemExit) as done:
        main()
    assert done.value.code == 0
    said = capsys.readouterr()
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert {p.name for p in files} >= {"sample.csv", "sample.manifest.yaml", "result.json"}
    for text in (shown, said.out, said.err, *(p.read_bytes().decode("utf-8", "replace") for p in files)):
        assert "s3cr3t" not in text and "reader" not in text.replace("readers", "")


@pytest.mark.spark
def test_tables_of_spark(spark_session, table, tmp_path):
    spark_session.createDataFrame([("T-1", 3)], ["id", "qty"]).createOrReplaceTempView("tickets")
    with opened(load(named(tmp_path, "spark#tickets"))) as found:
        got = profile(found, as_of=AS_OF, key="id")
    assert (got.engine, got.n, got.duplicate_keys) == ("Spark", 1, 0)
    assert "Did you mean 'tickets'?" in refused(tmp_path, "spark#ticket")


def test_a_variable_without_content_is_called_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("W_URL", "")
    told = refused(tmp_path, "${W_URL}#t")
    assert "'W_URL' is empty" in told
    assert "Did you mean" not in told


def test_a_manifest_without_a_key_names_none():
    manifest = manifest_of_files((), seed=1, as_of=dt.date(2026, 11, 1), key="", files={})
    assert "key" not in manifest
    assert manifest_of_files((), seed=1, as_of=dt.date(2026, 11, 1), key="id", files={})["key"] == "id"
