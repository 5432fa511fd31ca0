"""How good the forecast would have been: made from the first part of the log, held against the days that followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.cost.observed import Observed
from flightready.cost.resampling import MixSpread, lognormal_factor, mix_spread, resampled_means
from flightready.evidence import Interval
from flightready.intervals import LEVEL, clopper_pearson
from flightready.quantity import Quantity


@dataclass(frozen=True)
class ForecastDays:
    """Days of a log and what was forecast for them; arrays of one length, in order.

    Parameters
    ----------
    day : array of int
        Days since 1970-01-01 (UTC).
    actual_usd : array
        Mean cost of a request on that day.
    middle_usd, low_usd, high_usd : array
        Forecast from the days before, with its 90 % interval.
    """

    day: np.ndarray
    actual_usd: np.ndarray
    middle_usd: np.ndarray
    low_usd: np.ndarray
    high_usd: np.ndarray

    @property
    def covered(self) -> int:
        """Days within their interval."""
        return int(np.sum((self.low_usd <= self.actual_usd) & (self.actual_usd <= self.high_usd)))


@dataclass(frozen=True)
class Backtest:
    """The forecast held against what came.

    Parameters
    ----------
    missing : str
        Why there is none: `too_short` or `unpaid`; empty when there is one, and everything else is None otherwise.
    first_days : int
        Days with requests that the first forecast rests on.
    splits : int
        Forecasts that were made, each from all days before it.
    days : ForecastDays or None
        Every day after the first forecast, held against the latest forecast before it.
    coverage : Interval or None
        90 % interval of the share of days that the forecast covers, as if days were independent.
    error : float or None
        Mean cost of a request in all these days over the first forecast's middle, less 1.
    """

    missing: str
    first_days: int = 0
    splits: int = 0
    days: ForecastDays | None = None
    coverage: Interval | None = None
    error: float | None = None

    @property
    def n(self) -> int:
        """Days that a forecast was held against."""
        return self.days.day.size if self.days is not None else 0


def backtest(observed: Observed, rng: np.random.Generator, *, stated: Quantity | None = None) -> Backtest:
    """Return how forecasts from the first part of a log would have done on its rest.

    A forecast is made when each weekday was there once, and again as the log goes on; it uses nothing later than that.
    What is forecast is the mean cost of a request on each following day, chance among its own requests included.

    Parameters
    ----------
    observed : Observed
        What the log shows, day by day.
    rng : Generator
    stated : Quantity, optional
        Spread of the assessment (`cost.mix_spread`).
    """
    first = policy.value("cost_backtest_first_days")
    days = observed.part(observed.comparable)
    after = days.day.size - first
    if after < policy.value("cost_backtest_least_days"):
        return Backtest("too_short" if observed.cost_usd.any() else "unpaid")
    cuts = _cuts(first, days.day.size)
    parts = [_forecast(days, start, end, rng, stated) for start, end in zip(cuts, (*cuts[1:], None), strict=True)]
    middle, low, high = np.concatenate(parts, axis=1)
    held = ForecastDays(days.day[first:], days.mean_usd[first:], middle, low, high)
    actual = days.cost_usd[first:].sum() / days.requests[first:].sum()
    coverage = clopper_pearson(held.covered, after)
    return Backtest("", first, len(cuts), held, coverage, float(actual / middle[0] - 1))


def _cuts(first: int, size: int) -> tuple[int, ...]:
    """Numbers of days that the forecasts rest on: each week one, or fewer in a long log."""
    weekly = np.arange(first, size, first)
    most = policy.value("cost_backtest_most_splits")
    return tuple(int(weekly[i]) for i in np.unique(np.linspace(0, weekly.size - 1, min(most, weekly.size)).astype(int)))


def _forecast(
    days: Observed, start: int, end: int | None, rng: np.random.Generator, stated: Quantity | None
) -> np.ndarray:
    """Return middle, low and high end for the days from `start` to `end`, from those before; shape (3, days)."""
    known = days.part(slice(start))
    spread = mix_spread(known, covered_days=known.covered_days, stated=stated)
    size = policy.value("cost_backtest_resamples")
    means = resampled_means(known.cost_usd, known.requests, rng, size=size)
    own = (known.relative_variance or 0.0) / days.requests[start:end]  # chance among the requests of one day
    uniform = rng.permuted((np.arange(size) + 0.5) / size)
    draws = means[:, None] * lognormal_factor(np.hypot(_spreads(spread, rng, size)[:, None], np.sqrt(own)),
                                              uniform[:, None])  # fmt: skip
    return np.quantile(draws, [0.5, 0.5 - LEVEL / 2, 0.5 + LEVEL / 2], axis=0)


def _spreads(spread: MixSpread, rng: np.random.Generator, size: int) -> np.ndarray:
    return np.full(size, spread.sd) if spread.sds is None else rng.choice(spread.sds, size=size)
