"""A month with typed values in place of the forecast's: another load, model, cached or reviewed share, or growth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost.labour import Labour
from flightready.cost.repricing import Repriced, as_in_the_pilot
from flightready.cost.result import Basis, CostResult
from flightready.cost.reviewing import cost_of_a_review
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.draws import JointSample, Summary, summarise
from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.demand import Demand


@dataclass(frozen=True)
class Month:
    """A month in production at a fixed load.

    Parameters
    ----------
    draws : array of shape (replicates, draws)
        Cost of the month, what runs beside the calls included.
    monthly, per_request : Summary
        Of a month, and of the calls of a request.
    exceeded_share : float or None
        Share of the draws above the approved amount; None when none is approved or comparable.
    year : Summary or None
        Twelve months that begin at this load; None when no growth is given.
    """

    draws: np.ndarray
    monthly: Summary
    per_request: Summary
    exceeded_share: float | None
    year: Summary | None = None


def month(
    result: CostResult, *, users_per_day: float, requests_per_user: float, model: Repriced | None = None,
    cached_share: float | None = None, growth_per_month: float | None = None, approved_usd: float | None = None,
) -> Month:  # fmt: skip
    """Return a month at a typed load.

    Parameters
    ----------
    result : CostResult
        With a cost of one request.
    users_per_day, requests_per_user : float
        Above 0.
    model : Repriced, optional
        The pilot's calls at another model's prices; the pilot's own when it is not given.
    cached_share : float, optional
        Share of input tokens that come from the cache, 0 to 1; as in the pilot when it is not given.
    growth_per_month : float, optional
        Share by which the load changes from one month to the next, above -1.
    approved_usd : float, optional
        Approved for a month, in the result's currency.
    """
    assert result.response is not None
    each = result.basis.draws * calls_factor(result.basis, model, cached_share)
    response = replace(result.response, calls_usd=each)
    load = users_per_day * requests_per_user * DAYS_PER_MONTH
    draws = response.at(load)
    above = None if approved_usd is None else float(np.mean(draws > approved_usd))
    year = None
    if growth_per_month is not None:
        loads = load * (1 + growth_per_month) ** np.arange(MONTHS_PER_YEAR)
        year = summarise(sum(response.at(at) for at in loads))
    return Month(draws, summarise(draws), summarise(each), above, year)


@dataclass(frozen=True)
class Reviews:
    """People who review in a month at a fixed load, on top of the bill; money in the assessment's currency.

    Parameters
    ----------
    share : Summary
        Share of answers that people review, 0 to 1.
    monthly : Summary
        What they cost.
    at_work : Summary or None
        People at work at the same time; None where nothing says how long a review takes, or they are beyond measure.
    """

    share: Summary
    monthly: Summary
    at_work: Summary | None


@dataclass(frozen=True)
class Reviewing:
    """What reviews by people rest on; arrays of shape (replicates, draws).

    Parameters
    ----------
    labour : Labour
        At the planned load.
    each_usd : array
        Cost of one review.
    peak_of_a_request : array
        Requests a second in the peak hour that one request a month brings.
    """

    labour: Labour
    each_usd: np.ndarray
    peak_of_a_request: np.ndarray

    def at(self, requests_per_month: float, share: float | None = None) -> Reviews:
        """Return what people who review take at a fixed load, over a part of the draws as in the curve over users.

        Parameters
        ----------
        requests_per_month : float
        share : float, optional
            Share of answers that people review, 0 to 1; as it is known when it is not given.
        """
        number = max(1, policy.value("staffing_curve_draws") // len(self.each_usd))
        staffing, shape = self.labour.staffing, self.each_usd.shape
        reviewed = self.labour.share if share is None else summarise(np.full(shape, share))
        each = self.labour.per_request_usd if share is None else share * self.each_usd
        simple = Reviews(reviewed, summarise(each * requests_per_month), None)
        if staffing is None:
            return simple
        team = staffing.team if share is None else replace(staffing.team, share=np.full(shape, share))
        peak = requests_per_month * self.peak_of_a_request
        if np.median(team.share * peak * team.time_s) > policy.value("reviewers_at_once_most"):
            return simple  # to count them would take long, and say nothing
        few = team.first_draws(number)
        people = few.people(np.asarray(requests_per_month), peak[:, :number])
        return Reviews(reviewed, summarise(people * few.place_usd), summarise(people))


def reviewing(pilot: Pilot, joint: JointSample, demand: Demand | None, labour: Labour | None) -> Reviewing | None:
    """Return what another share of reviewed answers is worked out from; None while nothing says what is reviewed."""
    if labour is None or demand is None:
        return None
    each = cost_of_a_review(pilot.spec, joint).draws
    peak = np.broadcast_to(demand.peak_per_second / demand.requests_per_month, each.shape)
    return Reviewing(labour, each, peak)


def can_change_caching(basis: Basis | None) -> bool:
    """Whether the prices of cached and uncached input are known, and differ."""
    return basis is not None and bool(basis.input_tokens) and basis.input_rate not in (None, basis.cached_rate)


def calls_factor(basis: Basis, model: Repriced | None = None, cached_share: float | None = None) -> float:
    """Return the cost of the calls of a request over their cost in the pilot.

    With another share of cached input, tokens move between the uncached and the cached price of the model; everything
    else stays.
    """
    priced = model or as_in_the_pilot(basis)
    if not basis.pilot_usd:
        return 1.0
    change = 0.0
    if cached_share is not None and priced.input_rate is not None and priced.cached_rate is not None:
        moved = cached_share * basis.input_tokens - basis.cached_tokens
        change = moved * (priced.cached_rate - priced.input_rate)
    return (priced.per_request_usd + change) / basis.pilot_usd
