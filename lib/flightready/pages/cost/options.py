"""Cells on other ways of answering: what each costs, where which is cheapest, and what is not known of it."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.draws import Summary
from flightready.figures.options import figure_options
from flightready.narrative import options as words
from flightready.options.result import OptionResult, OptionsResult
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.study import Study
from flightready.wording import in_hundred

_HEAD = (
    "Option", "1,000 requests", "A month, nine times in ten", "1,000 right answers", "First year with setup",
    "Cheaper than now", "Right answers", "95 of 100 within", "How sure",
)  # fmt: skip


def options_answer(study: Study) -> Prose:
    """Which way of answering is cheapest where."""
    return display.answer(*words.answer(study.options))


def options_chart(study: Study) -> go.Figure | Prose:
    """Cost of a month over the users, one line an option."""
    result = study.options
    if result.comparison is None or len(result.options) < 2:
        return Prose(())
    return figure_options(result)


def options_meaning(study: Study) -> Prose:
    """Where each option becomes cheaper than the pilot's own way."""
    return display.meaning(*words.meaning(study.options))


def options_ranges(study: Study) -> Table | Prose:
    """Which option is cheapest between which users."""
    if study.options.comparison is None or len(study.options.options) < 2:
        return Prose(())
    head = ("From users a day", "To", "Costs least", "In so many of 100 cases")
    return Table("Cheapest by users, with every input at its middle", head, words.ranges(study.options),
                 frozenset({0, 1, 3}))  # fmt: skip


def options_table(study: Study) -> Table | Prose:
    """Every option in figures."""
    result = study.options
    if len(result.options) < 2:
        return Prose(())
    caption, note = words.table_caption(result)
    rows = [_row(result, o) for o in result.options]
    table = Table(caption, _HEAD, rows, frozenset(range(1, 6)), note=note)
    return display.without_empty_columns(table)


def options_notes(study: Study) -> Table | Prose:
    """What each option rests on, and what is not counted."""
    rows = words.notes(study.options)
    if len(study.options.options) < 2 or not rows:
        return Prose(())
    return Table("What to know of each", ("Option", "What it rests on"), rows)


def options_unknown(study: Study) -> Prose:
    """What nobody knows of the options."""
    return display.meaning(*words.unknown(study.options))


def _row(result: OptionsResult, option: OptionResult) -> tuple[str, ...]:
    is_priced = option.monthly is not None or option.per_request is not None
    each = option.per_request if result.planned_users is None else None  # a month says more, and holds every kind
    return (
        option.name, _thousand(result, each), words.between(result, option.monthly) if is_priced else "no price",
        _thousand(result, option.per_right_answer), words.between(result, option.year), _cases(option.cheaper_chance),
        words.right(option), words.within(option), str(option.grade) if is_priced else "",
    )  # fmt: skip


def _thousand(result: OptionsResult, each: Summary | None) -> str:
    return "" if each is None else words.amount(result, 1000 * each.median)


def _cases(chance: float | None) -> str:
    return "" if chance is None else f"{in_hundred(chance)} in 100"
