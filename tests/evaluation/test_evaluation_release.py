"""Scores and their comparison: the same records found again, known answers, guards, and what is held back."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_samples import TODAY, answers, records_of, score_of, write

from flightready.errors import InputError
from flightready.evaluation.release.comparison import Pairs, compare, design_effect, guarded, judged
from flightready.evaluation.release.document import as_document, read_score, with_earlier, write_score
from flightready.evaluation.release.pipeline import accepted_score, pipeline, with_salt
from flightready.evaluation.release.result import Change
from flightready.evaluation.shares.paired import paired_newcombe
from flightready.evidence import Finding, Grade, Interval, State
from flightready.intervals import newcombe


def compared(folder, then, now, findings=(), **options):
    """Compare a release with an earlier one, each given as rows."""
    accepted = score_of(write(folder / "then", **then, **options))
    records = records_of(write(folder / "now", **now, **options))
    mine = with_salt(score_of(folder / "now"), records, accepted)
    return compare(records, mine, accepted, findings)


def one_in(k):
    return lambda i: i % k == 0


def test_the_same_answers_are_the_same_however_few(tmp_path):
    few = {"raw": answers(20, one_in(5))}
    found = compared(tmp_path, few, few)
    assert (found.verdict, found.exit_code) == (Change.SAME, 0)
    assert found.main.is_paired and (found.main.gained, found.main.lost) == (0, 0)


def test_records_in_another_order_are_found_again(tmp_path):
    rows = answers(300, one_in(6))
    found = compared(tmp_path, {"raw": rows}, {"raw": rows[::-1]})
    assert found.verdict is Change.SAME and (found.main.gone, found.main.new) == (0, 0)


def test_a_paired_comparison_is_newcombes(tmp_path):
    """600 records: 20 lost, 5 gained; the interval is that of the fourfold table."""
    then = answers(600, lambda i: i < 60)
    now = answers(600, lambda i: 5 <= i < 80)
    found = compared(tmp_path, {"raw": then}, {"raw": now}).main
    assert (found.gained, found.lost, found.now.right, found.then.right) == (5, 20, 525, 540)
    assert found.interval == paired_newcombe(520, 5, 20, 55)
    assert found.verdict is Change.WORSE and found.change == pytest.approx(-15 / 600)


def test_other_records_are_compared_as_two_samples(tmp_path):
    then, now = answers(400, one_in(10)), answers(500, one_in(4), start=10_000)
    found = compared(tmp_path, {"raw": then}, {"raw": now}).main
    assert not found.is_paired and found.interval == newcombe(375, 500, 360, 400)
    assert found.verdict is Change.WORSE


def test_a_better_release_is_better(tmp_path):
    found = compared(tmp_path, {"raw": answers(400, one_in(4))}, {"raw": answers(400, one_in(20))})
    assert (found.verdict, found.exit_code) == (Change.BETTER, 0)


def test_few_other_records_cannot_tell_and_say_how_many_would(tmp_path):
    then, now = answers(60, one_in(10)), answers(60, one_in(9), start=5_000)
    found = compared(tmp_path, {"raw": then}, {"raw": now})
    assert (found.verdict, found.exit_code) == (Change.CANNOT_TELL, 4)
    assert found.main.rows_needed > 60


def test_hard_records_taken_out_hold_a_better_score_back(tmp_path):
    then = answers(400, lambda i: i < 80)
    now = [r for i, r in enumerate(answers(400, lambda i: i < 50)) if i >= 40]
    found = compared(tmp_path, {"raw": then}, {"raw": now})
    assert found.main.verdict is Change.BETTER and found.verdict is Change.CANNOT_TELL
    assert "40 records of the accepted score (10 %) are not scored now" in found.held_back


def test_a_corrected_label_makes_another_question(tmp_path):
    then = answers(400, one_in(10))
    now = [dict(r, team={"a": "b", "b": "a"}[r["team"]]) if i < 10 else r for i, r in enumerate(then)]
    found = compared(tmp_path, {"raw": then}, {"raw": now}).main
    assert (found.gone, found.new, found.lost) == (10, 10, 0)


def test_records_without_an_id_are_known_by_their_text(tmp_path):
    then, now = ({"raw": answers(200, one_in(k), ids=False)} for k in (10, 5))
    found = compared(tmp_path, then, now).main
    assert found.is_paired and (found.lost, found.gone) == (20, 0)


def test_a_group_that_falls_stops_a_release_that_is_the_same(tmp_path):
    """40 of 1,000 records are of one group: 16 lost there and 16 gained elsewhere leave the whole as it was."""
    region = lambda i: "south" if i < 40 else "north"  # noqa: E731
    then = answers(1000, lambda i: i >= 900, region=region)
    now = answers(1000, lambda i: i < 16 or i >= 916, region=region)
    found = compared(tmp_path, {"raw": then}, {"raw": now})
    assert (found.verdict, found.exit_code) == (Change.SAME, 3) and found.is_worse
    [why] = found.failures
    assert why.startswith("region: south (raw data): accuracy fell by 40.0 points")


def test_the_demo_set_is_a_guard_beside_raw_data(tmp_path):
    raw = answers(400, one_in(10))
    then, now = answers(300, one_in(30), start=9_000), answers(300, one_in(3), start=9_000)
    found = compared(tmp_path, {"raw": raw, "curated": then}, {"raw": raw, "curated": now})
    assert found.main.name == "raw data" and found.verdict is Change.SAME
    assert found.exit_code == 3 and "demo set" in found.failures[0]


def test_without_raw_records_the_demo_set_decides(tmp_path):
    then, now = answers(300, one_in(30)), answers(300, one_in(3))
    found = compared(tmp_path, {"curated": then}, {"curated": now})
    assert (found.main.name, found.verdict) == ("demo set", Change.WORSE)


def test_a_set_that_is_gone_holds_the_release_back(tmp_path):
    raw, demo = answers(300, one_in(10)), answers(300, one_in(10), start=9_000)
    found = compared(tmp_path, {"raw": raw, "curated": demo}, {"curated": demo})
    assert found.verdict is Change.CANNOT_TELL and "raw data" in found.held_back


def test_typed_counts_are_compared_as_two_samples(tmp_path):
    accepted = score_of(write(tmp_path / "then", labelled="180 right of 200"))
    records = records_of(write(tmp_path / "now", labelled="120 right of 200"))
    found = compare(records, score_of(tmp_path / "now"), accepted, ())
    assert found.main.interval == newcombe(120, 200, 180, 200) and found.verdict is Change.WORSE


def test_a_floor_that_fails_stops_the_release(tmp_path):
    failed = Finding("evaluation.raw_accuracy", "", "Below the floor.", State.FAIL, Grade.MEASURED)
    same = {"raw": answers(100, one_in(10))}
    found = compared(tmp_path, same, same, [failed])
    assert (found.verdict, found.exit_code, found.failures) == (Change.SAME, 3, ("Below the floor.",))


def test_nothing_accepted_cannot_tell(tmp_path):
    records = records_of(write(tmp_path, raw=answers(100, one_in(10))))
    found = compare(records, score_of(tmp_path), None, ())
    assert (found.verdict, found.exit_code, found.main) == (Change.CANNOT_TELL, 4, None)


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0.001, 0.2))
def test_every_interval_has_one_verdict_and_a_guard_is_never_stricter(low, width, margin):
    interval = Interval(low, low + width)
    verdict, guard = judged(interval, margin), guarded(interval, margin)
    assert (verdict is Change.WORSE) == (interval.high < 0) and (verdict is Change.BETTER) == (interval.low > 0)
    assert guard is not Change.WORSE or verdict is Change.WORSE


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(2, 200))
def test_swapping_both_turns_the_interval_round(seed, n):
    drawn = np.random.default_rng(seed)
    now, then = drawn.random((2, n)) < 0.8
    one, other = Pairs(now, then, np.arange(n)), Pairs(then, now, np.arange(n))
    assert one.interval().low == pytest.approx(-other.interval().high, abs=1e-12)


def test_records_of_one_entity_count_once():
    """Five copies of each of 40 answers tell as much as the 40: the effect of the design is 5 (times 40/39)."""
    values = np.repeat(np.random.default_rng(1).integers(-1, 2, 40).astype(float), 5)
    assert design_effect(values, np.repeat(np.arange(40), 5)) == pytest.approx(5 * 40 / 39)
    assert design_effect(values, np.arange(200)) == 1.0
    assert design_effect(np.ones(10), np.repeat([0, 1], 5)) == 5.0


@pytest.mark.parametrize("churn", [0.05, 0.2])
def test_models_as_good_are_called_worse_in_at_most_one_of_twenty(churn):
    """Simulation, 1,500 runs: one-sided 5 %; 6.2 % is two standard errors above."""
    drawn, n, runs, worse = np.random.default_rng(3), 800, 1500, 0
    for _ in range(runs):
        then = drawn.random(n) < 0.85
        change = drawn.random(n)
        now = np.where(then, change >= churn / 2 / 0.85, change < churn / 2 / 0.15)
        worse += judged(Pairs(now, then, np.arange(n)).interval(), 0.02) is Change.WORSE
    assert 0.03 < worse / runs < 0.062


def test_a_score_is_the_same_for_the_same_input(tmp_path):
    folder = write(tmp_path, raw=answers(50, one_in(5)))
    assert as_document(score_of(folder)) == as_document(score_of(folder))


def test_a_score_on_disk_holds_no_value_of_the_data(tmp_path):
    rows = [dict(r, id=f"person-{i}@mail.example", text=f"canary {i}") for i, r in enumerate(answers(60, one_in(5)))]
    path = tmp_path / "score.json"
    write_score(path, score_of(write(tmp_path / "p", raw=rows)))
    told = path.read_text(encoding="utf-8")
    assert "canary" not in told and "@" not in told and "K-" not in told
    assert re.search(r'"north"', told)  # a frequent, short group is named


def test_a_score_is_read_as_it_was_written(tmp_path):
    path, found = tmp_path / "score.json", score_of(write(tmp_path / "p", raw=answers(60, one_in(5))))
    write_score(path, found)
    assert read_score(path) == found


def test_earlier_scores_are_remembered(tmp_path):
    found = score_of(write(tmp_path, raw=answers(60, one_in(5))))
    third = with_earlier(found, with_earlier(found, found))
    assert third.earlier == ((TODAY, "raw", 48, 60), (TODAY, "raw", 48, 60))
    many = found
    for _ in range(60):
        many = with_earlier(found, many)
    assert len(many.earlier) == 24


def changed(**changes):
    return lambda text: json.dumps(json.loads(text) | changes)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: "", "the score is empty (0 bytes)"),
        (lambda text: "  \n", "only blanks"),
        (lambda text: text[: len(text) // 2], "no JSON"),
        (lambda text: "[" * 100_000, "no JSON"),
        (lambda text: "\x00\x01", "no JSON"),
        (lambda text: "[1, 2]", "this is no score"),
        (lambda text: '{"format": "flightready score"}', "version None"),
        (changed(version=2), "version 2"),
        (changed(pilot="Another"), "changed after it was written"),
        (lambda text: text.replace('"right": 48', '"right": 60'), "changed after it was written"),
        (lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != "sets"}), "lacks sets"),
        (lambda text: text.replace("north", "n" * 3), "changed after it was written"),
    ],
)
def test_a_spoilt_score_is_one_clear_sentence(tmp_path, spoil, told):
    path = tmp_path / "accepted_score.json"
    write_score(path, score_of(write(tmp_path / "p", raw=answers(60, one_in(5)))))
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(told)) as error:
        read_score(path)
    assert "accepted_score.json" in str(error.value) and "--accept" in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("spoil", [
    lambda c: c["sets"]["raw"].update(right=99), lambda c: c["sets"]["raw"].update(worth=0.0),
    lambda c: c["sets"].update(other=c["sets"].pop("raw")), lambda c: c["provenance"].update(as_of="soon"),
    lambda c: c["provenance"].pop("as_of"), lambda c: c["groups"].append({"set_name": "raw"}), lambda c: c.update(sets=[]),
    lambda c: c["sets"]["raw"]["records"].update({"K-1": True}), lambda c: c.update(earlier=[["2026-01-01", "raw", 1]]),
])  # fmt: skip
def test_a_score_signed_anew_must_still_make_sense(tmp_path, spoil):
    from flightready.evaluation.release.document import _digest

    path = tmp_path / "score.json"
    content = as_document(score_of(write(tmp_path / "p", raw=answers(60, one_in(5)))))
    content.pop("sha256")
    spoil(content)
    path.write_text(json.dumps(content | {"sha256": _digest(content)}), encoding="utf-8")
    with pytest.raises(InputError, match="lacks a part, or a part is not what it should be"):
        read_score(path)


def test_a_score_of_another_pilot_or_task_is_refused(tmp_path):
    path, folder = tmp_path / "score.json", write(tmp_path / "p", raw=answers(60, one_in(5)))
    found, pilot = score_of(folder), records_of(folder).pilot
    for change, told in (
        ({"pilot": "Other"}, "of the pilot 'Other', not of 'Pilot'"),
        ({"task": "regression"}, "the task"),
    ):
        write_score(path, replace(found, **change))
        with pytest.raises(InputError, match=told):
            accepted_score(path, pilot)


def test_the_pipeline_of_an_evaluation_tells_a_damaged_score_and_goes_on(tmp_path):
    folder = write(tmp_path, raw=answers(60, one_in(5)))
    records = records_of(folder)
    assert pipeline(records, (), as_of=TODAY).accepted is None
    write_score(folder / "accepted_score.json", score_of(folder))
    found = pipeline(records, (), as_of=TODAY)
    assert (found.age_days, found.comparison.verdict, found.problem) == (0, Change.SAME, "")
    (folder / "accepted_score.json").write_text("")
    assert "empty" in pipeline(records, (), as_of=TODAY).problem


def test_the_accepted_score_is_an_input_that_a_stored_result_depends_on(tmp_path):
    folder = write(tmp_path, raw=answers(60, one_in(5)))
    before = records_of(folder).pilot.input_files()
    write_score(folder / "accepted_score.json", score_of(folder))
    after = records_of(folder).pilot.input_files()
    assert set(after) - set(before) == {"accepted_score.json"}
    assert score_of(folder).provenance.data == read_score(folder / "accepted_score.json").provenance.data
