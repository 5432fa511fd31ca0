"""What the simulation does with a setting, worked out by hand, and what must hold whatever the setting is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.errors import InputError
from flightready.traffic import arrivals
from flightready.traffic.limit_rules import Rule
from flightready.traffic.replay import limit_arrays
from flightready.traffic.simulation import RETRIED, STOPS, Breaker, Client, Fault, Limits, Stage, Visit, simulate

CALLS = Rule("requests_per_minute", "requests a minute", "requests", 60.0, burst=10.0)


def limits(rule, held, rows=1, **options):
    taken = np.full((rows, 1), float(held))
    return Limits((rule,), taken, taken, **options)


def test_rows_stay_together():
    # without queues the response is the sum of a row: here 10 in every row, whatever the row
    rows = np.column_stack([np.arange(11.0), 10 - np.arange(11.0)])
    found = simulate(np.arange(50.0), rows, (Stage("search"), Stage("model")), seed=2)
    assert found.response_s == pytest.approx(np.full(50, 10.0))


def test_a_token_bucket_that_rejects_lets_the_burst_through():
    found = simulate(np.zeros(100), [[0.0]], (Stage("model"),), seed=1, limits=limits(CALLS, 1, delays=False))
    assert (found.endings["answered in time"], found.endings["rejected"], found.limit_short) == (10, 90, (90,))


def test_what_was_reserved_and_not_used_comes_back_when_a_call_ends():
    # 10 tokens at once and none for an hour after; each call reserves 10 and uses 1, for 2 s: five pass, one by one
    rule = Rule("tokens_per_minute", "tokens a minute", "tokens", 1e-9, burst=10.0)
    given_back = Limits((rule,), np.array([[6.0]]), np.array([[1.0]]))
    found = simulate(np.zeros(5), [[2.0]], (Stage("model"),), seed=1, limits=given_back)
    assert found.response_s.tolist() == pytest.approx([2.0, 4.0, 6.0, 8.0, 10.0])


def test_a_limit_smaller_than_one_request_is_refused():
    with pytest.raises(InputError, match="a request of 11 requests is larger than the limit 'requests a minute'"):
        simulate([0.0], [[1.0]], (Stage("model"),), seed=1, limits=limits(CALLS, 11))


def test_pauses_double_up_to_the_most_and_jitter_takes_off_at_most_its_share():
    setting = {"failure": 1.0, "seed": 1}
    client = Client(retries=4, backoff_s=1.0, backoff_most_s=3.0)
    found = simulate(np.zeros(1), [[0.5]], (Stage("model"),), client=client, **setting)
    assert found.response_s[0] == pytest.approx(5 * 0.5 + 1 + 2 + 3 + 3)
    client = Client(retries=1, backoff_s=10.0, jitter=0.4)
    paused = simulate(np.arange(2000.0), [[0.0]], (Stage("model"),), client=client, **setting).response_s
    assert 6 <= paused.min() < 6.1 and 9.9 < paused.max() <= 10
    assert paused.mean() == pytest.approx(8.0, abs=0.15)


@pytest.mark.parametrize(("stops", "timed_out", "third_s", "utilisation"), [
    ("everything", 2, 10.0, 0.5),  # the first is cut at 4 s, the second under service at 5 s
    ("waiting", 2, 10.0, 1.0),  # the first is served to its end for nobody, the second leaves the queue
    ("nothing", 2, 20.0, 1.0),  # both are served to their end for nobody
    ("patience", 1, 10.0, 1.0),  # the first is answered after 10 s
])  # fmt: skip
def test_a_timeout_stops_what_it_says(stops, timed_out, third_s, utilisation):
    # calls of 10 s at 0, 1 and 10 s on one server; the first two time out after 4 s
    client = Client(timeout_s=np.array([4.0, 4.0, 30.0]), stops=stops)
    found = simulate([0.0, 1.0, 10.0], [[10.0]], (Stage("model", 1),), seed=1, client=client)
    assert found.response_s.tolist() == [4.0 if timed_out == 2 else 10.0, 4.0, third_s]
    assert found.endings["timed out"] == timed_out
    assert found.stages[0].utilisation == pytest.approx(utilisation)


def test_patience_that_ran_out_under_service_ends_in_the_next_queue():
    # the second model call finds the server taken at 5 s, two seconds after its patience ended
    stages = Stage("search"), Stage("model", 1)
    rows, client = [[4.0, 10.0], [5.0, 1.0]], Client(timeout_s=3.0, stops="patience")
    found = simulate([0.0, 0.0], rows, stages, seed=1, row=[0, 1], client=client)
    assert found.response_s.tolist() == [14.0, 5.0]
    assert found.endings["timed out"] == 1


def test_more_than_the_servers_can_do_is_told_with_its_growth():
    dice = np.random.default_rng(3)
    arrival_s, service_s = arrivals.so_many(50_000, 2.5, dice), dice.exponential(1.0, (50_000, 1))
    found = simulate(arrival_s, service_s, (Stage("model", 2),), seed=3, row=np.arange(50_000))
    assert not found.is_stable
    assert found.is_growing
    assert found.growth_per_s == pytest.approx(0.5, rel=0.1)
    assert found.stages[0].offered == pytest.approx(1.25, rel=0.03)
    asked = arrivals.so_many(20_000, 1.1, np.random.default_rng(1))
    limited = simulate(asked, [[0.1]], (Stage("model"),), seed=1, limits=limits(CALLS, 1))
    assert not limited.is_stable
    assert limited.limit_use[0] == pytest.approx(1.1, rel=0.03)
    assert limited.growth_per_s == pytest.approx(0.1, rel=0.3)


def test_in_time_counts_from_the_request_not_from_its_last_attempt():
    client = Client(budget_s=2.0, retries=1, backoff_s=1.5)
    found = simulate(np.arange(10_000.0), [[1.0]], (Stage("model"),), seed=1, failure=0.5, client=client)
    first = found.tries == 1
    assert found.in_time.sum() == found.endings["answered in time"] == (first & (found.outcome == 0)).sum()
    assert found.endings["answered late"] == (~first & (found.outcome == 0)).sum() > 0


@pytest.mark.parametrize(("change", "message"), [
    ({"arrival_s": []}, "no arrivals"), ({"arrival_s": [1.0, 0.0]}, "in order"), ({"arrival_s": [np.nan]}, "in order"),
    ({"service_s": [[1.0, 2.0]]}, "one column for each of the 1 stages"), ({"service_s": [[-1.0]]}, "at least 0"),
    ({"stages": (Stage("m", 0),)}, "at least 1 server"), ({"stages": (Stage("m", 1, -1),)}, "room"),
    ({"client": Client(timeout_s=0.0)}, "above 0"), ({"client": Client(stops="all")}, "not 'all'"),
    ({"client": Client(retries=101)}, "0 to 100"), ({"client": Client(retried=("late",))}, "tries again after"),
    ({"client": Client(backoff_s=-1.0)}, "a pause"), ({"client": Client(jitter=2.0)}, "jitter"),
    ({"failure": 1.5}, "chance of a failure"), ({"row": [3]}, "one row"),
    ({"failure": [0.1, 0.2]}, "one for each row"), ({"row": [0, 0]}, "one row"), ({"limits": limits(CALLS, -1)}, "must be known"),
    ({"client": Client(timeout_s=np.ones(2))}, "one for each request"), ({"limits": limits(CALLS, np.nan)}, "must be known"),
    ({"limits": limits(CALLS, 1, rows=2)}, "what each row takes"), ({"limits": limits(CALLS, 1, stage=1)}, "no stage"),
    ({"stages": (), "service_s": [[]]}, "no visit"), ({"client": Client(backoff_s=np.inf)}, "must be finite"),
    ({"stages": (Stage("m", 2.5),)}, "a whole number"), ({"client": Client(retries=1.5)}, "a whole number"),
    ({"row": [0.5]}, "one row"), ({"limits": limits(replace(CALLS, per_minute=0.0), 1)}, "more than 0 a minute"),
    ({"limits": (limits(CALLS, 1), limits(CALLS, 1))}, "in front of the same stage"),
    ({"visits": ()}, "no visit"), ({"visits": (Visit(1, 0),)}, "not there"), ({"visits": (Visit(0, -1),)}, "the step"),
    ({"service_s": [[np.inf]]}, "must be finite"), ({"client": Client(hedge_after_s=0.0)}, "beside the first"),
    ({"client": Client(cached_share=1.1)}, "kept answers"), ({"breaker": Breaker(0.0, 5, 1.0)}, "above 0, up to 1"),
    ({"breaker": Breaker(0.5, 0, 1.0)}, "at least 1 attempt"), ({"breaker": Breaker(0.5, 1, 0.0)}, "pause of a breaker"),
    ({"faults": (Fault("slo", 0.0, 1.0),)}, "'slo' is no kind of fault"), ({"faults": (Fault("slow", 1.0, 1.0),)}, "end after"),
    ({"faults": (Fault("slow", 0.0, 1.0, stage=1),)}, "not there"), ({"faults": (Fault("slow", 0.0, 1.0, share=2.0),)}, "0 to 1"),
    ({"faults": (Fault("slow", 0.0, 1.0, factor=0.0),)}, "above 0"),
])  # fmt: skip
def test_what_is_out_of_range_is_named(change, message):
    setting = {"arrival_s": [0.0], "service_s": [[1.0]], "stages": (Stage("m", 1),), "seed": 1} | change
    with pytest.raises(InputError, match=message):
        simulate(setting.pop("arrival_s"), setting.pop("service_s"), setting.pop("stages"), **setting)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_request_and_every_attempt_ends_exactly_once(data):
    # the function itself refuses a run in which one is lost from sight
    dice = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    n, rows, count = data.draw(st.integers(1, 80)), data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    stages = tuple(
        Stage(str(s), data.draw(st.none() | st.integers(1, 3)), data.draw(st.none() | st.integers(0, 4)))
        for s in range(count)
    )
    client = Client(
        budget_s=3.0, timeout_s=data.draw(st.sampled_from([np.inf, 0.5, 2.0, 5.0])), stops=data.draw(st.sampled_from(STOPS)),
        retries=data.draw(st.integers(0, 4)), retried=tuple(data.draw(st.sets(st.sampled_from(RETRIED)))),
        backoff_s=data.draw(st.sampled_from([0.0, 0.5])), jitter=0.5, redraws=data.draw(st.booleans()), fallback=0.5,
    )  # fmt: skip
    held = dice.integers(1, 10, (rows, 2)).astype(float)
    rules = (CALLS, Rule("w", "window", "tokens", 60.0, window_s=data.draw(st.sampled_from([0.0, 10.0]))))
    given_limits = Limits(rules, held, held - dice.integers(0, 2, (rows, 2)), data.draw(st.integers(0, count - 1)),
                          data.draw(st.booleans()))  # fmt: skip
    setting = {
        "seed": 1, "client": client, "failure": data.draw(st.sampled_from([0.0, 0.3, 1.0])),
        "limits": data.draw(st.sampled_from([None, given_limits])),
    }  # fmt: skip
    arrival_s = np.sort(np.round(dice.random(n) * data.draw(st.sampled_from([0.0, 20.0, 200.0])), 1))
    service_s = np.round(dice.exponential(1.0, (rows, count)), 1)
    found, again = (simulate(arrival_s, service_s, stages, **setting) for _ in range(2))
    assert sum(found.outcomes.values()) == n
    assert sum(found.endings.values()) == found.attempts == found.tries.sum() <= n * (client.retries + 1)
    assert (found.response_s >= 0).all() and (found.wait_s >= 0).all()
    assert (found.in_time <= (found.response_s <= 3.0)).all()
    assert np.array_equal(found.response_s, again.response_s) and found.endings == again.endings
    if client.stops != "patience":
        assert (found.wait_s <= client.timeout_s * (1 + 1e-9)).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.floats(0.5, 5.0))
def test_more_servers_or_more_time_between_requests_make_no_request_slower(seed, servers, budget_s):
    # one stage of several servers, then two of one: nobody is overtaken there, so what comes earlier goes earlier
    dice = np.random.default_rng(seed)
    arrival_s, service_s = np.cumsum(dice.exponential(0.5, 200)), dice.exponential(1.0, (200, 3)) * [1.0, 0.4, 0.3]

    def run(servers, times=1.0, queued=3):
        stages = (Stage("search", servers), Stage("model", 1), Stage("check", 1))[:queued]
        return simulate(times * arrival_s, service_s[:, :queued], stages, seed=1, row=np.arange(200),
                        client=Client(budget_s=budget_s))  # fmt: skip

    for easier, harder in ((run(servers + 1, queued=1), run(servers, queued=1)), (run(1, 1.5), run(1))):
        assert (easier.response_s <= harder.response_s + 1e-9).all()
        assert (easier.in_time >= harder.in_time).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 4.0]), st.sampled_from(STOPS), st.booleans())
def test_the_unit_of_time_does_not_matter(seed, times, stops, delays):
    # by a power of two, so that every sum is rounded alike
    dice = np.random.default_rng(seed)
    arrival_s, service_s = np.cumsum(dice.exponential(0.6, 100)), dice.exponential(1.0, (20, 2))

    def run(times):
        client = Client(
            budget_s=3 * times, timeout_s=4 * times, stops=stops, retries=2, backoff_s=0.7 * times, jitter=0.5
        )
        rules = (
            Rule("a", "calls", "requests", 80 / times, burst=5.0),
            Rule("b", "calls", "requests", 90 / times, window_s=8 * times),
        )
        one = np.ones((20, 2))
        return simulate(times * arrival_s, times * service_s, (Stage("search", 2), Stage("model", 2, 3)), seed=1,
                        client=client, failure=0.2, limits=Limits(rules, one, one, delays=delays))  # fmt: skip

    plain, other = run(1.0), run(times)
    assert np.array_equal(times * plain.response_s, other.response_s)
    assert (plain.endings, plain.limit_short, plain.is_stable) == (other.endings, other.limit_short, other.is_stable)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_the_order_of_limits_and_of_what_is_retried_does_not_matter(seed, delays):
    dice = np.random.default_rng(seed)
    arrival_s, service_s = np.cumsum(dice.exponential(0.6, 100)), dice.exponential(1.0, (20, 1))
    held = dice.integers(1, 9, (20, 3)).astype(float)
    rules = tuple(Rule(str(k), str(k), "tokens", 400.0, burst=9.0, window_s=5.0 * k) for k in range(3))

    def run(order):
        given_limits = Limits(tuple(rules[k] for k in order), held[:, order], held[:, order] - 1, delays=delays)
        client = Client(timeout_s=3.0, retries=1, retried=tuple(RETRIED[k] for k in order), backoff_s=0.5)
        return simulate(arrival_s, service_s, (Stage("model", 1),), seed=1, limits=given_limits, client=client)

    plain, moved = run([0, 1, 2]), run([2, 0, 1])
    assert np.array_equal(plain.response_s, moved.response_s) and plain.endings == moved.endings
    assert moved.limit_short == tuple(plain.limit_short[k] for k in (2, 0, 1))


def test_the_luck_of_a_request_is_its_own():
    # fewer servers make it wait, and change neither how often it fails nor what its further attempts take
    dice = np.random.default_rng(2)
    arrival_s, service_s = np.cumsum(dice.exponential(0.6, 500)), dice.exponential(1.0, (50, 1))
    client = Client(retries=3, fallback=0.5)
    roomy, tight = (
        simulate(arrival_s, service_s, (Stage("model", n),), seed=1, failure=0.4, client=client) for n in (None, 3)
    )
    assert np.array_equal(roomy.tries, tight.tries) and np.array_equal(roomy.outcome, tight.outcome)
    assert (tight.response_s >= roomy.response_s - 1e-9).all() and tight.response_s.sum() > roomy.response_s.sum()


@given(st.integers(1, 50), st.integers(1, 7), st.sampled_from([0.0, 2.0]))
def test_all_at_once_go_in_rows_as_wide_as_the_servers(requests, servers, service_s):
    found = simulate(np.zeros(requests), [[service_s]], (Stage("model", servers),), seed=1)
    assert found.response_s.tolist() == [service_s * (1 + i // servers) for i in range(requests)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 10.0]), st.booleans())
def test_limits_delay_and_reject_as_in_the_replay_of_a_log(seed, window_s, delays):
    # second route: the replay's own kernels, one pass in order of arrival without a calendar of events
    from flightready.traffic import bucket_steps as steps

    dice = np.random.default_rng(seed)
    n = 150
    arrival_s, busy_s = np.cumsum(dice.exponential(0.7, n)), dice.exponential(5.0, n)
    rules = (
        Rule("requests_per_minute", "calls", "requests", 80.0, burst=8.0),
        Rule("tokens_per_minute", "tokens", "tokens", 4000.0, window_s=window_s),
    )
    used = dice.integers(10, 80, n).astype(float)
    kept = np.column_stack([np.ones(n), used])
    held = np.column_stack([np.ones(n), used + dice.integers(0, 100, n)])
    found = simulate(arrival_s, busy_s.reshape(-1, 1), (Stage("model"),), seed=1, row=np.arange(n),
                     limits=Limits(rules, held, kept, delays=delays))  # fmt: skip
    arrays = limit_arrays(rules)
    if delays:
        start_s = steps.queued(arrival_s, busy_s, held, kept, *arrays)
        assert found.wait_s == pytest.approx(start_s - arrival_s, abs=1e-6)
    else:
        ending, short = steps.unqueued(arrival_s, busy_s, held, kept, *arrays, np.array([True, False]))
        assert np.array_equal(found.outcome == 0, ending == steps.STARTED)
        assert found.limit_short == tuple(short)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_the_rows_does_not_matter(seed):
    dice = np.random.default_rng(seed)
    arrival_s, service_s = np.cumsum(dice.exponential(0.6, 100)), dice.exponential(1.0, (20, 2))
    row, order = dice.integers(20, size=100), dice.permutation(20)
    stages = Stage("search", 2), Stage("model", 3, 5)
    place = np.argsort(order)
    plain = simulate(arrival_s, service_s, stages, seed=1, row=row, client=Client(timeout_s=4.0))
    moved = simulate(arrival_s, service_s[order], stages, seed=1, row=place[row], client=Client(timeout_s=4.0))
    assert np.array_equal(plain.response_s, moved.response_s) and plain.endings == moved.endings


@pytest.mark.parametrize(("last_s", "service_s"), [(1e-9, 1e12), (1e-320, 1.0), (1e300, 1e290)])
def test_times_of_any_size_are_counted_within_the_run(last_s, service_s):
    found = simulate([0.0, last_s], [[service_s]], (Stage("m", 1),), seed=1)
    assert found.outcomes["answered"] == 2


def test_what_an_attempt_that_was_shed_gives_back_lets_the_next_one_pass():
    # a bucket of 10 that hardly fills: the second call takes the last 9 and is shed at 2.5 s, so the third may pass then
    rule = Rule("tokens_per_minute", "tokens a minute", "tokens", 1e-9, burst=10.0)
    stages = Stage("search"), Stage("model", 1, 0)
    service_s = np.array([[0.0, 9.0], [2.0, 1.0], [1.0, 1.0]])
    given_back = Limits((rule,), np.array([[1.0], [9.0], [9.0]]), np.array([[1.0], [0.0], [0.0]]))
    found = simulate([0.0, 0.5, 1.0], service_s, stages, seed=1, row=np.arange(3), limits=given_back)
    assert found.response_s.tolist() == pytest.approx([9.0, 2.0, 2.5])
    assert found.endings["shed"] == 2
