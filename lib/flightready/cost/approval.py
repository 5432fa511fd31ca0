"""The finding for question R4: does the cost at scale stay within what was approved."""

from __future__ import annotations

from flightready import policy
from flightready.cost.result import CostResult
from flightready.cost.running import not_counted
from flightready.evidence import Finding, Grade, Interval, State, judge_at_most
from flightready.traffic.demand import Demand
from flightready.wording import chance, money, share


def approval_finding(result: CostResult, demand: Demand | None, *, sources: tuple[str, ...]) -> Finding:
    """Return the forecast, calls and what runs beside them, judged against the approved amount.

    It passes when nine in ten draws stay within the amount and fails when nine in ten exceed it. Only a forecast from a
    log of calls over enough days, at a workload that is stated and not assumed, can pass; and not while the cost of a
    request clearly moves against the verdict within the log, or stated growth takes the year above the approval.
    """
    grade = _grade(result, demand)
    month, approval, c = result.monthly, result.approval, result.currency
    common = {"id": "cost.approved", "title": "Monthly cost against the approved amount", "questions": ("R4",),
              "gaps": ("G2",), "rule": "cost_approval_quantile", "grade": grade, "sources": sources,
              "n": result.basis.n if result.basis else None, "unit": f"{c} per month"}  # fmt: skip
    if month is None:
        return Finding(state=State.UNKNOWN, sentence=_without_forecast(result), decides=_missing(result), **common)
    common |= {"value": month.median, "interval": Interval(month.low, month.high)}
    forecast = f"A month at the planned load costs about {money(month.median, c)}"
    missing = f" {not_counted(result.month.not_counted)}".rstrip()
    if approval is None:
        return Finding(state=State.UNKNOWN, sentence=f"{forecast}; {_why_not_judged(result)}.{missing}",
                       decides=_missing(result), **common)  # fmt: skip
    state = judge_at_most(Interval(approval.lower_usd, approval.upper_usd), approval.approved_usd)
    doubt = doubt_of(result, state) or _moving(result, state) or _growing(result, demand, state)
    if doubt is not None:
        why, decides = doubt
        return Finding(state=State.UNKNOWN, threshold=approval.approved_usd, sentence=f"{forecast}; {why}",
                       decides=decides, **common)  # fmt: skip
    if state is State.PASS and grade is not Grade.MEASURED:
        return Finding(state=State.UNKNOWN, threshold=approval.approved_usd, decides=_better(result, demand),
                       sentence=f"{forecast}, within the approved {money(approval.approved_usd, c)} nine times in "
                                f"ten, but this forecast is {grade}, not measured.{missing}", **common)  # fmt: skip
    risk = (f"the chance of more than the approved {money(approval.approved_usd, c)} is "
              f"{chance(approval.exceeded_share)}")  # fmt: skip
    decides = "" if state is not State.UNKNOWN else (
        f"A narrower range of users and requests, or an approval of {money(approval.upper_usd, c)} a month"
    )  # fmt: skip
    common |= {"threshold": approval.approved_usd}
    return Finding(state=state, sentence=f"{forecast}; {risk}.{missing}", decides=decides, **common)


LONGER_LOG = "A log of two weeks, with each weekday twice: it shows by itself how far days differ"
"""What decides where the forecast hangs on an assumed spread."""
STEADY_LOG = (
    "A log that goes on until a request costs the same in two weeks running, or what changed, and that it ended"
)
"""What decides where the cost of a request moves within the log."""


def doubt_of(result: CostResult, state: State) -> tuple[str, str] | None:
    """Return why a log that is too short to show how days differ does not decide, and what would; None if it does."""
    uncertain = result.uncertainty
    if uncertain is None or uncertain.conditional is None:
        return None
    cases = uncertain.conditional
    if uncertain.is_under_a_day:
        why = "the log covers less than a day, so nothing shows how days differ"
    elif state is not State.UNKNOWN and not cases.agree:
        why = "whether that is within the approved amount hangs on how far production differs from the pilot"
    else:
        return None
    half, same, double = ((chance(case.exceeded_share), share(case.sd)) for case in cases.cases)
    return (f"{why}. The chance of more than the approved {money(result.approval.approved_usd, result.currency)} is "
            f"{same[0]} if production differs from the pilot by about {same[1]} up or down, {half[0]} if by {half[1]}, "
            f"and {double[0]} if by {double[1]}.", LONGER_LOG)  # fmt: skip


def _moving(result: CostResult, state: State) -> tuple[str, str] | None:
    """Why the forecast does not decide when the cost of a request clearly moved within the log, against the verdict.

    The forecast takes the log as a whole. Where a request became dearer a yes may not last, where it became cheaper a
    no; a move that speaks for the verdict leaves it as it is.
    """
    shift = result.uncertainty.shift if result.uncertainty is not None else None
    if shift is None or not shift.is_clear:
        return None
    if (state, shift.change > 0) not in ((State.PASS, True), (State.FAIL, False)):
        return None
    more, amount = "dearer" if shift.change > 0 else "cheaper", result.approval.approved_usd
    return (f"a request was {share(round(abs(shift.change), 2))} {more} in the second half of the log than in the "
            "first, more than chance explains. The forecast takes the log as a whole, so whether it stays within the "
            f"approved {money(amount, result.currency)} is not told while that goes on.", STEADY_LOG)  # fmt: skip


def _growing(result: CostResult, demand: Demand | None, state: State) -> tuple[str, str] | None:
    """Why the planned month does not decide when the plan itself grows out of the approved amount."""
    planned = demand is not None and (demand.launches or "default_growth_per_month" not in demand.defaults)
    exceeded = result.approval.year_exceeded_share
    if state is not State.PASS or not planned or exceeded <= 1 - policy.value("cost_approval_quantile"):
        return None
    amount = money(result.approval.approved_usd, result.currency)
    return (f"that stays within the approved {amount}, but with the planned growth and launches the chance that the "
            f"first twelve months cost more than twelve times that is {chance(exceeded)}.",
            "An approval for the year as planned, or a plan that grows less")  # fmt: skip


def _grade(result: CostResult, demand: Demand | None) -> Grade:
    if demand is not None and demand.grade is Grade.ASSUMED:
        return Grade.ASSUMED
    return result.grade


def _without_forecast(result: CostResult) -> str:
    if result.per_request is None:
        return "No input says what a request costs."
    thousand = money(1000 * result.per_request.median, result.currency)
    return f"1,000 requests cost about {thousand}; the planned load is not stated."


def _why_not_judged(result: CostResult) -> str:
    if result.is_comparable:
        return "no amount is approved yet"
    return f"prices are in {result.currency} and are not converted to {result.assessment_currency}"


def _missing(result: CostResult) -> str:
    if result.per_request is None:
        return "The log of the pilot's calls, or the vendor's usage export, under cost.usage"
    if result.monthly is None:
        return "The planned load under workload.users_per_day"
    if not result.is_comparable:
        return f"The prices you pay in {result.assessment_currency} under cost.prices"
    return "The approved amount under cost.approved"


def _better(result: CostResult, demand: Demand | None) -> str:
    if demand is not None and demand.grade is Grade.ASSUMED:
        return "The planned requests of each user under workload.requests_per_user"
    if result.spent is not None and result.spent.answered == 0:
        return "A log of calls that were answered"
    return "A log with one line for each call, over at least a week"
