"""Opening a file without trusting it: what it is told by its first bytes, unpacked, and never more than is sane."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyarrow as pa

from flightready import policy
from flightready.errors import InputError, listed

_PIECE = 1 << 20
_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # the container of old Office files, and of encrypted new ones
PARQUET = b"PAR1"
_BYTES_PER_CHARACTER = 4  # at most, in every encoding that is read


def _zstd(stream: BinaryIO) -> BinaryIO:
    return pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd")


_PACKED: dict[bytes, tuple[str, Callable[[BinaryIO], BinaryIO]]] = {
    b"\x1f\x8b": ("gzip", lambda stream: gzip.GzipFile(fileobj=stream)),
    b"BZh": ("bzip2", bz2.BZ2File),
    b"\xfd7zXZ\x00": ("xz", lzma.LZMAFile),
    b"\x28\xb5\x2f\xfd": ("zstd", _zstd),
}
_TAR = b"ustar"
_TAR_AT = 257
BROKEN_ARCHIVE = (
    OSError, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError, lzma.LZMAError, zlib.error,
    zipfile.BadZipFile, pa.ArrowException,
)  # fmt: skip
"""What the readers of archives raise on one that is cut off or changed."""
LOST_LINE_BREAKS = "the line breaks were lost in the export; export it again with one record per line"
PACKED_ENDINGS = (".gz", ".bz2", ".xz", ".zst", ".zip")
WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


@dataclass(frozen=True)
class Content:
    """What a file holds once it is unpacked.

    Parameters
    ----------
    data : bytes or bytearray
    name : str
        Its name, without the ending of an archive.
    kind : str
        `parquet`, `workbook` or `text`.
    notes : tuple of str
    """

    data: bytes | bytearray = field(repr=False)
    name: str
    kind: str
    notes: tuple[str, ...] = ()


def open_file(path: Path, *, where: str) -> Content:
    """Return the content of a file; only as much of it is read as shows that it can be records.

    Raises
    ------
    InputError
        When it is larger than memory should hold, one giant line, a broken archive, or one that holds several files.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(_TAR_AT + len(_TAR))
        stream.seek(0)
        if head.startswith(_ZIP):
            return _zipped(stream, path.name, where)
        for signature, (kind, unpack) in _PACKED.items():
            if head.startswith(signature):
                return _unpacked(lambda: unpack(stream), _inner_name(path.name), kind, where)  # noqa: B023
        if head.startswith(PARQUET):
            return Content(b"", path.name, "parquet")  # read in place, a column at a time
        if head.startswith(_OLE):
            return Content(_limited(stream, where, size=size), path.name, "workbook")
        return Content(_limited(stream, where, size=size), path.name, "text")


def too_large(where: str, verb: str = "has") -> InputError:
    """Return the error of a file that memory should not be asked to hold."""
    most = policy.value("largest_file") // 10**6
    return InputError(f"the file {verb} more than {most:,} MB", where=where, cure=(
        "draw a random sample of it with 'flightready sample', or save it as Parquet and name it as data.population"
    ))  # fmt: skip


def _inner_name(name: str) -> str:
    return name.rpartition(".")[0] if name.lower().endswith(PACKED_ENDINGS) else name


def _limited(stream: BinaryIO, where: str, *, size: int = 0, verb: str = "has") -> bytearray:
    """Read to the end, or refuse as soon as a line or the whole is too long."""
    most, longest = policy.value("largest_file"), _BYTES_PER_CHARACTER * policy.value("longest_line")
    data, run = bytearray(), 0  # grown in place: a file is never held twice
    may_be_one_line = False
    while piece := stream.read(_PIECE):
        if not data:
            may_be_one_line = piece.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in (b"{", b"[") or not _is_text(piece)
        data += piece
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        run = run + len(piece) if end < 0 else len(piece) - end - 1
        if run > longest and not may_be_one_line:
            problem = f"one line is more than {policy.value('longest_line'):,} characters long"
            raise InputError(problem, where=where, cure=LOST_LINE_BREAKS)
        if len(data) > most or (size > most and len(data) > longest):
            raise too_large(where, verb)
    return data


def _is_text(piece: bytes) -> bool:
    """Whether data can be text at all: the signatures of other files are named by the decoder in its own sentence."""
    head = piece[:16].hex()
    return not piece.startswith(_OLE) and not any(head.startswith(s) for s in policy.value("binary_signatures"))


def _unpacked(unpack: Callable[[], BinaryIO], name: str, kind: str, where: str) -> Content:
    article = "an" if kind == "xz" else "a"
    try:
        data = _limited(unpack(), where, verb="unpacks to")
    except InputError:
        raise
    except BROKEN_ARCHIVE:
        raise InputError(f"the {kind} archive is broken or cut off", where=where,
                         cure="copy or export the file again") from None  # fmt: skip
    return _from_archive(data, name, f"unpacked from {article} {kind} archive", where)


def _from_archive(data: bytes | bytearray, name: str, note: str, where: str) -> Content:
    if data[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR or data.startswith((*_PACKED, _ZIP)):
        if data.startswith(_ZIP) and _is_workbook(zipfile.ZipFile(io.BytesIO(data))):
            return Content(data, name, "workbook", (note,))
        raise InputError("the archive holds another archive", where=where,
                         cure="unpack it into a folder, and name the folder")  # fmt: skip
    kind = "parquet" if data.startswith(PARQUET) else "workbook" if data.startswith(_OLE) else "text"
    return Content(data, name, kind, (note,))


def _zipped(stream: BinaryIO, name: str, where: str) -> Content:
    broken = InputError("the ZIP archive or Excel workbook (XLSX) is broken or cut off", where=where,
                        cure="copy or export the file again")  # fmt: skip
    try:
        archive = zipfile.ZipFile(stream)
    except BROKEN_ARCHIVE:
        raise broken from None
    if sum(i.file_size for i in archive.infolist()) > policy.value("largest_file"):
        raise too_large(where, "unpacks to")
    if _is_workbook(archive):
        stream.seek(0)
        return Content(stream.read(), name, "workbook")
    member = _only_member(archive, where)
    if member.flag_bits & 1:
        raise InputError("the ZIP archive is protected by a password", where=where, cure="unpack it, and name the file")
    try:
        with archive.open(member) as inner:
            data = _limited(inner, where, verb="unpacks to")
    except InputError:
        raise
    except BROKEN_ARCHIVE:
        raise broken from None
    return _from_archive(data, PurePosixPath(member.filename).name, "unpacked from a ZIP archive", where)


def _is_workbook(archive: zipfile.ZipFile) -> bool:
    return not set(WORKBOOK_PARTS).isdisjoint(archive.namelist())


def _only_member(archive: zipfile.ZipFile, where: str) -> zipfile.ZipInfo:
    """The one file of an archive, apart from what systems put beside it."""
    if {"word/document.xml", "ppt/presentation.xml"} & set(archive.namelist()):
        raise InputError("the file is a Word or PowerPoint document, not records", where=where,
                         cure="export the records as CSV or Excel")  # fmt: skip
    files = [i for i in archive.infolist() if not i.filename.endswith("/") and not i.filename.startswith("__MACOSX/")]
    files = [i for i in files if not PurePosixPath(i.filename).name.startswith(".")]
    if len(files) != 1:
        names = sorted(PurePosixPath(i.filename).name for i in files)
        holds = listed(("".join(c for c in n if c.isprintable()) for n in names), limit=4) or "nothing"
        problem = f"the ZIP archive holds {len(files):,} files ({holds})"
        raise InputError(problem, where=where, valid="an archive of one file of records",
                         cure="unpack it into a folder, and name the folder")  # fmt: skip
    return files[0]
