"""The truth set looked at: how many labels, from whom, how old, where they contradict one another, what leaked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.evaluation.labels.agreement import agreement, n_labelled_twice
from flightready.evaluation.labels.labels import with_labels
from flightready.evaluation.labels.truth_set_result import TruthSetAudit
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.realism.defects.near_duplicates import near_pairs
from flightready.realism.defects.overlap import shared_rows
from flightready.realism.inspection import SIDES, Inspection
from flightready.realism.kinds import Kind
from flightready.realism.outcome import Rate, rate


def audit(records: ScoredSample) -> TruthSetAudit:
    """Return what the scored records of a pilot say of its truth set.

    Parameters
    ----------
    records : ScoredSample
        Age is counted to the day of its inspection.
    """
    spec, inspection = records.pilot.spec.evaluation.truth_set, records.inspection
    labelled_on, as_of = spec.labelled_on, inspection.as_of
    age = (as_of - labelled_on).days if labelled_on and as_of else None
    labelled = with_labels(records.pilot, inspection)
    return TruthSetAudit(
        *(len(s.right) if (s := records.side(name)) is not None else 0 for name in ("curated", "raw")),
        spec.labelled_by or "", spec.source or "", labelled_on, age if age is None or age >= 0 else None,
        _conflicts(records), _leaked(inspection), agreement(labelled), n_labelled_twice(labelled),
    )  # fmt: skip


def _conflicts(records: ScoredSample) -> Rate | None:
    """Scored records that repeat another one, and how many of them carry another right answer than most."""
    hits = n = 0
    for name, _ in records.inspection.sides():
        scored = records.side(name)
        if scored is None or not len(scored.right):
            continue
        groups = pd.DataFrame(
            {"group": _groups(records.inspection, name, scored), "truth": scored.truth.str.casefold()}
        )
        by_group = groups.groupby("group")["truth"]
        size = by_group.size()
        most = groups.value_counts(["group", "truth"], sort=False).groupby(level="group").max()  # the commonest answer
        again = size > 1
        n += int((size[again] - 1).sum())
        hits += int((size[again] - most[again]).sum())
    return rate(hits, n) if n else None


def _groups(inspection: Inspection, name: str, scored: Scored) -> np.ndarray:
    """Number of the group of records that say the same, or nearly, for each scored record, shape (n,)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    side, roles = inspection.side(name), inspection.sample.columns
    judged = {roles.id, roles.time, roles.label, roles.prediction, roles.confidence, *inspection.answers}
    columns = [c for c in side.frame.columns if c in inspection.columns and c not in judged]
    if not columns:
        return np.arange(len(scored.rows))
    frame = side.frame[columns].fillna("")
    says = frame.apply(lambda c: c.str.split().str.join(" ").str.casefold())
    content = says.groupby(columns, sort=False).ngroup().to_numpy()
    first = pd.Series(np.arange(len(side))).groupby(content).transform("first").to_numpy()
    first = np.where(_is_telling(inspection, says), first, np.arange(len(side)))  # the others repeat nothing
    pairs = np.concatenate([np.column_stack([np.arange(len(side)), first]), near_pairs(inspection, name)])
    graph = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(side), len(side)))
    return connected_components(graph, directed=False)[1][scored.rows]


def _is_telling(inspection: Inspection, says: pd.DataFrame) -> np.ndarray:
    """Records that say something by which they are known again, shape (rows,): a text, or values too rare to meet.

    Two of the same depot and distance are two cases: where no text is, the content must be so rare that among all
    pairs of records none is expected to share it by chance, as it is for records on both sides.
    """
    texts = [c for c in says if c in inspection.sample.columns.text or inspection.kinds[c] is Kind.FREE_TEXT]
    has_text = (says[texts] != "").any(axis=1).to_numpy() if texts else np.zeros(len(says), dtype=bool)
    pairs = np.full(len(says), 2 * np.log(max(1, len(says))))
    for column in says:
        often = says[column].map(says[column].value_counts(normalize=True)).to_numpy(dtype=float)
        pairs += np.where(says[column] == "", 0.0, np.log(often))
    return has_text | (pairs <= np.log(policy.value("chance_of_shared_content")))


def _leaked(inspection: Inspection) -> Rate | None:
    """Different records of the demo set that the raw sample holds too; None where a side is absent."""
    if len(dict(inspection.sides())) < len(SIDES):
        return None
    demo = inspection.sample.curated
    shared = shared_rows(inspection)["curated"] & ~demo.is_copy
    return rate(int(shared.sum()), int((~demo.is_copy).sum()))
