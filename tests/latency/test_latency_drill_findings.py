"""Findings of the drills: what a simulation can and cannot say of R5 and R7, and what is missing."""

import pytest
from test_latency_budget import LOAD, latency, traced

from flightready.evidence import Grade, State
from flightready.study.store import Store

WORKS = "policy: {timeout: 20 s, retries: 1, fallback: queue_for_human, fallback_works: 99.9%}"
SLOW = latency(f"limits: {{concurrency: 40}}, {WORKS}")


def finding(result, name):
    return next((f for f in result.findings if f.id == f"latency.{name}"), None)


@pytest.mark.parametrize(
    ("rule", "state", "said"),
    [
        ("{timeout: 8 s, retries: 1, fallback: queue_for_human}", State.UNKNOWN, "Declaring is not testing"),
        ("{timeout: 8 s}", State.UNKNOWN, "no fallback"),
        ("{fallback: none}", State.FAIL, "no fallback"),
        ("{}", State.UNKNOWN, "Neither time-out, retries nor fallback"),
    ],
)
def test_a_fallback_that_is_only_declared_is_not_known_to_work(run, rule, state, said):
    found = finding(run(f"latency: {{policy: {rule}}}\n").drills, "fallback")
    assert found.state is state
    assert said in found.sentence
    assert found.questions == ("R7",)


def test_what_is_missing_is_named(run):
    found = run("").drills
    assert (found.drills, found.per_second) == ((), None)
    assert {a.key for a in found.absences} == {"spans", "workload", "call_policy", "availability"}
    assert finding(found, "no_timeout") is None  # nobody knows how many would wait


def test_a_drill_in_simulation_answers_neither_r7_nor_r5_where_a_typed_fallback_carries_it(run, tmp_path):
    found = run(LOAD + SLOW, spans=traced()).drills
    assert len(found.known) == len(found.drills) == 6
    fallback = finding(found, "fallback")
    assert fallback.state is State.UNKNOWN
    assert "staging or production" in fallback.decides
    assert "In simulation at the planned peak each request of 6 drills ended in exactly one way" in fallback.sentence
    storm = finding(found, "storm_429")
    assert storm.interval.high <= storm.threshold  # kept, as far as the typed 99.9 % goes
    assert storm.state is State.UNKNOWN
    assert "staging or production" in storm.decides
    assert (storm.questions, storm.grade, storm.rule) == (("R5",), Grade.ESTIMATED, "drill_lost_share")
    assert storm.interval.low <= storm.value <= storm.interval.high
    assert found.crew is not None
    assert any(d.people is not None for d in found.known)
    store = Store(tmp_path / "store")
    store.put("drills-test", found)
    assert repr(store.get("drills-test")) == repr(found)


def test_without_a_fallback_a_storm_loses_requests(run):
    found = run(LOAD + SLOW.replace("queue_for_human", "clear_error"), spans=traced()).drills
    storm = finding(found, "storm_429")
    assert (storm.state, storm.decides) == (State.FAIL, "")
    assert storm.value > 0.5  # .8 x .8 with one retry
    assert all(d.people is None for d in found.drills)


def test_a_fallback_of_which_nobody_says_how_often_it_works_decides_nothing(run):
    found = run(LOAD + SLOW.replace(", fallback_works: 99.9%", ""), spans=traced(n=100)).drills
    storm = finding(found, "storm_429")
    assert storm.state is State.UNKNOWN
    assert "latency.policy.fallback_works" in storm.decides


def test_without_a_time_out_a_stuck_call_is_a_finding_by_itself(run):
    found = run(LOAD + latency("limits: {concurrency: 40}"), spans=traced()).drills
    missing = finding(found, "no_timeout")
    assert missing.state is State.UNKNOWN
    assert "without a time-out a stuck call waits for ever" in missing.sentence
    assert [d.key for d in found.drills if not d.ends] == ["timeout_storm"]


def test_a_pilot_that_does_not_recover_fails_r7_although_it_is_only_simulated(run):
    policy = "{timeout: 5 s, timeout_stops: nothing, retries: 4, backoff: 100 ms, fallback: clear_error}"
    found = run(LOAD + latency(f"limits: {{concurrency: 13}}, policy: {policy}"), spans=traced(scatter=0.1)).drills
    never = [d for d in found.known if d.recovers is False]
    assert never
    assert finding(found, "fallback").state is State.FAIL
    assert "does not recover by itself" in finding(found, "fallback").sentence
