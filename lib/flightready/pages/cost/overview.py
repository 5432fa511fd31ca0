"""Cells of the notebook on cost at scale."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.cost.result import CostResult
from flightready.figures import cost as figures
from flightready.narrative import cost as words
from flightready.narrative import cost_terms as terms
from flightready.narrative import cost_workbook as workbook_words
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.study import Study
from flightready.wording import count, share

_LONGEST_NAME, _MODELS_SHOWN = 60, 8


def answer(study: Study) -> Prose:
    """The answer."""
    return display.answer(*words.answer(study.cost))


def changed(study: Study) -> Prose:
    """What the values typed into the notebook change; nothing when none is typed."""
    if not study.what_ifs:
        return display.meaning("No value was changed: this is the assessment as it stands.")
    return display.meaning(*words.changed(study.baseline.cost, study.cost))


def findings(study: Study) -> Table:
    """Findings against the thresholds."""
    return display.finding_table((*study.cost.findings, *study.traffic.findings))


def spent(study: Study) -> Prose:
    """What the pilot spent."""
    return display.meaning(*words.spent(study.cost))


def components(study: Study) -> go.Figure | Prose:
    """Where the money went."""
    if not _is_counted(study.cost):
        return Prose(())
    return figures.figure_components(study.cost)


def meaning_components(study: Study) -> Prose:
    """What the parts mean."""
    return display.meaning(*words.meaning_components(study.cost))


def component_table(study: Study) -> Table | Prose:
    """The parts in figures."""
    if not _is_counted(study.cost):
        return Prose(())
    result, s = study.cost, study.cost.basis.spent
    rows = [(terms.COMPONENTS[c.name], f"{c.tokens:,}" if c.tokens else "", terms.amount(result, c.amount_usd),
             share(c.amount_usd / s.total_usd)) for c in s.components]  # fmt: skip
    rows.append(("All", "", terms.amount(result, s.total_usd), share(1.0)))
    return Table("Money by part", ("Part", "Tokens", f"Spent ({result.currency})", "Share"), rows, frozenset({1, 2, 3}))


def facts(study: Study) -> Table | Prose:
    """What a request is made of, and what it costs counted in different ways."""
    result = study.cost
    if result.basis is None:
        return Prose(())
    rows = [("Cost of 1,000 requests in the pilot", terms.amount(result, 1000 * result.pilot_per_request_usd))]
    s = result.basis.spent
    if s is not None:
        rows += _counted(result)
    if result.basis.input_tokens is not None:
        rows += [("Input tokens of one request", f"{result.basis.input_tokens:,.0f}"),
                 ("Of these from the cache", f"{result.basis.cached_tokens:,.0f}"),
                 ("Output tokens of one request", f"{result.basis.output_tokens:,.0f}")]  # fmt: skip
    if result.prices is None or not result.prices.lines:  # else their own table says so
        rows.append(("Prices", result.basis.price_source))
    rows.append(("How sure", str(result.grade)))
    return Table("What one request is", ("Figure", "Value"), rows, frozenset({1}))


def _counted(result: CostResult) -> list[tuple[str, str]]:
    s = result.basis.spent
    rows: list[tuple[str, str]] = []  # how many requests, calls and days is said above
    if s.retries_seen or s.failed_calls:
        rows += [("Calls that failed or were cut off", f"{s.failed_calls:,}"),
                 ("Cost of 1,000 calls", terms.amount(result, 1000 * s.per_call_usd))]  # fmt: skip
    if s.per_answer_usd is not None and s.answered != s.outcomes:
        rows.append(("Cost of 1,000 answered requests", terms.amount(result, 1000 * s.per_answer_usd)))
    used = sorted(s.models, key=lambda m: -m.calls)
    rows += [
        (f"Model {m.model[:_LONGEST_NAME] or '(not named)'}", count(m.calls, "call")) for m in used[:_MODELS_SHOWN]
    ]
    more = used[_MODELS_SHOWN:]
    return rows + ([(count(len(more), "other model"), count(sum(m.calls for m in more), "call"))] if more else [])


def how_sure(study: Study) -> Prose:
    """What the interval rests on."""
    sentences = words.how_sure(study.cost)
    return display.meaning(*sentences) if sentences else display.meaning("There is no figure yet to be sure of.")


def what_would_change(study: Study) -> Prose:
    """What would move the answer."""
    return display.meaning(*words.what_would_change(study.cost))


def missing(study: Study) -> Table | Prose:
    """What is missing, and what it would decide."""
    return display.absent(study.cost.absences)


def _is_counted(result: CostResult) -> bool:
    return result.spent is not None and result.spent.total_usd > 0


def workbook(study: Study) -> Prose:
    """Where cost is as a workbook with live formulas, or why it is not."""
    return Prose(workbook_words.workbook(study.cost), "note")
