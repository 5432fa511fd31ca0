"""How often the intervals of whole requests hold the truth, over correlated stages. Run with -s to read the table.

LATENCY_COVERAGE_RUNS=100 shortens it.
"""

from __future__ import annotations

import os

import pytest
from request_coverage import of_a_change, resampled_percentile

pytestmark = pytest.mark.benchmark

RUNS = int(os.environ.get("LATENCY_COVERAGE_RUNS", "500"))
CASES = [(n, share) for n in (60, 200, 1000) for share in (0.95, 0.99)]


@pytest.mark.parametrize(("n", "share"), CASES)
def test_percentiles_of_resampled_requests(n, share, capsys):
    """Within three standard errors of the coverage that so many resamples have exactly, which is 90 % or more."""
    found = resampled_percentile(n, share, runs=RUNS, first_seed=1)
    with capsys.disabled():
        print(f"\np{100 * share:g} of {n:,} requests: {found.found:.3f}, exactly {found.nominal:.3f} ({RUNS} runs)")
    assert found.errors_away <= 3


@pytest.mark.parametrize(("n", "share"), CASES)
def test_what_a_stage_takes_and_what_a_faster_one_saves(n, share, capsys):
    """Resampled means and differences are approximate: near 90 %, and never far below."""
    found = of_a_change(n, share, runs=RUNS, first_seed=2)
    with capsys.disabled():
        told = "  ".join(f"{name} {one.found:.3f}" for name, one in zip(("saved", "takes"), found, strict=True))
        print(f"\np{100 * share:g} of {n:,} requests: {told} ({RUNS} runs)")
    assert min(one.found for one in found) >= 0.8 - 3 * (0.8 * 0.2 / RUNS) ** 0.5
