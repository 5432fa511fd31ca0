"""The metrics of a task in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_narrative_evaluation import result

from flightready import policy
from flightready.evaluation.counts import Counted
from flightready.evaluation.metrics.result import Groups, Metric, Pairs, PricedConfusion, SizeBin, TaskMetrics
from flightready.evidence import Interval
from flightready.narrative import evaluation_metrics as narrative


def metric(name, value, low, high, of="", unit="share", n=200):
    return Metric(name, unit, value, Interval(low, high), n, "how", of)


CLASSES = TaskMetrics(
    "classification", "an answer is right when it is the class that the right answer names",
    (metric("accuracy", 0.8, 0.75, 0.84), metric("balanced accuracy", 0.7, 0.64, 0.76)), (),
)  # fmt: skip
NUMBERS = TaskMetrics(
    "regression", "an answer is right when it is within 2 % of the true number",
    (metric("within tolerance", 0.6, 0.5, 0.7), metric("mean absolute error", 4.0, 3.0, 5.0, unit="unit of the answers"),
     metric("bias", -2.0, -3.0, -1.0, unit="unit of the answers")), (),
)  # fmt: skip


def told(metrics, **changes) -> str:
    return " ".join(narrative.metrics_meaning(result(metrics=metrics, **changes)))


def test_frequent_classes_that_hide_weak_ones_are_said():
    assert "70 % (64 % to 76 %) of raw answers are right" in told(CLASSES)
    hidden = replace(CLASSES, raw=(CLASSES.raw[0], metric("balanced accuracy", 0.6, 0.5, 0.7)))
    assert "20.0 points less than over all records: the frequent classes hide weaker ones" in told(hidden)


@pytest.mark.parametrize(
    ("bias", "says"),
    [
        ((-2.0, -3.0, -1.0), "too low by 2 (1 to 3)"),
        ((2.0, 1.0, 3.0), "too high by 2 (1 to 3)"),
        ((0.5, -1.0, 2.0), "neither too high nor too low, as far as these records can tell"),
    ],
)
def test_the_side_of_an_error_is_said_only_when_it_is_sure(bias, says):
    changed = replace(NUMBERS, raw=(*NUMBERS.raw[:2], metric("bias", *bias, unit="unit of the answers")))
    text = told(changed).replace("2.00", "2").replace("1.00", "1").replace("3.00", "3")
    assert says in text


def test_the_weakest_field_is_named_with_its_demo_figure():
    found = TaskMetrics(
        "extraction", "a record is right when all its fields are",
        (metric("field", 0.9, 0.8, 0.95, "due"), metric("field", 0.7, 0.6, 0.8, "total")),
        (metric("field", 0.95, 0.9, 0.99, "total"),),
    )  # fmt: skip
    assert "Weakest field on raw data: 'total', 70 % (60 % to 80 %) of 200 records right." in told(found)
    assert "On the demo set it is 95 %." in told(found)


@pytest.mark.parametrize(
    ("counted", "says"),
    [
        (Counted(9, 0, 0, 0, 0, unreadable=1), "1 raw answer is no number or date where one is asked, and counts as"),
        (Counted(9, 0, 0, 0, 0, unreadable=2), "2 raw answers are no number or date where one is asked, and count as"),
        (Counted(9, 0, 0, 0, 0, unreadable_truth=1), "1 raw record has a right answer or a rating that is no number"),
        (Counted(9, 0, 0, 0, 0, off_scale=1), "1 raw rating lies outside of the scale and is left out"),
        (Counted(9, 0, 0, 0, 0, off_scale=3), "3 raw ratings lie outside of the scale and are left out"),
    ],
)
def test_what_cannot_be_read_is_said(counted, says):
    assert says in told(NUMBERS, raw_counted=counted)


def test_records_that_belong_together_are_said_with_what_they_are_worth():
    text = told(replace(CLASSES, raw_groups=Groups(300, 50, 6, 4.0)))
    assert "300 raw records fall into 50 groups" in text
    assert "the largest of 6; for accuracy they are worth about 75 independent records" in text


def test_pairs_are_said_without_terms():
    text = told(replace(CLASSES, pairs=Pairs(150, 26, 6, 18, Interval(0.05, 0.15), 0.0005, 1)))
    assert "the same 200 records: 26 right in the demo's form only, 6 in the raw form only" in text
    assert "1 scored record of one side only is left out" in text
    assert "less than 1 in 100 samples" in text
    for term in policy_terms():
        assert term.casefold() not in text.casefold()


def policy_terms():
    from importlib import resources

    from ruamel.yaml import YAML

    text = (resources.files(policy) / "words.yaml").read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)["never"]


def test_without_scores_it_says_so():
    assert narrative.metrics_meaning(result(right=None)) == (narrative.NOTHING,)


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        ((None, 24.0), "below 24"),
        ((24.0, 43.0), "24 to 43"),
        ((120.0, None), "120 or more"),
        ((None, None), "all sizes"),
    ],
)
def test_sizes_are_written_with_their_open_ends(ends, says):
    assert narrative.size(SizeBin(*ends, 20, 0.0, Interval(-1, 1))) == says


def test_the_costliest_wrong_answer_is_named():
    priced = (PricedConfusion("billing", "legal", 17, "12 USD", 1760.0), PricedConfusion("a", "b", 40, "", None))
    found = replace(CLASSES, priced=priced, currency="USD")
    assert "'legal' where 'billing' is right, 17 records of the sample and about $1,760" in narrative.priced_meaning(
        found
    )
    assert "counted but not priced" in narrative.priced_meaning(replace(found, priced=priced[1:]))
    assert "No wrong answer" in narrative.priced_meaning(replace(found, priced=()))
