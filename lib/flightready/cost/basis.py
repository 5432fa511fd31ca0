"""What one request costs, from the best input that is there: a log, an export, typed tokens, or a bill."""

from __future__ import annotations

import math

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost import prices
from flightready.cost.pricing import price_buckets, price_calls
from flightready.cost.resampling import mix_spread, unmeasured_spread
from flightready.cost.result import BILL, BUCKETS, CALLS, TYPED, Basis
from flightready.cost.spent import from_buckets, from_calls
from flightready.draws import JointSample, generator
from flightready.errors import InputError
from flightready.evidence import Grade
from flightready.telemetry.frames import UsageLog
from flightready.telemetry.reading import usage_of


def cost_of_a_request(pilot: Pilot, joint: JointSample, usage: UsageLog | None) -> Basis | None:
    """Return what one request costs, or None when no input says so.

    Raises
    ------
    InputError
        When a usage file is wrong, a model has no known price, or a typed figure cannot be.
    """
    cost = pilot.spec.cost
    usage = usage_of(pilot) if usage is None else usage
    if usage is not None:
        return _from_log(pilot, joint, usage)
    if cost.per_request is not None:
        return _from_typed(pilot, joint)
    return _from_bill(pilot, joint) if cost.bill is not None else None


def _from_log(pilot: Pilot, joint: JointSample, usage: UsageLog) -> Basis:
    book, rng = prices.book(pilot), generator(pilot.spec.seed, "cost.resampling")
    if usage.calls is not None:
        spent, means, observed = from_calls(usage.calls, price_calls(usage.calls, book), rng)
        enough = spent.active_days >= policy.value("cost_days_measured") and spent.answered > 0
        enough = enough and spent.outcomes >= policy.value("cost_requests_measured")
        origin, grade = CALLS, Grade.MEASURED if enough else Grade.ESTIMATED
    else:
        spent, means, observed = from_buckets(usage.buckets, price_buckets(usage.buckets, book), rng)
        origin, grade = BUCKETS, Grade.ESTIMATED
    spread = mix_spread(observed, covered_days=spent.covered_days, stated=pilot.spec.cost.mix_spread)
    draws = joint.measured("cost.per_request", means) * spread.factor(joint)
    return Basis(
        origin, grade, spent.currency, spent.price_source, draws, spent.per_outcome_usd, spread, spent,
        models=tuple(m.model for m in spent.models), n=spent.outcomes, doubled_calls=usage.doubled_calls,
        usage_notes=usage.notes,
        input_tokens=spent.input_tokens, cached_tokens=spent.cached_tokens, output_tokens=spent.output_tokens,
        input_rate=_known(spent.input_rate), cached_rate=_known(spent.cached_rate),
        observed=observed,
    )  # fmt: skip


def _from_typed(pilot: Pilot, joint: JointSample) -> Basis:
    given, book = pilot.spec.cost.per_request, prices.book(pilot)
    rates = book.bands("", given.model, "", prices.NEWEST)
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
    own = book.is_own(given.model)
    return Basis(
        TYPED, Grade.ESTIMATED, book.own_currency if own else prices.LIST_CURRENCY,
        "prices given in the assessment" if own else f"{prices.LIST_NAME}, newest prices",
        mean * spread.factor(joint),
        float(rate.cost(input_total=middle["input"], cache_read=middle["cached"], output=middle["output"])),
        spread, models=(given.model,), input_tokens=middle["input"], cached_tokens=middle["cached"],
        output_tokens=middle["output"], input_rate=rate.input, cached_rate=rate.cache_read,
    )  # fmt: skip


def _from_bill(pilot: Pilot, joint: JointSample) -> Basis:
    bill = pilot.spec.cost.bill
    spread = unmeasured_spread(pilot.spec.cost.mix_spread)
    mean = joint.column("cost.bill_amount", bill.amount) / joint.column("cost.bill_requests", bill.requests)
    draws = mean * spread.factor(joint)
    pilot_usd, n = bill.amount.median / bill.requests.median, round(bill.requests.median)
    return Basis(BILL, Grade.ESTIMATED, pilot.spec.currency, "the bill", draws, pilot_usd, spread, n=n)  # fmt: skip


def _known(rate: float) -> float | None:
    return rate if math.isfinite(rate) else None
