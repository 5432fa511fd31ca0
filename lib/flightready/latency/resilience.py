"""What the pilot withstands: fault drills at the planned peak, who takes over, and its availability over a month."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, summarise
from flightready.evidence import Absence, Finding, Grade
from flightready.latency import drill_findings as found
from flightready.latency.availability import AvailabilityResult, availability
from flightready.latency.drills import DrillResult, drilled, faulted_stage
from flightready.latency.fallback import Team, team
from flightready.latency.result import LatencyResult
from flightready.traffic.demand import Demand


@dataclass(frozen=True)
class Resilience:
    """Fault drills, people who take over, and availability.

    Parameters
    ----------
    drills : tuple of DrillResult
        Empty where no time of a request or no load is known.
    per_second : float or None
        Load at which they were run: the middle of the planned peak.
    busy : tuple of DrillResult
        The same at the upper end of the planned peak, without what happened over time.
    busy_per_second : float or None
    stage : str
        The stage that the faults hit.
    budget_s : float or None
        Time within which an answer is in time; None where no budget is stated, and every answer counts as in time.
    crew : Team or None
        People who take over, where they are the declared fallback.
    fallback : str
        The declared fallback, empty when none is stated.
    has_timeout : bool or None
        Whether a time-out is declared; None where nobody knows how many requests come.
    grade : Grade
        Of the drills.
    availability : AvailabilityResult
    notes : tuple of str
        What the drills take for granted, sentences.
    findings, absences
    """

    drills: tuple[DrillResult, ...]
    per_second: float | None
    busy: tuple[DrillResult, ...]
    busy_per_second: float | None
    stage: str
    budget_s: float | None
    crew: Team | None
    fallback: str
    has_timeout: bool
    grade: Grade
    availability: AvailabilityResult
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]
    absences: tuple[Absence, ...]

    @property
    def known(self) -> tuple[DrillResult, ...]:
        """Drills whose shares say something."""
        return tuple(d for d in self.drills if d.is_known)


def analyse(pilot: Pilot, joint: JointSample, demand: Demand | None, latency: LatencyResult) -> Resilience:
    """Return what the pilot withstands, as far as its times, its load and its policy are known."""
    scenario, rule = latency.scenario, pilot.spec.latency.policy
    peak = None if demand is None else summarise(demand.peak_per_second)
    crew = team(pilot)
    is_drilled = scenario is not None and peak is not None and peak.median > 0
    drills = drilled(scenario, peak.median, seed=joint.seed, crew=crew) if is_drilled else ()
    busy = drilled(scenario, peak.high, seed=joint.seed, crew=crew) if is_drilled else ()
    counted = latency.n if latency.source == "spans" else 0
    base = Resilience(
        drills=drills, per_second=peak and peak.median, busy=tuple(replace(d, course=None, usual=None) for d in busy),
        busy_per_second=peak and peak.high,
        stage=scenario.stages[faulted_stage(scenario)].name if is_drilled else "", budget_s=latency.in_time_limit_s,
        crew=crew, fallback=rule.fallback or "", has_timeout=rule.timeout is not None, grade=latency.planned_grade,
        availability=availability(pilot, joint, n=counted, n_failed=latency.n_failed,
                                  requests_per_month=None if demand is None else demand.requests_per_month),
        notes=scenario.notes if is_drilled else (), findings=(), absences=_absences(pilot, latency, demand),
    )  # fmt: skip
    return replace(base, findings=found.findings(base, latency, pilot))


def _absences(pilot: Pilot, latency: LatencyResult, demand: Demand | None) -> tuple[Absence, ...]:
    rule, stated = pilot.spec.latency.policy, pilot.spec.latency.availability
    missing = {
        "spans": latency.scenario is None,
        "workload": demand is None,
        "call_policy": rule.timeout is None or rule.fallback is None,
        "availability": stated.target is None or not stated.upstreams,
    }
    return tuple(policy.absences()[key] for key, is_missing in missing.items() if is_missing)
