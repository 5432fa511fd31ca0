"""`flightready approve`: freezes the case once, and says what is missing."""

import json
import subprocess
import sys

TEXT = """\
name: Certain
workload: {users_per_day: 1000, requests_per_user: 1, growth_per_month: 0%}
roi: {horizon: 12 months, benefit_per_case: 1 USD, build_cost: 10_000 USD, operations: 1_000 USD per month}
"""


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "flightready.cli", "approve", *map(str, arguments)], capture_output=True, text=True)  # fmt: skip


def test_a_case_is_frozen_once(tmp_path):
    (tmp_path / "assessment.yaml").write_text(TEXT)
    said = (tmp_path, "--on", "2026-10-15", "--by", "Head of Finance", "--as-of", "2026-10-10")
    done = run(*said)
    assert done.returncode == 0 and "Approved by Head of Finance on 2026-10-15" in done.stdout, done.stderr
    path = tmp_path / "approved_case.json"
    first = path.read_text()
    content = json.loads(first)
    assert (content["approved_by"], content["evidence_of"], len(content["months"])) == (
        "Head of Finance",
        "2026-10-10",
        13,
    )
    assert set(content["inputs"]) == {"assessment.yaml"}
    again = run(*said)
    assert again.returncode == 2 and "--replace" in again.stderr
    assert run(*said, "--replace").returncode == 0 and path.read_text() == first


def test_what_is_missing_is_told(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: T\n")
    for arguments, told in (((), "the day of the approval"), (("--on", "soon"), "'soon' is not a date"),
                            (("--on", "2026-10-15"), "nobody approves it"),
                            (("--on", "2026-10-15", "--by", "Head"), "no value to approve yet")):  # fmt: skip
        done = run(tmp_path, *arguments)
        assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "approved_case.json").exists()
