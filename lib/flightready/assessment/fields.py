"""What the sections of the assessment are made of: amounts with units, and sections that take no other key."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, InstanceOf, WithJsonSchema

from flightready.quantity import KINDS, Quantity, parse


class Strict(BaseModel):
    """Base of every section: no unknown key, no change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, str_strip_whitespace=True)


def _quantity(kind: str) -> Any:
    """Return the field type of a quantity of one kind."""
    example = KINDS[kind].example
    ends = {"type": ["string", "number"]}
    shapes = [
        {"type": ["string", "number"], "examples": [example]},
        {"type": "object", "additionalProperties": False, "properties": {
            "value": ends, "low": ends, "high": ends, "p10": ends, "p50": ends, "p90": ends,
            "unit": {"type": "string"}, "source": {"type": "string"}, "checked": {"type": "string", "format": "date"}}},
    ]  # fmt: skip
    description = f"{KINDS[kind].label}, for example {example}"
    return Annotated[
        InstanceOf[Quantity],
        BeforeValidator(lambda raw: parse(raw, kind)),
        WithJsonSchema({"anyOf": shapes, "description": description}),
    ]


Count = _quantity("count")
AboveZero = _quantity("number above zero")
ServedAtOnce = _quantity("number served at once")
Ratio = _quantity("ratio")
Duration = _quantity("duration")
Period = _quantity("period")
Share = _quantity("share")
Points = _quantity("number of points")
Growth = _quantity("growth rate")
YearlyRate = _quantity("yearly rate")
Money = _quantity("amount of money")
HourlyMoney = _quantity("amount of money per hour")
MonthlyMoney = _quantity("amount of money per month")
Measure = _quantity("measure")


def as_list(raw: Any) -> Any:
    """Return one thing as a list of it."""
    return [raw] if isinstance(raw, str | dict | int | float) else raw
