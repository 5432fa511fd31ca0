"""Demand: the planned load by month and at its peaks, as columns of the joint sample; the one definition of a load.

What the assessment states is taken; where it does not say, the profile of the pilot's log stands in, and after that the
policy. Months count from the first launch on, unless a delay puts it later, and the middle of a month stands for it.

- Adoption is the share of planned users who use it; without a stated curve everybody does from the launch on.
- A launch adds its users from its own month on. They come to it along the same adoption curve, from their own launch,
  and growth changes their number from that month on; growth goes by the calendar and does not wait for a delay.
- Requests differ from day to day by an explicit term. It averages out over a month (`month_to_month`), so no month of
  `requests_in_months` is drawn with it; the busiest day of a month keeps it (`peak_day_per_second`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Grade, Interval
from flightready.quantity import DAYS_PER_MONTH, Quantity
from flightready.traffic.adoption import Curve, age_at_middle, curve, live_share
from flightready.traffic.monthly import month_by_month
from flightready.traffic.peaks import SECONDS_PER_MINUTE, busiest_day, busiest_minute, log_spread
from flightready.traffic.profile import LoadProfile
from flightready.traffic.variation import Measured

SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True)
class LaunchPlan:
    """Users a day that a later launch adds, and its month; arrays of shape (replicates, draws)."""

    name: str
    after: np.ndarray
    adds: np.ndarray


@dataclass(frozen=True)
class Contradiction:
    """A figure that the assessment states and the log shows otherwise: their 90 % intervals do not meet."""

    name: str
    stated: Interval
    measured: Interval


@dataclass(frozen=True)
class Demand:
    """The planned load; every array has the joint sample's shape (replicates, draws).

    Parameters
    ----------
    users_per_day, requests_per_user : array
        Daily users when everybody planned uses it, and requests that each makes a day.
    growth_per_month : array
        Share by which the load changes from one month to the next.
    peak_to_mean : array
        Arrival rate in the peak hour over the mean rate of the day.
    grade : Grade
        estimated, or assumed where a policy default stands in for users or requests.
    defaults : tuple of str
        Ids of policy defaults that were used because neither the assessment nor the log says.
    peak_minute : array or float
        Busiest minute of the peak hour over its mean minute.
    day_to_day : array or float
        Standard deviation of the logarithm of one day's requests, apart from its weekday.
    peak_day : array or float
        Busiest day of a month over the mean day: the busiest weekday times the largest of a month's daily factors.
    curve : Logistic, Stated, Ramp or None
        Share of users by months since launch; None when everybody uses it from the launch on.
    launches : tuple of LaunchPlan
    measured : tuple of str
        Figures that the pilot's log gave because the assessment does not say.
    contradictions : tuple of Contradiction
    peak_minute_most : array or None
        `peak_minute` if none of the pilot's bursts evened out as more users come; None where the policy's range for
        that share is not used.
    """

    users_per_day: np.ndarray
    requests_per_user: np.ndarray
    growth_per_month: np.ndarray
    peak_to_mean: np.ndarray
    grade: Grade
    defaults: tuple[str, ...]
    peak_minute: np.ndarray | float = 1.0
    day_to_day: np.ndarray | float = 0.0
    peak_day: np.ndarray | float = 1.0
    curve: Curve | None = None
    launches: tuple[LaunchPlan, ...] = ()
    measured: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    peak_minute_most: np.ndarray | None = None

    @property
    def requests_per_day(self) -> np.ndarray:
        """Requests of the mean day, when everybody planned uses it, before growth and launches."""
        return self.users_per_day * self.requests_per_user

    @property
    def requests_per_month(self) -> np.ndarray:
        """Requests of a month at the planned load: everybody planned uses it, before growth and launches."""
        return self.requests_per_day * DAYS_PER_MONTH

    @property
    def mean_per_second(self) -> np.ndarray:
        """Mean arrival rate over the day, requests per second."""
        return self.requests_per_day / SECONDS_PER_DAY

    @property
    def peak_per_second(self) -> np.ndarray:
        """Arrival rate in the peak hour of the mean day, requests per second."""
        return self.mean_per_second * self.peak_to_mean

    @property
    def peak_minute_per_second(self) -> np.ndarray:
        """Arrival rate in the busiest minute of that hour, requests per second."""
        return self.peak_per_second * self.peak_minute

    @property
    def peak_day_per_second(self) -> np.ndarray:
        """Arrival rate in the peak hour of the busiest day of a month, requests per second."""
        return self.peak_per_second * self.peak_day

    @property
    def month_to_month(self) -> np.ndarray:
        """Standard deviation, as a share, by which one month differs from another for its days alone."""
        return np.sqrt(np.expm1(np.square(self.day_to_day)) / DAYS_PER_MONTH)

    def summary(self) -> Summary:
        """Summary of requests a month."""
        return summarise(self.requests_per_month)

    def adoption(self, months: int, *, delay_months: np.ndarray | float = 0.0) -> np.ndarray:
        """Return the share of planned users who use it in each month from 1 on, shape (replicates, draws, months).

        Parameters
        ----------
        months : int
        delay_months : float or array of shape (replicates, draws)
            Months until the launch.
        """
        used = live_share(months, delay_months)
        if self.curve is not None:
            used = used * self.curve.share(age_at_middle(months, delay_months))
        return np.broadcast_to(used, (*self.users_per_day.shape, months))

    def users_in_months(self, months: int, *, delay_months: np.ndarray | float = 0.0) -> np.ndarray:
        """Return users of the mean day of each month from 1 on, shape (replicates, draws, months)."""
        by_month = month_by_month(self, months, delay_months=delay_months)
        return np.stack([np.broadcast_to(m.users, self.users_per_day.shape) for m in by_month], axis=-1)

    def requests_in_months(self, months: int, *, delay_months: np.ndarray | float = 0.0) -> np.ndarray:
        """Return requests of each month from 1 on, shape (replicates, draws, months)."""
        users = self.users_in_months(months, delay_months=delay_months)
        return users * (self.requests_per_user * DAYS_PER_MONTH)[..., None]


def plan(pilot: Pilot, joint: JointSample, profile: LoadProfile | None = None) -> Demand | None:
    """Return the planned demand, or None when the assessment names no users per day.

    Parameters
    ----------
    profile : LoadProfile, optional
        What the pilot's log shows; it stands in where the assessment does not say.
    """
    workload = pilot.spec.workload
    if workload.users_per_day is None:
        return None
    drawn = _Drawing(pilot, joint, profile)
    users = joint.column("workload.users_per_day", workload.users_per_day)
    requests, growth = drawn.figure("requests_per_user", "ratio"), drawn.figure("growth_per_month", "growth rate")
    peak = drawn.figure("peak_to_mean", "ratio")
    day_to_day = drawn.figure("day_to_day", "share", read=log_spread)
    weekday = drawn.figure("busiest_weekday", "ratio", shown="weekday_to_mean")
    peak_day = np.maximum(weekday, 1.0) * busiest_day(joint.uniform("workload.busiest_day"), day_to_day)
    minute = drawn.peak_minute(users * requests / SECONDS_PER_DAY * peak * SECONDS_PER_MINUTE)
    return Demand(
        users_per_day=users, requests_per_user=requests, growth_per_month=growth, peak_to_mean=peak,
        grade=Grade.ASSUMED if "default_requests_per_user" in drawn.defaults else Grade.ESTIMATED,
        defaults=tuple(drawn.defaults), peak_minute=minute, day_to_day=day_to_day, peak_day=np.maximum(peak_day, 1.0),
        curve=curve(workload.adoption, joint), launches=_launches(pilot, joint), measured=tuple(drawn.measured),
        contradictions=tuple(drawn.contradictions), peak_minute_most=drawn.peak_minute_most,
    )  # fmt: skip


def _launches(pilot: Pilot, joint: JointSample) -> tuple[LaunchPlan, ...]:
    plans = []
    for number, launch in enumerate(pilot.spec.workload.launches):
        name = f"workload.launches.{number}"
        after, adds = joint.column(f"{name}.after", launch.after), joint.column(f"{name}.adds", launch.adds)
        plans.append(LaunchPlan(launch.name, after, adds))
    return tuple(plans)


class _Drawing:
    """Draws each figure from the assessment, else from the log, else from the policy, and keeps where it came from."""

    def __init__(self, pilot: Pilot, joint: JointSample, profile: LoadProfile | None) -> None:
        self.workload, self.joint, self.profile = pilot.spec.workload, joint, profile
        self.defaults: list[str] = []
        self.measured: list[str] = []
        self.contradictions: list[Contradiction] = []
        self.peak_minute_most: np.ndarray | None = None

    def figure(
        self, name: str, kind: str, *, shown: str = "", read: Callable[[np.ndarray], np.ndarray] = np.asarray
    ) -> np.ndarray:
        """Draw one figure; `shown` is its name in the profile, `read` turns what a person writes into it."""
        given: Quantity | None = getattr(self.workload, name, None)
        found: Measured | None = getattr(self.profile, shown or name, None)
        if given is None and found is not None:
            self.measured.append(name)
            return self.joint.measured(f"workload.{name}", found.replicates)
        if given is None:
            self.defaults.append(f"default_{name}")
            return read(self.joint.column(f"workload.{name}", policy.quantity(f"default_{name}", kind)))
        draws = read(self.joint.column(f"workload.{name}", given))
        if found is not None:
            self._compare(name, draws, found.interval)
        return draws

    def peak_minute(self, per_minute: np.ndarray) -> np.ndarray:
        """Draw the busiest minute over the mean minute of a peak hour with so many requests a minute.

        A part of the pilot's bursts comes from single users and evens out as more come, the rest stays with the load;
        no log of few users tells how large that part is, so the policy's range for it is drawn.
        """
        given = self.workload.peak_minute
        stated = None if given is None else self.joint.column("workload.peak_minute", given)
        if self.profile is None or self.profile.burst_index is None:
            if stated is not None:
                return stated
            self.defaults.append("default_minute_spread")
            spread = policy.quantity("default_minute_spread", "share")
            chance = self.joint.uniform("workload.busiest_minute")
            return busiest_minute(chance, per_minute, spread=self.joint.column("workload.minute_spread", spread))
        share = self.joint.column("workload.burst_shared", policy.quantity("default_burst_shared", "share"))
        found = self._from_bursts(per_minute, share)
        if stated is None:
            self.peak_minute_most = np.maximum(found, self._from_bursts(per_minute, np.ones_like(share)))
            self.measured.append("peak_minute")
            self.defaults.append("default_burst_shared")
            return found
        self._compare("peak_minute", stated, _ends(found))
        return stated

    def _from_bursts(self, per_minute: np.ndarray, shared: np.ndarray) -> np.ndarray:
        order = np.argsort(self.profile.burst_dispersion.replicates, kind="stable")
        index = self.joint.beside("workload.bursts", self.profile.burst_index.replicates[order])
        dispersion = self.joint.beside("workload.bursts", self.profile.burst_dispersion.replicates[order])
        return busiest_minute(
            self.joint.uniform("workload.busiest_minute"), per_minute,
            index=1 + (1 - shared) * (index - 1), spread=np.sqrt(shared * dispersion),
        )  # fmt: skip

    def _compare(self, name: str, stated: np.ndarray, measured: Interval) -> None:
        said = _ends(stated)
        if said.low > measured.high or said.high < measured.low:
            self.contradictions.append(Contradiction(name, said, measured))


def _ends(draws: np.ndarray) -> Interval:
    found = summarise(draws)
    return Interval(found.low, found.high)
