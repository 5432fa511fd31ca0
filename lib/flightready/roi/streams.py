"""What each stream of money adds to the present value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.draws import Summary, summarise
from flightready.roi.model import ValueModel

LABELS = {
    "spent": "Phases and building", "do_nothing": "Cost of today's way that goes away", "errors": "Wrong answers",
    "reviews": "Reviews by people", "requests": "Answering requests", "dearer_calls": "Change of the prices of calls",
    "operations": "Running it", "licences": "Licences", "retraining": "Retraining",
    "change_management": "Training and support of the people", "after": "Years after the horizon",
}  # fmt: skip


@dataclass(frozen=True)
class StreamValue:
    """One stream of money: its present value, below zero where it costs; the means add up to that of the whole."""

    key: str
    label: str
    value: Summary
    is_benefit: bool


def stream_values(model: ValueModel) -> tuple[StreamValue, ...]:
    """Return every stream, benefits first and then costs, each in order of size."""
    labels = LABELS | {s.key: s.name for s in model.inputs.streams}
    earned = {s.key for s in model.inputs.streams} | {"do_nothing", "after"}
    by_key = model.values_by_stream()
    if "terminal_growth" in model.columns:
        by_key["after"] = model.present_value() - sum(by_key.values())
    found = [
        StreamValue(key, labels[key], summarise(np.broadcast_to(value, model.shape)), key in earned)
        for key, value in by_key.items()
        if np.any(value)
    ]
    return tuple(sorted(found, key=lambda s: (not s.is_benefit, -abs(s.value.mean), s.key)))
