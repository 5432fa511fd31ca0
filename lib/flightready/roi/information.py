"""What knowing more is worth before the decision: everything, one input, several, or what a study would show.

The decision is to go or to stop, worth nothing; where there are several ways to go, to choose the best of them or stop.
Knowing is worth what the better choice brings on average. All functions take draws: inputs of shape
(replicates, draws), and a value of the same shape or, for several ways to go, of shape (ways, replicates, draws); draws
of shape (n,) are divided into blocks. Amounts are in the unit of the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready import policy
from flightready.roi.conditional import in_replicates, one_thread, own_parts, regression
from flightready.roi.regrets import best_of, jackknife, known, left_means, nothing, regrets, shuffles, without


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
    gains = best_of(others).reshape(in_replicates(value).shape[-2], -1).mean(axis=1)  # by replicate
    return Worth(float(gains.mean()), jackknife(without(gains), left_means(others, gains.size)))


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
    with one_thread():
        return _partial(columns, value, groups, random)


def _partial(
    columns: Mapping[str, np.ndarray], value: np.ndarray, groups: Mapping[str, Sequence[str]] | None,
    random: np.random.Generator,
) -> dict[str, Worth]:  # fmt: skip
    groups = {name: (name,) for name in columns} if groups is None else groups
    others, draws = regrets(value), {name: in_replicates(c) for name, c in columns.items()}
    own = own_parts(list(draws.values()), others)
    shuffled = shuffles(others - own.sum(axis=1), in_replicates(value).shape[-2], random)
    worths, noises = {}, [np.zeros(policy.value("information_shuffles"))]
    for name, members in groups.items():
        fit = regression([draws[m] for m in members])
        left = others - fit.independent(own)
        worths[name] = known(fit, left)
        noises.append(nothing(fit, left, shuffled))
    noise = float(np.quantile(np.max(noises, axis=0), policy.value("information_noise_level")))
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
    return tuple(float(best_of(mean + np.sqrt(s) * (fitted - mean)).mean()) for s in shares)


def parts(columns: Iterable[np.ndarray], value: np.ndarray) -> np.ndarray:
    """Return what each input by itself adds to the value of each other choice, shape (n, inputs, choices - 1)."""
    return own_parts([in_replicates(c) for c in columns], regrets(value))


def shown_share(share: np.ndarray, n: float, random: np.random.Generator) -> np.ndarray:
    """Return what n cases would show of a share, at each draw: the count of those that have it, over n."""
    n = max(1, round(n))
    return random.binomial(n, np.clip(share, 0.0, 1.0)) / n


def shown_amount(amount: np.ndarray, relative_error: float, random: np.random.Generator) -> np.ndarray:
    """Return what a reading with a relative standard error would show of an amount, at each draw."""
    return amount * np.exp(relative_error * random.standard_normal(amount.shape))


def study_worth(
    shown: Sequence[np.ndarray], value: np.ndarray, *, random: np.random.Generator, value_now: np.ndarray | None = None,
    beside: np.ndarray | None = None,
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
    beside : array, optional
        From `parts`: what inputs add that the study does not tell about is no noise to it.

    Source
    ------
    Strong, Oakley, Brennan and Breeze 2015, Estimating the expected value of sample information using the
    probabilistic sensitivity analysis sample.
    """
    others = regrets(value)
    fit = regression([in_replicates(s) for s in shown])
    if beside is not None:
        others = others - fit.independent(beside)
    worth, error = known(fit, others)
    empty = nothing(fit, others, shuffles(others, fit.replicates, random))
    noise = float(np.quantile(empty, policy.value("information_noise_level")))
    waited = 0.0 if value_now is None else _choice(value) - _choice(value_now)
    return Worth(max(0.0, worth + waited), error, noise)


def _choice(value: np.ndarray) -> float:
    """Value of the choice that is best on average."""
    return max(0.0, float(in_replicates(value).mean(axis=(-2, -1)).max()))
