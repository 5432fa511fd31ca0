"""Demand: requests per day, month and peak second at the planned workload, as columns of the joint sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Grade
from flightready.quantity import DAYS_PER_MONTH

SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True)
class Demand:
    """The planned load; every array has the joint sample's shape (replicates, draws).

    Parameters
    ----------
    users_per_day, requests_per_user : array
        Daily users and requests that each makes a day.
    growth_per_month : array
        Share by which the load changes from one month to the next.
    peak_to_mean : array
        Arrival rate in the peak hour over the mean rate of the day.
    grade : Grade
        estimated, or assumed where a policy default stands in for users or requests.
    defaults : tuple of str
        Ids of policy defaults that were used because the assessment does not say.
    """

    users_per_day: np.ndarray
    requests_per_user: np.ndarray
    growth_per_month: np.ndarray
    peak_to_mean: np.ndarray
    grade: Grade
    defaults: tuple[str, ...]

    @property
    def requests_per_day(self) -> np.ndarray:
        """Requests a day in the first month."""
        return self.users_per_day * self.requests_per_user

    @property
    def requests_per_month(self) -> np.ndarray:
        """Requests in the first month."""
        return self.requests_per_day * DAYS_PER_MONTH

    @property
    def mean_per_second(self) -> np.ndarray:
        """Mean arrival rate over the day, requests per second."""
        return self.requests_per_day / SECONDS_PER_DAY

    @property
    def peak_per_second(self) -> np.ndarray:
        """Arrival rate in the peak hour, requests per second."""
        return self.mean_per_second * self.peak_to_mean

    def summary(self) -> Summary:
        """Summary of requests a month."""
        return summarise(self.requests_per_month)


def plan(pilot: Pilot, joint: JointSample) -> Demand | None:
    """Return the planned demand, or None when the assessment names no users per day."""
    workload = pilot.spec.workload
    if workload.users_per_day is None:
        return None
    defaults: list[str] = []

    def drawn(name: str, given, kind: str) -> np.ndarray:
        if given is None:
            defaults.append(f"default_{name}")
            given = policy.quantity(f"default_{name}", kind)
        return joint.column(f"workload.{name}", given)

    return Demand(
        users_per_day=joint.column("workload.users_per_day", workload.users_per_day),
        requests_per_user=drawn("requests_per_user", workload.requests_per_user, "ratio"),
        growth_per_month=drawn("growth_per_month", workload.growth_per_month, "growth rate"),
        peak_to_mean=drawn("peak_to_mean", workload.peak_to_mean, "ratio"),
        grade=Grade.ASSUMED if "default_requests_per_user" in defaults else Grade.ESTIMATED,
        defaults=tuple(defaults),
    )
