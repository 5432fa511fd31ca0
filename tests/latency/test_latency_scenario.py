"""The pilot as the simulation sees it: whole requests, visits to stages, limits, and whoever calls."""

import numpy as np
import pytest
from load_scenarios import pool

from flightready.assessment import load
from flightready.assessment.latency import LatencyPolicy, Search
from flightready.draws import JointSample
from flightready.errors import InputError
from flightready.evidence import Grade
from flightready.latency.bounds import bounds, tightest
from flightready.latency.caller import breaker, caller
from flightready.latency.scenario import WHOLE, run, scenario, visited
from flightready.latency.traces import BETWEEN, Traces
from flightready.telemetry import UsageLog
from flightready.telemetry.frames import calls_frame


def traces(n=50):
    """Search, then two calls of the model beside a check; every fifth request needs no search, the last one failed."""
    made = np.ones((n, 3), dtype=bool)
    made[::5, 0] = False
    stage_s = np.where(made, [1.0, 2.0, 3.0], 0.0)
    total_s = stage_s[:, 0] + 3.0 + 0.5
    part_s = np.column_stack([stage_s[:, 0], np.full(n, 1.0), np.full(n, 2.0), np.full(n, 0.5)])
    answered = np.arange(n) < n - 1
    return Traces(total_s, answered, np.full(n, np.nan), ("search", "model", "check"), stage_s, part_s, ("request",),
                  np.zeros(n, dtype=int), (), steps=(0, 1, 1), made=made, copies=made * [1, 2, 1],
                  spent_s=stage_s * [1.0, 2.0, 1.0])  # fmt: skip


def usage(n=40):
    return UsageLog(calls_frame({
        "time": [None] * n, "outcome": [f"T{i}" for i in range(n)], "attempt": [1] * n, "status": ["ok"] * n,
        "model": ["m"] * n, "input_total": [float(100 * (i + 1)) for i in range(n)], "output": [0.0] * n,
    }, where="usage.csv"), None, ("test",))  # fmt: skip


@pytest.fixture
def made(tmp_path):
    def of(text, found=None, log=None):
        (tmp_path / "assessment.yaml").write_text(f"name: pilot\n{text}")
        pilot = load(tmp_path)
        return scenario(pilot, found, joint=JointSample(7, replicates=2, draws=8), usage=log, budget_s=5.0)

    return of


def test_nothing_is_simulated_of_what_was_never_timed(made):
    assert made("latency: {limits: {concurrency: 3}}") is None


def test_one_pool_holds_whole_requests(made):
    found = made("latency: {limits: {concurrency: 3}, policy: {waiting: 9}}", traces())
    (stage,) = found.stages
    assert (stage.name, stage.servers, stage.room) == (WHOLE, 3, 9)
    assert np.array_equal(found.service_s[:, 0], traces().total_s)
    assert (found.failure.sum(), found.visits, found.limits, found.grade) == (1.0, None, None, Grade.MEASURED)


def test_visits_add_up_to_what_each_request_took():
    visits, service_s = visited(traces(), counted=[1])
    assert [(v.stage, v.step) for v in visits] == [(0, 0), (1, 1), (1, 1), (2, 1), (3, 2)]
    assert np.isnan(service_s[::5, 0]).all()
    by_step = [
        np.nan_to_num(service_s[:, [i for i, v in enumerate(visits) if v.step == s]]).max(axis=1) for s in range(3)
    ]
    assert np.sum(by_step, axis=0) == pytest.approx(traces().total_s)
    alone, _ = visited(traces(), counted=[])
    assert len(alone) == 4  # where calls are not counted, those beside each other are one


def test_stages_with_limits_have_places_and_share_the_tokens_of_a_request(made):
    text = "latency: {limits: {stages: {model: {concurrency: 6, waiting: 2}}, at: model, tokens_per_minute: 90_000}}"
    found = made(text, traces(), usage())
    assert [s.name for s in found.stages] == ["search", "model", "check", BETWEEN]
    assert (found.stages[1].servers, found.stages[1].room, found.limits.stage) == (6, 2, 1)
    # two calls of the model in each request: half of its tokens each; all together those of the log
    assert found.limits.kept.mean() * 2 == pytest.approx(2050, rel=0.02)
    of_model, of_tokens = bounds(found)
    assert of_model.work.mean() == pytest.approx(4.0)
    assert of_tokens.work.mean() == pytest.approx(2050, rel=0.02)
    assert tightest((of_model, of_tokens)).name == "Tokens a minute"


def test_names_of_stages_are_checked(made):
    with pytest.raises(InputError, match=r"latency\.limits\.at: no stage of the requests is named 'modle'.*'model'"):
        made("latency: {limits: {at: modle, requests_per_minute: 9}}", traces())


def test_typed_stages_are_drawn_and_said_to_be_an_estimate(made):
    found = made("latency: {stages: {a: {p50: 1 s, p95: 3 s}, b: {p50: 2 s}}, limits: {concurrency: 4}}")
    assert found.grade is Grade.ESTIMATED
    assert "drawn from the typed times" in found.notes[0]
    sigma = np.log(3) / 1.6448536269514722
    assert found.service_s.mean() == pytest.approx(np.exp(sigma**2 / 2) + 2, rel=0.01)
    assert np.quantile(found.service_s, 0.95) == pytest.approx(5.0, rel=0.01)


def test_a_request_larger_than_a_limit_is_said(made):
    found = made("latency: {limits: {concurrency: 3, tokens_per_minute: 2_000}}", traces(), usage())
    assert found.limits.held.max() == 2000
    assert any("larger than a limit ever holds" in note for note in found.notes)


def test_limits_on_tokens_without_tokens_are_left_out(made):
    found = made("latency: {limits: {concurrency: 3, tokens_per_minute: 2_000}}", traces())
    assert found.limits is None
    assert any("Limits on tokens are left out" in note for note in found.notes)


def test_what_the_policy_declares_is_simulated_and_the_rest_is_said():
    rule = LatencyPolicy.model_validate({
        "timeout": "8 s", "timeout_stops": "nothing", "retries": 2, "backoff": "1 s", "longest_backoff": "4 s",
        "jitter": "20%", "heeds_retry_after": True, "hedge_after": "3 s", "cache": {"share": "30%", "time": "20 ms"},
        "breaker": {"failures": "50%", "of": 20, "pause": "30 s"}, "fallback": "cached_answer", "fallback_works": "90%",
    })  # fmt: skip
    client, notes = caller(rule, 2.0)
    assert notes == ()
    assert (client.timeout_s, client.stops, client.retries, client.backoff_s, client.backoff_most_s) == (
        8,
        "nothing",
        2,
        1,
        4,
    )
    assert (client.jitter, client.heeds_retry_after, client.hedge_after_s) == (0.2, True, 3.0)
    assert (client.cached_share, client.cached_s, client.fallback, client.budget_s) == (0.3, 0.02, 0.9, 2.0)
    assert (breaker(rule).share, breaker(rule).of, breaker(rule).pause_s) == (0.5, 20, 30.0)
    bare, notes = caller(LatencyPolicy(), 2.0)
    assert (bare.retries, bare.fallback, len(notes)) == (0, 0.0, 2)
    assert caller(LatencyPolicy(fallback="clear_error"), 2.0)[0].fallback == 0.0
    assert any(
        "How often the fallback itself works" in n for n in caller(LatencyPolicy(fallback="queue_for_human"), 2.0)[1]
    )


def test_one_value_to_choose_from_needs_no_list():
    found = Search.model_validate({"concurrency": 8, "retries": 1, "timeout": "5 s"})
    assert (found.concurrency[0].median, found.retries, found.timeout[0].median) == (8.0, [1], 5.0)


def test_what_leaves_nothing_to_simulate_is_refused_where_it_is_stated():
    with pytest.raises(ValueError, match="never closed"):
        LatencyPolicy.model_validate({"breaker": {"failures": "0%", "of": 1, "pause": "1 s"}})
    with pytest.raises(ValueError, match="leaves no call"):
        LatencyPolicy.model_validate({"cache": {"share": "100%"}})


def test_a_run_is_repeated_by_its_name_and_only_sped_up_by_its_load():
    simulated, _ = pool([1.0, 2.0], 5)
    one, again, faster = (run(simulated, rate, requests=500, seed=3, peak_minute=1.5) for rate in (1.0, 1.0, 2.0))
    assert np.array_equal(one.response_s, again.response_s)
    assert faster.horizon_s < one.horizon_s
    assert np.array_equal(np.sort(one.row), np.sort(faster.row))
