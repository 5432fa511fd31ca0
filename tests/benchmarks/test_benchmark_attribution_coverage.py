"""Coverage of the attribution over regenerated samples, with recorded and with detected flags. Run with -s to read it.

ATTRIBUTION_SAMPLES=20 shortens it.
"""

from __future__ import annotations

import os

import pytest
from attribution_coverage import covered, halves

pytestmark = pytest.mark.benchmark

SAMPLES = int(os.environ.get("ATTRIBUTION_SAMPLES", "200"))
FIRST_SEED = 7000
LEAST, MOST, NOMINAL = 0.85, 0.95, 0.10
# three standard errors of a share of that many samples: what chance alone moves in a short run
ROOM = 3 * (NOMINAL * (1 - NOMINAL) / SAMPLES) ** 0.5
DETECTED = {1200: SAMPLES // 2, 5000: SAMPLES // 10}  # finding defects takes a second for each thousand records


@pytest.mark.parametrize("n", [1200, 5000])
def test_recorded_flags(n, capsys):
    """Nine times in ten within the 90 % interval, when it is known which record carries which defect."""
    found = covered(SAMPLES, n, first_seed=FIRST_SEED)
    with capsys.disabled():
        print(f"\nRecorded flags, {n:,} raw records, points\n{found.table()}")
    assert LEAST <= found.often_judged <= MOST
    assert found.together >= 1 - NOMINAL - ROOM


@pytest.mark.parametrize("n", [1200, 5000])
def test_detected_flags(n, capsys):
    """What the detectors' misses cost; informs, and holds the worst case away."""
    if not DETECTED[n]:
        pytest.skip("too few samples were asked for")
    found = covered(DETECTED[n], n, first_seed=FIRST_SEED, flags="detected")
    with capsys.disabled():
        print(f"\nDetected flags, {n:,} raw records, points\n{found.table()}")
    assert found.often_judged >= 0.7


@pytest.mark.parametrize("n", [1200, 5000])
def test_nothing_is_attributed_where_nothing_has_an_effect(n, capsys):
    """All effects set to zero: the simultaneous intervals exclude zero in at most one run of ten."""
    found = covered(SAMPLES, n, first_seed=FIRST_SEED, harmless=True)
    with capsys.disabled():
        print(f"\nNo defect has an effect, {n:,} raw records\n{found.table()}")
    assert found.falsely <= NOMINAL + ROOM


def test_two_random_halves_of_one_set(capsys):
    """No drop is claimed beyond the nominal error: one end of a 90 % interval is passed in one run of twenty."""
    found = halves(SAMPLES, first_seed=FIRST_SEED)
    with capsys.disabled():
        print(
            f"\nTwo random halves, {found.runs} runs: a drop claimed in {found.drop_claimed:.1%}, a defect attributed in "
            f"{found.defect_attributed:.1%}, another mix or an unexplained shift in {found.rest_attributed:.1%}"
        )
    assert found.drop_claimed <= NOMINAL / 2 + ROOM
    assert max(found.defect_attributed, found.rest_attributed) <= NOMINAL + ROOM
