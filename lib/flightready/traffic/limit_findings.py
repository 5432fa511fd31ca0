"""Findings on rate limits: whether the planned peak fits, and whether every call fits at all."""

from __future__ import annotations

from typing import Any

from flightready import policy
from flightready.evidence import Finding, Grade, Interval, State, judge_at_most
from flightready.traffic.limits import LimitUse, RateLimits
from flightready.traffic.replay import LimitReplay, RuleReplay
from flightready.wording import count, in_hundred, rounded, share

_SUBJECT: dict[str, Any] = {"questions": ("R5",), "gaps": ("G4",), "tags": ("reliability", "availability")}


def findings(limits: RateLimits, replay: LimitReplay | None, *, files: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return one finding a stated limit, one on calls that fit in no limit, or that no limit is stated.

    Parameters
    ----------
    files : tuple of str
        Files of the log that the calls come from.
    """
    if not limits.uses:
        return ()
    if not limits.known:
        return () if limits.lacks_tokens else (_not_stated(limits),)
    replayed = {r.rule.key: r for r in replay.rules} if replay else {}
    made = [_of_limit(use, limits, replayed.get(use.key), replay, files) for use in limits.known]
    return (*made, *([_too_large(replay, limits.grade, files)] if replay and replay.too_large else []))


def _of_limit(
    use: LimitUse, limits: RateLimits, rule: RuleReplay | None, replay: LimitReplay | None, files: tuple[str, ...]
) -> Finding:
    interval = Interval(use.used.low, use.used.high)
    threshold = float(policy.value("rate_limit_use"))
    state = judge_at_most(interval, threshold)
    decides = "" if state is not State.UNKNOWN else "A narrower range for the planned peak, or a higher tier"
    if state is State.PASS:
        lacking = _lacks_for_a_yes(use, limits, rule, replay)
        state, decides = (State.UNKNOWN, lacking) if lacking else (State.PASS, "")
    return Finding(
        id=f"traffic.{use.key}", title=f"{use.name} at the peak",
        sentence=(
            f"The peak hour asks for {rounded(use.required.median)} {use.noun}s a minute "
            f"({rounded(use.required.low)} to {rounded(use.required.high)}); the limit is {use.limit:,.0f}."
            + _what_happens(use, rule)
        ),
        state=state, grade=limits.grade, value=use.used.median, unit="share of the limit", interval=interval,
        n=replay.sampled_calls if replay else None, rule="rate_limit_use", threshold=threshold, decides=decides,
        sources=files, **_SUBJECT,
    )  # fmt: skip


def _what_happens(use: LimitUse, rule: RuleReplay | None) -> str:
    if rule is not None:
        found = rule.rejected
        if found.high == 0:
            return " Replayed from the pilot's calls, every one of them finds room in it on a usual day."
        return (f" Replayed from the pilot's calls, {share(found.median)} of them find no room in it "
                f"({share(found.low)} to {share(found.high)}).")  # fmt: skip
    over = use.minutes_over_share
    if over is None or use.used.high > 1 or over <= policy.value("rate_limit_minutes_over"):
        return ""
    return f" Chance alone breaks it in {in_hundred(over)} of 100 minutes of that hour."


def _lacks_for_a_yes(use: LimitUse, limits: RateLimits, rule: RuleReplay | None, replay: LimitReplay | None) -> str:
    """What a mean below the limit still lacks for a yes; empty when it is one."""
    if limits.grade is Grade.ASSUMED:
        return "State workload.requests_per_user and workload.peak_to_mean; house assumptions stand in for them"
    if limits.grade is not Grade.MEASURED or rule is None or replay is None:
        return "A usage log with one line for each call, for the calls, their tokens and how they come together"
    if (
        judge_at_most(Interval(rule.rejected.low, rule.rejected.high), policy.value("rate_limit_rejected"))
        != State.PASS
    ):
        return "A higher tier, or a queue that spreads the calls of a busy minute"
    if use.used.high > 1 - policy.value("rate_limit_headroom"):
        return "A higher tier, so that a tenth of the limit is left for retries"
    if rule.rule.reserves != "none" and replay.unknown_max_tokens:
        return "A log that names the allowed output (max_tokens) of each call, since the provider reserves it"
    return _busier_than_usual(use, limits)


def _busier_than_usual(use: LimitUse, limits: RateLimits) -> str:
    """What a limit that is enough for the peak hour of the mean day lacks for the busiest day and minute."""
    limit = float(policy.value("rate_limit_use"))
    if limits.assumed_minute:
        return "State workload.peak_minute, or bring a log whose times show its minutes; a house assumption stands in"
    if use.busiest_day.high > limit:
        return ("A higher tier, or a queue for the busiest day of a month: its peak hour asks for up to "
                f"{share(round(use.busiest_day.high, 2))} of the limit")  # fmt: skip
    if use.all_bursts is not None and use.all_bursts.high > limit:
        return (
            "State workload.peak_minute, or a higher tier: a house assumption says how far the bursts of the log "
            "even out, and without that the busiest minute asks for up to "
            f"{share(round(use.all_bursts.high, 2))} of the limit"
        )
    return ""


def _too_large(replay: LimitReplay, grade: Grade, files: tuple[str, ...]) -> Finding:
    worst = max(replay.rules, key=lambda r: r.too_large)
    are = "is" if replay.too_large == 1 else "are"
    return Finding(
        id="traffic.too_large", title="Calls larger than a limit",
        sentence=(
            f"{count(replay.too_large, 'call')} of {replay.sampled_calls:,} {are} larger than a limit ever holds: "
            f"{rounded(worst.rule.capacity)} {worst.rule.noun}s at once. No waiting helps; such a call is refused."
        ),
        state=State.FAIL, grade=grade, value=replay.too_large / replay.sampled_calls, unit="share of the calls",
        n=replay.sampled_calls, sources=files, **_SUBJECT,
    )  # fmt: skip


def _not_stated(limits: RateLimits) -> Finding:
    asked = " and ".join(f"{rounded(use.required.high)} {use.noun}s" for use in limits.uses)
    return Finding(
        id="traffic.rate_limits", title="Rate limits",
        sentence=f"The assessment names no rate limit; the planned peak asks for up to {asked} a minute.",
        state=State.UNKNOWN, grade=limits.grade, **_SUBJECT,
        decides="The provider's limits under latency.limits (requests_per_minute, tokens_per_minute)",
    )  # fmt: skip
