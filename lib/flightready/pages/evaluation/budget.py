"""The error budget, the parts with most errors, the form of the answers and the business rules."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.evaluation.budget.result import Tail
from flightready.evaluation.contract.result import OutputContract, RuleCheck
from flightready.figures.evaluation_budget import figure_budget
from flightready.narrative import evaluation_budget as narrative
from flightready.pages.display import Prose, Table, meaning
from flightready.realism.outcome import Example, Rate
from flightready.study import Study
from flightready.wording import interval, share


def budget(study: Study) -> go.Figure | Prose:
    """Return wrong answers a month against the error budget, and what each kind costs."""
    result = study.evaluation
    return figure_budget(result) if result.budget is not None else meaning(*narrative.budget_meaning(result))


def meaning_budget(study: Study) -> Prose:
    """Return how much of the error budget is used, and what errors cost a month."""
    result = study.evaluation
    return meaning(*(narrative.budget_meaning(result) if result.budget is not None else ()))


def tails(study: Study) -> Table | Prose:
    """Return the worst system, period and class, corrected for having looked at all of them."""
    found = study.evaluation.budget
    if found is None or not found.tails:
        return meaning(narrative.tails_meaning(found))
    ends = "Nine times in ten (wider, as the worst was picked)"
    head = (
        "Compared",
        "Worst of them",
        "Wrong",
        "Records",
        "Share wrong",
        ends,
        "All others",
        "Worse than the others?",
    )
    rows = [_tail(tail) for tail in found.tails]
    told = narrative.tails_meaning(found)
    return Table("Where wrong answers are most frequent", head, rows, frozenset({2, 3, 4}), note=told)


def _tail(tail: Tail) -> tuple[str, ...]:
    verdict = narrative.tail_verdict(tail)
    if tail.errors is None or tail.others is None:
        return narrative.looked_at(tail), "", "", "", "", "", "", verdict
    errors = tail.errors
    ends = interval(errors.interval.low, errors.interval.high, share)
    return (
        narrative.looked_at(tail), narrative.tail_name(tail), f"{errors.hits:,}", f"{errors.n:,}", share(errors.share),
        ends, share(tail.others.share), verdict,
    )  # fmt: skip


def contract(study: Study) -> Table | Prose:
    """Return how many answers break the output contract or a business rule."""
    result = study.evaluation
    has_fields = study.pilot.spec.evaluation.task == "extraction"
    told = narrative.contract_meaning(result.contract, result.rule_checks, has_fields=has_fields)
    if result.contract is None:
        return meaning(told)
    head = ("Checked", "Broken on raw data", "Answers", "Nine times in ten", "Demo set", "In", "First seen, masked")
    rows = [*_contract_rows(result.contract), *(_rule_row(check) for check in result.rule_checks)]
    return Table("Form of the answers, and business rules", head, rows, frozenset({1, 2}), note=told)


def _contract_rows(found: OutputContract) -> list[tuple[str, ...]]:
    kinds = list(dict.fromkeys(k for side in (found.raw, found.curated) if side is not None for k in side.kinds))
    rows = []
    for kind in kinds:
        raw, demo = (side.kinds.get(kind) if side else None for side in (found.raw, found.curated))
        examples = [e for e in (found.raw.examples if found.raw else ()) if e.masked.startswith(f"{kind}:")]
        rows.append((f"answer is {kind}", *_counts(raw), _demo(demo), "", _first(examples)))
    if found.raw is not None:
        told = narrative.found_in(found.raw)
        rows.append(
            ("any of these", *_counts(found.raw.bad), _demo(found.curated.bad if found.curated else None), told, "")
        )
    return rows


def _rule_row(check: RuleCheck) -> tuple[str, ...]:
    name = f"{check.name} ({check.demand})"
    return (name, *_counts(check.raw), _demo(check.curated), narrative.found_in(check), _first(check.examples))


def _counts(found: Rate | None) -> tuple[str, str, str]:
    if found is None:
        return "", "", "no answers"
    if not found.n:
        return "0", "0", "no answer in its scope"
    return f"{found.hits:,}", f"{found.n:,}", narrative.at_most(found.interval, found.hits)


def _demo(found: Rate | None) -> str:
    return f"{found.hits:,} of {found.n:,}" if found is not None else ""


def _first(examples: list[Example] | tuple[Example, ...]) -> str:
    return f"{examples[0].file}, line {examples[0].line}: {examples[0].masked}" if examples else ""
