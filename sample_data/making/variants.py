"""Unlisted variants: the same defects on the same records, written in ways that no list of the product holds.

Each step follows the one of `defects` whose work it rewrites, before the next one looks at the records. Numbers are
drawn from a stream of its own, so that the samples without variants keep every byte.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from . import variant_tables as tables
from .calendar_times import MONTHS, day_first, iso_offset, iso_utc
from .config import MAILBOXES
from .defects import misread
from .streams import Dice
from .tickets import Defect, Ticket
from .wording import Fresh

SYSTEMS = ("web", "mail", "legacy")
ENCODING = {"web": "utf-8", "mail": "utf-8", "legacy": "cp1252"}
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
SERIAL_ZERO = datetime(1899, 12, 30, tzinfo=UTC)  # what spreadsheets count days from
Rewrite = Callable[[Ticket, Defect], None]


def can_write(system: str, text: str) -> bool:
    """Return True if the system's character set holds every character of a text, and one reads it back the same."""
    try:
        return text.encode(ENCODING[system]).decode(ENCODING[system]) == text
    except UnicodeError:
        return False


class Variants:
    """Rewrites a share of the defects of each kind.

    Parameters
    ----------
    seed : int
        Seed of the whole run.
    texts : Fresh
        Source of bodies that do not repeat.
    """

    def __init__(self, seed: int, texts: Fresh) -> None:
        self._dice = Dice(seed, "support_triage/variants")
        self._texts = texts
        self._words = {s: self._dice.some(tables.NULL_WORDS, tables.WORDS_PER_SYSTEM) for s in SYSTEMS}
        self._number = dict(zip(SYSTEMS, self._dice.some(tables.NULL_NUMBERS, len(SYSTEMS)), strict=True))
        self._day = dict(zip(SYSTEMS, self._dice.some(tables.NULL_DAYS, len(SYSTEMS)), strict=True))
        self._rewrites: dict[str, Rewrite] = {
            "markup": self._hostile,
            "formula": self._hostile,
            "disguised_null": self._null,
            "other_language": self._translated,
            "personal_data": self._personal,
            "truncated": self._cut_at_field_length,
            "mojibake": self._misread,
            "html_entity": self._numbered_entities,
            "unseen_category": self._unseen,
            "category_variant": self._spelling,
            "date_format": self._date,
            "number_format": self._number_format,
            "spreadsheet_mangling": self._mangled,
        }

    def rewrite(self, tickets: list[Ticket], *kinds: str) -> None:
        """Rewrite a share of the defects of some kinds; everything noted stays true."""
        for kind in kinds:
            for ticket in tickets:
                for defect in ticket.defects:
                    if defect.kind == kind and self._dice.chance(tables.SHARE):
                        before = (ticket.body, dict(ticket.written))
                        self._rewrites[kind](ticket, defect)
                        defect.unlisted = before != (ticket.body, ticket.written)

    def _hostile(self, ticket: Ticket, defect: Defect) -> None:
        ticket.body = self._dice.pick(tables.HOSTILE[defect.kind])

    # --- missing values ----------------------------------------------------------------------------------

    def _null(self, ticket: Ticket, defect: Defect) -> None:
        system, column = ticket.system, defect.column
        word = self._dice.pick(self._words[system])
        form = self._dice.weighted(tables.NULL_FORM)
        if column not in ("order_value_eur", "created_at") or form == "word":
            ticket.written[column] = word
        elif column == "created_at":
            style = {"web": iso_utc, "mail": iso_offset, "legacy": day_first}[system]
            ticket.written[column] = style(datetime(*self._day[system], tzinfo=UTC))
        else:
            number = self._number[system]
            # mail records hold numbers, the other systems only text
            ticket.written[column] = json.loads(number) if system == "mail" else number

    # --- text --------------------------------------------------------------------------------------------

    def _translated(self, ticket: Ticket, _: Defect) -> None:
        able = {
            language: weight
            for language, weight in tables.LANGUAGES.items()
            if ticket.system != "legacy" or language in tables.LATIN_1_ONLY
        }
        ticket.subject, ticket.body = self._texts.ticket(self._dice, ticket.team, self._dice.weighted(able))

    def _personal(self, ticket: Ticket, defect: Defect) -> None:
        dice = self._dice
        box = f"{dice.pick(MAILBOXES)}{dice.whole(1, 99)}"
        said = dice.weighted(tables.PERSONAL_SENTENCES).format(
            mail=dice.pick(tables.MAIL_FORMS).format(box),
            mail2=dice.pick(tables.MAIL_FORMS).format(box),
            phone=dice.pick(tables.PHONES).format(dice.whole(100, 199)),
            card=dice.pick(tables.CARDS),
            iban=dice.pick(tables.IBANS),
            address=dice.pick(tables.ADDRESSES).format(dice.whole(2, 250)),
        )
        # in front, behind, or between: not always the last sentence
        sentences = defect.original.split(". ")
        place = dice.whole(0, len(sentences))
        head, tail = ". ".join(sentences[:place]), ". ".join(sentences[place:])
        end = "" if not head or head.endswith((".", "?", "!")) else "."
        between = "" if said.endswith(".") or not tail else "."
        ticket.body = " ".join(part for part in (f"{head}{end}", f"{said}{between}", tail) if part)

    def _cut_at_field_length(self, ticket: Ticket, defect: Defect) -> None:
        if len(defect.original) > tables.FIELD_LENGTH:
            ticket.body = defect.original[: tables.FIELD_LENGTH]

    def _misread(self, ticket: Ticket, defect: Defect) -> None:
        listed = misread(defect.original)
        found = {}
        for (written, read, times), weight in tables.MISREADINGS.items():
            text = misread_as(defect.original, written, read, times)
            if text not in (None, defect.original, listed) and can_write(ticket.system, text):
                found[text] = weight
        if found:
            ticket.body = self._dice.weighted(found)

    def _numbered_entities(self, ticket: Ticket, defect: Defect) -> None:
        if self._dice.chance(0.5):
            ticket.body = "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in defect.original)
        else:
            ticket.body = ticket.body.replace("&", "&amp;")  # escaped twice

    # --- categories and formats --------------------------------------------------------------------------

    def _unseen(self, ticket: Ticket, _: Defect) -> None:
        ticket.written["region"] = self._dice.weighted(tables.UNSEEN_REGIONS)

    def _spelling(self, ticket: Ticket, _: Defect) -> None:
        forms = {
            tables.ACCENTED[ticket.region]: 1.0,
            tables.HYPHENATED[ticket.region]: 1.0,
            self._dice.pick(tables.MISTYPED[ticket.region]): 2.0,
        }
        ticket.written["region"] = self._dice.weighted(forms)

    def _date(self, ticket: Ticket, _: Defect) -> None:
        ticket.written["created_at"] = self._dice.pick(unlisted_dates(ticket.when))

    def _number_format(self, ticket: Ticket, _: Defect) -> None:
        forms = [form for form in unlisted_numbers(ticket.value) if can_write(ticket.system, form)]
        ticket.written["order_value_eur"] = self._dice.pick(forms)

    def _mangled(self, ticket: Ticket, defect: Defect) -> None:
        if defect.column == "created_at":
            days = (ticket.when - SERIAL_ZERO).total_seconds() / 86_400
            ticket.written["created_at"] = f"{days:.4f}".replace(".", "," if ticket.system == "legacy" else ".")
        else:
            ticket.written["order_value_eur"] = f"{ticket.value:.1e}"


def misread_as(text: str, written: str, read: str, times: int) -> str | None:
    """Return a text written in one character set and read in another, None if either cannot hold it."""
    try:
        for _ in range(times):
            text = text.encode(written).decode(read)
    except UnicodeError:
        return None
    return text


def unlisted_dates(when: datetime) -> tuple[str, ...]:
    """Return a moment in orders and marks that no system and no default variant uses."""
    half = "am" if when.hour < 12 else "pm"
    short_month = {9: "Sept"}.get(when.month, MONTHS[when.month - 1])
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(when.day % 10 if when.day not in (11, 12, 13) else 0, "th")
    return (
        f"{when:%Y.%d.%m}",
        f"{when:%d|%m|%Y}",
        f"{short_month} {when.day}{suffix} {when:%y}",
        f"{when:%Y%m%dT%H%M}",
        f"{when.month}/{when.day}/{when:%y} {(when.hour - 1) % 12 + 1}:{when.minute:02d}{half}",
        f"{when.day}-{when.month}-{when:%y}",
        f"{when:%H:%M}h {when:%d.%m.%y}",
        f"{when.day:02d}{MONTHS[when.month - 1].upper()}{when.year}:{when:%H:%M:%S}",
        f"{when.year}-W{when.isocalendar().week:02d}-{when.isoweekday()}",
    )


def unlisted_numbers(value: float) -> tuple[str, ...]:
    """Return an amount in ways that no system and no default variant uses."""
    forms = (
        f"({value:.2f})",
        f"{value:.2f}-",
        f"{value:.2f} euro",
        f"ca. {value:.2f}",
        f"{value:.2f}".replace(".", "€"),
        f"{value:.2f}".translate(FULL_WIDTH),
        f"{value:.2f} / pc.",
    )
    return (*forms, f"{value:,.2f}".replace(",", "'"), f"{value:,.2f}".replace(",", " ")) if value >= 1000 else forms
