"""Properties of the verdict: no masking, monotone, free of order, expiry, UNKNOWN is not a yes."""

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready import policy
from flightready.assessment import load
from flightready.assessment.load import Pilot
from flightready.assessment.schema import Assessment, Attestation
from flightready.evidence import Finding, Grade, State
from flightready.readiness import declared
from flightready.readiness.verdict import PHASES, Verdict, review

DAY = dt.date(2026, 10, 15)
QUESTIONS = tuple(policy.read("checklists.yaml")["questions"])
NOT_ATTESTED_ONLY = [q for q, t in policy.read("checklists.yaml")["questions"].items() if t["kind"] != "attested"]
PARTS = policy.read("checklists.yaml").get("knock_out_findings", {})


def finding(question, state, name=""):
    name = name or f"x.{question}"
    return Finding(id=name, title=question, sentence=f"{question} is {state}.", state=state, grade=Grade.MEASURED,
                   questions=(question,))  # fmt: skip


def all_pass(skip=()):
    found = [finding(q, State.PASS) for q in NOT_ATTESTED_ONLY if q not in skip]
    return found + [finding(q, State.PASS, part) for q, parts in PARTS.items() for part in parts]


def pilot(tmp_path=None, *, phase="pilot", attested=QUESTIONS, on=DAY, until=None, claims=None):
    made = {q: Attestation(by="Owner", on=on, until=until) for q in attested}
    spec = Assessment(name="x", phase=phase).model_copy(update={"attestations": made, "claims": claims or {}})
    from pathlib import Path

    return Pilot(spec, Path("assessment.yaml"), {})


def test_everything_measured_and_attested_is_go():
    result = review(pilot(phase="scale"), all_pass(), as_of=DAY)
    assert result.verdict is Verdict.GO
    assert result.executive.yes == 10 and result.readiness.yes == 10
    assert "GO" in result.headline


@pytest.mark.parametrize(
    "question", sorted({q for qs in policy.read("checklists.yaml")["knock_outs"].values() for q in qs})
)
def test_no_must_have_is_ever_masked(question):
    """One failed must-have is NO-GO however good the rest is; one unknown must-have is not decidable."""
    others = [f for f in all_pass() if question not in f.questions]
    part = PARTS.get(question, [f"x.{question}"])[0]
    failed = review(pilot(phase="scale"), [*others, finding(question, State.FAIL, part)], as_of=DAY)
    assert failed.verdict is Verdict.NO_GO
    attested = [q for q in QUESTIONS if q != question]
    unknown = review(
        pilot(phase="scale", attested=attested), [*others, finding(question, State.UNKNOWN, part)], as_of=DAY
    )
    assert unknown.verdict is Verdict.NOT_DECIDABLE


def test_nothing_known_is_not_decidable():
    result = review(pilot(attested=()), [], as_of=DAY)
    assert result.verdict is Verdict.NOT_DECIDABLE
    assert result.executive.yes == result.readiness.yes == 0
    assert result.verdict.exit_code == 4


def test_an_attestation_alone_is_not_a_yes_for_a_measured_part():
    result = review(pilot(), [], as_of=DAY)
    assert result.answer("R1").state is State.UNKNOWN
    assert result.answer("E9").state is State.UNKNOWN
    assert result.answer("E4").state is State.PASS


@pytest.mark.parametrize(
    ("on", "until", "state"),
    [(DAY, None, State.PASS), (DAY - dt.timedelta(days=180), None, State.PASS), (DAY - dt.timedelta(days=181), None, State.UNKNOWN),
     (dt.date(2020, 1, 1), dt.date(2027, 1, 1), State.PASS), (dt.date(2020, 1, 1), dt.date(2026, 10, 14), State.UNKNOWN),
     (dt.date(2026, 10, 16), None, State.UNKNOWN)],
)  # fmt: skip
def test_attestations_expire_and_do_not_come_from_the_future(on, until, state):
    """E4 expires after 180 days unless it says until when."""
    assert review(pilot(on=on, until=until), [], as_of=DAY).answer("E4").state is state


def test_a_claim_changes_nothing_and_a_contradiction_shows():
    found = [finding("R1", State.FAIL)]
    without = review(pilot(attested=()), found, as_of=DAY)
    claimed = review(pilot(attested=(), claims=dict.fromkeys(QUESTIONS, True)), found, as_of=DAY)
    assert claimed.verdict is without.verdict
    assert [a.state for a in claimed.answers] == [a.state for a in without.answers]
    assert (claimed.claimed_yes, claimed.contradicted, claimed.shown_yes) == (23, 1, 0)
    assert claimed.answer("R1").contradicted


def test_a_finding_contradicts_an_attestation():
    result = review(pilot(), [finding("E7", State.FAIL)], as_of=DAY)
    assert result.answer("E7").state is State.FAIL and "contradicts" in result.answer("E7").reason


evidence = st.lists(
    st.tuples(st.sampled_from(QUESTIONS), st.sampled_from([State.PASS, State.FAIL, State.UNKNOWN])), max_size=40
)
RANK = {State.FAIL: 0, State.UNKNOWN: 1, State.PASS: 2}


def built(pairs):
    return [finding(q, s, PARTS.get(q, [f"x.{i}"])[0]) for i, (q, s) in enumerate(pairs)]


@settings(max_examples=150, deadline=None)
@given(evidence, st.sampled_from(PHASES), st.randoms())
def test_free_of_order(pairs, phase, shuffle: random.Random):
    found = built(pairs)
    mixed = list(found)
    shuffle.shuffle(mixed)
    first, second = (review(pilot(phase=phase), f, as_of=DAY) for f in (found, mixed))
    assert first.verdict is second.verdict
    assert [a.state for a in first.answers] == [a.state for a in second.answers]


@settings(max_examples=150, deadline=None)
@given(evidence.filter(bool), st.sampled_from(PHASES), st.data())
def test_better_evidence_never_lowers_the_verdict(pairs, phase, data):
    index = data.draw(st.integers(0, len(pairs) - 1))
    better = list(pairs)
    better[index] = (pairs[index][0], State.PASS)
    before, after = (review(pilot(phase=phase), built(p), as_of=DAY) for p in (pairs, better))
    assert after.verdict >= before.verdict


@settings(max_examples=100, deadline=None)
@given(evidence)
def test_a_later_phase_is_never_easier(pairs):
    verdicts = [review(pilot(phase=p), built(pairs), as_of=DAY).verdict for p in PHASES]
    assert verdicts == sorted(verdicts, reverse=True)


def test_bands_scale_with_what_applies():
    skipped = [finding(q, State.NA) for q in ("E9", "E10")]
    found = [*all_pass(skip=("E9", "E10")), *skipped]
    result = review(pilot(), found, as_of=DAY)
    assert result.executive.applicable == 8 and result.executive.yes == 8


def test_one_or_two_open_points_are_conditional_three_are_not():
    attested = [q for q in QUESTIONS if q not in ("R5", "R7", "R8")]
    two = review(pilot(attested=[*attested, "R8"]), all_pass(), as_of=DAY)
    three = review(pilot(attested=attested), all_pass(), as_of=DAY)
    assert (two.verdict, three.verdict) == (Verdict.CONDITIONAL, Verdict.NOT_DECIDABLE)


@pytest.mark.parametrize(
    ("yaml", "state", "words"),
    [
        ("outcome: {statement: Cut time from 4.2 to 2.8 minutes by 2027, metric: time, baseline: 4.2 minutes, "
         "target: 2.8 minutes, deadline: 2027-09-30}", State.PASS, "both figures"),
        ("outcome: {statement: Cut time a lot, metric: time, baseline: 4.2 minutes, target: 2.8 minutes, "
         "deadline: 2027-09-30}", State.FAIL, "does not hold the baseline, target"),
        ("outcome: {statement: Be better}", State.FAIL, "metric, baseline, target, deadline not stated"),
        ("outcome: {statement: Raise share from 40 to 55 %, metric: share, baseline: 0.40, target: 0.55, "
         "deadline: 2027-09-30}", State.PASS, "both figures"),
        ("owner: nobody", State.UNKNOWN, "No outcome"),
    ],
)  # fmt: skip
def test_the_outcome_is_read_not_believed(tmp_path, yaml, state, words):
    (tmp_path / "assessment.yaml").write_text(f"name: x\n{yaml}\n")
    found = declared.findings(load(tmp_path))[0]
    assert found.state is state and words in found.sentence


def test_integrations_and_team_are_checked_for_completeness(tmp_path):
    (tmp_path / "assessment.yaml").write_text(
        "name: x\nintegrations: [{name: CRM, owner: Sales, auth: OAuth, contract: v1}, {name: ERP, owner: Finance}]\n"
        "team: [{role: Engineer, filled: true}, {role: Owner, filled: false}]\n"
    )
    by_id = {f.id: f for f in declared.findings(load(tmp_path))}
    assert by_id["integrations.mapped"].state is State.FAIL
    assert "ERP (auth, contract)" in by_id["integrations.mapped"].sentence
    assert "not filled: Owner" in by_id["team.staffed"].sentence
    assert "nobody has shipped" in by_id["team.staffed"].sentence


@pytest.mark.parametrize(("age_days", "state"), [(60, State.PASS), (61, State.UNKNOWN)])
def test_measured_evidence_expires_like_a_signature(age_days, state):
    """R1 holds for 60 days after the last day of its data; a must-have that is stale is not known, not passed."""
    from dataclasses import replace

    old = [replace(f, collected=DAY - dt.timedelta(days=age_days)) if "R1" in f.questions else f for f in all_pass()]
    result = review(pilot(phase="scale"), old, as_of=DAY)
    assert result.answer("R1").state is state
    assert result.verdict is (Verdict.GO if state is State.PASS else Verdict.NOT_DECIDABLE)
    if state is State.UNKNOWN:
        assert "more than 60 days ago" in result.answer("R1").reason


def test_a_list_that_alone_makes_a_no_go_is_named():
    """Three times no on the readiness list, none of them a must-have of the phase."""
    from flightready.narrative.readiness import tally, what_decides

    found = [f for f in all_pass() if not {"R5", "R8", "R10"} & set(f.questions)]
    found += [finding(q, State.FAIL) for q in ("R5", "R8", "R10")]
    result = review(pilot(phase="validate"), found, as_of=DAY)
    assert result.verdict is Verdict.NO_GO
    assert "too many answers are no" in result.headline
    assert "3 times no; more than 2" in tally(result) and "3 times no" in what_decides(result)
