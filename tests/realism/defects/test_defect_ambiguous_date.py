"""The detector 'ambiguous_date'."""

from __future__ import annotations

import pandas as pd
from realism_samples import Injection, sample_of, table

from flightready.realism.detector import detectors
from flightready.realism.inspection import inspect

FIND = next(d.find for d in detectors() if d.id == "ambiguous_date")


def unclear(frame: pd.DataFrame, more: list[str] | None = None) -> pd.DataFrame:
    """Dates with slashes whose days are 1 to 12, and none equal to its month."""
    frame = frame.copy()
    frame["time"] = [f"{i % 6 + 1:02d}/{i % 5 + 7:02d}/2026" for i in range(len(frame))]
    frame.loc[: len(more or []) - 1, "time"] = more or []
    return frame


INJECTION = Injection(unclear, "time", None)


def told(frame: pd.DataFrame) -> list[str]:
    return [o.sentence for o in FIND(inspect(sample_of(frame, None), seed=7))["time"].observations]


def test_says_how_many_dates_fit_both_orders():
    assert told(unclear(table(1))) == [
        "system 'web': 300 of 300 dates in 'time' fit both orders of day and month, and nothing in the column says which"
    ]


def test_one_date_proves_the_order_for_all():
    assert told(unclear(table(1), ["25/01/2026"])) == []


def test_where_both_orders_are_proved_the_others_stay_open():
    assert told(unclear(table(1), ["25/01/2026", "01/25/2026"])) == [
        "system 'web': 298 of 300 dates in 'time' fit both orders of day and month, and the column shows both"
    ]


def test_iso_dates_and_dots_are_clear():
    frame = unclear(table(1))
    assert told(table(1)) == []
    assert told(frame.assign(time=frame["time"].str.replace("/", "."))) == []
