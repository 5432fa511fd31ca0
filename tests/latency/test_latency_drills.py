"""Fault drills: shares with a closed form, recovery and its failure, conservation, and what coupling leaves equal."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready import policy
from flightready.latency.drill_course import WAYS
from flightready.latency.drills import Plan, drilled, plans
from flightready.latency.fallback import Team
from flightready.latency.scenario import Scenario
from flightready.traffic.system import FAULTS, Client, Stage


def scenario(*, servers=None, service_s=(1.0,), failure=0.0, **client):
    """One stage; service times of the rows in turn."""
    rows = np.asarray(service_s, dtype=float)[:, None]
    asks = Client(**({"budget_s": 2.0, "timeout_s": 10.0} | client))
    return Scenario(
        (Stage("model", servers),), None, rows, np.full(len(rows), failure), None, asks, None, asks.budget_s
    )


def plan(kind, *, minutes=5.0, share=1.0, factor=1.0):
    return Plan(kind, kind, kind, 60 * minutes, share, factor, "", "")


def one(what, per_second, fault, *, seed=3, crew=None):
    (found,) = drilled(what, per_second, seed=seed, crew=crew, wanted=[fault])
    return found


def test_the_drills_of_the_policy_are_faults_that_the_simulation_knows():
    for found in plans():
        assert found.kind in FAULTS
        assert found.length_s > 0
        assert 0 < found.share <= 1
        assert found.factor >= 1
        assert min(len(found.name), len(found.why), len(found.source)) > 10
    assert {"stuck", "failed", "rejected", "malformed", "slow", "down"} == {p.kind for p in plans()}


@pytest.mark.parametrize("kind", ["failed", "rejected", "malformed"])
@pytest.mark.parametrize(("share", "retries"), [(0.5, 0), (0.5, 3), (0.8, 1)])
def test_retries_leave_the_share_that_fails_every_time(kind, share, retries):
    # attempts (1 - p^(r+1)) / (1 - p), final failure p^(r+1): p=.5 r=3 -> 1.875 and .0625 (KNOWN_ANSWERS, queues)
    found = one(scenario(retries=retries, budget_s=30.0), 20.0, plan(kind, share=share))
    assert found.lost == pytest.approx(share ** (retries + 1), abs=0.02)
    assert found.attempts == pytest.approx((1 - share ** (retries + 1)) / (1 - share), abs=0.03)
    assert found.usual_attempts == 1
    assert found.error["lost"].low <= found.lost <= found.error["lost"].high
    assert (found.recovers, found.recovered_after_s) == (True, 0.0)


def test_an_outage_takes_every_request_and_ends_with_its_cause():
    found = one(scenario(fallback=0.75), 20.0, plan("down", minutes=10))
    assert (found.answered, found.late) == (0.0, 0.0)
    assert found.degraded == pytest.approx(0.75, abs=0.02)
    assert found.after["in_time"] == 1
    assert found.recovered_after_s == 0


def test_stuck_calls_end_at_the_time_out():
    found = one(scenario(fallback=1.0), 20.0, plan("stuck", share=0.3))
    assert found.degraded == pytest.approx(0.3, abs=0.02)
    assert found.answered == pytest.approx(0.7, abs=0.02)


def test_a_stuck_call_without_a_time_out_never_ends_and_nothing_is_simulated():
    found = one(scenario(timeout_s=np.inf), 20.0, plan("stuck", share=0.3))
    assert (found.ends, found.requests, found.recovers) == (False, 0, None)


def test_a_slow_mode_makes_answers_late():
    found = one(scenario(), 20.0, plan("slow", factor=3.0))
    assert found.late > 0.99  # 1 s becomes 3 s, and 2 s are allowed; who comes in the last moment may be met or not
    assert found.recovered_after_s == 0


def test_a_queue_that_an_outage_leaves_behind_is_worked_off():
    # 12 a second come and 20 / 3 are done for 300 s: 1,600 wait, which drain at 20 - 12 a second, in 200 s
    found = one(scenario(servers=20, service_s=[1.0], timeout_s=1e6, budget_s=5.0), 12.0, plan("slow", factor=3.0))
    assert found.recovered_after_s == pytest.approx(200, abs=60)


def test_a_storm_of_retries_outlasts_its_cause_and_without_retries_it_does_not():
    # each attempt is worked on although its caller has given up, so that three attempts at a load of .7 are 2.1
    rows = np.random.default_rng(1).exponential(1.0, 400)
    storm = {"servers": 10, "service_s": rows, "timeout_s": 6.0, "stops": "nothing", "budget_s": 6.0}
    hard = plan("slow", minutes=5, factor=4.0)
    collapsed = one(scenario(retries=2, **storm), 7.0, hard)
    calm = one(scenario(retries=0, **storm), 7.0, hard)
    assert collapsed.is_steady
    assert (collapsed.recovers, collapsed.recovered_after_s) == (False, None)
    assert calm.recovers
    assert collapsed.after["in_time"] < 0.5 < calm.after["in_time"]


def test_what_is_overloaded_without_a_fault_says_nothing_about_recovery():
    found = one(scenario(servers=5), 6.0, plan("failed", share=0.5))
    assert (found.is_steady, found.recovers) == (False, None)


def test_very_many_requests_shorten_the_run_and_not_what_is_said():
    found = one(
        scenario(fallback=1.0), 100.0, plan("down", minutes=60), crew=Team(1_000, None, 60.0, 600.0, 8.0, 1.0, ())
    )
    assert found.shortened == 5  # 570,000 requests come in 95 minutes, and 120,000 are simulated at most
    assert found.length_s == 3_600
    assert found.degraded == 1
    assert found.people.cases == pytest.approx(360_000, rel=0.02)
    assert found.people.needed > 1_000


def test_few_requests_are_drilled_often_and_hardly_any_say_nothing():
    rare = one(scenario(), 0.01, plan("failed", share=0.5))
    assert (rare.runs, rare.shortened) == (policy.value("drill_most_runs"), 1)
    assert rare.is_known
    none = one(scenario(), 0.0001, plan("failed", share=0.5))
    assert not none.is_known
    assert none.recovers is None


@settings(max_examples=12, deadline=None)
@given(
    kind=st.sampled_from(FAULTS), share=st.floats(0.05, 1.0), servers=st.integers(2, 12), retries=st.integers(0, 3),
    stops=st.sampled_from(["everything", "waiting", "nothing"]), seed=st.integers(0, 9),
)  # fmt: skip
def test_every_request_ends_in_exactly_one_way_and_before_the_fault_nothing_differs(
    kind, share, servers, retries, stops, seed
):
    what = scenario(
        servers=servers, service_s=[0.2, 0.5, 1.5], retries=retries, stops=stops, fallback=0.5, failure=0.02
    )
    found = one(what, 1.5, plan(kind, minutes=1, share=share, factor=3.0), seed=seed)
    course, usual = found.course, found.usual
    assert np.array_equal(sum(getattr(course, way) for way in WAYS), course.requests)
    assert np.array_equal(course.requests, usual.requests)  # the same requests come
    early = course.edge_s[1:] <= -10  # a request may last into the fault
    assert np.array_equal(course.in_time[early], usual.in_time[early])
    assert found.answered + found.late + found.degraded + found.lost == pytest.approx(1)


def test_the_same_seed_gives_the_same_drill():
    first, again = (one(scenario(servers=8), 4.0, plan("failed", share=0.5)) for _ in range(2))
    assert repr(dataclasses.replace(first, course=None, usual=None)) == repr(
        dataclasses.replace(again, course=None, usual=None)
    )
    assert np.array_equal(first.course.in_time, again.course.in_time)
