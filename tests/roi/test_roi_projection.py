"""The value model against a hand-computed case, its own properties, and partial input."""

from types import SimpleNamespace

import numpy as np
import pytest

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.errors import InputError
from flightready.evidence import Grade, State
from flightready.roi.projection import LEVERS, analyse
from flightready.traffic.demand import plan

CERTAIN = """\
name: Certain
workload: {users_per_day: 1000, requests_per_user: 1, growth_per_month: 0%}
evaluation: {error_cost: {default: 2 USD}}
roi:
  horizon: 12 months
  discount_rate: 0%
  benefit_per_case: 1 USD
  build_cost: 10_000 USD
  operations: 1_000 USD per month
  estimates: {adoption: 50%, ramp: 0.001 months, delay: 0 months, realisation: 100%, review_share: 10%, review_cost: 0.5 USD}
"""


def studied(
    tmp_path, text, *, raw=None, demo=None, cost=None, running=None, labour=None, in_time=None, pilot_in_time=None
):
    (tmp_path / "assessment.yaml").write_text(text)
    pilot, joint = load(tmp_path), JointSample(7)
    shape = (joint.replicates, joint.draws)
    evaluation = SimpleNamespace(grade=Grade.MEASURED, raw_accuracy_replicates=raw, curated_accuracy_replicates=demo)
    price = SimpleNamespace(
        currency="USD", per_request_usd=None if cost is None else np.full(shape, cost), grade=Grade.MEASURED,
        pilot_per_request_usd=None if cost is None else cost / 2, running=running, labour=labour,
    )  # fmt: skip
    latency = SimpleNamespace(
        in_time_share=None if in_time is None else np.full(shape, in_time), pilot_in_time_share=pilot_in_time
    )
    return analyse(pilot, joint, plan(pilot, joint), evaluation=evaluation, cost=price, latency=latency)


MEASURED = {"raw": np.full(64, 0.8), "demo": np.full(64, 0.9), "cost": 0.01, "in_time": 0.95}


def test_a_certain_case_by_hand(tmp_path):
    """Margin .95 (.8 - .2 * .9 * 2) - .1 * .5 - .01 = .358; 365.25 * 1000 * .5 cases a year; 12 months of running."""
    result = studied(tmp_path, CERTAIN, **MEASURED)
    margin = 0.95 * (0.8 - 0.2 * 0.9 * 2) - 0.1 * 0.5 - 0.01
    by_hand = 365_250 * 0.5 * margin - 12_000 - 10_000
    assert result.margin_per_request.median == pytest.approx(margin)
    assert result.npv.median == pytest.approx(by_hand, rel=1e-6)
    assert result.cumulative[2, -1] == pytest.approx(by_hand, rel=1e-6)
    assert (result.chance_positive, result.never_pays_back) == (1.0, 0.0)


def test_what_runs_beside_the_calls_is_counted_once(tmp_path):
    """Half of 365,250 cases a year at .002 more each, and 12 months at 200 more, beside the stated operations."""
    running = SimpleNamespace(per_request_usd=np.array(0.002), fixed_usd=np.array(200.0))
    with_it, without = studied(tmp_path, CERTAIN, running=running, **MEASURED), studied(tmp_path, CERTAIN, **MEASURED)
    dearer = 0.5 * 365_250 * 0.002 + 12 * 200
    assert without.npv.median - with_it.npv.median == pytest.approx(dearer, rel=1e-6)
    # the policy's default stands for all of running: what is stated is a part of it and adds nothing
    unstated = CERTAIN.replace("  operations: 1_000 USD per month\n", "").replace("10_000 USD", "1_000_000 USD")
    running.per_request_usd = np.array(0.0)
    rows = [{r.key: r for r in studied(tmp_path, unstated, running=x, **MEASURED).inputs} for x in (None, running)]
    assert rows[1]["operations"].median + 200 == pytest.approx(rows[0]["operations"].median)
    assert rows[1]["running"].median == 200


def test_prices_of_calls_that_move_are_paid_in_their_months(tmp_path):
    """Month m of 0 to 11 is paid at .8 ** (m / 12) of the price; tools beside the calls keep theirs."""
    running = SimpleNamespace(per_request_usd=np.array(0.002), fixed_usd=np.array(0.0))
    text = CERTAIN + "cost: {price_change: -20% per year}\n"
    moved, still = (studied(tmp_path, t, running=running, **MEASURED) for t in (text, CERTAIN))
    saved = 0.5 * 365_250 / 12 * 0.01 * np.sum(1 - 0.8 ** (np.arange(12) / 12))
    assert moved.npv.median - still.npv.median == pytest.approx(saved, rel=1e-5)
    assert moved.cumulative[2, -1] == pytest.approx(moved.npv.median, rel=1e-9)
    assert moved.npv_promised == still.npv_promised
    assert sum(g.mean for g in moved.gaps) == pytest.approx(moved.npv_promised.mean - moved.npv.mean, rel=1e-9)
    worth = moved.break_even_benefit.median
    at_worth = text.replace("benefit_per_case: 1 USD", f"benefit_per_case: {worth:.10f} USD")
    assert studied(tmp_path, at_worth, running=running, **MEASURED).npv.median == pytest.approx(0, abs=1e-2)


@pytest.mark.parametrize(("promised", "each"), [("", 0.5), (", review: {begin_within: 10 minutes}", 0.8)])
def test_a_promise_to_begin_in_time_is_paid_for(tmp_path, promised, each):
    """A team of 2,435 USD a month for 3,043.75 reviews is .8 a review; without the promise the stated .5 counts."""
    team = SimpleNamespace(share=np.full((16, 1024), 0.1))
    labour = SimpleNamespace(staffing=SimpleNamespace(team=team), monthly_usd=np.full((16, 1024), 2_435.0),
                             grade=Grade.ESTIMATED)  # fmt: skip
    text = CERTAIN.replace("evaluation: {", "evaluation: {").replace("2 USD}}", "2 USD}" + promised + "}")
    rows = {r.key: r for r in studied(tmp_path, text, labour=labour, **MEASURED).inputs}
    assert rows["review_cost"].median == pytest.approx(each)


def test_promise_minus_production_is_the_sum_of_the_gaps(tmp_path):
    result = studied(tmp_path, CERTAIN, **MEASURED)
    assert {g.key for g in result.gaps} == set(LEVERS) - {"gates"}  # no phase is stated, so nothing has a gate
    total = sum(g.mean for g in result.gaps)
    assert total == pytest.approx(result.npv_promised.mean - result.npv.mean, rel=1e-12)


def test_one_open_gap_carries_the_whole_difference(tmp_path):
    text = CERTAIN.replace("adoption: 50%", "adoption: 100%").replace("review_share: 10%", "review_share: 0%")
    result = studied(tmp_path, text, raw=np.full(64, 0.8), demo=np.full(64, 0.9))
    by_key = {g.key: g.mean for g in result.gaps}
    assert by_key["accuracy"] == pytest.approx(result.npv_promised.mean - result.npv.mean, rel=1e-4)
    assert abs(by_key["review"]) < 1e-6


def test_the_break_even_worth_gives_a_present_value_of_zero(tmp_path):
    worth = studied(tmp_path, CERTAIN, **MEASURED).break_even_benefit.median
    at_worth = CERTAIN.replace("benefit_per_case: 1 USD", f"benefit_per_case: {worth:.10f} USD")
    assert studied(tmp_path, at_worth, **MEASURED).npv.median == pytest.approx(0, abs=1e-2)


@pytest.mark.parametrize("accuracy", [0.5, 0.7, 0.9])
def test_more_accuracy_never_lowers_value(tmp_path, accuracy):
    low = studied(tmp_path, CERTAIN, **(MEASURED | {"raw": np.full(64, accuracy)})).npv.median
    high = studied(tmp_path, CERTAIN, **(MEASURED | {"raw": np.full(64, accuracy + 0.05)})).npv.median
    assert high > low


def test_discounting_and_delay_lower_a_gain(tmp_path):
    base = studied(tmp_path, CERTAIN, **MEASURED).npv.median
    assert studied(tmp_path, CERTAIN.replace("discount_rate: 0%", "discount_rate: 10%"), **MEASURED).npv.median < base
    assert studied(tmp_path, CERTAIN.replace("delay: 0 months", "delay: 6 months"), **MEASURED).npv.median < base


def test_currency_scales(tmp_path):
    doubled = CERTAIN
    for old, new in (("1 USD", "2 USD"), ("default: 2 USD", "default: 4 USD"), ("10_000", "20_000"), ("1_000", "2_000"),
                     ("0.5 USD", "1 USD")):  # fmt: skip
        doubled = doubled.replace(old, new)
    single = studied(tmp_path, CERTAIN, **MEASURED).npv.median
    assert studied(tmp_path, doubled, **(MEASURED | {"cost": 0.02})).npv.median == pytest.approx(2 * single, rel=1e-9)


def test_nothing_but_a_name_still_says_what_a_case_must_be_worth(tmp_path):
    result = studied(tmp_path, "name: Idea\n")
    assert result.estimates_only and result.npv is None and result.findings == ()
    assert result.break_even_benefit.low > 0
    assert {a.key for a in result.absences} == {"workload", "benefit", "estimates", "estimates_only"}
    assert all(r.grade is Grade.ASSUMED for r in result.inputs)


def test_value_can_fail_but_never_pass(tmp_path):
    good = studied(tmp_path, CERTAIN, **MEASURED).findings[0]
    bad = studied(
        tmp_path, CERTAIN.replace("benefit_per_case: 1 USD", "benefit_per_case: 0.1 USD"), **MEASURED
    ).findings[0]
    assert (good.state, bad.state) == (State.UNKNOWN, State.FAIL)
    assert good.grade is Grade.ESTIMATED


def test_the_present_value_matches_a_plain_loop(tmp_path):
    """Second route: month by month for single draws of an uncertain case."""
    text = """\
name: Uncertain
workload: {users_per_day: 800 to 1_200, requests_per_user: 1 to 2, growth_per_month: 1% to 5%}
evaluation: {error_cost: {default: 1 to 3 USD}}
roi: {horizon: 24 months, discount_rate: 5% to 15%, benefit_per_case: 1 to 3 USD, build_cost: 50_000 USD,
      operations: 2_000 USD per month, estimates: {delay: 2 to 8 months, ramp: 3 to 9 months}}
"""
    result = studied(tmp_path, text, raw=np.linspace(0.6, 0.9, 64))
    joint, pilot = JointSample(7), load(tmp_path)
    demand = plan(pilot, joint)
    from flightready.roi.inputs import gather

    none = SimpleNamespace(grade=Grade.MEASURED, raw_accuracy_replicates=np.linspace(0.6, 0.9, 64), curated_accuracy_replicates=None,
                           per_request_usd=None, running=None, in_time_share=None,
                           pilot_in_time_share=None)  # fmt: skip
    x = gather(pilot, joint, demand, none, none, none).columns
    for at in ((0, 0), (3, 17), (15, 1023)):
        margin = x["accuracy"][at] * x["benefit"][at] * x["realisation"][at]
        margin -= (1 - x["accuracy"][at]) * (1 - x["review_share"][at]) * x["error_cost"][at]
        margin -= x["review_share"][at] * x["review_cost"][at] + x["cost_per_request"][at]
        value = -50_000.0
        for month in range(1, 25):
            active = min(1.0, max(0.0, month - x["delay"][at]))
            ramp = min(1.0, max(0.0, (month - 0.5 - x["delay"][at]) / x["ramp"][at]))
            cases = demand.requests_per_month[at] * (1 + demand.growth_per_month[at]) ** (month - 1)
            flow = cases * x["adoption"][at] * active * ramp * margin - active * 2_000
            value += flow / (1 + x["discount_rate"][at]) ** (month / 12)
        assert result.npv_draws[at] == pytest.approx(value, rel=1e-9)


def test_priced_pairs_weigh_with_their_share_of_the_wrong_answers(tmp_path):
    """One wrong answer in four is the pair that costs 10: the mean is .25 * 10 + .75 * 2 = 4."""
    text = CERTAIN.replace("{default: 2 USD}", "{default: 2 USD, 'a -> b': 10 USD}")
    (tmp_path / "assessment.yaml").write_text(text)
    from flightready.roi.inputs import gather

    kinds = (SimpleNamespace(kind="a -> b", errors=5), SimpleNamespace(kind="every other error", errors=15))
    evaluation = SimpleNamespace(
        grade=Grade.MEASURED, raw_accuracy_replicates=np.full(64, 0.8), curated_accuracy_replicates=None,
        raw=SimpleNamespace(n=100, right=80), error_cost=SimpleNamespace(kinds=kinds, mix=np.tile([0.25, 0.75], (64, 1))), per_request_usd=None,
        running=None, in_time_share=None, pilot_in_time_share=None,
    )  # fmt: skip
    pilot, joint = load(tmp_path), JointSample(7)
    inputs = gather(pilot, joint, plan(pilot, joint), evaluation, evaluation, evaluation)
    assert inputs.columns["error_cost"] == pytest.approx(np.full((16, 1024), 4.0))


def test_a_bill_in_dollars_does_not_become_yen_by_name(tmp_path):
    """The same case in USD and in JPY at 150 to the dollar gives the same value, to the roughness of the rate."""
    dollars = studied(tmp_path, CERTAIN, **MEASURED)
    yen = CERTAIN.replace("name: Certain", "name: Certain\ncurrency: JPY")
    for amount in ("10_000", "1_000"):
        yen = yen.replace(f"{amount} USD", f"{int(amount.replace('_', '')) * 150} JPY")
    yen = yen.replace("2 USD", "300 JPY").replace("1 USD", "150 JPY").replace("0.5 USD", "75 JPY")
    in_yen = studied(tmp_path, yen, **MEASURED)
    assert in_yen.npv.median / 150 == pytest.approx(dollars.npv.median, rel=0.02)
    row = next(r for r in in_yen.inputs if r.key == "cost_per_request")
    assert row.grade is Grade.ASSUMED and "rough rate" in row.source


def test_reviewed_answers_leave_the_errors_of_those_that_nobody_reviews(tmp_path):
    """30 % reviewed, 90 % right among the others: .8 - .1 * .7 * 2 of errors, .3 * .5 of reviews, no late answers."""
    from flightready.roi.amounts import margin
    from flightready.roi.inputs import gather

    (tmp_path / "assessment.yaml").write_text(CERTAIN)
    evaluation = SimpleNamespace(
        grade=Grade.MEASURED, raw_accuracy_replicates=np.full(64, 0.8), curated_accuracy_replicates=np.full(64, 0.9),
        review_share_replicates=np.full(64, 0.3), automated_accuracy_replicates=np.full(64, 0.9), per_request_usd=None,
        running=None, in_time_share=None, pilot_in_time_share=None,
    )  # fmt: skip
    pilot, joint = load(tmp_path), JointSample(7)
    inputs = gather(pilot, joint, plan(pilot, joint), evaluation, evaluation, evaluation)
    every = frozenset(LEVERS)
    production = margin(inputs, every) + inputs.columns["cost_per_request"]
    assert production == pytest.approx(np.full((16, 1024), 0.8 - 0.1 * 0.7 * 2 - 0.3 * 0.5))
    # without the measured answers the confidence that chooses among them has no say
    assert margin(inputs, every - {"accuracy"}) + inputs.columns["cost_per_request"] == pytest.approx(
        np.full((16, 1024), 0.9 - 0.1 * 0.7 * 2 - 0.3 * 0.5)
    )
    assert margin(inputs, every - {"review"}) + inputs.columns["cost_per_request"] == pytest.approx(
        np.full((16, 1024), 0.8 - 0.2 * 2)
    )
    row = next(r for r in inputs.rows if r.key == "review_share")
    assert (row.grade, row.source, row.median) == (Grade.MEASURED, "evaluation", pytest.approx(0.3))


def test_what_was_measured_together_stays_together(tmp_path):
    """Accuracy, share reviewed and accuracy of the rest come from the same replicate in every draw."""
    from flightready.roi.inputs import gather

    (tmp_path / "assessment.yaml").write_text(CERTAIN)
    accuracy = np.linspace(0.6, 0.9, 64)
    evaluation = SimpleNamespace(
        grade=Grade.MEASURED, raw_accuracy_replicates=accuracy, curated_accuracy_replicates=None,
        review_share_replicates=1 - accuracy, automated_accuracy_replicates=accuracy**0.5, per_request_usd=None,
        running=None, in_time_share=None, pilot_in_time_share=None,
    )  # fmt: skip
    pilot, joint = load(tmp_path), JointSample(7)
    inputs = gather(pilot, joint, plan(pilot, joint), evaluation, evaluation, evaluation)
    assert inputs.columns["review_share"] == pytest.approx(1 - inputs.columns["accuracy"])
    unreviewed = 1 - (1 - inputs.columns["accuracy"]) * inputs.columns["unreviewed_errors"]
    assert unreviewed == pytest.approx(inputs.columns["accuracy"] ** 0.5)


def test_a_review_costs_what_the_evaluation_states(tmp_path):
    from flightready.roi.inputs import gather

    text = CERTAIN.replace(", review_cost: 0.5 USD", "").replace(
        "evaluation: {", "evaluation: {review: {cost: 3 USD}, "
    )
    (tmp_path / "assessment.yaml").write_text(text)
    none = SimpleNamespace(grade=Grade.MEASURED, raw_accuracy_replicates=None, curated_accuracy_replicates=None,
                           per_request_usd=None, running=None, in_time_share=None,
                           pilot_in_time_share=None)  # fmt: skip
    pilot, joint = load(tmp_path), JointSample(7)
    inputs = gather(pilot, joint, plan(pilot, joint), none, none, none)
    assert np.all(inputs.columns["review_cost"] == 3.0) and inputs.grade("review_cost") is Grade.ESTIMATED


ADOPTED = """\
name: Adopted
workload:
  users_per_day: 800 to 1_200
  requests_per_user: 1 to 2
  growth_per_month: 1% to 5%
  adoption: {half_after: 2 to 4 months, nine_tenths_after: 8 months}
  launches: [{name: Second country, after: 6 months, adds: 500}]
roi: {horizon: 24 months, benefit_per_case: 1 USD, estimates: {adoption: 100%, delay: 0 months}}
"""


def test_value_counts_the_cases_of_the_planned_load_launches_included(tmp_path):
    """Nothing is delayed and every case is used: the months of the value model are those of the demand."""
    from flightready.roi.drivers import by_month
    from flightready.roi.inputs import gather

    (tmp_path / "assessment.yaml").write_text(ADOPTED)
    none = SimpleNamespace(grade=Grade.MEASURED, raw_accuracy_replicates=None, curated_accuracy_replicates=None,
                           per_request_usd=None, running=None, in_time_share=None, pilot_in_time_share=None)  # fmt: skip
    pilot, joint = load(tmp_path), JointSample(7)
    demand = plan(pilot, joint)
    inputs = gather(pilot, joint, demand, none, none, none)
    cases = np.stack([d["cases"] for _, d in by_month(inputs, demand, adopted=True, delayed=True)], axis=-1)
    assert np.allclose(cases, demand.requests_in_months(24), rtol=1e-9)
    assert "ramp" not in inputs.columns and "ramp" not in {row.key for row in inputs.rows}
    assert {"adopted_in_a_year", "launch_0"} <= {row.key for row in inputs.rows}


def test_adoption_stated_twice_is_refused_with_both_places(tmp_path):
    (tmp_path / "assessment.yaml").write_text(ADOPTED.replace("delay: 0 months", "delay: 0 months, ramp: 6 months"))
    with pytest.raises(InputError, match=r"line 8.*roi\.estimates\.ramp.*line 6.*workload\.adoption"):
        load(tmp_path)
