"""Data realism in sentences: figures with their interval, correct plurals, no jargon."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from flightready import policy
from flightready.evidence import Interval
from flightready.narrative import realism as narrative
from flightready.realism.detector import RECORD
from flightready.realism.outcome import Defect, Rate, Repair, rate
from flightready.realism.result import ColumnProfile, Completeness, RealismResult, SourceSummary
from flightready.realism.time_span import Coverage


def defect(
    column: str = "body", hits: int = 52, worse: bool | None = True, detector: str = "missing", **changes
) -> Defect:
    made = Defect(
        detector=detector,
        name="missing values",
        repair="make the field required",
        gap="G1",
        kind="fact",
        column=column,
        raw=rate(hits, 1185),
        curated=rate(0, 600),
        difference=hits / 1185,
        difference_interval=Interval(0.03, 0.06),
        p_value=0.001,
        worse=worse,
        by_system={"web": rate(hits, 492), "mail": rate(0, 400)},
        first=dt.date(2025, 9, 1),
        last=dt.date(2026, 9, 1),
        examples=(),
    )
    return replace(made, **changes)


def covered(**changes) -> Coverage:
    made = Coverage(
        column="time", n_dated=100, n_undated=0, n_ambiguous=0, n_future=0, first=dt.date(2025, 9, 1),
        last=dt.date(2026, 9, 30), days=395, months=("2025-09", "2025-10"), by_month={"web": (60, 40)}, empty_months=(),
        age_days=15, notes=(),
    )  # fmt: skip
    return replace(made, **changes)


def result(*defects: Defect, **changes) -> RealismResult:
    incomplete = Completeness(rate(278, 1185), {"web": rate(104, 492)}, ())
    made = RealismResult(
        as_of=dt.date(2026, 10, 15), n_raw=1200, n_curated=600, n_raw_distinct=1161, systems=("web", "mail"),
        sources=(), profiles=(), defects=defects, completeness=incomplete, coverage=covered(), columns_lacking=(),
        columns_extra=(), findings=(), absences=(),
    )  # fmt: skip
    return replace(made, **changes)


def test_the_answer_names_the_largest_defect_and_what_is_missing():
    told = " ".join(narrative.answer(result(defect(), defect("subject", 30))))
    assert "2 defects in 2 columns are more frequent than in the demo set, beyond chance" in told
    assert "missing values in 'body' (4.4 % against 0 %)" in told
    assert "23.5 % of 1,185 raw records miss at least one value" in told
    assert "from 2025-09-01 to 2026-09-30, without an empty month" in told


def test_one_of_anything_is_singular():
    told = " ".join(narrative.answer(result(defect(RECORD), coverage=covered(empty_months=("2025-10",)))))
    told += narrative.coverage(result(coverage=covered(days=1)))
    assert "1 defect in whole records is more frequent" in told
    assert "whole records" in told
    assert "They are all of one day, 2025-09-01." in told
    assert "with 1 empty month" in told
    assert not re.search(r"\b1 \w+s\b(?! of)", told)


def test_nothing_worse_and_nothing_there_are_said():
    assert "nothing is shown to be worse" in narrative.answer(result(defect(worse=False)))[0]
    assert "no defect" in narrative.answer(result())[0]
    assert "no demo set to compare" in narrative.answer(result(defect(worse=None), n_curated=0))[0]
    assert narrative.answer(result(n_raw=0, n_curated=0))[0].startswith("Cannot tell yet")
    assert narrative.answer(result(n_raw=0))[0].startswith("Cannot tell yet")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Rate(0, 200, Interval(0, 0.0149)), "none in 200: at most 1.5 %"),
        (Rate(0, 0, Interval(0, 1)), "no record to look at"),
    ],
)
def test_a_rate_of_none_says_what_that_bounds(found, told):
    assert narrative.rate(found) == told


def test_the_worst_column_comes_with_its_repair():
    told = narrative.worst_meaning(result(defect()))
    assert "nine times in ten 3.0 to 6.0 points" in told
    assert "only in 'web'" in told
    assert told.endswith("What mends it: make the field required.")


def test_the_map_says_how_many_may_be_chance():
    told = narrative.map_meaning(result(defect(), defect("subject", 3, worse=False)))
    assert "1 cell of the map is worse" in told
    assert "1 further cell holds a defect that is not shown to be more frequent" in told
    budget = f"{100 * policy.value('false_discovery_budget'):.0f} %"
    assert told.endswith(f". On average at most {budget} of the differences called worse are chance.")


def test_a_difference_without_an_interval_is_told_without_one():
    told = narrative.worst_meaning(result(defect(difference_interval=None)))
    assert "4.4 points more than in the demo set; only in 'web'" in told
    assert "nine times in ten 3.0" not in told


@pytest.mark.parametrize(
    ("defects", "said"),
    [
        ((defect(worse=None),), "1 defect in 1 column occurs: missing values in 'body'"),
        (
            (defect(worse=None), defect("subject", 30, worse=None), defect(RECORD, 20, worse=None)),
            "3 defects in 2 columns and in whole records occur; the most frequent: missing values in 'body'",
        ),
    ],
)
def test_numbers_of_defects_agree_in_number(defects, said):
    assert said in narrative.answer(result(*defects, n_curated=0))[0]


def test_the_first_repair_would_change_the_answer():
    first = Repair(
        "make the field required", ("missing values",), ("c0",), Rate(50, 1000, Interval(0.04, 0.06)), 50, 0.5, 0.4
    )
    told = narrative.change(replace(result(defect()), repairs=(first,)))
    assert told == ("Mended data, in the order of 'What to repair first': make the field required.",)


def test_months_tell_gaps_and_doubts():
    odd = covered(
        empty_months=("2026-01",),
        n_undated=1,
        n_ambiguous=2,
        n_future=1,
        notes=("'web' mixes both orders of day and month",),
    )
    told = narrative.months_meaning(result(coverage=odd))
    for part in (
        "Without a record: 2026-01",
        "1 record has no date",
        "'web' mixes both orders of day and month; 2 dates stay open and were read day first.",
        "1 date lies after",
    ):
        assert part in told
    assert "left out of this span" not in told
    assert "2 dates far from all others are left out" in narrative.months_meaning(result(coverage=covered(n_far=2)))


def test_the_answer_says_how_many_records_need_a_repair():
    """Exact 90 % interval of 300 in 1,200 (Clopper-Pearson): .2295 to .2714."""
    first = Repair("mend it", ("missing values",), ("body",), rate(200, 1200), 200, 0.5, 0.4)
    both = (first, replace(first, repair="mask it", added=100))
    told = narrative.answer(result(defect(), repairs=both))
    assert told[1] == "25 % of 1,200 raw records need some repair (nine times in ten 22.9 % to 27.1 %)."
    assert "repair" not in " ".join(narrative.answer(result(defect())))


def test_no_record_without_a_value_names_no_system():
    none = Completeness(rate(0, 1185), {"web": rate(0, 492), "mail": rate(0, 400)}, ("note",))
    told = narrative.incomplete(result(completeness=none))
    assert told.startswith("No raw record misses a value (of 1,185: at most 0.2")
    assert "most in" not in told and told.endswith("taken as optional: note.")


def test_an_empty_value_of_an_optional_column_is_none_to_mend():
    found = result(completeness=Completeness(rate(1, 9), {}, ("body",)))
    assert narrative.optional_note(found, defect()) == "often empty, so taken as optional"
    assert narrative.optional_note(found, defect(detector="encoding")) == ""
    assert narrative.optional_note(found, defect("subject")) == ""


@pytest.mark.parametrize(
    ("kind", "web", "mail", "differs"),
    [
        ("number", ("9.9", "9,9"), ("9,9", "9.9"), False),
        ("number", ("9.9",), ("9,9",), True),
        ("category", ("Aa",), ("a",), False),
        ("short text", ("a a",), ("a",), False),
    ],
)
def test_systems_write_in_different_ways_when_the_leading_form_of_one_is_unknown_to_another(kind, web, mail, differs):
    profile = ColumnProfile("price", kind, "", 1.0, 1.0, 5, 5, {"web": web, "mail": mail}, ())
    told = narrative.formats_meaning(result(profiles=(profile,)))
    assert ("Systems write 'price' in different ways" in told) is differs
    assert narrative.formats_meaning(result(profiles=(profile,), systems=("web",))) == ""


def test_one_row_that_does_not_parse_is_it():
    one = SourceSummary("raw", "a.csv", "web", "CSV", "UTF-8", "comma", 9, 1, ())
    assert "1 raw row does not parse; it is counted" in narrative.sources_meaning(result(sources=(one,)))
    two = replace(one, malformed=2)
    assert "2 raw rows do not parse; they are counted" in narrative.sources_meaning(result(sources=(two,)))


def test_no_jargon_reaches_the_reader():
    told = " ".join(
        s
        for r in (result(defect(), defect("x", 2, worse=False)), result(), result(n_raw=0))
        for f in (narrative.answer, narrative.certainty, narrative.change)
        for s in f(r)
    )
    for word in (*policy.read("words.yaml")["never"], "p-value", "curated", "Fisher", "false discovery", "null"):
        assert word not in told


def test_a_sample_of_the_demos_own_records_is_told():
    both = defect(RECORD, 0, None, "overlap", raw=rate(300, 300), curated=rate(300, 300))
    assert "300 of 300 raw records are in the demo set too" in " ".join(narrative.answer(result(both)))
    few = defect(RECORD, 0, None, "overlap", raw=rate(3, 300), curated=rate(3, 300))
    assert "in the demo set too" not in " ".join(narrative.answer(result(few)))


@pytest.mark.parametrize("n", [0, 1, 5])
def test_none_in_very_few_records_says_nothing_of_production(n):
    told = " ".join(narrative.certainty(result(defect(raw=rate(0, n)))))
    assert "of production may be" not in told
    assert "95 %" not in told
