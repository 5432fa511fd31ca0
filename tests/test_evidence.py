"""A finding that is not measured can never pass."""

import pytest

from flightready.evidence import Finding, Grade, Interval, State


@pytest.mark.parametrize("grade", [Grade.ESTIMATED, Grade.ASSUMED])
def test_only_a_measurement_passes(grade):
    with pytest.raises(ValueError, match="only a measured finding"):
        Finding(id="x.y", title="t", sentence="s", state=State.PASS, grade=grade)


def test_interval_ends_must_be_in_order():
    with pytest.raises(ValueError, match="wrong order"):
        Interval(2.0, 1.0)
