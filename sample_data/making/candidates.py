"""Two other models that answered the same tickets: a distilled one, and a larger one."""

from __future__ import annotations

from collections.abc import Iterable

from .config import CANDIDATES, CONFUSION, Rival
from .streams import Dice, csv_bytes
from .tickets import Ticket


def _answer(dice: Dice, rival: Rival, ticket: Ticket) -> str:
    """Return a rival's answer: it is mostly right and wrong where the pilot is, and often wrong in the same way."""
    if dice.chance(rival.keeps if ticket.right else rival.mends):
        return ticket.team
    if not ticket.right and dice.chance(rival.same_mistake):
        return ticket.predicted
    return dice.weighted(CONFUSION[ticket.team])


def _confidence(dice: Dice, rival: Rival, ticket: Ticket, answer: str) -> float:
    """Return how sure a rival says it is: partly as sure as the pilot, and less so where it is wrong."""
    said = (1.0 - rival.own_mind) * ticket.confidence + rival.own_mind * dice.between(*rival.sureness)
    doubt = dice.between(0.0, rival.doubt) if answer != ticket.team else 0.0
    return max(0.2, said - doubt)


def candidates_csv(seed: int, tickets: Iterable[Ticket]) -> bytes:
    """Return the answers of every rival, one line for each different ticket number, in the order of the records.

    Parameters
    ----------
    seed : int
        Seed of the whole run.
    tickets : iterable of Ticket
        Demo set and raw records; of several records with one number, the first was asked.
    """
    dice = Dice(seed, "support_triage/candidates")
    header = ["ticket_id", *(f"{rival.name}_{part}" for rival in CANDIDATES for part in ("team", "confidence"))]
    rows: dict[str, list[str]] = {}
    for ticket in tickets:
        if ticket.ticket_id in rows:
            continue
        cells = [ticket.ticket_id]
        for rival in CANDIDATES:
            answer = _answer(dice, rival, ticket)
            cells += [answer, f"{_confidence(dice, rival, ticket, answer):.3f}"]
        rows[ticket.ticket_id] = cells
    return csv_bytes(header, rows.values())
