"""Value: the answer, the distribution, the gaps, what it rests on, and what if."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from flightready.figures import roi as figures
from flightready.narrative import roi as narrative
from flightready.pages.display import Prose, Table, absent, answer, finding_table, meaning
from flightready.study import Study
from flightready.wording import money


def headline(study: Study) -> Prose:
    """Return the answer, and what a what-if changes about it."""
    return answer(*narrative.answer(study.roi), *_against_baseline(study))


def _against_baseline(study: Study) -> tuple[str, ...]:
    if not study.what_ifs:
        return ()
    base, changed = study.baseline.roi, ", ".join(f"{k} = {v}" for k, v in study.what_ifs.items())
    if base.npv is None or study.roi.npv is None:
        return (f"What if {changed}. The verdict does not follow what-ifs.",)
    difference = money(study.roi.npv.median - base.npv.median, study.roi.currency)
    return (f"What if {changed}: the middle value changes by {difference}. The verdict does not follow what-ifs.",)


def present_value(study: Study) -> go.Figure | Prose | Table:
    """Return the distribution of the present value."""
    return figures.figure_present_value(study.roi) if study.roi.npv else absent(study.roi.absences)


def meaning_present_value(study: Study) -> Prose:
    """Return when it pays back, and the simulation's own error."""
    return meaning(narrative.payback(study.roi), narrative.simulation_error(study.roi))


def cash(study: Study) -> go.Figure | Prose:
    """Return cumulative cash by month."""
    if study.roi.cumulative is None:
        return meaning("A cash flow needs a planned load and the worth of a case; what to bring is listed above.")
    return figures.figure_cash(study.roi)


def meaning_cash(study: Study) -> Prose:
    """Return how to read the curve, when there is one."""
    return meaning(narrative.how_to_read_cash() if study.roi.cumulative is not None else "")


def gaps(study: Study) -> go.Figure | Prose:
    """Return the way from the promise to production."""
    return figures.figure_gaps(study.roi) if study.roi.gaps else meaning(narrative.gap_sentence(study.roi))


def meaning_gaps(study: Study) -> Prose:
    """Return which gap costs most."""
    return meaning(*((narrative.gap_sentence(study.roi), narrative.how_to_read_gaps()) if study.roi.gaps else ()))


def gap_table(study: Study) -> Table | Prose:
    """Return the price of each gap as a table."""
    result = study.roi
    if not result.gaps:
        return meaning(narrative.margin_sentence(result))
    rows = [narrative.gap_row(g, result.currency) for g in result.gaps]
    head = ("Gap", "Mean", "Nine times in ten", "Grade of the gap", "Gap of the field")
    return Table("What each gap takes from the promised present value", head, rows, frozenset({1}))


def margin(study: Study) -> Prose:
    """Return what one request earns, and when the whole breaks even."""
    return meaning(narrative.margin_sentence(study.roi))


def inputs(study: Study) -> Table:
    """Return every input with its range, grade and source."""
    rows = [narrative.input_row(r, study.roi.currency) for r in study.roi.inputs]
    head = ("Input", "Middle", "Nine times in ten", "Grade", "Source")
    return Table("What the value rests on", head, rows, frozenset({1}))


def missing(study: Study) -> Prose | Table:
    """Return what is missing and what it would decide."""
    return absent(study.roi.absences)


def findings(study: Study) -> Table | Prose:
    """Return the findings on value."""
    if not study.roi.findings:
        return meaning("No finding on value: a planned load or the worth of a case is missing.")
    return finding_table(study.roi.findings)


def what_if(study: Study) -> Any:
    """Return controls that change load, worth of a case, adoption and reviews, and show the new value."""
    from flightready.widgets.panel import Number, panel

    pilot = study.baseline.pilot.spec
    shown = {row.key: row.median for row in study.baseline.roi.inputs}
    benefit = pilot.roi.benefit_per_case.median if pilot.roi.benefit_per_case else 0.0
    users = pilot.workload.users_per_day.median if pilot.workload.users_per_day else 0.0
    controls = (
        Number("users_per_day", "Users a day", round(users), 0, 1e9, 1000, "users"),
        Number("benefit_per_case", "Worth of one case", round(benefit, 4), 0, 1e6, 0.05, pilot.currency),
        Number("adoption", "Share of cases that use it", round(shown["adoption"], 3), 0, 1, 0.05, "share"),
        Number("review_share", "Share of answers reviewed", round(shown["review_share"], 3), 0, 1, 0.05, "share"),
    )

    def show(values: dict[str, Any]) -> tuple[Any, ...]:
        changed = {c.name: values[c.name] for c in controls if values[c.name] != c.value}
        tried = study.baseline.what_if(**changed)
        return (headline(tried), present_value(tried))

    return panel(controls, show)
