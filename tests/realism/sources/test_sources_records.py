"""The fast, streaming reader of records against a plain one that looks at every record by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from source_files import read_bytes

from flightready import policy
from flightready.realism.sources.records import records


def careful(lines: list[str], dialect: dict[str, Any]) -> Iterator[tuple[int, list[str], bool]]:
    """Records one by one: a lenient reader, and a strict one that judges every record of several lines."""
    most, start = policy.value("longest_record_lines"), 0
    while start < len(lines):
        reader = csv.reader(iter(lines[start : start + most]), **dialect)
        fields = next(reader)
        end = start + reader.line_num
        try:
            is_whole = end - start == 1 or len(list(csv.reader(lines[start:end], strict=True, **dialect))) == 1
        except csv.Error:
            is_whole = False
        if is_whole:
            yield start, fields, True
            start = end
        else:
            yield start, next(csv.reader([lines[start]], **{**dialect, "quoting": csv.QUOTE_NONE})), False
            start += 1


@given(st.text(alphabet='ab,;"\n\r \\é', max_size=80), st.sampled_from([{}, {"escapechar": "\\"}, {"quotechar": "'"}]))
@example('a,"b\nc,"d"e\nf"\n', {})
@example('"', {})
@example('"\n"\n"\n', {})
@example('a,"x\\\n",b\n', {"escapechar": "\\"})
@settings(max_examples=400, deadline=None)
def test_fast_and_careful_reading_agree_on_any_text(text, option):
    dialect = {"delimiter": ",", "quotechar": '"', **option}
    lines = list(io.StringIO(text, newline=""))
    assert [r[:3] for r in records(lines, dialect)] == list(careful(lines, dialect))


def test_a_quoted_text_may_be_as_long_as_the_limit_and_no_longer():
    most = policy.value("longest_record_lines")
    for n, is_whole in ((most, True), (most + 1, False)):
        lines = ['"a\n', *["b\n"] * (n - 2), 'c"\n']
        assert next(iter(records(lines, {"delimiter": ","})))[2] is is_whole


@given(
    st.lists(st.tuples(st.text(alphabet='a,"\n é', max_size=8), st.integers(0, 99)), min_size=3, max_size=40),
    st.integers(1, 7),
)
@settings(max_examples=60, deadline=None)
def test_tables_are_the_same_however_many_rows_are_packed_together(tmp_path_factory, rows, at_once):
    from flightready.realism import table

    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerows([("text", "n"), *rows])
    folder = tmp_path_factory.mktemp("t")
    whole = read_bytes(folder, held.getvalue(), "a.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_ROWS_AT_ONCE", at_once)
        patch.setattr(table, "_LARGE", 1)
        pieces = read_bytes(folder, held.getvalue(), "a.csv")
    assert whole.frame.equals(pieces.frame)
    assert whole.lines.tolist() == pieces.lines.tolist()
