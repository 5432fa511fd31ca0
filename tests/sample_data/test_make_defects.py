"""The raw records of the ticket sample: every defect where it is noted, and none that is not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

from sample_files import COLUMNS, MONTHS, Row, is_missing, moment

import make  # isort: skip
from making.config import KINDS, REGIONS  # isort: skip


def _date_was_rewritten(row: Row, original: str) -> bool:
    when = moment(original)
    assert when is not None
    text = str(row["created_at"])
    return text != original and str(when.year) in text and moment(text) is None


def _spreadsheet(row: Row, column: str, original: str) -> bool:
    text = row[column]
    if column == "created_at":
        day, month = text.split("-")
        when = moment(original)
        return when is not None and (int(day), MONTHS.index(month) + 1) == (when.day, when.month)
    value = float(original.replace(".", "").replace(",", ".")) if "," in original else float(original)
    return bool(re.fullmatch(r"\d\.\d{2}E\+\d{2}", text)) and abs(float(text) - value) <= value * 0.005


def _cut_in_a_word(row: Row, original: str) -> bool:
    """Return True if the body is shorter; later damage to its characters may hide the exact cut."""
    body = str(row["body"])
    if body.isascii() and "&" not in body:
        return original.startswith(body) and original[len(body)].isalpha() and body[-1].isalpha()
    return not body.endswith((".", "?", "!"))


CHECKS: dict[str, Callable[[Row, str, str], bool]] = {
    "missing": lambda row, column, _: row[column] in (None, ""),
    "disguised_null": lambda row, column, _: row[column] not in (None, "") and is_missing(row[column]),
    "other_language": lambda row, _, before: row["body"] != before,
    "truncated": lambda row, _, before: _cut_in_a_word(row, before),
    "mojibake": lambda row, _, before: row["body"].encode("cp1252").decode("utf-8") == before != row["body"],
    "replacement_character": lambda row, _, before: "\ufffd" in row["body"] and len(row["body"]) == len(before),
    "html_entity": lambda row, _, before: bool(re.search(r"&[A-Za-z]+;", row["body"])) and "&" not in before,
    "unseen_category": lambda row, *_: row["region"].strip().lower() not in REGIONS,
    "category_variant": lambda row, _, before: row["region"].strip().lower() == before != row["region"],
    "date_format": lambda row, _, before: _date_was_rewritten(row, before),
    "number_format": lambda row, _, before: (
        isinstance(row["order_value_eur"], str) and row["order_value_eur"] != before
    ),
    "spreadsheet_mangling": _spreadsheet,
    "does_not_parse": lambda row, _, before: row["cells"] > 9 and before in row["line"],
    "markup": lambda row, *_: row["body"].startswith("<script>alert('x')</script><img src=x onerror="),
    "formula": lambda row, *_: row["body"] == '=HYPERLINK("http://example.com","click")',
    "personal_data": lambda row, *_: bool(re.search(r"@example\.(com|org)|\d{2} ?\d{3}|[A-Z]{2}\d{2}", row["body"])),
}


def test_every_noted_defect_is_in_its_row(raw: dict[str, list[Row]], truth: list[dict[str, str]]) -> None:
    """Each line of the truth file holds for the record at that row."""
    for line in truth:
        row = raw[line["system"]][int(line["row"])]
        assert row["ticket_id"] == line["ticket_id"]
        check = CHECKS.get(line["defect"])
        assert check is None or check(row, line["column"], line["original_value"]), line


def test_every_kind_is_there_as_often_as_its_table_says(truth: list[dict[str, str]]) -> None:
    """No kind is left out, and no missing value or broken row goes unnoted."""
    found = Counter(line["defect"] for line in truth)
    assert set(found) == set(KINDS) | {"missing", "disguised_null"}
    for kind, table in KINDS.items():
        assert table.count * 0.9 <= found[kind] <= table.count


def test_nothing_is_missing_or_broken_without_a_note(raw: dict[str, list[Row]], truth: list[dict[str, str]]) -> None:
    """What the files miss and what does not parse is exactly what the truth file lists."""
    noted = {(t["system"], int(t["row"]), t["column"]) for t in truth if t["defect"] in ("missing", "disguised_null")}
    broken = {(t["system"], int(t["row"])) for t in truth if t["defect"] == "does_not_parse"}
    for system, rows in raw.items():
        for number, row in enumerate(rows):
            assert (row["cells"] != 9) == ((system, number) in broken)
            if row["cells"] == 9:
                seen = {column for column in COLUMNS if is_missing(row[column])}
                assert seen == {column for column in COLUMNS if (system, number, column) in noted}


def test_copies(raw: dict[str, list[Row]], truth: list[dict[str, str]]) -> None:
    """Copies sit next to a record with the same line, the same id, or nearly the same text."""
    for line in truth:
        rows, number = raw[line["system"]], int(line["row"])
        row, before = rows[number], rows[:number]
        if line["defect"] == "exact_duplicate":
            assert [r for r in before if r["line"] == row["line"]]
        if line["defect"] == "duplicate_key":
            assert [r for r in before if r["ticket_id"] == row["ticket_id"] and r["body"] != row["body"]]
        if line["defect"] == "near_duplicate":
            twin = next(r for r in before if r["ticket_id"] == line["original_value"])
            assert twin["body"].rstrip(".") in row["body"]
            assert twin["ticket_id"] != row["ticket_id"]
    keys = [(line["system"], line["original_value"]) for line in truth if line["defect"] == "exact_duplicate"]
    assert len(keys) == len(set(keys))


def test_late_and_out_of_order_records(raw: dict[str, list[Row]], truth: list[dict[str, str]]) -> None:
    """Moved records follow one that is younger: by days if late; nothing else is out of order."""
    moved = {(t["system"], int(t["row"])): t["defect"] for t in truth if t["defect"] in ("late", "out_of_order")}
    copies = {(t["system"], int(t["row"])) for t in truth if t["defect"].endswith(("duplicate", "duplicate_key"))}
    for system, rows in raw.items():
        newest = datetime(2025, 1, 1, tzinfo=UTC)
        for number, row in enumerate(rows):
            when = moment(row.get("created_at"))
            kind = moved.get((system, number))
            if when is None or (kind is None and (system, number) in copies):
                continue
            if kind is None:
                assert when >= newest.replace(second=0)
                newest = max(newest, when)
            else:
                assert (newest - when).total_seconds() > (2 * 86_400 if kind == "late" else 0)


def test_test_cards_pass_the_check_digit(raw: dict[str, list[Row]]) -> None:
    """Card numbers in the texts are the kind a scanner reports."""
    cards = re.findall(r"card ([\d ]{15,19})", " ".join(str(row.get("body")) for part in raw.values() for row in part))
    assert cards
    for card in cards:
        digits = [int(d) for d in reversed(card.replace(" ", ""))]
        doubled = [d if place % 2 == 0 else sum(divmod(2 * d, 10)) for place, d in enumerate(digits)]
        assert sum(doubled) % 10 == 0


def test_defects_cost_what_the_table_says() -> None:
    """Over many seeds, records with one harmful defect only are right less often, by about its points."""
    outcomes: dict[str, list[bool]] = defaultdict(list)
    for seed in range(100, 112):
        for part in make.build_tickets(seed)[1].values():
            for ticket in part:
                if len(ticket.defects) == 1:
                    outcomes[ticket.defects[0].kind].append(ticket.right)
                elif not ticket.defects:
                    outcomes["clean"].append(ticket.right)
    share = {kind: sum(right) / len(right) for kind, right in outcomes.items()}
    assert abs(share["clean"] - 0.88) < 0.02
    for kind in ("other_language", "truncated", "mojibake", "replacement_character", "unseen_category"):
        assert abs(share["clean"] - share[kind] - KINDS[kind].points / 100) < 0.06, kind
    for kind in (
        "missing",
        "disguised_null",
        "html_entity",
        "does_not_parse",
        "date_format",
        "number_format",
    ):
        assert share[kind] < share["clean"], kind


def test_effects_are_never_negative_and_never_more_than_there_is(truth: list[dict[str, str]]) -> None:
    """The points of one record add up to less than what a clean record has."""
    lost: dict[tuple[str, str], float] = defaultdict(float)
    for line in truth:
        points = float(line["accuracy_effect_points"])
        assert points >= 0
        lost[line["system"], line["row"]] += points
    assert max(lost.values()) < 90
