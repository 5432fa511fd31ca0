"""Bills against the priced log: ratio and interval, what is not covered, constant factors, and what R4 may say then."""

import datetime as dt
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from cost_logs import MODEL, response

from flightready.cost.prices import PriceBook
from flightready.cost.pricing import price_buckets, price_calls
from flightready.cost.reconciliation import Match, ratio_of_sums, reconcile, withheld
from flightready.draws import generator
from flightready.evidence import Finding, Grade, State
from flightready.narrative import cost_prices as words
from flightready.pages import cost as pages
from flightready.telemetry.frames import UsageLog, buckets_frame, calls_frame

LIST = PriceBook({}, "USD", "", "assessment.yaml, cost.prices")
DAY = pd.Timedelta(days=1)
FIRST = pd.Timestamp("2026-09-14T00:00:00Z")
MINI = "gpt-4.1-mini-2025-04-14"


def log(days=14, **billed):
    """A call an hour and model: 0.0028 USD of the larger model, 0.00056 of the smaller one, before any bill."""
    rows = [
        (FIRST + d * DAY + pd.Timedelta(hours=h), m) for d in range(days) for h in range(6, 18) for m in (MODEL, MINI)
    ]
    return calls_frame({"time": [r[0] for r in rows], "model": [r[1] for r in rows], "provider": "openai",
                        "input_total": [1000] * len(rows), "output": [100] * len(rows), **billed}, where="log")  # fmt: skip


def bills(*rows):
    """Amounts of (first day, days, model, amount)."""
    start = [FIRST + first * DAY for first, *_ in rows]
    return buckets_frame({"start": start, "end": [s + r[1] * DAY for s, r in zip(start, rows, strict=True)],
                          "provider": "openai", "model": [r[2] for r in rows], "cost_usd": [r[3] for r in rows]},
                         where="costs")  # fmt: skip


def against(calls, costs=None, *, book=LIST):
    priced = price_calls(calls, book)
    of_a_dollar, currency = book.stated()
    return reconcile(UsageLog(calls, None, (), costs=costs), priced, of_a_dollar=of_a_dollar, currency=currency)


def daily(share_of, days=range(14)):
    """Bills of each day and model: that share of what 12 calls cost."""
    return bills(
        *((d, 1, m, 12 * each * share_of(d, m)) for d in days for m, each in ((MODEL, 0.0028), (MINI, 0.00056)))
    )


def test_a_constant_discount_is_found_and_told_how_to_state():
    found = against(log(), daily(lambda d, m: 0.8))
    assert (found.match, found.factor, found.total.periods) == (Match.DIFFERS, pytest.approx(0.8), 14)
    assert (found.total.interval.low, found.total.interval.high) == (pytest.approx(0.8), pytest.approx(0.8))
    assert found.total.priced_usd == pytest.approx(14 * 12 * 0.00336)
    assert [b.name for b in found.models] == [MODEL, MINI]


@pytest.mark.parametrize(
    ("calls", "costs", "expected"),
    [
        (log(), daily(lambda d, m: 1.01), {"match": Match.AGREES, "factor": None}),
        # each model its own discount: no single factor
        (log(), daily(lambda d, m: 0.7 if m == MODEL else 1.0), {"factor": None, "factors_by_model": True}),
        # days that differ widely: no factor at all
        (log(), daily(lambda d, m: 0.4 + 0.05 * (d % 5)), {"match": Match.DIFFERS, "factors_by_model": False}),
        (log(), daily(lambda d, m: 0.85 + 0.3 * (d % 2)), {"match": Match.UNCLEAR}),
        (log(days=1), daily(lambda d, m: 1.0, days=[0]), {"match": Match.UNCLEAR}),  # one day shows no range
        (log(), daily(lambda d, m: 0.0), {"match": Match.DIFFERS, "is_nothing_billed": True, "factor": None}),
        (log(), daily(lambda d, m: 1.0, days=range(10)), {"match": Match.AGREES,
                                                         "not_billed_usd": pytest.approx(4 * 12 * 0.00336)}),
        (log(), daily(lambda d, m: 1.0, days=range(-2, 14)), {"outside_usd": pytest.approx(2 * 12 * 0.00336)}),
    ],
)  # fmt: skip
def test_what_bills_say(calls, costs, expected):
    found = against(calls, costs)
    assert {name: getattr(found, name) for name in expected} == expected


def test_credits_fees_and_what_the_log_does_not_show_are_told_apart():
    costs = pd.concat([daily(lambda d, m: 1.0), bills((3, 1, "", -5.0), (2, 1, "web search", 0.02), (30, 1, "", -1.0))])
    found = against(log(), costs)
    assert (found.match, found.credits_usd, found.not_logged_usd) == (Match.AGREES, -5.0, pytest.approx(0.02))
    assert found.outside_usd == pytest.approx(-1.0)
    found = against(log(), pd.concat([daily(lambda d, m: 1.0), bills((2, 1, "gpt-5-2025-08-07", 3.0))]))
    assert (found.match, found.factor) == (Match.DIFFERS, None)  # the same key pays for something else


def test_bills_that_name_no_model_are_compared_as_a_whole_and_by_their_own_stretch_of_time():
    found = against(log(), bills(*((7 * week, 7, "", 7 * 12 * 0.00336) for week in range(2))))
    assert (found.match, found.total.periods, found.longest_period_days) == (Match.AGREES, 2, 7)
    assert len(found.models) == 1


def test_amounts_of_the_log_itself_and_calls_without_one():
    calls = log()
    amounts = 0.9 * price_calls(calls, LIST).total
    amounts[:24] = np.nan
    found = against(calls.assign(billed_usd=amounts))
    assert (found.from_log, found.factor) == (True, pytest.approx(0.9))
    assert found.not_billed_usd == pytest.approx(12 * 0.00336)
    assert against(calls) is None


def test_a_bill_that_is_the_price_itself_is_not_held_against_itself():
    start = [FIRST + d * DAY for d in range(3)]
    frame = buckets_frame({"start": start, "end": [s + DAY for s in start], "requests": [10.0] * 3,
                           "input_total": [100.0] * 3, "cache_read": [0.0] * 3, "output": [10.0] * 3,
                           "cost_usd": [2.0] * 3}, where="x")  # fmt: skip
    priced = price_buckets(frame, LIST)
    assert priced.total.sum() == 6.0
    assert reconcile(UsageLog(None, frame, ()), priced, of_a_dollar=1.0, currency="USD") is None


def test_bills_in_another_currency_wait_for_a_rate():
    own = price_calls(log(), LIST)
    usage = UsageLog(log(), None, (), costs=daily(lambda d, m: 1.0))
    euro = PriceBook({}, "EUR", "", "", exchange=0.9)
    assert against(log(), daily(lambda d, m: 1.0), book=euro).match is Match.AGREES
    priced = price_calls(log(), euro)
    assert priced.currency == "EUR" and priced.total.sum() == pytest.approx(0.9 * own.total.sum())
    assert reconcile(usage, priced, of_a_dollar=1.0, currency="USD").match is Match.NOT_COMPARED


def test_the_interval_of_the_ratio_covers_the_truth_nine_times_in_ten():
    # closed form (Cochran 1977, 6.13) against simulation: 14 days of uneven volume, bills 0.9 of it with noise of 10 %
    rng = generator(7, "test", "ratio")
    priced = rng.lognormal(0, 0.3, size=(2000, 14))
    billed = 0.9 * priced * (1 + 0.1 * rng.standard_normal((2000, 14)))
    ends = [ratio_of_sums(p, b)[1] for p, b in zip(priced, billed, strict=True)]
    covered = np.mean([e.low <= 0.9 <= e.high for e in ends])
    assert covered == pytest.approx(0.9, abs=0.025)
    assert ratio_of_sums(np.zeros(3), np.ones(3))[0] is None


def test_the_approval_does_not_pass_on_prices_that_bills_do_not_bear_out():
    passed = Finding("cost.approved", "t", "A month costs $5.", State.PASS, Grade.MEASURED)
    differs = against(log(), daily(lambda d, m: 0.8))
    assert withheld(passed, None) is passed
    assert withheld(passed, against(log(), daily(lambda d, m: 1.0))) is passed
    found = withheld(passed, differs)
    assert (found.state, bool(found.decides)) == (State.UNKNOWN, True)
    assert found.sentence.startswith("A month costs $5; but what was billed differs")
    failed = replace(passed, state=State.FAIL)
    assert withheld(failed, differs).state is State.UNKNOWN  # cheaper than thought
    assert withheld(failed, against(log(), daily(lambda d, m: 1.3))) is failed


@pytest.mark.parametrize(
    ("costs", "first", "said"),
    [
        (daily(lambda d, m: 0.0), "nothing was paid for calls that cost $0.56", "0 %"),
        (pd.concat([daily(lambda d, m: 1.0), bills((2, 1, "gpt-5-2025-08-07", 3.0))]), "the bills hold $3.00 on days of the "
         "log for which it shows no call", "$3.00 was billed on the log's days for what it does not show"),
        (daily(lambda d, m: 0.7 if m == MODEL else 1.2), "so the amounts below are likely too high", "0.7 for gpt-4.1-2025"),
        (daily(lambda d, m: 0.4 + 0.05 * (d % 5)), "likely too high", "No constant factor explains the difference"),
        (daily(lambda d, m: 1.3), "likely too low", "a surcharge or tax of 30 %"),
        (daily(lambda d, m: 0.85 + 0.3 * (d % 2)), "", "cannot be told yet"),
        (daily(lambda d, m: 1.0, days=range(10)), "", "No bill covers $0.16 of the priced calls (28.6 %)"),
    ],
)  # fmt: skip
def test_what_is_said_of_bills(costs, first, said):
    result = SimpleNamespace(reconciliation=against(log(), costs), prices=None, basis=None, currency="USD")
    assert first in words.doubt(result) and bool(first) == bool(words.doubt(result))
    assert said in " ".join(words.reconciled(result))


@pytest.fixture
def billed_study(analysed):
    """The study of a log of 14 days whose bills are a share of its price."""

    def make(billed_share, **cost):
        day0 = int(dt.datetime(2026, 9, 14, tzinfo=dt.UTC).timestamp())
        calls = [response(d, n) for d in range(14) for n in range(40)]
        items = [{"object": "bucket", "start_time": day0 + 86_400 * d, "end_time": day0 + 86_400 * (d + 1), "results": [
            {"object": "organization.costs.result", "amount": {"value": 40 * 0.0028 * billed_share, "currency": "usd"},
             "line_item": f"{MODEL}, input"}]} for d in range(14)]  # fmt: skip
        files = {"l.jsonl": calls, "c.json": json.dumps({"object": "page", "data": items})}
        result = analysed({"usage": ["l.jsonl", "c.json"], "approved": "900 USD per month", **cost}, files,
                          workload={"users_per_day": 1000, "requests_per_user": 2})  # fmt: skip
        return SimpleNamespace(cost=result)

    return make


def test_a_difference_is_said_first_and_holds_the_approval_back(billed_study):
    study = billed_study(0.8)
    answer = pages.answer(study).paragraphs
    assert answer[0].startswith("Before anything else: the bills come to 80 % of what the same calls cost")
    assert next(f for f in study.cost.findings if "R4" in f.questions).state is State.UNKNOWN
    said = " ".join(words.reconciled(study.cost))
    assert "a discount of 20 %" in said and "'factor: 0.8'" in said
    assert [row[0] for row in pages.billed(study).rows][:1] == ["All"]
    agreeing = billed_study(1.0)
    assert "(nine times in ten" in pages.answer(agreeing).paragraphs[0]
    assert next(f for f in agreeing.cost.findings if "R4" in f.questions).state is State.PASS
    assert "They agree within 5 %" in " ".join(words.reconciled(agreeing.cost))
