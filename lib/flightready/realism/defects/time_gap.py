"""Gaps in time: silences too long for the rhythm of their system."""

from __future__ import annotations

from flightready import policy
from flightready.realism.detector import Detection, detector
from flightready.realism.inspection import Inspection
from flightready.realism.outcome import Observation
from flightready.realism.silence import silences
from flightready.realism.time_span import Silence
from flightready.wording import count


@detector(
    "time_gap", name="silences in the stream of records", place=25,
    repair="watch for silence by system and hour, and deliver again what an outage held back",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Tell silences of raw systems; nights, weekends and slow months are part of their rhythm.

    A demo set is picked by hand, so its gaps say nothing.
    """
    found = silences(inspection)
    if not found:
        return {}
    longest = sorted(found, key=lambda s: (-s.expected, s.first))[: policy.value("most_silences_told")]
    told = tuple(
        Observation("raw", s.system, sentence(s), None, s.first, s.last) for s in sorted(longest, key=lambda s: s.first)
    )
    cut = f"the {len(told)} longest of {count(len(found), 'silence')}" if len(told) < len(found) else ""
    return {inspection.sample.columns.time: Detection(is_compared=False, observations=told, told=cut)}


def sentence(silence: Silence) -> str:
    """Say how long a system was silent, and what its rhythm would have brought.

    Examples
    --------
    >>> import datetime as dt
    >>> sentence(Silence("web", dt.date(2026, 3, 2), dt.date(2026, 3, 9), 168.0, 31.4, 1e-5))
    "'web' is silent for 7.0 days from 2026-03-02, when about 31 records were to be expected"
    """
    return (
        f"'{silence.system}' is silent for {length(silence.hours)} from {silence.first}, when about "
        f"{count(silence.expected, 'record')} {'was' if round(silence.expected) == 1 else 'were'} to be expected"
    )


def length(hours: float) -> str:
    """Write a length of time in hours or days.

    Examples
    --------
    >>> length(5.25), length(60.0), length(0.5)
    ('5.2 hours', '2.5 days', '30 minutes')
    """
    if hours < 1:
        return count(60 * hours, "minute")
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"
