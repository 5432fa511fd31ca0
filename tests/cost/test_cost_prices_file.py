"""The price file: written from the list, edited by people, read strictly, and used before the list."""

import datetime as dt
from types import SimpleNamespace

import pytest
from cost_logs import MODEL, response
from ruamel.yaml import YAML

from flightready.cost import prices, prices_list
from flightready.cost.prices_file import read_price_file
from flightready.cost.prices_writing import Wanted, wanted_models, write_prices
from flightready.errors import InputError
from flightready.narrative import cost_prices as words
from flightready.pages import cost as pages
from flightready.study import open_study
from flightready.study.store import Store
from flightready.telemetry.reading import usage_of

DAY = dt.date(2026, 10, 15)
NOON = dt.datetime(2026, 10, 15, 12, tzinfo=dt.UTC)
OWN = """\
models:
  - model: my-model            # from the contract
    source: Contract 2026
    checked: 2026-09-01
    prices:
      - {input: 2, cached_input: 0.5, output: 8}
      - {above: 1000, input: 4, output: 16}
      - {tier: batch, input: 1, output: 4}
      - {tier: batch, from: 2026-10-01, input: 0.5, output: 2}
      - {tier: night, hours: 22:00 to 06:00, input: 0.25, output: 1}
      - {tier: night, input: 3, output: 9}
"""


@pytest.fixture
def book_of(pilot):
    def make(text=OWN, **cost):
        return prices.book(pilot({"price_file": "prices.yaml", **cost}, {"prices.yaml": text}))

    return make


@pytest.mark.parametrize(
    ("tier", "moment", "starts", "inputs", "is_listed"),
    [
        ("", NOON, (0, 1000), (2, 4), True),
        ("batch", NOON, (0,), (0.5,), True),
        ("batch", NOON - dt.timedelta(days=30), (0,), (1,), True),
        ("night", NOON, (0,), (3,), True),
        ("night", NOON.replace(hour=5), (0,), (0.25,), True),
        ("night", NOON.replace(hour=22), (0,), (0.25,), True),
        ("priority", NOON, (0, 1000), (2, 4), False),  # not in the file: as standard, and said
    ],
)
def test_what_a_row_says_of_a_moment(book_of, tier, moment, starts, inputs, is_listed):
    quote = book_of().quote("any", "My-Model", tier, moment)
    assert quote.bands.starts == starts
    assert [r.input * 1e6 for r in quote.bands.rates] == pytest.approx(list(inputs))
    assert (quote.tier_is_listed, quote.said_by, quote.dated) == (is_listed, "Contract 2026", dt.date(2026, 9, 1))


def test_the_assessment_comes_before_the_file_and_the_file_before_the_list(book_of):
    text = (
        f"factor: 0.5\nmodels:\n  - {{model: {MODEL}, factor: 0.5, prices: [{{input: 40, output: 8, call: 0.01}}]}}\n"
    )
    quote = book_of(text).quote("openai", MODEL, "", NOON)
    assert quote.bands.rates[0].input == pytest.approx(10e-6)  # a quarter of 40
    assert (quote.bands.rates[0].call, quote.said_by) == (0.0025, "times 0.25")
    own = {MODEL: {"input_per_million": "7 USD", "output_per_million": "8 USD"}}
    assert book_of(text, prices=own).quote("openai", MODEL, "", NOON).bands.rates[0].input == pytest.approx(7e-6)
    assert book_of(text).quote("openai", "gpt-4.1", "", NOON).bands.rates[0].input == pytest.approx(2e-6)


def test_the_same_model_of_two_providers_has_two_prices(book_of):
    text = ("models:\n  - {model: m, provider: a, prices: [{input: 1, output: 1}]}\n"
            "  - {model: m, prices: [{input: 2, output: 1}]}\n")  # fmt: skip
    book = book_of(text)
    assert [book.quote(p, "m", "", NOON).bands.rates[0].input * 1e6 for p in ("a", "b", "")] == [1, 2, 2]


BAD = "models:\n  - model: m\n    prices:\n      - {}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BAD.format("{inputt: 2, output: 8}"), r"prices.yaml, line 4, models.0.prices.0.inputt: unknown key 'inputt'.*mean 'input'"),
        (BAD.format("{input: -2, output: 8}"), r"prices.yaml, line 4.*input: -2 is not a price. Valid: 0 to 1,000,000,000,000,000"),
        (BAD.format("{input: 2 USD, output: 8}"), r"line 4.*'2 USD' is not a price. Valid: a number"),
        (BAD.format("{input: .nan, output: 8}"), "line 4.*nan is not a price"),
        (BAD.format("{input: 2}"), "line 4.*the key 'output' is missing"),
        (BAD.format("{above: 9, input: 2, output: 8}"), "line 2.*'m' has a price above 9 input tokens, but none for less"),
        (BAD.format("{above: -9, input: 2, output: 8}"), "line 4.*above"),
        (BAD.format("{input: 2, output: 8}\n      - {input: 3, output: 8}"), "line 2.*'m' has two prices for the same calls"),
        (BAD.format("{hours: 25:00 to 26:00, input: 2, output: 8}"), "line 4.*is no part of a day"),
        (BAD.format("{hours: noon, input: 2, output: 8}"), "line 4.*'noon' are no hours of a day"),
        (BAD.format("{hours: 00:00 to 12:00, input: 2, output: 8}"), "line 2.*hours of the day without a price"),
        (BAD.format("{input: 1, output: 1}\n      - {hours: 00:00 to 12:00, input: 2, output: 8}\n"
                    "      - {hours: 11:00 to 13:00, input: 2, output: 8}"), "line 2.*hours that overlap"),
        (BAD.format("{tier: batch, input: 2, output: 8}"), "line 2.*'m' has no price without a tier"),
        (BAD.format("{input: 2, output: 8}") + "  - {model: M, prices: [{input: 1, output: 1}]}\n",
         "prices.yaml, line 5: the model 'M' stands twice. .* the first is in line 2"),
        ("currency: XYZ\nmodels: []\n", "line 1, currency: 'XYZ' is not a valid value. Valid: USD, EUR"),
        ("currency: EUR\nmodels: []\n", "prices.yaml: its prices are in EUR, and the assessment is in USD"),
        ("factor: 0\nmodels: []\n", "line 1, factor: '0'"),
        ("currency: USD\n", "prices.yaml.*the key 'models' is missing"),
        ("models: {m: 2}\n", "line 1, models"),
        ("- m\n", "prices.yaml: the top level is a .*, not keys with values. Valid: models:"),
        ("# nothing\n", "prices.yaml: the file is empty. Valid: models:"),
        ("", r"line \d, cost.price_file: the file 'prices.yaml' is empty"),
        (b"models: \xff\n", "prices.yaml: byte 8 is not UTF-8"),
        (None, r"line \d, cost.price_file: the file 'prices.yaml' is not there"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_with_its_line(pilot, tmp_path, text, message):
    made = pilot({"price_file": "prices.yaml"})
    if text is not None:
        (tmp_path / "prices.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message):
        prices.book(made)


def test_a_second_run_changes_nothing_and_keeps_what_people_wrote(tmp_path):
    path, wanted = (
        tmp_path / "prices.yaml",
        [Wanted("openai", MODEL), Wanted("", "gpt-5.4"), Wanted("", "no-such", True)],
    )
    first = write_prices(path, wanted, as_of=DAY)
    assert (first.added, [w.model for w in first.unknown]) == ((MODEL, "gpt-5.4"), ["no-such"])
    written = path.read_text()
    assert write_prices(path, wanted, as_of=DAY).same == (MODEL, "gpt-5.4")
    assert path.read_text() == written
    edited = written.replace("{input: 2, cached_input: 0.5, output: 8}", "{input: 1.5, output: 6}  # our contract") + (
        "  - model: no-such\n    prices:\n      - {input: 1, output: 2}\n"
    )
    path.write_text(edited)
    assert write_prices(path, wanted, as_of=DAY).kept == (MODEL, "no-such")
    assert path.read_text() == edited
    entry = read_price_file(path).find("openai", MODEL)
    assert entry.is_edited and entry.bands("", NOON)[0].rates[0].input == pytest.approx(1.5e-6)
    assert write_prices(path, wanted, as_of=DAY, force=True).updated == (MODEL,)
    assert read_price_file(path).find("openai", MODEL).prices[0].input == 2


def test_an_entry_is_never_dated_later_than_the_list(tmp_path):
    path = tmp_path / "prices.yaml"
    write_prices(path, [Wanted("", MODEL)], as_of=dt.date(2030, 1, 1))
    assert read_price_file(path).models[0].checked == prices_list.newest_price() < dt.date(2030, 1, 1)
    path.write_text(path.read_text().replace(f"checked: {prices_list.newest_price()}", "checked: 2029-12-24"))
    assert write_prices(path, [Wanted("", MODEL)], as_of=dt.date(2030, 1, 1)).same == (MODEL,)
    assert read_price_file(path).models[0].checked == dt.date(2029, 12, 24)  # somebody looked at it since


def test_the_example_in_the_documents_is_a_price_file(root, tmp_path):
    text = (root / "docs/prices.md").read_text().split("```yaml")[1].split("```")[0]
    (tmp_path / "prices.yaml").write_text(text)
    found = read_price_file(tmp_path / "prices.yaml").find("openai", "gpt-5.4")
    assert found.bands("flex", NOON.replace(hour=23))[0].rates[0].input == pytest.approx(0.8e-6)


def test_every_model_that_the_pilot_names_is_wanted_once(pilot):
    options = [
        {"name": "Smaller", "model": "gpt-4.1-mini"},
        {"name": "Same", "model": MODEL},
        {"name": "Batch", "tier": "batch"},
    ]
    made = pilot({"usage": "l.jsonl", "options": options, "per_request": {"model": "gpt-5", "input_tokens": 1, "output_tokens": 1},
                  "retirement": {MODEL: {"on": "2027-01-01", "successor": "Smaller"},
                                 "gpt-5": {"on": "2027-01-01", "successor": "gpt-5.4"}}},
                 {"l.jsonl": [response(0, n) for n in range(3)]})  # fmt: skip
    found = wanted_models(made, usage_of(made))
    assert [(w.provider, w.model, w.is_used) for w in found] == [
        ("", "gpt-5", True), ("openai", MODEL, True), ("", "gpt-4.1-mini", False), ("", "gpt-5.4", False)]  # fmt: skip


@pytest.fixture
def study(pilot, fortnight, tmp_path):
    """The study of a fortnight, with what else the assessment says of cost; its results are kept in a store."""

    def make(cost=None, files=None, as_of="2026-10-15", **sections):
        pilot({"usage": "l.jsonl", **(cost or {})}, {"l.jsonl": fortnight, **(files or {})}, **sections)
        return open_study(tmp_path, as_of=as_of, store=Store(tmp_path / "store"))

    return make


def test_a_result_survives_another_price_list_and_an_edit_is_noticed(study, tmp_path, monkeypatch):
    write_prices(tmp_path / "prices.yaml", [Wanted("openai", MODEL)], as_of=DAY)
    by_list = study().cost
    assert "may change" not in " ".join(words.meaning_prices(by_list))

    def another_list(*_, **__):
        raise AssertionError("the list of the program is asked")

    monkeypatch.setattr(prices_list, "_priced", another_list)
    monkeypatch.setattr(prices_list, "_PROBED", {})
    by_file = study({"price_file": "prices.yaml"})
    assert by_file.cost.pilot_per_request_usd == by_list.pilot_per_request_usd
    assert (by_file.cost.per_request_usd == by_list.per_request_usd).all()
    assert "prices.yaml" in by_file.input_digests
    text = (tmp_path / "prices.yaml").read_text()
    (tmp_path / "prices.yaml").write_text(
        text.replace("input: 2, cached_input: 0.5, output: 8", "input: 4, output: 16")
    )
    edited = study({"price_file": "prices.yaml"}).cost
    assert edited.pilot_per_request_usd == pytest.approx(2 * by_list.pilot_per_request_usd)
    assert "changed by hand" in repr(pages.prices_used(SimpleNamespace(cost=edited)))


@pytest.mark.parametrize(
    ("as_of", "cost", "said", "is_old"),
    [
        ("2026-10-15", {}, "All of them were checked on 2026-10-15 or later.", False),
        ("2026-12-09", {}, "had been checked 30 days before", False),
        ("2027-03-09", {}, f"The price of {MODEL} had last been checked 120 days before 2027-03-09", True),
        ("2027-03-09", {"checked": dt.date(2027, 3, 1)}, "had been checked 8 days before", False),
        ("2027-03-09", {"checked": None}, "Nobody says when the price of", False),
    ],
)
def test_old_prices_are_said_in_the_answer(study, as_of, cost, said, is_old):
    own = {MODEL: {"input_per_million": "2 USD", "output_per_million": "8 USD", **cost}}
    found = study({"prices": own} if cost else {}, as_of=as_of)
    assert said in " ".join(pages.meaning_prices(found).paragraphs)
    assert any("longer ago than" in p for p in pages.answer(found).paragraphs) == is_old


RATE = {"exchange_rate": {"value": "0.85 to 0.95", "source": "ECB", "checked": dt.date(2026, 10, 1)}}


def test_a_stated_rate_converts_and_is_said(study):
    dollars, euros = study().cost, study({**RATE, "approved": "9 EUR per month"}, currency="EUR").cost
    rate = (0.85 * 0.95) ** 0.5  # the median of a lognormal is its geometric middle
    assert (euros.currency, euros.is_comparable, dollars.currency) == ("EUR", True, "USD")
    assert euros.pilot_per_request_usd == pytest.approx(rate * dollars.pilot_per_request_usd)
    assert euros.per_request.high / euros.per_request.low > dollars.per_request.high / dollars.per_request.low
    assert words.caveats(euros) == ("Prices in US dollars were converted at 0.85 to 0.95 EUR for one dollar (source: ECB; "
                                    "checked 2026-10-01).",)  # fmt: skip
    assert study(currency="EUR").cost.currency == "USD"  # nothing is converted without it
    with pytest.raises(InputError, match="an exchange rate for an assessment in US dollars"):
        assert study(RATE).cost


def test_own_prices_and_list_prices_add_up_once_a_rate_is_stated(pilot):
    own = {"my-model": {"input_per_million": "2 EUR", "output_per_million": "8 EUR"}}
    book = prices.book(pilot({"prices": own, "exchange_rate": 0.5}, currency="EUR"))
    quotes = [book.quote("", model, "", NOON) for model in ("my-model", "gpt-4.1")]
    assert [(q.currency, round(q.bands.rates[0].input * 1e6, 9)) for q in quotes] == [("EUR", 2), ("EUR", 1)]


def test_every_listed_price_can_be_written_as_yaml(tmp_path):
    write_prices(tmp_path / "prices.yaml", [Wanted("deepseek", "deepseek-chat")], as_of=DAY)
    entry = YAML(typ="safe").load((tmp_path / "prices.yaml").read_text())["models"][0]
    # cheaper from 16:30 to 00:30 UTC (api-docs.deepseek.com, 2025), which is two stretches of one day
    assert [row.get("hours") for row in entry["prices"]] == [None, "00:00 to 00:30", "16:30 to 24:00"]
