"""The documents are true: links resolve, options exist, the reference is the schema's, the first hour works as written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flightready.narrative.reference import markdown

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["README.md", "sample_data/README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run a command as the README's reader would, with the installed program on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(["bash", "-ec", command], cwd=folder, env={**os.environ, "PATH": path, **environment},
                          capture_output=True, text=True, check=False)  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_resolve(root, name):
    document = root / name
    targets = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))
    broken = [t for t in targets if "://" not in t and not (document.parent / t).exists()]
    assert broken == []


def test_the_readme_lists_every_document(root):
    more = (root / "README.md").read_text(encoding="utf-8").split("## More")[1]
    assert [d.name for d in sorted((root / "docs").glob("*.md")) if f"](docs/{d.name})" not in more] == []


def test_the_example_of_cost_at_scale_makes_a_month(root, tmp_path):
    from flightready.study import open_study

    page = (root / "docs" / "cost.md").read_text(encoding="utf-8")
    (tmp_path / "assessment.yaml").write_text(re.search(r"```yaml\n(.*?)```", page, flags=re.S)[1])
    result = open_study(tmp_path, as_of="2026-11-01").cost
    assert result.monthly.median == pytest.approx(98_000 * 1.1 * 365.25 / 12 * 30 / 2900 + 600 + 2_100, rel=0.03)
    assert {p.key for p in result.month.parts} == {"calls", "monitoring", "on_call"} and result.approval is not None


def test_the_examples_of_each_task_are_scored(root, tmp_path):
    """The three assessments of the document, each with the few records that it is about."""
    from flightready import policy
    from flightready.study import open_study

    page = (root / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert f"within {100 * policy.value('tolerance_of_numbers'):.0f} % of the true number" in page
    files = {
        "extraction": ("invoices.csv", "invoice_id,vendor,vendor_said,total,total_said,day,day_said",
                       ("Lamp Ltd,LAMP LTD,10.00,10.005,2026-01-02,2026-01-02", "Desk,Desk,10,11,2026-01-03,2026-01-03")),
        "regression": ("parcels.csv", "parcel_id,days,days_said", ("10,10.4", "10,11")),
        "scored": ("rated.csv", "case_id,answer,first_rating,second_rating", ("Yes,5,3", "No,3,4")),
    }  # fmt: skip
    examples = re.findall(r"```yaml\n(name.*?)```", page, flags=re.S)
    assert len(examples) == len(files)
    for (task, (name, head, (right, wrong))), example in zip(files.items(), examples, strict=True):
        (folder := tmp_path / task).mkdir()
        lines = [f"{task}-{i},{right if i % 4 else wrong}" for i in range(40)]
        (folder / name).write_text("\n".join([head, *lines]) + "\n")
        (folder / "assessment.yaml").write_text(example)
        found = open_study(folder, as_of="2026-03-01").evaluation
        assert (found.task, found.raw.right, found.raw.n) == (task, 30, 40)


def test_the_reference_is_the_schemas(root):
    assert (root / "docs" / "assessment.md").read_text(encoding="utf-8").strip() == markdown().strip()


def test_the_table_of_detectors_is_the_registrys(root):
    from flightready.narrative.detectors import markdown as table

    assert table() in (root / "docs" / "data_realism.md").read_text(encoding="utf-8")


def test_the_contract_of_the_guide_works(root, tmp_path):
    text = (root / "docs" / "data_realism.md").read_text(encoding="utf-8")
    command = re.search(r"```sh\n(flightready contract .*?)\n```", text)[1]
    shutil.copytree(root / "sample_data" / "support_triage", tmp_path / "sample_data" / "support_triage")
    done = shell(command, tmp_path)
    assert done.returncode == 0, done.stderr
    written = {p.name for p in (tmp_path / "sample_data" / "support_triage").glob("contract*")}
    assert written == {"contract.yaml", "contract.schema.json", "contract.pandera.yaml"}
    assert "broken characters" in done.stdout


def test_every_option_in_the_readme_exists_and_every_command_is_listed(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `flightready (\w+)[^`]*` \|(.*)\|$", readme, flags=re.M))
    from typer.testing import CliRunner

    from flightready.cli import app

    width = {"COLUMNS": "200", "NO_COLOR": "1"}
    commands = {c.name or c.callback.__name__ for c in app.registered_commands}
    assert set(table) == commands
    for command, text in table.items():
        shown = CliRunner().invoke(app, [command, "--help"], env=width, terminal_width=200).stdout
        for option in re.findall(r"`(--[\w-]+)", text):
            assert option in shown, f"{command} has no {option}"


def test_the_first_hour_as_the_readme_says(root, tmp_path):
    """The commands under 'Use your own data in ten minutes', pasted as they stand, end in a report that says something."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Use your own data in ten minutes")[1]
    commands = re.search(r"```sh\n(.*?)```", section, flags=re.S)[1]
    (tmp_path / "sample_data").symlink_to(root / "sample_data")
    done = shell(commands, tmp_path, FLIGHTREADY_STORE=str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    assert "guessed, confirm" in (tmp_path / "my_pilot" / "assessment.yaml").read_text(encoding="utf-8")
    report = (tmp_path / "outputs" / "my_pilot" / "report.html").read_text(encoding="utf-8")
    assert "NOT DECIDABLE YET" in done.stdout
    assert "miss" in report and "USD" in report
    # with the lines that the README adds, the count of right answers becomes a measured accuracy
    more = re.search(r"```yaml\n(.*?)```", section, flags=re.S)[1]
    with (tmp_path / "my_pilot" / "assessment.yaml").open("a", encoding="utf-8") as assessment:
        assessment.write(more)
    again = shell("flightready check my_pilot --json", tmp_path, FLIGHTREADY_STORE=str(tmp_path / "store"))
    assert again.returncode in (3, 4), again.stderr
    assert "evaluation.raw_accuracy" in again.stdout


def test_nothing_names_a_path_of_a_machine(root):
    tracked = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    for name in tracked:
        if name.endswith((".py", ".md", ".yaml", ".ipynb", ".toml", ".txt", ".j2", ".css", ".js")):
            text = (root / name).read_text(encoding="utf-8")
            assert not re.search(r"/(?:work|root|home)/\w", text), name


def test_the_detector_of_the_guide_works(root):
    """The example is run as it stands, beside the real detectors, in a process of its own."""
    text = (root / "docs" / "extending.md").read_text(encoding="utf-8")
    example = next(b for b in re.findall(r"```python\n(.*?)```", text, flags=re.S) if "@detector" in b)
    check = """
import pandas as pd
from flightready.realism.detector import detectors
from flightready.assessment import load
from flightready.realism.sources import read_sample
from flightready.realism.analysis import analyse
from flightready.realism.inspection import inspected
import datetime as dt, sys, pathlib, tempfile
folder = pathlib.Path(tempfile.mkdtemp())
words = ["lamp", "desk", "chair", "shelf"]
rows = [f"{i},{words[i % 4]} arrived on day {i} and it works" for i in range(200)]
(folder / "demo.csv").write_text("\\n".join(["id,text", *rows]))
(folder / "raw.csv").write_text("\\n".join(["id,text", *(r.upper() if i % 4 == 0 else r for i, r in enumerate(rows))]))
(folder / "assessment.yaml").write_text("name: x\\ndata: {curated: demo.csv, production: raw.csv, columns: {id: id, text: text}}")
pilot = load(folder)
result = analyse(pilot, inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 1, 1)))
found = next(d for d in result.defects if d.detector == "shouting" and d.column == "text")
print(found.raw.hits, found.curated.hits, found.worse, len(found.examples) > 0)
"""
    done = subprocess.run([sys.executable, "-c", example + check], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "50 0 True True", done.stderr
