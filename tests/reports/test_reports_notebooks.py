"""Finding notebooks and reading what they declare."""

import pytest
from nbformat import v4, write

from flightready.errors import InputError
from flightready.reports import notebooks


def made(folder, name, source):
    cell = v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    path = folder / f"{name}.ipynb"
    write(v4.new_notebook(cells=[v4.new_code_cell("import flightready as fr"), cell]), path)
    return path


@pytest.fixture
def two(tmp_path):
    return (
        made(tmp_path, "03_cost_at_scale", 'assessment = "a"  # folder\nusers = 0.0  # >= 0\nmodel = ""'),
        made(tmp_path, "04_latency_budget", "users: float | None = 2  # größer, = ok\nn = -1\nnight = True"),
    )


def test_annotations_and_comments_with_signs_do_not_hide_a_parameter(two):
    declared = notebooks.parameters(two[1])
    assert [(p.name, p.default, p.help) for p in declared.values()] == [
        ("users", 2, "größer, = ok"), ("n", -1, ""), ("night", True, ""),
    ]  # fmt: skip


def test_help_follows_a_value_that_holds_a_hash_and_other_letters(tmp_path):
    path = made(tmp_path, "01_x", 'name = "größe # 1"  # what it is')
    assert notebooks.parameters(path)["name"] == notebooks.Parameter("name", "größe # 1", "what it is")


def test_a_notebook_without_parameters_declares_none(tmp_path):
    path = tmp_path / "01_x.ipynb"
    write(v4.new_notebook(cells=[]), path)
    assert notebooks.parameters(path) == {}


def test_each_notebook_gets_its_own_values_in_its_own_types(two):
    given = {"users": "80_000", "night": "no", "model": "m"}
    assert notebooks.values_for(two[0], given) == {"users": 80_000.0, "model": "m"}
    latency = notebooks.values_for(two[1], given)
    assert latency == {"users": 80_000, "night": False}
    assert isinstance(latency["users"], int)


@pytest.mark.parametrize(("name", "value", "valid"), [
    ("users", "many", "a whole number"),
    ("users", "1.5", "a whole number"),
    ("night", "perhaps", "yes or no"),
])  # fmt: skip
def test_a_value_of_the_wrong_type_is_refused(two, name, value, valid):
    with pytest.raises(InputError, match=f"'{name}' cannot be '{value}'. Valid: {valid}"):
        notebooks.values_for(two[1], {name: value})


def test_an_unknown_name_gets_the_nearest(two):
    with pytest.raises(InputError, match=r"'user'.*Valid: .*users.*Did you mean 'users'\?"):
        notebooks.check_names(["user"], two, reserved=("assessment",))
    with pytest.raises(InputError, match="assessment"):
        notebooks.check_names(["assessment"], two, reserved=("assessment",))


@pytest.mark.parametrize("name", ["03", "cost", "03_cost_at_scale", "03_cost_at_scale.ipynb", "COST"])
def test_only_takes_a_number_a_name_or_a_part(two, tmp_path, name):
    assert notebooks.select([name], within=tmp_path) == (two[0],)


def test_only_keeps_reading_order_and_refuses_what_it_does_not_know(two, tmp_path):
    assert notebooks.select(["latency", "cost"], within=tmp_path) == two
    assert notebooks.select(within=tmp_path) == two
    with pytest.raises(InputError, match="several notebooks: 03_cost_at_scale, 04_latency_budget"):
        notebooks.select(["_"], within=tmp_path)
    with pytest.raises(InputError, match=r"no notebook 'coast_at_scale'.*Did you mean '03_cost_at_scale'"):
        notebooks.select(["coast_at_scale"], within=tmp_path)


def test_missing_notebooks_are_said(monkeypatch):
    monkeypatch.setattr(notebooks, "root", lambda: None)
    with pytest.raises(InputError, match="pip install -e"):
        notebooks.folder()
