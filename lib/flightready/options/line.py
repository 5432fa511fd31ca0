"""What one option costs as a function of load: the computation behind a row of the comparison, never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flightready.assessment import Pilot
from flightready.assessment.options import Option
from flightready.cost.result import CostResult
from flightready.draws import JointSample
from flightready.evidence import Grade
from flightready.options.commitments import committed
from flightready.quantity import Quantity
from flightready.telemetry.frames import UsageLog
from flightready.traffic.demand import Demand

if TYPE_CHECKING:  # it is many modules
    from flightready.evaluation.result import EvaluationResult


@dataclass(frozen=True)
class Load:
    """A load; every array broadcasts against the joint sample's shape (replicates, draws).

    Parameters
    ----------
    requests_per_month : array
    peak_per_second : array
        Arrival rate in the busiest minute of the mean day's peak hour, requests per second.
    users_per_day : array
        Daily users.
    call_price : array or float
        Price of calls to a provider over today's, 1 for today; what is paid by the call is multiplied by it.
    """

    requests_per_month: np.ndarray
    peak_per_second: np.ndarray
    users_per_day: np.ndarray
    call_price: np.ndarray | float = 1.0


@dataclass(frozen=True)
class Line:
    """What one option costs, as a function of load; amounts are in the currency of the cost analysis.

    Parameters
    ----------
    monthly_usd : callable
        Load to the cost of a month, everything included but the setup.
    capacity : callable or None
        Load to units, replicas or devices; None where nothing is reserved.
    capacity_unit : str
        What capacity counts, in the plural; empty without one.
    setup_usd : array
        Paid once, at the start.
    notes : tuple of str
        What a reader must know about it, one sentence each.
    grade : Grade
    per_request_usd : array or None
        Cost of a request where it is the same at every load; None where it depends on the load.
    models : tuple of str
        Models of a provider that it calls: they retire.
    committed_usd : callable or None
        Load to what is owed over the whole term of a commitment even if nothing is used; None without one.
    """

    monthly_usd: Callable[[Load], np.ndarray]
    capacity: Callable[[Load], np.ndarray] | None
    capacity_unit: str
    setup_usd: np.ndarray
    notes: tuple[str, ...]
    grade: Grade
    per_request_usd: np.ndarray | None = None
    models: tuple[str, ...] = ()
    committed_usd: Callable[[Load], np.ndarray] | None = None


@dataclass(frozen=True)
class Unpriced:
    """An option whose cost cannot be told, and why, one sentence each."""

    notes: tuple[str, ...]


@dataclass(frozen=True)
class Grounds:
    """What every option starts from; `as_of` is the day whose prices apply to what the pilot does not use yet."""

    pilot: Pilot
    joint: JointSample
    demand: Demand | None
    cost: CostResult
    usage: UsageLog | None
    evaluation: EvaluationResult | None
    as_of: dt.date | None = None

    def column(self, option: Option, key: str, given: Quantity | None, default: float = 0.0) -> np.ndarray:
        """Return the draws of one figure of an option, or a constant where the assessment does not give it.

        Parameters
        ----------
        option : Option
        key : str
            Its key in the assessment.
        given : Quantity or None
        default : float
            In the canonical unit.
        """
        if given is None:
            return np.full((self.joint.replicates, self.joint.draws), default)
        return self.joint.column(f"options.{option.name}.{key}", given)

    def where(self, option: Option, *keys: str) -> str:
        """Return the place of an option in the assessment, for messages."""
        stated = self.pilot.spec.cost.options
        place = [stated.index(option), *keys] if option in stated else []
        return self.pilot.where("cost", "options", *place)


def line_of(
    option: Option, grounds: Grounds, *, usage_usd: Callable[[Load], np.ndarray], grade: Grade,
    capacity: Callable[[Load], np.ndarray] | None = None, capacity_unit: str = "",
    per_request_usd: np.ndarray | None = None, models: tuple[str, ...] = (), notes: tuple[str, ...] = (),
) -> Line:  # fmt: skip
    """Return the line of an option from what its use costs: commitment, running cost and setup are added here.

    Parameters
    ----------
    option : Option
    grounds : Grounds
    usage_usd : callable
        Load to the cost of a month by the option's own price, without commitment, `running` and `setup`.
    grade : Grade
    capacity, capacity_unit, per_request_usd, models, notes
        As in `Line`.
    """
    running = grounds.column(option, "running", option.running)
    setup = grounds.column(option, "setup", option.setup)
    use = committed(
        option, grounds, usage_usd, per_request_usd=per_request_usd, is_reserved=capacity is not None
    )  # fmt: skip
    return Line(
        lambda load: use.usage_usd(load) + running, capacity, capacity_unit, setup, (*notes, *use.notes), grade,
        per_request_usd=use.per_request_usd if option.running is None else None, models=models,
        committed_usd=use.owed_usd,
    )  # fmt: skip
