"""Numbers left out: a running number in the key that skips, so that records were dropped on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.intervals import clopper_pearson
from flightready.realism.coverage import moments
from flightready.realism.detector import Detection, detector
from flightready.realism.inspection import Inspection
from flightready.realism.outcome import Observation, Rate
from flightready.wording import count, interval, share

_NUMBERED = re.compile(r"^(.*?)(\d{1,18})$", re.DOTALL)
_WHOLE = ("", "first_rows")  # any other way to draw records leaves numbers out by itself


@dataclass(frozen=True)
class Numbered:
    """Different running numbers of one counter, in order, each with a moment (NaT where unknown)."""

    system: str
    prefix: str
    numbers: np.ndarray
    moments: np.ndarray


@detector(
    "sequence_gap", name="numbers left out of a running number", place=23,
    repair="compare counts and numbers at every hand-over, and deliver again what is missing",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Tell where the key counts without a break and yet leaves numbers out.

    A sample that was drawn by chance or by hand leaves numbers out by itself, and so does a demo set: both are not
    looked at.
    """
    column = inspection.sample.columns.id
    if inspection.drawn not in _WHOLE or not inspection.has("raw", column or ""):
        return {}
    told = tuple(o for counter in counters(inspection) for o in _observations(inspection, counter))
    return {column: Detection(is_compared=False, observations=told)} if told else {}


def counters(inspection: Inspection) -> Iterator[Numbered]:
    """Yield the running numbers of raw records: one counter a system and prefix, or one that systems share."""
    column, side = inspection.sample.columns.id, inspection.side("raw")
    times, held = moments(inspection, "raw")[0], inspection.filled("raw", column)
    parts: dict[str, dict[str, list[tuple[int, np.datetime64]]]] = {}
    codes, different = inspection.different("raw", column)
    for row in np.flatnonzero(held):
        if match := _NUMBERED.match(different[codes[row]].strip()):
            mine = parts.setdefault(match[1], {}).setdefault(str(side.system[row]), [])
            mine.append((int(match[2]), times[row]))
    for prefix, by_system in parts.items():
        yield from _of_prefix(prefix, by_system)


def _of_prefix(prefix: str, by_system: dict[str, list[tuple[int, np.datetime64]]]) -> Iterator[Numbered]:
    found = [_numbered(system, prefix, pairs) for system, pairs in by_system.items()]
    pooled = _numbered("", prefix, [pair for pairs in by_system.values() for pair in pairs])
    n_apart = sum(len(f.numbers) for f in found)
    # systems that draw from one counter never have the same number
    is_shared = len(found) > 1 and len(pooled.numbers) >= policy.value("least_share_of_one_counter") * n_apart
    yield from _stretches(pooled) if is_shared else (s for f in found for s in _stretches(f))


def _numbered(system: str, prefix: str, pairs: list[tuple[int, np.datetime64]]) -> Numbered:
    numbers, first = np.unique(np.array([n for n, _ in pairs], dtype=np.int64), return_index=True)
    return Numbered(system, prefix, numbers, np.array([m for _, m in pairs], dtype="datetime64[s]")[first])


def _stretches(counter: Numbered) -> Iterator[Numbered]:
    """Parts of a counter that really count: dense, long enough, and parted where it was set anew."""
    dense, numbers = policy.value("least_density_of_sequence"), counter.numbers
    cuts = np.flatnonzero(np.diff(numbers) > max(1.0, (1 / dense - 1) * len(numbers))) + 1
    for part in np.split(np.arange(len(numbers)), cuts):
        span = int(numbers[part[-1]] - numbers[part[0]]) + 1 if len(part) else 0
        if len(part) >= policy.value("least_numbers_of_sequence") and len(part) >= dense * span:
            yield Numbered(counter.system, counter.prefix, numbers[part], counter.moments[part])


def _observations(inspection: Inspection, counter: Numbered) -> Iterator[Observation]:
    steps = np.diff(counter.numbers)
    after = np.flatnonzero(steps > 1)
    runs = steps[after] - 1
    missing, span = int(runs.sum()), int(counter.numbers[-1] - counter.numbers[0]) + 1
    if missing <= _unread(inspection, counter):
        return
    found = Rate(missing, span, clopper_pearson(missing, span))
    ends = interval(found.interval.low, found.interval.high, share)
    where = f" of '{counter.system}'" if counter.system else ""
    told = (
        f"{inspection.sample.columns.id!r}{where} is a running number: {missing:,} of {span:,} "
        f"{'is' if missing == 1 else 'are'} absent ({share(found.share)}, nine times in ten {ends}), in "
        f"{count(len(runs), 'place')}; normal for an extract, else ask for the missing ones"
    )
    yield Observation("raw", counter.system, told, found, *_days(counter, after))
    for place in long_runs(runs, len(counter.numbers))[: policy.value("most_stretches_told")]:
        told = f"{runs[place]:,} numbers{where} in a row are absent, more than single losses would leave"
        yield Observation("raw", counter.system, told, None, *_days(counter, after[place : place + 1]))


def _unread(inspection: Inspection, counter: Numbered) -> int:
    """Records of which the number may be one of those left out: they do not parse, or have no key."""
    side, column = inspection.side("raw"), inspection.sample.columns.id
    mine = np.ones(len(side), dtype=bool) if not counter.system else side.system == counter.system
    sources = [s for s in side.sources if counter.system in ("", s.system)]
    return sum(len(s.table.malformed) for s in sources) + int((mine & ~inspection.filled("raw", column)).sum())


def long_runs(runs: np.ndarray, n_present: int) -> list[int]:
    """Return the places of runs of missing numbers too long for single losses, the longest first.

    Where numbers are lost one by one at a rate q, a run is geometric: the chance that the longest of m runs holds L
    numbers or more is 1 - (1 - q^(L-1))^m. The rate is that of all other numbers.

    Examples
    --------
    >>> long_runs(np.array([1, 1, 2, 40, 1]), 300), long_runs(np.array([1, 2, 1, 1, 3]), 60)
    ([3], [])
    """
    places = [int(p) for p in np.argsort(-runs, kind="stable")]
    lost = int(runs.sum())
    found = []
    for place in places:
        length = int(runs[place])
        lost -= length
        rate = (lost + 1) / (lost + n_present + 2)
        chance = -np.expm1(len(runs) * np.log1p(-(rate ** (length - 1)))) if length > 1 else 1.0
        if chance >= policy.value("chance_of_false_silence"):
            break
        found.append(place)
    return found


def _days(counter: Numbered, after: np.ndarray) -> tuple:
    """Days of the records beside the numbers left out."""
    beside = np.concatenate([counter.moments[after], counter.moments[after + 1]])
    known = beside[~np.isnat(beside)].astype("datetime64[D]")
    return (known.min().item(), known.max().item()) if known.size else (None, None)
