"""The slowest requests beyond what was seen: a generalised Pareto distribution above a high threshold.

It carries a percentile further than the number of requests does, by assuming that the tail goes on as it begins. So it
informs and never passes a rule, it is refused where too few requests lie above the threshold, and the shape is shown
for several thresholds: where it moves with them, the assumption does not hold.

Requests without an answer are not dropped. One that was given up above the threshold would have taken longer than it
did: it is a censored observation. One that failed at once never answers: it takes its share from the top.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from flightready import policy
from flightready.evidence import Interval
from flightready.intervals import quantile_with_interval

_DEPTH = 0.5 * float(special.ndtri(0.95)) ** 2  # fall of the log-likelihood at the ends of a 90 % interval
_LEAST_SHAPE = -0.5  # below it the maximum of the likelihood has no usual distribution (Smith 1985)
_FINE = 7  # cells an axis around the maximum


@dataclass(frozen=True)
class Shape:
    """Shape of the tail above one threshold: 0 for an exponential tail, higher for a heavier one."""

    threshold_s: float
    over: int
    shape: float
    interval: Interval


@dataclass(frozen=True)
class Far:
    """One percentile beyond the threshold: seconds, None where so large a share is never answered."""

    share: float
    value_s: float | None
    interval: Interval


@dataclass(frozen=True)
class Tail:
    """The tail of the time to the answer.

    Parameters
    ----------
    n : int
        Requests.
    threshold_s : float or None
    over : int
        Requests above the threshold, given-up ones included.
    censored : int
        Of these, how many were given up without an answer.
    failed_early : int
        Requests that failed below the threshold.
    scale_s : float or None
    refused : str
        few, censored, no_spread or ends (the times stop short, as at a limit) where no tail is fitted, else empty.
    needed : int
        Requests that must lie above the threshold.
    far : tuple of Far
    shapes : tuple of Shape
        The main threshold first, then the others.
    is_stable : bool or None
        Whether the intervals of the shape at all thresholds have a value in common; None with a single one.
    """

    n: int
    threshold_s: float | None
    over: int
    censored: int
    failed_early: int
    scale_s: float | None
    refused: str
    needed: int
    far: tuple[Far, ...]
    shapes: tuple[Shape, ...]
    is_stable: bool | None


@dataclass(frozen=True)
class _Fit:
    """A fit, and the region of parameters within a 90 % interval of it, flat arrays."""

    shape: float
    scale: float
    shapes: np.ndarray
    scales: np.ndarray
    depth: np.ndarray


def tail(total_s: np.ndarray, answered: np.ndarray) -> Tail:
    """Return the tail of the time to the answer, or why none is fitted.

    Parameters
    ----------
    total_s : array of shape (n,)
        Seconds until the answer, or until the request was given up; n >= 1.
    answered : array of bool, shape (n,)

    Source
    ------
    Pickands 1975; Coles 2001, An Introduction to Statistical Modeling of Extreme Values, chapter 4.

    Examples
    --------
    A Pareto distribution with exponent 2.5 has shape 0.4, and its 99.9th percentile is 1000 ** 0.4 = 15.849:

    >>> times = (1 - (np.arange(20_000) + 0.5) / 20_000) ** -0.4
    >>> found = tail(times, np.ones(20_000, dtype=bool))
    >>> round(found.shapes[0].shape, 2), round(found.far[0].value_s, 1)
    (0.4, 15.8)
    """
    main, *others = (float(share) for share in policy.value("latency_tail_thresholds"))
    needed, most = int(policy.value("latency_tail_least_over")), float(policy.value("latency_tail_most_censored"))
    threshold, longer, early = _over(total_s, answered, main)
    over = total_s[longer]
    censored = int(np.sum(longer & ~answered))
    fit = None
    if over.size < needed:
        refused = "few"
    elif censored > most * over.size:
        refused = "censored"
    else:
        fit = _fitted(over - threshold, answered[longer])
        refused = "no_spread" if fit is None else "ends" if fit.shape <= _LEAST_SHAPE else ""
    base = Tail(total_s.size, threshold, int(over.size), censored, early, None, refused, needed, (), (), None)
    if refused:
        return base
    shapes = {threshold: Shape(threshold, int(over.size), fit.shape, _range(fit.shapes))}
    for share in others:
        if (one := _shape_at(total_s, answered, share, needed)) is not None:
            shapes.setdefault(one.threshold_s, one)
    far = tuple(_far(float(q), fit, base) for q in policy.value("latency_tail_percentiles"))
    ends = [s.interval for s in shapes.values()]
    meet = max(i.low for i in ends) <= min(i.high for i in ends)
    return replace(base, scale_s=fit.scale, far=far, shapes=tuple(shapes.values()),
                   is_stable=meet if len(shapes) > 1 else None)  # fmt: skip


def _over(total_s: np.ndarray, answered: np.ndarray, share: float) -> tuple[float, np.ndarray, int]:
    """The threshold, which requests took longer, and how many failed before it; of very many only the slowest."""
    most = int(policy.value("latency_tail_most_over"))
    lasted = total_s[answered] if answered.any() else total_s
    threshold = max(quantile_with_interval(lasted, share)[0], float(np.sort(total_s)[-min(most, total_s.size)]))
    longer = total_s > threshold
    return threshold, longer, int(np.sum(~answered & ~longer))


def _shape_at(total_s: np.ndarray, answered: np.ndarray, share: float, needed: int) -> Shape | None:
    threshold, longer, _ = _over(total_s, answered, share)
    fit = _fitted(total_s[longer] - threshold, answered[longer]) if longer.sum() >= needed else None
    return None if fit is None else Shape(threshold, int(longer.sum()), fit.shape, _range(fit.shapes))


def _fitted(excess_s: np.ndarray, seen: np.ndarray) -> _Fit | None:
    """Maximum likelihood on grids that are drawn together around it; None where the excesses do not differ."""
    if np.unique(excess_s[seen]).size < 2:
        return None
    unit = float(excess_s.mean())
    y = excess_s / unit
    centre, half = np.array([0.5, 0.0]), np.array([1.0, 3.0])
    for _ in range(3):  # coarse, around its maximum, around the region
        shape, scale, likelihood, step = _grid(y, seen, centre, half, int(policy.value("latency_tail_grid")))
        best = int(np.argmax(likelihood))
        depth = likelihood[best] - likelihood
        wide = depth <= 2 * _DEPTH
        centre = np.array([shape[best], np.log(scale[best])])
        half = np.array([np.ptp(shape[wide]), np.ptp(np.log(scale[wide]))]) / 2 + 2 * step
    kept, region = depth <= _DEPTH, (shape, scale * unit)
    for _ in range(3):  # the maximum itself
        shape, scale, likelihood, step = _grid(y, seen, centre, step, _FINE)
        best = int(np.argmax(likelihood))
        centre = np.array([shape[best], np.log(scale[best])])
    return _Fit(float(shape[best]), float(scale[best] * unit), region[0][kept], region[1][kept], depth[kept])


def _grid(y: np.ndarray, seen: np.ndarray, centre: np.ndarray, half: np.ndarray, cells: int) -> tuple:
    """Shapes, scales and their log-likelihood around a centre (shape, log of scale), and the step of each axis."""
    low = np.array([max(centre[0] - half[0], _LEAST_SHAPE), centre[1] - half[1]])
    axes = np.linspace(low, centre + half, cells)
    shape, scale = (g.ravel() for g in np.meshgrid(axes[:, 0], np.exp(axes[:, 1]), indexing="ij"))
    return shape, scale, _log_likelihood(y, seen, shape, scale), axes[1] - axes[0]


def _log_likelihood(y: np.ndarray, seen: np.ndarray, shape: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Log-likelihood of excesses at pairs of shape and scale; what was not seen to its end counts as longer."""
    small = np.where(np.abs(shape) < 1e-6, 1e-6, shape)
    inner = 1 + np.outer(small / scale, y)
    allowed = (inner > 0).all(axis=1)
    logs = np.log(np.where(inner > 0, inner, 1.0))
    value = -logs.sum(axis=1) / small - logs @ seen - seen.sum() * np.log(scale)
    return np.where(allowed, value, -np.inf)


def _range(values: np.ndarray) -> Interval:
    return Interval(float(values.min()), float(values.max()))


def _far(share: float, fit: _Fit, base: Tail) -> Far:
    """A percentile and its profile-likelihood interval: all its values within the region of parameters.

    How many requests lie above the threshold is uncertain as well, and enters with its own likelihood.
    """
    early, beyond = base.failed_early / base.n, base.over / base.n
    left = 1 - share - early
    if left <= 0:
        return Far(share, None, Interval(None, None))
    spread_s = np.sqrt(beyond * (1 - beyond) / base.n)
    cells = int(policy.value("latency_tail_grid"))
    rates = np.clip(beyond + spread_s * np.linspace(-2, 2, cells), 0.5 / base.n, 1.0)
    lost = base.n * (
        beyond * np.log(beyond / rates) + (1 - beyond) * np.log((1 - beyond) / np.maximum(1 - rates, 1e-12))
    )
    together = fit.depth[:, None] + lost[None, :] <= _DEPTH
    values = _beyond(base.threshold_s, fit.shapes[:, None], fit.scales[:, None], rates[None, :] / left)[together]
    value = float(_beyond(base.threshold_s, np.array(fit.shape), np.array(fit.scale), np.array(beyond / left)))
    return Far(share, value, Interval(min(float(values.min()), value), max(float(values.max()), value)))


def _beyond(threshold: float, shape: np.ndarray, scale: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Value exceeded `times` less often than the threshold."""
    small = np.where(np.abs(shape) < 1e-6, 1e-6, shape)
    return threshold + scale * np.expm1(small * np.log(times)) / small
