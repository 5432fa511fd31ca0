"""Secrets: keys, tokens and passwords by their form or by the word before them. Screening, which is no proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from flightready.realism.credentials import Secret, may_hold, secrets
from flightready.realism.defects.personal_data import written
from flightready.realism.detector import RECORD, Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.masks import excerpt, safe
from flightready.realism.outcome import Observation
from flightready.wording import count


def shown(text: str) -> str:
    """Return a value masked, cut so that what was found is in it."""
    found = secrets(text)
    return safe(excerpt(text, around=found[0].start if found else 0))


@detector(
    "secret", name="passwords and keys", place=33, kind="screening", gap="G5", mask=shown,
    repair="have each key and password changed by its owner, and refuse or mask them where records come in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark cells that hold something in the form of a secret."""
    found: dict[str, Detection] = {}
    for column in inspection.columns:
        names = [name for name, _ in inspection.sides() if inspection.has(name, column)]
        marks = {name: Marks(_hit(inspection, name, column), written(inspection, name, column)) for name in names}
        told = _told(cells(inspection, names[0], column)) if marks[names[0]].hits else ""
        found[column] = Detection(marks.get("raw"), marks.get("curated"), told=told)
    if observed := tuple(o for name, _ in inspection.sides() if (o := _unparsed(inspection, name))):
        found[RECORD] = Detection(observations=observed)
    return found


def cells(inspection: Inspection, name: str, column: str) -> list[list[Secret]]:
    """Return the secrets in each cell of one side's column; computed once."""
    return inspection.once(("secret", name, column), lambda: _cells(inspection, name, column))


def records(inspection: Inspection, name: str) -> int:
    """Return how many records of one side hold a secret, those that do not parse included."""
    side = inspection.side(name)
    hit = np.zeros(len(side), dtype=bool)
    for column in inspection.columns:
        if inspection.has(name, column):
            hit |= _hit(inspection, name, column)
    return int(hit.sum()) + len(_in_unparsed(inspection, name))


def _cells(inspection: Inspection, name: str, column: str) -> list[list[Secret]]:
    held = written(inspection, name, column)
    # a column of keys named by the assessment is no column of secrets, whatever its header
    header = column if inspection.kinds[column] is not Kind.FREE_TEXT and column != inspection.sample.columns.id else ""
    looked_at = may_hold(inspection.values(name, column, held), header)
    by_text = {t: found for t in looked_at if (found := secrets(t, header))}
    if not by_text:
        return [[]] * len(held)
    codes, different = inspection.different(name, column)
    found = [by_text.get(t, []) for t in different]
    return [found[code] if h else [] for code, h in zip(codes.tolist(), held.tolist(), strict=True)]


def _hit(inspection: Inspection, name: str, column: str) -> np.ndarray:
    def compute() -> np.ndarray:
        return np.array([bool(found) for found in cells(inspection, name, column)], dtype=bool)

    return inspection.once(("secret hit", name, column), compute)


def _in_unparsed(inspection: Inspection, name: str) -> list[list[Secret]]:
    rows = (m.text for s in inspection.side(name).sources for m in s.table.malformed)
    return [found for text in rows if (found := secrets(text))]


def _told(found: Iterable[list[Secret]]) -> str:
    by_kind = Counter(kind for in_cell in found for kind in dict.fromkeys(s.kind for s in in_cell))
    return ", ".join(f"{kind} {n:,}" for kind, n in sorted(by_kind.items(), key=lambda item: (-item[1], item[0])))


def _unparsed(inspection: Inspection, name: str) -> Observation | None:
    found = _in_unparsed(inspection, name)
    if not found:
        return None
    n = sum(len(s.table.malformed) for s in inspection.side(name).sources)
    return Observation(name, "", f"Of the {count(n, 'row')} that do not parse, some hold secrets: {_told(found)}.")
