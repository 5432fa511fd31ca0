"""The raw data in one line: how much of it needs a repair, and what is wrong with most records."""

from __future__ import annotations

from flightready.narrative.realism_repairs import named
from flightready.realism.result import RealismResult
from flightready.wording import count, share

_MOST = 5
_PER = 1000


def data_line(result: RealismResult) -> str:
    """Return the share of raw records that need a repair and the most frequent kinds; empty without raw records.

    Kinds that one repair mends are counted together, and no record twice in them.
    """
    if not result.n_raw:
        return ""
    if not result.repairs:
        return f"Data: nothing that was looked for has to be mended in {count(result.n_raw, 'raw record')}."
    affected = sum(r.added for r in result.repairs)
    most = sorted(result.repairs, key=lambda r: (-r.records.hits, r.repair))
    first, *further = most[:_MOST]
    told = [f"{named(first)} ({_per(first.records.share)} of {_PER:,})"]
    told += [f"{named(r)} ({_per(r.records.share)})" for r in further]
    more = len(most) - _MOST
    rest = f"; and {more} more" if more > 0 else ""
    records = f"{share(affected / result.n_raw)} of {count(result.n_raw, 'raw record')}"
    return f"Data: {records} {'needs' if result.n_raw == 1 else 'need'} a repair; most: {'; '.join(told)}{rest}."


def _per(part: float) -> str:
    per = _PER * part
    return "under 1" if per < 1 else f"{per:,.0f}"
