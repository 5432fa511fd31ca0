"""What few records cannot show, and systems and periods against one another, in sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from flightready.evidence import Interval
from flightready.intervals import newcombe
from flightready.narrative.contrast import contrasts_left_out, contrasts_meaning
from flightready.narrative.realism import certainty
from flightready.narrative.telling import contrast_verdict, more, open_question, shift_size, verdict
from flightready.realism.comparison import higher_rate_p
from flightready.realism.outcome import Contrast, Defect, Effect, rate
from flightready.realism.result import RealismResult
from flightready.realism.telling import Telling


def defect(hits: int, demo: int, *, worse: bool | None = False, column: str = "body", m: int = 600) -> Defect:
    return Defect(
        "missing", "missing values", "", "G1", "fact", column, rate(hits, 200), rate(demo, m), hits / 200 - demo / m,
        newcombe(hits, 200, demo, m), higher_rate_p(hits, 200, demo, m), worse, {}, None, None, (),
    )  # fmt: skip


def contrast(hits: int = 10, beside: int = 30, *, real: bool = True, part: str = "system 'web'", **changes) -> Contrast:
    made = {
        "detector": "missing", "name": "missing values", "column": "body", "part": part, "other": "the other systems",
        "inside": rate(hits, 200), "outside": rate(beside, 200),
        "difference_interval": newcombe(hits, 200, beside, 200), "effect": None, "p_value": 0.001, "is_different": real,
    }  # fmt: skip
    return Contrast(**{**made, **changes})


def shift(**changes) -> Contrast:
    size = Effect("", 0.63, Interval(0.58, 0.67), 0.5)
    told = "later values tend to be larger: in 63 of 100 pairs"
    kind = {"detector": "shift_number", "name": "level and spread of numbers", "column": "amount", "other": "before"}
    none = {"inside": None, "outside": None, "difference_interval": None}
    return contrast(part="from 2026-03-01", effect=size, told=told, **{**kind, **none, **changes})


def result(*defects: Defect, contrasts: tuple[Contrast, ...] = (), n_raw: int = 200) -> RealismResult:
    return RealismResult(
        as_of=dt.date(2026, 10, 15), n_raw=n_raw, n_curated=600, n_raw_distinct=n_raw, systems=("web", "mail"),
        sources=(), profiles=(), defects=defects, completeness=None, coverage=None, columns_lacking=(),
        columns_extra=(), findings=(), absences=(), contrasts=contrasts,
    )  # fmt: skip


def test_what_is_shown_is_yes_and_what_is_not_says_what_would_tell():
    unsure = defect(6, 3)
    told = result(unsure, defect(60, 0, worse=True, column="x"), defect(2, 20, column="y"))
    assert verdict(told, told.defects[1]) == "yes"
    assert verdict(told, told.defects[2]) == "no: not above the demo set"
    assert verdict(told, unsure).startswith("cannot tell: about ")
    assert verdict(told, unsure).endswith(" more raw records would")
    assert verdict(told, defect(6, 3, worse=None)) == "nothing to compare"


def test_a_demo_set_that_is_too_small_is_said_to_be():
    assert "the demo set is too small; about " in verdict(result(), defect(20, 1, m=30))


def test_one_record_is_singular_and_no_number_of_records_is_said():
    assert more(Telling(1, None)) == "cannot tell: about 1 more raw record would"
    assert more(Telling(None, None)) == "too rare to compare"


def test_a_comparison_by_permutation_makes_no_promise():
    by_permutation = Defect(**{**defect(6, 3).__dict__, "difference_interval": None})
    assert verdict(result(), by_permutation) == "not shown"


def test_the_nearest_open_question_is_part_of_how_sure_the_figures_are():
    told = result(defect(3, 3), defect(6, 3, column="subject"))
    nearest = open_question(told)
    assert nearest.startswith(
        "Nearest to being shown: missing values in 'subject', 3 % against 0.50 % in the demo set;"
    )
    assert nearest in certainty(told)
    assert open_question(result(defect(60, 0, worse=True))) == ""


def test_where_systems_differ_the_repair_has_a_place():
    told = contrasts_meaning(result(contrasts=(contrast(), contrast(real=False, column="x"))))
    assert told[0].startswith("1 of 2 contrasts between systems shows a difference beyond chance")
    assert told[1].startswith(
        "Missing values in 'body': 5 % in system 'web', 15 % in the other systems; 10.0 points less"
    )
    between = newcombe(30, 200, 10, 200)
    assert f"(nine times in ten {100 * between.low:.1f} to {100 * between.high:.1f})" in told[1]
    assert "day" not in " ".join(told[1:])


def test_a_shift_between_periods_says_how_days_were_treated():
    told = contrasts_meaning(result(contrasts=(shift(), contrast())))
    assert told[0].startswith("2 of 2 contrasts between systems or earlier and later records show a difference")
    assert (
        "Level and spread of numbers of 'amount', from 2026-03-01 against before: later values tend to be larger"
        in told[1]
    )
    assert "whole days anew" in told[-1] and "one customer" in told[-1]


def test_where_nothing_differs_the_largest_hint_says_what_would_tell():
    told = contrasts_meaning(result(contrasts=(contrast(12, 22, real=False),)))
    assert told[0].startswith("In 1 contrast no difference between systems is shown")
    assert told[1].startswith("The largest hint: missing values in 'body': 6 % in system 'web'")
    assert "more records would" in told[1]


@pytest.mark.parametrize(
    ("n_raw", "words"), [(0, "no raw records"), (200, "two systems of 20 records each, or dates on 16 days")]
)
def test_nothing_to_compare_is_said(n_raw, words):
    assert words in contrasts_meaning(result(n_raw=n_raw))[0]


def test_the_size_of_a_shift_is_written_with_its_interval():
    assert shift_size(shift()) == "larger in 63 of 100 pairs (58 to 67)"
    assert shift_size(shift(real=False)) == shift_size(shift())
    moved = Contrast(
        **{**shift().__dict__, "detector": "shift_category", "effect": Effect("", 0.08, Interval(0.02, 0.14), 0.0)}
    )
    assert shift_size(moved) == "8 of 100 records in another category (2 to 14)"
    longer = Contrast(**{**shift().__dict__, "detector": "shift_length"})
    assert shift_size(longer) == "longer in 63 of 100 pairs (58 to 67)"
    for detector, word in (("shift_length", "shorter"), ("shift_number", "smaller")):
        less = replace(shift(), detector=detector, effect=Effect("", 0.47, Interval(0.44, 0.5), 0.5))
        assert shift_size(less) == f"{word} in 53 of 100 pairs (50 to 56)"


def test_what_a_table_leaves_out_is_one_sentence():
    found = [contrast(), *[contrast(real=False)] * 3]
    assert contrasts_left_out(found, found) == ""
    told = contrasts_left_out(found, found[:3])
    assert told.startswith("Not in the table: 1 further contrast; none of them is shown to differ")
    assert "2 of them differ" in contrasts_left_out([contrast()] * 5, [contrast()] * 3)


def test_the_verdict_on_a_contrast():
    told = result(contrasts=(contrast(),))
    assert contrast_verdict(told, contrast()) == "yes"
    assert contrast_verdict(told, shift(real=False)) == "not shown"
    assert contrast_verdict(told, contrast(10, 10, real=False)) == "no"
    assert contrast_verdict(told, contrast(10, 11, real=False)) == "too rare to compare"
    assert contrast_verdict(told, contrast(100, 101, real=False)) == "too alike to tell apart"
