"""What of an output's HTML may stand in a report: words, tables and emphasis; nothing that runs or loads."""

from __future__ import annotations

import functools
import re
from html import unescape

from nbconvert.preprocessors.sanitize import SanitizeHTML

_WORDS = ("b", "br", "em", "i", "span", "strong", "sub", "sup")
_BLOCKS = (
    "blockquote", "caption", "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "kbd", "li", "ol", "p", "pre", "small", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
)  # fmt: skip
# the page's own style sheet rules; only what carries meaning passes, and nothing that could name an address
_STYLES = (
    "text-align", "vertical-align", "font-weight", "font-style", "white-space", "color", "background-color",
)  # fmt: skip
_ADDRESS = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
_UNSPOKEN = re.compile(r"<(script|style|iframe|object|template|noscript)\b.*?(</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def _is_address(_tag: str, name: str, value: str) -> bool:
    return name == "href" and bool(_ADDRESS.match(value.strip()))


_ATTRIBUTES = {
    "*": ["class", "style", "title", "lang", "role"],
    "a": _is_address, "col": ["span"], "colgroup": ["span"], "ol": ["start"],
    "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan", "scope"],
}  # fmt: skip


@functools.cache
def _cleaner(*, only_words: bool) -> SanitizeHTML:
    tags = _WORDS if only_words else (*_WORDS, *_BLOCKS, "a")
    return SanitizeHTML(tags=list(tags), attributes=_ATTRIBUTES, styles=list(_STYLES), strip=True)


def clean_html(html: str) -> str:
    """Return HTML with only words, tables, lists, links and their plain looks left."""
    return _cleaner(only_words=False).sanitize_html_tags(_UNSPOKEN.sub("", html))


def clean_words(html: str) -> str:
    """Return one line of HTML with only emphasis and line breaks left."""
    return _cleaner(only_words=True).sanitize_html_tags(_UNSPOKEN.sub("", html))


def plain(html: str) -> str:
    """Return the words of a line of HTML.

    Examples
    --------
    >>> plain("a <b>b</b> &amp; c")
    'a b & c'
    """
    return " ".join(unescape(_TAG.sub(" ", html)).split())
