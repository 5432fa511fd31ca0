"""Sentences about rate limits: what the planned peak asks for, and what the limits do to the pilot's calls."""

from __future__ import annotations

from flightready.draws import Summary
from flightready.traffic.analysis import TrafficResult
from flightready.traffic.limits import LimitUse
from flightready.traffic.replay import LimitReplay, RuleReplay
from flightready.wording import count, in_hundred, interval, number, rounded, seconds, share

NO_LOAD = "What the peak asks of the provider's rate limits needs a planned load."
_GROWS_S = 60.0  # a wait longer than the minute over which limits are counted is a queue that does not empty


def limits_sentence(result: TrafficResult) -> str:
    """Return the rate limit that is nearest to its end, or that none is stated; empty without a planned load."""
    uses, known = result.limits.uses, result.limits.known
    if not uses:
        return ""
    if not known:
        asked = " and ".join(f"{number(u.required.median)} {u.noun}s" for u in uses)
        return f"The planned peak asks for {asked} a minute; the assessment names no rate limit."
    return limit_sentence(max(known, key=lambda u: u.used.median))


def limit_sentences(result: TrafficResult) -> tuple[str, ...]:
    """Return how each stated limit stands at the peak, or what is missing."""
    return tuple(limit_sentence(u) for u in result.limits.known) or (limits_sentence(result) or NO_LOAD,)


def limit_sentence(use: LimitUse) -> str:
    """Return what the peak asks of one limit."""
    chance, u = in_hundred(use.over_probability), use.used
    return (
        f"At the planned peak {number(use.required.median)} {use.noun}s a minute meet a limit of {number(use.limit)}: "
        f"{times(u.median)} what is allowed (nine times in ten {_between(u)}); "
        f"over it in {chance} of 100 cases of the plan."
    )


def times(use: float) -> str:
    """Write a use of a limit: a share below it, times above it.

    Examples
    --------
    >>> times(0.34), times(2.6)
    ('34 % of', '2.6 times')
    """
    return f"{_written(use, use >= 1)} {'times' if use >= 1 else 'of'}"


def _between(use: Summary) -> str:
    return interval(use.low, use.high, lambda x: _written(x, use.median >= 1))


def _written(use: float, as_times: bool) -> str:
    if as_times:
        return f"{use:.2g}" if use < 100 else rounded(use)
    return share(round(use, 2)) if use >= 0.1 else share(round(use, 3))


def replay_sentences(result: TrafficResult) -> tuple[str, ...]:
    """Return what the replay found: refused calls, waits in a queue, the limit and the tier that are needed."""
    r = result.replay
    if r is None:
        return (_no_replay(result),)
    return tuple(filter(None, (_refused(r), _waits(r), _too_large(r), _needed(r), _unknown_output(r))))


def _no_replay(result: TrafficResult) -> str:
    if not result.limits.known:
        return ""
    if result.is_beyond_replay:
        return ("A limit is so far too small for this plan that nearly every call would be refused; its peak hours "
                "were not replayed call by call.")  # fmt: skip
    return ("These are means over the peak hour. How many calls a busy minute would see refused, and how long a queue "
            "would hold them, takes a log with one line for each call.")  # fmt: skip


def _refused(r: LimitReplay) -> str:
    if r.rejected.high == 0 and r.too_large:
        return ""
    if r.rejected.high == 0:
        return (f"Replayed at {number(r.calls_per_minute.median)} calls a minute, none of the calls was refused "
                f"in {count(r.runs, 'peak hour')}.")  # fmt: skip
    return (
        f"Without a queue {share(r.rejected.median)} of the calls of the peak hour are refused (nine times in ten "
        f"{interval(r.rejected.low, r.rejected.high, share)})."
    )


def _waits(r: LimitReplay) -> str:
    if r.delayed.high == 0:
        return ""
    text = (
        f"In a queue {share(r.delayed.median)} of them wait, 95 of 100 up to {seconds(r.delay_p95_s.median)} "
        f"(nine times in ten {interval(r.delay_p95_s.low, r.delay_p95_s.high, seconds)}), the last "
        f"{seconds(r.delay_max_s.median)}."
    )
    return f"{text} The queue grows as long as the peak lasts." if r.delay_p50_s.median > _GROWS_S else text


def _too_large(r: LimitReplay) -> str:
    if not r.too_large:
        return ""
    are = "is" if r.too_large == 1 else "are"
    return (f"{count(r.too_large, 'call')} of {r.sampled_calls:,} {are} larger than a limit ever holds: "
            "no waiting helps, such a call is always refused.")  # fmt: skip


def _needed(r: LimitReplay) -> str:
    short = [rule for rule in r.rules if rule.needed_per_minute and rule.needed_per_minute > rule.rule.per_minute]
    if not short:
        return ""
    asked = " and ".join(f"{rounded(x.needed_per_minute)} {x.rule.noun}s a minute" for x in short)
    tier = f"; the lowest published tier that gives it is {r.tier}" if r.tier else ""
    return f"At the upper end of the plan it takes {asked} for at most 1 in 100 calls to be refused{tier}."


def _unknown_output(r: LimitReplay) -> str:
    if not r.unknown_max_tokens:
        return ""
    return (f"The allowed output of {count(r.unknown_max_tokens, 'call')} is not in the log, so what the provider "
            "reserves for it is not counted.")  # fmt: skip


def basis(r: LimitReplay) -> str:
    """Return what was replayed."""
    hour = "" if r.minutes == 60 else f" of {count(r.minutes, 'minute')} each, as there are very many calls"
    hour += f", {r.stands_for:,} of them replayed as one" if r.stands_for > 1 else ""
    return (f"Replayed: {count(r.sampled_calls, 'call')} of the log in {count(r.runs, 'peak hour')}{hour} over the "
            "range of the plan, failed calls too.")  # fmt: skip


def notes(result: TrafficResult) -> tuple[str, ...]:
    """Return what was taken for granted about how the limits are counted."""
    return result.limits.notes if result.limits.known else ()


def rule_words(rule: RuleReplay) -> str:
    """Return in a few words how a limit is counted."""
    r = rule.rule
    span = "fills all the time" if r.window_s == 0 else f"starts anew every {seconds(r.window_s)}"
    parts = [f"{span}, holds {rounded(r.capacity)}"]
    parts += (
        [{"added": "allowed output is added", "larger": "allowed output counts if larger"}[r.reserves]]
        if (r.reserves != "none")
        else []
    )
    parts += ["the unused part is given back"] if r.returns_unused else []
    parts += [] if r.counts_cached or r.counts == "requests" else ["cached input is free"]
    parts += [] if r.counts_failed else ["failed calls are free"]
    parts += [] if r.output_weight == 1 else [f"output counts {number(r.output_weight)} times"]
    return "; ".join(parts)
