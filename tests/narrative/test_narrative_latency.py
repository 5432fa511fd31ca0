"""Sentences about latency: the right numbers, correct plurals, plain words, for every kind of input."""

import json
import re

import numpy as np
import pytest

from flightready import policy
from flightready.assessment import load
from flightready.draws import JointSample
from flightready.latency.budget import analyse
from flightready.latency.tried import tried
from flightready.narrative import latency as words
from flightready.narrative import latency_load as of_load
from flightready.traffic.demand import plan

LOAD = "workload: {users_per_day: 80_000 to 120_000, requests_per_user: 1, peak_to_mean: 2.5}\n"
FUNCTIONS = (
    "failures",
    "stages_sentence",
    "composition_sentence",
    "in_time_sentence",
    "retries_sentence",
    "reference_sentence",
)
OF_LOAD = ("capacity_sentence", "needed_sentence", "curve_sentence", "no_curve", "outcomes_sentence")
CASES = {
    "everything": (LOAD + "latency: {spans: s.jsonl, budget: {p95: 6 s, p99: 9 s}, limits: {concurrency: 14}, "
                   "policy: {retries: 1, timeout: 8 s}}\n", 400, 9),
    "no servers": (LOAD + "latency: {spans: s.jsonl, budget: {p95: 60 s}}\n", 400, 0),
    "no plan": ("latency: {spans: s.jsonl, limits: {concurrency: 14}}\n", 40, 1),
    "overload": (LOAD + "latency: {spans: s.jsonl, budget: {p95: 6 s}, limits: {concurrency: 2}}\n", 400, 0),
    "only failures": (LOAD + "latency: {spans: s.jsonl, budget: {p95: 6 s}, limits: {concurrency: 2}}\n", 20, 20),
    "typed": (LOAD + "latency: {stages: {a: {p50: 1 s, p95: 2 s}, b: {p50: 1 s}}, budget: {p95: 6 s}, "
              "limits: {concurrency: 20}}\n", 0, 0),
    "load only": (LOAD + "latency: {limits: {concurrency: 12}}\n", 0, 0),
    "nothing": ("", 0, 0),
}  # fmt: skip


def traces(n, failed):
    rng = np.random.default_rng(6)
    for i in range(n):
        now, spans = 1_780_000_000.0 + 30 * i, []
        shared, start = rng.lognormal(0, 0.4), 1_780_000_000.0 + 30 * i
        for j, (name, length) in enumerate((("search", 0.6 * shared), ("model", 2.4 * shared * rng.lognormal(0, 0.3)))):
            spans.append((name, f"{i * 4 + j + 2:016x}", f"{i * 4 + 1:016x}", now, now + length, 0))
            now += length
        spans.append(("request", f"{i * 4 + 1:016x}", "", start, now, 2 if i < failed else 0))
        made = [
            {
                "traceId": f"{i + 1:032x}",
                "name": name,
                "spanId": own,
                "parentSpanId": parent,
                "status": {"code": code},
                "startTimeUnixNano": str(round(a * 1e6) * 1000),
                "endTimeUnixNano": str(round(b * 1e6) * 1000),
            }
            for name, own, parent, a, b, code in spans
        ]
        yield json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": made}]}]})


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    made = {}
    for name, (yaml, n, failed) in CASES.items():
        folder = tmp_path_factory.mktemp("pilot")
        (folder / "s.jsonl").write_text("\n".join(traces(n, failed)) + "\n")
        (folder / "assessment.yaml").write_text("name: Test\n" + yaml)
        pilot, joint = load(folder), JointSample(7, replicates=4, draws=256)
        made[name] = analyse(pilot, joint, plan(pilot, joint), usage=None)
    return made


def everything_said(result):
    said = [*words.answer(result), *words.problems_sentences(result)]
    said += [getattr(words, f)(result) for f in FUNCTIONS]
    said += [getattr(of_load, f)(result) for f in OF_LOAD]
    said += of_load.assumed(result)
    said += [words.percentile_claim(p, result) for p in (*result.pilot, *result.planned)]
    return [s for s in said if s]


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_input_gives_whole_plain_sentences(results, case):
    never = [re.escape(t) for t in policy.read("words.yaml")["never"]]
    said = everything_said(results[case])
    assert said
    for sentence in said:
        assert not re.search(r"\b(None|nan|inf|True|False)\b", sentence), sentence
        assert not re.search(rf"\b({'|'.join(never)})\b", sentence, re.IGNORECASE), sentence
        assert "  " not in sentence and " ." not in sentence, sentence
        assert not re.search(r"\b1 (requests|calls|traced requests|attempts|retries)\b", sentence), sentence


def test_the_answer_leads_with_the_percentile_and_its_budget(results):
    first, second, third, *_ = words.answer(results["everything"])
    assert re.match(r"In the pilot \(400 traced requests\) 95 of 100 requests take up to \d", first)
    # 97,980 users (geometric middle of the range) a day, 2.5 times the mean rate: 2.835 a second
    assert second.startswith("At the planned peak of 2.84 requests a second (2.32 to 3.47), with 14 served at once")
    assert third.startswith("The budget: 6.0 s for 95 of 100 is not kept; 9.0 s for 99 of 100 is not kept.")


def test_failures_are_said_as_never_answered(results):
    assert "9 of 400 requests ended without an answer (2.2 %" in words.failures(results["everything"])
    assert words.failures(results["no servers"]).startswith(
        "Not one of 400 requests failed (nine times in ten at most 0.6"
    )
    assert "fewer than 95 of 100 requests get an answer" in words.answer(results["only failures"])[0]


def test_few_requests_say_how_many_would_bound_the_percentile(results):
    p99 = next(p for p in results["no plan"].pilot if p.name == "p99")
    assert "40 traced requests are too few (299 would give one)" in words.percentile_claim(p99, results["no plan"])


def test_overload_is_said_as_a_queue_that_never_ends(results):
    answer = " ".join(words.answer(results["overload"]))
    assert "because in 100 of 100 cases of the plan more arrive than 2 at once can work on" in answer


def test_without_servers_the_number_at_work_is_said(results):
    answer = " ".join(words.answer(results["no servers"]))
    assert "how many can be served at once is missing" in answer
    assert "requests are at work at once on average" in answer


def test_a_stage_without_a_tail_is_named_as_the_reason(results):
    assert "because a stage has no 95th percentile" in words.answer(results["typed"])[0]
    assert "no upper end is known" in words.composition_sentence(results["typed"])


def test_without_any_time_the_arithmetic_is_left(results):
    assert "a request may take 4.2 s on average" in words.answer(results["load only"])[0]
    assert "no traces" in words.answer(results["nothing"])[0]


def test_the_needed_number_served_at_once(results):
    result = results["no servers"]
    assert f"he budget needs {result.capacity.needed:,} served at once" in of_load.needed_sentence(result)
    assert of_load.needed_sentence(results["nothing"]) == ""


def test_the_what_if_sentence(results):
    result = results["everything"]
    found = tried(result.scenario, 1.0, seed=7, percentiles={"p95": 0.95}, service=result.service)
    first, then, borne = of_load.tried(found, per_second=1.0, concurrency=30, budget_s=60.0)
    assert "with 30 served at once 95 of 100 requests take up to" in first
    assert "within a budget of 60 s" in first
    assert "are answered in time" in then
    assert borne.startswith("From ")
    never = of_load.tried_on_mean(float("inf"), 0.0, per_second=9.0, concurrency=1, budget_s=2.0)
    assert never.startswith("Assumed, not measured")
    assert "the queue never ends" in never
