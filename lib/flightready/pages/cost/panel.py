"""The live panel: a month at another load, model, share of cached input, share of reviewed answers or growth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from flightready.cost import what_if as trying
from flightready.cost.labour import Labour, review_labour
from flightready.cost.repricing import Repriced, as_in_the_pilot, repriced
from flightready.cost.result import CostResult
from flightready.errors import InputError
from flightready.figures import cost as figures
from flightready.narrative import cost_tried as words
from flightready.pages import display
from flightready.quantity import DAYS_PER_MONTH
from flightready.study import Study
from flightready.study.what_if import applied

_UNPLANNED_USERS = 1_000.0  # where the field starts when no load is planned; the reader types the own figure
_MOST_USERS, _MOST_REQUESTS = 1e9, 1e4  # no typing error should freeze the panel
_LONGEST_NAME = 60
_LOW_PERCENT, _MOST_PERCENT = -99.0, 100.0


@dataclass(frozen=True)
class _Grounds:
    """What every update reads, worked out once."""

    result: CostResult
    models: dict[str, Repriced]
    reviewing: trying.Reviewing | None
    approved: float | None
    start: dict[str, Any]


def what_if(study: Study) -> Any:
    """Another load, model, cached or reviewed share, or growth, live; a plain sentence where no request has a price."""
    result = study.cost
    if result.basis is None:
        return display.meaning("Values can be tried once an input says what one request costs.")
    from flightready.widgets.panel import panel

    models, labour = _models(study), _labour(study)
    controls = _controls(study, models, labour)
    approved = result.approval.approved_usd if result.approval else _approved(study)
    reviewing = trying.reviewing(study.pilot, study.joint, study.demand, labour)
    start = {control.name: control.value for control in controls}
    grounds = _Grounds(result, models, reviewing, approved, start)
    before = _at(grounds, start)
    return panel(controls, lambda values: _shown(grounds, before, _at(grounds, values)))


def _labour(study: Study) -> Labour | None:
    """Reviews as the plan has them, else with no answer reviewed, so that a share can be tried; None without a load."""
    if study.cost.labour is not None or study.demand is None:
        return study.cost.labour
    return review_labour(applied(study.pilot, {"review_share": 0}), study.joint, study.demand, None)


def _controls(study: Study, models: dict[str, Repriced], labour: Labour | None) -> list[Any]:
    from flightready.widgets.panel import Choice, Number

    basis = study.cost.basis
    controls: list[Any] = _load_controls(study)
    if len(models) > 1:
        controls.append(Choice("model", "Model", tuple(models), next(iter(models))))
    if trying.can_change_caching(basis):
        now = round(100 * basis.cached_tokens / basis.input_tokens, 1)
        controls.append(Number("cached_percent", "Input found in the cache", now, 0, _MOST_PERCENT, 5, "%"))
    if labour is not None:
        now = round(100 * labour.share.median, 1)
        controls.append(Number("reviewed_percent", "Answers that people review", now, 0, _MOST_PERCENT, 1, "%"))
    return controls


def _load_controls(study: Study) -> list[Any]:
    from flightready.widgets.panel import Number

    result, demand = study.cost, study.demand
    users = round(result.users_per_day.median) if result.users_per_day else _UNPLANNED_USERS
    users = float(np.clip(users, 1, _MOST_USERS))
    requests = float(np.median(demand.requests_per_user)) if demand else 1.0
    requests = float(np.clip(round(requests, 2), 0.01, _MOST_REQUESTS))
    growth = round(100 * float(np.median(demand.growth_per_month)), 1) if demand else 0.0
    growth = float(np.clip(growth, _LOW_PERCENT, _MOST_PERCENT))
    return [
        Number("users_per_day", "Users a day", users, 1, _MOST_USERS, max(1.0, float(round(users / 20))), "users"),
        Number("requests_per_user", "Requests of each user a day", requests, 0.01, _MOST_REQUESTS, 0.1, "requests"),
        Number("growth_percent", "Growth of the load", growth, _LOW_PERCENT, _MOST_PERCENT, 1, "% a month"),
    ]


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


def _at(grounds: _Grounds, values: dict[str, Any]) -> words.Tried:
    """A month at the values of the fields; a share that nobody changed keeps its uncertainty."""
    cached, reviewed = values.get("cached_percent"), values.get("reviewed_percent")
    month = trying.month(
        grounds.result, users_per_day=values["users_per_day"], requests_per_user=values["requests_per_user"],
        model=grounds.models.get(values.get("model")), cached_share=None if cached is None else cached / 100,
        growth_per_month=values["growth_percent"] / 100, approved_usd=grounds.approved,
    )  # fmt: skip
    if month.monthly.high <= 0:
        raise InputError("nothing was paid for any call, so no load costs anything")
    if grounds.reviewing is None:
        return words.Tried(month, None)
    load = values["users_per_day"] * values["requests_per_user"] * DAYS_PER_MONTH
    share = None if reviewed == grounds.start["reviewed_percent"] else reviewed / 100
    return words.Tried(month, grounds.reviewing.at(load, share))


def _shown(grounds: _Grounds, before: words.Tried, tried: words.Tried) -> tuple[Any, ...]:
    result, month = grounds.result, tried.month
    drawn = figures.figure_distribution(month.draws, month.monthly, result.currency, approved=grounds.approved,
                                        exceeded=month.exceeded_share)  # fmt: skip
    note = words.note(result, grounds.reviewing.labour.defaults if grounds.reviewing else ())
    table = display.Table("These values against those that the fields begin with", words.HEAD,
                          words.rows(result, before, tried), frozenset({1, 2, 3}), note)  # fmt: skip
    return display.meaning(*words.sentences(result, tried)), table, drawn


def _approved(study: Study) -> float | None:
    """The approved amount when the plan names no load, as long as it is in the same currency."""
    given = study.pilot.spec.cost.approved
    return given.range90[0] if given and study.cost.is_comparable else None
