"""Where the pilot is weak, and for whom, in sentences."""

from __future__ import annotations

from flightready import policy
from flightready.evaluation.groups.result import GroupComparison, GroupsResult
from flightready.evaluation.groups.rules import by, times
from flightready.evaluation.slices.result import Slice, SlicesResult
from flightready.evidence import State
from flightready.wording import count, interval, points, share

NO_SLICES = "Where the pilot is weak shows only in scored raw records."
NO_GROUPS = (
    "No column of people's groups is named (data.columns.group), or no raw record is scored, so nothing is said on "
    "whether the pilot works as well for everyone."
)


def slices_meaning(found: SlicesResult | None) -> tuple[str, ...]:
    """Say where the pilot is weak, and how far that can be trusted."""
    if found is None:
        return (NO_SLICES,)
    if not found.slices:
        return (_nothing(found),)
    first = found.slices[0]
    told = [f"Weakest spot: {slice_sentence(first)}"]
    if len(found.slices) > 1:
        told.append(f"{count(len(found.slices) - 1, 'further weak spot')} explain errors beyond that.")
        if len(found.slices) == 2:
            told[-1] = "One further weak spot explains errors beyond that."
    return (*told, _trust(found))


def slice_sentence(found: Slice) -> str:
    """Say how weak a slice is."""
    ends = interval(found.interval.low, found.interval.high, share)
    return (
        f"{found.name}: {found.n - found.wrong:,} of {found.n:,} right ({share(found.accuracy.share)}; "
        f"nine times in ten {ends}), {points(found.below)} below all other records. It holds "
        f"{share(found.share_of_errors)} of all wrong answers; right as often as the others, it would have about "
        f"{max(0.0, found.excess):,.0f} fewer."
    )


def _nothing(found: SlicesResult) -> str:
    if not found.tested:
        return "Nothing shows whether a kind of records is weak: there are too few, or all are right, or all wrong."
    told = f"None of {count(found.tested, 'kind')} of records lies below the others beyond chance."
    return f"{told} {_seen(found)}".strip()


def _seen(found: SlicesResult) -> str:
    if found.detectable is None:
        return "With so few records even a very weak spot would be missed."
    part, often = share(policy.value("slice_to_plan_with")), share(policy.value("power_of_detection"))
    return (
        f"A kind that makes up {part} of the records would have to lie about {points(found.detectable)} below the rest "
        f"to be seen in {often} of cases."
    )


def _trust(found: SlicesResult) -> str:
    shown = count(found.discovered, "kind")
    lie = "lies" if found.discovered == 1 else "lie"
    return (
        f"Of {count(found.tested, 'kind')} of records that were tested, {shown} {lie} below the others beyond chance; "
        f"shown are the few that explain the rest. What is picked as the weakest looks weaker than it is, so "
        f"the bars are widened for the picking. A weak spot goes with errors; it need not cause them. {_seen(found)}"
    )


def groups_meaning(found: GroupsResult | None) -> tuple[str, ...]:
    """Say for whom the pilot is weak."""
    if found is None:
        return (NO_GROUPS,)
    told = [gap_meaning(c) for c in sorted(found.comparisons, key=lambda c: c.urgency, reverse=True) if c.gap]
    if not told:
        told = ["No two groups have enough scored records to be compared."]
    if ratios := [c for c in found.comparisons if c.ratio]:
        told.append(_ratio(min(ratios, key=lambda c: c.ratio.interval.high), found))
    told += [s for c in found.comparisons if len(c.columns) == 1 and (s := _small(c))]
    return tuple(told)


def gap_meaning(comparison: GroupComparison) -> str:
    """Say which group is worst off, and whether that is beyond what is allowed."""
    gap = comparison.gap
    said = {
        State.PASS: f"That is within the {points(gap.allowed)} allowed.",
        State.FAIL: f"That is more than the {points(gap.allowed)} allowed.",
        State.UNKNOWN: f"Cannot tell yet whether that is within the {points(gap.allowed)} allowed.",
    }[gap.state]
    ends = f"{100 * gap.interval.low:.1f} to {points(gap.interval.high)}"
    return (
        f"By {by(comparison)}, '{gap.worst}' lies {points(gap.gap)} behind '{gap.best}' (nine times in ten the widest "
        f"gap between any two of {count(len(comparison.compared), 'group')} is {ends}). {said}"
    )


def _ratio(comparison: GroupComparison, found: GroupsResult) -> str:
    ratio = comparison.ratio
    ends = interval(ratio.interval.low, ratio.interval.high, times)
    told = (
        f"By {by(comparison)}, '{ratio.least}' gets the answer '{found.watched}' {times(ratio.ratio)} times as often "
        f"as '{ratio.most}' (nine times in ten {ends})."
    )
    if ratio.state is State.NA:
        return f"{told} Not judged: evaluation.favourable would say which answer people hope for."
    said = {
        State.PASS: "is kept",
        State.FAIL: "is not kept",
        State.UNKNOWN: "cannot be judged yet",
    }[ratio.state]
    return f"{told} Four fifths, a convention and not the law of every case, {said}."


def _small(comparison: GroupComparison) -> str:
    small = comparison.too_small
    if not small:
        return ""
    names = ", ".join(f"'{g.name}' ({g.n:,})" for g in small)
    more = min(g.more for g in small), max(g.more for g in small)
    needed = f"{more[0]:,}" if more[0] == more[1] else f"{more[0]:,} to {more[1]:,}"
    return f"By {by(comparison)}, too few scored records to tell: {names}; {needed} more of each would."
