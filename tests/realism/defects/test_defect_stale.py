"""The detector 'stale'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import Injection, side_of, table

from flightready.assessment.schema import Columns
from flightready.realism.defects.stale import find
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample, Side
from flightready.realism.silence import monthly, months_without


def without(frame: pd.DataFrame, *months: str, keep: int = 0) -> pd.DataFrame:
    gone = frame["time"].str[:7].isin(months).to_numpy().copy()
    gone[np.flatnonzero(gone)[:keep]] = False
    return frame[~gone].reset_index(drop=True)


INJECTION = Injection(lambda f: without(f, "2025-06"), "time", None)


def inspected(**systems: pd.DataFrame):
    sides = [side_of(frame, name) for name, frame in systems.items()]
    return inspect(
        Sample(None, Side.joined([s for x in sides for s in x.sources]), Columns(id="id", time="time")), seed=7
    )


def sentences(**systems: pd.DataFrame) -> list[str]:
    found = find(inspected(**systems))
    return [o.sentence for o in found["time"].observations] if found else []


def test_a_system_that_ends_before_the_others_is_named():
    web, mail = table(1), table(2)
    (told,) = sentences(web=web[web["time"] < "2025-10-20"], mail=mail)
    assert told.startswith("the records of 'web' end on 2025-10-")
    assert "before those of the other systems" in told


def test_a_single_system_or_a_rare_one_is_not_stale():
    web, mail = table(1), table(2)
    assert sentences(web=web[web["time"] < "2025-10-20"]) == []
    assert sentences(web=web[web["time"] < "2025-10-20"][::20], mail=mail) == []


def test_empty_and_thin_months_by_system_and_once_for_all():
    web, mail = table(1, n=500), table(2, n=500)
    assert sentences(web=without(web, "2025-06"), mail=mail)[0].startswith(
        "in 'web' there is no record in 2025-06, where"
    )
    low = sentences(web=without(web, "2025-06", keep=2), mail=mail)
    assert low[0].startswith("in 'web' there are far fewer records than usual in 2025-06, where about ")
    both = sentences(web=without(web, "2025-06"), mail=without(mail, "2025-06"))
    assert len(both) == 1
    assert both[0].startswith("in all systems together there is no record in 2025-06")


def test_growth_and_decline_are_no_thin_months():
    """Twice as many records each month: the first months hold a fraction of the usual, between no fuller ones."""
    months = [f"2025-{m:02d}" for m in range(1, 11)]
    rows = [f"{m}-{1 + i % 28:02d}T{i % 24:02d}:00:00Z" for k, m in enumerate(months) for i in range(2**k)]
    frame = pd.DataFrame({"id": [f"K{i}" for i in range(len(rows))], "time": rows, "text": "x"})
    assert sentences(web=frame) == []
    assert sentences(web=frame.assign(time=rows[::-1])) == []


def test_months_without_a_record_for_the_checklist():
    web, mail = table(1), table(2)
    inspection = inspected(web=web[web["time"] < "2025-10-20"], mail=mail)
    months = ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01")
    assert months_without(inspection, months) == {"web": ("2025-11", "2025-12", "2026-01")}


def test_hardly_any_thin_month_on_clean_tables():
    """The policy allows 1 in 1,000 for each of 60 systems; of one such false month in all, chance is a likely reason."""
    false = [seed for seed in range(20) if sentences(web=table(seed, 200), mail=table(seed + 100, 150))]
    assert len(false) <= 1


@pytest.mark.parametrize("texts", [[], ["2025-01-01"], ["2025-01-01", "2025-02-01"]])
def test_full_months_need_a_month_before_and_after(texts):
    times = np.array(texts, dtype="datetime64[s]").astype(float)
    assert monthly(times)[0] == ()
