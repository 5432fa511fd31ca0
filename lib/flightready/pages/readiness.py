"""Notebook 06: the verdict, both checklists with claim and evidence side by side, and what would decide."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from flightready.evidence import State
from flightready.figures import readiness as figures
from flightready.narrative import readiness as narrative
from flightready.pages.display import Prose, Table, absent, answer, finding_table, meaning
from flightready.readiness.questions import must_have_asks
from flightready.readiness.verdict import PHASES
from flightready.study import Study


def headline(study: Study) -> Prose:
    """Return the verdict with its reasons."""
    r = study.readiness
    return answer(narrative.opening(r), narrative.headline(r), *narrative.reasons(r))


def board(study: Study) -> go.Figure:
    """Return both checklists as a board."""
    return figures.figure_board(study.readiness)


def meaning_board(study: Study) -> Prose:
    """Return what the team claims against what the evidence shows."""
    return meaning(narrative.claims(study.readiness))


def by_gap(study: Study) -> go.Figure:
    """Return the answers by gap."""
    return figures.figure_by_gap(study.readiness)


def checklist(study: Study, which: str) -> Table:
    """Return one list (`executive`, `readiness` or `gates`) with claim and evidence side by side."""
    first = {"executive": "E", "readiness": "R"}.get(which)
    rows = [narrative.answer_row(a) for a in study.readiness.answers
            if (a.question[0] == first if first else a.question[0] not in "ER")]  # fmt: skip
    caption = {"executive": "Executive list", "readiness": "Readiness list"}.get(which, "Gates of the pilot phase")
    return Table(caption, ("Id", "Question", "You say", "Evidence", "Rests on", "Why", "Next step"), rows)


def must_haves(study: Study) -> Table:
    """Return the must-haves of the phase, which are never averaged away."""
    r = study.readiness
    rows = [
        (q, must_have_asks(r.answer(q)), str(state), "" if state is State.PASS else r.answer(q).next_step)
        for q, state in r.must_haves
    ]
    return Table(f"Must-haves up to the {r.phase} phase", ("Id", "Question", "State", "Next step"), rows)


def what_decides(study: Study) -> Prose:
    """Return what would decide what cannot be told yet."""
    return meaning(narrative.what_decides(study.readiness))


def findings(study: Study) -> Table:
    """Return every finding of every analysis."""
    order = [State.FAIL, State.UNKNOWN, State.PASS, State.NA]
    rows = sorted(study.readiness.findings, key=lambda f: order.index(f.state))
    return finding_table(rows, "Every finding, failures first")


def missing(study: Study) -> Prose | Table:
    """Return everything that is missing, and what it would decide."""
    return absent(study.absences)


def phases(study: Study) -> Table:
    """Return the verdict that the same evidence gives in each phase."""
    rows = []
    for phase in PHASES:
        r = study.review_for(phase)
        open_points = ", ".join(q for q, s in r.must_haves if s is not State.PASS)
        name = f"{phase} (now)" if phase == study.readiness.phase else phase
        rows.append((name, r.verdict.words, open_points or "none", " ".join(narrative.bands(r))))
    head = ("Phase", "Verdict", "Must-haves that are not a yes", "The lists as a whole")
    return Table("The same evidence, phase by phase", head, rows)


def what_if(study: Study) -> Any:
    """Return a control that shows the verdict for another phase; the recorded verdict stays as it is."""
    from flightready.widgets.panel import Choice, panel

    controls = (Choice("phase", "Phase to decide on", PHASES, study.readiness.phase),)

    def show(values: dict[str, Any]) -> tuple[Any, ...]:
        tried = study.review_for(str(values["phase"]))
        said = answer(narrative.opening(tried), narrative.headline(tried), *narrative.reasons(tried))
        return (said, figures.figure_board(tried))

    return panel(controls, show)
