"""Notebooks in a real JupyterLab: run all, no error, charts drawn offline, live fields answer the keyboard."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from flightready.widgets.panel import PLOTLY_MIME

pytestmark = pytest.mark.browser

REAL = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
LIVE = """
from flightready.errors import InputError
from flightready.figures.theme import figure
from flightready.pages.display import answer
from flightready.widgets.panel import Choice, Number, panel
def show(values):
    drawn = figure(f"{values['users']:.0f} users of {values['model']}").add_bar(x=["$5", "$7"], y=[1, values["users"]])
    return drawn, answer("From $5 to $7 for <script>window.planted=1</script>")
controls = [Number("users", "Users per day", 500, 0, 1000, 100, "users"), Choice("model", "Model", ("a", "b"), "a")]
panel(controls, show)
"""
RUN_ALL = """async () => {
  const panel = jupyterapp.shell.currentWidget;
  const patience = new Promise((_, fail) => setTimeout(() => fail(new Error('no kernel')), 60000));
  await Promise.race([patience, panel.context.ready.then(() => panel.sessionContext.ready)]);
  await panel.sessionContext.session.kernel.info;
  await jupyterapp.commands.execute('notebook:run-all-cells');
}"""  # earlier is lost
ALL_CELLS_RAN = """() => {
  const cells = [...jupyterapp.shell.currentWidget.content.model.cells].filter(c => c.type === 'code');
  return cells.every(c => !c.sharedModel.source.trim() || c.executionCount !== null);
}"""
OUTPUTS = """() => [...jupyterapp.shell.currentWidget.content.model.cells]
  .filter(c => c.type === 'code').flatMap(c => c.sharedModel.outputs)"""
LIVE_CELLS = """() => [...jupyterapp.shell.currentWidget.content.model.cells]
  .map((c, index) => (c.getMetadata('tags') ?? []).includes('interactive') ? index : -1).filter(i => i >= 0)"""
PICTURE = """panel => [...panel.querySelectorAll('.js-plotly-plot')]
  .map(p => JSON.stringify([p.data, p.layout.title?.text])).join() + panel.querySelector('.jp-OutputArea')?.innerText"""


@pytest.fixture
def opened(visit, lab):
    def go(name: str):
        seen = visit(lab.address(name), width=1280, height=1400, allowed=(lab.base, "data:", "blob:"))
        seen.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        seen.page.wait_for_function("!!window.jupyterapp && !!jupyterapp.shell.currentWidget")
        seen.page.evaluate(RUN_ALL)
        seen.page.wait_for_function(ALL_CELLS_RAN, timeout=120_000)
        return seen

    return go


@pytest.fixture
def live(opened, lab):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    made = v4.new_notebook(cells=[v4.new_code_cell(LIVE)], metadata=kernel)
    nbformat.write(made, lab.folder / "notebooks" / "live.ipynb")
    seen = opened("notebooks/live.ipynb")
    seen.page.wait_for_selector(".widget-vbox .js-plotly-plot .main-svg")
    return seen


def test_a_field_changed_by_keyboard_redraws_the_chart(live):
    page = live.page
    users = page.get_by_label("Users per day (users)")
    assert page.locator(".gtitle").text_content() == "500 users of a"
    users.focus()
    users.press("ArrowUp")
    page.wait_for_function("document.querySelector('.gtitle')?.textContent === '600 users of a'")
    page.get_by_label("Model").select_option("b")
    page.wait_for_function("document.querySelector('.gtitle')?.textContent === '600 users of b'")
    page.locator("button.widget-button", has_text="Reset").click()
    page.wait_for_function("document.querySelector('.gtitle')?.textContent === '500 users of a'")
    assert users.input_value() == "500"
    assert live.outside == []


def test_a_wrong_value_is_said_and_not_replaced(live):
    users = live.page.get_by_label("Users per day (users)")
    users.fill("4000")
    users.press("Enter")
    alert = live.page.get_by_role("alert").filter(has_text="cannot be")
    alert.wait_for(state="visible")
    assert "'Users per day' cannot be 4,000 users. Valid: 0 to 1,000 users." in alert.text_content()
    assert users.input_value() == "4000"


def test_words_in_a_live_panel_are_words(live):
    """Two dollar signs are no formula, and a script in them is text."""
    shown = live.page.locator(".fr-prose").first
    assert shown.inner_text() == "From $5 to $7 for <script>window.planted=1</script>"
    assert live.page.evaluate("window.planted") is None


@pytest.mark.parametrize("name", [path.name for path in REAL])
def test_a_notebook_runs_in_full_and_its_fields_answer(opened, name):
    seen = opened(f"notebooks/{name}")
    outputs = seen.page.evaluate(OUTPUTS)
    assert [o["evalue"] for o in outputs if o["output_type"] == "error"] == []
    assert sum(PLOTLY_MIME in o.get("data", {}) for o in outputs) >= 2
    for index in seen.page.evaluate(LIVE_CELLS):
        _answers(seen.page, index)
    formulas = seen.page.locator(".jp-OutputArea-output mjx-container")
    assert formulas.all_inner_texts() == [], "amounts between two dollar signs were set as a formula"
    assert seen.outside == []


def _answers(page, index):
    """Scroll to a live cell (what is out of sight is not drawn), change its first field, and see a difference."""
    page.evaluate("index => jupyterapp.shell.currentWidget.content.scrollToItem(index, 'start')", index)
    panel = page.locator(f".jp-Cell[data-windowed-list-index='{index}'] .widget-vbox").first
    first = panel.locator("input[type=number], select").first
    first.wait_for()
    page.wait_for_function(f"panel => ({PICTURE})(panel)", arg=panel.element_handle())
    before = panel.evaluate(PICTURE)
    _change(first)
    handles = [panel.element_handle(), before]
    page.wait_for_function(f"([panel, before]) => ({PICTURE})(panel) !== before", arg=handles)
    assert panel.get_by_role("alert").count() == 0


def _change(field):
    if field.get_attribute("type") == "number":
        field.press("ArrowUp")
        return
    options = field.evaluate("select => [...select.options].filter(o => !o.selected).map(o => o.label)")
    if options:
        field.select_option(label=options[0])
