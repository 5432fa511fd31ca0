"""Cells on the cheapest policy: which it is, what each choice changes, and what is in the way when none holds."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from flightready.errors import listed
from flightready.evidence import State
from flightready.figures.latency_search import figure_policies
from flightready.narrative import latency_search as words
from flightready.narrative.latency_load import assumed
from flightready.options.policy_choices import KNOBS
from flightready.options.policy_search import PolicySearch
from flightready.options.policy_trial import Trial
from flightready.pages.display import Prose, Table, answer, meaning, without_empty_columns
from flightready.study import Study
from flightready.wording import in_hundred, money, seconds


def policy_answer(study: Study) -> Prose:
    """Return the cheapest policy that keeps every budget, or what is in the way; what is missing where it is."""
    result = study.policy
    return meaning(words.lacking(result)) if result.present is None else answer(*words.answer(result))


def policy_chart(study: Study) -> go.Figure | Prose:
    """Return cost against share in time."""
    result = study.policy
    return figure_policies(result) if result.present is not None and _has_cost(result) else Prose(())


def policy_meaning(study: Study) -> Prose:
    """Return how to read the chart, and what was left out."""
    return meaning(*words.meaning(study.policy))


def policy_table(study: Study) -> Table | Prose:
    """Return the best few policies and the present one."""
    result = study.policy
    if result.present is None:
        return Prose(())
    ranks = ("cheapest", "second", "third")
    named = [(f"{name} that holds", t) for name, t in zip(ranks, result.best, strict=False)]
    named += [(name, t) for name, t in (
        ("misses least", result.closest), ("with a model that may not be chosen", result.if_accurate),
        ("present", result.present),
    ) if t is not None]  # fmt: skip
    open_to_all = [k for k in KNOBS if len(result.choices.of(k)) > 1]
    knobs = [k for k in open_to_all if len({_setting(result, t, k) for _, t in named}) > 1]
    head = ("Policy", *(words.HEAD[k] for k in knobs), "Calls paid, of 100 requests", "A month", *_asked(result),
            "Budgets", "Holds in, of 100 cases")  # fmt: skip
    rows = [(name, *(_setting(result, t, k) for k in knobs), f"{_calls(t):.0f}", _month(result, t), *_reached(t),
             words.STATES[t.state], _cases(t, result)) for name, t in named]  # fmt: skip
    same = [f"{words.HEAD[k].lower()} {_setting(result, named[0][1], k)}" for k in open_to_all if k not in knobs]
    note = f"The same in all: {listed(same)}." if same else ""
    numbers = frozenset(range(len(knobs) + 1, len(head))) - {len(head) - 2}
    return without_empty_columns(Table("Policies at the upper end of the planned peak", head, rows, numbers, note))


def policy_changes(study: Study) -> Table | Prose:
    """Return what each single change of the chosen policy, else of the one that misses least, would do."""
    result = study.policy
    base = result.chosen or result.closest
    if base is None or not result.around:
        return Prose(())
    rows = []
    for trial in result.around:
        knob = next(k for k in KNOBS if getattr(trial.policy, k) != getattr(base.policy, k))
        moved = _moved(trial.monthly_usd, base.monthly_usd, result.currency) if _has_cost(result) else ""
        changed = words.change(knob, getattr(trial.policy, knob), getattr(base.policy, knob))
        rows.append((changed, moved, *_reached(trial), words.STATES[trial.state]))
    what = "the cheapest policy that holds" if result.chosen is not None else "the policy that misses least"
    head = ("Change", "A month", *_asked(result), "Budgets")
    numbers = frozenset(range(1, len(head) - 1))
    return without_empty_columns(Table(f"One change of {what}", head, rows, numbers))


def policy_notes(study: Study) -> Prose:
    """Return what the search takes for granted beyond what the simulation does."""
    said = assumed(study.latency)
    return meaning(*(note for note in study.policy.notes if note not in said))


def _asked(result: PolicySearch) -> list[str]:
    """One heading for each thing that is asked for, with how many of 100 it takes."""
    named = [
        (r, "Answered at all" if r.within_s is None else f"Within {seconds(r.within_s)}") for r in result.requirements
    ]
    return [f"{name}, of 100 ({words.of_hundred(r.share)} needed)" for r, name in named]


def _reached(trial: Trial) -> list[str]:
    """What a policy reaches of each, too close to tell marked."""
    return [f"{words.of_hundred(m.share)}{'' if m.state is not State.UNKNOWN else ' ?'}" for m in trial.met]


def _has_cost(result: PolicySearch) -> bool:
    return bool((result.all_usd > 0).any())


def _month(result: PolicySearch, trial: Trial) -> str:
    return money(trial.monthly_usd, result.currency) if _has_cost(result) else ""


def _moved(amount: float, base: float, currency: str) -> str:
    """A difference as precise as the amounts are written, so that both columns say the same."""
    step = 10.0 ** max(math.floor(math.log10(base)) - 2, 0) if base >= 1 else 1.0
    moved = step * round((amount - base) / step)
    return "the same" if moved == 0 else f"{'+' if moved > 0 else ''}{money(moved, currency).removesuffix('.00')}"


def _setting(result: PolicySearch, trial: Trial, knob: str) -> str:
    if knob == "tier" and not words.is_limited(result, trial.policy):
        return "none"
    return words.setting(knob, getattr(trial.policy, knob))


def _calls(trial: Trial) -> float:
    return 100 * trial.attempts * (1 - trial.policy.cached_share)


def _cases(trial: Trial, result: PolicySearch) -> str:
    """In how many cases it holds; nothing to compare where none was chosen."""
    if result.chosen is None:
        return ""
    return "not tried" if trial.holds_chance is None else in_hundred(trial.holds_chance)
