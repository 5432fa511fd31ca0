"""Findings that the assessment's own words allow: outcome, integrations, team. They are read, not believed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flightready.assessment import Pilot
from flightready.errors import listed
from flightready.evidence import Finding, Grade, State


def findings(pilot: Pilot) -> tuple[Finding, ...]:
    """Return what can be checked in the assessment itself."""
    return (*_outcome(pilot), *_integrations(pilot), *_team(pilot))


def _outcome(pilot: Pilot) -> Iterator[Finding]:
    outcome = pilot.spec.outcome
    common = {"id": "outcome.measurable", "title": "Outcome in one sentence", "grade": Grade.MEASURED,
              "rule": "outcome_names_metric_baseline_target_deadline", "questions": ("E1",), "gaps": ("G4",),
              "sources": (pilot.path.name,)}  # fmt: skip
    if outcome is None:
        yield Finding(
            state=State.UNKNOWN, sentence="No outcome is written down.",
            decides="One sentence with metric, baseline, target and date under outcome.statement", **common,
        )  # fmt: skip
        return
    absent = [k for k in ("metric", "baseline", "target", "deadline") if getattr(outcome, k) is None]
    numbers = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", outcome.statement)}
    unsaid = [
        k for k in ("baseline", "target")
        if getattr(outcome, k) is not None and not _says(numbers, outcome.statement, getattr(outcome, k).median)
    ]  # fmt: skip
    if absent or unsaid:
        parts = [
            f"{listed(absent)} not stated" if absent else "",
            f"the sentence does not hold the {listed(unsaid)}" if unsaid else "",
        ]
        why = "; ".join(filter(None, parts))
        yield Finding(state=State.FAIL, sentence=f"The outcome cannot be measured as written: {why}.",
                      **common)  # fmt: skip
        return
    said = "The outcome names metric, baseline, target and date, and the sentence holds both figures."
    yield Finding(state=State.PASS, sentence=said, **common)


def _says(numbers: set[float], statement: str, value: float) -> bool:
    """Whether a sentence holds a figure, written plainly, as a percentage, or in thousands or millions."""
    scaled = (value, value * 100, value / 1e3, value / 1e6)
    return any(abs(n - s) <= 1e-9 * max(1.0, abs(s)) for n in numbers for s in scaled)


def _integrations(pilot: Pilot) -> Iterator[Finding]:
    edges = pilot.spec.integrations
    if not edges:
        return
    open_edges = [f"{e.name} ({listed(k for k in ('owner', 'auth', 'contract') if not getattr(e, k))})" for e in edges
                  if not (e.owner and e.auth and e.contract)]  # fmt: skip
    yield Finding(
        id="integrations.mapped", title="Integrations", grade=Grade.MEASURED, n=len(edges),
        state=State.FAIL if open_edges else State.PASS,
        sentence=(f"{len(open_edges)} of {len(edges)} connections lack something: {listed(open_edges, limit=4)}."
                  if open_edges else f"All {len(edges)} connections name owner, auth and contract."),
        rule="every_edge_has_owner_auth_contract", questions=("E8",), gaps=("G3",), sources=(pilot.path.name,),
    )  # fmt: skip


def _team(pilot: Pilot) -> Iterator[Finding]:
    team = pilot.spec.team
    if not team:
        return
    empty = [r.role for r in team if not r.filled]
    shipped = any(r.has_shipped for r in team)
    problems = ([f"not filled: {listed(empty)}"] if empty else []) + ([] if shipped else ["nobody has shipped before"])
    yield Finding(
        id="team.staffed", title="Team", grade=Grade.MEASURED, n=len(team),
        state=State.FAIL if problems else State.PASS,
        sentence=f"The team is not complete: {'; '.join(problems)}." if problems else
        f"All {len(team)} roles are filled, and someone has shipped before.",
        rule="no_empty_role_and_one_has_shipped", questions=("E7",), gaps=("G6",), sources=(pilot.path.name,),
    )  # fmt: skip
