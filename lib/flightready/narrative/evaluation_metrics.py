"""The metrics of a task in sentences: when an answer is right, what stands out, and what the intervals rest on."""

from __future__ import annotations

from collections.abc import Callable

from flightready.evaluation.counts import Counted
from flightready.evaluation.metrics.result import Groups, Metric, Pairs, SizeBin, TaskMetrics
from flightready.evaluation.result import EvaluationResult
from flightready.wording import chance, count, interval, money, number, points, share

F1 = "F1 is one figure for both columns before it: it is high only where both are."
"""What F1 says, in plain words."""

NOTHING = "No record could be scored, so there is no metric."
_SIDES = (("raw", "raw data"), ("curated", "the demo set"))


def written(metric: Metric) -> Callable[[float], str]:
    """Return how values of a metric are written."""
    return share if metric.unit == "share" else number


def figure_and_ends(metric: Metric) -> str:
    """Write a metric with its interval."""
    write = written(metric)
    if metric.interval.low is None and metric.interval.high is None:
        return write(metric.value)
    return f"{write(metric.value)} ({interval(metric.interval.low, metric.interval.high, write)})"


def metrics_meaning(result: EvaluationResult) -> tuple[str, ...]:
    """Say when an answer is right, what stands out, and what the intervals mind."""
    found = result.metrics
    if found is None:
        return (NOTHING,)
    told = [_sentence(found.right_when), *_standing_out(found)]
    told += [_left_out(result.raw_counted, "raw"), _left_out(result.curated_counted, "demo")]
    told += [_grouped(found.raw_groups, "raw"), _grouped(found.curated_groups, "demo")]
    told.append(_paired(found.pairs))
    return tuple(t for t in told if t)


def _standing_out(found: TaskMetrics) -> list[str]:
    return {
        "classification": _classes,
        "extraction": _fields,
        "scored": _ratings,
        "regression": _numbers,
    }[found.task](found)


def _classes(found: TaskMetrics) -> list[str]:
    known = {m.name: m for m in found.raw if not m.of}
    if "balanced accuracy" not in known:
        return []
    plain, balanced = known["accuracy"], known["balanced accuracy"]
    told = f"With every class counted alike, {figure_and_ends(balanced)} of raw answers are right"
    gap = plain.value - balanced.value
    if balanced.interval.high is not None and balanced.interval.high < plain.value:
        return [f"{told}, {points(gap)} less than over all records: the frequent classes hide weaker ones."]
    return [f"{told}, about as many as over all records." if abs(gap) < 0.02 else f"{told}."]


def _fields(found: TaskMetrics) -> list[str]:
    fields = [m for m in found.raw if m.name == "field"]
    if not fields:
        return []
    weakest = min(fields, key=lambda m: m.value)
    told = (
        f"Weakest field on raw data: '{weakest.of}', {figure_and_ends(weakest)} of {count(weakest.n, 'record')} right."
    )
    before = next((m for m in found.curated if (m.name, m.of) == ("field", weakest.of)), None)
    return [told + (f" On the demo set it is {share(before.value)}." if before else "")]


def _ratings(found: TaskMetrics) -> list[str]:
    told = []
    for side, name in _SIDES:
        mean = next((m for m in getattr(found, side) if m.name == "mean rating"), None)
        if mean is not None:
            told.append(f"{figure_and_ends(mean)} on {name}")
    return [f"The mean rating is {' and '.join(told)}."] if told else []


def _numbers(found: TaskMetrics) -> list[str]:
    known = {m.name: m for m in found.raw}
    if "bias" not in known:
        return []
    error, bias = known["mean absolute error"], known["bias"]
    told = [f"Raw answers are off by {figure_and_ends(error)} on average."]
    low, high = bias.interval.low, bias.interval.high
    if low is not None and low > 0:
        told.append(f"They lie too high by {figure_and_ends(bias)} on average.")
    elif high is not None and high < 0:
        told.append(f"They lie too low by {number(-bias.value)} ({interval(-high, -low, number)}) on average.")
    else:
        told.append("On average they lie neither too high nor too low, as far as these records can tell.")
    return told


def size(one: SizeBin) -> str:
    """Write the ends of a bin of sizes."""
    if one.low is None:
        return "all sizes" if one.high is None else f"below {number(one.high)}"
    return f"{number(one.low)} or more" if one.high is None else f"{number(one.low)} to {number(one.high)}"


def _left_out(counted: Counted | None, side: str) -> str:
    """Say what could not be read."""
    if counted is None:
        return ""
    told = []
    if counted.unreadable:
        is_one = counted.unreadable == 1
        told.append(
            f"{count(counted.unreadable, f'{side} answer')} {'is' if is_one else 'are'} no number or date where one is "
            f"asked, and {'counts' if is_one else 'count'} as wrong"
        )
    if counted.unreadable_truth:
        has = "has" if counted.unreadable_truth == 1 else "have"
        records = count(counted.unreadable_truth, f"{side} record")
        told.append(f"{records} {has} a right answer or a rating that is no number; what cannot be read is left out")
    if counted.off_scale:
        verbs = ("lies", "is") if counted.off_scale == 1 else ("lie", "are")
        ratings = count(counted.off_scale, f"{side} rating")
        told.append(f"{ratings} {verbs[0]} outside of the scale and {verbs[1]} left out")
    return " ".join(_sentence(t) for t in told)


def _grouped(groups: Groups | None, side: str) -> str:
    """Say how many records belong together, and what that makes of the interval."""
    if groups is None:
        return ""
    worth = groups.records / groups.design_effect
    told = (
        f"{count(groups.records, f'{side} record')} fall into {count(groups.groups, 'group')} of one customer or case, "
        f"one id, or near copies, the largest of {groups.largest:,}"
    )
    return f"{told}; for accuracy they are worth about {worth:,.0f} independent records, and the intervals say so."


def _paired(pairs: Pairs | None) -> str:
    """Say how the same records fared in both forms."""
    if pairs is None:
        return ""
    told = (
        f"Both sides hold the same {count(pairs.n, 'record')}: {pairs.only_curated:,} right in the demo's form only, "
        f"{pairs.only_raw:,} in the raw form only, so the drop is taken record by record"
    )
    if pairs.unmatched:
        left = "is" if pairs.unmatched == 1 else "are"
        told += f" ({count(pairs.unmatched, 'scored record')} of one side only {left} left out)"
    return f"{told}. If the forms fared alike, such a difference would come up in {chance(pairs.p_value)} samples."


def priced_meaning(found: TaskMetrics) -> str:
    """Say which wrong answer costs most."""
    known = [p for p in found.priced if p.cost_per_10000]
    if not found.priced:
        return "No wrong answer was seen among the classes that can be named."
    if not known:
        return "What a wrong answer costs is not said (evaluation.error_cost), so they can be counted but not priced."
    first = known[0]
    cost, records = money(first.cost_per_10000, found.currency), count(first.n, "record")
    return (
        f"Costliest wrong answer: '{first.predicted}' where '{first.truth}' is right, {records} of the sample and "
        f"about {cost} in 10,000 cases. Kinds at one price share by count what errors at that price cost together."
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
