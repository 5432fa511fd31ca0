"""The alarm on quality: wrong answers added up against what was usual, with a line that chance seldom crosses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_CELLS = 2_000_000  # answers held at once while replays are drawn


@dataclass(frozen=True)
class Stream:
    """Answers in the order of time, in strata whose mix may change without any change of quality.

    Parameters
    ----------
    right : array of bool, shape (n,)
    stratum : array of int, shape (n,)
        0, 1, ... without gaps; such as the system that a record comes from.
    taught : int
        First records, 0 < taught < n, which only teach what is usual; the alarm watches the others.
    """

    right: np.ndarray
    stratum: np.ndarray
    taught: int

    def __len__(self) -> int:
        return len(self.right)

    @property
    def places(self) -> tuple[np.ndarray, ...]:
        """Places of the records of each stratum."""
        return tuple(np.flatnonzero(self.stratum == s) for s in range(int(self.stratum.max()) + 1))


def usual_error(stream: Stream, right: np.ndarray) -> np.ndarray:
    """Return the chance of a wrong answer at each record, by the first records of its stratum, shape of `right`.

    One answer at the share of all strata is added to those of a stratum; NaN over the records that teach it.

    Parameters
    ----------
    right : array of bool, shape (..., n)

    Examples
    --------
    >>> right = np.array([False, True, True, True, True, False])
    >>> usual_error(Stream(right, np.zeros(6, int), 4), right).round(2)
    array([ nan,  nan,  nan,  nan, 0.26, 0.26])
    """
    usual = np.full(right.shape, np.nan)
    taught = ~right[..., : stream.taught]
    pooled = (taught.sum(axis=-1, keepdims=True) + 0.5) / (stream.taught + 1.0)
    for places in stream.places:
        own, late = places[places < stream.taught], places[places >= stream.taught]
        wrong = taught[..., own].sum(axis=-1, keepdims=True)
        usual[..., late] = (wrong + pooled) / (len(own) + 1.0)
    return usual


def weights(error: np.ndarray, fall: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what a right and a wrong answer add to the evidence of a fall, each of the shape of `error`.

    The evidence is the logarithm of how much more likely the answer is after the fall than before it.

    Parameters
    ----------
    error : array of float
        Usual chance of a wrong answer, above 0 and below 1; NaN adds nothing.
    fall : float
        Fall of accuracy that the alarm is made for, a share above 0.

    Source
    ------
    Page 1954; Steiner, Cook, Farewell and Treasure 2000 (each record against its own usual chance).

    Examples
    --------
    >>> right, wrong = weights(np.array([0.1]), 0.1)
    >>> round(float(right[0]), 4), round(float(wrong[0]), 4)
    (-0.1178, 0.6931)
    """
    after = np.minimum(error + fall, (1 + error) / 2)  # a fall never reaches beyond what is left to lose
    return np.nan_to_num(np.log((1 - after) / (1 - error))), np.nan_to_num(np.log(after / error))


def evidence(stream: Stream, right: np.ndarray, fall: float) -> np.ndarray:
    """Return the evidence of a fall after each answer, never below zero; shape of `right`, the last axis is time.

    Source
    ------
    Page 1954 (cumulative sum, one-sided).
    """
    walk = np.cumsum(np.where(right, *weights(usual_error(stream, right), fall)), axis=-1)
    return walk - np.minimum(np.minimum.accumulate(walk, axis=-1), 0.0)


def shuffled(stream: Stream, replays: int, generator: np.random.Generator) -> np.ndarray:
    """Return clean replays, shape (replays, n): the answers of each stratum in an order that chance gives.

    The mix of strata over time stays as it was, so that a replay differs only in when answers were wrong.
    """
    drawn = np.empty((replays, len(stream)), dtype=bool)
    for places in stream.places:
        own = np.broadcast_to(stream.right[places], (replays, places.size))
        drawn[:, places] = generator.permuted(own, axis=1)
    return drawn


def alarm_line(stream: Stream, fall: float, replays: int, false_alarms: float, generator: np.random.Generator) -> float:
    """Return the line that the evidence crosses in at most this share of clean replays of the whole stream.

    Parameters
    ----------
    false_alarms : float
        Above 1 / (replays + 1), so that the line is bounded by the replays.

    Source
    ------
    Davison and Hinkley 1997, section 4.3 (permutation under exchangeability within strata).
    """
    peaks = np.sort(_over_batches(stream, fall, replays, generator, lambda e: e.max(axis=1)))
    place = int(np.ceil((1 - false_alarms) * (replays + 1))) - 1
    return float(peaks[min(place, replays - 1)])


def first_alarms(
    stream: Stream, fall: float, line: float, replays: int, generator: np.random.Generator, *, injected_at: int | None
) -> np.ndarray:
    """Return where the alarm rings first in each replay, shape (replays,); the length of the stream where it does not.

    Parameters
    ----------
    injected_at : int, optional
        From this record on a share of the right answers is made wrong, so that accuracy falls by `fall`; None for
        clean replays.
    """

    def first(e: np.ndarray) -> np.ndarray:
        crossed = e > line
        return np.where(crossed.any(axis=1), crossed.argmax(axis=1), e.shape[1])

    return _over_batches(stream, fall, replays, generator, first, injected_at=injected_at)


def _over_batches(
    stream: Stream, fall: float, replays: int, generator: np.random.Generator,
    measure: Callable[[np.ndarray], np.ndarray], *, injected_at: int | None = None,
) -> np.ndarray:  # fmt: skip
    """Draw replays in batches that fit into memory, and measure the evidence of each."""
    size, found = max(1, _CELLS // max(1, len(stream))), []
    kept = 1 - min(1.0, fall / max(float(stream.right.mean()), fall))
    for start in range(0, replays, size):
        drawn = shuffled(stream, min(size, replays - start), generator)
        if injected_at is not None:
            later = drawn[:, injected_at:]
            later &= generator.random(later.shape) < kept
        found.append(measure(evidence(stream, drawn, fall)))
    return np.concatenate(found)
