"""An executed notebook as a chapter of a report: its words and outputs, without code and live controls."""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from nbconvert.exporters import TemplateExporter
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets.config import Config

from flightready.reports.charts import chart_html
from flightready.reports.execution import Executed
from flightready.reports.notebooks import INTERACTIVE_TAG
from flightready.reports.sanitise import clean_html, plain

TEMPLATES = Path(__file__).with_name("templates")
PLOTLY_MIME = "application/vnd.plotly.v1+json"
_LEFT_OUT = {"parameters", "injected-parameters", "remove-cell", INTERACTIVE_TAG}
_SHOWN_FIRST = [PLOTLY_MIME, "text/html", "text/markdown", "image/png", "image/jpeg", "text/plain"]
_HEADING = re.compile(r"^(#{1,2}) +(.+?)\s*#*\s*$", re.MULTILINE)
_HTML_HEADING = re.compile(r"<(/?)h([1-6])\b[^>]*>")


@dataclass(frozen=True)
class Section:
    """A part of a chapter: its heading in words and the anchor that links to it."""

    heading: str
    anchor: str


@dataclass(frozen=True)
class Chapter:
    """A notebook as it is read: its question as title, its sections with anchors, its HTML, any problem."""

    name: str
    title: str
    anchor: str
    sections: tuple[Section, ...]
    html: str
    problem: str = ""


def chapter(executed: Executed) -> Chapter:
    """Return an executed notebook as a chapter.

    Cells tagged `parameters`, `injected-parameters`, `interactive` or `remove-cell` are left out, and so is a
    section that holds nothing but live controls. A notebook that stopped ends with the reason.
    """
    anchor = "chapter-" + re.sub(r"[^a-z0-9]+", "-", executed.name.casefold()).strip("-")
    cells = _readable(_until(executed.node.cells, executed.failed_cell))
    title, cells = _split_title(cells, executed.name)
    node = copy.copy(executed.node)
    node.cells = list(cells)
    html, _resources = _exporter().from_notebook_node(node)
    html, sections = _anchored(html, anchor)
    return Chapter(executed.name, title, anchor, sections, html, executed.problem)


def _until(cells: Sequence[NotebookNode], failed: str) -> Sequence[NotebookNode]:
    """Return the cells up to the one that failed; what follows was never worked out."""
    index = next((i for i, cell in enumerate(cells) if failed and cell.get("id") == failed), None)
    return cells if index is None else cells[: index + 1]


def _readable(cells: Iterable[NotebookNode]) -> list[NotebookNode]:
    sections: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and _HEADING.search(cell.source):
            sections.append([])
        sections[-1].append(cell)
    return [c for section in sections if not _only_live(section) for c in section if not _tags(c) & _LEFT_OUT]


def _only_live(section: Sequence[NotebookNode]) -> bool:
    code = [_tags(cell) for cell in section if cell.cell_type == "code"]
    return bool(code) and all(INTERACTIVE_TAG in tags for tags in code)


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", ()))


def _split_title(cells: Sequence[NotebookNode], name: str) -> tuple[str, list[NotebookNode]]:
    """Take the `#` title out of the first words; a notebook without one is called by its file name."""
    for index, cell in enumerate(cells):
        found = _HEADING.search(cell.source) if cell.cell_type == "markdown" else None
        if found and found.group(1) == "#":
            rest = copy.copy(cell)
            rest["source"] = (cell.source[: found.start()] + cell.source[found.end() :]).strip()
            kept = [*cells[:index], *([rest] if rest["source"] else []), *cells[index + 1 :]]
            return plain(words(found.group(2))), kept
    return re.sub(r"^\d+_", "", name).replace("_", " ").capitalize(), list(cells)


def words(source: str) -> str:
    """Return Markdown as HTML."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return clean_html(MarkdownWithMath(renderer=renderer).render(source))


def _anchored(html: str, prefix: str) -> tuple[str, tuple[Section, ...]]:
    """Set the headings one level lower, under the chapter's own, and give the sections their anchors."""
    found: list[Section] = []

    def lowered(match: re.Match[str]) -> str:
        closing, level = match.group(1), min(int(match.group(2)) + 1, 6)
        if closing or level != 3:
            return f"<{closing}h{level}>"
        heading = plain(html[match.end() : html.index("</h", match.end())])
        found.append(Section(heading, f"{prefix}-{len(found) + 1}"))
        return f'<h{level} id="{found[-1].anchor}">'

    return _HTML_HEADING.sub(lowered, html), tuple(found)


@functools.cache
def _exporter() -> TemplateExporter:
    """Return the exporter, made once: its template is compiled on first use."""
    exporter = TemplateExporter(
        config=Config({"NbConvertBase": {"display_data_priority": _SHOWN_FIRST}}),
        extra_template_basedirs=[str(TEMPLATES)], template_name="chapter", file_extension=".html",
    )  # fmt: skip
    for write in (words, clean_html, chart_html, printed, base64_only):
        exporter.register_filter(write.__name__, write)
    return exporter


def printed(text: str) -> str:
    """Return what a program printed, without colours of a terminal and with nothing that is HTML."""
    return escape(strip_ansi("".join(text)))


def base64_only(text: str) -> str:
    """Return a picture's bytes in base64 with everything else removed."""
    return re.sub(r"[^A-Za-z0-9+/=]", "", "".join(text))
