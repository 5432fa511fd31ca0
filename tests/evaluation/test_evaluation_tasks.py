"""What counts as right in each task, and what is said of input that cannot be scored."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from evaluation_samples import HEAD, evaluated_in, rows
from hypothesis import given
from hypothesis import strategies as st

from flightready.assessment.evaluation import Tolerance
from flightready.errors import InputError
from flightready.evaluation.attribution.flags import defect_flags
from flightready.evaluation.scored_sample import scored_sample
from flightready.evaluation.tasks.answers import normalised, within
from flightready.evidence import State
from flightready.study import open_study

NUMBERS = {"id": "id", "label": "true", "prediction": "said"}
RATED = {"id": "id", "rating": ["first", "second"]}
FIELDS = {
    "vendor": {"label": "vendor", "prediction": "vendor_said"},
    "total": {"label": "total", "prediction": "total_said", "compare": "number", "tolerance": "1%"},
    "due": {"label": "due", "prediction": "due_said", "compare": "date"},
    "code": {"label": "code", "prediction": "code_said", "compare": "exact"},
}
BLANK = ",,,,,,,"
INVOICE = "id,vendor,vendor_said,total,total_said,due,due_said,code,code_said\n"


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


def metric(result, name, of="", side="raw"):
    return next(m for m in getattr(result.metrics, side) if (m.name, m.of) == (name, of))


def invoices(*lines: str) -> str:
    return INVOICE + "".join(f"I-{i},{line}\n" for i, line in enumerate(lines))


def numbered(pairs, start: int = 0) -> str:
    return "id;true;said\n" + "".join(f"N-{i + start};{t};{s}\n" for i, (t, s) in enumerate(pairs))


def rated(pairs) -> str:
    return "id,first,second\n" + "".join(f"R-{i},{a},{b}\n" for i, (a, b) in enumerate(pairs))


# --- extraction


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("Acme Ltd,ACME  Ltd.,100,100.00,2026-09-25,25.09.2026,A1,A1", 1.0),
        ("Acme Ltd,Acme Ltd,100,101,2026-09-25,2026-09-25,A1,A1", 1.0),  # 1 % off is within 1 %
        ("Acme Ltd,Acme Ltd,100,101.1,2026-09-25,2026-09-25,A1,A1", 0.75),
        ("Acme Ltd,Acme Ltd,100,100,2026-09-25,2026-09-26,A1,a1", 0.5),
        ("Acme Ltd,,100,100,2026-09-25,2026-09-25,A1,A1", 0.75),  # nothing found
        (",,100,100,2026-09-25,2026-09-25,A1,A1", 1.0),  # nothing to be found, and nothing found
        (",Acme,100,100,2026-09-25,2026-09-25,A1,A1", 0.75),  # made up
        ("Acme Ltd,Acme Ltd,100,a lot,2026-09-25,soon,A1,A1", 0.5),
    ],
)
def test_a_record_is_right_when_all_its_fields_are(evaluated, line, right):
    result = evaluated(invoices(line, BLANK), columns={"id": "id"}, task="extraction", fields=FIELDS)
    assert (result.raw.right, result.raw.n) == (int(right == 1.0), 1)
    assert metric(result, "fields right, mean of records").value == pytest.approx(right)
    assert result.raw_counted.unreadable == int("a lot" in line)


def test_fields_have_their_own_accuracy_over_records_that_hold_them(evaluated):
    good, bad = "Acme,Acme,5,5,2026-09-25,2026-09-25,A1,A1", "Acme,Other,5,5,2026-09-25,2026-09-25,A1,B2"
    empty = ",,5,5,2026-09-25,2026-09-25,A1,A1"
    lines = [good.replace("5,5", f"{i},{i}") for i in range(1, 7)] + [bad, bad, empty]
    result = evaluated(invoices(*lines), columns={"id": "id"}, task="extraction", fields=FIELDS)
    found = {m.of: (round(m.value * m.n), m.n) for m in result.metrics.raw if m.name == "field"}
    assert found == {"vendor": (6, 8), "total": (9, 9), "due": (9, 9), "code": (7, 9)}
    assert (result.raw.right, result.raw.n) == (7, 9)
    assert not {"precision", "recall", "F1"} & {m.name for m in result.metrics.raw}  # a record of fields has no class


@pytest.mark.parametrize("writes", ["25/09/2026", "09/25/2026", "25 Sep 2026", "2026-09-25T00:00:00Z", "20260925"])
def test_a_date_is_right_in_any_order_that_is_known(evaluated, writes):
    fields = {"due": FIELDS["due"]}
    raw = f"id,due,due_said\n1,2026-09-25,{writes}\n2,2026-09-26,2026-09-27\n"
    result = evaluated(raw, columns={"id": "id"}, task="extraction", fields=fields)
    assert (result.raw.right, result.raw.n) == (1, 2)


def test_numbers_are_read_as_each_system_writes_them(tmp_path):
    (tmp_path / "a.csv").write_text("id;total;total_said\n1;1.234,50;1234,5\n2;0,5;0,75\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text('id,total,total_said\n3,"1,234.50",1234.5\n4,,\n', encoding="utf-8")
    result = evaluated_in(
        tmp_path, columns={"id": "id"}, data={"production": ["a.csv", "b.csv"]}, task="extraction",
        fields={"total": FIELDS["total"]},
    )  # fmt: skip
    assert {s: (a.right, a.n) for s, a in result.by_system.items()} == {"a": (1, 2), "b": (1, 1)}


def test_without_fields_one_pair_is_compared_without_case_and_punctuation(evaluated):
    raw = "id,label,said\n1,Müller GmbH,MÜLLER GMBH.\n2,Acme,Apex\n3,C-4,C 4\n"
    columns = {"id": "id", "label": "label", "prediction": "said"}
    result = evaluated(raw, columns=columns, task="extraction")
    assert (result.raw.right, result.raw.n) == (2, 3)
    assert [m.name for m in result.metrics.raw] == ["records right in all fields"]


def test_a_field_whose_column_is_not_there_is_named(evaluated):
    fields = {"vendor": {"label": "vendor", "prediction": "vendor_sad"}}
    with pytest.raises(InputError) as told:
        evaluated(
            invoices("A,A,1,1,2026-01-01,2026-01-01,x,x", BLANK), columns={"id": "id"}, task="extraction", fields=fields
        )
    text = str(told.value)
    assert "'vendor_sad' of the field 'vendor'" in text
    assert "assessment.yaml, line" in text
    assert "evaluation.fields.vendor.prediction" in text
    assert "did you mean 'vendor_said'" in text.casefold()


def test_one_column_for_both_is_refused(evaluated):
    with pytest.raises(InputError, match="both for the right answers and for the pilot's"):
        evaluated(HEAD + rows(0, {("a", "a"): 3}), columns={"label": "team", "prediction": "team"})
    with pytest.raises(InputError, match="evaluation.fields.v"):
        evaluated(invoices("A,A,1,1,2026-01-01,2026-01-01,x,x", BLANK), columns={"id": "id"}, task="extraction",
                  fields={"v": {"label": "vendor", "prediction": "vendor"}})  # fmt: skip


def test_fields_that_share_nothing_are_refused(evaluated):
    raw = "id,vendor,vendor_said\n" + "".join(f"{i},a{i},b{i}\n" for i in range(30))
    with pytest.raises(InputError, match="of 30 answers in 'vendor_said' not one"):
        evaluated(raw, columns={"id": "id"}, task="extraction", fields={"vendor": FIELDS["vendor"]})


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing_more(text):
    once = normalised(pd.Series([text], dtype="str"))
    assert normalised(once).tolist() == once.tolist()


@pytest.mark.parametrize(("one", "other"), [("का", "की"), ("5", "-5"), ("C++", "C"), ("1.5", "15"), ("a b", "ab")])
def test_what_differs_stays_different(one, other):
    first, second = normalised(pd.Series([one, other]))
    assert first != second


# --- ratings


def test_an_answer_is_right_when_its_mean_rating_is_good(evaluated):
    """Means 5, 4, 3.5, 2: two of four are 4 or better; the mean of means is 3.625, and (m-1)/4 of it .65625."""
    result = evaluated(rated([(5, 5), (4, ""), (3, 4), (1, 3)]), columns=RATED, task="scored")
    assert (result.raw.right, result.raw.n) == (2, 4)
    assert metric(result, "mean rating").value == pytest.approx(3.625)
    assert metric(result, "mean rating", "first").value == pytest.approx(13 / 4)
    assert (metric(result, "mean rating", "second").value, metric(result, "mean rating", "second").n) == (4.0, 3)
    assert [b.n for b in result.metrics.raw_ratings] == [0, 1, 1, 2]


def test_ratings_off_the_scale_and_words_are_left_out_and_counted(evaluated):
    result = evaluated(rated([(5, 4), (9, 4), (0, ""), ("fine", 2), ("", "")] + [(4, 4)] * 5), columns=RATED,
                       task="scored")  # fmt: skip
    counted = result.raw_counted
    assert (result.raw.right, result.raw.n) == (7, 8)
    assert (counted.off_scale, counted.unreadable_truth, counted.unlabelled) == (2, 1, 2)


def test_another_scale_is_refused_and_can_be_named(evaluated):
    raw = rated([(80, 90), (20, 30), (70, 75)])
    with pytest.raises(InputError, match="6 of 6 ratings lie outside of the scale 1 to 5"):
        evaluated(raw, columns=RATED, task="scored")
    result = evaluated(raw, columns=RATED, task="scored", rating={"low": 0, "high": 100, "good": 70})
    assert (result.raw.right, result.raw.n) == (2, 3)
    assert len(result.metrics.raw_ratings) == 4


def test_ratings_that_are_words_are_refused(evaluated):
    with pytest.raises(InputError, match=r"no value of 'first' is a number.*data\.columns\.rating"):
        evaluated(rated([("good", 4), ("bad", 2)]), columns=RATED, task="scored")


def test_ratings_that_are_all_empty_leave_accuracy_unknown(evaluated):
    result = evaluated(rated([("", "")] * 5), columns=RATED, task="scored", floor={"accuracy": "80%"})
    assert result.raw is None
    assert result.metrics is None
    assert {f.state for f in result.findings} == {State.UNKNOWN}


def test_a_rating_column_that_is_not_there_is_named(evaluated):
    with pytest.raises(InputError) as told:
        evaluated(rated([(5, 5)] * 2), columns={"id": "id", "rating": ["first", "secnod"]}, task="scored")
    assert "did you mean 'second'" in str(told.value).casefold()
    assert "data.columns.rating" in str(told.value)


def test_one_label_column_of_numbers_is_a_rating(evaluated):
    raw = "id,stars\n1,5\n2,4\n3,1\n"
    result = evaluated(raw, columns={"id": "id", "label": "stars"}, task="scored")
    assert (result.raw.right, result.raw.n) == (2, 3)


def test_without_ratings_it_says_so(evaluated):
    result = evaluated("id,answer\n1,x\n2,y\n", columns={"id": "id"}, task="scored")
    assert "carry no ratings" in result.findings[0].sentence
    assert "labels" in [a.key for a in result.absences]


# --- regression


def test_known_errors_give_known_figures(evaluated):
    """Errors +1, -2, 0, +5 of 10, 20, 30, 40: MAE 2, bias +1, median absolute error 1.5; within 10 %: 3 of 4."""
    result = evaluated(numbered([(10, 11), (20, 18), (30, 30), (40, 45)]), columns=NUMBERS, task="regression")
    assert (result.raw.right, result.raw.n) == (3, 4)
    assert [round(metric(result, n).value, 9) for n in ("mean absolute error", "median absolute error", "bias")] == [
        2.0, 1.5, 1.0,
    ]  # fmt: skip
    assert "within 10 % of the true number (evaluation.tolerance says nothing" in result.metrics.right_when


@pytest.mark.parametrize(("tolerance", "right"), [("1", 2), ("25%", 4), (0, 1), ("4.9", 3), (5, 4)])
def test_the_tolerance_is_a_distance_or_a_share(evaluated, tolerance, right):
    raw = numbered([(10, 11), (20, 18), (30, 30), (40, 45)])
    result = evaluated(raw, columns=NUMBERS, task="regression", tolerance=tolerance)
    assert (result.raw.right, result.raw.n) == (right, 4)


def test_answers_that_are_no_number_are_wrong_and_labels_that_are_none_are_not_scored(evaluated):
    raw = numbered([("10,5", "10,5"), ("1.234,5", "1234,5"), (20, "about 20"), ("twenty", 20), (30, ""), ("", 4)])
    result = evaluated(raw, columns=NUMBERS, task="regression")
    counted = result.raw_counted
    assert (result.raw.right, result.raw.n) == (2, 4)
    assert (counted.unreadable, counted.unreadable_truth, counted.unanswered, counted.unlabelled) == (1, 1, 1, 2)
    assert metric(result, "mean absolute error").n == 2


@pytest.mark.parametrize(("column", "pairs"), [("true", [("a", 1), ("b", 2)]), ("said", [(1, "x"), (2, "y")])])
def test_words_in_place_of_numbers_are_refused(evaluated, column, pairs):
    with pytest.raises(InputError, match=f"no value of '{column}' is a number") as told:
        evaluated(numbered(pairs), columns=NUMBERS, task="regression")
    assert "data.columns" in str(told.value)
    assert "raw.csv" in str(told.value)


@given(st.floats(-1e9, 1e9), st.floats(0, 1), st.booleans())
def test_the_true_number_is_always_within(true, tolerance, is_relative):
    assert within(np.array([true]), np.array([true]), Tolerance(tolerance, is_relative)).all()


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 2), st.floats(0, 2))
def test_more_tolerance_never_makes_an_answer_wrong(true, said, one, other):
    low, high = sorted((one, other))
    is_right = [within(np.array([true]), np.array([said]), Tolerance(t, True))[0] for t in (low, high)]
    assert is_right[1] >= is_right[0]


# --- every task


@pytest.mark.parametrize(
    ("task", "raw", "columns"),
    [
        ("classification", HEAD + rows(0, {("a", "a"): 1, ("", "a"): 1}), None),
        ("extraction", HEAD + rows(0, {("a", "A."): 1, ("", "a"): 1}), None),
        ("regression", numbered([(10, 10), ("", 3)]), NUMBERS),
        ("scored", rated([(5, 5), ("", "")]), RATED),
    ],
)
def test_one_record_says_little_but_is_scored(evaluated, task, raw, columns):
    result = evaluated(raw, columns=columns, task=task)
    assert (result.raw.right, result.raw.n) == (1, 1)
    assert result.raw.interval.low < 0.5
    for found in result.metrics.raw:
        low, high = found.interval.low, found.interval.high
        assert low is None or low <= found.value + 1e-12
        assert high is None or high >= found.value - 1e-12


@pytest.mark.parametrize("task", ["classification", "extraction", "regression"])
@pytest.mark.parametrize("empty", ["true", "said"])
def test_an_empty_column_leaves_accuracy_unknown(evaluated, task, empty):
    pairs = [("" if empty == "true" else i, "" if empty == "said" else i) for i in range(1, 30)]
    result = evaluated(numbered(pairs), columns=NUMBERS, task=task, floor={"accuracy": "80%"})
    assert (result.raw, result.metrics) == (None, None)
    assert result.findings[0].state is State.UNKNOWN
    assert "no raw record carries both" in result.findings[0].sentence


def test_a_long_text_is_compared_in_no_time_to_speak_of():
    """A text of 200,000 hyphens: one pass, not one for each character."""
    assert normalised(pd.Series(["- " * 100_000 + "x"])).tolist() == ["x"]


def test_constant_labels_are_scored(evaluated):
    result = evaluated(HEAD + rows(0, {("a", "a"): 18, ("a", "b"): 2}))
    assert result.raw.share == metric(result, "balanced accuracy").value == 0.9
    assert metric(result, "macro F1").value == pytest.approx(2 * 18 / 38)


def test_errors_of_any_task_cost_the_default(evaluated):
    raw = numbered([(10, 10)] * 8 + [(10, 20)] * 2)
    raw = "".join(f"{line}\n" for line in raw.splitlines())
    prices = {"default": "10 USD", "a -> b": "99 USD"}
    cost = evaluated(raw, columns=NUMBERS, task="regression", error_cost=prices).error_cost
    assert [(k.kind, k.errors) for k in cost.kinds] == [("every other error", 2)]
    assert cost.unused == ("a -> b",)


def test_answers_of_an_extraction_are_no_raw_data(tmp_path):
    """An answer that is missing is scored as a wrong one; the record that it was given to has no defect."""
    lines = [f"Acme {i},{'' if i % 2 else f'Acme {i}'},{i},{i},2026-09-25,N/A,A{i},A{i}" for i in range(80)]
    lines += [f"Acme {i},Acme {i},{i},{i},2026-09-25,2026-09-25,A{i},A{i}" for i in range(100, 140)]
    (tmp_path / "raw.csv").write_text(invoices(*lines), encoding="utf-8")
    spec = {"name": "P", "data": {"production": "raw.csv", "columns": {"id": "id"}},
            "evaluation": {"task": "extraction", "fields": FIELDS}}  # fmt: skip
    (tmp_path / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")
    study = open_study(tmp_path, as_of="2026-03-01")
    assert study.inspection.answers == {c for f in FIELDS.values() for c in (f["label"], f["prediction"])}
    scored = scored_sample(study.pilot, study.inspection)
    assert defect_flags(study.inspection, scored.raw, "raw").matrix.sum() == 0
    assert not study.realism.repairs
