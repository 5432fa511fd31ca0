"""What triage says to the checklist (E6): can people review what the pilot is not sure of."""

from __future__ import annotations

from flightready.assessment import Pilot
from flightready.evaluation.triage.result import Load, Triage
from flightready.evaluation.triage.what_if import load_at
from flightready.evidence import Finding, Grade, Interval, State, judge_at_most
from flightready.wording import interval, rounded, share


def capacity_finding(found: Triage | None, pilot: Pilot, *, why_not: str, held_back: str) -> Finding:
    """Return the reviews a day judged against what people can do (E6).

    The load is that of the threshold in force, else of the proposed one. As for cost and latency, a stated load is the
    plan that is judged; with a house assumption in its place nothing passes.

    Parameters
    ----------
    found : Triage, optional
    pilot : Pilot
    why_not : str
        Why there is no triage; empty when the raw records are scored and only lack confidences.
    held_back : str
        Why a good figure may still mislead.
    """
    grade = Grade.ASSUMED if pilot.spec.workload.requests_per_user is None else Grade.MEASURED
    about = {
        "id": "evaluation.review_capacity", "title": "Answers for people against what they can review",
        "unit": "reviews a day", "rule": "evaluation.review.capacity_per_day", "questions": ("E6",), "gaps": ("G6",),
        "tags": ("availability",),
    }  # fmt: skip
    if found is None:
        why = why_not or "the scored raw records carry no confidence"
        return Finding(
            sentence=f"Nothing says which answers people must review: {why}.", state=State.UNKNOWN,
            grade=Grade.ASSUMED, n=0, decides="The pilot's confidence beside scored raw records", **about,
        )  # fmt: skip
    about["n"] = found.n
    if (lacking := _lacking(found)) is not None:
        sentence, decides = lacking
        return Finding(sentence=sentence, state=State.UNKNOWN, grade=Grade.MEASURED, decides=decides, **about)
    capacity = found.capacity_per_day
    load = load_at(found, found.threshold, capacity.low)
    state = _state(load.interval, capacity)
    decides = "" if state is not State.UNKNOWN else f"Capacity for {rounded(load.interval.high)} reviews a day"
    but = ""
    if state is State.PASS and (held_back or grade is not Grade.MEASURED):
        state, but = State.UNKNOWN, held_back or "how many requests a user makes is assumed"
        decides = "200 or more random raw records, each labelled" if held_back else (
            "The planned requests of each user under workload.requests_per_user")  # fmt: skip
    return Finding(
        sentence=_sentence(found, load, state, but), state=state, grade=grade, value=load.median,
        interval=load.interval, threshold=capacity.low, decides=decides, **about,
    )  # fmt: skip


def _state(load: Interval, capacity: Interval) -> State:
    """PASS within the lower end of a range of capacities, FAIL above its upper end."""
    if judge_at_most(load, capacity.low) is State.PASS:
        return State.PASS
    return State.FAIL if judge_at_most(load, capacity.high) is State.FAIL else State.UNKNOWN


def _lacking(found: Triage) -> tuple[str, str] | None:
    """What keeps the load from being judged, and what would decide."""
    if found.threshold is None:
        if found.floor is None:
            return ("No confidence is stated below which a person decides, and no floor from which one would follow.",
                    "The threshold under evaluation.review.threshold, or a floor under evaluation.floor")  # fmt: skip
        return (
            f"At no confidence are the answers above it shown to reach the floor of {share(found.floor)}, so every "
            "answer would go to people.",
            "A confidence that tells right answers from wrong ones, or the threshold under evaluation.review.threshold",
        )
    missing = []
    if found.requests_per_day is None:
        missing.append(("the planned load", "workload.users_per_day"))
    if found.capacity_per_day is None:
        missing.append(("how many reviews people can do in a day", "evaluation.review.capacity_per_day"))
    if not missing:
        return None
    names, keys = zip(*missing, strict=True)
    said, load = " and ".join(names), load_at(found, found.threshold, None)
    amount = "" if load is None else f", about {rounded(load.median)} reviews a day"
    verb = "is" if len(missing) == 1 else "are"
    start = f"{_at(found)} {_reviewed(found)} of answers go to people{amount}"
    return f"{start}; {said} {verb} not stated.", f"{said[:1].upper()}{said[1:]} under {' and '.join(keys)}"


def _sentence(found: Triage, load: Load, state: State, but: str) -> str:
    ends = interval(load.interval.low, load.interval.high, rounded)
    said = {
        State.PASS: "all of that is within",
        State.FAIL: "all of that is more than",
        State.UNKNOWN: "that is within" if but else "cannot tell yet whether that is within",
    }[state]
    capacity = _capacity(found.capacity_per_day)
    return (
        f"{_at(found)} {_reviewed(found)} of answers go to people: about {rounded(load.median)} reviews a day "
        f"(nine times in ten {ends}); {said} the {capacity} that people can do{f', but {but}' if but else ''}."
    )


def _at(found: Triage) -> str:
    stated = "stated" if found.in_force is not None else "proposed"
    return f"Below the {stated} confidence of {found.threshold:.6g},"


def _reviewed(found: Triage) -> str:
    kept = int(found.kept[found.thresholds.searchsorted(found.threshold)])
    return share(1 - kept / found.n)


def _capacity(capacity: Interval) -> str:
    return rounded(capacity.low) if capacity.low == capacity.high else interval(capacity.low, capacity.high, rounded)
