"""Systems that fell silent: records that end long before the others', empty months, months far below the usual."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flightready.realism.detector import Detection, detector
from flightready.realism.inspection import Inspection
from flightready.realism.outcome import Observation
from flightready.realism.silence import ThinMonths, ends, thin_months
from flightready.realism.time_span import Silence
from flightready.wording import count


@detector(
    "stale", name="systems that end early, thin months", place=26,
    repair="ask who runs the system whether it was replaced, and load what is missing before the pilot is judged on it",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Tell raw systems that end early, and months without a record or far below the usual."""
    told = [_ended(s) for s in ends(inspection)]
    told += [o for months in thin_months(inspection) for o in _thin(months)]
    column = inspection.sample.columns.time
    return {column: Detection(is_compared=False, observations=tuple(told))} if told else {}


def _ended(silence: Silence) -> Observation:
    days = (silence.last - silence.first).days
    told = (
        f"the records of '{silence.system}' end on {silence.first}, {count(days, 'day')} before those of the other "
        f"systems; about {count(silence.expected, 'record')} more were to be expected"
    )
    return Observation("raw", silence.system, told, None, silence.first, silence.last)


def _thin(months: ThinMonths) -> Iterator[Observation]:
    where = f"in '{months.system}'" if months.system else "in all systems together"
    usual = f"about {count(months.usual, 'record')} a month {'is' if round(months.usual) == 1 else 'are'} usual"
    for names, what in ((months.empty, "no record"), (months.low, "far fewer records than usual")):
        if names:
            told = (
                f"{where} there {'is' if names is months.empty else 'are'} {what} in {', '.join(names)}, where {usual}"
            )
            yield Observation("raw", months.system, told, None, _first_day(names[0]), _last_day(names[-1]))


def _first_day(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def _last_day(month: str) -> dt.date:
    following = _first_day(month) + dt.timedelta(days=31)
    return following.replace(day=1) - dt.timedelta(days=1)
