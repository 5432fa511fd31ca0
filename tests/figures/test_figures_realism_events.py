"""The timeline of events: one row a system, what went wrong on top of what came in order, silences as bands."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from flightready.figures.realism_events import figure_events, title
from flightready.realism.result import RealismResult
from flightready.realism.time_span import EventTimeline, Silence

HOSTILE = "<script>alert(1)</script>"
STARTS = tuple(dt.date(2026, 3, 2) + dt.timedelta(days=7 * i) for i in range(4))
NONE = (0, 0, 0, 0)


def timeline(**changes) -> EventTimeline:
    silence = Silence("web", dt.date(2026, 3, 12), dt.date(2026, 3, 20), 190.0, 21.0, 1e-6)
    ended = Silence(HOSTILE, dt.date(2026, 3, 9), dt.date(2026, 3, 29), 480.0, 40.0, 1e-6)
    made = EventTimeline(
        "time", "week", STARTS, ("web", HOSTILE), {"web": (9, 4, 0, 7), HOSTILE: (8, 8, 0, 0)},
        {"web": (1, 0, 0, 0), HOSTILE: NONE}, {"web": (0, 2, 0, 0), HOSTILE: NONE}, {"web": (0, 0, 0, 1), HOSTILE: NONE},
        {"web": 3, HOSTILE: 0}, (silence,), (ended,),
    )  # fmt: skip
    return replace(made, **changes)


def result(events: EventTimeline | None) -> RealismResult:
    day = dt.date(2026, 4, 2)
    return RealismResult(day, 36, 0, 36, ("web", HOSTILE), (), (), (), None, None, (), (), (), (), events)


def test_bars_stack_to_all_records_of_a_system():
    made = figure_events(result(timeline()))
    assert [t.name for t in made.data[:4]] == ["in order", "out of order", "days late", "sent again"]
    web = [sum(column) for column in zip(*(t.y for t in made.data[:4]), strict=True)]
    assert web == [9, 4, 0, 7]
    assert made.layout.barmode == "stack"
    assert [t.showlegend for t in made.data] == [True] * 4 + [False] * 4
    assert len({(t.marker.color, t.marker.pattern.shape) for t in made.data[:4]}) == 4
    assert len({t.marker.pattern.shape for t in made.data[:4]}) >= 3, "not by colour alone"


def test_silences_are_bands_with_their_length():
    made = figure_events(result(timeline()))
    assert [(s.x0, s.x1) for s in made.layout.shapes] == [("2026-03-12", "2026-03-20"), ("2026-03-09", "2026-03-29")]
    told = [a.text for a in made.layout.annotations]
    assert "silent<br>8 days" in told
    assert "ended<br>20 days" in told
    assert "<b>web</b>: 20 records · 3 dates in the future or decades off" in told


def test_the_title_is_the_message():
    assert title(timeline()) == (
        "Events on their way: 1 record came days late, 2 stand out of order, 1 was sent again, 1 silence and 1 system "
        "ended early"
    )
    clean = {"late": {}, "out_of_order": {}, "duplicated": {}, "silences": (), "ended": ()}
    assert title(timeline(**clean)) == "Events came in order, once, and without a silence"


def test_what_does_not_occur_is_not_in_the_legend():
    none = {"web": NONE, HOSTILE: NONE}
    made = figure_events(result(timeline(late=none, duplicated=none)))
    assert [t.name for t in made.data] == ["in order", "out of order"] * 2


def test_only_the_largest_systems_are_drawn_and_that_is_said():
    systems = tuple(f"s{i}" for i in range(7))
    zero = dict.fromkeys(systems, NONE)
    made = figure_events(result(timeline(
        systems=systems, records={s: (i + 1, 1, 1, 1) for i, s in enumerate(systems)}, late=zero, out_of_order=zero,
        duplicated=zero, future={}, silences=(), ended=(),
    )))  # fmt: skip
    assert len(made.data) == 5
    assert "2 smaller systems" in made.layout.annotations[0].text


def test_text_from_data_is_escaped():
    assert "<script>" not in figure_events(result(timeline())).to_json()


def test_it_has_units_and_a_description():
    made = figure_events(result(timeline()))
    assert made.layout.meta["description"].startswith("Events on their way")
    assert "records a week" in [made.layout.yaxis.title.text, made.layout.yaxis2.title.text]
    assert "week" in made.layout.xaxis2.title.text


def test_nothing_is_drawn_from_nothing():
    with pytest.raises(ValueError, match="needs dates"):
        figure_events(result(None))
