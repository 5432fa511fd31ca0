"""What a report was made from: the input files with their digests, the versions, the seed and the date."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class InputFile:
    """One input file: its name as the assessment writes it, the SHA-256 of its bytes, its size in bytes."""

    name: str
    sha256: str
    size_bytes: int

    @classmethod
    def of(cls, path: Path, name: str = "") -> InputFile:
        """Return the record of a file; it is read in blocks, so that its size does not matter."""
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                digest.update(block)
                size += len(block)
        return cls(name or path.name, digest.hexdigest(), size)


@dataclass(frozen=True)
class Provenance:
    """Everything that a report depends on: the same record gives the same bytes.

    Parameters
    ----------
    inputs : tuple of InputFile
        The assessment and the files that it names.
    versions : mapping of str to str
        Of the program and of what it calculates with; see `study.document.versions`.
    seed : int
        Start of every random stream.
    as_of : str
        The date, as YYYY-MM-DD, from which ages and expiries are counted.
    """

    inputs: tuple[InputFile, ...]
    versions: Mapping[str, str]
    seed: int
    as_of: str


def size_in_words(size_bytes: int) -> str:
    """Return a file size in the unit that a person would use.

    Examples
    --------
    >>> size_in_words(1), size_in_words(2_048), size_in_words(3_500_000)
    ('1 byte', '2.0 kB', '3.5 MB')
    """
    if size_bytes < 1_000:
        return "1 byte" if size_bytes == 1 else f"{size_bytes} bytes"
    size, unit = (size_bytes / 1e3, "kB") if size_bytes < 1e6 else (size_bytes / 1e6, "MB")
    return f"{size:,.1f} {unit}"
