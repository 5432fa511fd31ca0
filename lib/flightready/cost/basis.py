"""What one request costs, from the best input that is there: a log, an export, typed tokens, or a bill."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost import prices
from flightready.cost.prices_sheet import PriceSheet, converted_share, sheet
from flightready.cost.pricing import Priced, price_buckets, price_calls
from flightready.cost.reconciliation import reconcile
from flightready.cost.resampling import mix_spread, unmeasured_spread
from flightready.cost.result import BILL, BUCKETS, CALLS, TYPED, Basis
from flightready.cost.spent import from_buckets, from_calls
from flightready.draws import JointSample, generator
from flightready.errors import InputError
from flightready.evidence import Grade
from flightready.telemetry.frames import UsageLog
from flightready.wording import money


def cost_of_a_request(
    pilot: Pilot, joint: JointSample, usage: UsageLog | None, *, as_of: dt.date | None = None
) -> Basis | None:
    """Return what one request costs, or None when no input says so.

    Parameters
    ----------
    pilot : Pilot
    joint : JointSample
    usage : UsageLog or None
    as_of : date, optional
        The day that typed tokens are priced at, and that the age of a price counts to; the newest price without it.

    Raises
    ------
    InputError
        When a usage file is wrong, a model has no known price, or a typed figure cannot be.
    """
    cost = pilot.spec.cost
    if usage is not None:
        return _from_log(pilot, joint, usage, as_of)
    if cost.per_request is not None:
        return _from_typed(pilot, joint, as_of)
    return _from_bill(pilot, joint) if cost.bill is not None else None


def _from_log(pilot: Pilot, joint: JointSample, usage: UsageLog, as_of: dt.date | None) -> Basis:
    book, rng = prices.book(pilot), generator(pilot.spec.seed, "cost.resampling")
    priced = price_buckets(usage.buckets, book) if usage.calls is None else price_calls(usage.calls, book)
    if usage.calls is not None:
        spent, means, observed = from_calls(usage.calls, priced, rng)
        enough = spent.active_days >= policy.value("cost_days_measured") and spent.answered > 0
        enough = enough and spent.outcomes >= policy.value("cost_requests_measured")
        origin, grade = CALLS, Grade.MEASURED if enough else Grade.ESTIMATED
    else:
        spent, means, observed = from_buckets(usage.buckets, priced, rng)
        origin, grade = BUCKETS, Grade.ESTIMATED
    spread = mix_spread(observed, covered_days=spent.covered_days, stated=pilot.spec.cost.mix_spread)
    draws = joint.measured("cost.per_request", means) * spread.factor(joint)
    used = sheet(pilot, priced.used, currency=priced.currency, converted=converted_share(priced), as_of=as_of)
    of_a_dollar, billed_in = book.stated()
    draws = draws * _exchange_factor(pilot, joint, used)
    return Basis(
        origin, grade, spent.currency, spent.price_source, draws, spent.per_outcome_usd, spread, spent,
        models=tuple(m.model for m in spent.models), n=spent.outcomes, doubled_calls=usage.doubled_calls,
        usage_notes=(*usage.notes, *_left_out(priced)),
        input_tokens=spent.input_tokens, cached_tokens=spent.cached_tokens, output_tokens=spent.output_tokens,
        input_rate=_known(spent.input_rate), cached_rate=_known(spent.cached_rate), prices=used,
        reconciliation=reconcile(usage, priced, of_a_dollar=of_a_dollar, currency=billed_in),
        observed=observed,
    )  # fmt: skip


def _exchange_factor(pilot: Pilot, joint: JointSample, used: PriceSheet) -> np.ndarray | float:
    """What an uncertain exchange rate makes of amounts that were converted at its middle."""
    given = pilot.spec.cost.exchange_rate
    if used.exchange is None or given.is_certain:
        return 1.0
    drawn = joint.column("cost.exchange_rate", given) / used.exchange.rate
    return 1.0 + used.exchange.share * (drawn - 1.0)


def _from_typed(pilot: Pilot, joint: JointSample, as_of: dt.date | None) -> Basis:
    given, book = pilot.spec.cost.per_request, prices.book(pilot)
    moment = prices.noon_of(as_of)
    quote = book.quote("", given.model, "", moment)
    rates = quote.bands
    used = sheet(pilot, {("", given.model, ""): quote}, currency=quote.currency, converted=float(quote.is_converted),
                 as_of=as_of)  # fmt: skip
    quantities = {"input": given.input_tokens, "cached": given.cached_tokens, "output": given.output_tokens}
    middle = {k: q.median if q else 0.0 for k, q in quantities.items()}
    if middle["cached"] > middle["input"]:
        raise InputError(f"{middle['cached']:,.0f} cached tokens are more than {middle['input']:,.0f} input tokens",
                         where=pilot.where("cost", "per_request", "cached_tokens"),
                         cure="input_tokens counts all input tokens, the cached ones included")  # fmt: skip
    rate = rates.rates[int(rates.index(np.array([middle["input"]]))[0])]
    drawn = {k: joint.column(f"cost.{k}_tokens", q) if q else 0.0 for k, q in quantities.items()}
    spread = unmeasured_spread(pilot.spec.cost.mix_spread)
    mean = rate.cost(input_total=drawn["input"], cache_read=np.minimum(drawn["cached"], drawn["input"]),
                     output=drawn["output"])  # fmt: skip
    return Basis(
        TYPED, Grade.ESTIMATED, quote.currency, quote.source,
        mean * spread.factor(joint) * _exchange_factor(pilot, joint, used),
        float(rate.cost(input_total=middle["input"], cache_read=middle["cached"], output=middle["output"])),
        spread, models=(given.model,), input_tokens=middle["input"], cached_tokens=middle["cached"],
        output_tokens=middle["output"], input_rate=rate.input, cached_rate=rate.cache_read, prices=used,
    )  # fmt: skip


def _from_bill(pilot: Pilot, joint: JointSample) -> Basis:
    bill = pilot.spec.cost.bill
    spread = unmeasured_spread(pilot.spec.cost.mix_spread)
    mean = joint.column("cost.bill_amount", bill.amount) / joint.column("cost.bill_requests", bill.requests)
    draws = mean * spread.factor(joint)
    pilot_usd, n = bill.amount.median / bill.requests.median, round(bill.requests.median)
    return Basis(BILL, Grade.ESTIMATED, pilot.spec.currency, "the bill", draws, pilot_usd, spread, n=n)  # fmt: skip


def _left_out(priced: Priced) -> tuple[str, ...]:
    if not priced.credits:
        return ()
    return (f"Credits of {money(priced.credits, priced.currency)} are left out of the cost, because they end",)


def _known(rate: float) -> float | None:
    return rate if math.isfinite(rate) else None
