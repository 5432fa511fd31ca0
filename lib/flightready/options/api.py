"""Calls paid by the token: the pilot's own log priced anew with another model, tier, tokenizer or share of the cache.

The mean cost of the log under the option over its mean cost as it was, times the draws of the pilot's cost: what is not
known about the pilot's requests is then the same in both, and only the difference between the options remains.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from flightready.assessment.options import ApiOption
from flightready.cost import prices
from flightready.cost.prices import PriceBook
from flightready.cost.pricing import Priced, price_buckets, price_calls
from flightready.cost.result import BILL, BUCKETS, TYPED, Basis
from flightready.errors import InputError, listed
from flightready.evidence import Grade
from flightready.options.line import Grounds, Line, Unpriced, line_of
from flightready.wording import share

STANDARD = "standard"
BY_CALL = ("fees", "other")
"""Parts of a call's price that more tokens do not change."""
_TOKENS = ("input_total", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")
_NOTHING_PAID = Unpriced(("The pilot's own calls cost nothing, so there is nothing to set it against.",))


def pilot_line(grounds: Grounds) -> Line | Unpriced:
    """Return the cost of the pilot's own way over the load."""
    basis = grounds.cost.basis
    if basis is None:
        return Unpriced(("No input says what a request costs today.",))
    each, none = basis.draws, np.zeros_like(basis.draws)
    beside = grounds.pilot.spec.cost.running.model_fields_set or grounds.pilot.spec.evaluation.review.model_fields_set
    notes = ("Calls alone: what runs beside them (cost.running) and people who review are left out, here and below.",)
    return Line(lambda load: load.requests_per_month * each * load.call_price, None, "", none, notes if beside else (),
                basis.grade, per_request_usd=each, models=basis.models)  # fmt: skip


def line(option: ApiOption, grounds: Grounds) -> Line | Unpriced:
    """Return the cost of another model, tier or share of the cache over the load.

    Raises
    ------
    InputError
        When the model has no known price: the price is asked for, never guessed.
    """
    basis = grounds.cost.basis
    if basis is None or basis.origin == BILL:
        why = "A bill says nothing of tokens" if basis else "No input says how many tokens a request takes"
        return Unpriced((f"{why}, so it cannot be priced: bring the log of the calls, or the tokens of a request.",))
    found = _of_a_typed_request(option, grounds) if basis.origin == TYPED else _of_a_log(option, grounds, basis)
    if isinstance(found, Unpriced):
        return found
    ratio, notes = found
    each = basis.draws * ratio
    return line_of(
        option, grounds, usage_usd=lambda load: load.requests_per_month * each * load.call_price, per_request_usd=each,
        grade=Grade.ESTIMATED, models=basis.models if option.model is None else (option.model,),
        notes=(*notes, *_notes(option, basis)),
    )  # fmt: skip


def keeps_the_model(option: ApiOption, basis: Basis | None) -> bool:
    """Whether the option asks the pilot's own model, so that its answers are as right as the pilot's."""
    return option.model is None or (basis is not None and basis.models == (option.model,))


def _of_a_log(option: ApiOption, grounds: Grounds, basis: Basis) -> tuple[np.ndarray, tuple[str, ...]] | Unpriced:
    """Cost of the log under the option over its cost as it was, as draws; and what must be said about it."""
    book, usage = prices.book(grounds.pilot), grounds.usage
    log = usage.calls if basis.origin != BUCKETS else usage.buckets
    size = 1.0 if option.tokens is None else option.tokens.median
    tier = _tier(option)
    asked = _asked(log, option, grounds, book, tier, size)
    priced = price_buckets(asked, book) if basis.origin == BUCKETS else price_calls(asked, book)
    models = sorted({book.named(str(m)) for m in asked["model"].unique()})
    if tier in priced.unlisted_tiers:
        return _no_tier(option, models, is_own=any(q.is_own for q in priced.used.values()))
    if priced.currency != basis.spent.currency:
        return _other_currency(priced.currency, basis.spent.currency)
    if priced.is_stated.all():
        return Unpriced(("The log states what was paid and no tokens, so nothing can be priced anew.",))
    if not basis.spent.total_usd > 0:
        return _NOTHING_PAID
    longer = grounds.column(option, "tokens", option.tokens, 1.0) / size
    by_token = priced.total.sum() - sum(priced.parts[kind].sum() for kind in BY_CALL if kind in priced.parts)
    moved = _moved(option, grounds, asked, priced)
    # exactly 1 for the pilot's own way: nothing is added to the same sum
    ratio = (priced.total.sum() + (longer - 1.0) * by_token + longer * moved) / basis.spent.total_usd
    kept = priced.total[priced.is_stated].sum() / basis.spent.total_usd
    return ratio, (
        f"{share(kept)} of the spend is amounts without tokens, which stay as they are.",
    ) if kept > 0 else ()


def _asked(
    log: pd.DataFrame, option: ApiOption, grounds: Grounds, book: PriceBook, tier: str | None, size: float
) -> pd.DataFrame:
    """The log as if it had been asked of the option: one model, one tier, each call `size` times as many tokens.

    What is not used yet is priced as of today, at the hour of each call; the pilot's own way at the day of each call.
    """
    changes = {} if tier is None else {"tier": tier}
    if option.model is not None:
        changes |= {"model": option.model, "provider": _provider(log, option, grounds, book)}
    if changes and grounds.as_of is not None:
        began = "time" if "time" in log else "start"
        changes[began] = pd.Timestamp(grounds.as_of, tz="UTC") + (log[began] - log[began].dt.floor("D"))
    if size != 1.0:
        changes |= {name: log[name] * size for name in _TOKENS if name in log}
    return log.assign(**changes)


def _tier(option: ApiOption) -> str | None:
    """The tier that the option states, empty for the standard one; None where it is as in the log."""
    if "tier" not in option.model_fields_set:
        return None
    return "" if option.tier == STANDARD else option.tier


def _provider(log: pd.DataFrame | None, option: ApiOption, grounds: Grounds, book: PriceBook) -> str:
    """The log's own provider if it has the model, else whichever has.

    Raises
    ------
    InputError
        When nobody has it.
    """
    own = [] if log is None else [str(p) for p in log["provider"].unique() if p]
    for provider in sorted(own):
        try:
            book.bands(provider, option.model, "", moment(grounds))
        except InputError:
            continue
        return provider
    try:
        book.bands("", option.model, "", moment(grounds))
    except InputError as error:
        raise InputError(error.problem, where=grounds.where(option, "model"), valid=error.valid,
                         cure=error.cure) from None  # fmt: skip
    return ""


def _moved(option: ApiOption, grounds: Grounds, asked: pd.DataFrame, priced: Priced) -> np.ndarray | float:
    """What the log costs more when the stated share of its input comes from the cache, as draws."""
    if option.cached_share is None:
        return 0.0
    tokens, read = asked["input_total"].to_numpy(), asked["cache_read"].to_numpy()
    less = np.nan_to_num(priced.cached_rate - priced.input_rate)  # stated amounts without tokens stay
    written = sum(asked[n].to_numpy().sum() for n in ("cache_write_5m", "cache_write_1h") if n in asked)
    most = 1.0 - written / tokens.sum()  # what is written to the cache is not read from it
    cached = np.minimum(grounds.column(option, "cached_share", option.cached_share), most)
    return cached * (tokens * less).sum() - (read * less).sum()


def _of_a_typed_request(option: ApiOption, grounds: Grounds) -> tuple[np.ndarray, tuple[str, ...]] | Unpriced:
    """Cost of a typed request under the option over its cost as it was, as draws."""
    given, book, joint = grounds.pilot.spec.cost.per_request, prices.book(grounds.pilot), grounds.joint
    model, tier, now = option.model or given.model, _tier(option) or "", moment(grounds)
    provider = "" if option.model is None else _provider(None, option, grounds, book)
    quote, own = book.quote(provider, model, tier, now), book.quote("", given.model, "", now)
    if tier and not quote.tier_is_listed:
        return _no_tier(option, [model], is_own=quote.is_own)
    if quote.currency != own.currency:
        return _other_currency(quote.currency, own.currency)
    asked = {"input": given.input_tokens, "cached": given.cached_tokens, "output": given.output_tokens}
    drawn = {k: joint.column(f"cost.{k}_tokens", q) if q else 0.0 for k, q in asked.items()}
    longer = grounds.column(option, "tokens", option.tokens, 1.0)

    def mean(bands: prices.Bands, times: np.ndarray | float, cached: np.ndarray | None) -> np.ndarray:
        rate = bands.rates[int(bands.index(np.array([given.input_tokens.median * np.median(times)]))[0])]
        read = np.minimum(drawn["cached"], drawn["input"]) if cached is None else cached * drawn["input"]
        return times * rate.cost(input_total=drawn["input"], cache_read=read, output=drawn["output"])

    cached = None if option.cached_share is None else grounds.column(option, "cached_share", option.cached_share)
    before = mean(own.bands, 1.0, None)
    if not np.min(before) > 0:
        return _NOTHING_PAID
    return mean(quote.bands, longer, cached) / before, ()


def moment(grounds: Grounds) -> dt.datetime:
    """Return midday of the day whose prices apply; a moment after every dated price where no day is stated."""
    return prices.noon_of(grounds.as_of)


def _other_currency(its: str, pilots: str) -> Unpriced:
    return Unpriced((f"Its prices are in {its}, the pilot's in {pilots}, and nothing is converted (exchange_rate).",))


def _no_tier(option: ApiOption, models: list[str], *, is_own: bool) -> Unpriced:
    names = listed([f"'{m[:60]}'" for m in models], limit=2)
    lacks = f"cost.prices gives one price for {names}" if is_own else f"The price list has no such price for {names}"
    return Unpriced((
        f"{lacks}, and none of its own for the tier '{option.tier}', so it is not priced: give that price "
        "under cost.prices by a name of its own, use the name as this option's model, and leave out tier.",
    ))  # fmt: skip


def _notes(option: ApiOption, basis: Basis) -> tuple[str, ...]:
    notes = []
    if not keeps_the_model(option, basis):
        if len(basis.models) > 1:
            notes.append(f"All calls of the pilot's {len(basis.models)} models are taken to go to this one.")
        if option.tokens is None:
            notes.append(
                "It is taken to use as many tokens as the pilot's model; models count them differently (tokens)."
            )
    if option.tier == "batch":
        notes.append("Answers of a batch come within hours; only what can wait may go there.")
    if option.cached_share is not None and basis.input_rate == basis.cached_rate:
        notes.append("Cached input costs the pilot's model as much as any other, so the cache saves nothing.")
    return tuple(notes)
