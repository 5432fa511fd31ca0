"""Charts of confidence, triage and candidates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flightready.evaluation.shares.accuracy import accuracy
from flightready.evaluation.triage.calibration import calibrated
from flightready.evaluation.triage.calibration_result import Calibration
from flightready.evaluation.triage.candidates import with_beaten
from flightready.evaluation.triage.candidates_result import Option
from flightready.evaluation.triage.result import Triage
from flightready.figures import evaluation_triage as figures


@pytest.fixture
def found() -> Triage:
    """298 of 400 right at four levels of confidence."""
    kept, right = np.array([400, 400, 300, 200, 100, 0]), np.array([298, 298, 258, 188, 98, 0])
    shares = np.tile(1 - kept / 400, (50, 1)), np.tile((kept - right) / 400, (50, 1))
    thresholds = np.array([0.0, 0.4, 0.6, 0.8, 0.95, np.nextafter(1, 2)])
    return Triage(400, 0, 298, thresholds, kept, right, kept.astype(float), *shares, 0.85, 0.8, None, None, None, 0.95,
                  5.0, 1.0, False, "EUR")  # fmt: skip


def side(too_sure=0.0):
    rng = np.random.default_rng(3)
    said = rng.uniform(0.5, 1, 400)
    return calibrated(said, rng.random(400) < said - too_sure, np.arange(400), rng)


def test_reliability_shows_both_sides_their_intervals_and_the_diagonal():
    made = figures.figure_reliability(Calibration(side(0.2), side()))
    assert made.layout.title.text.startswith("On raw data the pilot is too sure of itself by ")
    assert [t.name for t in made.data] == ["demo set (400 records)", "raw data (400 records)", "as sure as right"]
    assert made.data[0].marker.symbol != made.data[1].marker.symbol
    raw, bins = made.data[1], side(0.2).bins
    assert raw.y[0] + raw.error_y.array[0] == pytest.approx(100 * bins[0].right.interval.high)
    assert len(figures.figure_reliability(Calibration(side(), None)).data) == 2


def test_kept_answers_are_drawn_by_share_used_with_floor_and_mark(found):
    made = figures.figure_kept(found)
    line, mark = made.data[1], made.data[2]
    assert list(line.x) == [100, 100, 75, 50, 25]
    assert (mark.x[0], mark.y[0]) == (50, pytest.approx(94))
    assert {a.text for a in made.layout.annotations} == {"floor 85 %", "proposed 0.8"}
    assert figures.figure_kept(found, threshold=0.6).layout.title.text.startswith("Supposed: 75 % used")
    without = replace(found, proposed=None)
    assert figures.figure_kept(without).layout.title.text.startswith("No confidence parts off")


def test_cost_has_its_lowest_point_and_the_threshold_in_money(found):
    made = figures.figure_threshold_cost(found)
    assert made.layout.title.text == "Cheapest with 50 % of answers to people: €7,750 in 10,000 cases"
    assert "EUR in 10,000 cases" in made.layout.yaxis.title.text
    assert [t.name for t in made.data][-1] == "proposed threshold"


def test_what_is_beaten_is_hollow_on_the_frontier():
    options = with_beaten([Option("the pilot", True, accuracy(80, 100), 0.02, 2.0),
                           Option("<b>small</b>", False, accuracy(85, 100), 0.001, 0.3),
                           Option("free", False, accuracy(70, 100), None, None)])  # fmt: skip
    made = figures.figure_frontier(options, currency="USD")
    assert made.layout.title.text == "Cheaper and better than the pilot: &lt;b&gt;small&lt;/b&gt;"
    assert {t.marker.symbol for t in made.data} == {"diamond-open", "circle"}
    assert made.layout.xaxis.type == "log" and "95 of 100 in 300 ms" in made.data[1].text[0]


def test_nothing_is_drawn_from_nothing(found):
    with pytest.raises(ValueError, match="needs"):
        figures.figure_reliability(Calibration(None, side()))
    with pytest.raises(ValueError, match="needs"):
        figures.figure_threshold_cost(replace(found, error_cost=None))
    with pytest.raises(ValueError, match="needs"):
        figures.figure_kept(replace(found, kept=np.full(6, 3)))
    with pytest.raises(ValueError, match="needs"):
        figures.figure_frontier((Option("x", True, accuracy(1, 2), None, None),), currency="USD")
