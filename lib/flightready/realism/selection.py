"""How many records a defect touches in one system, one period, and from one threshold on."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.realism.outcome import Burden, Defect, Rate, rate
from flightready.realism.result import RealismResult

ANY_COLUMN = "*"
"""Stands for the whole record, counted by the number of repairs that it needs."""


@dataclass(frozen=True)
class Chosen:
    """What a reader looks at.

    Parameters
    ----------
    column : str
        A column, `record`, or `ANY_COLUMN`.
    system : str
        Empty for all.
    since, until : str
        First and last month, such as `2026-03`; empty for no limit. Records without a date count only without a limit.
    at_least : float
        From which number of repairs (any column), or which strength (where marks have one), a record counts.
    """

    column: str
    system: str = ""
    since: str = ""
    until: str = ""
    at_least: float = 0.0


@dataclass(frozen=True)
class Affected:
    """What is affected within a choice.

    Parameters
    ----------
    defect : Defect, optional
        None where repairs of whole records are counted.
    rates : dict of system to Rate
        The systems in which records were looked at.
    overall : Rate
    """

    defect: Defect | None
    rates: dict[str, Rate]
    overall: Rate


def affected(result: RealismResult, chosen: Chosen) -> tuple[Affected, ...]:
    """Return what is affected within a choice, the most frequent defect first.

    Examples
    --------
    >>> from flightready.realism.selection import Chosen
    >>> Chosen("body", since="2026-03").at_least
    0.0
    """
    if chosen.column == ANY_COLUMN:
        return (_of_records(result.burden, chosen),) if result.burden is not None else ()
    found = [_of_defect(d, chosen) for d in result.found() if d.column == chosen.column]
    return tuple(sorted(found, key=lambda a: (-a.overall.share, a.defect.detector)))


def months(result: RealismResult) -> tuple[str, ...]:
    """Return the months in which any raw record is dated, in order."""
    held = result.burden.counts.values() if result.burden is not None else ()
    return tuple(sorted({m for by_month in held for m in by_month if m}))


def _of_records(burden: Burden, chosen: Chosen) -> Affected:
    least = max(1, round(chosen.at_least))
    counts = {
        system: [(sum(c[least:]), sum(c)) for month, c in by_month.items() if _within(month, chosen)]
        for system, by_month in burden.counts.items()
    }
    return _summed(None, counts, chosen)


def _of_defect(defect: Defect, chosen: Chosen) -> Affected:
    counts = {
        system: [pair for month, pair in by_month.items() if _within(month, chosen)]
        for system, by_month in defect.by_month.items()
    }
    if defect.strengths and chosen.at_least > 0:
        strong = [(s, m) for s, m, strength in defect.strengths if strength >= chosen.at_least and _within(m, chosen)]
        counts = {
            system: [(sum(s == system for s, _ in strong), sum(n for _, n in pairs))]
            for system, pairs in counts.items()
        }
    return _summed(defect, counts, chosen)


def _within(month: str, chosen: Chosen) -> bool:
    if not month:
        return not (chosen.since or chosen.until)
    return (not chosen.since or month >= chosen.since) and (not chosen.until or month <= chosen.until)


def _summed(defect: Defect | None, counts: dict[str, list[tuple[int, int]]], chosen: Chosen) -> Affected:
    sums = {s: (sum(h for h, _ in pairs), sum(n for _, n in pairs)) for s, pairs in counts.items()
            if not chosen.system or s == chosen.system}  # fmt: skip
    rates = {system: rate(hits, n) for system, (hits, n) in sums.items() if n}
    total = (sum(r.hits for r in rates.values()), sum(r.n for r in rates.values()))
    return Affected(defect, rates, rate(*total))
