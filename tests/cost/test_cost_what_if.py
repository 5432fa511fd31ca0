"""A month with typed values: another load, another share of cached input."""

import json

import numpy as np
import pytest
from cost_logs import response

from flightready.assessment import load
from flightready.cost.labour import review_labour
from flightready.cost.what_if import calls_factor, can_change_caching, month, reviewing
from flightready.draws import JointSample
from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.demand import plan


@pytest.fixture
def result(analysed):
    log = [response(d, n, fresh=1500, cached=500) for d in range(14) for n in range(5)]
    return analysed({"usage": "log.jsonl"}, {"log.jsonl": log})


def test_a_month_at_a_typed_load(result):
    found = month(result, users_per_day=100, requests_per_user=3, approved_usd=40.0)
    np.testing.assert_allclose(found.draws, 300 * DAYS_PER_MONTH * result.per_request_usd)
    assert found.exceeded_share == np.mean(found.draws > 40.0)
    assert month(result, users_per_day=100, requests_per_user=3).exceeded_share is None


def test_another_share_of_cached_input_moves_tokens_between_two_prices(result):
    # 1,500 x 2 + 500 x 0.5 + 100 x 8 = 4,050 millionths; with all input cached 2,000 x 0.5 + 800 = 1,800
    assert can_change_caching(result.basis)
    assert calls_factor(result.basis, None, 0.25) == pytest.approx(1.0)
    assert calls_factor(result.basis, None, 1.0) == pytest.approx(1800 / 4050)
    assert calls_factor(result.basis, None, 0.0) == pytest.approx(4800 / 4050)
    cheaper = month(result, users_per_day=10, requests_per_user=1, cached_share=1.0)
    assert cheaper.monthly.median < month(result, users_per_day=10, requests_per_user=1).monthly.median


def test_caching_cannot_be_tried_without_its_prices(analysed):
    assert not can_change_caching(None)
    assert not can_change_caching(analysed({"bill": "30 USD for 9_000 requests"}).basis)
    own = {"m": {"input_per_million": "2 USD", "output_per_million": "8 USD"}}  # no price of cached input
    typed = {"model": "m", "input_tokens": 100, "output_tokens": 10}
    assert not can_change_caching(analysed({"per_request": typed, "prices": own}).basis)


WORKLOAD = {"users_per_day": "10_000", "requests_per_user": "2", "peak_to_mean": "3"}
REVIEW = {"time": "3 min", "wage": "40 USD per hour", "begin_within": "10 min", "hours_per_day": "24",
          "at_work": "75 %"}  # fmt: skip


@pytest.fixture
def planned(tmp_path):
    """What reviews rest on, at a plan of which one request in fifty is reviewed."""
    written = {"name": "x", "workload": WORKLOAD, "evaluation": {"review": REVIEW},
               "roi": {"estimates": {"review_share": "2 %"}}}  # fmt: skip
    (tmp_path / "assessment.yaml").write_text(json.dumps(written))
    pilot, joint = load(tmp_path), JointSample(7)
    demand = plan(pilot, joint)
    labour = review_labour(pilot, joint, demand, None)
    return reviewing(pilot, joint, demand, labour), float(np.median(demand.requests_per_month))


def test_reviews_at_the_plan_are_those_of_the_plan(planned):
    reviews, requests = planned
    found = reviews.at(requests)
    assert found.at_work.median == reviews.labour.staffing.at_work.median
    assert found.monthly.median == pytest.approx(reviews.labour.monthly.median, rel=0.02)
    same = reviews.at(requests, 0.02)
    assert same.monthly.median == pytest.approx(found.monthly.median)


def test_another_share_of_reviews_takes_other_people(planned):
    reviews, requests = planned
    assert reviews.at(requests, 0.0).monthly.high == 0.0
    # 2 x 10,000 a day, three times the mean in the peak hour: 2,500 requests an hour. Half of them at 3 minutes each
    # are 62.5 people without a break; the square-root rule adds a few (Erlang).
    half = reviews.at(requests, 0.5)
    assert 62.5 < half.at_work.median < 70
    # 24 hours x 30.44 days paid for 75 % of the time at 40 USD an hour
    assert half.monthly.median == pytest.approx(half.at_work.median * 24 * DAYS_PER_MONTH / 0.75 * 40, rel=0.01)


def test_people_beyond_all_measure_are_not_counted(planned):
    reviews, _ = planned
    found = reviews.at(1e12, 1.0)
    assert found.at_work is None
    assert found.monthly.median == pytest.approx(1e12 * 2.0)  # 3 minutes at 40 USD an hour


def test_reviews_need_a_plan():
    assert reviewing(None, None, None, None) is None
