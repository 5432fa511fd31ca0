"""The chart of what labels are worth: money where a point is priced, else certainty."""

import pytest

from flightready.evaluation.labels.result import LabelValue, Prior
from flightready.evaluation.labels.value import label_value
from flightready.evidence import Interval
from flightready.figures.evaluation_labels import figure_label_value


def valued(*, price=None, floor=0.85, right=8.0, wrong=2.0) -> LabelValue:
    ends = None if floor is None else Interval(floor, floor)
    prior = Prior(right, wrong, "measured")
    return label_value(prior, right=0, n_now=0, floor=ends, value_per_point=price, currency="USD")


def test_money_stands_beside_its_cost():
    made = figure_label_value(valued(price=10_000.0))
    worth, cost = made.data
    assert made.layout.title.text == "Labelling 200 more pays best"
    assert "USD" in made.layout.yaxis.title.text and list(cost.y) == [50, 250, 500, 1000, 2500, 5000]
    assert cost.marker.pattern.shape and not worth.marker.pattern.shape  # not by colour alone
    assert worth.y[3] == pytest.approx(23_059.15, abs=0.005)
    assert "knowing accuracy exactly" in made.layout.annotations[0].text


def test_labels_that_do_not_pay_are_said_not_to():
    assert (
        figure_label_value(valued(price=10.0)).layout.title.text
        == "More labels are not worth their cost for this decision"
    )


def test_without_a_price_it_is_the_chance_of_a_decision():
    made = figure_label_value(valued())
    shown = dict(zip(made.data[0].x, made.data[0].y, strict=True))
    assert list(shown) == ["10", "50", "100", "200", "500", "1,000"] and list(shown.values()) == sorted(shown.values())
    assert "decide the floor of 85 % in" in made.layout.title.text and made.layout.yaxis.title.text.endswith("%")


def test_without_a_floor_it_is_the_width():
    made = figure_label_value(valued(floor=None))
    assert made.layout.title.text.startswith("200 more labels bound accuracy to")
    assert list(made.data[0].y) == sorted(made.data[0].y, reverse=True)


def test_nothing_to_draw_is_refused():
    empty = LabelValue(Prior(1, 1, "measured"), 0, None, None, None, (), None, "USD", 5.0)
    with pytest.raises(ValueError, match="at least one number of labels"):
        figure_label_value(empty)
