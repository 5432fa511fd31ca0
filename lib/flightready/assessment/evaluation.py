"""The section `evaluation` of assessment.yaml: what counts as right, what is good enough, and what an error costs."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, InstanceOf, WithJsonSchema, model_validator

from flightready.assessment.fields import AboveZero, Duration, HourlyMoney, Money, Points, Ratio, Share, Strict, as_list
from flightready.errors import InputError, listed


class Labelled(Strict):
    """A typed count of right answers, when there are no records."""

    right: int = Field(ge=0)
    of: int = Field(ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Labelled:
        if self.right > self.of:
            raise InputError(f"{self.right} right of {self.of} is more than all", valid="172 right of 200")
        return self


def _as_labelled(raw: Any) -> Any:
    if isinstance(raw, str):
        match = re.fullmatch(r"\s*([\d_,]+)\s+right\s+of\s+([\d_,]+)\s*", raw)
        if not match:
            raise InputError(f"'{raw}' cannot be read as a count of right answers", valid="172 right of 200")
        right, of = (int(re.sub(r"[_,]", "", part)) for part in match.groups())
        return {"right": right, "of": of}
    return raw


LabelledField = Annotated[Labelled, BeforeValidator(_as_labelled)]


@dataclass(frozen=True)
class Tolerance:
    """How far a number may be from the true one and still be right: a distance, or a share of the true number."""

    value: float
    is_relative: bool

    @property
    def text(self) -> str:
        """As a reader writes it: `2 %`, or `0.5`."""
        return f"{100 * self.value:g} %" if self.is_relative else f"{self.value:g}"


def _as_tolerance(raw: Any) -> Tolerance:
    match = re.fullmatch(r"\s*([\d_]*\.?\d+)\s*(%?)\s*", str(raw)) if not isinstance(raw, bool) else None
    if not match:
        raise InputError(f"'{raw}' cannot be read as a tolerance", valid="2% of the true number, or a distance as 0.5")
    value = float(match[1].replace("_", ""))
    return Tolerance(value / 100 if match[2] else value, bool(match[2]))


ToleranceField = Annotated[
    InstanceOf[Tolerance],
    BeforeValidator(_as_tolerance),
    WithJsonSchema({"type": ["string", "number"], "examples": ["2%", 0.5],
                    "description": "a distance such as 0.5, or a share of the true number such as 2%"}),
]  # fmt: skip


class ExtractedField(Strict):
    """One field that is extracted: its column of right values, the pilot's column, and when the two are the same."""

    label: str
    prediction: str
    compare: Literal["exact", "normalised", "number", "date"] = "normalised"
    tolerance: ToleranceField | None = None


class Rating(Strict):
    """The scale on which people rate generated answers; an answer rated `good` or better on average is right."""

    low: float = 1.0
    high: float = 5.0
    good: float = 4.0

    @model_validator(mode="after")
    def _in_order(self) -> Rating:
        if not (self.low < self.good <= self.high and math.isfinite(self.high - self.low)):
            raise InputError(f"a scale from {self.low:g} to {self.high:g} on which {self.good:g} is good",
                             valid="low < good <= high, such as {low: 1, high: 5, good: 4}")  # fmt: skip
        return self


class Floor(Strict):
    """Lowest acceptable value of a metric on raw data."""

    accuracy: Share | None = None


class Output(Strict):
    """What an answer of the pilot must look like, whatever it says."""

    allowed: list[str] = []
    format: Literal["text", "number", "date", "json"] = "text"
    longest: int | None = Field(default=None, ge=1, description="most characters of an answer")
    refusals: list[str] = Field(default=[], description="words by which the pilot declines, such as `I cannot`")

    @model_validator(mode="after")
    def _refusals(self) -> Output:
        if any(not words.strip() for words in self.refusals):  # every answer holds the empty word
            raise InputError("a refusal without a word", valid="words such as I cannot", cure="remove the empty one")
        return self


COMPARISONS = (">=", "<=", ">", "<")
"""Signs that may stand before a number in the condition of a business rule."""


def _condition(raw: Any) -> list[str]:
    return [str(one).strip() for one in as_list(raw if isinstance(raw, list) else str(raw))]


class BusinessRule(Strict):
    """A rule that every answer must keep: where `when` holds, only `allow`, never `forbid`, or always a person."""

    name: str
    when: dict[str, Annotated[list[str], BeforeValidator(_condition)]] = Field(
        default={},
        description="column and the values it holds (case does not matter), or a comparison such as `> 500`; "
        "all must hold, and a record that lacks a value is not in scope",
    )
    allow: Annotated[list[str], BeforeValidator(as_list)] = []
    forbid: Annotated[list[str], BeforeValidator(as_list)] = []
    least_confidence: Share | None = Field(
        default=None, description="answers less sure than this break the rule, unless `review.threshold` sends them on"
    )

    @model_validator(mode="after")
    def _demands(self) -> BusinessRule:
        if not (self.allow or self.forbid or self.least_confidence is not None):
            raise InputError(f"the rule '{self.name}' demands nothing", valid="allow, forbid or least_confidence")
        return self


HOURS_OF_A_DAY = 24.0


class Reviewing(Strict):
    """People who look at the answers of which the pilot is not sure."""

    capacity_per_day: AboveZero | None = Field(default=None, description="cases that people can review in a day")
    threshold: Share | None = Field(default=None, description="below this confidence a person decides")
    cost: Money | None = Field(default=None, description="cost of one review")
    time: Duration | None = Field(default=None, description="time that one review takes")
    wage: HourlyMoney | None = Field(default=None, description="what an hour of a reviewer costs")
    begin_within: Duration | None = Field(default=None, description="nine in ten reviews begin within this time")
    hours_per_day: Ratio | None = Field(default=None, description="hours a day in which reviewers work")
    at_work: Share | None = Field(default=None, description="share of paid time that reviewers are there for reviews")

    @model_validator(mode="after")
    def _can_be(self) -> Reviewing:
        hours = self.hours_per_day
        if hours is not None and hours.range90[1] > HOURS_OF_A_DAY:
            raise InputError(f"reviewers work '{hours.text}' hours of a day that has {HOURS_OF_A_DAY:g}",
                             valid="hours_per_day: 8", cure="several people at once are counted apart")  # fmt: skip
        if self.at_work is not None and self.at_work.range90[0] <= 0:
            raise InputError("reviewers who are paid and never at work", valid="at_work: 70% to 80%")
        return self


class Candidate(Strict):
    """Another model that could take the pilot's place, by its answers to the same records."""

    name: str
    prediction: str
    confidence: str | None = None
    file: str | None = Field(default=None, description="file that holds these columns and the records' id")
    cost_per_request: Money | None = None
    p95: Duration | None = Field(default=None, description="of a whole request, as users wait for it")


class TruthSet(Strict):
    """Where the right answers come from."""

    labelled_by: str | None = Field(default=None, description="role of those who labelled")
    labelled_on: dt.date | None = None
    source: str | None = Field(default=None, description="how the right answer was found out")


class Retraining(Strict):
    """Who retrains or re-evaluates, and when."""

    owner: str | None = None
    every: str | None = Field(default=None, description="regular interval, in words")
    plan: str | None = Field(default=None, description="link or path of the plan")


def _as_rules(raw: Any) -> Any:
    names = [r.get("name") for r in raw if isinstance(r, dict)] if isinstance(raw, list) else []
    if twice := sorted({str(n) for n in names if names.count(n) > 1}):
        raise InputError(f"two things here are called {listed(map(repr, twice))}", cure="give each its own name")
    return raw


class Evaluation(Strict):
    """What counts as good enough, and what an error costs."""

    task: Literal["classification", "extraction", "scored", "regression"] = "classification"
    fields: dict[str, ExtractedField] = Field(default={}, description="the fields of an extraction, by name")
    tolerance: ToleranceField | None = None
    rating: Rating | None = None
    labels: str | None = Field(default=None, description="file of labels that `flightready label --merge` wrote")
    labelled: LabelledField | None = None
    labelled_curated: LabelledField | None = None
    floor: Floor = Floor()
    allowed_drop: Points | None = None
    error_cost: dict[str, Money] = {}
    favourable: str | None = Field(
        default=None, description="answer that people hope for, such as `approved`: do all groups get it as often"
    )
    output: Output = Output()
    rules: Annotated[list[BusinessRule], BeforeValidator(_as_rules)] = []
    review: Reviewing = Reviewing()
    candidates: Annotated[list[Candidate], BeforeValidator(_as_rules)] = []
    truth_set: TruthSet = TruthSet()
    retraining: Retraining = Retraining()

    @model_validator(mode="after")
    def _keys(self) -> Evaluation:
        for key in self.error_cost:
            if key != "default" and " -> " not in key:
                raise InputError(f"unknown key '{key}' in error_cost", valid='default, or "truth -> predicted"')
        return self

    @model_validator(mode="after")
    def _fits_task(self) -> Evaluation:
        for key, task in (("fields", "extraction"), ("rating", "scored")):
            if getattr(self, key) and self.task != task:
                raise InputError(f"'{key}' belongs to the task '{task}', and the task is '{self.task}'",
                                 cure=f"write 'task: {task}', or remove '{key}'")  # fmt: skip
        return self
