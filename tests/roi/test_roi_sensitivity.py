"""Which inputs move the value: published indices, an independent library, ranks, and bins."""

import numpy as np
import pytest
from scipy import stats

from flightready.draws import Correlation, JointSample
from flightready.quantity import parse
from flightready.roi.sensitivity import dependent, influence, tornado

JOINT = JointSample(3)
ANGLES = {name: np.pi * (2 * JOINT.uniform(name) - 1) for name in "abc"}


def ishigami(a=ANGLES["a"], b=ANGLES["b"], c=ANGLES["c"]):
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


# Ishigami and Homma 1990 with (7, .1): published first-order and total indices
FIRST, TOTAL = {"a": 0.313905, "b": 0.442411, "c": 0.0}, {"a": 0.557589, "b": 0.442411, "c": 0.243684}


def test_ishigami_by_evaluating_again():
    found = influence(ANGLES, ishigami(), evaluate=ishigami)
    for name, one in found.items():
        assert abs(one.alone - FIRST[name]) < 3 * one.error_alone
        assert abs(one.in_all - TOTAL[name]) < 3 * one.error_in_all
        assert max(one.error_alone, one.error_in_all) < 0.02
    assert ishigami().var() == pytest.approx(13.844588, rel=0.01)


def test_ishigami_from_the_draws_alone():
    found = influence(ANGLES, ishigami())
    assert {k: v.alone for k, v in found.items()} == pytest.approx(FIRST, abs=0.015)
    assert found["a"].in_all is None


def test_an_independent_library_finds_the_same():
    pytest.importorskip("SALib")
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    def model(a, b, c):
        return a * b + np.exp(0.5 * c) + 0.3 * a * c

    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[-1, 1], [0, 2], [-1, 2]]}
    theirs = sample.sample(problem, 4096, calc_second_order=False, seed=1)
    oracle = analyze.analyze(problem, model(*theirs.T), calc_second_order=False, seed=1)
    columns = {
        n: low + (high - low) * JOINT.uniform(n) for n, (low, high) in zip("abc", problem["bounds"], strict=True)
    }
    ours = influence(columns, model(**columns), evaluate=lambda **changed: model(**(columns | changed)))
    for i, one in enumerate(ours.values()):
        assert abs(one.alone - oracle["S1"][i]) < 3 * one.error_alone + 0.005
        assert abs(one.in_all - oracle["ST"][i]) < 3 * one.error_in_all + 0.005


def correlated():
    joint = JointSample(5, (Correlation("a", "b", 0.7),))
    return {name: joint.column(name, parse("1 to 3", "ratio")) for name in "abc"}


def test_inputs_that_go_together_are_told_by_rank_alone():
    columns = correlated()
    assert dependent(columns) == (("a", "b"),)
    found = influence(columns, columns["a"] + columns["b"] + columns["c"], evaluate=lambda **c: 1 / 0 if "a" in c else
                      columns["a"] + columns["b"] + c["c"])  # fmt: skip
    assert found["a"].alone is found["b"].in_all is None
    assert found["c"].alone == pytest.approx(1 / (1 + 2 * 1.7), abs=0.03)  # beside a pair with correlation .7
    assert found["a"].rank > found["c"].rank > 0


def test_ranks_agree_with_scipy_and_with_regressed_ranks():
    columns = correlated()
    value = columns["a"] ** 3 - 2 * columns["c"]
    found = influence(columns, value)
    assert found["c"].rank == pytest.approx(stats.spearmanr(columns["c"].ravel(), value.ravel()).statistic)
    ranks = {k: stats.rankdata(v) for k, v in columns.items()}
    others = np.stack([np.ones(value.size), ranks["a"], ranks["b"]], axis=1)

    def beside(of):
        return of - others @ np.linalg.lstsq(others, of, rcond=None)[0]

    expected = np.corrcoef(beside(ranks["c"]), beside(stats.rankdata(value)))[0, 1]
    assert found["c"].rank_beside == pytest.approx(expected, abs=1e-9)
    assert abs(found["b"].rank_beside) < 0.05 < found["b"].rank  # b has no part of its own


def test_the_swing_of_a_straight_value():
    # mean of the lowest and the highest tenth of a uniform on 0 to 1: .05 and .95
    u = JOINT.uniform("u")
    found = tornado({"u": u, "small": JOINT.uniform("small"), "same": np.ones_like(u)}, 100 * u)
    assert list(found) == ["u", "small"]
    assert (found["u"].at_low, found["u"].at_high) == pytest.approx((5.0, 95.0), abs=0.2)
    assert (found["u"].low_to, found["u"].high_from) == pytest.approx((0.1, 0.9), abs=1e-3)
    assert abs(found["small"].at_low - 50) < 4 * found["small"].error_low


def test_a_value_that_is_best_in_the_middle_shows_too():
    u = JOINT.uniform("u")
    swing = tornado({"u": u}, -((u - 0.5) ** 2))["u"]
    assert abs(swing.at_low - swing.at_high) < 0.01
    assert swing.width == pytest.approx(0.2, abs=0.01)


def test_the_error_of_a_swing_is_the_spread_between_runs():
    found = []
    for seed in range(40):
        joint = JointSample(seed, replicates=16, draws=64)
        found.append(tornado({"a": joint.uniform("a")}, joint.uniform("a") + 5 * joint.uniform("b"))["a"])
    ratio = np.median([f.error_low for f in found]) / np.std([f.at_low for f in found])
    assert 0.7 < ratio < 1.5


def test_inputs_of_two_values():
    coin = (JOINT.uniform("coin") > 0.3) * 1.0
    swing = tornado({"coin": coin}, 10 * coin)["coin"]
    assert (swing.at_low, swing.at_high) == (0.0, 10.0)
    assert influence({"coin": coin}, 10 * coin)["coin"].alone == pytest.approx(1.0)


def test_a_value_that_never_moves_has_no_shares():
    assert influence(ANGLES, np.ones((16, 1024))) == {}
