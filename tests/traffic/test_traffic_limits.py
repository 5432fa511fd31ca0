"""Rate limits: arithmetic at the planned peak, and what may be claimed about it."""

import numpy as np
import pytest

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.evidence import Grade, State
from flightready.traffic.demand import plan
from flightready.traffic.limits import rate_limits

STATED = "requests_per_user: 1, peak_to_mean: 1"


def limits_of(folder, *, users, limits, load_rest=STATED, **options):
    text = f"name: pilot\nworkload: {{users_per_day: {users}, {load_rest}}}\nlatency: {{limits: {{{limits}}}}}\n"
    (folder / "assessment.yaml").write_text(text)
    pilot, joint = load(folder), JointSample(7, replicates=4, draws=256)
    return rate_limits(pilot, joint, plan(pilot, joint), **{"tokens_per_request": None, **options})


def test_ten_thousand_an_hour_are_167_requests_and_250k_tokens_a_minute(tmp_path):
    # 10,000/h = 2.778/s = 166.7 a minute; at 1,500 tokens 250,000 tokens a minute
    found = limits_of(tmp_path, users="240_000", limits="requests_per_minute: 500", tokens_per_request=1500.0)
    requests, tokens = found.uses
    assert requests.required.median == pytest.approx(166.6667, abs=1e-3)
    assert tokens.required.median == pytest.approx(250_000)
    assert requests.used.median == pytest.approx(1 / 3, abs=1e-6)
    assert requests.headroom == pytest.approx(2 / 3, abs=1e-6)
    assert requests.over_probability == 0
    assert tokens.used is None
    assert tokens.headroom is None


@pytest.mark.parametrize(
    ("users", "state"),
    [("100_000", State.PASS), ("900_000 to 1_000_000", State.FAIL), ("500_000 to 900_000", State.UNKNOWN)],
)
def test_state_follows_the_interval_when_calls_were_measured(tmp_path, users, state):
    found = limits_of(tmp_path, users=users, limits="requests_per_minute: 500", calls_per_request=1.0, measured=True)
    (finding,) = found.findings
    assert finding.state is state
    assert finding.grade is Grade.MEASURED
    assert finding.questions == ("R5",)
    assert (finding.decides == "") == (state is not State.UNKNOWN)


def test_what_was_not_measured_never_passes_but_may_fail(tmp_path):
    small = limits_of(tmp_path, users="100_000", limits="requests_per_minute: 500")
    assert (small.findings[0].state, small.findings[0].grade) == (State.UNKNOWN, Grade.ESTIMATED)
    assert "usage log" in small.findings[0].decides
    large = limits_of(tmp_path, users="9_000_000", limits="requests_per_minute: 500")
    assert large.findings[0].state is State.FAIL


def test_house_assumptions_about_the_load_are_never_a_yes(tmp_path):
    found = limits_of(tmp_path, users="10_000", limits="requests_per_minute: 5000", load_rest="growth_per_month: 0",
                      calls_per_request=1.0, measured=True)  # fmt: skip
    assert found.grade is Grade.ASSUMED
    assert found.findings[0].state is State.UNKNOWN
    assert "peak_to_mean" in found.findings[0].decides


def test_retries_count_against_the_limit(tmp_path):
    once = limits_of(tmp_path, users="240_000", limits="requests_per_minute: 500", calls_per_request=1.0)
    twice = limits_of(tmp_path, users="240_000", limits="requests_per_minute: 500", calls_per_request=2.0)
    assert twice.uses[0].required.median == pytest.approx(2 * once.uses[0].required.median)


def test_a_minute_within_the_peak_hour_may_be_above_a_limit_that_the_mean_keeps(tmp_path):
    # 480 a minute on average, 500 allowed: normal approximation of a Poisson minute: P(Z > 20.5 / sqrt 480) = .1747
    found = limits_of(tmp_path, users="691_200", limits="requests_per_minute: 500")
    assert found.uses[0].over_probability == 0
    assert found.uses[0].minutes_over_share == pytest.approx(0.1747, abs=0.003)


def test_without_a_stated_limit_the_need_is_still_said(tmp_path):
    found = limits_of(tmp_path, users="240_000", limits="")
    assert found.findings[0].state is State.UNKNOWN
    assert "167 requests" in found.findings[0].sentence


def test_a_token_limit_without_tokens_asks_for_a_usage_log(tmp_path):
    found = limits_of(tmp_path, users="240_000", limits="tokens_per_minute: 1000")
    assert [a.key for a in found.absences] == ["usage_log"]
    assert found.findings == ()


def test_without_a_planned_load_nothing_is_claimed(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: pilot\n")
    found = rate_limits(load(tmp_path), JointSample(7), None, tokens_per_request=100.0)
    assert found.uses == ()
    assert [a.key for a in found.absences] == ["workload"]


def test_an_uncertain_limit_is_drawn(tmp_path):
    found = limits_of(tmp_path, users="720_000", limits="requests_per_minute: 400 to 600")
    assert 0.3 < found.uses[0].over_probability < 0.7
    assert np.isfinite(found.uses[0].used.high)
