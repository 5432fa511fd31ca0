"""Replay of the pilot's calls at the planned peak, through the provider's rate limits.

Each request of the peak hour is a request of the log, with all its calls, their tokens and their failures. Requests
come at random; where the busiest minute is known, one minute of the hour is that busy. Every limit is full when the
hour begins. The spread over loads comes from the joint sample, the simulation's own error from its replicates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import JointSample, Summary, generator, summarise
from flightready.traffic.call_sample import CallSample
from flightready.traffic.demand import Demand
from flightready.traffic.limit_rules import Rule, RuleSet, charges
from flightready.traffic.peak_hour import PeakHour, extent, peak_hour
from flightready.traffic.peaks import SECONDS_PER_MINUTE

_NOTICEABLE_S = 1e-6  # a start later than this is a wait, a shorter one the rounding of times
_UPPER_END = 0.95  # upper end of the 90 % interval that is shown everywhere


@dataclass(frozen=True)
class RuleReplay:
    """One limit in the replay.

    Parameters
    ----------
    rule : Rule
    busiest : Summary
        What is asked in the busiest minute (or shorter window) over what is allowed in it.
    rejected : Summary
        Share of the calls for which this limit has no room, if none waits.
    needed_per_minute : float or None
        Smallest limit with which at most the policy's share is rejected at the upper end of the plan; None where the
        largest call fits in no limit, since the bucket is of a fixed size.
    too_large : int
        Calls of the log that take more than this limit ever holds.
    """

    rule: Rule
    busiest: Summary
    rejected: Summary
    needed_per_minute: float | None
    too_large: int


@dataclass(frozen=True)
class LimitReplay:
    """Peak hours of the plan, replayed from the pilot's calls.

    Parameters
    ----------
    rules : tuple of RuleReplay
    runs, minutes, stands_for : int
        Peak hours that were replayed, minutes of each, and calls that each replayed one stands for: 60 and 1 unless
        the load is very large.
    sampled_calls : int
        Calls of the log that stand for all.
    calls_per_minute : Summary
        Calls a minute in the peak hour, the log's own repeated attempts included.
    rejected : Summary
        Share of the calls that a limit rejects, if none waits.
    delayed : Summary
        Share of the calls that wait, if all wait in one queue.
    delay_p50_s, delay_p95_s, delay_max_s : Summary
        Wait of 50 and of 95 of 100 calls, and the longest; seconds.
    too_large : int
        Calls of the log that are larger than a limit ever holds: they end in neither way.
    unknown_max_tokens : int
        Calls of the log whose allowed output is not known though a limit reserves it.
    peak_minute : float or None
        Busiest minute over the mean minute (median); None for requests that come at random.
    users : tuple of float
        Users a day for which `use` is given, the middle of the plan among them.
    planned_users : float
    use : array of shape (rules, users)
        What is asked in the busiest minute over what is allowed.
    tier : str
        Lowest published tier that is large enough; empty where none is known or none is.
    """

    rules: tuple[RuleReplay, ...]
    runs: int
    minutes: int
    stands_for: int
    sampled_calls: int
    calls_per_minute: Summary
    rejected: Summary
    delayed: Summary
    delay_p50_s: Summary
    delay_p95_s: Summary
    delay_max_s: Summary
    too_large: int
    unknown_max_tokens: int
    peak_minute: float | None
    users: tuple[float, ...]
    planned_users: float
    use: np.ndarray
    tier: str


@dataclass(frozen=True)
class _Setting:
    """What every run shares; `held` and `kept` have the shape (calls, rules), for as many calls as one stands for."""

    sample: CallSample
    joint: JointSample
    demand: Demand
    rule_set: RuleSet
    peak_minute: np.ndarray | None
    held: np.ndarray
    kept: np.ndarray
    minutes: int
    stands_for: int

    def hour(self, draw: tuple[int, int], times: float = 1.0) -> PeakHour:
        """The peak hour at one row of the joint sample, or at some times its users."""
        burst = None if self.peak_minute is None else float(self.peak_minute[draw])
        dice = generator(self.joint.seed, "traffic", "replay", str(draw[0]))
        rate = times * float(self.demand.peak_per_second[draw]) / self.stands_for
        return peak_hour(self.sample, rate, dice, minutes=self.minutes, peak_minute=burst)

    def rules(self, draw: tuple[int, int]) -> tuple[Rule, ...]:
        """The rules with what they allow at one row of the joint sample."""
        pairs = zip(self.rule_set.rules, self.rule_set.allowed, strict=True)
        return tuple(rule.allowing(float(allowed[draw])) for rule, allowed in pairs)


def replay(
    sample: CallSample, joint: JointSample, demand: Demand, rule_set: RuleSet, *, peak_minute: np.ndarray | None = None
) -> LimitReplay | None:
    """Return what the limits do to the pilot's calls at the planned peak; None against a limit far too small.

    Then calls cannot stand for enough others, and a replay would only show what is plain, and take very long.

    Parameters
    ----------
    sample : CallSample
        Of a log of calls.
    rule_set : RuleSet
        At least one rule.
    peak_minute : array, optional
        Busiest minute over the mean minute of the peak hour, at least 1, in the joint sample's shape.
    """
    taken = [charges(sample, rule) for rule in rule_set.rules]
    held, kept = (np.ascontiguousarray(np.stack(part, axis=1)) for part in zip(*taken, strict=True))
    load = demand.peak_per_second
    capacity = np.array([rule.capacity for rule in rule_set.rules])
    each_second = float(np.quantile(load, _UPPER_END)) * sample.calls / sample.requests
    minutes, most_as_one = extent(each_second)
    stands_for = min(most_as_one, _most_as_one(held, capacity))
    if each_second * SECONDS_PER_MINUTE * minutes / stands_for > float(policy.value("replay_calls_out_of_reach")):
        return None
    shared = sample, joint, demand, rule_set, peak_minute
    setting = _Setting(*shared, stands_for * held, stands_for * kept, minutes, stands_for)
    ranks = (np.arange(int(policy.value("replay_runs"))) + 0.5) / int(policy.value("replay_runs"))
    picks = _at_ranks(load, ranks)
    figures = np.stack([[_run(setting, (r, int(j))) for j in row] for r, row in enumerate(picks)])
    each = [summarise(figures[:, :, i]) for i in range(figures.shape[2])]
    count = len(rule_set.rules)
    needed = _needed(setting)
    too_large = held > capacity
    users = float(np.median(demand.users_per_day))
    levels = policy.value("replay_user_levels")
    return LimitReplay(
        tuple(
            RuleReplay(rule, each[6 + k], each[6 + count + k], needed[k], int(too_large[:, k].sum()))
            for k, rule in enumerate(rule_set.rules)
        ),
        picks.size, minutes, stands_for, sample.calls, *each[:6], int(too_large.any(axis=1).sum()),
        int(np.isnan(sample.max_tokens).sum()) if any(r.reserves != "none" for r in rule_set.rules) else 0,
        None if peak_minute is None else float(np.median(peak_minute)),
        tuple(users * x for x in levels), users, _use_by_users(setting, levels), _tier(rule_set, needed),
    )  # fmt: skip


def _most_as_one(held: np.ndarray, capacity: np.ndarray) -> int:
    """Most calls that may be replayed as one, so that this one stays small against every limit."""
    room = capacity / np.maximum(held.max(axis=0), np.finfo(float).tiny)
    return max(1, int(min(room.min() * float(policy.value("replay_part_of_limit")), np.iinfo(np.int32).max)))


def _at_ranks(load: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """Columns of each replicate's rows at given ranks of the load, shape (replicates, ranks)."""
    order = np.argsort(load, axis=1, kind="stable")
    return order[:, np.minimum((ranks * load.shape[1]).astype(int), load.shape[1] - 1)]


def _run(setting: _Setting, draw: tuple[int, int]) -> np.ndarray:
    """Figures of one peak hour: calls a minute, rejected, delayed, three waits; of each limit use and rejected."""
    from flightready.traffic import bucket_steps as steps  # slow to load

    hour, rules = setting.hour(draw), setting.rules(draw)
    n = max(hour.call.size, 1)
    held, kept = setting.held[hour.call], setting.kept[hour.call]
    busy_s, arrays = setting.sample.latency_s[hour.call], limit_arrays(rules)
    charges_rejected = np.array([r.counts == "requests" and r.counts_failed for r in rules])
    ending, short = steps.unqueued(hour.arrival_s, busy_s, held, kept, *arrays, charges_rejected)
    start_s = steps.queued(hour.arrival_s, busy_s, held, kept, *arrays)
    wait_s = (start_s - hour.arrival_s)[~np.isnan(start_s)]
    waits = np.quantile(wait_s, [0.5, 0.95, 1.0]) if wait_s.size else np.zeros(3)
    return np.array([
        hour.call.size * setting.stands_for / hour.minutes, np.sum(ending == steps.REJECTED) / n,
        np.sum(wait_s > _NOTICEABLE_S) / n, *waits, *_busiest(hour, kept, rules), *(short / n),
    ])  # fmt: skip


def limit_arrays(rules: tuple[Rule, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rate a second, capacity and window of each rule, as the compiled steps take them.

    Examples
    --------
    >>> rate, capacity, window_s = limit_arrays((Rule("r", "r", "requests", 60.0, burst=10.0),))
    >>> float(rate[0]), float(capacity[0]), float(window_s[0])
    (1.0, 10.0, 0.0)
    """
    columns = [(r.per_minute / SECONDS_PER_MINUTE, r.capacity, r.window_s) for r in rules]
    return tuple(np.array(column, dtype=float) for column in zip(*columns, strict=True))


def _busiest(hour: PeakHour, kept: np.ndarray, rules: tuple[Rule, ...]) -> list[float]:
    """What is asked in the busiest minute or shorter window, over what is allowed in it, for each rule."""
    found = []
    for k, rule in enumerate(rules):
        span_s = min(rule.span_s, SECONDS_PER_MINUTE)
        # spans that hold a call; arrivals are in order, and a very short span would make very many that hold none
        firsts = np.flatnonzero(np.diff(np.floor(hour.arrival_s / span_s), prepend=-1.0))
        asked = np.add.reduceat(kept[:, k], firsts) if firsts.size else np.zeros(1)
        found.append(float(asked.max()) / (rule.per_minute * span_s / SECONDS_PER_MINUTE))
    return found


def _use_by_users(setting: _Setting, levels: list[float]) -> np.ndarray:
    """Busiest minute over the limit at some times the planned users, mean over the replicates."""
    middle = _at_ranks(setting.demand.peak_per_second, np.array([0.5]))[:, 0]
    draws = [(r, int(j)) for r, j in enumerate(middle)]
    found = np.empty((len(draws), len(levels), len(setting.rule_set.rules)))
    for (i, draw), (j, times) in ((a, b) for a in enumerate(draws) for b in enumerate(levels)):
        hour = setting.hour(draw, times)
        found[i, j] = _busiest(hour, setting.kept[hour.call], setting.rules(draw))
    return found.mean(axis=0).T


def _needed(setting: _Setting) -> list[float | None]:
    """Smallest limit of each rule with which at most the policy's share is rejected at the plan's upper end."""
    runs = int(policy.value("replay_needed_runs"))
    rows = _at_ranks(setting.demand.peak_per_second, np.array([_UPPER_END]))[:runs, 0]
    hours = [setting.hour((r, int(j))) for r, j in enumerate(rows)]
    return [_smallest(setting, hours, k) for k in range(len(setting.rule_set.rules))]


def _smallest(setting: _Setting, hours: list[PeakHour], k: int) -> float | None:
    from flightready.traffic import bucket_steps as steps  # slow to load

    rule = setting.rule_set.rules[k]
    held, kept = (np.ascontiguousarray(a[:, k : k + 1]) for a in (setting.held, setting.kept))
    if rule.burst is not None and held.max() > rule.burst:
        return None

    def is_enough(per_minute: float) -> bool:
        arrays = limit_arrays((rule.allowing(per_minute),))
        ended = [
            steps.unqueued(h.arrival_s, setting.sample.latency_s[h.call], held[h.call], kept[h.call], *arrays,
                           np.zeros(1, dtype=bool))[0]
            for h in hours
        ]  # fmt: skip
        return float(np.mean([np.mean(e != steps.STARTED) if e.size else 0.0 for e in ended])) <= allowed

    allowed, precision = float(policy.value("rate_limit_rejected")), float(policy.value("replay_needed_precision"))
    high = low = max(rule.per_minute, 1.0)
    while not is_enough(high):
        low, high = high, 2 * high
    while low == high or (is_enough(low) and low > precision):
        low, high = low / 2, low
    while high > low * (1 + precision):
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _tier(rule_set: RuleSet, needed: list[float | None]) -> str:
    """Lowest published tier whose every limit is large enough; empty without a table for what is counted."""
    for tier, table in rule_set.tiers.items():
        rules = zip(rule_set.rules, needed, strict=True)
        if all(n is not None and n <= table.get(rule.counts, 0.0) for rule, n in rules):
            return tier
    return ""
