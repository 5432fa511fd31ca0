"""What a workbook says of itself that its reader does not: protection, the extent of its sheets, and formula errors."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

import numpy as np

from flightready import policy
from flightready.errors import InputError
from flightready.realism.sources.opening import BROKEN_ARCHIVE

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PIECE = 1 << 20
_HEADER = 512  # bytes before the first sector of an old Office file
_FREE = 0xFFFFFFFF  # entry of a sector that is not used
_OVERLAP = 4096  # longer than a cell with an error and its formula usually is
_EXTENT = re.compile(rb'<(?:\w+:)?dimension\b[^>]*\bref="([A-Z]{1,3}\d+):([A-Z]{1,3}\d+)"')
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_NO_RESULT = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True)
class Parts:
    """A workbook seen from outside.

    Parameters
    ----------
    is_open_document : bool
    notes : tuple of str
    """

    is_open_document: bool = False
    notes: tuple[str, ...] = ()
    _archive: zipfile.ZipFile | None = field(default=None, repr=False)
    _sheets: dict[str, str] = field(default_factory=dict, repr=False)

    def refuse_vast(self, sheet: str, where: str) -> None:
        """Refuse a sheet that claims so many cells that laying it out would fill the memory.

        Raises
        ------
        InputError
        """
        if self._archive is None or sheet not in self._sheets:
            return
        with self._archive.open(self._sheets[sheet]) as stream:
            found = _EXTENT.search(stream.read(_OVERLAP))
        if not found:
            return
        (left, top), (right, bottom) = (_place(r.decode()) for r in found.groups())
        cells, most = (bottom - top + 1) * (right - left + 1), policy.value("most_sheet_cells")
        if cells > most:
            raise InputError(f"the sheet '{sheet}' spans {cells:,} cells", where=where, valid=f"at most {most:,}",
                             cure="delete what stands far below or beside the table, or save it as CSV")  # fmt: skip

    def formulas(self, sheet: str) -> tuple[dict[tuple[int, int], str], int]:
        """Return the text of each formula error by its 0-based row and column, and how many formulas have no result."""
        if self._archive is None or sheet not in self._sheets:
            return {}, 0
        errors: dict[tuple[int, int], str] = {}
        n_without = 0
        with self._archive.open(self._sheets[sheet]) as stream:
            kept = b""
            while piece := stream.read(_PIECE):
                text = kept + piece
                for letters, row, error in _ERROR_CELL.findall(text):
                    column, line = _place((letters + row).decode())
                    errors[line - 1, column - 1] = error.decode("utf-8", errors="replace")
                n_without += sum(m.end() > len(kept) for m in _NO_RESULT.finditer(text))
                kept = text[-_OVERLAP:]
        return errors, n_without


def look_into(data: bytes | bytearray, where: str) -> Parts:
    """Return what a workbook says of itself.

    Raises
    ------
    InputError
        When it is protected by a password, or cut off.
    """
    protected = InputError("the workbook is protected by a password", where=where,
                           cure="save a copy without a password, or as CSV")  # fmt: skip
    errors_lost = ("formula errors such as #REF! are read as empty in this kind of workbook",)
    if not data.startswith(b"PK"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise protected
        if not _is_whole_container(data):
            raise broken(where)
        return Parts(notes=errors_lost)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(archive.namelist())
        if "content.xml" in names:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise protected
            return Parts(is_open_document=True, notes=errors_lost)
        if "xl/workbook.xml" not in names:
            return Parts(notes=errors_lost)
        return Parts(_archive=archive, _sheets=_sheet_files(archive))
    except InputError:
        raise
    except (*BROKEN_ARCHIVE, ElementTree.ParseError):
        raise broken(where) from None


def broken(where: str) -> InputError:
    """Return the error of a workbook that cannot be read to its end."""
    cure = "open it with the program it belongs to, and save it as .xlsx or CSV"
    return InputError("the workbook is broken or cut off, or no workbook at all", where=where, cure=cure)


def _is_whole_container(data: bytes | bytearray) -> bool:
    """Whether an old Office file holds every sector that its table of sectors names.

    Source
    ------
    Microsoft, [MS-CFB] Compound File Binary File Format, sections 2.2 and 2.3.
    """
    if len(data) < _HEADER:
        return False
    shift, n_tables = int.from_bytes(data[30:32], "little"), int.from_bytes(data[44:48], "little")
    if shift not in (9, 12):
        return False
    size, n_sectors = 1 << shift, (len(data) >> shift) - 1
    first = np.frombuffer(data, dtype="<u4", count=109, offset=76)[: min(n_tables, 109)]
    if not len(first) or first.max() >= n_sectors:
        return False
    tables = np.concatenate([np.frombuffer(data, "<u4", size // 4, (int(s) + 1) * size) for s in first])
    used = np.flatnonzero(tables != _FREE)
    return bool(len(used)) and int(used.max()) < n_sectors


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """Member of the archive that holds each sheet."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    found = {}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        key = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
        target = targets.get(key, "")
        member = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if member in archive.namelist():
            found[sheet.get("name", "")] = member
    return found


def _place(reference: str) -> tuple[int, int]:
    """Return 1-based column and row.

    Examples
    --------
    >>> _place("B7"), _place("XFD1048576")
    ((2, 7), (16384, 1048576))
    """
    letters, digits = _REFERENCE.fullmatch(reference).groups()
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column, int(digits)
