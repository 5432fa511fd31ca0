"""Sentences about what a pilot brings, what is missing, and what to bring first."""

from __future__ import annotations

from collections.abc import Sequence

from flightready.evidence import Absence, Finding, State
from flightready.wording import count


def what_is_there(
    name: str, files: Sequence[str], findings: Sequence[Finding], absences: Sequence[Absence]
) -> tuple[str, ...]:
    """Return in two sentences what is there and how far it carries."""
    brings = (
        f"{name} brings {count(len(files), 'input file')}."
        if files
        else f"{name} brings no input file yet, only what is typed in."
    )
    if not findings:
        return brings, f"Nothing can be decided yet; {count(len(absences), 'input')} would help, listed below."
    tally = {s: sum(f.state is s for f in findings) for s in State}
    carries = (
        f"That gives {count(len(findings), 'finding')}: {tally[State.PASS]} passed, {tally[State.FAIL]} failed, and "
        f"{tally[State.UNKNOWN]} cannot be told yet."
    )
    verb = "is" if len(absences) == 1 else "are"
    lacks = f"{count(len(absences), 'input')} {verb} missing; the list says what each would decide."
    return brings, carries, lacks if absences else "Nothing is missing."


def bring_first(absences: Sequence[Absence], most: int = 3) -> str:
    """Return what to bring first."""
    if not absences:
        return "Everything that the questions need is there."
    steps = "; ".join(a.bring for a in absences[:most])
    return f"Bring first: {steps}."
