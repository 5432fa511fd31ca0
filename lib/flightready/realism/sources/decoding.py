"""From bytes to text: which encoding a file is written in, and what is refused because it is no text."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from flightready import policy
from flightready.errors import InputError
from flightready.wording import count

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SOMETHING = re.compile(rb"\S")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SAVE_AS_CSV = "open it with the program it belongs to and save it as CSV (UTF-8)"
_BEGINNING = 100_000  # characters that show whether a file is text; looking at more only costs time
_PIECE = 1 << 20
_BLANK = "\ufeff \r\n\t"


class _View(io.RawIOBase):
    """Bytes in memory as a stream that makes no copy of them."""

    def __init__(self, view: memoryview) -> None:
        self._view, self._at = view, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._view[self._at : self._at + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


@dataclass(frozen=True)
class Decoded:
    """A file whose encoding is known; its text is decoded while it is read, not all at once.

    Parameters
    ----------
    data : bytes or bytearray
    codec : str
        Name that Python knows the encoding by; every byte from `start` on can be decoded with it.
    encoding : str
        Name for the reader.
    notes : tuple of str
        What had to be mended.
    start : int
        Bytes of a mark before the text.
    """

    data: bytes | bytearray = field(repr=False)
    codec: str
    encoding: str
    notes: tuple[str, ...] = ()
    start: int = 0

    def stream(self) -> io.TextIOWrapper:
        """Return the text as a stream of lines, each with its own line end."""
        raw = io.BufferedReader(_View(memoryview(self.data)[self.start :]), _PIECE)
        return io.TextIOWrapper(raw, encoding=self.codec, newline="")

    @property
    def text(self) -> str:
        """The whole text."""
        return str(memoryview(self.data)[self.start :], self.codec)


def decode(data: bytes | bytearray, *, where: str) -> Decoded:
    """Return a file with its encoding, and notes on what had to be mended.

    UTF-8 is tried first; a file that is UTF-8 but for some lines stays UTF-8, with those lines read as Windows-1252.
    Anything else is Windows-1252, unless most letters are beyond ASCII: then the encoding is guessed from content.

    Raises
    ------
    InputError
        When the file is empty, binary, full of NUL bytes, or in no known encoding.

    Examples
    --------
    >>> got = decode("Málaga".encode("cp1252"), where="a.csv")
    >>> got.text, got.encoding
    ('Málaga', 'Windows-1252')
    """
    if not _SOMETHING.search(data):
        raise InputError("the file is empty", where=where, cure="export it again, or remove the key")
    _refuse_binary(data, where)
    for mark, codec, name in _BOMS:
        if data.startswith(mark) and codec != "utf-8":
            return _checked(_wide(data, codec, name, len(mark), where), where)
    if codec := _utf16_without_mark(data):
        return _checked(_wide(data, codec, "UTF-16 without a byte order mark", 0, where), where)
    data, notes = _without_nul(data, where)
    if b"\r\r\n" in data:
        data = data.replace(b"\r\r\n", b"\r\n")
        notes = (*notes, "line ends that were written twice are read as one")
    found = _eight_bit(data, where)
    if found.codec == "utf-8" and data.startswith(codecs.BOM_UTF8):
        found = replace(found, encoding=_BOMS[0][2], start=len(codecs.BOM_UTF8))
    return _checked(replace(found, notes=notes + found.notes), where)


def without_surrogates(text: str) -> str:
    """Return the text with every half character (a lone surrogate, as JSON can write it) as U+FFFD."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _is(data: bytes | bytearray | memoryview, codec: str) -> bool:
    """Whether all of the data is valid in an encoding; looked at in pieces, so that no copy of it is made."""
    decoder, view = codecs.getincrementaldecoder(codec)(), memoryview(data)
    try:
        for at in range(0, len(data), _PIECE):
            decoder.decode(view[at : at + _PIECE], at + _PIECE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _refuse_binary(data: bytes | bytearray, where: str) -> None:
    head = data[:16].hex()
    for signature, kind in policy.value("binary_signatures").items():
        if head.startswith(signature):
            raise InputError(f"the file is {kind}, not text", where=where,
                             valid="CSV, TSV, JSON, JSON lines, Parquet, Excel", cure=_SAVE_AS_CSV)  # fmt: skip


def _wide(data: bytes | bytearray, codec: str, name: str, start: int, where: str) -> Decoded:
    """UTF-16 or UTF-32; a file that was cut off in the middle of a character loses that character."""
    unit = 4 if "32" in codec else 2
    notes: tuple[str, ...] = ()
    if extra := (len(data) - start) % unit:
        data, notes = data[:-extra], ("the file ends in the middle of a character",)
    if not _is(memoryview(data)[start:], codec):
        raise InputError(f"the file begins like {name.split(' ')[0]}, and is not", where=where, cure=_SAVE_AS_CSV)
    return Decoded(data, codec, name, notes, start)


def _utf16_without_mark(data: bytes | bytearray) -> str:
    """Name of the codec when every other byte of the beginning is NUL, as ASCII text in UTF-16 has it."""
    head = data[:_BEGINNING]
    if len(head) < 8 or len(data) % 2:
        return ""
    odd, even = head[1::2], head[0::2]
    if odd.count(0) > len(odd) / 2 and even.count(0) == 0:
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > len(even) / 2 and odd.count(0) == 0 else ""


def _without_nul(data: bytes | bytearray, where: str) -> tuple[bytes, tuple[str, ...]]:
    n = data.count(0)
    if not n:
        return data, ()
    if n / len(data) > policy.value("largest_nul_share"):
        raise InputError(f"the file holds {n:,} NUL bytes, so it is not text", where=where, cure=_SAVE_AS_CSV)
    return data.replace(b"\0", b""), (f"{count(n, 'NUL byte')} {'was' if n == 1 else 'were'} taken out",)


def _eight_bit(data: bytes | bytearray, where: str) -> Decoded:
    if _is(data, "utf-8"):
        return Decoded(data, "utf-8", "UTF-8")
    lines = [line for line in _lines(data) if not line.isascii()]
    readable = sum(_is(line, "utf-8") for line in lines)
    if readable >= policy.value("least_utf8_line_share") * len(lines):
        broken = len(lines) - readable
        note = f"{count(broken, 'line')} {'is' if broken == 1 else 'are'} not UTF-8, read as Windows-1252"
        return Decoded(b"".join(map(_mended, _lines(data))), "utf-8", "UTF-8", (note,))
    codes = np.frombuffer(data, dtype=np.uint8)
    accents = int((codes > 127).sum()) / max(1, int((codes > 64).sum()))
    if accents <= policy.value("western_accent_share"):
        is_windows = _is(data, "cp1252")
        return Decoded(data, "cp1252" if is_windows else "latin-1", "Windows-1252" if is_windows else "Latin-1")
    return _guessed(data, where)


def _guessed(data: bytes | bytearray, where: str) -> Decoded:
    import charset_normalizer

    best = charset_normalizer.from_bytes(bytes(data[:_PIECE].rpartition(b"\n")[0] or data[:_PIECE])).best()
    if best is None:
        raise InputError("the text is in no encoding that can be recognised", where=where, cure="save it as UTF-8")
    name = best.encoding.replace("_", "-")
    text = without_surrogates(data.decode(best.encoding, errors="replace"))
    note = f"the encoding {name} was guessed from the content; check a few accented words"
    return Decoded(text.encode("utf-8"), "utf-8", name, (note,))


def _lines(data: bytes | bytearray) -> Iterator[bytes]:
    return iter(io.BufferedReader(_View(memoryview(data)), _PIECE))


def _mended(line: bytes) -> bytes:
    return line if _is(line, "utf-8") else line.decode("cp1252", errors="replace").encode("utf-8")


def _checked(found: Decoded, where: str) -> Decoded:
    stream = found.stream()
    beginning = stream.read(_BEGINNING)
    if len(_CONTROL.findall(beginning)) > policy.value("largest_control_share") * len(beginning):
        raise InputError("the file is binary, not text", where=where, cure=_SAVE_AS_CSV)
    while beginning and not beginning.strip(_BLANK):
        beginning = stream.read(_BEGINNING)
    if not beginning:
        raise InputError("the file holds nothing but blanks", where=where, cure="export it again, or remove the key")
    return found
