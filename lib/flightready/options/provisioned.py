"""Throughput reserved in units: whole units for the busiest minute, paid around the clock whether used or not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flightready import policy
from flightready.assessment.options import ProvisionedOption
from flightready.evidence import Grade
from flightready.options.line import Grounds, Line, Load, Unpriced, line_of
from flightready.traffic.peaks import SECONDS_PER_MINUTE

_DIGITS = 9  # 110.000000001 units are 110: the rest is the arithmetic's own error


def weighted_tokens(
    input_tokens: np.ndarray | float, cached_tokens: np.ndarray | float, output_tokens: np.ndarray | float, *,
    output_weight: np.ndarray | float, cached_weight: np.ndarray | float = 0.0,
) -> np.ndarray | float:  # fmt: skip
    """Return the input tokens that a request counts for, as the provider weighs them.

    Parameters
    ----------
    input_tokens, cached_tokens, output_tokens : array or float
        Of one request; the input holds the cached ones.
    output_weight : array or float
        Input tokens that one output token counts for.
    cached_weight : array or float
        What a cached input token counts.

    Examples
    --------
    >>> weighted_tokens(200, 100, 20, output_weight=8)
    260.0
    """
    return input_tokens - cached_tokens + cached_weight * cached_tokens + output_weight * output_tokens


def units(
    tokens_per_minute: np.ndarray | float, unit_tokens_per_minute: np.ndarray | float, *,
    increment: np.ndarray | float = 1.0, least: np.ndarray | float = 0.0,
) -> np.ndarray:  # fmt: skip
    """Return the units that a load takes, in the steps in which they are sold.

    Parameters
    ----------
    tokens_per_minute : array or float
        Weighted tokens of the busiest minute, headroom included.
    unit_tokens_per_minute : array or float
        What one unit serves.
    increment, least : array or float
        Units are sold in steps of this many, and at least so many.

    Examples
    --------
    1,000 requests a minute of 200 input and 20 output tokens, an output token counting for 8:

    >>> load = 1_000 * weighted_tokens(200, 0, 20, output_weight=8)
    >>> round(load / 3_400, 2), float(units(load, 3_400, increment=5))
    (105.88, 110.0)
    """
    steps = np.ceil(np.round(tokens_per_minute / unit_tokens_per_minute / increment, _DIGITS))
    return np.maximum(steps * increment, least)


def line(option: ProvisionedOption, grounds: Grounds) -> Line | Unpriced:
    """Return the cost of reserved throughput over the load; it is not multiplied by how much of it is used."""
    basis = grounds.cost.basis
    if basis is None or basis.input_tokens is None or basis.output_tokens is None:
        return Unpriced(("Units are counted in tokens a minute, and no input says how many tokens a request takes: "
                         "bring the log of the calls, or the tokens of a request.",))  # fmt: skip
    needed = _needed(option, grounds)
    each = grounds.column(option, "per_unit", option.per_unit) * policy.value("hours_per_month")
    return line_of(
        option, grounds, usage_usd=lambda load: needed(load) * each, capacity=needed, capacity_unit="units",
        grade=Grade.ESTIMATED, models=basis.models, notes=_notes(option),
    )  # fmt: skip


def _needed(option: ProvisionedOption, grounds: Grounds) -> Callable[[Load], np.ndarray]:
    """Units over the load; a request is as much longer than the pilot's as it is dearer, on the same draws."""
    basis = grounds.cost.basis
    given = {key: grounds.column(option, key, getattr(option, key), default) for key, default in (
        ("output_weight", 1.0), ("cached_weight", 0.0), ("increment", 1.0), ("least_units", 0.0), ("headroom", 1.0),
        ("unit_tokens_per_minute", 1.0))}  # fmt: skip
    pilot = weighted_tokens(basis.input_tokens, basis.cached_tokens or 0.0, basis.output_tokens,
                            output_weight=given["output_weight"], cached_weight=given["cached_weight"])  # fmt: skip
    each = pilot * (basis.draws / basis.pilot_usd if basis.pilot_usd > 0 else 1.0) * given["headroom"]
    return lambda load: units(
        load.peak_per_second * SECONDS_PER_MINUTE * each, given["unit_tokens_per_minute"],
        increment=given["increment"], least=given["least_units"],
    )  # fmt: skip


def _notes(option: ProvisionedOption) -> tuple[str, ...]:
    notes = ["Units are paid around the clock."]
    if option.headroom is None:
        notes.append("The units just serve the busiest minute of a usual day; what comes above it waits or is refused "
                     "(headroom).")  # fmt: skip
    return tuple(notes)
