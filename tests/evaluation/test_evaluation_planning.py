"""Rows that decide the allowed drop, by simulation, and the smallest drop that two samples show, by known answers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from evaluation_samples import known_in

from flightready import policy
from flightready.evaluation.planning import chance_to_decide, detectable, rows_for_drop
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evidence import Interval, State
from flightready.intervals import newcombe, smallest_detectable_drop

DEMO = accuracy(470, 500)


def often_decided(share: float, n: int, allowed: float, runs: int = 3000) -> float:
    """How often n simulated raw rows put the whole interval on the right side of the allowance."""
    rng = np.random.default_rng(2)
    above = DEMO.share - share > allowed
    ends = [newcombe(DEMO.right, DEMO.n, int(k), n) for k in rng.binomial(n, share, runs)]
    return float(np.mean([i.low > allowed if above else i.high <= allowed for i in ends]))


@pytest.mark.parametrize(("share", "allowed"), [(0.83, 0.08), (0.83, 0.06), (0.83, 0.15), (0.92, 0.06), (0.94, 0.05)])
def test_planned_rows_decide_the_drop_with_the_stated_power(share, allowed):
    raw, limit = accuracy(round(200 * share), 200), Interval(allowed, allowed)
    n = rows_for_drop(raw, DEMO, limit, State.UNKNOWN)
    power = policy.value("power_of_detection")
    assert often_decided(raw.share, n, allowed) == pytest.approx(power, abs=0.03)
    if n > 2 * raw.n:
        assert often_decided(raw.share, n // 2, allowed) < power - 0.1


@pytest.mark.parametrize("n", [200, 700, 2000])
def test_the_exact_chance_is_the_simulated_one(n):
    exact = chance_to_decide(0.83, n, DEMO, Interval(0.08, 0.08))
    assert exact == pytest.approx(often_decided(0.83, n, 0.08), abs=0.03)


def test_a_plan_without_power_would_fail_every_second_time():
    """Rows at which the interval of the expected count just clears the allowance decide in about half of the cases."""
    n = next(n for n in range(200, 5000) if newcombe(470, 500, round(0.83 * n), n).low > 0.08)
    assert often_decided(0.83, n, 0.08) < 0.62
    assert rows_for_drop(accuracy(166, 200), DEMO, Interval(0.08, 0.08), State.UNKNOWN) > 1.8 * n


def test_a_drop_within_the_range_that_is_allowed_is_never_decided():
    assert chance_to_decide(0.86, 10_000, DEMO, Interval(0.07, 0.09)) == 0
    assert rows_for_drop(accuracy(172, 200), DEMO, Interval(0.07, 0.09), State.UNKNOWN) is None
    assert rows_for_drop(accuracy(172, 200), DEMO, Interval(0.01, 0.01), State.FAIL) is None


def test_the_finding_asks_for_so_many_rows(tmp_path):
    result = known_in(tmp_path, allowed_drop="8 points")
    n = rows_for_drop(result.raw, result.curated, Interval(0.08, 0.08), State.UNKNOWN)
    found = next(f for f in result.findings if f.id == "evaluation.drop")
    assert (result.rows_for_drop, found.decides) == (
        n, f"{n - 200:,} more labelled raw rows, if accuracy stays as it is"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "curated", "raw", "published", "shown"),
    [(0.95, 500, 200, 6.5, 5.4), (0.95, 5000, 1000, 2.5, 2.0), (0.90, 600, 200, 8.0, 6.8), (0.90, 200, 200, 10.0, 8.7)],
)
def test_smallest_drop_by_known_answers(share, curated, raw, published, shown):
    """The field's figures: 80 % power at two-sided 5 %, rounded up to half a point.

    What is shown rests on the 90 % interval of the house and is therefore smaller.
    """
    drop = smallest_detectable_drop(share, curated, raw, power=0.8, level=0.95)
    assert math.ceil(200 * drop) / 2 == published
    assert 100 * detectable(accuracy(round(share * curated), curated), raw) == pytest.approx(shown, abs=0.06)


@pytest.mark.parametrize(("share", "curated", "raw"), [(0.95, 500, 200), (0.90, 600, 200), (0.90, 200, 200)])
def test_smallest_drop_is_shown_with_its_power(share, curated, raw):
    """Both sides drawn anew: the lower end of the shown interval lies above zero in about 80 % of cases."""
    drop = smallest_detectable_drop(share, curated, raw, power=policy.value("power_of_detection"))
    rng = np.random.default_rng(4)
    drawn = zip(rng.binomial(curated, share, 3000), rng.binomial(raw, share - drop, 3000), strict=True)
    power = np.mean([newcombe(int(a), curated, int(b), raw).low > 0 for a, b in drawn])
    assert power == pytest.approx(0.8, abs=0.03)
