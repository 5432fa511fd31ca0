"""Sentences about cost: the right numbers, correct plurals, plain words."""

import re

import pytest

from flightready import policy
from flightready.assessment import load
from flightready.cost.spend import analyse
from flightready.draws import JointSample
from flightready.narrative import cost as words
from flightready.narrative import cost_month as month_words
from flightready.traffic.demand import plan
from flightready.wording import chance

HEAD = "time,ticket_id,attempt,model,input_tokens,cached_tokens,output_tokens,status\n"
FUNCTIONS = (
    *(getattr(words, name) for name in ("answer", "spent", "meaning_components", "how_sure", "notes",
                                        "what_would_change")),
    *(getattr(month_words, f"meaning_{name}") for name in ("month", "parts", "units", "drivers", "users", "volumes")),
)  # fmt: skip


def log(days, calls=20):
    rows = []
    for d in range(days):
        for n in range(calls):
            start = f"2026-09-{14 + d} 09:{n:02d}:00,T{d}-{n}"
            if n == 0:
                rows.append(f"{start},1,gpt-4.1-2025-04-14,,,,429")
            rows.append(f"{start},{1 + (n == 0)},gpt-4.1-2025-04-14,1000,200,100,ok")
    return HEAD + "\n".join(rows) + "\n"


@pytest.fixture
def result(tmp_path):
    def make(yaml, files=None):
        for name, text in (files or {}).items():
            (tmp_path / name).write_text(text)
        (tmp_path / "assessment.yaml").write_text("name: Test\n" + yaml)
        pilot = load(tmp_path)
        joint = JointSample(pilot.spec.seed)
        return analyse(pilot, joint, plan(pilot, joint))

    return make


LOAD = "workload: {users_per_day: 10_000, requests_per_user: 2}\n"


def test_the_answer_of_a_full_pilot(result):
    r = result("cost: {usage: u.csv, approved: 2_000 USD per month}\n" + LOAD, {"u.csv": log(14)})
    # 800 x 2 + 200 x 0.5 + 100 x 8 = 2,500 millionths a request, 20,000 x 30.44 of them a month: 1,522 USD
    first, year, left_out, pilot = words.answer(r)
    assert re.fullmatch(
        r"A month costs about \$1,5\d0 \(nine times in ten \$1,4\d0 to \$1,6\d0\) at about 10,000 users a day, "
        r"\$0\.0025 per request; the chance that a month stays within the approved \$2,000 is more than 99 in 100\.", first
    )  # fmt: skip
    assert year.startswith("The first year costs about $19,") and "twelve times the approved amount ($" in year
    assert left_out == "Not counted: tools, storage of the audit log, monitoring, on-call, reviews by people."
    assert pilot.startswith("The pilot's own calls cost $1.52 a month; the planned month, with all that is counted, ")
    assert pilot.endswith(" costs about 1,000 times that.")


def test_what_the_pilot_spent(result):
    r = result("cost: {usage: u.csv}\n", {"u.csv": log(14)})
    assert words.spent(r) == (
        "In 14 days the pilot spent $0.70 on 294 calls.",
        "They served 280 requests, so 1,000 requests cost $2.50 with everything paid for them; 14 requests took more "
        "than one attempt.",
    )


def test_an_approval_that_is_too_small_says_what_would_be_enough(result):
    r = result("cost: {usage: u.csv, approved: 1_500 USD per month}\n" + LOAD, {"u.csv": log(14)})
    assert re.search(r"is about \d\d in 100\. \$1,6\d0 a month would be enough nine", " ".join(words.answer(r)))
    assert "A request would have to cost" in words.what_would_change(r)[0]
    assert "up to 9,2" in month_words.meaning_users(r)[0]


def test_what_a_month_is_made_of_and_what_drives_it(result):
    load = "workload: {users_per_day: 8_000 to 12_000, requests_per_user: 2}\n"
    running = "running: {on_call: 1_000 USD per month, monitoring: 0 USD per month}"
    r = result("cost: {usage: u.csv, " + running + "}\n" + load, {"u.csv": log(14)})
    assert month_words.meaning_parts(r)[:2] == (
        "$1,000 (40.0 % of the mean) stays the same whatever the load.",
        "Not counted: tools, storage of the audit log, reviews by people.",
    )
    assert "10 % fewer uncached input tokens would save" in month_words.meaning_parts(r)[2]
    assert "some of these inputs move together" in month_words.meaning_drivers(r)[0]
    assert words.what_would_change(r)[0] == "A sharper figure for the users a day would narrow the range most."
    dear = result("cost: {usage: u.csv, approved: 900 USD per month, " + running + "}\n" + load)
    assert "whatever the load" in month_words.meaning_users(dear)[0]
    assert "by itself too dear" in words.what_would_change(dear)[0]


def test_a_short_log_is_called_an_estimate(result):
    r = result("cost: {usage: u.csv}\n" + LOAD, {"u.csv": log(2)})
    assert words.answer(r)[-1] == (
        "This is an estimate: it rests on a log with one line for each call over only 2 days."
    )
    assert "assumed to differ from the pilot by about 20 % up or down" in " ".join(words.how_sure(r))


def test_an_assumed_load_is_said(result):
    r = result("cost: {usage: u.csv}\nworkload: {users_per_day: 10_000}\n", {"u.csv": log(14)})
    assert "The number of requests of each user is assumed" in words.answer(r)[-1]


def test_nothing_known(result):
    r = result("phase: pilot\n")
    assert words.answer(r) == ("What production will cost cannot be said yet: no input says what one request costs.",)


def test_another_currency_is_not_compared(result):
    yaml = "currency: EUR\ncost: {usage: u.csv, approved: 1_500 EUR per month}\n" + LOAD
    assert any("nothing is converted to EUR" in s for s in words.answer(result(yaml, {"u.csv": log(14)})))


@pytest.mark.parametrize("yaml", [
    "cost: {usage: u.csv, approved: 1_500 USD per month}\n" + LOAD,
    "cost: {usage: u.csv}\n",
    "cost: {bill: 30 USD for 9_000 requests}\n" + LOAD,
    "cost: {per_request: {model: gpt-4.1, input_tokens: 1000 to 2000, output_tokens: 90}}\n" + LOAD,
    "phase: pilot\n",
])  # fmt: skip
@pytest.mark.parametrize("days", [1, 14])
def test_every_sentence_is_plain_english(result, yaml, days):
    r = result(yaml, {"u.csv": log(days)})
    banned = [*policy.read("words.yaml")["never"], "nan", "None", "draws", "lognormal", "bootstrap"]
    for told in FUNCTIONS:
        for sentence in told(r):
            assert sentence[0].isupper() or sentence[0].isdigit() or sentence[0] == "$"
            assert sentence.endswith(".")
            assert "  " not in sentence
            assert not re.search(r"\b1 (days|requests|calls|users)\b", sentence)
            assert not [word for word in banned if re.search(rf"\b{re.escape(word)}\b", sentence)]


def test_changed_values_beside_the_assessments_own(result):
    r = result("cost: {usage: u.csv, approved: 2_000 USD per month}\n" + LOAD, {"u.csv": log(14)})
    twice = result("cost: {usage: u.csv, approved: 2_000 USD per month}\n" + LOAD.replace("10_000", "20_000"))
    unplanned = result("cost: {usage: u.csv}\n")
    assert words.changed(r, twice) == (
        "With the changed values a month costs about $3,040 in place of $1,520.",
        "The chance that it is more than the approved amount is more than 99 in 100 in place of less than 1 in 100.",
        "The verdict stays with the assessment.",
    )
    assert words.changed(unplanned, r)[0].endswith("about $1,520; the assessment itself gives no forecast.")
    assert words.changed(r, unplanned)[0].startswith("The changed values give no forecast")


def test_chances_claim_no_certainty():
    assert [chance(p) for p in (0.0, 0.05, 0.5, 1.0)] == [
        "less than 1 in 100", "about 5 in 100", "about 50 in 100", "more than 99 in 100",
    ]  # fmt: skip
