"""The pilot's log priced anew: known ratios on the same draws, and no price that is guessed."""

import numpy as np
import pytest
from cost_logs import MODEL, bucket
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from option_rows import CALLS, compared, pair

from flightready.errors import InputError

MINI = "gpt-4.1-mini-2025-04-14"
OWN = {"prices": {"own": {"input_per_million": "1 USD", "output_per_million": "4 USD"}}}
TYPED = {"per_request": {"model": MODEL, "input_tokens": "800 to 1_200", "output_tokens": 100}}
# at 2, 0.5 (cached) and 8 USD a million tokens a call of 1,000 and 100 costs 2.8 thousandths; mini 0.4, 0.1 and 1.6;
# batches of both half for fresh input and output (openai.com/api/pricing, 2025)
RATIOS = [
    ({"model": MINI}, 0.2),
    ({"model": MINI, "tokens": 1.5}, 0.3),
    ({"tier": "batch"}, 0.5),
    ({"cached_share": "50%"}, (500 * 2 + 500 * 0.5 + 800) / 2800),
    ({"cached_share": "50%", "tokens": 2}, 2 * (500 * 2 + 500 * 0.5 + 800) / 2800),
    ({"model": "own"}, (1000 * 1 + 100 * 4) / 2800),
]


@pytest.mark.parametrize(("option", "ratio"), RATIOS)
def test_an_option_costs_the_same_part_of_the_pilot_in_every_draw(tmp_path, option, ratio):
    own, other = pair(tmp_path, option, cost=OWN)
    assert np.allclose(other.monthly_draws, ratio * own.monthly_draws)
    assert other.per_request.median == pytest.approx(ratio * own.per_request.median)
    assert other.cheaper_chance == (ratio < 1)


@pytest.mark.parametrize("option", [{}, {"model": MODEL}, {"tokens": 1}, {"cached_share": "0%"}, {"tier": "standard"}])
@pytest.mark.parametrize("source", [{}, {"log": None, "cost": TYPED}], ids=["log", "typed"])
def test_the_pilots_own_way_costs_exactly_the_same_in_every_draw(tmp_path, option, source):
    own, other = pair(tmp_path, option, **source)
    assert np.array_equal(other.monthly_draws, own.monthly_draws)
    assert (other.cheaper_chance, other.three_years.median) == (0.0, own.three_years.median)


def test_a_bucket_and_a_typed_request_are_priced_like_a_call(tmp_path):
    export = [{"object": "page", "data": [bucket(d, requests=10, fresh=10_000, output=1_000) for d in range(8)],
               "has_more": False, "next_page": None}]  # fmt: skip
    for source in (
        {"log": export},
        {"log": None, "cost": {"per_request": {**TYPED["per_request"], "input_tokens": 1000}}},
    ):
        own, other = pair(tmp_path, {"model": MINI}, **source)
        assert np.allclose(other.monthly_draws, 0.2 * own.monthly_draws)


def test_without_a_workload_options_are_compared_by_the_request(tmp_path):
    result = compared(tmp_path, {"name": "Small", "model": MINI}, workload=None)
    own, small = result.options
    assert small.per_request.median == pytest.approx(0.2 * own.per_request.median)
    assert (small.cheaper_chance, small.monthly) == (1.0, None)
    assert "workload" in {a.key for a in result.absences}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted))
def test_more_from_the_cache_is_never_dearer_where_cached_input_costs_less(tmp_path, shares):
    options = [{"name": f"Option {i}", "cached_share": f"{s}%"} for i, s in enumerate(shares)]
    _, less, more = compared(tmp_path, *options, log=CALLS[:8]).options
    assert np.all(more.monthly_draws <= less.monthly_draws)


@pytest.mark.parametrize(
    ("option", "changes", "words"),
    [
        ({"tier": "flex"}, {}, f"The price list has no such price for '{MODEL}'"),
        ({"model": "own", "tier": "batch"}, {"cost": OWN}, "cost.prices gives one price for 'own'"),
        ({"tier": "batch"}, {"as_of": None, "log": None, "cost": {"bill": "30 USD for 9_000 requests"}}, "A bill says nothing of tokens"),
        ({"model": MINI}, {"log": None}, "No input says how many tokens"),
        ({"setup": "100 EUR"}, {"currency": "EUR"}, "Its amounts are in EUR, the pilot's in USD"),
    ],
)  # fmt: skip
def test_what_cannot_be_priced_says_why_and_is_not_priced_as_something_else(tmp_path, option, changes, words):
    _, other = pair(tmp_path, option, **changes)
    assert other.monthly is None and other.per_request is None and other.cheaper_chance is None
    assert words in other.notes[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([{"name": "A", "model": "gqt-5-mini"}], "cost.options.0.model: no price is known for the model 'gqt-5-mini'"),
        ([{"name": "A", "model": "gqt-5-mini"}], "Did you mean 'gpt-5-mini'"),
        (
            [{"name": "A", "candidate": "smal"}],
            "'smal' is no candidate of the evaluation. Valid: 'small'. Did you mean 'small'?",
        ),
        ([{"name": "A"}, {"name": "a", "tier": "batch"}], "'a' is the name of two options"),
        ([{"name": "The pilot's own way"}], "is the name of the pilot itself"),
    ],
)
def test_mistakes_name_the_line_and_the_cure(tmp_path, options, words):
    known = {"candidates": [{"name": "small", "file": "small.csv", "prediction": "answer"}]}
    with pytest.raises(InputError) as told:
        compared(tmp_path, *options, evaluation=known)
    assert words in str(told.value)
    assert "assessment.yaml, line " in str(told.value)


def test_amounts_without_tokens_stay_as_they_are_and_are_never_priced_as_another_model(tmp_path):
    head = "time,model,input_tokens,output_tokens,cost_usd\n"
    (tmp_path / "fees.csv").write_text(
        head + "".join(f"2026-09-{14 + d} 09:00:00,{MODEL},0,0,0.01\n" for d in range(8))
    )
    _, other = pair(tmp_path, {"model": MINI}, log=None, cost={"usage": "fees.csv"})
    assert other.monthly is None
    assert "states what was paid and no tokens" in other.notes[0]
    rows = "".join(f"2026-09-{14 + d} 10:00:00,{MODEL},1000,100,\n" for d in range(8))
    (tmp_path / "fees.csv").write_text((tmp_path / "fees.csv").read_text() + rows)
    own, other = pair(tmp_path, {"model": MINI}, log=None, cost={"usage": "fees.csv"})
    assert np.allclose(other.monthly_draws, (0.01 + 0.2 * 0.0028) / 0.0128 * own.monthly_draws)
    assert "78.1 % of the spend is amounts without tokens" in other.notes[0]
