"""Labels in sentences: how they were drawn and can be trusted, accuracy without them, what more of them are worth."""

from __future__ import annotations

from flightready import policy
from flightready.evaluation.labels.result import Drawn, LabelStep, LabelValue, RawEstimate
from flightready.evaluation.labels.truth_set_result import Agreement, TruthSetAudit
from flightready.evaluation.labels.value import ESTIMATED, MEASURED
from flightready.evaluation.result import EvaluationResult
from flightready.evidence import Interval
from flightready.wording import chance, count, interval, money, points, share

ASSUMPTION = "if the pilot is as honest about raw records as about the demo set"
"""What an estimate from confidences rests on."""


def truth_set_meaning(result: EvaluationResult) -> str:
    """Say in a few sentences how far the right answers can be trusted."""
    audit = result.truth_set
    if audit is None or not audit.n_curated + audit.n_raw:
        told = "No record carries both a right answer and the pilot's, so there is no truth set to look at."
        if result.labelling is None:
            return told
        alone = "Labels alone show whether two people agree; whether the pilot is right shows only beside its answers."
        parts = (
            drawn_sentence(result.labelling),
            _agreement(audit),
            alone,
        )
        return " ".join([told, *parts])
    told = [
        f"{count(audit.n_curated, 'demo record')} and {count(audit.n_raw, 'raw record')} carry a right answer",
        _provenance(audit),
    ]
    parts = [
        drawn_sentence(result.labelling),
        _agreement(audit),
        _conflicts(audit),
        _leaked(audit),
    ]
    return " ".join([f"{told[0]}; {told[1]}.", *(p for p in parts if p)])


def _provenance(audit: TruthSetAudit) -> str:
    by = f"labelled by {audit.labelled_by}" if audit.labelled_by else "who labelled them is not said"
    if audit.labelled_on is None:
        return f"{by}, and when is not said" if audit.labelled_by else "who labelled them, and when, is not said"
    age = f" ({count(audit.age_days, 'day')} ago)" if audit.age_days else ""
    return f"{by} on {audit.labelled_on}{age}"


def drawn_sentence(drawn: Drawn | None) -> str:
    """Say how the labelled raw records were chosen; empty when the records bring their own labels."""
    if drawn is None:
        return ""
    without = drawn.n - drawn.labelled
    told = f"{count(drawn.n, 'raw record')} of {drawn.of:,} were drawn for labelling"
    how = "by chance alone" if drawn.is_random else "but not by chance alone, or the raw records have changed since"
    told += f", {how}" if drawn.is_random else f", {how}, so they may not stand for the others"
    if without:
        told += f"; {without:,} of them {'carries' if without == 1 else 'carry'} no label"
    if drawn.gone:
        told += f"; {drawn.gone:,} can no longer be found among the raw records"
    return f"{told}."


def agreement_sentence(agreement: Agreement | None, n_twice: int = 0) -> str:
    """Say how far labellers agree, and what that allows; without that, how many records carry two labels."""
    if agreement is None and n_twice:
        needed = policy.value("least_second_labels")
        if n_twice < needed:
            carry = "carries" if n_twice == 1 else "carry"
            return f"{count(n_twice, 'record')} {carry} two labels, {needed} are needed to say how far labellers agree."
        return (
            f"{count(n_twice, 'record')} carry two labels, but all the same, or nearly all different ones, so "
            "that agreement beyond chance cannot be told."
        )
    if agreement is None:
        return "No second labels show whether two people would agree (flightready label <folder> --second)."
    who = "raters" if agreement.level != "nominal" else "labellers"
    ends = interval(agreement.interval.low, agreement.interval.high, "{:.2f}".format)
    told = (
        f"On {count(agreement.n, 'record')} with two answers or more, {who} give the same answer in "
        f"{share(agreement.equal.share)}; beyond chance their agreement is {agreement.alpha:.2f} of 1 (nine times in "
        f"ten {ends})"
    )
    return f"{told}: {_trust(agreement)}."


def _agreement(audit: TruthSetAudit | None) -> str:
    return agreement_sentence(audit.agreement, audit.n_twice) if audit else agreement_sentence(None)


def _trust(agreement: Agreement) -> str:
    good, some = policy.value("good_agreement"), policy.value("tentative_agreement")
    if agreement.interval.low >= good:
        return "the labels can be relied on"
    if agreement.interval.high < some:
        return "too little to rest a decision on; say more exactly what each class means, and label again"
    if agreement.interval.low >= some:
        return "enough for a tentative conclusion"
    return "cannot tell yet whether that is enough; more second labels would decide"


def _conflicts(audit: TruthSetAudit) -> str:
    found = audit.conflicts
    if found is None:
        return "No scored record repeats another one, so none can contradict another."
    if not found.hits:
        return f"Of {count(found.n, 'scored record')} that repeat another one, none contradicts it; at most {share(found.interval.high)} would."  # noqa: E501
    verb = "carries" if found.hits == 1 else "carry"
    return f"Of {count(found.n, 'scored record')} that repeat another one, {found.hits:,} {verb} another right answer."


def _leaked(audit: TruthSetAudit) -> str:
    found = audit.leaked
    if found is None:
        return ""
    if not found.hits:
        return (
            f"None of {count(found.n, 'demo record')} is in the raw sample too (at most {share(found.interval.high)})."
        )
    are = "is" if found.hits == 1 else "are"
    counted = f"{found.hits:,} of {count(found.n, 'demo record')}"
    return f"{counted} {are} in the raw sample too, and left out of the demo score."


def estimate_sentence(result: EvaluationResult) -> str:
    """Say what raw accuracy would be without labels, or how far off that estimate is where labels are."""
    found = result.estimate
    if found is None:
        return (
            "The pilot's confidence cannot stand in for labels: it takes a confidence on both sides, and right answers "
            "in the demo set."
        )
    return _estimate_check(found) if found.measured is not None else _estimated(found)


def _estimated(found: RawEstimate) -> str:
    mine = found.calibrated
    return (
        f"ESTIMATED, not measured: {ASSUMPTION}, {share(mine.value)} of its answers to raw records are right (nine "
        f"times in ten {_ends(mine.interval)}, from {count(found.n_raw, 'confidence')}). Two other ways to read the "
        f"same confidences say {share(found.difference.value)} and {share(found.threshold.value)}. No rule passes on "
        "this; raw data is where such honesty tends to fail, so label a random sample."
    )


def _estimate_check(found: RawEstimate) -> str:
    mine, off = found.calibrated, found.off_interval
    told = (
        f"Check without labels: {ASSUMPTION}, its confidences say {share(mine.value)} (nine times in ten "
        f"{_ends(mine.interval)}); labels say {share(found.measured)}."
    )
    if off.low > 0:
        return f"{told} The estimate is {points(found.off_by)} too high: the pilot is less honest about raw records."
    if off.high < 0:
        return f"{told} The estimate is {points(-found.off_by)} too low."
    return f"{told} They lie {points(abs(found.off_by))} apart, which may be chance."


def value_meaning(result: EvaluationResult) -> str:
    """Say what labelling more is worth: in money where a point has a price, else in certainty."""
    found = result.label_value
    if found is None or not found.steps:
        return ""
    return f"{_worth(found)} {_basis(found)}"


def _worth(found: LabelValue) -> str:
    if found.is_decided:
        return "The floor is decided already; more labels would make accuracy narrower, and change nothing about that."
    if found.best is None:
        step = next((s for s in found.steps if s.decides is not None and s.decides >= _often()), None)
        if step is not None:
            return f"{count(step.n, 'more label')} would decide the floor in {share(step.decides)} of cases."
        last = found.steps[-1]
        told = f"{count(last.n, 'more label')} would bound accuracy to {100 * last.half_width:.1f} points either way"
        return told + (
            f", and decide the floor in {share(last.decides)} of cases." if last.decides is not None else "."
        )
    if not found.best:
        return (
            f"For the floor alone, more labels are not worth their cost: knowing accuracy exactly would be worth "
            f"{money(found.perfect, found.currency)} a month of operation."
        )
    step = next(s for s in found.steps if s.n == found.best)
    return (
        f"{count(step.n, 'more label')} pay best: they are worth about {money(step.worth, found.currency)} in a month "
        f"of operation, for {money(step.cost, found.currency)} of work. Knowing accuracy exactly would be worth "
        f"{money(found.perfect, found.currency)}."
    )


def _basis(found: LabelValue) -> str:
    prior = {
        MEASURED: f"{count(found.n_now, 'scored raw record')}",
        ESTIMATED: "the estimate from the pilot's confidence",
    }.get(found.prior.origin, "nothing known of raw accuracy")
    told = [f"This starts from {prior}"]
    if found.value_per_point is not None and found.break_even is not None:
        told.append(f"a point above or below the floor is worth {money(found.value_per_point, found.currency)} a month")
        told.append(f"a label costs {money(found.label_cost, found.currency)} (assumed)")
    else:
        lacks = [
            w
            for w, has in (
                ("a floor", found.break_even),
                ("the cost of an error and the planned load", found.value_per_point),
            )
            if has is None
        ]
        told.append(f"money is left out, for want of {' and of '.join(lacks)}")
    return f"{'; '.join(told)}."


def decided(step: LabelStep) -> str:
    """Write the chance that a step decides the floor."""
    return "no floor is set" if step.decides is None else chance(step.decides)


def _often() -> float:
    return policy.value("power_of_detection")


def _ends(found: Interval) -> str:
    return interval(found.low, found.high, share)
