"""Candidates against the pilot on the same records, and what keeps a file from being joined."""

from __future__ import annotations

import pytest
from evaluation_samples import COLUMNS, evaluated_in
from hypothesis import given
from hypothesis import strategies as st

from flightready.errors import InputError
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evaluation.shares.paired import mcnemar, paired_newcombe
from flightready.evaluation.triage.candidates import holm, with_beaten
from flightready.evaluation.triage.candidates_result import Option

TABLE = {("a", "a"): 59, ("a", "b"): 6, ("b", "a"): 16, ("b", "b"): 80}
"""Both right, only the pilot, only the candidate, neither: Newcombe's example (1998, 17:2635); truth is always a."""


def records(counts=TABLE, columns=("small",)):
    """Raw records on which pilot and candidate were right as counted."""
    lines, k = [], 0
    for (pilot, small), n in counts.items():
        for _ in range(n):
            lines.append(f"K-{k},text {k},a,{pilot},0.9,{','.join([small] * len(columns))}\n")
            k += 1
    lines += [f"B-{i},word {i},b,b,0.9,{','.join(['b'] * len(columns))}\n" for i in range(20)]
    return f"id,text,team,predicted,confidence,{','.join(columns)}\n" + "".join(lines)


def compared(folder, raw=None, **candidate):
    given = {"name": "Small", "prediction": "small"} | candidate
    return evaluated_in(folder, records() if raw is None else raw, candidates=[given]).candidates.compared[0]


def answers(ids, value="a"):
    return "id,small\n" + "".join(f"{i},{value}\n" for i in ids)


def test_known_counts_give_the_known_difference(tmp_path):
    """20 further records that both got right are added to Newcombe's table."""
    found = compared(tmp_path)
    ends = paired_newcombe(79, 16, 6, 80)
    assert (found.only_pilot, found.only_candidate) == (6, 16)
    assert found.difference == pytest.approx(10 / 181)
    assert (found.interval.low, found.interval.high) == (ends.low, ends.high)
    assert found.p_value == pytest.approx(mcnemar(16, 6)) and found.differs
    assert (found.right.right, found.pilot.right, found.right.n) == (95, 85, 181)


def test_a_file_gives_the_same_as_a_column(tmp_path):
    small = [(f"K-{k}", s) for k, s in enumerate([s for (_, s), n in TABLE.items() for _ in range(n)])]
    small += [(f"B-{i}", "b") for i in range(20)]
    (tmp_path / "small.csv").write_text("small,id\n" + "".join(f"{s},{i}\n" for i, s in reversed(small)))
    found = compared(tmp_path, file="small.csv", cost_per_request="0.001 USD", p95="300 ms")
    column = compared(tmp_path)
    assert (found.interval, found.p_value, found.right) == (column.interval, column.p_value, column.right)
    assert (found.left_out, found.strangers, found.unanswered) == (0, 0, 0)
    assert (found.cost_per_request, found.p95_s) == (0.001, 0.3)


def test_a_file_of_a_part_compares_that_part_and_says_so(tmp_path):
    (tmp_path / "small.csv").write_text(answers([*(f"K-{i}" for i in range(40)), "Z-1", "Z-2"]))
    found = compared(tmp_path, file="small.csv")
    assert (found.right.n, found.left_out, found.strangers) == (40, 141, 2)
    assert found.pilot.right == 40


def test_an_empty_answer_counts_as_wrong(tmp_path):
    (tmp_path / "small.csv").write_text(answers([f"K-{i}" for i in range(30)]) + "K-30,\nK-31,n/a\n")
    found = compared(tmp_path, file="small.csv")
    assert (found.right.right, found.right.n, found.unanswered) == (30, 32, 2)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (answers(["Z-1", "Z-2", "Z-3"]), "none of the 3 ids of 'small.csv' is an id of the 181 scored raw records"),
        (answers(["K-1", "K-2"]) + "K-1,b\n", "2 rows of 'small.csv' share 1 id and differ in their answer"),
        (answers(["K-1", "K-2"]).replace("id,", "ident,"), "the column 'id' (id) is not in 'small.csv'"),
        (answers(["K-1", "K-2"]).replace("small", "smal"), "the column 'small' (prediction) is not in 'small.csv'"),
        (answers([f"K-{i}" for i in range(60)], "zzz"), "the candidate 'Small' in 'small' cannot be compared"),
    ],
)
def test_a_file_that_cannot_be_joined_says_why(tmp_path, content, told):
    (tmp_path / "small.csv").write_text(content)
    with pytest.raises(InputError) as error:
        compared(tmp_path, file="small.csv")
    assert told in str(error.value) and "evaluation.candidates" in str(error.value)


def test_the_same_row_twice_is_no_contradiction(tmp_path):
    (tmp_path / "small.csv").write_text(answers(["K-1", "K-1", "K-2"]))
    assert compared(tmp_path, file="small.csv").right.n == 2


def test_a_file_that_is_not_there_and_records_without_an_id(tmp_path):
    with pytest.raises(InputError, match=r"'small\.csv' is not there"):
        compared(tmp_path, file="small.csv")
    (tmp_path / "small.csv").write_text(answers(["K-1", "K-2"]))
    columns = {k: v for k, v in COLUMNS.items() if k != "id"}
    with pytest.raises(InputError, match="the raw records have no id"):
        evaluated_in(tmp_path, records(), columns=columns,
                     candidates=[{"name": "S", "prediction": "small", "file": "small.csv"}])  # fmt: skip


def test_a_column_that_is_not_there_names_the_nearest(tmp_path):
    with pytest.raises(InputError, match="'smalll' of the candidate 'Small' is not in the raw records") as error:
        compared(tmp_path, prediction="smalll")
    assert "small" in error.value.cure


def test_the_right_answers_are_no_candidate(tmp_path):
    with pytest.raises(InputError, match="the column 'team' of the candidate 'Small' holds the right answers"):
        compared(tmp_path, prediction="team")


def test_several_candidates_share_the_chance_of_an_error(tmp_path):
    names = ["one", "two", "three"]
    given_names = [{"name": n, "prediction": n} for n in names]
    found = evaluated_in(tmp_path, records(columns=names), candidates=given_names).candidates.compared
    assert [c.p_value for c in found] == pytest.approx([3 * mcnemar(16, 6)] * 3)
    assert found[0].interval == compared(tmp_path).interval


def test_numbers_are_judged_as_the_task_says(tmp_path):
    """Within 10 %: the pilot is right in 30 of 60, the candidate in all."""
    raw = "id,text,team,predicted,confidence,small\n"
    raw += "".join(f"K-{i},text {i},100,{100 if i % 2 else 150},0.9,109\n" for i in range(60))
    given_one = [{"name": "S", "prediction": "small"}]
    found = evaluated_in(tmp_path, raw, task="regression", tolerance="10%", candidates=given_one).candidates.compared[0]
    assert (found.right.right, found.pilot.right) == (60, 30)


def test_ratings_are_about_an_answer_and_not_about_a_record(tmp_path):
    raw = "id,text,predicted,stars\n" + "".join(f"K-{i},text {i},fine {i},{i % 5 + 1}\n" for i in range(60))
    with pytest.raises(InputError, match="answers that people rated"):
        evaluated_in(tmp_path, raw, task="scored",
                     columns={"id": "id", "text": "text", "prediction": "predicted", "rating": ["stars"]},
                     candidates=[{"name": "S", "prediction": "text"}])  # fmt: skip


def test_none_named_is_none(tmp_path):
    assert evaluated_in(tmp_path, records()).candidates is None
    assert evaluated_in(tmp_path, candidates=[{"name": "S", "prediction": "small"}]).candidates is None


def test_holm_as_in_r():
    """R: p.adjust(c(.01, .02, .03, .04, .2), "holm")."""
    assert holm([0.01, 0.02, 0.03, 0.04, 0.2]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.2])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_keeps_order_and_never_lowers(p):
    found = holm(p)
    assert all(f >= x for f, x in zip(found, p, strict=True))
    assert sorted(range(len(p)), key=lambda i: (p[i], found[i])) == sorted(
        range(len(p)), key=lambda i: (p[i], i)
    ) or len(set(p)) < len(p)


def option(name, right, cost, p95=None):
    return Option(name, name == "pilot", accuracy(right, 100), cost, p95)


@pytest.mark.parametrize(
    ("other", "beaten"),
    [
        (option("x", 90, 0.01, 1.0), "x"),
        (option("x", 80, 0.01, 1.0), "x"),
        (option("x", 79, 0.01, 1.0), ""),
        (option("x", 90, 0.03, 1.0), ""),
        (option("x", 90, 0.01, 3.0), ""),
        (option("x", 90, None, 1.0), ""),
        (option("x", 90, 0.01, None), ""),
        (option("x", 80, 0.02, 2.0), ""),
    ],
)
def test_an_option_is_beaten_by_one_that_is_better_in_one_and_worse_in_none(other, beaten):
    assert with_beaten([option("pilot", 80, 0.02, 2.0), other])[0].beaten_by == beaten


@given(st.lists(st.tuples(st.integers(0, 100), st.floats(0.001, 1), st.floats(0.1, 9)), min_size=1, max_size=6))
def test_one_option_is_never_beaten(some):
    options = with_beaten([option(str(i), *values) for i, values in enumerate(some)])
    assert any(not o.beaten_by for o in options)
