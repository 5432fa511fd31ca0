"""Other models that the search may let answer: how fast, at what price, and whether they are right often enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.assessment import Pilot
from flightready.errors import InputError, listed, nearest
from flightready.evidence import Grade, Interval, State, judge_at_least
from flightready.latency.scenario import Scenario
from flightready.options.result import OptionResult, OptionsResult

KEEPS, TOO_INACCURATE, NOT_MEASURED, OPEN = "keeps the floor", "too inaccurate", "not measured", "cannot tell yet"
_STANDING = {State.PASS: KEEPS, State.FAIL: TOO_INACCURATE, State.UNKNOWN: OPEN}
_P95 = 0.95
_UNDER_LIMITS = "api"


@dataclass(frozen=True)
class ModelChoice:
    """An option that may answer in the pilot's place.

    Parameters
    ----------
    name : str
    p95_s : float
        95 of 100 of its requests take at most this long.
    monthly_usd : float
        Calls of a month at the planned load, or the month of what stands ready; median.
    is_reserved : bool
        Paid for standing ready, whatever is asked of it.
    is_limited : bool
        The provider's limits apply to it as to the pilot's model.
    accuracy : float or None
        Share of right answers on raw data.
    accuracy_interval : Interval or None
    standing : str
        keeps the floor, too inaccurate, not measured, or cannot tell yet; only the first may be chosen.
    """

    name: str
    p95_s: float
    monthly_usd: float
    is_reserved: bool
    is_limited: bool
    accuracy: float | None
    accuracy_interval: Interval | None
    standing: str

    @property
    def may_answer(self) -> bool:
        """Whether it may be chosen."""
        return self.standing == KEEPS


def model_choices(pilot: Pilot, options: OptionsResult | None) -> tuple[ModelChoice, ...]:
    """Return the options named under `latency.search.models` that have a price, in their order.

    Raises
    ------
    InputError
        When a name is no option, or its option states no p95.
    """
    names = pilot.spec.latency.search.models
    known = {o.name: o for o in options.options if not o.is_pilot} if options is not None else {}
    for number, name in enumerate(names):
        where = pilot.where("latency", "search", "models", number)
        if name not in known:
            raise InputError(
                f"'{name}' is no option under cost.options", where=where,
                valid=listed([f"'{n}'" for n in known]) or "a name under cost.options",
                cure=nearest(name, known) or "describe it under cost.options, with its price and its p95",
            )  # fmt: skip
        if known[name].p95_s is None:
            raise InputError(f"the option '{name}' does not say how long it takes", where=where,
                             valid="an option that states p95, such as 3 s",
                             cure="state its p95 under cost.options, or remove it from the search")  # fmt: skip
    floor = pilot.spec.evaluation.floor.accuracy
    return tuple(_choice(known[name], None if floor is None else floor.median)
                 for name in dict.fromkeys(names) if known[name].monthly is not None)  # fmt: skip


def _choice(option: OptionResult, floor: float | None) -> ModelChoice:
    return ModelChoice(
        option.name, float(option.p95_s), option.monthly.median, option.capacity is not None,
        option.kind == _UNDER_LIMITS, option.accuracy_value, option.accuracy, _standing(option, floor),
    )  # fmt: skip


def _standing(option: OptionResult, floor: float | None) -> str:
    """Whether it is right often enough; what is only stated, or cannot be held against a floor, is not measured."""
    if option.accuracy is None or option.accuracy_grade is not Grade.MEASURED:
        return NOT_MEASURED
    return KEEPS if floor is None else _STANDING[judge_at_least(option.accuracy, floor)]


def whole_s(scenario: Scenario) -> np.ndarray:
    """Return the time that each row takes when nothing waits, seconds: what runs beside another counts once.

    Returns
    -------
    array of shape (rows,)
    """
    service_s = np.nan_to_num(scenario.service_s)
    if scenario.visits is None:
        return service_s.sum(axis=1)
    steps = np.array([visit.step for visit in scenario.visits])
    return np.sum([service_s[:, steps == step].max(axis=1) for step in np.unique(steps)], axis=0)


def times_factor(scenario: Scenario, p95_s: float) -> float:
    """Return what all times of the pilot are multiplied by so that 95 of 100 requests take at most `p95_s`.

    The order of the requests stays: what is slow with one model is slow with the other.
    """
    own = float(np.quantile(whole_s(scenario), _P95, method="median_unbiased"))
    return p95_s / own if own > 0 else 1.0
