"""What a notebook cell shows beside a chart: sentences and tables, escaped, the same in JupyterLab and in a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from flightready.evidence import Absence, Finding
from flightready.figures.theme import STATE_COLOUR
from flightready.narrative.readiness import STATE_SYMBOL

_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_TABLE_STYLE = "border-collapse:collapse;margin:.4em 0 1em;font-size:.95em"
_CELL_STYLE = "padding:.35em .8em;border-bottom:1px solid #d5dce3;vertical-align:top;text-align:{align}"
_STYLES = {
    "answer": "font-size:1.2em;line-height:1.5;border-left:5px solid #0b5fa5;padding:.5em 1em;margin:.6em 0",
    "meaning": "margin:.4em 0 1em;line-height:1.5",
    "note": "border-left:5px solid #8a96a3;padding:.5em 1em;margin:.6em 0;line-height:1.5",
}


@dataclass(frozen=True)
class Prose:
    """Sentences for the reader; `kind` is answer, meaning or note.

    The class `mathjax_ignore` keeps JupyterLab from setting what stands between two dollar signs as a formula.
    """

    paragraphs: tuple[str, ...]
    kind: str = "meaning"

    def _repr_html_(self) -> str:
        body = "".join(f"<p style='margin:.3em 0'>{escape(p)}</p>" for p in self.paragraphs if p)
        if not body:
            return ""
        return f"<div class='mathjax_ignore fr-prose fr-{self.kind}' style='{_STYLES[self.kind]}'>{body}</div>"

    def __repr__(self) -> str:
        return "\n".join(self.paragraphs)


class Shown:
    """Several parts of one subject in one cell: a chart, what it means, a table; what says nothing is left out.

    Parameters
    ----------
    parts : Figure, Prose, Table or Snippet
        From top to bottom.
    """

    def __init__(self, *parts: Any) -> None:
        self.parts = tuple(p for p in parts if not isinstance(p, Prose) or any(p.paragraphs))

    def _ipython_display_(self) -> None:
        from IPython.display import display  # only a notebook has it

        for part in self.parts:
            display(part)

    def __repr__(self) -> str:
        return "\n".join(p.layout.title.text if hasattr(p, "layout") else repr(p) for p in self.parts)


@dataclass(frozen=True)
class Table:
    """A table with a caption; every cell is text, and everything is escaped.

    Parameters
    ----------
    caption : str
        What the table shows, in a sentence fragment.
    head : sequence of str
        Column headings with units.
    rows : sequence of sequence of str
        Cells as they are shown; a state word (PASS, FAIL, UNKNOWN, N/A) is drawn as a badge with its symbol.
    numeric : set of int
        Columns that are aligned right.
    note : str
        How to read it: sentences under the caption, in plain type.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    note: str = ""

    def _repr_html_(self) -> str:
        head = "".join(self._cell("th", h, i) for i, h in enumerate(self.head))
        body = "".join(
            "<tr>" + "".join(self._cell("td", c, i) for i, c in enumerate(row)) + "</tr>" for row in self.rows
        )
        note = f"<br><span style='font-weight:400'>{escape(self.note)}</span>" if self.note else ""
        title = f"{escape(self.caption)}{note}"
        caption = f"<caption style='text-align:left;font-weight:600;padding:.3em 0'>{title}</caption>"
        return (
            f"<div class='mathjax_ignore fr-scroll'><table class='fr-table' style='{_TABLE_STYLE}'>{caption}"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _cell(self, tag: str, text: str, index: int) -> str:
        style = _CELL_STYLE.format(align="right" if index in self.numeric else "left")
        scope = " scope='col'" if tag == "th" else ""
        return f"<{tag}{scope} style='{style}'>{badge(text) if text in STATE_COLOUR else _unbroken(text)}</{tag}>"

    def __repr__(self) -> str:
        told = [self.caption, self.note] if self.note else [self.caption]
        return "\n".join([*told, *(" | ".join(row) for row in (self.head, *self.rows))])


@dataclass(frozen=True)
class Snippet:
    """Text to copy, such as a rule or a few lines of code, under a caption; everything is escaped."""

    caption: str
    text: str

    def _repr_html_(self) -> str:
        style = "background:#f4f6f8;border:1px solid #d5dce3;padding:.7em 1em;overflow-x:auto;line-height:1.45"
        return (
            f"<div class='mathjax_ignore fr-scroll'><p style='font-weight:600;margin:.3em 0'>{escape(self.caption)}</p>"
            f"<pre style='{style}'><code>{escape(self.text)}</code></pre></div>"
        )

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.text}"


def _unbroken(text: str) -> str:
    """Return text for a cell with its dates kept on one line."""
    return _DATE.sub(r"<span style='white-space:nowrap'>\g<0></span>", escape(text))


def without_empty_columns(shown: Table) -> Table:
    """Return a table without the columns in which no row says anything.

    Examples
    --------
    >>> without_empty_columns(Table("t", ("a", "b", "c"), [("1", "", "2"), ("", "", "3")], frozenset({2})))
    t
    a | c
    1 | 2
     | 3
    """
    kept = [i for i in range(len(shown.head)) if not shown.rows or any(row[i] for row in shown.rows)]
    numeric = frozenset(new for new, old in enumerate(kept) if old in shown.numeric)
    rows = [tuple(row[i] for i in kept) for row in shown.rows]
    return replace(shown, head=tuple(shown.head[i] for i in kept), rows=rows, numeric=numeric)


def cut(shown: Table, *, most: int, every: bool, order: str) -> Table:
    """Return a table with its first rows only, and say how many more there are.

    Parameters
    ----------
    shown : Table
    most : int
        Rows to keep.
    every : bool
        Keep all of them.
    order : str
        Which rows those are, such as "the {} most frequent".
    """
    more = len(shown.rows) - most
    if every or more <= 0:
        return shown
    caption = f"{shown.caption}: {order.format(most)}; {more} more {'is' if more == 1 else 'are'} not shown"
    note = f"{shown.note} All {len(shown.rows)} are shown in the notebook with every=True.".strip()
    return replace(shown, caption=caption, note=note, rows=shown.rows[:most])


def badge(state: str) -> str:
    """Return a state as a small labelled mark in HTML: colour, symbol and word."""
    colour, symbol = STATE_COLOUR[state], STATE_SYMBOL[state]
    style = f"background:{colour};color:#fff;border-radius:.3em;padding:.1em .5em;font-weight:600;white-space:nowrap"
    name = escape(state.lower().replace("/", ""))
    return f"<span class='fr-state fr-{name}' style='{style}'>{symbol} {escape(state)}</span>"


def answer(*sentences: str) -> Prose:
    """Return the answer of a notebook."""
    return Prose(tuple(sentences), "answer")


def meaning(*sentences: str) -> Prose:
    """Return what an output means for the decision."""
    return Prose(tuple(sentences), "meaning")


def absent(absences: Iterable[Absence]) -> Prose | Table:
    """Return what is missing, what is said without it, and what to bring; a plain sentence when nothing is missing."""
    rows = [(a.missing, a.gives, a.bring, a.decides) for a in absences]
    if not rows:
        return Prose(("Nothing that this question needs is missing.",), "note")
    head = ("Missing", "What you still get", "What to bring", "What it would decide")
    return without_empty_columns(Table("What is missing, and what it would decide", head, rows))


def finding_table(findings: Iterable[Finding], caption: str = "Findings against the thresholds") -> Table:
    """Return findings as a table: state, claim, grade, number of records, what would decide."""
    rows = [
        (str(f.state), f.title, f.sentence, str(f.grade), "" if f.n is None else f"{f.n:,}", _sentence(f.decides))
        for f in findings
    ]
    head = ("State", "Subject", "Finding", "Grade", "n", "What would decide")
    return without_empty_columns(Table(caption, head, rows, frozenset({4})))


def _sentence(text: str) -> str:
    first = text.split(" ", 1)[0].rstrip(",;")
    is_key = "." in first.rstrip(".") or "_" in first  # a key of the assessment is written as it is
    return text if is_key else text[:1].upper() + text[1:]
