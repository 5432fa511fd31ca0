"""The section `cost` of assessment.yaml: what the pilot spent, what production may cost, and what else would do."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from flightready.assessment.fields import (
    AboveZero,
    Count,
    Money,
    MonthlyMoney,
    Period,
    Ratio,
    Share,
    Strict,
    YearlyRate,
    as_list,
)
from flightready.assessment.options import OptionField
from flightready.assessment.usage_files import UsageFile
from flightready.errors import InputError


class PerRequest(Strict):
    """Mean tokens of one request, when there is no log."""

    model: str
    input_tokens: Count
    cached_tokens: Count | None = None
    output_tokens: Count


class Bill(Strict):
    """A total paid for a known number of requests."""

    amount: Money
    requests: AboveZero


def _as_bill(raw: Any) -> Any:
    if isinstance(raw, str):
        parts = re.split(r"\s+for\s+", raw)
        if len(parts) != 2:
            raise InputError(f"'{raw}' cannot be read as a bill", valid="30 USD for 9_000 requests")
        return {"amount": parts[0], "requests": parts[1]}
    return raw


class ModelPrice(Strict):
    """Price of one model per million tokens, for a model that the price list does not know or prices wrongly."""

    input_per_million: Money
    cached_input_per_million: Money | None = None
    cache_write_per_million: Money | None = Field(default=None, description="as input when it is not given")
    output_per_million: Money
    source: str = ""
    checked: dt.date | None = None


class AuditLog(Strict):
    """Records of what was asked and answered, kept for those who ask why."""

    bytes_per_request: AboveZero = Field(description="bytes that one request leaves in the log")
    kept: Period = Field(description="how long a record is kept")
    per_gb: MonthlyMoney = Field(description="price of keeping a gigabyte for a month")


class Running(Strict):
    """What a month costs beside the calls of the model; value (roi) counts it too, so roi.operations leaves it out."""

    tools_per_request: Money | None = Field(default=None, description="searches and other services that a request pays")
    monitoring: MonthlyMoney | None = None
    on_call: MonthlyMoney | None = None
    audit_log: AuditLog | None = None
    other: dict[str, MonthlyMoney] = {}


class Retirement(Strict):
    """The day from which a model answers no more, and what the move to its successor takes."""

    on: dt.date
    announced: dt.date | None = Field(
        default=None, description="earlier day of the provider's announcement, where `on` holds all the same"
    )
    lead_time: Period | None = Field(default=None, description="from the decision to the successor at work")
    migration: Money | None = Field(default=None, description="cost of the move: prompts, tests, release")
    successor: str | None = None
    source: str = ""


class Cost(Strict):
    """What the pilot spent, and what production may cost."""

    usage: Annotated[list[str | UsageFile], BeforeValidator(as_list)] = []
    per_request: PerRequest | None = None
    bill: Annotated[Bill, BeforeValidator(_as_bill)] | None = None
    approved: MonthlyMoney | None = Field(default=None, description="for the calls and what runs beside them")
    prices: dict[str, ModelPrice] = {}
    price_file: str | None = Field(default=None, description="dated prices that `flightready prices` wrote")
    exchange_rate: Ratio | None = Field(
        default=None, description="the assessment's currency for one US dollar, when prices are in dollars"
    )
    price_change: YearlyRate | None = Field(default=None, description="how prices of calls move from year to year")
    mix_spread: Share | None = Field(
        default=None, description="how far the mean cost of a request may lie from the pilot's (standard deviation)"
    )
    running: Running = Running()
    retirement: dict[str, Retirement] = Field(default={}, description="by name of the model")
    options: Annotated[list[OptionField], BeforeValidator(as_list)] = []

    @property
    def usage_files(self) -> tuple[str, ...]:
        """Names of the usage files."""
        return tuple(f if isinstance(f, str) else f.file for f in self.usage)
