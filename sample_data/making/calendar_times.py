"""Moments with a month, weekday and hour profile, and the way each system writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from .config import (
    FIRST_TICKET_NUMBER,
    HOUR_WEIGHT,
    MONTH_WEIGHT,
    RAW_PERIOD,
    TICKETS_PER_MINUTE,
    WEEKDAY_WEIGHT,
    Period,
)
from .streams import Dice

# Own names: strftime would follow the locale of the machine.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def moments(dice: Dice, period: Period, count: int) -> list[datetime]:
    """Return ``count`` moments of a period in order, busier in busy months, weekdays and hours."""
    days = [(period.start + timedelta(days=d)).date() for d in range(period.length.days)]
    day_weight = {day: MONTH_WEIGHT[day.month - 1] * WEEKDAY_WEIGHT[day.weekday()] for day in days}
    hour_weight = {hour: float(weight) for hour, weight in enumerate(HOUR_WEIGHT)}
    found = []
    for _ in range(count):
        day: date = dice.weighted(day_weight)
        found.append(
            datetime(
                day.year,
                day.month,
                day.day,
                dice.weighted(hour_weight),
                dice.whole(0, 59),
                dice.whole(0, 59),
                tzinfo=UTC,
            )
        )
    return sorted(found)


class TicketNumbers:
    """Hands out ticket numbers that grow with time and are never given twice."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def at(self, when: datetime) -> str:
        """Return the ticket id for a moment, for example ``T-084210``."""
        minutes = (when - RAW_PERIOD.start).total_seconds() / 60
        number = FIRST_TICKET_NUMBER + int(minutes * TICKETS_PER_MINUTE)
        while number in self._taken:
            number += 1
        self._taken.add(number)
        return f"T-{number:06d}"


def iso_utc(when: datetime) -> str:
    """Return ``2026-06-03T09:12:44Z``."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _last_sunday(year: int, month: int) -> datetime:
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def local(when: datetime) -> datetime:
    """Return the moment in central European time, by rule: not every system has a time zone table."""
    summer = _last_sunday(when.year, 3) <= when < _last_sunday(when.year, 10)
    return when.astimezone(timezone(timedelta(hours=2 if summer else 1)))


def iso_offset(when: datetime) -> str:
    """Return ``2026-06-03T11:12:44+02:00``."""
    return local(when).isoformat(timespec="seconds")


def day_first(when: datetime) -> str:
    """Return ``03.09.2026 14:05``."""
    return when.strftime("%d.%m.%Y %H:%M")


def mail_header(when: datetime) -> str:
    """Return ``Thu, 3 Sep 2026 14:05:11 +0200``."""
    there = local(when)
    zone = there.strftime("%z")
    return f"{DAYS[there.weekday()]}, {there.day} {MONTHS[there.month - 1]} {there.year} {there:%H:%M:%S} {zone}"


def us_style(when: datetime) -> str:
    """Return ``9/3/2026 2:05 PM``."""
    half = "AM" if when.hour < 12 else "PM"
    return f"{when.month}/{when.day}/{when.year} {(when.hour - 1) % 12 + 1}:{when.minute:02d} {half}"


def spreadsheet_day(when: datetime) -> str:
    """Return ``3-Sep``: what a spreadsheet makes of a date."""
    return f"{when.day}-{MONTHS[when.month - 1]}"


def german_number(value: float) -> str:
    """Return ``1.234,50``."""
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
