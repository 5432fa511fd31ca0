"""The ingestion contract: learned from the demo set, written in three forms that agree, held against raw records."""

from __future__ import annotations

import json
import re
import tempfile
from functools import partial
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pandera.pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from realism_samples import NAME, clean_table, pilot_in, put, sample_of, side_of

from flightready.assessment import load
from flightready.assessment.schema import Columns
from flightready.errors import InputError
from flightready.realism.contract.breaches import RULES, breaches, broken
from flightready.realism.contract.document import contract_yaml, write_forms
from flightready.realism.contract.forms import json_schema, table_schema
from flightready.realism.contract.learning import learn
from flightready.realism.contract.patterns import matches, pattern
from flightready.realism.contract.rules import Rule, checked_columns, contract_of, load_contract
from flightready.realism.detector import RECORD, detectors
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample
from flightready.realism.sources import read_sample


@pytest.fixture(scope="module")
def triage(support_triage):
    """Raw and demo set of the sample, and the contract learned from its demo set."""
    inspection = inspect(read_sample(load(support_triage)), seed=7)
    return inspection, learn(inspection, name="Triage").contract


def learned(frame: pd.DataFrame, **roles):
    inspection = inspect(Sample(side_of(frame, "demo"), None, Columns(**roles)), seed=7)
    return learn(inspection, name="Pilot")


def test_a_demo_set_keeps_the_contract_that_it_taught(triage):
    inspection, contract = triage
    assert breaches(contract, inspection.side("curated")) == ()


@pytest.mark.parametrize("seed", range(4))
def test_new_clean_records_break_hardly_any_rule(seed):
    """Halves of one clean table: what one half teaches, the other keeps but for rare categories and extremes."""
    frame = clean_table(np.random.default_rng(seed), 600).drop(columns="optional")
    demo, raw = frame.iloc[::2], frame.iloc[1::2]
    contract = learned(demo, id="id", time="time", text="text").contract
    found = breaches(contract, side_of(raw))
    assert sum(b.hits for b in found) < 0.01 * raw.size


@pytest.mark.parametrize(
    ("detector", "rules"),
    [
        ("missing", {"empty"}),
        ("disguised", {"stands for nothing", "out of range", "unknown category", "written otherwise", "not a number"}),
        ("encoding", {"broken characters"}),
        ("duplicate", {"copy of an earlier record"}),
        ("duplicate_key", {"value occurred before"}),
    ],
)
def test_it_flags_what_the_notebook_found(triage, detector, rules):
    inspection, contract = triage
    marks = broken(contract, inspection.side("raw"))
    found = next(d for d in detectors() if d.id == detector).find(inspection)
    hits = caught = 0
    for column, detection in found.items():
        if detection.raw is None or (column != RECORD and column not in contract.columns):
            continue
        flagged = np.zeros(len(inspection.side("raw")), dtype=bool)
        for (place, rule), hit in marks.items():
            flagged |= hit if place == column and rule in rules else False
        hits += int(detection.raw.hit.sum())
        caught += int((detection.raw.hit & flagged).sum())
    assert hits > 10
    assert caught >= 0.95 * hits


def test_rows_that_do_not_parse_break_it(triage):
    inspection, contract = triage
    found = next(b for b in breaches(contract, inspection.side("raw")) if b.rule == "row does not parse")
    assert (found.hits, found.n) == (15, 1200)


def test_json_schema_and_pandera_refuse_the_same_cells(triage):
    """jsonschema (an independent validator) on each record against pandera on the table."""
    inspection, contract = triage
    side = inspection.side("raw")
    validator = jsonschema.Draft202012Validator(json_schema(contract))
    by_json: set[tuple[int, str]] = set()
    for row, record in enumerate(side.frame.to_dict("records")):
        filled = {k: v for k, v in record.items() if isinstance(v, str) and v.strip()}
        for error in validator.iter_errors(filled):
            columns = [error.path[0]] if error.path else re.findall(r"'([^']+)' is a required", error.message)
            by_json |= {(row, c) for c in columns}
    of_one_record = set(RULES) - {"value occurred before", "copy of an earlier record", "out of range"}
    by_table = {
        (int(row), column)
        for (column, rule), hit in broken(contract, side).items() if rule in of_one_record for row in np.flatnonzero(hit)
    }  # fmt: skip
    assert by_json == by_table


def test_a_number_outside_the_range_is_refused_by_both_forms():
    frame = pd.DataFrame({"amount": [f"{v}.50" for v in range(10, 60)], "note": [f"all well {i}" for i in range(50)]})
    contract = learned(frame).contract
    raw = side_of(put(frame, "amount", ["9999.00", "-3.00", "abc", "12,50"], rows=[1, 2, 3, 4]))
    told = {(b.column, b.rule): b.hits for b in breaches(contract, raw)}
    assert told == {("amount", "out of range"): 2, ("amount", "not a number"): 2}
    validator = jsonschema.Draft202012Validator(json_schema(contract))
    good = {"amount": 12.5, "note": "all well 3"}
    assert not list(validator.iter_errors(good))
    assert all(list(validator.iter_errors(good | {"amount": v})) for v in (9999.0, -3.0, "abc", "12,50"))


def test_a_column_that_is_not_there_breaks_the_rule_that_requires_it(triage):
    inspection, contract = triage
    without = side_of(inspection.side("raw").frame.drop(columns="body"))
    found = {(b.column, b.rule): b.hits for b in breaches(contract, without)}
    assert found["body", "column is not there"] == len(without)


def test_pandera_reads_its_own_form_back(triage, tmp_path):
    _, contract = triage
    _, table = write_forms(contract, tmp_path)
    again = pandera.pandas.DataFrameSchema.from_yaml(table)
    ours = table_schema(contract)
    assert list(again.columns) == list(ours.columns)
    for name, column in again.columns.items():
        assert (column.nullable, column.unique, column.required) == (
            ours.columns[name].nullable, ours.columns[name].unique, ours.columns[name].required,
        )  # fmt: skip
    assert again.name == "Triage"
    assert json.loads((tmp_path / "contract.schema.json").read_text(encoding="utf-8"))["title"] == "Triage"


def test_patterns_use_nothing_that_only_python_reads(triage):
    _, contract = triage
    for rule in contract.columns.values():
        written = pattern(rule)
        assert not re.search(r"\(\?P|\(\?<|\\Z|\\A|\(\?[aiLmsux]", written)
        assert set(re.findall(r"\\(.)", written)) <= set(".^$*+?()[]{}|\\/sSu")


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (Rule(kind="code", formats=("A-9",)), ["T-1", "TT-042"], ["T1", "t-1", "T-", "T-1 ", "", "N/A"]),
        (Rule(kind="time", formats=("9999-9-9A9:9:9A",)), ["2026-01-02T10:00:00Z", "2026-01-02T10:00:00.125Z"],
         ["02.01.2026", "1900-01-01T00:00:00Z", "2026-01-02", "26-01-02T10:00:00Z"]),
        (Rule(kind="number"), ["1", "-2.5", "1,234.50", "+3"], ["1,5", "1.5E+02", "12 EUR", "", "n/a", "1.2.3"]),
        (Rule(kind="number", decimal="comma"), ["1,5", "1.234,50"], ["1.5", "1,234.50"]),
        (Rule(), ["Crème brûlée", "a-b", "0"], ["N/A", " n/a ", "caf\ufffd", "NÃ®mes", "&eacute;", "a\x07", " ", "-"]),
        (Rule(placeholders=True, broken_characters=True), ["N/A", "caf\ufffd"], ["", "  "]),
    ],
)  # fmt: skip
def test_patterns(rule, good, bad):
    assert matches(good, pattern(rule)) == [True] * len(good)
    assert matches(bad, pattern(rule)) == [False] * len(bad)


def test_values_of_single_persons_are_not_written_down():
    frame = clean_table(np.random.default_rng(3), 400).drop(columns="optional")
    frame["region"] = ["north", "south"] * 199 + [NAME, NAME]
    frame["amount"] = [f"{v:.2f}" for v in np.linspace(10, 98765.43, 400)]
    got = learned(frame, id="id", time="time", text="text")
    text = contract_yaml(got)
    assert got.contract.columns["region"].categories == ("north", "south")
    assert "1 rare value left out" in text
    assert NAME not in text and "98765.43" not in text


AMOUNTS = {
    "unit": "{:.1f} kg", "currency": "{:.2f} EUR", "dollars": "${:,.2f}", "percent": "{:.1f} %", "signed percent": "{:+.1f}%",
    "minutes": "{:.0f} min", "swiss": "1'{:03.0f}.00", "narrow blank": "1\u202f{:03.0f},50", "minus": "\u2212{:.1f}", "brackets": "({:,.2f})",
    "plain": "{:.2f}", "comma": "{:.0f},50", "blanks": " {:.0f} ", "leading zeros": "{:06.0f}",
}  # fmt: skip


@pytest.mark.parametrize("form", AMOUNTS)
def test_a_demo_set_keeps_its_contract_however_it_writes_numbers(form):
    values = np.random.default_rng(2).uniform(1, 900, 100)
    frame = pd.DataFrame(
        {"weight": [AMOUNTS[form].format(v) for v in values], "note": [f"item {i} is well" for i in range(100)]}
    )
    inspection = inspect(Sample(side_of(frame, "demo"), None, Columns()), seed=7)
    assert breaches(learn(inspection, name="x").contract, inspection.side("curated")) == ()


NASTY = ["? unknown reason", "No", "Yes", "NULL!", "~", "1.0", "- a", "a: b", "# c", "{x}", "[y]", "*z", "&w", "!t", "'q'", '"r"', "%p", "@o", "`n", "=1+1",
         "ümlaut", "日本", "a\tb", "\\n", "0x1F", "2026-01-01", "on", "| pipe", "> fold", " lead", "trail "]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=6, unique=True),
    st.sampled_from(["d", "yes", "No", "a: b", "? x", "1", "ß", "a\nb", "- c", "null", "'", "#"]),
    st.integers(0, 9999),
)
def test_whatever_is_learned_can_be_read_back_and_is_kept_by_the_demo_set(values, column, seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({column: rng.choice(values, 90), "note": [f"entry {i} of the list" for i in range(90)]})
    inspection = inspect(Sample(side_of(frame, "demo"), None, Columns()), seed=7)
    got = learn(inspection, name="x: y")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contract.yaml"
        path.write_text(contract_yaml(got), encoding="utf-8")
        assert load_contract(path) == got.contract
        write_forms(got.contract, Path(folder))
        json.loads((Path(folder) / "contract.schema.json").read_text(encoding="utf-8"))
    assert sum(b.hits for b in breaches(got.contract, inspection.side("curated"))) <= 0.05 * frame.size


def test_a_rule_for_a_column_that_is_nowhere_is_refused():
    contract = contract_of(
        {"name": "x", "columns": {"regoin": {"kind": "category", "categories": ["a"]}}}, {}, "contract.yaml"
    )
    with pytest.raises(InputError, match="no file has the column 'regoin'.*'region'"):
        checked_columns(contract, ["id", "region"], "contract.yaml")


@pytest.mark.parametrize("value", ["-.inf", ".nan", ".inf"])
def test_ends_that_are_no_number_are_refused(tmp_path, value):
    path = tmp_path / "contract.yaml"
    path.write_text(f"name: x\ncolumns:\n  a: {{kind: number, lowest: {value}}}\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 3.*finite"):
        load_contract(path)


def test_few_records_teach_no_obligation():
    got = learned(pd.DataFrame({"a": [f"word {i}" for i in range(10)]}))
    assert got.contract.columns["a"].required is False


def test_nothing_is_learned_from_what_is_broken():
    frame = clean_table(np.random.default_rng(4), 400).drop(columns="optional")
    frame = put(frame, "time", ["03/09/2026", "n/a"])
    assert learned(frame, id="id", time="time", text="text").contract.columns["time"].formats == ("9-9-9A9:9:9A",)


def test_times_with_a_zone_fit_the_contract_learned_from_them():
    frame = clean_table(np.random.default_rng(4), 300).drop(columns="optional")
    frame["time"] = frame["time"].str.replace("Z", "+02:00")
    rule = learned(frame, id="id", time="time", text="text").contract.columns["time"]
    assert all(re.search(pattern(rule), t) for t in frame["time"])


def test_a_contract_needs_a_demo_set():
    inspection = inspect(
        sample_of(pd.DataFrame({"id": ["1", "2"], "time": ["", ""], "text": ["a", "b"]}), None), seed=7
    )
    with pytest.raises(InputError, match=r"data\.curated"):
        learn(inspection, name="x")


def test_corrections_are_read_back_with_their_line(tmp_path):
    path = tmp_path / "contract.yaml"
    got = learned(clean_table(np.random.default_rng(5), 100), id="id", time="time", text="text")
    path.write_text(contract_yaml(got), encoding="utf-8")
    assert load_contract(path) == got.contract
    path.write_text(contract_yaml(got) + "confirmed: {by: Head of Data, on: 2026-10-01}\n", encoding="utf-8")
    assert load_contract(path).confirmed.by == "Head of Data"
    path.write_text("name: x\ncolumns:\n  a:\n    requierd: true\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"contract\.yaml, line 4.*unknown key 'requierd'.*'required'"):
        load_contract(path)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"kind": "text", "formats": ["A"]}, "'formats' in a column of kind text"),
        ({"kind": "code", "categories": ["A"]}, "'categories' in a column of kind code"),
        ({"kind": "text", "lowest": 3}, "'lowest' or 'highest'"),
        ({"kind": "number", "lowest": 3, "highest": 1}, "lowest 3 is above highest 1"),
        ({"kind": "category", "categories": ["a", ""]}, "empty format or category"),
        ({"kind": "nmber"}, "'nmber' is not a valid value"),
        ({"longest": 0}, "greater than or equal to 1"),
    ],
)
def test_rules_that_cannot_be_are_refused(rule, sentence):
    with pytest.raises(InputError, match=re.escape(sentence)):
        contract_of({"name": "x", "columns": {"a": rule}}, {}, "contract.yaml")


def test_no_contract_yet_is_said(tmp_path):
    with pytest.raises(InputError, match="run 'flightready contract' first"):
        load_contract(tmp_path / "contract.yaml")


@pytest.fixture
def program(tmp_path, capsys):
    from flightready.cli import main  # noqa: F401 - loads every command
    from flightready.cli.program import app

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            app([*arguments])
        return int(end.value.code or 0), capsys.readouterr().out

    return partial(run), tmp_path


def test_the_command_learns_once_and_keeps_corrections(program):
    run, folder = program
    demo = clean_table(np.random.default_rng(6), 120).drop(columns="optional")
    raw = put(demo, "name", ["", "N/A"])
    spec = {
        "data": {
            "curated": "demo.csv",
            "production": "raw.csv",
            "columns": {"id": "id", "time": "time", "text": "text"},
        }
    }
    pilot_in(folder, spec, {"demo.csv": demo.to_csv(index=False), "raw.csv": raw.to_csv(index=False)})
    code, told = run("contract", str(folder))
    assert code == 0 and "Learned" in told and "Not confirmed yet" in told and "stands for nothing" in told
    path = folder / "contract.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("kind: time", "kind: time\n    unique: true"), encoding="utf-8"
    )
    before = path.read_bytes()
    code, told = run("contract", str(folder))
    assert code == 0 and "Learned" not in told and path.read_bytes() == before
    assert "unique: true" in (folder / "contract.pandera.yaml").read_text(encoding="utf-8")
    assert run("contract", str(folder), "--check")[0] == 3
    assert run("contract", str(folder), "--learn")[0] == 0 and path.read_bytes() != before


def test_the_command_without_raw_records_says_so(program):
    run, folder = program
    demo = clean_table(np.random.default_rng(6), 60)
    pilot_in(folder, {"data": {"curated": "demo.csv"}}, {"demo.csv": demo.to_csv(index=False)})
    code, told = (
        run("contract", str(folder), "--check")
        if (folder / "contract.yaml").is_file()
        else run("contract", str(folder))
    )
    assert code == 0 and "no raw records" in told
