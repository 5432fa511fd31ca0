"""The draw by hashed key: by chance, repeatable, whole records, with a manifest that the review accepts."""

import csv
import datetime as dt
import gzip
import hashlib
import json
import stat
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import stats

from flightready.assessment import load
from flightready.cli import main
from flightready.errors import InputError
from flightready.evidence import State
from flightready.realism.population.connection import opened
from flightready.realism.population.records import draw_from_files
from flightready.realism.population.sampling import draw
from flightready.study import open_study
from flightready.study.store import Store

AS_OF = dt.date(2026, 9, 30)


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["flightready", "sample", *map(str, words)])
    with pytest.raises(SystemExit) as done:
        main()
    return done.value.code


def pilot(folder, text):
    (folder / "assessment.yaml").write_text(f"name: x\n{text}\n", encoding="utf-8")
    return folder


def drawn_ids(folder, n, seed, key="id"):
    with opened(load(folder)) as population:
        got = draw(population, n, seed=seed, as_of=AS_OF, key=key)
    return [row[0] for row in got.rows], got


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """2,000 rows with an id."""
    folder = tmp_path_factory.mktemp("plain")
    pq.write_table(
        pa.table({"id": np.arange(2000), "note": [f"n{i % 7}" for i in range(2000)]}), folder / "all.parquet"
    )
    return pilot(folder, "data: {population: all.parquet, columns: {id: id}}")


def test_the_rows_are_those_of_the_smallest_hash(plain):
    got, _ = drawn_ids(plain, 40, 7)
    expected = sorted(range(2000), key=lambda i: hashlib.md5(f"{i}|7".encode()).hexdigest())[:40]
    assert got == [str(i) for i in expected]


def test_the_limit_changes_speed_and_nothing_else(plain, monkeypatch):
    with_limit, got = drawn_ids(plain, 40, 7)
    assert "WHERE" in got.query
    monkeypatch.setattr("flightready.realism.population.sampling._limit", lambda n, total: "")
    without, got = drawn_ids(plain, 40, 7)
    assert with_limit == without and "WHERE" not in got.query
    monkeypatch.setattr("flightready.realism.population.sampling._limit", lambda n, total: "000000000001")
    assert drawn_ids(plain, 40, 7)[0] == without  # too low a limit is noticed


def test_every_row_has_the_same_chance(plain):
    # 60 draws of 200 from 2,000: each row is expected 6 times; the counts are binomial if seeds draw independently
    counts = np.zeros(2000)
    for seed in range(60):
        counts[[int(i) for i in drawn_ids(plain, 200, seed)[0]]] += 1
    assert counts.sum() == 60 * 200
    observed = np.bincount(counts.astype(int), minlength=20)[:15]
    expected = 2000 * stats.binom.pmf(np.arange(15), 60, 0.1)
    kept = expected > 5
    assert stats.chisquare(observed[kept], expected[kept] * observed[kept].sum() / expected[kept].sum()).pvalue > 0.001


def test_rows_of_one_key_come_together_and_ties_are_broken_the_same_way(tmp_path):
    rows = pa.table({"id": [f"K{i // 4}" for i in range(400)], "part": [i % 4 for i in range(400)]})
    pq.write_table(rows, tmp_path / "a.parquet")
    shuffled = rows.take(np.random.default_rng(1).permutation(400))
    pq.write_table(shuffled, tmp_path / "b.parquet")
    got = [drawn_ids(pilot(tmp_path, f"data: {{population: {name}.parquet}}"), 10, 3)[1].rows for name in "ab"]
    assert got[0] == got[1] and sorted({r[0] for r in got[0]}) == sorted({r[0] for r in got[1]})
    assert len({r[0] for r in got[0][:8]}) == 2  # four rows of one key after the other


def test_without_a_key_all_columns_decide(plain):
    got, made = drawn_ids(plain, 30, 7, key="")
    assert len(set(got)) == 30 and made.key == ""


def test_a_wrong_key_names_the_nearest_and_an_empty_table_is_refused(plain, tmp_path):
    with pytest.raises(InputError, match="no column 'ide'.*Did you mean 'id'"):
        drawn_ids(plain, 5, 1, key="ide")
    pq.write_table(pa.table({"id": pa.array([], pa.int64())}), tmp_path / "all.parquet")
    with pytest.raises(InputError, match="holds no rows"):
        drawn_ids(pilot(tmp_path, "data: {population: all.parquet}"), 5, 1)


def test_the_command_writes_a_sample_that_passes_as_drawn_by_chance(plain, monkeypatch, capsys, tmp_path):
    folder = pilot(tmp_path, "data: {population: all.parquet, columns: {id: id, text: note}}")
    (folder / "all.parquet").write_bytes((plain / "all.parquet").read_bytes())
    assert run(monkeypatch, folder, "--n", 250, "--as-of", "2026-09-30") == 0
    said = capsys.readouterr().out
    assert "250 drawn from 2000 rows" in said
    lines = said.split("In assessment.yaml, under the 'data:' that is there, put in place of")[1].split("\n", 1)[1]
    (folder / "assessment.yaml").write_text(
        f"name: x\ndata:\n  population: all.parquet\n  columns: {{id: id, text: note}}\n{lines}"
    )
    for name in ("sample.csv", "sample.manifest.yaml"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    study = open_study(folder, as_of="2026-10-01", store=Store(tmp_path / "store"))
    finding = next(f for f in study.realism.findings if f.id == "realism.raw_sample")
    assert finding.state is State.PASS and "random sample from 2,000 rows on 2026-09-30" in finding.sentence
    assert "sample.manifest.yaml" in study.input_digests
    # a second draw does not overwrite the first
    before = (folder / "sample.csv").read_bytes()
    assert run(monkeypatch, folder, "--seed", 8) == 2
    assert "already there" in capsys.readouterr().err and (folder / "sample.csv").read_bytes() == before
    assert run(monkeypatch, folder, "--seed", 8, "--replace") == 0
    assert (folder / "sample.csv").read_bytes() != before and not list(folder.glob(".draft-*"))


def test_copies_in_a_sample_are_said_when_it_is_drawn_with_what_gives_enough_others(monkeypatch, capsys, tmp_path):
    rows = [f"{i},word {i}" for i in range(100) for _ in range(1 + (i % 2))]  # every second record stands twice
    (tmp_path / "raw.csv").write_text("id,note\n" + "\n".join(rows) + "\n")
    folder = pilot(tmp_path, "data: {production: raw.csv, columns: {id: id}}")
    assert run(monkeypatch, folder, "--n", 60) == 0
    said = capsys.readouterr().out
    drawn = (tmp_path / "sample.csv").read_text().splitlines()[1:]
    assert len(set(drawn)) < len(drawn) == 60
    assert f"{len(set(drawn))} of them are different" in said
    assert f"--n {-(-3600 // len(set(drawn)))} --replace" in said
    assert run(monkeypatch, folder, "--n", 150, "--replace") == 0
    said = capsys.readouterr().out  # all are drawn: no larger sample gives more
    assert "100 of them are different: 50 records repeat another" in said and "--n" not in said


def test_a_sample_of_a_folder_stays_one_system_and_copies_are_told_across_its_files(monkeypatch, capsys, tmp_path):
    (tmp_path / "in").mkdir()
    for month in (1, 2):  # the second file repeats the first
        (tmp_path / "in" / f"m{month}.csv").write_text("id,note\n" + "".join(f"{i},word {i}\n" for i in range(20)))
    folder = pilot(tmp_path, "data: {production: in, columns: {id: id}}")
    assert run(monkeypatch, folder, "--n", 40) == 0
    said = capsys.readouterr().out
    assert "20 of them are different: 20 records repeat another" in said
    lines = said.split("In assessment.yaml, under the 'data:'")[1].split("\n", 1)[1]
    (folder / "assessment.yaml").write_text(f"name: x\ndata:\n{lines}")
    raw = open_study(folder, store=Store(tmp_path / "store")).sample.raw
    assert raw.systems == ("in",) and int((~raw.is_copy).sum()) == 20


def test_nested_columns_become_json_lines(tmp_path):
    pq.write_table(
        pa.table({"id": [1, 2, 3], "tags": [["a"], [], None], "at": [dt.datetime(2026, 1, 1, 8)] * 3}),
        tmp_path / "a.parquet",
    )
    with opened(load(pilot(tmp_path, "data: {population: a.parquet}"))) as population:
        got = draw(population, 3, seed=1, as_of=AS_OF, key="id")
    from flightready.realism.population.manifest import contents_of

    suffix, content = contents_of(got)
    rows = sorted((json.loads(line) for line in content.decode().splitlines()), key=lambda r: r["id"])
    assert (
        suffix == ".jsonl" and [r["tags"] for r in rows] == [["a"], [], None] and rows[0]["at"] == "2026-01-01 08:00:00"
    )


def test_files_give_their_records_as_they_stand(tmp_path, monkeypatch, capsys):
    bad = ["x,too,many,fields,here", "x"]
    good = [f'{i},"line one\nline two, {i}",caf\xe9' for i in range(98)]
    body = "\r\n".join(["id,text,place", *good[:50], bad[0], *good[50:], bad[1]]) + "\r\n\r\n"
    (tmp_path / "raw.csv").write_bytes(body.encode("cp1252"))
    folder = pilot(tmp_path, "data: {production: raw.csv, columns: {id: id}}")
    [drawn] = draw_from_files(load(folder), 60, seed=4)
    assert (drawn.rows, drawn.of_rows, drawn.is_as_it_stands) == (60, 100, True)
    lines = drawn.content.decode("cp1252").split("\r\n")
    assert lines[0] == "id,text,place" and set(lines[1:-1]) <= {*good, *bad} and len(lines) == 62
    [every] = draw_from_files(load(folder), 1000, seed=4)
    assert every.content == body.encode("cp1252").removesuffix(b"\r\n")  # all of them: the file itself
    # the same seed draws the same ids as an engine would
    ids = [r[0] for r in csv.reader(drawn.content.decode("cp1252").splitlines()) if r[0].isdigit()]
    hashes = {i: hashlib.md5(f"{i}|4".encode()).hexdigest() for i in range(98)}
    assert {int(i) for i in ids} == set(sorted(hashes, key=hashes.get)[: len(ids)])


def test_rows_that_do_not_parse_are_drawn_as_often_as_others(tmp_path):
    rows = [f"{i},a" if i % 5 else f"{i},a,b" for i in range(1000)]
    (tmp_path / "raw.csv").write_text("\n".join(["id,x", *rows]))
    folder = pilot(tmp_path, "data: {production: raw.csv, columns: {id: id}}")
    hits = [
        sum(line.count(b",") == 2 for line in draw_from_files(load(folder), 100, seed=s)[0].content.split(b"\n"))
        for s in range(20)
    ]
    # 2,000 records drawn, a fifth of them broken: 400, within four standard errors of sampling without replacement
    assert abs(sum(hits) - 400) < 4 * np.sqrt(2000 * 0.2 * 0.8 * 0.9)


def test_several_files_are_drawn_from_together(support_triage, tmp_path, monkeypatch, capsys):
    for name in ("assessment.yaml", "web.csv", "mail.jsonl", "legacy.csv", "curated.csv"):
        (tmp_path / name).write_bytes((support_triage / name).read_bytes())
    assert run(monkeypatch, tmp_path, "--n", 300, "--as-of", "2026-10-14", "--out", tmp_path / "drawn") == 0
    said = capsys.readouterr().out
    assert "- {file: drawn/sample_mail.jsonl, system: mail}  # was mail.jsonl" in said
    drawn = tmp_path / "drawn"
    assert {p.name for p in drawn.iterdir()} == {
        "sample_web.csv",
        "sample_mail.jsonl",
        "sample_legacy.csv",
        "sample.manifest.yaml",
    }
    for name in ("mail.jsonl", "web.csv", "legacy.csv"):
        original = (tmp_path / name).read_bytes()
        assert all(line in original for line in (drawn / f"sample_{name}").read_bytes().splitlines())
    text = (tmp_path / "assessment.yaml").read_text(encoding="utf-8")
    for name in ("web.csv", "mail.jsonl", "legacy.csv"):
        text = text.replace(f"file: {name}", f"file: drawn/sample_{name}")
    (tmp_path / "assessment.yaml").write_text(text, encoding="utf-8")
    study = open_study(tmp_path, store=Store(tmp_path / "store"))
    assert study.realism.n_raw == 300
    assert run(monkeypatch, tmp_path, "--out", drawn, "--replace") == 2  # never a sample of the sample
    assert "'drawn/sample_web.csv' is itself a drawn sample" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "content", "suffix"), [
    ("raw.json", b'[{"id": 1, "a": {"b": 1.50}},\n {"id": 2, "a": null}, {"id": 3}]', ".jsonl"),
    ("raw.csv", "id;t\n1;x\n2;y\n3;z\n".encode("utf-16"), ".csv"),
])  # fmt: skip
def test_files_that_are_not_plain_lines_keep_their_values(tmp_path, name, content, suffix):
    (tmp_path / name).write_bytes(content)
    [drawn] = draw_from_files(load(pilot(tmp_path, f"data: {{production: {name}, columns: {{id: id}}}}")), 2, seed=1)
    assert drawn.suffix == suffix and drawn.rows == 2 and not drawn.is_as_it_stands
    assert len(drawn.content.decode().splitlines()) == (2 if suffix == ".jsonl" else 3)


def test_patterns_and_packed_files_are_unpacked_and_never_hold_the_sample(tmp_path, monkeypatch, capsys):
    (tmp_path / "exports").mkdir()
    for part in range(2):
        lines = "".join(f"{i},text {i}\n" for i in range(part * 50, part * 50 + 50))
        (tmp_path / "exports" / f"p{part}.csv.gz").write_bytes(gzip.compress(f"id,text\n{lines}".encode()))
    folder = pilot(tmp_path, "data: {production: exports/*, columns: {id: id}}")
    drawn = draw_from_files(load(folder), 40, seed=1)
    assert [d.origin for d in drawn] == ["exports/p0.csv.gz", "exports/p1.csv.gz"] and all(
        d.is_as_it_stands for d in drawn
    )
    assert sum(d.rows for d in drawn) == 40 and drawn[0].content.startswith(b"id,text\n")
    assert run(monkeypatch, folder, "--n", 40, "--out", folder / "exports") == 0
    assert (folder / "exports" / "sample_p0.csv").exists()
    assert run(monkeypatch, folder, "--n", 40, "--out", folder / "other") == 2
    assert "is itself a drawn sample" in capsys.readouterr().err


def test_json_objects_one_after_the_other_keep_their_values(tmp_path):
    (tmp_path / "raw.json").write_text('{"id": 1,\n "t": "a"}\n{"id": 2,\n "t": "b"}\n{"id": 3, "t": "c"}\n')
    [drawn] = draw_from_files(load(pilot(tmp_path, "data: {production: raw.json, columns: {id: id}}")), 3, seed=1)
    assert drawn.rows == drawn.of_rows == 3 and not drawn.is_as_it_stands
    assert sorted(drawn.content.decode().splitlines()[1:]) == ["1,a", "2,b", "3,c"]


def test_nothing_to_draw_from_is_said(tmp_path):
    with pytest.raises(InputError, match="no file to draw from"):
        draw_from_files(load(pilot(tmp_path, "data: {}")), 2, seed=1)


@pytest.mark.parametrize(("manifest", "told"), [
    (None, "the manifest 'sample.manifest.yaml' is not there"),
    ("n: 3\n", "does not say how the sample was drawn"),
    ("sampling:\n  method: rondom\n", "sample.manifest.yaml, line 2, data.sampling.method: 'rondom'"),
    ("sampling:\n  method: random\n  seeds: 3\n", "sample.manifest.yaml, line 3, data.sampling.seeds: unknown key 'seeds'"),
])  # fmt: skip
def test_a_manifest_is_checked_like_the_rest(tmp_path, manifest, told):
    if manifest is not None:
        (tmp_path / "sample.manifest.yaml").write_text(manifest)
    with pytest.raises(InputError) as error:
        load(pilot(tmp_path, "data: {sampling: sample.manifest.yaml}"))
    assert told in str(error.value)
