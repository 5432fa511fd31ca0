"""What the pages on trials show: a chart with every grade, a table beside it, and a sentence where nothing was tried."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from flightready.evaluation.attribution.attribution_result import Strength, Valued
from flightready.evaluation.attribution.tried_result import Effect, SamePilot, TriedPart, TriedResult
from flightready.evidence import Interval, State
from flightready.figures.evaluation_tried import figure_tried_defects
from flightready.narrative import evaluation_tried as narrative
from flightready.pages import evaluation as pages
from flightready.realism.outcome import rate

WORTH = Valued(1200.0, Interval(700.0, 1900.0), 2400.0, Interval(1000.0, 5000.0))
NONE = "it is in columns that the pilot is not given"


def part(detector: str, name: str, grade: Strength, points: float | None = None, **options) -> TriedPart:
    ends = None if points is None else Interval(points - 0.02, points + 0.03)
    found = TriedPart(detector, name, grade, 40, points, ends, 50, 0, Effect.SHOWN if points else Effect.UNKNOWN)
    return replace(found, **options)


INJECTED = (
    part("truncated", "texts that are <b>cut</b> off", Strength.INJECTED, 0.05, worth=WORTH),
    part("language", "texts in an unexpected language", Strength.INJECTED, why="putting it in needs a translation"),
    part("mixed_format", "mixed formats", Strength.INJECTED, 0.0, state=Effect.NONE, why=NONE, n_changed=0),
    part("duplicate", "exact copies", Strength.INJECTED, 0.0, state=Effect.NONE, why="answered alike", n_changed=0),
)
REPAIRED = (
    part("truncated", "texts that are <b>cut</b> off", Strength.REPAIRED, why="what was cut off cannot be restored"),
    part("language", "texts in an unexpected language", Strength.REPAIRED, why="repair would need a translation"),
)
TRIED = TriedResult(
    SamePilot(rate(96, 100), State.PASS, 1), INJECTED, REPAIRED, replace(INJECTED[0], detector="all"), None, 300, 200,
    300, 200, 420, 400, 3, {"took too long (more than 30 s)": 3}, ("text",), "the function pilot.py:answer",
)  # fmt: skip


def study(tried: TriedResult | None) -> SimpleNamespace:
    return SimpleNamespace(evaluation=SimpleNamespace(tried=tried, attribution=None))


def test_the_chart_draws_what_was_tried_and_escapes_names():
    made = pages.tried(study(TRIED))
    assert [t.name for t in made.data] == ["injected: costs when put in"]
    assert list(made.data[0].x) == [5.0] and made.data[0].marker.symbol == "square"
    assert made.layout.yaxis.ticktext == ("texts that are &lt;b&gt;cut&lt;/b&gt; off",)
    assert "cost 5.0 points" in made.layout.title.text


def test_the_table_says_why_something_is_not_known_or_nothing():
    rows = {r[0]: r for r in pages.tried_table(study(TRIED)).rows}
    assert rows["texts that are <b>cut</b> off"][2:4] == ("5.0 (3.0 to 8.0), 40 records",
                                                           "not known: what was cut off cannot be restored")  # fmt: skip
    assert rows["texts that are <b>cut</b> off"][4:] == ("1,200", "$2,400")
    assert rows["mixed formats"][2] == f"0: {NONE}"
    assert "exact copies" not in rows and "exact copies" in pages.tried_table(study(TRIED)).note


def test_the_sentences_name_calls_failures_and_what_is_left():
    told = " ".join(pages.meaning_tried(study(TRIED)).paragraphs)
    assert "most by texts that are <b>cut</b> off: 5.0 points (nine times in ten 3.0 to 8.0 points)" in told
    assert "about 1,200 wrong answers a month, $2,400 a month" in told
    assert "Neither put in nor repaired, and so not known here: texts in an unexpected language." in told
    assert "3 calls failed (most often: took too long (more than 30 s)), and a failed call counts as wrong" in told
    assert "20 calls of the plan are still to be made with --run-pilot" in told
    assert "it is the pilot that was recorded" in told and "1 call failed" in told


@pytest.mark.parametrize("tried", [None, TriedResult(why="the pilot has not been called yet", calls=935)])
def test_without_trials_one_sentence_stands_in_the_place_of_the_chart(tried):
    told = " ".join(pages.tried(study(tried)).paragraphs)
    assert "--run-pilot" in told and (tried is None or "It would take 935 calls" in told)
    assert pages.meaning_tried(study(tried))._repr_html_() == "" == pages.tried_table(study(tried))._repr_html_()
    with pytest.raises((ValueError, AttributeError)):
        figure_tried_defects(study(tried).evaluation)


def test_nothing_shown_is_said():
    open_part = replace(INJECTED[0], points=-0.0001, interval=Interval(-0.004, 0.004), state=Effect.OPEN)
    found = replace(
        TRIED, injected=(open_part,), injected_all=open_part, repaired=(), failed=0, failures={}, answered=420
    )
    told = " ".join(narrative.answer(found))
    assert "no single one is shown to cost anything" in told and "-0.0" not in told
    assert "0.0 (-0.4 to 0.4)" in narrative.written(open_part)
    assert narrative.title(study(found).evaluation) == "No defect that was tried is shown to cost accuracy yet"


def test_another_pilot_is_said_first_and_no_money_is_shown():
    """80 of 100 recorded answers are fewer than 90 %."""
    found = replace(TRIED, same_pilot=SamePilot(rate(80, 100), State.FAIL, 0))
    told = pages.meaning_tried(study(found)).paragraphs
    assert told[0].startswith("Caution: the pilot that was called gives the recorded answer to 80 of 100 unchanged")
    table = pages.tried_table(study(found))
    assert "$" not in " ".join([*told, *(cell for row in table.rows for cell in row)])
    assert pages.tried(study(found)).layout.title.text.startswith("Caution, not the pilot that was recorded: ")
    assert not TRIED.is_another and not TriedResult().is_another
