"""Traces of some of the logged requests, one OTLP/JSON object a line.

Tickets, tokens and the time of the model call agree with the call log.
"""

from __future__ import annotations

import math
from typing import Any

from .calls import Attempt, Routed
from .config import FETCH, LLM, RETRIEVE, SIZES, TRACING, WRITE, Stage
from .streams import Dice, json_line

NANO = 1_000_000  # nanoseconds in a millisecond
KIND = {"route_ticket": 2, "fetch_ticket": 3, "retrieve_similar": 3, "llm_route": 3, "write_back": 3}
RESOURCE: dict[str, str | int] = {"service.name": "ticket-router", "deployment.environment.name": "pilot"}


def _attributes(values: dict[str, str | int]) -> list[dict[str, Any]]:
    """Return attributes the way OTLP/JSON writes them: whole numbers as text."""
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
        for key, value in values.items()
    ]


def _stage_ms(dice: Dice, stage: Stage, load: float) -> float:
    return stage.median_ms * math.exp(stage.shared_sigma * load + stage.own_sigma * dice.normal())


def _model_ms(routed: Routed) -> float:
    """Return how long routing took: from the first call to the end of the last."""
    first, last = routed.attempts[0], routed.attempts[-1]
    return (last.created - first.created) * 1000.0 + last.latency_ms


def _model_attributes(last: Attempt, attempts: int) -> dict[str, str | int]:
    return {
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": LLM.model.rsplit("-", 3)[0],
        "gen_ai.response.id": last.response_id,
        "gen_ai.usage.input_tokens": last.tokens_in,
        "gen_ai.usage.output_tokens": last.tokens_out,
        "gen_ai.usage.cache_read.input_tokens": last.cached,
        "router.attempts": attempts,
    }


def _span(
    name: str,
    ids: tuple[str, str, str],
    times: tuple[int, int],
    values: dict[str, str | int],
    error: str = "",
) -> dict[str, Any]:
    """Return one span; ``ids`` are trace, span and parent (empty for the root)."""
    trace_id, span_id, parent_id = ids
    span: dict[str, Any] = {"traceId": trace_id, "spanId": span_id}
    if parent_id:
        span["parentSpanId"] = parent_id
    span |= {
        "name": name,
        "kind": KIND[name],
        "startTimeUnixNano": str(times[0]),
        "endTimeUnixNano": str(times[1]),
    }
    span["attributes"] = _attributes(values)
    span["status"] = {"code": 2, "message": error} if error else {"code": 0}
    return span


def _durations(dice: Dice, routed: Routed) -> dict[str, float]:
    """Return the stages of a request in milliseconds."""
    return {
        "fetch_ticket": _stage_ms(dice, FETCH, routed.load),
        "retrieve_similar": _stage_ms(dice, RETRIEVE, routed.load),
        "llm_route": _model_ms(routed),
        "write_back": _stage_ms(dice, WRITE, routed.load),
    }


def _stuck(dice: Dice, stages: dict[str, float], gaps: float) -> dict[str, float]:
    """Return the stages of a request whose lookup got stuck, so that the deadline cuts off the last stage."""
    cut = dice.between(40.0, 120.0)
    used = stages["fetch_ticket"] + stages["llm_route"] + cut
    return stages | {"retrieve_similar": TRACING.deadline_ms - used - gaps, "write_back": cut}


def _details(routed: Routed, name: str, ending: str) -> tuple[dict[str, str | int], str]:
    """Return the attributes and the error of one stage."""
    last = routed.attempts[-1]
    if name == "llm_route":
        return _model_attributes(last, len(routed.attempts)), ""
    if name == "fetch_ticket":
        return {"http.response.status_code": 200}, ""
    if name == "retrieve_similar":
        return {"retrieval.results": 8}, ""
    if ending == "timeout":
        return {"error.type": "timeout"}, "deadline exceeded"
    code = 503 if ending == "refused" else 200
    error = "ticket system unavailable" if ending == "refused" else ""
    return {"http.response.status_code": code}, error


def _trace(dice: Dice, routed: Routed, stages: dict[str, float], ending: str) -> dict[str, Any]:
    """Return one request as OTLP: the root and its four stages in sequence."""
    trace_id, root_id = dice.hex_id(32), dice.hex_id(16)
    gaps = [dice.between(*TRACING.gap_ms) for _ in range(len(stages) + 1)]
    if ending == "timeout":
        stages = _stuck(dice, stages, sum(gaps))
    # The log knows the moment of the model call to the second; the request began that much earlier.
    called = routed.attempts[0].created * 1000 + dice.between(0, 999)
    start = called - stages["fetch_ticket"] - stages["retrieve_similar"] - sum(gaps[:3])
    at, spans = start, []
    for gap, (name, length) in zip(gaps, stages.items(), strict=False):
        at += gap
        values, error = _details(routed, name, ending)
        ids = (trace_id, dice.hex_id(16), root_id)
        spans.append(_span(name, ids, (_nano(at), _nano(at + length)), values, error))
        at += length
    end = at + gaps[-1]
    error = {"timeout": "deadline exceeded", "refused": "write_back failed"}.get(ending, "")
    root = _span(
        "route_ticket",
        (trace_id, root_id, ""),
        (_nano(start), _nano(end)),
        {"ticket.id": routed.ticket_id},
        error,
    )
    scope = {"scope": {"name": "ticket-router"}, "spans": [root, *spans]}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(RESOURCE)}, "scopeSpans": [scope]}]}


def _nano(milliseconds: float) -> int:
    """Return whole microseconds as nanoseconds: finer clocks do not exist, and rounding stays exact."""
    return round(milliseconds * 1000) * (NANO // 1000)


def spans_jsonl(seed: int, calls: list[Routed]) -> bytes:
    """Return the kept traces, one request a line, in order of time."""
    dice = Dice(seed, "support_triage/spans")
    drawn = [(routed, _durations(dice, routed)) for routed in calls if routed.answered]
    in_time = [pair for pair in drawn if sum(pair[1].values()) < TRACING.deadline_ms - TRACING.margin_ms]
    kept = dice.some(in_time, SIZES.traces)
    endings = ["timeout"] * TRACING.timeouts + ["refused"] * TRACING.refused
    endings += ["ok"] * (len(kept) - len(endings))
    requests = sorted(zip(kept, endings, strict=True), key=lambda request: request[0][0].when)
    lines = [json_line(_trace(dice, routed, stages, ending)) for (routed, stages), ending in requests]
    return "".join(lines).encode("utf-8")
