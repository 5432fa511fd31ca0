"""The part of notebook 02 on where the pilot is weak, and for whom."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready import policy
from flightready.evaluation.groups.result import Group, GroupComparison
from flightready.figures import evaluation_slices as figures
from flightready.narrative import evaluation_slices as narrative
from flightready.pages.display import Prose, Table, cut, meaning, without_empty_columns
from flightready.realism.outcome import Rate
from flightready.study import Study
from flightready.wording import count, interval, points, share


def slices(study: Study) -> go.Figure | Prose:
    """Return where the pilot is weak: kinds of records against all raw records."""
    found = study.evaluation.slices
    if found is None or not found.slices:
        return meaning(*narrative.slices_meaning(found))
    return figures.figure_slices(found)


def meaning_slices(study: Study) -> Prose:
    """Return what the weakest spot is, and how far to trust it."""
    found = study.evaluation.slices
    return meaning(*(narrative.slices_meaning(found) if found is not None and found.slices else ()))


def slice_table(study: Study) -> Table | Prose:
    """Return every weak spot with its figures."""
    found = study.evaluation.slices
    if found is None or not found.slices:
        return meaning("")
    rows = [
        (
            s.name, f"{s.n:,}", f"{s.wrong:,}", share(s.accuracy.share),
            interval(s.interval.low, s.interval.high, share), share(s.rest.share), points(s.below),
            share(s.share_of_errors),
        )
        for s in found.slices
    ]  # fmt: skip
    head = ("Records", "Scored", "Wrong", "Right", "Nine times in ten, widened", "Right in the rest", "Below the rest",
            "Of all errors")  # fmt: skip
    tested = count(found.tested, "kind")
    note = (
        f"{tested} of records were tested; of all that are called weak at most about one in twenty is chance. Records "
        "may be in several rows, so the last column does not add up."
    )
    return Table("Where the pilot is weak", head, rows, frozenset({1, 2, 3, 5, 6, 7}), note)


def groups(study: Study) -> go.Figure | Prose:
    """Return for whom the pilot is weak: the groups of the column with the clearest gap."""
    found = study.evaluation.groups
    drawn = [c for c in found.comparisons if any(g.accuracy for g in c.groups)] if found is not None else []
    if not drawn:
        return meaning(*narrative.groups_meaning(found))
    return figures.figure_groups(found, max(drawn, key=lambda c: c.urgency))


def meaning_groups(study: Study) -> Prose:
    """Return which group is worst off, and which groups are too small to tell."""
    found = study.evaluation.groups
    has_chart = found is not None and any(g.accuracy for c in found.comparisons for g in c.groups)
    return meaning(*(narrative.groups_meaning(found) if has_chart else ()))


def group_table(study: Study, *, every: bool = False) -> Table | Prose:
    """Return the groups with their figures; all of them with `every`."""
    found = study.evaluation.groups
    if found is None:
        return meaning("")
    rows = [_row(c, g) for c in found.comparisons for g in c.groups]
    answer = f"'{found.watched}'"
    head = ("Column", "Group", "Scored", "Right", "Nine times in ten", f"Gets {answer}", f"{answer} is right",
            f"{answer} by mistake", f"{answer} withheld by mistake")  # fmt: skip
    note = "A group of too few records has no figures; 'cannot tell' says how many more scored records would tell."
    small = any(g.accuracy is None for c in found.comparisons for g in c.groups)
    shown = Table("Groups of people", head, rows, frozenset({2, 3, 5, 6, 7, 8}), note if small else "")
    return without_empty_columns(cut(shown, most=policy.value("most_rows_shown"), every=every, order="the first {}"))


def _row(comparison: GroupComparison, group: Group) -> tuple[str, ...]:
    columns = " and ".join(comparison.columns)
    if group.accuracy is None:
        told = f"cannot tell; {count(group.more, 'more record')} would" if group.is_named else "cannot tell"
        return (columns, group.name, f"{group.n:,}", "", told, "", "", "", "")
    ends = interval(group.accuracy.interval.low, group.accuracy.interval.high, share)
    rates = (group.selected, group.deserved, group.false_positive, group.false_negative)
    return (columns, group.name, f"{group.n:,}", share(group.accuracy.share), ends, *map(_rate, rates))


def _rate(found: Rate | None) -> str:
    if found is None:
        return ""
    return f"{share(found.share)} ({interval(found.interval.low, found.interval.high, share)})"
