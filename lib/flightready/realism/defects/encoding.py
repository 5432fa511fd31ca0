"""Broken characters: text read in the wrong encoding, replacement characters, HTML entities, control characters."""

from __future__ import annotations

import re
from html.entities import html5

import numpy as np
from ftfy import badness

from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.distinct import passes
from flightready.realism.inspection import Inspection
from flightready.realism.masks import excerpt, safe

_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BROKEN = re.compile("[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")


def shown(text: str) -> str:
    """Return a value masked but for its broken characters, cut so that the first of them is in it."""
    return safe(excerpt(text, around=first_broken(text) or 0), shows_broken=True)


@detector(
    "encoding", name="broken characters", place=3, mask=shown,
    repair="read every file in its own encoding, decode HTML entities once, and repair misread text (ftfy does)",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark cells with broken characters."""

    def marks(name: str, column: str) -> Marks | None:
        if not inspection.has(name, column):
            return None
        filled = inspection.filled(name, column)
        hit = np.zeros(len(filled), dtype=bool)
        hit[filled] = passes(inspection.texts(name, column)[filled], is_broken)
        return Marks(hit, filled)

    return {c: Detection(marks("raw", c), marks("curated", c)) for c in inspection.columns}


def is_broken(text: str) -> bool:
    """Return whether a text holds broken characters.

    Examples
    --------
    >>> [is_broken(t) for t in ("NÃ®mes", "Nîmes", "cr&egrave;me", "R&D; AT&T", "caf\ufffd")]
    [True, False, True, False, True]
    """
    return first_broken(text) is not None


def first_broken(text: str) -> int | None:
    """Return the place of the first broken character, or None when there is none."""
    places = [m.start() for m in (_BROKEN.search(text),) if m]
    places += [m.start() for m in _ENTITY.finditer(text) if m[1][0] == "#" or f"{m[1]};" in html5]
    if not text.isascii():
        places += [m.start() for m in (badness.BADNESS_RE.search(text),) if m]
    return min(places, default=None)
