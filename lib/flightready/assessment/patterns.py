"""File names of an assessment that mean several files: a folder, or a pattern such as `exports/*.csv`."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from flightready.errors import InputError, listed

_MAGIC = re.compile(r"[*?\[]")
_PACKED = re.compile(r"\.(gz|bz2|xz|zst|zip)$", re.IGNORECASE)


def means_several(folder: Path, name: str) -> bool:
    """Whether a name is a folder or a pattern; a file whose own name holds `[` or `*` is a file."""
    path = folder / name
    return not path.is_file() and (path.is_dir() or bool(_MAGIC.search(name)))


def base_of(folder: Path, name: str) -> Path:
    """Return the folder that a folder or pattern starts from: everything before the first part with `*`, `?` or `[`."""
    return folder / _split(name)[0]


def matching(folder: Path, name: str) -> tuple[Path, ...]:
    """Return the files that a name means, sorted; none when nothing is there.

    Raises
    ------
    InputError
        When the pattern cannot be read.
    """
    path = folder / name
    if path.is_file():
        return (path,)
    if path.is_dir():
        found = list(path.iterdir())
    elif _MAGIC.search(name):
        base, pattern = _split(name)
        try:
            found = list((folder / base).glob(pattern))
        except ValueError:
            raise InputError(f"'{name}' is no pattern", valid="exports/*.csv, exports/**/*.csv",
                             cure="write '**' only as a whole part between slashes") from None  # fmt: skip
    else:
        return ()
    return tuple(sorted((p for p in found if p.is_file()), key=lambda p: p.as_posix()))


def nothing_there(folder: Path, name: str) -> InputError:
    """Return the error of a folder or pattern that means no file; it says what is there instead."""
    base = base_of(folder, name)
    there = sorted(f"{p.name}/" if p.is_dir() else p.name for p in base.iterdir()) if base.is_dir() else []
    holds = f"{base.name}/ holds {listed(there, limit=6)}" if there else f"{base.name}/ is empty"
    if not base.is_dir():
        holds = f"the folder {base.name}/ is not there"
    is_folder = (folder / name).is_dir()
    problem = f"the folder '{name}' holds no file" if is_folder else f"the pattern '{name}' matches no file"
    return InputError(f"{problem} ({holds})", cure="correct the pattern, put the files there, or remove the key")


def system_name(name: str) -> str:
    """Return what to call the system that files come from when the assessment does not say.

    Examples
    --------
    >>> [system_name(n) for n in ("web.csv", "mail.jsonl.gz", "exports/", "exports/*.csv", "crm_*.csv", "2026*.csv")]
    ['web', 'mail', 'exports', 'exports', 'crm', 'files']
    """
    path = PurePosixPath(_PACKED.sub("", Path(name).as_posix()))
    if not _MAGIC.search(name):
        return path.stem or "files"
    literal = _MAGIC.split(path.name)[0].strip("-_. ")
    if any(c.isalpha() for c in literal):
        return literal
    return next((p for p in reversed(path.parts[:-1]) if not _MAGIC.search(p) and p not in ("/", "..")), "files")


def _split(name: str) -> tuple[str, str]:
    """Fixed folder, and pattern below it."""
    parts = Path(name).parts
    first = next((i for i, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
    return str(Path(*parts[:first])) if first else ".", str(Path(*parts[first:])) if first < len(parts) else ""
