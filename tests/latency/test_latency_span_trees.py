"""Clocks that differ, work that goes on after the answer, first chunks: what is repaired, what is cut, what is counted."""

import numpy as np
import pytest
from latency_spans import frame, request, span

from flightready.latency.traces import from_spans


def read(*rows):
    found = from_spans(frame(*rows), where="spans.jsonl")
    return found, {p.key: (p.count, p.of) for p in found.problems}


def chain(ahead, *, service="stock"):
    """A request that calls a service whose clock is ahead by some seconds, and what that one calls itself."""
    return [
        span("t", "request", 0, 10, span_id="r", service="shop"),
        span("t", "check", 2, 3, parent="r", service="shop"),
        span("t", "stock", 3 - ahead, 7 - ahead, parent="r", span_id="s", service=service),
        span("t", "query", 4 - ahead, 6 - ahead, parent="s", service=service),
    ]


def test_a_service_that_starts_before_its_caller_is_moved_with_all_that_it_does():
    found, counted = read(*chain(5))
    assert counted == {"child_outside_parent": (1, 3), "clock_ahead": (1, 3)}
    # moved by two seconds, the least that is possible: its four seconds are kept, cut at its caller they would be two
    assert dict(zip(found.stages, found.stage_s[0], strict=True)) == pytest.approx({"stock": 4, "check": 1}, abs=1e-5)


def test_what_starts_too_early_on_the_same_clock_is_cut():
    found, counted = read(*chain(5, service="shop"))
    assert counted == {"child_outside_parent": (1, 3)}
    assert dict(zip(found.stages, found.stage_s[0], strict=True))["stock"] == pytest.approx(2, abs=1e-5)


def test_a_clock_that_is_right_again_further_down_is_not_moved():
    rows = [*chain(5), span("t", "third", 5, 6, parent="s", service="third")]
    assert read(*rows)[1]["clock_ahead"] == (1, 4)


def test_a_difference_below_the_tolerance_of_clocks_is_none():
    assert read(*chain(3 + 1e-6))[1] == {}


def test_work_after_the_answer_is_counted_and_no_part_of_the_request():
    found, counted = read(
        span("t", "request", 0, 5, span_id="r"), span("t", "model", 0, 5, parent="r"),
        span("t", "audit", 4, 60, parent="r", span_id="a"), span("t", "store", 30, 40, parent="a"),
    )  # fmt: skip
    assert counted == {"child_outside_parent": (1, 3), "after_the_answer": (2, 3)}
    assert found.total_s.tolist() == [5]
    assert found.part_s.sum() == pytest.approx(5)


def test_requests_that_all_start_at_one_moment_have_no_time_of_day():
    found, counted = read(*request(1, {"a": 1.0}), *request(2, {"a": 2.0}))
    assert np.isnan(found.started_s).all()
    assert counted == {"same_start": (2, 2)}
    assert sorted(found.total_s) == [1, 2]


def test_the_first_chunk_is_that_of_the_last_streamed_step():
    rows = request(1, {"plan": 2.0, "answer": 3.0})
    rows[1]["first_s"], rows[2]["first_s"] = rows[1]["start_s"] + 0.5, rows[2]["start_s"] + 0.25
    found, _ = read(*rows, *request(2, {"answer": 1.0}, at=10))
    assert found.first_s[0] == pytest.approx(2.25)
    assert np.isnan(found.first_s[1])
    assert found.n_first == 1


def test_an_answer_that_is_streamed_after_its_request_has_ended_has_its_first_chunk_later():
    rows = [span("t", "request", 0, 1, span_id="r"), span("t", "stream", 0, 5, parent="r") | {"first_s": 0.0}]
    rows[1]["first_s"] = rows[0]["start_s"] + 2
    found, _ = read(*rows)
    assert (found.total_s[0], found.first_s[0]) == (pytest.approx(1), pytest.approx(2))


def test_a_request_of_one_span_with_no_time_beside_others_is_still_a_request():
    found, _ = read(span("a", "request", 0, 0), span("b", "request", 1, 2))
    assert (found.n, found.stages, found.part_s.tolist()) == (2, (), [[0], [1]])


def test_children_of_each_other_do_not_stop_the_reading():
    found, _ = read(
        span("t", "request", 0, 5, span_id="r"), span("t", "a", 1, 2, parent="b", span_id="a", service="x"),
        span("t", "b", 0, 2, parent="a", span_id="b", service="y"), span("t", "model", 0, 5, parent="r"),
    )  # fmt: skip
    assert found.stages == ("model",)
