"""Sentences about what a short log cannot know of the cost of a request."""

from __future__ import annotations

from flightready import policy
from flightready.cost.resampling import STATED
from flightready.cost.result import CostResult
from flightready.cost.uncertainty import STRETCHES, WEEKDAYS, Case, Shift, holds_at
from flightready.evidence import State
from flightready.wording import chance, count, interval, money, share


def rests_on(result: CostResult) -> str:
    """Return how far production is taken to differ from the pilot, and where that comes from."""
    spread = result.basis.spread
    if not spread.from_log:
        return _not_measured(result)
    low, high = spread.limits
    roughly = f", which so many days show only roughly: {share(low)} to {share(high)}" if high > low else ""
    extent = f"{share(spread.sd)} up or down" + (", the least that is ever assumed" if spread.is_least else roughly)
    days = ("The days of the log differ; production is taken to differ from the pilot as one of these "
            f"{count(spread.days, 'day')} from another (about {extent}).")  # fmt: skip
    if not spread.users:
        return days
    return f"{days} That its {count(spread.users, 'user')} are not those of production is part of that figure."


def _not_measured(result: CostResult) -> str:
    spread = result.basis.spread
    if spread.origin == STATED:
        what = "The assessment says that production may differ"
    else:
        why = "The log is too short to show how days differ" if result.basis.spent else "Nothing shows how days differ"
        what = f"{why}, so production is assumed to differ"
    return f"{what} from the pilot by about {share(spread.sd)} up or down. The interval holds only as far as that does."


def meaning_conditional(result: CostResult) -> tuple[str, ...]:
    """Return what the range would be at half and at double the spread."""
    if result.basis is None:
        return ("What a request costs is not known, so nothing can be said about its range.",)
    cases = result.uncertainty.conditional
    if cases is None:
        return ()  # `how_sure` says what the range rests on
    what = "a month" if cases.half.monthly else "1,000 requests"
    ends = [money(dear_end(case), result.currency) for case in cases.cases]
    width = (f"The dear end of the range of {what} is {ends[1]}; it is {ends[0]} if production differs half as much "
             f"from the pilot, and {ends[2]} if it differs twice as much.")  # fmt: skip
    held = ("If the true difference is double, a range that should hold nine times in ten holds "
            f"{chance(holds_at(cases.double.times))} times.").replace(" in 100 times", " times in 100")  # fmt: skip
    return tuple(filter(None, (width, held, _verdicts(result))))


def case_names(result: CostResult) -> tuple[str, str, str]:
    """Return what the three spreads are called, narrowest first."""
    spread, cases = result.basis.spread, result.uncertainty.conditional.cases
    middle = "as stated" if spread.origin == STATED else "as assumed"
    half, same, double = (f"{name} ({share(case.sd)} up or down)" for name, case in
                          zip(("half of it", middle, "double"), cases, strict=True))  # fmt: skip
    return half, same, double


def dear_end(case: Case) -> float:
    """Return the high end of a month, or of 1,000 requests where no load is planned."""
    return case.monthly.high if case.monthly else 1000 * case.per_request.high


def _verdicts(result: CostResult) -> str:
    cases = result.uncertainty.conditional
    if cases.half.state is None:
        return ""
    wait = "so it cannot be told yet. A log of two weeks would tell."
    if result.uncertainty.is_under_a_day:
        return f"The log covers less than a day and does not decide whether an amount is enough, {wait}"
    if cases.agree and cases.half.state is State.UNKNOWN:
        return "Whether the approved amount is enough cannot be told at any of the three."
    if cases.agree:
        return "Whether the approved amount is enough is answered the same way at all three."
    return f"Whether the approved amount is enough depends on it, {wait}"


def differences(result: CostResult) -> tuple[str, ...]:
    """Return how the log differs within itself: its halves, and its dearest requests."""
    if result.basis is None or result.basis.observed is None:
        return ("No log and no export shows how requests differ.",)
    return tuple(filter(None, (_shifted(result.uncertainty.shift), concentration(result))))


def _shifted(shift: Shift | None) -> str:
    if shift is None:
        return "Too little was logged to compare its first half with its second."
    more = "more" if shift.change > 0 else "less"
    changes = interval(shift.low, shift.high, lambda value: f"{value:+.0%}".replace("%", " %"))
    how = {WEEKDAYS: f"over {count(shift.n, 'pair')} of the same weekday", STRETCHES: "within less than a day"}
    basis = how.get(shift.by, f"over {count(shift.n, 'day')}")
    if not shift.is_clear:
        return (f"The second half of the log is not clearly dearer or cheaper than the first ({basis}: a change of "
                f"{changes}).")  # fmt: skip
    told = (f"In the second half of the log a request cost {share(round(abs(shift.change), 3))} {more} than in the "
            f"first ({basis}: {changes}), which chance does not explain. The forecast takes the log as a "
            "whole and does not carry the change on.")  # fmt: skip
    return told if shift.by == WEEKDAYS else f"{told} Hour or weekday may be the reason: two weeks would tell."


def concentration(result: CostResult) -> str:
    """Return how much of the money the dearest requests are; empty where single costs are not known."""
    seen = result.basis.observed
    if seen.largest_share is None:
        return ""
    if seen.largest_share >= policy.value("cost_top_share") and result.basis.n and result.basis.n > 1:
        return (f"A single request is {share(seen.largest_share)} of the money: what a request costs on average hangs "
                "on whether one like it comes again. Look at it before the forecast is used.")  # fmt: skip
    if seen.top_requests < 2:
        return f"The dearest request is {share(seen.largest_share)} of the money."
    part = share(policy.value("cost_top_requests"))
    return f"The dearest {part} ({count(seen.top_requests, 'request')}) are {share(seen.top_share)} of the money."


def meaning_backtest(result: CostResult) -> tuple[str, ...]:
    """Return how forecasts from the first part of the log did on its rest."""
    found = result.backtest
    if found is None:
        return ("Without a log there is nothing to test the forecast on.",)
    if found.missing == "unpaid":
        return ("Nothing was paid for in the log, so there is no forecast to test.",)
    if found.missing:
        days = policy.value("cost_backtest_first_days") + policy.value("cost_backtest_least_days")
        return (f"The log is too short to test the forecast on itself: that takes {count(days, 'day')} with requests.",)
    covered, n = found.days.covered, found.n
    again = ", and again as the log goes on" if found.splits > 1 else ""
    held = (f"Forecast from the first {count(found.first_days, 'day')} of the log{again}: {covered} of the "
            f"{count(n, 'day')} that followed lie in the range that should hold nine times in ten "
            f"({share(covered / n)}; so few days can only say {_around(result)}).")  # fmt: skip
    more = "more" if found.error > 0 else "less"
    error = f"Over these days a request cost {share(round(abs(found.error), 3))} {more} than was forecast first."
    return held, error, _lesson(result)


def _around(result: CostResult) -> str:
    coverage = result.backtest.coverage
    return f"{share(round(coverage.low, 2))} to {share(round(coverage.high, 2))}"


def _lesson(result: CostResult) -> str:
    coverage = result.backtest.coverage
    if coverage.high < 0.9:
        return "That is too seldom: the traffic moves more than the forecast allows, so take its range as too narrow."
    return "That does not speak against the range; days that follow one another are alike, so it is no proof either."
