"""What was billed against what the same calls cost at the prices used, before anything is extrapolated from them.

Bills are in US dollars: the readers leave amounts in other currencies out. A day and a model are compared where both a
price and a bill are there; the rest is told apart as not billed, not logged, credits, or outside the log's days.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy import special

from flightready import policy
from flightready.cost.prices_rates import DAY_S
from flightready.cost.pricing import Priced
from flightready.cost.reconciliation_cells import bills_beside, cells_of
from flightready.evidence import Finding, Interval, State
from flightready.intervals import LEVEL
from flightready.telemetry.frames import UsageLog


class Match(StrEnum):
    """Whether bills and priced calls agree within the policy's tolerance."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNCLEAR = "unclear"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True)
class Billed:
    """Priced and billed amount of one model, one stretch of time, or all of them.

    Parameters
    ----------
    name : str
        The model; empty where bills or calls name none.
    first : date
        First day.
    periods : int
        Stretches of time behind it that were billed by themselves, mostly days.
    priced_usd, billed_usd : float
        In the currency of the reconciliation.
    ratio : float or None
        Billed over priced; None when the priced amount is 0.
    interval : Interval
        Of the ratio, from how the stretches differ; without ends when there is only one.
    """

    name: str
    first: dt.date
    periods: int
    priced_usd: float
    billed_usd: float
    ratio: float | None
    interval: Interval


@dataclass(frozen=True)
class Reconciliation:
    """Bills against the priced log.

    Parameters
    ----------
    match : Match
    currency : str
        Of all amounts here.
    from_log : bool
        Whether the amounts stand in the log or export itself; else in an export of costs beside it.
    total : Billed
        Everything that has both a price and a bill.
    models, periods : tuple of Billed
        The same by model, largest first, and by stretch of time, in order.
    longest_period_days : int
        Length of the longest stretch that was billed as one.
    not_billed_usd : float
        Priced calls without a bill.
    not_logged_usd : float
        Billed on days of the log, without a call in it.
    credits_usd : float
        Credits on these days, 0 or less; they are in no ratio, because they end.
    outside_usd : float
        Billed before or after the log's days.
    factor : float or None
        What bills are of prices, when every period and model has about the same; None otherwise.
    factors_by_model : bool
        Whether each model has a constant factor of its own.
    """

    match: Match
    currency: str
    from_log: bool
    total: Billed
    models: tuple[Billed, ...] = ()
    periods: tuple[Billed, ...] = ()
    longest_period_days: int = 1
    not_billed_usd: float = 0.0
    not_logged_usd: float = 0.0
    credits_usd: float = 0.0
    outside_usd: float = 0.0
    factor: float | None = None
    factors_by_model: bool = False

    @property
    def is_nothing_billed(self) -> bool:
        """Whether the bills are zero for calls that have a price."""
        return self.total.billed_usd == 0 and self.total.priced_usd > 0


def reconcile(usage: UsageLog, priced: Priced, *, of_a_dollar: float, currency: str) -> Reconciliation | None:
    """Return bills against the priced log, or None when there is no bill that the price itself is not made of.

    Parameters
    ----------
    usage : UsageLog
    priced : Priced
        Of its calls, or else of its buckets.
    of_a_dollar, currency : float, str
        What a US dollar of a bill is worth, and in which currency.
    """
    cells = cells_of(usage, priced)
    if cells is None or not (cells["billed"].notna() & (cells["kind"] == "both")).any():
        return None
    cells["billed"] *= of_a_dollar
    both = cells[(cells["kind"] == "both") & cells["billed"].notna()]
    total = _billed("", both)
    found = Reconciliation(Match.NOT_COMPARED, currency, bills_beside(usage) is None, total)
    if currency != priced.currency:
        return found
    found = replace(
        found, models=_each(both, "model"), periods=_each(both, "period"),
        longest_period_days=_longest_days(usage),
        not_billed_usd=float(cells.loc[(cells["kind"] == "both") & cells["billed"].isna(), "priced"].sum()),
        **{f"{kind}_usd": float(cells.loc[cells["kind"] == kind, "billed"].sum())
           for kind in ("not_logged", "credits", "outside")},
    )  # fmt: skip
    found = replace(found, match=_match(found))
    return replace(found, factor=_factor(found), factors_by_model=_by_model(found))


def ratio_of_sums(priced: np.ndarray, billed: np.ndarray) -> tuple[float | None, Interval]:
    """Return billed over priced of several stretches of time, with its 90 % interval.

    Parameters
    ----------
    priced, billed : array of shape (n,)
        The interval needs at least two stretches.

    Source
    ------
    Cochran 1977, Sampling Techniques, equation 6.13 (ratio estimator), with Student's t of n - 1.

    Examples
    --------
    >>> ratio, interval = ratio_of_sums(np.array([10.0, 20.0, 30.0]), np.array([8.0, 16.0, 24.0]))
    >>> round(ratio, 9), round(interval.low, 9), round(interval.high, 9)
    (0.8, 0.8, 0.8)
    """
    n, sum_priced = priced.size, float(priced.sum())
    if sum_priced <= 0:
        return None, Interval(None, None)
    ratio = float(billed.sum()) / sum_priced
    if n == 1:
        return ratio, Interval(None, None)
    variance = n * float(((billed - ratio * priced) ** 2).sum()) / (n - 1) / sum_priced**2
    half = float(special.stdtrit(n - 1, 0.5 + LEVEL / 2)) * float(np.sqrt(variance))
    return ratio, Interval(max(0.0, ratio - half), ratio + half)


def withheld(finding: Finding, found: Reconciliation | None) -> Finding:
    """Return a finding on cost as UNKNOWN where it rests on prices that the bills do not bear out.

    A forecast that is too dear stays so when the bills are even higher.
    """
    if found is None or found.match is Match.AGREES or finding.state not in (State.PASS, State.FAIL):
        return finding
    if finding.state is State.FAIL and not _is_cheaper(found):
        return finding
    why = {
        Match.DIFFERS: "what was billed differs from what the log costs at these prices",
        Match.UNCLEAR: "whether the bills agree with these prices cannot be told yet",
        Match.NOT_COMPARED: "the bills are in another currency than these prices",
    }[found.match]
    decides = {
        Match.DIFFERS: "Prices that explain the bills: a factor in the price file, or the calls that are missing",
        Match.UNCLEAR: "Bills of more days, told by day and model",
        Match.NOT_COMPARED: "The exchange rate under cost.exchange_rate",
    }[found.match]
    return replace(finding, state=State.UNKNOWN, sentence=f"{finding.sentence.rstrip('.')}; but {why}.",
                   decides=decides)  # fmt: skip


def _is_cheaper(found: Reconciliation) -> bool:
    """Whether less is paid than the prices say, and will go on to be."""
    has_less = found.match is Match.DIFFERS and not found.is_nothing_billed and found.not_logged_usd == 0
    return has_less and found.total.ratio is not None and found.total.ratio < 1


def _each(cells: pd.DataFrame, by: str) -> tuple[Billed, ...]:
    found = [_billed(str(name) if by == "model" else "", rows) for name, rows in cells.groupby(by, sort=True)]
    return tuple(sorted(found, key=lambda b: -b.priced_usd) if by == "model" else found)


def _billed(name: str, cells: pd.DataFrame) -> Billed:
    sums = cells.groupby("period", sort=True)[["priced", "billed"]].sum()
    ratio, interval = ratio_of_sums(sums["priced"].to_numpy(), sums["billed"].to_numpy())
    first = dt.date(1970, 1, 1) + dt.timedelta(days=int(sums.index[0]))
    return Billed(name, first, len(sums), float(sums["priced"].sum()), float(sums["billed"].sum()), ratio, interval)


def _longest_days(usage: UsageLog) -> int:
    frame = bills_beside(usage)
    frame = usage.buckets if frame is None and usage.calls is None else frame
    if frame is None or frame.empty:
        return 1
    return max(1, round((frame["end"] - frame["start"]).max().total_seconds() / DAY_S))


def _match(found: Reconciliation) -> Match:
    tolerance, total = policy.value("reconciliation_tolerance"), found.total
    billed = total.billed_usd + found.not_logged_usd
    if found.not_logged_usd > tolerance * billed:
        return Match.DIFFERS
    low, high = total.interval.low, total.interval.high
    if low is None or high is None:
        return Match.UNCLEAR
    if low >= 1 - tolerance and high <= 1 + tolerance:
        return Match.AGREES
    return Match.DIFFERS if high < 1 - tolerance or low > 1 + tolerance else Match.UNCLEAR


def _is_steady(billed: Billed, ratio: float) -> bool:
    steady, ends = policy.value("reconciliation_steady") * ratio, billed.interval
    if billed.periods < policy.value("reconciliation_days") or ends.low is None or ends.high is None:
        return False
    return ends.low >= ratio - steady and ends.high <= ratio + steady


def _factor(found: Reconciliation) -> float | None:
    ratio = found.total.ratio
    if not ratio or abs(ratio - 1) <= policy.value("reconciliation_tolerance"):
        return None
    return ratio if all(_is_steady(b, ratio) for b in (found.total, *found.models)) else None


def _by_model(found: Reconciliation) -> bool:
    if found.match is not Match.DIFFERS or found.factor is not None or len(found.models) < 2:
        return False
    return all(bool(b.ratio) and _is_steady(b, b.ratio) for b in found.models)
