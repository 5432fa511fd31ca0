"""Systems and periods against one another: found where they differ, quiet where they do not, honest about days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import NAME, clean_table, side_of
from scipy import stats

from flightready.assessment.schema import Columns
from flightready.realism.contrast import contrasts, either_way_p
from flightready.realism.coverage import moments
from flightready.realism.inspection import inspect
from flightready.realism.outcome import Contrast
from flightready.realism.sample import Sample, Side

ROLES = Columns(id="id", time="time", text="text")


def joined(*parts: tuple[str, pd.DataFrame]) -> Sample:
    sources = [s for name, frame in parts for s in side_of(frame, name).sources]
    return Sample(None, Side.joined(sources), ROLES)


def contrasted(sample: Sample) -> tuple[Contrast, ...]:
    inspection = inspect(sample, seed=7)
    return contrasts(inspection, moments(inspection, "raw")[0].astype("datetime64[D]"))


def split(n: int = 400, seed: int = 1, systems: int = 2) -> list[pd.DataFrame]:
    """A clean table dealt out over systems, so that each covers the whole time."""
    table = clean_table(np.random.default_rng(seed), n).drop(columns="optional")
    return [table.iloc[i::systems].reset_index(drop=True) for i in range(systems)]


def real(found: tuple[Contrast, ...]) -> set[tuple[str, str, str]]:
    return {(c.detector, c.column, c.part) for c in found if c.is_different}


def test_a_defect_of_one_system_is_found_there_and_nowhere_else():
    web, mail = split()
    mail.loc[::6, "name"] = ""
    found = contrasted(joined(("web", web), ("mail", mail)))
    assert real(found) == {("missing", "name", "system 'web'")}
    first = found[0]
    assert (first.inside.hits, first.outside.hits, first.other) == (0, 34, "system 'mail'")
    assert first.p_value == pytest.approx(stats.fisher_exact([[0, 200], [34, 166]]).pvalue, rel=1e-6)
    assert first.difference_interval.high < 0


def test_of_three_systems_each_stands_against_the_others():
    frames = split(600, systems=3)
    frames[2]["amount"] = [f"{3 * float(v):.2f}" for v in frames[2]["amount"]]
    found = contrasted(joined(*zip(("a", "b", "c"), frames, strict=True)))
    assert ("shift_number", "amount", "system 'c'") in real(found)
    shift = next(c for c in found if (c.detector, c.part) == ("shift_number", "system 'c'"))
    assert shift.other == "the other systems"
    assert shift.told.startswith("its values tend to be larger: in ")
    assert {c.part for c in found if c.detector == "shift_category"} >= {"system 'a'", "system 'b'", "system 'c'"}


def test_a_defect_that_began_on_a_day_is_found_by_period():
    (table,) = split(400, systems=1)
    table.loc[200::5, "text"] = ""
    found = contrasted(joined(("web", table)))
    assert {(d, c) for d, c, _ in real(found)} == {("missing", "text")}
    late = next(c for c in found if c.is_different)
    assert late.part.startswith("from 2025-") and late.other == "before"
    assert (late.inside.hits, late.outside.hits) == (40, 0)


def test_the_mix_and_the_level_by_period():
    (table,) = split(400, systems=1)
    later = np.arange(400) >= 200
    table["category"] = np.where(later & (np.arange(400) % 3 == 0), "returns", "sales")
    table["count"] = np.where(later, "9", table["count"])
    assert {(d, c) for d, c, _ in real(contrasted(joined(("web", table))))} == {
        ("shift_category", "category"),
        ("shift_number", "count"),
    }


def test_records_of_one_day_that_share_a_defect_are_one_event_and_not_forty():
    """Two bad days of 40 among 40 days: by records p is about 1e-24, by days two of twenty against none, p about .5."""
    rng = np.random.default_rng(3)
    table = clean_table(rng, 1600).drop(columns="optional")
    table["time"] = [f"2026-{1 + d // 20:02d}-{1 + d % 20:02d}T09:00:00Z" for d in np.arange(1600) // 40]
    bad = np.isin(np.arange(1600) // 40, (30, 35))
    table.loc[bad, "name"] = ""
    found = contrasted(joined(("web", table)))
    missing = next(c for c in found if (c.detector, c.column) == ("missing", "name"))
    assert (missing.inside.hits, missing.outside.hits) == (80, 0)
    assert stats.fisher_exact([[80, 720], [0, 800]]).pvalue < 1e-20
    assert missing.p_value > 0.2 and not missing.is_different


def test_quiet_where_systems_and_periods_are_alike():
    flagged = []
    for seed in range(8):
        a, b = split(160, seed=seed)
        flagged += [(seed, *key) for key in real(contrasted(joined(("a", a), ("b", b))))]
    assert len(flagged) <= 2  # one table in twenty may hold a false one


def test_ids_and_times_never_differ():
    a, b = split(600)
    found = contrasted(joined(("a", a[:300]), ("b", b)))
    assert not {c.column for c in found if c.effect is not None} & {"id", "time", "name"}


@pytest.mark.parametrize("rows", [0, 1, 15])
def test_too_little_is_nothing_to_compare(rows):
    a, b = split()
    if rows:
        found = contrasted(joined(("a", a[:rows]), ("b", b)))
        assert not [c for c in found if c.part.startswith("system")]
    one_day = a.assign(time="2026-03-01T09:00:00Z")
    assert contrasted(joined(("a", one_day))) == ()
    assert contrasted(joined(("a", a.assign(time="soon")))) == ()
    inspection = inspect(Sample(side_of(a), None, ROLES), seed=1)
    assert contrasts(inspection, np.array([], dtype="datetime64[D]")) == ()


def test_the_same_input_gives_the_same_answer_and_shows_no_value():
    a, b = split()
    b.loc[::5, "category"] = NAME
    first, again = (contrasted(joined(("a", a), ("b", b))) for _ in range(2))
    assert first == again and real(first)
    assert NAME not in repr(first) and NAME.casefold() not in repr(first)


def test_either_way_doubles_the_smaller_tail():
    assert either_way_p(3, 10, 3, 10) == 1.0
    assert either_way_p(0, 50, 12, 50) == pytest.approx(stats.fisher_exact([[0, 50], [12, 38]]).pvalue, rel=1e-6)
