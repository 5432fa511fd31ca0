"""Sentences about what a short log cannot know: true at every length of log, with their numbers."""

import numpy as np
import pytest

from flightready.assessment import load
from flightready.cost.spend import analyse
from flightready.draws import JointSample, generator
from flightready.narrative import cost_uncertainty as words
from flightready.traffic.demand import plan

LOAD = "workload: {users_per_day: 10_000, requests_per_user: 2}\n"


def log(days, calls=20, level=lambda day: 1.0, users=0):
    rng = generator(1, "log")
    rows = ["time,request_id,user_id,model,input_tokens,output_tokens,status"]
    for d in range(days):
        for n in range(calls):
            tokens = round(1000 * level(d) * rng.lognormal(0, 0.3))
            who = f"u{rng.integers(users)}" if users else ""
            rows.append(
                f"2026-{9 + d // 30:02d}-{1 + d % 30:02d} 09:{n:02d}:00,R{d}-{n},{who},gpt-4.1-2025-04-14,{tokens},0,ok"
            )
    return "\n".join(rows) + "\n"


@pytest.fixture
def result(tmp_path):
    def make(rows, cost="", yaml=LOAD):
        (tmp_path / "u.csv").write_text(rows)
        (tmp_path / "assessment.yaml").write_text(f"name: T\ncost: {{usage: u.csv{cost}}}\n{yaml}")
        pilot = load(tmp_path)
        joint = JointSample(pilot.spec.seed)
        return analyse(pilot, joint, plan(pilot, joint))

    return make


def said(sentences):
    text = " ".join([sentences] if isinstance(sentences, str) else sentences)
    assert "nan" not in text
    return text


@pytest.mark.parametrize(("rows", "cost", "told"), [
    (log(1), "", "too short to show how days differ, so production is assumed to differ from the pilot by about 20 %"),
    (log(3), ", mix_spread: 30%", "The assessment says that production may differ from the pilot by about 30 %"),
    (log(14), "", "one of these 14 days from another (about 5 % up or down, the least that is ever assumed)"),
    (log(14, level=lambda d: 1 + d % 2), "", "which so many days show only roughly"),
    (log(14, users=9), "", "That its 9 users are not those of production is part of that figure."),
])  # fmt: skip
def test_what_the_interval_rests_on(result, rows, cost, told):
    assert told in said(words.rests_on(result(rows, cost)))


def test_three_spreads_are_told_with_their_ends(result):
    r = result(log(5), ", approved: 2_000 USD per month")
    text = said(words.meaning_conditional(r))
    assert "holds about 59 times in 100" in text
    assert "answered the same way at all three" in text
    low, middle, high = (words.dear_end(c) for c in r.uncertainty.conditional.cases)
    assert low < middle < high
    assert words.case_names(r) == ("half of it (10 % up or down)", "as assumed (20 % up or down)",
                                   "double (40 % up or down)")  # fmt: skip


@pytest.mark.parametrize(("days", "approved", "told"), [
    (1, "9_999", "less than a day and does not decide"), (5, "1_600", "depends on it"), (5, "1_220", "at any of the three"),
])  # fmt: skip
def test_what_the_spreads_mean_for_the_approval(result, days, approved, told):
    assert told in said(words.meaning_conditional(result(log(days), f", approved: {approved} USD per month")))


@pytest.mark.parametrize(("rows", "told"), [
    (log(28, level=lambda d: 1 + 0.5 * (d >= 14)), ("cost 5", "% more than in the first (over 14 pairs of the same weekday")),
    (log(28, level=lambda d: 1 + (d < 14)), ("% less than in the first",)),
    (log(14), ("not clearly dearer or cheaper", "7 pairs of the same weekday")),
    (log(10, level=lambda d: 1 + (d >= 5)), ("over 10 days", "Hour or weekday may be the reason")),
    (log(2), ("Too little was logged to compare",)),
    (log(2) + "2026-09-02 10:00:00,X,,gpt-4.1-2025-04-14,900000,0,ok\n", ("A single request is 9", "hangs on")),
    (log(10), ("The dearest 1 % (2 requests) are",)),
])  # fmt: skip
def test_differences_within_the_log(result, rows, told):
    text = said(words.differences(result(rows, yaml="")))
    assert all(part in text for part in told)


@pytest.mark.parametrize(("rows", "told"), [
    (log(9), ("too short", "10 days")),
    (log(14), ("Forecast from the first 7 days of the log: 7 of the 7 days that followed", "65 % to 100 %", "no proof")),
    (log(21), ("and again as the log goes on: 13 of the 14 days",)),
    (log(21, level=lambda d: 1 + 2 * (d >= 7)), ("more than was forecast first", "too seldom")),
])  # fmt: skip
def test_the_backtest_is_told_with_its_n(result, rows, told):
    text = said(words.meaning_backtest(result(rows, yaml="")))
    assert all(part in text for part in told)


def test_without_a_log_every_part_says_so(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: T\n")
    pilot = load(tmp_path)
    nothing = analyse(pilot, JointSample(0), None)
    for part in (words.meaning_conditional, words.differences, words.meaning_backtest):
        assert said(part(nothing))


def test_ends_of_the_chance_are_those_of_the_draws(result):
    r = result(log(5), ", approved: 1_300 USD per month")
    for case in r.uncertainty.conditional.cases:
        assert 0 < case.exceeded_share < 1
    np.testing.assert_allclose(r.uncertainty.conditional.as_stated.exceeded_share, np.mean(r.monthly_usd > 1300))
