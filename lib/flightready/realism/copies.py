"""Exact copies: records that repeat an earlier one of their system in every value, beyond what chance explains."""

from __future__ import annotations

import numpy as np

from flightready.realism.sample import Side


def is_copy(side: Side) -> np.ndarray:
    """Return which records repeat an earlier one of their system in every value, shape (rows,).

    None where a table holds so few different answers that its records are alike by chance; see `coincidence.copies`.
    """
    return side.is_copy
