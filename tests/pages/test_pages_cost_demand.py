"""Cells on the load: each says something with a full log, with daily totals, and with nothing."""

import plotly.graph_objects as go
import pytest

import flightready as fr
from flightready.narrative.cost_demand import planned
from flightready.pages import cost as pages
from flightready.pages.display import Table

CELLS = ("demand_months", "meaning_demand", "demand_table", "load_profile", "meaning_profile", "profile_table")


@pytest.mark.parametrize("name", ["support_triage", "first_hour", "name only"])
def test_every_cell_says_something_and_draws_no_empty_chart(root, tmp_path, name):
    (tmp_path / "assessment.yaml").write_text("name: An idea\n")
    study = fr.open(tmp_path if name == "name only" else root / "sample_data" / name, as_of="2026-10-15")
    shown = {cell: getattr(pages, cell)(study) for cell in CELLS}
    drawn = {cell for cell, part in shown.items() if isinstance(part, go.Figure)}
    assert drawn == ({"demand_months", "load_profile"} if name == "support_triage" else set())
    for cell, part in shown.items():
        text = part.layout.title.text if isinstance(part, go.Figure) else repr(part)
        assert (
            text or not cell.startswith("meaning")
        ) and "nan" not in text  # the sentence speaks where nothing is drawn
    told = repr(shown["meaning_profile"])
    expected = {
        "support_triage": "2,900 requests from 2026-09-14 to 2026-09-27, 14 whole days",
        "first_hour": "cannot tell yet: the peak hour (it takes times to an hour or finer)",
        "name only": "there is no log and no export",
    }
    assert expected[name] in told
    assert isinstance(shown["profile_table"], Table) == (name == "first_hour")  # a chart by the hour holds it already
    if name == "support_triage":
        assert "Monday, 306 a day" in shown["load_profile"].data[0].y


def test_the_full_sample_marks_adoption_and_launch(root):
    study = fr.open(root / "sample_data" / "support_triage", as_of="2026-10-15")
    drawn = pages.demand_months(study)
    assert {"half", "nine in ten"} <= {text for trace in drawn.data for text in trace.text or ()}
    assert any("Second language region" in a.text for a in drawn.layout.annotations)
    table = {row[0]: row for row in pages.demand_table(study).rows}
    assert table["Peak hour over the mean hour of a day"][1:] == ("2.5", "2.5", "stated")
    assert table["Difference of one day from another"][-1] == "the pilot's log"


@pytest.mark.parametrize(
    ("workload", "said"),
    [
        ("peak_to_mean: 9", "Check the peak hour over the mean hour of a day: stated is 9, the pilot's log shows 2"),
        ("launches: [{name: Far, after: 90 months, adds: 5}]", "'Far' lies beyond the 36 months shown"),
        ("adoption: {half_after: 80 months, nine_tenths_after: 90 months}", "fewer than half of the planned users"),
        ("requests_per_user: 2", "everybody planned counts from the first month on"),
    ],
)
def test_what_the_reader_must_know_is_said(root, tmp_path, workload, said):
    usage = root / "sample_data" / "support_triage" / "usage.jsonl"
    (tmp_path / "usage.jsonl").write_bytes(usage.read_bytes())
    text = f"name: x\nworkload: {{users_per_day: 1000, {workload}}}\ncost: {{usage: usage.jsonl}}\n"
    (tmp_path / "assessment.yaml").write_text(text)
    assert said in " ".join(planned(fr.open(tmp_path).demand, 36))


def test_the_profile_is_kept_and_read_again(root):
    first = fr.open(root / "sample_data" / "support_triage", as_of="2026-10-15")
    again = fr.open(root / "sample_data" / "support_triage", as_of="2026-10-15", users_per_day=5.0)
    assert again.profile.peak_to_mean.value == first.profile.peak_to_mean.value
    assert "usage" not in again.__dict__  # not read a second time
    assert (again.profile.is_whole.dtype.kind, again.profile.first) == ("b", first.profile.first)
