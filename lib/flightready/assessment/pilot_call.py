"""The section `pilot` of assessment.yaml: how the pilot itself can be called, which only `--run-pilot` does."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from flightready.assessment.fields import AboveZero, Duration, Strict, as_list
from flightready.errors import InputError


class PilotCall(Strict):
    """One way to ask the pilot for an answer: a Python function, a command over JSON lines, or an HTTP address."""

    function: str | None = Field(default=None, description="Python file and function, such as `pilot.py:answer`")
    command: Annotated[list[str], BeforeValidator(as_list)] | None = Field(
        default=None, description="program that reads one JSON record a line and writes one JSON answer a line"
    )
    url: str | None = Field(default=None, description="address that takes a JSON record and returns a JSON answer")
    headers: dict[str, str] = Field(default={}, description="HTTP headers; secrets only as `${NAME}`")
    inputs: Annotated[list[str], BeforeValidator(as_list)] = Field(
        default=[], description="columns that the pilot is given; else the text columns"
    )
    answer: str = Field(default="prediction", description="name of the answer in what the pilot returns")
    confidence: str = Field(default="confidence", description="name of its confidence, where it returns one")
    timeout: Duration | None = None
    calls_per_minute: AboveZero | None = None
    most_calls: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_way(self) -> PilotCall:
        ways = [way for way in ("function", "command", "url") if getattr(self, way)]
        if len(ways) != 1:
            raise InputError(f"{len(ways)} ways to call the pilot are given: {', '.join(ways) or 'none'}",
                             valid="one of function, command and url")  # fmt: skip
        return self
