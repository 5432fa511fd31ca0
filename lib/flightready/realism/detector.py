"""What a detector is: a function that marks cells or records on both sides, registered under an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from flightready.realism.inspection import Inspection
from flightready.realism.masks import safe
from flightready.realism.outcome import Effect, Example, Observation

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
    strength : array of float, shape (rows,), optional
        How strongly each marked record is affected, in what the detector's `strength` names, such as days.
    """

    hit: np.ndarray
    applies: np.ndarray
    unparsed: int = 0
    strength: np.ndarray | None = None

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
        None when that side is absent, or when what was found is no property of single records.
    p_value : float, optional
        Chance of so large a difference if both sides were drawn from one table; None leaves it to the exact test of
        two rates, which suits marks that do not depend on the other records.
    least_p : float, optional
        Smallest p-value that the comparison could have had; to be given where the marks themselves depend on how
        unlikely they are, so that a comparison without a mark counts against the budget like any other.
    is_compared : bool
        Whether the sides are compared; False where a difference between them means nothing, such as ids.
    effect : Effect, optional
        How large a shift is, where records are not marked one by one.
    observations : tuple of Observation
        Facts on the column or the file that no single record carries, such as numbers that are left out.
    told : str
        A few plain words on what was found, without any value from the data.
    examples : tuple of Example, optional
        In place of the masked values of marked records.
    """

    raw: Marks | None = None
    curated: Marks | None = None
    p_value: float | None = None
    is_compared: bool = True
    effect: Effect | None = None
    observations: tuple[Observation, ...] = ()
    told: str = ""
    examples: tuple[Example, ...] | None = None
    least_p: float | None = None


Find = Callable[[Inspection], Mapping[str, Detection]]
DetectorKind = Literal["fact", "comparison", "shift", "screening"]


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
        `fact` is counted on each side by itself; `comparison` marks raw records against the demo set; `shift` compares
        distributions and marks none; `screening` finds what looks like something, which is no proof.
    place : int
        Order in tables and charts.
    find : callable
        Inspection to detections by column.
    mask : callable
        Value to the text by which an example shows it; hides its content.
    says : str
        What an example of a marked record says where the mark is not one of a single column.
    strength : str
        What the strength of its marks counts, such as `days late`; empty where marks have none.
    """

    id: str
    name: str
    repair: str
    gap: str
    kind: DetectorKind
    place: int
    find: Find
    mask: Callable[[str], str]
    says: str
    strength: str


_REGISTRY: dict[str, Detector] = {}


def detector(
    id: str, *, name: str, repair: str, place: int, kind: DetectorKind = "fact", gap: str = "G1",
    mask: Callable[[str], str] = safe, says: str = "", strength: str = "",
) -> Callable[[Find], Find]:  # fmt: skip
    """Register a function as a detector; see `Detector` for the parameters.

    Raises
    ------
    ValueError
        When the id is taken.
    """

    def register(find: Find) -> Find:
        if id in _REGISTRY and _REGISTRY[id].find.__module__ != find.__module__:
            raise ValueError(f"two detectors are called {id!r}")
        _REGISTRY[id] = Detector(id, name, repair, gap, kind, place, find, mask, says, strength)
        return find

    return register


def detectors() -> tuple[Detector, ...]:
    """Return every registered detector in the order of display."""
    import flightready.realism.defects  # noqa: F401 - importing the package registers its detectors

    return tuple(sorted(_REGISTRY.values(), key=lambda d: (d.place, d.id)))
