"""What accuracy says to the checklists: raw accuracy against the floor (R1), and the drop (R1, gap)."""

from __future__ import annotations

from flightready import policy
from flightready.evaluation.planning import rows_for_half_width
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Finding, Grade, Interval, State, judge_at_least, judge_at_most
from flightready.quantity import Quantity
from flightready.wording import count, points, share

_TOLERANCE = 1e-12  # a threshold of 5 % parsed from text is 0.05 but for the last bit


def demanded(given: Quantity | None) -> Interval | None:
    """Return both ends of what the assessment demands; equal for a plain number."""
    return None if given is None else Interval(*given.range90)


def floor_state(raw: Accuracy, floor: Interval) -> State:
    """PASS when all of the interval reaches the upper end of the floor, FAIL when all of it is below the lower end."""
    if judge_at_least(raw.interval, floor.high - _TOLERANCE) is State.PASS:
        return State.PASS
    return State.FAIL if judge_at_least(raw.interval, floor.low) is State.FAIL else State.UNKNOWN


def drop_state(drop: Interval, allowed: Interval) -> State:
    """PASS when all of the interval is within the lower end of the allowance, FAIL when all is above the upper."""
    if judge_at_most(drop, allowed.low + _TOLERANCE) is State.PASS:
        return State.PASS
    return State.FAIL if judge_at_most(drop, allowed.high) is State.FAIL else State.UNKNOWN


def accuracy_finding(
    raw: Accuracy | None, floor: Interval | None, state: State, grade: Grade, rows: int | None, *,
    sources: tuple[str, ...], why_not: str, held_back: str, case_only: int = 0,
) -> Finding:  # fmt: skip
    """R1: accuracy on raw data against the floor."""
    about = {
        "id": "evaluation.raw_accuracy", "title": "Accuracy on raw data", "unit": "share", "rule": "evaluation.floor",
        "questions": ("R1",), "gaps": ("G1", "G4"), "tags": ("reliability",), "sources": sources, "grade": grade,
        "threshold": floor.high if floor else None,
    }  # fmt: skip
    if raw is None:
        half = policy.value("planned_half_widths")[1]
        needed = rows_for_half_width(policy.value("accuracy_to_plan_with"), half)
        decides = f"{needed:,} labelled raw rows would bound it to about {100 * half:.0f} points either way"
        sentence = f"Accuracy on raw data is not known: {why_not}."
        return Finding(sentence=sentence, state=State.UNKNOWN, n=0, decides=decides, **about)
    about |= {"value": raw.share, "interval": raw.interval, "n": raw.n}
    counted = f"{raw.right:,} of {raw.n:,} answers on raw data are right: {share(raw.share)}, {_between(raw.interval)}"
    in_case = _in_case(case_only, raw.n - raw.right)
    if floor is None:
        decides = "a floor, under evaluation.floor"
        return Finding(sentence=f"{counted}; no floor is set.{in_case}", state=State.UNKNOWN, decides=decides, **about)
    said = {
        State.PASS: f"all of that is at or above the floor of {_ends(floor)}",
        State.FAIL: f"all of that is below the floor of {_ends(floor)}",
        State.UNKNOWN: f"the floor of {_ends(floor)} lies within",
    }[state]
    state, decides = _graded(state, grade, _rows_sentence(rows, raw.n) or "more labelled raw records", held_back)
    told = f"{counted}; {said}{_but(held_back)}.{in_case}"
    return Finding(sentence=told, state=state, decides=decides, **about)


def drop_finding(
    drop: float | None, interval: Interval | None, allowed: Interval | None, state: State, grade: Grade,
    rows: int | None, n_raw: int, *, sources: tuple[str, ...], lacking: str, held_back: str,
) -> Finding:  # fmt: skip
    """R1 and the gap between pilot and production: the drop against the allowance."""
    about = {
        "id": "evaluation.drop", "title": "Drop from demo set to raw data", "unit": "share",
        "rule": "evaluation.allowed_drop", "questions": ("R1", "gap"), "gaps": ("G1",), "tags": ("reliability",),
        "sources": sources, "grade": grade, "threshold": allowed.low if allowed else None,
    }  # fmt: skip
    if drop is None or interval is None:
        sentence = f"The drop from the demo set to raw data is not known: {lacking}."
        return Finding(
            sentence=sentence,
            state=State.UNKNOWN,
            decides="Labels and answers on both sides",
            **about,
        )
    about |= {"value": drop, "interval": interval, "n": n_raw}
    told = (
        f"Accuracy {'falls' if drop >= 0 else 'rises'} by {points(abs(drop))} from the demo set to raw data "
        f"(nine times in ten a fall of {100 * interval.low:.1f} to {points(interval.high)})"
    )
    if allowed is None:
        decides = "an allowance, under evaluation.allowed_drop"
        return Finding(sentence=f"{told}; no allowed drop is set.", state=State.UNKNOWN, decides=decides, **about)
    ends = points(allowed.low) if allowed.low == allowed.high else f"{100 * allowed.low:.1f} to {points(allowed.high)}"
    said = {
        State.PASS: f"all of that is within the {ends} allowed",
        State.FAIL: f"all of that is more than the {ends} allowed",
        State.UNKNOWN: f"the {ends} allowed lie within",
    }[state]
    state, decides = _graded(
        state, grade, _rows_sentence(rows, n_raw) or "more labelled records on both sides", held_back
    )
    return Finding(sentence=f"{told}; {said}{_but(held_back)}.", state=state, decides=decides, **about)


def _in_case(case_only: int, wrong: int) -> str:
    """How many wrong answers a program that minds no case would take for right; empty where hardly any."""
    if not case_only or case_only < policy.value("least_case_only_share") * wrong:
        return ""
    verb = "differs" if case_only == 1 else "differ"
    return f" {case_only:,} of {count(wrong, 'wrong answer')} {verb} from the right one in case only."


def _but(held_back: str) -> str:
    return f", but {held_back}" if held_back else ""


def _graded(state: State, grade: Grade, decides: str, held_back: str) -> tuple[State, str]:
    """A count that was typed in cannot pass: the records behind it are not here. Nor can a sample that may mislead."""
    if state is State.PASS and held_back:
        needed = policy.value("least_raw_records")
        return State.UNKNOWN, f"{needed} or more random raw records, each labelled, none of them from the demo set"
    if state is State.PASS and grade is not Grade.MEASURED:
        return State.UNKNOWN, "the records behind the count that was typed in"
    return state, decides if state is State.UNKNOWN else ""


def _rows_sentence(rows: int | None, n: int) -> str:
    if rows is None:
        return ""
    return f"{max(1, rows - n):,} more labelled raw rows, if accuracy stays as it is"


def _between(interval: Interval) -> str:
    return f"nine times in ten {share(interval.low)} to {share(interval.high)}"


def _ends(floor: Interval) -> str:
    return share(floor.low) if floor.low == floor.high else f"{share(floor.low)} to {share(floor.high)}"
