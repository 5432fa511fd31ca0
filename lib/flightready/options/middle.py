"""Everything at its middle: one draw in which every input has its median, so that a cost shows its true steps.

The median over draws of a cost that rises in steps is smooth, because the steps of different draws lie apart; with
every input at its median the steps stay where a planner would put them.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from flightready.draws import JointSample
from flightready.options.line import Grounds

_MIDDLE = 0.5


class MiddleSample(JointSample):
    """A joint sample of a single draw that lies in the middle of every input."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, replicates=1, draws=1)

    def uniform(self, name: str) -> np.ndarray:
        """Return the middle for every column."""
        return np.full((1, 1), _MIDDLE)


def at_middle(grounds: Grounds) -> Grounds:
    """Return the same grounds with every draw replaced by its median, shape (1, 1)."""
    shape = (grounds.joint.replicates, grounds.joint.draws)
    return replace(grounds, joint=MiddleSample(grounds.joint.seed), demand=_middle(grounds.demand, shape),
                   cost=_middle(grounds.cost, shape))  # fmt: skip


def _middle(thing: Any, shape: tuple[int, int]) -> Any:
    """Return a thing with its arrays of draws replaced by their medians, however deep they lie."""
    if isinstance(thing, np.ndarray):
        return np.median(thing, axis=(0, 1), keepdims=True) if thing.shape[:2] == shape else thing
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    changed = {f.name: _middle(getattr(thing, f.name), shape) for f in fields(thing) if f.init}
    return replace(thing, **{k: v for k, v in changed.items() if v is not getattr(thing, k)})
