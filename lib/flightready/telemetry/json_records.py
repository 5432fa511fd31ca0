"""JSON logs as columns: the fields of every record by their paths, read by an engine that needs no schema.

A million records take about a second: a reader says which paths play which role, and never loops over records.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from flightready.errors import InputError
from flightready.telemetry.cells import Cells
from flightready.telemetry.documents import json_objects

_LARGEST_RECORD_BYTES = 64_000_000  # a call of a model is some hundred bytes; the engine sets aside a multiple of this
_STRANGE = "(is no object)"


def json_cells(
    path: Path, roles: Mapping[str, Sequence[str]], *, within: Sequence[str] = ("",), each: str = ""
) -> Cells:
    """Return the records of a JSON file with one column of text for each role.

    Parameters
    ----------
    path : Path
        JSON lines, one JSON object, or a list of them.
    roles : mapping of str to sequence of str
        Paths below the record, such as `usage.input_tokens`, that may hold the value of a role; the first that is
        there and not null counts. An object or a list is its JSON text.
    within : sequence of str
        Objects in which the paths are looked up, one after the other; empty is the record itself.
    each : str
        Path of a list whose items are the records, such as `data[*]`; empty when each record is one.

    Raises
    ------
    InputError
        Naming file and line when the file is not UTF-8 text, is cut off, or holds anything but objects.
    """
    table = _extracted(path, roles, within, each)
    if table is None:
        table = _by_way_of_python(path, roles, within, each)
    frame = table.to_pandas(types_mapper=_text_type)
    strange = np.flatnonzero(frame.pop(_STRANGE).fillna(True).to_numpy(dtype=bool))
    if strange.size:
        raise InputError(f"record {strange[0] + 1} is not a JSON object", where=path.name, valid="one {...} a record")
    names = {role: paths[0] for role, paths in roles.items()}
    return Cells(frame, np.arange(1, len(frame) + 1), path=path, unit="record", names=names)


def _by_way_of_python(path: Path, *of: Any) -> Any:
    """What the engine refuses is told with its line, or, where the standard library reads it, written anew."""
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / path.name
        with again.open("w", encoding="utf-8", errors="replace") as stream:
            stream.writelines(json.dumps(r, ensure_ascii=False) + "\n" for _, r in json_objects(path))
        table = _extracted(again, *of)
    if table is None:
        raise InputError("a record is too long or nested too deep", where=path.name, cure="export the file again")
    return table


def _extracted(path: Path, roles: Mapping[str, Sequence[str]], within: Sequence[str], each: str) -> Any:
    """The table of text, or None when the engine does not read the file."""
    import duckdb  # slow to load

    paths = {
        role: [_path(f"{holder}.{p}" if holder else p) for p in known for holder in within]
        for role, known in roles.items()
    }
    place = {p: i for i, p in enumerate(dict.fromkeys(p for known in paths.values() for p in known), start=1)}
    columns = ", ".join(
        f"coalesce(NULL, {', '.join(f'found[{place[p]}]' for p in known)}) AS {_name(role)}"
        for role, known in paths.items()
    )
    options = f"format = 'auto', maximum_object_size = {_LARGEST_RECORD_BYTES}"
    source = f"SELECT json FROM read_json_objects({_text(str(path))}, {options})"
    if each:
        source = f"SELECT unnest(json_extract(json, {_text(_path(each))})) AS json FROM ({source})"
    listed = ", ".join(map(_text, place))
    query = (
        f"SELECT {columns}, kind <> 'OBJECT' AS {_name(_STRANGE)} FROM (SELECT json_type(json) AS kind, "
        f"json_extract_string(json, [{listed}]) AS found FROM ({source}))"
    )
    try:
        with duckdb.connect() as engine:
            return engine.sql(query).to_arrow_table()
    except duckdb.Error:
        return None


def _text_type(kind: Any) -> pd.StringDtype | None:
    return pd.StringDtype(na_value=np.nan) if str(kind) == "string" else None


def _path(dotted: str) -> str:
    return f"$.{dotted}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
