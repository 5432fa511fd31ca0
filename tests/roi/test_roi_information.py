"""What knowing is worth: closed forms, nested simulation, noise, several ways to go, and bad draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from flightready.draws import JointSample, generator
from flightready.errors import InputError
from flightready.roi.information import matched, partial, parts, perfect, shown_amount, shown_share, study_worth

JOINT = JointSample(3)


def normal(name, mean=0.0, sd=1.0, joint=JOINT):
    return mean + sd * special.ndtri(joint.uniform(name))


def unit_normal_loss(mean, sd):
    """EVPI of N(mean, sd) against 0: s phi(m/s) + m Phi(m/s) - max(m, 0)."""
    return sd * stats.norm.pdf(mean / sd) + mean * stats.norm.cdf(mean / sd) - max(mean, 0.0)


P1, P2, X = normal("p1", 1, 1), normal("p2", 0, 2), normal("x")
LINEAR, BENT = P1 - P2, X * X - 1.2
X0 = np.sqrt(1.2)
BENT_WORTH = 2 * (X0 * stats.norm.pdf(X0) + stats.norm.sf(X0)) - 2.4 * stats.norm.sf(X0)


def random(name="test"):
    return generator(1, name)


def near(found, expected, errors=3.0):
    assert abs(found.worth - expected) < errors * found.error + 1e-12, (found, expected)
    assert found.error < 0.08 * expected


# p1 ~ N(1, 1), p2 ~ N(0, 2), value p1 - p2 against stopping: published closed forms (voi package, checked by hand)
@pytest.mark.parametrize(("names", "expected"), [(("p1",), 0.083315), (("p2",), 0.395593), (("p1", "p2"), 0.479811)])
def test_inputs_of_a_straight_value(names, expected):
    found = partial({"p1": P1, "p2": P2}, LINEAR, {"it": names}, random=random())["it"]
    near(found, expected)
    assert found.is_clear
    if len(names) == 1:  # what the other adds is taken off, so the error is far below that of the bare value
        assert found.error < 0.005 * expected


def test_everything_about_a_straight_value():
    near(perfect(LINEAR), 0.479811)
    assert unit_normal_loss(1.0, np.sqrt(5)) == pytest.approx(0.479811, abs=1e-6)


# what n observations of p1 with standard deviation 1 are worth: the unit normal loss of the mean after them
@pytest.mark.parametrize(("n", "expected"), [(10, 0.072325), (100, 0.082118), (1000, 0.083195)])
def test_a_sample_of_a_straight_value(n, expected):
    assert unit_normal_loss(1.0, np.sqrt(n / (n + 1))) == pytest.approx(expected, abs=1e-6)
    seen = P1 + generator(2, str(n)).standard_normal(P1.shape) / np.sqrt(n)
    bare = study_worth([seen], LINEAR, random=random())
    near(bare, expected)
    beside = study_worth([seen], LINEAR, random=random(), beside=parts([P1, P2], LINEAR))
    near(beside, expected)
    assert beside.error < 0.5 * bare.error
    assert matched([P1], LINEAR, [n / (n + 1)])[0] == pytest.approx(expected, rel=0.05)


def test_a_value_that_bends_has_worth_where_a_straight_line_sees_none():
    assert pytest.approx(0.425018, abs=1e-6) == BENT_WORTH
    found = partial({"x": X, "other": P1}, BENT, random=random())
    assert found["x"].worth == pytest.approx(BENT_WORTH, rel=0.01)
    assert not found["other"].is_clear
    slope, intercept = np.polyfit(X.ravel(), BENT.ravel(), 1)
    assert np.maximum(slope * X + intercept, 0.0).mean() < 0.01 * BENT_WORTH
    near(perfect(BENT), BENT_WORTH)


def test_an_input_tells_about_those_it_goes_with():
    # x and y bivariate normal with correlation r: E[x + y | x] = (1 + r) x
    r = 0.6
    y = r * X + np.sqrt(1 - r * r) * normal("y")
    found = partial({"x": X, "y": y}, X + y + 0.4, random=random())
    expected = unit_normal_loss(0.4, 1 + r)
    near(found["x"], expected)
    near(found["y"], expected)


def test_an_input_that_bends_with_another_is_no_noise_beside_it():
    # y = x^2 - 1 has no rank correlation with x, and E[2 x + y + z | x] = 2 x + x^2 - 1 all the same
    y, z = X * X - 1, normal("z")
    found = partial({"x": X, "y": y, "z": z}, 2 * X + y + z, random=random())["x"]
    root = np.sqrt(2)  # above zero outside of -1 - sqrt 2 to -1 + sqrt 2
    nodes = special.ndtri((np.arange(400_000) + 0.5) / 400_000)
    curve = nodes**2 + 2 * nodes - 1
    assert np.all((curve > 0) == ((nodes < -1 - root) | (nodes > root - 1)))
    near(found, np.maximum(curve, 0).mean() - max(curve.mean(), 0))


def test_nested_simulation_of_a_bent_value_of_inputs_that_go_together():
    # value = exp(0.7 x) y - 1.1, where y = 1 + 0.5 x + noise: inner means by simulation of y at each x
    y = 1 + 0.5 * X + 0.8 * normal("noise")
    value = np.exp(0.7 * X) * y - 1.1
    own = np.random.default_rng(5)
    outer = special.ndtri((np.arange(2000) + 0.5) / 2000)
    inner = np.array([np.mean(np.exp(0.7 * x) * (1 + 0.5 * x + 0.8 * own.standard_normal(4000)) - 1.1) for x in outer])
    expected = np.maximum(inner, 0).mean() - max(inner.mean(), 0)
    near(partial({"x": X}, value, random=random())["x"], expected, errors=4)


def test_nested_simulation_of_a_group_that_acts_together():
    # a volume times a margin, beside a cost that is not known: the two are learnt together
    volume, margin, cost = np.exp(0.5 * normal("volume")), normal("margin", 0.5, 1.0), normal("cost", 0.8, 0.6)
    columns = {"volume": volume, "margin": margin, "cost": cost}
    found = partial(columns, volume * margin - cost, {"both": ("volume", "margin")}, random=random())["both"]
    own = np.random.default_rng(6).standard_normal((2, 400_000))
    inner = np.exp(0.5 * own[0]) * (0.5 + own[1]) - 0.8
    expected = np.maximum(inner, 0).mean() - max(inner.mean(), 0)
    near(found, expected, errors=4)


def test_several_ways_to_go_are_chosen_among():
    # going one way is worth x, the other 0.2 + y: knowing x lets one switch; E max(x, 0.2, 0) - 0.2
    other = 0.2 + normal("other way")
    found = partial({"x": X, "other": other}, np.stack([X, other]), random=random())
    expected = unit_normal_loss(-0.2, 1.0)
    near(found["x"], expected)
    near(found["other"], 0.2 * stats.norm.cdf(0.2) + stats.norm.pdf(0.2) - 0.2)
    draws = np.random.default_rng(1).standard_normal((2, 400_000))
    everything = np.maximum(np.maximum(draws[0], 0.2 + draws[1]), 0).mean() - 0.2
    assert perfect(np.stack([X, other])).worth == pytest.approx(everything, rel=0.02)


def test_what_has_no_worth_seldom_stands_out():
    """A mean of zero is the hardest case: there every error of a fit is a gain."""
    clear = 0
    for seed in range(15):
        joint = JointSample(seed, replicates=16, draws=128)
        columns = {f"c{i}": joint.uniform(f"c{i}") for i in range(8)}
        value = normal("value", joint=joint)
        clear += sum(w.is_clear for w in partial(columns, value, random=generator(seed, "s")).values())
    assert clear <= 4  # by construction about one in twenty of 15 families of eight


def test_the_fit_is_not_paid_for_following_noise():
    """Over many small samples the worth is right on average, where the bare fit would find half as much again."""
    found, bare = [], []
    for seed in range(60):
        joint = JointSample(seed, replicates=16, draws=32)
        x, noise = normal("x", 0.1, 0.3, joint), normal("noise", 0, 3, joint)
        found.append(partial({"x": x}, x + noise, random=generator(seed, "s"))["x"].worth)
        bare.append(matched([x], x + noise, [1.0])[0])
    truth = unit_normal_loss(0.1, 0.3)
    spread = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - truth) < 3 * spread
    assert np.mean(bare) > truth + 3 * spread


def test_the_stated_error_is_the_spread_between_runs():
    found = []
    for seed in range(40):
        joint = JointSample(seed, replicates=16, draws=128)
        p1, p2 = normal("p1", 1, 1, joint), normal("p2", 0, 2, joint)
        found.append(partial({"p1": p1, "p2": p2}, p1 - p2, random=generator(seed, "s"))["p1"])
    spread, stated = np.std([f.worth for f in found]), np.median([f.error for f in found])
    assert 0.6 < stated / spread < 1.6


def test_a_sample_shows_less_than_the_truth_and_more_with_its_size():
    share = special.ndtr(normal("share"))
    value = 10 * share - 5.3
    whole = partial({"share": share}, value, random=random())["share"]
    seen = [study_worth([shown_share(share, n, random(str(n)))], value, random=random()) for n in (3, 30, 3000)]
    assert seen[0].worth < seen[1].worth < seen[2].worth
    assert abs(seen[2].worth - whole.worth) < 2 * whole.error + 0.01 * whole.worth
    amounts = shown_amount(np.full((16, 1024), 100.0), 0.1, random())
    assert np.log(amounts / 100).std() == pytest.approx(0.1, rel=0.03)


def test_waiting_for_a_study_costs_what_it_delays():
    without = study_worth([P1], LINEAR, random=random())
    later = study_worth([P1], LINEAR - 0.03, value_now=LINEAR, random=random())
    assert 0 < later.worth < without.worth
    assert study_worth([P1], LINEAR - 0.5, value_now=LINEAR, random=random()).worth == 0.0


def test_a_decision_that_nothing_can_turn():
    found = partial({"x": X}, 1000 + X, random=random())["x"]
    assert (found.worth, found.is_clear) == (0.0, False)
    assert perfect(-1000 + X).worth == 0.0


def test_inputs_of_few_values_and_of_one():
    coin = (JOINT.uniform("coin") > 0.5) * 1.0
    found = partial({"coin": coin, "same": np.ones_like(coin)}, 2 * coin - 1.1 + 0.1 * X, random=random())
    assert found["coin"].worth == pytest.approx(0.45, rel=0.02)
    assert found["same"].worth == 0.0


def test_draws_in_one_row():
    assert perfect(LINEAR.ravel()).worth == pytest.approx(perfect(LINEAR).worth)
    assert partial({"p": P2.ravel()}, LINEAR.ravel(), random=random())["p"].error > 0


@settings(max_examples=15, deadline=None)
@given(shift=st.floats(-2, 2), factor=st.floats(0.01, 1e9))
def test_no_input_is_worth_more_than_everything_and_currency_scales(shift, factor):
    value = X[:, :128] + 0.5 * P1[:, :128] + shift
    columns = {"x": X[:, :128], "p1": P1[:, :128]}
    found, everything = partial(columns, value, random=random()), perfect(value)
    scaled = partial(columns, factor * value, random=random())
    for name, worth in found.items():
        assert 0 <= worth.worth <= everything.worth + 3 * worth.error
        assert scaled[name].worth == pytest.approx(factor * worth.worth, rel=1e-6, abs=1e-9 * factor)
    assert perfect(-value).worth == pytest.approx(everything.worth, abs=1e-9)  # to go or to stop, named the other way


def test_the_same_draws_give_the_same_worth():
    twice = [partial({"x": X, "p": P1}, BENT + P1, random=random()) for _ in range(2)]
    assert twice[0] == twice[1]


def test_draws_that_are_no_numbers_are_refused():
    with pytest.raises(InputError, match="not a finite number"):
        perfect(np.array([1.0, np.nan] * 16))
    with pytest.raises(InputError, match="17 draws in one row"):
        perfect(np.arange(17.0))
