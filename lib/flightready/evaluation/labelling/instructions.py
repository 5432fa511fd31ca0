"""The page 'How to label' of a sheet, in plain words."""

from __future__ import annotations

from flightready.errors import listed
from flightready.evaluation.labelling.asked import CANNOT_TELL, NONE_OF_THESE, Asked
from flightready.wording import count


def instructions(asked: Asked, kind: str, *, n: int, of: int) -> tuple[str, ...]:
    """Return what whoever fills in the sheet should know, a paragraph each."""
    if kind == "answers":
        return (
            "What this is for: the records do not hold the pilot's answers, so nothing says yet whether it is right.",
            "Run the pilot on each record as production would, and put exactly what it answers into 'the pilot's "
            "answer'. Leave the cell empty where it gives none; that counts as wrong.",
            "Whoever labels these records must not see this sheet.",
        )
    told = [
        f"What this is for: {count(n, 'record')} drawn at random out of {of:,} show how often the pilot is right in "
        "production. Because chance alone chose them, do not skip hard or broken ones: they are part of production.",
        _what(asked),
        f"When the record does not let you say, choose or write '{CANNOT_TELL}'. Do not guess. Such records count as "
        "without a label, and their number is shown.",
        "The pilot's own answer is not shown on purpose: people who see it agree with it more often than they should.",
        "Work alone. Do not talk a record over before both labellers are done: how far you agree is measured.",
        "Do not sort records away, delete lines or change the first column. Notes are for you; they go nowhere.",
        "Save as .xlsx, or as CSV under the same name, in the folder where you found it. Then whoever runs the "
        "evaluation says: flightready label <folder> --merge",
    ]
    return tuple(told)


def _what(asked: Asked) -> str:
    if asked.task == "scored":
        return (
            f"For each record give a number from {asked.low:g} to {asked.high:g} for the answer that is shown."
            if asked.low is not None
            else "For each record give the answer that is shown a number of your scale."
        )
    if asked.task == "regression":
        return "For each record write the right number, without its unit."
    if asked.classes:
        return (
            f"For each record choose the right answer: {listed(asked.classes[:-1], limit=40)}. When another answer "
            f"would be right, choose '{NONE_OF_THESE}'."
        )
    return "For each record write the right answer, always in the same words."


def adjudication(n: int) -> tuple[str, ...]:
    """Return what two labellers should know who settle the records on which they differ."""
    return (
        f"Two labellers differ on {count(n, 'record')}. Until they agree, the first label stands, and their number is "
        "shown.",
        "Look at each one together, and put what is right into 'agreed'. Leave it empty when you cannot agree.",
        "Agreement between labellers is always measured on what each wrote alone, never on what they settled here.",
    )
