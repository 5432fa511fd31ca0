"""Taking defects out of raw records: what a clean-up where records come in would do, before the pilot is asked."""

from __future__ import annotations

import html
import re

import pandas as pd

from flightready.evaluation.attribution.operators import Cell, Value, repair
from flightready.evaluation.attribution.writing import as_in_demo
from flightready.realism.inspection import Inspection
from flightready.realism.readable import readable
from flightready.realism.spellings import spellings

_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z!?][^<>]*>", re.DOTALL)
_BLANKS = re.compile(r"[ \t]{2,}")


@repair("encoding", order=10)
def mended(cell: Cell) -> Value:
    """Misread characters turned back and entities decoded; a character that is lost stays lost."""
    return readable(cell.value) if cell.value else cell.value


@repair("markup", order=20)
def without_markup(cell: Cell) -> Value:
    """The text that a browser would show, and no sign that makes a spreadsheet take it for a formula."""
    return stripped(cell.value) if cell.value else cell.value


def stripped(text: str) -> str:
    """Return a text without tags, scripts and a leading formula sign.

    Examples
    --------
    >>> stripped("<p>My <b>bill</b> is wrong</p>"), stripped("=SUM(A1)"), stripped("a < b")
    ('My bill is wrong', 'SUM(A1)', 'a < b')
    """
    plain = html.unescape(text) if "&lt;" in text else text
    plain = _TAG.sub(" ", _SCRIPT.sub(" ", plain))
    return _BLANKS.sub(" ", plain).strip().lstrip("=+@").strip()


@repair("mixed_format", order=30)
@repair("new_format", order=31)
@repair("ambiguous_date", order=32)
def in_the_demos_format(cell: Cell) -> Value:
    """The same date or number as the demo set writes it; a value of another kind as it was."""
    written = as_in_demo(cell.inspection, cell.column, cell.row)
    return cell.value if written is None else written


@repair("category_variant", order=40)
def in_the_known_spelling(cell: Cell) -> Value:
    """The spelling of the category that leads, in the demo set where there is one."""
    leading = cell.inspection.once(
        ("leading spellings", cell.column), lambda: _leading_spellings(cell.inspection, cell.column)
    )
    told = spellings(cell.inspection, cell.column)
    return leading.get(told.category.get(cell.value or "", ""), cell.value)


def _leading_spellings(inspection: Inspection, column: str) -> dict[str, str]:
    """Category to its most frequent spelling that is no variant."""
    told, found = spellings(inspection, column), {}
    for name in ("curated", "raw"):
        if inspection.has(name, column):
            counts = inspection.texts(name, column)[inspection.filled(name, column)].value_counts()
            for text in counts.index:
                if text not in told.variants:
                    found.setdefault(told.category.get(text, text), str(text))
    return found


@repair("disguised", order=50)
def truly_empty(cell: Cell) -> Value:
    """Empty the way the demo set is empty: the stand-in says something that is not so."""
    key = ("empty in demo", cell.column)
    return cell.inspection.once(key, lambda: (_empty_in_demo(cell.inspection, cell.column),))[0]


def _empty_in_demo(inspection: Inspection, column: str) -> Value:
    if not inspection.has("curated", column):
        return None
    texts = inspection.texts("curated", column)[inspection.empty("curated", column)]
    counts = texts.map(lambda t: None if pd.isna(t) else t).value_counts(dropna=False)
    first = counts.index[0] if len(counts) else None
    return None if pd.isna(first) else str(first)
