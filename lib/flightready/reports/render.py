"""One self-contained page per pilot: the verdict, the chapters in order, and what it was all made from.

The page asks for nothing from any network and runs no script but its own: its content security policy
names them by their SHA-256, so that a script which came in with data cannot run, even past the cleaning.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from flightready.evidence import State
from flightready.figures.theme import STATE_COLOUR
from flightready.narrative.glance import Figure
from flightready.narrative.readiness import STATE_SYMBOL
from flightready.reports.chapters import TEMPLATES, Chapter, chapter
from flightready.reports.charts import packed_plotly, plotly_source
from flightready.reports.execution import Executed
from flightready.reports.provenance import Provenance, size_in_words


@dataclass(frozen=True)
class Banner:
    """What stands at the top of a report.

    Parameters
    ----------
    word : str
        The verdict in a word or two, such as NO-GO.
    state : State
        Which of the four looks the verdict has: PASS, FAIL, UNKNOWN or N/A.
    headline : str
        The verdict in a sentence.
    reasons : tuple of str
        The most important reasons, three at most, the weightiest first.
    details : tuple of (str, str)
        A few facts beside it, such as ("Phase", "pilot").
    figures : tuple of Figure
        The pilot in a few figures, each with its range and state.
    """

    word: str
    state: State
    headline: str
    reasons: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    figures: tuple[Figure, ...] = ()


def render(title: str, verdict: Banner, chapters: Sequence[Executed | Chapter], provenance: Provenance) -> str:
    """Return the whole report as one HTML page; the same arguments give the same bytes.

    Parameters
    ----------
    title : str
        The pilot's name.
    verdict : Banner
    chapters : sequence of Executed or Chapter
        Executed notebooks in reading order; one that stopped half-way is shown as far as it got.
    provenance : Provenance
    """
    made = tuple(part if isinstance(part, Chapter) else chapter(part) for part in chapters)
    page = _environment().get_template("page.html.j2")
    scripts = {name: _asset(f"{name}.js") for name in ("head", "charts", "page")}
    return page.render(
        title=title, verdict=verdict, chapters=made, provenance=provenance, size=size_in_words,
        symbol=STATE_SYMBOL[verdict.state], colour=STATE_COLOUR[verdict.state], colours=STATE_COLOUR,
        style=_asset("report.css"),
        scripts=scripts, plotly=Markup(packed_plotly()), policy=_policy((plotly_source(), *scripts.values())),
    )  # fmt: skip


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


@functools.cache
def _asset(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


@functools.cache
def _policy(sources: tuple[str, ...]) -> str:
    digests = (hashlib.sha256(source.encode()).digest() for source in sources)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )
