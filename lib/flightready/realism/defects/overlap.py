"""Overlap: records of the demo set that are in the raw sample too, so that the demo score says too much.

Short and common contents meet on both sides by chance. Only records count whose input text is long and no form letter,
or whose other values are together so rare that no such pair is expected by chance.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.detector import RECORD, Detection, Marks, detector
from flightready.realism.distinct import split_words
from flightready.realism.inspection import SIDES, Inspection
from flightready.realism.kinds import Kind

_WORD = re.compile(r"[^\W_]+")
_JOIN = "\x1f"
_NOT_CONTENT = ("id", "time", "label", "prediction", "confidence")


@detector(
    "overlap", name="records that the demo set holds too", place=30, kind="comparison", gap="G4",
    says="is in the demo set too",
    repair="leave records that are on both sides out of the demo set before it is scored, or its score says too much",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark the records of each side that the other side holds too."""
    if len(dict(inspection.sides())) < len(SIDES):
        return {}
    shared = shared_rows(inspection)
    marks = {name: Marks(hit, np.ones(len(hit), dtype=bool)) for name, hit in shared.items()}
    return {RECORD: Detection(marks["raw"], marks["curated"], is_compared=False)}


def shared_rows(inspection: Inspection) -> dict[str, np.ndarray]:
    """Return which records of each side the other side holds too.

    Blanks, case and punctuation do not count. Id and time are left out, since they change when a record is copied, but
    where they agree as well, less of the rest is enough. The answers are left out, since they say what was made of a
    record.

    Returns
    -------
    dict of side to array of bool, shape (rows,)
        Nothing marked when a side is absent.
    """
    return inspection.once(("overlap",), lambda: _shared(inspection))


def _shared(inspection: Inspection) -> dict[str, np.ndarray]:
    shared = {name: np.zeros(len(side), dtype=bool) for name, side in inspection.sides()}
    if len(shared) < len(SIDES) or not all(len(hit) for hit in shared.values()):
        return shared
    roles = inspection.sample.columns
    left_out = {getattr(roles, role) for role in _NOT_CONTENT} | inspection.answers
    columns = [c for c in inspection.columns if c not in left_out and all(inspection.has(n, c) for n in SIDES)]
    columns = [c for c in columns if inspection.kinds[c] not in (Kind.KEY, Kind.TIME, Kind.EMPTY)]
    texts = [c for c in columns if c in roles.text] or [c for c in columns if inspection.kinds[c] is Kind.FREE_TEXT]
    columns = [*texts, *(c for c in columns if c not in texts)]
    if texts:
        keys = {name: _joined([_plain(inspection, name, c) for c in texts]) for name in SIDES}
        for name, hit in _same_text(keys).items():
            shared[name] |= hit
    passes = [columns] if len(columns) > len(texts) else []
    named = [c for c in (roles.id, roles.time) if c and all(inspection.has(n, c) for n in SIDES)]
    if columns and roles.id in named:  # the very same record, whose short text alone would say little
        passes.append([*columns, *named])
    for one in passes:
        for name, hit in _same_content(inspection, one).items():
            shared[name] |= hit
    return shared


def _plain(inspection: Inspection, name: str, column: str) -> pd.Series:
    """A column without blanks around, case and punctuation; what stands for a missing value is empty."""
    return inspection.once(("plain", name, column), lambda: _made_plain(inspection, name, column))


def _made_plain(inspection: Inspection, name: str, column: str) -> pd.Series:
    (codes, different), filled = inspection.different(name, column), inspection.filled(name, column)
    if inspection.kinds[column] is Kind.NUMBER:
        plain = [t.strip() for t in different]  # its sign and marks count
    else:
        plain = [" ".join(_words(t.casefold())) for t in different]
    return pd.Series(np.where(filled, np.array([*plain, ""], dtype=object)[codes], ""), dtype=object)


def _words(text: str) -> list[str]:
    return split_words(text) if text.isascii() and "_" not in text else _WORD.findall(text)


def _joined(parts: list[pd.Series]) -> pd.Series:
    return pd.Series([_JOIN.join(row) for row in zip(*parts, strict=True)], dtype=object)


def _same_text(keys: dict[str, pd.Series]) -> dict[str, np.ndarray]:
    """Records whose text is on both sides, long, and on neither side a form letter."""
    least, most = policy.value("least_shared_text"), policy.value("most_repeats_of_shared_text")
    both = _on_both(keys, most)
    long = {k for k in both if sum(c.isalnum() for c in k) >= least}
    return {name: key.isin(long).to_numpy(dtype=bool) for name, key in keys.items()}


def _same_content(inspection: Inspection, columns: list[str]) -> dict[str, np.ndarray]:
    """Records whose whole content is on both sides, though its values are too rare to meet by chance."""
    rows = _candidates(inspection, columns)
    found = {name: np.zeros(len(inspection.side(name)), dtype=bool) for name in SIDES}
    if not all(len(r) for r in rows.values()):
        return found
    values = {name: [_plain(inspection, name, c).iloc[rows[name]] for c in columns] for name in SIDES}
    keys = {name: _joined(parts) for name, parts in values.items()}
    both = _on_both(keys, policy.value("most_repeats_of_shared_text"))
    # expected number of such pairs by chance: all pairs times the frequency of every value that is not empty
    chance = np.full(len(rows["raw"]), sum(np.log(len(hit)) for hit in found.values()))
    for column, mine in zip(columns, values["raw"], strict=True):
        if column == inspection.sample.columns.time:  # goes with the id: it must be equal, and makes a pair no rarer
            continue
        pooled = pd.concat([_plain(inspection, name, column) for name in SIDES])
        chance += np.where(mine == "", 0.0, np.log(mine.map(pooled.value_counts(normalize=True)).to_numpy(dtype=float)))
    kept = both & set(keys["raw"][chance <= np.log(policy.value("chance_of_shared_content"))])
    for name, hit in found.items():
        hit[rows[name]] = keys[name].isin(kept)
    return found


def _candidates(inspection: Inspection, columns: list[str]) -> dict[str, np.ndarray]:
    """Rows of each side each of whose values the other side has; most columns leave few or none."""
    rows = {name: np.arange(len(inspection.side(name))) for name in SIDES}
    for column in columns:
        mine = {name: _plain(inspection, name, column).iloc[rows[name]] for name in SIDES}
        common = set(mine["raw"]) & set(mine["curated"])
        rows = {name: rows[name][mine[name].isin(common).to_numpy(dtype=bool)] for name in SIDES}
        if not common:
            break
    return rows


def _on_both(keys: dict[str, pd.Series], most: int) -> set[str]:
    """Contents that both sides hold, and neither more often than a record and its copies would explain."""
    counts = {name: key.value_counts() for name, key in keys.items()}
    few = [set(c.index[c <= most]) for c in counts.values()]
    return few[0] & few[1]
