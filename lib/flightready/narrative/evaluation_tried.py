"""Calling the pilot in sentences: what is sent where, how a run went, and what each defect costs when tried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flightready import policy
from flightready.errors import listed
from flightready.evaluation.attribution.attribution_result import Attribution, Strength
from flightready.evaluation.attribution.operators import NO_EFFECT
from flightready.evaluation.attribution.tried_result import Effect, TriedPart, TriedResult
from flightready.evaluation.result import EvaluationResult
from flightready.evidence import State
from flightready.wording import count, interval, money, points, rounded, seconds, share

if TYPE_CHECKING:
    from flightready.calling.asking import Progress, Run
    from flightready.study.asking import Errand

NO_PILOT = (
    "Nothing says how the pilot can be called, so no defect was put in or taken out. A section 'pilot' in "
    "the assessment (a Python function, a command or an HTTP address) and "
    "--run-pilot would show what each defect really costs."
)


def announced(errand: Errand) -> tuple[str, ...]:
    """Say before the first call where records are sent, what of them, and how many calls that makes."""
    where = f"{errand.to.words} ({errand.named_at})"
    most = min(errand.calls, errand.bounds.most_calls)
    if not errand.calls:
        known = count(errand.known, "answer")
        return (f"The pilot is not called: {known} of {where} {'is' if errand.known == 1 else 'are'} kept.",)
    told = [f"Calling the pilot: {where}."]
    columns = listed(f"'{c}'" for c in errand.inputs)
    told.append(
        f"{count(most, 'call')}{_known(errand.known)}; each sends {columns} of one record.{_pace(errand, most)}"
    )
    if errand.to.is_elsewhere:
        told.append("This leaves your machine, because the assessment names that host.")
        if not errand.to.is_encrypted:
            told.append("It is not encrypted: whoever is on the way can read it. Write https:// if the host knows it.")
    return tuple(told)


def _known(known: int) -> str:
    return f" ({known:,} more {'is' if known == 1 else 'are'} answered already)" if known else ""


def _pace(errand: Errand, calls: int) -> str:
    rate = errand.bounds.per_minute
    if not rate:
        return ""
    return f" At most {rate:,.0f} a minute: {seconds(60 * calls / rate)} or more."


def progressed(progress: Progress) -> str:
    """Say in a line how far a run is."""
    left = (
        f", about {seconds(progress.remaining_s)} left"
        if progress.remaining_s and progress.done < progress.total
        else ""
    )
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    return f"{progress.done:,} of {count(progress.total, 'call')}{failed}{left}"


def ran(run: Run) -> tuple[str, ...]:
    """Say what a run did: calls, failures with the most frequent reason, and why it stopped early."""
    if run.asked and run.failed == run.asked:
        told = [f"None of {count(run.asked, 'call')} brought an answer: {run.first_reason}."]
    else:
        told = [f"{count(run.asked - run.failed, 'answer')} came{_failures(run.failures)}."]
    if run.stopped:
        told.append(f"Stopped: {run.stopped}. {count(run.left, 'call')} left; the next run with --run-pilot goes on.")
    return tuple(told)


def _failures(failures: dict[str, int]) -> str:
    if not failures:
        return ""
    worst = max(failures, key=lambda reason: failures[reason])
    total = sum(failures.values())
    others = f", most often: {worst}" if len(failures) > 1 else f": {worst}"
    return f", {count(total, 'call')} failed{others}"


def same_pilot(result: TriedResult) -> str:
    """Say whether the pilot that was called is the one whose answers were recorded."""
    found = result.same_pilot
    if found is None:
        return ""
    rate, least = found.same, policy.value("call_least_same_share")
    told = (
        f"Asked again about {count(rate.n, 'unchanged record')}, the pilot gives the recorded answer to "
        f"{share(rate.hits / rate.n)} of them (nine times in ten "
        f"{interval(rate.interval.low, rate.interval.high, share)})"
    )
    if found.failed:
        told += f"; {count(found.failed, 'call')} failed"
    return (
        told
        + {
            State.PASS: ": it is the pilot that was recorded.",
            State.FAIL: f": that is under {share(least)}, so another model, prompt or version is called than the one "
            "that was recorded. What is tried out is true of the one that is called.",
            State.UNKNOWN: f": whether that is {share(least)} or more cannot be told yet.",
        }[found.state]
    )


def warning(result: TriedResult) -> str:
    """Say that another pilot was called than the one that was recorded; empty where it may well be the same."""
    if not result.is_another:
        return ""
    found, least = result.same_pilot.same, policy.value("call_least_same_share")
    return (
        f"Caution: the pilot that was called gives the recorded answer to {found.hits:,} of "
        f"{count(found.n, 'unchanged record')}, under {share(least)}: what follows is true of the one that was called, "
        "and not of the one that was recorded, so no money is shown."
    )


def answer(result: TriedResult | None) -> tuple[str, ...]:
    """Say what defects cost when they are put in, what repair regains, and from how many calls that is known."""
    if result is None:
        return (NO_PILOT,)
    if result.why:
        calls = f" It would take {count(result.calls, 'call')} with --run-pilot." if result.calls else ""
        return (f"No defect was put in or taken out: {result.why}.{calls}",)
    told = [warning(result), _together(result, Strength.INJECTED), _together(result, Strength.REPAIRED)]
    return tuple(s for s in (*told, _unknown(result), _calls(result)) if s)


def _together(result: TriedResult, grade: Strength) -> str:
    is_injected = grade is Strength.INJECTED
    all_of_them = result.injected_all if is_injected else result.repaired_all
    if all_of_them is None or all_of_them.points is None:
        return ""
    n = result.n_injected if is_injected else result.n_repaired
    what = "Put into the demo set as often as raw data has them" if is_injected else "Repaired on raw data"
    does = "cost" if is_injected else "regain"
    shown = [p for p in result.parts(grade) if p.state is Effect.SHOWN and p.points > 0]
    told = f"{what}, the defects {does} {size(all_of_them)} over {count(n, 'record')}"
    if not shown:
        return f"{told}; no single one is shown to {does} anything."
    first = shown[0]
    worth = "" if result.is_another else _worth(first, result.currency)
    return f"{told}; most by {first.name}: {size(first)}{worth}."


def size(part: TriedPart) -> str:
    """Write the points of a part with their interval."""
    low, high = part.interval.low, part.interval.high
    return f"{points(_or_zero(part.points))} (nine times in ten {_bare(low)} to {points(_or_zero(high))})"


def _bare(value: float) -> str:
    """Points without their unit."""
    return f"{100 * _or_zero(value):.1f}"


def _or_zero(value: float) -> float:
    """What would be written as minus nothing is nothing."""
    return value if round(100 * value, 1) else 0.0


def _worth(part: TriedPart, currency: str) -> str:
    found = part.worth
    if found.cases_per_month is None:
        return ""
    fewer = "fewer wrong answers" if part.grade is Strength.REPAIRED else "wrong answers"
    told = f", about {rounded(found.cases_per_month)} {fewer} a month"
    return told if found.cost_per_month is None else f"{told}, {money(found.cost_per_month, currency)} a month"


def _unknown(result: TriedResult) -> str:
    """Defects that neither trial could reach."""
    both = [
        {p.name: p.why for p in result.parts(g) if p.state is Effect.UNKNOWN}
        for g in (Strength.INJECTED, Strength.REPAIRED)
    ]
    untried = [name for name in both[0] if name in both[1]]
    return f"Neither put in nor repaired, and so not known here: {listed(untried)}." if untried else ""


def _calls(result: TriedResult) -> str:
    told = f"That is from {count(result.answered, 'answer')} of the pilot"
    if result.failed:
        worst = max(result.failures, key=lambda reason: result.failures[reason])
        told += f"; {count(result.failed, 'call')} failed (most often: {worst}), and a failed call counts as wrong"
    if not result.is_whole:
        missing = count(result.calls - result.answered, "call")
        told += (
            f". {missing} of the plan {'is' if missing.startswith('1 ') else 'are'} still to be made with --run-pilot"
        )
    return told + "."


def title(result: EvaluationResult) -> str:
    """Say the answer of the chart in one line."""
    tried = result.tried
    caution = f"Caution, not the pilot that was recorded: {_effect(tried)}"
    return caution if tried.is_another else _effect(tried)


def _effect(tried: TriedResult) -> str:
    for grade, told in ((Strength.REPAIRED, "Repairing {} regains {}"), (Strength.INJECTED, "Put in, {} cost {}")):
        shown = [p for p in tried.parts(grade) if p.state is Effect.SHOWN and p.points > 0]
        if shown:
            return told.format(shown[0].name, points(shown[0].points))
    return "No defect that was tried is shown to cost accuracy yet"


def rows(result: EvaluationResult) -> list[tuple[str, str]]:
    """Return the defects that may change an answer, id and name, the largest effect first."""
    tried: TriedResult = result.tried
    best: dict[str, tuple[float, str]] = {}
    for part in (p for p in (*tried.repaired, *tried.injected) if p.detector not in NO_EFFECT):
        seen = best.get(part.detector, (0.0, part.name))[0]
        best[part.detector] = (max(seen, part.points or 0.0), part.name)
    return [(d, name) for d, (_, name) in sorted(best.items(), key=lambda item: (-item[1][0], item[1][1]))]


def left_out(tried: TriedResult) -> str:
    """Name the defects that can change no answer; they have no row in the table."""
    names = [p.name for p in tried.injected if p.detector in NO_EFFECT]
    if not names:
        return ""
    return f"No answer can change by {listed(names)}: the pilot is asked record by record, so they have no row here."


def observed(attribution: Attribution | None, detector: str) -> str:
    """Write what wrong answers go with, for the table."""
    part = next((p for p in attribution.defects if detector in p.detectors), None) if attribution else None
    if part is None:
        return "no damage of a record"
    if part.points is None or part.interval is None:
        return f"cannot tell yet: {part.why}" if part.why else "cannot tell yet"
    return f"{_bare(part.points)} ({_bare(part.interval.low)} to {_bare(part.interval.high)})"


def written(part: TriedPart | None) -> str:
    """Write what a trial says, for the table."""
    if part is None:
        return ""
    if part.state is Effect.NONE:
        return f"0: {part.why}"
    if part.points is None:
        return f"not known: {part.why}"
    ends = f"{_bare(part.interval.low)} to {_bare(part.interval.high)}"
    note = f"; {part.why}" if part.why else ""
    return f"{_bare(part.points)} ({ends}), {count(part.n_changed, 'record')}{note}"


METHOD = (
    "Associated: what wrong answers go with. Injected: demo records take over the defects of raw ones, and the pilot "
    "is asked with and without each. Repaired: raw records are asked with and without each repair. The parts of one "
    "grade add up to the effect of all its defects together. The three ask different questions and need not agree: a "
    "defect that comes with hard cases is associated and costs nothing when put in; what is lost cannot be repaired. "
    "Each interval holds for this part alone; in the table of the drop in parts they hold for all parts together, and "
    "are wider."
)
