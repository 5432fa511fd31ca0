"""Sentences about the way to production: phases and their gates, other ways to go, streams of money."""

from __future__ import annotations

from collections.abc import Callable

from flightready.draws import Summary
from flightready.roi.alternatives import PLAN, Alternative
from flightready.roi.gates import PhaseAhead
from flightready.roi.projection import RoiResult
from flightready.roi.streams import StreamValue
from flightready.wording import count, in_hundred, interval, money, share

_KINDS = {PLAN: "the plan", "build": "build", "buy": "buy", "smaller_scope": "smaller scope", "wait": "wait"}


def stopped(result: RoiResult) -> str:
    """Return how often the gates ahead stop it, and what it is worth when they do not."""
    gates, c = result.gates, result.currency
    if gates is None or not any(p.passes for p in gates.phases):
        return ""
    value = gates.if_launched
    return (
        f"In {in_hundred(1 - gates.launched)} of 100 draws it is stopped at a gate before production, and what was "
        f"spent until then is lost; when every gate is passed, it is worth {money(value.median, c)} (nine times in ten "
        f"{interval(value.low, value.high, lambda x: money(x, c))})."
    )


def right_to_stop(result: RoiResult) -> str:
    """Return what the right to stop at a gate is worth."""
    gates, c = result.gates, result.currency
    if gates is None:
        return "No phases are stated: the value is that of a pilot that does get to production."
    ahead = [p.name for p in gates.phases if p.passes]
    if not ahead:
        return "No gate lies ahead."
    prior = (
        " Where no chance is stated, the share of proofs of concept that reach production stands in for it."
        if any(p.is_prior for p in gates.phases)
        else ""
    )
    return (
        f"{count(len(ahead), 'gate')} ahead: {', '.join(ahead)}. On average {money(gates.spent, c)} is spent before "
        f"launch. The mean value is {money(gates.mean, c)} with the right to stop at a gate that is not passed, and "
        f"{money(gates.mean_without_stopping, c)} if every phase is paid for whatever its gate says: the right to stop "
        f"is worth {money(gates.worth_of_stopping, c)}.{prior}"
    )


def phase_row(phase: PhaseAhead, currency: str) -> tuple[str, ...]:
    """Return one phase as table cells: name, begins, ends, cost, chance of passing, reached."""
    chance = "no gate" if phase.passes is None else _spread(phase.passes, share)
    chance += " (prior)" if phase.is_prior else ""
    cost = "none stated" if phase.cost.high == 0 else _spread(phase.cost, lambda x: money(x, currency))
    return (phase.name, f"month {phase.begins.median:.1f}", f"month {phase.ends.median:.1f}", cost, chance,
            f"{in_hundred(phase.reached)} of 100")  # fmt: skip


def alternatives_sentence(result: RoiResult) -> str:
    """Return which way has the highest value most often, and how it stands against the plan."""
    found, c = result.alternatives, result.currency
    if not found:
        return "No other way to go is stated; options under roi take build, buy, a smaller scope, or wait."
    best = max(found, key=lambda a: a.best)
    opening = f"'{best.name}'" if best.kind != PLAN else "The plan"
    often = f"{opening} is the best of {count(len(found), 'way')} in {in_hundred(best.best)} of 100 draws"
    if best.against_plan is None:
        return f"{often}. {_losing(found)}".strip()
    more = best.against_plan
    span = interval(more.low, more.high, lambda x: money(x, c))
    gain = f"against the plan it changes the value by {money(more.median, c)} (nine times in ten {span})"
    return f"{often}; {gain}. {_losing(found)}".strip()


def _losing(found: tuple[Alternative, ...]) -> str:
    if all(a.npv.median < 0 for a in found):
        return "In the middle case every way loses money: not going on is better than any of them."
    return ""


def alternative_row(found: Alternative, currency: str) -> tuple[str, ...]:
    """Return one way as table cells: name, kind, launch, value, above zero, best, against the plan."""
    against = "" if found.against_plan is None else _spread(found.against_plan, lambda x: money(x, currency))
    name = "As planned" if found.kind == PLAN else found.name
    kind = _KINDS[found.kind] + (f" ({', '.join(found.assumed)} assumed)" if found.assumed else "")
    return (name, kind, f"month {found.launch.median:.1f}", _spread(found.npv, lambda x: money(x, currency)),
            f"{in_hundred(found.chance_positive)} of 100", f"{in_hundred(found.best)} of 100", against)  # fmt: skip


def stream_row(stream: StreamValue, currency: str) -> tuple[str, ...]:
    """Return one stream of money as table cells: label, mean, interval."""
    v = stream.value
    return stream.label, money(v.mean, currency), interval(v.low, v.high, lambda x: money(x, currency))


def streams_sentence(result: RoiResult) -> str:
    """Return the largest benefit and the largest cost."""
    c = result.currency
    earned = [s for s in result.streams if s.is_benefit]
    costs = [s for s in result.streams if not s.is_benefit]
    if not earned or not costs:
        return ""
    return (
        f"The largest benefit is '{earned[0].label}' ({money(earned[0].value.mean, c)} on average), the largest cost "
        f"'{costs[0].label}' ({money(-costs[0].value.mean, c)}); the means add up to the mean present value."
    )


def _spread(s: Summary, write: Callable[[float], str]) -> str:
    return write(s.median) if s.low == s.high else f"{write(s.median)} ({interval(s.low, s.high, write)})"
