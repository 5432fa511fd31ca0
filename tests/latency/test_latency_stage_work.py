"""How stages lie in the requests: side by side or in order, made or not, waited for or not; each against a plain count."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latency_spans import frame, request, span

from flightready.latency.services import furthest, own_times
from flightready.latency.stage_uses import stage_uses
from flightready.latency.stage_work import Intervals, stage_work
from flightready.latency.traces import from_spans

TIMES = st.integers(0, 12).map(lambda tick: tick / 2)
SPANS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), TIMES, TIMES), max_size=14)
TOTAL = 6.0


def intervals(rows):
    row, stage, a, b = np.array(rows, dtype=float).reshape(-1, 4).T
    return Intervals(row.astype(int), stage.astype(int), np.minimum(a, b), np.maximum(a, b))


def waited_backwards(spans, total):
    """The stage waited for, moment by moment from the end, one span at a time."""
    waited, at = np.zeros(4), total
    left = sorted(spans, key=lambda s: (s[2], -s[1], s[0]))
    while True:
        left = [s for s in left if s[2] <= at and s[1] < at]
        if not left:
            break
        stage, low, high = left.pop()
        waited[stage] += high - low
        waited[3] += at - high
        at = low
    waited[3] += at
    return waited


@given(SPANS)
@settings(max_examples=150, deadline=None)
def test_work_parts_and_waiting_agree_with_a_count_moment_by_moment(rows):
    spans = intervals(rows)
    found = stage_work(spans, np.full(3, TOTAL), stages=3)
    middles = np.arange(0.25, TOTAL, 0.5)  # every span begins and ends at a half second
    for row in range(3):
        mine = [(s, a, b) for r, s, a, b in zip(spans.row, spans.stage, spans.low, spans.high, strict=True) if r == row]
        active = np.array([[any(s == k and a < m < b for s, a, b in mine) for m in middles] for k in range(3)])
        assert found.stage_s[row] == pytest.approx(active.sum(axis=1) / 2)
        shared = (active / np.maximum(active.sum(axis=0), 1)).sum(axis=1) / 2
        assert found.part_s[row] == pytest.approx([*shared, TOTAL - shared.sum()])
        assert found.critical_s[row] == pytest.approx(waited_backwards(mine, TOTAL))
        assert found.spent_s[row] == pytest.approx([sum(b - a for s, a, b in mine if s == k) for k in range(3)])


def test_the_next_step_waits_for_the_slower_of_two_stages():
    # search 0-2 and price 0-5 side by side, then the model 5-9: search is waited for by nobody
    found = from_spans(
        frame(
            span("t", "request", 0, 10, span_id="root"), span("t", "search", 0, 2, parent="root"),
            span("t", "price", 0, 5, parent="root"), span("t", "model", 5, 9, parent="root"),
        ),
        where="spans.jsonl",
    )  # fmt: skip
    waited = dict(zip((*found.stages, "between"), found.critical_s[0], strict=True))
    assert waited == pytest.approx({"search": 0, "price": 5, "model": 4, "between": 1})


@pytest.mark.parametrize(("together", "steps"), [(7, (0, 0)), (4, (0, 1))])
def test_stages_are_side_by_side_when_they_are_in_most_requests(together, steps):
    rows = []
    for i in range(12):
        first = 0.5 if i < together else 2.0
        rows += [
            span(f"t{i}", "request", 10 * i, 10 * i + 5, span_id=f"r{i}"),
            span(f"t{i}", "a", 10 * i, 10 * i + 2, parent=f"r{i}"),
            span(f"t{i}", "b", 10 * i + first, 10 * i + first + 2, parent=f"r{i}"),
        ]
    assert from_spans(frame(*rows), where="").steps == steps


def test_a_hand_over_of_moments_is_not_side_by_side():
    rows = [
        span("t", "request", 0, 5, span_id="r"),
        span("t", "a", 0, 2, parent="r"),
        span("t", "b", 1.9, 5, parent="r"),
    ]
    assert from_spans(frame(*rows), where="").steps == (0, 1)


def test_a_third_stage_begins_a_step_of_its_own_when_it_is_beside_one_of_two_only():
    rows = [
        span("t", "request", 0, 9, span_id="r"), span("t", "long", 0, 9, parent="r"), span("t", "b", 0, 4, parent="r"),
        span("t", "c", 4, 9, parent="r"),
    ]  # fmt: skip
    assert from_spans(frame(*rows), where="").steps == (0, 0, 1)


def test_conditional_stages_and_copies_are_counted():
    rows = request(0, {"search": 1.0, "model": 2.0})
    rows += request(1, {"model": 2.0}, at=10)
    rows += [
        span("t2", "request", 20, 24, span_id="r"),
        *(span("t2", "search", 20, 21 + i, parent="r", span_id=f"s{i}") for i in range(3)),
    ]
    found = from_spans(frame(*rows), where="")
    assert found.stages == ("search", "model")
    assert found.made.tolist() == [[True, True], [False, True], [True, False]]
    assert found.copies.tolist() == [[1, 1], [0, 1], [3, 0]]
    assert found.stage_s[2, 0] == pytest.approx(3)  # at work
    assert found.spent_s[2, 0] == pytest.approx(6)  # 1 + 2 + 3 seconds of somebody's time
    search, model = stage_uses(found)
    assert (search.made, search.copies, model.made, model.copies) == (2, 2.0, 2, 1.0)
    assert search.waited_share == pytest.approx((1 + 3) / (3 + 2 + 4))


@given(st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_rows_means_nothing(chance, n):
    rows = []
    for i in range(n):
        rows.append(span(f"t{i}", "request", i // 2, i // 2 + 5, span_id=f"r{i}"))
        for j in range(chance.randint(0, 5)):
            low = i // 2 + chance.uniform(0, 4)
            rows.append(span(f"t{i}", f"s{j % 3}", low, low + 1, parent=f"r{i}", span_id=f"s{i}-{j}"))
    first = from_spans(frame(*rows), where="")
    chance.shuffle(rows)
    second = from_spans(frame(*rows), where="")
    assert (first.stages, first.steps, first.named) == (second.stages, second.steps, second.named)
    assert np.array_equal(first.total_s, second.total_s)
    assert np.allclose(first.critical_s, second.critical_s)
    assert np.array_equal(first.copies, second.copies)


@given(st.lists(st.tuples(st.integers(-1, 6), TIMES, TIMES), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_own_time_is_what_no_child_covers_and_the_furthest_down_counts(rows):
    above = np.array([min(parent, i - 1) for i, (parent, _, _) in enumerate(rows)])
    low, high = (np.array([f(a, b) for _, a, b in rows]) for f in (min, max))
    place, start, end = own_times(above, low, high)
    depth = np.array([0] * len(rows))
    for i, parent in enumerate(above):
        depth[i] = 0 if parent < 0 else depth[parent] + 1
    kept, first, last = furthest(np.zeros(place.size, dtype=int), start, end, depth[place])
    for moment in np.arange(0.25, TOTAL, 0.5):
        alive = {i for i in range(len(rows)) if low[i] < moment < high[i]}
        own = {i for i in alive if not any(above[c] == i for c in alive)}
        assert own == set(place[(start < moment) & (moment < end)])
        deepest = max((depth[i] for i in own), default=0)
        assert {i for i in own if depth[i] == deepest} == set(place[kept[(first < moment) & (moment < last)]])
