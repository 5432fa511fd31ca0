"""What puts a defect into a value and what takes it out again: one function a kind of defect, registered by its id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from flightready.realism.inspection import Inspection

Value = str | None


@dataclass(frozen=True)
class Cell:
    """One value that an operator changes.

    Parameters
    ----------
    value : str, optional
        What stands there now; None where it is absent.
    column : str
    inspection : Inspection
    rng : Generator
        Of this record and this defect.
    donor : str, optional
        For injection: what a raw record with the defect holds there.
    row : int
        For repair: place of the record in the raw sample.
    """

    value: Value
    column: str
    inspection: Inspection = field(repr=False)
    rng: np.random.Generator = field(repr=False)
    donor: Value = None
    row: int = -1


Operator = Callable[[Cell], Value]

_INJECTIONS: dict[str, tuple[int, Operator]] = {}
_REPAIRS: dict[str, tuple[int, Operator]] = {}

NO_EFFECT = MappingProxyType({
    "duplicate": "a copy is asked like its original, and answered alike",
    "duplicate_key": "the pilot is asked record by record, whatever their ids",
    "near_duplicate": "the pilot is asked record by record, and a near copy is one more record",
    "duplicated_event": "the pilot is asked record by record, and an event that comes twice is answered alike",
    "out_of_order": "the pilot is asked record by record, whatever their order",
    "late": "the pilot is asked record by record, whenever they came",
    "sequence_gap": "a record that is left out is not asked about",
    "time_gap": "a record that is left out is not asked about",
    "stale": "a record that is left out is not asked about",
    "overlap": "a record that the demo set holds too is no worse for it",
})  # fmt: skip
"""Defects that change no record by which the pilot is asked, so that its answers stay as they are."""

NOT_INJECTED = MappingProxyType({
    "language": "putting it in needs a translation",
    "script": "putting it in needs another spelling of the language",
    "malformed": "a row that does not parse never reaches the pilot",
    "schema": "a column that is absent is seen in the missing values",
})  # fmt: skip
"""Why some defects cannot be put into a record."""

NOT_REPAIRED = MappingProxyType({
    "language": "repair would need a translation",
    "script": "repair would need another spelling of the language",
    "malformed": "a row that does not parse never reaches the pilot",
    "schema": "a column that is absent cannot be restored from the records",
    "missing": "what is missing cannot be restored from the record",
    "truncated": "what was cut off cannot be restored from the record",
    "unseen_category": "what the pilot should do with a new category is for people to say",
    "out_of_range": "the right number cannot be restored from the record",
    "future": "the right date cannot be restored from the record",
})  # fmt: skip
"""Why some defects cannot be taken out of a record."""

NO_OPERATOR = "no program puts it in or takes it out in a way that is like the raw data"


def injection(detector: str, *, order: int) -> Callable[[Operator], Operator]:
    """Register a function that puts a defect into a value; it returns the value as it was where it cannot.

    Parameters
    ----------
    detector : str
        Id of the detector that finds the defect.
    order : int
        Where several meet in one record, the lower comes first, as it would in real data.
    """
    return _registered(_INJECTIONS, detector, order)


def repair(detector: str, *, order: int) -> Callable[[Operator], Operator]:
    """Register a function that takes a defect out of a value; it returns the value as it was where it cannot."""
    return _registered(_REPAIRS, detector, order)


def injections() -> dict[str, Operator]:
    """Return what puts each defect in, in the order in which they are put in."""
    import flightready.evaluation.attribution.injection  # noqa: F401 - importing it registers its functions

    return _in_order(_INJECTIONS)


def repairs() -> dict[str, Operator]:
    """Return what takes each defect out, in the order in which they are taken out."""
    import flightready.evaluation.attribution.repair  # noqa: F401

    return _in_order(_REPAIRS)


def _registered(registry: dict[str, tuple[int, Operator]], detector: str, order: int) -> Callable[[Operator], Operator]:
    def register(operator: Operator) -> Operator:
        if detector in registry and registry[detector][1].__module__ != operator.__module__:
            raise ValueError(f"two functions are registered for {detector!r}")
        registry[detector] = (order, operator)
        return operator

    return register


def _in_order(registry: dict[str, tuple[int, Operator]]) -> dict[str, Operator]:
    return {d: operator for d, (_, operator) in sorted(registry.items(), key=lambda item: (item[1][0], item[0]))}
