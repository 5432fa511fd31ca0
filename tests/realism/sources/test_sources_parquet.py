"""Parquet as text: as a person would write the value, in the shape that JSON has."""

from __future__ import annotations

import datetime as dt
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from source_files import refusal

from flightready.realism.sources import read_table
from flightready.realism.sources.values import number_text


@pytest.fixture
def read(tmp_path):
    def write(columns: dict[str, pa.Array]):
        pq.write_table(pa.table(columns), tmp_path / "a.parquet")
        return read_table(tmp_path / "a.parquet")

    return write


MOMENTS = [dt.datetime(2026, 1, 5, 13, 45, 1, 500_000), dt.datetime(2026, 7, 5)]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([0.1 + 0.2, 1.1]), ["0.3", "1.1"]),
        (pa.array([5.0, None]), ["5", None]),
        (pa.array([float("nan"), 1e20]), ["NaN", "100000000000000000000"]),
        (pa.array([1.1, 2.5], pa.float32()), ["1.1", "2.5"]),
        (pa.array([decimal.Decimal("1.10"), None]), ["1.10", None]),
        (pa.array(MOMENTS, pa.timestamp("us")), ["2026-01-05T13:45:01.5", "2026-07-05T00:00:00"]),
        (pa.array(MOMENTS, pa.timestamp("ns", tz="UTC")), ["2026-01-05T13:45:01.5Z", "2026-07-05T00:00:00Z"]),
        (pa.array(MOMENTS, pa.timestamp("ms", tz="Europe/Berlin")), ["2026-01-05T14:45:01.5+01:00", "2026-07-05T02:00:00+02:00"]),
        (pa.array([dt.date(2026, 1, 5), None]), ["2026-01-05", None]),
        (pa.array([dt.time(13, 4), dt.time(1, 2, 3)]), ["13:04:00", "01:02:03"]),
        (pa.array([dt.timedelta(days=1, seconds=5), None]), ["24:00:05", None]),
        (pa.array([True, None]), ["true", None]),
        (pa.array(["a", "", None, "a"]).dictionary_encode().slice(1, 2), ["", None]),
        (pa.array([1.1, 2.0]).dictionary_encode(), ["1.1", "2"]),
        (pa.array([b"text", "ü".encode()]), ["text", "ü"]),
        (pa.array([b"text", b"\xff\x00"]), ["(binary, 4 bytes)", "(binary, 2 bytes)"]),
        (pa.array([b"\x01\x02\x00", b"\x00\x00"]), ["(binary, 3 bytes)", "(binary, 2 bytes)"]),
        (pa.array([[1, 2], None]), ["[1, 2]", None]),
        (pa.array([[{"x": 0.1 + 0.2, "d": dt.date(2026, 1, 5), "b": b"\xff"}], []]),
         ['[{"x": 0.3, "d": "2026-01-05", "b": "(binary, 1 byte)"}]', "[]"]),
        (pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())), ['{"k": 1}', None]),
    ],
)  # fmt: skip
def test_values_are_text_as_a_person_writes_them(read, values, texts):
    got = read({"v": values, "k": pa.array(range(2))})
    assert [None if pd.isna(v) else v for v in got.frame["v"]] == texts


def test_structs_become_dotted_columns(read):
    got = read({"t": pa.array([{"id": 1, "who": {"region": "x"}}, None])})
    assert list(got.frame.columns) == ["t.id", "t.who.region"]
    assert got.frame.to_numpy()[0].tolist() == ["1", "x"]
    assert got.frame.isna().to_numpy()[1].all()


def test_bytes_that_are_no_text_are_said(read):
    got = read({"v": pa.array([b"\xff", b"x"]), "k": pa.array([1, 2])})
    assert got.notes == ("the column 'v' holds bytes that are no text; their size stands for them",)


def test_numbers_read_back_as_what_they_were():
    rng = np.random.default_rng(3)
    values = np.concatenate([rng.normal(size=300) * 10.0 ** rng.integers(-12, 18, 300), [0.0, -0.0, 1e-9, 123456.789]])
    read_back = np.array([float(number_text(v)) for v in values])
    np.testing.assert_allclose(read_back, values, rtol=1e-14)
    assert not any("e" in number_text(v) for v in values)


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path, read):
    told = refusal(lambda: read({"a": pa.array([], pa.int64())}))
    assert told.startswith("a.parquet: the file holds no rows") and "export the rows again" in told
    whole = (tmp_path / "a.parquet").read_bytes()
    for content in (whole[:-10], b"PAR1" + b"x" * 50 + b"PAR1", b"PAR1"):
        (tmp_path / "a.parquet").write_bytes(content)
        told = refusal(lambda: read_table(tmp_path / "a.parquet"))
        assert told.startswith("a.parquet: the Parquet file is broken or cut off. To cure it: write it again")
    (tmp_path / "a.parquet").write_bytes(b"PARE" + b"x" * 50)
    assert "an encrypted Parquet file" in refusal(lambda: read_table(tmp_path / "a.parquet"))
