"""Charts of the three spreads and of the backtest: they show the result's own numbers."""

import numpy as np
import pytest

from flightready.assessment import load
from flightready.cost.spend import analyse
from flightready.draws import JointSample
from flightready.figures import cost_uncertainty as figures
from flightready.traffic.demand import plan


@pytest.fixture
def result(tmp_path):
    def make(days, yaml="", level=lambda d: 1):
        rows = "".join(f"2026-09-{1 + d:02d} 09:{n:02d}:00,gpt-4.1-2025-04-14,{1000 * level(d) + n},0\n"
                       for d in range(days) for n in range(10))  # fmt: skip
        (tmp_path / "u.csv").write_text("time,model,input_tokens,output_tokens\n" + rows)
        (tmp_path / "assessment.yaml").write_text(
            f"name: T\ncost: {{usage: u.csv, approved: 90 USD per month}}\n{yaml}"
        )
        pilot = load(tmp_path)
        joint = JointSample(pilot.spec.seed)
        return analyse(pilot, joint, plan(pilot, joint))

    return make


@pytest.mark.parametrize("planned", [True, False])
def test_three_ranges(result, planned):
    r = result(5, "workload: {users_per_day: 1_000, requests_per_user: 1}\n" if planned else "")
    fig = figures.figure_conditional(r)
    bars = [t for t in fig.data if "lines" in t.mode]
    for bar, case in zip(bars, r.uncertainty.conditional.cases, strict=True):
        shown = case.monthly if planned else case.per_request
        assert list(bar.x) == pytest.approx(
            [shown.low * (1 if planned else 1000), shown.high * (1 if planned else 1000)]
        )
        assert all("$" in text for text in bar.text)
    assert ("a month" in fig.layout.title.text) == planned
    assert len(fig.layout.shapes) == planned  # the approved amount


def test_the_forecast_and_the_days(result):
    r = result(20, level=lambda d: 3 if d == 15 else 1)
    fig = figures.figure_backtest(r)
    by_name = {t.name: t for t in fig.data}
    assert fig.layout.title.text.startswith("12 of 13 days")
    outside = by_name["day outside its range"]
    assert (outside.marker.symbol, outside.x[0].astype("datetime64[D]")) == ("x", np.datetime64("2026-09-16"))
    assert len(by_name["days before the first forecast"].x) == 7
    np.testing.assert_allclose(by_name["its middle"].y, 1000 * r.backtest.days.middle_usd)
