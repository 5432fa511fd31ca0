"""A year and three: growth, prices that move, and the cost of moving when a model retires."""

import datetime as dt

import pytest
from cost_logs import MODEL
from option_rows import CALLS, compared, evaluated, pair

from flightready.study.store import Store

SURE = {"users_per_day": 1_000, "requests_per_user": 2, "growth_per_month": "0%", "peak_to_mean": 3}
MINI = "gpt-4.1-mini-2025-04-14"
BEFORE = dt.date(2026, 10, 1)
"""Before the retirement of these models was announced."""


def retires(on, **more):
    return {"retirement": {MODEL: {"on": on, "migration": "9_000 USD", **more}}}


def test_a_year_is_twelve_months_and_prices_move_the_calls(tmp_path):
    own, flat = pair(tmp_path, {"kind": "buy", "per_request": "0.0028 USD"}, workload=SURE, as_of=BEFORE,
                     cost={"price_change": "-20% per year"})  # fmt: skip
    assert flat.three_years.median == pytest.approx(36 * flat.monthly.median)
    by_month = sum(0.8 ** (m / 12) for m in range(12))
    assert own.year.median == pytest.approx(by_month * own.monthly.median)
    grown, _ = pair(tmp_path, {}, workload={**SURE, "growth_per_month": "2%"}, as_of=BEFORE)
    assert grown.year.median == pytest.approx(sum(1.02**m for m in range(12)) * grown.monthly.median)


@pytest.mark.parametrize(
    ("on", "in_year", "in_three"),
    [
        ("2026-09-01", 9_000, 9_000),  # past: still to be paid
        ("2027-10-01", 9_000, 9_000),  # the last day of the year
        ("2027-10-02", 0, 9_000),
        ("2029-10-01", 0, 9_000),  # 1,096 days on, the rounded 36 months of 30.4375 days
        ("2029-10-02", 0, 0),
    ],
)
def test_a_migration_is_paid_in_the_span_in_which_the_model_retires(tmp_path, on, in_year, in_three):
    own, other = pair(tmp_path, {"model": MINI}, workload=SURE, as_of=BEFORE, cost=retires(dt.date.fromisoformat(on)))
    assert own.year.median - 12 * own.monthly.median == pytest.approx(in_year, abs=1e-6)
    assert own.three_years.median - 36 * own.monthly.median == pytest.approx(in_three, abs=1e-6)
    assert other.three_years.median == pytest.approx(36 * other.monthly.median)  # another model does not retire
    assert other.migration is None


def test_announced_retirements_are_known_from_their_day_on_and_the_earlier_day_goes_first(tmp_path):
    assert compared(tmp_path, as_of=dt.date(2026, 10, 13)).retirements == ()
    known = compared(tmp_path, as_of=dt.date(2026, 10, 14)).retirements
    assert [(r.model, r.on, r.is_published, r.successor) for r in known] == [
        (MODEL, dt.date(2027, 1, 14), True, "gpt-6-luna")
    ]  # OpenAI, API deprecations, announcement of 2026-10-14
    stated = compared(tmp_path, as_of=dt.date(2026, 10, 14), measured=evaluated(smaller=80),
                      cost=retires(dt.date(2027, 10, 14), lead_time="2 to 4 months", successor="smaller"))  # fmt: skip
    (one,) = stated.retirements
    earlier, later = dt.date(2027, 1, 14), dt.date(2027, 10, 14)
    assert (one.on, one.published, one.stated, one.successor_measured) == (earlier, earlier, later, True)
    assert one.decide_by < one.too_late_after < one.on
    assert one.migration.median == pytest.approx(9_000)


def test_a_cloud_that_resells_a_model_has_days_of_its_own(tmp_path):
    rows = "".join(f"2026-09-{14 + d} 09:00:00,azure,{MODEL},1000,100\n" for d in range(8))
    (tmp_path / "calls.csv").write_text("time,provider,model,input_tokens,output_tokens\n" + rows)
    found = compared(tmp_path, log=None, cost={"usage": "calls.csv"}, as_of=dt.date(2026, 11, 1))
    assert found.options[0].per_request is not None
    assert found.retirements == ()


def test_the_result_survives_the_store(tmp_path):
    result = compared(tmp_path, {"name": "Small", "model": MINI}, measured=evaluated(), log=CALLS[:8])
    store = Store(tmp_path / "store")
    store.put("options", result)
    kept = store.get("options")
    assert kept.retirements == result.retirements
    assert [o.monthly for o in kept.options] == [o.monthly for o in result.options]
