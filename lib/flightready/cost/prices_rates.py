"""Rates of one situation: what a token of each kind costs, by size of the context."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

NEWEST = dt.datetime(9999, 12, 31, 12, tzinfo=dt.UTC)
"""A moment after every dated price: asks for the newest one without reading a clock."""

_NOON = dt.time(12, tzinfo=dt.UTC)
DAY_S = 86_400
MILLION = 1_000_000  # prices are per million tokens
STANDARD = ("", "auto", "default", "standard")
"""How logs call the service tier that is no special one."""


def noon_of(day: dt.date | None) -> dt.datetime:
    """Return the moment at which the prices of a day are asked for; the newest without a day."""
    return NEWEST if day is None else dt.datetime.combine(day, _NOON)


@dataclass(frozen=True)
class Rates:
    """Price of one token of each kind, and of a call as such, in the currency of the price book.

    `input` is for uncached input; reasoning tokens are a part of the output and usually cost the same.
    """

    input: float
    cache_read: float
    cache_write_5m: float
    cache_write_1h: float
    output: float
    reasoning: float
    call: float = 0.0

    def cost(
        self, *, input_total: Any, output: Any, cache_read: Any = 0, cache_write_5m: Any = 0, cache_write_1h: Any = 0,
        reasoning: Any = 0,
    ) -> Any:  # fmt: skip
        """Return the cost of calls whose `input_total` holds the cached tokens.

        Parameters
        ----------
        input_total, output, cache_read, cache_write_5m, cache_write_1h, reasoning : float or array
            Tokens; arrays of one shape.

        Examples
        --------
        >>> Rates(2e-6, 0.5e-6, 2e-6, 2e-6, 8e-6, 8e-6).cost(input_total=4000, cache_read=2000, output=100)
        0.0058
        """
        fresh = input_total - cache_read - cache_write_5m - cache_write_1h
        written = self.cache_write_5m * cache_write_5m + self.cache_write_1h * cache_write_1h
        spoken = self.output * (output - reasoning) + self.reasoning * reasoning
        return self.input * fresh + self.cache_read * cache_read + written + spoken + self.call

    def times(self, factor: float) -> Rates:
        """Return every rate multiplied: by a discount, or into another currency."""
        return Rates(*(factor * getattr(self, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Bands:
    """Rates by size of the context: `rates[i]` holds above `starts[i]` input tokens in one call."""

    starts: tuple[int, ...]
    rates: tuple[Rates, ...]

    def index(self, input_total: np.ndarray) -> np.ndarray:
        """Return which band each call falls into; a band begins above its start."""
        return np.maximum(np.searchsorted(np.asarray(self.starts), input_total, side="left") - 1, 0)

    def times(self, factor: float) -> Bands:
        """Return every rate multiplied; the bands stay."""
        return self if factor == 1 else Bands(self.starts, tuple(r.times(factor) for r in self.rates))
