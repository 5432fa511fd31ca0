"""Sentences on stages and their budget: they say the result's own numbers, and what is not known."""

from types import SimpleNamespace

import numpy as np
import pytest
from request_coverage import correlated, of_stages

from flightready.latency.allocation import allocation
from flightready.latency.resamples import resampled
from flightready.latency.stage_change import each_changed
from flightready.latency.tail import tail
from flightready.latency.waterfall import waterfall
from flightready.narrative.latency_budget import (
    becomes,
    faster_sentence,
    left,
    split_sentences,
    tail_sentences,
    times,
    waterfall_sentence,
)

SHARES = {"p95": 0.95, "p99": 0.99}


def told(budgets, traces=None):
    traces = correlated(600, np.random.default_rng(1)) if traces is None else traces
    return SimpleNamespace(
        allocations=allocation(traces, SHARES, budgets, seed=1), n=traces.n, n_failed=traces.n_failed
    )


def test_a_missed_budget_says_what_one_stage_must_become():
    result = told({"p95": 3.0})
    (said,) = split_sentences(result)
    b = result.allocations[0].stages[1]
    assert f"'b' must take {times(b.factor)}, nine times in ten" in said
    assert said.endswith("No other stage alone is enough.")
    assert becomes(b, result.allocations[0]).startswith(times(b.factor))


def test_a_kept_budget_says_where_it_breaks_first():
    (said,) = split_sentences(told({"p95": 9.0}))
    assert "breaks first when 'b' takes more than" in said


def test_no_stage_alone_is_enough():
    (said,) = split_sentences(told({"p95": 0.5}))
    assert "no stage alone can become fast enough" in said


def test_failures_come_first():
    (said,) = split_sentences(told({"p99": 9.0}, of_stages(np.ones((100, 2)), answered=np.arange(100) >= 5)))
    assert "5 of 100 requests get no answer at all, so no faster stage keeps the budget of 9.0 s" in said


def test_without_a_budget_both_slow_percentiles_are_split():
    assert len(split_sentences(told({}))) == 2


def test_what_is_left_of_an_allowance():
    result = told({"p95": 3.0})
    assert all(" over (" in left(s.headroom_s, s.headroom) for s in result.allocations[0].stages)
    assert left(None, result.allocations[0].stages[0].headroom) == ""


def test_slow_requests_beside_typical_ones():
    traces = correlated(600, np.random.default_rng(1))
    falls = tuple(waterfall(traces, name, share) for name, share in (("p50", 0.5), ("p99", 0.99)))
    said = waterfall_sentence(SimpleNamespace(waterfalls=falls))
    assert "The largest part of the difference is 'b'" in said
    assert "It rests on 11 slow requests only." in said


def test_the_stage_worth_making_faster():
    traces = correlated(600, np.random.default_rng(1))
    changes = each_changed(traces, SHARES, resampled(traces, seed=1))
    said = faster_sentence(SimpleNamespace(stage_changes=changes))
    assert said.startswith("Worth most: with 'b' taking 50 % of its time, 95 of 100 requests are done within")
    assert faster_sentence(SimpleNamespace(stage_changes=())) == ""


@pytest.mark.parametrize(
    ("times_s", "answered", "said"),
    [
        (np.random.default_rng(1).pareto(2.5, 4000), np.ones(4000, dtype=bool), "99.9 of 100 requests are done within"),
        (
            np.random.default_rng(1).pareto(2.5, 4000),
            np.arange(4000) >= 12,
            "99.9 of 100 requests are never all answered",
        ),
        (np.arange(200.0), np.ones(200, dtype=bool), "only 10 took longer than 3.2 minutes, and it takes 50"),
        (np.random.default_rng(1).random(4000), np.ones(4000, dtype=bool), "stop short, as they do at a limit"),
    ],
)
def test_the_tail_or_why_there_is_none(times_s, answered, said):
    (sentence,) = tail_sentences(tail(times_s, answered))
    assert said in sentence
    assert tail_sentences(None) == ()
