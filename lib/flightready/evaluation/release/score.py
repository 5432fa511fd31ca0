"""The score of a release: right and wrong answers of each set and group, by keyed digests of the records."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment.schema import Columns
from flightready.evaluation.groups.labels import labels
from flightready.evaluation.release.result import GroupScore, Provenance, ReleaseScore, ScoredSet
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.worth import effective_n
from flightready.realism.inspection import Inspection

SIDES = {"raw": "raw data", "curated": "demo set"}
"""Both sides in words; the first that is there decides."""

_BETWEEN = "\x1f"
_KEY_LENGTH = 24  # hexadecimal digits: 96 bits, so that no two records of a set meet


def salt_of(data_digest: str, seed: int) -> str:
    """Return the key of the records' digests: the same for the same data and seed, another one for any other.

    Examples
    --------
    >>> salt_of("ab", 7) == salt_of("ab", 7), salt_of("ab", 7) == salt_of("ab", 8), len(salt_of("ab", 7))
    (True, False, 64)
    """
    return hashlib.sha256(f"flightready score{_BETWEEN}{data_digest}{_BETWEEN}{seed}".encode()).hexdigest()


def release_score(records: ScoredSample, *, salt: str, provenance: Provenance) -> ReleaseScore:
    """Return the score of a release.

    Parameters
    ----------
    records : ScoredSample
        A side without scored records falls back to the count that was typed in.
    salt : str
        From `salt_of`, or that of the accepted score, so that its records are found again.
    provenance : Provenance
    """
    spec, columns = records.pilot.spec, records.inspection.sample.columns
    typed = {"raw": spec.evaluation.labelled, "curated": spec.evaluation.labelled_curated}
    sets: dict[str, ScoredSet] = {}
    groups: list[GroupScore] = []
    for name in SIDES:
        scored = records.side(name)
        if scored is not None and len(scored):
            sets[name] = scored_set(scored, columns, salt=salt)
            groups += _groups(name, scored, columns, records.inspection)
        elif typed[name] is not None:
            sets[name] = ScoredSet(typed[name].right, typed[name].of, float(typed[name].of), {})
    return ReleaseScore(spec.name, spec.evaluation.task, salt, sets, tuple(groups), provenance)


def scored_set(scored: Scored, columns: Columns, *, salt: str) -> ScoredSet:
    """Return right and wrong answers of one side by their records' digests."""
    keys = record_keys(scored, columns, salt=salt)
    answers = hmac.new(salt.encode(), digestmod=hashlib.sha256)
    for key, answer in sorted(zip(keys, scored.predicted, strict=True)):
        answers.update(f"{key}{_BETWEEN}{answer}{_BETWEEN}".encode())
    right = {key: bool(r) for key, r in zip(keys, scored.right, strict=True)}
    worth = effective_n(scored.right, scored.cluster)
    return ScoredSet(int(scored.right.sum()), len(scored), worth, right, answers.hexdigest())


def record_keys(scored: Scored, columns: Columns, *, salt: str) -> list[str]:
    """Return a keyed digest of each scored record, shape (n,), no two of them equal.

    A record is known again by its system and id (without one by its text, else by all that is no answer) and by its
    right answer: where that was corrected, it is another question.
    """
    key, seen, found = salt.encode(), {}, []
    for parts in zip(scored.system.astype(str), scored.truth, *_identity(scored, columns), strict=True):
        what = _BETWEEN.join(map(str, parts))
        seen[what] = seen.get(what, 0) + 1  # a record that stands there twice is two
        digest = hmac.new(key, f"{what}{_BETWEEN}{seen[what]}".encode(), hashlib.sha256)
        found.append(digest.hexdigest()[:_KEY_LENGTH])
    return found


def _identity(scored: Scored, columns: Columns) -> Iterator[pd.Series]:
    """Columns that name a record: its id, where a record has none its text, where it has neither all but answers."""
    there = list(scored.side.frame.columns)
    own = scored.texts(columns.id).fillna("").str.strip() if columns.id in there else None
    answers = {columns.prediction, columns.confidence, columns.label, columns.second_label, *columns.rating}
    named = [c for c in columns.text if c in there] or [c for c in there if c not in answers]
    is_unnamed = own.eq("") if own is not None else pd.Series(True, index=range(len(scored)))
    if own is not None:
        yield own
    if is_unnamed.any():
        for column in named:
            yield scored.texts(column).fillna("").where(is_unnamed, "")


def group_masks(scored: Scored, column: str, inspection: Inspection) -> dict[str, np.ndarray]:
    """Return which scored records are of each named group of enough records, the largest first."""
    if column not in scored.side.frame.columns:
        return {}
    found = labels(scored, column, inspection)
    masks = {n: found.codes == i for i, n in enumerate(found.names) if found.is_named[i]}
    return {name: mask for name, mask in masks.items() if mask.sum() >= policy.value("least_class_records")}


def _groups(side: str, scored: Scored, columns: Columns, inspection: Inspection) -> Iterator[GroupScore]:
    for column in columns.group:
        for name, mask in group_masks(scored, column, inspection).items():
            if "name not shown" not in name:  # a number in place of a name need not mean the same group next time
                yield GroupScore(side, column, name, int(scored.right[mask].sum()), int(mask.sum()))
