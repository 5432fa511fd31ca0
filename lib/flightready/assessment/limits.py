"""What the provider or the machine allows, as the provider defines and counts it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flightready.assessment.fields import AboveZero, Count, Duration, ServedAtOnce, Strict


class LimitRule(Strict):
    """One rate limit: what it counts, how it fills up again, and what it counts in."""

    name: str = ""
    counts: Literal["requests", "tokens", "input_tokens", "output_tokens"]
    per_minute: AboveZero
    refill: Literal["continuous", "window"] = Field(
        default="continuous", description="a bucket that fills all the time, or a count that starts anew each window"
    )
    window: Duration | None = Field(default=None, description="length of a window; a minute when it is not given")
    burst: AboveZero | None = Field(default=None, description="size of the bucket; a minute's worth when not given")
    reserves_max_tokens: bool = Field(default=False, description="the allowed output counts before it is written")
    counts_cached: bool = Field(default=True, description="cached input tokens count")
    counts_failed: bool = Field(default=True, description="failed calls count")
    returns_unused: bool = Field(default=False, description="what is reserved and not used is given back")
    output_weight: AboveZero | None = Field(
        default=None, description="how often an output token counts; once if not given"
    )
    source: str = ""


class StageLimit(Strict):
    """How much one stage serves at once, and how many may wait for it."""

    concurrency: ServedAtOnce | None = None
    waiting: Count | None = Field(default=None, description="how many may wait; beyond that they are turned away")


class Limits(Strict):
    """What the provider or the machine allows."""

    requests_per_minute: AboveZero | None = None
    tokens_per_minute: AboveZero | None = None
    concurrency: ServedAtOnce | None = None
    provider: str | None = Field(default=None, description="whose way of counting applies, such as openai or anthropic")
    tier: str | None = Field(default=None, description="tier of the provider that these limits belong to")
    stages: dict[str, StageLimit] = Field(default={}, description="by name of the stage, as the traces name it")
    at: str | None = Field(default=None, description="stage in front of which the provider's limits stand")
    rules: list[LimitRule] = Field(default=[], description="limits that are counted in a way of their own")
