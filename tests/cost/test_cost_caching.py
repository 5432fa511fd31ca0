"""The provider's cache replayed from gaps, where the rate of hits is known; what the gaps do not explain is refused."""

from types import SimpleNamespace

import numpy as np
import pytest
from cost_logs import MODEL, bucket
from genai_prices import Usage, calc_price

from flightready.cost import caching
from flightready.cost.breakeven import Batch, batch, least_hit_rate, main_model, uses_to_pay
from flightready.cost.caching import Caching, Replay
from flightready.cost.spend import analyse
from flightready.draws import JointSample, summarise
from flightready.evidence import Grade, Interval
from flightready.narrative import cost_caching as words
from flightready.pages import cost as pages
from flightready.quantity import DAYS_PER_MONTH
from flightready.telemetry.frames import UsageLog, calls_frame
from flightready.traffic.demand import plan

START = np.datetime64("2026-09-14T00:00:00", "ns")
LIFE_S, READ = 300.0, 2000
SAVED = READ * (2 - 0.5) / 1e6  # by a hit, at 2 USD a million fresh and .5 cached


def frame(seconds, hit, *, tokens=5000, **names):
    """Calls at these seconds, of which some read from the cache."""
    times = START + (1e9 * np.sort(seconds)).astype("timedelta64[ns]")
    cached = np.where(hit, READ, 0)
    ids = [str(i) for i in range(len(seconds))]
    return calls_frame({"time": times, "request": ids, "outcome": ids, "provider": "openai", "model": MODEL,
                        "status": "ok", "input_total": np.full(len(seconds), tokens), "cache_read": cached,
                        "output": np.full(len(seconds), 100), "attempt": np.ones(len(seconds), dtype=int)} | names,
                       where="made")  # fmt: skip


def by_gaps(seconds):
    """Which calls hit when all share one beginning that lives 300 s after its last use."""
    return np.diff(np.sort(seconds), prepend=-np.inf) <= LIFE_S


def poisson(n, mean_s, seed=5):
    return np.cumsum(np.random.default_rng(seed).exponential(mean_s, n))


@pytest.fixture
def replayed(pilot):
    """Make a pilot with these calls or buckets, and return what its cache does at the planned load."""

    def run(calls, *, users=None, model=MODEL):
        made = pilot({"per_request": {"model": model, "input_tokens": 1, "output_tokens": 1}},
                     workload={"users_per_day": users, "requests_per_user": 1} if users else {})  # fmt: skip
        joint = JointSample(made.spec.seed, replicates=4, draws=256)
        return analyse(made, joint, plan(made, joint), usage=UsageLog(calls, None, ("made",))).caching

    return run


@pytest.mark.parametrize(
    ("gap", "ratio", "rate"), [(200.0, 1, 1.0), (400.0, 1, 0.0), (400.0, 2, 1.0), (200.0, 0.5, 0.0)]
)
def test_periodic_calls_hit_all_or_none(gap, ratio, rate):
    """The first call of all never hits; one load more or less brings a gap under the life of the cache or above it."""
    gaps = np.r_[np.inf, np.full(99, gap)]
    for shared_by, expected in ((caching.MODEL, rate), (caching.SESSION, float(gap == 200))):
        replay = Replay(shared_by, LIFE_S, gaps, gaps < 0)
        found = replay.in_time(np.full((1, 4), ratio), np.zeros(100, dtype=int), np.random.default_rng(0))
        assert found == pytest.approx(0.99 * expected)


def test_random_calls_hit_as_the_exponential_says(replayed):
    """Poisson calls every 10 minutes, kept for 5: 1 - exp(-.5) hit; at ten times the load 1 - exp(-5)."""
    seconds = poisson(6000, 600.0)
    per_day = 86_400 / 600
    found = replayed(frame(seconds, by_gaps(seconds)), users=10 * per_day)
    assert (found.state, found.shared_by, found.lives_s, found.foretold) == (caching.FOUND, caching.MODEL, LIFE_S, 1.0)
    assert found.hit_rate == pytest.approx(1 - np.exp(-0.5), abs=0.02)
    assert found.at_plan.median == pytest.approx(1 - np.exp(-5), abs=0.004)
    assert found.at_plan.low < 1 - np.exp(-5) < found.at_plan.high
    month = 10 * per_day * DAYS_PER_MONTH
    assert found.saved.median == pytest.approx(month * SAVED * found.at_plan.median, rel=1e-3)
    assert found.beyond.median == pytest.approx(month * SAVED * (found.at_plan.median - found.hit_rate), rel=1e-3)
    assert found.cached_share.median == pytest.approx(found.at_plan.median * READ / 5000, rel=1e-6)
    assert found.load_ratio.median == pytest.approx(10, rel=0.03)
    told = " ".join(words.cache(found))
    assert "less than a forecast at the pilot's own share of hits" in told
    table = pages.cache_table(SimpleNamespace(cost=SimpleNamespace(caching=found)))
    assert {len(row) for row in table.rows} == {3} and table.rows[-1][0].startswith("Of that not in the forecast")


def test_nine_in_ten_intervals_hold_the_true_rate(pilot):
    """Logs of 300 random calls, at twice their load: 1 - exp(-1) hit; 32 of 40 is what nine in ten would hardly miss."""
    model = main_model(pilot({"per_request": {"model": MODEL, "input_tokens": 1, "output_tokens": 1}}), None)
    twice = SimpleNamespace(requests_per_day=np.full((8, 64), 288.0), requests_per_month=np.ones((8, 64)))
    basis = SimpleNamespace(currency="USD", spent=SimpleNamespace(outcomes=300))
    held = 0
    for seed in range(40):
        seconds = poisson(300, 600.0, seed)
        log = SimpleNamespace(calls=frame(seconds, by_gaps(seconds)))
        found = caching.caching(model, basis, twice, log, JointSample(seed, replicates=8, draws=64)).at_plan
        held += found.low <= 1 - np.exp(-1) <= found.high
    assert held >= 32


def test_sessions_do_not_come_closer_together_with_more_users(replayed):
    """Eight calls a minute apart in sessions that start every hour: 7 of 8 hit at any load; without names it is not seen."""
    seconds = np.concatenate([3600.0 * s + 60.0 * np.arange(8) for s in range(60)])
    hit = by_gaps(seconds)
    session = [f"s{i // 8}" for i in range(480)]
    found = replayed(frame(seconds, hit, session=session), users=50_000)
    assert found.shared_by == caching.SESSION
    assert found.at_plan.median == pytest.approx(7 / 8, abs=0.01)
    assert "More users do not bring calls of one session closer together" in " ".join(words.cache(found))
    unnamed = replayed(frame(seconds, hit), users=50_000)
    assert unnamed.shared_by == caching.MODEL and unnamed.at_plan.median > 0.95


@pytest.mark.parametrize(("calls", "state"), [
    (lambda s: frame(s, np.random.default_rng(1).random(s.size) < 0.5), caching.UNEXPLAINED),
    (lambda s: frame(s, np.zeros(s.size, dtype=bool)), caching.NO_HITS),
    (lambda s: frame(s, np.arange(s.size) < 5), caching.FEW_HITS),
    (lambda s: frame(s, np.zeros(s.size, dtype=bool), tokens=0, cache_read=np.zeros(s.size, dtype=int)), caching.NO_HITS),
])  # fmt: skip
def test_what_the_gaps_do_not_explain_is_not_carried_on(replayed, calls, state):
    found = replayed(calls(poisson(400, 600.0)), users=1000)
    assert found.state == state and found.at_plan is None and found.saved is None
    assert "cannot be told" in words.cache(found)[0]


def test_a_rate_that_agrees_by_accident_is_refused():
    seconds = poisson(2000, 600.0)
    hit = np.random.default_rng(3).permutation(by_gaps(seconds))  # the right number, at the wrong calls
    best = caching.best_replay(frame(seconds, hit), "openai")
    same_rate = Replay(caching.MODEL, LIFE_S, best.gaps_s, hit)
    assert abs(same_rate.foretold.mean() - hit.mean()) < 1e-9
    assert not caching.is_believed(same_rate) and not caching.is_believed(best)


def test_buckets_do_not_show_gaps(analysed):
    import json

    files = {"e.json": json.dumps({"data": [bucket(d, requests=9, fresh=900, cached=900) for d in range(20)]})}
    result = analysed({"usage": "e.json"}, files, workload={"users_per_day": 1000})
    assert result.caching.state == caching.ONLY_SUMS and result.caching.hit_rate is None
    shown = pages.meaning_cache(SimpleNamespace(cost=result))
    assert "does not show the time between calls" in shown.paragraphs[0] and "batch" in shown.paragraphs[-1]
    assert not pages.cache_table(SimpleNamespace(cost=result)).paragraphs
    assert analysed({"bill": "30 USD for 900 requests"}).caching is None


@pytest.mark.parametrize(("write", "read", "uses", "rate"), [
    (1.25, 0.1, 2, 0.25 / 1.15), (2.0, 0.1, 3, 1 / 1.9), (1.0, 0.25, 2, 0.0), (1.25, 1.0, None, None), (3.0, 0.5, 6, 0.8),
])  # fmt: skip
def test_a_cache_pays_from_the_first_use_that_costs_less(write, read, uses, rate):
    """w + (n - 1) r < n, counted from below; and h r + (1 - h) w = 1 at the least share of hits."""
    assert uses_to_pay(write, read) == uses
    counted = next((n for n in range(1, 100) if write + (n - 1) * read < n), None)
    assert counted == uses
    assert least_hit_rate(write, read) == (None if rate is None else pytest.approx(rate))


def test_a_batch_is_priced_as_the_list_has_it(analysed):
    """Halves the price of gpt-4.1-mini's tokens, by the list itself; what all who wait save is the rest of the month."""
    typed = {"per_request": {"model": "gpt-4.1-mini-2025-04-14", "input_tokens": 1000, "output_tokens": 100}}
    result = analysed(typed, workload={"users_per_day": 1000, "requests_per_user": 1})
    usage = Usage(input_tokens=1000, output_tokens=100)
    now, waiting = (calc_price(usage, "gpt-4.1-mini-2025-04-14", price_context=context).total_price
                    for context in (None, {"processing": "batch"}))  # fmt: skip
    assert result.batch.price_share == pytest.approx(float(waiting / now))
    saved = summarise(result.monthly_usd * (1 - float(waiting / now)))
    assert result.batch.of_all.median == pytest.approx(saved.median)
    assert "every tenth of the requests" in words.batch(result.batch)[0]


def test_a_price_that_is_not_listed_is_not_invented(analysed):
    own = {"prices": {"ours": {"input_per_million": "1 USD", "output_per_million": "2 USD"}}}
    typed = {"per_request": {"model": "ours", "input_tokens": 1000, "output_tokens": 100}} | own
    found = analysed(typed, workload={"users_per_day": 1000}).batch
    assert found.price_share is None and found.of_all is None
    assert "no batch price for the pilot's model" in words.batch(found)[0]
    assert "asks in batches already" in words.batch(Batch("USD", True))[0]
    assert "no input names the model" in words.batch(batch(None, None, None))[0]


def test_without_a_model_there_is_no_price(pilot):
    made = pilot({"bill": "30 USD for 900 requests"})
    assert main_model(made, None) is None
    fees = frame(
        poisson(30, 60.0), np.zeros(30, dtype=bool), tokens=0, output=np.zeros(30, dtype=int), model="a-search"
    )
    assert main_model(made, UsageLog(fees, None, ("made",))) is None  # a fee has no price by the token


def test_a_dear_write_says_from_when_it_pays():
    found = Caching(caching.FOUND, "USD", Grade.ESTIMATED, 900, 0.4, Interval(0.37, 0.43), caching.USER, 300.0, 0.41, 0.97,
                    uses_to_pay=2, least_hit_rate=0.217)  # fmt: skip
    told = words.cache(found)
    assert "calls of one user" in told[0] and "used 2 times, or 21.7 % of calls hit" in told[-1]
    assert "once that load is stated" in told[1]
