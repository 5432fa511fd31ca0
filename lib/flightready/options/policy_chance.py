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
from flightready.options.policy_trial import Problem, Requirement, hits
from flightready.traffic.simulation import Limits


def holds_chance(
    problem: Problem, policy: Policy, per_second: np.ndarray, needed: dict[str, np.ndarray]
) -> tuple[float, Interval]:
    """Return the chance that a policy meets everything asked for at the planned peak, and its 90 % interval.

    Each draw has a load of its own, evenly over its range, the traced requests drawn again with replacement, and its
    share that the upstreams leave; the luck of the requests is the same in all. A draw is a short run without its
    busiest minute.

    Parameters
    ----------
    per_second : array
        Draws of the peak, any shape.
    needed : dict of str to array
        Draws of what a requirement needs, by key, where it is not certain.
    """
    count, requests = int(data.value("search_draws")), int(data.value("search_draw_requests"))
    dice = generator(problem.seed, "options", "policy search", "draws")
    even = (np.arange(count) + 0.5) / count
    loads = np.quantile(per_second, even, method="inverted_cdf")
    shares = {key: dice.permutation(np.quantile(draws, even, method="inverted_cdf")) for key, draws in needed.items()}
    scenario = problem.under(policy)
    held = 0
    for k in range(count):
        rows = dice.integers(len(scenario.service_s), size=len(scenario.service_s))
        found = run(_drawn(scenario, rows), float(loads[k]), requests=requests, seed=problem.seed,
                    name="policy search draw")  # fmt: skip
        held += all(hits(found, r.within_s).mean() >= _needed(r, shares, k) for r in problem.requirements)
    return held / count, wilson(held, count)


def _needed(asked: Requirement, shares: dict[str, np.ndarray], draw: int) -> float:
    return float(shares[asked.key][draw]) if asked.key in shares else asked.share


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
