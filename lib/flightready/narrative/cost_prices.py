"""Sentences about prices: where they come from, how old they are, and whether bills bear them out."""

from __future__ import annotations

from collections.abc import Sequence

from flightready import policy
from flightready.cost.prices_file import FILE_NAME
from flightready.cost.prices_sheet import PriceLine, PriceSheet
from flightready.cost.reconciliation import Match, Reconciliation
from flightready.cost.result import CostResult
from flightready.errors import listed
from flightready.wording import count, interval, money, share

_MOST_NAMED = 3
_LITTLE = 0.005  # a part that would be written as 0 % or 1 % of the money is not worth a sentence


def doubt(result: CostResult) -> str:
    """Return what the bills say against the amounts of the answer; empty when nothing does."""
    r = result.reconciliation
    if r is None or r.match is not Match.DIFFERS:
        return ""
    if r.is_nothing_billed:
        return ("Before anything else: the bills say that nothing was paid for calls that cost "
                f"{money(r.total.priced_usd, r.currency)} at the prices used. A free allowance or credits end one day, "
                "so the amounts below keep the prices.")  # fmt: skip
    if _is_mostly_unlogged(r):
        return (f"Before anything else: the bills hold {money(r.not_logged_usd, r.currency)} on days of the log for "
                "which it shows no call. The log does not hold everything that is paid for, so the amounts below are "
                "likely too low.")  # fmt: skip
    low_or_high = "low" if r.total.ratio > 1 else "high"
    return (f"Before anything else: the bills come to {share(r.total.ratio)} of what the same calls cost at the prices "
            f"used ({_range(r)}), so the amounts below are likely too {low_or_high}.")  # fmt: skip


def caveats(result: CostResult) -> tuple[str, ...]:
    """Return what the answer must say of its prices: old ones, and at which rate amounts were converted."""
    sheet = result.prices
    return () if sheet is None else (*_old(sheet), *_exchanged(sheet))


def _old(sheet: PriceSheet) -> tuple[str, ...]:
    old = sheet.old
    if not old:
        return ()
    whose = "price" if len(_models(old)) == 1 else "prices"
    return (f"The {whose} of {_named(old)} had last been checked {count(old[0].age_days, 'day')} before "
            f"{sheet.as_of}, longer ago than the {policy.value('price_age_most')} days that a price is trusted: look "
            "at the provider's page.",)  # fmt: skip


def _exchanged(sheet: PriceSheet) -> tuple[str, ...]:
    rate = sheet.exchange
    if rate is None:
        return ()
    said = f"source: {rate.source}" if rate.source else "no source is stated"
    said += f"; checked {rate.checked}" if rate.checked else ""
    return (f"Prices in US dollars were converted at {rate.text} {sheet.currency} for one dollar ({said}).",)


def meaning_prices(result: CostResult) -> tuple[str, ...]:
    """Return where the prices come from, how old they are, and how to keep them."""
    sheet = result.prices
    if sheet is None or not sheet.lines:
        return ("No price of a model was used.",)
    found = [*_where_from(sheet), *_old(sheet)]
    undated = [line for line in sheet.lines if line.dated is None]
    if undated:
        found.append(f"Nobody says when the price of {_named(undated)} was checked: add 'checked:' to it.")
    if sheet.as_of and not undated and not sheet.old:
        ages = [line.age_days for line in sheet.lines if line.age_days is not None]
        found.append(f"On {sheet.as_of} the oldest of them had been checked {count(max(ages), 'day')} before."
                     if max(ages) else f"All of them were checked on {sheet.as_of} or later.")  # fmt: skip
    tiers = sorted({line.tier for line in sheet.lines if not line.tier_is_listed})
    if tiers:
        found.append(f"The service tier {listed(tiers)} has no price of its own, so its calls are priced as standard.")
    return (*found, *_exchanged(sheet))


def _where_from(sheet: PriceSheet) -> tuple[str, ...]:
    from_list = [line for line in sheet.lines if not line.is_own]
    if not from_list:
        return (f"Every price stands in the assessment{f' or in {sheet.file}' if sheet.file else ''}, so the result "
                "stays as it is when the program's price list changes.",)  # fmt: skip
    if sheet.file:
        return (f"{_named(from_list)} is not in {sheet.file} and is priced by the program's list: run 'flightready "
                "prices' again.",)  # fmt: skip
    return (
        f"The prices come from the list inside the program, as they were on the day of each call. 'flightready "
        f"prices' writes them into {FILE_NAME}, where they can be corrected and stay when the list changes.",
    )


def reconciled(result: CostResult) -> tuple[str, ...]:
    """Return whether the bills bear the prices out, what is not covered, and how to state what explains them."""
    r = result.reconciliation
    if r is None:
        return (_no_bill(result),)
    if r.match is Match.NOT_COMPARED:
        return (f"The bills are in {r.currency} and the prices in {result.currency}, so they were not compared. State "
                "what a dollar is worth under cost.exchange_rate.",)  # fmt: skip
    return tuple(filter(None, (_compared(r), _judged(r), *_explained(r, result), *_uncovered(r), _whose(r))))


def _no_bill(result: CostResult) -> str:
    if result.spent is not None and result.prices and not result.prices.lines:
        return "The amounts are what was billed, so there is no price to check."
    return ("No bill stands beside the log, so its prices could not be checked against what was paid. Export the costs "
            "of the same days and name the file under cost.usage as well.")  # fmt: skip


def _compared(r: Reconciliation) -> str:
    t = r.total
    told = (f"Over {_periods(r, t.periods)}, {money(t.billed_usd, r.currency)} was billed for calls that cost "
            f"{money(t.priced_usd, r.currency)} at the prices used")  # fmt: skip
    return f"{told}: {share(t.ratio)}, {_range(r)}." if t.ratio is not None else f"{told}."


def _judged(r: Reconciliation) -> str:
    most = share(policy.value("reconciliation_tolerance"))
    if r.match is Match.AGREES:
        return f"They agree within {most}, so the prices can be carried forward."
    if r.match is Match.DIFFERS:
        return (f"That is further apart than the {most} that rounding and the edges of days explain, so the approval "
                "is not judged on these prices.")  # fmt: skip
    return f"Whether they agree within {most} cannot be told yet; bills of more days would decide."


def _explained(r: Reconciliation, result: CostResult) -> tuple[str, ...]:
    if r.match is not Match.DIFFERS or r.is_nothing_billed or _is_mostly_unlogged(r):
        return ()
    file = (result.prices.file if result.prices else "") or FILE_NAME
    how = "" if result.prices and result.prices.file else " ('flightready prices' makes the file)"
    if r.factor is not None:
        kind = "a discount" if r.factor < 1 else "a surcharge or tax"
        return ("Every day and model was billed at about the same share of its price, which is "
                f"{kind} of {share(abs(1 - r.factor))}. To state it, write 'factor: {r.factor:.3g}' at the top of "
                f"{file}{how}, or multiply the one that is there.",)  # fmt: skip
    if r.factors_by_model:
        each = ", ".join(f"{b.ratio:.3g} for {b.name}" for b in r.models[:_MOST_NAMED])
        return (f"Each model was billed at a constant share of its own ({each}). To state it, write 'factor:' under "
                f"each model in {file}{how}.",)  # fmt: skip
    return ("No constant factor explains the difference: look for another service tier, for a cache that the log does "
            "not show, and for days on which calls are missing.",)  # fmt: skip


def _uncovered(r: Reconciliation) -> tuple[str, ...]:
    c, found = r.currency, []
    priced, billed = r.total.priced_usd + r.not_billed_usd, r.total.billed_usd + r.not_logged_usd
    if r.not_billed_usd > _LITTLE * priced:
        found.append(f"No bill covers {money(r.not_billed_usd, c)} of the priced calls "
                     f"({share(r.not_billed_usd / priced)}).")  # fmt: skip
    if r.not_logged_usd > _LITTLE * billed:
        found.append(f"{money(r.not_logged_usd, c)} was billed on the log's days for what it does not show.")
    if r.credits_usd < 0:
        found.append(f"Credits of {money(-r.credits_usd, c)} were left out of the comparison, because they end.")
    if r.outside_usd:
        found.append(f"{money(r.outside_usd, c)} was billed for other days and is not compared.")
    return tuple(found)


def _whose(r: Reconciliation) -> str:
    if not r.from_log:
        return ""
    return ("The amounts are those that the log itself states; a gateway works them out from a price list of its own, "
            "so the invoice decides.")  # fmt: skip


def _is_mostly_unlogged(r: Reconciliation) -> bool:
    return r.not_logged_usd > policy.value("reconciliation_tolerance") * (r.total.billed_usd + r.not_logged_usd)


def _range(r: Reconciliation) -> str:
    ends = r.total.interval
    if ends.low is None:
        return f"from one {_period(r)}, so with no range"
    return f"nine times in ten {interval(ends.low, ends.high, share)}"


def _period(r: Reconciliation) -> str:
    return "day" if r.longest_period_days <= 1 else "billed period"


def _periods(r: Reconciliation, n: int) -> str:
    return count(n, _period(r))


def _models(lines: Sequence[PriceLine]) -> list[str]:
    return list(dict.fromkeys(line.model[:60] for line in lines))


def _named(lines: Sequence[PriceLine]) -> str:
    return listed(_models(lines), limit=_MOST_NAMED)
