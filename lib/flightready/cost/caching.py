"""The provider's prompt cache at the planned load: hits replayed from the gaps between calls, not assumed.

A provider keeps what it has read for some time after its last use. Calls that share the beginning of their input hit
when the gap to the one before is shorter than that. The log says which calls may share one: those of a session, of a
user, or, where reads show that instructions are shared, all calls of the model. The replay is believed only where it
foretells the hits of the pilot itself. At a higher load the gaps between all calls shrink in step; those inside a
session or of one user do not, because more users come with more sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flightready import policy
from flightready.cost.breakeven import MainModel, least_hit_rate, uses_to_pay
from flightready.cost.resampling import block_codes
from flightready.draws import JointSample, Summary, generator, summarise
from flightready.evidence import Grade, Interval
from flightready.intervals import jeffreys_shares, wilson
from flightready.telemetry.frames import UsageLog, seconds_since_1970
from flightready.traffic.demand import Demand

if TYPE_CHECKING:  # the result holds what is computed here
    from flightready.cost.result import Basis

FOUND, ONLY_SUMS, NO_TIMES, NO_HITS, FEW_HITS, UNEXPLAINED = (
    "found", "only sums", "no times", "no hits", "few hits", "unexplained",
)  # fmt: skip
"""How the replay ended; only `found` says something about another load."""
SESSION, USER, MODEL = "session", "user", "model"
"""Which calls share the beginning of their input, narrowest first."""
_NS = 1e9


@dataclass(frozen=True)
class Caching:
    """What the cache does in the pilot and at the planned load; money in `currency`.

    Parameters
    ----------
    state : str
        `found`, or why nothing is said about the planned load.
    currency : str
    grade : Grade
        Of the hit rate at the planned load: estimated.
    n : int
        Calls of the pilot's main model that had input.
    hit_rate : float or None
        Share of them that read from the cache.
    hit_interval : Interval or None
    shared_by : str or None
        `session`, `user` or `model`.
    lives_s : float or None
        Time after the last use that explains the hits best, of those the provider names.
    replayed : float or None
        Share of hits that the gaps of the pilot give.
    foretold : float or None
        Share of single calls of which the replay says rightly whether they hit.
    load_ratio : Summary or None
        Planned requests a day over those of the pilot.
    at_plan : Summary or None
        Share of calls that hit at the planned load.
    cached_share : Summary or None
        Share of input tokens from the cache at the planned load.
    saved : Summary or None
        Saved a month at the planned load against no cache at all.
    beyond : Summary or None
        Of that, what a forecast at the pilot's own hit rate leaves out; negative where it promises too much.
    uses_to_pay : int or None
        From how many uses of one beginning on the cache pays, at the prices of the pilot's model.
    least_hit_rate : float or None
        Share of calls that must hit for that.
    """

    state: str
    currency: str
    grade: Grade
    n: int = 0
    hit_rate: float | None = None
    hit_interval: Interval | None = None
    shared_by: str | None = None
    lives_s: float | None = None
    replayed: float | None = None
    foretold: float | None = None
    load_ratio: Summary | None = None
    at_plan: Summary | None = None
    cached_share: Summary | None = None
    saved: Summary | None = None
    beyond: Summary | None = None
    uses_to_pay: int | None = None
    least_hit_rate: float | None = None


@dataclass(frozen=True)
class Replay:
    """One way in which calls may share input, and how well it explains the hits.

    Parameters
    ----------
    shared_by : str
    lives_s : float
    gaps_s : array of float, shape (n,)
        Time since the call before that shares the input; infinite for the first.
    hit : array of bool, shape (n,)
        What the log says.
    """

    shared_by: str
    lives_s: float
    gaps_s: np.ndarray
    hit: np.ndarray

    @property
    def foretold(self) -> np.ndarray:
        """Whether each call hits by its gap."""
        return self.gaps_s <= self.lives_s

    @property
    def right(self) -> float:
        """Share of calls of which it says rightly whether they hit."""
        return float(np.mean(self.foretold == self.hit))

    def in_time(self, ratio: np.ndarray, blocks: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the share of calls that come in time where the load is `ratio` times the log's.

        Parameters
        ----------
        ratio : array of shape (replicates, draws)
        blocks : array of int, shape (n,)
            Block of neighbouring calls that each call belongs to, numbered from 0; whole blocks are resampled for
            groups of draws, because a short log sees few of the days that there are.
        rng : Generator

        Source
        ------
        Kuensch 1989 (blocks).
        """
        stretched = self.lives_s * (ratio if self.shared_by == MODEL else np.ones(ratio.shape))
        order, number = np.argsort(self.gaps_s, kind="stable"), int(blocks.max()) + 1
        gaps, block, found = self.gaps_s[order], blocks[order], np.empty(ratio.shape)
        groups = np.array_split(np.arange(ratio.shape[1]), policy.value("cache_resamples"))
        for row in range(len(ratio)):
            for group in groups:
                weight = np.bincount(rng.integers(number, size=number), minlength=number)[block]
                below = np.concatenate([[0.0], np.cumsum(weight)])
                found[row, group] = below[np.searchsorted(gaps, stretched[row, group], side="right")] / below[-1]
        return found


def caching(
    model: MainModel | None, basis: Basis | None, demand: Demand | None, usage: UsageLog | None, joint: JointSample
) -> Caching | None:
    """Return what the cache does at the planned load; None without a usage file or a priced model."""
    if model is None or basis is None or usage is None:
        return None
    write, read = _relative(model)
    blank = Caching(ONLY_SUMS, basis.currency, Grade.ESTIMATED, uses_to_pay=uses_to_pay(write, read),
                    least_hit_rate=least_hit_rate(write, read))  # fmt: skip
    if usage.calls is None:
        return blank
    calls = usage.calls[(usage.calls["model"] == model.model) & (usage.calls["input_total"] > 0)]
    hit = (calls["cache_read"] > 0).to_numpy()
    if not len(calls):
        return replace(blank, state=NO_HITS)
    blank = replace(blank, n=len(calls), hit_rate=float(hit.mean()), hit_interval=wilson(int(hit.sum()), len(hit)))
    if calls["time"].isna().any():
        return replace(blank, state=NO_TIMES)
    if not hit.any():
        return replace(blank, state=NO_HITS)
    if hit.sum() < policy.value("cache_hits_least"):
        return replace(blank, state=FEW_HITS)
    best = best_replay(calls, model.provider)
    told = replace(blank, state=UNEXPLAINED, shared_by=best.shared_by, lives_s=best.lives_s, foretold=best.right,
                   replayed=float(best.foretold.mean()))  # fmt: skip
    if not is_believed(best):
        return told
    return _at_plan(replace(told, state=FOUND), best, calls, model, basis, demand, joint)


def best_replay(calls: pd.DataFrame, provider: str) -> Replay:
    """Return the way of sharing and the life of the cache that foretell most single calls; the narrowest among equals.

    Parameters
    ----------
    calls : DataFrame
        Calls of one model that had input, in order of time.
    provider : str
        Names the lives to try.
    """
    lives = policy.value("cache_lives_s")
    hit, best = (calls["cache_read"] > 0).to_numpy(), None
    for shared_by, gaps in _gaps(calls):
        for life in lives.get(provider, lives[""]):
            tried = Replay(shared_by, float(life), gaps, hit)
            if best is None or tried.right > best.right:
                best = tried
    return best


def is_believed(replay: Replay) -> bool:
    """Whether the gaps explain the hits: the rate agrees with the measured one, and so do single calls."""
    off = abs(float(replay.foretold.mean() - replay.hit.mean()))
    is_right = replay.right >= policy.value("cache_replay_right_least")
    enough = int((replay.foretold & replay.hit).sum()) >= policy.value("cache_hits_least")
    return off <= policy.value("cache_replay_tolerance") and is_right and enough


def _gaps(calls: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Gaps to the call before by each way of sharing that the log can show; a call without a name shares with none."""
    seconds = calls["time"].to_numpy(dtype="datetime64[ns]").astype(np.int64) / _NS
    for shared_by in (SESSION, USER, MODEL):
        code, names = pd.factorize(calls[shared_by])
        nameless = names.get_indexer([""])[0] if shared_by != MODEL else -1
        if nameless >= 0 and len(names) == 1:
            continue
        gaps = pd.Series(seconds).groupby(code).diff().to_numpy()
        yield shared_by, np.where(np.isnan(gaps) | (code == nameless), np.inf, gaps)


def _at_plan(
    told: Caching, replay: Replay, calls: pd.DataFrame, model: MainModel, basis: Basis, demand: Demand | None,
    joint: JointSample,
) -> Caching:  # fmt: skip
    """The hit rate and its money at the planned load: calls in time and calls too late keep their own rates."""
    if demand is None:
        return told
    warm, hit = replay.foretold, replay.hit
    size = policy.value("draws_per_replicate")
    kept, lucky = (
        joint.measured(f"cost.cache.{name}", jeffreys_shares(hit[of].sum(), (~hit[of]).sum(), size))
        for name, of in (("in_time", warm), ("too_late", ~warm))
    )
    seconds = seconds_since_1970(calls["time"])
    days = max(1, int(seconds[-1] - seconds[0])) / 86_400
    ratio = demand.requests_per_day * days / basis.spent.outcomes
    in_time = replay.in_time(ratio, block_codes(seconds), generator(joint.seed, "cost.cache.blocks"))
    rate = kept * in_time + lucky * (1 - in_time)
    gain, now = (_gain(model, calls, share) for share in (rate, float(hit.mean())))
    each = len(calls) / basis.spent.outcomes  # calls of this model for one request
    load = demand.requests_per_month
    read = float(calls["cache_read"].sum()) / max(1, int(hit.sum()))
    return replace(
        told, load_ratio=summarise(ratio), at_plan=summarise(rate),
        cached_share=summarise(rate * read / model.input_total), saved=summarise(load * each * gain),
        beyond=summarise(load * each * (gain - now)),
    )  # fmt: skip


def _gain(model: MainModel, calls: pd.DataFrame, hit_rate: np.ndarray | float) -> np.ndarray | float:
    """Saved by one call at a hit rate against no cache: what is read is cheaper, what is written may be dearer."""
    r, hits = model.rates, (calls["cache_read"] > 0).to_numpy()
    short, long = (calls[f"cache_write_{life}"].to_numpy() for life in ("5m", "1h"))
    surcharge = short * (r.cache_write_5m - r.input) + long * (r.cache_write_1h - r.input)
    saved = calls["cache_read"].to_numpy() * (r.input - r.cache_read) - surcharge
    of_hit, of_miss = (float(saved[of].mean()) if of.any() else 0.0 for of in (hits, ~hits))
    return hit_rate * of_hit + (1 - hit_rate) * of_miss


def _relative(model: MainModel) -> tuple[float, float]:
    """Price of a written and of a read token over the price of one without a cache."""
    rates = model.rates
    if not rates.input:
        return 1.0, 1.0
    return rates.cache_write_5m / rates.input, rates.cache_read / rates.input
