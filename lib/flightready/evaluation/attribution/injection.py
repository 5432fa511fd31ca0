"""Putting defects into curated records: each the way a raw record, the donor, holds it in the same column."""

from __future__ import annotations

import html
import re
from collections import Counter

import numpy as np

from flightready.evaluation.attribution.operators import Cell, Value, injection
from flightready.evaluation.attribution.writing import rewritten
from flightready.realism.defects.truncated import find as find_truncated
from flightready.realism.inspection import Inspection
from flightready.realism.spellings import spellings

_TAG = re.compile(r"<[^<>]{1,500}>")
_CURLED = {"'": "\u2019", '"': "\u201d", "-": "\u2013"}
_LOST = "\ufffd"


@injection("category_variant", order=10)
def spelled_otherwise(cell: Cell) -> Value:
    """Another spelling of the same category that raw data shows, else the donor's way to spell."""
    told = spellings(cell.inspection, cell.column)
    if not cell.value or not cell.donor:
        return cell.value
    of_same = [v for v in sorted(told.variants) if told.category.get(v) == told.category.get(cell.value, cell.value)]
    if cell.donor in of_same:
        return cell.donor
    if of_same:
        return of_same[int(cell.rng.integers(len(of_same)))]
    return _in_the_style(cell.value, cell.donor)


def _in_the_style(value: str, donor: str) -> str:
    """Case and blanks of another word.

    Examples
    --------
    >>> [_in_the_style("north", d) for d in (" south", "SOUTH", "South", "south")]
    [' north', 'NORTH', 'North', 'north']
    """
    core = donor.strip()
    styles = (str.upper, str.lower, str.title)
    changed = next((style(value) for style in styles if core == style(core) and style(value) != value), value)
    start, end = len(donor) - len(donor.lstrip()), len(donor) - len(donor.rstrip())
    return donor[:start] + changed + donor[len(donor) - end :] if core else changed


@injection("unseen_category", order=20)
@injection("out_of_range", order=21)
@injection("future", order=22)
@injection("disguised", order=90)
@injection("missing", order=91)
def as_the_donor_holds_it(cell: Cell) -> Value:
    """The donor's own value: here the value is the defect."""
    return cell.donor


@injection("mixed_format", order=30)
@injection("new_format", order=31)
def in_the_donors_format(cell: Cell) -> Value:
    """The same date or number as the donor would write it."""
    if not cell.value or not cell.donor:
        return cell.value
    return rewritten(cell.value, cell.donor, cell.inspection.kinds[cell.column])


@injection("markup", order=40)
def marked_up(cell: Cell) -> Value:
    """The text between the donor's tags, or behind its formula sign."""
    if not cell.value or not cell.donor:
        return cell.value
    tags = _TAG.findall(html.unescape(cell.donor))
    if not tags:
        sign = cell.donor.lstrip()[:1]
        return f"{sign}{cell.value}" if sign in ("=", "+", "-", "@") else cell.value
    half = (len(tags) + 1) // 2
    return f"{''.join(tags[:half])}{cell.value}{''.join(tags[half:])}"


@injection("encoding", order=50)
def broken(cell: Cell) -> Value:
    """The text as broken as the donor's: letters lost, entities in place of signs, or read in the wrong encoding."""
    if not cell.value or not cell.donor:
        return cell.value
    if _LOST in cell.donor:
        return _with_lost_letters(cell.value, cell.donor.count(_LOST), cell.rng)
    if html.unescape(cell.donor) != cell.donor:
        return with_entities(cell.value)
    return misread(cell.value)


def misread(text: str) -> str:
    """Return UTF-8 text read as Windows-1252; in plain text the typographic signs of word processors come first.

    Examples
    --------
    >>> misread("Nîmes"), misread("it's"), misread("two words here")
    ('NÃ®mes', 'itâ€™s', 'twoÂ\\xa0words here')
    """
    import ftfy  # noqa: F401 - registers the codec, which knows every byte

    for tried in (text, text.translate(str.maketrans(_CURLED)), text.replace(" ", "\u00a0", 1)):
        if not tried.isascii():
            return tried.encode("utf-8", "replace").decode("sloppy-windows-1252")
    return text


def with_entities(text: str) -> str:
    """Return a text as exporters of web pages write it.

    Examples
    --------
    >>> with_entities("it's Café"), with_entities("two words here")
    ('it&#x27;s Caf&#233;', 'two&nbsp;words here')
    """
    escaped = html.escape(text).encode("ascii", "xmlcharrefreplace").decode()
    return escaped if escaped != text else text.replace(" ", "&nbsp;", 1)


def _with_lost_letters(text: str, n: int, rng: np.random.Generator) -> str:
    """Letters beyond ASCII are lost first, as they are in real data."""
    letters = [i for i, c in enumerate(text) if c.isalpha()]
    beyond = [i for i in letters if not text[i].isascii()]
    from_all = beyond or letters
    chosen = set(rng.permutation(from_all)[:n].tolist())
    return "".join(_LOST if i in chosen else c for i, c in enumerate(text))


@injection("truncated", order=60)
def cut_off(cell: Cell) -> Value:
    """The text cut at the donor's length, or where it is shorter at the length of another raw text that was cut."""
    if not cell.value or not cell.donor:
        return cell.value
    lengths = cell.inspection.once(("cut lengths", cell.column), lambda: _cut_lengths(cell.inspection, cell.column))
    fitting = lengths[lengths < len(cell.value)]
    if len(cell.donor) < len(cell.value):
        return cell.value[: len(cell.donor)]
    return cell.value[: int(cell.rng.choice(fitting))] if len(fitting) else cell.value


def _cut_lengths(inspection: Inspection, column: str) -> np.ndarray:
    """Lengths of the raw texts that were cut, rising, each as often as it occurs."""
    found = find_truncated(inspection).get(column)
    if found is None or found.raw is None:
        return np.zeros(0, dtype=np.int64)
    counts = Counter(len(t) for t in inspection.texts("raw", column)[found.raw.hit] if isinstance(t, str))
    return np.repeat(sorted(counts), [counts[length] for length in sorted(counts)])
