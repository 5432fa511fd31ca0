"""Accuracy on both sides and the drop between them, judged against the floor and the allowance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.evaluation import planning, rules
from flightready.evaluation.caution import held_back, not_by_chance, why_not_scored
from flightready.evaluation.labels.missing import drop_rests, floor_rests, without_label
from flightready.evaluation.labels.result import Drawn
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.accuracy import Accuracy, accuracy
from flightready.evaluation.shares.clustered import difference
from flightready.evaluation.shares.pairing import Pairs, pairs
from flightready.evidence import Finding, Grade, Interval, State
from flightready.intervals import jeffreys_shares
from flightready.realism.inspection import Inspection
from flightready.realism.sample import Side

_LEAST_SURE_FIRST = (Grade.ASSUMED, Grade.ESTIMATED, Grade.MEASURED)


@dataclass(frozen=True)
class Known:
    """What is known of one side: scored records, a count that was typed in, or nothing."""

    scored: Scored | None
    accuracy: Accuracy | None
    grade: Grade


@dataclass(frozen=True)
class Judged:
    """Accuracy of both sides, the drop, and what both rules say.

    Parameters
    ----------
    raw, curated : Known
    paired : Pairs, optional
        Where both sides hold the same records.
    drop, drop_interval : optional
        Demo accuracy minus raw accuracy.
    floor, allowed_drop : Interval, optional
        Ends of what the assessment demands.
    rows_for_floor, rows_for_drop : int, optional
        Labelled raw rows in all that would decide.
    caution : str
        Why a good figure may still mislead; empty when nothing says so.
    why_not : str
        Why no raw record could be scored.
    findings : tuple of Finding
        On the floor and on the drop.
    """

    raw: Known
    curated: Known
    paired: Pairs | None
    drop: float | None
    drop_interval: Interval | None
    floor: Interval | None
    allowed_drop: Interval | None
    rows_for_floor: int | None
    rows_for_drop: int | None
    caution: str
    why_not: str
    findings: tuple[Finding, ...]


def judge(records: ScoredSample, inspection: Inspection, labelling: Drawn | None) -> Judged:
    """Judge accuracy on raw data and the drop by the two rules of the assessment.

    Parameters
    ----------
    records : ScoredSample
    inspection : Inspection
        With the labels that were merged in.
    labelling : Drawn, optional
        The draw behind these labels.
    """
    raw, curated = _known(records, "raw"), _known(records, "curated")
    both = raw.scored is not None and curated.scored is not None
    paired = pairs(records.pilot, inspection, raw.scored, curated.scored) if both else None
    drop, interval = _drop(raw.accuracy, curated.accuracy, paired)
    spec = records.pilot.spec.evaluation
    floor, allowed = rules.demanded(spec.floor.accuracy), rules.demanded(spec.allowed_drop)
    caution = held_back(inspection.sample, raw.scored, labelling)
    missing = without_label(raw.scored.counted, labelling) if raw.scored else 0
    why_not = why_not_scored(records.pilot, inspection)
    files, demo_files = _files(inspection.sample.raw), _files(inspection.sample.curated)
    floor_state = rules.floor_state(raw.accuracy, floor) if raw.accuracy and floor else State.UNKNOWN
    rows_floor = planning.rows_for_floor(raw.accuracy, floor, floor_state) if raw.accuracy and floor else None
    drop_state = rules.drop_state(interval, allowed) if interval and allowed else State.UNKNOWN
    rows_drop = None
    if interval and allowed and not paired:
        rows_drop = planning.rows_for_drop(raw.accuracy, curated.accuracy, allowed, drop_state)
    reached = rules.accuracy_finding(
        raw.accuracy,
        floor,
        floor_state,
        raw.grade,
        rows_floor,
        sources=files,
        why_not=why_not,
        held_back=caution or floor_rests(raw.accuracy, floor, missing),
        case_only=raw.scored.counted.case_only if raw.scored else 0,
    )
    fallen = rules.drop_finding(
        drop, interval, allowed, drop_state, min((raw.grade, curated.grade), key=_LEAST_SURE_FIRST.index), rows_drop,
        paired.n if paired else raw.accuracy.n if raw.accuracy else 0, sources=demo_files + files,
        lacking="accuracy on the demo set is not known" if raw.accuracy else why_not,
        held_back=caution or not_by_chance(records.pilot)
        or drop_rests(raw.accuracy, curated.accuracy, allowed, missing),
    )  # fmt: skip
    return Judged(
        raw, curated, paired, drop, interval, floor, allowed, rows_floor, rows_drop, caution, why_not, (reached, fallen)
    )


def accuracy_replicates(found: Accuracy | None, m: int | None = None) -> np.ndarray | None:
    """Return equally likely values of accuracy, shape (m,) and rising, or None when it is not known.

    They are the quantiles at evenly spaced shares of probability, so that they add no chance of their own.

    Parameters
    ----------
    found : Accuracy, optional
    m : int, optional
        By default `accuracy_replicates` of the policy.

    Source
    ------
    Jeffreys 1946; Brown, Cai and DasGupta 2001 (Beta with half a right and half a wrong answer added); Rao and Scott
    1992 (counts over the design effect where records belong together).
    """
    if found is None or not found.n:
        return None
    size = policy.value("accuracy_replicates") if m is None else m
    right, wrong = (count / found.design_effect for count in (found.right, found.n - found.right))
    return jeffreys_shares(right, wrong, size)


def _known(records: ScoredSample, name: str) -> Known:
    spec, scored = records.pilot.spec.evaluation, records.side(name)
    if scored is not None:
        return Known(scored, scored.accuracy, Grade.MEASURED)
    typed = spec.labelled if name == "raw" else spec.labelled_curated
    if typed is not None:
        return Known(None, accuracy(typed.right, typed.of), Grade.ESTIMATED)
    return Known(None, None, Grade.ASSUMED)


def _drop(raw: Accuracy | None, curated: Accuracy | None, paired: Pairs | None) -> tuple[float | None, Interval | None]:
    if paired is not None:
        return paired.drop, paired.interval
    if raw is None or curated is None:
        return None, None
    if not (raw.n and curated.n):
        return curated.share - raw.share, Interval(-1.0, 1.0)
    return curated.share - raw.share, difference(curated.share, curated.interval, raw.share, raw.interval)


def _files(side: Side | None) -> tuple[str, ...]:
    return tuple(s.table.name for s in side.sources) if side is not None else ()
