"""What the search for the cheapest policy may choose from: the assessment's own values, and those beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from flightready import policy
from flightready.assessment import Pilot
from flightready.quantity import Quantity

KNOBS = ("concurrency", "timeout_s", "retries", "cached_share", "tier", "model")
"""What a policy decides, in the order in which it is told."""


@dataclass(frozen=True)
class Policy:
    """How requests are served.

    Parameters
    ----------
    concurrency : int or None
        Served at once; None: as many as come.
    timeout_s : float or None
        An attempt gives up after this; None: never.
    retries : int
        Further attempts at most.
    cached_share : float
        Share of requests that a cache answers.
    tier : str
        Name of the limits; empty for the present ones.
    model : str
        Name of the option that answers; empty for the pilot's own way.
    """

    concurrency: int | None = None
    timeout_s: float | None = None
    retries: int = 0
    cached_share: float = 0.0
    tier: str = ""
    model: str = ""


@dataclass(frozen=True)
class Choices:
    """Values to choose from by knob, each rising, what is unlimited last; the present values are among them.

    Parameters
    ----------
    present : Policy
        As the assessment states it.
    assumed : tuple of str
        Knobs whose values beside the present one come from the policy file, because no search is stated.
    """

    present: Policy
    concurrency: tuple[int | None, ...]
    timeout_s: tuple[float | None, ...]
    retries: tuple[int, ...]
    cached_share: tuple[float, ...]
    tier: tuple[str, ...]
    model: tuple[str, ...]
    assumed: tuple[str, ...] = ()

    def of(self, knob: str) -> tuple[Any, ...]:
        """Return the values of one knob."""
        return getattr(self, knob)

    def policies(self, *, without_limits: Iterable[str] = ()) -> tuple[Policy, ...]:
        """Return every policy, in an order that depends on nothing but the values.

        Parameters
        ----------
        without_limits : iterable of str
            Models to which the provider's limits do not apply, so that no tier is bought for them.
        """
        free = set(without_limits)
        every = (Policy(*values) for values in product(*(self.of(knob) for knob in KNOBS)))
        return tuple(p for p in every if p.tier == self.present.tier or p.model not in free)

    def around(self, at: Policy, *, without_limits: Iterable[str] = ()) -> tuple[Policy, ...]:
        """Return the policies that differ from one in a single choice."""
        beside = (replace(at, **{knob: v}) for knob in KNOBS for v in self.of(knob) if v != getattr(at, knob))
        free = set(without_limits)
        return tuple(p for p in beside if p.tier == self.present.tier or p.model not in free)


def choices(pilot: Pilot, concurrency: int | None) -> Choices:
    """Return what may be chosen.

    Where `latency.search` names no value at all, a few come from the policy file for what a team sets freely:
    concurrency, time-out and retries. A share of requests that a cache could answer is a fact, and is never assumed.

    Parameters
    ----------
    concurrency : int or None
        Served at once today, where a policy sets it; None: not known.
    """
    latency = pilot.spec.latency
    stated, present = latency.search, present_policy(pilot, concurrency)
    lists = {"concurrency": [_whole(q) for q in stated.concurrency], "timeout_s": _medians(stated.timeout),
             "retries": list(stated.retries), "cached_share": _medians(stated.cached_share),
             "tier": [t.name for t in stated.tiers], "model": list(stated.models)}  # fmt: skip
    assumed: tuple[str, ...] = ()
    if not any(lists.values()):
        lists |= _assumed(present)
        assumed = tuple(knob for knob in KNOBS if lists[knob])
    return Choices(present, *(_ordered(lists[knob], getattr(present, knob)) for knob in KNOBS), assumed)


def present_policy(pilot: Pilot, concurrency: int | None) -> Policy:
    """Return the policy that the assessment states; what it leaves out is unlimited, never tried again, not cached."""
    rule = pilot.spec.latency.policy
    return Policy(
        concurrency=concurrency, timeout_s=None if rule.timeout is None else rule.timeout.median,
        retries=rule.retries or 0, cached_share=0.0 if rule.cache is None else rule.cache.share.median,
    )  # fmt: skip


def _assumed(present: Policy) -> dict[str, list[Any]]:
    at_once, longest = present.concurrency, present.timeout_s
    factors, shares = policy.value("search_concurrency_factors"), policy.value("search_timeout_factors")
    return {
        "concurrency": [] if at_once is None else [max(round(f * at_once), 1) for f in factors],
        "timeout_s": [] if longest is None else [float(s) * longest for s in shares],
        "retries": [int(r) for r in policy.value("search_retries")],
    }


def _ordered(values: list[Any], present: Any) -> tuple[Any, ...]:
    """Each value once; words in their own order after the present one, numbers rising."""
    each = dict.fromkeys([present, *values])
    if isinstance(present, str):
        return tuple(each)
    return tuple(sorted(each, key=lambda v: float("inf") if v is None else v))


def _medians(quantities: list[Quantity]) -> list[float]:
    return [q.median for q in quantities]


def _whole(quantity: Quantity) -> int:
    return max(round(quantity.median), 1)
