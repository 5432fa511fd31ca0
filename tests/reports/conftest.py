"""Small notebooks that are run once for all tests of the reports."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from flightready.reports.engine import RunResult, run_notebooks

HOSTILE = "</script><script>window.planted=1</script>"
PARAMETERS = """assessment = "nowhere"  # folder or assessment.yaml
as_of = ""  # date; >= 2020-01-01
users_per_day: float = 0.0  # users a day; 0 means as in the assessment
only_weekdays = False  # yes or no"""


def markdown(identity, source):
    return v4.new_markdown_cell(source, id=identity)


def code(identity, source, *tags):
    return v4.new_code_cell(source, id=identity, metadata={"tags": list(tags)})


def write(folder: Path, name: str, cells) -> Path:
    path = folder / f"{name}.ipynb"
    kernel = {"kernelspec": {"name": "no-such-kernel", "display_name": "Gone"}}
    nbformat.write(v4.new_notebook(cells=cells, metadata=kernel), path)
    return path


def good_cells():
    return [
        markdown("title", "# What does it cost?"),
        code("import", "from flightready.figures import theme\nfrom flightready.pages import display"),
        code("parameters", PARAMETERS, "parameters"),
        markdown("h-answer", "## Answer\nIt is \\$5, so `a < b`, and *not* $x_1$ & co."),
        code("answer", "display.answer(f'{users_per_day:.0f} users of {assessment}', '" + HOSTILE + "')"),
        code("figure", f"f = theme.figure('Cost grows with use', y='USD', description='{HOSTILE}')\n"
                       f"f.add_bar(x=['demo', '{HOSTILE}'], y=[1, 2])"),
        code("table", f"display.Table('Rows', ['Name', 'State'], [['{HOSTILE}', 'PASS']])"),
        code("print", f"print('{HOSTILE}'); import sys; print('a warning', file=sys.stderr)"),
        code("foreign", "from IPython.display import HTML, Javascript, display as show\n"
                        f"show(HTML('<p onclick=\"x\" style=\"background:url(http://x)\">kept{HOSTILE}"
                        "<img src=http://x><a href=\"javascript:1\">a</a><a href=\"https://x\">b</a></p>'))\n"
                        "show(Javascript('window.planted=1'))"),
        markdown("h-if", "## What if\nMove it."),
        code("live", "1 / 0", "interactive"),
        markdown("h-sources", "## Sources\nAuthor, year."),
        code("hidden", "print('not in the report')", "remove-cell"),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def pilot(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pilots") / "toy {pilot}"
    folder.mkdir()
    (folder / "assessment.yaml").write_text("name: Toy\n")
    return folder


@pytest.fixture(scope="session")
def toy_notebooks(tmp_path_factory) -> tuple[Path, ...]:
    folder = tmp_path_factory.mktemp("note {books}")
    wrong = "from flightready.errors import InputError\nraise InputError('got 3', valid='4')"
    broken = "who = 'jane' + '@example.org'\ntry:\n    int(who)\nexcept ValueError:\n    raise KeyError(who)"
    return (
        write(folder, "01_good", good_cells()),
        write(folder, "02_wrong_input",
              [markdown("t", "# Wrong?"), code("bad", wrong), markdown("h", "## After")]),
        write(folder, "03_defect", [markdown("t", "# Broken?"), code("bad", broken)]),
        write(folder, "04_killed",
              [code("first", "print('got here')"), code("bad", "import os; os._exit(1)")]),
    )  # fmt: skip


@pytest.fixture(scope="session")
def steps() -> list:
    return []


@pytest.fixture(scope="session")
def run(pilot, toy_notebooks, steps) -> RunResult:
    values = {"users_per_day": "80_000", "only_weekdays": "yes"}
    return run_notebooks(pilot, notebooks=toy_notebooks, parameters=values, progress=steps.append)
