"""Cells on what to measure: charts and tables where there is a value, plain sentences where there is none."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import plotly.graph_objects as go
import pytest

import flightready as fr
from flightready import policy
from flightready.figures import roi_information as figures
from flightready.narrative import roi_information as narrative
from flightready.pages import roi as page
from flightready.pages.display import Prose, Shown
from flightready.roi.information import Worth

CELLS = ("what_to_measure", "meaning_measure", "measure_table", "inputs_worth", "labels_worth", "tornado",
         "meaning_tornado", "tornado_table")  # fmt: skip
NEAR = """
name: Near
workload: {users_per_day: 8_000 to 12_000, requests_per_user: 1}
evaluation: {labelled: 160 right of 200, error_cost: {default: 1 to 3 USD}}
roi: {horizon: 24 months, benefit_per_case: 0.6 to 1.6 USD, build_cost: 200_000 to 300_000 USD}
"""
SURE = NEAR.replace("0.6 to 1.6", "90 to 110").replace("build_cost", "estimates: {delay: 3 months}, build_cost")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("near")
    (folder / "assessment.yaml").write_text(NEAR)
    return fr.open(folder, as_of="2026-10-15")


def told(cell):
    if isinstance(cell, Shown):
        return "\n".join(told(p) for p in cell.parts)
    return json.dumps(cell.to_dict(), default=str) if isinstance(cell, go.Figure) else repr(cell)


def test_every_cell_shows_something_in_plain_words(study):
    cells = {name: getattr(page, name)(study) for name in CELLS}
    assert [n for n, c in cells.items() if isinstance(c, go.Figure)] == ["what_to_measure", "inputs_worth", "tornado"]
    never = policy.read("words.yaml")["never"]
    for name, cell in cells.items():
        text = told(cell)
        assert text.strip(), name
        assert not re.search(r"\b(nan|None)\b", repr(cell)), name
        assert not [word for word in never if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)], name
    assert "Worth measuring next" in told(cells["meaning_measure"])
    assert len(cells["measure_table"].rows) == len(study.information.studies)


def test_a_sure_decision_says_that_nothing_can_turn_it(tmp_path):
    (tmp_path / "assessment.yaml").write_text(SURE)
    sure = fr.open(tmp_path, as_of="2026-10-15")
    cell = page.what_to_measure(sure)
    assert isinstance(cell, Prose)
    assert "Going is the best choice on average; in 0 of 100 draws stopping is better." in repr(cell)
    assert "Nothing that could be measured is likely to turn that." in repr(cell)
    assert "does not pay" in told(page.labels_worth(sure))
    assert isinstance(page.tornado(sure), go.Figure)


def test_without_a_value_one_sentence_says_what_is_missing(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: x\n")
    empty = fr.open(tmp_path, as_of="2026-10-15")
    assert repr(page.what_to_measure(empty)) == narrative.NOTHING
    for name in CELLS[1:]:
        cell = getattr(page, name)(empty)
        assert isinstance(cell, Prose) and not repr(cell)


def test_the_chart_of_studies_shows_worth_error_cost_and_exact_knowledge(study):
    found = study.information
    bars, exact, cost = figures.figure_studies(found).data
    clear = [s for s in found.studies if s.worth.is_clear]
    assert list(bars.x) == [s.worth.worth for s in clear]
    assert list(exact.x) == [s.exact.worth for s in clear] and list(cost.x) == [s.cost for s in clear]
    assert list(bars.error_x.array) == [s.worth.error_90 for s in clear]


def test_the_noise_is_marked_where_it_can_be_seen(study):
    found = study.information
    top = found.inputs[0].worth.worth
    noisy = replace(found, inputs=tuple(replace(i, worth=replace(i.worth, noise=top / 4)) for i in found.inputs))
    fig = figures.figure_inputs_worth(noisy)
    assert [s.x0 for s in fig.layout.shapes] == [top / 4]
    assert "may be noise" in fig.layout.annotations[0].text
    assert any("may be noise of the computation" in s for s in narrative.how_to_read_measure(noisy))
    quiet = replace(found, inputs=tuple(replace(i, worth=replace(i.worth, noise=0.0)) for i in found.inputs))
    assert not figures.figure_inputs_worth(quiet).layout.shapes


def test_the_tornado_leaves_room_for_the_ends(study):
    fig = figures.figure_tornado(study.information)
    low, high = fig.layout.xaxis.range
    ends = [b + x for t in fig.data for b, x in zip([t.base] * len(t.x), t.x, strict=True)]
    assert low < min(ends) and high > max(ends)
    assert fig.data[0].marker.pattern.shape  # told apart without colour
    top = max(study.information.inputs, key=lambda i: i.swing.width)
    assert fig.data[0].y[0].replace("<br>", " ") == top.label


def test_names_from_the_data_are_escaped(study):
    found = study.information
    bad = replace(found, inputs=tuple(replace(i, label="<script>x</script>") for i in found.inputs))
    for fig in (figures.figure_inputs_worth(bad), figures.figure_tornado(bad)):
        assert "<script>" not in json.dumps(fig.to_dict(), default=str)


def test_a_study_that_may_pay_is_not_sold_as_one_that_does(study):
    found = study.information
    open_one = replace(found.studies[0], worth=Worth(1000.0, 500.0), cost=900.0)
    assert not open_one.pays and open_one.may_pay
    assert narrative.study_row(open_one, found)[-1] == "cannot tell yet"
    alone = replace(found, studies=(open_one,))
    assert "None of the studies that were weighed is worth its cost" in " ".join(narrative.what_to_measure(alone))


@pytest.mark.parametrize(("choice", "ways", "expected"), [
    ("", ("plan",), "Stopping is the best choice on average; in 20 of 100 draws going is better."),
    ("plan", ("plan",), "Going is the best choice on average; in 20 of 100 draws stopping is better."),
    ("plan", ("plan", "Buy"), "Going as planned is the best choice on average; in 20 of 100 draws another choice"),
    ("Buy", ("plan", "Buy"), "Going by 'Buy' is the best choice on average"),
])  # fmt: skip
def test_the_decision_in_words(study, choice, ways, expected):
    found = replace(study.information, choice=choice, ways=ways, chance_wrong=0.2)
    assert narrative.decision(found).startswith(expected)


def test_labels_that_pay_up_to_a_number(study):
    steps = tuple(SimpleNamespace(n=n, worth=w, cost=5.0 * n, net=w - 5 * n)
                  for n, w in ((100, 22_084), (200, 23_059), (500, 23_683)))  # fmt: skip
    found = replace(study.information, labels=steps, best_labels=200)
    assert narrative.labels_sentence(found).startswith("For the decision to go, labelling pays up to about 200 more "
                                                       "records: they are worth $23,100, for $1,000")  # fmt: skip
    assert "a further label costs more than it tells" in narrative.labels_sentence(found)
