"""The command that writes the workbook of cost."""

import openpyxl
import pytest

from flightready.cli.program import app
from flightready.errors import InputError

BILL = "name: x\ncost: {bill: 30 USD for 900 requests}\n"


@pytest.fixture
def export(tmp_path, capsys):
    def run(text, *options):
        (tmp_path / "toy").mkdir(exist_ok=True)
        (tmp_path / "toy" / "assessment.yaml").write_text(text)
        arguments = ["export", str(tmp_path / "toy"), "--out", str(tmp_path / "out"), "--as-of", "2026-10-15", *options]
        app(arguments, standalone_mode=False)
        return tmp_path / "out" / "toy" / "cost.xlsx", capsys.readouterr().out

    return run


def test_the_workbook_is_written_for_its_owner_and_never_over_a_changed_one(export):
    path, told = export(BILL)
    assert (
        told == f"Wrote {path}\nUsers a day are not stated (workload.users_per_day): type them into the sheet Inputs.\n"
    )
    assert path.stat().st_mode & 0o777 == 0o600
    first = path.read_bytes()
    assert export(BILL)[0].read_bytes() == first
    book = openpyxl.load_workbook(path)
    book["Inputs"]["C6"] = 5_000
    book.save(path)
    with pytest.raises(InputError, match="somebody may have typed into it"):
        export(BILL)
    assert export(BILL, "--replace")[0].read_bytes() == first


def test_without_a_cost_of_a_request_nothing_is_written(export, tmp_path):
    with pytest.raises(InputError, match="nothing says what a request costs"):
        export("name: x\n")
    assert not (tmp_path / "out").exists()
