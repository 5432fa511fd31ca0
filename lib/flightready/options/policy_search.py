"""The cheapest policy that keeps the latency budget at the planned peak, and what is in the way when none does.

Every policy that may be chosen is screened in a short simulation of the same requests with the same luck. Those that
do not clearly fail are tried over whole hours, the cheapest first, until one surely holds. A policy costs what its
calls cost with every further attempt, less what a cache saves, and what its places, limits and model cost a month. It
is sought at the upper end of the planned peak, and for comparison in its middle.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from flightready import policy as data
from flightready.assessment import Pilot
from flightready.cost.result import CostResult
from flightready.draws import JointSample, summarise
from flightready.evidence import Absence, Grade
from flightready.latency.result import LatencyResult
from flightready.options import policy_problem as stated
from flightready.options.policy_chance import holds_chance
from flightready.options.policy_choices import Choices, Policy, choices
from flightready.options.policy_grid import changes, frontier, search
from flightready.options.policy_models import ModelChoice, model_choices
from flightready.options.policy_obstacles import UPSTREAM, Obstacle, obstacles
from flightready.options.policy_trial import Bench, Problem, Requirement, Trial
from flightready.options.result import OptionsResult
from flightready.telemetry import UsageLog
from flightready.traffic.demand import Demand
from flightready.traffic.limits import load_grade


@dataclass(frozen=True)
class PolicySearch:
    """The search at the planned peak; amounts are of a month, in `currency`.

    Parameters
    ----------
    absences : tuple of Absence
        What is missing; nothing is searched while workload, traces or budget are.
    currency : str
    grade : Grade
        Of statements at the planned peak.
    is_priced : bool
        Whether it is known what a request costs.
    requirements : tuple of Requirement
        What is asked for.
    limit_s : float or None
        Time within which an answer is in time.
    target : float or None
        Availability that is asked for.
    floor : float or None
        Lowest share of right answers that is asked for.
    per_second_high, per_second_middle : float
        Planned peak, requests a second: its upper end, at which is searched, and its middle.
    choices : Choices or None
    models : tuple of ModelChoice
        Other models that were named.
    present : Trial or None
        The assessment's own policy; None when nothing was searched.
    chosen : Trial or None
        The cheapest policy that holds at the upper end of the peak.
    best : tuple of Trial
        The cheapest that hold, the chosen one first.
    undecided : tuple of Trial
        Cheaper ones of which the simulation's own error leaves open whether they hold.
    at_middle : Trial or None
        The cheapest that holds in the middle of the planned peak.
    if_accurate : Trial or None
        The cheapest that would hold with a model that may not be chosen.
    closest : Trial or None
        The policy that misses least, where none holds.
    frontier : tuple of Trial
        Policies of which no other is both cheaper and more often in time, the cheapest first.
    around : tuple of Trial
        Policies that differ in one choice from the chosen one, else from the closest one.
    obstacles : tuple of Obstacle
        What is in the way when none holds.
    all_usd, all_in_time : array of shape (tried,)
        Cost and share in time of every policy that may be chosen, from the short runs.
    tried, whole : int
        Policies screened, and tried over whole hours.
    untried : int
        Policies left out because there were too many: the dearest ones.
    notes : tuple of str
        What was taken for granted, one sentence each.
    """

    absences: tuple[Absence, ...]
    currency: str
    grade: Grade = Grade.ASSUMED
    is_priced: bool = False
    requirements: tuple[Requirement, ...] = ()
    limit_s: float | None = None
    target: float | None = None
    floor: float | None = None
    per_second_high: float = 0.0
    per_second_middle: float = 0.0
    choices: Choices | None = None
    models: tuple[ModelChoice, ...] = ()
    present: Trial | None = None
    chosen: Trial | None = None
    best: tuple[Trial, ...] = ()
    undecided: tuple[Trial, ...] = ()
    at_middle: Trial | None = None
    if_accurate: Trial | None = None
    closest: Trial | None = None
    frontier: tuple[Trial, ...] = ()
    around: tuple[Trial, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    all_usd: np.ndarray | None = None
    all_in_time: np.ndarray | None = None
    tried: int = 0
    whole: int = 0
    untried: int = 0
    notes: tuple[str, ...] = ()

    def model(self, name: str) -> ModelChoice | None:
        """Return another model by name, None for the pilot's own."""
        return next((m for m in self.models if m.name == name), None)


def analyse(
    pilot: Pilot, joint: JointSample, demand: Demand | None, *, latency: LatencyResult, cost: CostResult,
    options: OptionsResult | None, usage: UsageLog | None,
) -> PolicySearch:  # fmt: skip
    """Return the cheapest policy that meets everything asked for at the planned peak.

    Parameters
    ----------
    latency : LatencyResult
        Knows the budgets.
    cost : CostResult
        Knows what a request costs.
    options : OptionsResult or None
        Other models; asked for those named under `latency.search.models` only.

    Raises
    ------
    InputError
        When a model of the search is no option, or its option does not say how long it takes.
    """
    models = model_choices(pilot, options)
    found = stated.pilot_scenario(pilot, joint, latency, usage)
    keys = [key for key, is_missing in {
        "workload": demand is None, "spans": found is None,
        "budget": not latency.budgets_s,
    }.items() if is_missing]  # fmt: skip
    if keys:
        return PolicySearch(tuple(data.absences()[key] for key in keys), cost.currency)
    wanted = stated.asked(pilot, joint, latency, found.client.fallback)
    prices, of_prices = stated.costs(pilot, joint, demand, cost, options, models, attempts=stated.attempts_in(usage))
    peak = summarise(demand.peak_per_second)
    at_high = stated.problem(
        found, wanted, prices, models, per_second=peak.high, seed=joint.seed,
        peak_minute=float(np.median(demand.peak_minute)), tiers=stated.tiers_of(pilot),
    )  # fmt: skip
    offered = choices(pilot, found.stages[at_high.place].servers)
    result = searched(at_high, offered, models, per_second_middle=peak.median)
    result = _with_chances(result, at_high, demand.peak_per_second, wanted)
    floor = pilot.spec.evaluation.floor.accuracy
    is_measured = found.grade is Grade.MEASURED and latency.grade is Grade.MEASURED
    return replace(
        result, currency=cost.currency, grade=load_grade(demand, measured=is_measured),
        is_priced=cost.per_request_usd is not None, limit_s=latency.in_time_limit_s, target=wanted.target,
        floor=None if floor is None else floor.median,
        obstacles=(*_upstream(wanted), *result.obstacles),
        notes=(*of_prices, *stated.of_search(pilot, at_high, models, latency), *found.notes),
    )  # fmt: skip


def searched(
    problem: Problem, offered: Choices, models: tuple[ModelChoice, ...] = (), *, per_second_middle: float | None = None
) -> PolicySearch:
    """Return the search of one problem: the cheapest policy that holds, those around it, and what is in the way.

    Parameters
    ----------
    models : tuple of ModelChoice
        Those that may not be chosen are tried apart.
    per_second_middle : float, optional
        Another load, at which the cheapest is sought as well.
    """
    policies, untried = _affordable(problem, offered)
    refused = {m.name for m in models if not m.may_answer}
    usable = [p for p in policies if p.model not in refused]
    bench, present = Bench(problem), offered.present
    found = search(bench, usable, present, wanted=int(data.value("search_shown")))
    chosen = found.chosen
    quick = [bench.quick(p) for p in usable]
    apart = search(bench, [p for p in policies if p.model in refused], present).chosen if refused else None
    closest = _closest(bench, quick, present) if chosen is None else None
    base = closest.policy if chosen is None else chosen.policy
    middle = problem.per_second if per_second_middle is None else per_second_middle
    calm = replace(problem, per_second=middle)
    return PolicySearch(
        absences=(), currency="", requirements=problem.requirements, per_second_high=problem.per_second,
        per_second_middle=middle, choices=offered, models=models, present=bench.shown(present),
        chosen=None if chosen is None else bench.shown(chosen.policy),
        best=tuple(bench.shown(t.policy) for t in found.best), undecided=found.undecided,
        at_middle=search(Bench(calm), usable, present).chosen if middle < problem.per_second else chosen,
        if_accurate=None if apart is None else bench.shown(apart.policy),
        closest=closest,
        frontier=_frontier(bench, quick, chosen),
        around=tuple(bench.once(p) for p in offered.around(base, without_limits=problem.without_limits)),
        obstacles=obstacles(problem, usable) if chosen is None else (),
        all_usd=np.array([t.monthly_usd for t in quick]), all_in_time=np.array([t.in_time_share for t in quick]),
        tried=len(usable), whole=found.whole, untried=untried,
    )  # fmt: skip


def _affordable(problem: Problem, offered: Choices) -> tuple[tuple[Policy, ...], int]:
    """As many policies as are tried at most, the cheapest by price without further attempts, and how many are left."""
    every = offered.policies(without_limits=problem.without_limits)
    most = int(data.value("search_most_policies"))
    if len(every) <= most:
        return every, 0
    by_price = sorted(every, key=lambda p: problem.costs.middle_usd(p, 1.0))[:most]
    return tuple(by_price), len(every) - most


def _closest(bench: Bench, quick: list[Trial], present: Policy) -> Trial:
    """The policy that misses least over an hour, of the few that do after a short run; of equals the cheapest."""
    few = sorted(quick, key=lambda t: (t.shortfall, t.monthly_usd, changes(t.policy, present)))
    tried = [bench.once(t.policy) for t in few[: int(data.value("search_shown"))]]
    best = min(tried, key=lambda t: (t.shortfall, t.monthly_usd))
    return bench.shown(best.policy)


def _frontier(bench: Bench, quick: list[Trial], chosen: Trial | None) -> tuple[Trial, ...]:
    """The frontier after the short runs, tried over an hour; some of it where it is long, the chosen one always."""
    short, most = frontier(quick), int(data.value("search_most_frontier"))
    picked = sorted({round(i) for i in np.linspace(0, len(short) - 1, min(most, len(short)))})
    hours = [bench.once(short[i].policy) for i in picked]
    if chosen is not None and chosen.policy not in {t.policy for t in hours}:
        hours.append(chosen)
    return frontier(hours)


def _with_chances(result: PolicySearch, problem: Problem, per_second: np.ndarray, wanted: stated.Asked) -> PolicySearch:
    """The chosen and the present policy with the chance that they hold."""

    def sure(trial: Trial | None) -> Trial | None:
        if trial is None:
            return None
        chance, interval = holds_chance(problem, trial.policy, per_second, wanted.needed)
        return replace(trial, holds_chance=chance, holds_interval=interval)

    chosen = sure(result.chosen)
    best = (chosen, *result.best[1:]) if chosen is not None else ()
    same = chosen is not None and result.present.policy == chosen.policy
    return replace(result, chosen=chosen, best=best, present=chosen if same else sure(result.present))


def _upstream(wanted: stated.Asked) -> tuple[Obstacle, ...]:
    """What the pilot calls works too seldom for the target, whatever the policy."""
    if wanted.target is None or wanted.reachable >= wanted.target:
        return ()
    return (Obstacle(UPSTREAM, "", None, wanted.reachable, wanted.target),)
