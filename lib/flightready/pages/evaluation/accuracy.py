"""The first part of notebook 02: accuracy on both sides, the drop, classes, confidence, cost of errors, labels."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from flightready import policy
from flightready.evaluation.budget.priced import ErrorCost, PricedErrors
from flightready.evaluation.budget.result import ErrorBudget
from flightready.evaluation.result import EvaluationResult
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.what_if import judged
from flightready.figures import evaluation as figures
from flightready.narrative import evaluation as narrative
from flightready.pages.display import Prose, Table, absent, finding_table, meaning
from flightready.pages.display import answer as answer_prose
from flightready.study import Study
from flightready.wording import interval, money, number, points, share

_NO_SCORE = "No raw record could be scored, so there is nothing to draw; what to bring is listed under what is missing."


def answer(study: Study) -> Prose:
    """Return what accuracy on raw data is, and whether that is enough."""
    return answer_prose(*narrative.answer(study.evaluation))


def missing(study: Study) -> Prose | Table:
    """Return what is missing, and what it would decide."""
    return absent(study.evaluation.absences)


def accuracy(study: Study) -> go.Figure | Prose:
    """Return accuracy on both sides and in each system, against the floor."""
    result = study.evaluation
    return figures.figure_accuracy(result) if result.raw or result.curated else meaning(_NO_SCORE)


def meaning_accuracy(study: Study) -> Prose:
    """Return how far accuracy is from the floor."""
    return meaning(narrative.floor_meaning(study.evaluation))


def accuracies(study: Study) -> Table | Prose:
    """Return every accuracy as a table."""
    result = study.evaluation
    rows = [_row(name, found) for name, found in (("demo set", result.curated), ("raw data", result.raw)) if found]
    systems = result.by_system if len(result.by_system) > 1 else {}  # one system is the raw data themselves
    rows += [_row(f"raw: {name}", found) for name, found in systems.items()]
    head = ("Records", "Right", "Scored", "Accuracy", "Nine times in ten")
    note = narrative.systems_meaning(result) if systems else ""
    return Table("Accuracy", head, rows, frozenset({1, 2, 3}), note=note) if rows else meaning("")


def _row(name: str, found: Accuracy) -> tuple[str, ...]:
    ends = interval(found.interval.low, found.interval.high, share)
    return name, f"{found.right:,}", f"{found.n:,}", share(found.share), ends


def drop(study: Study) -> go.Figure | Prose:
    """Return the drop against the allowance."""
    result = study.evaluation
    return figures.figure_drop(result) if result.drop is not None else meaning(narrative.drop_meaning(result))


def meaning_drop(study: Study) -> Prose:
    """Return what the drop means, and which drop these samples could have shown."""
    return meaning(narrative.drop_meaning(study.evaluation) if study.evaluation.drop is not None else "")


def confusions(study: Study) -> go.Figure | Prose:
    """Return which wrong answers raw records got."""
    wrong = any(c.truth != c.predicted for c in study.evaluation.confusions)
    return figures.figure_confusions(study.evaluation) if wrong else meaning("")


def meaning_confusions(study: Study) -> Prose:
    """Return the most frequent wrong answer."""
    return meaning(narrative.confusion_meaning(study.evaluation) if study.evaluation.confusions else "")


def error_cost(study: Study) -> Table | Prose:
    """Return what each kind of error costs in 10,000 cases."""
    cost = study.evaluation.error_cost
    if cost is None:
        # where a budget is drawn, its sentences say so already
        return meaning("" if study.evaluation.budget else narrative.error_cost_meaning(study.evaluation))
    shown = cost.kinds if len(cost.kinds) > 1 or cost.unpriced else ()  # one kind alone is the row of all
    rows = [(k.kind, f"{k.errors:,}", k.price, money(k.cost_per_10000, cost.currency), *_month(k, cost)) for k in shown]
    ends = interval(cost.interval.low, cost.interval.high, lambda v: money(v, cost.currency))
    price = "" if shown or not cost.kinds else cost.kinds[0].price
    rows.append(
        ("all errors", f"{sum(k.errors for k in cost.kinds):,}", price,
         f"{money(cost.median, cost.currency)} ({ends})",
         *_whole_month(study.evaluation.budget, cost))
    )  # fmt: skip
    head = ("Error", "In the sample", "Cost of one", "Cost in 10,000 cases", "Errors a month", "Cost a month")
    head = head[: len(rows[-1])]
    note = narrative.error_cost_meaning(study.evaluation)
    if len(shown) > 1:
        note += " The parts are medians and do not add up exactly."
    return Table("What wrong answers cost", head, rows, frozenset({1, 3, 4, 5}), note=note)


def _month(kind: PricedErrors, cost: ErrorCost) -> tuple[str, ...]:
    if kind.errors_per_month is None or kind.cost_per_month is None:
        return ()
    return number(kind.errors_per_month), money(kind.cost_per_month, cost.currency)


def _whole_month(found: ErrorBudget | None, cost: ErrorCost) -> tuple[str, ...]:
    if found is None or found.month is None or found.month.cost is None:
        return ()
    ends = found.month.cost_interval
    told = interval(ends.low, ends.high, lambda v: money(v, cost.currency))
    errors = sum(k.errors_per_month or 0.0 for k in cost.kinds) if cost.unpriced else found.month.median
    return number(errors), f"{money(found.month.cost, cost.currency)} ({told})"


def plan(study: Study) -> go.Figure | Prose:
    """Return how narrow accuracy would be known from so many labelled rows."""
    return figures.figure_plan(study.evaluation) if study.evaluation.plan else meaning("")


def meaning_plan(study: Study) -> Prose:
    """Return what more labels give."""
    return meaning(narrative.plan_meaning(study.evaluation))


def plan_table(study: Study) -> Table:
    """Return how many rows to label for which certainty."""
    rows = [
        (
            f"{100 * p.half_width:.0f}",
            f"{p.rows:,}",
            points(p.detectable_drop) if p.detectable_drop is not None else "no demo score to compare with",
        )
        for p in study.evaluation.plan
    ]
    often = share(policy.value("power_of_detection"))
    head = (
        "Accuracy known to, points either way",
        "Labelled raw rows",
        f"Smallest drop that they show in {often} of cases",
    )
    return Table("How many rows to label", head, rows, frozenset({0, 1}))


def findings(study: Study) -> Table:
    """Return the findings on accuracy."""
    return finding_table(
        study.evaluation.findings, "What the evaluation says to the checklists (R1, R2, R10, E5, E6, gap)"
    )


def certainty(study: Study) -> Prose:
    """Return how sure the figures are."""
    return meaning(*narrative.certainty(study.evaluation))


def change(study: Study) -> Prose:
    """Return what would change the answer."""
    return meaning(*narrative.change(study.evaluation))


def what_if(study: Study) -> Any:
    """Return controls for floor, allowed drop, accuracy and labelled rows, and show what the rules would say."""
    from flightready.widgets.panel import Number, panel

    result = study.evaluation
    floor, allowed, accuracy_share, rows = _start(result)
    controls = (
        Number("floor", "Floor for accuracy", round(100 * floor, 1), 0, 100, 1, "%"),
        Number("allowed_drop", "Allowed drop", round(100 * allowed, 1), 0, 100, 0.5, "points"),
        Number("accuracy", "Accuracy on raw data, if it were", round(100 * accuracy_share, 1), 0, 100, 0.5, "%"),
        Number("rows", "Labelled raw rows", rows, 1, policy.value("most_rows_to_plan"), 50, "rows"),
    )

    def show(values: dict[str, Any]) -> tuple[Any, ...]:
        supposed = judged(
            result,
            floor=values["floor"] / 100,
            allowed_drop=values["allowed_drop"] / 100,
            share=values["accuracy"] / 100,
            rows=round(values["rows"]),
        )
        told = narrative.tried(supposed.raw, supposed.floor_state, supposed.drop_state, supposed.drop)
        return figures.figure_tried(supposed, floor=values["floor"] / 100), meaning(*told)

    return panel(controls, show)


def _start(result: EvaluationResult) -> tuple[float, float, float, int]:
    """Floor, allowed drop, accuracy and rows as they stand, with the policy's figures where nothing is known."""
    planned = policy.value("accuracy_to_plan_with")
    floor = result.floor.high if result.floor else planned
    allowed = result.allowed_drop.low if result.allowed_drop else policy.value("planned_half_widths")[1]
    if result.raw is None:
        return floor, allowed, planned, policy.value("least_raw_records")
    return floor, allowed, result.raw.share, result.raw.n
