"""Charts of the metrics of a task."""

from __future__ import annotations

import pytest

from flightready.evaluation.metrics.result import Metric, RatingBin, SizeBin, TaskMetrics
from flightready.evidence import Interval
from flightready.figures.evaluation_metrics import figure_metrics


def metric(name, value, of="", unit="share"):
    return Metric(name, unit, value, Interval(value - 0.05, value + 0.05), 200, "how", of)


def bins(*counts):
    return tuple(RatingBin(1.0 + i, 2.0 + i, n) for i, n in enumerate(counts))


SHARES = TaskMetrics(
    "classification", "",
    (metric("accuracy", 0.8), metric("recall", 0.7, "b"), metric("F1", 0.75, "b"), metric("F1", 0.9, "<b>a</b>")),
    (metric("accuracy", 0.9),),
)  # fmt: skip
FIELDS = TaskMetrics("extraction", "", (metric("field", 0.7, "total"), metric("field", 0.9, "due")), ())
SIZES = TaskMetrics(
    "regression", "", (metric("within tolerance", 0.8),), (),
    raw_sizes=(SizeBin(None, 24.0, 40, 0.1, Interval(-0.2, 0.4)), SizeBin(24.0, None, 40, 9.0, Interval(7.0, 11.0))),
    curated_sizes=(SizeBin(24.0, None, 20, 1.0, Interval(-1.0, 3.0)),),
)  # fmt: skip
RATED = TaskMetrics(
    "scored", "", (metric("answers rated good", 0.3),), (metric("answers rated good", 0.7),),
    raw_ratings=bins(5, 15, 50, 30), curated_ratings=bins(0, 0, 0, 0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (SHARES, "Weakest class on raw data: b, 75 % found and rightly called (F1)"),
        (FIELDS, "Weakest field on raw data: total, right in 70 %"),
        (SIZES, "Raw answers lie too high by 9 where the true number is 24 or more"),
        (RATED, "30 % of answers are rated good on raw data"),
    ],
)
def test_the_title_says_the_answer_and_axes_have_units(found, title):
    made = figure_metrics(found)
    assert made.layout.title.text.replace("9.00", "9") == title
    assert made.layout.xaxis.title.text
    assert made.data


def test_shares_are_drawn_in_per_cent_and_names_are_escaped():
    made = figure_metrics(SHARES)
    raw = next(t for t in made.data if t.name == "raw data")
    assert list(raw.y) == ["accuracy", "b (F1)", "&lt;b&gt;a&lt;/b&gt; (F1)"]
    assert list(raw.x) == pytest.approx([80, 75, 90])
    assert {t.marker.symbol for t in made.data} == {"circle", "diamond"}


def test_sizes_stand_in_their_order_whatever_a_side_lacks():
    made = figure_metrics(SIZES)
    assert list(made.layout.yaxis.categoryarray) == ["24 or more", "below 24"]


def test_a_side_without_ratings_draws_no_empty_bars():
    made = figure_metrics(RATED)
    assert [t.name for t in made.data] == ["raw data"]
    assert sum(made.data[0].y) == pytest.approx(100)


def test_numbers_without_enough_records_of_a_size_show_the_share_instead():
    made = figure_metrics(TaskMetrics("regression", "", (metric("within tolerance", 0.8),), ()))
    assert made.layout.title.text == "Within tolerance: 80 % on raw data"
