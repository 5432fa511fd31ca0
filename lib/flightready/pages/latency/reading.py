"""How the traces were read: which names of steps became which stage, to be confirmed."""

from __future__ import annotations

import json

from flightready import policy
from flightready.latency.result import LatencyResult
from flightready.narrative import latency_reading as narrative
from flightready.pages.display import Prose, Shown, Snippet, Table, cut, meaning, without_empty_columns
from flightready.study import Study
from flightready.wording import number, share


def stage_names(study: Study, *, every: bool = False) -> Shown | Prose:
    """Return which names of steps became which stage, the course of a request, and lines to state it otherwise.

    Parameters
    ----------
    study : Study
    every : bool
        Show every name, not only the commonest of each stage.
    """
    result = study.latency
    if not result.named:
        return meaning("Once traces are named under latency.spans, this shows which of their steps became which stage.")
    parts = [meaning(narrative.course_sentence(result), narrative.confirm_sentence(result)), _names(result, every),
             _uses(result)]  # fmt: skip
    return Shown(*parts, *([] if all(named.is_stated for named in result.named) else [_lines(result)]))


def _names(result: LatencyResult, every: bool) -> Table:
    rows = [
        (named.span, named.stage, "the assessment" if named.is_stated else "the traces", f"{named.spans:,}",
         share(named.requests / result.n))
        for named in result.named
    ]  # fmt: skip
    head = ("Name in the traces", "Stage", "Stated by", "Steps", "In requests")
    table = Table("Which steps of the traces are which stage", head, rows, frozenset({3, 4}))
    return cut(table, most=int(policy.value("latency_names_shown")), every=every, order="the first {}")


def _uses(result: LatencyResult) -> Table:
    beside = {use.name: [o.name for o in result.uses if o.step == use.step and o is not use] for use in result.uses}
    rows = [
        (use.name, f"{use.step + 1}", ", ".join(beside[use.name]), share(use.made / use.n), number(use.copies),
         share(use.waited_share))
        for use in result.uses
    ]  # fmt: skip
    head = ("Stage", "Place", "Side by side with", "In requests", "Times a request", "Part of the time waited for it")
    note = (
        ""
        if not any(beside.values())
        else (
            "Of stages side by side, the request waits for the one that the next step needs; to speed up one that is "
            "not waited for makes no request faster."
        )
    )
    return without_empty_columns(Table("How a request uses its stages", head, rows, frozenset({1, 3, 4, 5}), note))


def _lines(result: LatencyResult) -> Snippet:
    """Lines of the assessment that state the mapping as it is."""
    width = max(len(json.dumps(named.span, ensure_ascii=False)) for named in result.named)
    most = int(policy.value("latency_names_shown"))
    shown = {named.span: named.stage for named in result.named[:most]}
    lines = [
        f"    {json.dumps(span, ensure_ascii=False) + ':':<{width + 1}} {json.dumps(stage, ensure_ascii=False)}"
        for span, stage in shown.items()
    ]
    return Snippet("Lines for assessment.yaml, to be confirmed or changed on the right",
                   "\n".join(["latency:", "  stage_names:", *lines]))  # fmt: skip
