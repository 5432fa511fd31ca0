"""Confidence, triage and candidates in sentences, and the rule that a team can copy."""

from __future__ import annotations

from flightready import policy
from flightready.evaluation.result import EvaluationResult
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.triage.calibration_result import Calibrated
from flightready.evaluation.triage.candidates_result import Compared, Option
from flightready.evaluation.triage.result import Load, Triage
from flightready.evaluation.triage.what_if import TriedTriage, costs, kept_at, load_at
from flightready.evidence import Interval
from flightready.wording import chance, count, interval, money, points, rounded, seconds, share

NO_CONFIDENCE = "The records hold no confidence beside scored answers, so nothing says when to ask a person."
NO_CANDIDATE = "No other model is named under evaluation.candidates, so there is nothing to compare the pilot with."
_NO_THRESHOLD = "No confidence is stated under evaluation.review.threshold and no floor, so there is no rule."


def confidence_meaning(result: EvaluationResult) -> str:
    """Say whether the pilot is as sure as it is right, and whether its confidence tells right from wrong."""
    found = result.calibration
    if found is None or found.raw is None:
        return NO_CONFIDENCE
    told = f"On raw data {_gap(found.raw)}"
    if found.curated is not None:
        told += f"; on the demo set {_gap(found.curated)}"
    told += f". {_error(found.raw)} {tells(found.raw)}"
    if found.raw.gap_interval.low > 0:
        told += (
            " A rule that trusts answers above a confidence would let more wrong ones through than the confidence says."
        )
    return told


def _gap(found: Calibrated) -> str:
    if found.gap_interval.low > 0:
        verdict = f"too sure of itself by {points(found.gap)}"
    elif found.gap_interval.high < 0:
        verdict = f"less sure than it is right, by {points(-found.gap)}"
    else:
        verdict = "as sure as it is right"
    return f"the pilot says {share(found.mean_confidence)}, is right in {share(found.accuracy)}: {verdict}"


def _error(found: Calibrated) -> str:
    ends = f"{100 * found.error_interval.low:.1f} to {points(found.error_interval.high)}"
    if not found.is_off:
        return (
            f"Over groups of like confidence it may be just right, or off by up to {points(found.error_interval.high)}."
        )
    return f"Over groups of like confidence it is off by {points(found.error)} (nine times in ten {ends})."


def tells(found: Calibrated) -> str:
    """Say whether the confidence tells right answers from wrong ones."""
    if found.auroc is None or found.auroc_interval is None:
        return "All answers are right, or all wrong, so nothing shows whether the confidence tells them apart."
    ends = interval(found.auroc_interval.low, found.auroc_interval.high, _two_places)
    figure = (
        f"of a right and a wrong answer it rates the right one higher in {100 * found.auroc:.0f} of 100 pairs "
        f"(AUROC {_two_places(found.auroc)}, nine times in ten {ends}; 0.50 is chance)"
    )
    if not found.tells:
        return f"The confidence is not shown to tell right from wrong here: {figure}."
    if found.auroc < policy.value("least_telling_auroc"):
        return f"The confidence hardly tells right from wrong here: {figure}."
    return f"The confidence tells right answers from wrong ones: {figure}."


def _two_places(value: float) -> str:
    return f"{value:.2f}"


def triage_meaning(result: EvaluationResult) -> str:
    """Say which answers can be used without a person, what they are worth, and how many people must look at."""
    found = result.triage
    if found is None:
        return NO_CONFIDENCE
    if found.threshold is None:
        return _NO_THRESHOLD if found.floor is None else _none_reaches(found)
    kept, load = kept_at(found, found.threshold), _load(found)
    said = "As stated, answers" if found.in_force is not None else "Answers"
    verb = "are" if found.in_force is not None else "can be"
    told = f"{said} with a confidence of {_level(found.threshold)} or more {verb} used without a person"
    told += f": {share(1 - kept.reviewed.share)} of all, {_right(kept.right)} of them right"
    if found.in_force is None:
        told += f", and nine times in ten at or above the floor of {share(found.floor)}"
        told += ", although the threshold was chosen on these same records"
    told += f". People review {_share_of(kept.reviewed.share, kept.reviewed.interval)}"
    if load is not None:
        told += f", about {_per_day(load)}{_over(load, found.capacity_per_day)}"
    return f"{told}.{_unsure(found)}{_other_threshold(found)}"


def _none_reaches(found: Triage) -> str:
    return (
        f"At no confidence are the answers above it shown to reach the floor of {share(found.floor)}, so this rule "
        "cannot part answers to use from answers to review."
    )


def _other_threshold(found: Triage) -> str:
    if found.in_force is None or found.floor is None:
        return ""
    if found.proposed is None:
        return f" {_none_reaches(found)}"
    reviewed = kept_at(found, found.proposed).reviewed.share
    return (
        f" The lowest confidence that is shown to reach the floor of {share(found.floor)} is {_level(found.proposed)}, "
        f"with {share(reviewed)} for people."
    )


def _unsure(found: Triage) -> str:
    if not found.unsure:
        return ""
    carry, go = ("carries", "goes") if found.unsure == 1 else ("carry", "go")
    return f" {count(found.unsure, 'record')} {carry} no confidence or no answer and {go} to people."


def _right(found: Accuracy) -> str:
    return f"{share(found.share)} (nine times in ten {interval(found.interval.low, found.interval.high, share)})"


def _share_of(value: float, ends: Interval) -> str:
    return f"{share(value)} of answers (nine times in ten {interval(ends.low, ends.high, share)})"


def _load(found: Triage) -> Load | None:
    return load_at(found, found.threshold, found.capacity_per_day.low if found.capacity_per_day else None)


def _per_day(load: Load) -> str:
    ends = interval(load.interval.low, load.interval.high, rounded)
    return f"{rounded(load.median)} reviews a day (nine times in ten {ends})"


def _over(load: Load, capacity: Interval | float | None) -> str:
    if load.chance_over is None or capacity is None:
        return ""
    least = capacity.low if isinstance(capacity, Interval) else capacity
    return f". The chance of more than the {rounded(least)} that people can do is {chance(load.chance_over)}"


def _level(threshold: float) -> str:
    return f"{threshold:.6g}"


def threshold_cost_meaning(result: EvaluationResult) -> str:
    """Say which threshold is the cheapest, what it costs, and what that rests on."""
    found = result.triage
    if found is None:
        return NO_CONFIDENCE
    if found.error_cost is None:
        return (
            "What a wrong answer costs is not stated (evaluation.error_cost), so no threshold can be called cheapest."
        )
    priced = costs(found, error_cost=found.error_cost, review_cost=found.review_cost)
    at = int(found.thresholds.searchsorted(priced.cheapest))
    others = ((0, "the least review"), (found.thresholds.size - 1, "every answer reviewed"))
    against = [f"{money(priced.per_10000[i], found.currency)} with {words}" for i, words in others if i != at]
    least = money(priced.per_10000[at], found.currency)
    start = _cheapest(found, priced.cheapest, priced.cheapest_interval)
    return f"{start} it costs {least} in 10,000 cases, against {' and '.join(against)}. {_prices(found)}"


def _cheapest(found: Triage, cheapest: float, ends: Interval) -> str:
    reviewed = kept_at(found, cheapest).reviewed.share
    if cheapest <= found.thresholds[0]:
        told = "Cheapest is to use every answer that has a confidence, with no review"
    elif cheapest > 1:
        told = "Cheapest is to review every answer"
    else:
        told = f"Cheapest is a threshold of {_level(cheapest)}, with {share(reviewed)} for people"
    low, high = (_level(min(1.0, end)) for end in (ends.low, ends.high))
    return f"{told} (nine times in ten {'the same' if low == high else f'a threshold of {low} to {high}'}):"


def _prices(found: Triage) -> str:
    assumed = ", which is assumed from minutes and wage" if found.review_cost_is_assumed else ""
    return (
        f"It rests on {money(found.error_cost, found.currency)} for a wrong answer that is used, "
        f"{money(found.review_cost, found.currency)} for a review{assumed}, and on people who decide rightly in "
        f"{share(found.reviewer_accuracy)} of reviews (policy)."
    )


def rule(result: EvaluationResult) -> tuple[tuple[str, str], ...]:
    """Return the rule in words, as YAML and as Python, each with its caption; empty when there is none."""
    found = result.triage
    if found is None or found.threshold is None:
        return ()
    level, kept, load = _level(found.threshold), kept_at(found, found.threshold), _load(found)
    automated, right = share(1 - kept.reviewed.share), _right(kept.right)
    reviews = "not known without a planned load" if load is None else _per_day(load)
    words = (
        f"high confidence: confidence >= {level}; use the answer\n"
        f"needs review:    confidence < {level}, no confidence, or no answer; a person decides\n\n"
        f"used without a person: {automated} of answers\nright among them:      {right}\n"
        f"reviews:               {reviews}"
    )
    yaml = (
        f"# from {count(found.n, 'scored raw record')}\ntriage:\n  high_confidence: {{at_least: {level}}}\n"
        "  needs_review: {below: " + level + ", without_confidence: true, without_answer: true}\n"
        f"# used without a person: {automated}; right among them: {right}\n# {reviews}"
    )
    python = (
        "def route(confidence: float | None) -> str:\n"
        f'    """Say who decides; measured on {count(found.n, "scored raw record")}."""\n'
        f"    # used without a person: {automated}; right among them: {right}\n"
        f"    if confidence is not None and confidence >= {level}:\n"
        '        return "high confidence"\n    return "needs review"'
    )
    return (("The rule in words", words), ("The rule as YAML", yaml), ("The rule in Python", python))


def no_rule(result: EvaluationResult) -> str:
    """Say why there is no rule to copy."""
    if result.triage is None:
        return NO_CONFIDENCE
    return "There is no rule to copy."


def candidates_meaning(result: EvaluationResult, options: tuple[Option, ...]) -> tuple[str, ...]:
    """Say of each candidate what is lost and gained against the pilot."""
    if result.candidates is None:
        return (NO_CANDIDATE,)
    pilot = next(o for o in options if o.is_pilot)
    by_name = {o.name: o for o in options if not o.is_pilot}
    return tuple(trade_off(c, by_name[c.name], pilot) for c in result.candidates.compared)


def trade_off(found: Compared, option: Option, pilot: Option) -> str:
    """Say in one sentence what a candidate loses and gains against the pilot."""
    low, high = sorted((abs(found.interval.low), abs(found.interval.high)))
    if found.interval.low <= 0 <= found.interval.high:
        told = (
            f"{points(abs(found.difference))} {'less' if found.difference < 0 else 'more'} accurate (nine times in ten "
            f"{100 * -found.interval.low:.1f} less to {points(found.interval.high)} more), which may be chance"
        )
    else:
        way = "less" if found.difference < 0 else "more"
        told = f"{points(abs(found.difference))} {way} accurate (nine times in ten {100 * low:.1f} to {points(high)})"
        if not found.differs:
            told += ", which may be chance among so many candidates"
    gains = [told, _faster(option.p95_s, pilot.p95_s), _cheaper(option.cost, pilot.cost)]
    said = f"'{found.name}': {', '.join(g for g in gains if g)}"
    left = ""
    if found.left_out:
        lacks = "is" if found.left_out == 1 else "are"
        left += f" {count(found.left_out, 'scored record')} {lacks} not in its file."
    if found.unanswered:
        counts = "counts" if found.unanswered == 1 else "count"
        left += f" {count(found.unanswered, 'record')} without its answer {counts} as wrong."
    if option.beaten_by:
        said += f"; cheaper and better exists: '{option.beaten_by}'"
    return f"{said}.{left}"


def _faster(mine: float | None, pilots: float | None) -> str:
    if mine is None or pilots is None or not mine or not pilots:
        return ""
    ratio = pilots / mine
    if abs(ratio - 1) <= policy.value("frontier_same_share"):
        return "about as fast"
    return f"{_times(ratio)} faster" if ratio > 1 else f"{_times(1 / ratio)} slower"


def _times(ratio: float) -> str:
    return f"{ratio:.0f} times" if ratio >= 9.5 else f"{ratio:.1f} times"


def _cheaper(mine: float | None, pilots: float | None) -> str:
    if mine is None or not pilots:
        return ""
    part = mine / pilots - 1
    if part >= 1:
        return f"{_times(mine / pilots)} the cost"
    if abs(part) <= policy.value("frontier_same_share"):
        return "about as dear"
    return f"{100 * abs(part):.0f} % {'cheaper' if part < 0 else 'dearer'}"


def option_line(option: Option, currency: str) -> tuple[str, ...]:
    """Return one option as cells of a table."""
    return (
        f"{option.name} (today)" if option.is_pilot else option.name, f"{100 * option.right.share:.2f} %",
        interval(option.right.interval.low, option.right.interval.high, share),
        "" if option.cost is None else money(option.cost, currency),
        "" if option.p95_s is None else seconds(option.p95_s),
        f"cheaper and better exists: {option.beaten_by}" if option.beaten_by else "",
    )  # fmt: skip


def tried_sentences(found: Triage, tried: TriedTriage) -> tuple[str, ...]:
    """Say what a what-if of triage gives."""
    right = f"{_right(tried.kept.right)} of them right" if tried.kept.right.n else "so none can be wrong"
    told = [
        f"Answers of {_level(min(tried.kept.threshold, 1.0))} or more are used: {share(1 - tried.kept.reviewed.share)} "
        f"of all, {right}; after review "
        f"{share(tried.right_in_all)} of all answers are right, if people decide rightly in "
        f"{share(found.reviewer_accuracy)} of reviews (policy)."
    ]
    if tried.load is not None:
        load = _over(tried.load, tried.capacity_per_day)
        told.append(f"People review about {_per_day(tried.load)}{load}.")
    if tried.costs is not None:
        told.append(
            f"Errors and reviews cost {money(tried.cost_here, found.currency)} in 10,000 cases. "
            f"{_cheapest(found, tried.costs.cheapest, tried.costs.cheapest_interval)} "
            f"{money(float(tried.costs.per_10000.min()), found.currency)}."
        )
    return (*told, "This is a what-if; the verdict rests on the assessment.")
