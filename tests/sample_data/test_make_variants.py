"""Samples with unlisted variants: in no list of the product, noted in full, the same bytes every time."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sample_files import COLUMNS, SAMPLE_DATA, Row, read_systems, read_truth

from flightready import policy
from flightready.realism.masks import shape
from flightready.realism.parsing import number_style, read_numbers
from flightready.realism.stand_ins import stands_for_nothing

import make  # isort: skip
from making import calendar_times, config, texts_more, texts_other, variant_tables, variants  # isort: skip
from making.systems import _base  # isort: skip
from making.tickets import Ticket, make_curated  # isort: skip
from making.wording import Fresh  # isort: skip

SEEDS = range(4)
COPIES = {"duplicate_key", "near_duplicate"}


@pytest.fixture(scope="module")
def damaged() -> list[Ticket]:
    """Return the raw tickets of several samples with variants."""
    parts = [make.build_tickets(seed, variants=True)[1] for seed in SEEDS]
    return [ticket for part in parts for tickets in part.values() for ticket in tickets]


def test_twice_the_same_bytes_and_the_shipped_sample_left_alone(tmp_path: Path) -> None:
    runs = [make.build_support_triage(5, variants=True) for _ in range(2)]
    assert runs[0] == runs[1]
    plain = make.build_support_triage(5)
    changed = {name for name, content in plain.items() if runs[0][name] != content}
    # other models miss what the pilot misses, and with variants other records are copies
    assert changed == {"web.csv", "mail.jsonl", "legacy.csv", "candidates.csv", "truth/injected_defects.csv"}
    assert make.main(["--out", str(tmp_path), "--only", "support_triage", "--seed", "5", "--variants"]) == 0
    assert (tmp_path / "support_triage" / "web.csv").read_bytes() == runs[0]["web.csv"]
    with pytest.raises(SystemExit):
        make.main(["--variants"])


def test_as_many_of_each_kind_as_without_variants(damaged: list[Ticket]) -> None:
    """Only copies of damaged records, which carry their damage, add to the counts."""
    found = Counter(d.kind for t in damaged for d in t.defects if "exact_duplicate" not in t.kinds())
    for kind, table in config.KINDS.items():
        if kind != "exact_duplicate":
            assert 0.9 * table.count * len(SEEDS) <= found[kind] <= table.count * len(SEEDS), kind
    assert sum("exact_duplicate" in t.kinds() for t in damaged) == config.KINDS["exact_duplicate"].count * len(SEEDS)
    assert sum(t.kinds() > {"exact_duplicate"} for t in damaged) > 5 * len(SEEDS)


def test_a_third_to_a_half_is_unlisted(damaged: list[Ticket]) -> None:
    kinds = ("disguised_null", "date_format", "number_format", "other_language", "unseen_category", "category_variant")
    defects = [d for t in damaged for d in t.defects]
    for kind in (*kinds, "mojibake", "html_entity", "personal_data", "spreadsheet_mangling"):
        of_kind = [d.unlisted for d in defects if d.kind == kind]
        assert 0.28 <= sum(of_kind) / len(of_kind) <= 0.55, kind
    cut = [d.unlisted for d in defects if d.kind == "truncated"]
    assert 0.15 <= sum(cut) / len(cut) <= 0.5  # shorter texts fit into the field


# --- in no list --------------------------------------------------------------------------------------------


def test_disguised_values_are_in_no_list_of_the_policy(damaged: list[Ticket]) -> None:
    written = [t.cell(d.column) for t in damaged for d in t.defects if d.kind == "disguised_null" and d.unlisted]
    texts = pd.Series([str(value) for value in written], dtype="str")
    assert not any(stands_for_nothing(texts).values())
    assert not np.isin(read_numbers(texts), policy.value("number_sentinels")).any()
    assert texts.nunique() > 15
    assert not any(stands_for_nothing(pd.Series(variant_tables.NULL_WORDS, dtype="str")).values())


def test_dates_are_written_in_no_default_way() -> None:
    """Every unlisted way of a date has another mask than every listed one, at any moment of the raw period."""
    listed, unlisted = set(), []
    for hours in range(0, 9000, 37):
        when = config.RAW_PERIOD.start + timedelta(hours=hours, minutes=hours % 60)
        ways = (calendar_times.iso_utc, calendar_times.iso_offset, calendar_times.day_first,
                calendar_times.mail_header, calendar_times.us_style, calendar_times.spreadsheet_day)  # fmt: skip
        listed |= {shape(way(when)) for way in ways}
        listed |= {shape(f"{when:%Y-%m-%d %H:%M}"), shape(f"{when:%d/%m/%Y %H:%M}")}
        unlisted += [shape(text) for text in variants.unlisted_dates(when)]
    assert not listed & set(unlisted)


def test_known_ways_of_a_date() -> None:
    found = variants.unlisted_dates(datetime(2026, 9, 15, 14, 5, tzinfo=UTC))
    assert found[:5] == ("2026.15.09", "15|09|2026", "Sept 15th 26", "20260915T1405", "9/15/26 2:05pm")


def test_amounts_are_written_in_no_default_way() -> None:
    """None of them reads as a plain amount; a grouping mark is all that tells a Swiss one from another."""
    for value in (3.5, 812.4):
        styles = {number_style(form) for form in variants.unlisted_numbers(value)}
        assert not styles & {"plain", "point", "comma", "either", "scientific"} or "point" in styles
        assert all(form not in (f"{value:.2f}", f"{value:.2f} EUR") for form in variants.unlisted_numbers(value))
    assert "1'234.50" in variants.unlisted_numbers(1234.5)
    assert "１２．５０" in variants.unlisted_numbers(12.5)


def test_misread_text_is_not_the_listed_misreading(damaged: list[Ticket]) -> None:
    found = [(t, d) for t in damaged for d in t.defects if d.kind == "mojibake" and d.unlisted]
    for ticket, defect in found:
        ways = [variants.misread_as(defect.original, *way) for way in variant_tables.MISREADINGS]
        assert ticket.body in ways
        assert ticket.body not in (defect.original, variants.misread(defect.original))


def test_texts_of_further_languages() -> None:
    """At least forty sentences each, none twice, for every team, and not in a language of the listed ones."""
    assert not set(texts_more.TICKETS) & set(texts_other.TICKETS)
    for language, by_team in texts_more.TICKETS.items():
        assert set(by_team) == set(config.TEAMS)
        sentences = [body for cases in by_team.values() for _, body in cases] + list(texts_more.CLOSERS[language])
        assert len(set(sentences)) == len(sentences) >= 40
        assert set(variant_tables.LANGUAGES) == set(texts_more.OPENERS) == set(texts_more.CLOSERS)


def test_regions_stay_nearest_to_their_own() -> None:
    """A mistyped region shares more letters in place with its own than with any other, and none equals a known one."""
    for region in config.REGIONS:
        forms = (*variant_tables.MISTYPED[region], variant_tables.ACCENTED[region], variant_tables.HYPHENATED[region])
        assert not set(forms) & set(config.REGIONS)
        assert len(set(forms)) == len(forms)
        for form in forms:
            distance = {other: _edits(form, other) for other in config.REGIONS}
            assert min(distance, key=lambda other: distance[other]) == region
            assert sorted(distance.values())[0] < sorted(distance.values())[1]


def test_cards_and_accounts_pass_their_checks() -> None:
    for card in variant_tables.CARDS:
        digits = [int(c) for c in reversed(card) if c.isdigit()]
        assert sum(d if place % 2 == 0 else sum(divmod(2 * d, 10)) for place, d in enumerate(digits)) % 10 == 0
    for account in variant_tables.IBANS:
        plain = "".join(c for c in account.upper() if c.isalnum())
        assert int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


# --- the truth is complete ---------------------------------------------------------------------------------


@pytest.mark.parametrize("with_variants", [False, True])
def test_what_differs_from_the_undamaged_records_is_what_the_truth_lists(tmp_path: Path, with_variants: bool) -> None:
    """Every changed cell is noted, and every noted cell is changed."""
    seed = 11
    make.write(tmp_path, "support_triage", seed, variants=with_variants)
    folder = tmp_path / "support_triage"
    noted: dict[tuple[str, int], list[dict[str, str]]] = {}
    for line in read_truth(folder):
        noted.setdefault((line["system"], int(line["row"])), []).append(line)
    clean = _undamaged(seed)
    for system, rows in read_systems(folder).items():
        for number, row in enumerate(rows):
            lines = noted.get((system, number), [])
            kinds = {line["defect"] for line in lines}
            if kinds & COPIES:  # has no undamaged record of its own
                assert row["cells"] == 9
                continue
            changed = _changed(row, clean[row["ticket_id"]])
            columns = {line["column"] for line in lines} - {"record"}
            # the subject is translated together with the body
            allowed = columns | ({"subject"} if "other_language" in kinds else set())
            assert columns <= changed <= allowed, (system, number, lines)


def _undamaged(seed: int) -> dict[str, Ticket]:
    numbers, texts = calendar_times.TicketNumbers(), Fresh()
    make_curated(seed, numbers, texts)
    return {ticket.ticket_id: ticket for ticket in _base(seed, numbers, texts)}


def _changed(row: Row, clean: Ticket) -> set[str]:
    if row["cells"] != 9:
        return {"body"}
    return {column for column in COLUMNS if row[column] != clean.native(column)}


def _edits(one: str, other: str) -> int:
    """Levenshtein distance, written out: the test should not hang on what it may one day test."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row, last = [i], row
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
    return row[-1]


def test_mail_numbers_stay_numbers() -> None:
    """A number that stands for nothing is a number in the system that writes numbers."""
    content = make.build_support_triage(3, variants=True)["mail.jsonl"].decode("utf-8")
    values = [json.loads(line).get("order", {}).get("value_eur") for line in content.splitlines()]
    assert {float(text) for text in variant_tables.NULL_NUMBERS} & {v for v in values if isinstance(v, (int, float))}
    assert SAMPLE_DATA.is_dir()
