"""Support tickets before anything is damaged, and the pilot's predictions for them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from .calendar_times import TicketNumbers, day_first, german_number, iso_offset, iso_utc, moments
from .config import (
    CHANNEL_WEIGHT,
    CONFUSION,
    CURATED_PERIOD,
    MODEL,
    RAW_PERIOD,
    REGION_WEIGHT,
    SIZES,
    TEAM_TILT,
    TEAM_WEIGHT,
    VALUES,
)
from .streams import Dice, csv_bytes
from .wording import Fresh

CURATED_COLUMNS = (
    "ticket_id",
    "created_at",
    "subject",
    "body",
    "region",
    "channel",
    "order_value_eur",
    "team",
    "predicted_team",
    "confidence",
)


@dataclass
class Defect:
    """One injected defect.

    Parameters
    ----------
    kind : str
        Name of the defect.
    column : str
        Column hit, or ``record`` for the whole of it.
    original : str
        What stood there before.
    points : float
        Points by which it lowers P(right) on this record.
    unlisted : bool
        Written in a way that no list holds.
    """

    kind: str
    column: str
    original: str
    points: float
    unlisted: bool = False


@dataclass
class Ticket:
    """One record of one system: its true values, and what the system wrote instead."""

    system: str
    ticket_id: str
    when: datetime
    team: str
    subject: str
    body: str
    region: str
    value: float
    channel: str = ""
    predicted: str = ""
    confidence: float = 0.0
    arrived: datetime = field(default_factory=lambda: RAW_PERIOD.start)
    written: dict[str, str | float | None] = field(default_factory=dict)  # None means empty or absent
    defects: list[Defect] = field(default_factory=list)
    unquoted: bool = False  # the delimiter in the body is written without quotes

    @property
    def right(self) -> bool:
        """True if the pilot named the right team."""
        return self.predicted == self.team

    def kinds(self) -> set[str]:
        """Return the names of the defects of this record."""
        return {defect.kind for defect in self.defects}

    def columns_hit(self) -> set[str]:
        """Return the columns that already carry a defect."""
        return {defect.column for defect in self.defects}

    def native(self, column: str) -> str | float:
        """Return a column as this ticket's system writes it when nothing goes wrong."""
        if column == "created_at":
            style = {"web": iso_utc, "mail": iso_offset, "legacy": day_first}
            return style[self.system](self.when)
        if column == "order_value_eur":
            if self.system == "mail":
                return self.value
            return german_number(self.value) if self.system == "legacy" else f"{self.value:.2f}"
        return str(getattr(self, column))

    def cell(self, column: str) -> str | float | None:
        """Return what is really written in a column."""
        return self.written[column] if column in self.written else self.native(column)


def _team(dice: Dice, when: datetime) -> str:
    tilt = TEAM_TILT.get(when.month, {})
    return dice.weighted({team: weight * tilt.get(team, 1.0) for team, weight in TEAM_WEIGHT.items()})


def order_value(dice: Dice) -> float:
    """Return a skewed order value in euros."""
    value = math.exp(VALUES.log_median + VALUES.log_sigma * dice.normal())
    if dice.chance(VALUES.business_share):
        value *= VALUES.business_factor
    return round(value, 2)


def fresh_ticket(dice: Dice, system: str, when: datetime, numbers: TicketNumbers, texts: Fresh) -> Ticket:
    """Return an undamaged English ticket."""
    team = _team(dice, when)
    subject, body = texts.ticket(dice, team)
    region = dice.weighted(REGION_WEIGHT)
    ticket_id = numbers.at(when)
    return Ticket(system, ticket_id, when, team, subject, body, region, order_value(dice), arrived=when)


def said_confidence(dice: Dice) -> float:
    """Return how sure the pilot is on a record that looks like the curated ones."""
    return min(MODEL.top, math.pow(dice.unit(), 1.0 / MODEL.confidence_power))


def answer(dice: Dice, team: str, p_right: float) -> str:
    """Return the predicted team: the right one with the given probability, else a likely confusion."""
    return team if dice.chance(p_right) else dice.weighted(CONFUSION[team])


def predict_raw(dice: Dice, ticket: Ticket) -> None:
    """Give a raw ticket its prediction; defects lower P(right) one by one, the confidence hardly moves.

    When P(right) would fall below the floor, the points noted for the record's defects shrink in
    proportion, so that they always add up to what was really lost.
    """
    said = said_confidence(dice)
    start = MODEL.curated_accuracy - MODEL.unexplained_shift
    start += MODEL.raw_spread * (said - MODEL.curated_accuracy)
    loss = sum(defect.points for defect in ticket.defects) / 100.0
    if loss > start - MODEL.floor:
        shrink = (start - MODEL.floor) / loss
        for defect in ticket.defects:
            defect.points *= shrink
        loss = start - MODEL.floor
    ticket.predicted = answer(dice, ticket.team, start - loss)
    ticket.confidence = round(max(0.2, said - MODEL.confidence_drop * loss), 3)


def make_curated(seed: int, numbers: TicketNumbers, texts: Fresh) -> list[Ticket]:
    """Return the 600 clean tickets of the curated set."""
    dice = Dice(seed, "support_triage/curated")
    tickets = []
    for when in moments(dice, CURATED_PERIOD, SIZES.curated):
        ticket = fresh_ticket(dice, "web", when, numbers, texts)
        ticket.channel = dice.weighted(CHANNEL_WEIGHT)
        said = said_confidence(dice)
        ticket.predicted = answer(dice, ticket.team, said)
        ticket.confidence = round(said, 3)
        tickets.append(ticket)
    return tickets


def curated_csv(tickets: list[Ticket]) -> bytes:
    """Return the curated set as CSV."""
    rows = [
        (
            t.ticket_id,
            iso_utc(t.when),
            t.subject,
            t.body,
            t.region,
            t.channel,
            f"{t.value:.2f}",
            t.team,
            t.predicted,
            f"{t.confidence:.3f}",
        )
        for t in tickets
    ]
    return csv_bytes(CURATED_COLUMNS, rows)
