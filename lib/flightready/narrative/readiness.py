"""Sentences about the verdict, in plain words."""

from __future__ import annotations

from flightready import policy
from flightready.evidence import State
from flightready.readiness.questions import Answer
from flightready.readiness.verdict import Review, Verdict
from flightready.wording import count

STATE_WORDS = {State.PASS: "yes", State.FAIL: "no", State.UNKNOWN: "cannot tell yet", State.NA: "does not apply"}
STATE_SYMBOL = {State.PASS: "✓", State.FAIL: "✗", State.UNKNOWN: "?", State.NA: "–"}

_OPENING = {
    Verdict.NO_GO: "No-go: this pilot is not ready for production.",
    Verdict.NOT_DECIDABLE: "Not decidable yet: the evidence does not say whether this pilot is ready for production.",
    Verdict.CONDITIONAL: "Conditional: ready for production once the named points are closed.",
    Verdict.GO: "Go: this pilot is ready for production.",
}


def opening(review: Review) -> str:
    """Return the verdict in one sentence."""
    return _OPENING[review.verdict]


def headline(review: Review) -> str:
    """Return the headline: both lists, what they rest on, the must-haves and the verdict; never a lone number."""
    return review.headline[0].upper() + review.headline[1:]


def tally(review: Review) -> str:
    """Return both lists and the must-haves in plain sentences."""
    lists = (("executive", review.executive), ("readiness", review.readiness))
    parts = [" and ".join(f"{b.yes} of {b.applicable} on the {name} list" for name, b in lists) + " answered with yes."]
    for state, said in ((State.FAIL, "failed"), (State.UNKNOWN, "not known yet")):
        named = [f"{review.answer(q).short} ({q})" for q, s in review.must_haves if s is state]
        if named:
            parts.append(f"Must-haves {said}: {', '.join(named)}.")
    return " ".join([*parts, *bands(review)])


def bands(review: Review) -> tuple[str, ...]:
    """Return what the two lists as a whole say where they are what keeps the verdict low."""
    rules = policy.read("checklists.yaml")["bands"]
    said = []
    if review.executive.verdict is Verdict.NO_GO:
        least = 100 * rules["executive"]["conditional_from"]
        said.append(
            f"Fewer than {least:.0f} % of the executive list can still become a yes: that is a no-go by itself."
        )
    if review.readiness.verdict is Verdict.NO_GO:
        most = rules["readiness"]["conditional_up_to_missing"]
        said.append(
            f"The readiness list holds {review.readiness.no} times no; more than {most} are a no-go by themselves."
        )
    return tuple(said)


def reasons(review: Review, most: int = 3) -> tuple[str, ...]:
    """Return the most important reasons, each a question with its answer and the one finding that weighs most."""
    return tuple(_reason(review, review.answer(question)) for question in review.deciding[:most])


def _reason(review: Review, answer: Answer) -> str:
    asked = f"{label(answer.question)} {answer.asks}"
    if answer.state is not State.FAIL:
        return f"{asked} Cannot tell yet. To decide: {answer.next_step}."
    failed = [f.sentence for f in review.findings if f.id in answer.findings and f.state is State.FAIL]
    return f"{asked} No. {failed[0] if failed else answer.reason}"


def label(question: str) -> str:
    """Return how a question is called: R1 as it is, a gate by its name."""
    return question if question[0] in "ER" else f"Gate '{question}'."


def what_decides(review: Review) -> str:
    """Return what would decide the must-haves that are not known yet."""
    unknown = [q for q, state in review.must_haves if state is State.UNKNOWN]
    if not unknown:
        return " ".join(["Every must-have of this phase is known.", *bands(review)])
    steps = "; ".join(f"{q}: {review.answer(q).next_step}" for q in unknown)
    number = count(len(unknown), "must-have")
    return f"{number} of the {review.phase} phase cannot be told yet. What would decide: {steps}."


def claims(review: Review) -> str:
    """Return what the team says against what the evidence shows."""
    if not review.claimed_yes:
        return "The team has claimed nothing yet; the lists can be filled in under claims."
    return (
        f"You say yes to {count(review.claimed_yes, 'question')}; the evidence shows {review.shown_yes}, "
        f"contradicts {review.contradicted}, and cannot tell {review.open} yet."
    )


def answer_row(answer: Answer) -> tuple[str, ...]:
    """Return one question as table cells: id, question, claim, state, basis, reason, next step."""
    claim = {True: "yes", False: "no", None: ""}[answer.claim]
    if answer.contradicted:
        claim = "yes (contradicted)"
    return answer.question, answer.asks, claim, str(answer.state), answer.basis, answer.reason, answer.next_step
