"""The ways raw records go wrong, each applied to a known number of records."""

from __future__ import annotations

import html.entities
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from .calendar_times import mail_header, spreadsheet_day, us_style
from .config import (
    BROKEN_ROWS,
    CARDS,
    DISGUISED_NUMBER,
    DISGUISED_POINTS,
    DISGUISED_SHARE,
    DISGUISED_TEXT,
    DISGUISED_TIME,
    DOMAINS,
    FORMULA_BODY,
    IBANS,
    KINDS,
    LANGUAGE_WEIGHT,
    LATE_DAYS,
    LATE_MARGIN_DAYS,
    MAILBOXES,
    MISSING_COLUMN_WEIGHT,
    MISSING_POINTS,
    OUT_OF_ORDER_PLACES,
    PHONES,
    RAW_PERIOD,
    RECORDS_WITH_MISSING,
    SCRIPT_BODY,
    SECOND_MISSING,
    TEXT_COLUMNS,
    UNSEEN_REGIONS,
)
from .streams import Dice
from .tickets import Defect, Ticket
from .wording import Fresh

# A record that must not be parsed, or whose whole body was replaced, gets no other defect.
WHOLE_RECORD = {"does_not_parse", "markup", "formula"}
# Only one of these on a body: they eat the same characters.
CHARACTER_KINDS = {"mojibake", "replacement_character", "html_entity"}
LONG_ENOUGH = 60  # shorter bodies fit into any field and are not cut


def note(ticket: Ticket, kind: str, column: str, original: object, points: float | None = None) -> None:
    """Write a defect down on its record."""
    cost = KINDS[kind].points if points is None else points
    ticket.defects.append(Defect(kind, column, str(original), cost))


def _hit(dice: Dice, tickets: list[Ticket], kind: str, fits: Callable[[Ticket], bool]) -> list[Ticket]:
    """Return the records that get a defect: as many as its table says, out of those it fits."""
    able = [t for t in tickets if not t.kinds() & WHOLE_RECORD and fits(t)]
    return dice.some(able, KINDS[kind].count)


def _is_from(system: str, ticket: Ticket) -> bool:
    return ticket.system == system


def has_accents(text: str) -> bool:
    """Return True if a text has characters beyond ASCII."""
    return not text.isascii()


# --- whole rows ------------------------------------------------------------------------------------------


def break_rows(dice: Dice, tickets: list[Ticket]) -> None:
    """Leave the delimiter in some bodies unquoted, so that the row has too many fields."""
    for system, count in BROKEN_ROWS.items():
        mark = ";" if system == "legacy" else ","
        able = [t for t in tickets if t.system == system and '"' not in t.subject + t.body and ", " in t.body]
        for ticket in dice.some(able, count):
            ticket.body = ticket.body.replace(", ", mark + " ")
            ticket.unquoted = True
            note(ticket, "does_not_parse", "body", ticket.body)


def add_hostile(dice: Dice, tickets: list[Ticket]) -> None:
    """Turn one web ticket into markup that would run, and one legacy ticket into a formula that would too."""
    for kind, system, body in (("markup", "web", SCRIPT_BODY), ("formula", "legacy", FORMULA_BODY)):
        for ticket in _hit(dice, tickets, kind, partial(_is_from, system)):
            note(ticket, kind, "body", ticket.body)
            ticket.body = body


# --- missing values --------------------------------------------------------------------------------------


def _disguise(dice: Dice, ticket: Ticket, column: str) -> str | float:
    if column in TEXT_COLUMNS or column == "region":
        return dice.weighted(DISGUISED_TEXT)
    token = dice.weighted(DISGUISED_NUMBER if column == "order_value_eur" else DISGUISED_TIME)
    if token == "1900-01-01" and ticket.system == "legacy":
        return "01.01.1900 00:00"  # the old system's own way to write it
    return 9999 if token == "9999" and ticket.system == "mail" else token


def remove_values(dice: Dice, tickets: list[Ticket]) -> None:
    """Empty or disguise values on a fixed number of records."""
    able = [t for t in tickets if not t.kinds() & WHOLE_RECORD]
    for ticket in dice.some(able, RECORDS_WITH_MISSING):
        columns = {dice.weighted(MISSING_COLUMN_WEIGHT)}
        if dice.chance(SECOND_MISSING):
            columns.add(dice.weighted(MISSING_COLUMN_WEIGHT))
        for column in sorted(columns):
            original = ticket.native(column)
            if dice.chance(DISGUISED_SHARE):
                ticket.written[column] = _disguise(dice, ticket, column)
                note(ticket, "disguised_null", column, original, DISGUISED_POINTS[column])
            else:
                ticket.written[column] = None
                note(ticket, "missing", column, original, MISSING_POINTS[column])


# --- text ------------------------------------------------------------------------------------------------


def translate(dice: Dice, tickets: list[Ticket], texts: Fresh) -> None:
    """Replace subject and body by a Spanish, German or French text of the same team."""
    for ticket in _hit(dice, tickets, "other_language", lambda t: not t.columns_hit() & set(TEXT_COLUMNS)):
        note(ticket, "other_language", "body", ticket.body)
        ticket.subject, ticket.body = texts.ticket(dice, ticket.team, dice.weighted(LANGUAGE_WEIGHT))


def _personal(dice: Dice) -> str:
    mailbox = f"{dice.pick(MAILBOXES)}{dice.whole(1, 99)}@{dice.pick(DOMAINS)}"
    phone = dice.pick(PHONES).format(dice.whole(100, 199))
    return dice.weighted(
        {
            f"You can reach me at {mailbox}.": 4.0,
            f"Call me on {phone}.": 3.0,
            f"My mail is {mailbox}, phone {phone}.": 3.0,
            f"I paid with card {dice.pick(CARDS)}.": 4.0,
            f"My IBAN is {dice.pick(IBANS)}.": 2.0,
        }
    )


def add_personal_data(dice: Dice, tickets: list[Ticket]) -> None:
    """Let some customers write down more about themselves than they should."""
    able = _hit(dice, tickets, "personal_data", lambda t: "body" not in t.columns_hit())
    for ticket in able:
        note(ticket, "personal_data", "body", ticket.body)
        end = "" if ticket.body.endswith((".", "?", "!")) else "."
        ticket.body = f"{ticket.body}{end} {_personal(dice)}"


def _cut(dice: Dice, text: str) -> str:
    """Return a text that stops in the middle of a word."""
    inside = [
        at
        for at in range(len(text) // 3, len(text) * 4 // 5)
        if text[at - 2 : at + 2].isalpha() and len(text[at - 2 : at + 2]) == 4
    ]
    return text[: dice.pick(inside)] if inside else ""


def truncate(dice: Dice, tickets: list[Ticket]) -> None:
    """Cut bodies off in the middle of a word, as a field that is too short does."""

    def fits(ticket: Ticket) -> bool:
        kinds = {d.kind for d in ticket.defects if d.column == "body"}
        return kinds <= {"other_language"} and len(ticket.body) > LONG_ENOUGH

    for ticket in _hit(dice, tickets, "truncated", fits):
        short = _cut(dice, ticket.body)
        if short:
            note(ticket, "truncated", "body", ticket.body)
            ticket.body = short


def misread(text: str) -> str:
    """Return UTF-8 text read as Windows-1252 (``é`` becomes ``Ã©``)."""
    return text.encode("utf-8").decode("cp1252")


def _with_entities(text: str) -> str:
    """Return a text with HTML names for every character that has one."""
    names = html.entities.codepoint2name
    named = "".join(f"&{names[ord(c)]};" if ord(c) in names else c for c in text)
    return named.replace("'", "&#39;")


def garble(dice: Dice, tickets: list[Ticket]) -> None:
    """Break the characters of bodies: misread, replaced by U+FFFD, or left as HTML entities."""

    def fits(ticket: Ticket) -> bool:
        kinds = {d.kind for d in ticket.defects if d.column == "body"}
        return kinds <= {"other_language", "truncated", "personal_data"} and has_accents(ticket.body)

    for ticket in _hit(dice, tickets, "mojibake", fits):
        note(ticket, "mojibake", "body", ticket.body)
        ticket.body = misread(ticket.body)
    # Windows-1252 has no U+FFFD, so the old system cannot write one.
    for ticket in _hit(dice, tickets, "replacement_character", lambda t: fits(t) and t.system != "legacy"):
        note(ticket, "replacement_character", "body", ticket.body)
        ticket.body = "".join(c if c.isascii() else "\ufffd" for c in ticket.body)
    for ticket in _hit(dice, tickets, "html_entity", fits):
        note(ticket, "html_entity", "body", ticket.body)
        ticket.body = _with_entities(ticket.body)


# --- categories and formats ------------------------------------------------------------------------------


def _variant(dice: Dice, region: str) -> str:
    forms = {
        f"{region.title()} ": 4.0,
        region.upper(): 3.0,
        f" {region}": 2.0,
        region.title(): 2.0,
        f"{region} ": 2.0,
    }
    return dice.weighted(forms)


def change_regions(dice: Dice, tickets: list[Ticket]) -> None:
    """Write regions nobody showed the pilot, or known ones in another spelling."""
    for kind in ("unseen_category", "category_variant"):
        for ticket in _hit(dice, tickets, kind, lambda t: "region" not in t.columns_hit()):
            note(ticket, kind, "region", ticket.region)
            unseen = kind == "unseen_category"
            ticket.written["region"] = dice.weighted(UNSEEN_REGIONS) if unseen else _variant(dice, ticket.region)


def _other_date(dice: Dice, ticket: Ticket) -> str:
    when = ticket.when
    if ticket.system == "mail":
        return mail_header(when)
    if ticket.system == "legacy":
        return dice.pick((f"{when:%Y-%m-%d %H:%M}", us_style(when)))
    return dice.pick((us_style(when), f"{when:%d/%m/%Y %H:%M}"))


def _other_number(dice: Dice, ticket: Ticket) -> str:
    if ticket.system == "legacy":
        return f"{ticket.value:.2f}"
    comma = f"{ticket.value:.2f}".replace(".", ",")
    return comma if ticket.system == "web" else dice.pick((comma, f"{ticket.value:.2f} EUR"))


def change_formats(dice: Dice, tickets: list[Ticket]) -> None:
    """Write dates and numbers in another system's style, or as a spreadsheet mangles them."""
    for ticket in _hit(dice, tickets, "date_format", lambda t: "created_at" not in t.columns_hit()):
        note(ticket, "date_format", "created_at", ticket.native("created_at"))
        ticket.written["created_at"] = _other_date(dice, ticket)
    for ticket in _hit(dice, tickets, "number_format", lambda t: "order_value_eur" not in t.columns_hit()):
        note(ticket, "number_format", "order_value_eur", ticket.native("order_value_eur"))
        ticket.written["order_value_eur"] = _other_number(dice, ticket)

    def fits(ticket: Ticket) -> bool:
        return ticket.system != "mail" and not ticket.columns_hit() & {"created_at", "order_value_eur"}

    for ticket in _hit(dice, tickets, "spreadsheet_mangling", fits):
        column = dice.pick(("created_at", "order_value_eur"))
        note(ticket, "spreadsheet_mangling", column, ticket.native(column))
        mangled = spreadsheet_day(ticket.when) if column == "created_at" else f"{ticket.value:.2E}"
        ticket.written[column] = mangled


# --- order -----------------------------------------------------------------------------------------------


def delay(dice: Dice, tickets: list[Ticket], alone: set[int]) -> None:
    """Let records arrive late (days) or slip a few places behind.

    Parameters
    ----------
    dice : Dice
        Source of the choices.
    tickets : list of Ticket
        All raw records; ``arrived`` of some is moved on.
    alone : set of int
        ``id()`` of the records that have a copy: they stay where they are.
    """
    last = RAW_PERIOD.end - timedelta(days=LATE_MARGIN_DAYS)

    def fits(ticket: Ticket) -> bool:
        return ticket.when < last and id(ticket) not in alone and "created_at" not in ticket.columns_hit()

    for ticket in _hit(dice, tickets, "late", fits):
        note(ticket, "late", "record", "")
        ticket.arrived = ticket.when + timedelta(days=dice.between(*LATE_DAYS))
    by_system = {s: [t for t in tickets if t.system == s and t.arrived == t.when] for s in ("web", "mail", "legacy")}
    for rows in by_system.values():
        rows.sort(key=lambda t: (t.when, t.ticket_id))
    for ticket in _hit(dice, tickets, "out_of_order", lambda t: fits(t) and "late" not in t.kinds()):
        rows = by_system[ticket.system]
        behind = rows[rows.index(ticket) + dice.whole(*OUT_OF_ORDER_PLACES)]
        note(ticket, "out_of_order", "record", "")
        ticket.arrived = behind.when + timedelta(seconds=1)
