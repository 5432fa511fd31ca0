"""Faults, kept answers, the breaker, attempts beside each other, several limits and visits beside each other, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.errors import InputError
from flightready.traffic.limit_rules import Rule
from flightready.traffic.simulation import (
    FAULTS,
    RETRIED,
    STOPS,
    Breaker,
    Client,
    Fault,
    Limits,
    Stage,
    Visit,
    simulate,
)
from flightready.traffic.simulation_result import ENDINGS

ERRORS = 4
MODEL = (Stage("model"),)
APART_S = np.arange(4.0) * 10


def few(arrival_s, service_s, stages=MODEL, **options):
    return simulate(arrival_s, service_s, stages, seed=1, **options)


def ends(found):
    return [ENDINGS[place] for place in found.attempt_ending]


@pytest.mark.parametrize(("kind", "ending", "second_s"), [
    ("failed", "failed", 2.0), ("malformed", "failed", 7.0), ("rejected", "rejected", 0.0), ("down", "failed", 0.0),
    ("slow", "answered in time", 11.0), ("stuck", "timed out", 15.0),
])  # fmt: skip
def test_a_fault_meets_those_of_its_time(kind, ending, second_s):
    # 2 s in the model, then 5 s in a check; the model is at fault from 5 to 15 s, so the second request meets it
    fault = Fault(kind, 5.0, 15.0, stage=0, factor=3.0)
    stages = Stage("model", 1), Stage("check", 1)
    found = few(APART_S, [[2.0, 5.0]], stages, faults=(fault,), client=Client(timeout_s=15.0))
    third_s = 12.0 if kind == "stuck" else 7.0  # the server is free again at 25 s
    assert found.response_s.tolist() == [7.0, second_s, third_s, 7.0]
    assert ends(found) == ["answered in time", ending, "answered in time", "answered in time"]


def test_a_slow_stage_is_asked_for_as_much_as_it_takes():
    # a call of .8 s each second, and of 1.6 s from the eleventh on
    slow = Fault("slow", 10.0, 99.0, factor=2.0)
    found = few(np.arange(21.0), [[0.8]], (Stage("model", 1),), faults=(slow,))
    assert found.stages[0].offered == pytest.approx((10 * 0.8 + 11 * 1.6) / 20) and not found.is_stable


def test_a_fault_meets_its_share_by_luck_of_its_own():
    # two faults that meet 3 in 10 and 5 in 10, the first one first: .3 rejected, .7 * .5 fail
    n = 20_000
    faults = Fault("rejected", 0.0, 1e6, share=0.3), Fault("down", 0.0, 1e6, share=0.5)
    found = few(np.arange(float(n)), [[1.0]], faults=faults)
    assert found.endings["rejected"] / n == pytest.approx(0.3, abs=ERRORS * np.sqrt(0.21 / n))
    assert found.endings["failed"] / n == pytest.approx(0.35, abs=ERRORS * np.sqrt(0.2275 / n))


def test_who_waits_when_the_stage_goes_down_fails_as_its_turn_comes():
    found = few([0.0, 1.0, 2.0, 6.0], [[4.0]], (Stage("model", 1),), faults=(Fault("down", 3.0, 5.0),))
    assert found.response_s.tolist() == [4.0, 3.0, 2.0, 4.0]
    assert found.stages[0].utilisation == pytest.approx(4 / 6)


@pytest.mark.parametrize("stops", ["everything", "waiting", "nothing", "patience"])
def test_only_a_timeout_frees_the_server_of_a_stuck_call(stops):
    # the first is stuck until its time-out after 6 s; the second then has the server
    client = Client(timeout_s=6.0, stops=stops)
    found = few([0.0, 4.0], [[3.0]], (Stage("model", 1),), client=client, faults=(Fault("stuck", 0.0, 1.0),))
    assert found.response_s.tolist() == [6.0, 5.0]
    assert ends(found) == ["timed out", "answered in time"]


def test_a_stuck_call_needs_a_timeout():
    with pytest.raises(InputError, match="stuck never ends without a time-out"):
        few([0.0], [[1.0]], faults=(Fault("stuck", 0.0, 1.0),))


def test_kept_answers_cost_no_attempt():
    n = 20_000
    client = Client(cached_share=0.4, cached_s=0.05, budget_s=1.0)
    found = few(np.arange(float(n)), [[2.0]], client=client)
    assert found.cached.mean() == pytest.approx(0.4, abs=ERRORS * np.sqrt(0.24 / n))
    assert np.allclose(found.response_s, np.where(found.cached, 0.05, 2.0))
    assert found.outcomes["answered"] == n and found.attempts == n - found.cached.sum() == found.stages[0].came
    assert np.array_equal(found.in_time, found.cached) and found.endings["answered late"] == found.attempts
    whole = few([0.0, 1.0], [[2.0]], client=Client(cached_share=1.0))
    assert (whole.attempts, whole.outcomes["answered"], whole.limit_wait_s) == (0, 2, 0.0)


def test_a_breaker_opens_lets_one_through_and_closes():
    # every call from 0 to 10 s fails; three failures of the latest four open it for 5 s, at 3 s (the first had an
    # answer). Then 8 s is let through and fails: open until 13 s; 13 s is answered and closes it
    rows = [[0.0]]
    failed = Fault("down", 1.0, 10.0)
    found = few(np.arange(16.0), rows, breaker=Breaker(0.75, 4, 5.0), faults=(failed,))
    names = {"answered in time": "a", "failed": "f", "cut off": "-"}
    assert "".join(names[e] for e in ends(found)) == "afff----f----aaa"
    assert found.outcomes == {"answered": 4, "degraded": 0, "lost": 12}


@pytest.mark.parametrize(("until_s", "cut_off"), [(100.0, 7), (99.0, 0)])
def test_a_breaker_opens_at_its_share_exactly(until_s, cut_off):
    # 7 or 6 of the first 100 calls fail; .07 times 100 is 7.000000000000001 to the machine
    found = few(np.arange(120.0), [[0.0]], breaker=Breaker(0.07, 100, 7.5), faults=(Fault("down", 93.0, until_s),))
    assert found.endings["cut off"] == cut_off


def test_who_is_cut_off_tries_again_where_that_is_asked_for():
    client = Client(retries=1, retried=("cut off",), backoff_s=3.0, fallback=1.0)
    found = few([0.0, 1.0], [[0.0]], client=client, breaker=Breaker(1.0, 1, 2.0), faults=(Fault("down", 0.0, 0.5),))
    assert ends(found) == ["failed", "cut off", "answered in time"]
    assert found.response_s.tolist() == [0.0, 3.0] and found.outcomes["degraded"] == 1


@pytest.mark.parametrize(("heeds", "second_s"), [(False, [1.0, 0.5]), (True, [1.0, 60.0])])
def test_a_retry_heeds_when_the_limit_has_room_again(heeds, second_s):
    # one call a minute: the second call is rejected at 1 s, and the limit has room at 60 s
    rule, one = Rule("rpm", "calls", "requests", 1.0, burst=1.0), np.ones((1, 1))
    client = Client(retries=1, backoff_s=0.5, heeds_retry_after=heeds)
    found = few([0.0, 1.0], [[1.0]], limits=Limits((rule,), one, one, delays=False), client=client)
    assert found.response_s.tolist() == pytest.approx(second_s)
    assert found.outcomes["answered"] == 1 + heeds


def test_a_second_attempt_at_the_95th_percentile_shortens_the_99th():
    # exponential of mean 1: P(R > t) = .05 e^-(2 (t - p95)) beyond p95 = ln 20, so p99 = ln 20 + ln 5 / 2 = 3.800,
    # and 1 in 20 makes a second call
    n = 200_000
    service_s = np.random.default_rng(1).exponential(1.0, (n, 1))
    client = Client(hedge_after_s=np.log(20))
    found = simulate(np.arange(float(n)), service_s, MODEL, seed=1, row=np.arange(n), client=client)
    assert np.quantile(service_s, 0.99) == pytest.approx(4.605, abs=0.05)
    assert found.quantile_s(0.99) == pytest.approx(3.800, abs=ERRORS * found.error("p99_s"))
    assert found.hedges / n == pytest.approx(0.05, abs=ERRORS * np.sqrt(0.0475 / n))
    assert found.attempts == n + found.hedges and found.endings["overtaken"] == found.hedges
    assert (found.tries == 1 + (found.response_s > np.log(20))).all()


@pytest.mark.parametrize(("stops", "worked_s"), [("everything", 5.0), ("waiting", 10.0), ("nothing", 10.0)])
def test_the_attempt_that_was_overtaken_stops_as_after_a_timeout(stops, worked_s):
    # row 0 takes 10 s; its second attempt begins at 2 s, takes 3 s where luck draws row 1, and overtakes at 5 s
    client = Client(hedge_after_s=2.0, stops=stops)
    runs = (simulate([0.0, 20.0], [[10.0], [3.0]], (Stage("model", 2),), seed=seed, row=[0, 1], client=client)
            for seed in range(20))  # fmt: skip
    found = next(run for run in runs if run.attempt_row[1] == 1)
    assert found.response_s[0] == 5.0 and found.row[0] == 1
    assert ends(found)[:2] == ["overtaken", "answered in time"]
    assert found.stages[0].utilisation == pytest.approx((worked_s + 3.0) / (2 * 20.0))


def test_the_failure_of_one_attempt_leaves_the_one_beside_it():
    # both fail in the end: one request, two attempts, then one retry with two attempts of its own
    client = Client(hedge_after_s=1.0, retries=1, backoff_s=1.0)
    found = few([0.0], [[4.0]], client=client, failure=1.0)
    assert found.attempt_start_s.tolist() == [0.0, 1.0, 6.0, 7.0]
    assert ends(found) == ["failed"] * 4 and found.response_s.tolist() == [11.0]
    assert (found.hedges, found.tries.tolist()) == (2, [4])


def test_an_attempt_that_is_overtaken_leaves_the_queue():
    # one server: the second attempt waits behind the third request, and is taken out when the first answers at 4 s
    client = Client(hedge_after_s=2.0, redraws=False)
    found = few([0.0, 1.0, 1.5], [[4.0]], (Stage("model", 1),), client=client)
    assert found.response_s.tolist() == [4.0, 7.0, 10.5]
    assert found.hedges == 3 and found.endings["overtaken"] == 3
    assert found.stages[0].came == 6


def test_two_limits_stand_in_front_of_their_own_stages():
    # ten at once: the first limit lets one a second through from the second on, the other one every two seconds
    one = np.ones((1, 1))
    slow, fast = (Rule(name, name, "requests", rate, burst=1.0) for name, rate in (("slow", 30.0), ("fast", 60.0)))
    gates = Limits((slow,), one, one, stage=1), Limits((fast,), one, one, stage=0)
    found = few(np.zeros(4), [[1.0, 1.0]], (Stage("search"), Stage("model")), limits=gates)
    assert found.response_s.tolist() == pytest.approx([2.0, 4.0, 6.0, 8.0])
    assert len(found.limit_use) == len(found.limit_short) == 2
    rejects = gates[0], Limits((fast,), one, one, stage=0, delays=False)
    found = few([0.0, 0.5, 1.0], [[1.0, 1.0]], (Stage("search"), Stage("model")), limits=rejects)
    assert found.limit_short == (0, 1) and found.limit_use == pytest.approx((2 / 1.5, 3 / 2))
    assert found.response_s.tolist() == pytest.approx([2.0, 0.0, 3.0])


def test_visits_beside_each_other_join_with_the_slowest():
    # search 1 s; then three calls beside each other on two servers, 2, 3 and 4 s: the third begins at 3 s and ends at
    # 7 s; then a check of 1 s
    visits = Visit(0, 0), Visit(1, 1), Visit(1, 1), Visit(1, 1), Visit(2, 2)
    stages = Stage("search", 1), Stage("model", 2), Stage("check", 1)
    found = few([0.0, 100.0], [[1.0, 2.0, 3.0, 4.0, 1.0]], stages, visits=visits)
    assert found.response_s.tolist() == [8.0, 8.0]
    assert found.wait_s.tolist() == [2.0, 2.0]
    assert [s.came for s in found.stages] == [2, 6, 2]


def test_visits_that_a_request_does_not_make_take_no_time():
    visits = Visit(1, 2), Visit(0, 0), Visit(1, 0), Visit(2, 1)  # in any order
    rows = [[5.0, 1.0, 3.0, np.nan], [np.nan, 2.0, np.nan, np.nan], [np.nan] * 4]
    stages = Stage("search", 1), Stage("model", 1), Stage("check", 1)
    found = few([0.0, 100.0, 200.0], rows, stages, visits=visits, row=[0, 1, 2])
    assert found.response_s.tolist() == [8.0, 2.0, 0.0]
    assert [s.came for s in found.stages] == [2, 2, 0]


def test_the_slowest_of_five_beside_each_other():
    # largest of five exponentials: mean 1 + 1/2 + ... + 1/5 = 2.28333, p99 6.21059
    n = 100_000
    service_s = np.random.default_rng(2).exponential(1.0, (n, 5))
    found = simulate(np.arange(float(n)), service_s, MODEL, seed=1, row=np.arange(n), visits=(Visit(0, 0),) * 5)
    assert np.allclose(found.response_s, service_s.max(axis=1))
    assert found.response_s.mean() == pytest.approx(2.28333, abs=ERRORS * found.error("response_s"))
    assert found.quantile_s(0.99) == pytest.approx(6.21059, abs=ERRORS * found.error("p99_s"))


@pytest.mark.parametrize(("stops", "begins_s", "worked_s"), [
    ("everything", 3.0, 6.0), ("waiting", 4.0, 8.0), ("nothing", 4.0, 12.0), ("patience", 4.0, 8.0),
])  # fmt: skip
def test_a_timeout_ends_all_that_runs_beside_each_other(stops, begins_s, worked_s):
    # two servers; three calls of 4 s at once, the third waits; time-out after 3 s. The second request, one call of 5 s,
    # comes at 2.5 s and begins when a server is free; the third call is made all the same where nothing stops
    visits, rows = (Visit(0, 0),) * 3, [[4.0, 4.0, 4.0], [5.0, np.nan, np.nan]]
    client = Client(timeout_s=np.array([3.0, 50.0, 50.0]), stops=stops)
    found = few([0.0, 2.5, 50.0], rows, (Stage("model", 2),), visits=visits, row=[0, 1, 1], client=client)
    assert found.response_s.tolist() == [3.0, begins_s + 5.0 - 2.5, 5.0]
    assert ends(found) == ["timed out", "answered in time", "answered in time"] and found.wait_s[0] == 3.0
    assert found.stages[0].utilisation == pytest.approx((worked_s + 5.0) / (2 * 50.0))


def test_the_failure_of_one_visit_ends_those_beside_it():
    # the second of three visits meets a stage that is down; the others leave their servers at once, so the next begins
    visits = Visit(0, 0), Visit(1, 0), Visit(0, 0)
    stages = Stage("model", 2), Stage("search", 1)
    found = few([0.0, 1.0], [[4.0, 2.0, 4.0]], stages, visits=visits, faults=(Fault("failed", 0.0, 0.5, stage=1),))
    assert found.response_s.tolist() == [2.0, 5.0]  # from 2 s on, when the search had failed
    assert ends(found) == ["failed", "answered in time"]


def test_each_visit_takes_its_part_of_the_limits():
    # three calls beside each other through a bucket of 2 that fills once a second: the third begins at 1 s
    rule, one = Rule("rpm", "calls", "requests", 60.0, burst=2.0), np.ones((1, 1))
    found = few([0.0], [[4.0, 4.0, 4.0]], limits=Limits((rule,), one, one), visits=(Visit(0, 0),) * 3)
    assert found.response_s.tolist() == pytest.approx([5.0]) and found.wait_s.tolist() == pytest.approx([1.0])


def test_visits_in_one_row_are_stages_in_one_row():
    dice = np.random.default_rng(4)
    arrival_s, service_s = np.cumsum(dice.exponential(1.0, 500)), dice.exponential(0.8, (500, 2))
    stages, client = (Stage("a", 1), Stage("b", 2, 3)), Client(timeout_s=4.0, retries=1)
    plain = few(arrival_s, service_s, stages, client=client)
    moved = few(arrival_s, service_s[:, ::-1], stages, client=client, visits=(Visit(1, 7), Visit(0, 3)))
    assert np.array_equal(plain.response_s, moved.response_s) and plain.endings == moved.endings


def test_parts_of_requests_beside_each_other_wait_as_in_a_published_queue():
    # two M/M/1 queues in parallel, fork and join, each at 50 %: mean time (12 - rho) / 8 of the M/M/1 time of 2
    # (Flatto and Hahn 1984; Nelson and Tantawi 1988): 2.875
    n, dice = 300_000, np.random.default_rng(5)
    arrival_s, service_s = np.cumsum(dice.exponential(2.0, n)), dice.exponential(1.0, (n, 2))
    stages, visits = (Stage("a", 1), Stage("b", 1)), (Visit(0, 0), Visit(1, 0))
    found = simulate(arrival_s, service_s, stages, seed=1, row=np.arange(n), visits=visits)
    assert found.response_s.mean() == pytest.approx(2.875, abs=ERRORS * found.error("response_s"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_everything_together_loses_nobody(data):
    # the function itself refuses a run in which a request or an attempt is lost from sight
    dice = np.random.default_rng(data.draw(st.integers(0, 100_000)))
    n, rows, count = data.draw(st.integers(1, 60)), data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    columns = data.draw(st.integers(1, 6))
    stages = tuple(
        Stage(str(s), data.draw(st.none() | st.integers(1, 3)), data.draw(st.none() | st.integers(0, 4)))
        for s in range(count)
    )
    visits = tuple(
        Visit(int(s), int(p))
        for s, p in zip(dice.integers(count, size=columns), dice.integers(3, size=columns), strict=True)
    )
    service_s = dice.exponential(1.0, (rows, columns)) * dice.choice([0.0, 1.0], (rows, columns), p=[0.1, 0.9])
    service_s[dice.random((rows, columns)) < data.draw(st.sampled_from([0.0, 0.4]))] = np.nan
    client = Client(
        timeout_s=data.draw(st.sampled_from([0.5, 2.0, 9.0])), stops=data.draw(st.sampled_from(STOPS)),
        retries=data.draw(st.integers(0, 3)), retried=tuple(data.draw(st.sets(st.sampled_from(RETRIED)))),
        backoff_s=data.draw(st.sampled_from([0.0, 0.5])), jitter=0.5, redraws=data.draw(st.booleans()), fallback=0.5,
        hedge_after_s=data.draw(st.sampled_from([np.inf, 0.2, 1.0])), heeds_retry_after=data.draw(st.booleans()),
        cached_share=data.draw(st.sampled_from([0.0, 0.3])), budget_s=data.draw(st.sampled_from([np.inf, 1.0])),
    )  # fmt: skip
    gates = tuple(
        Limits(
            tuple(Rule(str(k), str(k), "tokens", 400.0, burst=9.0, window_s=3.0 * k) for k in range(1 + s % 2)),
            held := dice.integers(1, 9, (rows, 1 + s % 2)).astype(float), held - dice.integers(2), s, bool(dice.integers(2)),
        )
        for s in range(count) if data.draw(st.booleans())
    )  # fmt: skip
    faults = tuple(
        Fault(data.draw(st.sampled_from(FAULTS)), start_s := 20 * dice.random(), start_s + 8 * dice.random(),
              int(dice.integers(count)), dice.random(), 3.0)
        for _ in range(data.draw(st.integers(0, 2)))
    )  # fmt: skip
    breaker = Breaker(0.5, int(dice.integers(1, 8)), 2.0) if data.draw(st.booleans()) else None
    arrival_s = np.cumsum(dice.exponential(0.5, n))
    found = simulate(arrival_s, service_s, stages, seed=1, client=client, limits=gates, visits=visits, breaker=breaker,
                     faults=faults, failure=0.1)  # fmt: skip
    assert (found.response_s >= 0).all() and (found.wait_s <= found.response_s + 1e-9).all()
    assert np.array_equal(np.bincount(found.attempt_request, minlength=n), found.tries)
    assert [np.count_nonzero(found.attempt_ending == k) for k in range(len(ENDINGS))] == list(found.endings.values())
    assert (found.attempt_start_s >= arrival_s[found.attempt_request]).all() and (
        np.diff(found.attempt_start_s) >= 0
    ).all()
    assert found.tries.max() <= (client.retries + 1) * (1 + (client.hedge_after_s < np.inf))
    assert (found.hedges > 0) <= (client.hedge_after_s < np.inf) and found.cached.any() <= (client.cached_share > 0)
    answers = found.attempt_ending < 2  # one answer for each request that no kept one answered
    assert np.array_equal(np.sort(found.attempt_request[answers]), np.flatnonzero((found.outcome == 0) & ~found.cached))
    assert np.array_equal(found.row[found.attempt_request[answers]], found.attempt_row[answers])
    if not breaker:
        assert found.endings["cut off"] == 0
    again = simulate(arrival_s, service_s, stages, seed=1, client=client, limits=gates, visits=visits, breaker=breaker,
                     faults=faults, failure=0.1)  # fmt: skip
    assert np.array_equal(found.response_s, again.response_s)
