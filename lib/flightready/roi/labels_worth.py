"""What labelling n more raw records is worth for the decision to go, and the number at which labelling stops paying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready import policy
from flightready.roi.conditional import in_replicates, regression
from flightready.roi.regrets import regrets


@dataclass(frozen=True)
class LabelsWorth:
    """What n more labels are worth before the decision, and what they cost; money in the assessment's currency."""

    n: int
    worth: float
    cost: float

    @property
    def net(self) -> float:
        """Worth less cost."""
        return self.worth - self.cost


def best_count(steps: Sequence[LabelsWorth]) -> int:
    """Return the number of labels with the largest worth less cost: there labelling stops paying; 0 if it never does.

    Examples
    --------
    >>> best_count([LabelsWorth(100, 22_084, 500), LabelsWorth(200, 23_059, 1_000), LabelsWorth(500, 23_683, 2_500)])
    200
    """
    top = max(steps, key=lambda s: s.net)
    return top.n if top.net > 0 else 0


def labels_worth(
    accuracy: np.ndarray, value: np.ndarray, counts: Sequence[int], *, design_effect: float = 1.0,
    beside: np.ndarray | None = None,
) -> tuple[float, ...]:  # fmt: skip
    """Return what each number of further labels is worth before the decision, in the unit of the value.

    The draws of accuracy are what is known now. Of n labels, k are right with the chance that each accuracy gives; what
    the value is expected to be after k follows from the accuracies that would have shown it. Where the value is a
    straight line in accuracy this is the closed form of Raiffa and Schlaifer; where it bends, it stays exact.

    Parameters
    ----------
    accuracy, value : array, shape (replicates, draws)
        As everywhere in `roi.information`, the value may be of several ways to go.
    counts : sequence of int
    design_effect : float
        Records that belong together count that many times less.
    beside : array, optional
        From `information.parts`: what inputs add that do not go with accuracy is no noise to it.

    Source
    ------
    Raiffa and Schlaifer 1961 (binomial sample); Strong et al. 2015 (the value's mean given what the sample is about).

    Examples
    --------
    >>> from scipy import special
    >>> prior = special.betaincinv(8, 2, (np.arange(16 * 512) + 0.5) / (16 * 512)).reshape(512, 16).T
    >>> labels_worth(prior, 1e6 * (prior - 0.85), [200])[0] // 100  # closed form 23,059
    230.0
    """
    others = regrets(value)
    fit = regression([in_replicates(accuracy)])
    if beside is not None:
        others = others - fit.independent(beside)
    curve = fit.fitted(others)
    nodes = min(policy.value("information_label_nodes"), len(others))
    groups = np.array_split(np.argsort(accuracy, axis=None, kind="stable"), nodes)
    weight = np.array([g.size for g in groups]) / len(others)
    at = np.clip([np.ravel(accuracy)[g].mean() for g in groups], 0.0, 1.0)
    gain = np.array([curve[g].mean(axis=0) for g in groups])
    return tuple(_after(at, weight, gain, max(1, round(n / design_effect))) for n in counts)


def _after(accuracy: np.ndarray, weight: np.ndarray, gain: np.ndarray, n: int) -> float:
    """Expected best after n labels, over how many of them are right."""
    k = np.arange(n + 1)[:, None]
    choose = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    chance = np.exp(choose + special.xlogy(k, accuracy) + special.xlog1py(n - k, -accuracy)) * weight
    return float(np.maximum((chance @ gain).max(axis=1), 0.0).sum())
