"""The sample generator: same bytes every time, the promised figures, and every defect where it is noted."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
sys.path.insert(0, str(SAMPLE_DATA))

import make  # noqa: E402
from making.config import DEFAULT_SEED, KINDS, REGIONS, TEAMS  # noqa: E402

TRIAGE = SAMPLE_DATA / "support_triage"
COLUMNS = ("created_at", "subject", "body", "region", "order_value_eur")
EMPTY = {None, "", "N/A", "-", "unknown", "tbd", "#NV", "(none)", "9999", "1900-01-01", "01.01.1900 00:00"}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
Row = dict[str, Any]
TWO_WEEKS = 14
EURO_MISREAD = "€".encode().decode("cp1252")
# USD per token of the logged model: input, cached input, output.
PRICES = (2.00e-6, 0.50e-6, 8.00e-6)


# --- reading the files without the generator ---------------------------------------------------------------


def read_delimited(name: str, delimiter: str, encoding: str) -> list[Row]:
    """Return the records of a CSV file; a row with too many cells keeps its ends and its raw line."""
    names = ["ticket_id", *COLUMNS, "team", "predicted", "confidence"]
    lines = (TRIAGE / name).read_bytes().decode(encoding).split("\n")[1:-1]
    rows = []
    for line in lines:
        cells = next(csv.reader([line], delimiter=delimiter))
        row: Row = {"cells": len(cells), "line": line}
        if len(cells) == len(names):
            row |= dict(zip(names, cells, strict=True))
        else:
            row |= {"ticket_id": cells[0], "team": cells[-3], "predicted": cells[-2], "confidence": cells[-1]}
        rows.append(row)
    return rows


def read_mail() -> list[Row]:
    """Return the records of the mail file, flat; what is absent is None."""
    rows = []
    for line in (TRIAGE / "mail.jsonl").read_text(encoding="utf-8").splitlines():
        mail = json.loads(line)
        rows.append(
            {
                "line": line,
                "cells": 9,
                "ticket_id": mail["ticket"]["id"],
                "created_at": mail["ticket"].get("received_at"),
                "subject": mail.get("content", {}).get("subject"),
                "body": mail.get("content", {}).get("body"),
                "region": mail.get("customer", {}).get("region"),
                "order_value_eur": mail.get("order", {}).get("value_eur"),
                "team": mail["routing"]["team"],
                "predicted": mail["routing"]["predicted"],
                "confidence": mail["routing"]["confidence"],
            }
        )
    return rows


@pytest.fixture(scope="module")
def raw() -> dict[str, list[Row]]:
    """Return the raw records of the three systems as they are on disk."""
    return {
        "web": read_delimited("web.csv", ",", "utf-8"),
        "mail": read_mail(),
        "legacy": read_delimited("legacy.csv", ";", "cp1252"),
    }


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    """Return the rows of the truth file."""
    with (TRIAGE / "truth" / "injected_defects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def curated() -> list[dict[str, str]]:
    """Return the curated tickets."""
    with (TRIAGE / "curated.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def log() -> list[dict[str, Any]]:
    """Return the logged responses."""
    return [json.loads(line) for line in (TRIAGE / "usage.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def traces() -> list[list[dict[str, Any]]]:
    """Return the spans of each kept request."""
    lines = (TRIAGE / "spans.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"] for line in lines]


def is_missing(value: object) -> bool:
    """Return True if a cell holds nothing, openly or in disguise."""
    return value is None or str(value).strip() in EMPTY


def is_right(row: Row) -> bool:
    """Return True if the prediction names the right team."""
    return bool(row["team"] == row["predicted"])


def moment(value: object) -> datetime | None:
    """Return the time of a record in its system's own format, None if it is in another one."""
    text = str(value)
    if re.fullmatch(r"\d{2}\.\d{2}\.(?!1900)\d{4} \d{2}:\d{2}", text):
        return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=UTC)
    if re.fullmatch(r"20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|\+\d{2}:\d{2})", text):
        return datetime.fromisoformat(text)
    return None


# --- the files as a whole ----------------------------------------------------------------------------------


def all_files(folder: Path) -> dict[str, bytes]:
    """Return every file of a run by its path."""
    names = [f"{name}/{file}" for name, build in make.SAMPLES.items() for file in build(DEFAULT_SEED)]
    return {name: (folder / name).read_bytes() for name in names}


def test_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    """Two runs agree, and the files in the repository are such a run."""
    for run in ("one", "two"):
        assert make.main(["--out", str(tmp_path / run)]) == 0
    one = all_files(tmp_path / "one")
    assert one == all_files(tmp_path / "two")
    assert one == all_files(SAMPLE_DATA)
    assert sum(map(len, one.values())) < 3_000_000
    assert not [name for name, content in one.items() if b"\r" in content]


def test_only_and_seed(tmp_path: Path) -> None:
    """--only writes one sample, --seed another one."""
    assert make.main(["--out", str(tmp_path), "--only", "first_hour", "--seed", "7"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first_hour"]
    other = (tmp_path / "first_hour" / "feedback_export.csv").read_bytes()
    assert other != (SAMPLE_DATA / "first_hour" / "feedback_export.csv").read_bytes()


# --- support_triage: figures -------------------------------------------------------------------------------


def test_curated_is_clean_and_nine_in_ten_right(curated: list[dict[str, str]]) -> None:
    """600 complete tickets without copies; about 90 % right, and the confidence says so."""
    assert len(curated) == 600
    assert not [row for row in curated for value in row.values() if is_missing(value)]
    assert len({row["ticket_id"] for row in curated}) == len({row["body"].lower() for row in curated}) == 600
    assert {row["region"] for row in curated} == set(REGIONS)
    assert {row["team"] for row in curated} == set(TEAMS)
    right = sum(row["team"] == row["predicted_team"] for row in curated) / 600
    assert 0.885 <= right <= 0.915
    assert abs(right - sum(float(row["confidence"]) for row in curated) / 600) < 0.03


def test_raw_accuracy_and_confidence(raw: dict[str, list[Row]]) -> None:
    """1,200 records, about 74 % right, while the pilot is as sure as before."""
    assert {system: len(rows) for system, rows in raw.items()} == {"web": 500, "mail": 400, "legacy": 300}
    rows = [row for part in raw.values() for row in part]
    assert 0.72 <= sum(map(is_right, rows)) / len(rows) <= 0.76
    said = sum(float(str(row["confidence"]).replace(",", ".")) for row in rows) / len(rows)
    assert 0.86 <= said <= 0.92


def test_share_of_records_that_miss_a_value(raw: dict[str, list[Row]]) -> None:
    """About 23 % miss at least one value; labels, predictions and ids are never touched."""
    rows = [row for part in raw.values() for row in part]
    missing = [row for row in rows if row["cells"] == 9 and any(is_missing(row[column]) for column in COLUMNS)]
    assert 0.22 <= len(missing) / len(rows) <= 0.245
    assert all(row["team"] in TEAMS and row["predicted"] in TEAMS for row in rows)
    assert all(re.fullmatch(r"T-\d{6}", row["ticket_id"]) for row in rows)


def test_months_are_covered(raw: dict[str, list[Row]]) -> None:
    """Every one of the 13 months has records, December most."""
    times = [moment(row.get("created_at")) for part in raw.values() for row in part]
    months = Counter((when.year, when.month) for when in times if when)
    assert min(months) == (2025, 9)
    assert max(months) == (2026, 9)
    assert len(months) == 13
    assert months.most_common(1)[0][0] == (2025, 12)


@pytest.mark.parametrize("seed", range(5))
def test_other_seeds_keep_the_accuracy(seed: int) -> None:
    """The promised figures do not hang on one seed."""
    curated, raw = make.build_tickets(seed)
    tickets = [ticket for part in raw.values() for ticket in part]
    assert 0.86 <= sum(t.right for t in curated) / len(curated) <= 0.94
    assert 0.70 <= sum(t.right for t in tickets) / len(tickets) <= 0.78


# --- support_triage: defects -------------------------------------------------------------------------------


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


# --- support_triage: log and traces ------------------------------------------------------------------------


def cost(usage: dict[str, Any] | None) -> float:
    """Return the price of one call in USD; a call without usage is free."""
    if usage is None:
        return 0.0
    cached = usage["input_tokens_details"]["cached_tokens"]
    tokens = (usage["input_tokens"] - cached, cached, usage["output_tokens"])
    return sum(price * count for price, count in zip(PRICES, tokens, strict=True))


def test_log_costs_thirty_dollars(log: list[dict[str, Any]]) -> None:
    """Two weeks of routing cost about 30 USD, and the days differ in what a call costs."""
    assert 29.0 <= sum(cost(line["usage"]) for line in log) <= 31.0
    days: dict[int, list[float]] = defaultdict(list)
    for line in log:
        if line["usage"]:
            days[line["created_at"] // 86_400].append(cost(line["usage"]))
    means = [sum(costs) / len(costs) for costs in days.values()]
    assert len(days) == TWO_WEEKS
    assert max(means) / min(means) > 1.08
    assert min(len(costs) for costs in days.values()) < max(len(costs) for costs in days.values()) / 3


def test_log_tokens_and_order(log: list[dict[str, Any]]) -> None:
    """Totals add up, caches hold whole blocks, and the lines follow the clock."""
    used = [line["usage"] for line in log if line["usage"]]
    cached = [usage["input_tokens_details"]["cached_tokens"] for usage in used]
    assert all(usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] for usage in used)
    assert all(count == 0 or (count >= 1024 and count % 128 == 0) for count in cached)
    assert 0.45 < sum(count > 0 for count in cached) / len(cached) < 0.58
    assert [line["created_at"] for line in log] == sorted(line["created_at"] for line in log)
    assert len({line["id"] for line in log}) == len(log)


def test_log_retries(log: list[dict[str, Any]]) -> None:
    """About 4 % of tickets need a second attempt; a few stay without an answer."""
    tickets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in log:
        tickets[line["metadata"]["ticket_id"]].append(line)
    assert len(tickets) == 2900
    again = [lines for lines in tickets.values() if len(lines) > 1]
    assert 0.03 < len(again) / len(tickets) < 0.05
    for lines in again:
        assert [line["metadata"]["attempt"] for line in lines] == ["1", "2"]
        assert lines[0]["status"] in ("failed", "incomplete")
    assert 1 <= sum(lines[-1]["status"] == "failed" for lines in tickets.values()) <= 10
    for line in log:
        assert (line["usage"] is None) == (line["status"] == "failed") == ("error" in line)


def seconds(span: dict[str, Any]) -> float:
    """Return the length of a span."""
    return (int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])) / 1e9


def test_trace_times(traces: list[list[dict[str, Any]]]) -> None:
    """End to end about 3.2 s in the middle, 4 s on average, 8 to 9 s at the 95th percentile."""
    times = sorted(seconds(spans[0]) for spans in traces)
    assert len(times) == 400
    assert 3.0 <= times[200] <= 3.4
    assert 3.7 <= sum(times) / 400 <= 4.3
    assert 8.0 <= times[380] <= 9.5
    assert times[-1] == pytest.approx(15.0, abs=0.001)


def test_trace_structure(traces: list[list[dict[str, Any]]]) -> None:
    """One root, four stages in sequence inside it; about 2 % end in error."""
    stages = ["fetch_ticket", "retrieve_similar", "llm_route", "write_back"]
    for root, *children in traces:
        assert root["name"] == "route_ticket"
        assert "parentSpanId" not in root
        assert [span["name"] for span in children] == stages
        assert {span["parentSpanId"] for span in children} == {root["spanId"]}
        assert {span["traceId"] for span in children} == {root["traceId"]}
        edges = [int(root["startTimeUnixNano"])]
        for span in children:
            edges += [int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])]
        assert edges == sorted(edges)
        assert edges[-1] <= int(root["endTimeUnixNano"])
    assert 0.015 <= sum(spans[0]["status"]["code"] == 2 for spans in traces) / len(traces) <= 0.03


def test_traces_agree_with_the_log(traces: list[list[dict[str, Any]]], log: list[dict[str, Any]]) -> None:
    """Each traced call is a logged response with the same tokens."""
    logged = {line["id"]: line for line in log}
    for root, *children in traces:
        values = {a["key"]: next(iter(a["value"].values())) for a in children[2]["attributes"]}
        line = logged[values["gen_ai.response.id"]]
        assert line["metadata"]["ticket_id"] == root["attributes"][0]["value"]["stringValue"]
        assert int(values["gen_ai.usage.input_tokens"]) == line["usage"]["input_tokens"]
        assert int(values["gen_ai.usage.output_tokens"]) == line["usage"]["output_tokens"]


# --- first_hour --------------------------------------------------------------------------------------------


def test_feedback_export_is_as_messy_as_promised() -> None:
    """A byte order mark, ragged rows, copies, two date styles, odd amounts: all of it is in the export."""
    content = (SAMPLE_DATA / "first_hour" / "feedback_export.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == [
        "Case ID",
        "Received",
        "Customer message",
        "Product line",
        "Country",
        "Amount",
        "Agent note",
    ]
    good = [row for row in rows[1:] if len(row) == 7]
    assert len(rows) == 901
    assert 8 <= 900 - len(good) <= 20
    lines = Counter(map(tuple, good))
    assert sum(count - 1 for count in lines.values()) >= 10
    assert len(lines) - len({row[0] for row in lines}) >= 8
    received = Counter(re.sub(r"\d", "9", row[1])[:10] for row in good)
    assert set(received) == {"9999-99-99", "99/99/9999"}
    assert 5 <= sum(row[1] == "1900-01-01" for row in good) <= 20
    assert sum("Ã" in row[2] or EURO_MISREAD in row[2] for row in good) > 20
    assert sum("@example." in row[2] for row in good) >= 5
    assert sum(row[3] != row[3].strip().title() for row in good) > 20
    assert {"€", "£", ","} <= set("".join(row[5] for row in good))


def test_usage_page_has_a_bucket_a_day() -> None:
    """31 days of October 2026, busy on weekdays, quiet at weekends."""
    page = json.loads((SAMPLE_DATA / "first_hour" / "openai_usage.json").read_text(encoding="utf-8"))
    assert len(page["data"]) == 31
    for bucket in page["data"]:
        start = datetime.fromtimestamp(bucket["start_time"], UTC)
        result = bucket["results"][0]
        assert (start.year, start.month, bucket["end_time"] - bucket["start_time"]) == (2026, 10, 86_400)
        low, high = (400, 900) if start.weekday() < 5 else (1, 100)
        assert low <= result["num_model_requests"] <= high
        assert 0 < result["input_cached_tokens"] < result["input_tokens"]


def test_first_hour_has_two_files_only() -> None:
    """One CSV, one usage export, nothing else."""
    assert sorted(make.build_first_hour(DEFAULT_SEED)) == ["feedback_export.csv", "openai_usage.json"]
