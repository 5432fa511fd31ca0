"""The report in a real browser: offline, whole, harmless, and readable on a screen, a phone and paper.

Further reports are opened too when FLIGHTREADY_REPORTS names them (paths separated as in PATH).
"""

from __future__ import annotations

import json
import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from nbformat import v4

from flightready.evidence import State
from flightready.figures.theme import figure
from flightready.pages.display import Table, answer
from flightready.reports.engine import Executed
from flightready.reports.provenance import InputFile, Provenance
from flightready.reports.render import Banner, render

pytestmark = pytest.mark.browser

OTHERS = [p for p in os.environ.get("FLIGHTREADY_REPORTS", "").split(os.pathsep) if p]
HOSTILE = "</script><script>window.planted=1</script><img src=x onerror=window.planted=1>"
LONG = "The cost of every answer grows faster than the number of users, so that the budget is spent by the 11th"


def output(shown) -> dict:
    if hasattr(shown, "to_json"):
        data = {"application/vnd.plotly.v1+json": json.loads(shown.to_json())}
    else:
        data = {"text/html": shown._repr_html_() if hasattr(shown, "_repr_html_") else shown}
    return v4.new_output("display_data", data=data)


def notebook(*cells) -> Executed:
    made = [v4.new_markdown_cell(c) if isinstance(c, str) else v4.new_code_cell("", outputs=[c]) for c in cells]
    return Executed(f"0{len(cells)}_made", v4.new_notebook(cells=made))


def bars(title, names):
    made = figure(title, x="Share of requests", y="Stage", description=f"Bars of {HOSTILE}")
    made.add_bar(y=names, x=[3, 1, 2], orientation="h", name="Demo set")
    made.add_bar(y=names, x=[5, 4, 1], orientation="h", name="Production")
    return made


@pytest.fixture(scope="session")
def toy(tmp_path_factory) -> str:
    wide = Table("A wide table", ("State", "What", "Finding", "Grade", "n", "What would decide"),
                 [("PASS", "x" * 30, "a long finding " * 12, "measured", "1,200", HOSTILE)] * 12)  # fmt: skip
    raw = f"<p onclick='window.planted=1'>raw{HOSTILE}<a href='javascript:window.planted=1'>link</a></p>"
    parts = [
        notebook("# What does it cost?", "## Answer", output(answer("It costs $5 to $7.", HOSTILE)), "## Evidence",
                 output(bars(LONG, ["search", "a long name of a stage", HOSTILE])), output(wide)),
        notebook("# " + LONG + "?", "## Answer", output(raw), output(bars("Short", ["a", "b", "c"]))),
    ]  # fmt: skip
    banner = Banner("NO-GO", State.FAIL, LONG, (HOSTILE, LONG, "Short."), (("Phase", "pilot"),))
    inputs = tuple(InputFile(f"data/{name}.csv", name * 64, 10_000) for name in "abc")
    path = tmp_path_factory.mktemp("toy") / "report.html"
    html = render("A toy " + HOSTILE, banner, parts, Provenance(inputs, {"python": "3.11"}, 7, "2026-10-15"))
    path.write_text(html, encoding="utf-8")
    return str(path)


@pytest.fixture(params=["toy", *OTHERS])
def address(request, toy) -> str:
    return Path(toy if request.param == "toy" else request.param).resolve().as_uri()


def drawn(visited) -> int:
    visited.page.wait_for_selector("html[data-charts-drawn]", state="attached")  # a function would need eval
    return visited.page.evaluate("window.flightreadyChartsDrawn")


def test_it_opens_without_a_network_and_every_chart_is_drawn(visit, address):
    seen = visit(address)
    charts = seen.page.locator("figure.chart").count()
    assert drawn(seen) == charts > 0
    assert seen.page.locator("figure.chart .svg-container").count() == charts
    assert seen.page.locator("figure.chart .instead").count() == 0
    assert seen.outside == []
    assert seen.complaints == []


def test_nothing_from_data_is_executed(visit, address):
    seen = visit(address)
    drawn(seen)
    for link in seen.page.locator("main a").all():
        assert (link.get_attribute("href") or "#").startswith(("#", "http", "mailto:"))
    assert seen.page.evaluate("window.planted") is None


def test_a_planted_script_is_stopped_by_the_page_s_policy(visit, toy, tmp_path):
    """Even what got past the cleaning cannot run: the policy knows the page's own scripts only."""
    planted = "<script>window.planted=1</script><b onclick='window.planted=2' id='b'>b</b>"
    path = tmp_path / "planted.html"
    html = Path(toy).read_text(encoding="utf-8")
    path.write_text(re.sub("<main [^>]*>", lambda m: m.group() + planted, html), encoding="utf-8")
    seen = visit(path.as_uri())
    assert drawn(seen) == 2
    seen.page.evaluate("document.getElementById('b').click()")
    assert seen.page.evaluate("window.planted") is None
    assert any("Content Security Policy" in complaint for complaint in seen.complaints)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844), (820, 1180), (1920, 1080)])
def test_nothing_is_wider_than_the_window(visit, address, width, height):
    seen = visit(address, width=width, height=height)
    drawn(seen)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    for chart in seen.page.locator("figure.chart .room").all():
        box = chart.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


def test_the_verdict_is_in_the_first_window(visit, address):
    seen = visit(address)
    for part in (".badge", ".headline", ".reasons li >> nth=0"):
        box = seen.page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] < 720


def test_on_paper_charts_fit_and_the_contents_are_gone(visit, address):
    """A4 less its margins is 182 mm wide, 688 CSS pixels; charts were drawn for a wider screen."""
    seen = visit(address)
    drawn(seen)
    seen.page.emulate_media(media="print")
    seen.page.set_viewport_size({"width": 688, "height": 1000})
    assert not seen.page.locator("nav.contents").is_visible()
    for chart in seen.page.locator("figure.chart .svg-container").all():
        box = chart.bounding_box()
        layer = chart.locator(".main-svg").first.bounding_box()
        assert box["width"] <= 688
        assert all(abs(layer[side] - box[side]) < 2 for side in box), "the drawing is scaled with its box"
    assert len(seen.page.pdf(prefer_css_page_size=True)) > 10_000


def test_without_scripts_the_words_are_there(visit, address):
    seen = visit(address, java_script_enabled=False)
    assert seen.page.locator(".verdict").is_visible()
    assert seen.page.locator("figure.chart .instead").first.is_visible()
    assert seen.page.get_by_text("Charts need JavaScript").is_visible()


def test_contents_lead_to_the_chapters(visit, address):
    seen = visit(address)
    link = seen.page.locator("nav.contents a[data-chapter]").nth(1)
    link.click()
    goal = seen.page.locator(f"[id='{link.get_attribute('data-chapter')}']")
    assert goal.evaluate("e => e === document.querySelector(location.hash)")
    seen.page.locator("nav.contents a[aria-current]", has_text=link.inner_text()).wait_for()
    assert goal.locator("h2").bounding_box()["y"] < 720


def test_on_a_phone_the_contents_are_folded_and_open_by_a_tap(visit, address):
    seen = visit(address, width=390, height=844)
    contents = seen.page.locator("nav.contents")
    assert not contents.locator("a").first.is_visible()
    contents.locator("summary").click()
    assert contents.locator("a").first.is_visible()
    contents.locator("a").first.click()
    assert not contents.locator("a").first.is_visible()


def test_every_chart_has_a_name_and_headings_step_by_one(visit, address):
    seen = visit(address)
    drawn(seen)
    for chart in seen.page.locator("figure.chart .plot").all():
        assert chart.get_attribute("role") == "img"
        assert chart.get_attribute("aria-label")
    levels = seen.page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
