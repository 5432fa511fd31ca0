"""The data work in sentences: what to mend first, and how far that goes."""

from __future__ import annotations

from flightready.narrative.realism import _IN_NAMES
from flightready.realism.outcome import Repair
from flightready.realism.result import RealismResult
from flightready.wording import count, interval, share

_MOST_NAMES = 2
_MOST_COLUMNS = 3
_PER = 1000


def meaning(result: RealismResult) -> tuple[str, ...]:
    """Say what to mend first, and how far that goes."""
    found = result.repairs
    if not result.n_raw:
        return ("There are no raw records, so what has to be mended is not known.",)
    if not found:
        return ("Nothing that was looked for has to be mended.",)
    first, affected = found[0], sum(r.added for r in found)
    told = [
        f"{count(affected, 'raw record')} of {result.n_raw:,} {'needs' if affected == 1 else 'need'} some repair. "
        f"The one that touches most: {first.repair}; it touches {count(first.records.hits, 'record')} "
        f"({per_thousand(first, ' of 1,000')})."
    ]
    if len(found) > 1:
        half = next(i for i, r in enumerate(found, start=1) if r.mended >= 1 / 2)
        leaves = f"The first repair leaves {share(first.mended)} of the affected records without a defect"
        told.append(
            f"{leaves}, since some need others too; after the first {half} of {len(found)} at least half of them are."
            if half > 1
            else f"{leaves}; all {len(found)} together leave none with one."
        )
    told.append("What each repair is worth is another question: the costliest defect need not be the most frequent.")
    return tuple(told)


def order_note() -> str:
    """Say in which order repairs stand."""
    return "Each repair is the one that reaches most of the records that the repairs above it have not reached."


def per_thousand(repair: Repair, of: str = "") -> str:
    """Write how many of a thousand records need a repair, with its interval."""
    ends = repair.records.interval
    return (
        f"{_of_thousand(repair.records.share)}{of}, nine times in ten "
        f"{interval(ends.low, ends.high, lambda v: f'{_PER * v:,.0f}')}"
    )


def _of_thousand(share_of_records: float) -> str:
    text = f"{_PER * share_of_records:,.0f}"
    return "under 1" if text == "0" and share_of_records else text


def named(repair: Repair) -> str:
    """Name what a repair mends, in a few words."""
    return _cut(repair.names, _MOST_NAMES, "further kind")


def where(repair: Repair) -> str:
    """Name the columns that need a repair."""
    return _cut([_IN_NAMES.get(c, c) for c in repair.columns], _MOST_COLUMNS, "further column")


def _cut(names: tuple[str, ...] | list[str], most: int, noun: str) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {count(more, noun)}" if more > 0 else "")
