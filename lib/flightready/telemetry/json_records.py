"""JSON logs as columns: the fields of every record by their paths, read by an engine that needs no schema.

A million records take about a second: a reader says which paths play which role, and never loops over records.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from flightready.errors import InputError
from flightready.telemetry.cells import Cells
from flightready.telemetry.documents import LARGEST_RECORD_BYTES, json_objects
from flightready.telemetry.formats import head_of
from flightready.telemetry.tables import as_name, quoted, text_frame, text_table

_STRANGE = "(is no object)"


def record_cells(
    path: Path, roles: Mapping[str, Sequence[str]], *, within: Sequence[str] = ("",), each: str = ""
) -> Cells:
    """Return the records of a JSON, delimited or Parquet file with one column of text for each role.

    Parameters
    ----------
    path : Path
        JSON lines, one JSON object, or a list of them; or a table, whose cells may hold JSON.
    roles : mapping of str to sequence of str
        Paths below the record, such as `usage.input_tokens`, that may hold the value of a role; the first that is
        there and not null counts. An object or a list is its JSON text.
    within : sequence of str
        Objects in which the paths are looked up, one after the other; empty is the record itself.
    each : str
        Path of a list whose items are the records, such as `data`; empty when each record is one.

    Raises
    ------
    InputError
        Naming file and line when the file is not UTF-8 text, is cut off, or holds anything but objects.
    """
    head = head_of(path)
    if head is not None and head.columns:
        return _table_cells(path, roles)
    paths = {role: [f"{holder}.{p}" if holder else p for p in known for holder in within]
             for role, known in roles.items()}  # fmt: skip
    frame = engine_table(path, lambda engine, file: _records(engine, file, paths, each))
    strange = np.flatnonzero(frame.pop(_STRANGE).to_numpy(dtype=bool))
    if strange.size:
        raise InputError(f"record {strange[0] + 1} is not a JSON object", where=path.name, valid="one {...} a record")
    names = {role: known[0] for role, known in roles.items()}
    return Cells(frame, np.arange(1, len(frame) + 1), path=path, unit="record", names=names)


def _table_cells(path: Path, roles: Mapping[str, Sequence[str]]) -> Cells:
    """The roles of a table; a path below a column is looked up in the JSON of its cells."""
    import duckdb  # slow to load

    table, places, unit = text_table(path)
    named = {role: [p for p in known if _parts(p)[0] in table] for role, known in roles.items()}
    kinds, below = _keys(named)
    records = ", ".join(
        f"CASE WHEN json_valid({as_name(key)}) THEN {as_name(key)} END::JSON AS {as_name(key)}" if kind == "JSON"
        else f"nullif({as_name(key)}, '') AS {as_name(key)}" for key, kind in kinds.items()
    )  # fmt: skip
    with duckdb.connect() as engine:
        engine.register("cells", pa.table({key: pa.array(table[key], from_pandas=True) for key in kinds}))
        frame = _by_role(engine, f"SELECT {records}, false AS strange FROM cells", named, kinds, below).to_arrow_table()
    names = {role: (named[role] or known)[0] for role, known in roles.items()}
    return Cells(text_frame(frame).drop(columns=_STRANGE), places, path=path, unit=unit, names=names)


def engine_table(path: Path, ask: Callable[[Any, str], Any]) -> pd.DataFrame:
    """Return what is asked about a JSON file, texts as texts.

    Parameters
    ----------
    path : Path
    ask : callable
        From a connection, and the SQL of the file's name and options, to the relation that answers.

    Raises
    ------
    InputError
        Naming file and line when the engine cannot read the file.
    """
    table = _answer(path, ask)
    if table is None:
        # what the engine refuses is told with its line, or, where the standard library reads it, written anew
        with tempfile.TemporaryDirectory() as folder:
            again = Path(folder) / path.name
            with again.open("w", encoding="utf-8", errors="replace") as stream:
                stream.writelines(json.dumps(r, ensure_ascii=False) + "\n" for _, r in json_objects(path))
            table = _answer(again, ask)
    if table is None:
        raise InputError("a record is too long or nested too deep", where=path.name, cure="export the file again")
    return text_frame(table)


def _answer(path: Path, ask: Callable[[Any, str], Any]) -> Any:
    """The table that answers, or None when the engine does not read the file."""
    import duckdb  # slow to load

    try:
        with duckdb.connect() as engine:
            source = f"{quoted(str(path))}, format = 'auto', maximum_object_size = {LARGEST_RECORD_BYTES}"
            return ask(engine, source).to_arrow_table()
    except duckdb.Error:
        return None


def _records(engine: Any, source: str, paths: Mapping[str, Sequence[str]], each: str) -> Any:
    """One column a role. The engine takes a record apart once, and each object within it once more."""
    kinds, below = _keys(paths)
    if each:
        items = f"SELECT unnest(json_extract(json, {quoted(f'$.{each}[*]')})) AS item FROM read_json_objects({source})"
        shaped = f"unnest(json_transform(item, {quoted(json.dumps(kinds))}))"
        records = f"SELECT {shaped}, coalesce(json_type(item) <> 'OBJECT', true) AS strange FROM ({items})"
    else:
        columns = ", ".join(f"{quoted(key)}: {quoted(kind)}" for key, kind in kinds.items())
        records = f"SELECT *, false AS strange FROM read_json({source}, records = true, columns = {{{columns}}})"
        held = engine.execute(f"SELECT {', '.join(f'count({as_name(k)})' for k in kinds)} FROM ({records})").fetchall()
        kinds = {key: kind for (key, kind), count in zip(kinds.items(), held[0], strict=True) if count}
    return _by_role(engine, records, paths, kinds, below)


def _keys(paths: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The kind of each key of a record, and the paths below it."""
    below: dict[str, list[str]] = {}
    for key, rest in (_parts(p) for known in paths.values() for p in known):
        below.setdefault(key, []).append(rest)
    return {key: "VARCHAR" if set(rests) == {""} else "JSON" for key, rests in below.items()}, below


def _by_role(
    engine: Any, records: str, paths: Mapping[str, Sequence[str]], kinds: Mapping[str, str],
    below: Mapping[str, Sequence[str]],
) -> Any:  # fmt: skip
    found, cells = ["strange"], {}
    for key, kind in kinds.items():
        if kind == "VARCHAR":
            found.append(as_name(key))
            cells[key] = as_name(key)
            continue
        shape = _shape(below[key])
        if shape:
            found.append(f"json_transform({as_name(key)}, {quoted(json.dumps(shape))}) AS {as_name(key)}")
        for rest in dict.fromkeys(below[key]):
            cells[key + rest] = place = as_name(key) + "".join(f".{as_name(n)}" for n in rest.split(".")[1:])
            if not _is_leaf(shape, rest):  # an item of a list, or an object that is looked into as well
                cells[key + rest] = place = as_name(key + rest + " ")
                found.append(f"json_extract_string({as_name(key)}, {quoted('$' + rest)}) AS {place}")
    columns = "".join(
        f"coalesce(NULL, {', '.join(cells[p] for p in known if p in cells)}) AS {as_name(role)}, "
        for role, known in paths.items() if any(p in cells for p in known)
    )  # fmt: skip
    return engine.sql(
        f"SELECT {columns}strange AS {as_name(_STRANGE)} FROM (SELECT {', '.join(found)} FROM ({records}))"
    )


def _shape(rests: Sequence[str]) -> dict[str, Any]:
    """What to take out of an object in one go: nested names, texts at their ends."""
    shape: dict[str, Any] = {}
    for rest in (r for r in rests if r and "[" not in r):
        *holders, last = rest.split(".")[1:]
        at = shape
        for holder in holders:
            inner = at.get(holder)
            at[holder] = at = inner if isinstance(inner, dict) else {}
        at.setdefault(last, "VARCHAR")
    return shape


def _is_leaf(shape: Mapping[str, Any], rest: str) -> bool:
    at: Any = shape
    for name in rest.split(".")[1:]:
        at = at.get(name) if isinstance(at, dict) else None
    return bool(rest) and at == "VARCHAR"


def _parts(path: str) -> tuple[str, str]:
    """The first name of a path, and the rest of it."""
    key = re.match(r"[^.\[]+", path)[0]
    return key, path[len(key) :]
