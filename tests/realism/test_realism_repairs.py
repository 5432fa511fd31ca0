"""What to mend first: distinct records, greedy order, no record counted twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from realism_samples import halves, put, sample_of, side_of, table

from flightready.assessment.schema import Columns
from flightready.intervals import clopper_pearson
from flightready.realism.comparison import defects
from flightready.realism.inspection import inspect
from flightready.realism.repairs import _in_order, needed, repairs
from flightready.realism.sample import AlignedSource, Sample, Side
from flightready.realism.table import MalformedRow, RawTable


def mended(sample: Sample, **options):
    inspection = inspect(sample, seed=7)
    days = {name: np.full(len(side), np.datetime64("NaT"), dtype="datetime64[D]") for name, side in inspection.sides()}
    return repairs(needed(inspection, defects(inspection, days), **options))


def by_column(found, column):
    return next(r for r in found if column in r.columns)


def test_distinct_records_are_counted_over_columns():
    """30 records lack a name, 20 of them and 10 others an amount: 40 need the same repair."""
    frame = put(put(table(1), "name", [""], range(30)), "amount", [""], range(10, 40))
    (only,) = mended(sample_of(frame, None))
    assert (only.records.hits, only.records.n, only.added, only.columns) == (40, 300, 40, ("amount", "name"))
    assert only.records.interval == clopper_pearson(40, 300)
    assert (only.touched, only.mended) == (1.0, 1.0)


def test_a_record_with_two_defects_is_touched_by_the_first_repair_and_mended_by_the_last():
    frame = put(table(1), "name", [""], range(30))
    frame = put(frame, "text", [f"Please write to zoe.x{i}@mail.example" for i in range(20)], range(20, 40))
    first, second = mended(sample_of(frame, None))
    assert (first.columns, first.records.hits, first.added) == (("name",), 30, 30)
    assert (first.touched, first.mended) == (30 / 40, 20 / 40)
    assert (second.records.hits, second.added) == (20, 10)
    assert (second.touched, second.mended) == (1.0, 1.0)


def test_what_only_differs_from_the_demo_set_counts_where_it_is_more_than_chance():
    raw, demo = halves()
    assert mended(sample_of(put(raw, "category", ["#9 9"], [3]), demo)) == ()
    many = mended(sample_of(put(raw, "category", ["#9 9"], range(25)), demo))
    assert by_column(many, "category").records.hits >= 25


def test_empty_values_of_an_optional_column_are_none_to_mend():
    frame = put(table(1), "name", [""], range(30))
    assert mended(sample_of(frame, None), optional=("name",)) == ()


def test_rows_that_do_not_parse_are_records_of_their_own():
    frame = put(table(1), "name", [""], range(30))
    rows = np.arange(300)
    bad = tuple(MalformedRow(400 + i, 300 + i, 9, 8, "too many fields", "x") for i in range(50))
    raw = Side.joined([AlignedSource(RawTable("web.csv", frame, rows + 2, rows, bad, "CSV"), "web", frame)])
    first, second = mended(Sample(None, raw, Columns(id="id", time="time", text="text")))
    assert (first.records.hits, first.records.n, second.records.hits) == (50, 350, 30)
    assert first.mended == pytest.approx(50 / 80)


def test_nothing_to_mend_and_no_raw_side():
    assert mended(sample_of(table(1), None)) == ()
    assert mended(Sample(side_of(table(1)), None, Columns())) == ()


tables_of_hits = st.integers(1, 12).flatmap(
    lambda n: st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=1, max_size=6)
)


@settings(max_examples=200, deadline=None)
@given(tables_of_hits)
def test_the_order_adds_up(rows):
    """New records sum to all affected ones, shares never fall, each step is the best there is, the last mends all."""
    hits = {str(i): np.array(r) for i, r in enumerate(rows) if any(r)}
    ordered = _in_order(hits)
    if not hits:
        assert ordered == []
        return
    affected = np.logical_or.reduce(list(hits.values()))
    assert sum(added for _, (added, _, _) in ordered) == affected.sum()
    added = [a for _, (a, _, _) in ordered]
    assert added == sorted(added, reverse=True)
    touched, whole = ([s[i] for _, s in ordered] for i in (1, 2))
    assert touched == sorted(touched) and whole == sorted(whole)
    assert touched[-1] == whole[-1] == 1.0
    assert all(m <= t for m, t in zip(whole, touched, strict=True))
    assert added[0] == max(h.sum() for h in hits.values())
