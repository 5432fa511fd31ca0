"""Availability: known answers of series and fallback, minutes of a month, and what a target makes of a range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.evidence import Grade, State
from flightready.latency.availability import OWN_FAILURES, availability, in_series, minutes_a_month, with_fallback
from flightready.latency.budget import analyse as analyse_latency
from flightready.latency.resilience import analyse

SHARE = st.floats(0.0, 1.0)
TWO = "upstreams: [{name: store, available: 99.9%}, {name: model, available: 99.5%}]"


def found(tmp_path, text, *, n=0, n_failed=0):
    (tmp_path / "assessment.yaml").write_text(f"name: pilot\nseed: 7\nlatency: {{{text}}}\n")
    pilot = load(tmp_path)
    return availability(pilot, JointSample(7, replicates=4, draws=256), n=n, n_failed=n_failed)


def finding(tmp_path, text):
    (tmp_path / "assessment.yaml").write_text(f"name: pilot\nseed: 7\nlatency: {{{text}}}\n")
    pilot, joint = load(tmp_path), JointSample(7, replicates=4, draws=256)
    result = analyse(pilot, joint, None, analyse_latency(pilot, joint, None, usage=None))
    return next((f for f in result.findings if f.id == "latency.availability"), None)


def test_three_parts_in_series():
    assert float(in_series([0.999] * 3)) == pytest.approx(0.997003, abs=1e-9)  # KNOWN_ANSWERS, availability


@pytest.mark.parametrize(("switched", "whole"), [(1.0, 0.99995), (0.95, 0.9997025)])
def test_an_independent_fallback(switched, whole):
    # a primary of .995 with a fallback of .99; with a switch that works in 95 of 100 cases
    assert float(with_fallback(0.995, 0.99, switched=switched)) == pytest.approx(whole, abs=1e-12)


def test_the_error_budget_of_three_nines():
    assert float(minutes_a_month(1 - 0.999)) == pytest.approx(43.2)  # of 30 days


@given(primary=SHARE, fallback=SHARE, switched=SHARE)
def test_a_fallback_never_makes_it_worse(primary, fallback, switched):
    whole = float(with_fallback(primary, fallback, switched=switched))
    assert primary - 1e-12 <= whole <= 1 + 1e-12
    assert whole <= float(with_fallback(primary, fallback)) + 1e-12


def test_parts_add_up_to_the_whole_and_carry_their_source(tmp_path):
    a = found(tmp_path, f"availability: {{{TWO}}}", n=400, n_failed=9)
    assert [p.name for p in a.parts] == ["store", "model", OWN_FAILURES]
    assert [p.is_measured for p in a.parts] == [False, False, True]
    assert sum(p.minutes.mean for p in a.parts) == pytest.approx(a.primary_minutes.mean)
    # Jeffreys 90 % of 9 of 400 failed: 1.27 % to 3.73 % (beta quantiles, by scipy.stats.beta)
    own = a.parts[2].available
    assert (1 - own.high, 1 - own.low) == (pytest.approx(0.0127, abs=2e-4), pytest.approx(0.0373, abs=2e-4))
    assert a.grade is Grade.ESTIMATED


def test_a_fallback_of_unknown_quality_leaves_the_whole_range_open(tmp_path):
    policy = "availability: {target: 99.8%, " + TWO + "}, policy: {fallback: cached_answer"
    unknown, known = (found(tmp_path, policy + extra) for extra in ("}", ", fallback_works: 90%}"))
    assert unknown.available.low == pytest.approx(0.999 * 0.995)
    assert unknown.available.high == 1.0
    assert known.available.median == pytest.approx(1 - (1 - 0.999 * 0.995) * 0.1)
    assert known.minutes.median == pytest.approx((1 - 0.999 * 0.995) * 0.1 * 43_200)


@pytest.mark.parametrize("fallback", ["clear_error", "none"])
def test_a_clear_error_is_no_answer(tmp_path, fallback):
    a = found(tmp_path, f"availability: {{{TWO}}}, policy: {{fallback: {fallback}}}")
    assert a.available == a.primary


@pytest.mark.parametrize(
    ("target", "upstream", "state"),
    [("99.9%", "99.5% to 99.7%", State.FAIL), ("99.6%", "99.5% to 99.7%", State.UNKNOWN),
     ("99%", "99.5% to 99.7%", State.UNKNOWN)],
)  # fmt: skip
def test_a_typed_availability_may_fail_and_never_pass(tmp_path, target, upstream, state):
    made = finding(tmp_path, f"availability: {{target: {target}, upstreams: [{{name: m, available: {upstream}}}]}}")
    assert made.state is state
    assert bool(made.decides) is (state is State.UNKNOWN)


def test_nothing_stated_is_nothing_known(tmp_path):
    assert found(tmp_path, "availability: {target: 99%}").available is None
    assert finding(tmp_path, "availability: {target: 99%}") is None


def test_a_longer_list_of_upstreams_is_never_more_available(tmp_path):
    one = found(tmp_path, "availability: {upstreams: [{name: a, available: 99% to 99.9%}]}")
    two = found(tmp_path, "availability: {upstreams: [{name: a, available: 99% to 99.9%}, {name: b, available: 98%}]}")
    assert two.available.median == pytest.approx(0.98 * one.available.median)
    assert np.isfinite(two.minutes.high)
