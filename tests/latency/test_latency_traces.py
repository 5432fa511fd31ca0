"""Whole requests from spans: times, stages, failures, and what is odd in the traces."""

import numpy as np
import pandas as pd
import pytest
from latency_spans import frame, request, span

from flightready.errors import InputError
from flightready.latency.stage_names import stage_name
from flightready.latency.traces import from_calls, from_spans

WHERE = "assessment.yaml, line 3, latency.spans, spans.jsonl"


def test_sequential_stages_add_up_with_the_time_between_them():
    found = from_spans(
        frame(
            span("t", "request", 0, 10, span_id="root"),
            span("t", "fetch", 1, 3, parent="root"),
            span("t", "model", 4, 9, parent="root"),
        ),
        where=WHERE,
    )
    assert found.stages == ("fetch", "model")
    assert found.total_s == pytest.approx([10])
    assert found.stage_s[0] == pytest.approx([2, 5])
    assert found.part_s[0] == pytest.approx([2, 5, 3])
    assert found.problems == ()


def test_parallel_stages_share_the_time_they_have_in_common():
    # a 0-6 and b 2-8 overlap for 4 of 8 seconds; repeated calls of one stage count once
    found = from_spans(
        frame(
            span("t", "request", 0, 8, span_id="root"),
            span("t", "a", 0, 6, parent="root"),
            span("t", "b", 2, 8, parent="root"),
            span("t", "b", 3, 5, parent="root", span_id="b-again"),
        ),
        where=WHERE,
    )
    assert found.stage_s[0] == pytest.approx([6, 6])
    assert found.part_s[0] == pytest.approx([4, 4, 0])


def test_parts_add_up_to_the_time_of_the_request_whatever_the_overlaps():
    rng = np.random.default_rng(5)
    rows = []
    for i in range(40):
        length = rng.uniform(1, 9)
        rows.append(span(f"t{i}", "request", 10 * i, 10 * i + length, span_id=f"root{i}"))
        for j in range(rng.integers(0, 7)):
            a, b = np.sort(rng.uniform(-1, length + 1, 2))
            rows.append(span(f"t{i}", f"s{j % 3}", 10 * i + a, 10 * i + b, parent=f"root{i}", span_id=f"s{i}-{j}"))
    found = from_spans(frame(*rows), where=WHERE)
    assert found.part_s.sum(axis=1) == pytest.approx(found.total_s, abs=1e-5)
    assert (found.part_s >= 0).all()
    assert (found.part_s[:, :-1] <= found.stage_s + 1e-9).all()


def test_a_failed_request_never_answered_but_kept_its_time():
    found = from_spans(frame(*request(1, {"a": 2.0}), *request(2, {"a": 15.0}, ok=False)), where=WHERE)
    assert found.n_failed == 1
    assert found.total_s == pytest.approx([2, 15])
    assert np.isinf(found.answer_s[1])


def test_a_failed_step_of_an_answered_request_is_not_a_failed_request():
    rows = request(1, {"a": 2.0})
    rows[1]["status_ok"] = False
    assert from_spans(frame(*rows), where=WHERE).n_failed == 0


def test_several_roots_last_from_first_start_to_last_end():
    found = from_spans(frame(span("t", "one", 0, 3), span("t", "two", 2, 7)), where=WHERE)
    assert found.total_s == pytest.approx([7])
    assert [(p.key, p.count) for p in found.problems] == [("several_roots", 1)]


def test_oddities_are_counted():
    found = from_spans(
        frame(
            span("t", "request", 0, 5, span_id="root"),
            span("t", "late", 4, 6, parent="root"),
            span("t", "lost", 1, 2, parent="elsewhere"),
            span("cut", "orphan", 0, 1, parent="gone"),
        ),
        where=WHERE,
    )
    counted = {p.key: (p.count, p.of) for p in found.problems}
    assert counted == {
        "trace_without_root": (1, 2), "missing_parent": (2, 3), "child_outside_parent": (1, 1),
        "after_the_answer": (1, 3),
    }  # fmt: skip
    assert found.share_of("trace_without_root") == 0.5
    # what goes on after the answer is cut off
    assert found.part_s[0] == pytest.approx([1, 4])


def test_counts_of_the_reader_are_kept():
    spans = frame(*request(1, {"a": 1.0}))
    spans.attrs = {"unfinished_spans": 3, "repeated_spans": 0}
    found = from_spans(spans, where=WHERE)
    assert [(p.key, p.count) for p in found.problems] == [("unfinished_span", 3)]


def test_a_wrapper_around_everything_is_looked_through():
    rows = []
    for i in range(20):
        rows += [
            span(f"t{i}", "gateway", 0, 10, span_id=f"g{i}"),
            span(f"t{i}", "handler", 1, 9, parent=f"g{i}", span_id=f"h{i}"),
            span(f"t{i}", "search", 1, 4, parent=f"h{i}"),
            span(f"t{i}", "model", 4, 9, parent=f"h{i}"),
        ]
    found = from_spans(frame(*rows), where=WHERE)
    assert found.stages == ("search", "model")
    assert found.part_s[0] == pytest.approx([3, 5, 2])


def test_small_stages_are_shown_together():
    stages = {f"stage {chr(97 + i)}": 10.0 - 0.5 * i for i in range(12)}
    found = from_spans(frame(*request(1, stages)), where=WHERE)
    assert len(found.stages) == 8
    assert found.stages[-1] == "other stages"
    assert found.part_s.sum() == pytest.approx(sum(stages.values()))


def test_kinds_of_requests_are_kept_apart():
    rows = [span("a", "GET /x", 0, 1), span("b", "GET /y", 0, 1), span("c", "GET /y", 0, 1)]
    found = from_spans(frame(*rows), where=WHERE)
    assert found.kinds == ("GET /y", "GET /x")
    assert sorted(found.kind) == [0, 0, 1]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("GET /users/anna@example.com/orders/4711", "GET /users/{mail}/orders/{id}"),
        ("POST /v1/tickets/9f8e7d6c5b4a", "POST /v1/tickets/{id}"),
        ("job 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "job {id}"),
        ("GET /search?q=my+secret", "GET /search"),
        ("/api/v1/basicservice/travels", "/api/v1/basicservice/travels"),
        ("facade", "facade"),
        ("", "(no name)"),
        ("x" * 200, "x" * 59 + "…"),
    ],
)
def test_names_show_no_identifiers(raw, shown):
    assert stage_name(raw) == shown


def test_traces_without_any_root_are_refused():
    with pytest.raises(InputError, match=r"line 3.*no trace has a root span.*To cure it: export whole traces"):
        from_spans(frame(span("t", "a", 0, 1, parent="gone")), where=WHERE)


def test_a_span_that_ends_before_it_starts_names_its_trace():
    with pytest.raises(InputError, match="trace t: a span ends before it starts, and 1 more"):
        from_spans(frame(span("t", "a", 2, 1), span("u", "b", 2, 1)), where=WHERE)


def test_a_span_without_a_time_names_its_trace():
    with pytest.raises(InputError, match="trace t: a span has no start or end"):
        from_spans(frame(span("t", "a", 0, float("nan"))), where=WHERE)


def calls(*rows):
    made = pd.DataFrame(rows, columns=["time", "outcome", "attempt", "status", "latency_s"])
    return made.assign(time=pd.to_datetime(made["time"], utc=True))


def test_attempts_of_one_request_add_up_and_the_last_one_decides():
    found = from_calls(
        calls(
            ("2026-09-14T09:00:00Z", "T1", 1, "error:429", 0.5),
            ("2026-09-14T09:00:02Z", "T1", 2, "ok", 2.0),
            ("2026-09-14T09:00:01Z", "", 1, "incomplete", 4.0),
            ("2026-09-14T09:00:03Z", "", 1, "ok", 3.0),
        )
    )
    assert found.n == 3
    assert sorted(found.total_s) == [2.5, 3.0, 4.0]
    assert found.n_failed == 1
    assert found.total_s[~found.answered] == [4.0]


def test_untimed_calls_are_left_out_and_counted():
    found = from_calls(calls(("2026-09-14T09:00:00Z", "", 1, "ok", 1.0), ("2026-09-14T09:00:01Z", "", 1, "ok", np.nan)))
    assert found.n == 1
    assert [(p.key, p.count, p.of) for p in found.problems] == [("request_without_time", 1, 2)]
    assert from_calls(calls(("2026-09-14T09:00:00Z", "", 1, "ok", np.nan))) is None


def test_calls_without_a_time_of_day_are_still_timed():
    found = from_calls(calls((None, "", 1, "ok", 1.0)))
    assert np.isnan(found.started_s).all()
