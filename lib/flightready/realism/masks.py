"""Masks: the shape of a value without its content, to show it safely and to compare formats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
from ftfy.badness import BADNESS_RE

from flightready import policy

_RUNS = re.compile(r"(.)\1+", re.DOTALL)
_LETTER_RUNS = re.compile(r"([^9])\1+", re.DOTALL)
_TWO_DIGITS = re.compile(r"(?<!9)99(?!9)")
_ENTITY = re.compile(r"&[A-Za-z]{2,31};")
_ASCII_MASK = dict.fromkeys(range(65, 91), "A") | dict.fromkeys(range(97, 123), "a") | dict.fromkeys(range(48, 58), "9")
_BETWEEN = "\U0010ffff"  # stands between values that are looked at together; no text holds this noncharacter
_CUT = " …"


def safe(text: str, *, shows_broken: bool = False) -> str:
    """Return a value with its content hidden, for display.

    Letters become a or A, digits 9; punctuation and blanks stay. Marks of other scripts become a dot, control
    characters their code.

    Parameters
    ----------
    text : str
        The value.
    shows_broken : bool
        Leave the first characters of a misread span, U+FFFD and the names of HTML entities visible, so that a reader
        sees what is broken; no more than that, because a whole misread word could be turned back.

    Examples
    --------
    >>> safe("Müller, +49 30 1234")
    'Aaaaaa, +99 99 9999'
    >>> safe("Caf&eacute; NÃ®mes", shows_broken=True)
    'Aaa&eacute; AÃ®aaa'
    """
    longest = policy.value("longest_example")
    shown = _visible(text[: 2 * longest]) if shows_broken else set()
    pieces: list[str] = []
    for place, char in enumerate(text[: 2 * longest]):
        pieces.append(char if place in shown or char == "\ufffd" else _hidden(char))
    masked = "".join(pieces)
    return masked if len(masked) <= longest else masked[: longest - len(_CUT)] + _CUT


def excerpt(text: str, *, around: int) -> str:
    """Return the part of a text that an example shows, so that one character is in it.

    Examples
    --------
    >>> excerpt("x" * 100 + "NÃ®mes", around=101)[-6:]
    'NÃ®mes'
    """
    start = max(0, around - policy.value("longest_example") // 4)
    return text if start == 0 else f"…{text[start:]}"


def shape(text: str) -> str:
    """Return the collapsed mask of a value: runs of the same class become one sign.

    Examples
    --------
    >>> shape("03.09.2026 14:05"), shape("T-054075"), shape("Region 7")
    ('9.9.9 9:9', 'A-9', 'Aa 9')
    """
    return _RUNS.sub(r"\1", text.translate(_CLASSES))


def shapes(texts: Iterable[str]) -> dict[str, str]:
    """Return the collapsed mask of each different value; the same as `shape`, for thousands of values at once.

    Examples
    --------
    >>> shapes(["03.09.2026", "T-054075"])
    {'03.09.2026': '9.9.9', 'T-054075': 'A-9'}
    """
    different = list(dict.fromkeys(texts))
    joined = _BETWEEN.join(different)
    if not different or joined.count(_BETWEEN) != len(different) - 1:
        return {text: shape(text) for text in different}
    # a lone half of a surrogate pair can come out of JSON
    points = np.frombuffer(joined.translate(_CLASSES).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    keeps = np.ones(len(points), dtype=bool)
    keeps[1:] = (points[1:] != points[:-1]) | (points[1:] == ord(_BETWEEN))
    masks = points[keeps].tobytes().decode("utf-32-le", "surrogatepass").split(_BETWEEN)
    return dict(zip(different, masks, strict=True))


def character_classes(text: str) -> str:
    """Return a value with the class of each character in its place.

    Examples
    --------
    >>> character_classes("T-054 of 03.09.")
    'A-999 aa 99.99.'
    """
    return text.translate(_CLASSES)


def length_mask(text: str) -> str:
    """Return the mask of a value in which letters are collapsed, and digits only where there are two of them.

    Examples
    --------
    >>> length_mask("03.09.2026 14:05"), length_mask("3 Sept 26"), length_mask("20260903")
    ('9.9.9999 9:9', '9 Aa 9', '99999999')
    """
    plain = text.translate(_CLASSES)
    return _LETTER_RUNS.sub(r"\1", _TWO_DIGITS.sub("9", plain))


def _visible(text: str) -> set[int]:
    """Places of broken characters that may be shown."""
    most = policy.value("most_mojibake_shown")
    places: set[int] = set()
    for match in BADNESS_RE.finditer(text):
        span = [i for i in range(match.start(), match.end()) if not text[i].isascii()]
        places.update(span[: max(0, most - len(places))])
    for match in _ENTITY.finditer(text):
        places.update(range(match.start(), match.end()))
    return places


def _hidden(char: str) -> str:
    kind = unicodedata.category(char)
    if char.isascii():
        return _ASCII_MASK.get(ord(char)) or (
            char if char.isprintable() else " " if char in "\t\r\n" else f"\\x{ord(char):02x}"
        )
    if kind[0] == "L":
        return "a"
    if kind[0] == "N":
        return "9"
    return char if kind[0] in "PSZ" else "·"


class _CharacterClasses(dict[int, str]):
    """Class of each character by its code point, found when it first occurs."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        kind = unicodedata.category(char)
        self[point] = "A" if kind in ("Lu", "Lt") else "a" if kind[0] == "L" else "9" if kind[0] == "N" else char
        return self[point]


_CLASSES = _CharacterClasses(_ASCII_MASK)
