"""Evaluation in sentences: what the pilot is worth on raw data, how sure that is, and what more rows would decide."""

from __future__ import annotations

from flightready import policy
from flightready.evaluation.budget.error_cost import OTHER_ERRORS
from flightready.evaluation.result import EvaluationResult
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Grade, Interval, State
from flightready.narrative.evaluation_budget import broken_rules
from flightready.wording import count, interval, money, points, share


def answer(result: EvaluationResult) -> tuple[str, ...]:
    """Say in a few sentences what accuracy on raw data is, and whether that is enough."""
    if result.raw is None:
        told = [_finding(result, "evaluation.raw_accuracy")]
        if result.curated is not None:
            told.append(f"On the demo set {scored(result.curated)}.")
        return tuple(s for s in (*told, first_step(result), broken_rules(result.rule_checks)) if s)
    told = [f"On raw data {scored(result.raw)}{_demo(result)}.", _verdict(result)]
    if result.errors_interval is not None:
        told.append(errors(result))
    return tuple(s for s in (*told, broken_rules(result.rule_checks), _better(result)) if s)


def _better(result: EvaluationResult) -> str:
    """Name the candidate that is most right, when it is more than chance; empty where none is."""
    better = [c for c in result.candidates.compared if c.differs and c.interval.low > 0] if result.candidates else []
    if not better:
        return ""
    best = max(better, key=lambda c: (c.difference, c.name))
    ends = f"{100 * best.interval.low:.1f} to {points(best.interval.high)}"
    more = f"{points(best.difference)} more are right (nine times in ten {ends})"
    return f"The candidate '{best.name}' is better beyond chance on the same records: {more}."


def scored(found: Accuracy) -> str:
    """Write an accuracy with its count and interval."""
    return (
        f"{share(found.share)} of answers are right ({found.right:,} of {found.n:,}; nine times in ten "
        f"{interval(found.interval.low, found.interval.high, share)})"
    )


def _demo(result: EvaluationResult) -> str:
    return f", on the demo set {share(result.curated.share)}" if result.curated is not None else ""


def _verdict(result: EvaluationResult) -> str:
    """Both rules in one sentence, in the words of their findings' states."""
    told = []
    if result.floor is not None:
        said = {
            State.PASS: "That is at or above the floor of",
            State.FAIL: "That is below the floor of",
            State.UNKNOWN: "Cannot tell yet whether that reaches the floor of",
        }[_state(result, "evaluation.raw_accuracy")]
        told.append(f"{said} {ends(result.floor, share)}")
    if result.drop is not None and result.allowed_drop is not None:
        said = {
            State.PASS: "is within",
            State.FAIL: "is more than",
            State.UNKNOWN: "may be within or beyond",
        }[_state(result, "evaluation.drop")]
        start = "the drop" if told else "The drop"
        told.append(f"{start} of {points(result.drop)} {said} the {ends(result.allowed_drop, points)} allowed")
    if not told:
        return "No floor and no allowed drop are set, so nothing is decided by it."
    return "; ".join(told) + "."


def ends(demand: Interval, write) -> str:
    """Write a demand: one number, or a range."""
    return interval(demand.low, demand.high, write)


def errors(result: EvaluationResult) -> str:
    """Say how many wrong answers 10,000 cases bring, and what they cost."""
    if result.errors_per_10000 is None or result.errors_interval is None:
        return ""
    told = (
        f"In 10,000 cases that is {count(result.errors_per_10000, 'wrong answer')} "
        f"({result.errors_interval.low:,.0f} to {result.errors_interval.high:,.0f})"
    )
    cost = result.error_cost
    if cost is None:
        return f"{told}; what one of them costs is not said."
    low, high = (money(end, cost.currency) for end in (cost.interval.low, cost.interval.high))
    return f"{told}, which cost {low} to {high}."


def floor_meaning(result: EvaluationResult) -> str:
    """Say how far raw accuracy is from the floor, in points and in wrong answers."""
    if result.raw is None:
        return first_step(result)
    if result.floor is None:
        return "No floor is set, so nothing says how many right answers are enough."
    missing = result.floor.high - result.raw.share
    fewer = policy.value("cases_of_error_budget") * abs(missing)
    if missing > 0:
        return (
            f"The floor is {points(missing)} above what was measured: in 10,000 cases "
            f"{count(fewer, 'wrong answer')} too many."
        )
    return (
        f"What was measured is {points(-missing)} above the floor: {count(fewer, 'wrong answer')} of "
        "room in 10,000 cases."
    )


def error_cost_meaning(result: EvaluationResult) -> str:
    """Say what the cost of errors rests on."""
    cost = result.error_cost
    if cost is None:
        return "The assessment does not say what a wrong answer costs (evaluation.error_cost), or no accuracy is known."
    told = f"Wrong answers cost about {money(cost.median, cost.currency)} in 10,000 cases."
    pairs = [k for k in cost.kinds if k.kind != OTHER_ERRORS and k.errors]
    if pairs:
        total = sum(k.errors for k in cost.kinds)
        part = pairs[0].cost_per_10000 / max(cost.median, 1e-12)
        told += (
            f" '{pairs[0].kind}' is {pairs[0].errors:,} of {count(total, 'error')} and about "
            f"{share(min(part, 1.0))} of the cost."
        )
    if cost.unpriced:
        verbs = ("has", "counts") if cost.unpriced == 1 else ("have", "count")
        errors_there = count(cost.unpriced, "error")
        told += f" {errors_there} of the scored records {verbs[0]} no price and {verbs[1]} as nothing."
    if cost.unused:
        told += f" Priced, but in no record: {', '.join(cost.unused)}."
    return told


def counted(result: EvaluationResult) -> str:
    """Say which records were scored, and which not."""
    told = []
    for name, found, score in (
        ("raw", result.raw_counted, result.raw),
        ("demo", result.curated_counted, result.curated),
    ):
        if found is None or score is None:
            continue
        left = []
        if found.copies:
            left.append(f"{count(found.copies, 'exact copy')} counted once")
        if found.unlabelled:
            left.append(f"{found.unlabelled:,} without a right answer")
        if found.shared:
            left.append(f"{found.shared:,} that the raw sample holds too")
        if (silent := found.records - found.copies - found.shared - found.unlabelled - score.n) > 0:
            left.append(f"{silent:,} of systems without any answer of the pilot")
        told.append(
            f"{score.n:,} of {count(found.records, f'{name} record')} are scored"
            + (f" ({', '.join(left)})" if left else "")
        )
        if found.unanswered:
            carry, wrong = ("carries", "counts") if found.unanswered == 1 else ("carry", "count")
            told.append(f"{found.unanswered:,} of them {carry} no answer of the pilot, and {wrong} as wrong")
        if found.case_only:
            differ = "differs" if found.case_only == 1 else "differ"
            wrong = "counts" if found.case_only == 1 else "count"
            answers = count(found.case_only, f"{name} answer")
            told.append(f"{answers} {differ} from the label in upper and lower case only, and {wrong} as wrong")
    if result.raw is not None and result.grade is not Grade.MEASURED:
        told.append(
            "the raw count was typed in; the records behind it are not here, so it can fail a rule but not pass one"
        )
    if not told:
        return "No record could be scored."
    return ". ".join(s[0].upper() + s[1:] for s in told) + "."


def drop_meaning(result: EvaluationResult) -> str:
    """Say what the drop means, and what these samples could have shown."""
    if result.drop is None:
        return _finding(result, "evaluation.drop")
    told = _finding(result, "evaluation.drop")
    if result.detectable_drop is not None:
        told += (
            f" Samples of this size show a drop of {points(result.detectable_drop)} or more in {_often()}; a "
            "smaller one may be missed."
        )
    return told


def confusion_meaning(result: EvaluationResult) -> str:
    """Say which wrong answer is the most frequent."""
    wrong = [c for c in result.confusions if c.truth != c.predicted]
    if not wrong:
        return "No wrong answer was seen."
    first = max(wrong, key=lambda c: c.n)
    total = sum(c.n for c in wrong)
    return (
        f"The most frequent wrong answer: '{first.predicted}' where '{first.truth}' is right, {first.n:,} of "
        f"{count(total, 'wrong answer')}."
    )


def systems_meaning(result: EvaluationResult) -> str:
    """Say whether systems differ."""
    if len(result.by_system) < 2:
        return "There is one raw system, so none can be compared."
    low = min(result.by_system, key=lambda s: result.by_system[s].share)
    high = max(result.by_system, key=lambda s: result.by_system[s].share)
    worst, best = result.by_system[low], result.by_system[high]
    told = f"Between systems accuracy goes from {share(worst.share)} ('{low}') to {share(best.share)} ('{high}')"
    if worst.interval.high < best.interval.low:
        return f"{told}; their intervals do not touch; with several systems chance alone does that now and then."
    return f"{told}; their intervals overlap, so the difference may be chance."


def _often() -> str:
    return f"{share(policy.value('power_of_detection'))} of cases"


def first_step(result: EvaluationResult) -> str:
    """Say what labelling a first sample would give."""
    if len(result.plan) < 2:
        return ""
    step = result.plan[1]
    told = (
        f"{count(step.rows, 'labelled raw row')} would bound accuracy to about "
        f"{100 * step.half_width:.0f} points either way"
    )
    if step.detectable_drop is not None:
        told += f", and would show a drop of {points(step.detectable_drop)} or more in {_often()}"
    return told + "."


def plan_meaning(result: EvaluationResult) -> str:
    """Say what more labels give."""
    told = "Half the width costs four times the rows."
    if result.raw is not None:
        half = (result.raw.interval.high - result.raw.interval.low) / 2
        return (
            f"{count(result.raw.n, 'scored raw row')} bound accuracy to {100 * half:.1f} points either way now. {told}"
        )
    return f"{first_step(result)} {told}"


def certainty(result: EvaluationResult) -> tuple[str, ...]:
    """Say how sure the figures are."""
    told = [counted(result)]
    if result.raw is not None:
        told.append(plan_meaning(result))
    return tuple(told)


def change(result: EvaluationResult) -> tuple[str, ...]:
    """Say what would change the answer."""
    told = []
    if result.raw is not None and _state(result, "evaluation.raw_accuracy") is State.FAIL and result.floor is not None:
        missing = result.floor.low - result.raw.share
        told.append(
            f"Reaching the floor takes {points(missing)} more: repair the costliest defects of raw data, and "
            "score again."
        )
    told += [f"{f.title}: {f.decides}." for f in result.findings if f.decides]
    if result.error_cost is None and result.raw is not None:
        told.append("What a wrong answer costs, under evaluation.error_cost, would turn errors into money.")
    return tuple(told) or ("A newer or larger raw sample.",)


def tried(
    accuracy: Accuracy, floor_state: State | None, drop_state: State | None, drop: float | None
) -> tuple[str, ...]:
    """Say what a what-if gives."""
    words = {State.PASS: "reaches", State.FAIL: "misses", State.UNKNOWN: "may reach or miss"}
    within = {State.PASS: "is within", State.FAIL: "is more than", State.UNKNOWN: "may be within or beyond"}
    ends = interval(accuracy.interval.low, accuracy.interval.high, share)
    rows = count(accuracy.n, "labelled raw row")
    told = [f"With {rows} and {share(accuracy.share)} of them right, nine times in ten accuracy lies at {ends}."]
    if floor_state is not None:
        told.append(f"That {words[floor_state]} the floor.")
    if drop_state is not None and drop is not None:
        told.append(f"The drop of {points(drop)} {within[drop_state]} the allowance.")
    told.append("This is a what-if; the verdict rests on the assessment.")
    return tuple(told)


def _finding(result: EvaluationResult, name: str) -> str:
    return next(f.sentence for f in result.findings if f.id == name)


def _state(result: EvaluationResult, name: str) -> State:
    return next(f.state for f in result.findings if f.id == name)
