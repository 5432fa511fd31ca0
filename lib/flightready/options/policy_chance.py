"""How likely a policy holds, over what is not known of the load, the traces and the upstreams."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from flightready import policy as data
from flightready.draws import generator
from flightready.evidence import Interval
from flightready.intervals import wilson
from flightready.latency.scenario import Scenario, run
from flightready.options.policy_choices import Policy
from flightready.options.policy_trial import Problem, Requirement, hits, minutes_of, weights_of
from flightready.traffic.simulation import Limits


def holds_chance(
    problem: Problem, policy: Policy, per_second: np.ndarray, needed: dict[str, np.ndarray]
) -> tuple[float, Interval]:
    """Return the chance that a policy meets everything asked for at the planned peak, and its 90 % interval.

    Each draw has a load of its own, evenly over its range, the traced requests drawn again, one that was never seen and
    fails among them, and its share that the upstreams leave; the luck of the requests is the same in all. A draw is as
    many minutes around the busiest one as a short run lasts, weighted so that they stand for the hour.

    Parameters
    ----------
    per_second : array
        Draws of the peak, any shape.
    needed : dict of str to array
        Draws of what a requirement needs, by key, where it is not certain.

    Source
    ------
    Rubin 1981, The Bayesian Bootstrap (weights of the requests); half a request more of an even prior (Jeffreys).
    """
    count, requests = int(data.value("search_draws")), int(data.value("search_draw_requests"))
    dice = generator(problem.seed, "options", "policy search", "draws")
    even = (np.arange(count) + 0.5) / count
    loads = np.quantile(per_second, even, method="inverted_cdf")
    shares = {key: dice.permutation(np.quantile(draws, even, method="inverted_cdf")) for key, draws in needed.items()}
    scenario, chances = with_unseen(problem.under(policy)), np.append(np.ones(len(problem.scenario.service_s)), 0.5)
    held = 0
    for k in range(count):
        rows = dice.choice(chances.size, size=requests, p=dice.dirichlet(chances))
        minutes = minutes_of(requests, float(loads[k]))
        found = run(_drawn(scenario, rows), float(loads[k]), requests=requests, seed=problem.seed,
                    name="policy search draw", peak_minute=problem.peak_minute, minutes=minutes)  # fmt: skip
        weight = weights_of(found, minutes, problem.peak_minute)
        held += all(weight @ hits(found, r.within_s) >= requests * _needed(r, shares, k) for r in problem.requirements)
    return held / count, wilson(held, count)


def _needed(asked: Requirement, shares: dict[str, np.ndarray], draw: int) -> float:
    return float(shares[asked.key][draw]) if asked.key in shares else asked.share


def with_unseen(scenario: Scenario) -> Scenario:
    """Return the scenario with one row more: the longest, and it fails, for what few traces did not show."""
    longest = int(np.nansum(scenario.service_s, axis=1).argmax())
    more = _drawn(scenario, np.append(np.arange(len(scenario.service_s)), longest))
    return replace(more, failure=np.append(scenario.failure, 1.0))


def _drawn(scenario: Scenario, rows: np.ndarray) -> Scenario:
    """The scenario with its rows drawn again; what belongs to one request stays together."""
    limits = scenario.limits
    if isinstance(limits, tuple):
        limits = tuple(_rows_of(one, rows) for one in limits)
    elif limits is not None:
        limits = _rows_of(limits, rows)
    return replace(scenario, service_s=scenario.service_s[rows], failure=np.asarray(scenario.failure)[rows],
                   limits=limits)  # fmt: skip


def _rows_of(limits: Limits, rows: np.ndarray) -> Limits:
    return replace(limits, held=limits.held[rows], kept=limits.kept[rows])
