"""The shape of assessment.yaml: strict, only `name` required, every amount with its unit.

The models only describe and parse; files are opened by the analyses, and places in the YAML are added by `load`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from flightready.assessment.cost import Cost
from flightready.assessment.evaluation import Evaluation
from flightready.assessment.fields import (
    Count,
    Measure,
    Money,
    MonthlyMoney,
    Period,
    Strict,
    YearlyRate,
    as_list,
)
from flightready.assessment.latency import Latency
from flightready.assessment.personal_data import PersonalData
from flightready.assessment.pilot_call import PilotCall
from flightready.assessment.population import checked_address
from flightready.assessment.workload import Workload
from flightready.errors import InputError, listed, nearest
from flightready.quantity import CURRENCIES, Quantity, parse

Phase = Literal["validate", "prototype", "pilot", "scale"]
System = Literal["classical_ml", "llm_api", "self_hosted", "edge"]
QUESTION_ID = re.compile(r"^(E([1-9]|10)|R([1-9]|10)|KPI|gap|adoption)$")


def _with_manifest(schema: dict[str, Any]) -> None:
    path = {"type": "string", "description": "path of a manifest that `flightready sample` wrote"}
    schema["anyOf"].insert(0, path)  # `load` puts what the manifest holds in the place of its path


class Outcome(Strict):
    """The outcome in one measurable sentence, and the figures it holds."""

    statement: str
    metric: str | None = None
    baseline: Measure | None = None
    target: Measure | None = None
    deadline: dt.date | None = None


class Columns(Strict):
    """Which column plays which role; a nested JSON field is written with dots, `ticket.id`."""

    id: str | None = None
    time: str | None = None
    text: Annotated[list[str], BeforeValidator(as_list)] = []
    label: str | None = None
    prediction: str | None = None
    confidence: str | None = None
    group: Annotated[list[str], BeforeValidator(as_list)] = []
    entity: str | None = Field(default=None, description="whom a record is about; records of one are not independent")
    second_label: str | None = Field(default=None, description="right answers of a second labeller")
    rating: Annotated[list[str], BeforeValidator(as_list)] = Field(default=[], description="one column a rater")


class Source(Strict):
    """One file of records, or a folder or pattern of them (`exports/*.csv`); `rename` maps its own column names to the
    names the other files use, `sheet` chooses one of a workbook.
    """

    file: str
    system: str | None = None
    sheet: str | None = None
    columns: Columns = Columns()
    rename: dict[str, str] = {}


def _as_source(raw: Any) -> Any:
    return {"file": raw} if isinstance(raw, str) else raw


SourceField = Annotated[Source, BeforeValidator(_as_source)]


class Sampling(Strict):
    """How the production sample was drawn: the manifest that lets it stand for the population."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)

    method: Literal["random", "systematic", "stratified", "first_rows", "chosen_by_hand"]
    population_rows: Count | None = Field(default=None, alias="from")
    drawn: dt.date | None = None
    seed: int | None = Field(default=None, ge=0)


class Data(Strict):
    """The demo set and the raw production sample."""

    curated: SourceField | None = None
    production: Annotated[list[SourceField], BeforeValidator(as_list)] = []
    population: Annotated[str, AfterValidator(checked_address)] | None = Field(
        default=None,
        description="all rows behind the sample: a Parquet file or pattern, or a table such as "
        "`${WAREHOUSE_URL}#tickets`; see [population](population.md)",
    )
    sampling: Sampling | None = Field(default=None, json_schema_extra=_with_manifest)
    columns: Columns = Columns()
    personal_data: PersonalData = None


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

    @model_validator(mode="after")
    def _some_time(self) -> Roi:
        if self.horizon is not None and self.horizon.median < 1:
            raise InputError(f"a horizon of {self.horizon.text} is no time", valid="1 to 600 months")
        return self


class Integration(Strict):
    """One edge of the integration map."""

    name: str
    owner: str | None = None
    auth: str | None = None
    contract: str | None = None


class TeamRole(Strict):
    """One role of the team; roles, not people's names."""

    role: str
    filled: bool = False
    fte: float | None = Field(default=None, ge=0)
    has_shipped: bool = False


class Attestation(Strict):
    """A signed statement that answers a checklist question in part or whole."""

    by: str
    on: dt.date
    link: str | None = None
    until: dt.date | None = None
    note: str | None = None


def _claims(raw: Any) -> Any:
    words = {"yes": True, "no": False, True: True, False: False}
    if not isinstance(raw, dict):
        raise InputError(f"'{raw}' is not a list of claims", valid="claims: {E1: yes, E2: no}")
    for key, said in raw.items():
        _question(key)
        if isinstance(said, list | dict) or said not in words:
            raise InputError(f"claim {key} is '{said}'", valid="yes or no")
    return {key: words[said] for key, said in raw.items()}


def _question(key: str) -> str:
    if not QUESTION_ID.match(str(key)):
        raise InputError(
            f"'{key}' is not a question of the checklists", valid="E1 to E10, R1 to R10, KPI, gap, adoption"
        )
    return key


class Assessment(Strict):
    """One pilot: everything that is known about it, each part optional except the name."""

    name: str = Field(min_length=1)
    extends: str | None = None
    phase: Phase = "pilot"
    system: System = "llm_api"
    owner: str | None = None
    currency: Literal[CURRENCIES] = "USD"  # type: ignore[valid-type]
    as_of: dt.date | None = None
    seed: int = Field(default=7, ge=0)
    outcome: Outcome | None = None
    data: Data = Data()
    evaluation: Evaluation = Evaluation()
    workload: Workload = Workload()
    cost: Cost = Cost()
    latency: Latency = Latency()
    roi: Roi = Roi()
    pilot: PilotCall | None = None
    pilot_results: str | None = None
    integrations: list[Integration] = []
    team: list[TeamRole] = []
    claims: Annotated[dict[str, bool], BeforeValidator(_claims)] = {}
    attestations: dict[Annotated[str, AfterValidator(_question)], Attestation] = {}
