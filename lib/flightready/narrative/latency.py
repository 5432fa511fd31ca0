"""Sentences about latency and load."""

from __future__ import annotations

from flightready.evidence import State
from flightready.latency.composition import Composition
from flightready.latency.findings import overload_words
from flightready.latency.percentiles import Percentile
from flightready.latency.result import LatencyResult
from flightready.narrative.latency_load import capacity_sentence, with_range
from flightready.wording import count, interval, number, seconds, share

STATE_WORDS = {State.PASS: "is kept", State.FAIL: "is not kept", State.UNKNOWN: "cannot be told yet"}
CONTEXT_WORDS = {
    "interactive": "someone who waits and works on", "blocking_form": "someone who waits in front of a form",
    "streaming": "someone who reads along (for the first words)", "batch": "nobody who waits",
}  # fmt: skip
_PROBLEMS = {
    "trace_without_root": ("trace has no first step and is left out", "traces have no first step and are left out"),
    "several_roots": ("trace has several first steps; it lasts from the earliest start to the latest end",
                      "traces have several first steps; each lasts from the earliest start to the latest end"),
    "missing_parent": ("step names a caller that is not in the file", "steps name a caller that is not in the file"),
    "child_outside_parent": ("step starts before or ends after its caller; only the time within the request counts",
                             "steps start before or end after their caller; only the time within the request counts"),
    "after_the_answer": ("step goes on after the answer; what it does then is not part of the request",
                         "steps go on after the answer; what they do then is not part of the request"),
    "clock_ahead": ("step of another service starts before its caller: the clocks differ, and it is moved to the start "
                    "of its caller with its length unchanged",
                    "steps of another service start before their caller: the clocks differ, and they are moved to the "
                    "start of their caller with their length unchanged"),
    "unfinished_span": ("step never ended and is left out", "steps never ended and are left out"),
    "repeated_span": ("step was exported twice and counts once", "steps were exported twice and count once"),
    "doubled_span": ("step is in two of the files and counts once", "steps are in two of the files and count once"),
    "impossible_first": ("first chunk would have come outside its step and counts as unknown",
                         "first chunks would have come outside their steps and count as unknown"),
    "impossible_span": ("step ends before it starts and is left out", "steps end before they start and are left out"),
    "span_in_cycle": ("step is its own caller, directly or through others, and is left out",
                      "steps are their own callers, directly or through others, and are left out"),
    "contradicted_duration": ("step states another duration than from its start to its end; start and end count",
                              "steps state another duration than from their start to their end; start and end count"),
    "same_start": ("request starts at the same moment as all others: their times of day say nothing about busy hours",
                   "requests start at the same moment: their times of day say nothing about busy hours"),
    "no_time_of_day": ("request has no time of day, so that nothing is said about busy hours",
                       "requests have no time of day, so that nothing is said about busy hours"),
    "request_without_time": ("request has a call of unknown time and is left out",
                             "requests have a call of unknown time and are left out"),
}  # fmt: skip


def answer(result: LatencyResult) -> tuple[str, ...]:
    """Return the answer: the time of nearly all requests against the budget, now and at the planned peak."""
    if not result.pilot:
        return (_without_times(result),)
    main = main_percentile(result)
    planned = next((p for p in result.planned if p.name == main.name), None)
    parts = [
        f"{_where(result)} {percentile_claim(main, result)}.",
        _at_peak(planned, result) if planned else _without_peak(result),
        _verdict(result, main),
        failures(result),
        _largest_stage(result),
    ]
    return tuple(filter(None, parts))


def main_percentile(result: LatencyResult) -> Percentile:
    """Return the percentile that the answer leads with: p95 where it has a budget or none has one."""
    return next((p for p in result.pilot if p.name == "p95" and (p.budget_s or not result.budgets_s)), None) or next(
        (p for p in result.pilot if p.budget_s), result.pilot[0]
    )


def percentile_claim(p: Percentile, result: LatencyResult) -> str:
    """Return such as: 95 of 100 requests take up to 4.2 s (nine times in ten 3.9 s to 4.6 s)."""
    hundred = f"{100 * p.share:g} of 100 requests"
    if p.value_s is None:
        return f"fewer than {hundred} get an answer, {why_unbounded(p, result)}"
    if p.low_s is None and p.high_s is None:
        return f"{hundred} take up to about {seconds(p.value_s)}, without bounds yet, {why_unbounded(p, result)}"
    because = "" if p.high_s is not None else f", with no upper bound, {why_unbounded(p, result)}"
    sure = "between the two ways in which the stages may fall together" if p.n == 0 else "nine times in ten"
    return f"{hundred} take up to {seconds(p.value_s)} ({sure} {interval(p.low_s, p.high_s, seconds)}){because}"


def why_unbounded(p: Percentile, result: LatencyResult) -> str:
    """Return why a percentile has no upper bound, as a clause; empty when it has one."""
    needed = f" ({p.requests_needed:,} would give one)" if p.requests_needed else ""
    return {
        "": "",
        "few": f"because {count(p.n, 'traced request')} {'is' if p.n == 1 else 'are'} too few{needed}",
        "failures": f"because {result.n_failed:,} of {count(result.n, 'traced request')} failed",
        "overload": f"because {overload_words(result)}",
        "part": "because what surrounds the model's calls is not in the log",
        "tail": "because a stage has no 95th percentile",
    }[p.unbounded]


def _where(result: LatencyResult) -> str:
    return {
        "spans": f"In the pilot ({count(result.n, 'traced request')})",
        "calls": f"In the model's calls alone ({count(result.n, 'request')} of the log; the user waits longer)",
        "stages": "By the typed times of the stages, an estimate,",
    }[result.source]


def _at_peak(p: Percentile, result: LatencyResult) -> str:
    peak = result.capacity.peak_per_second
    rate = f"{number(peak.median)} requests a second ({interval(peak.low, peak.high, number)})"
    at_once = result.capacity.concurrency
    served = "" if at_once is None else f" with {at_once:,.0f} served at once{_at(result)},"
    return f"At the planned peak of {rate},{served} {percentile_claim(p, result)}."


def _at(result: LatencyResult) -> str:
    return f" at '{result.capacity.place}'" if result.capacity.place else ""


def _without_peak(result: LatencyResult) -> str:
    if result.capacity is None:
        return "What the planned load makes of it is not known: the assessment names no users a day."
    if result.curve is not None:
        return ("What waiting at the planned peak adds is not measured: that takes whole requests that were answered. "
                "It is simulated below, from the typed times.")  # fmt: skip
    if result.capacity.concurrency is None:
        lacking = "how many can be served at once is missing"
    else:
        lacking = "it takes whole requests that were answered, not percentiles of stages"
    return f"What waiting at the planned peak adds is not known: {lacking}. {capacity_sentence(result)}"


def _verdict(result: LatencyResult, main: Percentile) -> str:
    """What the findings say of every budget."""
    decided = {f.id.removeprefix("latency."): f.state for f in result.findings}
    first = () if result.first_words is None else result.first_words.percentiles
    named = [
        *((p, p.name, "") for p in result.pilot),
        *((p, f"first_token.{p.name}", " to the first words") for p in first),
    ]
    stated = [(p, decided[key], of) for p, key, of in named if p.budget_s is not None and key in decided]
    if not stated:
        return f"No budget is stated. {reference_sentence(result)}".strip()
    words = [f"{seconds(p.budget_s)}{of} for {100 * p.share:g} of 100 {STATE_WORDS[state]}" for p, state, of in stated]
    return f"The budget: {'; '.join(words)}."


def reference_sentence(result: LatencyResult) -> str:
    """Return what people tolerate in this context; empty where nobody waits."""
    if result.reference_s is None:
        return ""
    return f"For orientation: {CONTEXT_WORDS[result.context]} tolerates about {seconds(result.reference_s)}."


def _without_times(result: LatencyResult) -> str:
    text = "How long a request takes is not known: there are no traces, no times in the usage log and no typed times."
    return f"{text} {capacity_sentence(result)}".strip()


def failures(result: LatencyResult) -> str:
    """Return how many requests ended without an answer; empty when none is known."""
    if not result.n:
        return ""
    if not result.n_failed:
        return (
            f"{'The one request did not fail' if result.n == 1 else f'Not one of {result.n:,} requests failed'} "
            f"(nine times in ten at most {share(result.failed_share.high)} do)."
        )
    low, high = result.failed_share.low, result.failed_share.high
    return (
        f"{result.n_failed:,} of {count(result.n, 'request')} ended without an answer "
        f"({share(result.n_failed / result.n)}, nine times "
        f"in ten {interval(low, high, share)}); they count as never answered, not as fast."
    )


def _largest_stage(result: LatencyResult) -> str:
    if not result.stages:
        return ""
    top = max(result.stages, key=lambda s: s.share_of_excess)
    if top.share_of_excess <= 0:
        return ""
    return (
        f"What makes the slowest requests slow is mostly '{top.name}': {share(round(top.share_of_excess, 2))} "
        "of what they take "
        "longer than a typical one."
    )


def stages_sentence(result: LatencyResult) -> str:
    """Return where the time of typical and of slow requests goes."""
    if not result.stages:
        return ""
    usual = max(result.stages, key=lambda s: s.typical_s)
    total, most = sum(s.typical_s for s in result.stages), max(s.share_of_excess for s in result.stages)
    mend = "Mending another stage alone moves them less." if most > 0 else ""
    return (
        f"A typical request takes {seconds(total)}, of which '{usual.name}' takes {seconds(usual.typical_s)}. "
        f"{_largest_stage(result)} {mend}"
    ).strip()


def composition_sentence(result: LatencyResult) -> str:
    """Return what adding percentiles, or taking the stages for independent, would have said."""
    part = next((c for c in result.composition if c.share == 0.95), None)
    if part is None:
        return ""
    if part.together is None:
        top = "no upper end is known" if part.added is None else f"adding them up gives {seconds(part.added)}"
        return (
            "If the stages had nothing to do with one another, 95 of 100 requests would take up to "
            f"{seconds(part.independent)}; "
            f"{top}. Only whole traces tell where between the two the truth lies."
        )
    return (
        f"95 of 100 whole answered requests take up to {seconds(part.together)}. Adding up what 95 of 100 take in each "
        f"stage would have said {seconds(part.added)}, and stages that have nothing to do with one another "
        f"{seconds(part.independent)}{_meeting(part)}."
    )


def _meeting(part: Composition) -> str:
    """Whether slow stages meet, as a clause; empty where the two figures read alike."""
    if seconds(part.together) == seconds(part.independent):
        return ""
    return f": slow stages {'tend to' if part.together > part.independent else 'do not'} meet in the same request"


def how_to_read(result: LatencyResult) -> str:
    """Return how to read the curve of answers; empty where it is not drawn."""
    if result.answered is None or not result.answered.times_s.size:
        return ""
    cross = (
        "A budget is a red cross, kept where the curve passes above and to the left of it. " if result.budgets_s else ""
    )
    ends = " A request that failed never answered, so the curve ends below 100 %." if result.n_failed else ""
    return f"{cross}At each single time the true curve lies within the band nine times in ten.{ends}"


def in_time_sentence(result: LatencyResult) -> str:
    """Return which share of requests is answered in time, in the pilot and at the planned load."""
    if result.in_time_limit_s is None or result.pilot_in_time_share is None:
        return ""
    low, high = result.pilot_in_time_interval.low, result.pilot_in_time_interval.high
    text = (
        f"Within {seconds(result.in_time_limit_s)} the pilot answered {share(result.pilot_in_time_share)} of "
        "all requests "
        f"(nine times in ten {interval(low, high, share)})."
    )
    if result.in_time_day is None:
        return text
    peak, day = result.in_time_peak, result.in_time_day
    return (
        f"{text} At the planned load it is {with_range(peak.median, peak.low, peak.high)} in the peak hour and "
        f"{with_range(day.median, day.low, day.high)} over the day."
    )


def retries_sentence(result: LatencyResult) -> str:
    """Return what the declared retries cost and save."""
    r = result.retries
    if r is None:
        return ("What retries add to the load cannot be said: it takes how often a failed call is tried again "
                "(latency.policy.retries), and requests of which is known how many failed.")  # fmt: skip
    if not r.n_failed:
        return (
            f"Of {count(r.n, r.level)} none failed, so retries add next to nothing "
            "as long as all is well. When the provider is down every request makes "
            f"{count(r.most_attempts, 'attempt')}."
        )
    return (
        f"{r.n_failed:,} of {count(r.n, r.level)} failed. With "
        f"{_retry_words(r.retries)} that makes "
        f"{r.attempts:.2f} attempts a request (nine times in ten "
        f"{interval(r.attempts_interval.low, r.attempts_interval.high, '{:.2f}'.format)}) "
        f"and leaves {_rare(r.final_failure)} failed, if failures come one by one; "
        f"{share(r.n_failed / r.n)} where a request fails for its own sake, each time anew. When the provider is down "
        f"every request makes {count(r.most_attempts, 'attempt')}."
    )


def problems_sentences(result: LatencyResult) -> tuple[str, ...]:
    """Return what is odd in the traces, one sentence each."""
    return tuple(
        f"{p.count:,} of {p.of:,}: {_PROBLEMS[p.key][0 if p.count == 1 else 1]}."
        for p in result.problems
        if p.key in _PROBLEMS
    )


def _retry_words(retries: int) -> str:
    return "no retry" if retries == 0 else count(retries, "retry")


def _rare(part: float) -> str:
    return "fewer than 1 in 10,000" if 0 < part < 0.0001 else share(part)
