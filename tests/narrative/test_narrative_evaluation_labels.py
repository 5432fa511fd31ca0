"""Sentences on labels: what they can be trusted for, what they would be worth, in words that claim no more."""

from types import SimpleNamespace

import pytest

from flightready.evaluation.labels.result import Drawn, Estimate, Prior, RawEstimate
from flightready.evaluation.labels.truth_set_result import Agreement, TruthSetAudit
from flightready.evaluation.labels.value import label_value
from flightready.evidence import Interval
from flightready.narrative.evaluation_labels import (
    agreement_sentence,
    drawn_sentence,
    estimate_sentence,
    truth_set_meaning,
    value_meaning,
)
from flightready.realism.outcome import rate


def agreeing(low, high):
    return Agreement((low + high) / 2, Interval(low, high), 50, 2, rate(45, 50))


@pytest.mark.parametrize(("low", "high", "told"), [
    (0.82, 0.95, "can be relied on"), (0.7, 0.9, "tentative conclusion"), (0.3, 0.6, "too little to rest a decision on"),
    (0.5, 0.9, "cannot tell yet"),
])  # fmt: skip
def test_agreement_is_judged_by_its_interval(low, high, told):
    assert told in agreement_sentence(agreeing(low, high))


def test_a_draw_says_whether_chance_chose():
    assert drawn_sentence(None) == ""
    assert drawn_sentence(Drawn(200, 199, 900, 0, True)) == (
        "200 raw records of 900 were drawn for labelling, by chance alone; 1 of them carries no label."
    )
    told = drawn_sentence(Drawn(200, 190, 900, 3, False))
    assert "but not by chance alone" in told and "may not stand for the others" in told and "3 can no longer" in told


def test_the_audit_in_sentences():
    audit = TruthSetAudit(600, 200, "Team lead", "", None, None, rate(0, 24), rate(2, 600), agreeing(0.82, 0.95))
    told = truth_set_meaning(SimpleNamespace(truth_set=audit, labelling=None))
    assert told.startswith(
        "600 demo records and 200 raw records carry a right answer; labelled by Team lead, and when is not said."
    )
    assert "none contradicts it; at most 11.7 % would" in told
    assert "2 of 600 demo records are in the raw sample too, and left out" in told


def test_labels_without_answers_say_what_they_are_good_for():
    audit = TruthSetAudit(0, 0, "", "", None, None, None, None, agreeing(0.82, 0.95))
    told = truth_set_meaning(SimpleNamespace(truth_set=audit, labelling=Drawn(40, 40, 870, 0, True)))
    assert (
        "40 raw records of 870 were drawn" in told
        and "whether the pilot is right shows only beside its answers" in told
    )


def estimate(measured=None, off=(None, None, None)):
    one = Estimate(0.9, Interval(0.88, 0.92))
    ends = None if off[1] is None else Interval(off[1], off[2])
    return SimpleNamespace(estimate=RawEstimate(300, 600, one, one, one, 0.9, 0.92, 0.94, measured, off[0], ends))


@pytest.mark.parametrize(("found", "told"), [
    (estimate(), "ESTIMATED, not measured: if the pilot is as honest"),
    (estimate(0.75, (0.15, 0.11, 0.18)), "The estimate is 15.0 points too high: the pilot is less honest"),
    (estimate(0.95, (-0.05, -0.08, -0.02)), "The estimate is 5.0 points too low"),
    (estimate(0.89, (0.01, -0.02, 0.04)), "which may be chance"),
])  # fmt: skip
def test_an_estimate_is_never_told_as_a_measurement(found, told):
    assert told in estimate_sentence(found)


def valued(*, price=None, floor=0.85, right=8.0, wrong=2.0, n=0):
    ends = None if floor is None else Interval(floor, floor)
    found = label_value(Prior(right, wrong, "measured" if n else "nothing known"), right=round(right) if n else 0,
                        n_now=n, floor=ends, value_per_point=price, currency="USD")  # fmt: skip
    return value_meaning(SimpleNamespace(label_value=found))


def test_the_value_of_labels_in_money_and_in_certainty():
    assert valued(price=10_000.0).startswith(
        "200 more labels pay best: they are worth about $23,100 in a month of operation, for $1,000 of work."
    )
    assert "a label costs $5.00 (assumed)" in valued(price=10_000.0)
    assert valued(price=1.0).startswith("For the floor alone, more labels are not worth their cost")
    assert "money is left out, for want of the cost of an error and the planned load" in valued()
    assert "for want of a floor and of the cost of an error" in valued(floor=None)
    assert valued(right=950, wrong=50, n=1000).startswith("The floor is decided already")
