"""Sentences about stages and their budget: what slow requests wait for, what each stage may take, what lies beyond."""

from __future__ import annotations

from flightready.evidence import Interval
from flightready.latency.allocation import Allocation, StageBudget
from flightready.latency.result import LatencyResult
from flightready.latency.stage_change import Effect
from flightready.latency.tail import Tail
from flightready.wording import count, interval, number, seconds, share

REFUSED = {
    "few": "only {over} took longer than {threshold}, and it takes {needed}",
    "censored": "{censored} of the {over} that took longer than {threshold} were given up without an answer",
    "no_spread": "the slowest times do not differ",
    "ends": "the slowest times stop short, as they do at a limit such as a time-out",
}


def of_hundred(part: float) -> str:
    """Return such as: 99.9 of 100 requests."""
    return f"{100 * part:g} of 100 requests"


def waterfall_sentence(result: LatencyResult) -> str:
    """Return what slow requests wait for longer than typical ones."""
    if len(result.waterfalls) < 2:
        return ""
    usual, slow = result.waterfalls
    more = [(b.length_s - a.length_s, a, b) for a, b in zip(usual.bars, slow.bars, strict=True)]
    _, before, most = max(more, key=lambda pair: pair[0])
    few = f" It rests on {count(slow.n_near, 'slow request')} only." if slow.n_near < usual.n_near / 2 else ""
    return (
        f"An answered request that is slower than 99 of 100 takes {seconds(slow.total_s)}, a typical one "
        f"{seconds(usual.total_s)}. The largest part of the difference is '{most.name}': {seconds(most.length_s)} "
        f"instead of {seconds(before.length_s)}.{few}"
    )


def fan_out_sentences(result: LatencyResult) -> tuple[str, ...]:
    """Return what several copies of a stage at once ask of each copy."""
    return tuple(
        f"'{f.stage}' runs in {number(f.copies)} copies side by side in a typical request. For all of them to be done "
        f"in time in {of_hundred(f.share)}, each copy must be in {100 * f.each:.4g} of 100."
        for f in result.fan_out
    )


def shown_allocations(result: LatencyResult) -> tuple[Allocation, ...]:
    """Return the splits that a reader needs: those with a budget, else the slow percentiles."""
    stated = tuple(a for a in result.allocations if a.budget_s is not None)
    return stated or tuple(a for a in result.allocations if a.name != "p50")


def split_sentences(result: LatencyResult) -> tuple[str, ...]:
    """Return for each budget which stage takes most of it, and what one stage alone would have to become."""
    return tuple(_split(a, result) for a in shown_allocations(result))


def _split(a: Allocation, result: LatencyResult) -> str:
    top = max(a.stages, key=lambda s: s.takes_s)
    within = f" ({_interval(top.takes)})" if top.takes.low is not None else ""
    which = "answered requests" if a.answered_only else "requests"
    text = (
        f"Of the {seconds(a.total_s)} within which {100 * a.share:g} of 100 {which} are done at the pilot's load, "
        f"'{top.name}' takes {seconds(top.takes_s)}{within}, {share(round(top.part, 2))}."
    )
    if a.budget_s is None:
        return text
    if a.answered_only:
        return (
            f"{text} {result.n_failed:,} of {count(result.n, 'request')} get no answer at all, so no faster stage "
            f"keeps the budget of {seconds(a.budget_s)}: first the failures must go."
        )
    return f"{text} {_needed(a) if a.total_s > a.budget_s else _room(a)}"


def _needed(a: Allocation) -> str:
    enough = [s for s in a.stages if s.factor is not None]
    over = f"To keep {seconds(a.budget_s)}"
    if not enough:
        return f"{over} no stage alone can become fast enough: it takes several of them."
    told = "; ".join(f"{_becomes(s)}" for s in sorted(enough, key=lambda s: -s.factor))
    rest = "" if len(enough) == len(a.stages) else " No other stage alone is enough."
    return f"{over} by one stage alone: {told}.{rest}"


def _becomes(s: StageBudget) -> str:
    sure = f", nine times in ten {_factor_range(s.factor_interval)}" if s.factor_interval.high is not None else ""
    own = "" if s.p95_s is None else (
        f", so that 95 of 100 of its own times are within {seconds(s.becomes_p95_s)} instead of {seconds(s.p95_s)}"
    )  # fmt: skip
    return f"'{s.name}' must take {times(s.factor)}{sure}{own}"


def _room(a: Allocation) -> str:
    tight = [s for s in a.stages if s.factor is not None and not s.most]
    if not tight:
        return f"There is room up to {seconds(a.budget_s)} whichever stage becomes slower."
    first = min(tight, key=lambda s: s.factor)
    return (
        f"The budget of {seconds(a.budget_s)} breaks first when '{first.name}' takes more than {times(first.factor)}."
    )


def _factor_range(found: Interval) -> str:
    if found.low is None:
        return f"at most {share(found.high)} if it can be at all"
    return interval(round(found.low, 2), round(found.high, 2), share)


def _interval(found: Interval) -> str:
    return f"nine times in ten {interval(found.low, found.high, seconds)}"


def becomes(s: StageBudget, a: Allocation) -> str:
    """Return what a stage must or may become alone, for a table."""
    if a.budget_s is None or a.answered_only:
        return ""
    if s.most:
        return f"{times(s.factor)} or more"
    if s.factor is None:
        return "not possible"
    low, high = s.factor_interval.low, s.factor_interval.high
    if low is None and high is None:
        return times(s.factor)
    if low is None and s.factor < 1:
        return f"{times(s.factor)} (not at all, to {share(high)})"
    write = (lambda x: share(round(x, 2))) if s.factor < 1 else number
    return f"{times(s.factor)} ({interval(low, high, write)})"


def times(factor: float) -> str:
    """Return a factor on a time in words.

    Examples
    --------
    >>> times(0.44), times(12.0)
    ('44 % of its time', '12 times its time')
    """
    return f"{share(round(factor, 2))} of its time" if factor < 1 else f"{number(factor)} times its time"


def left(headroom_s: float | None, found: Interval) -> str:
    """Return what is left of a stage's allowance, for a table; more than allowed is said in words.

    Examples
    --------
    >>> left(-2.3, Interval(-4.5, -1.3)), left(0.3, Interval(-0.1, 0.4))
    ('2.3 s over (1.3 s to 4.5 s)', '300 ms left (100 ms over to 400 ms left)')
    """
    if headroom_s is None:
        return ""
    if found.low is None or found.high is None:
        return _signed(headroom_s)
    if found.low < 0 <= found.high:
        return f"{_signed(headroom_s)} ({_signed(found.low)} to {_signed(found.high)})"
    return f"{_signed(headroom_s)} ({interval(*sorted((abs(found.low), abs(found.high))), seconds)})"


def _signed(value_s: float) -> str:
    return f"{seconds(abs(value_s))} {'left' if value_s >= 0 else 'over'}"


def faster_sentence(result: LatencyResult) -> str:
    """Return which stage is worth making faster."""
    worth = [(c, e) for c in result.stage_changes for e in c.effects if e.name == "p95" and e.difference_s is not None]
    if not worth:
        return ""
    change, effect = min(worth, key=lambda pair: pair[1].difference_s)
    return (
        f"Worth most: with '{change.stage}' taking {times(change.factor)}, 95 of 100 requests are done "
        f"within {seconds(effect.after_s)} instead of {seconds(effect.before_s)}{_less(effect)}. Each request keeps "
        "its place among the others in that stage, and the rest of it stays as it was."
    )


def _less(effect: Effect) -> str:
    d = effect.difference
    if d.low is None or d.high is None:
        return ""
    least, most = sorted((-d.high, -d.low))
    return f", a gain of {interval(max(least, 0.0), most, seconds)} nine times in ten" if most > 0 <= least else ""


def tried_change(stage: str, effects: tuple[Effect, ...]) -> str:
    """Return the sentence of the what-if panel for one stage."""
    told = []
    for e in effects:
        if e.after_s is None:
            told.append(f"{_percent(e.name)} of 100 are never answered")
        else:
            told.append(f"{_percent(e.name)} of 100 within {seconds(e.after_s)} (now {seconds(e.before_s)})")
    return f"With '{stage}' changed, at the pilot's load: {'; '.join(told)}."


def _percent(name: str) -> str:
    return name.removeprefix("p")


def tail_sentences(found: Tail | None) -> tuple[str, ...]:
    """Return how far the slowest requests reach beyond what was seen, or why that is not said."""
    if found is None:
        return ()
    if found.refused:
        why = REFUSED[found.refused].format(
            over=found.over, needed=found.needed, censored=found.censored,
            threshold="" if found.threshold_s is None else seconds(found.threshold_s),
        )  # fmt: skip
        return (f"How long the very slowest take cannot be carried beyond what was seen: {why}.",)
    far = found.far[0]
    reach = (
        f"{of_hundred(far.share)} are never all answered" if far.value_s is None
        else f"{of_hundred(far.share)} are done within {seconds(far.value_s)} ({_interval(far.interval)})"
    )  # fmt: skip
    steady = {
        True: "Taken from more or fewer of the slow requests it comes out alike.",
        False: "Taken from more or fewer of the slow requests it comes out differently, so it is not to be relied on.",
        None: "Whether it comes out alike from more or fewer slow requests cannot be checked with so few.",
    }[found.is_stable]
    cut = "" if not found.censored else (
        f" {count(found.censored, 'request')} given up on the way count as longer than seen, as if none was given up."
    )  # fmt: skip
    return (
        f"If the {found.over:,} requests beyond {seconds(found.threshold_s)} show how the tail goes on, {reach}.{cut} "
        f"{steady} It informs, and no budget passes on it.",
    )


def first_words_sentence(result: LatencyResult) -> str:
    """Return when the first words come and the last; empty where nothing asks for it."""
    found = result.first_words
    if found is None:
        return ""
    if not found.percentiles:
        return "When the first words of an answer come is not known: the traces hold no time of a first token."
    first = next(p for p in found.percentiles if p.name == "p95")
    last = next((p for p in result.pilot if p.name == "p95"), None)
    untimed = f" In {count(found.n_untimed, 'more request')} only the end is known." if found.n_untimed else ""
    if first.value_s is None:
        return f"Fewer than 95 of 100 requests show any words.{untimed}"
    end = "" if last is None or last.value_s is None else f", and the last within {seconds(last.value_s)}"
    between = interval(first.low_s, first.high_s, seconds)
    return f"95 of 100 show their first words within {seconds(first.value_s)} ({between}){end}.{untimed}"


def batch_sentence(result: LatencyResult) -> str:
    """Return when the batch of a day is done; empty where somebody waits."""
    if result.context != "batch":
        return ""
    return next((f.sentence for f in result.findings if f.id == "latency.batch"), "")
