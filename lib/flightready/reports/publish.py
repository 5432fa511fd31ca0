"""Writing a report whole or not at all: into a folder beside the target, then moved into place in one go.

A run that is killed before that leaves the last good report as it was. Files of others in the folder stay.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import nbformat

from flightready.assessment import FILE_NAME
from flightready.errors import InputError, listed
from flightready.narrative.cost_workbook import WORKBOOK
from flightready.reports.engine import RunResult
from flightready.reports.manifest import is_manifest, manifest

REPORT, FINDINGS, RUN, NOTEBOOKS = "report.html", "findings.json", "run.json", "notebooks"
_IN_ORDER = (NOTEBOOKS, FINDINGS, WORKBOOK, REPORT, RUN)
"""The manifest comes last: where its digests do not fit, the last move was interrupted."""


def check_target(out_dir: str | Path) -> Path:
    """Return the folder of a report, or refuse it: nothing is replaced that this program did not write.

    Raises
    ------
    InputError
        When it is a file, a pilot's own folder, or holds a report or notebooks of another origin.
    """
    target = Path(out_dir).expanduser().absolute()
    where, cure = "--out", "choose an empty or a new folder"
    if target.exists() and not target.is_dir():
        raise InputError(f"'{out_dir}' is a file, not a folder", where=where, cure=cure)
    if (target / FILE_NAME).exists():
        raise InputError(f"'{out_dir}' is the folder of an assessment", where=where, cure=cure)
    # a workbook may stand there alone, from `flightready export`; one that somebody changed is kept under another name
    present = [name for name in _IN_ORDER if name != WORKBOOK and (target / name).exists()]
    if present and not _is_ours(target / RUN):
        raise InputError(f"'{out_dir}' already holds {listed(present)}, which this program did not write",
                         where=where, cure=cure)  # fmt: skip
    return target


def _is_ours(path: Path) -> bool:
    try:
        return is_manifest(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return False


def write_report(
    out_dir: str | Path,
    *,
    html: str,
    findings_json: str,
    run: RunResult,
    workbook: bytes | None = None,
    seconds: Mapping[str, float] | None = None,
) -> Path:
    """Write report, findings, executed notebooks and manifest, and return the path of the report.

    Parameters
    ----------
    out_dir : str or Path
        The pilot's folder of output; made when it is not there.
    html, findings_json : str
        Content of report.html and findings.json.
    run : RunResult
        The executed notebooks.
    workbook : bytes, optional
        Content of cost.xlsx; an older one of this program's goes when there is none. One that somebody changed is
        copied aside first.
    seconds : mapping of str to float, optional
        Wall time of further steps, for the manifest.

    Raises
    ------
    InputError
        When the folder must not or cannot be written. What was there is still there.
    """
    target = check_target(out_dir)
    files = {REPORT: html.encode(), FINDINGS: findings_json.encode()}
    for executed in run.notebooks:
        files[f"{NOTEBOOKS}/{executed.name}.ipynb"] = (nbformat.writes(executed.node) + "\n").encode()
    files |= {} if workbook is None else {WORKBOOK: workbook}
    files[RUN] = manifest(run, files, seconds=seconds).encode()
    staging = target.with_name(f".{target.name}.partial-{os.getpid()}")
    try:
        _write(staging, files)
        _keep_changed(target / WORKBOOK, workbook)
        _move(staging, target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"'{out_dir}' cannot be written: {reason}", where="--out",
                         cure="choose another folder, or free space on the disk") from None  # fmt: skip
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return target / REPORT


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / NOTEBOOKS).mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _keep_changed(path: Path, new: bytes | None) -> None:
    """Copy a workbook aside that is not as the last report left it: finance may have typed into it."""
    if not path.is_file() or (found := path.read_bytes()) == new or _is_as_left(path, found):
        return
    names = (path.with_name(f"{path.stem}-kept-{n}{path.suffix}") for n in itertools.count(1))
    with next(name for name in names if not name.exists()).open("xb") as stream:
        stream.write(found)


def _is_as_left(path: Path, content: bytes) -> bool:
    try:
        noted = json.loads((path.parent / RUN).read_text(encoding="utf-8"))["sha256"][path.name]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return noted == hashlib.sha256(content).hexdigest()


def _move(staging: Path, target: Path) -> None:
    if not target.exists():
        staging.rename(target)
        return
    for name in _IN_ORDER:
        if (staging / name).exists():
            _replace(staging / name, target / name, staging / f"previous-{name}")
        else:
            (target / name).unlink(missing_ok=True)


def _replace(new: Path, old: Path, aside: Path) -> None:
    """Put `new` in the place of `old`; a rename cannot replace a folder, so the old one steps aside."""
    if not old.is_dir():
        new.replace(old)
        return
    old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        aside.rename(old)
        raise
