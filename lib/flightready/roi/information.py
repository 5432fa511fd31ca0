"""What knowing more is worth before the decision: everything, one input, several, or what a study would show.

The decision is to go or to stop, worth nothing; where there are several ways to go, to choose the best of them or stop.
Knowing is worth what the better choice brings on average. All functions take draws: inputs of shape
(replicates, draws), and a value of the same shape or, for several ways to go, of shape (ways, replicates, draws); draws
of shape (n,) are divided into blocks. Amounts are in the unit of the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready import policy
from flightready.roi.conditional import Regression, in_replicates, own_parts, regression


@dataclass(frozen=True)
class Worth:
    """What knowing something is worth before the decision, in the unit of the value.

    Parameters
    ----------
    worth : float
        Expected gain, at least zero.
    error : float
        Standard error of the simulation, from its replicates.
    noise : float
        What the same computation finds, at most in nineteen of twenty cases, where there is nothing to know.
    """

    worth: float
    error: float
    noise: float = 0.0

    @property
    def is_clear(self) -> bool:
        """Whether it is more than noise, and more than its own error could make of nothing."""
        return self.worth > max(self.noise, self.error_90)

    @property
    def error_90(self) -> float:
        """Half the width of the 90 % interval that the simulation's error leaves."""
        return self.error * float(special.ndtri(policy.value("information_noise_level")))


def perfect(value: np.ndarray) -> Worth:
    """Return what knowing everything would be worth: the most that any measurement can be (EVPI).

    Examples
    --------
    >>> found = perfect(np.tile([-1.0, 3.0], (16, 8)))  # one in two draws would have been a loss of 1
    >>> found.worth, found.error
    (0.5, 0.0)
    """
    others = regrets(value)
    gains = _best(others).reshape(in_replicates(value).shape[-2], -1).mean(axis=1)  # by replicate
    return Worth(float(gains.mean()), _jackknife(_without(gains), _left_means(others, gains.size)))


def partial(
    columns: Mapping[str, np.ndarray], value: np.ndarray, groups: Mapping[str, Sequence[str]] | None = None, *,
    random: np.random.Generator,
) -> dict[str, Worth]:  # fmt: skip
    """Return what knowing inputs exactly would be worth (EVPPI), in the order of `groups`.

    Parameters
    ----------
    columns : mapping of str to array
        Draws of each input, those that depend on one another included.
    value : array
    groups : mapping of str to names, optional
        Inputs that are learnt together; by default each alone.
    random : Generator
        For the shuffles that give the noise. The noise is that of the largest of all groups of this call, so that of
        many inputs without any worth none stands out, nineteen times in twenty.

    Source
    ------
    Strong, Oakley and Brennan 2014, Estimating multiparameter partial expected value of perfect information.

    Examples
    --------
    >>> x = np.random.default_rng(1).normal(size=(2, 16, 1024))
    >>> found = partial({"a": x[0], "b": x[1]}, x[0] + 0.1, random=np.random.default_rng(2))
    >>> round(found["a"].worth, 1), found["a"].is_clear, found["b"].is_clear
    (0.4, True, False)
    """
    groups = {name: (name,) for name in columns} if groups is None else groups
    others, draws = regrets(value), {name: in_replicates(c) for name, c in columns.items()}
    parts = own_parts(list(draws.values()), others)
    shuffled = _shuffled(others - parts.sum(axis=1), in_replicates(value).shape[-2], random)
    worths, nothing = {}, [np.zeros(policy.value("information_shuffles"))]
    for name, members in groups.items():
        fit = regression([draws[m] for m in members])
        left = others - fit.independent(parts)
        worths[name] = _known(fit, left)
        nothing.append(_found(fit, _as_noisy(shuffled, fit, left)))
    noise = float(np.quantile(np.max(nothing, axis=0), policy.value("information_noise_level")))
    return {name: Worth(worth, error, noise) for name, (worth, error) in worths.items()}


def matched(columns: Sequence[np.ndarray], value: np.ndarray, shares: Sequence[float]) -> tuple[float, ...]:
    """Return what samples of growing size are worth, by matching moments (EVSI).

    What the value is expected to be once the sample is known spreads like the conditional mean given the inputs
    themselves, but less: by the share of their variance that the sample takes away.

    Parameters
    ----------
    columns : sequence of array
        Inputs that the sample is about.
    value : array
    shares : sequence of float
        Share of the conditional mean's variance that each sample resolves, such as n / (n + n0) where what is known
        already counts as n0 observations.

    Source
    ------
    Heath, Manolopoulou and Baio 2018, Efficient Monte Carlo estimation of the expected value of sample information
    using moment matching; 2019 for the form n / (n + n0) over sample sizes.

    Examples
    --------
    >>> x = np.tile(np.linspace(-1, 1, 1024), (16, 1))
    >>> [round(worth, 1) for worth in matched([x], 100 * x, [0.0, 0.25, 1.0])]
    [0.0, 12.5, 25.0]
    """
    others = regrets(value)
    fitted = regression([in_replicates(c) for c in columns]).fitted(others)
    mean = others.mean(axis=0)
    return tuple(float(_best(mean + np.sqrt(s) * (fitted - mean)).mean()) for s in shares)


def shown_share(share: np.ndarray, n: float, random: np.random.Generator) -> np.ndarray:
    """Return what n cases would show of a share, at each draw: the count of those that have it, over n."""
    n = max(1, round(n))
    return random.binomial(n, np.clip(share, 0.0, 1.0)) / n


def shown_amount(amount: np.ndarray, relative_error: float, random: np.random.Generator) -> np.ndarray:
    """Return what a reading with a relative standard error would show of an amount, at each draw."""
    return amount * np.exp(relative_error * random.standard_normal(amount.shape))


def study_worth(
    shown: Sequence[np.ndarray], value: np.ndarray, *, random: np.random.Generator, value_now: np.ndarray | None = None,
    beside: Sequence[np.ndarray] = (),
) -> Worth:  # fmt: skip
    """Return what a study is worth before the decision (EVSI), from what it would show at each draw.

    Parameters
    ----------
    shown : sequence of array
        Summaries of what the study would show, one draw of the study for each draw of the inputs.
    value : array
        Value of going once the study is done; waiting for it may have cost some.
    random : Generator
        For the shuffles that give the noise.
    value_now : array, optional
        Value of going without the study; by default the same. It stays a choice: the worth is at least zero.
    beside : sequence of array
        Inputs of the value; what those add that the study does not tell about is no noise to it.

    Source
    ------
    Strong, Oakley, Brennan and Breeze 2015, Estimating the expected value of sample information using the
    probabilistic sensitivity analysis sample.
    """
    others = regrets(value)
    fit = regression([in_replicates(s) for s in shown])
    if beside:
        others = others - fit.independent(own_parts([in_replicates(c) for c in beside], others))
    worth, error = _known(fit, others)
    shuffled = _as_noisy(_shuffled(others, fit.replicates, random), fit, others)
    noise = float(np.quantile(_found(fit, shuffled), policy.value("information_noise_level")))
    waited = 0.0 if value_now is None else _choice(value) - _choice(value_now)
    return Worth(max(0.0, worth + waited), error, noise)


def regrets(value: np.ndarray) -> np.ndarray:
    """What each other choice brings beside the one that is best on average, shape (n, choices - 1)."""
    ways = in_replicates(value)
    draws = ways.shape[-2] * ways.shape[-1]
    choices = np.concatenate([np.zeros((1, draws)), ways.reshape(-1, draws)])
    best = int(np.argmax(choices.mean(axis=1)))
    return np.ascontiguousarray((np.delete(choices, best, axis=0) - choices[best]).T)


def _choice(value: np.ndarray) -> float:
    """Value of the choice that is best on average."""
    return max(0.0, float(in_replicates(value).mean(axis=(-2, -1)).max()))


def _shuffled(others: np.ndarray, replicates: int, random: np.random.Generator) -> np.ndarray:
    """Regrets shuffled within each replicate, all choices alike, shape (n, shuffles, choices - 1)."""
    draws, shuffles = len(others) // replicates, policy.value("information_shuffles")
    places = random.permuted(np.tile(np.arange(draws), (shuffles, replicates, 1)), axis=2)
    places += np.arange(replicates)[:, None] * draws
    return np.ascontiguousarray(others[places.reshape(shuffles, -1).T])


def _as_noisy(shuffled: np.ndarray, fit: Regression, left: np.ndarray) -> np.ndarray:
    """Shuffled regrets with the means they have and the spread that a regression leaves of `left`."""
    spread = np.std(left - fit.fitted(left), axis=0) / np.maximum(np.std(shuffled[:, 0], axis=0), np.finfo(float).tiny)
    mean = left.mean(axis=0)
    return mean + spread * (shuffled - mean)


def _known(fit: Regression, others: np.ndarray) -> tuple[float, float]:
    """Worth of knowing what a regression is on, and its standard error over the replicates."""
    count = fit.replicates
    gains = _best(fit.left_out(others)).reshape(count, -1, count).mean(axis=1)  # (own, left out)
    gains = (gains.sum(axis=0) - np.diag(gains)) / max(1, count - 1)
    return float(_found(fit, others[:, None, :])[0]), _jackknife(gains, _left_means(others, count))


def _found(fit: Regression, sets: np.ndarray) -> np.ndarray:
    """Worth of knowing what a regression is on, for sets of regrets of shape (n, sets, choices - 1).

    At most draws of a set without a signal no error could turn the choice: by the inequality of Cauchy and Schwarz the
    fit leaves the mean by at most the root of the leverage times the length of the coefficients. Those are left out.
    """
    n, count, choices = sets.shape
    flat = sets.reshape(n, -1)
    coefficients, mean = fit.basis.T @ flat, flat.mean(axis=0)
    size = np.einsum("ij,ij->j", coefficients, coefficients)
    square = np.einsum("ij,ij->j", flat, flat)
    spread = np.sqrt(np.maximum(square - size, 0.0) / max(1, n - len(coefficients)))
    away = np.sqrt(np.maximum(size - n * mean**2, 0.0)) + _FAR * spread
    leverage = np.sqrt(fit.leverage)
    reach = np.min(np.divide(-mean, away, out=np.zeros_like(mean), where=away > 0))
    rows = np.flatnonzero(leverage > reach)
    fitted = (fit.basis[rows] @ coefficients).reshape(len(rows), count, choices)
    leverage = leverage[rows, None]
    if choices == 1:
        chased = _loss(np.abs(fitted[..., 0]), leverage * spread)
    else:
        residual = sets - fit.fitted(flat).reshape(sets.shape)
        chased = _loss(*_two_best(fitted, residual, leverage, max(1, n - len(coefficients))))
    return np.maximum(_best(fitted).sum(axis=0) - chased, 0.0) / n


_FAR = 4.0
"""Standard errors beyond which a normal error changes no choice."""


def _loss(gap: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """What a fit gains by following noise, summed over draws: choosing by an error between the two best choices.

    The fit at a draw errs with the leverage times the residual variance; the expected part of a normal error beyond the
    gap between the two best is the unit normal loss.
    """
    near = gap < _FAR * spread
    z = gap[near] / spread[near]
    loss = np.zeros(gap.shape)
    loss[near] = spread[near] * (np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi) - z * special.ndtr(-z))
    return loss.sum(axis=0)


def _two_best(
    fitted: np.ndarray, residual: np.ndarray, leverage: np.ndarray, degrees: int
) -> tuple[np.ndarray, np.ndarray]:
    """Gap between the two best choices at each draw, and the standard error of that gap, shape (rows, sets)."""
    nothing = [(0, 0), (0, 0), (0, 1)]  # the choice that is best on average regrets nothing
    choices, rest = np.pad(fitted, nothing), np.pad(residual, nothing)
    order = np.argsort(-choices, axis=2)[..., :2]
    best = np.take_along_axis(choices, order, axis=2)
    covariance = np.einsum("nsi,nsj->sij", rest, rest) / degrees
    sets = np.arange(fitted.shape[1])[None, :]
    first, second = order[..., 0], order[..., 1]
    variance = covariance[sets, first, first] + covariance[sets, second, second] - 2 * covariance[sets, first, second]
    return best[..., 0] - best[..., 1], leverage * np.sqrt(np.maximum(variance, 0.0))


def _best(others: np.ndarray) -> np.ndarray:
    """What the best choice brings beside the one taken now, choices on the last axis."""
    return np.maximum(others[..., 0] if others.shape[-1] == 1 else others.max(axis=-1), 0.0)


def _without(by_replicate: np.ndarray) -> np.ndarray:
    """Means over all replicates but one, for each one, on the first axis."""
    count = len(by_replicate)
    return (by_replicate.sum(axis=0) - by_replicate) / max(1, count - 1)


def _left_means(others: np.ndarray, replicates: int) -> np.ndarray:
    """Best of the mean regrets without each replicate, zero at least, shape (replicates,)."""
    return _best(_without(others.reshape(replicates, -1, others.shape[1]).mean(axis=1)))


def _jackknife(gains: np.ndarray, means: np.ndarray) -> float:
    """Standard error from the worth without one replicate at a time (Efron 1981)."""
    worths = gains - means
    return float(np.sqrt((gains.size - 1) / gains.size * np.sum((worths - worths.mean()) ** 2)))
