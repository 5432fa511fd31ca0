"""A run of calls: nothing is asked twice, bounds hold by an injected clock, and a kill loses no answer."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time

import pytest
from calling_pilots import StepClock, answer, pilot_in, served
from hypothesis import given
from hypothesis import strategies as st

from flightready import policy
from flightready.calling.answers import Answer, Answers, Failure, failed, record_key
from flightready.calling.asking import ask
from flightready.calling.cache import AnswerCache
from flightready.calling.clock import Pace
from flightready.calling.pilot import channel, pilot_digest
from flightready.calling.terms import Bounds
from flightready.errors import InputError

MANY = Bounds(most_calls=10_000, longest_run_s=1e9)


class Told:
    """A channel that answers with its script, takes so long for each, and counts what it was asked."""

    def __init__(self, reply, *, clock=None, takes_s=0.0):
        self.reply, self.clock, self.takes_s, self.asked, self.closed = reply, clock, takes_s, [], False
        self.asked_to_wait_s = 0.0

    def ask(self, record):
        self.asked.append(record["text"])
        if self.clock:
            self.clock.seconds += self.takes_s
        return self.reply(record["text"])

    def close(self):
        self.closed = True


def records(n: int, start: int = 0):
    return [{"text": str(i)} for i in range(start, start + n)]


def run(cache, asked, way, bounds=MANY, clock=None, **options):
    return ask(asked, channel=way, cache=cache, bounds=bounds, clock=clock or StepClock(), **options)


def test_a_record_is_asked_once_whatever_its_order_and_number(tmp_path):
    cache, way = AnswerCache(tmp_path, "p"), Told(lambda t: Answer(t))
    done = run(cache, [*records(3), *records(3)], way)
    assert (done.known, done.asked, way.asked) == (0, 3, ["0", "1", "2"])
    again = run(cache, records(5), way)
    assert (again.known, again.asked, way.asked) == (3, 2, ["0", "1", "2", "3", "4"])
    assert [cache.answers().of(r).text for r in records(5)] == ["0", "1", "2", "3", "4"]
    assert way.closed


def test_another_pilot_has_its_own_answers(tmp_path):
    way = Told(lambda t: Answer(t))
    run(AnswerCache(tmp_path, "p" * 40), records(2), way)
    assert run(AnswerCache(tmp_path, "q" * 40), records(2), way).asked == 2


def test_a_failed_call_is_kept_as_such_and_asked_again_by_the_next_run(tmp_path):
    cache = AnswerCache(tmp_path, "p")
    replies = iter([Answer("a"), failed(Failure.STATUS, "HTTP 500"), Answer("b")])
    done = run(cache, records(2), Told(lambda t: next(replies)))
    assert done.failures == {"answered with an error (HTTP 500)": 1}
    assert cache.answers().of({"text": "1"}).failure is Failure.STATUS
    again = run(cache, records(2), Told(lambda t: next(replies)))
    assert (again.known, again.asked, again.failed) == (1, 1, 0)
    assert cache.answers().of({"text": "1"}) == Answer("b")


def test_calls_are_spaced_evenly(tmp_path):
    clock = StepClock()
    way = Told(lambda t: Answer(t), clock=clock, takes_s=0.5)
    run(AnswerCache(tmp_path, "p"), records(4), way, Bounds(99, 1e9, per_minute=30), clock)
    assert clock.slept == [1.5, 1.5, 1.5]  # a call every two seconds, of which it takes half a second itself


@given(st.lists(st.floats(0, 5), min_size=2, max_size=40), st.floats(1, 600))
def test_no_call_starts_earlier_than_its_pace_allows(takes, per_minute):
    clock = StepClock()
    pace, starts = Pace(per_minute, clock), []
    for seconds in takes:
        pace.wait()
        starts.append(clock.moment())
        clock.seconds += seconds
    gaps = [b - a for a, b in itertools.pairwise(starts)]
    assert min(gaps) >= 60 / per_minute - 1e-6


def test_a_service_that_refuses_makes_the_next_call_wait_as_long_as_it_says(tmp_path):
    clock = StepClock()
    way = Told(lambda t: failed(Failure.REFUSED) if t == "0" else Answer(t), clock=clock)
    way.asked_to_wait_s = 7.0
    run(AnswerCache(tmp_path, "p"), records(2), way, clock=clock)
    assert clock.slept == [7.0]
    way.asked_to_wait_s = 1e9
    run(AnswerCache(tmp_path, "q"), records(2), way, clock=clock)
    assert clock.slept[1:] == [policy.value("call_longest_pause_s")]


def test_a_server_says_how_long_to_wait(tmp_path):
    with served(lambda h, r: answer(h, {}, status=429, Retry_After="12")) as (url, _):
        way = channel(pilot_in(tmp_path, url=url), clock=StepClock())
        assert way.ask({"text": "a"}).failure is Failure.REFUSED
        assert way.asked_to_wait_s == 12.0
        way.close()


def test_a_run_ends_at_its_time_and_at_its_number_and_the_next_goes_on(tmp_path):
    clock, cache = StepClock(), AnswerCache(tmp_path, "p")
    way = Told(lambda t: Answer(t), clock=clock, takes_s=10)
    timed = run(cache, records(9), way, Bounds(99, longest_run_s=25), clock)
    assert (timed.asked, timed.left) == (3, 6) and "the longest that is allowed" in timed.stopped
    counted = run(cache, records(9), way, Bounds(2, 1e9), clock)
    assert (counted.known, counted.asked, counted.left) == (3, 2, 4) and "2 calls at most" in counted.stopped
    assert way.asked == ["0", "1", "2", "3", "4"]


def test_a_pilot_that_never_answers_is_given_up(tmp_path):
    way = Told(lambda t: failed(Failure.RAISED, "KeyError, line 3"))
    done = run(AnswerCache(tmp_path, "p"), records(500), way)
    n = policy.value("call_failures_before_giving_up")
    assert (done.asked, done.failed, done.left) == (n, n, 500 - n)
    assert done.stopped == f"the first {n} calls all failed"
    assert done.first_reason == "the function raised an error (KeyError, line 3)"


def test_a_pilot_that_answered_once_is_not_given_up(tmp_path):
    way = Told(lambda t: Answer(t) if t == "0" else failed(Failure.TIMEOUT))
    assert run(AnswerCache(tmp_path, "p"), records(60), way).asked == 60


def test_progress_says_how_many_seconds_are_left(tmp_path):
    clock, told = StepClock(), []
    way = Told(lambda t: Answer(t), clock=clock, takes_s=2)
    run(AnswerCache(tmp_path, "p"), records(5), way, clock=clock, tell=told.append)
    assert [(p.done, p.total, p.remaining_s) for p in told] == [(1, 5, 8), (2, 5, 6), (3, 5, 4), (4, 5, 2), (5, 5, 0)]


def test_answers_are_for_the_owner_only_and_hold_no_record(tmp_path):
    cache = AnswerCache(tmp_path / "store" / "answers", "p")
    run(cache, [{"text": "m.keller@example.com"}], Told(lambda t: Answer("billing")))
    assert cache.path.stat().st_mode & 0o777 == 0o600
    assert cache.path.parent.stat().st_mode & 0o777 == 0o700
    assert "keller" not in cache.path.read_text()


def test_half_a_line_costs_one_answer_only(tmp_path):
    cache = AnswerCache(tmp_path, "p")
    run(cache, records(3), Told(lambda t: Answer(t)))
    content = cache.path.read_bytes()
    cache.path.write_bytes(content[:-9])
    assert len(cache.answers()) == 2
    assert run(cache, records(3), Told(lambda t: Answer(t))).asked == 1
    assert [cache.answers().of(r).text for r in records(3)] == ["0", "1", "2"]


@pytest.mark.parametrize("line", ['["k", 5, null, null, ""]', '["k", "a", "sure", null, ""]', "[" * 2000,
                                  '["k", "\\ud800", 0.5, null, ""]',
                                  '["k", "a", 0.5, ["x"], ""]', '{"k": 1}'])  # fmt: skip
def test_a_line_of_kept_answers_that_was_changed_is_left_out(tmp_path, line):
    cache = AnswerCache(tmp_path, "p")
    cache.add("kept", Answer("a", 0.5))
    cache.close()
    with cache.path.open("a") as stream:
        stream.write(f"{line}\n")
    assert set(cache.answers().held) == {"kept"} and len(cache.answers().digest) == 64


def test_a_store_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "answers").write_text("a file")
    with pytest.raises(InputError, match="answers of the pilot cannot be kept"):
        run(AnswerCache(tmp_path / "answers", "p"), records(1), Told(lambda t: Answer(t)))


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=8) | st.none(), max_size=4))
def test_the_key_of_a_record_depends_on_content_only(record):
    turned = dict(reversed(record.items()))
    assert record_key("p", record) == record_key("p", turned) != record_key("q", record)
    assert record_key("p", {**record, "longer name": None}) != record_key("p", record)


def test_the_digest_of_the_answers_changes_with_any_of_them():
    held = {"k": Answer("a"), "l": Answer("b", 0.5)}
    first = Answers("p", held).digest
    assert Answers("p", dict(reversed(held.items()))).digest == first
    assert Answers("p", {**held, "l": Answer("b", 0.6)}).digest != first
    assert Answers("p", {**held, "l": failed(Failure.TIMEOUT)}).digest != first


_RUN = """
import sys
from pathlib import Path
from flightready.assessment import load
from flightready.calling.asking import ask
from flightready.calling.cache import AnswerCache
from flightready.calling.clock import WallClock
from flightready.calling.pilot import channel, pilot_digest
from flightready.calling.terms import Bounds
pilot, clock = load(sys.argv[1]), WallClock()
cache = AnswerCache(Path(sys.argv[2]), pilot_digest(pilot))
records = [{"text": str(i)} for i in range(40)]
done = ask(records, channel=channel(pilot, clock=clock), cache=cache, bounds=Bounds(100, 1e9), clock=clock)
print(done.known, done.asked)
"""
_COUNTS = """
import os, time
def answer(record):
    with open("asked.txt", "a") as asked:
        asked.write(record["text"] + "\\n")
    if not os.path.exists("quick"):
        time.sleep(0.05)
    return record["text"]
"""


def test_a_run_that_is_killed_is_gone_on_with(tmp_path):
    pilot_in(tmp_path, _COUNTS)
    log = tmp_path / "asked.txt"
    command = [sys.executable, "-c", _RUN, str(tmp_path), str(tmp_path / "answers")]
    first = subprocess.Popen(command, stdout=subprocess.PIPE)
    for _ in range(600):
        if log.exists() and len(log.read_text().split()) >= 5:
            break
        time.sleep(0.02)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.stdout.close()
    time.sleep(0.2)  # the function's own process ends by itself when nobody asks any more
    before = log.read_text().split()
    assert 5 <= len(before) < 40
    (tmp_path / "quick").touch()
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    known, asked = (int(n) for n in done.stdout.split())
    assert (known, known + asked) == (known, 40) and known >= len(before) - 1
    after = log.read_text().split()
    assert len(after) == len(before) + asked and set(after) == {str(i) for i in range(40)}
    kept = AnswerCache(tmp_path / "answers", pilot_digest(pilot_in(tmp_path, _COUNTS))).answers()
    assert [kept.of({"text": str(i)}).text for i in range(40)] == [str(i) for i in range(40)]
