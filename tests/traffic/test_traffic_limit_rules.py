"""What a call takes from a limit, as each provider counts, and what is wrong with an assessment's limits."""

import pytest

from flightready import policy
from flightready.draws import JointSample
from flightready.errors import InputError
from flightready.traffic.call_sample import call_sample
from flightready.traffic.limit_rules import Rule, charges, rules_of

ANTHROPIC = "provider: anthropic, tier: "


def taken(log, study, counts="tokens", **options):
    sample = call_sample(study("", users="").pilot, log(n=2, retried=1))
    held, kept = charges(sample, Rule("r", "r", counts, 1.0, **options))
    return held.tolist(), kept.tolist()


@pytest.mark.parametrize(
    ("options", "held", "kept"),
    [
        ({"counts": "requests"}, 1, 1),
        ({}, 1000, 1000),
        ({"counts_cached": False}, 600, 600),
        ({"counts": "input_tokens", "counts_cached": False}, 500, 500),
        ({"counts": "output_tokens"}, 100, 100),
        ({"counts": "output_tokens", "reserves": "added"}, 300, 300),
        ({"reserves": "added"}, 1200, 1200),
        ({"reserves": "larger"}, 1000, 1000),  # 300 allowed are fewer than 1000 used
        ({"reserves": "added", "returns_unused": True}, 1200, 1000),
        ({"reserves": "added", "returns_unused": True, "output_weight": 5.0}, 1200, 1400),
        ({"counts": "input_tokens", "reserves": "added"}, 900, 900),
    ],
)
def test_what_a_call_takes(log, study, options, held, kept):
    assert taken(log, study, **options) == ([held] * 3, [kept] * 3)


def test_failed_calls_count_unless_the_rule_says_otherwise(log, study):
    assert taken(log, study, counts_failed=False)[0].count(0.0) == 1
    assert taken(log, study)[0].count(0.0) == 0


def test_a_call_of_unknown_allowed_output_reserves_what_it_used(log, study):
    sample = call_sample(study("", users="").pilot, log(n=2, max_tokens=float("nan")))
    assert charges(sample, Rule("r", "r", "tokens", 1.0, reserves="added"))[0].tolist() == [1000.0, 1000.0]


@pytest.mark.parametrize("provider", [p for p in policy.read("limit_conventions.yaml") if p != "plain"])
def test_each_convention_says_where_from_and_makes_rules(study, provider):
    convention = policy.read("limit_conventions.yaml")[provider]
    assert all(convention[key] for key in ("name", "source", "checked", "assumes"))
    made = study(f"requests_per_minute: 60, tokens_per_minute: 9000, provider: {provider.upper().replace('_', '-')}")
    rules = rules_of(made.pilot, made.joint, ()).rules
    assert [r.per_minute for r in rules] == [60.0, 9000.0]
    assert all(r.source and r.checked for r in rules)


def test_azure_counts_requests_in_short_windows_and_reserves_the_allowed_output(study):
    made = study("requests_per_minute: 600, tokens_per_minute: 9000, provider: azure_openai")
    requests, tokens = rules_of(made.pilot, made.joint, ()).rules
    assert (requests.window_s, requests.capacity) == (10.0, 100.0)
    assert (tokens.window_s, tokens.capacity, tokens.reserves) == (60.0, 9000.0, "added")


def test_a_stated_tier_with_a_published_table_is_read_from_it(study):
    made = study(ANTHROPIC + "Build, requests_per_minute: 3")
    found = rules_of(made.pilot, made.joint, ("claude-sonnet-4-5-20250929",))
    assert {r.counts: r.per_minute for r in found.rules} == {
        "requests": 5_000, "input_tokens": 5_000_000, "output_tokens": 1_000_000}  # fmt: skip
    assert [r.counts_cached for r in found.rules] == [True, False, True]
    assert "published for the tier, read on 2026-11-20" in found.notes[-1]
    other = rules_of(made.pilot, made.joint, ("own-model",))
    assert [r.per_minute for r in other.rules] == [3.0]
    assert "the limits as typed count" in other.notes[-1]


def test_own_rules_stand_beside_the_typed_limits_each_with_its_key(study):
    own = "rules: [{counts: requests, per_minute: 5, burst: 2}, {name: Ours, counts: tokens, per_minute: 70, " \
          "refill: window, window: 10 s, reserves_max_tokens: true, counts_failed: false}]"  # fmt: skip
    made = study(f"requests_per_minute: 60, {own}")
    typed, burst, window = rules_of(made.pilot, JointSample(1), ()).rules
    assert [r.key for r in (typed, burst, window)] == [
        "requests_per_minute", "requests_per_minute_2", "tokens_per_minute"]  # fmt: skip
    assert (burst.capacity, window.name, window.window_s, window.reserves) == (2.0, "Ours", 10.0, "added")
    assert window.capacity == pytest.approx(70 / 6)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (
            "provider: antropic",
            r"line 4, latency.limits.provider: the provider 'antropic' has no known way.*did you mean 'anthropic'",
        ),
        ("provider: corner shop", r"no known way of counting its limits.*under latency.limits.rules"),
        (ANTHROPIC + "gold", r"'gold' is no tier of Anthropic.*start, build, scale"),
        ("rules: [{counts: tokens, per_minute: 9, refill: window, burst: 3}]", "a window has no burst"),
        ("rules: [{counts: words, per_minute: 9}]", "words"),
        ("requests_per_minute: 0", "above zero|above 0"),
    ],
)
def test_a_wrong_limit_names_its_place_and_the_cure(study, limits, said):
    with pytest.raises(InputError, match=f"(?i){said}"):
        study(limits)
