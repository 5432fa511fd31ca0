"""Sentences about the search for the cheapest policy: what holds, at which cost, or what is in the way."""

from __future__ import annotations

from typing import Any

from flightready.errors import listed
from flightready.evidence import State
from flightready.options.policy_choices import KNOBS, Policy
from flightready.options.policy_models import KEEPS, NOT_MEASURED, OPEN, TOO_INACCURATE, ModelChoice
from flightready.options.policy_obstacles import FAILURES, LIMITS, PLACES, SERVICE, UPSTREAM, Obstacle
from flightready.options.policy_search import PolicySearch
from flightready.options.policy_trial import Trial
from flightready.wording import count, in_hundred, interval, money, number, rounded, seconds, share

HEAD = {"concurrency": "Served at once", "timeout_s": "Time-out", "retries": "Retries", "cached_share": "From a cache",
        "tier": "Limits", "model": "Model"}  # fmt: skip
STATES = {State.PASS: "kept", State.FAIL: "not kept", State.UNKNOWN: "cannot tell yet"}
AVAILABILITY = "availability"


def answer(result: PolicySearch) -> tuple[str, ...]:
    """Return the cheapest policy with its cost, or that none holds and what is in the way; empty without a search."""
    if result.present is None:
        return ()
    if result.chosen is None:
        return tuple(filter(None, (_none_holds(result), *in_the_way(result), _if_accurate(result))))
    return tuple(filter(None, (_chosen(result), _present(result), _middle(result), _sure(result), _if_accurate(result),
                               _undecided(result))))  # fmt: skip


def lacking(result: PolicySearch) -> str:
    """Return what the search still takes; what to bring for it stands at the end of the notebook."""
    names = listed([a.missing[:1].lower() + a.missing[1:] for a in result.absences])
    return f"The cheapest policy cannot be searched for yet. Missing: {names}."


def title(result: PolicySearch) -> str:
    """Return the answer as the title of a chart."""
    if result.chosen is None:
        return f"None of {count(result.tried, 'policy')} keeps every budget at the upper end of the planned peak"
    if result.chosen.policy == result.present.policy:
        return f"The present policy is the cheapest that keeps every budget: {_month(result, result.chosen)}"
    return f"The cheapest policy that keeps every budget costs {_month(result, result.chosen)}"


def setting(knob: str, value: Any) -> str:
    """Return one choice for a table.

    Examples
    --------
    >>> setting("concurrency", 24), setting("retries", 0), setting("tier", ""), setting("timeout_s", None)
    ('24', '0', 'as now', 'none')
    """
    if value is None:
        return "as many as come" if knob == "concurrency" else "none"
    if knob == "timeout_s":
        return seconds(value)
    if knob == "cached_share":
        return share(value)
    if knob in ("tier", "model"):
        return value or ("as now" if knob == "tier" else "the pilot's own")
    return f"{value:,}"


def phrase(knob: str, value: Any) -> str:
    """Return one choice as a part of a sentence.

    Examples
    --------
    >>> phrase("concurrency", 24), phrase("retries", 1), phrase("timeout_s", None), phrase("cached_share", 0.2)
    ('24 served at once', '1 retry', 'no time-out', '20 % from a cache')
    """
    if knob == "concurrency":
        return "as many served at once as come" if value is None else f"{value:,} served at once"
    if knob == "timeout_s":
        return "no time-out" if value is None else f"a time-out of {seconds(value)}"
    if knob == "retries":
        return count(value, "retry") if value else "no retry"
    if knob == "cached_share":
        return f"{share(value)} from a cache" if value else "no cache"
    if knob == "tier":
        return f"the limits '{value}'" if value else "the present limits"
    return f"'{value}'" if value else "the pilot's own model"


def policy_words(result: PolicySearch, policy: Policy) -> str:
    """Return a policy in words, what nobody may choose left out."""
    told = [k for k in KNOBS if len(result.choices.of(k)) > 1 and (k != "tier" or is_limited(result, policy))]
    return listed([phrase(knob, getattr(policy, knob)) for knob in told]) or "the only one there is to choose"


def is_limited(result: PolicySearch, policy: Policy) -> bool:
    """Whether the provider's limits apply to the model of a policy."""
    model = result.model(policy.model)
    return model is None or model.is_limited


def change(knob: str, value: Any, instead: Any) -> str:
    """Return one choice in the place of another."""
    return f"{phrase(knob, value)} instead of {setting(knob, instead)}"


def missed(trial: Trial, result: PolicySearch) -> str:
    """Return which budgets a policy misses and by how much, as a clause; empty when it misses none."""
    limits = {r.key: r.within_s for r in result.requirements}
    told = []
    for m in trial.met:
        if m.state is State.PASS:
            continue
        unsure = "" if m.state is State.FAIL else ", too close to tell"
        if m.key == AVAILABILITY:
            told.append(f"{share(m.share)} at all ({share(m.needed)} needed{unsure})")
        else:
            within = seconds(limits[m.key])
            told.append(f"{of_hundred(m.share)} of 100 within {within} ({100 * m.needed:g} needed{unsure})")
    return listed(told)


def meaning(result: PolicySearch) -> tuple[str, ...]:
    """Return how the chart is to be read, and what was left out."""
    if result.present is None:
        return ()
    told = [
        f"Each dot is one of {count(result.tried, 'policy')}, at {rounded(result.per_second_high)} requests a "
        "second, the upper end of the planned peak; a short run begins empty, so that the dots lie somewhat high. A "
        "policy that turns requests away looks cheap, because nobody pays for a call that is not made.",
    ]
    if result.choices.assumed:
        names = listed([HEAD[knob].lower() for knob in result.choices.assumed])
        told.append(f"Nothing is stated under latency.search, so the values tried for {names} are the house's own.")
    if not result.is_priced:
        told.append("What a request costs is not known, so only what has a price under latency.search is counted.")
    if result.untried:
        told.append(f"There are too many combinations: the {result.untried:,} dearest were not tried.")
    told += [_of_model(m, result) for m in result.models if not m.may_answer]
    return tuple(told)


def in_the_way(result: PolicySearch) -> tuple[str, ...]:
    """Return what is in the way, one sentence each."""
    return tuple(_obstacle(o, result) for o in result.obstacles)


def _none_holds(result: PolicySearch) -> str:
    closest = result.closest
    middle = ""
    if result.at_middle is not None:
        middle = (
            f" In its middle ({rounded(result.per_second_middle)} a second) "
            f"{policy_words(result, result.at_middle.policy)} would do, for {_month(result, result.at_middle)}."
        )
    elif result.per_second_middle < result.per_second_high:
        middle = f" Nor does any in its middle ({rounded(result.per_second_middle)} a second)."
    return (f"None of the {count(result.tried, 'policy')} that may be chosen keeps every budget at the upper end of "
            f"the planned peak ({rounded(result.per_second_high)} requests a second). The one that misses least "
            f"({policy_words(result, closest.policy)}) costs {_month(result, closest)} and answers "
            f"{missed(closest, result)}.{middle}")  # fmt: skip


def _chosen(result: PolicySearch) -> str:
    chosen = result.chosen
    same = " It is the present one." if chosen.policy == result.present.policy else ""
    return (f"At the upper end of the planned peak ({rounded(result.per_second_high)} requests a second) the cheapest "
            f"policy that keeps every budget is {policy_words(result, chosen.policy)}. {_costs(result, chosen)}: "
            f"{of_hundred(chosen.in_time_share)} of 100 requests are answered within {seconds(result.limit_s)}."
            f"{same}")  # fmt: skip


def _present(result: PolicySearch) -> str:
    present, chosen = result.present, result.chosen
    if present.policy == chosen.policy:
        return ""
    if present.state is State.PASS:
        return f"The present policy keeps every budget as well, for {_month(result, present)}."
    state = "does not keep every budget" if present.state is State.FAIL else "comes too close to a budget to tell"
    return (f"The present policy {state}: for {_month(result, present)} it answers {missed(present, result)}"
            f"{_unpaid(present)}.")  # fmt: skip


def _unpaid(trial: Trial) -> str:
    """Why a policy is cheap that turns requests away, as a clause; empty where it does not."""
    calls = f"{100 * trial.attempts:.0f}"
    if not trial.attempts < 1:
        return ""
    return "" if calls == "100" else f"; only {calls} calls are paid for 100 requests"


def _middle(result: PolicySearch) -> str:
    middle = result.at_middle
    if middle is None or result.per_second_middle >= result.per_second_high:
        return ""
    where = f"In the middle of the planned peak ({rounded(result.per_second_middle)} a second)"
    if middle.policy == result.chosen.policy:
        return f"{where} it is the cheapest as well."
    return f"{where} {policy_words(result, middle.policy)} would do, for {_month(result, middle)}."


def _sure(result: PolicySearch) -> str:
    chosen = result.chosen
    if chosen.holds_chance is None:
        return ""
    low, high = (in_hundred(end) for end in (chosen.holds_interval.low, chosen.holds_interval.high))
    return (f"Over what is not known of the load and the traces it keeps every budget in "
            f"{in_hundred(chosen.holds_chance)} of 100 cases (nine times in ten {low} to {high}).")  # fmt: skip


def _if_accurate(result: PolicySearch) -> str:
    trial = result.if_accurate
    if trial is None or (result.chosen is not None and trial.monthly_usd >= result.chosen.monthly_usd):
        return ""
    model = result.model(trial.policy.model)
    others = policy_words(result, trial.policy)
    return (f"With {others}, every budget would be kept for {_month(result, trial)}; but '{model.name}' may not be "
            f"chosen: {_why_not(model, result)}.")  # fmt: skip


def _undecided(result: PolicySearch) -> str:
    n = len(result.undecided)
    if not n:
        return ""
    return (f"{count(n, 'cheaper policy').capitalize()} {'comes' if n == 1 else 'come'} so close to a budget that the "
            "simulation cannot tell.")  # fmt: skip


def _of_model(model: ModelChoice, result: PolicySearch) -> str:
    return f"'{model.name}' may not be chosen: {_why_not(model, result)}."


def _why_not(model: ModelChoice, result: PolicySearch) -> str:
    """Why a model may not answer, as a clause."""
    known = model.accuracy_interval
    right = "" if known is None else f"right in {interval(known.low, known.high, share)}"
    floor = "" if result.floor is None else f", the floor is {share(result.floor)}"
    return {
        TOO_INACCURATE: f"it is too inaccurate ({right}{floor})",
        OPEN: f"whether it is accurate enough cannot be told yet ({right}{floor})",
        NOT_MEASURED: "how often it is right was not measured on raw records",
        KEEPS: "",
    }[model.standing]


def _obstacle(found: Obstacle, result: PolicySearch) -> str:
    if found.key == UPSTREAM:
        return (f"In the way: what the pilot calls. Even if it answered every request, they would get an answer in "
                f"{share(found.now)} of the time, and {share(found.then)} is asked for.")  # fmt: skip
    part, unit = {
        PLACES: ("what is served at once", lambda v: f"{v:,.0f}"),
        LIMITS: (f"the limit '{found.name}'", number),
        FAILURES: ("how often an attempt fails", share),
        SERVICE: ("the time of the requests themselves", seconds),
    }[found.key]
    now, then = unit(found.now), None if found.then is None else unit(found.then)
    why = f" Without a change of it, with everything else at its best, {_best(found, result)}."
    if then is None:
        return f"In the way: {part}, {now} today; no value that was tried is enough.{why}"
    need = {
        PLACES: f"at least {then} in place of at most {now}",
        LIMITS: f"at least {then} in place of {now}",
        FAILURES: f"at most {then} of the attempts in place of {now}",
        SERVICE: f"95 of 100 attempts within {then} in place of {now}, with nothing waiting",
    }[found.key]
    return f"In the way: {part}. It takes {need}.{why}"


def _best(found: Obstacle, result: PolicySearch) -> str:
    """What is reached at best, as a clause."""
    m, limits = found.met, {r.key: r.within_s for r in result.requirements}
    if m.key == AVAILABILITY:
        return f"{share(m.share)} of the requests are answered, and {share(m.needed)} have to be"
    reached = f"{of_hundred(m.share)} of 100 requests are answered within {seconds(limits[m.key])}"
    return f"{reached}, and {100 * m.needed:g} have to be"


def of_hundred(value: float) -> str:
    """Return a share as requests of 100, to a tenth, never rounded up to all."""
    return f"{min(100 * value, 99.9 if value < 1 else 100.0):.1f}".removesuffix(".0")


def _month(result: PolicySearch, trial: Trial) -> str:
    if trial.monthly_usd == 0 and not result.is_priced:
        return "nothing that is stated"
    return f"about {money(trial.monthly_usd, result.currency)} a month"


def _costs(result: PolicySearch, trial: Trial) -> str:
    if trial.monthly_usd == 0 and not result.is_priced:
        return "What it costs is not stated"
    return f"It costs {_month(result, trial)} ({_range(result, trial)})"


def _range(result: PolicySearch, trial: Trial) -> str:
    return f"nine times in ten {interval(trial.monthly.low, trial.monthly.high, lambda v: money(v, result.currency))}"
