"""Guessing roles of columns: right on usual exports, silent where nothing speaks for a role."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from flightready.realism.guess import guess_columns, header_words
from flightready.realism.table import RawTable

TEAMS = ("billing", "shipping", "returns", "legal")
WORDS = [
    "where",
    "is",
    "my",
    "order",
    "number",
    "and",
    "when",
    "will",
    "the",
    "parcel",
    "arrive",
    "please",
    "answer",
    "soon",
]


def table_of(frame: pd.DataFrame) -> RawTable:
    rows = np.arange(len(frame))
    return RawTable("data.csv", frame.astype("str"), rows + 2, rows, (), "CSV")


def tickets(names: list[str], n: int = 200, seed: int = 3) -> RawTable:
    """Nine columns: key, time, subject, text, region, amount, team, prediction, confidence."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(TEAMS, n)
    predicted = np.where(rng.random(n) < 0.8, truth, rng.choice(TEAMS, n))
    minutes = np.sort(rng.integers(0, 90_000, n)).astype("timedelta64[m]")
    values = [
        [f"T-{i:06d}" for i in range(n)],
        [str(t) for t in np.datetime64("2026-01-01T08:00:00") + minutes],
        [" ".join(rng.choice(WORDS, 4)) + f" {i}" for i in range(n)],
        [" ".join(rng.choice(WORDS, 15)) for _ in range(n)],
        rng.choice(["north", "south"], n),
        [f"{v:.2f}" for v in rng.lognormal(4, 1, n)],
        truth,
        predicted,
        [f"{v:.3f}" for v in rng.random(n) ** 0.2],
    ]
    return table_of(pd.DataFrame(dict(zip(names, values, strict=True))))


EXPORTS = (
    "ticket_id created_at subject body region order_value_eur team predicted_team confidence",
    "TicketNo Date Subject Text Region OrderValue Team Predicted Confidence",
    "ticket.id ticket.received_at content.subject content.body customer.region order.value routing.team "
    "routing.predicted routing.confidence",
    "Vorgang Eingang Betreff Nachricht Gebiet Wert Abteilung Vorhersage Konfidenz",
)


@pytest.mark.parametrize("headers", EXPORTS)
def test_roles_of_a_ticket_export(headers):
    names = headers.split()
    guessed = {role: column for role, (column, _) in guess_columns(tickets(names)).items()}
    roles = {"id": 0, "time": 1, "label": 6, "prediction": 7, "confidence": 8}
    assert guessed == {"text": names[2:4], **{role: names[place] for role, place in roles.items()}}


def test_an_export_without_answers_gets_no_label():
    rng = np.random.default_rng(4)
    n = 300
    days = rng.integers(1, 29, n)
    iso, other = [f"2026-03-{d:02d} 10:00" for d in days], [f"{d:02d}/03/2026" for d in days]
    values = {
        "Case ID": [f"C-{i}" for i in range(n)],
        "Received": np.where(rng.random(n) < 0.3, other, iso),
        "Customer message": [" ".join(rng.choice(WORDS, 12)) for _ in range(n)],
        "Product line": rng.choice(["Home", "Garden", "Office"], n),
        "Country": rng.choice(["Spain", "France"], n),
        "Amount": [f"{v:.2f}" for v in rng.lognormal(4, 1, n)],
        "Agent note": rng.choice(["closed", "wants a call", "voucher sent, customer was pleased with it"], n),
    }
    frame = pd.DataFrame(values)
    guessed = {role: column for role, (column, _) in guess_columns(table_of(frame)).items()}
    assert guessed == {"id": "Case ID", "time": "Received", "text": ["Customer message"]}


def test_a_register_of_hospitals_gets_neither_label_nor_confidence():
    """Columns like those of public hospital data: repeated keys, categories, a score in per cent."""
    rng = np.random.default_rng(5)
    n = 300
    frame = pd.DataFrame({
        "ProviderNumber": rng.integers(10_000, 10_050, n).astype(str),
        "HospitalType": rng.choice(["acute care", "critical access"], n),
        "Condition": rng.choice(["heart attack", "pneumonia"], n),
        "Score": [f"{v}%" for v in rng.integers(0, 101, n)],
    })  # fmt: skip
    assert guess_columns(table_of(frame)) == {}


def test_reasons_hold_no_value_of_the_data():
    for _, reason in guess_columns(tickets(EXPORTS[0].split())).values():
        assert not any(team in reason for team in TEAMS)


@pytest.mark.parametrize(
    ("header", "words"),
    [("OrderValueEUR", ["order", "value", "eur"]), ("E-Mail", ["e", "mail"]), ("grösse_m2", ["grösse", "m", "2"])],
)
def test_headers_are_split_into_words(header, words):
    assert header_words(header) == words
