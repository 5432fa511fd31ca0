"""Content-addressed store of results: JSON for structure, Parquet for arrays, no pickle, readable by the owner only.

A result is made of frozen dataclasses, enums, dates, tuples, dicts with text keys, numpy arrays and plain values; only
classes of this package are ever rebuilt.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import json
import os
import shutil
import tempfile
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_PACKAGE = __name__.split(".")[0]


class Store:
    """Results by key below one folder.

    Parameters
    ----------
    folder : Path
        Made on first write, with permissions for the owner only. It may be deleted at any time.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Any | None:
        """Return the result stored under a key, or None when it is not there or not readable."""
        entry = self.folder / key
        try:
            document = json.loads((entry / "result.json").read_text(encoding="utf-8"))
            table = pq.read_table(entry / "arrays.parquet")
            arrays = [np.asarray(values) for values in table.column("values").to_numpy()]
            return _decoded(document, arrays)
        except (OSError, ValueError, KeyError, AttributeError, TypeError, pa.ArrowException):
            return None  # a missing, half-written or outdated entry is computed again

    def replace(self, key: str, result: Any) -> None:
        """Store a result in the place of the one that is there."""
        shutil.rmtree(self.folder / key, ignore_errors=True)
        self.put(key, result)

    def put(self, key: str, result: Any) -> None:
        """Store a result whole or not at all; a store that cannot be written only costs time."""
        arrays: list[np.ndarray] = []
        document = json.dumps(_encoded(result, arrays), ensure_ascii=False, separators=(",", ":"))
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))  # mkdtemp is for the owner only
        except OSError:
            return
        try:
            _write_private(draft / "result.json", document.encode())
            values = pa.array([a.ravel() for a in arrays], type=pa.list_(pa.float64()))
            pq.write_table(pa.table({"values": values}), draft / "arrays.parquet")
            (draft / "arrays.parquet").chmod(0o600)
            draft.rename(self.folder / key)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)  # another process was first, or the disk is full


def default_folder(project_root: Path | None) -> Path:
    """Return where results are kept: FLIGHTREADY_STORE, else the project's outputs/, else the user's cache."""
    if named := os.environ.get("FLIGHTREADY_STORE"):
        return Path(named)
    if project_root is not None:
        return project_root / "outputs" / ".store"
    return Path.home() / ".cache" / "flightready"


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)


def _encoded(value: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(value, Enum):
        return {"$enum": _name(type(value)), "value": value.value}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _encoded(getattr(value, f.name), arrays) for f in dataclasses.fields(value)}
        return {"$class": _name(type(value)), "fields": fields}
    if isinstance(value, np.ndarray):
        arrays.append(np.asarray(value, dtype=float))
        return {"$array": len(arrays) - 1, "shape": list(value.shape), "dtype": value.dtype.str}
    if isinstance(value, np.generic):
        return _encoded(value.item(), arrays)
    if isinstance(value, tuple):
        return {"$tuple": [_encoded(v, arrays) for v in value]}
    if isinstance(value, dict):
        return {"$dict": [[_encoded(k, arrays), _encoded(v, arrays)] for k, v in value.items()]}
    if isinstance(value, dt.datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, dt.date):
        return {"$date": value.isoformat()}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a result may not hold a {type(value).__name__}")


def _decoded(document: Any, arrays: list[np.ndarray]) -> Any:
    if not isinstance(document, dict):
        return document
    if "$enum" in document:
        return _class(document["$enum"])(document["value"])
    if "$class" in document:
        fields = {k: _decoded(v, arrays) for k, v in document["fields"].items()}
        return _class(document["$class"])(**fields)
    if "$array" in document:
        return arrays[document["$array"]].astype(document["dtype"]).reshape(document["shape"])
    if "$tuple" in document:
        return tuple(_decoded(v, arrays) for v in document["$tuple"])
    if "$dict" in document:
        return {_decoded(k, arrays): _decoded(v, arrays) for k, v in document["$dict"]}
    if "$datetime" in document:
        return dt.datetime.fromisoformat(document["$datetime"])
    return dt.date.fromisoformat(document["$date"])


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _class(name: str) -> type:
    module, _, qualified = name.partition(":")
    if module.split(".")[0] != _PACKAGE:
        raise ValueError(f"{name} is not a class of this package")
    found = getattr(importlib.import_module(module), qualified)
    if not (dataclasses.is_dataclass(found) or issubclass(found, Enum)):
        raise ValueError(f"{name} is not a result class")
    return found
