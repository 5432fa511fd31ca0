"""Arrivals in bursts and as in a log: the rate, the index of dispersion, and Poisson where Poisson comes in."""

import numpy as np
import pytest
from scipy import stats

from flightready.traffic import arrivals
from flightready.traffic.peaks import busiest_minute

MINUTES = 60


def dice(seed=0):
    return np.random.default_rng(seed)


def by_minute(arrival_s, minutes=MINUTES):
    return np.bincount((arrival_s // 60).astype(int), minlength=minutes)


def index_of(draw, runs):
    """Variance over mean of the minutes of an hour, and its standard error over independent runs."""
    counts = np.array([by_minute(draw(dice(seed))) for seed in range(runs)])
    each = counts.var(axis=1, ddof=1)
    return each.mean() / counts.mean(), each.std(ddof=1) / np.sqrt(runs) / counts.mean()


def in_fives(per_second, hours, seed):
    """People who come at random and ask five times within a second; minutes have the index 5."""
    came = np.sort(dice(seed).random(dice(seed).poisson(per_second / 5 * hours * 3_600)) * hours * 3_600)
    return (came[:, None] + dice(seed + 1).random((came.size, 5))).ravel()


@pytest.mark.parametrize(("index", "spread"), [(1.0, 0.0), (4.0, 0.0), (1.0, 0.3), (3.0, 0.2)])
def test_minutes_of_bursts_are_negative_binomial(index, spread):
    counts = by_minute(arrivals.bursty(0.5, dice(), minutes=40_000, index=index, spread=spread), 40_000)
    assert counts.mean() == pytest.approx(30, rel=0.01)
    # closed form of a mixed Poisson count: index + spread^2 x mean
    assert counts.var() / counts.mean() == pytest.approx(index + spread**2 * 30, rel=0.04)


def test_busiest_minutes_of_bursts_are_those_of_the_plan():
    most = [by_minute(arrivals.bursty(2.0, dice(seed), minutes=MINUTES, index=6.0)).max() / 120 for seed in range(800)]
    levels = np.array([0.1, 0.5, 0.9])
    assert np.quantile(most, levels) == pytest.approx(busiest_minute(levels, 120.0, index=6.0), rel=0.03)


@pytest.mark.parametrize(("in_log", "per_second"), [(1.0, 0.5), (1.0, 1.0), (1.0, 3.0), (1.0, 7.3), (0.05, 20.0)])
def test_a_replayed_log_keeps_its_index_of_dispersion(in_log, per_second):
    log = dice(1).permutation(in_fives(in_log, 20, 9)) + 1_780_000_000  # the last one is played some 20 times
    found, error = index_of(lambda d: arrivals.replayed(log, per_second, d, minutes=MINUTES), 60)
    counts = by_minute(log - 1_780_000_000, 20 * MINUTES + 1)
    assert abs(found - counts.var() / counts.mean()) < 3 * error + 5 * np.sqrt(2 / counts.size)
    assert found > 4


def test_waves_of_the_day_even_out_when_a_log_is_played_many_times():
    # were the beginnings chosen among requests, they would prefer busy hours, and the waves would meet
    hours = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    wave = np.repeat(np.arange(60), dice(3).poisson(40 * (1 + 0.5 * np.sin(hours))))
    times_s = (wave + dice(4).random(wave.size)) * 60
    log_index = by_minute(times_s).var() / by_minute(times_s).mean()
    found, error = index_of(lambda d: arrivals.replayed(times_s, 40 * 40 / 60, d, minutes=MINUTES), 60)
    assert abs(found - log_index) < 3 * error


@pytest.mark.parametrize("factor", [0.3, 1.0, 1.45, 6.0])
def test_poisson_in_gives_poisson_out(factor):
    pressed, counts = [], []
    for seed in range(40):
        log = np.cumsum(dice(1_000 + seed).exponential(1.0, 20_000))
        drawn = arrivals.replayed(log, factor, dice(seed), minutes=10)
        counts.append(drawn.size)
        pressed.append(np.diff(drawn) * factor)
    assert stats.kstest(np.concatenate(pressed), "expon").pvalue > 0.01
    assert np.mean(counts) == pytest.approx(600 * factor, abs=3 * np.sqrt(600 * factor / 40))
    assert np.var(counts) / np.mean(counts) == pytest.approx(1.0, abs=0.7)  # 3 standard errors of 40 counts


def test_replayed_bursts_stay_together():
    triples_s = np.repeat(np.cumsum(dice(2).exponential(60.0, 500)), 3) + 0.25
    drawn = arrivals.replayed(triples_s, 0.5, dice(), minutes=MINUTES)
    assert np.mean(np.diff(drawn) < 1e-6) == pytest.approx(2 / 3, abs=0.01)


@pytest.mark.parametrize("grid", [1, 60, 3_600])
def test_times_written_in_full_units_are_no_bursts(grid):
    written = np.floor(dice(6).random(10_800) * 21_600 / grid) * grid
    found, error = index_of(lambda d: arrivals.replayed(written, 0.5, d, minutes=MINUTES), 30)
    assert abs(found - 1) < 3 * (error + np.sqrt(2 / 360))  # the log's own six hours vary as well
    assert np.diff(arrivals.replayed(written, 0.5, dice(), minutes=MINUTES)).min() > 1e-6


@pytest.mark.parametrize("times_s", [[], [1.5], [1.5, 2.5], [np.nan] * 9])
def test_too_few_moments_give_poisson_arrivals(times_s):
    expected = arrivals.in_order(2.0, dice(4), minutes=5)
    assert arrivals.replayed(times_s, 2.0, dice(4), minutes=5) == pytest.approx(expected)


@pytest.mark.parametrize("draw", [lambda *a, **k: arrivals.replayed(np.arange(50) + 0.5, *a, **k), arrivals.bursty])
def test_nobody_comes_without_load_and_the_same_dice_give_the_same_arrivals(draw):
    assert draw(0.0, dice(), minutes=30).size == 0
    first, again = (draw(1.0, dice(8), minutes=30) for _ in range(2))
    assert np.array_equal(first, again)
    assert (np.diff(first) >= 0).all() and first.min() >= 0 and first.max() < 1_800
