"""The search for the cheapest policy from an assessment to its cells: what is stated, what is missing, what is wrong."""

import copy

import pytest
from ruamel.yaml import YAML

from flightready.errors import InputError
from flightready.evidence import Grade, State
from flightready.pages.latency import search as cells
from flightready.study import open_study
from flightready.study.store import Store

DOCUMENT = {
    "name": "Test",
    "workload": {"users_per_day": 86_400, "requests_per_user": 1, "peak_to_mean": 2, "peak_minute": 1.2},
    "cost": {"bill": "30 USD for 10_000 requests"},
    "latency": {
        "stages": {"model": {"p50": "1 s", "p95": "2 s"}}, "budget": {"p95": "3 s"}, "limits": {"concurrency": 2},
        "policy": {"timeout": "10 s", "retries": 0},
        "search": {"concurrency": [4, 8], "per_served": "50 USD per month"},
    },
}  # fmt: skip
"""Two requests a second at the peak, each about 1.1 s of work; 2.6 million requests a month at 0.003 USD."""
OTHER = {"name": "Bought", "kind": "buy", "per_request": "0.001 USD", "p95": "1 s", "accuracy": "90%"}


def study_of(folder, **changes):
    """Return the study of the document with some places changed: `latency__budget=None` takes one out."""
    document = copy.deepcopy(DOCUMENT)
    for place, value in changes.items():
        *path, last = place.split("__")
        section = document
        for key in path:
            section = section.setdefault(key, {})
        if value is None:
            section.pop(last)
        else:
            section[last] = value
    with (folder / "assessment.yaml").open("w") as stream:
        YAML().dump(document, stream)
    return open_study(folder, as_of="2026-11-01", store=Store(folder / "store"))


def told(study):
    return "\n".join(map(repr, (cells.policy_answer(study), cells.policy_meaning(study), cells.policy_table(study),
                                cells.policy_changes(study), cells.policy_notes(study))))  # fmt: skip


def test_the_cheapest_policy_is_told_with_its_cost_and_kept(tmp_path):
    study = study_of(tmp_path)
    result = study.policy
    assert result.chosen.policy.concurrency == 4
    assert study.cost.monthly.median == pytest.approx(86_400 * 365.25 / 12 * 0.003, rel=0.05)
    assert result.chosen.monthly_usd == pytest.approx(study.cost.monthly.median + 4 * 50)
    assert result.grade is Grade.ESTIMATED  # times are typed in
    assert (result.present.state, result.present.holds_chance) == (State.FAIL, 0.0)
    text = told(study)
    assert "the cheapest policy that keeps every budget is 4 served at once" in text
    assert "It costs about $7,930 a month" in text
    assert "8 served at once instead of 4 | +$200 | 9" in text
    assert "present | 2 | " in text
    assert "Within 3.0 s, of 100 (95 needed)" in cells.policy_table(study).head
    chart = cells.policy_chart(study)
    assert "$7,930" in chart.layout.title.text
    assert {"cheapest that holds", "present policy"} <= {trace.name for trace in chart.data}
    again = open_study(tmp_path, as_of="2026-11-01", store=Store(tmp_path / "store"))
    assert told(again) == text


def test_without_a_stated_search_the_house_values_are_tried_and_said(tmp_path):
    study = study_of(tmp_path, latency__search={"per_served": "50 USD per month"}, latency__budget={"p95": "2500 ms"})
    offered = study.policy.choices
    assert offered.concurrency == (1, 2, 4, 8)
    assert (offered.timeout_s, offered.retries) == ((5.0, 10.0, 20.0), (0, 1, 2))
    assert (offered.cached_share, offered.tier, offered.model) == ((0.0,), ("",), ("",))
    assert "the house's own" in told(study)


@pytest.mark.parametrize(("changes", "missing"), [
    ({"workload": None}, "planned load"), ({"latency__budget": None}, "latency budget"),
    ({"latency__stages": None}, "traces of the pilot's requests"),
])  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_drawn(tmp_path, changes, missing):
    study = study_of(tmp_path, **changes)
    assert missing in repr(cells.policy_answer(study))
    assert not any(cells.policy_chart(study).paragraphs)
    assert study.policy.present is None


def test_what_is_in_the_way_is_told_where_nothing_holds(tmp_path):
    study = study_of(tmp_path, latency__budget={"p95": "1 s"}, cost__options=[OTHER], latency__search__models=["Bought"],
                     latency__availability={"target": "99.9%", "upstreams": [{"name": "a", "available": "99%"}]})  # fmt: skip
    text = told(study)
    assert "None of the 3 policies" in text
    assert "Even if it answered every request, they would get an answer in 99 % of the time" in text
    assert "In the way: the time of the requests themselves. It takes 95 of 100 attempts within" in text
    assert "'Bought' may not be chosen: how often it is right was not measured" in text


@pytest.mark.parametrize(("options", "names", "problem"), [
    ([OTHER], ["Bouhgt"], "'Bouhgt' is no option under cost.options"),
    ([{k: v for k, v in OTHER.items() if k != "p95"}], ["Bought"], "does not say how long it takes"),
])  # fmt: skip
def test_a_model_that_cannot_be_tried_is_named(tmp_path, options, names, problem):
    study = study_of(tmp_path, cost__options=options, latency__search__models=names)
    with pytest.raises(InputError, match=problem):
        study.policy  # noqa: B018


def test_amounts_in_another_currency_are_left_out_and_said(tmp_path):
    tokens = {"model": "gpt-4.1-2025-04-14", "input_tokens": 1_000, "output_tokens": 100}  # listed in USD
    study = study_of(tmp_path, currency="EUR", cost={"per_request": tokens},
                     latency__search__per_served="50 EUR per month")  # fmt: skip
    assert study.policy.chosen.monthly_usd == pytest.approx(study.cost.per_request.median * 86_400 * 365.25 / 12)
    assert "Amounts of latency.search are in EUR, those of the calls in USD" in told(study)


def test_differences_are_as_precise_as_the_amounts_and_never_in_cents():
    moved = [cells._moved(27_100 + by, 27_100, "USD") for by in (10_480, -96, 192, 16)]
    assert moved == ["+$10,500", "-$100", "+$200", "the same"]
    assert cells._moved(7.0, 0.0, "USD") == "+$7"


def test_nothing_is_drawn_over_cost_where_nothing_has_a_price(tmp_path):
    study = study_of(tmp_path, cost={}, latency__search={"concurrency": [4, 8]})
    assert not any(cells.policy_chart(study).paragraphs)
    assert "A month" not in cells.policy_table(study).head
    assert "What it costs is not stated" in repr(cells.policy_answer(study))


def test_without_a_cost_of_a_request_places_alone_have_a_price(tmp_path):
    study = study_of(tmp_path, cost={})
    assert study.policy.chosen.monthly_usd == pytest.approx(200)
    assert "What a request costs is not known" in told(study)
