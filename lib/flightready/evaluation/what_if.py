"""What the rules would say with another floor, allowance, accuracy or number of labelled rows."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evaluation.planning import detectable
from flightready.evaluation.result import EvaluationResult
from flightready.evaluation.rules import drop_state, floor_state
from flightready.evaluation.shares.accuracy import Accuracy, accuracy
from flightready.evidence import Interval, State
from flightready.intervals import newcombe


@dataclass(frozen=True)
class Judged:
    """What both rules say to supposed figures.

    Parameters
    ----------
    raw : Accuracy
    floor_state : State
    drop, drop_interval, drop_state : optional
        None without a demo score.
    detectable_drop : float, optional
        Smallest drop that so many rows would show.
    """

    raw: Accuracy
    floor_state: State
    drop: float | None
    drop_interval: Interval | None
    drop_state: State | None
    detectable_drop: float | None


def judged(result: EvaluationResult, *, floor: float, allowed_drop: float, share: float, rows: int) -> Judged:
    """Judge supposed figures by the rules of the evaluation.

    Parameters
    ----------
    result : EvaluationResult
        Gives the demo score.
    floor, allowed_drop : float
        Shares from 0 to 1.
    share : float
        Accuracy on raw data, 0 to 1.
    rows : int
        Labelled raw rows, at least 1.
    """
    raw = accuracy(round(share * rows), rows)
    state = floor_state(raw, Interval(floor, floor))
    demo = result.curated
    if demo is None:
        return Judged(raw, state, None, None, None, None)
    interval = newcombe(demo.right, demo.n, raw.right, raw.n)
    said = drop_state(interval, Interval(allowed_drop, allowed_drop))
    return Judged(raw, state, demo.share - raw.share, interval, said, detectable(demo, rows))
