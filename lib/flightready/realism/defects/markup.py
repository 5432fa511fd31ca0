"""Active content: markup, scripts and spreadsheet formulas that run where a value is shown or opened."""

from __future__ import annotations

import html
import re

from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection

_TAGS = (
    "abbr|applet|audio|b|blockquote|body|br|canvas|center|dd|div|dl|dt|em|embed|fieldset|frameset|h[1-6]|hr|html|i|iframe|img|"
    "li|marquee|noscript|ol|p|pre|s|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|"
    "tr|tt|u|ul|video|xss"
)
# people write these in brackets as well, for what has to be filled in; attributes or an end tag tell them apart
_WORDS = (
    "a|address|area|article|aside|base|button|code|col|details|font|footer|form|frame|head|header|input|label|link|math|"
    "meta|nav|object|option|param|picture|section|select|source|template|title|xml"
)
_MARKUP = re.compile(
    rf"<\s*/?(?:{_TAGS})\s*/?>|<\s*/(?:{_WORDS})\s*>"
    rf"|<\s*(?:{_TAGS}|{_WORDS})[\s/][^<>]*=[^<>]*>"
    r"|<(?:script|iframe|img|svg|object|embed|style|link|meta|body|a)[\s/][^<]*="  # cut off after an attribute
    r"|</?script\b|<!(?:--|doctype\b|\[CDATA\[)|<\?(?:php|xml|=)|<%[=@\s]"
    r"|\bon(?:error|load|click|mouse\w+|focus|blur|key\w+|submit|toggle|begin|change|input|animation\w+)=\s*[\"'\w(]"
    r"|(?:java|vb|live)\s*script\s*:\s*\S*[(=\[`%]|data:text/html[;,]",
    re.IGNORECASE,
)
_CELL = r"\$?[A-Z]{1,3}\$?\d{1,7}\b"
# behind an equals sign: a call, a cell, another program, or two numbers that are reckoned with
_EQUATION = re.compile(
    rf"=\s*[-+(]*\s*(?:[A-Z_][A-Z0-9_.]{{1,40}}\s*\(|{_CELL}|'[^']+'!|\w+!|\w+\||\d+(?:[.,]\d+)?\s*[-+*/^&]\s*[\d(A-Z])",
    re.IGNORECASE,
)
# behind + - @, which begin numbers, lists and handles too: a call in capitals, or another program
_CALL = re.compile(rf"[-+@](?!-)[-+(\d.,*/]*(?:[A-Z][A-Z0-9_.]{{1,40}}\(|{_CELL}[-+*/^&:]|\w+\|')|[-+@][^\s]*\w\|'")


@detector(
    "markup", name="markup, scripts and formulas", place=13, gap="G5",
    repair="escape values wherever they are shown, strip markup and leading = + - @ where records come in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark cells with content that a browser or a spreadsheet would run."""

    def marks(name: str, column: str) -> Marks | None:
        if not inspection.has(name, column):
            return None
        # what is sent in again and again is no stand-in for a missing value when it would run
        held = inspection.applies(name, column) & ~inspection.empty(name, column)
        return Marks(held & inspection.holds(name, column, _active(inspection, name, column)), held)

    return {c: Detection(marks("raw", c), marks("curated", c), told=_told(inspection, c)) for c in inspection.columns}


def _active(inspection: Inspection, name: str, column: str) -> frozenset[str]:
    """Different values of a column on one side that would run; looked for once."""

    def compute() -> frozenset[str]:
        held = inspection.applies(name, column) & ~inspection.empty(name, column)
        return frozenset(t for t in inspection.values(name, column, held) if is_active(t))

    return inspection.once(("active", name, column), compute)


def is_active(text: str) -> bool:
    """Return whether a browser or a spreadsheet would run a part of a text.

    Examples
    --------
    >>> [is_active(t) for t in ("<img src=x onerror=f()>", '=HYPERLINK("http://a.example")', "@SUM(1+1)*cmd|' /C'!A0")]
    [True, True, True]
    >>> [is_active(t) for t in ("-12.5", "+49 30 1234", "- see attachment", "a < b", "<3", "@support hello", "= 5")]
    [False, False, False, False, False, False, False]
    """
    return is_formula(text) or has_markup(text)


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet takes a text for a formula that refers to something or calls something.

    Examples
    --------
    >>> [is_formula(t) for t in ("=1+1", "=A1&B2", "+SUM(A1:A9)", "-2+3+cmd|' /C x'!A0", "-5", "+1-202-555-0100")]
    [True, True, True, True, False, False]
    """
    start = text.lstrip(" \t\r\n\ufeff\"'")
    if start[:1] == "=":
        return _EQUATION.match(start) is not None
    return start[:1] in ("+", "-", "@") and _CALL.match(start) is not None


def has_markup(text: str) -> bool:
    """Return whether a text holds tags, event handlers or links that run a script.

    Examples
    --------
    >>> [has_markup(t) for t in ("<b>hi</b>", "javascript:alert(1)", "&lt;script&gt;x", "x <y> z", "if a<b and c>d")]
    [True, True, True, False, False]
    """
    if "<" not in text and "&" not in text and "=" not in text and not _may_link(text):
        return False
    return _MARKUP.search(html.unescape(text) if "&" in text else text) is not None


def _may_link(text: str) -> bool:
    """Whether a text may hold a link that runs a script, which needs neither brackets nor attributes."""
    if ":" not in text:
        return False
    return not text.isascii() or "script" in (plain := text.lower()) or "data:text" in plain


def _told(inspection: Inspection, column: str) -> str:
    """Which of both was found on the side that is shown."""
    name = next((n for n in ("raw", "curated") if inspection.has(n, column)), None)
    if name is None:
        return ""
    kinds = {"formulas": is_formula, "markup": has_markup}
    return " and ".join(kind for kind, test in kinds.items() if any(map(test, _active(inspection, name, column))))
