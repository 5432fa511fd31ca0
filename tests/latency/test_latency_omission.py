"""Load tests whose slow requests delayed the next ones: repaired where the schedule is known, seen in the starts."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from latency_spans import span, timed

from flightready.assessment import Pilot, load
from flightready.errors import InputError
from flightready.evidence import State
from flightready.latency.omission import closed_loop, finding, held_back, omission, with_held_back
from flightready.latency.percentiles import as_measured
from flightready.pages import latency as pages

SHARES = {"p50": 0.5, "p75": 0.75, "p90": 0.9, "p99": 0.99}


@pytest.fixture
def pilot(tmp_path) -> Pilot:
    def of(every):
        (tmp_path / "assessment.yaml").write_text(f"name: x\nlatency: {{spans: spans.jsonl, sent_every: {every}}}\n")
        return load(tmp_path)

    return of


def repaired(pilot, times_s, every, *, answered=None, shares=SHARES, budgets=None, limit_s=1.0):
    traces = timed(times_s, answered)
    return omission(traces, pilot(every), shares=shares, budgets=budgets or {}, limit_s=limit_s)


def sent(users, n, service, *, pause_s=0.0, seed=0):
    """A load test in which so many users wait for each answer, and for a pause, before they ask again."""
    dice, free = np.random.default_rng(seed), np.arange(users) * 0.01
    starts, times = [], []
    for _ in range(n):
        user = free.argmin()
        starts.append(free[user])
        times.append(service(dice))
        free[user] += times[-1] + pause_s + 1e-4 * dice.random()
    return begun(starts, times)


def begun(starts, times_s):
    return replace(timed(times_s), started_s=np.asarray(starts) + 1_780_000_000)


def scattered(dice):
    return float(np.exp(0.8 * dice.standard_normal()))


def stalled(dice):
    return 5.0 if dice.random() < 0.01 else 0.1 + 0.02 * dice.random()


def test_a_stall_is_counted_as_often_as_it_would_have_been_met(pilot):
    """KNOWN_ANSWERS, coordinated omission; 505 in 1,000 within a second: 10,000 and 100 of 20,000."""
    found = repaired(pilot, [0.001] * 10_000 + [100.0], "10 ms")
    assert (found.n, found.held_back, found.added) == (10_001, 1, 9_999)
    assert [p.value_s for p in found.repaired] == pytest.approx([0.001, 50.0, 80.0, 98.0])
    assert with_held_back(np.array([0.001] * 10_000 + [100.0]), 0.01)[0].mean() == pytest.approx(25.003)
    assert found.in_time_share == pytest.approx(0.505)
    # one stall tells next to nothing of how often there is one: 20,000 pseudo-samples would have said it to a per cent
    assert found.in_time_interval.low < 0.3 and found.in_time_interval.high > 0.9
    assert all(p.high_s is None and p.unbounded == "few" and p.n == 10_001 for p in found.repaired)


def test_corrected_times_are_those_of_a_loop_over_each_request():
    """HdrHistogram, recordValueWithExpectedInterval, written out."""
    times, every, expected = np.random.default_rng(1).lognormal(0, 1.5, 300), 0.7, []
    for v in times:
        expected.append(v)
        missing = v - every
        while missing >= every:
            expected.append(missing)
            missing -= every
    assert np.sort(with_held_back(times, every)[0]) == pytest.approx(np.sort(expected))
    assert held_back(np.array([0.1, 0.3]), 0.1).tolist() == [0, 2]  # whole multiples in floating point


@pytest.mark.parametrize(("n", "spread"), [(200, 0.5), (500, 1.2)])
def test_intervals_of_repaired_figures_cover_the_truth(pilot, n, spread):
    shares, given = {"p50": 0.5, "p95": 0.95}, pilot("1 s")
    truth = np.sort(with_held_back(np.exp(spread * np.random.default_rng(5).standard_normal(300_000)), 1.0)[0])
    covered, runs = np.zeros(3), 40
    for seed in range(runs):
        times = np.exp(spread * np.random.default_rng(seed).standard_normal(n))
        found = omission(timed(times), given, shares=shares, budgets={}, limit_s=2.0)
        for k, p in enumerate(found.repaired):
            covered[k] += (p.low_s or 0) <= np.quantile(truth, p.share) <= (p.high_s or np.inf)
        covered[2] += found.in_time_interval.low <= np.mean(truth <= 2) <= found.in_time_interval.high
    assert (covered / runs > 0.9 - 3 * np.sqrt(0.09 / runs)).all()


def test_where_nothing_was_held_back_the_figures_stay(pilot):
    times = np.random.default_rng(2).exponential(1.0, 400)
    found = repaired(pilot, times, "60 s", shares={"p50": 0.5, "p95": 0.95})
    assert (found.held_back, found.added) == (0, 0)
    for mine, exact in zip(found.repaired, as_measured(times, {"p50": 0.5, "p95": 0.95}, {}), strict=True):
        assert mine.value_s == pytest.approx(exact.value_s, rel=0.03)
        assert (mine.low_s, mine.high_s) == pytest.approx((exact.low_s, exact.high_s), rel=0.06)
    assert finding(found, grade="measured") is None


def test_who_waited_behind_a_failed_request_gets_no_answer_either(pilot):
    answered = np.arange(500) % 50 != 7
    found = repaired(pilot, np.where(answered, 0.1, 10.0), "1 s", answered=answered, shares={"p50": 0.5, "p95": 0.95})
    assert found.added == 10 * 9
    assert found.in_time_share == pytest.approx(490 / 590)
    assert found.repaired[1].value_s is None and found.repaired[1].unbounded == "failures"


@pytest.mark.parametrize("every", ["0 s", "0.001 ms"])
def test_a_schedule_that_cannot_be_is_refused(pilot, every):
    with pytest.raises(InputError, match="latency.sent_every"):
        repaired(pilot, [100.0] * 100, every)


@pytest.mark.parametrize("users", [1, 5, 20])
@pytest.mark.parametrize("pause_s", [0.0, 1.0])
@pytest.mark.parametrize("service", [scattered, stalled])
def test_a_load_test_that_waits_is_seen_in_its_starts(users, pause_s, service):
    found = closed_loop(sent(users, 1_000, service, pause_s=pause_s))
    assert (found.at_once, found.n, found.repaired) == (users, 1_000, ())
    assert found.pause_s == pytest.approx(pause_s, abs=0.01)
    assert found.held_back >= 3
    told = finding(found, grade="measured")
    assert told.state is State.UNKNOWN and "latency.sent_every" in told.decides and told.questions == ("R3",)


@pytest.mark.parametrize("seed", range(25))
def test_requests_that_come_on_their_own_or_by_a_clock_are_no_such_test(seed):
    dice = np.random.default_rng(seed)
    n, spacing, spread = int(dice.integers(60, 1_000)), 10 ** dice.uniform(-2, 2), dice.uniform(0.02, 1.5)
    times = np.exp(spread * dice.standard_normal(n))
    assert closed_loop(begun(np.cumsum(dice.exponential(spacing, n)), times)) is None
    assert closed_loop(begun(spacing * np.arange(n), times)) is None


def test_a_loop_without_slow_requests_left_nothing_out():
    assert closed_loop(sent(1, 500, lambda dice: 1 + 0.5 * dice.random())) is None
    assert closed_loop(timed([1.0] * 50)) is None  # no times of day


def looped(n=300, every=None):
    rows, now = [], 0.0
    for i in range(n):
        now = max(now, i * (every or 0.0))
        length = 5.0 if i % 20 == 9 else 0.2 + 0.01 * (i % 7)
        rows.append(span(f"t{i}", "request", now, now + length))
        now += length
    return rows


def test_both_figures_stand_beside_each_other_and_the_measured_ones_stay(run):
    text = "latency: {spans: spans.jsonl, budget: {p95: 1 s}%s}\n"
    plain = run(text % "", spans=looped(every=0.5))
    study = run(text % ", sent_every: 500 ms", spans=looped(every=0.5))
    assert study.latency.pilot == plain.latency.pilot
    table = pages.omission_table(study)
    assert table.rows[1][1] != table.rows[1][3]
    told = {f.id: f for f in study.latency.findings}["latency.omission"]
    assert told.state is State.FAIL and "held back" in told.sentence
    said = repr(pages.meaning_omission(study))
    assert "300 real requests" in said and "put in place, not measured" in said
    assert pages.omission_table(plain).paragraphs == ()


def test_a_loop_without_a_schedule_is_told_with_what_to_bring(run):
    study = run("latency: {spans: spans.jsonl}\n", spans=looped())
    said = repr(pages.meaning_omission(study))
    assert "under-counted" in said and "What would tell: a load test that sends at fixed times" in said
    assert repr(
        pages.meaning_omission(run("latency: {spans: spans.jsonl, sent_every: 9 s}\n", spans=looped()))
    ).endswith("nothing is missing.")
    nothing = SimpleNamespace(latency=run("").latency)
    assert pages.omission_table(nothing).paragraphs == pages.meaning_omission(nothing).paragraphs == ()
