"""Usage in a file of any columns or fields: the assessment says which plays which role."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from flightready.errors import InputError, listed, nearest
from flightready.telemetry.cells import Cells
from flightready.telemetry.formats import head_of
from flightready.telemetry.json_records import record_cells
from flightready.telemetry.tables import text_table
from flightready.telemetry.usage_csv import buckets_of_cells, calls_of_cells

NAME = "columns named in the assessment"


def read_mapped(path: Path, columns: Mapping[str, str], *, are_buckets: bool) -> pd.DataFrame:
    """Return the calls or buckets of a file whose columns are named by role.

    Parameters
    ----------
    path : Path
        A delimited or Parquet file, or JSON records.
    columns : mapping of str to str
        Role to column, or to the path of a field below a JSON record (`usage.input`).
    are_buckets : bool
        Whether a row stands for a stretch of time rather than for one call.

    Raises
    ------
    InputError
        When a needed role is not named, a column is not in the file, or a cell cannot be read.
    """
    needed = [*(("time",) if "time" not in columns else ()), *(("output",) if "output" not in columns else ())]
    if not {"input", "input_beside_cache"} & set(columns):
        needed.append("input")
    if needed:
        raise InputError(f"columns leaves out {listed(needed)}", where=path.name,
                         valid="at least time, input and output")  # fmt: skip
    cells = _cells(path, columns)
    return buckets_of_cells(cells) if are_buckets else calls_of_cells(cells)


def _cells(path: Path, columns: Mapping[str, str]) -> Cells:
    head = head_of(path)
    if head is None:
        raise InputError("the file is neither text nor Parquet", where=path.name, cure="export it as CSV or Parquet")
    if not head.columns:
        cells = record_cells(path, {role: [name] for role, name in columns.items()})
        absent = [name for role, name in columns.items() if not cells.has(role)]
        if absent:
            raise InputError(f"no record has the field {listed(absent)}", where=path.name,
                             valid="paths below a record, such as usage.input_tokens")  # fmt: skip
        return cells
    table, places, unit = text_table(path)
    for role, name in columns.items():
        if name not in table:
            raise InputError(f"there is no column '{name}', named for {role}", where=path.name,
                             valid=listed(table.columns), cure=nearest(name, list(table.columns)))  # fmt: skip
    by_role = pd.DataFrame({role: table[name].str.strip() for role, name in columns.items()})
    return Cells(by_role, places, path=path, unit=unit, names=columns)
