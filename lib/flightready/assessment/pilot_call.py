"""The section `pilot` of assessment.yaml: how the pilot itself can be called, which only `--run-pilot` does."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, model_validator

from flightready.assessment.fields import AboveZero, Duration, Strict, as_list
from flightready.errors import InputError

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""Stands for the content of an environment variable, which is read at use and never written."""
_SECRET_HEADER = re.compile(r"auth|key|token|secret|cookie|password|credential|signature|session", re.IGNORECASE)
_FUNCTION = re.compile(r"[^:]+\.py:[^\W\d]\w*")
_LINE_BREAK = re.compile(r"[\r\n\0]")


class PilotCall(Strict):
    """One way to ask the pilot for an answer: a Python function, a command over JSON lines, or an HTTP address."""

    function: str | None = Field(
        default=None,
        description="Python file and function, such as `pilot.py:answer`; see [calling the pilot](calling.md)",
    )
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
    timeout: Duration | None = Field(default=None, description="longest time for one answer")
    longest_run: Duration | None = Field(default=None, description="longest time for one run; the next goes on")
    calls_per_minute: AboveZero | None = None
    most_calls: int | None = Field(default=None, ge=1, description="most calls in one run, and most that are planned")

    @model_validator(mode="after")
    def _one_way(self) -> PilotCall:
        ways = [way for way in ("function", "command", "url") if getattr(self, way)]
        if len(ways) != 1:
            raise InputError(f"{len(ways)} ways to call the pilot are given: {', '.join(ways) or 'none'}",
                             valid="one of function, command and url")  # fmt: skip
        return self

    @model_validator(mode="after")
    def _function(self) -> PilotCall:
        if self.function and not _FUNCTION.fullmatch(self.function):
            raise InputError(f"'{self.function}' names no function of a Python file", valid="pilot.py:answer")
        return self

    @model_validator(mode="after")
    def _url(self) -> PilotCall:
        if self.url:
            _check_url(self.url)
        if self.headers and not self.url:
            raise InputError(
                "'headers' belong to an HTTP address", cure="remove 'headers', or write 'url: https://...'"
            )
        for name, value in self.headers.items():
            if _LINE_BREAK.search(name + value):
                raise InputError("a header with a line break in it", cure="write the header in one line")
            if _SECRET_HEADER.search(name) and not VARIABLE.search(value):
                raise InputError(f"the header '{name}' is written out, and such headers are secret",
                                 valid=f"{name}: ${{NAME}}, read from the environment at use")  # fmt: skip
        return self


def _check_url(url: str) -> None:
    """Refuse an address without a host or with a secret in it; the address itself is not repeated then."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole, parts = False, urlsplit("")
    if parts.username or parts.password or VARIABLE.search(url):
        raise InputError("an address with a secret or a variable in it", valid="https://host/path",
                         cure="put the secret into a header: headers: {Authorization: 'Bearer ${NAME}'}")  # fmt: skip
    if not is_whole or _LINE_BREAK.search(url) or " " in url:
        raise InputError("the address of the pilot cannot be read", valid="http://127.0.0.1:8000/answer")
