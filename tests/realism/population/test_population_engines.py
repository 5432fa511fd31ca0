"""The same profile and the same sample on DuckDB, PostgreSQL and Spark: counts equal, estimates within their error."""

import datetime as dt
from dataclasses import asdict

import numpy as np
import pytest

from flightready import policy
from flightready.assessment import load
from flightready.realism.population.connection import opened
from flightready.realism.population.profile import _months, profile
from flightready.realism.population.sampling import draw

AS_OF = dt.date(2026, 9, 30)
ENGINES = [
    "duckdb",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("spark", marks=pytest.mark.spark),
]
EXACT = ("column", "type", "nulls", "first", "last", "future")
TEXT_COUNTS = (
    "blank",
    "null_words",
    "digits",
    "decimal_comma",
    "date_like",
    "replaced",
    "shortest",
    "longest",
    "masks",
    "categories",
)


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param, request.getfixturevalue(f"on_{request.param}")


PROFILES = {}  # by engine and options: a profile on Spark takes seconds


def profiled(engine, *, time="at", exact=False):
    wanted = (engine[0], time, exact)
    if wanted not in PROFILES:
        with opened(load(engine[1])) as population:
            PROFILES[wanted] = profile(population, as_of=AS_OF, key="id", time=time, exact=exact)
    return PROFILES[wanted]


def months(engine, time):
    with opened(load(engine[1])) as population:
        return _months(population, time, AS_OF, [])


@pytest.fixture(scope="module")
def truth(table):
    return table.to_pandas()


def test_counts_are_those_of_the_table(engine, truth):
    got = profiled(engine)
    assert got.n == len(truth) and got.duplicate_keys == 20
    for column in got.columns:
        assert column.nulls == (0 if column.column == "amount" else truth[column.column].isna().sum())
    odd, amount = got.column("odd").texts, got.column("amount")
    held = truth["odd"].dropna()
    assert odd.blank == held.isin(["", "  ", "\t"]).sum()
    assert odd.null_words == held.isin(["n/a", "N/A", " Unknown ", "-"]).sum()
    assert odd.digits == held.isin(["42", " 0815 "]).sum()
    assert odd.decimal_comma == held.isin(["1.234,50", "12,5"]).sum()
    assert odd.date_like == held.isin(["2026-03-01", "03.02.2026", "3/4/26"]).sum()
    assert odd.replaced == (held == "caf\ufffd").sum()
    assert (odd.shortest, odd.longest) == (0, 10)
    assert amount.nulls == 0 and amount.numbers.not_finite == 3
    finite = truth["amount"][np.isfinite(truth["amount"])]
    assert amount.numbers.mean == pytest.approx(finite.mean()) and amount.numbers.sd == pytest.approx(finite.std())
    assert (amount.numbers.least, amount.numbers.largest) == pytest.approx((finite.min(), finite.max()))
    assert got.column("day").first == truth["day"].min() and got.column("day").last == truth["day"].max()
    assert got.column("day").future == sum(d > AS_OF for d in truth["day"])


def test_no_value_of_a_text_or_an_id_is_in_the_profile(engine):
    got = profiled(engine)
    said = repr(asdict(got))
    for value in ("Anna", "Nym", "T-0", "end", "yesterday"):
        assert value not in said
    assert got.column("id").texts.masks == {"A-9": 3000} and got.column("note").texts.masks == {}
    assert got.column("contact").texts.categories == {"desk": 2940}
    # a class in one row of a hundred is shown, as it stands in more than one of two hundred
    assert set(got.column("channel").texts.categories) == {"web", "mail", "app"}


def test_months_of_a_time_a_day_and_a_text(engine, truth):
    by_time, by_day, by_text = (months(engine, t) for t in ("at", "day", "written"))
    past = [d for d in truth["day"] if d <= AS_OF]
    assert sum(by_day.rows.values()) == len(past) and by_day.rows["2025-03"] == sum(
        str(d)[:7] == "2025-03" for d in past
    )
    assert by_time.rows == by_day.rows and by_time.future == by_day.future == len(truth) - len(past)
    assert by_text.undated == 3 and sum(by_text.rows.values()) + by_text.future + 3 == len(truth)


def test_estimates_are_within_their_stated_error(engine, truth):
    got = profiled(engine)
    assert got.distinct_error == policy.value("population_distinct_error")[engine[0]]
    for name in ("big", "qty", "written", "note"):
        column, real = got.column(name), truth[name].nunique()
        # four standard errors: one false alarm in 16,000
        assert abs(column.distinct - real) <= 4 * got.distinct_error * real + (0 if column.distinct_is_exact else 1), (
            name
        )
    ordered = np.sort(truth["amount"][np.isfinite(truth["amount"])])
    for share, value in got.column("amount").numbers.quantiles.items():
        rank = np.searchsorted(ordered, value) / len(ordered)
        assert abs(rank - float(share)) <= got.quantile_error + 1 / len(ordered), share


def test_exact_on_request(engine, truth):
    got = profiled(engine, exact=True)
    assert got.distinct_error == got.quantile_error == 0
    for name in ("big", "qty", "written", "note", "odd", "at"):
        assert got.column(name).distinct == truth[name].nunique() and got.column(name).distinct_is_exact
    finite = truth["amount"][np.isfinite(truth["amount"])]
    assert got.column("amount").numbers.quantiles["0.25"] == pytest.approx(finite.quantile(0.25))


def test_every_engine_says_the_same(engine, on_duckdb):
    here, there = profiled(engine), profiled(("duckdb", on_duckdb))
    assert here.n == there.n and here.months == there.months and here.duplicate_keys == there.duplicate_keys
    for a, b in zip(here.columns, there.columns, strict=True):
        assert [getattr(a, f) for f in EXACT] == [getattr(b, f) for f in EXACT]
        if a.texts:
            assert {f: getattr(a.texts, f) for f in TEXT_COUNTS} == {f: getattr(b.texts, f) for f in TEXT_COUNTS}
            assert a.texts.mean_length == pytest.approx(b.texts.mean_length)


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_rows_are_drawn_everywhere(engine, on_duckdb, seed):
    draws = []
    for folder in (engine[1], on_duckdb):
        with opened(load(folder)) as population:
            draws.append(draw(population, 50, seed=seed, as_of=AS_OF, key="id"))
    here, there = draws
    assert here.columns == there.columns and len(here.rows) == 50
    same = [i for i, c in enumerate(here.columns) if c not in ("amount",)]
    assert [[r[i] for i in same] for r in here.rows] == [[r[i] for i in same] for r in there.rows]
    assert here.population_rows == 3000


@pytest.mark.parametrize("n", [1, 2999, 5000])
def test_any_number_of_rows(engine, n):
    with opened(load(engine[1])) as population:
        assert len(draw(population, n, seed=1, as_of=AS_OF, key="id").rows) == min(n, 3000)
