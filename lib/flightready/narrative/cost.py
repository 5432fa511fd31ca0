"""Sentences about cost at scale."""

from __future__ import annotations

from flightready.cost.result import BILL, BUCKETS, CALLS, TYPED, CostResult
from flightready.cost.spent import Spent
from flightready.evidence import Grade
from flightready.narrative import cost_prices
from flightready.narrative.cost_month import headline, left_out, on_top, sharper, year
from flightready.narrative.cost_terms import amount
from flightready.narrative.cost_uncertainty import rests_on
from flightready.wording import chance, count, number, share

_ORIGINS = {
    CALLS: "a log with one line for each call", BUCKETS: "a usage export with totals by time",
    TYPED: "tokens of one request as typed in", BILL: "a bill and its number of requests",
}  # fmt: skip


def answer(result: CostResult) -> tuple[str, ...]:
    """Return the answer: what a month in production costs, against what was approved and what the pilot spent."""
    if result.per_request is None:
        return ("What production will cost cannot be said yet: no input says what one request costs.",)
    told = (headline(result), _judged(result), year(result), on_top(result), left_out(result),
            _pilot_against_production(result), _weak(result))  # fmt: skip
    return tuple(filter(None, (cost_prices.doubt(result), _unanswered(result), *told, *cost_prices.caveats(result))))


def _unanswered(result: CostResult) -> str:
    s = result.spent
    if s is None or s.answered > 0:
        return ""
    return ("Before anything else: no call in the log was answered, so it does not show what an answer costs; the "
            "amounts below are those of failed calls.")  # fmt: skip


def _judged(result: CostResult) -> str:
    a = result.approval
    if a is None:
        return "" if result.is_comparable else currency_note(result)
    if a.upper_usd <= a.approved_usd:
        return ""
    dear = f"{amount(result, result.monthly.high)}, the dear end of the range, nineteen times in twenty"
    return f"{amount(result, a.upper_usd)} a month would be enough nine times in ten, and {dear}."


def _pilot_against_production(result: CostResult) -> str:
    if result.pilot_monthly_usd is None or result.monthly is None or result.pilot_monthly_usd == 0:
        return ""
    times = result.monthly.median / result.pilot_monthly_usd
    more = f"about {number(float(f'{times:.2g}'))} times that" if times >= 1.5 else "about that, or less"
    pilot = amount(result, result.pilot_monthly_usd)
    return f"The pilot's own calls cost {pilot} a month; the planned month, with all that is counted, costs {more}."


def _weak(result: CostResult) -> str:
    if result.grade is Grade.MEASURED and not result.defaults:
        return ""
    if "default_requests_per_user" in result.defaults:
        return "The number of requests of each user is assumed, so the month is an assumption as well."
    if result.grade is Grade.MEASURED:
        return ""
    return f"This is an estimate: it rests on {_ORIGINS[result.origin]}{_too_short(result)}."


def _too_short(result: CostResult) -> str:
    spent = result.basis.spent
    return f" over only {count(spent.active_days, 'day')}" if result.origin == CALLS and spent else ""


def spent(result: CostResult) -> tuple[str, ...]:
    """Return what the pilot spent, for how much."""
    s = result.spent
    if s is None:
        return ("What the pilot spent was not counted: there is no log and no export of its usage.",)
    if result.origin == BUCKETS:
        return (f"The export holds {amount(result, s.total_usd)} for {count(s.calls, 'request')} over "
                f"{count(s.covered_days, 'day')}: {amount(result, 1000 * s.per_outcome_usd)} for 1,000 requests. "
                "It does not show how single requests differ, which ones were repeated, or how busy the busiest minute "
                "was.",)  # fmt: skip
    return (
        f"In {_time_covered(s)} the pilot spent {amount(result, s.total_usd)} on {count(s.calls, 'call')}.",
        _outcomes(result, s),
    )


def _time_covered(s: Spent) -> str:
    return count(s.covered_days, "day") if s.covers_a_day else "less than a day"


def _outcomes(result: CostResult, s: Spent) -> str:
    if not s.retries_seen:
        return (f"The log does not say which calls belong together, so every call counts as one request: "
                f"{amount(result, 1000 * s.per_outcome_usd)} for 1,000.")  # fmt: skip
    unanswered = s.outcomes - s.answered
    lost = f"; {count(unanswered, 'request')} never got an answer" if unanswered else ""
    thousand = amount(result, 1000 * s.per_outcome_usd)
    return (f"They served {count(s.outcomes, 'request')}, so 1,000 requests cost {thousand} with everything paid for "
            f"them; {count(s.repeated_outcomes, 'request')} took more than one attempt{lost}.")  # fmt: skip


def meaning_components(result: CostResult) -> tuple[str, ...]:
    """Return what failures and the cache did to the money."""
    s = result.spent
    if s is None or s.total_usd == 0:
        return ("Which part of the money matters most can be said once a log or an export is there.",)
    sentences = []
    lost = sum(c.amount_usd for c in s.components if c.name in ("retries", "failures"))
    if lost > 0:
        sentences.append(f"Failed and repeated calls cost {amount(result, lost)} ({share(lost / s.total_usd)}) and are "
                         "part of the price of every request.")  # fmt: skip
    if s.cached_tokens > 0:
        sentences.append(f"{share(s.cached_share)} of the input came from the provider's cache at a lower price; "
                         "other traffic may find less of it there.")  # fmt: skip
    return tuple(sentences)


def how_sure(result: CostResult) -> tuple[str, ...]:
    """Return what the interval rests on, and what it leaves out."""
    if result.basis is None:
        return ()
    head = f"The cost of a request rests on {_ORIGINS[result.origin]}" + (
        f" ({count(result.basis.n, 'request')})." if result.basis.n else "."
    )
    same = ("Prompts, model and prices are taken as they were in the pilot; the month is one in which "
            "everybody planned uses it; the year follows adoption, launches and growth as planned.")  # fmt: skip
    return (head, rests_on(result), same, *notes(result))


def notes(result: CostResult) -> tuple[str, ...]:
    """Return what a careful reader should know about the log and its prices."""
    is_shown = result.prices is not None and bool(result.prices.lines)
    found = [f"Prices: {result.basis.price_source}." if result.basis and not is_shown else ""]
    if not result.is_comparable:
        found.append(currency_note(result))
    s = result.spent
    if s is not None and s.unlisted_tiers:
        found.append("There is no price of its own for the service tier "
                     f"{', '.join(s.unlisted_tiers)} at that time; these calls are priced as standard.")  # fmt: skip
    if s is not None and not s.covers_a_day:
        found.append("The log covers less than a day, so nothing is said about a month at the pilot's own volume.")
    if result.basis is not None and result.basis.doubled_calls:
        found.append(f"Left out because the files hold them twice: {count(result.basis.doubled_calls, 'call')}.")
    if result.basis is not None:
        found += [f"{note}." for note in result.basis.usage_notes]
    return tuple(filter(None, found))


def currency_note(result: CostResult) -> str:
    """Return why amounts are not compared with the assessment's own."""
    return (f"Amounts are in {result.currency}, the currency of the price list; nothing is converted to "
            f"{result.assessment_currency}. Give the prices you pay under cost.prices, or what a dollar is worth under "
            "cost.exchange_rate, to compare.")  # fmt: skip


def what_would_change(result: CostResult) -> tuple[str, ...]:
    """Return what would move the answer, most useful first."""
    sentences = []
    a, m = result.approval, result.monthly
    if a is not None and m is not None and a.upper_usd > a.approved_usd:
        sentences.append(_cut(a.planned_share))
    elif a is not None:
        sentences.append("The approval has room: nine times in ten the month stays within it.")
    if m is not None:
        sentences += filter(None, (sharper(result),))
    sentences += [f.decides + "." for f in result.findings if f.decides and a is None]
    return tuple(dict.fromkeys(sentences))


def _cut(planned_share: float) -> str:
    if planned_share == 0:
        return ("What a month costs whatever the load is by itself too dear for the approved amount to be enough nine "
                "times in ten.")  # fmt: skip
    cut = f"{100 * (1 - planned_share):.0f} %"
    return (f"A request would have to cost {cut} less, or the load be {cut} smaller, for the approved amount to be "
            "enough nine times in ten.")  # fmt: skip


def changed(before: CostResult, after: CostResult) -> tuple[str, ...]:
    """Return what typed values change against the assessment as it stands."""
    if after.monthly is None:
        return ("The changed values give no forecast: it takes a load and the cost of a request.",)
    month = f"With the changed values a month costs about {amount(after, after.monthly.median)}"
    if before.monthly is None:
        sentences = [f"{month}; the assessment itself gives no forecast."]
    else:
        sentences = [f"{month} in place of {amount(before, before.monthly.median)}."]
    if after.approval is not None and before.approval is not None:
        sentences.append("The chance that it is more than the approved amount is "
                         f"{chance(after.approval.exceeded_share)} in place of "
                         f"{chance(before.approval.exceeded_share)}.")  # fmt: skip
    return (*sentences, "The verdict stays with the assessment.")
