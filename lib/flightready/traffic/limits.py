"""Rate limits: what the planned peak asks of the provider each minute, against what the provider allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready.draws import Summary, summarise
from flightready.evidence import Grade
from flightready.traffic.call_sample import CallSample
from flightready.traffic.demand import Demand
from flightready.traffic.limit_rules import Rule, RuleSet, charges
from flightready.traffic.peaks import SECONDS_PER_MINUTE

LOAD_DEFAULTS = ("default_requests_per_user", "default_peak_to_mean")
"""Policy defaults that, where they stand in, make every statement about the peak an assumption."""
_ASKED = (Rule("requests_per_minute", "", "requests", 1.0), Rule("tokens_per_minute", "", "tokens", 1.0))


@dataclass(frozen=True)
class LimitUse:
    """One rate limit and what the peak hour asks of it.

    Parameters
    ----------
    key, name : str
        Such as `requests_per_minute`, and what people call it.
    noun : str
        What is counted: request, token, input token or output token.
    required : Summary
        What is counted a minute in the peak hour, mean over the hour's minutes.
    limit : float or None
        What the provider allows a minute; None when the assessment does not say.
    used : Summary or None
        Required over allowed; above 1 is too much.
    over_probability : float or None
        Share of the draws in which the peak hour's mean is above the limit.
    minutes_over_share : float or None
        Expected share of the peak hour's minutes above the limit when requests come at random; for requests only.
    busiest_day : Summary or None
        `used` in the peak hour of the busiest day of a month.
    all_bursts : Summary or None
        `used` in the busiest minute if all bursts of the pilot's log grow with the load; None where the policy does not
        stand in for the part that does.
    """

    key: str
    name: str
    noun: str
    required: Summary
    limit: float | None
    used: Summary | None
    over_probability: float | None
    minutes_over_share: float | None
    busiest_day: Summary | None = None
    all_bursts: Summary | None = None


@dataclass(frozen=True)
class RateLimits:
    """What the planned peak asks of the rate limits.

    Parameters
    ----------
    uses : tuple of LimitUse
        The stated limits, then what else the peak asks for; empty without planned load.
    grade : Grade
        measured when calls and tokens per request come from a log and the load was stated, otherwise as the load.
    provider : str
        Whose way of counting was used.
    notes : tuple of str
        What was taken for granted about the limits.
    lacks_tokens : bool
        A limit counts tokens, and nothing says how many a request takes.
    assumed_minute : bool
        A policy default stands in for how busy the busiest minute is.
    """

    uses: tuple[LimitUse, ...]
    grade: Grade
    provider: str
    notes: tuple[str, ...]
    lacks_tokens: bool
    assumed_minute: bool = False

    @property
    def known(self) -> tuple[LimitUse, ...]:
        """The uses of the limits that the assessment states."""
        return tuple(use for use in self.uses if use.used is not None)


def rate_limits(sample: CallSample, demand: Demand | None, rule_set: RuleSet) -> RateLimits:
    """Return what the planned peak asks for a minute, against the limits of the assessment.

    Notes
    -----
    A planned load that the team states is the condition of the statement, not its evidence: with calls and tokens from
    a log the result is measured. Where a policy default stands in for the load, it is assumed.
    """
    tokens = float((sample.input_tokens + sample.output_tokens).sum()) / sample.requests
    lacks = bool(np.isnan(tokens)) and any(rule.counts != "requests" for rule in rule_set.rules)
    if demand is None:
        return RateLimits((), Grade.ASSUMED, rule_set.provider, rule_set.notes, lacks)
    stated = {rule.counts for rule in rule_set.rules}
    asked = [r for r in _ASKED if not (stated & {"requests"} if r.counts == "requests" else stated - {"requests"})]
    pairs = [*zip(rule_set.rules, rule_set.allowed, strict=True), *((rule, None) for rule in asked)]
    uses = (_use(sample, demand, rule, allowed) for rule, allowed in pairs)
    grade = load_grade(demand, measured=sample.is_measured)
    return RateLimits(tuple(u for u in uses if u), grade, rule_set.provider, rule_set.notes, lacks,
                      "default_minute_spread" in demand.defaults)  # fmt: skip


def load_grade(demand: Demand, *, measured: bool) -> Grade:
    """Return the grade of a statement at the planned peak.

    Parameters
    ----------
    measured : bool
        Whether what meets the load was measured.
    """
    if any(default in demand.defaults for default in LOAD_DEFAULTS):
        return Grade.ASSUMED
    return Grade.MEASURED if measured else demand.grade


def _use(sample: CallSample, demand: Demand, rule: Rule, allowed: np.ndarray | None) -> LimitUse | None:
    each = float(charges(sample, rule)[1].sum()) / sample.requests
    if np.isnan(each):
        return None
    required = demand.peak_per_second * SECONDS_PER_MINUTE * each
    named = rule.key, rule.name, rule.noun, summarise(required)
    if allowed is None:
        return LimitUse(*named, None, None, None, None)
    over = float(np.mean(required > allowed))
    by_chance = float(np.mean(special.pdtrc(np.floor(allowed), required))) if rule.counts == "requests" else None
    used, most = required / allowed, demand.peak_minute_most
    return LimitUse(*named, rule.per_minute, summarise(used), over, by_chance, summarise(used * demand.peak_day),
                    None if most is None else summarise(used * most))  # fmt: skip
