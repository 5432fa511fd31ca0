"""Rate limits: arithmetic at the planned peak, and what may be claimed about it."""

from dataclasses import replace

import pandas as pd
import pytest

from flightready.evidence import Grade, State
from flightready.telemetry import UsageLog
from flightready.telemetry.frames import buckets_frame
from flightready.traffic.limit_findings import findings

TYPED = "cost: {per_request: {model: m, input_tokens: 1400, output_tokens: 100}}\n"
STATED = "requests_per_user: 1, peak_to_mean: 1"


def exported():
    start = pd.Timestamp("2026-09-14", tz="UTC")
    row = {"start": start, "end": start + pd.Timedelta(days=1), "provider": "p", "model": "m", "requests": 10.0,
           "input_total": 9000.0, "cache_read": 0.0, "output": 1000.0, "cost_usd": 1.0}  # fmt: skip
    return UsageLog(None, buckets_frame({k: [v] for k, v in row.items()}, where="usage.json"), ("export",))


def test_ten_thousand_an_hour_are_167_requests_and_250k_tokens_a_minute(study):
    # 10,000/h = 2.778/s = 166.7 a minute; at 1,500 tokens 250,000 tokens a minute
    requests, tokens = study("requests_per_minute: 500", users="240_000", more=TYPED).traffic.limits.uses
    assert requests.required.median == pytest.approx(166.6667, abs=1e-3)
    assert tokens.required.median == pytest.approx(250_000)
    assert requests.used.median == pytest.approx(1 / 3, abs=1e-6)
    assert requests.over_probability == 0
    assert tokens.used is None


@pytest.mark.parametrize(
    ("users", "options", "state", "decides"),
    [
        ("100_000", {}, State.PASS, ""),
        ("900_000 to 1_000_000", {}, State.FAIL, ""),
        ("500_000 to 900_000", {}, State.UNKNOWN, "narrower range"),
        ("660_000", {}, State.UNKNOWN, "a tenth of the limit is left"),  # 458 of 500: no call is refused, little left
        ("715_000", {"rest": f"{STATED}, peak_minute: 4"}, State.UNKNOWN, "a queue that spreads"),
        ("40_000", {"rest": "growth_per_month: 0"}, State.UNKNOWN, "peak_to_mean"),
        # 347 of 500 on the mean day; a busiest weekday of 1 to 1.4 and days that differ by 20 % reach about 1.2 x 1.46 of that
        (
            "500_000",
            {"rest": f"{STATED}, peak_minute: 1, day_to_day: 20%"},
            State.UNKNOWN,
            "the busiest day of a month: its peak hour asks for up to",
        ),
        ("200_000", {"rest": f"{STATED}, peak_minute: 1, day_to_day: 20%"}, State.PASS, ""),
        # nobody states the busiest minute, and one request a minute shows no bursts
        ("20_000", {"rest": STATED}, State.UNKNOWN, "State workload.peak_minute"),
    ],
)
def test_a_yes_takes_measured_calls_a_replay_that_refuses_few_and_headroom(study, log, users, options, state, decides):
    made = study("requests_per_minute: 500", users=users, usage=log(), **options).traffic
    (finding,) = made.findings
    assert (finding.id, finding.state, finding.questions) == ("traffic.requests_per_minute", state, ("R5",))
    assert finding.grade is (Grade.MEASURED if "rest" not in options or STATED in options["rest"] else Grade.ASSUMED)
    assert decides in finding.decides and (finding.decides == "") == (state is not State.UNKNOWN)
    assert finding.n == 200


def test_reserved_output_that_the_log_does_not_name_is_no_yes(study, log):
    limits = "tokens_per_minute: 900_000, provider: azure_openai"
    (known,) = study(limits, usage=log()).traffic.findings
    (unknown,) = study(limits, usage=log(max_tokens=float("nan"))).traffic.findings
    assert (known.state, unknown.state) == (State.PASS, State.UNKNOWN)
    assert "max_tokens" in unknown.decides


@pytest.mark.parametrize("usage", [None, exported()])
def test_without_single_calls_there_are_means_but_no_replay_and_no_yes(study, usage):
    more = TYPED if usage is None else ""
    small = study("tokens_per_minute: 900_000", usage=usage, more=more).traffic
    assert small.replay is None
    assert small.limits.uses[0].required.median == pytest.approx(69.444 * (1500 if usage is None else 1000), rel=1e-4)
    assert (small.findings[0].state, small.findings[0].grade) == (State.UNKNOWN, Grade.ESTIMATED)
    assert "one line for each call" in small.findings[0].decides
    assert [a.key for a in small.absences] == ["usage_log" if usage is None else "usage_buckets"]
    large = study("tokens_per_minute: 900_000", users="9_000_000", usage=usage, more=more).traffic
    assert large.findings[0].state is State.FAIL


def test_retries_count_against_the_limit(study, log):
    once, twice = (study("requests_per_minute: 500", usage=log(n=100, retried=k)).traffic.limits for k in (0, 100))
    assert twice.uses[0].required.median == pytest.approx(2 * once.uses[0].required.median)


def test_a_minute_within_the_peak_hour_may_be_above_a_limit_that_the_mean_keeps(study):
    # 480 a minute on average, 500 allowed: normal approximation of a Poisson minute: P(Z > 20.5 / sqrt 480) = .1747
    found = study("requests_per_minute: 500", users="691_200").traffic
    assert found.limits.uses[0].over_probability == 0
    assert found.limits.uses[0].minutes_over_share == pytest.approx(0.1747, abs=0.003)
    assert "Chance alone breaks it in 17 of 100 minutes" in found.findings[0].sentence


def test_without_a_stated_limit_the_need_is_still_said(study, log):
    found = study("", users="240_000", usage=log()).traffic
    assert (found.findings[0].id, found.findings[0].state) == ("traffic.rate_limits", State.UNKNOWN)
    assert "167 requests and 167,000 tokens" in found.findings[0].sentence
    assert (found.replay, found.absences) == (None, ())


def test_a_token_limit_without_tokens_asks_for_a_usage_log(study):
    found = study("tokens_per_minute: 1000", users="240_000").traffic
    assert [a.key for a in found.absences] == ["usage_log"]
    assert found.findings == ()


def test_without_a_planned_load_nothing_is_claimed(study, log):
    found = study("requests_per_minute: 500", users="", usage=log()).traffic
    assert (found.limits.uses, found.findings, found.replay) == ((), (), None)
    assert [a.key for a in found.absences] == ["workload"]


def test_an_uncertain_limit_is_drawn(study, log):
    found = study("requests_per_minute: 400 to 600", users="720_000", usage=log()).traffic
    assert 0.3 < found.limits.uses[0].over_probability < 0.7
    assert found.limits.uses[0].used.high > 1.1
    assert found.replay.rules[0].rejected.low < 0.02 < found.replay.rules[0].rejected.high


def test_a_house_assumption_on_bursts_does_not_carry_a_yes(study, log):
    made = study("requests_per_minute: 500", usage=log()).traffic
    (use,) = made.limits.uses[:1]
    for high, state in ((0.9, State.PASS), (1.2, State.UNKNOWN)):
        limits = replace(made.limits, uses=(replace(use, all_bursts=replace(use.used, high=high)),))
        (finding,) = findings(limits, made.replay, files=())
        assert finding.state is state
        assert ("how far the bursts of the log even out" in finding.decides) == (state is State.UNKNOWN)
