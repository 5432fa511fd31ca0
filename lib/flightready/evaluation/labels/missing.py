"""Records that were to be labelled and carry no label: a good accuracy must not rest on their absence."""

from __future__ import annotations

from flightready.evaluation.counts import Counted
from flightready.evaluation.labels.result import Drawn
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Interval
from flightready.wording import count, share

_TOLERANCE = 1e-12  # a floor of 85 % parsed from text is 0.85 but for the last bit


def without_label(counted: Counted, labelling: Drawn | None) -> int:
    """Return how many records that were to be labelled carry no label: those drawn, else all different raw records."""
    if labelling is not None and labelling.is_random:
        return labelling.n - labelling.labelled
    return counted.unlabelled


def rests_on_missing(raw: Accuracy, missing: int, least: float) -> str:
    """Say that accuracy reaches what is asked only as long as records without a label are like the others, else ''.

    Those that nobody could label may be the hard ones. Counting all of them as wrong bounds accuracy from below, so
    that taking labels away from wrong answers never makes a verdict better.

    Parameters
    ----------
    raw : Accuracy
    missing : int
    least : float
        Accuracy that is asked, a share.

    Source
    ------
    Manski 1989 (Journal of Human Resources 24:343), worst-case bounds.

    Examples
    --------
    >>> rests_on_missing(Accuracy(171, 180, Interval(0.92, 0.97)), 20, 0.9)
    '20 records without a label would bring it to 85.5 % if they were all wrong'
    >>> rests_on_missing(Accuracy(191, 195, Interval(0.96, 0.99)), 5, 0.9)
    ''
    """
    lowest = raw.right / (raw.n + missing) if raw.n else 0.0
    if not missing or lowest >= least - _TOLERANCE:
        return ""
    return f"{count(missing, 'record')} without a label would bring it to {share(lowest)} if they were all wrong"


def floor_rests(raw: Accuracy | None, floor: Interval | None, missing: int) -> str:
    """Return `rests_on_missing` for the floor, at its upper end."""
    return "" if raw is None or floor is None else rests_on_missing(raw, missing, floor.high)


def drop_rests(raw: Accuracy | None, curated: Accuracy | None, allowed: Interval | None, missing: int) -> str:
    """Return `rests_on_missing` for the allowed drop, at its lower end."""
    if raw is None or curated is None or allowed is None:
        return ""
    return rests_on_missing(raw, missing, curated.share - allowed.low)
