"""Cells on options: a table that says what is not known, and plain sentences where there is nothing to compare."""

import plotly.graph_objects as go
import pytest

import flightready as fr
from flightready.pages import cost as page
from flightready.pages.display import Prose, Table

CELLS = ("options_answer", "options_chart", "options_meaning", "options_ranges", "options_table", "options_notes",
         "options_unknown")  # fmt: skip
SOME = """
workload: {users_per_day: 1_000, requests_per_user: 1}
cost:
  bill: 30 USD for 900 requests
  options:
    - {name: Own, kind: self_hosted, per_gpu: 2 USD per hour, gpus_per_replica: 1, rate_per_replica: 1 to 9, headroom: 9}
    - {name: Later, kind: buy}
"""


@pytest.fixture
def shown(tmp_path):
    def show(text):
        (tmp_path / "assessment.yaml").write_text("name: Test\n" + text)
        study = fr.open(tmp_path, as_of="2026-10-15")
        return {name: getattr(page, name)(study) for name in CELLS}

    return show


def test_the_table_holds_every_option_and_what_is_not_known(shown):
    cells = shown(SOME)
    rows = {row[0]: dict(zip(cells["options_table"].head, row, strict=True)) for row in cells["options_table"].rows}
    assert list(rows) == ["The pilot's own way", "Own", "Later"]
    own = rows["Own"]
    assert own["Cheaper than now"] == "0 in 100" and own["Right answers"] == "not known"
    assert own["A month, nine times in ten"] == "$2,920"
    assert rows["Later"]["A month, nine times in ten"] == "no price" and rows["Later"]["How sure"] == ""
    assert isinstance(cells["options_chart"], go.Figure) and len(cells["options_ranges"].rows) >= 2
    told = repr(cells["options_notes"])
    assert "Takes 2 replicas at the planned load" in told and "People who run the machines are not counted" in told


@pytest.mark.parametrize("text", ["", "cost: {bill: 3 USD for 9 requests}", SOME.replace("workload", "#"),
                                  SOME.replace("bill", "#")])  # fmt: skip
def test_whatever_is_missing_every_cell_says_something_or_nothing(shown, text):
    cells = shown(text)
    assert repr(cells["options_answer"]).strip()
    for cell in cells.values():
        assert isinstance(cell, go.Figure | Prose | Table)
        assert "nan" not in repr(cell) and "None" not in repr(cell)


def test_without_a_load_the_table_says_what_a_request_costs(shown):
    typed = "cost: {per_request: {model: gpt-4.1, input_tokens: 2_000, output_tokens: 100}}"
    table = shown(typed)["options_table"]
    assert table.head[1] == "1,000 requests"
    assert table.rows[0][1] == "$4.70"  # 2,000 tokens at 2 USD and 100 at 8 USD a million, over sqrt(1 + 0.2^2)
    assert "1,000 requests" not in shown(SOME)["options_table"].head
