"""The detector 'unseen_category'."""

from __future__ import annotations

import numpy as np
import pytest
from realism_samples import HIT, NAME, Injection, halves, put, sample_of
from value_tables import clean_shapes

from flightready.realism.detector import detectors
from flightready.realism.inspection import inspect

INJECTION = Injection(lambda f: put(f, "category", [f"{NAME} 7", "R-12"]), "category", HIT)
FIND = next(d.find for d in detectors() if d.id == "unseen_category")


def test_known_categories_however_rare_or_spelled_are_not_marked():
    raw, demo = halves()
    demo = put(demo, "category", ["seldomword"], [3])
    raw = put(raw, "category", ["seldomword", " SeldomWord"], [3, 4])
    hit = FIND(inspect(sample_of(raw, demo), seed=7))["category"].raw.hit
    assert not hit[[3, 4]].any()


def test_a_word_for_nothing_is_no_category():
    raw, demo = halves()
    hit = FIND(inspect(sample_of(put(raw, "category", ["N/A"], HIT), demo), seed=7))["category"].raw
    assert not hit.hit[HIT].any() and not hit.applies[HIT].any()


@pytest.mark.parametrize("n", [200, 600])
def test_tails_of_clean_categories_are_no_news(n):
    """Novelty by permutation: a word that only one half shows is expected in long tails."""
    chances = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        whole = clean_shapes(rng, n).drop(columns="token")
        order = rng.permutation(n)
        inspection = inspect(sample_of(whole.iloc[order[: n // 2]], whole.iloc[order[n // 2 :]]), seed=seed)
        chances += [d.p_value for d in FIND(inspection).values()]
    assert len(chances) > 30 and min(chances) > 0.002
