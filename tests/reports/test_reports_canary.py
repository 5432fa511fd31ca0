"""Canaries: personal data planted in raw in every place appears in no output file, in no stream and not in the store."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from realism_samples import clean_table
from source_files import xlsx

from flightready.study import open_study
from flightready.study.store import Store

MAIL, PHONE, CARD, IBAN = "zoe.quill@canary.example", "+49 171 5550199", "4111 1111 1111 1111", "DE89370400440532013000"
KEY = "AK" + "IA" + "QZ7X4MPL2RTW8NBD"
PASSWORD = "pass" + "word: Hunter2Canary"
ADDRESS = "203.0.113.77"
PLANTED = (MAIL, PHONE, CARD, IBAN, KEY, PASSWORD, ADDRESS, "Zoe Quill", f"{MAIL} NÃ®mes", f" {PHONE} ")
TRACES = ("canary", "quill", "5550199", "4111 1111", "4111111111111111", "de8937", "qz7x4mpl", "hunter2", "203.0.113")
ROLES = {"id": "id", "time": "time", "text": "text", "label": "team", "prediction": "answer", "confidence": "sure",
         "group": ["category"]}  # fmt: skip


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(9)
    made = []
    for n in (240, 300):
        frame = clean_table(rng, n)
        frame["team"] = rng.choice(["billing", "legal"], n)
        frame["answer"] = np.where(rng.random(n) < 0.8, frame["team"], "legal")
        frame["sure"] = [f"{v:.2f}" for v in rng.uniform(0.5, 1, n)]
        made.append(frame)
    return made[0], made[1]


def with_canaries(frame: pd.DataFrame) -> pd.DataFrame:
    """Every canary in every column, often enough to be a category, a label, a group and a stand-in as well."""
    frame = frame.copy()
    for place, column in enumerate(frame.columns):
        for n, canary in enumerate(PLANTED):
            frame.loc[12 * n + place, column] = canary
    frame.loc[130:150, "category"] = MAIL  # a group and a category of its own
    frame.loc[151:170, "team"] = MAIL  # a class
    frame.loc[171:190, "name"] = "Zoe Quill"  # frequent enough to be taken for a stand-in
    frame.loc[191:196] = frame.loc[3].to_numpy()  # copies of a record
    frame.loc[200:203, "text"] = [f"{PASSWORD} {'x' * 200} {MAIL}", f"{'y' * 300} {IBAN}", MAIL * 9, f"<b>{MAIL}</b>"]
    return frame


def with_personal_headers(frame: pd.DataFrame) -> pd.DataFrame:
    """Names of columns that are data; CSV files and workbooks with such a line are read as without a header."""
    return frame.rename(columns={"code": MAIL, "count": f"{PHONE} called"})


def nested(frame: pd.DataFrame) -> str:
    """JSON lines whose keys are data, too, and lines that do not parse."""
    lines = []
    for place, row in enumerate(frame.to_dict("records")):
        record = {k: v for k, v in row.items() if isinstance(v, str)}
        if place % 9 == 0:
            record["contacts"] = {MAIL: "x", PHONE: {"name": "Zoe Quill", "card": CARD}}
        lines.append(json.dumps(record))
    return "\n".join([*lines, f'{{"id": "{MAIL}", "text": "Zoe Quill', f"{KEY} {IBAN}"]) + "\n"


@pytest.fixture(scope="module")
def pilot(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    demo, raw = tables()
    demo.to_csv(folder / "demo.csv", index=False)
    planted = with_canaries(raw)
    broken = f"{MAIL},{PHONE},too few\n" * 4 + ",".join([CARD] * 30) + "\n"
    (folder / "web.csv").write_text(planted.to_csv(index=False) + broken, encoding="utf-8")
    (folder / "mail.jsonl").write_text(nested(with_personal_headers(planted)), encoding="utf-8")
    with_personal_headers(planted).to_parquet(folder / "legacy.parquet")
    sheet = planted.map(escape).astype(object)
    (folder / "desk.xlsx").write_bytes(xlsx({"Zoe Quill": [[*map(escape, sheet.columns)], *sheet.to_numpy().tolist()]}))
    data = {"curated": "demo.csv", "production": ["web.csv", "mail.jsonl", "legacy.parquet", "desk.xlsx"], "columns": ROLES,
            "personal_data": "none"}  # fmt: skip
    rules = {"floor": {"accuracy": "85%"}, "allowed_drop": "5 points", "error_cost": {"default": "2 USD"}}
    sample = Path(__file__).parents[2] / "sample_data" / "support_triage"
    named = (sample / "spans.jsonl").read_text("utf-8").replace('"fetch_ticket"', f'"fetch {MAIL} {CARD}"')
    (folder / "spans.jsonl").write_text(named, encoding="utf-8")
    call = {"time": "2026-02-03T10:00:00Z", "user": MAIL, "session": PHONE, "request": CARD, "model": "gpt-4.1",
            "input_tokens": 900, "output_tokens": 40}  # fmt: skip
    pd.DataFrame([call | {"time": f"2026-02-{3 + i % 9:02d}T10:00:00Z"} for i in range(60)]).to_csv(
        folder / "usage.csv", index=False
    )
    spec = {"name": "Pilot", "as_of": "2026-03-01", "phase": "prototype", "data": data, "evaluation": rules,
            "cost": {"usage": "usage.csv"}, "latency": {"spans": "spans.jsonl"}}  # fmt: skip
    (folder / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")
    return folder


def traces(text: str) -> set[str]:
    """What of the canaries shows in a text, also where it is packed or written in another way."""
    packed = [gzip.decompress(base64.b64decode(b)).decode("utf-8", "replace")
              for b in re.findall(r"H4sI[A-Za-z0-9+/]{60,}={0,2}", text) if len(b) % 4 == 0]  # fmt: skip
    plain = " ".join([text, *packed, text.replace("\\u0040", "@").replace("&#64;", "@").replace("\\", "")]).casefold()
    return {t for t in TRACES if t in plain}


def in_files(folder: Path) -> dict[str, set[str]]:
    """Traces by file; Parquet is decoded first. Numbers of an array may hold a card by chance alone, so words only."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = (
            repr(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_text("utf-8", "replace")
        )
        if seen := traces(text) | traces(path.name):
            found[str(path.relative_to(folder))] = seen
    return found


def run(*arguments, cwd: Path, store: Path) -> subprocess.CompletedProcess:
    settings = {**os.environ, "NO_COLOR": "1", "COLUMNS": "160", "FLIGHTREADY_STORE": str(store)}
    command = [sys.executable, "-m", "flightready.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=settings, capture_output=True, text=True, check=False)


def test_the_canaries_are_there_and_are_found(pilot, tmp_path):
    """What the detectors say of them: without that, silence elsewhere would prove nothing."""
    result = open_study(pilot, store=Store(tmp_path)).realism
    hit = {d.detector for d in result.found()}
    assert {"personal_data", "secret", "missing", "encoding", "malformed", "duplicate"} <= hit
    told = next(f for f in result.findings if f.id == "realism.personal_data_scan")
    assert told.state == "FAIL" and told.questions == ("R6", "E4")
    assert result.repairs
    assert traces(repr(result)) == set()
    assert in_files(tmp_path) == {}


def test_a_report_and_a_check_show_and_store_none_of_them(pilot, tmp_path, root):
    out, store = tmp_path / "out", tmp_path / "store"
    said = ""
    for arguments, ends_with in (
        (["report", pilot, "--out", out], 0),
        (["check", pilot, "--json"], 3),
        (["check", pilot], 3),
    ):
        done = run(*arguments, cwd=root, store=store)
        assert done.returncode == ends_with, done.stderr
        said += done.stdout + done.stderr
    assert {p.suffix for p in out.rglob("*") if p.is_file()} >= {".html", ".json", ".ipynb"}
    assert list(store.rglob("result.json"))
    assert traces(said) == set()
    assert in_files(out) == {}
    assert in_files(store) == {}


@pytest.mark.parametrize(
    "text", [MAIL.upper(), "x zoe\\.quill x", base64.b64encode(gzip.compress(MAIL.encode() * 60, mtime=0)).decode()]
)
def test_a_trace_would_be_seen(text):
    assert traces(text)
