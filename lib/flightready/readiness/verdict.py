"""The verdict: the lowest of the bands, the must-haves and the phase gate; a must-have is never averaged away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from flightready import policy
from flightready.assessment import Pilot
from flightready.evidence import Absence, Finding, State
from flightready.readiness.questions import Answer, answers, must_have_state

PHASES = ("validate", "prototype", "pilot", "scale")


class Verdict(IntEnum):
    """From worst to best; the lowest of several counts."""

    NO_GO = 0
    NOT_DECIDABLE = 1
    CONDITIONAL = 2
    GO = 3

    @property
    def words(self) -> str:
        """How it is written: NO-GO, NOT DECIDABLE YET, CONDITIONAL, GO."""
        return {0: "NO-GO", 1: "NOT DECIDABLE YET", 2: "CONDITIONAL", 3: "GO"}[self.value]

    @property
    def exit_code(self) -> int:
        """Exit code of `flightready check`: 3 NO-GO, 4 not decidable yet, 5 conditional, 0 GO."""
        return {0: 3, 1: 4, 2: 5, 3: 0}[self.value]


@dataclass(frozen=True)
class Band:
    """One checklist counted: yes, no and unknown among the applicable questions, and the verdict it allows."""

    name: str
    yes: int
    no: int
    unknown: int
    verdict: Verdict

    @property
    def applicable(self) -> int:
        """Number of questions that apply."""
        return self.yes + self.no + self.unknown


@dataclass(frozen=True)
class Review:
    """The readiness review.

    Parameters
    ----------
    must_haves : tuple of (question, state)
        Of the phase and all phases before it.
    deciding : tuple of str
        Questions that keep the verdict from being better, most important first: failed must-haves, must-haves that are
        not known yet, other failures, other unknowns. A NO-GO rests on its failures alone.
    claimed_yes, shown_yes, contradicted, open : int
        Of the claims: how many are yes, and how many of those the evidence shows, contradicts, cannot tell.
    """

    verdict: Verdict
    phase: str
    headline: str
    answers: tuple[Answer, ...]
    executive: Band
    readiness: Band
    must_haves: tuple[tuple[str, State], ...]
    deciding: tuple[str, ...]
    claimed_yes: int
    shown_yes: int
    contradicted: int
    open: int
    as_of: dt.date
    findings: tuple[Finding, ...]
    absences: tuple[Absence, ...]

    def answer(self, question: str) -> Answer:
        """Return the answer to one question by its id."""
        return next(a for a in self.answers if a.question == question)


def review(pilot: Pilot, findings: Sequence[Finding], *, as_of: dt.date, phase: str = "") -> Review:
    """Combine findings, attestations and claims into a verdict for a phase.

    Parameters
    ----------
    phase : str
        validate, prototype, pilot or scale; the assessment's own phase when empty.
    """
    phase = phase or pilot.spec.phase
    answered = answers(pilot, findings, as_of=as_of)
    lists = policy.read("checklists.yaml")
    by_question = {a.question: a for a in answered}
    gates = [q for p in PHASES[: PHASES.index(phase) + 1] for q in lists["knock_outs"][p]]
    must = tuple((q, must_have_state(by_question[q], findings, as_of=as_of)) for q in dict.fromkeys(gates))
    executive = _executive([a for a in answered if a.question.startswith("E")], lists["bands"]["executive"])
    readiness = _readiness([a for a in answered if a.question.startswith("R")], lists["bands"]["readiness"])
    verdict = min(executive.verdict, readiness.verdict, _gate(must))
    claimed = [a for a in answered if a.claim]
    return Review(
        verdict=verdict, phase=phase, headline=_headline(verdict, answered, executive, readiness, must),
        answers=answered, executive=executive, readiness=readiness, must_haves=must,
        deciding=_deciding(verdict, answered, must), claimed_yes=len(claimed),
        shown_yes=sum(a.state is State.PASS for a in claimed), contradicted=sum(a.contradicted for a in claimed),
        open=sum(a.state is State.UNKNOWN for a in claimed), as_of=as_of, findings=tuple(findings),
        absences=tuple(_absences(pilot)),
    )  # fmt: skip


def _counted(name: str, answered: Sequence[Answer], verdict: Verdict) -> Band:
    tally = {s: sum(a.state is s for a in answered) for s in State}
    return Band(name, tally[State.PASS], tally[State.FAIL], tally[State.UNKNOWN], verdict)


def _executive(answered: Sequence[Answer], rule: dict[str, float]) -> Band:
    """Share of yes among the applicable; what is unknown may still become a yes."""
    band = _counted("executive", answered, Verdict.GO)
    total = max(1, band.applicable)
    now, at_best = band.yes / total, (band.yes + band.unknown) / total
    if at_best < rule["conditional_from"]:
        verdict = Verdict.NO_GO
    elif now < rule["conditional_from"]:
        verdict = Verdict.NOT_DECIDABLE
    else:
        verdict = Verdict.GO if now >= rule["go_from"] else Verdict.CONDITIONAL
    return _counted("executive", answered, verdict)


def _readiness(answered: Sequence[Answer], rule: dict[str, int]) -> Band:
    """Points that are missing; what is unknown is missing until it is known."""
    band = _counted("readiness", answered, Verdict.GO)
    allowed = rule["conditional_up_to_missing"]
    if band.no > allowed:
        verdict = Verdict.NO_GO
    elif band.no + band.unknown > allowed:
        verdict = Verdict.NOT_DECIDABLE
    else:
        verdict = Verdict.CONDITIONAL if band.no + band.unknown else Verdict.GO
    return _counted("readiness", answered, verdict)


def _gate(must: Sequence[tuple[str, State]]) -> Verdict:
    states = {state for _, state in must}
    if State.FAIL in states:
        return Verdict.NO_GO
    return Verdict.NOT_DECIDABLE if State.UNKNOWN in states else Verdict.GO


def _headline(
    verdict: Verdict, answered: Sequence[Answer], executive: Band, readiness: Band, must: Sequence[tuple[str, State]]
) -> str:
    """Never a lone number: both lists, how the yeses are based, the must-haves, the verdict."""
    listed = [a for a in answered if a.question[0] in "ER"]
    bases = {b: sum(a.basis == b for a in listed) for b in ("measured", "measured and attested", "attested")}
    based = ", ".join(f"{n} {b}" for b, n in bases.items() if n)
    text = f"executive list {executive.yes} of {executive.applicable} yes"
    text += f", readiness list {readiness.yes} of {readiness.applicable} yes"
    text += f" ({based})" if based else ""
    failed = [q for q, s in must if s is State.FAIL]
    unknown = [q for q, s in must if s is State.UNKNOWN]
    if failed:
        text += f" - must-have {', '.join(failed)} failed"
    if unknown:
        text += f" - must-have {', '.join(unknown)} not known yet"
    if Verdict.NO_GO in (executive.verdict, readiness.verdict) and not failed:
        text += " - too many answers are no"
    return f"{text} - {verdict.words}"


def _deciding(verdict: Verdict, answered: Sequence[Answer], must: Sequence[tuple[str, State]]) -> tuple[str, ...]:
    counted = (State.FAIL,) if verdict is Verdict.NO_GO else (State.FAIL, State.UNKNOWN)
    first = [q for state in counted for q, s in must if s is state]
    return tuple(dict.fromkeys([*first, *(a.question for state in counted for a in answered if a.state is state)]))


def _absences(pilot: Pilot):
    texts, spec = policy.absences(), pilot.spec
    for key in ("outcome", "attestations", "integrations", "team", "pilot_results"):
        if not getattr(spec, key):
            yield texts[key]
