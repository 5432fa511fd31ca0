"""Exact copies: records that repeat an earlier one of their system in every value."""

from __future__ import annotations

import numpy as np

from flightready.realism.sample import Side


def is_copy(side: Side) -> np.ndarray:
    """Return which records repeat an earlier record of their system in every value, shape (rows,)."""
    return side.is_copy
