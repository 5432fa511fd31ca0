"""Traffic: what the planned load makes of the provider's rate limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample
from flightready.evidence import Absence, Finding
from flightready.telemetry.frames import UsageLog
from flightready.traffic.call_sample import call_sample
from flightready.traffic.demand import Demand
from flightready.traffic.limit_findings import findings
from flightready.traffic.limit_rules import rules_of
from flightready.traffic.limits import RateLimits, rate_limits
from flightready.traffic.replay import LimitReplay, replay


@dataclass(frozen=True)
class TrafficResult:
    """The planned load against the rate limits.

    Parameters
    ----------
    limits : RateLimits
        Arithmetic on the mean of the peak hour.
    replay : LimitReplay or None
        What the limits do to the pilot's calls; None without a log of calls, a planned load or a limit.
    is_beyond_replay : bool
        A limit is so far too small for the plan that a replay would only show it, and take very long.
    """

    limits: RateLimits
    replay: LimitReplay | None
    findings: tuple[Finding, ...]
    absences: tuple[Absence, ...]
    is_beyond_replay: bool = False


def analyse(pilot: Pilot, joint: JointSample, demand: Demand | None, *, usage: UsageLog | None) -> TrafficResult:
    """Return what the planned peak asks of the rate limits, and what they do to the pilot's calls.

    Raises
    ------
    InputError
        When the provider, its tier or a rule of the assessment cannot be.
    """
    sample = call_sample(pilot, usage)
    rule_set = rules_of(pilot, joint, sample.models)
    limits = rate_limits(sample, demand, rule_set)
    replayed, is_beyond = None, False
    if sample.is_measured and demand is not None and rule_set.rules:
        busiest = np.broadcast_to(demand.peak_minute, demand.users_per_day.shape)
        replayed = replay(sample, joint, demand, rule_set, peak_minute=busiest)
        is_beyond = replayed is None
    files = pilot.spec.cost.usage_files if sample.is_measured else ()
    keys = []
    if demand is None:
        keys.append("workload")
    if rule_set.rules and not sample.is_measured:
        has_buckets = usage is not None and usage.buckets is not None
        keys.append("usage_buckets" if has_buckets and not limits.lacks_tokens else "usage_log")
    absences = tuple(policy.absences()[key] for key in keys)
    found = findings(limits, replayed, files=files)
    return TrafficResult(limits, replayed, found, absences, is_beyond)
