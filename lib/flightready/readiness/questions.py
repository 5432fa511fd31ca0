"""Each question of the checklists, answered by findings, attestations and claims side by side.

A measured question is answered by findings alone; a mixed one is a yes only when its measured part passes and its
attestation is present and current; an attested one by its attestation, unless a finding contradicts it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.schema import Attestation
from flightready.evidence import Finding, State


@dataclass(frozen=True)
class Answer:
    """One question with what is claimed and what the evidence shows.

    Parameters
    ----------
    basis : str
        measured, measured and attested, attested, or empty while there is no answer.
    claim : bool or None
        What the team says.
    contradicted : bool
        Whether the team says yes and the evidence says no.
    reason : str
        Why the state is what it is, in plain words.
    next_step : str
        What to do while it is not a yes.
    """

    question: str
    short: str
    asks: str
    kind: str
    state: State
    basis: str
    claim: bool | None
    contradicted: bool
    reason: str
    next_step: str
    gap: str
    findings: tuple[str, ...]
    attested_by: str
    attested_on: dt.date | None
    valid_until: dt.date | None


def answers(pilot: Pilot, findings: Sequence[Finding], *, as_of: dt.date) -> tuple[Answer, ...]:
    """Return the answer to every question and gate of the policy, in its order."""
    texts = policy.read("checklists.yaml")["questions"]
    return tuple(_answer(key, text, pilot, findings, as_of) for key, text in texts.items())


def must_have_asks(answer: Answer) -> str:
    """Return what a must-have asks; of some questions only a part knocks out."""
    return policy.read("checklists.yaml")["knock_out_asks"].get(answer.question, answer.asks)


def must_have_state(answer: Answer, findings: Iterable[Finding], *, as_of: dt.date) -> State:
    """Return the state that counts for a must-have: some questions knock out only by a part of their findings."""
    lists = policy.read("checklists.yaml")
    parts = lists.get("knock_out_findings", {}).get(answer.question)
    if not parts:
        return answer.state
    expiry = lists["questions"][answer.question]["expiry_days"]
    return _together([_current(f, expiry, as_of) for f in findings if f.id in parts])


def _answer(key: str, text: dict[str, Any], pilot: Pilot, findings: Sequence[Finding], as_of: dt.date) -> Answer:
    own = [_current(f, text["expiry_days"], as_of) for f in findings if key in f.questions]
    attestation = pilot.spec.attestations.get(key)
    until = _valid_until(attestation, text["expiry_days"])
    measured = _together(own)
    attested, attested_reason = _attested(attestation, until, as_of)
    state, reason = _combined(text["kind"], measured, attested, own, attested_reason)
    claim = pilot.spec.claims.get(key)
    basis = {"measured": "measured", "mixed": "measured and attested", "attested": "attested"}[text["kind"]]
    return Answer(
        question=key, short=text["short"], asks=text["asks"], kind=text["kind"], state=state,
        basis=basis if state is State.PASS else "",
        claim=claim, contradicted=claim is True and state is State.FAIL, reason=reason,
        next_step="" if state is State.PASS else _next_step(own, state, text), gap=text["gap"],
        findings=tuple(f.id for f in own), attested_by=attestation.by if attestation else "",
        attested_on=attestation.on if attestation else None, valid_until=until,
    )  # fmt: skip


def _current(finding: Finding, expiry_days: int, as_of: dt.date) -> Finding:
    """The finding as it counts today: evidence older than its question allows tells nothing any more."""
    if finding.collected is None or (as_of - finding.collected).days <= expiry_days:
        return finding
    told = f"{finding.sentence} Its data ends on {finding.collected}, more than {expiry_days} days ago."
    return replace(finding, state=State.UNKNOWN, sentence=told, decides="Newer data of the same kind")


def _together(findings: Sequence[Finding]) -> State:
    """FAIL wins over UNKNOWN, UNKNOWN over PASS; nothing at all is UNKNOWN."""
    states = {f.state for f in findings} - {State.NA}
    if not states:
        return State.NA if findings else State.UNKNOWN
    return next(s for s in (State.FAIL, State.UNKNOWN, State.PASS) if s in states)


def _valid_until(attestation: Attestation | None, expiry_days: int) -> dt.date | None:
    if attestation is None:
        return None
    return attestation.until or attestation.on + dt.timedelta(days=expiry_days)


def _attested(attestation: Attestation | None, until: dt.date | None, as_of: dt.date) -> tuple[State, str]:
    if attestation is None or until is None:
        return State.UNKNOWN, "no one has attested it"
    if attestation.on > as_of:
        return State.UNKNOWN, f"attested for a later day ({attestation.on})"
    if until < as_of:
        return State.UNKNOWN, f"the attestation by {attestation.by} expired on {until}"
    return State.PASS, f"attested by {attestation.by}, valid until {until}"


def _combined(
    kind: str, measured: State, attested: State, own: Sequence[Finding], attested_reason: str
) -> tuple[State, str]:
    evidence = " ".join(f.sentence for f in sorted(own, key=_by_severity)[:2])
    if kind == "measured" or measured is State.NA:
        return measured, evidence or "Nothing measured yet."
    if measured is State.FAIL:
        contradiction = f" ({attested_reason}: contradicts)" if attested is State.PASS else ""
        return State.FAIL, f"{evidence}{contradiction}"
    said = f"{attested_reason[0].upper()}{attested_reason[1:]}."
    if kind == "attested":
        return attested, f"{said} {evidence}".strip()
    state = State.PASS if measured is State.PASS and attested is State.PASS else State.UNKNOWN
    return state, f"{evidence or 'Nothing measured yet.'} {said}"


def _by_severity(finding: Finding) -> tuple[int, str]:
    return [State.FAIL, State.UNKNOWN, State.PASS, State.NA].index(finding.state), finding.id


def _next_step(own: Sequence[Finding], state: State, text: dict[str, Any]) -> str:
    """What to do: mend what is a no; where all is measured and leaves it open, what the findings say would decide."""
    if state is State.FAIL:
        return text.get("mend", text["next"])
    still_open = [f for f in own if f.state is state]
    if any(f.value is None for f in still_open):
        return text["next"]  # something was not measured at all: that comes first
    return next((f.decides for f in still_open if f.decides), text["next"])
