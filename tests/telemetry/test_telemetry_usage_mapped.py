"""Files of any columns, by roles that the assessment names: CSV, Parquet, JSON; calls and sums."""

import json

import pandas as pd
import pytest

from flightready.assessment import load
from flightready.assessment.usage_files import UsageColumns
from flightready.errors import InputError
from flightready.telemetry import UsageFile, read_usage, usage_of
from flightready.telemetry.usage_csv import ALIASES

COLUMNS = {"time": "wann", "input": "rein", "cached": "davon gemerkt", "output": "raus", "model": "Modell"}
ROWS = [
    {"wann": "2026-09-14T08:00:01Z", "rein": 500, "davon gemerkt": 100, "raus": 40, "Modell": "m"},
    {"wann": "2026-09-14T08:00:03Z", "rein": 700, "davon gemerkt": 0, "raus": 60, "Modell": "m"},
]


def written(tmp_path, form):
    path = tmp_path / f"usage.{form}"
    if form == "parquet":
        pd.DataFrame(ROWS).assign(wann=lambda f: pd.to_datetime(f["wann"])).to_parquet(path)
    elif form == "csv":
        pd.DataFrame(ROWS).to_csv(path, index=False, sep=";")
    else:
        path.write_text("".join(json.dumps(r) + "\n" for r in ROWS))
    return path


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_the_same_calls_from_every_form(tmp_path, form):
    usage = read_usage([UsageFile(written(tmp_path, form), COLUMNS)], where="")
    assert usage.calls[["input_total", "cache_read", "output"]].to_numpy().tolist() == [[500, 100, 40], [700, 0, 60]]
    assert usage.calls["time"].dt.second.tolist() == [1, 3]


def test_parquet_with_usual_names_needs_no_mapping(tmp_path):
    path = tmp_path / "usage.parquet"
    times = pd.to_datetime(["2026-09-14T08:00:01Z", "2026-09-14T08:00:03Z"])
    pd.DataFrame({"timestamp": times, "input_tokens": [5, 6], "output_tokens": [1, 2]}).to_parquet(path)
    assert read_usage([path], where="").calls["input_total"].tolist() == [5, 6]


def test_fields_within_json_records(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text('{"at": 1790000000, "llm": {"in": 5, "beside": 20, "out": 1}}\n')
    roles = {"time": "at", "input_beside_cache": "llm.in", "cache_read": "llm.beside", "output": "llm.out"}
    calls = read_usage([UsageFile(path, roles)], where="").calls
    assert calls[["input_total", "cache_read"]].iloc[0].tolist() == [25, 20]


def test_days_with_a_total_of_requests_are_sums(tmp_path):
    path = tmp_path / "days.csv"
    path.write_text("date,input_tokens,output_tokens\n2026-09-14,900,100\n2026-09-15,2700,300\n")
    usage = read_usage([UsageFile(path, requests=40)], where="")
    assert usage.calls is None
    assert usage.buckets["requests"].tolist() == [10, 30]


def test_the_assessment_names_files_plainly_or_with_columns(tmp_path):
    written(tmp_path, "csv")
    (tmp_path / "plain.csv").write_text("time,input_tokens,output_tokens\n2026-09-14 09:00:01,12,3\n")
    (tmp_path / "assessment.yaml").write_text(
        "name: x\ncost:\n  usage:\n    - plain.csv\n    - file: usage.csv\n      columns: "
        "{time: wann, input: rein, cached: davon gemerkt, output: raus}\n"
    )
    pilot = load(tmp_path)
    assert pilot.spec.cost.usage_files == ("plain.csv", "usage.csv")
    assert set(pilot.input_files()) == {"plain.csv", "usage.csv"}
    assert usage_of(pilot).calls["input_total"].tolist() == [500, 700, 12]


def test_every_role_can_be_named():
    assert set(UsageColumns.model_fields) == set(ALIASES)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({**COLUMNS, "output": "rauss"}, r"no column 'rauss', named for output.*raus"),
        ({"time": "wann", "output": "raus"}, r"columns leaves out input.*at least time, input and output"),
        ({**COLUMNS, "input": "Modell"}, r"usage.csv, lines 2.*column 'Modell' is not a number"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(tmp_path, columns, message):
    with pytest.raises(InputError, match=message):
        read_usage([UsageFile(written(tmp_path, "csv"), columns)], where="")


def test_a_field_that_no_record_has_is_told(tmp_path):
    with pytest.raises(InputError, match="no record has the field raus2"):
        read_usage([UsageFile(written(tmp_path, "jsonl"), {**COLUMNS, "output": "raus2"})], where="")


def test_a_role_that_is_none_is_told_with_its_line(tmp_path):
    (tmp_path / "assessment.yaml").write_text(
        "name: x\ncost:\n  usage:\n    - file: u.csv\n      columns: {time: a, inputs: b, output: c}\n"
    )
    with pytest.raises(InputError, match="inputs"):
        load(tmp_path)
