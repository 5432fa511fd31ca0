"""A newcomer's two files: a messy feedback export and one month of usage."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from . import texts_feedback as words
from .calendar_times import german_number, moments
from .config import BILLED_MONTH, CARDS, DOMAINS, FEEDBACK, FEEDBACK_PERIOD, IBANS, MAILBOXES, PHONES, SIZES
from .defects import has_accents, misread
from .streams import Dice, csv_line
from .tickets import order_value
from .wording import expand

HEADER = ("Case ID", "Received", "Customer message", "Product line", "Country", "Amount", "Agent note")
NOTHING = {"N/A": 5.0, "-": 5.0, "unknown": 3.0, "n/a": 2.0, "?": 1.0}
FIRST_CASE = 10231


@dataclass
class Case:
    """One row of the export, cells as text."""

    case_id: str
    when: datetime
    received: str
    message: str
    line: str
    country: str
    amount: str
    note: str
    ragged: bool = False

    def cells(self) -> list[str]:
        """Return the cells in the order of the header."""
        return [self.case_id, self.received, self.message, self.line, self.country, self.amount, self.note]


def _received(dice: Dice, when: datetime) -> str:
    if dice.chance(FEEDBACK.no_date):
        return "1900-01-01"
    if dice.chance(FEEDBACK.day_first):
        return dice.pick((f"{when:%d/%m/%Y}", f"{when:%d/%m/%Y}", f"{when:%d/%m/%Y %H:%M}"))
    return f"{when:%Y-%m-%d %H:%M}"


def _amount(dice: Dice, country: str) -> str:
    value = order_value(dice)
    comma = dice.chance(FEEDBACK.decimal_comma)
    text = german_number(value) if comma else f"{value:.2f}"
    if not dice.chance(FEEDBACK.currency_sign):
        return text
    if country == "UK":
        return f"£{text}"
    return f"{text} €" if comma else dice.pick((f"€ {text}", f"€{text}", f"EUR {text}"))


def _line(dice: Dice, product: str | None) -> str:
    """Return the product line as typed: the one the product belongs to, if the message names a product."""
    line = dice.weighted(words.PRODUCT_LINES)
    if product:
        line = next((name for name, products in words.LINE_PRODUCTS.items() if product in products), "Home")
    if not dice.chance(FEEDBACK.blank_variant):
        return line
    return dice.pick((f"{line} ", line.lower(), f" {line}", line.upper(), f"{line}  "))


def _damaged(dice: Dice, text: str) -> str:
    """Return a cell that is sometimes empty or filled with a word for nothing."""
    if dice.chance(FEEDBACK.missing):
        return ""
    return dice.weighted(NOTHING) if dice.chance(FEEDBACK.disguised) else text


def _case(dice: Dice, when: datetime, number: int) -> Case:
    filled: dict[str, str] = {}
    message = expand(dice, dice.pick(words.OPENINGS), filled)
    for follow_up in dice.some(words.FOLLOW_UPS, dice.weighted({0: 2.0, 1: 5.0, 2: 3.0})):
        message += " " + expand(dice, follow_up)
    if has_accents(message) and dice.chance(FEEDBACK.mojibake):  # 4 in 10 messages have accents
        message = misread(message)
    country = dice.weighted(words.COUNTRIES)
    return Case(
        f"C-{number}",
        when,
        _received(dice, when),
        _damaged(dice, message),
        _damaged(dice, _line(dice, filled.get("product"))),
        _damaged(dice, country),
        _damaged(dice, _amount(dice, country)),
        dice.weighted(words.AGENT_NOTES),
    )


def _add_personal_data(dice: Dice, cases: list[Case]) -> None:
    for case in dice.some([c for c in cases if len(c.message) > 40], FEEDBACK.personal_data):
        mailbox = f"{dice.pick(MAILBOXES)}{dice.whole(1, 99)}@{dice.pick(DOMAINS)}"
        phone = dice.pick(PHONES).format(dice.whole(100, 199))
        case.message += " " + dice.pick(
            (
                f"Write to {mailbox} please.",
                f"Ring me: {phone}",
                f"Money back to {dice.pick(IBANS)}.",
                f"Card used: {dice.pick(CARDS)}",
                f"{mailbox} / {phone}",
            )
        )


def _copies(dice: Dice, cases: list[Case]) -> list[Case]:
    """Return rows exported twice, and cases that were edited and exported again under the same id."""
    chosen = dice.some(cases, FEEDBACK.exact_copies + FEEDBACK.key_copies)
    same = [replace(case, when=case.when + timedelta(minutes=1)) for case in chosen[: FEEDBACK.exact_copies]]
    edited = []
    for case in chosen[FEEDBACK.exact_copies :]:
        when = case.when + timedelta(hours=dice.whole(2, 70))
        note = dice.pick(("updated after call", "amount corrected", "reopened"))
        edited.append(
            replace(
                case,
                when=when,
                received=f"{when:%Y-%m-%d %H:%M}",
                amount=_amount(dice, case.country),
                note=note,
            )
        )
    return same + edited


def feedback_csv(seed: int) -> bytes:
    """Return the feedback export: UTF-8 with a byte order mark, some rows with a comma too many."""
    dice = Dice(seed, "first_hour/feedback")
    number, cases = FIRST_CASE, []
    for when in moments(dice, FEEDBACK_PERIOD, SIZES.feedback - FEEDBACK.exact_copies - FEEDBACK.key_copies):
        cases.append(_case(dice, when, number))
        number += dice.weighted({1: 9.0, 2: 1.0, 5: 0.3})  # some cases were deleted
    _add_personal_data(dice, cases)
    able = [case for case in cases if "," in case.message and '"' not in case.message]
    for case in dice.some(able, FEEDBACK.ragged):
        case.ragged = True
    cases += _copies(dice, [case for case in cases if not case.ragged])
    cases.sort(key=lambda case: (case.when, case.case_id))
    lines = [csv_line(HEADER)]
    lines += [",".join(case.cells()) + "\n" if case.ragged else csv_line(case.cells()) for case in cases]
    return "".join(lines).encode("utf-8-sig")


def usage_page(seed: int) -> bytes:
    """Return one month of daily usage buckets, as the usage API of the provider pages them."""
    dice = Dice(seed, "first_hour/usage")
    buckets = []
    for number in range(BILLED_MONTH.length.days):
        day = BILLED_MONTH.start + timedelta(days=number)
        low, high = FEEDBACK.weekend_requests if day.weekday() > 4 else FEEDBACK.weekday_requests
        requests = dice.whole(low, high)
        tokens_in = int(requests * FEEDBACK.input_per_request * (1 + 0.05 * dice.normal()))
        result = {
            "object": "organization.usage.completions.result",
            "input_tokens": tokens_in,
            "output_tokens": int(requests * FEEDBACK.output_per_request * (1 + 0.06 * dice.normal())),
            "input_cached_tokens": int(tokens_in * FEEDBACK.cached_share * (1 + 0.1 * dice.normal())) // 128 * 128,
            "input_audio_tokens": 0,
            "output_audio_tokens": 0,
            "num_model_requests": requests,
            "project_id": None,
            "user_id": None,
            "api_key_id": None,
            "model": FEEDBACK.model,
            "batch": None,
        }
        start = int(day.timestamp())
        buckets.append({"object": "bucket", "start_time": start, "end_time": start + 86_400, "results": [result]})
    page = {"object": "page", "data": buckets, "has_more": False, "next_page": None}
    return (json.dumps(page, indent=2) + "\n").encode("utf-8")
