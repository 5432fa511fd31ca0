"""Fields that a team writes beside a provider's response: when, for which outcome, for whom, how long it took."""

from __future__ import annotations

import numpy as np

from flightready.telemetry.cells import Cells

_OUTCOME = (
    "outcome_id", "ticket_id", "case_id", "task_id", "job_id", "document_id", "order_id", "request_id", "message_id",
    "correlation_id", "trace_id", "custom_id",
)  # fmt: skip
_ATTEMPT = ("attempt", "attempt_number", "retry", "retries", "retry_count", "try")
TIMES = ("created_at", "created", "timestamp", "time")
ROLES = {
    "batch_id": ("custom_id",),
    "outcome": (*_OUTCOME, *(f"metadata.{key}" for key in _OUTCOME)),
    "attempt": (*_ATTEMPT, *(f"metadata.{key}" for key in _ATTEMPT)),
    "latency_ms": ("latency_ms", "duration_ms"), "latency_s": ("latency_s",), "billed_usd": ("cost_usd", "billed_usd"),
}  # fmt: skip
"""Role to the paths that may hold it."""
_MS = 1000.0


def attempts(cells: Cells) -> np.ndarray:
    """Return the number of each attempt, from 1; a count of retries that starts at 0 is a first attempt."""
    return np.maximum(cells.whole("attempt", default=1), 1)


def latency_s(cells: Cells, *measured: np.ndarray) -> np.ndarray:
    """Return how long each call took: as its caller measured it, else as stated in other ways, NaN when unknown."""
    known = [cells.number("latency_ms") / _MS, cells.number("latency_s"), *measured]
    return np.select([~np.isnan(k) for k in known], known, np.nan)
