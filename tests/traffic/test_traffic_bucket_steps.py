"""Buckets and windows: known answers, closed forms, and that every call ends exactly once."""

import importlib.util
import tempfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.traffic import bucket_steps as steps
from flightready.traffic.limit_rules import Rule
from flightready.traffic.queues import md1_wait_within, mean_wait_mg1_s
from flightready.traffic.replay import limit_arrays


def starts(arrival_s, held, rule, *, kept=None, busy_s=0.0):
    held = np.broadcast_to(np.asarray(held, dtype=float), len(arrival_s)).reshape(-1, 1).copy()
    kept = held if kept is None else np.asarray(kept, dtype=float).reshape(-1, 1)
    arrival_s = np.asarray(arrival_s, dtype=float)
    return steps.queued(arrival_s, np.full(arrival_s.size, busy_s), held, kept, *limit_arrays((rule,)))


def endings(arrival_s, held, *rules):
    held = np.broadcast_to(np.asarray(held, dtype=float), (len(arrival_s), len(rules))).copy()
    arrival_s, counts = np.asarray(arrival_s, dtype=float), np.array([r.counts == "requests" for r in rules])
    return steps.unqueued(arrival_s, np.zeros(arrival_s.size), held, held, *limit_arrays(rules), counts)


def requests(per_minute, **options):
    return Rule("r", "r", "requests", per_minute, **options)


@pytest.mark.parametrize(
    ("rule", "last", "mean"),
    [
        (requests(60.0, burst=10.0), 90.0, 40.95),  # 10 at once, then one a second: (1 + ... + 90) / 100
        (requests(10.0, window_s=60.0), 540.0, 270.0),  # ten a minute: 0, 60, ... 540, ten of each
        (requests(600.0, window_s=1.0), 9.0, 4.5),  # ten a second
    ],
)
def test_a_hundred_calls_at_once_wait_as_long_as_the_arithmetic_says(rule, last, mean):
    wait = starts(np.zeros(100), 1.0, rule)
    assert wait.max() == pytest.approx(last)
    assert wait.mean() == pytest.approx(mean)


def test_a_bucket_of_one_call_is_a_queue_with_a_constant_service(dice):
    # one call a second, arrivals at random with rate .8: M/D/1, mean wait 2, P(W <= 1) = .44510819
    arrival = np.cumsum(dice.exponential(1 / 0.8, 400_000))
    wait = starts(arrival, 1.0, requests(60.0, burst=1.0)) - arrival
    exact = mean_wait_mg1_s(arrivals_per_s=0.8, service_s=1.0, variation_squared=0.0)
    assert wait.mean() == pytest.approx(exact, rel=0.05)
    within = md1_wait_within(1.0, arrivals_per_s=0.8, service_s=1.0)
    assert np.mean(wait <= 1.0) == pytest.approx(within, abs=0.01)


def test_calls_that_come_twice_as_fast_as_they_may_are_refused_every_second_time():
    ending, short = endings(np.arange(1000) / 2, 1.0, requests(60.0, burst=1.0))
    assert np.mean(ending == steps.REJECTED) == pytest.approx(0.5, abs=0.002)
    assert short[0] == np.sum(ending == steps.REJECTED)
    assert not endings(np.arange(1000.0), 1.0, requests(60.0, burst=1.0))[0].any()


def test_a_call_that_another_limit_refuses_still_uses_up_the_requests():
    tokens = Rule("t", "t", "tokens", 60.0, burst=1.0)
    ending, short = endings(np.zeros(5), 1.0, requests(60.0, burst=3.0), tokens)
    assert ending.tolist() == [steps.STARTED] + 4 * [steps.REJECTED]
    assert short.tolist() == [2, 4]  # three requests count, though one call got through


def test_what_was_reserved_comes_back_when_the_call_ends():
    slow = Rule("t", "t", "tokens", 6e-6, burst=100.0)
    assert starts([0, 0], [100, 90], slow, kept=[10, 90], busy_s=5.0).tolist() == pytest.approx([0.0, 5.0], abs=1e-3)
    kept_back = starts([0, 0], [100, 90], requests(60.0, burst=100.0), busy_s=5.0)
    assert kept_back.tolist() == pytest.approx([0.0, 90.0])  # nothing comes back: it fills again, one a second


def test_a_call_larger_than_the_bucket_ends_at_once_and_holds_nobody_up():
    rule = requests(60.0, burst=10.0)
    start = starts([0, 0, 0], [10, 11, 5], rule)
    assert np.isnan(start[1]) and start[[0, 2]].tolist() == [0.0, 5.0]
    assert endings([0, 0, 0], np.array([[10.0], [11.0], [5.0]]), rule)[0].tolist() == [0, steps.TOO_LARGE, 1]


@settings(max_examples=40, deadline=None)
@given(
    gaps=st.lists(st.floats(0, 20), min_size=1, max_size=40), seed=st.integers(0, 999),
    per_minute=st.floats(1, 500), window_s=st.sampled_from([0.0, 10.0, 60.0]),
)  # fmt: skip
def test_every_call_ends_once_in_order_and_no_limit_gives_more_than_it_has(gaps, seed, per_minute, window_s):
    arrival, rule = np.cumsum(gaps), requests(per_minute, window_s=window_s)
    held = np.random.default_rng(seed).uniform(0, 1.2 * rule.capacity, len(gaps))
    start, ending = starts(arrival, held, rule), endings(arrival, held.reshape(-1, 1), rule)[0]
    too_large = held > rule.capacity * (1 + 1e-9)
    assert np.array_equal(np.isnan(start), too_large) and np.array_equal(ending == steps.TOO_LARGE, too_large)
    begun, taken = start[~too_large], held[~too_large]
    assert (begun >= arrival[~too_large] - 1e-9).all() and (np.diff(begun) >= 0).all()
    for i in range(begun.size):
        if window_s:
            number = np.floor(begun / window_s + 1e-9)
            assert taken[number == number[i]].sum() <= rule.capacity * (1 + 1e-6)
        else:
            allowed = rule.capacity + per_minute / 60 * (begun[i:] - begun[i])
            assert (np.cumsum(taken[i:]) <= allowed * (1 + 1e-6)).all()


KERNEL = """
from pathlib import Path
import numba
from flightready.traffic.bucket_steps import compiled
scope = {"njit": numba.njit}
exec((Path(__file__).parent / "step.py").read_text(), scope)
step = scope["step"]

@compiled
def kernel(x):
    return step(x)
"""


def kernel_of(folder):
    spec = importlib.util.spec_from_file_location("kernel", folder / "kernel.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.kernel


def test_what_is_kept_is_used_until_a_step_changes(tmp_path):
    (tmp_path / "kernel.py").write_text(KERNEL)
    found = []
    for added in (1, 1, 2):
        (tmp_path / "step.py").write_text(f"@njit\ndef step(x):\n    return x + {added}\n")
        kernel = kernel_of(tmp_path)
        found.append((kernel(1), sum(kernel.stats.cache_hits.values())))
    assert found == [(2, 0), (2, 1), (3, 0)]


def test_without_a_folder_for_the_cache_the_steps_are_compiled_anew(tmp_path, monkeypatch):
    (tmp_path / "kernel.py").write_text(KERNEL)
    (tmp_path / "step.py").write_text("@njit\ndef step(x):\n    return x + 1\n")

    def refused(*args, **options):
        raise OSError("read-only file system")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)  # with which numba tries whether a folder can be written
    kernel = kernel_of(tmp_path)
    assert kernel(1) == 2
    assert not list(tmp_path.rglob("*.nb?"))
