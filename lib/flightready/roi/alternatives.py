"""Other ways to go, on the same draws as the plan: build, buy, a smaller scope, wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from flightready import policy
from flightready.assessment.roi import RoiOption
from flightready.draws import JointSample, Summary, summarise
from flightready.errors import InputError, listed, nearest
from flightready.evidence import Interval
from flightready.quantity import Quantity, Spread
from flightready.roi.model import ValueModel
from flightready.roi.phases import schedule

PLAN = "plan"
_PLAIN = ("scope", "build_cost", "operations", "cost_per_request", "accuracy")
_SURE = 1e-9  # an interval of no width, or one that touches its end, has no spread to draw


@dataclass(frozen=True)
class Alternative:
    """One way to go; money in the assessment's currency.

    Parameters
    ----------
    name, kind : str
        kind is `plan`, build, buy, smaller_scope or wait.
    npv : Summary
    chance_positive : float
        Share of draws with a present value above zero.
    best : float
        Share of draws in which no other way has a higher present value.
    against_plan : Summary or None
        Its present value minus the plan's, draw by draw; None for the plan itself.
    launch : Summary
        Months from today to its launch.
    assumed : tuple of str
        What nobody stated and the policy fills.
    """

    name: str
    kind: str
    npv: Summary
    chance_positive: float
    best: float
    against_plan: Summary | None
    launch: Summary
    assumed: tuple[str, ...] = ()


def alternatives(
    model: ValueModel, options: list[RoiOption], joint: JointSample, *, answers: Any = None
) -> tuple[Alternative, ...]:
    """Return the plan and every other way that is stated, in that order; empty where none is.

    Parameters
    ----------
    answers : OptionsResult, optional
        Ways to answer as they were compared; an option that names one takes its cost and accuracy.
    """
    if not options:
        return ()
    changed = [_changes(model, option, joint, answers) for option in options]
    models = [model, *(model.with_columns(**columns) for columns, _ in changed)]
    values = np.stack([m.present_value() for m in models])
    best = np.argmax(values, axis=0)  # of equals, the first
    named = [(PLAN, PLAN, ()), *((o.name, o.kind, a) for o, (_, a) in zip(options, changed, strict=True))]
    return tuple(
        Alternative(
            name=name, kind=kind, npv=summarise(values[i]), chance_positive=float(np.mean(values[i] > 0)),
            best=float(np.mean(best == i)), against_plan=summarise(values[i] - values[0]) if i else None,
            launch=summarise(np.broadcast_to(_launch(models[i]), model.shape)), assumed=assumed,
        )
        for i, (name, kind, assumed) in enumerate(named)
    )  # fmt: skip


def _launch(model: ValueModel) -> np.ndarray:
    return schedule(model.columns, model.inputs.phases, delayed=True)[1]


def _changes(
    model: ValueModel, option: RoiOption, joint: JointSample, answers: Any
) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    """Return the columns that an option changes, and which of them are assumed."""
    assumed: list[str] = []

    def drawn(part: str, given: Quantity) -> np.ndarray:
        return joint.column(f"roi.options.{option.name}.{part}", given)

    found = _answering(model, option, joint, answers) if option.answers_with is not None else {}
    found |= {part: drawn(part, given) for part in _PLAIN if (given := getattr(option, part)) is not None}
    if option.kind == "smaller_scope" and option.scope is None:
        found["scope"] = drawn("scope", policy.quantity("default_smaller_scope", "share"))
        assumed.append("scope")
    if "cost_per_request" in found:
        found.setdefault("calls_share", np.ones(()))
    if option.kind == "wait":
        wait = policy.quantity("default_wait", "period") if option.delay is None else option.delay
        assumed += ["time to wait"] if option.delay is None else []
        until = drawn("delay", wait)
        found["start"] = until if option.delay is None else np.maximum(until - _launch(model), 0.0)
    elif option.delay is not None:
        found["delay"] = drawn("delay", option.delay)
    return found, tuple(assumed)


def _answering(model: ValueModel, option: RoiOption, joint: JointSample, answers: Any) -> dict[str, np.ndarray]:
    """Return cost, setup and accuracy of the way to answer that an option names under `cost.options`."""
    known = {} if answers is None else {o.name: o for o in answers.options}
    if option.answers_with not in known:
        raise InputError(
            f"option '{option.name}' answers with '{option.answers_with}', which is no option under cost.options",
            where="roi.options", valid=listed(known) or "none is stated",
            cure=nearest(option.answers_with, known),
        )  # fmt: skip
    way = known[option.answers_with]
    found: dict[str, np.ndarray] = {}
    if way.monthly_draws is not None:
        requests = np.maximum(model.demand.requests_per_month, np.finfo(float).tiny)
        found["cost_per_request"] = way.monthly_draws / requests
        found["running"] = np.zeros(())  # what runs beside the calls is in that month
    if way.setup is not None:
        found["build_cost"] = model.columns.get("build_cost", np.zeros(())) + way.setup.mean
    if way.accuracy is not None:
        found["accuracy"] = joint.column(f"roi.options.{option.name}.accuracy", _share(way.accuracy))
    return found


def _share(interval: Interval) -> Quantity:
    low, high = max(interval.low, _SURE), min(interval.high, 1 - _SURE)
    return Quantity(Spread(min(low, high - _SURE), high, "logitnormal"), "share", "")
