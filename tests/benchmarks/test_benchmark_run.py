"""Where the time of `check` and `report` goes, as ratios against named limits in the same run. Run with -s to read it."""

import json
import shutil
import subprocess
import sys
import time

import nbformat
import pytest

pytestmark = pytest.mark.benchmark
PROGRAM = [sys.executable, "-m", "flightready.cli"]


def seconds(command, folder, **environment):
    import os

    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 3), done.stderr
    return time.perf_counter() - begun


def test_check_against_importing_what_it_needs(support_triage, tmp_path, capsys):
    """`check` from nothing, `check` from the store, and the bare start of Python with the same libraries."""
    store = {"FLIGHTREADY_STORE": str(tmp_path)}
    imports = (
        "import pandas, scipy.stats, scipy.optimize, pydantic, ruamel.yaml, pyarrow.parquet, genai_prices, typer, rich"
    )
    limit = min(seconds([sys.executable, "-c", imports], tmp_path) for _ in range(3))
    first = seconds([*PROGRAM, "check", str(support_triage)], tmp_path, **store)
    again = min(seconds([*PROGRAM, "check", str(support_triage)], tmp_path, **store) for _ in range(3))
    with capsys.disabled():
        print(
            f"\ncheck support_triage: {first:.1f} s computed, {again:.1f} s from the store; "
            f"importing the libraries alone {limit:.1f} s (ratios {first / limit:.1f} and {again / limit:.1f})"
        )
    assert again < first
    assert first < 12 * limit


def test_report_against_empty_notebooks(support_triage, root, tmp_path, capsys):
    """`report` against the same number of notebooks that only import what a chart needs, one kernel each."""
    out = tmp_path / "out"
    whole = seconds(
        [*PROGRAM, "report", str(support_triage), "--out", str(out)], tmp_path, FLIGHTREADY_STORE=str(tmp_path / "s")
    )
    manifest = json.loads((out / "support_triage" / "run.json").read_text())
    number = len(list((root / "notebooks").glob("*.ipynb")))
    empty = tmp_path / "empty.ipynb"
    node = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import pandas, scipy.stats, plotly.graph_objects")]
    )
    nbformat.write(node, empty)
    one = min(
        seconds(
            [shutil.which("papermill") or "papermill", str(empty), str(tmp_path / "e.ipynb"), "-k", "python3"], tmp_path
        )
        for _ in range(2)
    )
    with capsys.disabled():
        print(
            f"\nreport support_triage: {whole:.1f} s for {number} notebooks; an empty notebook by papermill {one:.1f} s "
            f"(ratio {whole / (one * number):.2f})"
        )
        print(json.dumps({k: v for k, v in manifest.items() if "second" in k}, indent=1))
    assert whole < 3 * one * number
