"""From bytes to text: which encoding a file is written in, and what is refused because it is no text."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

from flightready import policy
from flightready.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SAVE_AS_CSV = "open it with the program it belongs to and save it as CSV (UTF-8)"
_BEGINNING = 100_000  # characters that show whether a file is text; looking at more only costs time


def decode(data: bytes, *, where: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the text of a file, the name of its encoding, and notes on what had to be mended.

    UTF-8 is tried first; a file that is UTF-8 but for some lines stays UTF-8, with those lines read as Windows-1252.
    Anything else is Windows-1252, unless most letters are beyond ASCII: then the encoding is guessed from content.

    Raises
    ------
    InputError
        When the file is empty, binary, full of NUL bytes, or in no known encoding.

    Examples
    --------
    >>> decode("Málaga".encode("cp1252"), where="a.csv")[:2]
    ('Málaga', 'Windows-1252')
    """
    if not data.strip():
        raise InputError("the file is empty", where=where, cure="export it again, or remove the key")
    _refuse_binary(data, where)
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            try:
                return _checked(data.decode(codec), name, (), where)
            except UnicodeDecodeError:
                continue
    if codec := _utf16_without_mark(data):
        return _checked(data.decode(codec), "UTF-16 without a byte order mark", (), where)
    data, notes = _without_nul(data, where)
    text, name, more = _eight_bit(data, where)
    return _checked(text, name, notes + more, where)


def without_surrogates(text: str) -> str:
    """Return the text with every half character (a lone surrogate, as JSON can write it) as U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def _refuse_binary(data: bytes, where: str) -> None:
    head = data[:16].hex()
    for signature, kind in policy.value("binary_signatures").items():
        if head.startswith(signature):
            raise InputError(f"the file is {kind}, not text", where=where, valid="CSV, TSV, JSON, JSON lines, Parquet",
                             cure=_SAVE_AS_CSV)  # fmt: skip


def _utf16_without_mark(data: bytes) -> str:
    """Name of the codec when every other byte of the beginning is NUL, as ASCII text in UTF-16 has it."""
    head = data[:_BEGINNING]
    if len(head) < 8 or len(data) % 2:
        return ""
    odd, even = head[1::2], head[0::2]
    if odd.count(0) > len(odd) / 2 and even.count(0) == 0:
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > len(even) / 2 and odd.count(0) == 0 else ""


def _without_nul(data: bytes, where: str) -> tuple[bytes, tuple[str, ...]]:
    count = data.count(0)
    if not count:
        return data, ()
    if count / len(data) > policy.value("largest_nul_share"):
        raise InputError(f"the file holds {count:,} NUL bytes, so it is not text", where=where, cure=_SAVE_AS_CSV)
    noun = "NUL byte was" if count == 1 else "NUL bytes were"
    return data.replace(b"\0", b""), (f"{count:,} {noun} taken out",)


def _eight_bit(data: bytes, where: str) -> tuple[str, str, tuple[str, ...]]:
    try:
        return data.decode("utf-8"), "UTF-8", ()
    except UnicodeDecodeError:
        pass
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    readable = sum(_is_utf8(line) for line in lines)
    if readable >= policy.value("least_utf8_line_share") * len(lines):
        pieces = [_line_text(line) for line in data.split(b"\n")]
        broken = len(lines) - readable
        note = f"{broken:,} {'line is' if broken == 1 else 'lines are'} not UTF-8, read as Windows-1252"
        return "\n".join(pieces), "UTF-8", (note,)
    accents = sum(byte > 127 for byte in data) / max(1, sum(byte > 64 for byte in data))
    if accents <= policy.value("western_accent_share"):
        return _western(data)
    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise InputError("the text is in no encoding that can be recognised", where=where, cure="save it as UTF-8")
    name = best.encoding.replace("_", "-")
    return str(best), name, (f"the encoding {name} was guessed from the content; check a few accented words",)


def _western(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    try:
        return data.decode("cp1252"), "Windows-1252", ()
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1", ()


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_text(line: bytes) -> str:
    return line.decode("utf-8") if _is_utf8(line) else line.decode("cp1252", errors="replace")


def _checked(text: str, name: str, notes: tuple[str, ...], where: str) -> tuple[str, str, tuple[str, ...]]:
    if len(_CONTROL.findall(text[:_BEGINNING])) > policy.value("largest_control_share") * min(len(text), _BEGINNING):
        raise InputError("the file is binary, not text", where=where, cure=_SAVE_AS_CSV)
    if not text.strip("\ufeff \r\n\t"):
        raise InputError("the file holds nothing but blanks", where=where, cure="export it again, or remove the key")
    return without_surrogates(text.removeprefix("\ufeff")), name, notes
