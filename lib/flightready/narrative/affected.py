"""What a defect touches in sentences: in one system, one period, from one threshold on, at one volume."""

from __future__ import annotations

from flightready.narrative.realism import named, rate
from flightready.realism.detector import RECORD
from flightready.realism.selection import ANY_COLUMN, Affected, Chosen
from flightready.wording import count, number


def what(found: Affected, chosen: Chosen) -> str:
    """Name what is counted, with its threshold."""
    if found.defect is None:
        least = max(1, round(chosen.at_least))
        return f"records that need {'any repair' if least == 1 else f'{least} repairs or more'}"
    strong = f", from {number(chosen.at_least)} {found.defect.strength} on" if _is_graded(found, chosen) else ""
    return f"{named(found.defect)}{strong}"


def where(chosen: Chosen) -> str:
    """Say which records are looked at."""
    system = f"in '{chosen.system}'" if chosen.system else "in all systems"
    if chosen.since and chosen.until:
        return f"{system}, {chosen.since} to {chosen.until}"
    if chosen.since or chosen.until:
        return f"{system}, {f'since {chosen.since}' if chosen.since else f'until {chosen.until}'}"
    return system


def of(chosen: Chosen) -> str:
    """Name the column that is looked at."""
    return {ANY_COLUMN: "whole records", RECORD: "whole records"}.get(chosen.column, f"'{chosen.column}'")


def sentence(found: Affected, chosen: Chosen, records_per_day: float) -> str:
    """Say how many records a day are affected at a given volume.

    Parameters
    ----------
    found : Affected
    chosen : Chosen
    records_per_day : float
    """
    told, rated = what(found, chosen), found.overall
    if not rated.n:
        return f"No record to look at for {told} {where(chosen)}."
    low, high = (end * records_per_day for end in (rated.interval.low, rated.interval.high))
    return (
        f"{told[0].upper()}{told[1:]} {where(chosen)}: {rate(rated)}. Of {records_per_day:,.0f} records a day that is "
        f"{rated.share * records_per_day:,.0f} (nine times in ten {low:,.0f} to {high:,.0f})."
    )


def threshold_note(found: Affected, chosen: Chosen) -> str:
    """Say what a threshold does, where it was set but nothing is graded; empty otherwise."""
    if chosen.at_least > 1 and chosen.column != ANY_COLUMN and not _is_graded(found, chosen):
        return "This defect is either there or not: the threshold moves nothing."
    return ""


def unparsed(rows: int) -> str:
    """Say how many rows are left out because they do not parse; empty for none.

    Examples
    --------
    >>> unparsed(1), unparsed(0)
    ('Not counted here: 1 row that does not parse.', '')
    """
    return f"Not counted here: {count(rows, 'row')} that {'does' if rows == 1 else 'do'} not parse." if rows else ""


def undated(found: Affected, chosen: Chosen) -> str:
    """Say how many records are left out because they carry no date; empty for none."""
    if found.defect is None or not (chosen.since or chosen.until):
        return ""
    left = sum(by_month.get("", (0, 0))[1] for by_month in found.defect.by_month.values())
    return f"{count(left, 'record')} without a date {'is' if left == 1 else 'are'} left out." if left else ""


def _is_graded(found: Affected, chosen: Chosen) -> bool:
    return found.defect is not None and bool(found.defect.strengths) and chosen.at_least > 0
