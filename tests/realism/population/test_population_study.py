"""The population in a study: kept in the store, set beside the sample, told in sentences."""

import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import flightready as fr
from flightready.realism.population.likeness import EMPTY, likeness
from flightready.study import open_study, populations
from flightready.study.store import Store


def made(folder, sample_empty, n=400, population_empty=0.1, rows=5000):
    """A population in which a tenth of the bodies is empty, and a sample of it with `sample_empty` empty bodies."""
    rng = np.random.default_rng(2)
    body = np.where(rng.random(rows) < population_empty, None, "some text")
    days = (np.datetime64("2026-01-01") + rng.integers(0, 200, rows)).astype(str)
    pq.write_table(pa.table({"id": np.arange(rows), "day": days, "body": body}), folder / "all.parquet")
    lines = [f"{i},{days[i]},{'' if i < sample_empty else 'some text'}" for i in range(n)]
    (folder / "sample.csv").write_text("\n".join(["id,day,body", *lines]))
    (folder / "assessment.yaml").write_text(
        "name: x\ndata:\n  population: all.parquet\n  production: sample.csv\n  columns: {id: id, time: day, text: body}\n"
    )
    return open_study(folder, as_of="2026-09-30", store=Store(folder / "store"))


def told(study):
    return repr(fr.pages.realism.meaning_population(study))


def test_a_sample_that_differs_is_named(tmp_path):
    study = made(tmp_path, sample_empty=120)
    [worst] = [f for f in likeness(study.population, study.sample.raw) if f.differs]
    assert (worst.column, worst.what, worst.sample_hits, worst.sample_n) == ("body", EMPTY, 120, 400)
    text = told(study)
    assert (
        "not like its population in 1 comparison of" in text and "'body' holds no value in 30 % of the sample" in text
    )
    assert "draw another with: flightready sample" in text
    row = next(r for r in fr.pages.realism.population(study).rows if r[0] == "body")
    assert row[-1] == "no"


def test_a_sample_that_fits_is_not_called_proven(tmp_path):
    text = told(made(tmp_path, sample_empty=41))
    assert "Nothing shows that the sample differs" in text and "would not be seen" in text
    few = tmp_path / "few"
    few.mkdir()
    assert "Cannot tell yet whether the sample is like its population" in told(made(few, sample_empty=5, n=50))


def test_false_alarms_stay_within_the_budget():
    # 300 samples of a population with ten columns: some column is called different in at most a tenth of them
    from scipy import stats

    from flightready import policy
    from flightready.intervals import benjamini_hochberg

    rng, alarms = np.random.default_rng(3), 0
    for _ in range(300):
        p = [stats.binomtest(int(k), 200, 0.1).pvalue for k in rng.binomial(200, 0.1, 10)]
        alarms += bool((benjamini_hochberg(p) <= policy.value("false_discovery_budget")).any())
    assert alarms / 300 <= policy.value("false_discovery_budget") + 3 * np.sqrt(0.1 * 0.9 / 300)


def test_what_there_is_nothing_to_compare_with(tmp_path):
    study = made(tmp_path, sample_empty=40)
    (tmp_path / "assessment.yaml").write_text("name: x\ndata: {population: all.parquet, columns: {id: id}}\n")
    alone = open_study(tmp_path, as_of="2026-09-30", store=study.store)
    assert "draw one with: flightready sample" in told(alone) and likeness(alone.population, None) == ()
    (tmp_path / "assessment.yaml").write_text("name: x\n")
    none = open_study(tmp_path, store=study.store)
    assert none.population is None and told(none) == ""
    shown = repr(fr.pages.realism.population(none))
    assert "data.population" in shown and "exports/*.parquet" in shown and "\n" not in shown


def test_the_profile_is_computed_once_for_the_same_file(tmp_path, monkeypatch):
    study = made(tmp_path, sample_empty=40)
    first = study.population
    calls = []
    real = populations.read_population
    monkeypatch.setattr("flightready.study.read_population", lambda *a, **k: calls.append(1) or real(*a, **k))

    def again(as_of="2026-09-30"):
        return open_study(tmp_path, as_of=as_of, store=study.store)

    assert again().population == first and not calls
    os.utime(tmp_path / "all.parquet", (1, 1))
    assert again().population == first and len(calls) == 1
    again("2026-10-01")
    assert again("2026-10-01").population.as_of.isoformat() == "2026-10-01" and len(calls) == 2
    exact = again().population_again(exact=True)
    assert exact.distinct_error == 0 and again().population == exact and len(calls) == 3


def test_behind_a_connection_the_day_decides(tmp_path, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_URL", "postgres://reader:hush@127.0.0.1:1/x")
    (tmp_path / "assessment.yaml").write_text('name: x\ndata: {population: "${WAREHOUSE_URL}#tickets"}\n')
    study = open_study(tmp_path, as_of="2026-09-30", store=Store(tmp_path / "store"))
    keys = [populations.population_key(study.pilot, day, "code") for day in ("2026-09-30", "2026-09-30", "2026-10-01")]
    assert keys[0] == keys[1] != keys[2]
    # a warehouse out of reach does not keep a report from being made
    shown = repr(fr.pages.realism.population(study))
    assert "could not be looked at" in shown and "hush" not in shown and "127.0.0.1" not in shown
    assert told(study) == ""


@pytest.mark.parametrize("exact", [False, True])
def test_a_profile_survives_the_store(tmp_path, exact):
    study = made(tmp_path, sample_empty=40)
    found = study.population_again(exact=exact)
    key = populations.population_key(study.pilot, study.as_of, __import__("flightready.study").study.code_digest())
    assert study.store.get(key) == found


def test_no_rows_and_only_nulls(tmp_path):
    for name, columns in (("none", {"id": pa.array([], pa.int64()), "t": pa.array([], pa.string())}),
                          ("nulls", {"id": pa.array([None, None], pa.int64()), "t": pa.array([None, None], pa.string()),
                                     "f": pa.array([float("nan"), None]), "d": pa.array([None, None], pa.date32())})):  # fmt: skip
        folder = tmp_path / name
        folder.mkdir()
        pq.write_table(pa.table(columns), folder / "a.parquet")
        (folder / "assessment.yaml").write_text("name: x\ndata: {population: a.parquet, columns: {id: id, time: t}}\n")
        study = open_study(folder, as_of="2026-09-30", store=Store(folder / "store"))
        assert study.population.n == len(columns["id"]) and study.population.duplicate_keys == 0
        assert "time that it covers is not known" in told(study)
        assert len(fr.pages.realism.population(study).rows) == len(columns)


def test_awkward_columns(tmp_path):
    table = pa.table(
        {
            "a b; drop": ["x"],
            'quo"te': [1],
            "ü": [dt_time()],
            "bytes": [b"\x00\xff"],
            "map": [{"k": 1}],
            "é" * 80: [True],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    (tmp_path / "assessment.yaml").write_text("name: x\ndata: {population: a.parquet, columns: {id: missing}}\n")
    study = open_study(tmp_path, as_of="2026-09-30", store=Store(tmp_path / "store"))
    assert [c.column for c in study.population.columns] == table.column_names
    assert "no column 'missing' (id)" in told(study)


def dt_time():
    import datetime as dt

    return dt.time(8, 30)
