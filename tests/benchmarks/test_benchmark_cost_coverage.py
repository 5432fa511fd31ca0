"""How often the forecast covers what production costs, in logs whose truth is known. Run with -s to read the table.

COST_COVERAGE_RUNS=40 shortens it.
"""

from __future__ import annotations

import os

import pytest
from cost_coverage import HEAD, World, conditional_coverage, covered
from scipy import stats

pytestmark = pytest.mark.benchmark

RUNS = int(os.environ.get("COST_COVERAGE_RUNS", "400"))
NOMINAL, LEAST, MOST_UNKNOWN = 0.8, 0.72, 0.10
ROOM = 2.5 * (LEAST * (1 - LEAST) / RUNS) ** 0.5  # what chance alone moves in a short run
WORLDS = [
    *(World(calls, spread, tail) for calls in (20, 200, 5000) for spread in (0.05, 0.2, 0.5) for tail in (0.8, 1.4)),
    *(World(calls, 0.1, weekend=0.4) for calls in (20, 200)),
    World(alike=0.4),
    *(World(calls, 0.05, users=users, user_spread=0.6) for calls, users in ((20, 15), (200, 15), (200, 100))),
    World(5000, 0.2, users=100, user_spread=0.6),
]
HARD = [World(alike=0.7), World(200, 0.05, users=8, user_spread=0.6), World(drift=0.2)]
"""Shown, and not held to the limit: two weeks cannot tell a slow wave or a trend from days, nor eight users from all."""


def test_two_weeks(capsys):
    """A nominal 80 % interval holds another mix at least 72 times in 100, with a spread in nine logs of ten."""
    seen = {world: covered(world, RUNS, nominal=NOMINAL, first_seed=5000) for world in [*WORLDS, *HARD]}
    with capsys.disabled():
        print(f"\nTwo weeks, {RUNS} logs of each world, nominal {NOMINAL:.0%}: {HEAD}")
        print("\n".join(f"{world!s:58} {found}" for world, found in seen.items()))
    for world in WORLDS:
        assert min(seen[world].another_mix, seen[world].next_month) >= LEAST - ROOM, world
        assert seen[world].unknown <= MOST_UNKNOWN, world
        assert seen[world].shifted <= 0.15 + ROOM, world


def test_shorter_logs_hold_on_the_condition_that_their_spread_is_right(capsys):
    """99, 80, 61 and 48 % when the true spread is half, as assumed, 1.5 times and twice (closed form)."""
    runs = 2 * RUNS
    seen = conditional_coverage(runs, (0.5, 1.0, 1.5, 2.0), nominal=NOMINAL)
    with capsys.disabled():
        print(f"\nThree hours, {runs} logs, nominal {NOMINAL:.0%}, by true spread over the assumed one")
        print("\n".join(f"{times:4.1f} {share:6.1%}" for times, share in seen.items()))
    for times, share in seen.items():
        expected = 2 * stats.norm.cdf(stats.norm.ppf(0.5 + NOMINAL / 2) / times) - 1
        assert share == pytest.approx(expected, abs=3 * (expected * (1 - expected) / runs) ** 0.5 + 0.02)
