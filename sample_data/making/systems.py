"""The three systems of the support desk: raw records with their defects, as each system writes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from . import defects
from .calendar_times import TicketNumbers, moments
from .config import COPY_SHARE, KINDS, RAW_PERIOD, SIZES
from .streams import Dice, csv_bytes, csv_line, json_line
from .tickets import Ticket, fresh_ticket, order_value, predict_raw
from .variant_tables import SHARE
from .variants import Variants
from .wording import Fresh, english_text

SYSTEM_SIZES = {"web": SIZES.web, "mail": SIZES.mail, "legacy": SIZES.legacy}
COPY_KINDS = ("exact_duplicate", "duplicate_key", "near_duplicate")
RAW_COLUMNS = ("created_at", "subject", "body", "region", "order_value_eur")
WEB_HEADER = ("ticket_id", *RAW_COLUMNS, "team", "predicted_team", "confidence")
LEGACY_HEADER = (
    "TicketNo",
    "Date",
    "Subject",
    "Text",
    "Region",
    "OrderValue",
    "Team",
    "Predicted",
    "Confidence",
)
TRUTH_HEADER = ("system", "row", "ticket_id", "column", "defect", "original_value", "accuracy_effect_points")
# Where a mail record keeps each column: sub-object and key.
MAIL_PATHS = {
    "ticket_id": ("ticket", "id"),
    "created_at": ("ticket", "received_at"),
    "subject": ("content", "subject"),
    "body": ("content", "body"),
    "region": ("customer", "region"),
    "order_value_eur": ("order", "value_eur"),
    "team": ("routing", "team"),
    "predicted_team": ("routing", "predicted"),
    "confidence": ("routing", "confidence"),
}


def _copy_counts() -> dict[str, dict[str, int]]:
    """Return how many copies of each kind each system gets; the first system takes what rounding leaves."""
    table: dict[str, dict[str, int]] = {system: {} for system in SYSTEM_SIZES}
    for kind in COPY_KINDS:
        left = KINDS[kind].count
        for system in ("mail", "legacy"):
            table[system][kind] = round(KINDS[kind].count * COPY_SHARE[system])
            left -= table[system][kind]
        table["web"][kind] = left
    return table


def _small_edit(dice: Dice, body: str) -> str:
    """Return the body as somebody sends it a second time."""
    end = dice.pick((" Any news?", " (second try)", " Please!", " Sent again."))
    start = dice.pick(("", "", "Again: "))
    return f"{start}{body.rstrip('.')}.{end}"


def _copy(dice: Dice, kind: str, source: Ticket, numbers: TicketNumbers) -> Ticket:
    """Return a copy of a record: the same, the same id with other content, or nearly the same."""
    later = source.when + timedelta(minutes=dice.whole(3, 55))
    # a copy of a damaged record carries the damage, and the truth says so for both
    damage = [replace(defect) for defect in source.defects]
    twin = replace(source, arrived=later, written=dict(source.written), defects=damage)
    defects.note(twin, kind, "record", source.ticket_id)
    if kind == "exact_duplicate":
        return twin
    twin.when = later
    if kind == "near_duplicate":
        twin.ticket_id = numbers.at(later)
        twin.body = _small_edit(dice, source.body)
        twin.confidence = round(max(0.2, source.confidence - dice.between(0.0, 0.02)), 3)
        return twin
    twin.body = english_text(dice, source.team)[1]
    twin.value = order_value(dice)
    predict_raw(dice, twin)
    return twin


def _base(seed: int, numbers: TicketNumbers, texts: Fresh) -> list[Ticket]:
    """Return the undamaged records of all systems, leaving room for the copies."""
    copies = _copy_counts()
    tickets: list[Ticket] = []
    for system, size in SYSTEM_SIZES.items():
        dice = Dice(seed, f"support_triage/{system}")
        times = moments(dice, RAW_PERIOD, size - sum(copies[system].values()))
        tickets += [fresh_ticket(dice, system, when, numbers, texts) for when in times]
    return tickets


def make_raw(seed: int, numbers: TicketNumbers, texts: Fresh, *, variants: bool = False) -> dict[str, list[Ticket]]:
    """Return the raw records of each system in the order of the file, defects and predictions included.

    Parameters
    ----------
    seed : int
        Seed of the whole run.
    numbers : TicketNumbers
        Hands out the ids.
    texts : Fresh
        Hands out the bodies.
    variants : bool
        Write a part of the defects in ways that no list holds, and copy some damaged records.
    """
    tickets = _base(seed, numbers, texts)
    dice = Dice(seed, "support_triage/defects")
    _damage(dice, tickets, texts, Variants(seed, texts) if variants else None)
    answers = Dice(seed, "support_triage/answers")
    for ticket in tickets:
        predict_raw(answers, ticket)
    copies, copied = _copies(dice, tickets, numbers, damaged_share=SHARE if variants else 0.0)
    defects.delay(dice, tickets, copied)
    return _in_file_order(tickets + copies)


def _damage(dice: Dice, tickets: list[Ticket], texts: Fresh, variants: Variants | None) -> None:
    """Put every defect but copies and moved records into the tickets, one kind after the other."""
    steps = (
        (lambda: defects.break_rows(dice, tickets), ()),
        (lambda: defects.add_hostile(dice, tickets), ("markup", "formula")),
        (lambda: defects.remove_values(dice, tickets), ("disguised_null",)),
        (lambda: defects.translate(dice, tickets, texts), ("other_language",)),
        (lambda: defects.add_personal_data(dice, tickets), ("personal_data",)),
        (lambda: defects.truncate(dice, tickets), ("truncated",)),
        (lambda: defects.garble(dice, tickets), ("mojibake", "html_entity")),
        (lambda: defects.change_regions(dice, tickets), ("unseen_category", "category_variant")),
        (
            lambda: defects.change_formats(dice, tickets),
            ("date_format", "number_format", "spreadsheet_mangling"),
        ),
    )
    for step, kinds in steps:
        step()
        if variants is not None:
            variants.rewrite(tickets, *kinds)


def _copies(
    dice: Dice, tickets: list[Ticket], numbers: TicketNumbers, *, damaged_share: float
) -> tuple[list[Ticket], set[int]]:
    """Return copies of some records, and the ``id()`` of the records that were copied.

    Copies of clean records only, but for a share of the exact ones, which copy a damaged record.
    """
    copies, copied = [], set()
    last = RAW_PERIOD.end - timedelta(days=1)  # a copy must still fall into the period
    for system, kinds in _copy_counts().items():
        mine = [t for t in tickets if t.system == system and t.when < last]
        sources = iter(dice.some([t for t in mine if not t.defects], sum(kinds.values())))
        # not a record that is broken as a whole: what its copy counts as would not be clear; and not one that misses
        # a value, because the mail system writes a missing value anew each time
        spoilt = [t for t in mine if t.defects and not t.kinds() & {*defects.WHOLE_RECORD, "missing"}]
        damaged = dice.some(spoilt, round(damaged_share * kinds["exact_duplicate"])) if damaged_share else []
        for kind, count in kinds.items():
            for place in range(count):
                source = next(sources)
                if kind == "exact_duplicate" and place < len(damaged):
                    source = damaged[place]
                copied.add(id(source))
                copies.append(_copy(dice, kind, source, numbers))
    return copies, copied


def _in_file_order(tickets: list[Ticket]) -> dict[str, list[Ticket]]:
    """Return the records by system as they arrived; moved ones note the row where they belong."""
    files = {}
    for system in SYSTEM_SIZES:
        mine = [t for t in tickets if t.system == system]
        in_time = sorted(mine, key=lambda t: (t.when, t.ticket_id))
        place = {id(t): row for row, t in enumerate(in_time)}
        for ticket in mine:
            for defect in ticket.defects:
                if defect.kind in ("late", "out_of_order"):
                    defect.original = f"row {place[id(ticket)]}"
        files[system] = sorted(mine, key=lambda t: (t.arrived, t.ticket_id))
    return files


def _cells(ticket: Ticket) -> list[str]:
    """Return the nine cells of a CSV system as text."""
    raw = [ticket.cell(column) for column in RAW_COLUMNS]
    confidence = f"{ticket.confidence:.3f}"
    if ticket.system == "legacy":
        confidence = confidence.replace(".", ",")
    values = ["" if value is None else str(value) for value in raw]
    return [ticket.ticket_id, *values, ticket.team, ticket.predicted, confidence]


def delimited(tickets: list[Ticket], header: tuple[str, ...], delimiter: str, encoding: str) -> bytes:
    """Return a CSV system's file; broken rows go out without their quotes."""
    lines = [csv_line(header, delimiter)]
    for ticket in tickets:
        cells = _cells(ticket)
        lines.append(delimiter.join(cells) + "\n" if ticket.unquoted else csv_line(cells, delimiter))
    return "".join(lines).encode(encoding)


def _mail_record(dice: Dice, ticket: Ticket) -> dict[str, Any]:
    """Return one mail as nested objects; what is missing is null, empty, absent, or gone with its parent."""
    record: dict[str, Any] = {}
    values: dict[str, Any] = {column: ticket.cell(column) for column in RAW_COLUMNS}
    values |= {"ticket_id": ticket.ticket_id, "team": ticket.team, "predicted_team": ticket.predicted}
    values["confidence"] = ticket.confidence
    for column, (parent, key) in MAIL_PATHS.items():
        if values[column] is not None:
            record.setdefault(parent, {})[key] = values[column]
            continue
        form = dice.weighted({"null": 3.0, "absent": 5.0, "empty": 2.0 if column != "order_value_eur" else 0.0})
        if form == "absent":
            if dice.chance(0.4):
                record.setdefault(parent, {})  # the sub-object stays behind, empty
            continue
        record.setdefault(parent, {})[key] = None if form == "null" else ""
    return record


def mail_jsonl(seed: int, tickets: list[Ticket]) -> bytes:
    """Return the mail system's file, one nested object a line."""
    dice = Dice(seed, "support_triage/mail_forms")
    return "".join(json_line(_mail_record(dice, ticket)) for ticket in tickets).encode("utf-8")


def truth_csv(files: dict[str, list[Ticket]]) -> bytes:
    """Return every injected defect with the row of the file where it sits (first record is row 0)."""
    rows = []
    for system, tickets in files.items():
        for row, ticket in enumerate(tickets):
            for d in ticket.defects:
                points = f"{d.points:.2f}"
                rows.append((system, str(row), ticket.ticket_id, d.column, d.kind, d.original, points))
    return csv_bytes(TRUTH_HEADER, rows)
