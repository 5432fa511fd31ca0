"""Who waits for what: first words of a streamed answer, a form, a batch that must be done within its day."""

import numpy as np
import pytest
from request_coverage import of_stages
from test_latency_budget import LOAD, latency, traced

from flightready.assessment import load
from flightready.evidence import State
from flightready.latency.contexts import first_words

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


@pytest.fixture
def pilot(tmp_path):
    def made(text):
        (tmp_path / "assessment.yaml").write_text(f"name: pilot\nlatency: {{{text}}}\n")
        return load(tmp_path)

    return made


def streamed(n, *, failed=0, untimed=0):
    """Requests of 5 s whose first words come after 0.1 s to 1 s; the first fail, the next are not timed."""
    first = np.linspace(0.1, 1.0, n)
    first[failed : failed + untimed] = np.nan
    return of_stages(np.full((n, 1), 5.0), answered=np.arange(n) >= failed, first_s=first)


def test_first_words_are_timed_apart_from_the_end(pilot):
    found = first_words(
        streamed(1000), pilot("context: streaming, budget: {first_token: {p95: 1 s, p99: 500 ms}}"), SHARES
    )
    p95, p99 = found.percentiles[1:]
    assert (p95.value_s, p95.state) == (pytest.approx(0.955, abs=0.002), State.PASS)
    assert p99.state is State.FAIL
    assert (found.n, found.n_untimed) == (1000, 0)


def test_failed_requests_never_show_a_word_and_untimed_ones_are_counted(pilot):
    found = first_words(streamed(1000, failed=60, untimed=40), pilot("context: streaming"), SHARES)
    assert (found.n, found.n_untimed) == (960, 40)
    assert found.percentiles[1].value_s is None  # 6 of 96 never answer


def test_nothing_asks_for_first_words(pilot):
    assert first_words(of_stages(np.ones((9, 1))), pilot("context: interactive"), SHARES) is None
    assert first_words(None, pilot("context: streaming"), SHARES).percentiles == ()
    assert first_words(None, pilot("budget: {first_token: {p95: 1 s}}"), SHARES).budgets_s == {"p95": 1.0}


def by_id(result):
    return {f.id: f for f in result.findings}


def test_a_streamed_answer_without_times_of_first_words_cannot_pass(run):
    found = by_id(run(LOAD + latency("context: streaming, limits: {concurrency: 40}"), spans=traced()).latency)
    assert found["latency.p95"].state is State.PASS
    assert found["latency.p95"].title == "p95 of the time to the end of the streamed answer"
    first = found["latency.first_token"]
    assert (first.state, first.questions) == (State.UNKNOWN, ("R3",))


def test_a_form_is_named_as_what_it_is(run):
    found = by_id(run(LOAD + latency("context: blocking_form, limits: {concurrency: 40}"), spans=traced()).latency)
    assert found["latency.p95"].title == "p95 of the wait in front of the form"


@pytest.mark.parametrize(("servers", "state"), [(40, State.PASS), (1, State.FAIL)])
def test_a_batch_is_asked_whether_it_is_done_within_its_day(run, servers, state):
    text = LOAD + f"latency: {{spans: spans.jsonl, context: batch, limits: {{concurrency: {servers}}}}}\n"
    study = run(text, spans=traced())
    found = by_id(study.latency)["latency.batch"]
    assert "latency.no_budget" not in by_id(study.latency)  # nobody waits
    assert (found.state, found.questions, found.threshold) == (state, ("R3",), 24)
    # 100,000 requests of some 2.9 s, one after the other: about 80 hours
    mean_s = study.latency.service.mean_service_s
    assert found.value == pytest.approx(98_000 * mean_s / 3600 / servers, rel=0.05)


def test_a_batch_of_which_little_is_known(run):
    found = by_id(run("latency: {context: batch}\n").latency)["latency.batch"]
    assert found.state is State.UNKNOWN
    assert "Nobody waits for a batch" in found.sentence


def test_a_budget_that_is_stated_for_a_batch_counts(run):
    text = LOAD + latency("context: batch, limits: {concurrency: 40}", budget="p95: 1 s")
    assert by_id(run(text, spans=traced()).latency)["latency.p95"].state is State.FAIL
