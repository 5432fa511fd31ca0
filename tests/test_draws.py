"""The joint sample: stratified, keyed by name, shared."""

import numpy as np
import pytest
from scipy import stats

from flightready.draws import Correlation, JointSample, generator, summarise
from flightready.errors import InputError
from flightready.quantity import parse

AMOUNT = parse("10 to 100", "count")


def test_columns_are_stratified_in_every_replicate():
    uniform = JointSample(0).uniform("a")
    assert uniform.shape == (16, 1024)
    assert np.all(np.sort((uniform * 1024).astype(int), axis=1) == np.arange(1024))


def test_adding_an_input_moves_no_other():
    alone = JointSample(3).column("a", AMOUNT)
    together = JointSample(3)
    together.column("b", AMOUNT)
    assert np.array_equal(alone, together.column("a", AMOUNT))


def test_seed_zero_is_a_seed_and_seeds_differ():
    assert np.array_equal(JointSample(0).uniform("a"), JointSample(0).uniform("a"))
    assert not np.array_equal(JointSample(0).uniform("a"), JointSample(1).uniform("a"))


def test_streams_are_keyed_by_all_names():
    assert generator(1, "a", "b").random() != generator(1, "ab").random()


@pytest.mark.parametrize("rank", [0.5, 0.8, -0.6])
def test_declared_rank_correlation_is_reached_and_marginals_stay(rank):
    joint = JointSample(7, (Correlation("a", "b", rank),))
    a, b = joint.column("a", AMOUNT), joint.column("b", AMOUNT)
    assert stats.spearmanr(a.ravel(), b.ravel())[0] == pytest.approx(rank, abs=0.02)
    for column in ("a", "b"):
        assert np.all(np.sort((joint.uniform(column) * 1024).astype(int), axis=1) == np.arange(1024))


def test_contradicting_correlations_are_refused():
    pairs = (Correlation("a", "b", 0.9), Correlation("b", "c", 0.9), Correlation("a", "c", -0.9))
    with pytest.raises(InputError, match="contradict"):
        JointSample(7, pairs).uniform("a")


def test_a_shared_quantity_is_drawn_once():
    """sd(10 v - 8 v) = 2 sd(v) when both terms use the same draws."""
    joint = JointSample(7)
    v = joint.column("v", AMOUNT)
    assert np.std(10 * v - 8 * joint.column("v", AMOUNT)) == pytest.approx(2 * np.std(v))


def test_the_mean_of_a_lognormal_and_its_simulation_error():
    """Closed form 40.400; stratified replicates are far closer than independent draws would be."""
    s = summarise(JointSample(7).column("v", AMOUNT))
    assert s.mean == pytest.approx(40.400, rel=2e-3)
    assert (s.low, s.high) == pytest.approx((10, 100), rel=5e-3)
    assert 0 < s.simulation_error < 0.05


def test_measured_replicates_keep_their_distribution():
    replicates = np.arange(100.0)
    drawn = JointSample(7).measured("m", replicates)
    assert set(np.unique(drawn)) == set(replicates)
    assert drawn.mean() == pytest.approx(49.5, abs=0.1)
