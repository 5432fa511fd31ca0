"""Personal data by its form: known answers, what it must leave alone, and columns as a whole."""

from __future__ import annotations

import uuid

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from realism_samples import put, sample_of, table

from flightready.realism.defects.personal_data import find, kinds_by_text, name_columns, scan
from flightready.realism.inspection import inspect
from flightready.realism.kinds import Kind
from flightready.realism.personal import KINDS, hits, is_card, is_iban, luhn

PERSONAL = {
    "phone": [
        "Call (202) 555-0123 now", "tel 2025550123", "+49 (0)30 23125 100", "0049 30 23125100", "reach me at 07700 900123.",
        "0171/5550199", "01 99 00 11 99 merci", "06.12.34.56.78", "Telefon: 030-23125100", "+33199001123", "+1-202-555-0188",
        "my number is 202.555.0111", "WhatsApp +34 612 345 678", "phone 98765 43210", "+44 7700 900123, +44 7700 900124",
        "Rückruf 0171 5550199 bitte",
    ],
    "mail": [
        "a@b.co", "müller.x@firma.de", "mailto:zoe+tag@mail.example.org", "<x_y@sub.example.co.uk>,", "zoe (at) example.com",
        "j.o'neil@x.ie", "mail:info@x.de;ok",
    ],
    "card": ["card 4111-1111-1111-1111", "visa 4012888888881881", "3782 822463 10005 amex", "4242 4242 4242 4242"],
    "iban": [
        "DE89 3704 0044 0532 0130 00", "fr14 2004 1010 0505 0001 3m02 606", "NO93 8601 1117 947", "DE89370400440532013000.",
        "IBAN:NL91ABNA0417164300 BIC ABNANL2A", "DE89-3704-0044-0532-0130-00",
    ],
    "ip": ["from 203.0.113.7", "192.168.1.20:8080", "ip 1.2.3.4", "2001:db8::ff00:42:8329", "[fe80::1ff:fe23:4567:890a]"],
    "ssn": ["SSN 123-45-6789", "my social security number is 123 45 6789"],
}  # fmt: skip
NOT_PERSONAL = [
    "order 0171-5550199", "invoice no 4111111111111111", "Chrome 120.0.6099.109", "version 10.15.7.121", "v20.30.40.50",
    "127.0.0.1", "12:30:45", "std::vector::iter", "aa:bb:cc:dd:ee:ff", "550e8400-e29b-41d4-a716-446655440000",
    "12345678-1234-1234-1234-123456789012", "user@host", "icon@2x.png", "postgres://u:pw@db.example.com/x",
    "2026-10-01 12:00:00", "01.02.2026 14:05", "10-11-2026 10-15", "1 234 567 890", "12,345,678.90", "-1234567.89",
    "+1234567.89", "4711-0815-99", "978-3-16-148410-0", "T-0000123", "lat 52.520008 13.404954", "100-200-300",
    "Section 3.1.4.22", "255.255.255.0", "500 000 - 600 000", "@home at 5", "20260101 20260131", "123-45-6789",
    "tracking 1Z999AA10123456784", "Serial 0123 456789", "20.30.40.50.60", "9:00-17:00, 10:00-16:00", "", "DE12 3456",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in PERSONAL.items() for t in texts])
def test_is_found_however_it_is_written(kind, text):
    found = hits(text)
    assert {h.kind for h in found} == {kind}
    assert all(0 <= h.start < h.end <= len(text) for h in found)


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_what_only_looks_alike_is_left_alone(text):
    assert hits(text) == []


@pytest.mark.parametrize(
    "number",
    ["4111111111111111", "5555555555554444", "4012888888881881", "378282246310005", "30569309025904", "6011111111111117",
     "3530111333300000", "4222222222222"],
)  # fmt: skip
def test_numbers_that_card_companies_publish_for_tests_are_cards(number):
    """Test numbers of Visa, Mastercard, American Express, Diners, Discover, JCB as payment companies publish them."""
    assert luhn(number) and is_card(number)
    assert not luhn(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_the_check_digit_alone_makes_no_card():
    """79927398713 is the example of the Luhn algorithm in ISO/IEC 7812 teaching texts; no issuer gives it out."""
    assert luhn("79927398713") and not is_card("79927398713")
    assert luhn("9999999999999995") and not is_card("9999999999999995")


@pytest.mark.parametrize(
    "code",
    ["GB82WEST12345698765432", "DE89370400440532013000", "FR1420041010050500013M02606", "NO9386011117947",
     "CH9300762011623852957", "MT84MALT011000012345MTLCAST001S", "SA0380000000608010167519", "BE68539007547034"],
)  # fmt: skip
def test_the_registry_s_own_examples_are_accounts(code):
    """Examples of the SWIFT IBAN Registry (ISO 13616)."""
    assert is_iban(code) and is_iban(code.lower())
    assert not is_iban(code[:-1]) and not is_iban(code + "0")


@given(st.sampled_from(["GB82WEST12345698765432", "BE68539007547034"]), st.integers(4, 15), st.integers(1, 9))
def test_any_single_wrong_digit_breaks_an_account(code, place, step):
    """ISO 7064 mod 97-10 detects every single substitution."""
    if code[place].isdigit():
        wrong = str((int(code[place]) + step) % 10)
        assert not is_iban(code[:place] + wrong + code[place + 1 :])


@given(st.text(alphabet="0123456789", min_size=12, max_size=18), st.integers(0, 11), st.integers(1, 9))
def test_any_single_wrong_digit_breaks_the_check_of_cards(body, place, step):
    number = next(body + d for d in "0123456789" if luhn(body + d))
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert not luhn(wrong)


@given(st.text(max_size=80))
def test_any_text_is_no_obstacle(text):
    assert all(h.kind in KINDS for h in hits(text, "phone"))


def codes(rng: np.random.Generator, n: int) -> dict[str, list[str]]:
    def digits(k: int) -> str:
        return "".join(map(str, rng.integers(0, 10, k)))

    made = {
        "ticket": lambda: f"T-{digits(6)}", "order": lambda: f"ORD-{rng.integers(2019, 2027)}-{digits(6)}",
        "amount": lambda: f"{rng.pareto(1) * 1000:,.2f}", "signed": lambda: f"+{rng.pareto(0.6) * 1000:.2f}",
        "day": lambda: f"{rng.integers(1, 29):02d}.{rng.integers(1, 13):02d}.{rng.integers(2000, 2027)} 1{digits(1)}:{digits(2)}",
        "moment": lambda: f"{np.datetime64('2020-01-01T00:00:00') + rng.integers(0, 10**8)}+0200",
        "uuid": lambda: str(uuid.UUID(bytes=rng.bytes(16))), "hash": lambda: rng.bytes(16).hex(),
        "release": lambda: ".".join(str(x) for x in rng.integers(0, 20, 4)), "ean": lambda: digits(13),
        "sixteen": lambda: digits(16), "groups of four": lambda: f"{digits(4)}-{digits(4)}-{digits(4)}",
        "voucher": lambda: f"{digits(4)} {digits(4)} {digits(4)} {digits(4)}", "sku": lambda: f"{digits(2)}-{digits(4)}-{digits(3)}",
        "epoch": lambda: str(rng.integers(1_500_000_000_000, 1_800_000_000_000)), "account": lambda: f"DE{digits(20)}",
        "place": lambda: f"{rng.uniform(-90, 90):.6f}, {rng.uniform(-180, 180):.6f}", "grouped": lambda: f"{rng.integers(1, 10**9):,}".replace(",", " "),
    }  # fmt: skip
    return {name: [make() for _ in range(n)] for name, make in made.items()}


def test_codes_amounts_and_dates_are_hit_less_than_once_in_ten_thousand():
    """Each kind of code as a column of its own, and within sentences: 200,000 values in all."""
    made, wrong, total = codes(np.random.default_rng(5), 5_600), 0, 0
    for values in made.values():
        sentences = [f"Hello, it is {v} since Monday, thanks" for v in values]
        for texts, kind in ((values, Kind.KEY), (sentences, Kind.FREE_TEXT)):
            wrong += len(kinds_by_text(texts, "value", kind))
            total += len(texts)
    assert total > 200_000
    assert wrong < total / 10_000


def test_a_column_of_numbers_as_long_as_cards_is_no_column_of_cards():
    rng = np.random.default_rng(6)
    numbers = [str(v) for v in rng.integers(4 * 10**15, 5 * 10**15, 500)]
    assert sum(map(is_card, numbers)) > 30
    assert kinds_by_text(numbers, "value", Kind.KEY) == {}
    cards = [next(n[:-1] + d for d in "0123456789" if luhn(n[:-1] + d)) for n in numbers]
    assert len(kinds_by_text(cards, "value", Kind.KEY)) == 500


def test_the_header_says_what_bare_digits_are():
    numbers = ["2025550123", "2025550188"]
    assert set(kinds_by_text(numbers, "customer phone", Kind.KEY).values()) == {frozenset({"phone"})}
    assert kinds_by_text(numbers, "order no", Kind.KEY) == {}
    assert kinds_by_text(["202-555-0123"], "sku", Kind.CODE) == {}


def scanned(frame):
    inspection = inspect(sample_of(frame, table(2)), seed=7)
    return inspection, find(inspection)


def test_what_was_found_is_told_by_kind_and_by_column():
    frame = put(table(1), "text", ["Please write to zoe.x@mail.example or ring +49 30 23125 199"], range(7))
    inspection, found = scanned(put(frame, "category", ["zoe.x@mail.example"], range(3, 10)))
    assert found["text"].told == "7 mail addresses, 7 phone numbers"
    assert found["category"].told == "7 mail addresses"
    got = scan(inspection, "raw")
    assert (got.by_kind, got.records, got.n) == ({"mail": 10, "phone": 7}, 10, 300)


def test_a_column_of_addresses_is_so_by_design():
    frame = table(1)
    frame["name"] = [f"u{i}@mail.example" for i in range(len(frame))]
    _, found = scanned(frame)
    (told,) = found["name"].observations
    assert told.sentence == "Most values of 'name' have the form of a mail address."
    assert (told.side, told.rate.hits, told.rate.n) == ("raw", 300, 300)


def test_names_of_people_are_told_by_header_and_form_and_mark_no_record():
    inspection, found = scanned(table(1))
    assert name_columns(inspection) == ("name",)
    assert found["name"].told == "looks like names of people"
    assert found["name"].raw.hits == 0
    assert name_columns(inspect(sample_of(table(1).rename(columns={"name": "place"}), None), seed=7)) == ()
