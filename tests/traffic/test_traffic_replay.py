"""The replay of the pilot's calls at the planned peak: it says what the limits do, and how sure that is."""

import dataclasses

import numpy as np
import pytest

from flightready import policy
from flightready.study.store import Store
from flightready.traffic.call_sample import call_sample
from flightready.traffic.peak_hour import peak_hour

# 100,000 requests a day at the mean rate: 69.4 a minute
NARROW = "requests_per_minute: 200"


def of(study, log, limits, **options):
    return study(limits, usage=options.pop("usage", None) or log(), **options).traffic.replay


def test_a_large_limit_refuses_nothing_and_a_small_one_what_is_above_it(study, log):
    calm = of(study, log, NARROW)
    assert (calm.rejected.high, calm.delayed.high, calm.delay_max_s.high) == (0, 0, 0)
    # half of the rate: in a bucket, half of the calls find no room, and the queue grows to about an hour's length
    tight = of(study, log, "rules: [{counts: requests, per_minute: 34.72, burst: 1}]")
    assert tight.rejected.mean == pytest.approx(0.5, abs=0.17)
    assert tight.delay_max_s.median == pytest.approx(3600, rel=0.1)
    assert tight.rules[0].busiest.median > 2


def test_twice_the_load_is_refused_more_and_use_rises_with_the_users(study, log):
    limits = "requests_per_minute: 80"
    shares = [of(study, log, limits, users=users).rejected.mean for users in ("80_000", "120_000", "240_000")]
    assert shares == sorted(shares) and shares[-1] > shares[0] + 0.3
    use = of(study, log, limits).use
    assert (np.diff(use, axis=1) > 0).all()
    assert use.shape == (1, len(policy.value("replay_user_levels")))


def test_reserved_output_raises_the_use_and_uncounted_cache_lowers_it(study, log):
    def use(rule):
        return of(study, log, f"rules: [{{counts: tokens, per_minute: 90000{rule}}}]").rules[0].busiest.mean

    plain = use("")
    assert use(", reserves_max_tokens: true") == pytest.approx(1.2 * plain)
    assert use(", counts_cached: false") == pytest.approx(0.6 * plain)
    assert use(", reserves_max_tokens: true, returns_unused: true") == pytest.approx(plain)


def test_failed_attempts_use_up_the_limit_and_come_when_they_came(study, log, dice):
    once, twice = (of(study, log, NARROW, usage=log(n=100, retried=k)) for k in (0, 100))
    assert twice.calls_per_minute.mean == pytest.approx(2 * once.calls_per_minute.mean, rel=0.05)
    sample = call_sample(study("", users="").pilot, log(n=100, retried=100))
    hour = peak_hour(sample, 1.0, dice, minutes=60)
    assert (np.diff(hour.arrival_s) >= 0).all()
    firsts = np.bincount(hour.call, minlength=200).reshape(100, 2)
    assert (firsts[:, 0] == firsts[:, 1]).all()  # whole requests: as many second attempts as first ones
    assert hour.call.size == pytest.approx(2 * 3600, rel=0.08)


@pytest.mark.parametrize("ratio", [1.0, 3.0, 20.0])
def test_the_busiest_minute_is_as_busy_as_stated(study, log, dice, ratio):
    sample = call_sample(study("", users="").pilot, log())
    hour = peak_hour(sample, 50.0, dice, minutes=60, peak_minute=ratio)
    counts = np.bincount((hour.arrival_s // 60).astype(int), minlength=60)
    assert counts.max() / counts.mean() == pytest.approx(ratio, rel=0.08)
    assert counts.sum() == pytest.approx(180_000, rel=0.01)
    others = np.delete(counts, counts.argmax())
    assert others.std() == pytest.approx(np.sqrt(others.mean()), rel=0.35)  # at random


def test_a_stated_busiest_minute_is_refused_more(study, log):
    even = of(study, log, "requests_per_minute: 90")
    burst = of(study, log, "requests_per_minute: 90",
               rest="requests_per_user: 1, peak_to_mean: 1, peak_minute: 6")  # fmt: skip
    assert burst.peak_minute == 6.0
    assert burst.rejected.mean > even.rejected.mean + 0.02
    assert burst.rules[0].busiest.mean == pytest.approx(6 * 69.44 / 90, rel=0.1)


def test_the_needed_limit_refuses_at_most_what_the_policy_allows(study, log):
    plan = {"users": "80_000 to 120_000"}
    needed = of(study, log, "requests_per_minute: 30", **plan).rules[0].needed_per_minute
    assert 70 < needed < 140
    fits, tight = (of(study, log, f"requests_per_minute: {x * needed:.4f}", **plan) for x in (1.05, 0.8))
    allowed = policy.value("rate_limit_rejected")
    assert fits.rejected.high <= 1.5 * allowed < allowed + 0.05 < tight.rejected.high


def test_the_lowest_tier_that_is_large_enough(study, log):
    small = of(study, log, "provider: anthropic, tier: start")
    assert small.tier == "start"
    assert of(study, log, "provider: anthropic, tier: start", users="3_000_000").tier == "build"
    assert of(study, log, "provider: anthropic, tier: start", users="90_000_000").tier == ""


def test_a_call_larger_than_the_bucket_is_said_and_never_waits(study, log):
    made = study("rules: [{counts: tokens, per_minute: 900000, burst: 999}]", usage=log())
    found = made.traffic.replay
    assert (found.too_large, found.rejected.high, found.delay_max_s.high) == (200, 0, 0)
    assert found.rules[0].needed_per_minute is None
    (finding,) = (f for f in made.traffic.findings if f.id == "traffic.too_large")
    assert "200 calls of 200 are larger than a limit ever holds: 999 tokens at once" in finding.sentence
    tiny = of(study, log, "tokens_per_minute: 0.5")
    assert tiny.too_large == 200
    assert tiny.rules[0].needed_per_minute > 60 * 1000


def test_a_plan_without_a_single_call_refuses_nothing(study, log):
    found = of(study, log, NARROW, users="0.001")
    assert (found.rejected.high, found.calls_per_minute.high, found.delay_max_s.high) == (0, 0, 0)


def test_the_same_seed_gives_the_same_replay_and_another_one_nearly(study, log):
    plan = {"users": "80_000 to 120_000"}
    limits = "requests_per_minute: 50"
    one, again, other = (of(study, log, limits, seed=s, **plan) for s in (7, 7, 8))
    assert repr(one) == repr(again)
    assert other.rejected.mean != one.rejected.mean
    spread = 6 * np.hypot(one.rejected.simulation_error, other.rejected.simulation_error) + 0.01
    assert other.rejected.median == pytest.approx(one.rejected.median, abs=spread)
    assert 0 < one.rejected.low < one.rejected.high < 1


def test_a_very_large_load_is_replayed_for_fewer_minutes_and_says_the_same(study, log):
    # 30 times and 20,000 times the load against as many times the limit: fluctuations shrink, the excess stays
    whole, fewer, batched = (
        of(study, log, f"requests_per_minute: {60 * k}", users=str(100_000 * k)) for k in (1, 30, 20_000)
    )
    assert [(r.minutes, r.stands_for) for r in (whole, fewer)] == [(60, 1), (14, 1)]
    assert batched.stands_for > 1
    assert batched.calls_per_minute.mean == pytest.approx(20_000 * 69.44, rel=0.01)
    assert whole.rejected.mean == pytest.approx(1 - 60 / 69.44, abs=0.02)
    assert fewer.rules[0].busiest.mean == pytest.approx(batched.rules[0].busiest.mean, rel=0.05)


def test_the_result_survives_the_store(study, log, tmp_path):
    result = study(NARROW, usage=log()).traffic
    store = Store(tmp_path / "store")
    store.put("traffic-test", result)
    again = store.get("traffic-test")
    assert np.array_equal(again.replay.use, result.replay.use)
    assert dataclasses.replace(again.replay, use=0) == dataclasses.replace(result.replay, use=0)
    assert (again.limits, again.findings) == (result.limits, result.findings)
