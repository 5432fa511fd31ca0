"""Writing a drawn sample with its manifest: whole or not at all, readable by the owner only, never over another."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from flightready.errors import InputError
from flightready.realism.population.records import MANIFEST_NAME, DrawnFile, copies_in
from flightready.realism.population.sampling import Draw

_WIDEST = 1_000_000  # a query stays on one line
METHOD = "random"  # the word of data.sampling for a draw by hash
_HEAD = """\
# How this sample was drawn; written by `flightready sample`. Name this file under data.sampling in assessment.yaml.
# The sample beside it is raw data: keep it where the population may be kept.
"""


def contents_of(draw: Draw) -> tuple[str, bytes]:
    """Return the suffix and the content of the file that holds a draw: JSON lines where values are nested, else CSV."""
    if draw.nested:
        lines = (json.dumps(_record(draw, row), ensure_ascii=False) for row in draw.rows)
        return ".jsonl", "".join(f"{line}\n" for line in lines).encode(errors="replace")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(draw.columns)
    writer.writerows(["" if v is None else v for v in row] for row in draw.rows)
    return ".csv", text.getvalue().encode(errors="replace")


def _record(draw: Draw, row: Sequence[str | None]) -> dict[str, Any]:
    return {c: json.loads(v) if c in draw.nested and v is not None else v
            for c, v in zip(draw.columns, row, strict=True)}  # fmt: skip


def manifest_of_draw(draw: Draw, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the manifest of a draw from an engine."""
    how = f"the rows with the smallest MD5 of {draw.key or 'all columns'} and the seed"
    copies = len(draw.rows) - len(set(draw.rows))
    about = {
        "copies": copies,
        "source": draw.source,
        "engine": draw.engine,
        **_key(draw.key),
        "how": how,
        "query": draw.query,
    }
    return _manifest(draw.population_rows, draw.drawn, draw.seed, len(draw.rows), about, files)


def manifest_of_files(
    drawn: Sequence[DrawnFile], *, seed: int, as_of: dt.date, key: str, files: Mapping[str, bytes]
) -> dict[str, Any]:
    """Return the manifest of a draw from files."""
    hashed = f"{key} (of the whole record without one)" if key else "the record"
    origins = [
        {"file": d.origin, "system": d.system, "rows": d.rows, "of": d.of_rows, "as_it_stands": d.is_as_it_stands}
        for d in drawn
    ]
    how = f"the records with the smallest MD5 of {hashed} and the seed; rows that do not parse are among them"
    about = {"copies": copies_in(drawn), "source": origins, **_key(key), "how": how}
    return _manifest(sum(d.of_rows for d in drawn), as_of, seed, sum(d.rows for d in drawn), about, files)


def _key(key: str) -> dict[str, str]:
    return {"key": key} if key else {}


def _manifest(
    population: int, drawn: dt.date, seed: int, n: int, about: Mapping[str, Any], files: Mapping[str, bytes]
) -> dict[str, Any]:
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    sampling = {"method": METHOD, "from": f"{population} rows", "drawn": drawn, "seed": seed}
    return {"sampling": sampling, "n": n, **about, "sha256": digests}


def sampling_line(manifest: Mapping[str, Any]) -> str:
    """Return what stands under data.sampling, on one line.

    Examples
    --------
    >>> sampling_line({"sampling": {"method": "random", "from": "900 rows", "drawn": dt.date(2026, 10, 1), "seed": 7}})
    '{method: random, from: 900 rows, drawn: 2026-10-01, seed: 7}'
    """
    return "{" + ", ".join(f"{key}: {value}" for key, value in manifest["sampling"].items()) + "}"


def write(folder: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any], *, replace: bool) -> tuple[Path, ...]:
    """Write the sample and its manifest, the manifest last; nothing is there unless all of it is.

    Raises
    ------
    InputError
        When a file of that name is there and may not be replaced, or the folder cannot be written.
    """
    text, yaml = io.StringIO(), YAML()
    yaml.width = _WIDEST
    yaml.dump(dict(manifest), text)
    every = {**files, MANIFEST_NAME: (_HEAD + text.getvalue()).encode()}
    there = [name for name in every if (folder / name).exists()]
    if there and not replace:
        raise InputError(f"'{there[0]}' is already there", where=folder.name,
                         cure="keep it, as a new draw is another sample, or say --replace")  # fmt: skip
    drafts: dict[str, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in every.items():
            descriptor, draft = tempfile.mkstemp(prefix=".draft-", dir=folder)  # readable by the owner only
            drafts[name] = Path(draft)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        for name, draft in drafts.items():
            draft.replace(folder / name)
    except OSError as error:
        raise InputError(f"the sample cannot be written ({error.strerror})", where=folder.name) from None
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    return tuple(folder / name for name in every)
