"""Notebook 05 on results, first days and actual figures: what is shown, and a plain sentence when nothing is there."""

import shutil

import pytest

from flightready.figures.roi_results import figure_effect, figure_plan
from flightready.pages import roi as pages
from flightready.roi import actuals, approved
from flightready.study import open_study

PAGES = (pages.pilot_results, pages.early_days, pages.plan_against_actual)


@pytest.fixture(scope="module")
def study(support_triage):
    return open_study(support_triage, as_of="2026-10-15")


def test_without_inputs_there_is_one_plain_sentence_each(first_hour):
    study = open_study(first_hour, as_of="2026-10-15")
    for page in PAGES:
        shown = repr(page(study))
        assert shown.endswith(".") and "None" not in shown and "nan" not in shown


def test_the_sample_shows_less_than_was_hoped(study):
    shown = repr(pages.pilot_results(study))
    assert "less than was hoped" in shown and "all together" in shown and "override rate" in shown
    assert shown.count("2026-W") == 6
    assert "90 days after the launch" in repr(pages.early_days(study))


def test_the_chart_of_the_effect_holds_every_period_and_the_plan(study):
    found = study.roi.results
    fig = figure_effect(found)
    assert [t.y[0] for t in fig.data] == [*(p.period for p in found.deciding.periods), "all together"]
    assert fig.data[-1].x[0] == pytest.approx(found.deciding.whole.difference)
    assert {a.text for a in fig.layout.annotations} == {"no difference", "planned"}


def test_the_gates_are_answered(study):
    by_id = {f.id: f for f in study.findings}
    assert {q for k in ("roi.outcome_moved", "roi.metric_bound", "roi.detectable", "roi.used") for q in by_id[k].questions} == {"KPI", "E1", "E10", "adoption"}  # fmt: skip
    assert all(str(by_id[k].state) == "PASS" for k in ("roi.outcome_moved", "roi.metric_bound", "roi.detectable"))
    assert "pilot_results" not in {a.key for a in study.absences}


def test_the_plan_against_what_came(study, support_triage, tmp_path):
    folder = tmp_path / "pilot"
    shutil.copytree(support_triage, folder)
    case = approved.frozen(
        study.pilot, study.roi.plan, study.roi.npv, on=study.as_of, by="Head of Finance", as_of=study.as_of, inputs={}
    )
    approved.write(folder / "approved_case.json", case)
    (folder / "actuals.csv").write_text(
        "month,value,cost\n" + "".join(f"2027-0{i},{50_000 * i},60000\n" for i in range(1, 8))
    )
    text = (folder / "assessment.yaml").read_text().replace("  horizon: 36 months\n", "  horizon: 36 months\n  actuals: {file: actuals.csv}\n")  # fmt: skip
    (folder / "assessment.yaml").write_text(text)
    from flightready.assessment import load
    from flightready.narrative import roi_results as narrative

    found = actuals.analyse(load(folder))
    said = " ".join(narrative.actual_answer(found, "USD"))
    assert "It improves" in said and "approved plan expects" in said and len(narrative.actual_rows(found, "USD")) == 7
    assert [t.name for t in figure_plan(found).data if t.name] == ["plan, nine times in ten", "plan, middle", "actual", "where it leads"]  # fmt: skip
