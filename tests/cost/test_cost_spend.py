"""From a log, an export, typed tokens or a bill to a month in production, and what each missing input leaves."""

import datetime as dt

import numpy as np
import pytest
from cost_logs import MODEL, bucket, response

from flightready import policy
from flightready.cost.resampling import unmeasured_spread
from flightready.cost.spend import analyse
from flightready.draws import JointSample
from flightready.errors import InputError
from flightready.evidence import Grade, State
from flightready.quantity import DAYS_PER_MONTH
from flightready.telemetry import read_usage
from flightready.traffic.demand import plan

LOAD = {"users_per_day": 1000, "requests_per_user": 2}


def finding(result, name):
    return next(f for f in result.findings if f.id == name)


def keys(result):
    return [a.key for a in result.absences]


# the fortnight: 40 tickets a day, 4 of them twice; a call is 1,000 input and 100 output tokens = 0.0028 USD
CALL = 1000 * 2e-6 + 100 * 8e-6


def test_what_the_pilot_spent_is_counted(analysed, fortnight):
    spent = analysed({"usage": "log.jsonl"}, {"log.jsonl": fortnight}).basis.spent
    assert (spent.calls, spent.outcomes, spent.answered, spent.failed_calls) == (14 * 44, 14 * 40, 14 * 40, 14 * 4)
    assert spent.total_usd == pytest.approx(14 * 44 * CALL)
    assert spent.per_call_usd == pytest.approx(CALL)
    assert spent.per_outcome_usd == pytest.approx(1.1 * CALL)  # retries are paid for by the request that needed them
    assert (spent.covered_days, spent.active_days, spent.repeated_outcomes) == (14, 14, 56)
    assert (spent.first, spent.last) == (dt.date(2026, 9, 14), dt.date(2026, 9, 27))
    assert spent.input_tokens == pytest.approx(1100)


def test_the_parts_add_up_to_the_total(analysed, fortnight):
    log = [*fortnight, response(3, 59, fresh=500, cached=1500, ticket="T")]
    spent = analysed({"usage": "log.jsonl"}, {"log.jsonl": log}).basis.spent
    parts = {c.name: c.amount_usd for c in spent.components}
    assert sum(parts.values()) == pytest.approx(spent.total_usd)
    assert (parts["retries"], parts["failures"]) == (pytest.approx(14 * 4 * CALL), 0)
    assert parts["uncached_input"] == pytest.approx(14 * 40 * 1000 * 2e-6 + 500 * 2e-6)
    assert parts["cached_input"] == pytest.approx(1500 * 0.5e-6)
    assert sum(m.amount_usd for m in spent.models) == pytest.approx(spent.total_usd)


def test_several_steps_of_one_ticket_are_no_retries(analysed):
    log = [response(d, n, ticket=f"T{d}") for d in range(8) for n in (1, 2, 3)]
    spent = analysed({"usage": "log.jsonl"}, {"log.jsonl": log}).basis.spent
    assert (spent.outcomes, spent.repeated_outcomes) == (8, 0)
    assert spent.per_outcome_usd == pytest.approx(3 * CALL)
    assert {c.name: c.amount_usd for c in spent.components}["retries"] == 0


def test_a_ticket_that_was_never_answered_is_paid_for_by_the_others(analysed):
    log = [response(d, 1, ticket=f"T{d}") for d in range(8)]
    log += [response(0, 2, ticket="X", status="incomplete"), response(0, 3, ticket="X", attempt=2, status="incomplete")]
    spent = analysed({"usage": "log.jsonl"}, {"log.jsonl": log}).basis.spent
    assert (spent.outcomes, spent.answered) == (9, 8)
    assert spent.per_answer_usd == pytest.approx(10 * CALL / 8)
    parts = {c.name: c.amount_usd for c in spent.components}
    assert (parts["retries"], parts["failures"]) == (pytest.approx(CALL), pytest.approx(CALL))


def test_a_month_is_requests_times_the_cost_of_a_request(analysed, fortnight):
    result = analysed({"usage": "log.jsonl"}, {"log.jsonl": fortnight}, workload=LOAD)
    np.testing.assert_allclose(result.monthly_usd, 2000 * DAYS_PER_MONTH * result.per_request_usd)
    assert result.monthly.mean == pytest.approx(2000 * DAYS_PER_MONTH * 1.1 * CALL, rel=0.001)
    assert result.grade is Grade.MEASURED
    assert result.pilot_per_request_usd == pytest.approx(1.1 * CALL)
    assert result.pilot_monthly_usd == pytest.approx(44 * CALL * DAYS_PER_MONTH)
    assert result.pilot_users_per_day == pytest.approx(20)


def test_days_that_are_all_alike_leave_only_the_least_spread(analysed, fortnight):
    result = analysed({"usage": "log.jsonl"}, {"log.jsonl": fortnight})
    least = policy.value("cost_mix_spread_least")
    assert result.basis.spread.sd == least
    # closed form of the 90 % interval of a lognormal factor with mean 1
    low, high = 1.1 * CALL * np.exp(np.array([-1, 1]) * 1.644854 * least - least**2 / 2)
    assert (result.per_request.low, result.per_request.high) == pytest.approx((low, high), rel=0.01)


def test_a_short_log_is_widened_and_only_an_estimate(analysed, fortnight):
    short = analysed({"usage": "log.jsonl"}, {"log.jsonl": fortnight[:176]}, workload=LOAD)
    assert short.basis.spent.covered_days == 4
    assert short.grade is Grade.ESTIMATED
    assert short.basis.spread == unmeasured_spread()
    assert short.per_request.high / short.per_request.low > np.exp(2 * 1.6 * policy.value("cost_mix_spread"))


@pytest.mark.parametrize(
    ("approved", "state"),
    [("1000 USD per month", State.PASS), ("100 USD per month", State.FAIL), ("188 USD per month", State.UNKNOWN)],
)
def test_the_approved_amount(analysed, fortnight, approved, state):
    # about 2,000 x 30.44 x 0.00308 = 187.5 USD a month, nine times in ten within some 8 %
    result = analysed({"usage": "log.jsonl", "approved": approved}, {"log.jsonl": fortnight}, workload=LOAD)
    found = finding(result, "cost.approved")
    assert (found.state, found.grade, found.questions) == (state, Grade.MEASURED, ("R4",))
    assert found.n == 560
    assert (found.decides != "") == (state is State.UNKNOWN)


def test_the_number_of_users_at_which_the_approval_breaks(analysed, fortnight):
    cost = {"usage": "log.jsonl", "approved": "150 USD per month"}
    result = analysed(cost, {"log.jsonl": fortnight}, workload=LOAD)
    users = result.approval.users_at_approval
    at_that_load = result.monthly_usd * users / 1000
    assert np.quantile(at_that_load, policy.value("cost_approval_quantile")) == pytest.approx(150)
    assert result.approval.exceeded_share == pytest.approx(np.mean(result.monthly_usd > 150))
    assert result.curve.users[0] == 0
    assert result.curve.users[-1] >= 1000
    assert np.all(np.diff(result.curve.median_usd) > 0)
    assert np.all(result.curve.low_usd <= result.curve.high_usd)


@pytest.mark.parametrize(("days", "requests_per_user", "grade"), [(4, 2, Grade.ESTIMATED), (14, None, Grade.ASSUMED)])
def test_what_is_not_measured_never_passes(analysed, fortnight, days, requests_per_user, grade):
    load = {"users_per_day": 10} | ({"requests_per_user": requests_per_user} if requests_per_user else {})
    cost = {"usage": "log.jsonl", "approved": "100_000 USD per month"}
    found = finding(analysed(cost, {"log.jsonl": fortnight[: 44 * days]}, workload=load), "cost.approved")
    assert (found.state, found.grade) == (State.UNKNOWN, grade)
    assert found.decides


def test_a_log_in_which_nothing_was_answered_never_passes(analysed):
    log = [response(d, 1, status="failed", usage=None) for d in range(14)]
    result = analysed({"usage": "log.jsonl", "approved": "100 USD per month"}, {"log.jsonl": log}, workload=LOAD)
    assert result.pilot_per_request_usd == 0
    assert finding(result, "cost.approved").state is State.UNKNOWN


# ---- a usage export --------------------------------------------------------------------------------------------------


def test_an_export_gives_the_mean_and_its_change_from_day_to_day(analysed):
    days = [bucket(d, requests=100, fresh=100_000 * (1 + (d % 2)), output=10_000) for d in range(20)]
    result = analysed({"usage": "export.json"}, {"export.json": days}, workload=LOAD)
    assert (result.origin, result.grade) == ("buckets", Grade.ESTIMATED)
    assert result.pilot_per_request_usd == pytest.approx(1500 * 2e-6 + 100 * 8e-6)
    spread = result.basis.spread
    assert (spread.from_log, spread.days) == (True, 20)
    # the daily means are 0.0028 and 0.0048 in turn
    assert spread.sd == pytest.approx(np.log(4.8 / 2.8) / 2 * np.sqrt(20 / 19), rel=1e-6)
    assert keys(result) == ["usage_buckets", "approved"]


def test_an_export_of_short_buckets_is_added_up_to_days(analysed):
    hours = []
    for d in range(8):
        for h in range(3):
            hour = bucket(d, requests=10, fresh=10_000)
            hour["start_time"] += 3600 * h
            hour["end_time"] = hour["start_time"] + 3600
            hours.append(hour)
    spent = analysed({"usage": "export.json"}, {"export.json": hours}).basis.spent
    assert (spent.outcomes, spent.covered_days, spent.active_days) == (240, 8, 8)


def test_an_export_without_model_names_asks_for_the_price(analysed):
    files = {"export.json": [bucket(0, requests=100, fresh=1000, model=None)]}
    with pytest.raises(InputError, match="does not name the model"):
        analysed({"usage": "export.json"}, files)
    own = {"my-model": {"input_per_million": "2 USD", "output_per_million": "8 USD"}}
    assert analysed({"usage": "export.json", "prices": own}, files).pilot_per_request_usd == pytest.approx(2e-5)


def test_a_log_beside_an_export_is_preferred(analysed, fortnight):
    files = {"log.jsonl": fortnight, "export.json": [bucket(0, requests=1, fresh=10**6)]}
    assert analysed({"usage": ["export.json", "log.jsonl"]}, files).origin == "calls"


# ---- typed figures ---------------------------------------------------------------------------------------------------


def test_tokens_of_one_request_typed_in(analysed):
    typed = {"model": "gpt-4.1", "input_tokens": 2000, "cached_tokens": 500, "output_tokens": "80 to 120"}
    result = analysed({"per_request": typed, "approved": "1_000_000 USD per month"}, workload=LOAD)
    assert (result.origin, result.grade) == ("per_request", Grade.ESTIMATED)
    output = np.sqrt(80 * 120)
    assert result.pilot_per_request_usd == pytest.approx(1500 * 2e-6 + 500 * 0.5e-6 + output * 8e-6)
    assert finding(result, "cost.approved").state is State.UNKNOWN
    assert keys(result) == ["usage_log"]


def test_more_cached_than_input_tokens_typed_in(analysed):
    typed = {"model": "gpt-4.1", "input_tokens": 400, "cached_tokens": 500, "output_tokens": 80}
    with pytest.raises(InputError, match=r"cached_tokens: 500 cached tokens are more than 400 input tokens"):
        analysed({"per_request": typed})


def test_a_bill_for_a_number_of_requests(analysed):
    result = analysed({"bill": "30 USD for 9_000 requests"}, workload=LOAD)
    assert (result.origin, result.basis.n) == ("bill", 9000)
    assert result.pilot_per_request_usd == pytest.approx(30 / 9000)
    assert result.per_request.mean == pytest.approx(30 / 9000, rel=0.01)
    assert finding(result, "cost.model_pinned").state is State.UNKNOWN


def test_a_bill_for_nothing(analysed):
    with pytest.raises(InputError, match=r"cost\.bill\.requests: '0 requests' is out of range"):
        analysed({"bill": "30 USD for 0 requests"})


# ---- what is missing -------------------------------------------------------------------------------------------------


def test_nothing_at_all(analysed):
    result = analysed()
    assert (result.origin, result.grade) == ("nothing", Grade.ASSUMED)
    assert result.per_request_usd is result.monthly_usd is result.pilot_per_request_usd is None
    assert result.volumes == ()
    assert keys(result) == ["usage_log", "workload", "approved"]
    assert [f.state for f in result.findings] == [State.UNKNOWN, State.UNKNOWN]


def test_without_a_load_a_table_of_round_volumes(analysed, fortnight):
    result = analysed({"usage": "log.jsonl"}, {"log.jsonl": fortnight})
    assert [v.requests for v in result.volumes] == policy.value("cost_request_volumes")
    assert result.volumes[1].median_usd == pytest.approx(10_000 * result.per_request.median)
    assert result.monthly is result.curve is result.approval is None
    assert "users_per_day" in finding(result, "cost.approved").decides


def test_less_than_a_day_says_nothing_about_a_month_of_the_pilot(analysed, fortnight):
    result = analysed({"usage": "log.jsonl"}, {"log.jsonl": fortnight[:44]}, workload=LOAD)
    assert result.pilot_monthly_usd is result.pilot_users_per_day is None
    assert result.monthly is not None


# ---- currency --------------------------------------------------------------------------------------------------------


def test_list_prices_are_not_converted_to_another_currency(analysed, fortnight):
    cost = {"usage": "log.jsonl", "approved": "1_000_000 EUR per month"}
    result = analysed(cost, {"log.jsonl": fortnight}, workload=LOAD, currency="EUR")
    found = finding(result, "cost.approved")
    assert (result.currency, result.is_comparable, result.approval) == ("USD", False, None)
    assert found.state is State.UNKNOWN
    assert "not converted to EUR" in found.sentence


def test_prices_given_in_the_own_currency_are_compared(analysed, fortnight):
    own = {MODEL: {"input_per_million": "2 EUR", "output_per_million": "8 EUR"}}
    cost = {"usage": "log.jsonl", "approved": "1_000 EUR per month", "prices": own}
    result = analysed(cost, {"log.jsonl": fortnight}, workload=LOAD, currency="EUR")
    assert (result.currency, result.is_comparable) == ("EUR", True)
    assert finding(result, "cost.approved").state is State.PASS


# ---- the same draws --------------------------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_draws_whether_or_not_the_log_was_read_before(pilot, fortnight):
    made = pilot({"usage": "log.jsonl"}, {"log.jsonl": fortnight}, workload=LOAD)
    results = []
    for usage in (None, read_usage([made.folder / "log.jsonl"], where="")):
        joint = JointSample(made.spec.seed)
        results.append(analyse(made, joint, plan(made, joint), usage=usage))
    np.testing.assert_array_equal(results[0].monthly_usd, results[1].monthly_usd)


def test_a_larger_load_costs_more_in_every_draw(analysed, fortnight):
    files = {"log.jsonl": fortnight}
    small, large = (
        analysed({"usage": "log.jsonl"}, files, workload=LOAD | {"users_per_day": users}) for users in (1000, 1001)
    )
    assert np.all(large.monthly_usd > small.monthly_usd)


def test_a_usage_file_that_is_not_there_is_named(analysed):
    with pytest.raises(InputError, match=r"cost.usage: the file 'log.jsonl' is not there"):
        analysed({"usage": "log.jsonl"})


def test_the_sample_agrees_with_its_own_sums(support_triage):
    """Independent of every reader: 30 USD or so, from the file's own tokens at 2 / 0.5 / 8 USD per million."""
    import json

    from flightready.assessment import load

    total = 0.0
    for line in (support_triage / "usage.jsonl").read_text().splitlines():
        u = json.loads(line)["usage"]
        if u:
            cached = u["input_tokens_details"]["cached_tokens"]
            total += ((u["input_tokens"] - cached) * 2 + cached * 0.5 + u["output_tokens"] * 8) / 1e6
    made = load(support_triage)
    joint = JointSample(made.spec.seed)
    result = analyse(made, joint, plan(made, joint))
    assert result.basis.spent.total_usd == pytest.approx(total)
    assert result.grade is Grade.MEASURED
