"""Accuracy, drop and rules against known answers."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from evaluation_samples import HEAD, evaluated_in, known_in, rows
from scipy import stats

from flightready import policy
from flightready.errors import InputError
from flightready.evaluation.accuracy import accuracy_replicates
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evidence import Grade, Interval, State
from flightready.intervals import newcombe, smallest_detectable_drop, wilson
from flightready.study.store import Store

RULES = {"floor": {"accuracy": "85%"}, "allowed_drop": "5 points"}
RIGHT = {("a", "a"): 60, ("b", "b"): 30}
CANARIES = ("zoe.quill@canary.example", "Zoe Quill", "+49 171 5550199")


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


@pytest.fixture
def known(tmp_path):
    """Function that evaluates the pilot with known answers."""
    return partial(known_in, tmp_path)


def finding(result, name):
    return next(f for f in result.findings if f.id == f"evaluation.{name}")


def chance_to_show(share, floor, n):
    """Exact chance, over all outcomes of n rows, that the whole interval lies below the floor."""
    right = np.arange(n + 1)
    below = np.array([wilson(int(k), n).high < floor for k in right])
    return stats.binom.pmf(right, n, share)[below].sum()


def test_known_counts_give_the_known_drop(known):
    """470/500 against 166/200: 11.0 points (Newcombe 1998 gives 5.8 to 17.1 at 95 %; here at 90 %)."""
    result = known(floor={"accuracy": "85%"}, allowed_drop="5 points")
    assert (result.raw.right, result.raw.n, result.curated.right, result.curated.n) == (166, 200, 470, 500)
    assert result.drop == pytest.approx(0.11)
    expected = newcombe(470, 500, 166, 200)
    assert (result.drop_interval.low, result.drop_interval.high) == (expected.low, expected.high)
    assert result.raw.interval == wilson(166, 200)
    assert result.detectable_drop == pytest.approx(smallest_detectable_drop(0.94, 500, 200, power=0.8))


@pytest.mark.parametrize(
    ("floor", "state"),
    [("70%", State.PASS), ("83%", State.UNKNOWN), ("90%", State.FAIL), ("70% to 79%", State.UNKNOWN)],
)
def test_the_floor_is_judged_with_the_ends_of_the_interval(known, floor, state):
    """Wilson 90 % of 166/200 is 78.2 to 86.9 %."""
    assert finding(known(floor={"accuracy": floor}), "raw_accuracy").state is state


@pytest.mark.parametrize(
    ("allowed", "state"), [("20 points", State.PASS), ("11 points", State.UNKNOWN), ("5 points", State.FAIL)]
)
def test_the_allowance_is_judged_with_the_ends_of_the_interval(known, allowed, state):
    assert finding(known(allowed_drop=allowed), "drop").state is state


def test_without_thresholds_nothing_is_decided(known):
    result = known()
    assert {f.state for f in result.findings} == {State.UNKNOWN}
    assert finding(result, "raw_accuracy").value == pytest.approx(0.83)
    assert "no floor is set" in finding(result, "raw_accuracy").sentence


def test_rows_that_would_decide_really_decide(known):
    result = known(floor={"accuracy": "85%"}, allowed_drop="8 points")
    n = result.rows_for_floor
    assert chance_to_show(0.83, 0.85, n) == pytest.approx(policy.value("power_of_detection"), abs=0.02)
    assert wilson(round(0.83 * n), n).high < 0.85
    assert chance_to_show(0.83, 0.85, n // 2) < 0.6
    m = result.rows_for_drop
    assert m is None or newcombe(470, 500, round(0.83 * m), m).low > 0.08
    assert finding(result, "raw_accuracy").decides.startswith(f"{n - 200:,} more labelled raw rows")


def test_a_case_out_of_reach_asks_for_both_sides(evaluated):
    """A demo set of 30 leaves the drop open however many raw rows are labelled."""
    demo = HEAD + rows(0, {("a", "a"): 27, ("a", "b"): 3})
    raw = HEAD + rows(100, {("a", "a"): 85, ("a", "b"): 15})
    result = evaluated(raw, demo, allowed_drop="5 points")
    assert result.rows_for_drop is None
    assert finding(result, "drop").decides == "more labelled records on both sides"


def test_92_per_cent_is_800_wrong_in_10000(evaluated):
    result = evaluated(HEAD + rows(0, {("a", "a"): 92, ("a", "b"): 8}))
    assert result.errors_per_10000 == pytest.approx(800)
    assert result.errors_interval.low == pytest.approx(10_000 * (1 - result.raw.interval.high))


def test_blanks_do_not_count_and_case_is_said(evaluated):
    raw = HEAD + "1,x,a, a ,0.9\n2,y,b,B,0.9\n" + rows(10, RIGHT)
    result = evaluated(raw)
    assert (result.raw.right, result.raw.n, result.raw_counted.case_only) == (91, 92, 1)


def test_rows_that_cannot_be_scored_are_counted_apart(evaluated):
    odd = "1,x,,a,0.9\n2,y,a,,0.9\n3,z,N/A,a,0.9\n4,w,,,0.9\n"
    result = evaluated(HEAD + odd + rows(10, RIGHT))
    counted = result.raw_counted
    assert (counted.records, counted.unlabelled, counted.unpredicted, counted.unanswered) == (94, 3, 2, 1)
    assert (result.raw.right, result.raw.n) == (90, 91)


def test_a_class_called_unknown_is_a_class(evaluated):
    result = evaluated(HEAD + rows(0, {**RIGHT, ("unknown", "unknown"): 10}))
    assert (result.raw.n, result.raw_counted.unlabelled) == (100, 0)


def test_exact_copies_count_once(evaluated):
    text = rows(0, RIGHT)
    result = evaluated(HEAD + text + text[: text.index("K-10,")])
    assert (result.raw.n, result.raw_counted.copies, result.raw_counted.records) == (90, 10, 100)


def test_a_typed_count_works_without_records_and_cannot_pass(evaluated):
    result = evaluated(labelled="172 right of 200", labelled_curated="570 right of 600", floor={"accuracy": "70%"})
    told = finding(result, "raw_accuracy")
    assert (result.raw.right, result.raw.n, result.grade) == (172, 200, Grade.ESTIMATED)
    assert (told.state, told.decides) == (State.UNKNOWN, "the records behind the count that was typed in")
    assert (
        finding(evaluated(labelled="100 right of 200", floor={"accuracy": "70%"}), "raw_accuracy").state is State.FAIL
    )
    assert result.drop == pytest.approx(0.95 - 0.86)
    assert result.raw_accuracy_replicates.shape == (1024,)


def test_scored_records_win_over_a_typed_count(evaluated):
    result = evaluated(HEAD + rows(0, RIGHT), labelled="1 right of 2")
    assert (result.raw.n, result.grade) == (90, Grade.MEASURED)


def test_without_labels_the_rows_to_label_are_said(evaluated):
    raw = "id,text\n" + "".join(f"{i},text {i}\n" for i in range(50))
    result = evaluated(raw, columns={"id": "id", "text": "text"}, **RULES)
    told = finding(result, "raw_accuracy")
    assert (told.state, told.n, result.raw) == (State.UNKNOWN, 0, None)
    assert "172 labelled raw rows would bound it to about 5 points" in told.decides
    assert [a.key for a in result.absences] == ["curated", "labels", "predictions"]
    assert result.raw_accuracy_replicates is None
    assert [p.rows for p in result.plan] == sorted(p.rows for p in result.plan)


def test_with_no_records_at_all(evaluated):
    result = evaluated(columns={}, **RULES)
    assert [a.key for a in result.absences] == ["curated", "production"]
    assert "no raw records" in finding(result, "raw_accuracy").sentence


def test_confidence_is_compared_with_accuracy(evaluated):
    demo = HEAD + rows(0, {("a", "a"): 90, ("a", "b"): 10}, confidence=0.9)
    raw = HEAD + rows(1000, {("a", "a"): 70, ("a", "b"): 30}, confidence=0.9)
    result = evaluated(raw, demo)
    assert result.calibration.raw.gap == pytest.approx(0.2)
    assert result.calibration.raw.gap_interval.low > 0
    assert result.calibration.curated.gap_interval.low < 0 < result.calibration.curated.gap_interval.high


def test_confidence_in_per_cent_or_with_a_comma_is_read(evaluated):
    raw = HEAD.replace(",", ";") + rows(0, RIGHT, confidence=87.5).replace(",", ";").replace("87.5", "87,5")
    assert evaluated(raw).calibration.raw.mean_confidence == pytest.approx(0.875)


def test_replicates_are_quantiles_of_the_jeffreys_distribution():
    """Beta(166.5, 34.5): mean .8284, quantiles from scipy; rising, and without any chance of their own."""
    found = accuracy(166, 200)
    draws = accuracy_replicates(found, 20_000)
    exact = stats.beta(166.5, 34.5)
    assert draws.mean() == pytest.approx(exact.mean(), abs=0.001)
    assert np.quantile(draws, [0.05, 0.95]) == pytest.approx(exact.ppf([0.05, 0.95]), abs=0.002)
    assert (np.diff(draws) > 0).all()
    assert np.array_equal(draws, accuracy_replicates(found, 20_000))
    assert accuracy_replicates(found, 4) == pytest.approx(exact.ppf([0.125, 0.375, 0.625, 0.875]))
    assert accuracy_replicates(found).mean() == pytest.approx(exact.mean(), abs=0.0002)
    assert accuracy_replicates(None) is None


def test_the_result_is_repeatable_and_can_be_stored(known, tmp_path):
    result = known(
        floor={"accuracy": "85%"}, allowed_drop="5 points", error_cost={"default": "6 to 18 USD", "a -> b": "120 USD"}
    )
    again = known(
        floor={"accuracy": "85%"}, allowed_drop="5 points", error_cost={"default": "6 to 18 USD", "a -> b": "120 USD"}
    )
    store = Store(tmp_path / "store")
    store.put("evaluation-1", result)
    assert repr(store.get("evaluation-1")) == repr(result) == repr(again)
    assert np.array_equal(store.get("evaluation-1").raw_accuracy_replicates, again.raw_accuracy_replicates)


def test_no_personal_data_enters_the_result(evaluated):
    """Canaries as label, answer, text and confidence, rare and frequent."""
    lines = [f"9{i},{c},{c},{c},{c}\n" for i, c in enumerate(CANARIES)]
    lines += [f"8{i},text {i},{CANARIES[0]},a,0.5\n" for i in range(30)]
    lines += [f"7{i},text {i},a,{CANARIES[2]},0.5\n" for i in range(30)]
    result = evaluated(HEAD + rows(1000, RIGHT) + "".join(lines), HEAD + rows(0, RIGHT))
    assert result.raw.n == 153
    for canary in (*CANARIES, "Quill", "canary", "5550199"):
        assert canary not in repr(result)


def test_a_drop_needs_both_sides(evaluated):
    only_raw = evaluated(HEAD + rows(0, RIGHT))
    assert (only_raw.drop, only_raw.detectable_drop) == (None, None)
    assert "demo set is not known" in finding(only_raw, "drop").sentence
    only_demo = evaluated(None, HEAD + rows(0, RIGHT))
    assert (only_demo.raw, only_demo.drop) == (None, None)
    assert only_demo.curated.n == 90


def test_a_gain_is_no_drop(evaluated):
    raw = HEAD + rows(500, {("a", "a"): 190, ("a", "b"): 10})
    result = evaluated(raw, HEAD + rows(0, {("a", "a"): 80, ("a", "b"): 20}), allowed_drop="5 points")
    assert result.drop < 0
    assert finding(result, "drop").state is State.PASS
    assert "rises by 15.0 points" in finding(result, "drop").sentence


def test_two_halves_of_one_set_show_no_drop_beyond_the_nominal_error(evaluated):
    """No-drop control: over random halves the 90 % interval of the drop lies above zero in about 5 % of cases."""
    rng = np.random.default_rng(8)
    above = 0
    for _ in range(400):
        right = rng.permutation(np.arange(400) < 340)
        interval = newcombe(int(right[:200].sum()), 200, int(right[200:].sum()), 200)
        above += interval.low > 0
    assert above <= stats.binom.ppf(0.999, 400, 0.05)


def test_a_count_that_is_more_than_all_is_refused(evaluated):
    with pytest.raises(InputError, match="more than all"):
        evaluated(labelled="210 right of 200")


def test_intervals_hold_their_estimate(known):
    result = known()
    for found in (result.raw, result.curated, *result.by_system.values()):
        assert isinstance(found.interval, Interval)
        assert found.interval.low < found.share < found.interval.high


def test_answers_without_an_id_all_count(tmp_path):
    """40 records of two columns hold 3 different contents; none is a copy of another, since nothing says so."""
    raw = "team,predicted\n" + "a,a\n" * 20 + "b,b\n" * 15 + "b,a\n" * 5
    found = evaluated_in(tmp_path, raw, columns={"label": "team", "prediction": "predicted"}).raw
    assert (found.right, found.n) == (35, 40)


@pytest.mark.parametrize(
    ("in_case", "told"), [(2, " 2 of 4 wrong answers differ from the right one in case only."), (0, "")]
)
def test_wrong_answers_that_differ_in_case_only_are_said(evaluated, in_case, told):
    wrong = {("a", "A"): in_case, ("a", "b"): 4 - in_case}
    sentence = evaluated(HEAD + rows(0, {("a", "a"): 60, ("b", "b"): 36, **wrong})).findings[0].sentence
    assert sentence.endswith(f"; no floor is set.{told}")
