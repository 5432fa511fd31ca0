"""Own or rented machines: whole replicas that stand ready for the peak, paid around the clock.

Replicas are the larger of a least number for availability and what the busiest minute needs; a month is replicas x
GPUs x price of an hour x hours of a month. A machine that is always on is paid whether or not it works, so nothing is
multiplied by how busy it is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flightready import policy
from flightready.assessment.options import SelfHostedOption
from flightready.draws import summarise
from flightready.evidence import Grade
from flightready.options.line import Grounds, Line, Load, line_of
from flightready.options.loads import planned_load
from flightready.options.provisioned import units
from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.demand import SECONDS_PER_DAY
from flightready.wording import count, number, share


def line(option: SelfHostedOption, grounds: Grounds) -> Line:
    """Return the cost of own machines over the load.

    Parameters
    ----------
    option : SelfHostedOption
    grounds : Grounds

    Source
    ------
    Beyer et al. 2016, Site Reliability Engineering, chapter 22 (one machine more than the load needs).
    """
    needed = replicas(option, grounds)
    each = grounds.column(option, "gpus_per_replica", option.gpus_per_replica) * policy.value("hours_per_month")
    each = each * grounds.column(option, "per_gpu", option.per_gpu)
    return line_of(
        option, grounds, usage_usd=lambda load: needed(load) * each, capacity=needed, capacity_unit="replicas",
        grade=Grade.ESTIMATED if option.headroom is not None else Grade.ASSUMED, notes=_notes(option, grounds),
    )  # fmt: skip


def replicas(option: SelfHostedOption, grounds: Grounds) -> Callable[[Load], np.ndarray]:
    """Return the replicas that a load takes: for availability, or for its busiest minute.

    Returns
    -------
    callable
        Load to whole replicas, in the shape of the joint sample.
    """
    least = _or_policy(grounds, option, "least_replicas", "option_least_replicas")
    headroom = _or_policy(grounds, option, "headroom", "option_headroom")
    rate = grounds.column(option, "rate_per_replica", option.rate_per_replica)
    return lambda load: units(load.peak_per_second * headroom, rate, least=np.ceil(least))


def idle_share(option: SelfHostedOption, grounds: Grounds, load: Load) -> np.ndarray:
    """Return the share of the paid capacity that the mean load leaves unused, 0 to 1."""
    capacity = replicas(option, grounds)(load) * grounds.column(option, "rate_per_replica", option.rate_per_replica)
    mean_per_second = load.requests_per_month / (DAYS_PER_MONTH * SECONDS_PER_DAY)
    return np.clip(1 - mean_per_second / capacity, 0.0, 1.0)


def _or_policy(grounds: Grounds, option: SelfHostedOption, key: str, default: str) -> np.ndarray:
    return grounds.column(option, key, getattr(option, key), float(policy.value(default)))


def _notes(option: SelfHostedOption, grounds: Grounds) -> tuple[str, ...]:
    notes = []
    if grounds.demand is not None:
        notes += _at_plan(option, grounds, planned_load(grounds.demand))
    if option.least_replicas is None:
        least = count(policy.value("option_least_replicas"), "replica")
        notes.append(f"At least {least} run, so that one may fail; least_replicas would say otherwise.")
    if option.headroom is None:
        assumed = policy.value("option_headroom")
        notes.append(f"Capacity of {assumed:g} times the peak is assumed; headroom would "
                     "say it.")  # fmt: skip
    if option.running is None:
        notes.append("People who run the machines are not counted: running is not stated.")
    return tuple(notes)


def _at_plan(option: SelfHostedOption, grounds: Grounds, load: Load) -> list[str]:
    needed = summarise(replicas(option, grounds)(load))
    if needed.median > policy.value("option_most_units"):
        return [f"The planned load would take {number(needed.median)} replicas, which nobody runs: check "
                "rate_per_replica (requests a second) and the workload."]  # fmt: skip
    idle = summarise(idle_share(option, grounds, load))
    return [f"About {share(round(idle.median, 2))} of the machines' time is paid for and idle at the planned load, "
            "because they stand ready for its peak."]  # fmt: skip
