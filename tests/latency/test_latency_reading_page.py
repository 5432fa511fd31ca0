"""The page that shows how the traces were read, to be confirmed."""

from types import SimpleNamespace

import pytest
from latency_spans import request, span
from ruamel.yaml import YAML

from flightready.latency.oddities import Problem
from flightready.narrative.latency import problems_sentences
from flightready.pages.latency import stage_names


def side_by_side(i):
    at = 10.0 * i
    return [
        span(f"t{i}", "request", at, at + 5, span_id=f"r{i}"), span(f"t{i}", "search", at, at + 2, parent=f"r{i}"),
        span(f"t{i}", "GET /users/anna@example.com", at, at + 2, parent=f"r{i}"),
        *([span(f"t{i}", "model: chat", at + 2, at + 5, parent=f"r{i}")] if i % 2 else []),
    ]  # fmt: skip


SPANS = [row for i in range(4) for row in side_by_side(i)]


def test_stages_are_shown_in_their_course_with_lines_to_state_them(run):
    study = run("latency: {spans: spans.jsonl}", spans=SPANS)
    words, names, uses, lines = stage_names(study).parts
    assert words.paragraphs[0] == (
        "As the traces show it, a request makes 'GET /users/{mail}' and 'search' side by side, then 'model: chat' "
        "(in 50 % of the requests)."
    )
    assert "taken from the traces" in words.paragraphs[1]
    assert ("search", "search", "the traces", "4", "100 %") in [tuple(row) for row in names.rows]
    assert {row[2] for row in uses.rows} == {"search", "GET /users/{mail}", ""}
    stated = YAML(typ="safe").load(lines.text)["latency"]["stage_names"]
    assert set(stated) == {"search", "GET /users/{mail}", "model: chat"}
    assert "anna" not in "".join(map(repr, stage_names(study).parts))


def test_the_lines_to_copy_state_what_is_there(run):
    before = run("latency: {spans: spans.jsonl}", spans=SPANS)
    lines = stage_names(before).parts[3].text
    after = run(lines + "\n  spans: spans.jsonl", spans=SPANS)
    assert [s.name for s in after.latency.stages] == [s.name for s in before.latency.stages]
    assert "names every stage" in stage_names(after).parts[0].paragraphs[1]
    assert len(stage_names(after).parts) == 3


def test_only_some_stated(run):
    study = run("latency: {spans: spans.jsonl, stage_names: {search: find}}", spans=SPANS)
    assert "The names of the other stages are taken" in repr(stage_names(study))


def test_without_traces_the_page_says_what_to_bring(run):
    assert "latency.spans" in repr(stage_names(run("")))


def test_oddities_of_reading_are_told_in_words(run):
    rows = [*request(1, {"model": 2.0}), *request(2, {"model": 2.0}, at=5)]
    rows += [span("t1", "late", 1, 9, parent="t1-root"), span("t1", "early", -1, 1, parent="t1-root", service="audit")]
    told = " ".join(problems_sentences(run("latency: {spans: spans.jsonl}", spans=rows).latency))
    assert "1 of 4: step goes on after the answer" in told
    assert "1 of 4: step of another service starts before its caller: the clocks differ" in told


@pytest.mark.parametrize("key", ["doubled_span", "impossible_first", "same_start", "clock_ahead", "after_the_answer"])
def test_every_oddity_has_its_words_for_one_and_for_many(key):
    one, many = (problems_sentences(SimpleNamespace(problems=(Problem(key, n, 9),)))[0] for n in (1, 2))
    assert one.removeprefix("1 of 9: ") != many.removeprefix("2 of 9: ")
