"""Cells on people who review, and on what wrong answers cost that nobody reviews."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.cost.labour import Labour
from flightready.draws import Summary
from flightready.figures.cost_labour import figure_reviewers
from flightready.narrative import cost_labour as words
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.study import Study
from flightready.wording import interval, money, number, seconds, share


def reviewers(study: Study) -> go.Figure | Prose:
    """People at work against users a day; nothing to draw where people are not counted."""
    labour = study.cost.labour
    if labour is None or labour.curve is None or labour.share.high == 0:
        return display.meaning()
    return figure_reviewers(labour, study.cost.users_per_day)


def meaning_reviewers(study: Study) -> Prose:
    """What reviews by people take, or what is missing to say it."""
    return display.meaning(*words.reviews(study.cost.labour, study.pilot))


def review_table(study: Study) -> Table | Prose:
    """Reviews, people and money in figures."""
    labour = study.cost.labour
    if labour is None:
        return display.meaning()
    c = labour.currency
    rows = [_row("Share of answers that people review", labour.share, share),
            _row("Reviews a day", labour.per_day, number),
            _row("Reviews in the busiest hour", labour.busiest_hour, number),
            *_team(labour),
            _row(f"Cost of a month ({c})", labour.monthly, lambda v: money(v, c)),
            _row(f"Reviews times the cost of one ({c})", labour.simple, lambda v: money(v, c))]  # fmt: skip
    return Table("People who review, at the planned load", ("Figure", "Middle", "Nine times in ten"), rows,
                 frozenset({1, 2}), f"How sure: {labour.grade}.")  # fmt: skip


def _team(labour: Labour) -> list[tuple[str, str, str]]:
    team = labour.staffing
    if team is None:
        return []
    return [_row("Longest wait of 9 in 10 reviews", team.begin_within_s, seconds),
            _row("People at work at once", team.at_work, number),
            _row("Full-time people on the payroll", team.full_time, lambda v: number(round(v, 1))),
            _row("Time at work spent on reviews", team.occupancy, lambda v: share(round(v, 2)))]  # fmt: skip


def _row(name: str, figure: Summary, write) -> tuple[str, str, str]:
    ends = "" if figure.low == figure.high else interval(figure.low, figure.high, write)
    return name, write(figure.median), ends


def errors(study: Study) -> Prose:
    """What wrong answers cost in a month that nobody reviews."""
    return display.meaning(*words.errors(study.cost.error_cost))
