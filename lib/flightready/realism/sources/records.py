"""Records of a delimited text, one after another: a quote that was never closed costs one line, not the rest."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from flightready import policy

Record = tuple[int, list[str], bool, str]
"""0-based index of the first line, fields, whether the record is whole, and its first line as it stands."""

_FIELD_LIMIT = 2**31 - 1  # the longest that every platform takes; length is checked before


def records(lines: Iterable[str], dialect: dict[str, Any]) -> Iterator[Record]:
    r"""Yield the records of a text.

    Lines are read by a strict reader as long as it agrees. Where it does not, one record is read again by a lenient
    one: a record of one line is taken as it is; a record of several lines swallowed the next records with a stray
    quote, so that its first line is a record that is not whole, and reading goes on with the line after it.

    Examples
    --------
    >>> for _, fields, is_whole, _ in records(['1,"two\n', 'lines"\n', '2,"open\n', "3,x\n"], {"delimiter": ","}):
    ...     print(fields, is_whole)
    ['1', 'two\nlines'] True
    ['2', '"open'] False
    ['3', 'x'] True
    """
    csv.field_size_limit(_FIELD_LIMIT)
    most = policy.value("longest_record_lines")
    source, back, pending = iter(lines), deque(), []
    begun = 0

    def feed() -> Iterator[str]:
        while len(pending) < most:
            line = back.popleft() if back else next(source, None)
            if line is None:
                return
            pending.append(line)
            yield line

    while True:
        try:
            for fields in csv.reader(feed(), strict=True, **dialect):
                yield begun, fields, True, pending[0]
                begun += len(pending)
                pending.clear()
        except csv.Error:
            pass
        if not pending:
            return
        back.extendleft(reversed(pending))
        pending.clear()
        fields = next(csv.reader(feed(), **dialect))
        first, is_whole = pending[0], len(pending) == 1
        back.extendleft(reversed(pending[1:]))
        pending.clear()
        yield begun, fields if is_whole else _plainly(first, dialect), is_whole, first
        begun += 1


def _plainly(line: str, dialect: dict[str, Any]) -> list[str]:
    return next(csv.reader([line], **{**dialect, "quoting": csv.QUOTE_NONE}))
