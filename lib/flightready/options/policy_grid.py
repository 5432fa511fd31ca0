"""The way through the policies: all are screened, then the cheapest is tried first over whole hours until one holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flightready import policy as data
from flightready.evidence import State
from flightready.options.policy_choices import KNOBS, Policy
from flightready.options.policy_trial import Bench, Trial


@dataclass(frozen=True)
class Found:
    """What a search found.

    Parameters
    ----------
    best : tuple of Trial
        Policies that hold, the cheapest first; empty when none does.
    undecided : tuple of Trial
        Cheaper ones of which the simulation's own error does not let one tell.
    tried, whole : int
        Policies screened, and policies tried over whole hours.
    """

    best: tuple[Trial, ...]
    undecided: tuple[Trial, ...]
    tried: int
    whole: int

    @property
    def chosen(self) -> Trial | None:
        """The cheapest policy that holds."""
        return self.best[0] if self.best else None


def search(bench: Bench, policies: Sequence[Policy], present: Policy, *, wanted: int = 1) -> Found:
    """Return the cheapest policies that hold.

    Parameters
    ----------
    bench : Bench
    policies : sequence of Policy
    present : Policy
        Of policies of one price, the one that changes less comes first, then the earlier one.
    wanted : int
        How many that hold are looked for; of those at one price only the first.
    """
    left = [bench.quick(p) for p in policies]
    order = {p: i for i, p in enumerate(policies)}
    left = [t for t in left if t.state is not State.FAIL]
    left.sort(key=lambda t: (t.monthly_usd, changes(t.policy, present), order[t.policy]))
    best: list[Trial] = []
    undecided: list[Trial] = []
    most, whole = int(data.value("search_most_whole")), 0
    for trial in left:
        if len(best) >= wanted or whole >= most:
            break
        if (best and trial.monthly_usd <= best[-1].monthly_usd) or is_hopeless(bench, trial.policy):
            continue
        found, whole = bench.whole(trial.policy), whole + 1
        if found.state is State.PASS:
            best.append(found)
        elif found.state is State.UNKNOWN and not best:
            undecided.append(found)
    return Found(tuple(best), tuple(undecided), len(policies), whole)


def changes(policy: Policy, present: Policy) -> int:
    """Return how many choices differ."""
    return sum(getattr(policy, knob) != getattr(present, knob) for knob in KNOBS)


def is_hopeless(bench: Bench, policy: Policy) -> bool:
    """Whether a policy fails because it would even if every request found a free place.

    True only where a place can do no more than end a wait: an attempt that has to wait then answers later or times out
    at the same moment, and so does each one after it. Where attempts are turned away, by limits, a full queue or a
    breaker, one of them may by luck be followed by a faster one, so that nothing is concluded.
    """
    scenario = bench.problem.under(policy)
    only_waits = scenario.limits is None and scenario.breaker is None and all(s.room is None for s in scenario.stages)
    if not only_waits or policy.concurrency is None:
        return False
    return bench.whole(replace(policy, concurrency=None)).state is State.FAIL


def frontier(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials of which no other is both cheaper and more often in time, the cheapest first.

    Of two that are alike the first stays.
    """
    kept: list[Trial] = []
    for trial in sorted(trials, key=lambda t: (t.monthly_usd, -t.in_time_share)):
        if not kept or trial.in_time_share > kept[-1].in_time_share:
            kept.append(trial)
    return tuple(kept)
