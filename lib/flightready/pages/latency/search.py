"""Cells on the cheapest policy: which it is, what each choice changes, and what is in the way when none holds."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.figures.latency_search import figure_policies
from flightready.narrative import latency_search as words
from flightready.options.policy_choices import KNOBS
from flightready.options.policy_search import PolicySearch
from flightready.options.policy_trial import Trial
from flightready.pages.display import Prose, Table, absent, answer, meaning, without_empty_columns
from flightready.study import Study
from flightready.wording import in_hundred, money


def policy_answer(study: Study) -> Prose | Table:
    """Return the cheapest policy that keeps every budget, or what is in the way; what is missing where it is."""
    result = study.policy
    return absent(result.absences) if result.present is None else answer(*words.answer(result))


def policy_chart(study: Study) -> go.Figure | Prose:
    """Return cost against share in time."""
    return Prose(()) if study.policy.present is None else figure_policies(study.policy)


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
    knobs = [k for k in KNOBS if len(result.choices.of(k)) > 1]
    head = ("Policy", *(words.HEAD[k] for k in knobs), "Paid calls of 100 requests", "A month", "In time, of 100",
            "Budgets", "Missed", "Holds in so many of 100 cases")  # fmt: skip
    rows = [(name, *(_setting(result, t, k) for k in knobs), f"{_calls(t):.0f}", *_figures(result, t), _cases(t))
            for name, t in named]  # fmt: skip
    first = len(knobs) + 1
    return without_empty_columns(Table("Policies at the upper end of the planned peak", head, rows,
                                       frozenset({first, first + 1, first + 2, first + 5})))  # fmt: skip


def policy_changes(study: Study) -> Table | Prose:
    """Return what each single change of the chosen policy, else of the one that misses least, would do."""
    result = study.policy
    base = result.chosen or result.closest
    if base is None or not result.around:
        return Prose(())
    rows = []
    for trial in result.around:
        knob = next(k for k in KNOBS if getattr(trial.policy, k) != getattr(base.policy, k))
        moved = round(trial.monthly_usd - base.monthly_usd)
        changed = words.change(knob, getattr(trial.policy, knob), getattr(base.policy, knob))
        rows.append((changed, _moved(moved, result.currency), *_figures(result, trial)[1:]))
    what = "the cheapest policy that holds" if result.chosen is not None else "the policy that misses least"
    return Table(f"One change of {what}", ("Change", "A month", "In time, of 100", "Budgets", "Missed"), rows,
                 frozenset({1, 2}))  # fmt: skip


def policy_notes(study: Study) -> Prose:
    """Return what the search takes for granted."""
    return meaning(*study.policy.notes)


def _figures(result: PolicySearch, trial: Trial) -> tuple[str, str, str, str]:
    return (money(trial.monthly_usd, result.currency), f"{100 * trial.in_time_share:.1f}", words.STATES[trial.state],
            words.missed(trial, result))  # fmt: skip


def _moved(amount: float, currency: str) -> str:
    return "the same" if amount == 0 else f"{'+' if amount > 0 else ''}{money(amount, currency)}"


def _setting(result: PolicySearch, trial: Trial, knob: str) -> str:
    if knob == "tier" and not words.is_limited(result, trial.policy):
        return "none"
    return words.setting(knob, getattr(trial.policy, knob))


def _calls(trial: Trial) -> float:
    return 100 * trial.attempts * (1 - trial.policy.cached_share)


def _cases(trial: Trial) -> str:
    return "" if trial.holds_chance is None else in_hundred(trial.holds_chance)
