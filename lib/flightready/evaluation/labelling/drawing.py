"""Drawing raw records for labelling: the sheets of the first and the second labeller, with their manifest."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from flightready.assessment import Pilot, file_digest
from flightready.assessment.places import read_yaml
from flightready.errors import InputError
from flightready.evaluation.labelling import files
from flightready.evaluation.labelling.asked import Asked, asked
from flightready.evaluation.labelling.instructions import instructions
from flightready.evaluation.labelling.keys import Order, judged_columns, order, record_keys
from flightready.evaluation.labelling.sheet import Sheet, read_sheet, workbook
from flightready.realism.inspection import Inspection
from flightready.wording import count

_HEAD = """\
# How these records were drawn for labelling; written by `flightready label`. The sheets beside it show raw records:
# they are confidential, and belong into no report and no version control.
"""
_WIDEST = 1_000_000


@dataclass(frozen=True)
class Written:
    """What a draw wrote.

    Parameters
    ----------
    path : Path
        The sheet.
    n, of : int
        Records on it, and different raw records.
    is_new : bool
        False where the sheet was there already and stays as it is.
    copies : int
        Raw records that repeat another one; they were left out of the draw.
    """

    path: Path
    n: int
    of: int
    is_new: bool
    copies: int


def ordered(pilot: Pilot, inspection: Inspection, *, seed: int) -> Order:
    """Return the raw records of a pilot in the order of chance.

    Raises
    ------
    InputError
        When there are none.
    """
    if inspection.sample.raw is None or not len(inspection.sample.raw):
        raise InputError("there are no raw records to label", where=pilot.where("data"),
                         cure="name them under data.production")  # fmt: skip
    return order(record_keys(pilot, inspection), seed)


def draw(
    pilot: Pilot, inspection: Inspection, n: int, *, seed: int, as_of: dt.date, labeller: str = "first",
    show: Sequence[str] = (),
) -> Written:  # fmt: skip
    """Write the sheet of one labeller for the first n records in the order of chance.

    A sheet that somebody wrote into is never touched: a larger n then writes a further sheet with the records that are
    new, and the same n writes nothing.

    Parameters
    ----------
    n : int
        At least 1; all records when there are fewer.
    seed : int
        Another seed, another draw.
    as_of : date
        Day of the draw, for the manifest.
    labeller : str
        first, second, or `answers` for whoever runs the pilot on the records.
    show : sequence of str
        Columns to show; by default the texts.

    Raises
    ------
    InputError
        When labelling began with another seed or on other records.
    """
    chosen = ordered(pilot, inspection, seed=seed)
    what, folder = asked(pilot, inspection, show=show), files.folder_of(pilot.folder)
    n, begun = min(n, len(chosen.keys)), _begun(folder, labeller)
    filled = [f for f in begun if f.is_filled]
    n_raw = len(inspection.sample.raw)
    of = {"of": len(chosen.keys), "copies": n_raw - len(chosen.keys)}
    if _any_filled(folder):
        _refuse_other_draw(folder, chosen)
    done = {key for f in filled for key in f.answers}
    fresh = [i for i in range(n) if chosen.keys[i] not in done]
    name = labeller if not filled else f"{labeller}_{len(done) + 1}-{n}"
    path = folder / f"{name}.xlsx"
    same = [f for f in begun if f.name == path.name and set(f.answers) == {chosen.keys[i] for i in fresh}]
    if not fresh:
        return Written(folder / filled[-1].name, n, is_new=False, **of)
    if same and not show:
        return Written(path, len(fresh), is_new=False, **of)
    made = _sheet(inspection, chosen, fresh, labeller, what)
    text = instructions(what, labeller, n=len(fresh), of=len(chosen.keys))
    files.write_private(path, workbook(made, what, instructions=text, created=as_of))
    for other in begun:  # an empty sheet of fewer records, which this one holds as well
        if not other.is_filled and other.name != path.name and set(other.answers) <= {r[0] for r in made.rows}:
            (folder / other.name).unlink()
    before = manifest_of(folder)
    if before.get("draw") == chosen.sample and (labeller != "first" or filled):
        n = max(n, before["n"])
    _write_manifest(pilot, inspection, folder, chosen, what, n=n, as_of=as_of)
    return Written(path, len(fresh), is_new=True, **of)


def _begun(folder: Path, labeller: str) -> list:
    return [read_sheet(p, labeller) for p in files.sheets(folder, labeller)]


def _any_filled(folder: Path) -> bool:
    return any(f.is_filled for name in files.LABELLERS for f in _begun(folder, name))


def _refuse_other_draw(folder: Path, chosen: Order) -> None:
    """Labels of one draw and records of another would not be a random sample of anything."""
    manifest = manifest_of(folder)
    cure = f"merge with --merge, and begin anew in an empty folder '{files.FOLDER}'; keep the old one"
    if manifest and manifest.get("draw") != chosen.sample:
        seed = manifest.get("sampling", {}).get("seed")
        problem = (f"labelling began with the seed {seed}, and this is the seed {chosen.seed}"
                   if seed != chosen.seed else "the raw records have changed since labelling began")  # fmt: skip
        raise InputError(problem, where=f"{files.FOLDER}/{files.MANIFEST}",
                         cure=f"use --seed {seed}" if seed != chosen.seed else cure)  # fmt: skip


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a draw; empty when there is none.

    Raises
    ------
    InputError
        When it is not as it was written.
    """
    path = folder / files.MANIFEST
    if not path.is_file():
        return {}
    try:
        manifest = read_yaml(path)[0]
        drawn = manifest["sampling"]
        is_whole = isinstance(manifest["draw"], str) and all(type(k) is int for k in (manifest["n"], drawn["seed"]))
        is_whole = is_whole and manifest["n"] > 0 and bool(dt.date.fromisoformat(str(drawn["drawn"])))
    except (InputError, KeyError, TypeError, ValueError):
        is_whole = False
    if not is_whole:
        cure = f"put it back as it was; without it the sheets cannot be merged. To draw anew, move {files.FOLDER}/ away"
        raise InputError("the manifest of the draw was changed or cut", where=files.MANIFEST, cure=cure)
    return manifest


def n_drawn(folder: Path, labeller: str) -> int:
    """Return how many records stand on the sheets of a labeller; 0 before the first draw."""
    return len({key for sheet in _begun(folder, labeller) for key in sheet.answers})


def asked_before(pilot: Pilot, inspection: Inspection, manifest: dict[str, Any]) -> Asked:
    """Return what labellers are asked, with the columns that the draw showed."""
    own = judged_columns(pilot, inspection) | {inspection.sample.columns.id}
    show = [c for c in manifest.get("shown", ()) if c not in own and inspection.has("raw", c)]
    return asked(pilot, inspection, show=show)


def _sheet(inspection: Inspection, chosen: Order, places: Sequence[int], kind: str, what: Asked) -> Sheet:
    frame = inspection.sample.raw.frame
    columns = [*([what.id_column] if what.id_column else []), *(c for c in what.shown if c != what.id_column)]
    rows = tuple((chosen.keys[i], *(_plain(v) for v in frame.loc[chosen.rows[i], columns].tolist())) for i in places)
    return Sheet(kind, chosen.sample, tuple(columns), rows)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else ""


def records(inspection: Inspection, chosen: Order, n: int, what: Asked) -> tuple[tuple[str, dict[str, str]], ...]:
    """Return the first n records in the order of chance for a form: key, and what is shown by column."""
    made = _sheet(inspection, chosen, range(min(n, len(chosen.keys))), "first", what)
    return tuple((row[0], dict(zip(made.heads, row[1:], strict=True))) for row in made.rows)


def _write_manifest(
    pilot: Pilot, inspection: Inspection, folder: Path, chosen: Order, what: Asked, *, n: int, as_of: dt.date
) -> None:
    """The day of the draw is that of its first writing; a larger n keeps it."""
    before = manifest_of(folder)
    is_same = before.get("draw") == chosen.sample
    side = inspection.sample.raw
    named = {s.table.name for s in side.sources}
    inputs = {k: file_digest(p) for k, p in pilot.input_files().items() if p.is_file() and Path(k).name in named}
    drawn = before["sampling"]["drawn"] if is_same else as_of
    digest = hashlib.sha256("\0".join(chosen.keys[:n]).encode()).hexdigest()
    manifest = {
        "sampling": {"method": "random", "from": count(len(chosen.keys), "different raw record"), "drawn": drawn,
                     "seed": chosen.seed},
        "how": "the records with the smallest MD5 of their key and the seed, copies once; a larger n keeps the earlier",
        "n": n, "draw": chosen.sample, "records_sha256": digest,
        "shown": [*([what.id_column] if what.id_column else []), *what.shown],
        "hidden": "the pilot's own answer and confidence, so that they lead nobody",
        "source_sha256": inputs,
    }  # fmt: skip
    text, yaml = io.StringIO(), YAML()
    yaml.width = _WIDEST
    yaml.dump(manifest, text)
    files.write_private(folder / files.MANIFEST, (_HEAD + text.getvalue()).encode())


def n_second(n: int, share: float, least: int) -> int:
    """Return how many of n records a second labeller gets: a share of them, rounded up, but `least` where n allows.

    Examples
    --------
    >>> n_second(200, 0.25, 30), n_second(80, 0.25, 30), n_second(3, 0.25, 30)
    (50, 30, 3)
    """
    return min(n, max(int(np.ceil(n * share)), least))
