"""The inputs of the value model as columns of the joint sample, each with its grade and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.roi import ESTIMATES
from flightready.cost.errors import error_price
from flightready.cost.reviewing import RATE, by_threshold, cost_of_a_review, usd_per_unit
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.draws import JointSample, summarise
from flightready.evidence import Grade
from flightready.quantity import Quantity, pooled
from flightready.traffic.demand import Demand


@dataclass(frozen=True)
class RoiInput:
    """One input as readers see it: median and 90 % interval in `unit`, grade and source."""

    key: str
    label: str
    low: float
    median: float
    high: float
    unit: str
    grade: Grade
    source: str


@dataclass(frozen=True)
class ValueInputs:
    """Every input of the value model; arrays have the joint sample's shape (replicates, draws).

    Parameters
    ----------
    accuracy, accuracy_promised : array
        Share of right answers on raw data, and on the demo set.
    accuracy_unreviewed : array
        Share of right answers on raw data among those that nobody reviews; equal to `accuracy` unless a threshold on
        the confidence decides which are reviewed.
    cost_usd, cost_promised_usd : array
        Cost of one request in production (calls, and what `cost.running` states for each), and as the pilot paid it.
    calls_usd : array
        What of `cost_usd` is paid for calls, at today's prices.
    price_change : array or None
        Share by which prices of calls change in a year, above -1; None for no change.
    in_time, in_time_promised : array
        Share of requests answered within the budget at planned load, and in the pilot.
    adoption, review_share, realisation : array
        Shares of cases; realisation is the part of the benefit that turns into money.
    benefit_usd : array or None
        Worth of one rightly handled case; None when nobody said.
    error_cost_usd, review_cost_usd : array
        Cost of one wrong answer that is used, and of one review. Where the assessment states how soon a review begins,
        it is that of the team that is there in time, at the planned load.
    ramp_months : array or None
        Time from launch to full adoption; None where `workload.adoption` states the curve.
    delay_months : array
        Time from today to launch.
    build_usd, operations_usd_per_month : array
        Cost of building, paid today, and of running apart from requests: what `cost.running` states for a month, and
        `roi.operations` for all that it does not name.
    discount_rate : array
        Per year.
    horizon_months : int
    rows : tuple of RoiInput
        What is shown.
    """

    accuracy: np.ndarray
    accuracy_promised: np.ndarray
    accuracy_unreviewed: np.ndarray
    cost_usd: np.ndarray
    cost_promised_usd: np.ndarray
    calls_usd: np.ndarray
    price_change: np.ndarray | None
    in_time: np.ndarray
    in_time_promised: np.ndarray
    adoption: np.ndarray
    review_share: np.ndarray
    realisation: np.ndarray
    benefit_usd: np.ndarray | None
    error_cost_usd: np.ndarray
    review_cost_usd: np.ndarray
    ramp_months: np.ndarray | None
    delay_months: np.ndarray
    build_usd: np.ndarray
    operations_usd_per_month: np.ndarray
    discount_rate: np.ndarray
    horizon_months: int
    rows: tuple[RoiInput, ...]

    def grade(self, key: str) -> Grade:
        """Return the grade of one input by its key."""
        return next(row.grade for row in self.rows if row.key == key)


class _Gathering:
    """Draws inputs one by one and keeps the row that is shown for each."""

    def __init__(self, pilot: Pilot, joint: JointSample) -> None:
        self.spec, self.joint, self.rows = pilot.spec, joint, []

    def keep(self, key: str, label: str, draws: np.ndarray, unit: str, grade: Grade, source: str) -> np.ndarray:
        s = summarise(draws)
        self.rows.append(RoiInput(key, label, s.low, s.median, s.high, unit, grade, source))
        return draws

    def stated(self, key: str, label: str, given: Quantity | None, default: str, kind: str) -> np.ndarray:
        """Draw what the assessment says, else the policy's default, marked as assumed."""
        used = given if given is not None else policy.quantity(default, kind)
        grade = Grade.ESTIMATED if given is not None else Grade.ASSUMED
        source = (given.source or "assessment") if given is not None else used.source
        unit = used.unit
        if given is None and "USD" in unit and self.spec.currency != "USD":
            draws = self.joint.column(f"roi.{key}", used) / self.usd_per_unit
            return self.keep(key, label, draws, unit.replace("USD", self.spec.currency), grade, f"{source}; {RATE}")
        return self.keep(key, label, self.joint.column(f"roi.{key}", used), unit, grade, source)

    @property
    def usd_per_unit(self) -> float:
        """Rough rate of the policy, for what is only known in USD."""
        return usd_per_unit(self.spec)

    def estimate(self, key: str, label: str, default: str) -> np.ndarray:
        people = self.spec.roi.estimates.get(key)
        return self.stated(key, label, pooled(people) if people else None, default, ESTIMATES[key])

    def zero(self) -> np.ndarray:
        return np.zeros((self.joint.replicates, self.joint.draws))


def gather(
    pilot: Pilot, joint: JointSample, demand: Demand | None, evaluation: Any, cost: Any, latency: Any
) -> ValueInputs:
    """Collect measured results first, then what the assessment states, then the policy's defaults."""
    g, roi = _Gathering(pilot, joint), pilot.spec.roi
    if demand is not None:
        _load(g, demand)
    accuracy, promised = _accuracy(g, evaluation)
    review_share, unreviewed = _reviewed(g, evaluation, accuracy)
    cost_usd, cost_promised, calls_usd = _cost(g, cost)
    in_time, in_time_promised = _in_time(g, latency)
    build = g.stated("build_cost", "Cost to build, paid at the start", roi.build_cost, "default_build_cost_usd",
                     "amount of money")  # fmt: skip
    return ValueInputs(
        accuracy=accuracy, accuracy_promised=promised, accuracy_unreviewed=unreviewed,
        cost_usd=cost_usd, cost_promised_usd=cost_promised, calls_usd=calls_usd, price_change=_price_change(g),
        in_time=in_time, in_time_promised=in_time_promised,
        adoption=g.estimate("adoption", "Share of cases that use it, after the ramp", "default_adoption"),
        review_share=review_share,
        realisation=g.estimate("realisation", "Share of the benefit that turns into money", "default_realisation"),
        benefit_usd=_benefit(g), error_cost_usd=_error_cost(g, evaluation),
        review_cost_usd=_review_cost(g, demand, cost),
        ramp_months=_ramp(g, demand),
        delay_months=g.estimate("delay", "Months from today to launch", "default_delay"),
        build_usd=build, operations_usd_per_month=_operations(g, build, cost),
        discount_rate=g.stated("discount_rate", "Discount rate", roi.discount_rate, "default_discount_rate",
                               "yearly rate"),
        horizon_months=horizon_months(pilot), rows=tuple(g.rows),
    )  # fmt: skip


def horizon_months(pilot: Pilot) -> int:
    """Return the whole months that are looked ahead: the assessment's horizon, else the policy's."""
    horizon = pilot.spec.roi.horizon or policy.quantity("default_horizon", "period")
    return max(1, round(horizon.median))


def _load(g: _Gathering, demand: Demand) -> None:
    """Show the load and, where the log or the policy stands in for what nobody said, that factor on its own row."""
    g.keep("requests_per_month", "Requests a month at the planned load", demand.requests_per_month, "requests",
           demand.grade, "assessment, workload")  # fmt: skip
    for name, label, unit in (
        ("requests_per_user", "Requests of a user and day", ""),
        ("growth_per_month", "Growth of the load", "per month"),
    ):
        if name in demand.measured:
            g.keep(name, label, getattr(demand, name), unit, Grade.MEASURED, "usage log of the pilot")
        if f"default_{name}" in demand.defaults:
            g.keep(name, label, getattr(demand, name), unit, Grade.ASSUMED, policy.constant(f"default_{name}").source)
    for number, launch in enumerate(demand.launches):
        g.keep(f"launch_{number}", f"Users a day added by: {launch.name}", launch.adds, "users", Grade.ESTIMATED,
               "assessment, workload.launches")  # fmt: skip


def _ramp(g: _Gathering, demand: Demand | None) -> np.ndarray | None:
    """Return the months to full use, unless the workload states how adoption grows: then that is the one curve."""
    if demand is None or demand.curve is None:
        return g.estimate("ramp", "Months from launch to full use", "default_ramp")
    after_a_year = demand.adoption(MONTHS_PER_YEAR)[..., -1]
    g.keep("adopted_in_a_year", "Planned users who use it a year after launch", after_a_year, "share", Grade.ESTIMATED,
           "assessment, workload.adoption")  # fmt: skip
    return None


def _accuracy(g: _Gathering, evaluation: Any) -> tuple[np.ndarray, np.ndarray]:
    raw, demo = evaluation.raw_accuracy_replicates, evaluation.curated_accuracy_replicates
    if raw is not None:
        drawn = g.joint.measured("evaluation.raw_accuracy", raw)
        accuracy = g.keep("accuracy", "Right answers on raw data", drawn, "share", evaluation.grade, "evaluation")
    else:
        accuracy = g.estimate("accuracy", "Right answers on raw data", "default_accuracy")
    if demo is None:
        return accuracy, accuracy
    promised = g.joint.measured("evaluation.curated_accuracy", demo)
    return accuracy, g.keep("accuracy_promised", "Right answers on the demo set", promised, "share", Grade.MEASURED,
                            "evaluation")  # fmt: skip


def _reviewed(g: _Gathering, evaluation: Any, accuracy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of answers that people review, and share right among the others, as a stated threshold divides them."""
    label = "Share of answers that a person reviews"
    measured = by_threshold(g.joint, evaluation)
    if measured is None:
        return g.estimate("review_share", label, "default_review_share"), accuracy
    drawn, automated = measured
    g.keep("accuracy_unreviewed", "Right answers among those that nobody reviews", automated, "share",
           evaluation.grade, "evaluation")  # fmt: skip
    return g.keep("review_share", label, drawn, "share", evaluation.grade, "evaluation"), automated


def _cost(g: _Gathering, cost: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cost of one request in production and as the pilot paid it, and what of the former is paid for calls."""
    label = "Cost of one request"
    if cost.per_request_usd is None:
        assumed = g.estimate("cost_per_request", label, "default_cost_per_request_usd")
        return assumed, assumed, assumed
    rate, grade, source = 1.0, cost.grade, "cost at scale"
    if cost.currency != g.spec.currency:
        rate, grade, source = g.usd_per_unit, Grade.ASSUMED, f"cost at scale in {cost.currency}; {RATE}"
    beside = cost.running.per_request_usd if cost.running else g.zero()  # in the assessment's currency
    source += ", with tools and storage" if beside.any() else ""
    calls = cost.per_request_usd / rate
    draws = g.keep("cost_per_request", label, calls + beside, g.spec.currency, grade, source)
    return draws, np.full_like(draws, cost.pilot_per_request_usd / rate), calls


def _price_change(g: _Gathering) -> np.ndarray | None:
    given = g.spec.cost.price_change
    if given is None:
        return None
    return g.keep("price_change", "Change of the prices of calls", g.joint.column("cost.price_change", given),
                  given.unit, Grade.ESTIMATED, given.source or "assessment")  # fmt: skip


def _in_time(g: _Gathering, latency: Any) -> tuple[np.ndarray, np.ndarray]:
    label = "Requests answered within the budget at planned load"
    always = g.zero() + 1.0
    pilot = always if latency.pilot_in_time_share is None else np.full_like(always, latency.pilot_in_time_share)
    if latency.in_time_share is None:
        if latency.pilot_in_time_share is not None:
            g.keep("in_time", "Requests answered within the budget, as in the pilot", pilot, "share", Grade.ESTIMATED,
                   "latency, pilot load")  # fmt: skip
        return pilot, always
    drawn = g.keep("in_time", label, latency.in_time_share, "share", Grade.ESTIMATED, "latency under load")
    return drawn, always


def _benefit(g: _Gathering) -> np.ndarray | None:
    given = g.spec.roi.benefit_per_case
    if given is None:
        return None
    return g.keep("benefit", "Worth of one rightly handled case", g.joint.column("roi.benefit_per_case", given),
                  given.unit, Grade.ESTIMATED, given.source or "assessment")  # fmt: skip


def _error_cost(g: _Gathering, evaluation: Any) -> np.ndarray:
    label, price = "Cost of one wrong answer", error_price(g.spec, g.joint, evaluation)
    if price is None:
        return g.keep("error_cost", label, g.zero(), g.spec.currency, Grade.ASSUMED, "not stated: counted as nothing")
    return g.keep("error_cost", label, price.draws, g.spec.currency, price.grade, price.source)


def _review_cost(g: _Gathering, demand: Demand | None, cost: Any) -> np.ndarray:
    """Cost of one review; of the team that is there in time, where the assessment promises a time."""
    each, labour = cost_of_a_review(g.spec, g.joint), getattr(cost, "labour", None)
    staffing = labour.staffing if labour is not None and demand is not None else None
    if staffing is None or g.spec.evaluation.review.begin_within is None:
        return g.keep("review_cost", "Cost of one review", each.draws, g.spec.currency, each.grade, each.source)
    reviews = staffing.team.share * demand.requests_per_month
    draws = np.divide(labour.monthly_usd, reviews, out=each.draws.copy(), where=reviews > 0)
    return g.keep("review_cost", "Cost of one review, by a team that begins in time", draws, g.spec.currency,
                  labour.grade, "cost at scale, people who review")  # fmt: skip


def _operations(g: _Gathering, build: np.ndarray, cost: Any) -> np.ndarray:
    """Running apart from requests: what `cost.running` states once, and `roi.operations` for what it does not name."""
    given, label = g.spec.roi.operations, "Running it apart from requests, per month"
    fixed = g.zero() + (cost.running.fixed_usd if cost.running else 0.0)
    if fixed.any():
        g.keep("running", "Monitoring, on-call and what else cost.running states, per month", fixed,
               f"{g.spec.currency} per month", Grade.ESTIMATED, "assessment, cost.running")  # fmt: skip
        label = "Running it beside that, per month"
    if given is not None:
        return fixed + g.stated("operations", label, given, "", "")
    part = g.joint.column("roi.operations_share", policy.quantity("default_operations_share_per_year", "share"))
    # the default stands for all of running, so what is stated is a part of it
    draws = np.maximum(build * part / MONTHS_PER_YEAR - fixed, 0.0)
    source = policy.constant("default_operations_share_per_year").source
    return fixed + g.keep("operations", label, draws, f"{g.spec.currency} per month", Grade.ASSUMED, source)
