"""The truth set looked at: provenance, age, contradictions, leakage and agreement."""

import datetime as dt

import pytest
from evaluation_samples import COLUMNS, HEAD, evaluated_in, rows

from flightready.narrative.evaluation_labels import truth_set_meaning

WORDS = ["lamp", "desk", "chair", "shelf", "carpet", "curtain", "mirror", "basket"]


def lines(n, *, start=0, second=None, label=lambda i: "ab"[i % 2]):
    """Records with long texts of their own."""
    made = []
    for i in range(start, start + n):
        text = f"my {WORDS[i % 8]} number {i} came broken on a rainy day and I would like another {WORDS[i // 8 % 8]}"
        cells = [f"K-{i}", text, label(i), "a", "0.9", *([second(i)] if second else [])]
        made.append(",".join(cells) + "\n")
    return "".join(made)


def test_provenance_and_age(tmp_path):
    about = {"labelled_by": "Team lead", "labelled_on": "2026-02-01", "source": "asked the customer"}
    result = evaluated_in(tmp_path, HEAD + lines(60), HEAD + lines(80, start=500), truth_set=about)
    audit = result.truth_set
    assert (audit.n_raw, audit.n_curated) == (60, 80)
    assert (audit.labelled_by, audit.source, audit.labelled_on, audit.age_days) == (
        "Team lead", "asked the customer", dt.date(2026, 2, 1), 28,
    )  # fmt: skip
    told = truth_set_meaning(result)
    assert "labelled by Team lead on 2026-02-01 (28 days ago)" in told


def test_what_is_not_said_is_said_to_be_so(tmp_path):
    result = evaluated_in(tmp_path, HEAD + lines(60))
    assert (result.truth_set.labelled_by, result.truth_set.age_days, result.truth_set.leaked) == ("", None, None)
    assert "who labelled them, and when, is not said" in truth_set_meaning(result)


def test_labels_dated_after_the_assessment_have_no_age(tmp_path):
    assert evaluated_in(tmp_path, HEAD + lines(60), truth_set={"labelled_on": "2027-01-01"}).truth_set.age_days is None


def test_repeated_records_with_another_label_are_counted(tmp_path):
    """Ten records come again under other ids: six with the same right answer, four with another."""
    again = "".join(
        line.replace("K-", "R-") + "\n"
        if i < 6
        else line.replace("K-", "R-").replace(",a,a,", ",x,a,").replace(",b,a,", ",x,a,") + "\n"
        for i, line in enumerate(lines(10).splitlines())
    )
    result = evaluated_in(tmp_path, HEAD + lines(60) + again)
    found = result.truth_set.conflicts
    assert (found.hits, found.n) == (4, 10)
    assert "10 scored records that repeat another one, 4 carry another right answer" in truth_set_meaning(result)


def test_near_copies_count_as_repeats(tmp_path):
    again = lines(8).replace("K-", "R-").replace("came broken", "came brokken").replace(",a,a,", ",x,a,")
    found = evaluated_in(tmp_path, HEAD + lines(60) + again).truth_set.conflicts
    assert (found.hits, found.n) == (4, 8)


def test_no_repeat_is_no_evidence(tmp_path):
    assert evaluated_in(tmp_path, HEAD + lines(60)).truth_set.conflicts is None


def test_what_leaked_into_the_demo_is_counted(tmp_path):
    result = evaluated_in(tmp_path, HEAD + lines(60), HEAD + lines(40) + lines(60, start=500))
    assert (result.truth_set.leaked.hits, result.truth_set.leaked.n) == (40, 100)
    assert "40 of 100 demo records are in the raw sample too" in truth_set_meaning(result)


def test_second_labels_in_the_records_give_agreement(tmp_path):
    head = HEAD.replace("\n", ",second\n")
    raw = head + lines(200, second=lambda i: "ab"[i % 2] if i % 10 else "b")
    found = evaluated_in(tmp_path, raw, columns={**COLUMNS, "second_label": "second"}).truth_set.agreement
    assert (found.n, found.equal.hits, found.level, found.raters) == (200, 180, "nominal", 2)
    assert found.interval.low < found.alpha < found.interval.high
    # 20 of 200 differ; 200 a and 180 + ... : a 180, b 220 of 400 answers: 1 - 0.1 / (2 x 180 x 220 / (400 x 399))
    assert found.alpha == pytest.approx(1 - 0.1 / (2 * 180 * 220 / (400 * 399)))


def test_ratings_are_steps_of_a_scale(tmp_path):
    head = "id,text,one,two,predicted\n"
    raw = head + "".join(f"K-{i},text {i},{1 + i % 5},{1 + (i + (i % 4 == 0)) % 5},answer {i}\n" for i in range(100))
    columns = {"id": "id", "text": "text", "prediction": "predicted", "rating": ["one", "two"]}
    found = evaluated_in(tmp_path, raw, columns=columns, task="scored").truth_set.agreement
    assert (found.level, found.n, found.equal.hits) == ("ordinal", 100, 75)


def test_nothing_labelled_is_said_plainly(tmp_path):
    result = evaluated_in(tmp_path, HEAD + rows(0, {("", "a"): 30}))
    assert truth_set_meaning(result).startswith("No record carries both a right answer and the pilot's")


def delivered(n, *, start=0):
    """Deliveries of one of five depots over one of twenty distances, with the right time and an answer."""
    return "".join(
        f"D-{i},2026-01-{i % 28 + 1:02},{i % 5},{i % 20},{40 + i % 7},{40 + i % 5}\n" for i in range(start, start + n)
    )


DELIVERIES = {"id": "id", "time": "day", "label": "minutes", "prediction": "said"}


def test_two_cases_of_the_same_depot_and_distance_are_no_repeat(tmp_path):
    """Without a text a record is known again only by values too rare to meet by chance."""
    result = evaluated_in(
        tmp_path,
        "id,day,depot,km,minutes,said\n" + delivered(200),
        columns=DELIVERIES,
        task="regression",
        tolerance="2",
    )
    assert result.truth_set.conflicts is None
    finding = next(f for f in result.findings if f.id == "evaluation.truth_set")
    assert "different right answers" not in finding.sentence


def test_rare_values_make_a_repeat_without_any_text(tmp_path):
    """Four values that only two records of 200 share: 200 x 200 x 0.01^4 = 0.0004 such pairs by chance."""
    lines = [f"D-{i},{1000 + i},{5000 + i},{i}.25,{9000 - i},{40 + i % 7},{40 + i % 5}\n" for i in range(190)]
    again = [line.replace("D-", "R-").replace(",40,", ",99,") for line in lines[:10]]
    result = evaluated_in(
        tmp_path, "id,order,weight,km,stop,minutes,said\n" + "".join(lines + again), task="regression", tolerance="2",
        columns={k: v for k, v in DELIVERIES.items() if k != "time"},
    )  # fmt: skip
    assert (result.truth_set.conflicts.hits, result.truth_set.conflicts.n) == (2, 10)


@pytest.mark.parametrize(("n", "told"), [(19, "19 records carry two labels, 30 are needed"), (0, "No second labels")])
def test_too_few_second_labels_are_counted(tmp_path, n, told):
    raw = HEAD.replace("\n", ",second\n") + lines(60, second=lambda i: "ab"[i % 2] if i < n else "")
    result = evaluated_in(tmp_path, raw, columns={**COLUMNS, "second_label": "second"})
    finding = next(f for f in result.findings if f.id == "evaluation.truth_set")
    assert (result.truth_set.agreement, result.truth_set.n_twice) == (None, n)
    assert told in truth_set_meaning(result)
    assert (told in finding.sentence) == bool(n)
    assert ("one label a record" in finding.sentence) == (not n)
