"""Cells on prices: what they are, who says so, and whether bills bear them out."""

from __future__ import annotations

from flightready.cost.prices_sheet import PriceLine
from flightready.cost.reconciliation import Billed, Match
from flightready.narrative import cost_prices as words
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.study import Study
from flightready.wording import interval, money, share

_MOST_PERIODS = 7
_MOST_PRICES = 20


def prices_used(study: Study, *, every: bool = False) -> Table | Prose:
    """The prices that the result rests on, with source and date; the first ones of very many models."""
    sheet = study.cost.prices
    if sheet is None or not sheet.lines:
        return Prose(())
    head = ("Model", "Tier", "Input", "From the cache", "Output", "Each call", "Dearer above", "Says who", "Checked")
    rows = [_priced(line, sheet.currency) for line in sheet.lines]
    caption = f"Prices used, in {sheet.currency} for a million tokens"
    shown = Table(caption, head, rows, frozenset({2, 3, 4, 5, 6}))
    shown = display.cut(shown, most=_MOST_PRICES, every=every, order="the first {}")
    return display.without_empty_columns(shown)


def meaning_prices(study: Study) -> Prose:
    """Where the prices come from and how old they are."""
    return display.meaning(*words.meaning_prices(study.cost))


def billed(study: Study) -> Table | Prose:
    """Bills against priced calls, by model and by the days that differ most; a plain sentence without bills."""
    found = study.cost.reconciliation
    if found is None or found.match is Match.NOT_COMPARED:
        return Prose(words.reconciled(study.cost), "note")
    rows = [_compared("All", found.total, found.currency)]
    rows += [_compared(b.name or "(not named)", b, found.currency) for b in found.models if len(found.models) > 1]
    apart = sorted(found.periods, key=lambda b: -abs(b.billed_usd - b.priced_usd))[:_MOST_PERIODS]
    if len(found.periods) > 1:
        rows += [_compared(str(b.first), b, found.currency) for b in sorted(apart, key=lambda b: b.first)]
    more = len(found.periods) - len(apart)
    note = f"Of {len(found.periods)} periods those {_MOST_PERIODS} that differ most are shown." if more > 0 else ""
    head = ("Of", f"At the prices used ({found.currency})", "Billed", "Billed of priced", "Nine times in ten")
    shown = Table("What was billed for the calls of the log", head, rows, frozenset({1, 2, 3, 4}), note)
    return display.without_empty_columns(shown)


def meaning_billed(study: Study) -> Prose:
    """Whether the bills bear the prices out."""
    found = study.cost.reconciliation
    if found is None or found.match is Match.NOT_COMPARED:
        return display.meaning()  # said in place of the table
    return display.meaning(*words.reconciled(study.cost))


def _priced(line: PriceLine, currency: str) -> tuple[str, ...]:
    tier = line.tier if line.tier_is_listed else f"{line.tier}, priced as standard"
    return (
        line.model[:60], tier, money(line.input_usd, currency), money(line.cached_usd, currency),
        money(line.output_usd, currency), money(line.call_usd, currency) if line.call_usd else "",
        f"{line.dearer_above:,} tokens" if line.dearer_above else "", line.source,
        str(line.dated) if line.dated else "nobody says",
    )  # fmt: skip


def _compared(name: str, b: Billed, currency: str) -> tuple[str, ...]:
    ratio = "" if b.ratio is None else share(b.ratio)
    ends = "" if b.interval.low is None else interval(b.interval.low, b.interval.high, share)
    return name[:60], money(b.priced_usd, currency), money(b.billed_usd, currency), ratio, ends
