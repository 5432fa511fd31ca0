"""Reading JSON from a file: one document, or one a line, with the place of a mistake and never its content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flightready.errors import InputError

Numbered = tuple[int, dict[str, Any]]
LARGEST_RECORD_BYTES = 16_000_000
"""A call of a model is some hundred bytes, with its texts some thousand; the engine sets aside a multiple of this."""
_LARGEST_DOCUMENT_BYTES = 16 * LARGEST_RECORD_BYTES  # read into memory as a whole


def json_objects(path: Path) -> Iterator[Numbered]:
    """Yield every JSON object of a file with its line number (1-based; for one document, its place in the list).

    The file is JSON lines when its first line is a whole object and more follows, else one document: an object or a
    list of objects.

    Raises
    ------
    InputError
        Naming file and line when it is not UTF-8 text, is cut off, or holds anything but objects.
    """
    with path.open("rb") as stream:
        first = stream.readline(LARGEST_RECORD_BYTES)
        while first and not first.strip(b"\xef\xbb\xbf \t\r\n"):
            first = stream.readline(LARGEST_RECORD_BYTES)
    if _parses(first) and isinstance(_loaded(first), dict):
        yield from _lines(path)
    else:
        yield from _document(path)


def _lines(path: Path) -> Iterator[Numbered]:
    with path.open("rb") as stream:
        for number, raw in enumerate(iter(lambda: stream.readline(LARGEST_RECORD_BYTES), b""), start=1):
            if len(raw) == LARGEST_RECORD_BYTES:
                raise _too_long(f"{path.name}, line {number}")
            if raw.strip(b"\xef\xbb\xbf \t\r\n"):
                yield number, _object(raw, f"{path.name}, line {number}")


def _too_long(where: str) -> InputError:
    return InputError(
        f"the line is longer than {LARGEST_RECORD_BYTES // 1_000_000} MB", where=where,
        valid="one call a line", cure="line breaks were probably lost: export the file again",
    )  # fmt: skip


def _object(raw: bytes, where: str) -> dict[str, Any]:
    try:
        found = _loaded(raw)
    except UnicodeDecodeError:
        raise InputError("the line is not UTF-8 text", where=where, cure="export the file as UTF-8") from None
    except (ValueError, RecursionError):
        raise InputError(
            f"the line is not one whole JSON object (it has {len(raw.strip()):,} bytes)", where=where,
            cure="it was probably cut off while it was written: export the file again, or delete this line",
        ) from None  # fmt: skip
    if not isinstance(found, dict):
        raise InputError(f"the line is a {_kind(found)}, not a JSON object", where=where, valid="one {...} a line")
    return found


def _document(path: Path) -> Iterator[Numbered]:
    if path.stat().st_size > _LARGEST_DOCUMENT_BYTES:
        raise InputError(
            f"a JSON document of more than {_LARGEST_DOCUMENT_BYTES // 1_000_000} MB that is cut off or is one record",
            where=path.name, valid="one JSON object a line", cure="export the file again",
        )  # fmt: skip
    raw = path.read_bytes()
    try:
        found = _loaded(raw)
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} is not UTF-8 text", where=path.name,
                         cure="export the file as UTF-8") from None  # fmt: skip
    except json.JSONDecodeError as error:
        raise InputError(
            "not valid JSON from here on", where=f"{path.name}, line {_broken_line(raw, error.lineno)}",
            cure="the file was probably cut off: export it again",
        ) from None  # fmt: skip
    except (ValueError, RecursionError):
        raise InputError("not valid JSON", where=path.name, cure="export the file again") from None
    records = found if isinstance(found, list) else [found]
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise InputError(f"record {number} is a {_kind(record)}, not a JSON object", where=path.name)
        yield number, record


def _broken_line(raw: bytes, line: int) -> int:
    """The line of the mistake; a broken first line of JSON lines is told only at the start of the second."""
    lines = raw.split(b"\n")
    is_lines = len(lines) > 1 and lines[0].lstrip(b"\xef\xbb\xbf").startswith(b"{") and _parses(lines[1])
    return 1 if is_lines and line == 2 else line


def _parses(raw: bytes) -> bool:
    try:
        _loaded(raw)
    except (ValueError, RecursionError):  # JSONDecodeError and UnicodeDecodeError are ValueErrors
        return False
    return True


def _loaded(raw: bytes) -> Any:
    return json.loads(raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))


def _kind(found: Any) -> str:
    return {list: "list", str: "text", bool: "yes/no value", type(None): "null"}.get(type(found), "number")
