"""Times to the answer on devices, over a network, and in the cloud: as distributions, one for each draw.

A time through two percentiles is lognormal. The cloud's is that of the traces, resampled for each draw, in points of
equal weight; adding a lognormal time to it is exact in the lognormal part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready import policy
from flightready.draws import generator
from flightready.errors import InputError
from flightready.latency.budget import LatencyResult
from flightready.options.line import Grounds
from flightready.quantity import Quantity
from flightready.wording import seconds

_P95 = float(special.ndtri(0.95))


@dataclass(frozen=True)
class Lognormal:
    """A lognormal time in seconds: mean and standard deviation of its logarithm, arrays of one shape; 0 is constant."""

    mean: np.ndarray
    spread: np.ndarray

    def within(self, time_s: np.ndarray | float, after_s: np.ndarray | None = None) -> np.ndarray:
        """Return the share of answers within a time, where `after_s`, shape (..., points), comes before."""
        left = np.asarray(time_s, dtype=float) if after_s is None else time_s - after_s
        mean, spread = (self.mean, self.spread) if after_s is None else (self.mean[..., None], self.spread[..., None])
        with np.errstate(divide="ignore", invalid="ignore"):
            behind = np.log(np.maximum(left, 0)) - mean
            part = np.where(spread > 0, special.ndtr(behind / spread), behind >= 0)
        return part if after_s is None else part.mean(axis=-1)

    def at(self, normal: np.ndarray) -> np.ndarray:
        """Return the times at some standard normal scores."""
        return np.exp(self.mean[..., None] + self.spread[..., None] * normal)

    def first(self, draws: int) -> Lognormal:
        """Return the first draws of the first replicate only."""
        return Lognormal(self.mean[0, :draws], self.spread[0, :draws])


def lognormal(
    grounds: Grounds, name: str, p50: Quantity | None, p95: Quantity | None, *, where: str
) -> Lognormal | None:
    """Return the draws of a time through its two percentiles; constant where only one is stated, None without any.

    Raises
    ------
    InputError
        When p95 is below p50, or a time is not above zero.
    """
    stated = [q for q in (p50, p95) if q is not None]
    if not stated:
        return None
    if min(q.median for q in stated) <= 0 or (p50 and p95 and p95.median < p50.median):
        what = " and ".join(seconds(q.median) for q in stated)
        raise InputError(f"times of {what} cannot be", where=where, valid="times above 0, p95 not below p50")
    tiny = np.finfo(float).tiny
    logs = {key: np.log(np.maximum(grounds.joint.column(f"{name}.{key}", q), tiny))
            for key, q in (("p50", p50), ("p95", p95)) if q is not None}  # fmt: skip
    middle, tail = logs.get("p50", logs.get("p95")), logs.get("p95", logs.get("p50"))
    return Lognormal(middle, np.maximum(tail - middle, 0) / _P95)


def cloud_times(latency: LatencyResult | None, grounds: Grounds) -> np.ndarray | None:
    """Return the cloud's own times, shape (draws, points), rising, infinite where no answer came; None when unknown.

    From the traces, resampled once for each draw of a replicate, else through the percentiles of typed stages.

    Source
    ------
    Rubin 1981, The Bayesian Bootstrap.
    """
    points, draws = int(policy.value("placement_points")), grounds.joint.draws
    at = (np.arange(points) + 0.5) / points
    if latency is None:
        return None
    if latency.answered is None:
        found = {p.name: p.value_s for p in latency.pilot}
        if found.get("p50") is None or found.get("p95") is None:
            return None
        spread = np.log(found["p95"] / found["p50"]) / _P95
        return np.tile(found["p50"] * np.exp(spread * special.ndtri(at)), (draws, 1))
    known = latency.answered
    times, failed = np.append(known.times_s, np.inf), float(known.n_failed)
    each = (known.n - failed) / max(known.times_s.size, 1)
    shapes = np.append(np.full(known.times_s.size, each), failed)
    mass = generator(grounds.joint.seed, "options", "placement", "traces").standard_gamma(shapes, (draws, shapes.size))
    below = np.cumsum(mass, axis=1)
    return np.stack([times[np.minimum(np.searchsorted(row / row[-1], at), times.size - 1)] for row in below])
