"""Seeded randomness and byte-exact writing, shared by every sample.

Each named stream has its own generator, so a change in one file leaves the random numbers of all the
others as they were.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


class Dice:
    """A seeded source of choices, keyed by a seed and a stream name.

    Only uniform and standard normal draws are taken from numpy: these are the two whose bits have stayed
    the same across numpy releases, and the files must come out the same on every machine.

    Parameters
    ----------
    seed : int
        Seed of the whole run.
    stream : str
        Name of the stream, for example ``"support_triage/web"``.
    """

    def __init__(self, seed: int, stream: str) -> None:
        key = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "big")
        self._rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, key])))

    def unit(self) -> float:
        """Return a number in [0, 1)."""
        return float(self._rng.random())

    def normal(self) -> float:
        """Return a standard normal number."""
        return float(self._rng.standard_normal())

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.unit() < probability

    def between(self, low: float, high: float) -> float:
        """Return a number in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one item, all equally likely."""
        return items[int(self.unit() * len(items))]

    def weighted(self, table: dict[T, float]) -> T:
        """Return one key of a table of weights."""
        left = self.unit() * sum(table.values())
        for item, weight in table.items():
            left -= weight
            if left < 0:
                return item
        return next(reversed(table))

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different items in random order.

        Raises
        ------
        ValueError
            If there are fewer items than asked for.
        """
        if count > len(items):
            raise ValueError(f"{count} items asked for, only {len(items)} there")
        pool = list(items)
        for place in range(count):
            other = place + int(self.unit() * (len(pool) - place))
            pool[place], pool[other] = pool[other], pool[place]
        return pool[:count]

    def hex_id(self, digits: int) -> str:
        """Return a lower-case hexadecimal identifier of that many digits."""
        return "".join("0123456789abcdef"[int(self.unit() * 16)] for _ in range(digits))


def csv_line(cells: Sequence[str], delimiter: str = ",") -> str:
    """Return one CSV line with the quotes it needs, ended by a bare newline on every system."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return out.getvalue()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a whole UTF-8 CSV file."""
    return "".join([csv_line(header), *(csv_line(row) for row in rows)]).encode("utf-8")


def json_line(value: Any) -> str:
    """Return one compact JSON line; accents stay readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
