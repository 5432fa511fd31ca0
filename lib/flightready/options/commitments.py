"""Commitments: what is owed whether or not it is used, for a lower price, and from which load on that pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flightready.wording import money, number

if TYPE_CHECKING:  # a line is built with a commitment
    from flightready.assessment.options import Option
    from flightready.options.line import Grounds, Load


@dataclass(frozen=True)
class Committed:
    """The price of an option under its commitment.

    Parameters
    ----------
    usage_usd : callable
        Load to the cost of a month, the discount taken off and the least amount filled up.
    per_request_usd : array or None
        Cost of a request, where it is the same at every load.
    owed_usd : callable or None
        Load to what is owed over the whole term, used or not; None where nothing is.
    notes : tuple of str
    """

    usage_usd: Callable[[Load], np.ndarray]
    per_request_usd: np.ndarray | None
    owed_usd: Callable[[Load], np.ndarray] | None
    notes: tuple[str, ...]


def committed(
    option: Option, grounds: Grounds, usage_usd: Callable[[Load], np.ndarray], *,
    per_request_usd: np.ndarray | None, is_reserved: bool,
) -> Committed:  # fmt: skip
    """Return an option's price under its commitment, or as it is without one.

    Parameters
    ----------
    option : Option
    grounds : Grounds
    usage_usd : callable
        Load to the cost of a month without the commitment.
    per_request_usd : array or None
        Cost of a request without it, where it is the same at every load.
    is_reserved : bool
        Whether capacity is reserved: then the whole month is owed for the term, and not only a least amount.
    """
    given = option.commitment
    if given is None:
        return Committed(usage_usd, per_request_usd, None, ())
    price = 1.0 - grounds.column(option, "commitment.discount", given.discount)
    least = grounds.column(option, "commitment.least", given.least)
    months = grounds.column(option, "commitment.term", given.term)

    def month(load: Load) -> np.ndarray:
        return np.maximum(usage_usd(load) * price, least)

    owed = None
    if is_reserved:
        owed = lambda load: month(load) * months  # noqa: E731
    elif given.least is not None:
        owed = lambda load: least * months + 0 * load.requests_per_month  # noqa: E731
    each = None if per_request_usd is None or given.least is not None else per_request_usd * price
    return Committed(month, each, owed, _notes(option, grounds, per_request_usd, is_reserved))


def pays_from(least_usd: float, per_request_usd: float) -> float:
    """Return the requests of a month from which on a discount with a least amount costs less than none.

    Below it the least amount is dearer than paying for what is used; above it whatever the discount takes off is saved.

    Examples
    --------
    A least amount of 4,000 against 2 cents a request:

    >>> pays_from(4_000, 0.02)
    200000.0
    """
    return least_usd / per_request_usd


def _notes(option: Option, grounds: Grounds, per_request_usd: np.ndarray | None, is_reserved: bool) -> tuple[str, ...]:
    given, currency = option.commitment, grounds.cost.currency
    if given.discount is None:
        return ("The commitment lowers no price: its discount is not stated.",)
    if given.least is None:
        return () if is_reserved else ("What the commitment obliges to pay is not stated (least).",)
    least = money(given.least.median, currency)
    if per_request_usd is None or not np.median(per_request_usd) > 0:
        return (f"At least {least} are owed each month.",)
    load = number(pays_from(given.least.median, float(np.median(per_request_usd))))
    return (f"At least {least} are owed each month: it pays from about {load} requests a month on.",)
