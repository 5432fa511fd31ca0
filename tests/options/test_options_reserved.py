"""Reserved units and commitments: whole steps for the busiest minute, paid whether or not they are used."""

import re

import numpy as np
import pytest
from option_rows import compared, pair

from flightready.options.commitments import pays_from
from flightready.options.provisioned import units, weighted_tokens

MINUTES = 1440
# 1,000 requests in each minute of the day
FLAT = {"users_per_day": 1_000 * MINUTES, "requests_per_user": 1, "peak_to_mean": 1, "peak_minute": 1}
UNIT = {"kind": "provisioned", "unit_tokens_per_minute": 3_400, "output_weight": 8, "per_unit": "1 USD per hour"}
SURE = {"mix_spread": "0%"}


def typed(cached=0):
    tokens = {"model": "gpt-4.1-2025-04-14", "input_tokens": 200, "output_tokens": 20}
    return {"per_request": {**tokens, **({"cached_tokens": cached} if cached else {})}, **SURE}


@pytest.mark.parametrize(
    ("input_tokens", "cached", "minute", "increment", "least", "expected"),
    [  # 1,000 RPM of 200 / 20 tokens: 105.88 units, with half of the input cached 76.47 (KNOWN: provisioned throughput)
        (200, 0, 1_000, 5, 0, 110),
        (200, 100, 1_000, 5, 0, 80),
        (200, 0, 1_000, 1, 0, 106),
        (200, 0, 1_000, 5, 150, 150),
        (180, 0, 1_000, 5, 0, 100),  # 340 x 1,000 / 3,400: just 100, not one more for the arithmetic
        (200, 0, 0, 5, 0, 0),
    ],
)
def test_units_are_whole_steps(input_tokens, cached, minute, increment, least, expected):
    load = minute * weighted_tokens(input_tokens, cached, 20, output_weight=8)
    assert units(load, 3_400, increment=increment, least=least) == expected


@pytest.mark.parametrize(("cached", "option", "expected"), [(0, {"increment": 5}, 110), (100, {"increment": 5}, 80),
                                                            (100, {"increment": 5, "cached_weight": "100%"}, 110)])  # fmt: skip
def test_the_units_of_a_pilot_are_paid_around_the_clock(tmp_path, cached, option, expected):
    _, row = pair(tmp_path, {**UNIT, **option}, log=None, cost=typed(cached), workload=FLAT)
    assert row.capacity.median == pytest.approx(expected, rel=0.05)
    hours = row.monthly_draws / np.round(row.monthly_draws / 730.0)
    assert np.allclose(hours, 730.0)  # whole units at a dollar an hour, around the clock
    assert row.capacity_unit == "units"


def test_units_need_tokens_and_a_bill_has_none(tmp_path):
    _, row = pair(tmp_path, UNIT, log=None, cost={"bill": "30 USD for 9_000 requests"})
    assert row.monthly is None
    assert "no input says how many tokens" in row.notes[0]


BOUND = {"commitment": {"term": "12 months", "least": "1_000 USD per month", "discount": "20%"}}


def test_a_commitment_takes_off_its_discount_and_fills_up_to_its_least_amount(tmp_path):
    own, row = pair(tmp_path, BOUND)
    assert np.allclose(row.monthly_draws, np.maximum(0.8 * own.monthly_draws, 1_000))
    assert row.committed.median == pytest.approx(12_000)
    assert re.search(r"At least \$1,000 are owed each month: it pays from about 3\d\d,000 requests", row.notes[0])


def test_a_least_amount_pays_where_it_equals_what_is_paid_by_use():
    least, each = 1_000.0, 0.0028
    break_even = pays_from(least, each)
    for load, pays in ((0.99 * break_even, False), (1.01 * break_even, True)):
        assert (max(0.8 * load * each, least) < load * each) is pays


def test_reserved_capacity_is_owed_for_the_whole_term(tmp_path):
    _, row = pair(tmp_path, {**UNIT, "least_units": 10, "commitment": {"term": "6 months", "discount": "10%"}})
    assert row.monthly.median == pytest.approx(0.9 * 10 * 730.0)
    assert row.committed.median == pytest.approx(6 * row.monthly.median)


def test_running_and_setup_are_added_and_not_discounted(tmp_path):
    own, row = pair(tmp_path, {**BOUND, "running": "500 USD per month", "setup": "7_000 USD"})
    assert np.allclose(row.monthly_draws, np.maximum(0.8 * own.monthly_draws, 1_000) + 500)
    assert row.year.median == pytest.approx(7_000 + 12 * row.monthly.median, rel=1e-6)
    assert row.per_request.median > own.per_request.median
    assert compared(tmp_path, workload=None).options[0].setup is None
