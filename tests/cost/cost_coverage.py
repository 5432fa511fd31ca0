"""Logs of worlds whose true cost of a request is known, and how often the forecast from such a log covers it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.cost.observed import Observed, of_requests
from flightready.cost.resampling import MixSpread, block_codes, mix_spread, resampled_means
from flightready.cost.uncertainty import shift, verdict
from flightready.draws import JointSample, generator
from flightready.evidence import State

DAY_S, WEEK, MONTH = 86_400, 7, 28
WORKDAY, WEEKEND = 1.24, 0.4  # traffic of a day against the mean of a week
MONDAY = 4  # day 4 since 1970-01-01 is the first Monday
PLENTY = 2.0  # an approval of twice what production turns out to cost


@dataclass(frozen=True)
class World:
    """How the cost of a request moves; its mean is 1 over all days and users.

    Parameters
    ----------
    calls : int
        A day, on average.
    spread : float
        Standard deviation of the logarithm of the level of a day, and of production's against the pilot's.
    tail : float
        The same of one request within a day.
    alike : float
        Correlation of the level with that of the day before.
    weekend : float
        How much dearer a request is on a weekend, as a share.
    users, user_spread : int, float
        Users of the pilot, of very unequal traffic, and the standard deviation of the logarithm of their levels.
    drift : float
        By how much the level rises from one week to the next, as a share.
    """

    calls: int = 200
    spread: float = 0.2
    tail: float = 0.8
    alike: float = 0.0
    weekend: float = 0.0
    users: int = 0
    user_spread: float = 0.0
    drift: float = 0.0

    def __str__(self) -> str:
        told = [f"{self.calls:>5,} a day", f"days {self.spread:4.0%}", f"tail {self.tail:.1f}"]
        told += [f"alike {self.alike:.1f}"] if self.alike else []
        told += [f"weekend +{self.weekend:.0%}"] if self.weekend else []
        told += [f"{self.users} users, {self.user_spread:.0%}"] if self.users else []
        told += [f"drift {self.drift:.0%} a week"] if self.drift else []
        return ", ".join(told)


SHORT = World(calls=8000, spread=0.0)


@dataclass(frozen=True)
class Pilot:
    """One log, and what production costs: at another mix, and over the next four weeks of the same traffic."""

    seconds: np.ndarray
    cost: np.ndarray
    user: np.ndarray | None
    another_mix: float
    next_month: float


def lognormal(sd, rng, size=None):
    """Draw a factor with mean 1."""
    return np.exp(sd * rng.standard_normal(size) - sd**2 / 2)


def pilot(world: World, seconds: int, rng: np.random.Generator) -> Pilot:
    """Draw a log of that length, from a Monday on, and what comes after it."""
    days = -(-seconds // DAY_S)
    date = np.arange(days + MONTH)
    is_weekend = date % WEEK >= 5
    normal = rng.standard_normal(date.size)
    for i in range(1, date.size):
        normal[i] = world.alike * normal[i - 1] + np.sqrt(1 - world.alike**2) * normal[i]
    traffic = np.where(is_weekend, WEEKEND, WORKDAY)
    weekday = np.where(is_weekend, 1 + world.weekend, 1.0)
    weekday = weekday / np.average(weekday[:WEEK], weights=traffic[:WEEK])
    level = weekday * np.exp(world.spread * normal - world.spread**2 / 2) * (1 + world.drift) ** (date / WEEK)
    counts = np.maximum(rng.poisson(world.calls * traffic[:days] * min(1.0, seconds / DAY_S)), 2)
    at = np.repeat(date[:days], counts)
    length = min(seconds, DAY_S)
    began = np.sort(MONDAY * DAY_S + at * DAY_S + rng.integers(length, size=at.size))
    cost, user = level[at] * lognormal(world.tail, rng, at.size), None
    if world.users:
        activity = rng.gamma(0.7, size=world.users) + 0.02
        user = rng.choice(world.users, size=at.size, p=activity / activity.sum())
        cost = cost * lognormal(world.user_spread, rng, world.users)[user]
    another, month = lognormal(world.spread, rng), np.average(level[days:], weights=traffic[days:])
    return Pilot(began, cost, user, float(another), float(month))


@dataclass(frozen=True)
class Covered:
    """Shares of the runs."""

    another_mix: float
    next_month: float
    unknown: float
    undecided: float
    shifted: float
    half_width: float

    def __str__(self) -> str:
        return (f"{self.another_mix:6.1%} {self.next_month:6.1%} {self.unknown:6.1%} {self.undecided:6.1%} "
                f"{self.shifted:6.1%} {self.half_width:6.1%}")  # fmt: skip


HEAD = "another mix / next month covered, spread not measured, verdict open at twice the cost, shift called, half width"


def covered(
    world: World, runs: int, *, seconds: int = 14 * DAY_S, nominal: float = 0.8, first_seed: int = 0
) -> Covered:  # fmt: skip
    """Return how often the central interval of the forecast holds the truth, over regenerated logs."""
    seen = np.array([_one(world, seconds, nominal, first_seed + run) for run in range(runs)], dtype=float)
    return Covered(*seen.mean(axis=0))


def forecast_of(log: Pilot, seed: int) -> tuple[np.ndarray, Observed, MixSpread]:
    """Return draws of the cost of a request in production, as the analysis makes them from a log."""
    observed = of_requests(log.seconds, log.cost, log.user)
    block = block_codes(log.seconds)
    means = resampled_means(np.bincount(block, weights=log.cost), np.bincount(block), generator(seed, "resampling"))
    spread = mix_spread(observed, covered_days=observed.covered_days)
    joint = JointSample(seed, replicates=1, draws=1024)
    return joint.measured("cost.per_request", means) * spread.factor(joint), observed, spread


def central(draws: np.ndarray, nominal: float) -> tuple[float, float]:
    """Return the ends of the central interval."""
    low, high = np.quantile(draws, [0.5 - nominal / 2, 0.5 + nominal / 2])
    return float(low), float(high)


def conditional_coverage(runs: int, times: tuple[float, ...], *, nominal: float = 0.8) -> dict[float, float]:
    """Return how often three hours of a log cover production's mean, when its true spread is so many times assumed."""
    assumed, held = policy.value("cost_mix_spread"), np.zeros((runs, len(times)))
    for run in range(runs):
        low, high = central(forecast_of(pilot(SHORT, 3 * 3600, generator(run, "world")), run)[0], nominal)
        normal = generator(run, "production").standard_normal()
        truth = np.exp(assumed * np.array(times) * normal)
        held[run] = (low <= truth) & (truth <= high)
    return dict(zip(times, held.mean(axis=0).tolist(), strict=True))


def _one(world: World, seconds: int, nominal: float, seed: int) -> tuple:
    log = pilot(world, seconds, generator(seed, "world"))
    draws, observed, spread = forecast_of(log, seed)
    low, high = central(draws, nominal)
    moved = shift(observed)
    return (
        low <= log.another_mix <= high, low <= log.next_month <= high, not spread.from_log,
        verdict(draws, PLENTY * log.another_mix) is State.UNKNOWN, moved is not None and moved.is_clear,
        np.log(high / low) / 2,
    )  # fmt: skip
