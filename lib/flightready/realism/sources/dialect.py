"""How a delimited text is written: its delimiter, its quotes, and which line names the columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flightready.errors import InputError
from flightready.realism.sources.records import Record, records
from flightready.wording import count

_DELIMITERS = (",", ";", "\t", "|")
ONE_COLUMN = "\x1f"  # a delimiter that no text holds: the file is one column
_MOST_TITLE_LINES = 20  # lines of title or remarks above a header
_VALUE_NOT_NAME = re.compile(r"@|^[-+]?\d+[.,]\d+$|^\d{4}-\d\d-\d\d|^\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_WHOLE_NUMBER = re.compile(r"\s*[-+]?\d+\s*")
_QUOTED_CELL = re.compile(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n])", re.MULTILINE)


@dataclass(frozen=True)
class Heading:
    """Where the rows begin, and what the columns are called.

    Parameters
    ----------
    skipped : int
        Records above the first row: lines of title, and the header if there is one.
    fields : tuple of str
        The header as written; empty texts when there is none.
    has_header : bool
    notes : tuple of str
    """

    skipped: int
    fields: tuple[str, ...]
    has_header: bool
    notes: tuple[str, ...]


def find_dialect(sample: list[str], declared: str, where: str) -> dict[str, Any]:
    """Return delimiter, quote and escape as `csv.reader` takes them.

    Parameters
    ----------
    sample : list of str
        First lines of the file.
    declared : str
        Delimiter that the file itself names (`sep=;`), or "".

    Raises
    ------
    InputError
        When the lines hold delimiters and no value.
    """
    quote = "'" if _is_single_quoted(sample) else '"'
    options = [{"quotechar": quote}, {"quotechar": quote, "escapechar": "\\"}]
    scored = []
    for delimiter in [declared] if declared else _DELIMITERS:
        for plainness, option in enumerate(options):
            dialect = {"delimiter": delimiter, **option}
            widths = [len(fields) for _, fields, _, _ in records(sample, dialect) if any(fields)]
            if not widths:
                raise InputError("the file holds delimiters and line ends, but no value", where=where,
                                 cure="export the rows again, or remove the key")  # fmt: skip
            modal, hits = Counter(widths).most_common(1)[0]
            fits_header = modal > 1 and modal in widths[:1]
            scored.append(((fits_header, round(hits / len(widths), 2) if modal > 1 else 0, modal, -plainness), dialect))
    best, dialect = max(scored, key=lambda pair: pair[0])
    return dialect if best[2] > 1 else {"delimiter": ONE_COLUMN, "quotechar": quote}


def _is_single_quoted(sample: list[str]) -> bool:
    text = "".join(sample)
    return '"' not in text and len(_QUOTED_CELL.findall(text)) > len(sample) / 2


def find_heading(first: Sequence[Record]) -> Heading:
    """Return which of the first records names the columns; lines of title above it are left out and said."""
    cells = [fields for _, fields, _, _ in first]
    modal = Counter(map(len, cells)).most_common(1)[0][0]
    at = _first_row(cells, modal)
    notes = [f"{count(at, 'line')} above the header left out"] if at else []
    if not is_header(cells[at]):
        return Heading(at, ("",) * len(cells[at]), False, (*notes, "the file has no header: columns are numbered"))
    return Heading(at + 1, tuple(cells[at]), True, tuple(notes))


def _first_row(cells: list[list[str]], modal: int) -> int:
    """Place of the first record that is no title: a title fills one field, or few beside names that fill the row."""
    if modal == 1:
        return 0
    at = next((i for i, fields in enumerate(cells[:_MOST_TITLE_LINES]) if len(fields) >= modal), 0)
    filled = [n_filled(fields) for fields in cells[: at + 1]]
    if filled[0] <= 1:
        return at
    are_remarks = at > 0 and all(2 * n < modal for n in filled[:at])
    return at if are_remarks and is_header(cells[at]) and filled[at] == len(cells[at]) else 0


def n_filled(fields: Sequence[str]) -> int:
    """Return how many fields hold something.

    Examples
    --------
    >>> n_filled(["a", " ", ""])
    1
    """
    return sum(bool(f.strip()) for f in fields)


def is_header(fields: Sequence[str]) -> bool:
    """Whether a row can be names of columns: no address, amount or date in it, and mostly no numbers.

    Examples
    --------
    >>> is_header(["id", "amount"]), is_header(["17", "2.50"])
    (True, False)
    """
    numeric = sum(bool(_WHOLE_NUMBER.fullmatch(f)) for f in fields)
    return not any(_VALUE_NOT_NAME.search(f.strip()) for f in fields) and numeric <= len(fields) / 2
