"""Notebook 02, confidence: whether to trust it, which answers go to people, and which other model would do."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from flightready.evaluation.triage.candidates import with_beaten
from flightready.evaluation.triage.candidates_result import Option
from flightready.evaluation.triage.what_if import tried_triage
from flightready.figures import evaluation_triage as figures
from flightready.narrative import evaluation_triage as narrative
from flightready.pages.display import Prose, Snippet, Table, meaning, without_empty_columns
from flightready.study import Study
from flightready.wording import count, points, share

_MOST_CAPACITY, _MOST_COST = 1e9, 1e9


def confidence(study: Study) -> go.Figure | Prose:
    """Return how often answers of a stated confidence are right, on both sides."""
    found = study.evaluation.calibration
    if found is None or found.raw is None:
        return meaning(narrative.NO_CONFIDENCE)
    return figures.figure_reliability(found)


def meaning_confidence(study: Study) -> Prose:
    """Return whether the pilot is as sure as it is right, and whether its confidence tells right from wrong."""
    found = study.evaluation.calibration
    return meaning(narrative.confidence_meaning(study.evaluation) if found and found.raw else "")


def calibration_table(study: Study) -> Table | Prose:
    """Return every figure on confidence, demo set beside raw data."""
    found = study.evaluation.calibration
    if found is None:
        return meaning("")
    rows = []
    for name, side in (("demo set", found.curated), ("raw data", found.raw)):
        if side is None:
            continue
        ends, tells = side.error_interval, ""
        if side.auroc_interval is not None:
            tells = f"{side.auroc:.2f} ({side.auroc_interval.low:.2f} to {side.auroc_interval.high:.2f})"
        rows.append((
            name, f"{side.n:,}", share(side.mean_confidence), share(side.accuracy),
            f"{points(side.error)} ({100 * ends.low:.1f} to {100 * ends.high:.1f})", tells, f"{side.brier:.3f}",
            f"{side.log_loss:.3f}", "" if side.z is None else f"{side.z:.1f}",
        ))  # fmt: skip
    head = ("Records", "n", "Mean confidence", "Right", "Off by (nine times in ten)", "Tells right from wrong (AUROC)",
            "Brier score", "Log loss", "Spiegelhalter's z")  # fmt: skip
    note = (
        "Off by: how far confidence lies from the share that is right, without what chance alone would add. AUROC: of "
        "pairs of a right and a wrong answer, the share in which the right one has more confidence; 0.5 is a coin "
        "toss, 1 is always. Brier score and log loss: how far confidence is from what came, 0 is best. "
        "Spiegelhalter's z: above 1.6, or below -1.6, the confidence is off by more than chance explains."
    )
    return Table("How far the confidence can be trusted", head, rows, frozenset({1, 2, 3, 6, 7, 8}), note)


def triage(study: Study) -> go.Figure | Prose:
    """Return how many answers are right among those used, as fewer and fewer are used."""
    found = study.evaluation.triage
    return figures.figure_kept(found) if found is not None else meaning("")


def meaning_triage(study: Study) -> Prose:
    """Return which answers can be used without a person, and how many people must look at."""
    return meaning(narrative.triage_meaning(study.evaluation) if study.evaluation.triage is not None else "")


def threshold_cost(study: Study) -> go.Figure | Prose:
    """Return what errors and reviews cost together as more answers go to people."""
    found = study.evaluation.triage
    if found is None or found.error_cost is None:
        return meaning(narrative.threshold_cost_meaning(study.evaluation) if found is not None else "")
    return figures.figure_threshold_cost(found)


def meaning_threshold_cost(study: Study) -> Prose:
    """Return which threshold is the cheapest, and what that rests on."""
    found = study.evaluation.triage
    is_priced = found is not None and found.error_cost is not None
    return meaning(narrative.threshold_cost_meaning(study.evaluation) if is_priced else "")


def triage_rule(study: Study, form: str = "words") -> Snippet | Prose:
    """Return the rule to copy, or why there is none.

    Parameters
    ----------
    study : Study
    form : str
        words, yaml or python.
    """
    rules = dict(zip(("words", "yaml", "python"), narrative.rule(study.evaluation), strict=False))
    if study.evaluation.triage is None:
        return meaning("")  # said in the place of the chart of confidence
    return Snippet(*rules[form]) if rules else meaning(narrative.no_rule(study.evaluation))


def frontier(study: Study) -> go.Figure | Prose:
    """Return accuracy against the cost of a request for the pilot and every candidate."""
    if study.evaluation.candidates is None:
        return meaning(narrative.NO_CANDIDATE)
    options = _options(study)
    if not any(o.cost for o in options):
        return meaning("What a request of any of these models costs is not known, so there is no chart of cost.")
    return figures.figure_frontier(options, currency=study.pilot.spec.currency)


def meaning_candidates(study: Study) -> Prose:
    """Return what each candidate loses and gains against the pilot."""
    if study.evaluation.candidates is None:
        return meaning("")
    return meaning(*narrative.candidates_meaning(study.evaluation, _options(study)))


def candidates(study: Study) -> Table | Prose:
    """Return the pilot and every candidate as a table."""
    if study.evaluation.candidates is None:
        return meaning("")
    rows = [narrative.option_line(o, study.pilot.spec.currency) for o in _options(study)]
    head = (
        "Model",
        "Right on raw data",
        "Nine times in ten",
        "Cost of one request",
        "95 of 100 answers within",
        "Beside the others",
    )
    n = study.evaluation.candidates.compared[0].right.n
    caption = f"The pilot and other models on {count(n, 'raw record')}"
    return without_empty_columns(Table(caption, head, rows, frozenset({1, 3, 4})))


def _options(study: Study) -> tuple[Option, ...]:
    """The pilot with what its cost and latency analyses say, and every candidate with what is stated."""
    result, cost, latency = study.evaluation, study.cost, study.latency
    is_same_money = cost.per_request is not None and cost.currency == study.pilot.spec.currency
    p95 = next((p.value_s for p in latency.pilot if p.name == "p95"), None)
    pilot = Option("the pilot", True, result.raw, cost.per_request.median if is_same_money else None, p95)
    others = (Option(c.name, False, c.right, c.cost_per_request, c.p95_s) for c in result.candidates.compared)
    return with_beaten([pilot, *others])


def triage_what_if(study: Study) -> Any:
    """Return controls for threshold, capacity and costs, and show what they give."""
    from flightready.widgets.panel import Number, panel

    found = study.evaluation.triage
    if found is None:
        return meaning(narrative.NO_CONFIDENCE)
    money = found.currency
    capacity = found.capacity_per_day.low if found.capacity_per_day else 0.0
    start = found.threshold if found.threshold is not None else float(found.thresholds[found.thresholds.size // 2])
    controls = (
        Number("threshold", "Use answers with a confidence of at least", round(min(start, 1.0), 6), 0, 1, 0.01,
               "of 1"),
        Number("capacity", "Reviews that people can do", capacity, 0, _MOST_CAPACITY, 100, "a day; 0: not stated"),
        Number("error_cost", "Cost of one wrong answer that is used", round(found.error_cost or 0.0, 4), 0, _MOST_COST,
               0.1, money),
        Number("review_cost", "Cost of one review", round(found.review_cost, 4), 0, _MOST_COST, 0.1, money),
    )  # fmt: skip

    def show(values: dict[str, Any]) -> tuple[Any, ...]:
        tried = tried_triage(
            found, threshold=values["threshold"], capacity_per_day=values["capacity"] or None,
            error_cost=values["error_cost"], review_cost=values["review_cost"],
        )  # fmt: skip
        shown: list[Any] = [figures.figure_kept(found, threshold=values["threshold"])]
        if tried.costs is not None:
            shown.append(figures.figure_threshold_cost(found, priced=tried.costs, threshold=values["threshold"]))
        return (*shown, meaning(*narrative.tried_sentences(found, tried)))

    return panel(controls, show)
