"""Whether the drawn sample is like its population: shares that both hold, compared within one budget."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from flightready import policy
from flightready.intervals import benjamini_hochberg, clopper_pearson
from flightready.realism.population.patterns import BLANK, null_words
from flightready.realism.population.result import Likeness, PopulationProfile
from flightready.realism.sample import Side

EMPTY, NULL_WORD = "no value", "a word for no value"


def likeness(profile: PopulationProfile, side: Side | None) -> tuple[Likeness, ...]:
    """Compare the sample with the population, column by column.

    Parameters
    ----------
    profile : PopulationProfile
        Its shares are counts over all rows and have no error of their own.
    side : Side, optional
        The raw sample; nothing is compared without one.

    Returns
    -------
    tuple of Likeness
        `differs` holds within one false-discovery budget over all of them (Benjamini-Hochberg).
    """
    from scipy import stats  # slow to load

    if side is None or not profile.n:
        return ()
    found = list(_shares(profile, side))
    p_values = [float(stats.binomtest(hits, n, share).pvalue) for _, _, hits, n, share in found]
    adjusted = benjamini_hochberg(p_values)
    budget = policy.value("false_discovery_budget")
    return tuple(
        Likeness(column, what, hits, n, clopper_pearson(hits, n), share, p, bool(a <= budget))
        for (column, what, hits, n, share), p, a in zip(found, p_values, adjusted, strict=True)
    )


def _shares(profile: PopulationProfile, side: Side) -> Iterator[tuple[str, str, int, int, float]]:
    """Column, subject, hits and records of the sample, share of the population."""
    blank, null_word = re.compile(BLANK), re.compile(null_words())
    for facts in profile.columns:
        if facts.column not in side.frame.columns:
            continue
        texts = side.frame[facts.column][side.applies(facts.column)].fillna("")
        if not len(texts):
            continue
        is_blank = np.array([bool(blank.search(t)) for t in texts])
        yield facts.column, EMPTY, int(is_blank.sum()), len(texts), facts.empty / profile.n
        if facts.texts:
            words = sum(bool(null_word.search(t.lower())) for t in texts)
            yield facts.column, NULL_WORD, words, len(texts), facts.texts.null_words / profile.n
