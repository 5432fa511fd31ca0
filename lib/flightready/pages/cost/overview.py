"""Cells of the notebook on cost at scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from flightready.cost import what_if as trying
from flightready.cost.repricing import Repriced, as_in_the_pilot, repriced
from flightready.cost.result import CostResult
from flightready.errors import InputError
from flightready.figures import cost as figures
from flightready.narrative import cost as words
from flightready.narrative import cost_terms as terms
from flightready.narrative import cost_workbook as workbook_words
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.study import Study
from flightready.wording import count, share

_UNPLANNED_USERS = 1_000.0  # where the field starts when no load is planned; the reader types the own figure
_MOST_USERS, _MOST_REQUESTS = 1e9, 1e4  # no typing error should freeze the panel
_LONGEST_NAME = 60


def answer(study: Study) -> Prose:
    """The answer."""
    return display.answer(*words.answer(study.cost))


def changed(study: Study) -> Prose:
    """What the values typed into the notebook change; nothing when none is typed."""
    if not study.what_ifs:
        return display.meaning("No value was changed: this is the assessment as it stands.")
    return display.meaning(*words.changed(study.baseline.cost, study.cost))


def findings(study: Study) -> Table:
    """Findings against the thresholds."""
    return display.finding_table((*study.cost.findings, *study.traffic.findings))


def spent(study: Study) -> Prose:
    """What the pilot spent."""
    return display.meaning(*words.spent(study.cost))


def components(study: Study) -> go.Figure | Prose:
    """Where the money went."""
    if not _is_counted(study.cost):
        return Prose(())
    return figures.figure_components(study.cost)


def meaning_components(study: Study) -> Prose:
    """What the parts mean."""
    return display.meaning(*words.meaning_components(study.cost))


def component_table(study: Study) -> Table | Prose:
    """The parts in figures."""
    if not _is_counted(study.cost):
        return Prose(())
    result, s = study.cost, study.cost.basis.spent
    rows = [(terms.COMPONENTS[c.name], f"{c.tokens:,}" if c.tokens else "", terms.amount(result, c.amount_usd),
             share(c.amount_usd / s.total_usd)) for c in s.components]  # fmt: skip
    rows.append(("All", "", terms.amount(result, s.total_usd), share(1.0)))
    return Table("Money by part", ("Part", "Tokens", f"Spent ({result.currency})", "Share"), rows, frozenset({1, 2, 3}))


def facts(study: Study) -> Table | Prose:
    """What a request is made of, and what it costs counted in different ways."""
    result = study.cost
    if result.basis is None:
        return Prose(())
    rows = [("Cost of 1,000 requests in the pilot", terms.amount(result, 1000 * result.pilot_per_request_usd))]
    s = result.basis.spent
    if s is not None:
        rows += _counted(result)
    if result.basis.input_tokens is not None:
        rows += [("Input tokens of one request", f"{result.basis.input_tokens:,.0f}"),
                 ("Of these from the cache", f"{result.basis.cached_tokens:,.0f}"),
                 ("Output tokens of one request", f"{result.basis.output_tokens:,.0f}")]  # fmt: skip
    rows += [("Prices", result.basis.price_source), ("How sure", str(result.grade))]
    return Table("What one request is", ("Figure", "Value"), rows, frozenset({1}))


def _counted(result: CostResult) -> list[tuple[str, str]]:
    s = result.basis.spent
    rows = [("Requests", f"{s.outcomes:,}"), ("Calls", f"{s.calls:,}")]
    rows.append(("Days from first to last", f"{s.covered_days:,}"))
    if s.retries_seen or s.failed_calls:
        rows += [("Calls that failed or were cut off", f"{s.failed_calls:,}"),
                 ("Cost of 1,000 calls", terms.amount(result, 1000 * s.per_call_usd))]  # fmt: skip
    if s.per_answer_usd is not None and s.answered != s.outcomes:
        rows.append(("Cost of 1,000 answered requests", terms.amount(result, 1000 * s.per_answer_usd)))
    return rows + [(f"Model {m.model[:60] or '(not named)'}", count(m.calls, "call")) for m in s.models]


def how_sure(study: Study) -> Prose:
    """What the interval rests on."""
    sentences = words.how_sure(study.cost)
    return display.meaning(*sentences) if sentences else display.meaning("There is no figure yet to be sure of.")


def what_would_change(study: Study) -> Prose:
    """What would move the answer."""
    return display.meaning(*words.what_would_change(study.cost))


def missing(study: Study) -> Table | Prose:
    """What is missing, and what it would decide."""
    return display.absent(study.cost.absences)


def what_if(study: Study) -> Any:
    """Another load, model, share of cached input or growth, live; a plain sentence where no request has a price."""
    result = study.cost
    if result.basis is None:
        return display.meaning("Values can be tried once an input says what one request costs.")
    from flightready.widgets.panel import panel

    models = _models(study)
    return panel(_controls(study, models), lambda values: _tried(study, models, values))


def _controls(study: Study, models: dict[str, Repriced]) -> list[Any]:
    from flightready.widgets.panel import Choice, Number

    result, demand = study.cost, study.demand
    basis = result.basis
    users = round(result.users_per_day.median) if result.users_per_day else _UNPLANNED_USERS
    users = float(np.clip(users, 1, _MOST_USERS))
    requests = float(np.median(demand.requests_per_user)) if demand else 1.0
    requests = float(np.clip(round(requests, 2), 0.01, _MOST_REQUESTS))
    growth = round(100 * float(np.median(demand.growth_per_month)), 1) if demand else 0.0
    controls: list[Any] = [
        Number("users_per_day", "Users a day", users, 1, _MOST_USERS, max(1.0, float(round(users / 20))), "users"),
        Number("requests_per_user", "Requests of each user a day", requests, 0.01, _MOST_REQUESTS, 0.1, "requests"),
        Number("growth_percent", "Growth of the load", growth, -99, 100, 1, "% a month"),
    ]
    if len(models) > 1:
        controls.append(Choice("model", "Model", tuple(models), next(iter(models))))
    if trying.can_change_caching(basis):
        now = round(100 * basis.cached_tokens / basis.input_tokens, 1)
        controls.append(Number("cached_percent", "Input found in the cache", now, 0, 100, 5, "%"))
    # a field for the share of answers that people review goes here, once the result holds what their work costs
    return controls


def _models(study: Study) -> dict[str, Repriced]:
    """The pilot's model and those of the options, each with the pilot's own calls at its prices; priced once."""
    basis = study.cost.basis
    own = as_in_the_pilot(basis)
    found = {own.model[:_LONGEST_NAME] or "as in the pilot": own}
    usage = study.usage if basis.spent is not None else None
    if usage is None and basis.input_tokens is None:
        return found  # a bill names no tokens
    for option in study.pilot.spec.cost.options:
        if option.kind == "api" and option.model:
            tokens = option.tokens.median if option.tokens else 1.0
            priced = repriced(study.pilot, basis, usage, option.model, tokens=tokens)
            found |= {} if priced is None else {option.model[:_LONGEST_NAME]: priced}
    return found


def _tried(study: Study, models: dict[str, Repriced], values: dict[str, Any]) -> tuple[go.Figure, Prose]:
    result = study.cost
    cached, model = values.get("cached_percent"), values.get("model")
    approved = result.approval.approved_usd if result.approval else _approved(study)
    found = trying.month(
        result, users_per_day=values["users_per_day"], requests_per_user=values["requests_per_user"],
        model=models.get(model), cached_share=None if cached is None else cached / 100,
        growth_per_month=values["growth_percent"] / 100, approved_usd=approved,
    )  # fmt: skip
    if found.monthly.high <= 0:
        raise InputError("nothing was paid for any call, so no load costs anything")
    drawn = figures.figure_distribution(found.draws, found.monthly, result.currency, approved=approved,
                                        exceeded=found.exceeded_share)  # fmt: skip
    return drawn, display.meaning(*words.tried(result, found))


def _approved(study: Study) -> float | None:
    """The approved amount when the plan names no load, as long as it is in the same currency."""
    given = study.pilot.spec.cost.approved
    return given.range90[0] if given and study.cost.is_comparable else None


def _is_counted(result: CostResult) -> bool:
    return result.basis is not None and result.basis.spent is not None and result.basis.spent.total_usd > 0


def workbook(study: Study) -> Prose:
    """Where cost is as a workbook with live formulas, or why it is not."""
    return Prose(workbook_words.workbook(study.cost), "note")
