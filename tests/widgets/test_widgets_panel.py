"""The what-if panel: what it shows, and that nothing goes wrong in silence."""

import asyncio

import ipywidgets
import pytest

from flightready.errors import InputError
from flightready.figures.theme import figure
from flightready.pages.display import Table, answer
from flightready.widgets.panel import PLOTLY_MIME, Choice, Number, panel

USERS = Number("users", "Users per day", 500, 0, 2_000_000, 100, "users")
MODEL = Choice("model", "Model", ("small", ("The large one", "large")), "small")


def show(values):
    if values["users"] == 13:
        raise InputError("13 <users> is unlucky", valid="any other number")
    drawn = figure(f"{values['users']:,.0f} users of {values['model']}")
    drawn.add_bar(x=["a"], y=[100 / values["users"]])
    return drawn


@pytest.fixture
def live():
    return panel([USERS, MODEL], show)


def shown(live):
    return [output["data"]["text/plain"] for output in live.area.outputs]


def test_it_draws_at_once_from_the_start_values(live):
    assert shown(live) == ["500 users of small"]
    assert live.area.outputs[0]["data"][PLOTLY_MIME]["data"][0]["y"] == [0.2]
    assert isinstance(live, ipywidgets.VBox)


def test_a_changed_field_draws_again(live):
    live.fields["users"].value = 250
    live.fields["model"].value = "large"
    assert shown(live) == ["250 users of large"]
    assert live.values == {"users": 250, "model": "large"}


def test_every_field_has_its_label_with_the_unit(live):
    assert live.fields["users"].description == "Users per day (users)"
    assert live.fields["model"].description == "Model"
    assert not any(isinstance(f, ipywidgets.FloatSlider) for f in live.fields.values())


def test_a_value_outside_its_range_is_said_and_not_replaced(live):
    live.fields["users"].value = -5
    assert live.problem == "'Users per day' cannot be -5 users. Valid: 0 to 2,000,000 users."
    assert "role='alert'" in live.message.value
    assert "belongs to the last values that worked" in live.message.value
    assert live.fields["users"].value == -5
    assert shown(live) == ["500 users of small"]


def test_not_a_number_is_outside_every_range(live):
    live.fields["users"].value = float("nan")
    assert "cannot be nan" in live.problem


def test_an_input_error_is_a_sentence_and_is_escaped(live):
    live.fields["users"].value = 13
    assert live.problem == "13 <users> is unlucky. Valid: any other number."
    assert "&lt;users&gt;" in live.message.value


def test_a_defect_is_a_sentence_for_the_user_and_an_exception_for_a_test(live):
    live.fields["users"].value = 0
    assert "defect of the program, not of your input (ZeroDivisionError)" in live.problem
    with pytest.raises(ZeroDivisionError):
        live.update()
    with pytest.raises(ZeroDivisionError):
        live.update({"users": 0, "model": "small"})


def test_the_sentence_goes_when_the_input_is_right_again(live):
    live.fields["users"].value = 13
    live.fields["users"].value = 14
    assert (live.problem, live.message.value) == ("", "")
    assert shown(live) == ["14 users of small"]


def test_reset_returns_every_field_and_draws_once():
    drawn = []
    live = panel([USERS, MODEL], lambda values: drawn.append(values) or show(values))
    live.fields["users"].value, live.fields["model"].value = 13, "large"
    drawn.clear()
    live.reset_button.click()
    assert live.problem == ""
    assert drawn == [{"users": 500, "model": "small"}]


def test_sentences_tables_and_several_outputs_are_shown_in_order():
    rows = Table("Rows", ("Name",), [("<b>",)])
    live = panel([USERS, MODEL], lambda v: (answer("An answer"), None, rows, show(v), "plain"))
    kinds = [sorted(output["data"]) for output in live.area.outputs]
    assert kinds == [["text/html", "text/plain"], ["text/html", "text/plain"], [PLOTLY_MIME, "text/plain"],
                     ["text/plain"]]  # fmt: skip
    html = live.area.outputs[1]["data"]["text/html"]
    assert "&lt;b&gt;" in html
    assert html.startswith("<div class='mathjax_ignore'>")


def test_a_panel_that_fails_from_the_start_says_so_without_a_stale_picture():
    live = panel([USERS], lambda _: 1 / 0)
    assert live.area.outputs == ()
    assert "belongs to the last values" not in live.message.value
    assert "defect of the program" in repr(live)


@pytest.mark.parametrize("make", [
    lambda: Number("a", "A", 5, 6, 7, 1), lambda: Choice("a", "A", ("b",), "c"),
    lambda: panel([USERS, USERS], show),
])  # fmt: skip
def test_what_cannot_be_a_panel_is_refused(make):
    with pytest.raises(ValueError, match=r"starts outside|same name"):
        make()


def test_an_option_that_is_not_offered_is_refused(live):
    with pytest.raises(InputError, match=r"'Model' cannot be 'huge'. Valid: small, large"):
        MODEL.checked("huge")


def test_more_detail_comes_once_the_fields_are_left_alone(monkeypatch):
    monkeypatch.setattr("flightready.widgets.panel._QUIET_S", 0.02)
    drawn = []

    def shown(kind):
        return lambda values: drawn.append((kind, values["size"])) or answer(kind)

    async def typed():
        made = panel([Number("size", "Size", 1.0, 0, 10, 1)], shown("quick"), refine=shown("fine"))
        made.fields["size"].value = 2.0
        made.fields["size"].value = 3.0
        await asyncio.sleep(0.2)
        made.fields["size"].value = 99.0  # refused, so that nothing is refined
        await asyncio.sleep(0.1)

    asyncio.run(typed())
    assert drawn == [("quick", 1.0), ("quick", 2.0), ("quick", 3.0), ("fine", 3.0)]


def test_without_a_running_loop_the_quick_answer_stays():
    drawn = []
    made = panel([Number("size", "Size", 1.0, 0, 10, 1)], lambda v: drawn.append("quick"), refine=drawn.append)
    assert drawn == ["quick"]
    made.refine()
    assert drawn == ["quick", {"size": 1.0}]
