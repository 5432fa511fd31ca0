"""The records of a JSON text one after another: a list, one object after another, or a list under a key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flightready import policy
from flightready.errors import InputError
from flightready.realism.sources.decoding import Decoded

CURE = "write one JSON object per line, or one list of objects"
_BETWEEN = re.compile(r"[\s,]*")
_OBJECT_AT_LINE_START = re.compile(r"\n([ \t]*)\{")


class Number(str):
    """A number as it was written: text for us, bare when a list is written back."""


class Reader:
    """A JSON decoder that keeps numbers as they are written, and counts objects that name a key twice."""

    def __init__(self) -> None:
        self.n_repeated = 0
        decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_float=Number, parse_int=Number, parse_constant=Number
        )
        self.whole, self.at = decoder.decode, decoder.raw_decode

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        self.n_repeated += len(made) < len(pairs)
        return made


@dataclass(frozen=True)
class Item:
    """One record, or what stands in its place.

    Parameters
    ----------
    line : int
        1-based line on which it begins, or its 1-based place in a list.
    value : dict, optional
        None when it is no JSON object.
    reason, text : str
        Why there is none, and what stands there.
    """

    line: int
    value: dict[str, Any] | None
    reason: str = ""
    text: str = ""


def by_line(found: Decoded, read: Reader) -> Iterator[Item]:
    """Yield the records of JSON lines."""
    number, before = 0, ""
    for line in found.stream():
        number += not (before.endswith("\r") and line == "\n")
        before = line
        if not line.strip():
            continue
        try:
            value = read.whole(line.strip("\ufeff"))
        except (ValueError, RecursionError):
            value = None
        is_object = isinstance(value, dict)
        yield Item(number, value) if is_object else Item(number, None, "not a JSON object", line.rstrip("\r\n"))


def has_a_record_per_line(found: Decoded) -> bool:
    """Whether the first two lines that are not blank are JSON objects, each by itself."""
    read, seen = Reader(), 0
    for line in found.stream():
        if not line.strip():
            continue
        try:
            if not isinstance(read.whole(line.strip("\ufeff")), dict):
                return False
        except (ValueError, RecursionError):
            return False
        seen += 1
        if seen == 2:
            return True
    return False


def one_after_another(text: str, read: Reader) -> Iterator[Item]:
    """Yield the records of a list, or of objects that follow each other over several lines each.

    A record that is broken ends at the next line that begins like the first record; what cannot be read to the end of
    the text is one record that does not parse.
    """
    at = _BETWEEN.match(text, 1 if text.startswith("[") else 0).end()
    indent = re.search(r"[^\n]*\Z", text[:at][-200:])[0]
    place = 0
    while at < len(text) and not (text[at] == "]" and not text[at + 1 :].strip()):
        place += 1
        try:
            value, end = read.at(text, at)
            yield Item(place, value) if isinstance(value, dict) else Item(place, None, "not an object")
        except (ValueError, RecursionError):
            nexts = (m for m in _OBJECT_AT_LINE_START.finditer(text, at) if m[1] == indent)
            following = next(nexts, None)
            end = following.start() if following else len(text)
            is_cut_off = following is None and text.startswith("{", at)
            yield Item(place, None, "the file ends within it" if is_cut_off else "not an object", text[at:end][:1000])
        at = _BETWEEN.match(text, end).end()


def end_of_first(text: str, where: str) -> int | None:
    """Return where the first value of a text ends, or None when it is broken.

    Raises
    ------
    InputError
        When that value is larger than memory should be asked to hold.
    """
    most = policy.value("largest_json_object")
    try:
        return Reader().at(text[:most])[1]
    except (ValueError, RecursionError):
        if len(text) > most:
            problem = f"the file is one JSON object of more than {most // 10**6:,} MB, or broken at its beginning"
            raise InputError(problem, where=where, cure=CURE) from None
        return None


def under_a_key(text: str, read: Reader, where: str) -> tuple[list[Any], str]:
    """Return the one list of records in an object, and the key that holds it.

    Raises
    ------
    InputError
        When there is none, or several.
    """
    whole = read.whole(text)
    lists = dict(_record_lists(whole)) if isinstance(whole, dict) else {}
    if len(lists) != 1:
        what = f"several lists of records ({', '.join(list(lists)[:3])})" if lists else "no list of records"
        raise InputError(f"the file holds {what}", where=where, cure=CURE)
    return next((values, key) for key, values in lists.items())


def record_lists(text: str) -> list[str]:
    """Return the keys of an object that hold lists of records."""
    whole = Reader().whole(text)
    return [key for key, _ in _record_lists(whole)] if isinstance(whole, dict) else []


def _record_lists(whole: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Yield lists of objects in an object, one step down where the object itself holds none."""
    found = [(f"{prefix}{k}", v) for k, v in whole.items() if _is_record_list(v)]
    yield from found
    if not found and depth == 0:
        for key, value in whole.items():
            if isinstance(value, dict):
                yield from _record_lists(value, f"{key}.", depth + 1)


def _is_record_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(i, dict) for i in value)
