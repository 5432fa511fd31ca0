"""Speed of the attribution against scikit-learn's own regression, fitted anew for each resample in the same process.

Run with -s to read it. Seconds are processor time, so that other work on the machine does not count; both use one
thread, as threads that wait for one another on a busy machine use the processor too.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from flightready.evaluation.attribution.decomposition import Records
from flightready.evaluation.attribution.split import Split

pytestmark = pytest.mark.benchmark

ROWS, DEMO_ROWS, DEFECTS, REPLICATES, FITTED = 20_000, 5_000, 12, 1_000, 50
MOST_S = 5.0
LEAST_RATIO = 2.0  # times faster than refitting; the peer gets no interaction of defects and no money


def sides(rng: np.random.Generator, prevalence: float, *, in_clusters: bool) -> tuple[Records, Records]:
    """Records with 12 defects, six classes, four regions and three systems."""
    made = []
    for n, share in ((ROWS, prevalence), (DEMO_ROWS, 0.0)):
        flags = rng.random((n, DEFECTS)) < share
        wrong = (rng.random(n) < 0.1 + np.minimum(0.6, 0.1 * flags.sum(axis=1))).astype(float)
        levels = [np.eye(k)[rng.integers(k, size=n)][:, 1:] for k in (6, 4, 3)]
        system = levels[2] - levels[2].mean(axis=0) if share else np.zeros((n, 2))
        cluster = rng.integers(n // 2, size=n) if in_clusters else np.arange(n)
        made.append(Records(wrong, flags, np.column_stack(levels[:2]), system, cluster))
    return made[0], made[1]


def refitted(raw: Records, demo: Records, rng: np.random.Generator) -> float:
    """Seconds for one resample by scikit-learn: draw rows, fit, take means."""
    from sklearn.linear_model import LinearRegression

    columns = [
        np.column_stack([np.full(len(s), float(is_raw)), s.mix, s.control, s.flags])
        for s, is_raw in ((raw, True), (demo, False))
    ]
    begun = time.process_time()
    for _ in range(FITTED):
        picked = [rng.integers(len(s), size=len(s)) for s in (raw, demo)]
        drawn = [c[p] for c, p in zip(columns, picked, strict=True)]
        wrong = np.concatenate([s.wrong[p] for s, p in zip((raw, demo), picked, strict=True)])
        fit = LinearRegression().fit(np.concatenate(drawn), wrong)
        fit.coef_ * (drawn[0].mean(axis=0) - drawn[1].mean(axis=0))
    return (time.process_time() - begun) / FITTED


@pytest.mark.parametrize("in_clusters", [False, True], ids=["records", "clusters of two"])
@pytest.mark.parametrize("prevalence", [0.05, 0.2])
def test_a_thousand_resamples_of_twenty_thousand_rows(prevalence, in_clusters, capsys):
    rng = np.random.default_rng(1)
    raw, demo = sides(rng, prevalence, in_clusters=in_clusters)
    best, peer = np.inf, np.inf
    with threadpool_limits(1):
        for _ in range(2):  # by turns, so that a busy machine slows both; the best of each counts
            begun = time.process_time()
            found = Split.of(raw, demo, owner=np.arange(DEFECTS), replicates=REPLICATES, rng=rng)
            best = min(best, time.process_time() - begun)
            peer = min(peer, REPLICATES * refitted(raw, demo, rng))
    with capsys.disabled():
        print(
            f"\n{ROWS:,} rows, {DEFECTS} defects in {prevalence:.0%} of records each, "
            f"{'clusters of two' if in_clusters else 'single records'}: {REPLICATES:,} resamples in {best:.2f} s (at most "
            f"{MOST_S:g}); scikit-learn refitted {FITTED} times, scaled: {peer:.1f} s, {peer / best:.1f} times as long "
            f"(at least {LEAST_RATIO:g})"
        )
    assert found.judged[:DEFECTS].all()
    assert peer / best >= LEAST_RATIO
    assert best <= MOST_S
