"""Charts in a page that opens offline: figures as inert data, plotly.js packed once, drawn in the browser."""

from __future__ import annotations

import base64
import copy
import functools
import gzip
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from plotly.offline import get_plotlyjs

from flightready.reports.sanitise import clean_words, plain

DEFAULT_HEIGHT_PX = 400
_TITLE_PX = 38
"""Room that a title takes inside a figure; the page sets it as a caption instead, where it can wrap."""
_CELL_PX, _CELLS_THAT_FIT = 85, 6
_LARGEST_ROUNDED = 1e6
_BARE_TOP_PX = 12
"""Room above a chart that has neither legend nor notes there."""


def chart_html(figure: Mapping[str, Any]) -> str:
    """Return a figure as HTML: caption, place to draw in, words instead of the picture, and its data.

    Parameters
    ----------
    figure : mapping
        Content of the plotly mime type: `data` and `layout`.
    """
    layout = copy.deepcopy(dict(figure.get("layout", {})))
    title = _pop_title(layout, figure.get("data", []))
    meta = layout.pop("meta", None)
    described = meta.get("description") if isinstance(meta, Mapping) else None
    words = plain(str(described or title or "Chart"))
    caption = f"<figcaption>{clean_words(title)}</figcaption>" if title else ""
    traces = figure.get("data", [])
    room = f"height:{int(layout['height'])}px;min-width:{_least_width_px(traces)}px"
    return (
        f'<figure class="chart">{caption}<div class="room">'
        f'<div class="plot" role="img" aria-label="{escape(words)}" style="{room}">'
        f'<p class="instead">{escape(words)}</p></div></div>'
        f'<script type="application/json">{inert_json({"data": _short(traces), "layout": layout})}</script></figure>'
    )


def _short(content: Any) -> Any:
    """Return traces with numbers of no more digits than a screen shows; times as milliseconds stay as they are.

    Examples
    --------
    >>> _short([{"x": [75.47803617571059, 1760486400000.5], "name": "raw"}])
    [{'x': [75.478, 1760486400000.5], 'name': 'raw'}]
    """
    if isinstance(content, float):
        return float(f"{content:.6g}") if abs(content) < _LARGEST_ROUNDED else content
    if isinstance(content, Mapping):
        return {key: _short(value) for key, value in content.items()}
    return [_short(value) for value in content] if isinstance(content, list | tuple) else content


def _least_width_px(traces: Sequence[Mapping[str, Any]]) -> int:
    """Return the width below which words inside a chart run into one another; narrower windows scroll it."""
    columns = [_columns(trace) for trace in traces]
    most = max(columns, default=0)
    return _CELL_PX * most if most > _CELLS_THAT_FIT else 0


def _columns(trace: Mapping[str, Any]) -> int:
    """Return how many words stand side by side in a trace that has words inside its cells or markers."""
    x = trace.get("x")
    if "%{z" in str(trace.get("texttemplate")):  # short numbers, not words
        return 0
    size = (trace.get("marker") or {}).get("size")
    in_markers = "text" in str(trace.get("mode")) and isinstance(size, int | float) and size > _CELL_PX / 2
    if not isinstance(x, list) or not x or not (in_markers or trace.get("type") == "heatmap"):
        return 0
    numbers = [value for value in x if isinstance(value, int | float)]
    return round(max(numbers) - min(numbers)) + 1 if numbers else len(set(map(str, x)))


def _pop_title(layout: dict[str, Any], traces: Sequence[Mapping[str, Any]]) -> str:
    """Take the title out of a layout, and the room that it needed."""
    height = layout.get("height") or DEFAULT_HEIGHT_PX
    title = layout.pop("title", None)
    text = str(title.get("text") or "") if isinstance(title, Mapping) else str(title or "")
    if text:
        margin = layout.setdefault("margin", {})
        template = layout.get("template", {}).get("layout", {}).get("margin", {})
        top = margin.get("t", template.get("t", _TITLE_PX + _BARE_TOP_PX))
        margin["t"] = max(top - _TITLE_PX, _BARE_TOP_PX) if _has_header(layout, traces) else _BARE_TOP_PX
        height -= top - margin["t"]
    layout["height"] = height
    return text


def _has_header(layout: Mapping[str, Any], traces: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a legend or a note may stand above the drawing."""
    named = sum(trace.get("showlegend", True) for trace in traces)
    asked = any(trace.get("showlegend") or trace.get("type") == "pie" for trace in traces)
    legend = layout.get("showlegend", asked or named > 1)
    notes = [a for a in layout.get("annotations", ()) if "paper" in str(a.get("yref", "")) or "domain" in str(a)]
    sides = any(axis.get("side") == "top" for key, axis in layout.items() if key.startswith("xaxis"))
    return bool(legend or notes or sides)


def inert_json(content: Any) -> str:
    """Return JSON that no HTML parser can leave by a tag, a comment or an entity.

    Examples
    --------
    >>> inert_json("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@functools.cache
def packed_plotly() -> str:
    """Return plotly.js as gzip in base64: a third of its size, the same bytes in every run."""
    return base64.b64encode(gzip.compress(plotly_source().encode(), 9, mtime=0)).decode()


@functools.cache
def plotly_source() -> str:
    """Return the script of the installed plotly, as the page will run it."""
    return get_plotlyjs()
