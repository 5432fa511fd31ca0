"""Pages of data realism and evaluation: every cell shows something, whatever is missing; text from data never runs."""

from __future__ import annotations

import inspect as introspection
import json
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from realism_samples import clean_table

from flightready.pages import evaluation as evaluation_pages
from flightready.pages import realism as realism_pages
from flightready.pages.display import Prose, Table
from flightready.study import open_study
from flightready.study.store import Store

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"
PERSON = "zoe.quill@canary.example"
ROLES = {"id": "id", "time": "time", "text": "text", "label": "team", "prediction": "answer", "confidence": "sure"}


def cells(module) -> list[str]:
    names = [
        n
        for n, f in introspection.getmembers(module, introspection.isfunction)
        if f.__module__.startswith(module.__name__)
    ]
    return [n for n in names if not n.startswith("_") and not n.endswith("what_if")]


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(9)
    made = []
    for n, right in ((200, 0.9), (300, 0.7)):
        frame = clean_table(rng, n)
        frame["team"] = rng.choice(["billing", "legal"], n)
        frame["answer"] = np.where(rng.random(n) < right, frame["team"], "other")
        frame["sure"] = [f"{v:.2f}" for v in rng.uniform(0.8, 1, n)]
        made.append(frame)
    demo, raw = made
    raw.loc[:40, "text"] = HOSTILE
    raw.loc[41:60, "text"] = f"{HOSTILE} NÃ®mes {PERSON}"
    raw.loc[61:90, "category"] = HOSTILE
    raw.loc[91:100, "team"] = HOSTILE
    raw.loc[101:120, "name"] = "N/A"
    return demo, raw.rename(columns={"code": HOSTILE})


def written(folder: Path, *, parts: tuple[str, ...]) -> Path:
    """A folder with an assessment of the named parts."""
    demo, raw = tables()
    roles = {k: v for k, v in ROLES.items() if "labels" in parts or k not in ("label", "prediction", "confidence")}
    data: dict = {"columns": roles}
    if "labels" not in parts:
        demo, raw = (f.drop(columns=["team", "answer", "sure"]) for f in (demo, raw))
    if "demo" in parts:
        demo.to_csv(folder / "demo.csv", index=False)
        data["curated"] = "demo.csv"
    if "raw" in parts:
        raw.to_csv(folder / "raw.csv", index=False)
        data["production"] = [{"file": "raw.csv", "system": f"web {HOSTILE}"}]
    spec = {"name": "Pilot", "as_of": "2026-03-01"}
    if data.keys() - {"columns"}:
        spec["data"] = data
    if "labels" in parts:
        spec["evaluation"] = {
            "floor": {"accuracy": "85%"},
            "allowed_drop": "5 points",
            "error_cost": {"default": "2 USD"},
        }
    (folder / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")
    return folder


@pytest.fixture(
    scope="module", params=[("demo", "raw", "labels"), ("demo", "raw"), ("raw",), ("demo", "labels"), ()], ids=str
)
def study(request, tmp_path_factory):
    folder = written(tmp_path_factory.mktemp("pilot"), parts=request.param)
    return open_study(folder, store=Store(tmp_path_factory.mktemp("store")))


def shown(part) -> str:
    return part.to_json() if isinstance(part, go.Figure) else part._repr_html_()


@pytest.mark.parametrize("module", [realism_pages, evaluation_pages], ids=["realism", "evaluation"])
def test_every_cell_shows_something_safe(study, module):
    for name in cells(module):
        part = getattr(module, name)(study)
        assert isinstance(part, go.Figure | Table | Prose), name
        html = shown(part)
        assert "<script>" not in html, name
        assert "<img" not in html, name
        assert PERSON not in html, name
        assert "quill" not in html.casefold(), name
        if isinstance(part, go.Figure):
            assert any(len(t.x) for t in part.data), f"{name} is empty"


@pytest.mark.parametrize("module", [realism_pages, evaluation_pages], ids=["realism", "evaluation"])
def test_the_answer_is_one_prose_block(study, module):
    told = module.answer(study)
    assert told.kind == "answer"
    assert all(p.endswith(".") for p in told.paragraphs)


def test_what_if_of_realism_moves_with_its_fields(study):
    made = realism_pages.what_if(study)
    if isinstance(made, Prose):
        assert not (study.realism.found() and study.realism.n_raw)
        return
    before = made.area.outputs
    made.fields["records_per_day"].value = 50_000
    assert made.problem == ""
    assert made.area.outputs != before
    assert len(made.area.outputs) == 2
    for column in [value for _, value in made.controls["column"].options]:
        made.fields["column"].value = column
        assert made.problem == ""
        assert "<script>" not in json.dumps(made.area.outputs[0]["data"])


def test_what_if_of_evaluation_moves_with_its_fields(study):
    made = evaluation_pages.what_if(study)
    before = made.area.outputs
    made.fields["rows"].value, made.fields["floor"].value = 5000, 99
    assert made.problem == ""
    assert made.area.outputs != before
    assert "miss the floor" in json.dumps(made.area.outputs[0]["data"])


def test_what_if_of_triage_moves_with_its_fields_and_shows_nothing_personal(study):
    made = evaluation_pages.triage_what_if(study)
    if isinstance(made, Prose):
        assert study.evaluation.triage is None
        return
    before = made.area.outputs
    made.fields["threshold"].value, made.fields["capacity"].value = 0.5, 100
    assert made.problem == ""
    assert made.area.outputs != before
    told = json.dumps([o["data"] for o in made.area.outputs])
    assert "<script>" not in told and PERSON not in told and "quill" not in told.casefold()


def test_the_table_of_sources_says_how_each_file_is_written_and_stays_short(tmp_path):
    (tmp_path / "exports").mkdir()
    for day in range(1, 31):
        (tmp_path / "exports" / f"2026-01-{day:02d}.csv").write_text(f"id;price\n{day};1,5\n{day}a;2,5\n")
    (tmp_path / "web.csv").write_text('id,price,n\n1,1.5,"x"\n2,2.5,y,z\n3,3.5,z\n')
    spec = {"name": "x", "data": {"production": ["web.csv"]}}
    for production, rows in ((["web.csv"], 1), (["web.csv", "exports"], 2)):
        spec["data"]["production"] = production
        (tmp_path / "assessment.yaml").write_text(json.dumps(spec))
        shown = realism_pages.sources(open_study(tmp_path, as_of="2026-10-15", store=Store(tmp_path / "store")))
        assert len(shown.rows) == rows
        web = next(r for r in shown.rows if r[0] == "web.csv")
        assert web[4:7] == ("UTF-8, comma, double quotes, decimal point", "3", "1")
    many = next(r for r in shown.rows if r[0] != "web.csv")
    assert many[0] == "30 files, 2026-01-01.csv to 2026-01-30.csv"
    assert many[4:7] == ("UTF-8, semicolon, decimal comma", "60", "0")


def test_long_tables_are_cut_and_every_row_can_be_had(study):
    for page in (realism_pages.defects, realism_pages.examples, realism_pages.repairs, realism_pages.contrasts):
        short, full = page(study), page(study, every=True)
        if not isinstance(full, Table):
            continue
        assert len(short.rows) == min(len(full.rows), 10) or page is realism_pages.contrasts
        if len(short.rows) < len(full.rows):
            assert f"{len(full.rows) - len(short.rows)} more" in short.caption or "further contrast" in short.note
        assert all(any(row[i] for row in full.rows) for i in range(len(full.head)))


def test_without_a_demo_set_nothing_is_said_to_be_compared(study):
    made = realism_pages.defects(study)
    both = bool(study.realism.n_raw and study.realism.n_curated)
    if isinstance(made, Table):
        assert ("Worse than the demo?" in made.head) is both
        assert all(" of " in row[3] for row in made.rows)
