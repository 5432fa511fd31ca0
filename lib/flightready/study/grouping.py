"""Files of one export that came in parts, one a month perhaps: which belong together, and their pattern."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from flightready.assessment.patterns import matching
from flightready.realism.sources.opening import PACKED_ENDINGS
from flightready.study.recognised import Recognised

_DIGITS = re.compile(r"\d+")
_MAGIC = re.compile(r"[*?\[\]]")


def grouped(folder: Path, files: Sequence[Recognised]) -> tuple[Recognised, ...]:
    """Return the files with those that are parts of one export as one entry, named by a pattern or their folder.

    Parts differ in nothing but the digits of their names, and every column that plays a role in the first is in all.
    """
    families: dict[tuple[Path, str], list[Recognised]] = {}
    for file in files:
        if file.role == "production" and not _MAGIC.search(file.name):
            families.setdefault((file.path.parent, _DIGITS.sub("0", "".join(_parted(file.path.name)))), []).append(file)
    together: dict[Path, Recognised] = {}
    for parts in families.values():
        if len(parts) > 1 and (one := _as_one(folder, parts, files)):
            together |= {part.path: one for part in parts}
    return tuple(dict.fromkeys(together.get(file.path, file) for file in files))


def _as_one(folder: Path, parts: list[Recognised], files: Sequence[Recognised]) -> Recognised | None:
    first = parts[0]
    needed = {name for _, names, _ in first.columns for name in names}
    if any(needed - set(part.names) for part in parts):
        return None
    own = first.path.parent
    inside = os.path.relpath(own, folder).replace(os.sep, "/")
    name = inside if inside != "." and _means_only(own, "", parts, files) else ""
    if not name:
        pattern = _pattern([part.path.name for part in parts])
        if not _means_only(own, pattern, parts, files):
            return None
        name = pattern if inside == "." else f"{inside}/{pattern}"
    rows = sum(p.rows for p in parts)
    why = f"{len(parts)} files, {rows:,} records; names differ only in numbers, so they are one export"
    return replace(first, why=why, rows=rows, named=name)


def _means_only(own: Path, pattern: str, parts: list[Recognised], files: Sequence[Recognised]) -> bool:
    """Whether a pattern or folder means nothing but the parts, empty files, and files that are named elsewhere."""
    roles = {f.path: f.role for f in files}
    known = {p.path for p in parts}
    return all(
        p in known or not p.stat().st_size or roles.get(p) in ("curated", "usage", "spans")
        for p in matching(own.parent if not pattern else own, pattern or own.name)
    )


def _pattern(names: Sequence[str]) -> str:
    """Return the narrowest pattern with one star that means names which differ in digits only.

    Examples
    --------
    >>> _pattern(["calls_2026-01.csv.gz", "calls_2026-02.csv.gz"]), _pattern(["q4_2025.csv", "q1_2026.csv"])
    ('calls_2026-*.csv.gz', 'q*.csv')
    """
    shared = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    before = "".join(letters[0] for letters in shared).rstrip("0123456789")
    stem, ending = _parted(names[0])
    return f"{before}*{_DIGITS.split(stem)[-1]}{ending}"


def _parted(name: str) -> tuple[str, str]:
    """Name without its endings, and these: a digit in `.bz2` tells no parts apart."""
    packed = next((e for e in PACKED_ENDINGS if name.lower().endswith(e)), "")
    inner = name[: len(name) - len(packed)]
    stem = Path(inner).stem
    return stem, name[len(stem) :]
