"""The log and the traces of the ticket sample."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

TWO_WEEKS = 14
# USD per token of the logged model: input, cached input, output.
PRICES = (2.00e-6, 0.50e-6, 8.00e-6)


def cost(usage: dict[str, Any] | None) -> float:
    """Return the price of one call in USD; a call without usage is free."""
    if usage is None:
        return 0.0
    cached = usage["input_tokens_details"]["cached_tokens"]
    tokens = (usage["input_tokens"] - cached, cached, usage["output_tokens"])
    return sum(price * count for price, count in zip(PRICES, tokens, strict=True))


def test_log_costs_thirty_dollars(log: list[dict[str, Any]]) -> None:
    """Two weeks of routing cost about 30 USD, and the days differ in what a call costs."""
    assert 29.0 <= sum(cost(line["usage"]) for line in log) <= 31.0
    days: dict[int, list[float]] = defaultdict(list)
    for line in log:
        if line["usage"]:
            days[line["created_at"] // 86_400].append(cost(line["usage"]))
    means = [sum(costs) / len(costs) for costs in days.values()]
    assert len(days) == TWO_WEEKS
    assert max(means) / min(means) > 1.08
    assert min(len(costs) for costs in days.values()) < max(len(costs) for costs in days.values()) / 3


def test_log_tokens_and_order(log: list[dict[str, Any]]) -> None:
    """Totals add up, caches hold whole blocks, and the lines follow the clock."""
    used = [line["usage"] for line in log if line["usage"]]
    cached = [usage["input_tokens_details"]["cached_tokens"] for usage in used]
    assert all(usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] for usage in used)
    assert all(count == 0 or (count >= 1024 and count % 128 == 0) for count in cached)
    assert 0.45 < sum(count > 0 for count in cached) / len(cached) < 0.58
    assert [line["created_at"] for line in log] == sorted(line["created_at"] for line in log)
    assert len({line["id"] for line in log}) == len(log)


def test_log_retries(log: list[dict[str, Any]]) -> None:
    """About 4 % of tickets need a second attempt; a few stay without an answer."""
    tickets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in log:
        tickets[line["metadata"]["ticket_id"]].append(line)
    assert len(tickets) == 2900
    again = [lines for lines in tickets.values() if len(lines) > 1]
    assert 0.03 < len(again) / len(tickets) < 0.05
    for lines in again:
        assert [line["metadata"]["attempt"] for line in lines] == ["1", "2"]
        assert lines[0]["status"] in ("failed", "incomplete")
    assert 1 <= sum(lines[-1]["status"] == "failed" for lines in tickets.values()) <= 10
    for line in log:
        assert (line["usage"] is None) == (line["status"] == "failed") == ("error" in line)


def seconds(span: dict[str, Any]) -> float:
    """Return the length of a span."""
    return (int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])) / 1e9


def test_trace_times(traces: list[list[dict[str, Any]]]) -> None:
    """End to end about 3.2 s in the middle, 4 s on average, 8 to 9 s at the 95th percentile."""
    times = sorted(seconds(spans[0]) for spans in traces)
    assert len(times) == 400
    assert 3.0 <= times[200] <= 3.4
    assert 3.7 <= sum(times) / 400 <= 4.3
    assert 8.0 <= times[380] <= 9.5
    assert times[-1] == pytest.approx(15.0, abs=0.001)


def test_trace_structure(traces: list[list[dict[str, Any]]]) -> None:
    """One root, four stages in sequence inside it; about 2 % end in error."""
    stages = ["fetch_ticket", "retrieve_similar", "llm_route", "write_back"]
    for root, *children in traces:
        assert root["name"] == "route_ticket"
        assert "parentSpanId" not in root
        assert [span["name"] for span in children] == stages
        assert {span["parentSpanId"] for span in children} == {root["spanId"]}
        assert {span["traceId"] for span in children} == {root["traceId"]}
        edges = [int(root["startTimeUnixNano"])]
        for span in children:
            edges += [int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])]
        assert edges == sorted(edges)
        assert edges[-1] <= int(root["endTimeUnixNano"])
    assert 0.015 <= sum(spans[0]["status"]["code"] == 2 for spans in traces) / len(traces) <= 0.03


def test_traces_agree_with_the_log(traces: list[list[dict[str, Any]]], log: list[dict[str, Any]]) -> None:
    """Each traced call is a logged response with the same tokens."""
    logged = {line["id"]: line for line in log}
    for root, *children in traces:
        values = {a["key"]: next(iter(a["value"].values())) for a in children[2]["attributes"]}
        line = logged[values["gen_ai.response.id"]]
        assert line["metadata"]["ticket_id"] == root["attributes"][0]["value"]["stringValue"]
        assert int(values["gen_ai.usage.input_tokens"]) == line["usage"]["input_tokens"]
        assert int(values["gen_ai.usage.output_tokens"]) == line["usage"]["output_tokens"]
