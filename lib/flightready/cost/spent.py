"""What the pilot spent: counted from its log or export, by component, by model and by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready.cost.observed import Observed, of_requests, of_sums
from flightready.cost.prices import DAY_S
from flightready.cost.pricing import Priced
from flightready.cost.resampling import block_codes, resampled_means
from flightready.telemetry.frames import seconds_since_1970


@dataclass(frozen=True)
class Component:
    """One part of the money spent: a kind of `pricing.KINDS` of the calls that answered, `retries` or `failures`.

    `retries` is everything paid for attempts that another one followed, `failures` for calls that failed or were cut
    off and were not repeated.
    """

    name: str
    amount_usd: float
    tokens: int


@dataclass(frozen=True)
class ModelUse:
    """Calls of one model; the name is as the log has it, empty where it has none."""

    model: str
    calls: int
    amount_usd: float


@dataclass(frozen=True)
class Spent:
    """What the pilot spent, all amounts in `currency`.

    Parameters
    ----------
    total_usd : float
        Everything in the log.
    calls, outcomes, answered : int
        Calls made; things asked for (a ticket, say, however many calls it took); and how many of these were answered.
        For time buckets all three are the number of requests.
    failed_calls, repeated_outcomes : int
        Calls that failed or were cut off; outcomes that took more than one attempt.
    retries_seen : bool
        Whether the log shows which calls belong together.
    components : tuple of Component
        They sum to the total.
    models : tuple of ModelUse
        Largest first.
    first, last : date
        First and last day, UTC.
    covered_days, active_days : int
        Calendar days from first to last, and days with calls.
    covers_a_day : bool
        Whether at least 24 hours lie between the first and the last call.
    input_tokens, cached_tokens, output_tokens : float
        Mean of one outcome, retries included; input holds the cached ones.
    input_rate, cached_rate : float
        Mean price of one uncached and one cached input token, weighted by input tokens; NaN when not known.
    """

    total_usd: float
    calls: int
    outcomes: int
    answered: int
    failed_calls: int
    repeated_outcomes: int
    retries_seen: bool
    components: tuple[Component, ...]
    models: tuple[ModelUse, ...]
    first: dt.date
    last: dt.date
    covered_days: int
    active_days: int
    covers_a_day: bool
    input_tokens: float
    cached_tokens: float
    output_tokens: float
    input_rate: float
    cached_rate: float
    currency: str
    price_source: str
    unlisted_tiers: tuple[str, ...]

    @property
    def per_call_usd(self) -> float:
        """Mean cost of one call."""
        return self.total_usd / self.calls

    @property
    def per_outcome_usd(self) -> float:
        """Mean cost of one thing asked for, retries and failures included."""
        return self.total_usd / self.outcomes

    @property
    def per_answer_usd(self) -> float | None:
        """Mean cost of one thing answered, everything paid included; None when nothing was answered."""
        return self.total_usd / self.answered if self.answered else None

    @property
    def cached_share(self) -> float:
        """Share of input tokens that came from the cache, 0 to 1."""
        return self.cached_tokens / self.input_tokens if self.input_tokens else 0.0


def from_calls(calls: pd.DataFrame, priced: Priced, rng: np.random.Generator) -> tuple[Spent, np.ndarray, Observed]:
    """Return what a log of calls spent, resampled means of one outcome, and how outcomes differ."""
    total, outcome = priced.total, pd.factorize(calls["outcome"])[0]
    attempt, ok = calls["attempt"].to_numpy(), (calls["status"] == "ok").to_numpy()
    last_attempt = pd.Series(attempt).groupby(outcome).max().to_numpy()
    repeated = attempt < last_attempt[outcome]
    cost = np.bincount(outcome, weights=total)
    # calls are in order of time, so the first row of an outcome is its beginning
    begins = ~pd.Series(outcome).duplicated().to_numpy()
    began, (user, names) = seconds_since_1970(calls["time"])[begins], pd.factorize(calls["user"])
    spent = _spent(
        calls, priced, "time", "time", outcomes=cost.size, answered=np.unique(outcome[ok]).size,
        failed=int((~ok).sum()), repeated=int((last_attempt > 1).sum()),
        lost={"retries": repeated, "failures": ~ok & ~repeated},
        seen=bool((calls["outcome"] != calls["request"]).any()),
    )  # fmt: skip
    block = block_codes(began)
    means = resampled_means(np.bincount(block, weights=cost), np.bincount(block), rng)
    return spent, means, of_requests(began, cost, None if "" in set(names) else user[begins])


def from_buckets(buckets: pd.DataFrame, priced: Priced, rng: np.random.Generator) -> tuple[Spent, np.ndarray, Observed]:
    """Return what an export in time buckets spent, resampled means of one request, and how days differ.

    A bucket holds many requests, so its cost is spread over them; how single requests differ is not known.
    """
    requests, total = buckets["requests"].to_numpy(), priced.total
    n = int(requests.sum())
    spent = _spent(buckets, priced, "start", "end", outcomes=n, answered=n, failed=0, repeated=0, seen=False, lost={})
    observed = of_sums(seconds_since_1970(buckets["start"]), total, requests)
    return spent, resampled_means(observed.cost_usd, observed.requests, rng), observed


def _spent(
    frame: pd.DataFrame, priced: Priced, start: str, end: str, *, outcomes: int, answered: int, failed: int,
    repeated: int, seen: bool, lost: dict[str, np.ndarray],
) -> Spent:  # fmt: skip
    times, total = seconds_since_1970(frame[start]), priced.total
    calls = int(frame["requests"].sum()) if "requests" in frame else len(frame)
    first, final = int(times.min()), int(seconds_since_1970(frame[end]).max())
    final -= end != start  # a bucket's end is the first moment after it
    tokens = frame["input_total"].to_numpy()
    input_rate, cached_rate = priced.mean_rates(tokens)
    return Spent(
        total_usd=float(total.sum()), calls=calls, outcomes=outcomes, answered=answered, failed_calls=failed,
        repeated_outcomes=repeated, retries_seen=seen, components=_components(frame, priced, lost),
        models=_models(frame, total), first=_day(first), last=_day(final),
        covered_days=final // DAY_S - first // DAY_S + 1, active_days=int(np.unique(times // DAY_S).size),
        covers_a_day=final - first + 1 >= DAY_S,
        input_tokens=float(tokens.sum() / outcomes), cached_tokens=float(frame["cache_read"].sum() / outcomes),
        output_tokens=float(frame["output"].sum() / outcomes),
        input_rate=input_rate, cached_rate=cached_rate,
        currency=priced.currency, price_source=priced.source, unlisted_tiers=priced.unlisted_tiers,
    )  # fmt: skip


def _components(frame: pd.DataFrame, priced: Priced, lost: dict[str, np.ndarray]) -> tuple[Component, ...]:
    def column(name: str) -> np.ndarray:
        return frame[name].to_numpy() if name in frame else np.zeros(len(frame))

    read, written = column("cache_read"), column("cache_write_5m") + column("cache_write_1h")
    taken, given, thought = column("input_total"), column("output"), column("reasoning")
    tokens = {"uncached_input": taken - read - written, "cached_input": read, "cache_write": written,
              "output": given - thought, "reasoning": thought}  # fmt: skip
    answered = ~np.any([*lost.values(), np.zeros(len(frame), dtype=bool)], axis=0)

    def part(name: str, amount: np.ndarray, rows: np.ndarray, counted: np.ndarray | None) -> Component:
        return Component(name, float(amount[rows].sum()), 0 if counted is None else int(np.nansum(counted[rows])))

    found = [part(kind, amount, answered, tokens.get(kind)) for kind, amount in priced.parts.items()]
    found += [part(name, priced.total, rows, taken + given) for name, rows in lost.items()]
    always = ("uncached_input", "output", *lost)
    return tuple(c for c in found if c.amount_usd > 0 or c.name in always)


def _models(frame: pd.DataFrame, total: np.ndarray) -> tuple[ModelUse, ...]:
    code, names = pd.factorize(frame["model"])
    weights = frame["requests"].to_numpy() if "requests" in frame else np.ones(len(frame))
    calls, amounts = np.bincount(code, weights=weights), np.bincount(code, weights=total)
    order = np.argsort(-amounts, kind="stable")
    return tuple(ModelUse(str(names[i]), int(calls[i]), float(amounts[i])) for i in order)


def _day(seconds: int) -> dt.date:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC).date()
