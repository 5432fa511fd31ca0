"""Unexpected scripts: values in letters that the column does not hold otherwise, and words of two scripts."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.readable import n_letters, readable_texts
from flightready.realism.scripts import script, scripts
from flightready.wording import share

_WORDS = re.compile(r"[^\W\d_]+")
# letters of these three look alike, so that a word which mixes them deceives its reader
_ALIKE = {"Latin", "Cyrillic", "Greek"}


@detector(
    "script", name="values in an unexpected script", place=12,
    repair="route or transliterate values by their script, and turn letters that only look Latin into Latin ones",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark values most of whose letters are of a script unlike the column's, or that mix look-alike letters."""
    found = {}
    for column in inspection.columns:
        if inspection.kinds[column] not in (Kind.TIME, Kind.NUMBER, Kind.EMPTY):
            found[column] = _detection(inspection, column)
    return {c: d for c, d in found.items() if d is not None}


def _detection(inspection: Inspection, column: str) -> Detection | None:
    seen = {}
    for name, _ in inspection.sides():
        if inspection.has(name, column):
            seen[name] = _scripts(inspection, name, column)
    usual = _usual(inspection, column, seen)
    if usual is None:
        return None
    marks, told = {}, ""
    for name in seen:
        filled = inspection.filled(name, column)
        applies = filled & inspection.holds(name, column, {t for t, n in seen[name].items() if n})
        strange = {t for t, n in seen[name].items() if is_strange(n, usual) or mixes(t, n)}
        marks[name] = Marks(applies & inspection.holds(name, column, strange), applies)
        told = told or _told(inspection.texts(name, column)[marks[name].hit], seen[name], usual, marks[name].n)
    return Detection(marks.get("raw"), marks.get("curated"), told=told)


def _scripts(inspection: Inspection, name: str, column: str) -> dict[str, Counter[str]]:
    """Letters of each script in every different value of one side; one counter for all values alike."""
    alike: dict[int, Counter[str]] = {}
    found = {}
    for text, readable in readable_texts(inspection, name, column).items():
        if readable.isascii():
            n = n_letters(readable)
            found[text] = alike.setdefault(n, Counter({"Latin": n} if n else {}))
        else:
            found[text] = scripts(readable)
    return found


def is_strange(letters: Counter[str], usual: frozenset[str]) -> bool:
    """Return whether most letters of a value are of scripts unlike the usual ones.

    Examples
    --------
    >>> is_strange(scripts("привет"), frozenset({"Latin"})), is_strange(scripts("5 kΩ"), frozenset({"Latin"}))
    (True, False)
    """
    if letters.keys() <= usual:
        return False
    strange = sum(n for name, n in letters.items() if name not in usual)
    return (strange >= policy.value("least_letters_of_script")
            and strange > policy.value("strange_script_share") * letters.total())  # fmt: skip


def mixes(text: str, letters: Counter[str]) -> bool:
    """Return whether a word of a value begins and ends in one script and holds look-alike letters of another.

    Examples
    --------
    >>> [mixes(t, scripts(t)) for t in ("pаypal", "paypal", "USB-кабель", "веб-API")]
    [True, False, False, False]
    """
    if len(letters) < 2 or len(_ALIKE & letters.keys()) < 2:
        return False
    for word in _WORDS.findall(text):
        kinds = [script(c) for c in word]
        # a borrowed stem with an ending of the own script, such as "API-ами" without its hyphen, changes once only
        if sum(a != b for a, b in pairwise(kinds)) > 1:
            return True
    return False


def _usual(inspection: Inspection, column: str, seen: dict[str, dict[str, Counter[str]]]) -> frozenset[str] | None:
    """Scripts that the column is meant to hold: those of the demo set, or those that a side holds often."""
    for name in ("curated", "raw"):
        if name not in seen:
            continue
        codes, different = inspection.different(name, column)
        rows = np.bincount(codes[inspection.filled(name, column)], minlength=len(different)).tolist()
        n_rows = {text: n for text, n in zip(different, rows, strict=True) if n}
        holds: Counter[str] = Counter()
        for text, n in n_rows.items():
            for kind in seen[name].get(text, ()):
                holds[kind] += n
        if holds:
            # the demo set was chosen; without one, what is rare may as well be what went wrong
            key = "usual_script_share" if name == "curated" else "usual_script_share_alone"
            least = policy.value(key) * sum(n for text, n in n_rows.items() if seen[name].get(text))
            leading = max(holds, key=lambda k: (holds[k], k))
            usual = {leading} | {k for k, n in holds.items() if n > least}
            # Japanese is written in both
            both = {"Chinese characters", "Japanese syllables"}
            return frozenset(usual | both if "Japanese syllables" in usual else usual)
    return None


def _told(texts: pd.Series, seen: dict[str, Counter[str]], usual: frozenset[str], n: int) -> str:
    found = Counter(kind for t in texts for kind in seen[t] if kind not in usual)
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))[: policy.value("most_languages_told")]
    return ", ".join(f"{kind} {share(k / n)}" for kind, k in ranked)
