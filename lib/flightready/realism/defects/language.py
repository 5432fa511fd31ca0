"""Unexpected languages: texts in a language that the demo set does not show, or that few of the column are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

from flightready import policy
from flightready.draws import generator
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.languages import NONE, UNKNOWN, identified
from flightready.realism.outcome import Observation
from flightready.realism.readable import readable_texts, unique
from flightready.wording import count, share


@detector(
    "language", name="texts in an unexpected language", place=11,
    repair="route or translate texts by their language before the model sees them, or show the pilot that language",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark texts whose language is not a usual one of the demo set's column, or not the leading one without it."""
    found = {}
    for column in inspection.columns:
        if inspection.kinds[column] is Kind.FREE_TEXT:
            codes = languages(inspection, column)
            if any(len(side) for side in codes.values()):
                found[column] = _detection(codes)
    return found


def languages(inspection: Inspection, column: str) -> dict[str, np.ndarray]:
    """Return the language code of every cell of a column on each side, "" where a cell was not judged."""
    return inspection.once(("languages", column), lambda: _languages(inspection, column))


def _languages(inspection: Inspection, column: str) -> dict[str, np.ndarray]:
    rng = generator(inspection.seed, "realism", "language", column)
    texts = {n: readable_texts(inspection, n, column) for n, _ in inspection.sides() if inspection.has(n, column)}
    most, looked_at = policy.value("most_texts_for_language"), []
    for held in texts.values():
        different = unique(held.values())
        if len(different) > most:
            different = [different[i] for i in np.sort(rng.choice(len(different), most, replace=False))]
        looked_at += different
    codes = identified(looked_at, rng=rng)
    found = {}
    for name, held in texts.items():
        places, different = inspection.different(name, column)
        by_value = [codes.get(held[text], UNKNOWN) if text in held else UNKNOWN for text in different]
        cells = np.array([*by_value, UNKNOWN], dtype=object)[places]
        found[name] = np.where(inspection.filled(name, column), cells, UNKNOWN)
    return found


def _detection(codes: dict[str, np.ndarray]) -> Detection:
    usual = _usual(codes)
    if not usual:
        return Detection(observations=tuple(_mixture(name, side) for name, side in codes.items() if _seen(side)))
    marks = {}
    for name, side in codes.items():
        known = side != UNKNOWN
        # codes and lists are in no language at all; beside texts they are not judged
        applies = known & ((side != NONE) | (NONE in usual))
        strange = ~np.isin(side.astype("str"), sorted(usual)) & (side != NONE)
        marks[name] = Marks(applies & strange, applies)
    shown = "raw" if "raw" in marks else "curated"
    return Detection(marks.get("raw"), marks.get("curated"), told=_told(codes[shown], marks[shown]))


def _usual(codes: dict[str, np.ndarray]) -> set[str]:
    """Languages that the column is meant to be in; none where too few of its texts are in those that lead."""
    for name in ("curated", "raw"):
        seen = _seen(codes.get(name, ()))
        if not seen:
            continue
        total, leading = sum(seen.values()), max(seen, key=lambda c: (seen[c], c))
        least = policy.value("usual_language_share") if name == "curated" else 1.0
        usual = {leading} | {c for c, n in seen.items() if n >= least * total}
        return usual if sum(seen[c] for c in usual) > policy.value("least_share_of_usual_languages") * total else set()
    return set()


def _seen(codes: Iterable[str]) -> Counter[str]:
    return Counter(c for c in codes if c != UNKNOWN)


def _mixture(name: str, codes: np.ndarray) -> Observation:
    """Say which languages a column is in where none of them can be called the expected one."""
    names = policy.value("language_names")
    seen = Counter(names.get(c, "another language") for c in codes if c not in (UNKNOWN, NONE))
    total, most = int((codes != UNKNOWN).sum()), policy.value("most_languages_told")
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{language} {share(n / total)}" for language, n in ranked[:most]]
    rest = sum(n for _, n in ranked[most:])
    told += [f"others {share(rest / total)}"] if rest else []
    return Observation(name, "", f"{count(len(seen), 'language')}, none of them in more than half: {', '.join(told)}")


def _told(codes: np.ndarray, marks: Marks) -> str:
    """The leading unexpected languages with their shares, such as `Spanish 5 %, German 4 %`."""
    if not marks.hits:
        return ""
    names = policy.value("language_names")
    seen = pd.Series([names.get(c, "another language") for c in codes[marks.hit]]).value_counts()
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    most = policy.value("most_languages_told")
    told = [f"{language} {share(n / marks.n)}" for language, n in ranked[:most]]
    rest = sum(n for _, n in ranked[most:])
    return ", ".join(told + ([f"others {share(rest / marks.n)}"] if rest else []))
