"""People as the fallback: who is there, how a backlog grows and is worked off, and how many it takes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.assessment import load
from flightready.latency.fallback import Team, people_load, team

REVIEW = "evaluation: {review: {capacity_per_day: 2_500, time: 90 s, begin_within: 10 minutes, hours_per_day: 12, at_work: 75%}}\n"


def crew(people=5, case_s=60.0, within_s=600.0):
    return Team(people, None, case_s, within_s, 8.0, 0.75, ())


def pilot(tmp_path, text):
    (tmp_path / "assessment.yaml").write_text(f"name: pilot\n{text}")
    return load(tmp_path)


def test_the_team_is_what_the_stated_capacity_takes(tmp_path):
    found = team(pilot(tmp_path, REVIEW + "latency: {policy: {fallback: queue_for_human}}\n"))
    assert (found.people, found.per_day) == (
        5,
        2_500,
    )  # 2,500 cases of 90 s are 62.5 hours of work, in a day of 12 hours
    assert (found.case_s, found.begin_within_s, found.assumed) == (90.0, 600.0, ())


def test_what_is_not_stated_is_taken_from_the_policy_and_said(tmp_path):
    found = team(pilot(tmp_path, "latency: {policy: {fallback: queue_for_human}}\n"))
    assert found.people is None
    assert found.assumed == ("time", "begin_within", "hours_per_day", "at_work")


def test_another_fallback_asks_nobody(tmp_path):
    assert team(pilot(tmp_path, REVIEW + "latency: {policy: {fallback: cached_answer}}\n")) is None


def test_a_backlog_grows_and_drains_as_a_fluid_does():
    # 2 cases a second for 1,000 s at 50 people who do one a minute each: 2,000 come, 833 are done, so that 1,167 wait;
    # they are worked off in 1,167 min / 50 = 1,400 s (the fluid limit; chance moves it by a few per cent)
    arrival_s = np.arange(0.0, 1_000.0, 0.5)
    found = people_load(crew(50), arrival_s, end_s=1_000.0, seed=1, name="")
    assert found.cases == 2_000
    assert found.most_waiting == pytest.approx(1_167, rel=0.06)
    assert found.backlog_s == pytest.approx(1_167 * 60, rel=0.08)
    assert found.worked_off_s == pytest.approx(1_400, rel=0.08)


def test_the_people_needed_keep_the_promise_and_one_fewer_does_not():
    arrival_s = np.arange(0.0, 1_000.0, 0.5)
    needed = people_load(crew(None), arrival_s, end_s=1_000.0, seed=1, name="").needed
    # the last of 9 in 10 cases may wait 10 minutes: c (900 + 600) s / 60 s = 1,800 cases, so about 72 people
    assert needed == pytest.approx(72, abs=6)


def test_who_is_not_counted_is_not_said_to_keep_up():
    found = people_load(crew(None), np.zeros(10), end_s=0.0, seed=1, name="")
    assert (found.most_waiting, found.backlog_s, found.worked_off_s) == (None, None, None)
    assert people_load(crew(), np.zeros(0), end_s=0.0, seed=1, name="") is None


@settings(max_examples=15, deadline=None)
@given(people=st.integers(1, 12), cases=st.integers(1, 60), seed=st.integers(0, 99))
def test_more_people_are_never_slower(people, cases, seed):
    arrival_s = np.sort(np.random.default_rng(seed).random(cases) * 600)
    few, more = (people_load(crew(c), arrival_s, end_s=600.0, seed=seed, name="") for c in (people, people + 1))
    assert more.most_waiting <= few.most_waiting
    assert more.worked_off_s <= few.worked_off_s + 1e-9
    assert more.needed == few.needed >= 1
