"""The detector 'out_of_order': what a time may stand for, by its precision, its zone and the order of its parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from realism_samples import Injection, sample_of, table

from flightready.realism.defects.out_of_order import find
from flightready.realism.inspection import inspect
from flightready.realism.order import displaced, longest_ordered

ROWS = list(range(20, 280, 10))


def slipped(frame: pd.DataFrame) -> pd.DataFrame:
    """Every tenth record has slipped behind four newer ones."""
    times = frame["time"].tolist()
    for row in ROWS:
        times[row - 4 : row + 1] = [*times[row - 3 : row + 1], times[row - 4]]
    return frame.assign(time=times)


INJECTION = Injection(slipped, "time", ROWS)


def hits(texts: list[str]) -> list[int]:
    """Marked records of a file of these times."""
    frame = pd.DataFrame({"id": [f"K{i:04d}" for i in range(len(texts))], "time": texts, "text": "x"})
    return np.flatnonzero(find(inspect(sample_of(frame, None), seed=7))["time"].raw.hit).tolist()


def stamps(n: int, *, start: str = "2026-09-07T08:00:00", step_s: int = 1000) -> np.ndarray:
    return np.datetime64(start, "s") + np.arange(n) * np.timedelta64(step_s, "s")


def written(times: np.ndarray, form: str) -> list[str]:
    return [t.item().strftime(form) for t in times]


def test_a_swap_within_a_minute_is_none_where_seconds_are_not_written():
    times = stamps(40)
    times[20] = times[19] - np.timedelta64(1, "s")
    assert hits(written(times, "%Y-%m-%dT%H:%M:%SZ")) == [20]
    same = stamps(40, start="2026-09-07T08:00:00", step_s=20)
    texts = written(same, "%Y-%m-%dT%H:%M:%SZ")
    texts[19], texts[20] = texts[19][:-4] + "00Z", texts[20]
    # 08:06 without seconds stands for the whole minute: behind 08:06:20 it is not out of order
    minute = [t[:16].replace("T", " ") if i == 20 else t.replace("T", " ").rstrip("Z") for i, t in enumerate(texts)]
    assert hits(minute) == []


def test_a_date_without_a_time_is_in_order_within_its_day():
    times = written(stamps(40), "%Y-%m-%d %H:%M:%S")
    times[15] = times[15][:10]
    assert hits(times) == []
    times[35] = "2026-09-06"
    assert hits(times) == [35]


def test_a_date_that_may_be_meant_the_other_way_round_is_not_called_late():
    """3 September written month first among days first: read as 9 March it would be half a year late."""
    times = written(stamps(60, start="2026-09-03T08:00:00", step_s=86_400), "%d/%m/%Y %H:%M")
    times[0], times[5] = "09/03/2026 08:00", "09/08/2026 08:00"
    assert hits(times) == []


def test_the_hour_that_comes_twice_is_in_order():
    """25 October 2026, a Sunday: 02:00 to 03:00 comes twice in local time of central Europe."""
    summer, winter = (stamps(20, start="2026-10-25T01:00:00", step_s=360) for _ in range(2))
    twice = np.concatenate([summer, winter[10:], stamps(40, start="2026-10-25T03:05:00", step_s=360)])
    assert hits(written(twice, "%Y-%m-%d %H:%M:%S")) == []
    assert len(hits(written(twice + np.timedelta64(2, "D"), "%Y-%m-%d %H:%M:%S"))) > 0
    assert len(hits(written(twice, "%Y-%m-%dT%H:%M:%SZ"))) > 0


def test_a_time_without_a_zone_among_times_with_one_may_be_off_by_any_zone():
    times = stamps(60)
    texts = written(times, "%Y-%m-%dT%H:%M:%S+02:00")
    texts[30] = written(times - np.timedelta64(5, "h"), "%Y-%m-%dT%H:%M:%S")[30]
    assert hits(texts) == []
    texts[40] = written(times - np.timedelta64(5, "h"), "%Y-%m-%dT%H:%M:%S+02:00")[40]
    assert hits(texts) == [40]


def test_offsets_are_read_before_times_are_compared():
    times = stamps(60)
    ahead = written(times + np.timedelta64(2, "h"), "%Y-%m-%dT%H:%M:%S+02:00")
    behind = written(times - np.timedelta64(5, "h"), "%Y-%m-%dT%H:%M:%S-05:00")
    assert hits([a if i % 2 else b for i, (a, b) in enumerate(zip(ahead, behind, strict=True))]) == []


def test_an_exact_copy_is_a_copy_and_not_out_of_order():
    frame = table(n=60)
    frame.loc[40] = frame.loc[35]
    assert not displaced(inspect(sample_of(frame, None), seed=7), "raw").applies[40]


@given(st.lists(st.integers(-50, 50), max_size=12))
def test_the_ordered_part_is_ordered_and_none_is_longer(values):
    """Against the quadratic recursion of the textbook."""
    kept = longest_ordered(np.array(values, dtype=np.int64))
    part = np.array(values, dtype=np.int64)[kept]
    assert (np.diff(part) >= 0).all()
    best: list[int] = []
    for i, value in enumerate(values):
        best.append(1 + max((best[j] for j in range(i) if values[j] <= value), default=0))
    assert kept.sum() == max(best, default=0)


@pytest.mark.parametrize("place", [0, 7, 18])
def test_of_two_swapped_neighbours_the_older_one_is_out_of_order(place):
    values = np.arange(20)
    values[[place, place + 1]] = values[[place + 1, place]]
    assert np.flatnonzero(~longest_ordered(values)).tolist() == [place + 1]
