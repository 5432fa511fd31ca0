"""Texts as they were meant, for detectors that read words: misread characters turned back, entities decoded."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import ftfy

from flightready.realism.characters import are_markup, is_broken
from flightready.realism.inspection import Inspection

WORD = re.compile(r"[^\W\d_]+(?:['’\ufffd-][^\W\d_]+)*")
"""A word: letters, with an apostrophe, a hyphen or a lost character between them."""
_NOT_PROSE = re.compile(r"(?<!\S)(?:https?://\S+|www\.\S+|[^\s@]+@\S+|[^\s\d]*\d\S*)|<[^<>]{0,200}>")

# every part that is not prose holds one of these: most texts hold none, and the pattern itself is slow
_MAYBE_NOT_PROSE = re.compile(r"[\d@<]|://|www\.")
_LETTERS_ONLY = {c: " " for c in range(128) if not chr(c).isalpha()}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_NOT_LETTERS = bytes(c for c in range(128) if not chr(c).isalpha())


def readable(text: str) -> str:
    """Return a text with misread characters turned back and entities decoded; what is lost stays lost.

    Examples
    --------
    >>> readable("NÃ®mes, cr&egrave;me, R&D")
    'Nîmes, crème, R&D'
    """
    return _mended(text) if is_broken(text) else text


def _mended(text: str) -> str:
    return ftfy.fix_text(html.unescape(text), uncurl_quotes=False, fix_latin_ligatures=False)


def broken_texts(inspection: Inspection, name: str, column: str) -> frozenset[str]:
    """Return the different values of a column on one side that hold broken characters."""

    def compute() -> frozenset[str]:
        texts = inspection.filled_values(name, column)
        is_markup = are_markup(texts)
        return frozenset(text for text in texts if is_broken(text, is_markup=is_markup))

    return inspection.once(("broken", name, column), compute)


def readable_texts(inspection: Inspection, name: str, column: str) -> dict[str, str]:
    """Return every different value of a column on one side with its readable form."""

    def compute() -> dict[str, str]:
        broken = broken_texts(inspection, name, column)
        return {text: _mended(text) if text in broken else text for text in inspection.filled_values(name, column)}

    return inspection.once(("readable", name, column), compute)


def prose(text: str) -> str:
    """Return a text without addresses, tags and everything that holds a digit.

    Examples
    --------
    >>> prose("Order A-123 of 12.50 EUR, see https://example.org or a@example.org")
    'Order of EUR, see or'
    """
    if not _MAYBE_NOT_PROSE.search(text):
        return " ".join(text.split())
    if "<" in text:  # tags may hold blanks, all else is left out word by word
        return " ".join(_NOT_PROSE.sub(" ", text).split())
    return " ".join([t for t in text.split() if t.isalpha() or not _NOT_PROSE.match(t)])


def words(text: str) -> list[str]:
    """Return the words of a text in small letters.

    Examples
    --------
    >>> words("Don't panic: 3 boxes")
    ["don't", 'panic', 'boxes']
    """
    plain = text.casefold()
    if plain.isascii() and "'" not in plain and "-" not in plain:
        return plain.translate(_LETTERS_ONLY).split()  # the same, and several times as fast
    return WORD.findall(plain)


def n_letters(text: str) -> int:
    """Return the number of letters of a text.

    Examples
    --------
    >>> n_letters("a-1 B"), n_letters("né 2")
    (2, 2)
    """
    western = len(text.encode("ascii", errors="ignore").translate(None, _NOT_LETTERS))
    return western if text.isascii() else western + sum(map(str.isalpha, beyond_ascii(text)))


def beyond_ascii(text: str) -> str:
    """Return the characters of a text that are not ASCII; most texts hold few.

    Examples
    --------
    >>> beyond_ascii("Größe in µm")
    'ößµ'
    """
    return "".join(_BEYOND_ASCII.findall(text))


def unique(texts: Iterable[str]) -> list[str]:
    """Return different texts in the order of their first appearance."""
    return list(dict.fromkeys(texts))
