"""A month by part, per unit and per year: known answers, closed forms, and what nobody stated."""

from types import SimpleNamespace

import numpy as np
import pytest
from cost_logs import response
from scipy import stats

from flightready import policy
from flightready.cost.drivers import drivers
from flightready.cost.month import month_cost, part
from flightready.cost.repricing import repriced
from flightready.cost.spend import analyse
from flightready.cost.what_if import month as tried
from flightready.draws import JointSample
from flightready.evidence import Grade, State
from flightready.quantity import DAYS_PER_MONTH
from flightready.telemetry.reading import usage_of
from flightready.traffic.demand import plan

LOAD = {"users_per_day": 1000, "requests_per_user": 2, "growth_per_month": "0%"}
REQUESTS = 2000 * DAYS_PER_MONTH
RUNNING = {
    "tools_per_request": "0.0002 USD", "monitoring": "60 USD per month", "on_call": "100 USD per month",
    "audit_log": {"bytes_per_request": 50_000, "kept": "24 months", "per_gb": "0.03 USD per month"},
    "other": {"Translation desk": "40 USD per month"},
}  # fmt: skip
CALL = 1000 * 2e-6 + 100 * 8e-6


@pytest.fixture
def full(analysed, fortnight):
    def make(**changes):
        cost = {"usage": "l.jsonl", "running": RUNNING, "approved": "500 USD per month"} | changes
        return analysed(cost, {"l.jsonl": fortnight}, workload=LOAD)

    return make


def parts(result):
    return {p.name or p.key: p for p in result.month.parts}


def unit(result, key):
    return next(u for u in result.units if u.key == key)


def test_the_parts_of_a_request_by_the_formula(analysed):
    """p_in(I-R-W) + p_r R + p_w W + p_out O, reasoning inside O: 1,000 x 2 + 500 x .5 + (70 + 30) x 8 millionths."""
    usage = {"input_tokens": 1500, "input_tokens_details": {"cached_tokens": 500}, "output_tokens": 100,
             "output_tokens_details": {"reasoning_tokens": 30}}  # fmt: skip
    log = [response(d, n, usage=usage) for d in range(14) for n in range(10)]
    result = analysed({"usage": "l.jsonl"}, {"l.jsonl": log}, workload=LOAD)
    by_hand = {"uncached_input": 2000e-6, "cached_input": 250e-6, "output": 560e-6, "reasoning": 240e-6}
    assert {k: p.summary.mean for k, p in parts(result).items()} == pytest.approx(
        {k: REQUESTS * v for k, v in by_hand.items()}, rel=1e-3
    )
    assert result.basis.pilot_usd == pytest.approx(sum(by_hand.values()))
    np.testing.assert_array_equal(result.month.total_usd, result.monthly_usd)


def test_what_runs_beside_the_calls(full):
    """Storage: 50,000 bytes a request kept for 24 months at .03 a gigabyte and month, at the steady state."""
    result = full()
    found = parts(result)
    assert found["tools"].summary.median == pytest.approx(REQUESTS * 0.0002)
    assert found["storage"].summary.median == pytest.approx(REQUESTS * 50_000 / 1e9 * 24 * 0.03)
    assert [found[k].summary.median for k in ("monitoring", "on_call", "Translation desk")] == [60, 100, 40]
    assert {k for k, p in found.items() if p.fixed} == {"monitoring", "on_call", "Translation desk"}
    assert {p.grade for p in result.month.parts if p.n is None} == {Grade.ESTIMATED}
    np.testing.assert_array_equal(sum(p.draws for p in result.month.parts), result.monthly_usd)
    np.testing.assert_allclose(result.response.at(REQUESTS), result.monthly_usd)
    assert found["retries"].summary.mean == pytest.approx(REQUESTS * 0.1 * CALL, rel=1e-3)
    assert result.month.not_counted == ("review",)


@pytest.mark.parametrize(("stated", "missing"), [
    ({}, ("tools", "storage", "monitoring", "on_call", "review")),
    ({"on_call": "0 USD per month", "tools_per_request": "0 USD"}, ("storage", "monitoring", "review")),
])  # fmt: skip
def test_what_is_not_stated_is_named_and_not_invented(full, stated, missing):
    result = full(running=stated)
    assert result.month.not_counted == missing
    assert result.monthly.mean == pytest.approx(REQUESTS * 1.1 * CALL, rel=1e-3)
    sentence = next(f for f in result.findings if f.id == "cost.approved").sentence
    assert "Not counted: " in sentence and "monitoring" in sentence
    assert ("on-call" in sentence) == (not stated)


def test_work_of_people_stands_beside_the_bill(full):
    result = full()
    review = part("review", np.full((16, 1024), 25.0), Grade.MEASURED, "evaluation", n=200)
    month = month_cost(result.basis, result.running, REQUESTS, on_top=(review,))
    np.testing.assert_allclose(month.total_usd, result.monthly_usd)
    np.testing.assert_allclose(month.with_people_usd, result.monthly_usd + 25)
    assert (month.not_counted, [p.key for p in month.on_top]) == ((), ["review"])


def test_what_runs_beside_in_another_currency_is_not_added(analysed, fortnight):
    result = analysed({"usage": "l.jsonl", "running": {"on_call": "100 EUR per month"}}, {"l.jsonl": fortnight},
                      workload=LOAD, currency="EUR")  # fmt: skip
    assert result.running.fixed_usd.mean() == 100  # for value, which knows a rate
    assert set(parts(result)) == {"uncached_input", "output", "retries"}


def test_the_approval_with_fixed_parts_in_closed_form(full):
    """With a lognormal factor of mean 1 on the calls, a month above A means the factor above (A - fixed) / growing."""
    fixed = 200.0
    result = full(running={"on_call": "200 USD per month"}, approved="395 USD per month")
    sd = policy.value("cost_mix_spread_least")
    factor = stats.lognorm(sd, scale=np.exp(-(sd**2) / 2))
    growing = REQUESTS * 1.1 * CALL
    a = result.approval
    assert a.exceeded_share == pytest.approx(factor.sf((395 - fixed) / growing), abs=0.003)
    assert a.upper_usd == pytest.approx(fixed + growing * factor.ppf(0.9), rel=1e-3)
    assert a.users_at_approval == pytest.approx(1000 * (395 - fixed) / (growing * factor.ppf(0.9)), rel=1e-3)
    assert a.planned_share == pytest.approx(a.users_at_approval / 1000)
    # without growth a year is twelve such months
    assert (a.year_exceeded_share, a.users_in_year) == pytest.approx((a.exceeded_share, a.users_at_approval))


def test_fixed_parts_above_the_approval_leave_no_user(full):
    result = full(running={"on_call": "600 USD per month"})
    assert (result.approval.users_at_approval, result.approval.users_in_year) == (0, 0)
    assert next(f for f in result.findings if f.id == "cost.approved").state is State.FAIL
    assert result.curve.median_usd[0] == 600


def test_a_year_with_growth_and_a_price_change_in_closed_form(analysed):
    """Two geometric series: load by 1.03 a month, prices by the twelfth root of .8; fixed parts twelve times."""
    cost = {"bill": "10 USD for 10_000 requests", "price_change": "-20%", "running": {"on_call": "50 USD per month"}}
    result = analysed(cost, workload=LOAD | {"growth_per_month": "3%"})
    step = 1.03 * 0.8 ** (1 / 12)
    calls = REQUESTS * 0.001 * (1 - step**12) / (1 - step)
    assert result.year.growing_usd.mean() == pytest.approx(calls, rel=2e-3)
    assert result.year.fixed_usd.mean() == pytest.approx(600)
    assert unit(result, "year").summary.mean == pytest.approx(calls + 600, rel=2e-3)


@pytest.mark.parametrize(("kept", "held"), [
    ("24 months", 72.0), ("3 months", 9 * 3 + 2.5 + 1.5 + 0.5), ("2 weeks", 12 * 14 / DAYS_PER_MONTH), ("0 months", 0),
])  # fmt: skip
def test_the_audit_log_fills_up_over_the_first_year(full, kept, held):
    """Kept beyond the year's end, twelve even months lie there for 11.5 + 10.5 + ... + .5 = 72 months in all."""
    log = {"bytes_per_request": 1e9, "kept": kept, "per_gb": "1 USD per month"}  # a request costs its months
    result = full(running={"audit_log": log})
    calls = result.response.calls_usd * 12 * REQUESTS
    stored = (result.year.growing_usd - calls) / REQUESTS
    assert stored.mean() == pytest.approx(held, abs=1e-6)


def test_each_unit_holds_its_part_of_everything(pilot, fortnight):
    made = pilot({"usage": "l.jsonl", "running": {"on_call": "100 USD per month"}}, {"l.jsonl": [
        *fortnight, *(response(3, 50 + n, ticket=f"X{n}", status="failed") for n in range(5))]}, workload=LOAD)  # fmt: skip
    joint = JointSample(made.spec.seed)
    evaluation = SimpleNamespace(raw_accuracy_replicates=np.full(64, 0.8), raw=SimpleNamespace(n=200), candidates=None,
                                 grade=Grade.MEASURED)  # fmt: skip
    result = analyse(made, joint, plan(made, joint), evaluation=evaluation)
    total, requests = result.monthly.median, 565
    assert unit(result, "request").summary.median == pytest.approx(total / REQUESTS)
    assert unit(result, "right").summary.median == pytest.approx(total / REQUESTS / 0.8)
    assert unit(result, "answered").summary.median == pytest.approx(total / REQUESTS * requests / 560, rel=2e-3)
    assert unit(result, "call").summary.median == pytest.approx(result.per_request.median * requests / 621)
    assert [(u.key, u.n) for u in result.units] == [
        ("call", 621), ("request", 565), ("answered", 565), ("right", 200), ("month", 565), ("year", 565)]  # fmt: skip
    assert {u.grade for u in result.units[1:]} == {Grade.ESTIMATED}  # they rest on a stated load


@pytest.mark.parametrize(("first", "second"), [(0.4, 0.2), (0.1, 0.1), (0.7, 0.0)])
def test_drivers_of_a_product_of_two_lognormals_in_closed_form(first, second):
    """Var(E[Y | X1]) / Var(Y) = (exp(s1^2) - 1) / (exp(s1^2 + s2^2) - 1); the tenths by the quantiles of X1."""
    joint = JointSample(3)
    u, v = joint.uniform("u"), joint.uniform("v")
    month = np.exp(first * stats.norm.ppf(u) + second * stats.norm.ppf(v))
    found = {d.name: d for d in drivers(month, {"u": u, "v": v, "idle": joint.uniform("idle")})}
    whole = np.expm1(first**2 + second**2)
    for name, sd in (("u", first), ("v", second)):
        assert (name in found) == (sd > 0)
        if sd:
            assert found[name].share == pytest.approx(np.expm1(sd**2) / whole, abs=0.015)
            assert found[name].high_usd == pytest.approx(np.exp(sd * stats.norm.ppf(0.95)), rel=0.05)
            assert 0 < found[name].simulation_error < 0.03
    assert "idle" not in found
    assert list(found) == sorted(found, key=lambda n: -found[n].share)


def test_the_month_is_driven_by_what_is_uncertain(analysed):
    load = {"users_per_day": "500 to 2000", "requests_per_user": 2}
    result = analysed({"bill": "30 USD for 9_000 requests", "running": {"on_call": "1 to 300 USD per month"}},
                      workload=load)  # fmt: skip
    assert {d.name for d in result.drivers} == {"workload.users_per_day", "cost.mix", "cost.running.on_call"}
    assert sum(d.share for d in result.drivers) <= 1.02


def test_small_changes_and_what_they_save(full):
    result = full()
    cuts = policy.value("cost_saving_cuts")
    saved = {s.key: s.summary.mean for s in result.savings}
    assert saved["retries"] == pytest.approx(cuts["retries"] * REQUESTS * 0.1 * CALL, rel=1e-3)
    assert saved["output"] == pytest.approx(cuts["output"] * REQUESTS * 100 * 8e-6, rel=1e-3)
    assert list(saved.values()) == sorted(saved.values(), reverse=True)


def test_the_same_log_at_another_models_prices(pilot, fortnight):
    """gpt-4.1-mini: .4, .1 and 1.6 USD per million (openai.com/api/pricing, 2025), a fifth of gpt-4.1."""
    made = pilot({"usage": "l.jsonl"}, {"l.jsonl": fortnight})
    result = analyse(made, JointSample(7), None)
    mini = repriced(made, result.basis, usage_of(made), "gpt-4.1-mini-2025-04-14")
    assert mini.per_request_usd == pytest.approx(1.1 * CALL / 5)
    assert (mini.input_rate, mini.cached_rate) == pytest.approx((0.4e-6, 0.1e-6))
    month = tried(result, users_per_day=10, requests_per_user=1, model=mini, growth_per_month=0.0)
    np.testing.assert_allclose(month.draws, 10 * DAYS_PER_MONTH * result.per_request_usd / 5)
    assert month.year.median == pytest.approx(12 * month.monthly.median)
    cached = tried(result, users_per_day=10, requests_per_user=1, model=mini, cached_share=1.0)
    assert cached.monthly.mean < month.monthly.mean
    doubled = repriced(made, result.basis, usage_of(made), "gpt-4.1-mini-2025-04-14", tokens=2.0)
    assert doubled.per_request_usd == pytest.approx(2 * mini.per_request_usd)
    assert repriced(made, result.basis, usage_of(made), "no-such-model") is None


def test_typed_tokens_at_another_models_prices(pilot):
    typed = {"model": "gpt-4.1", "input_tokens": 2000, "cached_tokens": 500, "output_tokens": 100}
    made = pilot({"per_request": typed}, workload=LOAD)
    joint = JointSample(7)
    result = analyse(made, joint, plan(made, joint))
    assert {k: round(p.summary.mean / REQUESTS * 1e6) for k, p in parts(result).items()} == {
        "uncached_input": 3000, "cached_input": 250, "output": 800}  # fmt: skip
    assert repriced(made, result.basis, None, "gpt-4.1-mini").per_request_usd == pytest.approx(4050e-6 / 5)


def test_without_a_load_a_thousand_requests_and_what_stays(analysed, fortnight):
    result = analysed({"usage": "l.jsonl", "running": RUNNING}, {"l.jsonl": fortnight})
    found = parts(result)
    assert not result.month.is_planned
    assert set(found) == {"uncached_input", "output", "retries", "tools", "storage"}
    assert found["tools"].summary.median == pytest.approx(0.2)
    assert [u.key for u in result.units] == ["call", "request"]
    assert result.volumes[0].median_usd == pytest.approx(200 + np.median(result.month.total_usd))
