"""Evaluation in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flightready import policy
from flightready.evaluation import planning, rules
from flightready.evaluation.budget.priced import ErrorCost, PricedErrors
from flightready.evaluation.contract.result import RuleCheck
from flightready.evaluation.counts import Confusion, Counted
from flightready.evaluation.result import EvaluationResult
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evaluation.triage.candidates_result import Candidates, Compared
from flightready.evidence import Grade, Interval, State
from flightready.intervals import newcombe
from flightready.narrative import evaluation as narrative
from flightready.realism.outcome import Rate

NO_LABELS = "the raw records carry no right answers"


def result(
    right: int | None = 876,
    n: int = 1161,
    floor: float | None = 0.85,
    allowed: float | None = 0.05,
    held_back: str = "",
    **changes,
):
    """A result as the analysis would make it from so many right raw answers and 540 of 600 demo answers."""
    raw, demo = (None if right is None else accuracy(right, n)), accuracy(540, 600)
    wanted = None if floor is None else Interval(floor, floor)
    limit = None if allowed is None else Interval(allowed, allowed)
    drop = None if raw is None else demo.share - raw.share
    ends = None if raw is None else newcombe(demo.right, demo.n, raw.right, raw.n)
    floor_state = rules.floor_state(raw, wanted) if raw and wanted else State.UNKNOWN
    drop_state = rules.drop_state(ends, limit) if ends and limit else State.UNKNOWN
    grade = Grade.MEASURED if raw else Grade.ASSUMED
    findings = (
        rules.accuracy_finding(raw, wanted, floor_state, grade, None, sources=(), why_not=NO_LABELS, held_back=held_back),
        rules.drop_finding(drop, ends, limit, drop_state, grade, None, n, sources=(), lacking="no labels", held_back=held_back),
    )  # fmt: skip
    made = EvaluationResult(
        task="classification", grade=grade, raw=raw, curated=demo, by_system={}, raw_counted=None, curated_counted=None,
        drop=drop, drop_interval=ends, detectable_drop=0.041 if raw else None, floor=wanted, allowed_drop=limit,
        rows_for_floor=None, rows_for_drop=None, errors_per_10000=10_000 * (1 - raw.share) if raw else None,
        errors_interval=Interval(2253.1, 2668.3) if raw else None, error_cost=None, confusions=(),
        plan=planning.plan(0.8, demo), raw_accuracy_replicates=None,
        curated_accuracy_replicates=None, findings=findings, absences=(),
    )  # fmt: skip
    return replace(made, **changes)


def test_the_answer_has_accuracy_both_rules_and_wrong_answers():
    told = " ".join(narrative.answer(result()))
    assert "On raw data 75.5 % of answers are right (876 of 1,161; nine times in ten 73.3 % to 77.5 %)" in told
    assert "on the demo set 90 %" in told
    assert "That is below the floor of 85 %; the drop of 14.5 points is more than the 5.0 points allowed." in told
    assert "In 10,000 cases that is 2,455 wrong answers (2,253 to 2,668)" in told


@pytest.mark.parametrize(
    ("right", "told"),
    [
        (1100, "That is at or above the floor"),
        (990, "Cannot tell yet whether that reaches the floor"),
        (700, "That is below the floor"),
    ],
)
def test_each_state_has_its_words(right, told):
    assert told in narrative.answer(result(right))[1]


def test_a_pass_that_is_held_back_cannot_be_told_yet():
    told = result(1100, allowed=0.2, held_back="180 scored records are fewer than the 200 that are needed")
    assert narrative.answer(told)[1].startswith("Cannot tell yet whether that reaches the floor")
    assert "but 180 scored records are fewer" in narrative.drop_meaning(told)
    assert "200 or more random raw records" in narrative.change(told)[0]


def test_without_thresholds_nothing_is_decided():
    assert "nothing is decided" in narrative.answer(result(floor=None, allowed=None))[1]


def test_without_labels_the_first_step_is_said():
    told = narrative.answer(result(None))
    assert told[0] == "Accuracy on raw data is not known: the raw records carry no right answers."
    assert "On the demo set 90 % of answers are right" in told[1]
    assert "172 labelled raw rows would bound accuracy to about 5 points either way" in told[2]


def test_scored_records_are_accounted_for():
    counted = Counted(records=1195, copies=24, unlabelled=3, unpredicted=12, case_only=1, unanswered=5)
    told = narrative.counted(result(raw_counted=counted))
    assert told.startswith(
        "1,161 of 1,195 raw records are scored (24 exact copies counted once, 3 without a right answer, "
        "7 of systems without any answer of the pilot). 5 of them carry no answer of the pilot, and count as wrong."
    )
    one = Counted(records=1161, copies=0, unlabelled=0, unpredicted=1, case_only=0, unanswered=1)
    assert narrative.counted(result(raw_counted=one)) == (
        "1,161 of 1,161 raw records are scored. 1 of them carries no answer of the pilot, and counts as wrong."
    )
    assert "1 raw answer differs from the label in upper and lower case only, and counts as wrong" in told
    assert "typed in" in narrative.counted(result(grade=Grade.ESTIMATED))


def test_the_drop_says_what_could_have_been_seen():
    told = narrative.drop_meaning(result())
    assert "a drop of 4.1 points or more in 80 % of cases" in told
    assert "nine times in ten a fall of 11.6 to 17.4 points" in told


def test_errors_with_a_price():
    cost = ErrorCost(
        "EUR", 5040.0, Interval(3450, 7760), (PricedErrors("a -> b", 1, "12 EUR", 1700.0),), 1, ("x -> y",)
    )
    assert "which cost €3,450 to €7,760" in narrative.errors(result(error_cost=cost))
    told = narrative.error_cost_meaning(result(error_cost=cost))
    assert "1 error of the scored records has no price and counts as nothing" in told
    assert "Priced, but in no record: x -> y" in told
    assert "what one of them costs is not said" in narrative.errors(result())


def test_the_most_frequent_wrong_answer():
    confusions = (Confusion("a", "a", 90), Confusion("a", "b", 3), Confusion("b", "a", 1))
    assert "'b' where 'a' is right, 3 of 4 wrong answers" in narrative.confusion_meaning(result(confusions=confusions))
    assert narrative.confusion_meaning(result()) == "No wrong answer was seen."


def test_systems_differ_only_when_their_intervals_do_not_touch():
    apart = {"web": accuracy(90, 100), "mail": accuracy(60, 100)}
    close = {"web": accuracy(90, 100), "mail": accuracy(86, 100)}
    told = narrative.systems_meaning(result(by_system=apart))
    assert told.endswith("their intervals do not touch; with several systems chance alone does that now and then.")
    assert "overlap" not in told
    assert "may be chance" in narrative.systems_meaning(result(by_system=close))


def test_no_jargon_reaches_the_reader():
    told = " ".join(
        s
        for r in (result(), result(None))
        for f in (narrative.answer, narrative.certainty, narrative.change)
        for s in f(r)
    )
    for word in (*policy.read("words.yaml")["never"], "p-value", "curated", "recall", "Newcombe", "Wilson", "Jeffreys"):
        assert word not in told


def broken(name: str, hits: int) -> RuleCheck:
    raw = Rate(hits, 50, Interval(0, 1))
    return RuleCheck(name, "never legal", raw, None, 50, 0, 0, {}, (), ())


def candidate(name: str, difference: float, p_value: float) -> Compared:
    ends = Interval(difference - 0.02, difference + 0.02)
    return Compared(name, accuracy(90, 100), accuracy(80, 100), difference, ends, p_value, 1, 9, 0, 0, 0, None, None)


def test_the_answer_names_broken_rules_and_the_best_candidate_beyond_chance():
    quiet = narrative.answer(result(rule_checks=(broken("A", 0),), candidates=Candidates((candidate("S", 0.01, 0.4),))))
    assert quiet == narrative.answer(result())
    checks = (broken("A", 3), broken("B", 0), broken("C", 1))
    better = Candidates((candidate("M", 0.05, 0.01), candidate("L", 0.07, 0.01), candidate("W", -0.09, 0.01)))
    told = narrative.answer(result(rule_checks=checks, candidates=better))
    assert told[-2:] == (
        "2 of 3 rules that must always hold are broken: 'A', 'C'.",
        "The candidate 'L' is better beyond chance on the same records: 7.0 points more are right (nine times in ten "
        "5.0 to 9.0 points).",
    )
    one = narrative.answer(result(None, rule_checks=checks[:1]))
    assert one[-1] == "1 of 1 rule that must always hold is broken: 'A'."


def test_the_floor_is_told_in_points_and_wrong_answers():
    assert narrative.floor_meaning(result()) == (
        "The floor is 9.5 points above what was measured: in 10,000 cases 955 wrong answers too many."
    )
    assert "of room in 10,000 cases" in narrative.floor_meaning(result(1100))
    assert "No floor is set" in narrative.floor_meaning(result(floor=None))
    assert "172 labelled raw rows" in narrative.floor_meaning(result(None))
