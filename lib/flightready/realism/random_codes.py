"""Random codes of one length, such as hashes and tokens: where letters and digits fall in them says nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flightready import policy

_SETS = {"digits": "0-9", "hex": "a-f", "HEX": "A-F", "letters": "g-z", "LETTERS": "G-Z", "signs": "+/_="}
_PARTS = {name: re.compile(f"[{signs}]") for name, signs in _SETS.items()}
_PLAIN = re.compile(r"[0-9A-Za-z+/_=]*")


@dataclass(frozen=True)
class RandomCode:
    """How the random codes of a column are written.

    Parameters
    ----------
    name : str
        What a reader calls it: hex of 32.
    pattern : Pattern
        That all of them match.
    """

    name: str
    pattern: re.Pattern[str]


def random_code(values: Sequence[str]) -> RandomCode | None:
    """Return how random codes are written, or None where the values are no random codes of one length.

    Parameters
    ----------
    values : sequence of str
        Different values of one column, on both sides.

    Examples
    --------
    >>> from hashlib import md5
    >>> hashes = [md5(bytes([i])).hexdigest() for i in range(40)]
    >>> random_code(hashes).name, random_code([f"T-{i:05d}" for i in range(40)])
    ('hex of 32', None)
    """
    if len(values) < policy.value("least_values_for_format"):
        return None
    values = values[:: -(-len(values) // policy.value("values_looked_at_for_content"))]
    lengths: dict[int, int] = {}
    for text in values:
        lengths[len(text)] = lengths.get(len(text), 0) + 1
    length = max(lengths, key=lengths.__getitem__)
    alike = [t for t in values if len(t) == length]
    enough = policy.value("dominant_code_share") * len(values)
    if length < policy.value("least_length_of_a_random_code") or len(alike) < enough:
        return None
    fixed = _fixed(alike, length)
    free = ["".join(c for c, known in zip(t, fixed, strict=True) if known is None) for t in alike]
    free = [t for t in free if _PLAIN.fullmatch(t)]
    if len(free) < enough or len(free[0]) < policy.value("least_length_of_a_random_code") or not _is_mixed(free):
        return None
    signs = _alphabet(free)
    cell = "[" + "".join(_SETS[name] for name in signs) + "]"
    pattern = re.compile("".join(cell if known is None else re.escape(known) for known in fixed))
    return RandomCode(f"{_name(signs)} of {length}", pattern) if _matched(pattern, values) >= enough else None


def _fixed(alike: list[str], length: int) -> list[str | None]:
    """The character of nearly all values in each place, such as the hyphens of a UUID; None where they differ."""
    least = policy.value("dominant_code_share") * len(alike)
    found: list[str | None] = []
    for place in range(length):
        seen = [t[place] for t in alike]
        leading = max(dict.fromkeys(seen), key=seen.count)
        found.append(leading if seen.count(leading) >= least else None)
    return found


def _is_mixed(free: list[str]) -> bool:
    """Whether letters as well as digits fall in most places; a written code has its letters where they belong."""
    least = policy.value("least_share_of_an_alphabet") * len(free)
    places = [(sum(c.isdigit() for c in seen), sum(c.isalpha() for c in seen)) for seen in zip(*free, strict=True)]
    mixed = sum(digits >= least and letters >= least for digits, letters in places)
    return mixed >= policy.value("least_share_of_kind") * len(places)


def _alphabet(free: list[str]) -> list[str]:
    least = policy.value("least_share_of_an_alphabet") * len(free)
    return [name for name, part in _PARTS.items() if sum(bool(part.search(t)) for t in free) >= least]


def _name(signs: list[str]) -> str:
    return "hex" if not {"letters", "LETTERS", "signs"} & set(signs) else "letters and digits"


def _matched(pattern: re.Pattern[str], values: Sequence[str]) -> int:
    return sum(pattern.fullmatch(t) is not None for t in values)
