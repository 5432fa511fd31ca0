"""What a month costs beside the calls of the model: tools, the audit log, monitoring, on-call, and what is named.

Only what the assessment states is counted. What it does not state is named as not counted; a zero must be written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from flightready.assessment import Pilot
from flightready.draws import JointSample
from flightready.quantity import Quantity

TOOLS, STORAGE, MONITORING, ON_CALL, OTHER = "tools", "storage", "monitoring", "on_call", "other"
REVIEW = "review"
"""Work of people who review; it is worked out apart from `cost.running` and handed to `cost.month.month_cost`."""
ERRORS = "errors"
"""What wrong answers that nobody reviews cost; worked out from the evaluation."""

STATED = (TOOLS, STORAGE, MONITORING, ON_CALL)
_NAMES = {
    TOOLS: "tools", STORAGE: "storage of the audit log", MONITORING: "monitoring", ON_CALL: "on-call",
    REVIEW: "reviews by people",
}  # fmt: skip

_BYTES_PER_GB = 1e9  # as providers bill it


@dataclass(frozen=True)
class RunningPart:
    """One cost beside the calls.

    Parameters
    ----------
    key : str
        `tools`, `storage`, `monitoring`, `on_call`, or `other`.
    name : str
        What the assessment calls it, for `other`.
    draws : array of shape (replicates, draws)
        Of one request when `per_request`, else of a month.
    per_request : bool
        Whether it grows with the load. Storage does: what a request leaves is kept, and paid for, for its whole time.
    column : str
        The joint sample's column that it was drawn from; of the price for storage.
    source : str
        Who says so.
    """

    key: str
    name: str
    draws: np.ndarray
    per_request: bool
    column: str
    source: str


@dataclass(frozen=True)
class Running:
    """What the assessment states beside the calls, in its own currency.

    Parameters
    ----------
    parts : tuple of RunningPart
    not_stated : tuple of str
        Parts of `STATED` that it says nothing about.
    kept_months : array of shape (replicates, draws) or None
        How long a record of the audit log is kept.
    """

    parts: tuple[RunningPart, ...]
    not_stated: tuple[str, ...]
    kept_months: np.ndarray | None

    @property
    def per_request_usd(self) -> np.ndarray:
        """What one request costs beside its calls; it broadcasts against (replicates, draws)."""
        return self._sum(per_request=True)

    @property
    def fixed_usd(self) -> np.ndarray:
        """What a month costs whatever the load; it broadcasts against (replicates, draws)."""
        return self._sum(per_request=False)

    def _sum(self, *, per_request: bool) -> np.ndarray:
        return np.asarray(sum((p.draws for p in self.parts if p.per_request == per_request), np.zeros(())))


def not_counted(parts: Iterable[str]) -> str:
    """Return the sentence that names what is missing from a month; empty when nothing is.

    Examples
    --------
    >>> not_counted([MONITORING, ON_CALL]), not_counted([])
    ('Not counted: monitoring, on-call.', '')
    """
    names = ", ".join(_NAMES[key] for key in parts)
    return f"Not counted: {names}." if names else ""


def running_costs(pilot: Pilot, joint: JointSample) -> Running:
    """Return what the assessment states under `cost.running`, as columns of the joint sample."""
    stated, parts = pilot.spec.cost.running, []

    def add(key: str, given: Quantity | None, *, name: str = "", per_request: bool = False) -> None:
        if given is not None:
            column = ".".join(filter(None, ("cost.running", key if key != "tools" else "tools_per_request", name)))
            drawn = joint.column(column, given)
            parts.append(RunningPart(key, name, drawn, per_request, column, given.source or "assessment"))

    add(TOOLS, stated.tools_per_request, per_request=True)
    kept = _storage(pilot, joint, parts)
    add(MONITORING, stated.monitoring)
    add(ON_CALL, stated.on_call)
    for name, given in stated.other.items():
        add(OTHER, given, name=name)
    found = {p.key for p in parts}
    return Running(tuple(parts), tuple(key for key in STATED if key not in found), kept)


def _storage(pilot: Pilot, joint: JointSample, parts: list[RunningPart]) -> np.ndarray | None:
    """Add what the records of one request cost over the whole time that they are kept; return that time."""
    log = pilot.spec.cost.running.audit_log
    if log is None:
        return None
    place = "cost.running.audit_log"
    size = joint.column(f"{place}.bytes_per_request", log.bytes_per_request) / _BYTES_PER_GB
    kept, price = joint.column(f"{place}.kept", log.kept), joint.column(f"{place}.per_gb", log.per_gb)
    source = log.per_gb.source or "assessment"
    parts.append(RunningPart(STORAGE, "", size * kept * price, True, f"{place}.per_gb", source))
    return kept
