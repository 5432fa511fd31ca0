"""Whatever happens to a file on its way, it is read or refused in one sentence; nothing else ever comes out."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from source_files import XLS, ods, read_bytes, xlsx, zipped

from flightready.errors import InputError

CSV = ("id,text\n" + "".join(f'{i},"te, {i}"\n' for i in range(50))).encode()
NASTY = np.array([0, 10, 13, 34, 44, 92, 123, 255], dtype=np.uint8)


def parquet() -> bytes:
    held = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(50)), "b": ["x"] * 50}), held)
    return held.getvalue()


WHOLE = {
    "a.csv": CSV,
    "b.csv": CSV.decode().encode("utf-16"),
    "a.json": json.dumps([{"a": i, "b": {"c": "é"}} for i in range(30)], indent=1).encode(),
    "a.jsonl": b"\n".join(json.dumps({"a": i}).encode() for i in range(30)),
    "a.csv.gz": gzip.compress(CSV),
    "a.csv.bz2": bz2.compress(CSV),
    "a.csv.xz": lzma.compress(CSV),
    "a.zip": zipped({"a.csv": CSV}),
    "a.parquet": parquet(),
    "a.xlsx": xlsx({"S": [["id", "when", "v"], *[[f"T{i}", ("date", 46000 + i), i / 3] for i in range(30)]]}),
    "a.xls": XLS,
    "a.ods": ods([["a", "b"], *[[str(i), "x"] for i in range(4)]]),
}


def changed(data: bytes, rng: np.random.Generator) -> bytes:
    """A file that was cut off, had bytes changed, or both."""
    made = np.frombuffer(data, dtype=np.uint8).copy()
    if rng.random() < 0.4:
        made = made[: rng.integers(1, len(made))]
    if rng.random() < 0.8:
        places = rng.integers(0, len(made), rng.choice([1, 3, 20]))
        made[places] = np.where(
            rng.random(len(places)) < 0.7, rng.choice(NASTY, len(places)), rng.integers(0, 256, len(places))
        )
    return made.tobytes()


@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(tmp_path, name):
    rng = np.random.default_rng(11)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(40):
        try:
            table = read_bytes(tmp_path, changed(WHOLE[name], rng), name)
        except InputError as error:
            told = str(error)
            assert told.startswith(f"{name}: ") and "\n" not in told
            assert error.cure, told
            outcomes["refused"] += 1
        else:
            assert table.n_records == len(table.frame) + len(table.malformed)
            assert len(table.lines) == len(table.records) == len(table.frame)
            outcomes["read"] += 1
    assert sum(outcomes.values()) == 40
    assert outcomes["refused"] or name in ("a.csv", "b.csv", "a.json", "a.jsonl")


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_file_is_read(tmp_path, name):
    assert len(read_bytes(tmp_path, WHOLE[name], name).frame) in (2, 4, 30, 50)
