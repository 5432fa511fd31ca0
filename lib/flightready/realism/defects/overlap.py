"""Overlap: records of the demo set that are in the raw sample too, so that the demo score says too much.

Short and common contents meet on both sides by chance. Only records count whose input text is long and no form letter,
or whose other values are together so rare that no such pair is expected by chance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.detector import RECORD, Detection, Marks, detector
from flightready.realism.inspection import SIDES, Inspection
from flightready.realism.kinds import Kind

_BETWEEN = r"[\W_]+"
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

    Blanks, case and punctuation do not count. Id and time are left out, since they change when a record is copied, and
    so are the answers, since they say what was made of a record.

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
    left_out = {getattr(roles, role) for role in _NOT_CONTENT}
    columns = [c for c in inspection.columns if c not in left_out and all(inspection.has(n, c) for n in SIDES)]
    columns = [c for c in columns if inspection.kinds[c] not in (Kind.KEY, Kind.TIME, Kind.EMPTY)]
    texts = [c for c in columns if c in roles.text] or [c for c in columns if inspection.kinds[c] is Kind.FREE_TEXT]
    parts = []
    if texts:
        parts.append(_same_text({name: _joined(inspection, name, texts) for name in SIDES}))
    if len(columns) > len(texts):
        values = {name: [_plain(inspection, name, c) for c in columns] for name in SIDES}
        parts.append(_same_content({name: _joined(inspection, name, columns) for name in SIDES}, values))
    for name in shared:
        for part in parts:
            shared[name] |= part[name]
    return shared


def _plain(inspection: Inspection, name: str, column: str) -> pd.Series:
    """A column without blanks around, case and punctuation; what stands for a missing value is empty."""
    texts = inspection.texts(name, column).where(inspection.filled(name, column), "").astype("str")
    unique = pd.Series(texts.unique(), dtype="str")
    if inspection.kinds[column] is Kind.NUMBER:
        plain = unique.str.strip()  # the sign and the decimal mark of a number count
    else:
        plain = unique.str.casefold().str.replace(_BETWEEN, " ", regex=True).str.strip()
    return texts.map(dict(zip(unique, plain, strict=True))).astype("str").reset_index(drop=True)


def _joined(inspection: Inspection, name: str, columns: list[str]) -> pd.Series:
    parts = [_plain(inspection, name, c) for c in columns]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + _JOIN + part
    return joined


def _same_text(keys: dict[str, pd.Series]) -> dict[str, np.ndarray]:
    """Records whose text is on both sides, long, and on neither side a form letter."""
    least, most = policy.value("least_shared_text"), policy.value("most_repeats_of_shared_text")
    both = _on_both(keys, most)
    long = {k for k in both if sum(c.isalnum() for c in k) >= least}
    return {name: key.isin(long).to_numpy(dtype=bool) for name, key in keys.items()}


def _same_content(keys: dict[str, pd.Series], values: dict[str, list[pd.Series]]) -> dict[str, np.ndarray]:
    """Records whose whole content is on both sides, though its values are too rare to meet by chance."""
    both = _on_both(keys, policy.value("most_repeats_of_shared_text"))
    if not both:
        return {name: np.zeros(len(key), dtype=bool) for name, key in keys.items()}
    # expected number of such pairs by chance: all pairs times the frequency of every value that is not empty
    log_pairs = sum(np.log(len(key)) for key in keys.values())
    chance = np.full(len(keys["raw"]), log_pairs)
    for raw, curated in zip(values["raw"], values["curated"], strict=True):
        share = pd.concat([raw, curated]).value_counts(normalize=True)
        chance += np.where(raw == "", 0.0, np.log(raw.map(share).to_numpy(dtype=float)))
    rare = chance <= np.log(policy.value("chance_of_shared_content"))
    kept = both & set(keys["raw"][rare])
    return {name: key.isin(kept).to_numpy(dtype=bool) for name, key in keys.items()}


def _on_both(keys: dict[str, pd.Series], most: int) -> set[str]:
    """Contents that both sides hold, and neither more often than a record and its copies would explain."""
    counts = {name: key.value_counts() for name, key in keys.items()}
    few = [set(c.index[c <= most]) for c in counts.values()]
    return few[0] & few[1]
