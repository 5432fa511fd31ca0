"""Requests that pass through several services: each gets the time in which it was itself at work."""

import pytest
from latency_spans import frame, span

from flightready.latency.stage_names import service_name
from flightready.latency.traces import from_spans


def chain(trace, *, inner=(3, 8)):
    """A gateway that waits for orders, which waits for stock; a filter in the gateway covers everything."""
    low, high = inner
    return [
        span(trace, "gateway", 0, 10, span_id=f"{trace}r", service="gateway-7f8d7d5c9b-x2x9k"),
        span(trace, "filter", 0.1, 9.9, parent=f"{trace}r", service="gateway-7f8d7d5c9b-x2x9k"),
        span(trace, "HTTP POST", 0.2, 9.9, parent=f"{trace}r", span_id=f"{trace}h", service="gateway-7f8d7d5c9b-x2x9k"),
        span(trace, "/orders", 1, 9, parent=f"{trace}h", span_id=f"{trace}o", service="orders"),
        span(trace, "/stock", low, high, parent=f"{trace}o", span_id=f"{trace}s", service="stock"),
    ]


def test_services_take_the_place_of_stages_that_hide_them():
    found = from_spans(frame(*chain("a"), *chain("b")), where="spans.jsonl")
    assert set(found.stages) == {"gateway", "orders", "stock"}
    own = dict(zip(found.stages, found.part_s[0], strict=False))
    assert own == pytest.approx({"gateway": 2, "orders": 3, "stock": 5}, abs=1e-5)
    assert found.part_s.sum(axis=1) == pytest.approx(found.total_s, abs=1e-5)


def test_services_at_work_side_by_side_share_the_time():
    rows = [*chain("a"), span("a", "/price", 3, 8, parent="ao", service="price")]
    found = from_spans(frame(*rows), where="spans.jsonl")
    own = dict(zip(found.stages, found.part_s[0], strict=False))
    assert own == pytest.approx({"gateway": 2, "orders": 3, "stock": 2.5, "price": 2.5}, abs=1e-5)
    assert found.stage_s[0][found.stages.index("price")] == pytest.approx(5, abs=1e-5)


def test_a_lost_caller_does_not_stop_the_count():
    rows = [*chain("a"), span("a", "lost", 4, 5, parent="nobody", service="audit")]
    found = from_spans(frame(*rows), where="spans.jsonl")
    assert found.part_s.sum(axis=1) == pytest.approx([10], abs=1e-5)


def test_one_service_keeps_its_stages_even_when_one_is_large():
    rows = [
        span("a", "route", 0, 10, span_id="r"),
        span("a", "model", 0, 9.8, parent="r", span_id="m"),
        span("a", "tokens", 1, 9, parent="m"),
        span("a", "write", 9.8, 10, parent="r"),
    ]
    assert from_spans(frame(*rows), where="spans.jsonl").stages == ("model", "write")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("ts-auth-service-7f8d7d5c9b-x2x9k", "ts-auth-service"),
        ("router", "router"),
        ("api-v2", "api-v2"),
        ("", "(no service)"),
    ],
)
def test_copies_of_a_service_are_one_service(raw, shown):
    assert service_name(raw) == shown
