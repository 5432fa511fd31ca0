"""The page: what is in it, what is left out, and that nothing from data can act in it."""

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from nbformat import v4

from flightready.evidence import State
from flightready.reports.chapters import chapter
from flightready.reports.charts import chart_html, inert_json, packed_plotly, plotly_source
from flightready.reports.engine import Executed
from flightready.reports.provenance import InputFile, Provenance
from flightready.reports.render import Banner, render
from flightready.reports.sanitise import clean_html

HOSTILE = "</script><script>window.planted=1</script>"
REASONS = ("It costs too much.", HOSTILE)
BANNER = Banner("NO-GO", State.FAIL, "Not yet: 74 % are right.", REASONS, (("Phase", "pilot"),))
MADE_FROM = Provenance((InputFile("curated <1>.csv", "ab" * 32, 1_234),), {"python": "3.11"}, 7, "2026-10-15")


class Elements(HTMLParser):
    """Collects tags, attributes and ids as a browser would see them."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.ids, self.links, self.attributes = [], [], [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs.get("type")))
        self.attributes |= set(attrs)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs["href"]] if "href" in attrs else []


@pytest.fixture(scope="module")
def page(run) -> str:
    return render(HOSTILE, BANNER, run.notebooks, MADE_FROM)


@pytest.fixture(scope="module")
def good(run):
    return chapter(run.notebooks[0])


def test_a_chapter_has_its_question_and_its_sections(good):
    assert (good.title, good.anchor) == ("What does it cost?", "chapter-01-good")
    assert [s.heading for s in good.sections] == ["Answer", "Sources"]
    assert '<h3 id="chapter-01-good-1">Answer</h3>' in good.html


def test_code_live_controls_and_hidden_cells_are_left_out(good):
    for gone in ("users_per_day", "display.answer", "Move it", "What if", "not in the report", "1 / 0"):
        assert gone not in good.html


def test_words_are_rendered_as_written(good):
    assert "It is $5, so <code>a &lt; b</code>, and <em>not</em> $x_1$ &amp; co." in good.html


def test_a_chart_has_caption_description_and_data(good):
    figure = re.search(r"<figure.*?</figure>", good.html, re.DOTALL).group()
    assert "<figcaption>Cost grows with use</figcaption>" in figure
    assert 'role="img" aria-label="window.planted=1"' in figure
    data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', figure).group(1))
    assert data["data"][0]["x"] == ["demo", HOSTILE]
    assert "title" not in data["layout"]


@pytest.mark.parametrize(("traces", "more", "top"), [
    ([{}], {}, 12), ([{}, {}], {}, 32), ([{}, {}], {"showlegend": False}, 12), ([{"type": "pie"}], {}, 32),
    ([{}, {"showlegend": False}], {}, 12), ([{"showlegend": True}], {}, 32),
    ([{}], {"annotations": [{"yref": "paper", "text": "a"}]}, 32), ([{}], {"xaxis": {"side": "top"}}, 32),
])  # fmt: skip
def test_the_room_of_the_title_goes_with_it(traces, more, top):
    """38 px for the title, the rest of 70 px only where a legend or a note stands above the drawing."""
    figure = {"data": traces, "layout": {"title": {"text": "T"}, "height": 400, "margin": {"t": 70}, **more}}
    layout = json.loads(re.search(r"json\">(.*)</script>", chart_html(figure)).group(1))["layout"]
    assert layout["margin"]["t"] == top
    assert 400 - layout["height"] == 70 - top
    assert figure["layout"]["title"] == {"text": "T"}


@pytest.mark.parametrize(("trace", "least"), [
    ({"type": "bar", "x": list("abcdefgh")}, 0),
    ({"type": "heatmap", "x": list("abc")}, 0),
    ({"type": "heatmap", "x": list("abcdefgh")}, 680),
    ({"type": "heatmap", "x": {"dtype": "f8", "bdata": ""}}, 0),
    ({"mode": "markers+text", "marker": {"size": 58}, "x": [1, 10]}, 850),
    ({"mode": "markers+text", "marker": {"size": 9}, "x": [1, 10]}, 0),
])  # fmt: skip
def test_words_inside_a_chart_keep_their_room_on_a_phone(trace, least):
    assert f"min-width:{least}px" in chart_html({"data": [trace]})


def test_a_chart_without_title_or_height_still_has_both_words_and_room():
    html = chart_html({"data": [{"y": [1]}]})
    assert 'aria-label="Chart" style="height:400px;' in html
    assert "figcaption" not in html


def test_printed_text_is_escaped_and_messages_are_folded(good):
    assert "&lt;/script&gt;&lt;script&gt;window.planted=1&lt;/script&gt;\n</pre>" in good.html
    assert '<details class="messages"><summary>Messages of the program</summary><pre>a warning' in good.html


def test_a_table_keeps_its_badge_and_its_alignment(good):
    assert "fr-state fr-pass" in good.html
    assert "text-align:left" in good.html


@pytest.mark.parametrize(("given", "left"), [
    ("<p onclick=x>a</p>", "<p>a</p>"),
    ("<script>a</script>b", "b"), ("<STYLE>a</style >b", "b"), ("<script>never closed", ""),
    ("<svg onload=a><a href=https://x>b</a></svg>", '<a href="https://x">b</a>'),
    ("<a href='javascript:1'>b</a>", "<a>b</a>"), ("<a href=' javascript:alert(1)'>b</a>", "<a>b</a>"),
    ("<img src=x onerror=a>", ""), ("<p id=content name=x>b</p>", "<p>b</p>"),
    ("<p style='background:url(//x);text-align:right'>b</p>", '<p style="text-align:right;">b</p>'),
    ("<form action=x><input><button>b</button></form>", "b"),
    ("<details open><summary>a</summary>b</details>", "<details><summary>a</summary>b</details>"),
])  # fmt: skip
def test_foreign_html_keeps_words_and_loses_what_acts(given, left):
    assert clean_html(given) == left


def test_only_the_page_s_own_scripts_can_run(page):
    scripts = [kind for tag, kind in Elements(page).tags if tag == "script"]
    assert scripts.count(None) == 3
    assert set(scripts) == {None, "application/json", "application/octet-stream"}
    policy = re.search(r'Security-Policy" content="([^"]*)"', page).group(1).replace("&#39;", "'")
    own = [plotly_source(), *re.findall(r"<script>(.*?)</script>", page, re.DOTALL)]
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in own]
    assert "script-src " + " ".join(f"'sha256-{d}'" for d in digests) + ";" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


def test_no_attribute_acts_and_nothing_is_loaded(page):
    seen = Elements(page)
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert not seen.attributes & {"src", "srcset", "action", "formaction", "background", "ping"}
    assert not {tag for tag, _ in seen.tags} & {"img", "iframe", "object", "embed", "form", "base", "svg"}


def test_every_link_inside_the_page_has_its_goal_and_ids_are_unique(page):
    seen = Elements(page)
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links if link.startswith("#")} <= set(seen.ids)


def test_the_verdict_comes_first_and_data_in_it_is_escaped(page):
    assert page.index("NO-GO") < page.index("What does it cost?")
    assert "Not yet: 74 % are right." in page
    assert "<h1>&lt;/script&gt;" in page


def test_a_stopped_chapter_says_so_at_the_top_and_at_its_end(page, run):
    assert "3 of 4 chapters could not be completed" in page
    assert page.count("This chapter stops here.") == 3
    assert "got 3. Valid: 4." in page
    assert "After" not in chapter(run.notebooks[1]).html
    assert "Traceback" not in page


def test_the_page_says_what_it_was_made_from(page):
    for told in ("curated &lt;1&gt;.csv", "1.2 kB", "ab" * 32, "2026-10-15", "<dd>7</dd>", "3.11"):
        assert told in page


def test_the_same_arguments_give_the_same_bytes(page, run):
    assert render(HOSTILE, BANNER, run.notebooks, MADE_FROM) == page


def test_rendering_leaves_the_notebook_as_it_was(run):
    before = json.dumps(run.notebooks[0].node)
    chapter(run.notebooks[0])
    assert json.dumps(run.notebooks[0].node) == before


def test_the_library_is_packed_once_and_whole(page):
    assert page.count(packed_plotly()) == 1
    assert gzip.decompress(base64.b64decode(packed_plotly())).decode() == plotly_source()
    assert len(page) < 2_500_000


def test_a_report_without_chapters_or_inputs_still_stands():
    banner = Banner("CANNOT TELL YET", State.UNKNOWN, "Bring data.")
    html = render("Nothing yet", banner, (), Provenance((), {}, 0, ""))
    assert "No input file" in html
    assert "could not be completed" not in html


def test_a_section_with_a_figure_beside_its_controls_stays():
    cells = [v4.new_markdown_cell("## What if"), v4.new_code_cell("x", metadata={"tags": ["interactive"]}),
             v4.new_code_cell("y", outputs=[v4.new_output("stream", text="seen")])]  # fmt: skip
    made = chapter(Executed("02_no_title", v4.new_notebook(cells=cells)))
    assert made.title == "No title"
    assert "What if" in made.html and "seen" in made.html


def test_pictures_and_markdown_from_outputs_are_taken_as_such():
    cells = [v4.new_code_cell("", outputs=[
        v4.new_output("display_data", data={"image/png": 'iVBOR"><script>\n'}),
        v4.new_output("display_data", data={"text/markdown": "**bold** <script>x</script>"}),
        v4.new_output("display_data", data={"application/javascript": "x", "text/plain": "<only this>"}),
    ])]  # fmt: skip
    html = chapter(Executed("01_x", v4.new_notebook(cells=cells))).html
    assert 'src="data:image/png;base64,iVBORscript"' in html
    assert "<strong>bold</strong>" in html and "<script" not in html
    assert "&lt;only this&gt;" in html


@pytest.mark.parametrize("text", [HOSTILE, "<!--", "&lt;", "\u2028", '"', "'"])
def test_json_in_the_page_cannot_be_left_and_reads_back(text):
    written = inert_json({"a": text})
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written) == {"a": text}


def test_an_input_file_is_known_by_its_digest(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"abc")
    known = InputFile.of(tmp_path / "a.csv", "data/a.csv")
    # SHA-256 of "abc": FIPS 180-2, appendix B.1
    assert known == InputFile("data/a.csv", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3)
