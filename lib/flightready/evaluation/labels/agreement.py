"""How far labellers or raters agree beyond chance: Krippendorff's alpha with its interval over records."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.labels.truth_set_result import Agreement
from flightready.evidence import Interval
from flightready.intervals import clopper_pearson
from flightready.realism.inspection import Inspection
from flightready.realism.measures import numbers
from flightready.realism.outcome import rate

FIRST_LABEL = "first_label"
"""Column of the first labeller's own answers, beside what was settled later."""
_AT_ONCE = 100  # replicates that are weighed together: fast, and small
NOMINAL, ORDINAL, INTERVAL = "nominal", "ordinal", "interval"


def alpha(counts: np.ndarray, values: np.ndarray, level: str = NOMINAL) -> float:
    """Return Krippendorff's alpha: 1 for perfect agreement, 0 for chance; NaN where nothing can be compared.

    Parameters
    ----------
    counts : array, shape (records, values)
        How many raters gave each record each value; records with fewer than two answers do not count.
    values : array, shape (values,)
        What the columns stand for, rising; for the level `interval` they are numbers.
    level : str
        nominal (equal or not), ordinal (order counts), interval (distance counts).

    Source
    ------
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.

    Examples
    --------
    >>> round(alpha(np.array([[2, 0], [1, 1], [0, 2], [0, 2]]), np.arange(2)), 4)
    0.5333
    """
    paired = counts[counts.sum(axis=1) >= 2].astype(float)
    return float(_alphas(paired, np.ones((1, len(paired))), values, level)[0])


def _alphas(counts: np.ndarray, weights: np.ndarray, values: np.ndarray, level: str) -> np.ndarray:
    """Alpha for each way of weighing the records, shape (ways,).

    Parameters
    ----------
    counts : array, shape (records, values)
        At least two answers each.
    weights : array, shape (ways, records)
    """
    totals = weights @ counts
    if level == ORDINAL:  # how far two steps are apart depends on all answers, so on the weights
        delta = _steps_apart(totals)
        observed = (np.tensordot(weights, _coincidences(counts), axes=1) * delta).sum(axis=(1, 2))
        expected = (totals[:, :, None] * totals[:, None, :] * delta).sum(axis=(1, 2))
    else:
        delta = _apart(values, level)
        observed = weights @ (((counts @ delta) * counts).sum(axis=1) / (counts.sum(axis=1) - 1))
        expected = ((totals @ delta) * totals).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1 - observed * (totals.sum(axis=1) - 1) / expected
    return np.where(expected > 0, found, np.nan)


def _coincidences(counts: np.ndarray) -> np.ndarray:
    """How often each two values stand beside one another in each record, shape (records, values, values)."""
    pairs = counts[:, :, None] * counts[:, None, :]
    at = np.arange(counts.shape[1])
    pairs[:, at, at] -= counts
    return pairs / (counts.sum(axis=1) - 1)[:, None, None]


def _apart(values: np.ndarray, level: str) -> np.ndarray:
    """Squared difference of every two values, shape (values, values)."""
    if level == NOMINAL:
        return 1 - np.eye(len(values))
    return (values[:, None] - values[None, :]).astype(float) ** 2


def _steps_apart(totals: np.ndarray) -> np.ndarray:
    """Squared number of answers between every two steps of a scale, shape (ways, values, values)."""
    below = np.cumsum(totals, axis=1) - totals / 2  # answers below the middle of each step
    return (below[:, :, None] - below[:, None, :]) ** 2


def agreement_of(answers: pd.DataFrame, *, level: str, seed: int) -> Agreement | None:
    """Return how far raters agree, or None when too few records have two answers or all answers are the same.

    Parameters
    ----------
    answers : DataFrame, shape (records, raters)
        NA where a rater gave none; numbers for ordinal and interval.
    level : str
    seed : int
        Of the assessment.
    """
    flat = answers.to_numpy().ravel()
    codes, values = pd.factorize(flat, sort=True, use_na_sentinel=True)
    if len(values) > policy.value("most_different_answers"):
        return None
    counts = np.zeros((len(answers), len(values)))
    rows = np.repeat(np.arange(len(answers)), answers.shape[1])
    np.add.at(counts, (rows[codes >= 0], codes[codes >= 0]), 1)
    counts = counts[counts.sum(axis=1) >= 2]
    n = len(counts)
    if n < policy.value("least_second_labels") or len(values) < 2:
        return None
    numeric = np.asarray(values, dtype=float) if level == INTERVAL else np.arange(len(values))
    found = alpha(counts, numeric, level)
    if np.isnan(found):
        return None
    equal = int((counts.max(axis=1) == counts.sum(axis=1)).sum())
    ends = _interval(counts, numeric, level, generator(seed, "evaluation", "agreement"))
    return Agreement(found, ends, n, answers.shape[1], rate(equal, n), level)


def _interval(counts: np.ndarray, values: np.ndarray, level: str, rng: np.random.Generator) -> Interval:
    """Records are drawn anew with replacement; those with the same answers are drawn together, which is the same."""
    kinds, repeats = np.unique(counts, axis=0, return_counts=True)
    n, size, found = len(counts), policy.value("agreement_replicates"), []
    for start in range(0, size, _AT_ONCE):
        weights = rng.multinomial(n, repeats / n, size=min(_AT_ONCE, size - start)).astype(float)
        found += _alphas(kinds, weights, values, level).tolist()
    kept = np.array(found)[~np.isnan(found)]
    low, high = np.quantile(kept, [0.05, 0.95]) if kept.size else (-1.0, 1.0)
    if len(kinds) and (kinds.max(axis=1) == kinds.sum(axis=1)).all():
        low = _none_seen(counts)
    return Interval(float(low), float(high))


def _none_seen(counts: np.ndarray) -> float:
    """Lower end where no disagreement was seen: so many records may differ all the same (rule of three)."""
    n, share = len(counts), counts.sum(axis=0) / counts.sum()
    expected = 1 - (share**2).sum()
    return max(-1.0, 1 - clopper_pearson(0, n).high / expected)


def agreement(inspection: Inspection) -> Agreement | None:
    """Return how far those agree who labelled or rated the records of a pilot; None without second answers.

    Parameters
    ----------
    inspection : Inspection
        With labels (see `with_labels`). Ratings count when two columns hold them, else first and second labels; a
        record that repeats another one counts once.
    """
    found = _given(inspection)
    if found is None:
        return None
    answers, is_rated = found
    return agreement_of(answers, level=_scale(answers) if is_rated else NOMINAL, seed=inspection.seed)


def n_labelled_twice(inspection: Inspection) -> int:
    """Return how many records of a pilot, with labels, have two answers or more of those who label or rate."""
    found = _given(inspection)
    return 0 if found is None else int((found[0].notna().sum(axis=1) > 1).sum())


def _given(inspection: Inspection) -> tuple[pd.DataFrame, bool] | None:
    """Answers of all raters, and whether they are ratings; None without a second one."""
    roles = inspection.sample.columns
    rated = _stacked(inspection, roles.rating, numeric=True) if len(roles.rating) > 1 else None
    if rated is not None:
        return rated, True
    pair = [c for c in (_first(inspection), roles.second_label) if c]
    labelled = _stacked(inspection, pair, numeric=False) if len(pair) > 1 else None
    return None if labelled is None else (labelled, False)


def _first(inspection: Inspection) -> str | None:
    """The first labeller's own answers where they are kept apart from what was settled later."""
    return FIRST_LABEL if inspection.has("raw", FIRST_LABEL) else inspection.sample.columns.label


def _scale(answers: pd.DataFrame) -> str:
    """Whole numbers of few kinds are steps of a scale; anything else is a measure."""
    given = answers.to_numpy(dtype=float)
    given = given[~np.isnan(given)]
    is_steps = bool((given == np.round(given)).all()) and len(np.unique(given)) <= policy.value("most_steps_of_a_scale")
    return ORDINAL if is_steps else INTERVAL


def _stacked(inspection: Inspection, columns: list[str], *, numeric: bool) -> pd.DataFrame | None:
    """Answers of all raters over both sides, shape (records, raters); None where fewer than two columns are there."""
    parts = []
    for name, side in inspection.sides():
        if sum(inspection.has(name, c) for c in columns) < 2:
            continue
        told = {}
        for place, column in enumerate(columns):
            if not inspection.has(name, column):
                continue
            if numeric:
                told[place] = numbers(inspection, name, column)
            else:
                texts = inspection.texts(name, column).str.strip().str.casefold()
                told[place] = texts.where(inspection.filled(name, column)).astype(object)
        parts.append(pd.DataFrame(told)[~side.is_copy])
    return pd.concat(parts, ignore_index=True) if parts else None
