"""Cells on what a short log cannot know of the cost of a request."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.cost.result import CostResult
from flightready.figures import cost_uncertainty as figures
from flightready.narrative import cost_terms as terms
from flightready.narrative import cost_uncertainty as words
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.study import Study
from flightready.wording import chance


def conditional(study: Study) -> go.Figure | Prose:
    """The range at half, as stated and double the spread; nothing where the log itself shows it or costs nothing."""
    if _cases(study.cost) is None or study.cost.per_request.high <= 0:
        return Prose(())
    return figures.figure_conditional(study.cost)


def meaning_conditional(study: Study) -> Prose:
    """How far production may differ from the pilot, and what hangs on it."""
    return display.meaning(*words.meaning_conditional(study.cost))


def conditional_table(study: Study) -> Table | Prose:
    """The same in figures."""
    result, cases = study.cost, _cases(study.cost)
    if cases is None:
        return Prose(())
    rows = [
        (
            name,
            terms.between(result, 1000 * case.per_request.low, 1000 * case.per_request.high),
            terms.between(result, case.monthly.low, case.monthly.high) if case.monthly else "",
            "" if case.exceeded_share is None else chance(case.exceeded_share),
        )
        for name, case in zip(words.case_names(result), cases.cases, strict=True)
    ]
    head = ("Production differs from the pilot", "1,000 requests, nine times in ten", "A month, nine times in ten",
            "Chance of more than is approved")  # fmt: skip
    shown = Table("The range holds only at the difference that is assumed", head, rows, frozenset({1, 2, 3}))
    return display.without_empty_columns(shown)


def differences(study: Study) -> Prose:
    """How the log differs within itself."""
    return display.meaning(*words.differences(study.cost))


def backtest(study: Study) -> go.Figure | Prose:
    """The forecast held against what came; nothing where the log is too short for that."""
    found = study.cost.backtest
    return Prose(()) if found is None or found.missing else figures.figure_backtest(study.cost)


def meaning_backtest(study: Study) -> Prose:
    """What the comparison says about the forecast."""
    return display.meaning(*words.meaning_backtest(study.cost))


def _cases(result: CostResult):
    return result.uncertainty.conditional if result.uncertainty else None
