"""What an assessment says about a usage file whose content does not say it: its columns, its number of requests."""

from __future__ import annotations

from pydantic import Field

from flightready.assessment.fields import AboveZero, Strict


class UsageColumns(Strict):
    """Columns of a usage file by role, or paths of fields below a JSON record (`usage.input`)."""

    time: str = Field(description="when a call was made, or a stretch of time began")
    end: str | None = Field(default=None, description="end of a stretch of time")
    input: str | None = Field(default=None, description="input tokens")
    cached: str | None = Field(default=None, description="cached tokens that `input` holds")
    input_beside_cache: str | None = Field(default=None, description="input tokens without the cached ones")
    cache_read: str | None = Field(default=None, description="tokens read from the cache, beside the input")
    cache_write_5m: str | None = Field(default=None, description="tokens written to the cache, beside the input")
    cache_write_1h: str | None = Field(default=None, description="tokens written for an hour, beside the input")
    output: str = Field(description="output tokens")
    reasoning: str | None = Field(default=None, description="reasoning tokens that `output` holds")
    requests: str | None = Field(default=None, description="number of requests in a row of sums")
    model: str | None = None
    provider: str | None = None
    tier: str | None = None
    request: str | None = None
    outcome: str | None = Field(default=None, description="id that several attempts at one thing share")
    attempt: str | None = None
    user: str | None = None
    session: str | None = None
    status: str | None = None
    max_tokens: str | None = None
    latency_ms: str | None = None
    latency_s: str | None = None
    cost_usd: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """Role to column, of those that are given."""
        return self.model_dump(exclude_none=True)


class UsageFile(Strict):
    """A usage file with what its content does not say."""

    file: str
    columns: UsageColumns | None = Field(default=None, description="for a file whose format is not known")
    requests: AboveZero | None = Field(default=None, description="how many requests it holds, where it counts none")
