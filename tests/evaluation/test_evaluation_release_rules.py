"""R2 from all of its parts, R10 and E5 from the alarm: what passes, what fails, what nobody can tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from release_samples import TODAY, answers, score_of, write

from flightready import policy
from flightready.assessment import load
from flightready.evaluation.analysis import analyse
from flightready.evaluation.labels.truth_set_result import Agreement, TruthSetAudit
from flightready.evaluation.release.document import write_score
from flightready.evaluation.release.negative_control import AS_GOOD, SAME_RECORDS, SHUFFLED, ControlRun, NegativeControl
from flightready.evaluation.release.pipeline import Pipeline
from flightready.evaluation.release.result import Provenance
from flightready.evaluation.release.rules import quality_alert, retraining_trigger, truth_set
from flightready.evaluation.release.staleness_result import Staleness, Trigger
from flightready.evidence import Interval, State
from flightready.readiness.questions import answers as answers_to
from flightready.realism.inspection import inspected
from flightready.realism.outcome import rate
from flightready.realism.sources import read_sample

AGREED = Agreement(0.86, Interval(0.78, 0.92), 200, 2, rate(184, 200))
AUDIT = TruthSetAudit(
    300, 400, "Team lead", "read by hand", dt.date(2026, 1, 10), 50, rate(0, 90), rate(0, 300), AGREED
)
ACCEPTED = Pipeline({}, Provenance(dt.date(2026, 2, 20)), 9, "", None)


def control(caught: int = 500, alarms: int = 22) -> NegativeControl:
    runs = (ControlRun(SHUFFLED, SAME_RECORDS, True, 0.09, rate(caught, 500)),
            ControlRun(AS_GOOD, SAME_RECORDS, False, 0.0, rate(alarms, 500)))  # fmt: skip
    return NegativeControl("raw", 400, 0.09, 0.05, 0.04, runs, 0.03, 0.06)


def test_all_parts_pass():
    found = truth_set(AUDIT, control(), ACCEPTED)
    assert found.state is State.PASS and found.questions == ("R2",) and found.decides == ""
    assert (
        "labelled by Team lead on 2026-01-10" in found.sentence
        and "a score was accepted on 2026-02-20" in found.sentence
    )


@pytest.mark.parametrize(("change", "told"), [
    ({"n_curated": 100, "n_raw": 50}, "fewer than the 200 that are needed"),
    ({"conflicts": rate(20, 90)}, "20 of 90 repeated records carry different right answers"),
    ({"leaked": rate(60, 300)}, "60 of 300 demo records stand in the raw sample too"),
    ({"agreement": replace(AGREED, alpha=0.4, interval=Interval(0.3, 0.5))}, "which is too little"),
])  # fmt: skip
def test_a_part_that_fails_fails_the_whole_and_comes_first(change, told):
    found = truth_set(replace(AUDIT, **change), control(), ACCEPTED)
    assert found.state is State.FAIL and told in found.sentence.split(";")[0] + found.sentence.split(";")[1]


@pytest.mark.parametrize(("change", "decides"), [
    ({"labelled_by": ""}, "evaluation.truth_set.labelled_by"),
    ({"labelled_on": None, "age_days": None}, "evaluation.truth_set.labelled_on"),
    ({"age_days": 500}, "newer labels"),
    ({"agreement": None}, "labels of a second person for some records"),
    ({"agreement": replace(AGREED, alpha=0.72, interval=Interval(0.6, 0.8))}, "more records with a second label"),
    ({"conflicts": rate(1, 30)}, "more repeated records"),
])  # fmt: skip
def test_a_part_that_is_not_known_leaves_it_open(change, decides):
    found = truth_set(replace(AUDIT, **change), control(), ACCEPTED)
    assert found.state is State.UNKNOWN and decides in found.decides


@pytest.mark.parametrize(("pipeline", "told"), [
    (None, "no score is accepted yet"),
    (Pipeline({}, None, None, "spoilt", None), "the accepted score cannot be used"),
    (replace(ACCEPTED, age_days=31), "the last score was accepted 31 days ago, more than 30"),
    (replace(ACCEPTED, age_days=-1), "which is yet to come"),
])  # fmt: skip
def test_without_a_fresh_accepted_score_it_is_open(pipeline, told):
    found = truth_set(AUDIT, control(), pipeline)
    assert found.state is State.UNKNOWN and "flightready score --accept" in found.decides
    assert told in found.sentence.replace("The ", "the ").replace("No ", "no ")


def test_a_worse_model_that_is_not_caught_fails_it():
    assert truth_set(AUDIT, control(caught=300), ACCEPTED).state is State.FAIL
    assert truth_set(AUDIT, control(alarms=120), ACCEPTED).state is State.FAIL
    assert truth_set(AUDIT, control(caught=405), ACCEPTED).state is State.UNKNOWN
    assert truth_set(AUDIT, None, ACCEPTED).state is State.UNKNOWN


def test_no_record_at_all_is_not_known_rather_than_failed():
    empty = TruthSetAudit(0, 0, "", "", None, None, None, None, None)
    assert truth_set(empty, None, None).state is State.UNKNOWN


def test_one_record_is_one():
    assert (
        "1 scored record (0 demo, 1 raw) carries"
        in truth_set(replace(AUDIT, n_curated=0, n_raw=1), None, None).sentence
    )


def over_time(**changes) -> Staleness:
    trigger = Trigger(
        fall=0.05, is_own_fall=True, expected=0.9, line=4.0, evidence=np.zeros(3), days=np.arange(3.0), rang_on=None,
        fell_on=None, false_alarms=rate(50, 999), fired=rate(990, 999), delay_records=150.0, delay_records_most=260.0,
        after=500, records_per_day=40.0, within_days=14, in_time=rate(480, 500), needed_per_day=19, systems=2,
    )  # fmt: skip
    return Staleness("week", (), 0, 1000, 0, None, None, replace(trigger, **changes))


def test_the_alarm_in_time_passes_r10_and_with_an_owner_e5():
    assert quality_alert(over_time(), None).state is State.PASS
    assert retraining_trigger(over_time(), "Head of Data").state is State.PASS
    nobody = retraining_trigger(over_time(), "")
    assert nobody.state is State.UNKNOWN and "evaluation.retraining.owner" in nobody.decides


def test_records_labelled_at_one_go_are_no_rate_of_checked_answers():
    """1,000 records of two days are 500 a day, which nobody will check day by day: R10 stays open."""
    found = quality_alert(over_time(records_per_day=500.0), None)
    assert found.state is State.UNKNOWN and "of 2 days only" in found.sentence
    assert found.decides == "scored raw records of 14 days or more"


def test_false_alarms_fail_both():
    noisy = over_time(false_alarms=rate(200, 999))
    assert quality_alert(noisy, None).state is retraining_trigger(noisy, "x").state is State.FAIL


def test_a_late_alarm_is_open_and_says_how_many_answers_a_day_it_takes():
    late = over_time(in_time=rate(10, 500), records_per_day=2.0)
    found = quality_alert(late, None)
    assert found.state is State.UNKNOWN and found.decides == "19 checked answers a day, which would ring in time"
    assert quality_alert(late, 25.0).state is State.UNKNOWN
    short = quality_alert(late, 10.0)
    assert (
        short.state is State.FAIL
        and "19 checked answers a day would ring in time, and people can check 10" in short.sentence
    )


def test_a_fall_that_seldom_rings_lacks_records_rather_than_a_plan():
    found = retraining_trigger(over_time(fired=rate(300, 999)), "x")
    assert (
        found.state is State.UNKNOWN
        and found.decides == "about 260 scored raw records after a fall, of which 500 are here"
    )
    assert "many more" in retraining_trigger(over_time(fired=rate(300, 999), delay_records_most=None), "x").decides


def test_an_alarm_that_rang_is_told():
    rang = over_time(rang_on=dt.date(2026, 2, 1), fell_on=dt.date(2026, 1, 9))
    assert "it rang on 2026-02-01, for a fall that began about 2026-01-09" in retraining_trigger(rang, "x").sentence


def test_without_days_both_are_open():
    nothing = Staleness("", (), 0, 0, 40, None, None, None, "0 scored raw records carry a day")
    for found in (quality_alert(nothing, None), retraining_trigger(None, "x")):
        assert found.state is State.UNKNOWN and found.decides.startswith(
            f"{policy.value('least_trigger_records')} or more"
        )


def evaluated(folder):
    pilot = load(folder)
    return pilot, analyse(pilot, inspected(pilot, read_sample(pilot), as_of=TODAY))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A pilot with all that the rules ask for but a second label."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder, raw=answers(3000, lambda i: i * 7919 % 25 == 0), allowed_drop="10 points",
          truth_set={"labelled_by": "Team lead", "labelled_on": "2026-01-10"}, retraining={"owner": "Head of Data"})  # fmt: skip
    write_score(folder / "accepted_score.json", score_of(folder))
    return evaluated(folder)


def test_the_evaluation_carries_the_three_findings(whole):
    found = {f.id: f for f in whole[1].findings}
    assert found["evaluation.retraining_trigger"].state is State.PASS
    assert found["evaluation.quality_alert"].state is State.PASS, found["evaluation.quality_alert"].sentence
    assert found["evaluation.truth_set"].state is State.UNKNOWN
    assert "one label a record" in found["evaluation.truth_set"].sentence
    assert whole[1].pipeline.comparison.verdict == "same"


def test_a_mixed_question_is_a_yes_only_with_its_attestation(whole):
    pilot, result = whole
    day = TODAY
    before = {a.question: a for a in answers_to(pilot, result.findings, as_of=day)}
    assert (
        before["R10"].state is before["E5"].state is State.UNKNOWN
        and "no one has attested it" in before["R10"].reason.lower()
    )
    attested = pilot.spec.model_copy(update={"attestations": {
        q: type("A", (), {"by": "Head of Data", "on": day, "until": None})() for q in ("R10", "E5")}})  # fmt: skip
    after = {a.question: a for a in answers_to(replace(pilot, spec=attested), result.findings, as_of=day)}
    assert after["R10"].state is after["E5"].state is State.PASS
    assert after["R10"].basis == "measured and attested"
