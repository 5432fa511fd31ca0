"""The approved case and the actual figures: frozen, read, compared by hand, and bad input."""

import datetime as dt
import json

import numpy as np
import pytest
from scipy import stats

from flightready.assessment import load
from flightready.draws import Summary
from flightready.errors import InputError
from flightready.evidence import State
from flightready.roi import actuals, approved
from flightready.roi.actuals_findings import findings

TEXT = "name: T\nroi: {actuals: {file: a.csv}}\n"
VALUE = Summary(1.0, 1.0, 0.5, 2.0, 0.0)


def flows(months=12):
    """Building 1,000 today; from month 2 on 200 to 400 a month, at a cost of 100."""
    worth = np.linspace(200.0, 400.0, 101)[None, :, None]
    live = np.concatenate([[0.0, 0.0], np.ones(months - 1)])
    build = np.concatenate([[-1000.0], np.zeros(months)])
    return {"build": np.broadcast_to(build, (1, 101, months + 1)), "benefit": worth * live, "run": np.broadcast_to(-100 * live, (1, 101, months + 1))}  # fmt: skip


@pytest.fixture
def pilot(tmp_path):
    def made(table, *, text=TEXT, is_approved=True):
        (tmp_path / "assessment.yaml").write_text(text)
        (tmp_path / "a.csv").write_text(table)
        found = load(tmp_path)
        if is_approved:
            case = approved.frozen(found, approved.plan_of(flows()), VALUE, on=dt.date(2026, 10, 15), by="Head of Finance",
                                   as_of=dt.date(2026, 10, 1), inputs={"b": "2", "a": "1"})  # fmt: skip
            approved.write(approved.path_of(found), case, replace=True)
        return load(tmp_path)

    return made


def rows(values, costs=None, first=1):
    costs = costs or [100.0] * len(values)
    return "month,value,cost\n" + "".join(
        f"{first + i},{v},{c}\n" for i, (v, c) in enumerate(zip(values, costs, strict=True))
    )


def test_a_plan_by_hand():
    plan = approved.plan_of(flows())
    assert plan.months == 12 and plan.cumulative[approved.MIDDLE].tolist()[:4] == [-1000, -1000, -800, -600]
    assert plan.benefit[approved.LOW][5] == pytest.approx(210) and plan.cost[approved.MEAN][5] == 100
    assert plan.net[approved.MEAN].sum() == pytest.approx(plan.cumulative[approved.MEAN][-1])


def test_a_frozen_case_comes_back_as_it_was_and_is_not_overwritten(pilot):
    found = pilot("month,value\n1,0\n")
    path = approved.path_of(found)
    case, text = approved.read(path), path.read_text()
    assert (case.by, case.on, case.value, list(case.inputs)) == (
        "Head of Finance",
        dt.date(2026, 10, 15),
        (0.5, 1.0, 2.0),
        ["a", "b"],
    )
    assert case.plan.cumulative == pytest.approx(approved.plan_of(flows()).cumulative, abs=0.01)
    with pytest.raises(InputError, match="--replace"):
        approved.write(path, case)
    approved.write(path, case, replace=True)
    assert path.read_text() == text and json.loads(text)["months"][2]["cumulative"]["p50"] == -800.0
    assert "approved_case.json" in found.input_files()


@pytest.mark.parametrize(("change", "said"), [
    (lambda t: t.replace('"p50": -800.0', '"p50": -100.0'), "changed after"), (lambda t: t[:40], "no JSON"),
    (lambda t: "{}", "no approved case"), (lambda t: t.replace('"version": 1', '"version": 9'), "no approved case"),
])  # fmt: skip
def test_a_case_that_is_not_what_was_written_is_refused(pilot, change, said):
    path = approved.path_of(pilot("month,value\n1,0\n"))
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError, match=said):
        approved.read(path)


def test_as_planned_is_within_the_band(pilot):
    found = actuals.analyse(pilot(rows([0, 300, 300, 300, 300, 300], [0, 100, 100, 100, 100, 100])))
    assert found.cumulative.tolist() == [-1000, -800, -600, -400, -200, 0] and not found.below + found.above
    assert found.forecast.value == pytest.approx(1200) and found.forecast.planned == pytest.approx(1200)
    assert found.forecast.interval.high - found.forecast.interval.low == pytest.approx(0, abs=1e-6)
    assert (found.trend.state, findings(found)[1].state) == (State.UNKNOWN, State.PASS)  # five months are level


def test_half_the_benefit_falls_out_of_the_band_and_leads_to_half(pilot):
    """150 a month instead of 300; the plan's lower end is 210: 5 months of 50 come to -750 against -450."""
    found = actuals.analyse(pilot(rows([0, 150, 150, 150, 150, 150], [0, 100, 100, 100, 100, 100])))
    assert found.cumulative[-1] == -750 and found.below[-1] == "6" and not found.above
    assert found.forecast.benefit_ratio == pytest.approx(0.5) and found.forecast.value == pytest.approx(-750 + 6 * 50)
    assert findings(found)[1].state is State.FAIL and "below" in findings(found)[1].sentence


def test_months_are_calendar_months_after_the_approval(pilot):
    table = (
        rows([0, 300, 300], [0, 100, 100])
        .replace("\n1,", "\n2026-11,")
        .replace("\n2,", "\n2026-12,")
        .replace("\n3,", "\n2027-01,")
    )
    found = actuals.analyse(pilot(table))
    assert found.months.tolist() == [1, 2, 3] and found.cumulative.tolist() == [-1000, -800, -600]
    assert found.last == dt.date(2027, 1, 31) and found.trend.state is State.UNKNOWN and found.forecast is None
    assert findings(found)[0].decides == "1 more month"


def test_the_forecast_covers_what_comes():
    """300 pilots whose months differ by 20 % from a level of their own: the interval covers the end nine times in ten."""
    plan, rng, held = approved.plan_of(flows(36)), np.random.default_rng(4), 0
    for _ in range(300):
        actual = plan.benefit[approved.MEAN] * rng.uniform(0.5, 1.5) * rng.normal(1, 0.2, 37)
        net = actual - plan.cost[approved.MEAN]
        found = actuals.forecast(plan, range(1, 9), actual[1:9], plan.cost[approved.MEAN][1:9], net[:9].sum())
        level = actual[2:].mean() / plan.benefit[approved.MEAN][2:].mean()
        end = net[:9].sum() + level * plan.benefit[approved.MEAN][9:].sum() - plan.cost[approved.MEAN][9:].sum()
        held += found.interval.low <= end <= found.interval.high
    assert 0.84 <= held / 300 <= 0.98


def test_the_trend_is_least_squares():
    """Against scipy's linregress, over the last six months only."""
    values = np.array([900.0, 5.0, 7.0, 6.0, 9.0, 8.0, 12.0])
    found, theirs = actuals.trend(values), stats.linregress(np.arange(6), values[1:])
    assert found.per_month == pytest.approx(theirs.slope) and found.months == 6
    assert found.interval.high - theirs.slope == pytest.approx(stats.t.ppf(0.95, 4) * theirs.stderr)
    assert actuals.trend(values[:3]).state is State.UNKNOWN
    assert actuals.trend(-values[1:]).state is State.FAIL and actuals.trend(np.ones(6)).state is State.UNKNOWN


def test_without_costs_they_are_taken_as_planned_and_without_approval_nothing_is_compared(pilot):
    found = actuals.analyse(pilot("month,benefit\n1,0\n2,300\n"))
    assert found.cumulative.tolist() == [-1000, -800] and any("as planned" in t for t in found.told)
    alone = pilot("month,value,cost\n2027-01,5,1\n2027-02,6,1\n", is_approved=False)
    (alone.folder / "approved_case.json").unlink()
    found = actuals.analyse(alone)
    assert found.plan is None and found.cumulative.tolist() == [4, 9] and len(findings(found)) == 1


def test_users_show_whether_each_brings_more(pilot):
    table = "month,value,cost,users\n" + "".join(f"{i},{100 * i},0,{10 * i}\n" for i in range(1, 7))
    found = actuals.analyse(pilot(table))
    assert found.trend.state is State.PASS and found.per_user.per_month == pytest.approx(0)


@pytest.mark.parametrize(("table", "said"), [
    ("month,value\n1,x\n", "line 2, column 'value': 'x' is not a number"), ("month,value\n1,\n", "has no number"),
    ("month,value\n1,1\n1,2\n", "stands twice"), ("month,value\n1,1\n3,2\n", "1 month before it is missing"),
    ("month,value\nMay,1\n", "'May' is not a month"), ("month,value\n2026-09,1\n", "before the approval"),
    ("month,value\n2028-09,1\n", "after the approved plan of 12 months"), ("month,valu\n1,1\n", "no column holds 'value'"),
    ("month,value,cost\n1,1,-5\n", "cost of -5"), ("month,value\n1,1\n2026-12,1\n", "some months are dates"),
    ("month,value,users\n1,1,0\n", "users of 0"),
])  # fmt: skip
def test_bad_actual_figures_are_told_with_their_place(pilot, table, said):
    with pytest.raises(InputError) as error:
        actuals.analyse(pilot(table))
    assert said in str(error.value)


def test_a_case_of_another_pilot_is_refused(pilot):
    found = pilot("month,value\n1,0\n")
    (found.folder / "assessment.yaml").write_text(TEXT.replace("name: T", "name: Other"))
    with pytest.raises(InputError, match="of the pilot 'T', not 'Other'"):
        actuals.analyse(load(found.folder))


def test_no_actual_figures_are_no_error(pilot):
    assert actuals.analyse(pilot("month,value\n1,0\n", text="name: T\n", is_approved=False)) is None
    assert findings(None) == ()
