"""How many more records would tell: exact power against simulation and against independent sample sizes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from flightready import policy
from flightready.evidence import Interval
from flightready.intervals import newcombe, two_level_discoveries
from flightready.realism.comparison import higher_rate_p, worth_testing
from flightready.realism.outcome import Contrast, Defect, rate
from flightready.realism.telling import Telling, level_of, power, records_to_contrast, rows_to_tell


def defect(hits: int, n: int, demo: int, m: int, *, worse: bool | None = False, column: str = "body") -> Defect:
    return Defect(
        "missing", "missing values", "", "G1", "fact", column, rate(hits, n), rate(demo, m), hits / n - demo / m,
        newcombe(hits, n, demo, m), higher_rate_p(hits, n, demo, m), worse, {}, None, None, (),
    )  # fmt: skip


def simulated(share: float, n: int, other: float, m: int, level: float) -> float:
    rng = np.random.default_rng(5)
    x, y = rng.binomial(n, share, 3000), rng.binomial(m, other, 3000)
    return float((stats.hypergeom.sf(x - 1, n + m, x + y, n) <= level).mean())


@pytest.mark.parametrize(
    "case",
    [
        (0.02, 200, 0.0, 600, 0.05 / 12),
        (0.05, 200, 0.02, 600, 0.05),
        (0.4, 900, 0.35, 900, 0.002),
        (0.03, 1000, 0.01, 900, 0.001),
    ],
)
def test_power_against_simulation(case):
    """The first: four hits or more of Poisson(4), .567; the last two are beyond the exact law."""
    assert power(*case) == pytest.approx(simulated(*case), abs=0.05)


@pytest.mark.parametrize(("hits", "demo", "m"), [(10, 12, 600), (6, 0, 600), (4, 1, 2000)])
def test_so_many_more_raw_records_tell_in_four_cases_of_five(hits, demo, m):
    """At one-sided 5 % and at a twelfth of it; the difference that was seen being the true one."""
    for level in (0.05, 0.05 / 12):
        told = rows_to_tell(defect(hits, 200, demo, m), level=level)
        if told.raw is not None and power(hits / 200, 200, demo / m, m, level) < 0.8:
            reached = simulated(hits / 200, 200 + told.raw, demo / m, m, level)
            assert policy.value("power_of_detection") - 0.03 <= reached <= 0.9


def test_where_no_number_of_raw_records_tells_more_of_the_demo_set_may():
    """One in 30 demo records: its own interval reaches 14 %, so that 5 % of raw records can never be shown to be more."""
    told = rows_to_tell(defect(20, 200, 1, 30), level=0.004)
    assert told.raw is None and told.demo > 30
    assert simulated(0.1, 200, 1 / 30, 30 + told.demo, 0.004) == pytest.approx(0.8, abs=0.07)
    assert rows_to_tell(defect(3, 200, 8, 600), level=1e-9) == Telling(None, None)


def test_nothing_to_tell():
    assert rows_to_tell(defect(2, 200, 30, 600), level=0.05) is None
    assert rows_to_tell(defect(9, 200, 1, 600, worse=True), level=0.05) is None
    assert rows_to_tell(defect(9, 200, 1, 600, worse=None), level=0.05) is None


def test_figures_have_two_digits():
    told = rows_to_tell(defect(8, 200, 6, 600), level=0.05)
    assert told.raw == float(f"{told.raw:.2g}")


class Result:
    def __init__(self, defects=(), contrasts=()):
        self.defects, self.contrasts = defects, contrasts


def test_the_level_is_the_share_of_the_column():
    """Three columns, one already shown: two thirds of 5 %, over the two comparisons of the column."""
    first = defect(4, 200, 2, 600)
    all_of_them = (
        first,
        defect(5, 200, 4, 600),
        defect(60, 200, 0, 600, worse=True, column="x"),
        defect(1, 200, 1, 600, column="y"),
    )
    assert level_of(Result(all_of_them), first) == pytest.approx(0.05 * 2 / 3 / 2)


def test_records_to_contrast():
    inside, outside = rate(12, 200), rate(6, 200)
    contrast = Contrast("missing", "missing values", "body", "system 'web'", "system 'mail'", inside, outside,
                        Interval(-0.01, 0.07), None, 0.2, False)  # fmt: skip
    more = records_to_contrast(Result(contrasts=(contrast,)), contrast)
    side = (400 + more) // 2
    assert simulated(0.06, side, 0.03, side, 0.025) == pytest.approx(0.8, abs=0.05)


def test_power_of_a_two_per_cent_defect_at_200_with_twenty_detectors():
    """A 2 % defect at 200 raw and 600 demo records, in 12 columns of 20 detectors each.

    Hopeless comparisons cost no budget: .57 as if they were not there (Poisson(4) >= 4), against .11 under one flat
    budget over 240 tests.
    """
    rng, budget, runs = np.random.default_rng(2), 0.05, 200
    found = {"two levels": 0, "flat": 0}
    for _ in range(runs):
        p_values, least = {}, {}
        for column in range(12):
            for test in range(20):
                hits, demo = rng.binomial(200, 0.0005), rng.binomial(600, 0.0005)
                if (column, test) == (0, 0):
                    hits, demo = rng.binomial(200, 0.02), 0
                key, marked = (str(column), str(test)), hits + demo
                p_values[key] = higher_rate_p(hits, 200, demo, 600) if hits else 1.0
                least[key] = higher_rate_p(marked, 200, 0, 600) if marked else 1.0
        found["two levels"] += ("0", "0") in two_level_discoveries(
            worth_testing(p_values, least, budget=budget), budget=budget
        )
        found["flat"] += p_values["0", "0"] <= budget / 240
    assert found["two levels"] / runs > 0.5
    assert found["flat"] / runs < 0.2


def test_only_what_could_come_out_is_tested():
    p_values = {("a", "x"): 0.04, ("a", "y"): 0.001, ("b", "x"): 0.5}
    least = {("a", "x"): 0.04, ("a", "y"): 0.0005, ("b", "x"): 0.3}
    assert set(worth_testing(p_values, least, budget=0.05)) == {("a", "x"), ("a", "y")}
    assert set(worth_testing(p_values, {**least, ("b", "x"): 0.0}, budget=0.05)) == {("a", "y"), ("b", "x")}
    assert worth_testing({}, {}, budget=0.05) == {}
