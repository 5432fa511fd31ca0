"""Costs of an organisation by line item, by themselves and joined with the usage export."""

import json

import pytest

from flightready.errors import InputError
from flightready.telemetry import read_usage

MODEL = "gpt-4.1-mini-2025-04-14"
DAY = 86_400
START = 1_789_948_800


def page(*buckets):
    return {"object": "page", "data": list(buckets), "has_more": False}


def bucket(start, end, *results):
    return {"object": "bucket", "start_time": start, "end_time": end, "results": list(results)}


def cost(value, item, currency="usd"):
    return {"object": "organization.costs.result", "amount": {"value": value, "currency": currency}, "line_item": item}


def used(tokens, model=MODEL):
    return {"object": "organization.usage.completions.result", "input_tokens": tokens, "output_tokens": 0,
            "input_cached_tokens": 0, "num_model_requests": 10, "model": model}  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def both(usage, costs):
        paths = []
        for name, content in (("usage.json", usage), ("costs.json", costs)):
            (tmp_path / name).write_text(json.dumps(content))
            paths += [tmp_path / name]
        return read_usage(paths if usage else paths[1:], where="")

    return both


def test_a_days_cost_is_shared_by_its_hours(read):
    hours = page(*(bucket(START + h * 3600, START + (h + 1) * 3600, used(100 * (h + 1))) for h in range(2)))
    costs = page(bucket(START, START + DAY, cost(0.02, f"{MODEL}, input"), cost(0.04, f"{MODEL}, output")))
    log = read(hours, costs)
    assert log.buckets["cost_usd"].tolist() == pytest.approx([0.02, 0.04])  # 100 and 200 tokens
    assert log.buckets["requests"].tolist() == [10, 10]


def test_usage_without_models_takes_the_costs_of_all_of_them(read):
    log = read(page(bucket(START, START + DAY, used(100, model=None))),
               page(bucket(START, START + DAY, cost(0.02, f"{MODEL}, input"), cost(0.5, "Image models"))))  # fmt: skip
    assert log.buckets["cost_usd"].tolist() == pytest.approx([0.52])


def test_costs_that_name_no_line_item_are_those_of_all_models(read):
    # an export that was not grouped by line item; as rows of their own these amounts would be paid twice
    log = read(page(bucket(START, START + DAY, used(100), used(300, model="gpt-5-2025-08-07"))),
               page(bucket(START, START + DAY, cost(0.04, None))))  # fmt: skip
    assert log.buckets["cost_usd"].tolist() == pytest.approx([0.01, 0.03])


def test_a_line_item_that_no_tokens_stand_behind_is_a_row_of_its_own(read):
    log = read(page(bucket(START, START + DAY, used(100))),
               page(bucket(START, START + DAY, cost(0.02, f"{MODEL}, input"), cost(0.5, "Web search tool calls"))))  # fmt: skip
    assert sorted(log.buckets["cost_usd"]) == pytest.approx([0.02, 0.5])
    assert log.buckets["requests"].sum() == 10
    assert log.buckets["input_total"].sum() == 100


def test_another_currency_is_said_and_left_out(read):
    log = read(page(bucket(START, START + DAY, used(100))),
               page(bucket(START, START + DAY, cost(0.02, f"{MODEL}, input", "eur"))))  # fmt: skip
    assert log.buckets["cost_usd"].isna().all()
    assert log.notes == ("costs.json: its amounts are in EUR and are left out, because nothing is converted",)


def test_costs_alone_are_no_usage(read):
    with pytest.raises(InputError, match="neither tokens nor requests"):
        read(None, page(bucket(START, START + DAY, cost(0.02, f"{MODEL}, input"))))


def test_an_amount_that_is_none_is_named(read):
    with pytest.raises(InputError, match="costs.json, bucket 1: an amount is not a number"):
        read(None, page(bucket(START, START + DAY, cost("much", "x"))))
