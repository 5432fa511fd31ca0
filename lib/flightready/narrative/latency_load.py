"""Sentences about load: what is at work at the planned peak, where it gives way, and how requests then end."""

from __future__ import annotations

import numpy as np

from flightready.draws import Summary
from flightready.latency.result import LatencyResult
from flightready.latency.tried import Tried
from flightready.latency.under_load import LoadCurve
from flightready.wording import count, in_hundred, interval, number, seconds, share, together, with_noun

_ASSUMED = (
    "Simulated request by request: they come at random, with one busier minute in the peak hour, and each holds a "
    "place for its own time, so that how much these times differ is in it. That the service itself slows down under "
    "load is not: only a load test shows that. Intervals count in how long requests are, not how waits grow with their "
    "scatter: of few traces close to full use they are too narrow."
)


def capacity_sentence(result: LatencyResult) -> str:
    """Return how many requests are at work at the planned peak, against how many can be."""
    c = result.capacity
    if c is None:
        return ""
    peak = f"{number(c.peak_per_second.median)} requests a second"
    if c.in_flight is None:
        if c.longest_service_s is None:
            return f"The planned peak is {peak}."
        return (
            f"The planned peak is {peak}; with {c.concurrency:,.0f} served at once a request may take "
            f"{seconds(c.longest_service_s.median)} on average (nine times in ten "
            f"{interval(c.longest_service_s.low, c.longest_service_s.high, seconds)}) before the queue never ends."
        )
    text = (
        f"At {peak} and {seconds(c.mean_service_s)} each, {number(c.in_flight.median)} requests are at work at once on "
        f"average (nine times in ten {interval(c.in_flight.low, c.in_flight.high, number)}), and in 1 of 100 moments "
        f"more than {c.in_flight_busy.median:,.0f}."
    )
    if c.busy_share is None:
        return text
    at = f" at '{c.place}'" if c.place else ""
    return (
        f"{text} First attempts alone keep {share(round(c.busy_share.median, 2))} of the {c.concurrency:,.0f} that can "
        f"be served at once{at} busy; in {in_hundred(c.overload_probability)} of 100 cases of the plan more arrive "
        "than can be done."
    )


def needed_sentence(result: LatencyResult) -> str:
    """Return how many must be served at once for the budget to hold at the upper end of the plan."""
    c = result.capacity
    if c is None or result.service is None or not result.budgets_s:
        return ""
    top = f"{number(c.peak_per_second.high)} requests a second"
    is_limited = result.scenario is not None and result.scenario.limits is not None
    free = "Without rate limits in the way, " if is_limited else ""
    if c.needed is None:
        told = f"{free}no number served at once keeps the budget at {top}, the upper end of the planned peak"
        return f"{told[:1].upper()}{told[1:]}: the requests alone take too long or fail too often."
    have = "" if c.concurrency is None else f"; the assessment says {c.concurrency:,.0f}"
    told = f"{free}the budget needs {c.needed:,} served at once at {top}, the upper end of the planned peak{have}."
    return f"{told[:1].upper()}{told[1:]}"


def curve_sentence(result: LatencyResult) -> str:
    """Return where something is used up as the load grows, where it gives way, and what is taken for granted."""
    c = result.curve
    if c is None:
        return ""
    first = f"{used_up(c)} {gives_way(c)}"
    if c.why == "limit" and c.kind == "limit" and c.what == c.tightest:
        at = f"{number(c.gives_way_per_second)} requests a second"
        first = f"From {at} on the rate limit '{c.what}' is used up and turns requests away."
    return f"{first} {_ASSUMED} {_smaller(c)}{_error(c)}".strip()


def _smaller(c: LoadCurve) -> str:
    """That a large system waits less than the smaller one that stands for it; measured at 500 and 5,000 a second."""
    return "" if c.smaller <= 1 else (
        f"For so large a load a system {c.smaller:,} times smaller was simulated at the same use. Up to nine tenths of "
        "what can be done that changes little; nearer to it times are too long, by a quarter and more. ")  # fmt: skip


def _error(c: LoadCurve) -> str:
    """The simulation's own error where half of what is there is used."""
    error_s = float(np.interp(c.saturation_per_second / 2, c.per_second, c.error_s["p95"]))
    return (
        f"The simulation's own error in the time of 95 of 100 is about {seconds(error_s)}."
        if np.isfinite(error_s)
        else ""
    )


def used_up(c: LoadCurve) -> str:
    """Return at which load first attempts alone use up servers or a limit."""
    ends = c.saturation_low, c.saturation_high
    sure = f" (nine times in ten {interval(*ends, number)})" if ends[0] < ends[1] else ""
    at = f"{number(c.saturation_per_second)} requests a second{sure}"
    if c.kind == "limit":
        return f"The rate limit '{c.tightest}' is used up by {at}."
    where = f" at '{c.tightest}'" if c.tightest else ""
    return f"{c.concurrency:,} served at once{where} can do no more than {at}."


def gives_way(c: LoadCurve) -> str:
    """Return at which load it gives way, and how."""
    if c.gives_way_per_second is None:
        return "Every simulated load is borne: those that do not get through give up or are turned away."
    at = f"From {number(c.gives_way_per_second)} a second on"
    return {
        "servers": f"{at} more arrive than can be done, and the queue grows for as long as the load lasts.",
        "storm": f"{at} time-outs and retries make so much work that it does not recover while the load lasts, though "
        "first attempts alone would be borne.",
        "limit": f"{at} the rate limit '{c.what}' turns requests away.",
    }[c.why]


def no_curve(result: LatencyResult) -> str:
    """Return what a load curve still needs; empty when there is one."""
    if result.curve is not None:
        return ""
    known = result.service is not None and result.service.low_s.size > 0
    words = {"concurrency": "how many can be served at once"}
    lacking = ([] if known or result.typed is not None else ["traces of answered requests"]) + [
        words[a.key] for a in result.absences if a.key in words
    ]
    return f"How times grow with the load cannot be drawn yet. It takes {' and '.join(lacking)}."


def outcomes_sentence(result: LatencyResult) -> str:
    """Return how the requests of the planned peak hour end, and how many attempts each takes."""
    peak = result.planned_peak
    if peak is None:
        return ""
    limit = result.in_time_limit_s
    words = {"degraded": "end in the fallback", "lost": "end with an error"}
    if limit is not None:
        words = {"in_time": f"are answered within {seconds(limit)}", **words}
    parts = [
        f"{with_range(peak[key].median, peak[key].low, peak[key].high)} {word}"
        for key, word in words.items() if key == "in_time" or round(peak[key].high, 3) > 0
    ]  # fmt: skip
    if not parts:
        return f"Every request of the planned peak hour is answered; {_attempts(peak)}."
    of_them = f"Of the requests of the planned peak hour (in brackets: nine times in ten) {together(parts)}"
    return f"{of_them}; {_attempts(peak)}."


def with_range(value: float, low: float, high: float) -> str:
    """Return a share to a tenth of a percent with its range in brackets, without one where all read alike.

    Examples
    --------
    >>> with_range(0.4281, 0.1934, 0.6433), with_range(1.0, 1.0, 1.0)
    ('42.8 % (19.3 % to 64.3 %)', '100 %')
    """
    ends = interval(round(low, 3), round(high, 3), share)
    told = share(round(value, 3))
    return told if ends == told else f"{told} ({ends})"


def _attempts_of(tries: float) -> str:
    return f"each takes {count(1, 'attempt') if round(tries, 2) == 1 else f'{number(round(tries, 2))} attempts'}"


def _attempts(peak: dict[str, Summary]) -> str:
    tries = peak["tries"]
    ends = [round(x, 2) for x in (tries.low, tries.median, tries.high)]
    if ends[0] == ends[2]:
        return f"{_attempts_of(ends[1])} on average"
    return f"{_attempts_of(ends[1])} on average ({interval(ends[0], ends[2], number)})"


def assumed(result: LatencyResult) -> tuple[str, ...]:
    """Return what the simulation takes for granted beyond what the assessment states, a sentence each."""
    return () if result.scenario is None else result.scenario.notes


def tried(found: Tried, *, per_second: float, budget_s: float, concurrency: int | None) -> tuple[str, ...]:
    """Return what the live panel says of one load under one policy."""
    served = "" if concurrency is None else f" with {concurrency:,} served at once"
    setting = f"At {with_noun(number(per_second), 'request')} a second{served}"
    if np.isfinite(found.p95_s):
        word = "within" if found.p95_s <= budget_s else "over"
        error = "" if not np.isfinite(found.error_s) else f" (simulation error {seconds(found.error_s)})"
        first = f"{setting} 95 of 100 requests take up to {seconds(found.p95_s)}{error}, {word} a budget of " \
                f"{seconds(budget_s)}."  # fmt: skip
    else:
        first = f"{setting} fewer than 95 of 100 requests get an answer{_because(found)}."
    s = found.shares
    return (
        first,
        f"{share(round(s['in_time'], 3))} are answered in time, {share(round(s['degraded'], 3))} end in the fallback "
        f"and {share(round(s['lost'], 3))} with an error; {_attempts_of(s['tries'])} on average.",
        *(() if found.curve is None else (gives_way(found.curve),)),
    )


def _because(found: Tried) -> str:
    return {
        "servers": ": more arrive than can be done", "storm": ": time-outs and retries keep it overloaded",
        "limit": f": the rate limit '{found.what}' turns them away", "": "",
    }[found.why]  # fmt: skip


def tried_on_mean(p95_s: float, in_time_share: float, *, per_second: float, concurrency: int, budget_s: float) -> str:
    """Return the same where no request was ever timed, by a formula."""
    setting = f"At {with_noun(number(per_second), 'request')} a second with {concurrency:,} served at once"
    assumed = f"Assumed, not measured: requests whose times scatter as much as their mean. {setting}"
    if p95_s == float("inf"):
        return f"{assumed} fewer than 95 of 100 requests get an answer: the queue never ends."
    word = "within" if p95_s <= budget_s else "over"
    return (
        f"{assumed} 95 of 100 requests take up to {seconds(p95_s)}, {word} a budget of {seconds(budget_s)}; "
        f"{share(round(in_time_share, 2))} are answered in time."
    )
