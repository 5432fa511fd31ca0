"""What the scan says to the checklists: agrees with the review, contradicts it, or cannot tell."""

from __future__ import annotations

import datetime as dt

import pytest
from realism_samples import pilot_in, put, sample_of, table

from flightready.assessment import load
from flightready.assessment.personal_data import PERSONAL_KINDS
from flightready.assessment.schema import Assessment, Attestation
from flightready.errors import InputError
from flightready.evidence import Grade, State
from flightready.intervals import clopper_pearson
from flightready.readiness.verdict import Verdict, review
from flightready.realism.inspection import inspect
from flightready.realism.personal import KINDS
from flightready.realism.rules_screening import personal_data_scan
from flightready.realism.sample import Sample

DAY = dt.date(2026, 10, 15)
PERSON = "Please write to zoe.x@mail.example or ring +49 30 23125 199"
SECRET = "the pass" + "word is Summer2024"


def clean():
    return table(1).rename(columns={"name": "place"})


def judged(frame, declared, curated=None):
    sample = Sample(None, None, sample_of(table(1), None).columns) if frame is None else sample_of(frame, curated)
    return personal_data_scan(inspect(sample, seed=7), declared)


def with_people(n: int = 5):
    return put(clean(), "text", [f"{PERSON} {i}" for i in range(n)], range(n))


@pytest.mark.parametrize(
    ("declared", "state", "questions", "words"),
    [
        (None, State.UNKNOWN, ("R6",), "not written down"),
        ([], State.FAIL, ("R6", "E4"), "The review says that there is no personal data; the scan finds"),
        (["mail", "phone"], State.PASS, ("R6",), "the review names all of it"),
        (["mail", "phone", "health"], State.PASS, ("R6",), "the review names all of it"),
        (["mail"], State.UNKNOWN, ("R6",), "The review does not name phone numbers."),
    ],
)
def test_what_is_found_is_set_beside_what_the_review_says(declared, state, questions, words):
    told = judged(with_people(), declared)
    assert (told.state, told.questions, told.n, told.value) == (state, questions, 300, 5 / 300)
    assert words in told.sentence and "This is screening, not proof." in told.sentence
    assert "5 of 300 raw records (5 with mail addresses, 5 with phone numbers)" in told.sentence
    assert bool(told.decides) is (state is State.UNKNOWN)
    assert told.interval == clopper_pearson(5, 300)


@pytest.mark.parametrize("declared", [None, [], ["mail"]])
def test_nothing_seen_passes_with_its_bound(declared):
    """Hanley and Lippman-Hand 1983: none in 300 is at most 1 %."""
    told = judged(clean(), declared)
    assert (told.state, told.grade) == (State.PASS, Grade.MEASURED)
    assert "No personal data and no secret was seen in 300 raw records: at most 0.99 % hold any." in told.sentence


@pytest.mark.parametrize("declared", [None, [], ["mail", "phone"]])
def test_a_secret_fails_whatever_the_review_says(declared):
    told = judged(put(with_people(), "place", [SECRET], [7]), declared)
    assert told.state is State.FAIL
    assert "1 raw record holds what looks like a password or key." in told.sentence
    assert ("E4" in told.questions) is (declared == [])


@pytest.mark.parametrize(("declared", "state"), [(None, State.UNKNOWN), ([], State.UNKNOWN), (["name"], State.PASS)])
def test_a_column_of_names_is_asked_about(declared, state):
    told = judged(table(1), declared)
    assert told.state is state
    assert ("'name' looks like names of people." in told.sentence) is (state is State.UNKNOWN)


def test_without_raw_records_nothing_is_known():
    told = judged(None, [])
    assert (told.state, told.grade, told.questions) == (State.UNKNOWN, Grade.ASSUMED, ("R6",))


def test_the_demo_set_alone_does_not_count():
    assert judged(clean(), [], curated=with_people()).state is State.PASS


def reviewed(finding, questions, tmp_path):
    pilot = pilot_in(tmp_path, {"phase": "prototype"})
    signed = {q: Attestation(by="Head of Legal", on=DAY) for q in questions}
    spec = Assessment(name="x", phase="prototype").model_copy(update={"attestations": signed})
    return review(type(pilot)(spec, pilot.path, {}), [finding], as_of=DAY)


def test_a_hit_that_the_review_denies_contradicts_it(tmp_path):
    """E4 is a must-have of the prototype: a signed review that the scan contradicts is a no."""
    told = reviewed(judged(with_people(), []), ("E4", "R6"), tmp_path)
    assert told.verdict is Verdict.NO_GO
    assert told.answer("E4").state is State.FAIL and "contradicts" in told.answer("E4").reason
    assert told.answer("R6").state is State.FAIL


def test_r6_takes_the_scan_and_the_signature(tmp_path):
    agrees = judged(with_people(), ["mail", "phone"])
    assert reviewed(agrees, ("R6", "E4"), tmp_path).answer("R6").state is State.PASS
    assert reviewed(agrees, ("E4",), tmp_path).answer("R6").state is State.UNKNOWN
    assert reviewed(agrees, ("E4",), tmp_path).answer("E4").state is State.PASS


def test_the_scan_knows_no_kind_that_a_review_could_not_name():
    assert set(KINDS) <= set(PERSONAL_KINDS)


@pytest.mark.parametrize(
    ("written", "meant"), [("none", []), ("mail", ["mail"]), (["mail", "iban"], ["mail", "iban"]), (None, None)]
)
def test_what_the_review_says_is_read(tmp_path, written, meant):
    assert pilot_in(tmp_path, {"data": {"personal_data": written}}).spec.data.personal_data == meant


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["phones"], "phone"),
        ("no", "none, or a list"),
        ({"mail": 3}, "list such as"),
        ([], "list such as"),
        ([3], "no kind"),
    ],
)
def test_a_wrong_kind_names_the_right_ones(tmp_path, wrong, words):
    with pytest.raises(InputError, match=words) as told:
        pilot_in(tmp_path, {"data": {"personal_data": wrong}})
    assert "personal_data" in str(told.value)


def test_the_sample_agrees_with_its_review(support_triage):
    from flightready.realism import read_sample

    pilot = load(support_triage)
    told = personal_data_scan(inspect(read_sample(pilot), seed=7), pilot.spec.data.personal_data)
    assert told.state is State.PASS
    assert "32 of" in told.sentence
