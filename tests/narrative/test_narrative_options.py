"""Sentences about options: the cheapest by users, honest about what nobody measured, readable with any input missing."""

import re

import pytest
from option_rows import compared, evaluated

from flightready.narrative import options as words

OWN = {"name": "Own", "kind": "self_hosted", "per_gpu": "1 USD per hour", "gpus_per_replica": 1, "rate_per_replica": 2,
       "headroom": 1, "running": "1_000 USD per month"}  # fmt: skip
PRODUCT = {"name": "Product", "kind": "buy", "per_request": "0.01 USD", "running": "0 USD per month"}
LOAD = {
    "users_per_day": "50_000",
    "requests_per_user": 1,
    "growth_per_month": "0%",
    "peak_to_mean": 3,
    "peak_minute": 1,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    def make(*options, **changes):
        return compared(tmp_path_factory.mktemp("pilot"), *options, **({"workload": LOAD} | changes))

    return make


def test_the_answer_names_ranges_the_plan_and_what_is_not_known(made):
    """0.0028 USD a request and 30.4375 requests a user: 2 machines for 730 USD and 1,000 beside from 28,900 users on."""
    result = made(OWN, PRODUCT, measured=evaluated(right=80))
    where, plan, quality = words.answer(result)
    assert re.fullmatch(r"Up to about 2[89],000 users a day the pilot's own way costs least; above that 'Own'\.", where)
    assert re.search(
        r"planned 50,000 users a day 'Own' costs least in .* of 100 cases.*\$2,460, in place of \$4,\d+", plan
    )
    assert quality.startswith("How often 'Own' is right on raw data is not known, and cheaper is not better. Of those")
    assert "the pilot's own way costs least: about $4," in quality
    cheaper, dearer, *_ = words.meaning(result)
    assert re.match(
        r"'Own' is cheaper from about 2[89],000 users a day on than the pilot's own way; at the plan", cheaper
    )
    assert dearer == "Dearer than the pilot's own way at every load: 'Product'."
    assert words.title(result).endswith("'Own' costs least; how often it is right is not known")


def test_a_measured_option_is_set_against_the_pilot(made):
    result = made(OWN | {"candidate": "distilled"}, measured=evaluated(right=80, distilled=70),
                  evaluation={"candidates": [{"name": "distilled", "file": "c.csv", "prediction": "p"}]})  # fmt: skip
    quality = words.answer(result)[2]
    assert re.match(r"It is right in 70 % \(.*measured\); the pilot's own way in 80 % \(", quality)
    assert words.label(result, "Own") == "Own" and "not known" not in words.title(result)


def test_many_changes_are_told_as_one_range(made):
    """4,672 USD for every 57,600 users against 0.0852 USD a user, 4,909 for as many: the order turns at every step."""
    own = OWN | {"per_gpu": "6.4 USD per hour", "running": "0 USD per month"}
    result = made(own, workload=LOAD | {"users_per_day": 200_000})
    where = words.where_cheapest(result)
    n = len(result.comparison.cheapest) - 1
    assert n > 3 and f"in between the cheapest changes {n} times." in where
    assert len(words.ranges(result)) == 3 and words.ranges(result)[1][2].startswith("changes between ")
    assert re.search(r"the cheaper of the pilot's own way and 'Own' changes \d+ times", words.meaning(result)[0])
    assert "again and again" in words.title(result)


@pytest.mark.parametrize(("options", "changes", "first"), [
    ((), {"log": None, "workload": None}, words.NOTHING_STATED),
    ((OWN,), {"workload": None}, "What a month costs, and where which is cheapest, depends on the planned load"),
    (({k: PRODUCT[k] for k in ("name", "kind", "per_request")},), {"workload": None}, "By the request the pilot's own way costs least: $2."),
    ((OWN, PRODUCT), {"log": None}, "Up to about"),
    (({"name": "No price", "kind": "buy"},), {}, "From 500 to 5 million users a day the pilot's own way costs least."),
])  # fmt: skip
def test_every_missing_input_leaves_a_sentence(made, options, changes, first):
    result = made(*options, **changes)
    told = [*words.answer(result), *words.meaning(result), *words.unknown(result)]
    assert told[0].startswith(first)
    assert all(t and t[-1] in ".?" and "nan" not in t and "None" not in t for t in told)
    if options and changes.get("log", 1) is None:
        assert "What the pilot's own way costs is not known." in words.answer(result)[1]


def test_what_nobody_knows_is_named(made):
    no_pilot, late = words.unknown(made(OWN))
    assert no_pilot.startswith("How often the pilot is right on raw data is not known")
    assert late == "How long these take is not stated (p95): 'Own'."
    priced, right, _ = words.unknown(made(OWN, {"name": "X", "kind": "buy", "accuracy": "80%"}, measured=evaluated()))
    assert priced == "Without a price, and so not compared: 'X'."
    assert right.startswith("Nobody has measured how often these are right: 'Own'.")
