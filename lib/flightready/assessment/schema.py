"""The shape of assessment.yaml: strict, only `name` required, every amount with its unit.

The models only describe and parse; files are opened by the analyses, and places in the YAML are added by `load`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from flightready.assessment.cost import Cost
from flightready.assessment.evaluation import Evaluation
from flightready.assessment.fields import (
    Count,
    Measure,
    Strict,
    as_list,
)
from flightready.assessment.latency import Latency
from flightready.assessment.personal_data import PersonalData
from flightready.assessment.pilot_call import PilotCall
from flightready.assessment.population import checked_address
from flightready.assessment.roi import PilotResults, Roi, as_results
from flightready.assessment.workload import Workload
from flightready.errors import InputError
from flightready.quantity import CURRENCIES

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
    pilot_results: Annotated[PilotResults, BeforeValidator(as_results)] | None = None
    integrations: list[Integration] = []
    team: list[TeamRole] = []
    claims: Annotated[dict[str, bool], BeforeValidator(_claims)] = {}
    attestations: dict[Annotated[str, AfterValidator(_question)], Attestation] = {}
