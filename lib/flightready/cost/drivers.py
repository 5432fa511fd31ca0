"""What the spread of the month comes from, and what small changes of the pilot would save.

Nothing is assumed about distributions: the draws are sorted by one input at a time, and the month is looked at where
that input is low and where it is high.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.cost.month import MonthCost
from flightready.draws import JointSample, Summary, summarise

INPUTS = (
    "workload.users_per_day", "workload.requests_per_user", "cost.per_request", "cost.mix", "cost.mix_spread",
    "cost.exchange_rate", "cost.input_tokens", "cost.cached_tokens", "cost.output_tokens", "cost.bill_amount",
    "cost.bill_requests",
)  # fmt: skip
"""Columns of the joint sample that a month may depend on; one that it does not depend on is found to drive nothing."""


@dataclass(frozen=True)
class Driver:
    """How much one uncertain input moves the month.

    Parameters
    ----------
    name : str
        Its column in the joint sample.
    share : float
        Share of the month's variance that knowing this input alone would remove, 0 to 1.
    simulation_error : float
        Standard error of `share` over the replicates.
    low_usd, high_usd : float
        Median of the month where the input is in its lowest and in its highest tenth.
    """

    name: str
    share: float
    simulation_error: float
    low_usd: float
    high_usd: float


@dataclass(frozen=True)
class Saving:
    """What a month saves when one part of the calls shrinks by a share."""

    key: str
    cut: float
    summary: Summary


def drivers(month_usd: np.ndarray, inputs: Mapping[str, np.ndarray]) -> tuple[Driver, ...]:
    """Return the inputs that move the month, the strongest first; those below the policy's least share are left out.

    The shares of independent inputs add up to at most 1; what is missing to 1 is their acting together. Inputs that
    were declared to move together share what they explain, and each shows all of it.

    Parameters
    ----------
    month_usd : array of shape (replicates, draws)
    inputs : mapping of str to array of shape (replicates, draws)
        Draws of each input, or any rising function of them.

    Source
    ------
    Kelley 1935, An unbiased correlation ratio measure (share of variance between bins less what chance alone gives);
    Saltelli et al. 2008, Global Sensitivity Analysis, section 1.2.3 (sorting the draws by one input).
    """
    found = (_driver(name, month_usd, draws) for name, draws in inputs.items())
    return tuple(sorted((d for d in found if d is not None), key=lambda d: (-d.share, d.name)))


def _driver(name: str, month_usd: np.ndarray, draws: np.ndarray) -> Driver | None:
    order = np.argsort(draws, axis=None, kind="stable")
    ordered = month_usd.ravel()[order]
    share = _explained(ordered)
    if share < policy.value("cost_driver_least_share"):
        return None
    replicate, n = order // month_usd.shape[-1], month_usd.shape[0]
    without = np.array([_explained(ordered[replicate != r]) for r in range(n)]) if n > 1 else np.zeros(1)
    error = float(np.sqrt((n - 1) * without.var()))  # jackknife over the independent replicates
    tail = max(1, round(policy.value("cost_driver_tail") * ordered.size))
    low, high = float(np.median(ordered[:tail])), float(np.median(ordered[-tail:]))
    return Driver(name, min(share, 1.0), error, low, high)


def _explained(ordered: np.ndarray) -> float:
    """Share of the variance between bins of neighbours, corrected for what chance alone gives."""
    n = ordered.size
    bins = n // policy.value("cost_driver_bin_size")
    centred = ordered - ordered.mean()
    total = np.sum(centred**2)
    if bins < 2 or total <= np.finfo(float).eps * np.sum(ordered**2):
        return 0.0  # nothing varies
    edges = np.arange(bins) * n // bins
    sums, counts = np.add.reduceat(centred, edges), np.diff(np.append(edges, n))
    between = np.sum(sums**2 / counts)
    return float((between - (bins - 1) * (total - between) / (n - bins)) / total)


def month_inputs(joint: JointSample, more: tuple[str, ...] = ()) -> dict[str, np.ndarray]:
    """Return the draws behind every input that a month may depend on; every column rises with its uniform."""
    return {name: joint.uniform(name) for name in (*INPUTS, *more)}


def savings(month: MonthCost) -> tuple[Saving, ...]:
    """Return what a month saves when a part of the calls shrinks by the share that the policy names, largest first."""
    cuts: dict[str, float] = policy.value("cost_saving_cuts")
    drawn = {p.key: p.draws for p in month.parts}
    if "reasoning" in drawn and "output" in drawn:  # they are asked for and paid as one
        drawn["output"] = drawn["output"] + drawn["reasoning"]
    found = [Saving(key, cut, summarise(cut * drawn[key])) for key, cut in cuts.items() if key in drawn]
    return tuple(sorted((s for s in found if s.summary.median > 0), key=lambda s: -s.summary.median))
