"""Charts of cost: they show the result's own numbers, say their message, and never rely on colour alone."""

import numpy as np
import pytest

from flightready.assessment import load
from flightready.cost.spend import analyse
from flightready.draws import JointSample
from flightready.figures import cost as figures
from flightready.figures import cost_month
from flightready.traffic.demand import plan

ROWS = "".join(
    f"2026-09-{14 + d} 09:{n:02d}:00,gpt-4.1-2025-04-14,1000,200,100,{'429' if n == 0 else 'ok'}\n"
    for d in range(14) for n in range(10)
)  # fmt: skip


@pytest.fixture
def result(tmp_path):
    def make(yaml):
        (tmp_path / "u.csv").write_text("time,model,input_tokens,cached_tokens,output_tokens,status\n" + ROWS)
        (tmp_path / "assessment.yaml").write_text("name: Test\n" + yaml)
        pilot = load(tmp_path)
        joint = JointSample(pilot.spec.seed)
        return analyse(pilot, joint, plan(pilot, joint))

    return make


FULL = ("cost: {usage: u.csv, approved: 1_500 USD per month}\n"
        "workload: {users_per_day: 8_000 to 12_000, requests_per_user: {p10: 1, p50: 2, p90: 4}}\n")  # fmt: skip


def trace(fig, name):
    return next(t for t in fig.data if t.name == name)


def test_components_show_what_was_spent(result):
    r = result(FULL)
    fig = figures.figure_components(r)
    lengths = [bar.x[0] for bar in fig.data]
    assert sum(lengths) == pytest.approx(r.basis.spent.total_usd)
    assert lengths == sorted(lengths)
    assert fig.layout.title.text.startswith("Input at full price is 57.6 %")
    assert any(bar.marker.pattern.shape for bar in fig.data)
    assert {bar.marker.pattern.fillmode for bar in fig.data} == {"overlay"}  # hatching that hides no bar


def test_the_month_splits_at_the_approved_amount(result):
    r = result(FULL)
    fig = figures.figure_month(r)
    within, above = trace(fig, "Within the approved amount"), trace(fig, "Above the approved amount")
    assert max(within.x) < 1500 < min(above.x)
    assert sum(above.y) == pytest.approx(100 * r.approval.exceeded_share, abs=1.1)  # the dearest 1 % are not drawn
    assert above.marker.pattern.shape and not within.marker.pattern.shape
    assert "chance of a month above the approved $1,500" in fig.layout.title.text


def test_the_month_without_an_approved_amount(result):
    fig = figures.figure_month(result(FULL.replace(", approved: 1_500 USD per month", "")))
    assert len(fig.data) == 1
    assert fig.layout.title.text.startswith("A month costs $")


def test_users_mark_the_pilot_the_plan_and_the_approval(result):
    r = result(FULL)
    fig = cost_month.figure_users(r)
    middle, plan_mark, pilot = trace(fig, "middle"), trace(fig, "planned load"), trace(fig, "pilot")
    np.testing.assert_array_equal(middle.y, r.curve.median_usd)
    assert (plan_mark.x[0], plan_mark.y[0]) == (r.users_per_day.median, r.monthly.median)
    assert (pilot.x[0], pilot.y[0]) == (r.pilot_users_per_day, r.pilot_monthly_usd)
    holds = trace(fig, "approval enough in 9 of 10 cases up to here")
    assert holds.x[0] == r.approval.users_at_approval
    assert len({t.marker.symbol for t in (plan_mark, pilot, holds)}) == 3


def test_volumes_show_every_round_number(result):
    r = result("cost: {usage: u.csv}\n")
    (dots,) = figures.figure_volumes(r).data
    assert list(dots.x) == [v.requests for v in r.volumes]
    assert list(dots.y) == [v.median_usd for v in r.volumes]


RUNNING = FULL.replace(
    "approved:", "running: {on_call: 100 to 300 USD per month, monitoring: 50 USD per month}, approved:"
)


def test_parts_show_each_part_and_what_does_not_grow(result):
    r = result(RUNNING)
    fig = cost_month.figure_parts(r)
    grows, stays = trace(fig, "grows with the requests"), trace(fig, "stays whatever the load")
    assert list(stays.y) == ["Monitoring", "On-call"]
    assert sorted([*grows.x, *stays.x]) == sorted(p.summary.median for p in r.month.parts)
    assert stays.marker.pattern.shape and not grows.marker.pattern.shape
    ends = [m + e for m, e in zip(stays.x, stays.error_x.array, strict=True)]
    assert ends == pytest.approx(
        [p.summary.high for p in sorted(r.month.parts, key=lambda p: p.summary.median) if p.fixed]
    )


def test_drivers_reach_from_the_lowest_to_the_highest_tenth(result):
    r = result(RUNNING)
    low, high = cost_month.figure_drivers(r).data
    assert low.base == high.base == r.monthly.median
    assert low.base + low.x[-1] == pytest.approx(r.drivers[0].low_usd)
    assert high.base + high.x[-1] == pytest.approx(r.drivers[0].high_usd)
    assert list(low.y)[-1].startswith("requests of each user (")
    assert low.marker.pattern.shape != high.marker.pattern.shape


@pytest.mark.parametrize("name", ["components", "month", "users", "volumes", "parts", "drivers"])
def test_every_chart_has_a_message_axes_with_units_and_a_description(result, name):
    fig = getattr(figures if hasattr(figures, f"figure_{name}") else cost_month, f"figure_{name}")(result(FULL))
    assert fig.layout.title.text
    assert fig.layout.meta["description"] != fig.layout.title.text
    assert "(USD)" in fig.layout.xaxis.title.text + fig.layout.yaxis.title.text


def test_an_approved_amount_far_beyond_the_forecast_flattens_no_chart(result):
    r = result(FULL.replace("approved: 1_500 USD", "approved: 9_000_000 USD"))
    for fig in (figures.figure_month(r), cost_month.figure_users(r)):
        assert [a.text for a in fig.layout.annotations if "approved" in a.text] == [
            "approved $9 million, far beyond what is drawn"]  # fmt: skip
        assert not any(9_000_000 in (s.x0, s.y0) for s in fig.layout.shapes)
