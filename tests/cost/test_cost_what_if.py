"""A month with typed values: another load, another share of cached input."""

import numpy as np
import pytest
from cost_logs import response

from flightready.cost.what_if import calls_factor, can_change_caching, month
from flightready.quantity import DAYS_PER_MONTH


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
