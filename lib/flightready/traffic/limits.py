"""Rate limits: what the planned peak asks of the provider each minute, against what the provider allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Absence, Finding, Grade, Interval, State, judge_at_most
from flightready.quantity import Quantity
from flightready.traffic.demand import Demand
from flightready.wording import in_hundred, rounded

SECONDS_PER_MINUTE = 60.0
LOAD_DEFAULTS = ("default_requests_per_user", "default_peak_to_mean")
"""Policy defaults that, where they stand in, make every statement about the peak an assumption."""


@dataclass(frozen=True)
class LimitUse:
    """One rate limit and what the peak hour asks of it.

    Parameters
    ----------
    key : str
        `requests_per_minute` or `tokens_per_minute`.
    noun : str
        What is counted: request or token.
    required : Summary
        Requests or tokens a minute in the peak hour, mean over the hour's minutes.
    limit : float or None
        What the provider allows a minute; None when the assessment does not say.
    used : Summary or None
        Required over allowed; above 1 is too much.
    over_probability : float or None
        Share of the draws in which the peak hour's mean is above the limit.
    minutes_over_share : float or None
        Expected share of the peak hour's minutes above the limit when requests come at random; for requests only.
    """

    key: str
    noun: str
    required: Summary
    limit: float | None
    used: Summary | None
    over_probability: float | None
    minutes_over_share: float | None

    @property
    def headroom(self) -> float | None:
        """Share of the limit that is left at the peak (median); negative when it is exceeded."""
        return None if self.used is None else 1 - self.used.median


@dataclass(frozen=True)
class RateLimits:
    """What the planned peak asks of the rate limits.

    Parameters
    ----------
    uses : tuple of LimitUse
        Requests first, tokens where their number per request is known; empty without planned load.
    calls_per_request, tokens_per_request : float or None
        Measured figures that were used.
    grade : Grade
        measured when calls and tokens per request come from a log and the load was stated, otherwise as the load.
    """

    uses: tuple[LimitUse, ...]
    calls_per_request: float | None
    tokens_per_request: float | None
    grade: Grade
    findings: tuple[Finding, ...]
    absences: tuple[Absence, ...]


def rate_limits(
    pilot: Pilot,
    joint: JointSample,
    demand: Demand | None,
    *,
    tokens_per_request: float | None,
    calls_per_request: float | None = None,
    measured: bool = False,
) -> RateLimits:
    """Return requests and tokens a minute at the planned peak against the limits of the assessment.

    Parameters
    ----------
    tokens_per_request : float or None
        Mean input and output tokens of one request, retries included.
    calls_per_request : float, optional
        Mean calls of the provider for one request, retries included, at least 1.
    measured : bool
        Whether these figures come from a usage log.

    Notes
    -----
    A planned load that the team states is the condition of the statement, not its evidence: with calls and tokens from
    a log the result is measured. Where a policy default stands in for the load, it is assumed.
    """
    if demand is None:
        return RateLimits(
            (), calls_per_request, tokens_per_request, Grade.ASSUMED, (), (policy.absences()["workload"],)
        )
    per_minute = demand.peak_per_second * SECONDS_PER_MINUTE
    limits = pilot.spec.latency.limits
    uses = [
        _use(
            "requests_per_minute", "request", per_minute * (calls_per_request or 1.0), limits.requests_per_minute, joint
        )
    ]
    if tokens_per_request is not None:
        uses.append(
            _use("tokens_per_minute", "token", per_minute * tokens_per_request, limits.tokens_per_minute, joint)
        )
    grade = load_grade(demand, measured=measured)
    files = pilot.spec.cost.usage_files if measured else ()
    findings = tuple(_finding(use, grade, files) for use in uses if use.limit is not None)
    tokens_unknown = limits.tokens_per_minute is not None and tokens_per_request is None
    if not findings and not tokens_unknown:
        findings = (_not_stated(uses, grade),)
    absences = (policy.absences()["usage_log"],) if tokens_unknown else ()
    return RateLimits(tuple(uses), calls_per_request, tokens_per_request, grade, findings, absences)


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


def _use(key: str, noun: str, required: np.ndarray, limit: Quantity | None, joint: JointSample) -> LimitUse:
    if limit is None:
        return LimitUse(key, noun, summarise(required), None, None, None, None)
    allowed = joint.column(f"latency.limits.{key}", limit)
    minutes_over = float(np.mean(special.pdtrc(np.floor(allowed), required))) if noun == "request" else None
    over = float(np.mean(required > allowed))
    return LimitUse(key, noun, summarise(required), limit.median, summarise(required / allowed), over, minutes_over)


def _finding(use: LimitUse, grade: Grade, files: tuple[str, ...]) -> Finding:
    threshold = float(policy.value("rate_limit_use"))
    interval = Interval(use.used.low, use.used.high)
    state = judge_at_most(interval, threshold)
    decides = "" if state is not State.UNKNOWN else "A narrower range for the planned peak, or a higher tier"
    by_chance = ""
    if state is State.PASS and (use.minutes_over_share or 0.0) > policy.value("rate_limit_minutes_over"):
        state, decides = State.UNKNOWN, "A higher tier, or a queue that spreads the calls of a busy minute"
        by_chance = f" Chance alone breaks it in {in_hundred(use.minutes_over_share)} of 100 minutes of that hour."
    if state is State.PASS and grade is not Grade.MEASURED:
        state, decides = State.UNKNOWN, _what_measures(grade)
    return Finding(
        id=f"latency.{use.key}",
        title=f"{use.noun.capitalize()}s a minute at the peak",
        sentence=(
            f"The peak hour asks for {rounded(use.required.median)} {use.noun}s a minute "
            f"({rounded(use.required.low)} to {rounded(use.required.high)}); the limit is {use.limit:,.0f}.{by_chance}"
        ),
        state=state,
        grade=grade,
        value=use.used.median,
        unit="share of the limit",
        interval=interval,
        rule="rate_limit_use",
        threshold=threshold,
        questions=("R5",),
        gaps=("G4",),
        tags=("reliability", "availability"),
        decides=decides,
        sources=files,
    )


def _what_measures(grade: Grade) -> str:
    if grade is Grade.ASSUMED:
        return "State workload.requests_per_user and workload.peak_to_mean; house assumptions stand in for them"
    return "A usage log with one line for each call, for calls and tokens per request"


def _not_stated(uses: list[LimitUse], grade: Grade) -> Finding:
    asked = " and ".join(f"{rounded(use.required.high)} {use.noun}s" for use in uses)
    return Finding(
        id="latency.rate_limits",
        title="Rate limits",
        sentence=f"The assessment names no rate limit; the planned peak asks for up to {asked} a minute.",
        state=State.UNKNOWN, grade=grade, questions=("R5",), gaps=("G4",), tags=("reliability", "availability"),
        decides="The provider's limits under latency.limits (requests_per_minute, tokens_per_minute)",
    )  # fmt: skip
