"""Results of the cost analysis: what a request costs and how well that is known, and what a month will cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.cost.backtest import Backtest
from flightready.cost.breakeven import Batch
from flightready.cost.caching import Caching
from flightready.cost.drivers import Driver, Saving
from flightready.cost.errors import ErrorCostMonth
from flightready.cost.forecast import Approval, UserCurve, VolumeCost
from flightready.cost.labour import Labour
from flightready.cost.month import MonthCost
from flightready.cost.observed import Observed
from flightready.cost.prices_sheet import PriceSheet
from flightready.cost.reconciliation import Reconciliation
from flightready.cost.resampling import MixSpread
from flightready.cost.response import Response
from flightready.cost.running import Running
from flightready.cost.spent import Spent
from flightready.cost.uncertainty import CostUncertainty
from flightready.cost.units import UnitCost, Year
from flightready.draws import Summary
from flightready.evidence import Absence, Finding, Grade

CALLS, BUCKETS, TYPED, BILL, NOTHING = "calls", "buckets", "per_request", "bill", "nothing"
"""Where the cost of a request comes from, best first."""


@dataclass(frozen=True)
class Basis:
    """What one request costs, and how well that is known.

    Parameters
    ----------
    origin : str
        `calls`, `buckets`, `per_request` or `bill`.
    grade : Grade
        measured only for a log of calls over the policy's least number of days.
    currency, price_source : str
        Of all amounts; where the prices come from.
    draws : array of shape (replicates, draws)
        Cost of one request in production, retries and failures included.
    pilot_usd : float
        What one request cost in the pilot.
    spread : MixSpread
        How much production may differ from the pilot.
    input_tokens, cached_tokens, output_tokens, input_rate, cached_rate : float or None
        Mean tokens of a request and mean price of an input token, for trying another share of cached input.
    spent : Spent or None
        What the pilot spent, when it was counted.
    models : tuple of str
        Names of the models, as far as they are known.
    prices : PriceSheet or None
        The prices behind it, with source and age; None for a bill.
    reconciliation : Reconciliation or None
        What was billed against these prices; None without bills beside them.
    n : int or None
        Outcomes or requests behind it.
    doubled_calls : int
        Calls that the files held twice; they count once.
    usage_notes : tuple of str
        What was left out of the usage files, one sentence each.
    observed : Observed or None
        How the cost of a request differed within the log or export.
    """

    origin: str
    grade: Grade
    currency: str
    price_source: str
    draws: np.ndarray
    pilot_usd: float
    spread: MixSpread
    spent: Spent | None = None
    models: tuple[str, ...] = ()
    n: int | None = None
    doubled_calls: int = 0
    usage_notes: tuple[str, ...] = ()
    input_tokens: float | None = None
    cached_tokens: float | None = None
    output_tokens: float | None = None
    input_rate: float | None = None
    cached_rate: float | None = None
    prices: PriceSheet | None = None
    reconciliation: Reconciliation | None = None
    observed: Observed | None = None


@dataclass(frozen=True)
class CostResult:
    """What a request and a month cost.

    Parameters
    ----------
    origin : str
        `calls`, `buckets`, `per_request`, `bill`, or `nothing` when no input says what a request costs.
    grade : Grade
        Of the cost of a request; assumed when there is none.
    currency, assessment_currency : str
        Of all amounts here, and of the assessment. They differ when list prices (USD) meet another currency.
    basis : Basis or None
        What one request costs.
    per_request_usd : array of shape (replicates, draws) or None
        Cost of the calls of one request in production.
    per_request : Summary or None
        Its median and 90 % interval.
    pilot_per_request_usd, pilot_monthly_usd : float or None
        What one request cost in the pilot, and what a month costs at the pilot's own volume; the latter None when the
        log covers less than a day.
    monthly_usd : array of shape (replicates, draws) or None
        Cost of a month at the planned load, calls and what runs beside them; None without a planned workload.
    monthly : Summary or None
        Its median and 90 % interval.
    requests_per_month, users_per_day : Summary or None
        The planned workload.
    pilot_users_per_day : float or None
        Users a day that the pilot's volume stands for at the planned requests of each user.
    approval : Approval or None
        The forecast against the approved amount.
    curve : UserCurve or None
        Monthly cost against users a day.
    volumes : tuple of VolumeCost
        Cost of a month at round numbers of requests.
    defaults : tuple of str
        Policy defaults that stand in for a missing part of the workload.
    running : Running or None
        What the assessment states beside the calls, in its own currency; a part of the month only when the two
        currencies are one.
    response : Response or None
        Cost of a month at any load.
    month : MonthCost or None
        The month at the planned load by part; of 1,000 requests without a plan.
    units : tuple of UnitCost
        What one unit costs, from a call to a year.
    year : Year or None
        The first twelve months; None without a plan.
    drivers : tuple of Driver
        What the spread of the month comes from, the strongest first.
    savings : tuple of Saving
        What small changes of the pilot would save in a month.
    uncertainty : CostUncertainty or None
        What the cost of a request rests on; None without a cost of a request.
    backtest : Backtest or None
        Forecasts from the first part of the log held against its rest; None without a log or export.
    labour : Labour or None
        People who review; None when the load or the share of reviewed answers is not known.
    error_cost : ErrorCostMonth or None
        What wrong answers cost that nobody reviews; None when the load, the accuracy or their price is not known.
    caching : Caching or None
        The provider's cache at the planned load; None without a usage file.
    batch : Batch or None
        What waiting for a batch saves; None where no model is named.
    """

    origin: str
    grade: Grade
    currency: str
    assessment_currency: str
    basis: Basis | None
    per_request_usd: np.ndarray | None
    per_request: Summary | None
    pilot_per_request_usd: float | None
    pilot_monthly_usd: float | None
    monthly_usd: np.ndarray | None
    monthly: Summary | None
    requests_per_month: Summary | None
    users_per_day: Summary | None
    pilot_users_per_day: float | None
    approval: Approval | None
    curve: UserCurve | None
    volumes: tuple[VolumeCost, ...]
    defaults: tuple[str, ...]
    findings: tuple[Finding, ...]
    absences: tuple[Absence, ...]
    running: Running | None = None
    response: Response | None = None
    month: MonthCost | None = None
    units: tuple[UnitCost, ...] = ()
    year: Year | None = None
    drivers: tuple[Driver, ...] = ()
    savings: tuple[Saving, ...] = ()
    uncertainty: CostUncertainty | None = None
    backtest: Backtest | None = None
    labour: Labour | None = None
    error_cost: ErrorCostMonth | None = None
    caching: Caching | None = None
    batch: Batch | None = None

    @property
    def spent(self) -> Spent | None:
        """What the pilot spent; None where it was not counted."""
        return self.basis.spent if self.basis else None

    def unit(self, key: str) -> Summary | None:
        """Return what one unit costs, a key of `cost.units`; None where it cannot be said."""
        return next((u.summary for u in self.units if u.key == key), None)

    @property
    def is_comparable(self) -> bool:
        """Whether the amounts here are in the assessment's currency."""
        return self.currency == self.assessment_currency

    @property
    def reconciliation(self) -> Reconciliation | None:
        """What was billed against the priced log; None without bills."""
        return self.basis.reconciliation if self.basis else None

    @property
    def prices(self) -> PriceSheet | None:
        """The prices that the result rests on; None without any."""
        return self.basis.prices if self.basis else None
