"""How often the answers of an option are right: measured on raw records, as stated, or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from flightready.assessment.options import ApiOption, Option, ProvisionedOption
from flightready.cost.errors import error_price
from flightready.cost.reviewing import review_share
from flightready.draws import summarise
from flightready.errors import InputError, listed, nearest
from flightready.evidence import Grade, Interval
from flightready.options.api import keeps_the_model
from flightready.options.line import Grounds
from flightready.wording import money

if TYPE_CHECKING:  # it is many modules
    from flightready.evaluation.shares.accuracy import Accuracy
    from flightready.evaluation.triage.candidates_result import Compared

_HALF = 0.5  # Jeffreys


@dataclass(frozen=True)
class Right:
    """Share of right answers on raw data.

    Parameters
    ----------
    value : float
    interval : Interval
        90 %.
    grade : Grade
        measured, or estimated where it is stated.
    draws : array
        Shape of the joint sample.
    """

    value: float
    interval: Interval
    grade: Grade
    draws: np.ndarray


def pilots_right(grounds: Grounds) -> Right | None:
    """Return how often the pilot is right on raw data, None where it is not known."""
    found = grounds.evaluation
    if found is None or found.raw is None or found.raw_accuracy_replicates is None:
        return None
    draws = grounds.joint.measured("evaluation.raw_accuracy", found.raw_accuracy_replicates)
    return Right(found.raw.share, found.raw.interval, found.grade, draws)


def right(option: Option, grounds: Grounds) -> tuple[Right | None, tuple[str, ...]]:
    """Return how often an option is right, None where it is unknown, and what must be said about it.

    A measured candidate goes before a stated share; the pilot's own model stays as right as it is.

    Raises
    ------
    InputError
        When the option names a candidate that evaluation.candidates does not.
    """
    if option.candidate is not None:
        compared = _compared(option, grounds)
        if compared is not None:
            return _measured(option, grounds, compared.right), ()
        if option.accuracy is None:
            return None, (f"The answers of '{option.candidate}' could not be compared with the right ones.",)
    if option.accuracy is not None:
        draws = grounds.column(option, "accuracy", option.accuracy)
        return Right(option.accuracy.median, Interval(*option.accuracy.range90), Grade.ESTIMATED, draws), (
            "Its accuracy is as stated, not measured on raw records.",
        )  # fmt: skip
    same = isinstance(option, ProvisionedOption) or (
        isinstance(option, ApiOption) and keeps_the_model(option, grounds.cost.basis)
    )
    if same:
        return pilots_right(grounds), ()
    return None, ("How often it is right is not known: name its answers under evaluation.candidates.",)


def wrong_answers(found: Right | None, grounds: Grounds) -> tuple[str, ...]:
    """Return what an option's wrong answers cost against the pilot's, one sentence; empty where that is not known.

    People are taken to review as many answers as in the pilot. Both shares of right answers are drawn apart.
    """
    spec, own = grounds.pilot.spec, pilots_right(grounds)
    price = error_price(spec, grounds.joint, grounds.evaluation)
    same = found is None or own is None or found.draws is own.draws
    if same or price is None or grounds.demand is None:
        return ()
    reviewed = review_share(spec, grounds.joint, grounds.evaluation)
    used = grounds.demand.requests_per_month * (1.0 if reviewed is None else 1.0 - reviewed.draws)
    more = summarise((own.draws - found.draws) * used * price.draws)
    low, high = (money(abs(end), spec.currency) for end in (more.low, more.high))
    beside = "each month, which is not in the prices here"
    if more.low > 0:
        return (f"Its wrong answers cost {low} to {high} more than the pilot's {beside}.",)
    if more.high < 0:
        return (f"Its wrong answers cost {high} to {low} less than the pilot's {beside}.",)
    return (f"Its wrong answers cost from {low} less to {high} more than the pilot's {beside}.",)


def candidate_of(option: Option, grounds: Grounds) -> Compared | None:
    """Return the measured candidate that an option names."""
    return None if option.candidate is None else _compared(option, grounds)


def _compared(option: Option, grounds: Grounds) -> Compared | None:
    names = [c.name for c in grounds.pilot.spec.evaluation.candidates]
    if option.candidate not in names:
        raise InputError(
            f"'{option.candidate}' is no candidate of the evaluation", where=grounds.where(option, "candidate"),
            valid=listed([f"'{n}'" for n in names]) if names else "a name under evaluation.candidates",
            cure=nearest(option.candidate, names) or "name the file with its answers under evaluation.candidates",
        )  # fmt: skip
    found = grounds.evaluation.candidates if grounds.evaluation is not None else None
    return next((c for c in found.compared if c.name == option.candidate), None) if found is not None else None


def _measured(option: Option, grounds: Grounds, counted: Accuracy) -> Right:
    """Draws by Jeffreys' interval, over as many records as would say as much where records belong together."""
    good = counted.share * counted.effective_n
    uniform = grounds.joint.uniform(f"options.{option.name}.accuracy")
    draws = special.betaincinv(good + _HALF, counted.effective_n - good + _HALF, uniform)
    return Right(counted.share, counted.interval, Grade.MEASURED, draws)
