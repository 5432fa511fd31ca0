"""Names of stages as the assessment states them, and what is told when one fits nothing."""

import pytest
from latency_spans import frame, span

from flightready.errors import InputError
from flightready.latency.traces import from_spans

ROWS = [
    span("t", "POST /ask", 0, 10, span_id="root"),
    span("t", "vector-search 4711aa", 0, 2, parent="root"),
    span("t", "rerank", 2, 3, parent="root"),
    span("t", "planner", 3, 9, parent="root", span_id="planner"),
    span("t", "chat gpt-4.1", 4, 8, parent="planner", span_id="chat"),
    span("t", "http", 4.5, 7, parent="chat"),
    span("t", "write", 9, 10, parent="root"),
]


def read(stages, rows=ROWS):
    return from_spans(frame(*rows), where="spans.jsonl", stage_names=stages, names_where="assessment.yaml, line 9")


def parts(found):
    return dict(zip((*found.stages, "between"), found.part_s[0].round(6).tolist(), strict=True))


def test_several_names_of_spans_are_one_stage():
    found = read({"vector-search *": "retrieval", "RERANK": "retrieval"})
    assert parts(found) == {"retrieval": 3, "planner": 6, "write": 1, "between": 0}
    assert found.copies[0].tolist() == [2, 1, 1]
    assert [(n.span, n.stage, n.spans, n.is_stated) for n in found.named] == [
        ("rerank", "retrieval", 1, True), ("vector-search {id}", "retrieval", 1, True),
        ("planner", "planner", 1, False), ("write", "write", 1, False),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["vector-search 4711aa", "vector-search {id}", "vector*"])
def test_a_name_may_be_written_as_in_the_file_or_as_it_is_shown(name):
    assert parts(read({name: "retrieval"}))["retrieval"] == 2


def test_a_name_in_full_counts_before_a_pattern_and_the_first_pattern_before_the_next():
    for stages in ({"*": "rest", "rerank": "order"}, {"rer*": "order", "*": "rest"}):
        assert parts(read(stages)) == {"rest": 9, "order": 1, "between": 0}


def test_a_deeper_step_that_is_named_is_taken_off_the_stage_around_it():
    found = read({"chat *": "model"})
    assert parts(found) == {"vector-search {id}": 2, "rerank": 1, "planner": 2, "model": 4, "write": 1, "between": 0}
    assert found.critical_s[0].tolist() == pytest.approx(found.part_s[0].tolist())


def test_a_pattern_that_fits_stages_does_not_reach_further_down():
    assert "model" not in read({"*": "rest"}).stages


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ({"rerankk": "x"}, r"assessment.yaml, line 9: latency.stage_names: 'rerankk' fits no step.*mean 'rerank'\?"),
        ({"tool_*": "x"}, r"'tool_\*' fits no step of the traces. Valid: chat gpt-4.1, http, planner, rerank"),
        ({"POST /ask": "x"}, "'POST /ask' is the request itself, which is no stage"),
        ({"rer*": "x", "rerank*": "y"}, r"every step that 'rerank\*' fits is named by another key"),
    ],
)
def test_a_name_that_fits_nothing_is_told_with_its_neighbours(stages, message):
    with pytest.raises(InputError, match=message) as caught:
        read(stages)
    assert "4711aa" not in str(caught.value)


def test_services_are_named_by_their_service_and_a_step_within_by_its_own_name():
    rows = [
        span("a", "POST", 0, 10, span_id="r", service="gateway"),
        span("a", "filter", 0, 10, parent="r", service="gateway"),
        span("a", "call", 0, 10, parent="r", span_id="c", service="gateway"),
        span("a", "/orders", 1, 9, parent="c", span_id="o", service="orders"),
        span("a", "SELECT", 3, 7, parent="o", span_id="q", service="orders"),
    ]
    found = read({"orders": "order service", "select": "database"}, rows)
    assert parts(found) == {"gateway": 2, "order service": 4, "database": 4, "between": 0}
