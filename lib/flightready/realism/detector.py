"""What a detector is: a function that marks cells or records on both sides, registered under an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from flightready.realism.inspection import Inspection

RECORD = "record"
"""Stands for the whole record where a defect is not one of a single column."""


@dataclass(frozen=True)
class Marks:
    """What a detector found on one side of one column.

    Parameters
    ----------
    hit : array of bool, shape (rows,)
        Marked records; never one to which the detector does not apply.
    applies : array of bool, shape (rows,)
        Records that could have been marked.
    unparsed : int
        Marked records that are not among the rows because they do not parse.
    """

    hit: np.ndarray
    applies: np.ndarray
    unparsed: int = 0

    @property
    def hits(self) -> int:
        """Number of marked records."""
        return int(self.hit.sum()) + self.unparsed

    @property
    def n(self) -> int:
        """Number of records that could have been marked."""
        return int(self.applies.sum()) + self.unparsed


@dataclass(frozen=True)
class Detection:
    """What a detector found in one column on both sides.

    Parameters
    ----------
    raw, curated : Marks, optional
        None when that side is absent.
    p_value : float, optional
        Chance of so many more marks on the raw side if both sides were drawn from one table; None leaves it to the
        exact test of two rates, which suits marks that do not depend on the other records.
    """

    raw: Marks | None
    curated: Marks | None
    p_value: float | None = None


Find = Callable[[Inspection], Mapping[str, Detection]]


@dataclass(frozen=True)
class Detector:
    """A kind of defect and the function that finds it.

    Parameters
    ----------
    id, name : str
        Stable id, and plain words for a reader.
    repair : str
        What mends it.
    gap : str
        Gap of the field that it belongs to.
    kind : str
        `fact` is counted on each side by itself; `comparison` only exists against the demo set.
    place : int
        Order in tables and charts.
    find : callable
        Inspection to detections by column.
    """

    id: str
    name: str
    repair: str
    gap: str
    kind: Literal["fact", "comparison"]
    place: int
    find: Find


_REGISTRY: dict[str, Detector] = {}


def detector(
    id: str, *, name: str, repair: str, place: int, kind: Literal["fact", "comparison"] = "fact", gap: str = "G1"
) -> Callable[[Find], Find]:
    """Register a function as a detector.

    Raises
    ------
    ValueError
        When the id is taken.
    """

    def register(find: Find) -> Find:
        if id in _REGISTRY and _REGISTRY[id].find.__module__ != find.__module__:
            raise ValueError(f"two detectors are called {id!r}")
        _REGISTRY[id] = Detector(id, name, repair, gap, kind, place, find)
        return find

    return register


def detectors() -> tuple[Detector, ...]:
    """Return every registered detector in the order of display."""
    import flightready.realism.defects  # noqa: F401 - importing the package registers its detectors

    return tuple(sorted(_REGISTRY.values(), key=lambda d: (d.place, d.id)))
