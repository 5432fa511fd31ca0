"""The section `latency` of assessment.yaml: traces, budget, limits, and what happens when a call is slow or fails."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from flightready.assessment.fields import AboveZero, Count, Duration, MonthlyMoney, ServedAtOnce, Share, Strict, as_list
from flightready.assessment.limits import Limits
from flightready.errors import InputError
from flightready.quantity import Quantity

CONTEXTS = ("interactive", "blocking_form", "streaming", "batch")
_MOST_RETRIES = 20


class StagePercentiles(Strict):
    """Percentiles of one stage, typed in."""

    p50: Duration
    p95: Duration | None = None
    p99: Duration | None = None


class Percentiles(Strict):
    """Longest acceptable time at each percentile."""

    p50: Duration | None = None
    p95: Duration | None = None
    p99: Duration | None = None


class Budget(Percentiles):
    """Longest acceptable time at each percentile, at planned load."""

    first_token: Percentiles = Field(
        default=Percentiles(), description="until the first words of a streamed answer; the others until its end"
    )


def _not_all(kept: Quantity) -> Quantity:
    """Refuse a cache that answers everything: nothing would be left to look at."""
    if kept.median >= 1:
        raise InputError("a cache that answers every request leaves no call to the pilot", valid="0 % to below 100 %")
    return kept


CachedShare = Annotated[Share, AfterValidator(_not_all)]


class Cache(Strict):
    """Answers that are kept and given again."""

    share: CachedShare = Field(description="share of requests that the cache answers")
    time: Duration | None = Field(default=None, description="time of such an answer")


class Breaker(Strict):
    """A circuit breaker: after many failures nobody calls for a while."""

    failures: Share = Field(description="share of failed attempts at which it opens")
    of: AboveZero = Field(description="attempts that are looked back upon")
    pause: Duration = Field(description="time until one attempt is let through again")

    @field_validator("failures")
    @classmethod
    def _some(cls, failures: Quantity) -> Quantity:
        if failures.median <= 0:
            raise InputError("a breaker that opens at 0 % of failures is never closed", valid="above 0 % up to 100 %")
        return failures


class LatencyPolicy(Strict):
    """What happens to a call that is slow or fails."""

    timeout: Duration | None = None
    timeout_stops: Literal["everything", "waiting", "nothing"] | None = Field(
        default=None, description="what a time-out stops: also the work itself, only the wait in the queue, or neither"
    )
    retries: int | None = Field(default=None, ge=0, le=_MOST_RETRIES)
    backoff: Duration | None = Field(default=None, description="pause before the first retry; it doubles each time")
    longest_backoff: Duration | None = None
    jitter: Share | None = Field(default=None, description="largest share of a pause that chance takes off")
    heeds_retry_after: bool | None = Field(default=None, description="waits as long as a rejection says")
    hedge_after: Duration | None = Field(
        default=None, description="a second attempt is made beside the first one after this time; the faster one counts"
    )
    cache: Cache | None = None
    breaker: Breaker | None = None
    waiting: Count | None = Field(default=None, description="requests that may wait; beyond that they are turned away")
    fallback: Literal["queue_for_human", "cached_answer", "clear_error", "none"] | None = None
    fallback_works: Share | None = Field(default=None, description="share of cases in which the fallback itself works")


class Upstream(Strict):
    """Something that the pilot calls and cannot do without."""

    name: str = Field(min_length=1)
    available: Share = Field(description="share of the time in which it works")
    source: str = ""


class Availability(Strict):
    """Share of the time in which requests get an answer, and what it hangs on."""

    target: Share | None = None
    upstreams: list[Upstream] = []

    @field_validator("upstreams")
    @classmethod
    def _named_once(cls, upstreams: list[Upstream]) -> list[Upstream]:
        seen: set[str] = set()
        for one in upstreams:
            if one.name.casefold() in seen:
                raise InputError(f"'{one.name}' is there twice", cure="name each upstream once")
            seen.add(one.name.casefold())
        return upstreams


class Network(Strict):
    """The way between where data arises and the cloud."""

    p50: Duration = Field(description="there and back, in half of the cases at most")
    p95: Duration | None = None
    outages_per_month: Count | None = None
    outage: Duration | None = Field(default=None, description="how long one lasts, on average")


class LimitTier(Strict):
    """Limits that could be bought, and what they cost."""

    name: str = Field(min_length=1)
    requests_per_minute: AboveZero | None = None
    tokens_per_minute: AboveZero | None = None
    price: MonthlyMoney | None = Field(default=None, description="more than the present limits cost, a month")

    @model_validator(mode="after")
    def _limits(self) -> LimitTier:
        if self.requests_per_minute is None and self.tokens_per_minute is None:
            raise InputError(f"the tier '{self.name}' limits nothing",
                             valid="requests_per_minute, tokens_per_minute or both")  # fmt: skip
        return self


class Search(Strict):
    """What the search for the cheapest policy may choose from; the assessment's own values are always among them."""

    concurrency: Annotated[list[ServedAtOnce], BeforeValidator(as_list)] = []
    timeout: Annotated[list[Duration], BeforeValidator(as_list)] = []
    retries: Annotated[list[int], BeforeValidator(as_list)] = []
    cached_share: Annotated[list[CachedShare], BeforeValidator(as_list)] = []
    tiers: list[LimitTier] = []
    models: Annotated[list[str], BeforeValidator(as_list)] = Field(
        default=[], description="names of options under cost.options that state p95"
    )
    per_served: MonthlyMoney | None = Field(default=None, description="what one more served at once costs a month")

    @field_validator("retries")
    @classmethod
    def _can_be(cls, retries: list[int]) -> list[int]:
        for given in retries:
            if not 0 <= given <= _MOST_RETRIES:
                raise InputError(f"{given} retries cannot be tried", valid=f"0 to {_MOST_RETRIES}")
        return retries


class Latency(Strict):
    """Traces of the pilot, the budget, the limits, and what happens when it fails."""

    spans: Annotated[list[str], BeforeValidator(as_list)] = Field(default=[], description="file of traces, or several")
    stage_names: dict[str, str] = Field(
        default={}, description="name of the stage by name of the span; `*` stands for anything"
    )
    sent_every: Duration | None = Field(
        default=None, description="time between two requests of a load test, where each waited for the one before"
    )
    stages: dict[str, StagePercentiles] = {}
    context: Literal["interactive", "blocking_form", "streaming", "batch"] = "interactive"
    budget: Budget = Budget()
    limits: Limits = Limits()
    policy: LatencyPolicy = LatencyPolicy()
    availability: Availability = Availability()
    network: Network | None = None
    search: Search = Search()
