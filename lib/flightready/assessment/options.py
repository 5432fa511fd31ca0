"""Alternatives to the pilot's way of answering, under `cost.options`: each is priced on the same draws."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field

from flightready.assessment.fields import (
    AboveZero,
    Duration,
    HourlyMoney,
    Money,
    MonthlyMoney,
    Period,
    Ratio,
    Share,
    Strict,
)
from flightready.errors import InputError, listed, nearest


class Commitment(Strict):
    """What is paid whether or not it is used, for a lower price."""

    term: Period = Field(description="how long it binds")
    least: MonthlyMoney | None = Field(default=None, description="least amount of a month")
    discount: Share | None = Field(default=None, description="what the price falls by")


class _Option(Strict):
    name: str = Field(min_length=1)
    accuracy: Share | None = Field(default=None, description="right answers on raw data, when it is known")
    candidate: str | None = Field(
        default=None, description="name of the model under evaluation.candidates that was measured"
    )
    p95: Duration | None = Field(default=None, description="95 of 100 requests take at most this long")
    setup: Money | None = Field(default=None, description="paid once, at the start")
    running: MonthlyMoney | None = Field(default=None, description="people and services that it needs beside the calls")
    commitment: Commitment | None = None
    source: str = ""


class ApiOption(_Option):
    """Another model, tier or use of the cache, paid by the token."""

    kind: Literal["api"] = "api"
    model: str | None = Field(default=None, description="the pilot's own when it is not given")
    tier: Literal["standard", "batch", "flex", "priority"] = "standard"
    cached_share: Share | None = Field(
        default=None, description="share of the input found in the cache; as in the pilot"
    )
    tokens: Ratio | None = Field(default=None, description="tokens for one of the pilot's: tokenizers differ")


class ProvisionedOption(_Option):
    """Throughput that is reserved in units."""

    kind: Literal["provisioned"]
    unit_tokens_per_minute: AboveZero = Field(description="input tokens a minute that one unit serves")
    output_weight: Ratio = Field(description="input tokens that one output token counts for")
    cached_weight: Share | None = Field(default=None, description="what a cached input token counts; 0 when not given")
    increment: AboveZero | None = Field(default=None, description="units are sold in steps of this many; 1")
    least_units: AboveZero | None = None
    per_unit: HourlyMoney
    headroom: Ratio | None = Field(default=None, description="capacity over the peak; 1 when not given")


class SelfHostedOption(_Option):
    """Own or rented machines with graphics processors."""

    kind: Literal["self_hosted"]
    per_gpu: HourlyMoney
    gpus_per_replica: AboveZero = Field(description="graphics processors that one replica takes")
    rate_per_replica: Ratio = Field(description="requests a second that one replica serves within the time allowed")
    least_replicas: AboveZero | None = Field(default=None, description="for availability; 2 when not given")
    headroom: Ratio | None = Field(default=None, description="capacity over the peak")


class EdgeOption(_Option):
    """Devices that answer where the data arises, with the cloud for what they cannot."""

    kind: Literal["edge"]
    devices: AboveZero = Field(description="devices that serve the planned users")
    per_device: Money = Field(description="purchase of one device")
    lifetime: Period = Field(description="how long one device is used")
    power_w: AboveZero | None = Field(default=None, description="electric power of one device, watts")
    per_kwh: Money | None = Field(default=None, description="price of a kilowatt hour")
    fleet: MonthlyMoney | None = Field(default=None, description="updates and care of one device")
    fallback_share: Share | None = Field(default=None, description="share of requests that the cloud answers instead")
    p50: Duration | None = Field(default=None, description="time in which a device answers, in half of the cases")
    down_share: Share | None = Field(default=None, description="share of the time in which a device is out of order")


class BuildOrBuyOption(_Option):
    """A product that is bought, or a system that is built, by its own prices."""

    kind: Literal["build", "buy"]
    per_request: Money | None = None
    per_user: MonthlyMoney | None = Field(default=None, description="of one daily user")


Option = Annotated[
    ApiOption | ProvisionedOption | SelfHostedOption | EdgeOption | BuildOrBuyOption, Discriminator("kind")
]
KIND_NAMES = ("api", "provisioned", "self_hosted", "edge", "build", "buy")


def _with_kind(raw: Any) -> Any:
    if not isinstance(raw, dict):
        raise InputError(f"'{str(raw)[:60]}' is not an option", valid="{name: Smaller model, kind: api, model: ...}")
    kind = raw.get("kind", "api")
    if kind not in KIND_NAMES:
        raise InputError(f"unknown kind of option '{str(kind)[:60]}'", valid=listed(KIND_NAMES),
                         cure=nearest(str(kind), KIND_NAMES))  # fmt: skip
    return raw | {"kind": kind}


OptionField = Annotated[Option, BeforeValidator(_with_kind)]

__all__ = [
    "ApiOption", "BuildOrBuyOption", "Commitment", "EdgeOption", "Option", "OptionField", "ProvisionedOption",
    "SelfHostedOption",
]  # fmt: skip
