"""Changing an assessment on disk: comments and order stay, the file is replaced whole or not at all."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from flightready.assessment.places import read_yaml
from flightready.errors import InputError

_INDENTED_LIST = re.compile(r"^(?P<key> *)[^\s#-][^\n]*:[^\n]*\n(?: *#[^\n]*\n)*(?P<item>(?P=key) +)- ", re.MULTILINE)
"""A list whose items stand further in than its key: the layout of a file is kept."""


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that readers see the old content or the new one, never a part.

    Parameters
    ----------
    path : Path
        Its folder must exist; the permissions of an existing file are kept, and what a link leads to is written.

    Raises
    ------
    InputError
        When it cannot be written: no such folder, a folder or a device of that name, no permission, a full disk.
    """
    if path.exists() and not path.is_file():  # a rename onto a device would take the place of the device
        raise InputError("a folder or a device has this name, not a file", where=str(path), cure="name another file")
    try:
        _replace(path.resolve() if path.is_symlink() else path, text)
    except OSError as error:
        raise InputError(f"the file cannot be written ({error.strerror or error})", where=str(path),
                         cure="check that its folder is there and may be written") from None  # fmt: skip


def _replace(path: Path, text: str) -> None:
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def save(path: Path, changes: Mapping[str, Any]) -> None:
    """Set keys of an assessment on disk and keep everything else as it is written, comments included.

    Parameters
    ----------
    path : Path
        An assessment.yaml.
    changes : mapping of dotted key to value
        Such as `{"workload.users_per_day": "80_000 to 120_000"}`; None removes the key.

    Raises
    ------
    InputError
        When the file is not a readable assessment.
    """
    read_yaml(path)  # refuses what load would refuse, before anything is changed
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    written = path.read_text(encoding="utf-8-sig")
    if found := _INDENTED_LIST.search(written):
        offset = len(found["item"]) - len(found["key"])
        yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    content = yaml.load(written)
    added: list[str] = []
    for dotted, value in changes.items():
        *parents, last = dotted.split(".")
        section = content
        for part in parents:
            if not isinstance(section.get(part), dict):
                section[part] = CommentedMap()
            section = section[part]
        if value is None:
            section.pop(last, None)
        else:
            added += [dotted] if last not in section and len(section) else []
            section[last] = value
    text = io.StringIO()
    yaml.dump(content, text)
    written = text.getvalue()
    for dotted in added:
        written = _before_outer_comments(written, dotted, yaml)
    write_whole(path, written)


def _before_outer_comments(written: str, dotted: str, yaml: YAML) -> str:
    """Move a key that was added last in its section before comments that stand further out: those are not its own."""
    *parents, last = dotted.split(".")
    section = yaml.load(written)
    for part in parents:
        section = section[part]
    row, column = section.lc.key(last)
    lines = written.splitlines(keepends=True)
    if not column or lines[row][:column].strip():  # of no section, or inside {}
        return written
    end = row + 1
    while end < len(lines) and lines[end].startswith(" " * (column + 1)):
        end += 1
    start = row
    while not lines[start - 1].strip() or lines[start - 1].lstrip().startswith("#"):
        start -= 1
    outer = next((n for n in range(start, row) if lines[n].startswith("#")), row)
    while outer > start and not lines[outer - 1].strip():
        outer -= 1
    return "".join([*lines[:outer], *lines[row:end], *lines[outer:row], *lines[end:]])
