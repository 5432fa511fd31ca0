"""The folder `labelling/` beside an assessment: readable by its owner only, kept out of version control."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from flightready.errors import InputError

FOLDER = "labelling"
LABELS = "labels.csv"
MANIFEST = "labelling.manifest.yaml"
NOTEBOOK = "label.ipynb"
ANSWERS = "answers"
DISAGREEMENTS = "disagreements"
LABELLERS = ("first", "second")
_OWNER_ONLY = 0o700


def folder_of(pilot_folder: Path) -> Path:
    """Return the folder of labelling, made when it is not there, for its owner only."""
    folder = pilot_folder / FOLDER
    try:
        folder.mkdir(exist_ok=True, mode=_OWNER_ONLY)
        folder.chmod(_OWNER_ONLY)
        ignored = folder / ".gitignore"
        if not ignored.exists():
            write_private(ignored, b"*\n")
    except OSError as error:
        raise InputError(f"the folder '{FOLDER}' cannot be made ({error.strerror})", where=pilot_folder.name) from None
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only.

    Raises
    ------
    InputError
        When it cannot be written; what was there stays as it was.
    """
    draft = ""
    try:
        descriptor, draft = tempfile.mkstemp(prefix=".draft-", dir=path.parent)  # readable by the owner only
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).replace(path)
    except OSError as error:
        raise InputError(f"'{path.name}' cannot be written ({error.strerror})", where=path.parent.name) from None
    finally:
        if draft:
            Path(draft).unlink(missing_ok=True)


def sheets(folder: Path, name: str) -> list[Path]:
    """Return the sheets of one labeller (or the answers, the disagreements), as workbooks and as CSV, sorted."""
    return sorted(p for p in folder.glob(f"{name}*") if p.suffix in (".xlsx", ".csv") and _is_of(p.stem, name))


def _is_of(stem: str, name: str) -> bool:
    rest = stem.removeprefix(name)
    return not rest or rest.startswith(("_", "-", " "))  # a spreadsheet program adds ' - Labels' when it saves CSV
