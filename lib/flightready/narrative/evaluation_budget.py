"""The error budget, the form of the answers and the business rules in sentences."""

from __future__ import annotations

from flightready import policy
from flightready.errors import listed
from flightready.evaluation.budget.error_cost import OTHER_ERRORS
from flightready.evaluation.budget.result import ErrorBudget, MonthlyErrors, Tail
from flightready.evaluation.contract.result import OutputContract, RuleCheck, SideContract
from flightready.evaluation.result import EvaluationResult
from flightready.evidence import Grade, Interval
from flightready.wording import count, interval, money, number, share

NO_BUDGET = "Accuracy on raw data is not known, so nothing says how many answers a month are wrong."
NO_TAIL = "No raw record could be scored, so nothing says where wrong answers are most frequent."
NO_ANSWERS = "No record holds an answer of the pilot, so neither their form nor any business rule can be checked."
_PLURALS = {"class": "classes"}


def budget_meaning(result: EvaluationResult) -> tuple[str, ...]:
    """Say how many answers a month are wrong, how much of the error budget that is, and what it costs."""
    found = result.budget
    if found is None:
        return (NO_BUDGET,)
    told = [_errors(found), _used(found)]
    if found.month is not None:
        told += [_cost(found.month, result), _rests_on(found)]
    return tuple(t for t in told if t)


def _errors(found: ErrorBudget) -> str:
    month = found.month
    if month is None:
        ends = interval(found.interval.low, found.interval.high, number)
        told = f"About {number(found.per_10000)} of 10,000 answers are wrong (nine times in ten {ends})"
        return f"{told}; no planned load says how many that is a month (workload)."
    ends = interval(month.interval.low, month.interval.high, number)
    load = f"At a load of about {number(month.requests)} requests a month"
    return f"{load}, about {number(month.median)} answers a month are wrong (nine times in ten {ends})."


def _used(found: ErrorBudget) -> str:
    if found.allowed is None:
        return "No floor is set (evaluation.floor), so there is no error budget to hold them against."
    if found.used is None or found.used_interval is None:
        return "A floor of 100 % allows no wrong answer at all."
    ends = interval(found.used_interval.low, found.used_interval.high, share)
    cases = number(found.allowed.low)
    month = found.month
    budget = (
        f"{cases} in 10,000" if month is None or month.allowed is None else f"about {number(month.allowed)} a month"
    )
    told = f"The floor allows {budget}, and {share(found.used)} of that is used (nine times in ten {ends}): "
    if found.used_interval.low > 1:
        return told + "the budget is overdrawn."
    return told + ("it is kept." if found.used_interval.high <= 1 else "whether it is kept cannot be told yet.")


def _cost(month: MonthlyErrors, result: EvaluationResult) -> str:
    if month.cost is None or month.cost_interval is None:
        return "What a wrong answer costs is not said (evaluation.error_cost)."
    currency = result.error_cost.currency if result.error_cost is not None else "USD"
    ends = interval(month.cost_interval.low, month.cost_interval.high, lambda v: money(v, currency))
    return f"Wrong answers cost about {money(month.cost, currency)} a month (nine times in ten {ends})."


def _rests_on(found: ErrorBudget) -> str:
    told = "The figures a month rest on the planned load, so they are an estimate"
    if found.grade is not Grade.MEASURED:
        told += ", and so is the share of wrong answers behind them"
    return f"{told}; the share of the budget that is used does not depend on the load."


def tails_meaning(found: ErrorBudget | None) -> str:
    """Say where wrong answers are most frequent, and whether that is more than chance."""
    if found is None or not found.tails:
        return NO_TAIL
    worse = [t for t in found.tails if t.is_worse]
    known = [t for t in found.tails if t.errors is not None]
    if not known:
        return "There are too few scored records to say where wrong answers are most frequent."
    if not worse:
        *others, last = (t.of for t in known)
        of = f"{', '.join(others)} or {last}" if others else last
        return f"No {of} stands out: one of several is always the worst, and chance alone may have made it so."
    named = ", ".join(
        f"{tail_name(t)} ({share(t.errors.share)} wrong, {share(t.others.share)} elsewhere)" for t in worse
    )
    return f"Worse than the others beyond chance: {named}."


def tail_name(tail: Tail) -> str:
    """Write the worst part: a name, or a period."""
    if tail.of in ("system", "class"):
        return f"{tail.of} '{tail.name}'"
    return {"day": tail.name, "week": f"week of {tail.name}", "month": tail.name[:7]}[tail.of]


def kind_name(kind: str, *, of: int) -> str:
    """Name a kind of error; the only one is no 'other' one.

    Examples
    --------
    >>> kind_name("every other error", of=1), kind_name("every other error", of=2)
    ('every error', 'every other error')
    """
    return "every error" if kind == OTHER_ERRORS and of == 1 else kind


def looked_at(tail: Tail) -> str:
    """Say how many parts were compared, and how many were not."""
    noun = _PLURALS.get(tail.of, f"{tail.of}s") if tail.candidates != 1 else tail.of
    left = (
        f", {tail.left_out} more with fewer than {policy.value('least_tail_records')} records" if tail.left_out else ""
    )
    return f"{tail.candidates} {noun}{left}"


def tail_verdict(tail: Tail) -> str:
    """Say whether a part is worse than the others."""
    if tail.errors is None:
        return "cannot tell: fewer than two parts hold enough records"
    return "yes" if tail.is_worse else "may be chance"


def broken_rules(checks: tuple[RuleCheck, ...]) -> str:
    """Name the business rules that any answer breaks; empty where none is."""
    broken = [f"'{c.name}'" for c in checks if c.broken]
    if not broken:
        return ""
    of = f"{len(broken)} of {count(len(checks), 'rule')} that must always hold"
    return f"{of} {'is' if len(broken) == 1 else 'are'} broken: {listed(broken)}."


def contract_meaning(found: OutputContract | None, checks: tuple[RuleCheck, ...], *, has_fields: bool = False) -> str:
    """Say what was checked, and what could not be."""
    if found is None:
        return NO_ANSWERS
    told = ["Checked on every answer of the pilot, with a right answer beside it or not; exact copies count once."]
    if has_fields:
        told.append("Every field of a record is an answer of its own.")
    if found.vocabulary:
        of = "that evaluation.output.allowed lists" if found.is_listed else "that occur as right answers"
        told.append(f"Allowed are the {count(found.vocabulary, 'answer')} {of}.")
    else:
        told.append("No list says which answers are allowed (evaluation.output.allowed).")
    raw = found.raw
    if raw is not None and raw.case_only:
        verb = "differs" if raw.case_only == 1 else "differ"
        told.append(f"{raw.case_only:,} of the answers out of vocabulary {verb} from it in upper and lower case only.")
    if raw is not None and raw.silent:
        told.append(f"Left out, since no record there holds an answer: {', '.join(raw.silent)}.")
    return " ".join([*told, *(_rule_notes(c) for c in checks if _rule_notes(c)), *([] if checks else [_NO_RULES])])


_NO_RULES = "No business rules are listed (evaluation.rules)."


def _rule_notes(check: RuleCheck) -> str:
    told = []
    if check.never_seen:
        told.append(f"its condition on {', '.join(check.never_seen)} never held")
    if check.untold:
        told.append(f"{count(check.untold, 'answer')} could not be placed, because a value is missing")
    if check.to_people:
        told.append(f"{count(check.to_people, 'unsure answer')} would go to a person and count as kept")
    return f"'{check.name}': {'; '.join(told)}." if told else ""


def found_in(side: SideContract | RuleCheck) -> str:
    """Say in which systems something was found."""
    hit = [f"{system} {r.hits:,} of {r.n:,}" for system, r in side.by_system.items() if r.hits]
    return ", ".join(hit)


def at_most(found: Interval, hits: int) -> str:
    """Write an interval of a share; where none was seen, its upper end alone."""
    return interval(found.low, found.high, share) if hits else f"at most {share(found.high)}"
