"""What groups of people say to the review: does one of them get more wrong answers, or fewer of the hoped-for ones."""

from __future__ import annotations

from flightready.evaluation.groups.result import GroupComparison, GroupsResult
from flightready.evidence import Finding, Grade, State
from flightready.wording import count, interval, points, rounded


def groups_finding(found: GroupsResult, *, sources: tuple[str, ...], held_back: str) -> Finding:
    """Accuracy and the hoped-for answer in all groups of people, against the policy.

    It fails when one column, or two together, show a gap or a ratio beyond the policy; it passes when every column
    stays within and none of its groups is too small to tell.

    Parameters
    ----------
    found : GroupsResult
    sources : tuple of str
        Names of the raw files.
    held_back : str
        Why the raw records may mislead; empty when they do not.
    """
    about = {
        "id": "evaluation.groups", "title": "Groups of people", "unit": "share", "rule": "allowed_accuracy_gap",
        "gaps": ("G5",), "tags": ("safety",), "sources": sources, "grade": Grade.MEASURED, "n": found.overall.n,
    }  # fmt: skip
    gaps = [c for c in found.comparisons if c.gap is not None]
    if not gaps:
        sentence = f"No two groups by {_listed(found)} have enough scored records to be compared."
        return Finding(sentence=sentence, state=State.UNKNOWN, decides=_more(found), **about)
    widest = max(gaps, key=lambda c: c.urgency)
    about |= {"value": widest.gap.gap, "interval": widest.gap.interval, "threshold": widest.gap.allowed}
    state = _state(found)
    but = ""
    if state is State.PASS and held_back:
        state, but = State.UNKNOWN, f", but {held_back}"
    sentence = f"{gap_sentence(widest)}{_ratio_sentence(found)}{but}."
    decides = (_more(found) or "more scored records of each group") if state is State.UNKNOWN else ""
    return Finding(sentence=sentence, state=state, decides=decides, **about)


def by(comparison: GroupComparison) -> str:
    """Name the columns of a comparison: `'region'`, or `'region' and 'age'`."""
    return " and ".join(repr(c) for c in comparison.columns)


def times(ratio: float) -> str:
    """Write a ratio of selection rates.

    Examples
    --------
    >>> times(0.7512)
    '0.75'
    """
    return f"{ratio:.2f}"


def gap_sentence(comparison: GroupComparison) -> str:
    """Say how far the worst group lies behind the best, without a name of either and without a full stop."""
    gap = comparison.gap
    said = {
        State.PASS: f"within the {points(gap.allowed)} allowed",
        State.FAIL: f"more than the {points(gap.allowed)} allowed",
        State.UNKNOWN: f"the {points(gap.allowed)} allowed lie within",
    }[gap.state]
    ends = f"{100 * gap.interval.low:.1f} to {points(gap.interval.high)}"
    return (
        f"Of {count(len(comparison.compared), 'group')} by {by(comparison)} the worst lies {points(gap.gap)} of "
        f"accuracy behind the best (nine times in ten the widest gap is {ends}): {said}"
    )


def _state(found: GroupsResult) -> State:
    states = [c.gap.state if c.gap else State.UNKNOWN for c in found.comparisons]
    states += [c.ratio.state for c in found.comparisons if c.ratio and c.ratio.state is not State.NA]
    if State.FAIL in states:
        return State.FAIL
    # groups of two columns together are a second look: small ones among them hold no verdict back
    is_thin = any(c.too_small for c in found.comparisons if len(c.columns) == 1)
    return State.UNKNOWN if is_thin or State.UNKNOWN in states else State.PASS


def _ratio_sentence(found: GroupsResult) -> str:
    judged = [c for c in found.comparisons if c.ratio and c.ratio.state is not State.NA]
    if not judged:
        return ""
    low = min(judged, key=lambda c: c.ratio.ratio)
    ratio = low.ratio
    said = {State.PASS: "at or above", State.FAIL: "below", State.UNKNOWN: "cannot tell yet whether that reaches"}[
        ratio.state
    ]
    ends = interval(ratio.interval.low, ratio.interval.high, times)
    return (
        f"; by {by(low)} one group gets the hoped-for answer {times(ratio.ratio)} times as often as another "
        f"(nine times in ten {ends}): {said} the four fifths of convention"
    )


def _more(found: GroupsResult) -> str:
    """How many more records would tell, by column."""
    told = []
    for c in found.comparisons:
        if len(c.columns) > 1:
            continue
        if c.too_small:
            more = sum(g.more for g in c.too_small)
            told.append(f"{count(more, 'more scored record')} of {count(len(c.too_small), 'small group')} by {by(c)}")
        if c.gap is not None and c.gap.state is State.UNKNOWN and c.gap.rows is not None:
            told.append(
                f"about {rounded(c.gap.rows)} scored records of each group by {by(c)} in all, if the gap stays as it is"
            )
    return "; ".join(told)


def _listed(found: GroupsResult) -> str:
    return ", ".join(by(c) for c in found.comparisons)
