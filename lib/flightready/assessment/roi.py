"""The section `roi` of assessment.yaml: what a case is worth, what building and running costs, and over what time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from flightready.assessment.fields import (
    AboveZero,
    Duration,
    HourlyMoney,
    Money,
    MonthlyMoney,
    Period,
    Share,
    Strict,
    YearlyRate,
)
from flightready.errors import InputError, listed, nearest
from flightready.quantity import Quantity, parse

PHASES = ("validate", "prototype", "pilot", "scale")

ESTIMATES = {
    "adoption": "share", "ramp": "period", "realisation": "share", "accuracy": "share", "review_share": "share",
    "review_cost": "amount of money", "cost_per_request": "amount of money", "delay": "period",
}  # fmt: skip
"""Quantities that may be estimated under `roi.estimates`, with their kind."""


def _estimates(raw: Any) -> Any:
    if not isinstance(raw, dict):
        raise InputError(f"'{raw}' is not a list of estimates", valid="adoption: 40% to 80%")
    parsed: dict[str, dict[str, Quantity]] = {}
    for name, given in raw.items():
        if name not in ESTIMATES:
            raise InputError(f"unknown estimate '{name}'", valid=listed(ESTIMATES))
        spread_keys = {"value", "low", "high", "p10", "p50", "p90"}
        per_role = isinstance(given, dict) and not spread_keys & set(given)
        people = given if per_role else {"": given}
        parsed[name] = {role: parse(g, ESTIMATES[name], where=f"'{name}' {role}".strip()) for role, g in people.items()}
    return parsed


CORRELATED = {
    **{name: f"roi.{name}" for name in ESTIMATES},
    **{name: f"workload.{name}" for name in ("users_per_day", "requests_per_user", "growth_per_month", "peak_to_mean")},
    **{name: f"roi.{name}" for name in ("benefit_per_case", "build_cost", "operations", "discount_rate")},
    "error_cost": "evaluation.error_cost",
}
"""Quantities that may be declared to move together, and their columns in the joint sample."""


class DeclaredCorrelation(Strict):
    """Two quantities that move together, with their rank correlation (Spearman)."""

    between: list[str] = Field(min_length=2, max_length=2)
    rank: float = Field(gt=-1, lt=1)

    @model_validator(mode="after")
    def _known(self) -> DeclaredCorrelation:
        for name in self.between:
            if name not in CORRELATED:
                raise InputError(
                    f"'{name}' cannot be correlated", valid=listed(CORRELATED, limit=20), cure=nearest(name, CORRELATED)
                )
        if self.between[0] == self.between[1]:
            raise InputError(f"'{self.between[0]}' cannot be correlated with itself", valid="two different names")
        return self


class Benefit(Strict):
    """One stream of value: what a rightly handled case, or a month, is worth, and from when on."""

    name: str = Field(min_length=1)
    kind: Literal["time_saved", "revenue_kept", "cost_avoided", "loss_avoided"] = "cost_avoided"
    per_case: Money | None = Field(default=None, description="worth of one rightly handled case")
    time: Duration | None = Field(default=None, description="time saved in a rightly handled case; with wage")
    wage: HourlyMoney | None = Field(default=None, description="what an hour of that time costs")
    per_month: MonthlyMoney | None = Field(default=None, description="worth of a month with everybody planned using it")
    customers: AboveZero | None = Field(default=None, description="customers who are reached, when everybody uses it")
    value_per_customer: Money | None = Field(default=None, description="worth of one customer kept, over a year")
    leaving: Share | None = Field(default=None, description="share of them who leave in a year, untreated")
    effect: Share | None = Field(
        default=None, description="share of the leaving who stay because of it; pilot_results replaces it"
    )
    metric: str | None = Field(default=None, description="metric of pilot_results that measures this stream")
    of_cases: Share | None = Field(default=None, description="share of the cases that bring it; all when not given")
    realisation: Share | None = Field(default=None, description="part that turns into money; the estimate if not given")
    starts: Period | None = Field(default=None, description="months after the launch from which it counts")
    grows: YearlyRate | None = Field(default=None, description="change of its worth in a year")
    source: str = ""

    @model_validator(mode="after")
    def _one_form(self) -> Benefit:
        timed = (self.time is not None, self.wage is not None)
        kept = [self.customers is not None, self.value_per_customer is not None, self.leaving is not None]
        forms = [self.per_case is not None, any(timed), self.per_month is not None, any(kept)]
        if sum(forms) != 1 or (any(timed) and not all(timed)) or (any(kept) and not all(kept)):
            raise InputError(
                f"the benefit '{self.name}' is given in one of four forms",
                valid="per_case; time and wage; per_month; or customers, value_per_customer and leaving",
            )
        return self


class PhaseOfWork(Strict):
    """One phase on the way to production: how long, at what cost, and how likely its gate is passed."""

    phase: Literal["validate", "prototype", "pilot", "scale"]
    length: Period | None = None
    cost: Money | None = None
    delay: Period | None = Field(default=None, description="time beside the planned length")
    passes: Share | None = Field(default=None, description="chance that its gate is passed; the prior when not given")
    data_share: Share | None = Field(default=None, description="share of length and cost that is data engineering")


class DoNothing(Strict):
    """What today's way of working costs a month, and how that changes; the value is counted against it."""

    per_month: MonthlyMoney | None = Field(default=None, description="what it costs beside the cases' own worth")
    changes: YearlyRate | None = Field(default=None, description="change of the worth of today's way in a year")


class RoiOption(Strict):
    """Another way to go, on the same draws: build, buy, a smaller scope, or wait."""

    name: str = Field(min_length=1)
    kind: Literal["build", "buy", "smaller_scope", "wait"]
    scope: Share | None = Field(default=None, description="share of the cases that it covers")
    delay: Period | None = Field(default=None, description="time from today to launch instead of the estimate")
    build_cost: Money | None = None
    operations: MonthlyMoney | None = None
    cost_per_request: Money | None = None
    accuracy: Share | None = None
    answers_with: str | None = Field(default=None, description="name of an option under cost.options")


class PilotResults(Strict):
    """The pilot against today's way of working: a table with arm, period, metric, n and value."""

    file: str
    treated: str | None = Field(default=None, description="name of the arm that uses the pilot")
    control: str | None = Field(default=None, description="name of the arm that works as today")
    metric: str | None = Field(default=None, description="the metric that decides; outcome.metric when not given")
    columns: dict[Literal["arm", "period", "metric", "n", "value", "sd"], str] = Field(
        default={}, description="names of the columns where they differ"
    )
    lower_is_better: bool | None = Field(default=None, description="from outcome.baseline and target when not given")


def as_results(raw: Any) -> Any:
    """Return a file's name as what stands behind it."""
    return {"file": raw} if isinstance(raw, str) else raw


class PlannedComparison(Strict):
    """How the effect will be shown after the launch: two groups side by side, or before against after."""

    design: Literal["side_by_side", "before_after"] = "side_by_side"
    treated_share: Share | None = Field(default=None, description="share of the cases that use it; half when not given")
    effect: Share | None = Field(
        default=None, description="smallest change of the metric that matters, as a share of it"
    )
    spread: AboveZero | None = Field(default=None, description="standard deviation of one case over its mean")


class Actuals(Strict):
    """What has come in since the approval, month by month, against the plan that was approved."""

    file: str
    approved: str | None = Field(default=None, description="the case as it was frozen at approval")


class Roi(Strict):
    """What a case is worth, what building and running costs, and over what time."""

    horizon: Period | None = None
    discount_rate: YearlyRate | None = None
    benefit_per_case: Money | None = None
    build_cost: Money | None = None
    operations: MonthlyMoney | None = Field(
        default=None, description="running it apart from requests, without what cost.running states: that is added once"
    )
    estimates: Annotated[
        dict[str, dict[str, Quantity]],
        BeforeValidator(_estimates),
        WithJsonSchema({"type": "object", "propertyNames": {"enum": list(ESTIMATES)}}),
    ] = {}
    correlations: list[DeclaredCorrelation] = []
    weights: dict[str, AboveZero] = Field(
        default={}, description="weight of each role in a pooled estimate; 1 if not given"
    )
    benefits: list[Benefit] = Field(default=[], description="several streams, in place of benefit_per_case")
    retraining: Money | None = Field(default=None, description="one retraining")
    retrained_every: Period | None = None
    licences: MonthlyMoney | None = None
    change_management: Money | None = Field(default=None, description="training and support, spread over the ramp")
    do_nothing: DoNothing = DoNothing()
    phases: list[PhaseOfWork] = Field(default=[], description="what is still ahead, in order")
    options: list[RoiOption] = []
    money: Literal["nominal", "real"] = Field(default="nominal", description="whether amounts hold inflation")
    inflation: YearlyRate | None = Field(default=None, description="only used with `money: real`")
    terminal_growth: YearlyRate | None = Field(
        default=None, description="counts the years after the horizon, growing so; left out when not given"
    )
    comparison: PlannedComparison = PlannedComparison()
    actuals: Actuals | None = None
    launched: dt.date | None = None

    @field_validator("benefits", "options")
    @classmethod
    def _named_once(cls, given: list[Any]) -> list[Any]:
        seen: set[str] = set()
        for one in given:
            if one.name.casefold() in seen:
                raise InputError(f"'{one.name}' is there twice", cure="give each a name of its own")
            seen.add(one.name.casefold())
        return given

    @field_validator("phases")
    @classmethod
    def _in_order(cls, given: list[PhaseOfWork]) -> list[PhaseOfWork]:
        places = [PHASES.index(one.phase) for one in given]
        if places != sorted(set(places)):
            raise InputError("phases are stated once each, in their order", valid=", ".join(PHASES))
        return given

    @model_validator(mode="after")
    def _one_worth(self) -> Roi:
        if self.benefits and self.benefit_per_case is not None:
            raise InputError("benefit_per_case and benefits both say what a case is worth",
                             cure="keep one: benefits holds any number of streams")  # fmt: skip
        return self

    @model_validator(mode="after")
    def _some_time(self) -> Roi:
        if self.horizon is not None and self.horizon.median < 1:
            raise InputError(f"a horizon of {self.horizon.text} is no time", valid="1 to 600 months")
        return self

    @model_validator(mode="after")
    def _bounded(self) -> Roi:
        if self.retrained_every is not None and self.retrained_every.median <= 0:
            raise InputError("retraining all the time has no price", valid="retrained_every: 6 months")
        if self.inflation is not None and self.money == "nominal":
            raise InputError("inflation is stated, and amounts hold it already (money: nominal)",
                             cure="write money: real, or leave inflation out")  # fmt: skip
        rate, growth = self.discount_rate, self.terminal_growth
        prices = self.inflation.median if self.inflation is not None else 0.0
        if rate is not None and growth is not None and (1 + growth.median) * (1 + prices) >= 1 + rate.median:
            raise InputError(
                f"value that grows by {growth.text} for ever has no bound at a discount rate of {rate.text}",
                valid="a terminal_growth below the discount rate", cure="leave terminal_growth out",
            )  # fmt: skip
        return self
