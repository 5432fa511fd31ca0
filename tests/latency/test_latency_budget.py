"""The analysis as a whole: every kind of input, and no absence that makes an answer better."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from latency_spans import request
from scipy import stats

from flightready.errors import InputError
from flightready.evidence import Grade, State
from flightready.latency.budget import in_time_limit
from flightready.study.store import Store
from flightready.telemetry import UsageLog
from flightready.telemetry.frames import calls_frame

LOAD = "workload: {users_per_day: 80_000 to 120_000, requests_per_user: 1, peak_to_mean: 2.5}\n"


def traced(n=400, failed=0, scale=1.0, every_s=60.0, scatter=0.4):
    rng = np.random.default_rng(6)
    rows = []
    for i in range(n):
        shared = rng.lognormal(0, scatter)
        stages = {"search": 0.5 * shared * scale, "model": 2.0 * shared * rng.lognormal(0, 0.3) * scale}
        rows += request(i, stages, at=every_s * i, ok=i >= failed)
    return rows


def latency(extra="", *, budget="p95: 60 s", spans="spans: spans.jsonl, "):
    return f"latency: {{{spans}budget: {{{budget}}}{', ' if extra else ''}{extra}}}\n"


def states(result):
    return {f.id: f.state for f in result.findings}


def test_measured_at_the_planned_peak(run):
    result = run(LOAD + latency("limits: {concurrency: 40}"), spans=traced()).latency
    assert (result.source, result.grade, result.n, result.n_failed) == ("spans", Grade.MEASURED, 400, 0)
    assert states(result)["latency.p95"] is State.PASS
    (finding,) = (f for f in result.findings if f.id == "latency.p95")
    assert finding.questions == ("R3",)
    assert finding.sources == ("spans.jsonl",)
    assert finding.n == 400
    assert result.planned[1].value_s >= result.pilot[1].value_s - 1e-9
    assert result.in_time_share.shape == (4, 256)
    assert 0.97 < result.in_time_day.median <= 1
    assert result.absences == ()
    assert result.busiest_at_once == 1
    assert states(result)["latency.load_tried"] is State.UNKNOWN


def test_at_scale_a_load_that_was_only_computed_is_no_yes(run):
    """At most one request at work at once in the traces: evidence for scale has to come from the load itself."""
    found = run("phase: scale\n" + LOAD + latency("limits: {concurrency: 40}"), spans=traced()).latency
    (finding,) = (f for f in found.findings if f.id == "latency.p95")
    assert finding.state is State.UNKNOWN
    assert "never ran at that load" in finding.sentence
    assert "load test" in finding.decides


def test_none_late_or_lost_in_few_traces_leaves_open_how_many_are(run):
    """Jeffreys: of 60 without a failure up to 3.1 in 100 fail at the upper end of the 90 % interval."""
    found = run(LOAD + latency("limits: {concurrency: 60}"), spans=traced(n=60)).latency
    assert found.planned_peak["lost"].high == pytest.approx(float(stats.beta.ppf(0.95, 0.5, 60.5)), rel=0.25)
    assert found.in_time_peak.low == pytest.approx(float(stats.beta.ppf(0.05, 60.5, 0.5)), abs=0.01)


def test_a_busier_plan_is_never_faster(run):
    spans = traced()
    calm = run(LOAD + latency("limits: {concurrency: 14}"), spans=spans).latency
    busy = run(
        LOAD.replace("80_000 to 120_000", "110_000 to 150_000") + latency("limits: {concurrency: 14}"), spans=spans
    ).latency
    for a, b in zip(calm.planned, busy.planned, strict=True):
        assert b.value_s is None or b.value_s >= a.value_s - 1e-9
    assert busy.in_time_day.median <= calm.in_time_day.median + 1e-9


def test_a_queue_that_never_ends_fails(run):
    result = run(LOAD + latency("limits: {concurrency: 3}"), spans=traced()).latency
    assert states(result)["latency.p95"] is State.FAIL
    assert result.planned[1].unbounded == "overload"
    assert result.capacity.overload_probability == 1
    assert result.in_time_peak.median == 0


def test_failures_beyond_the_percentile_fail_whatever_the_budget(run):
    result = run(
        LOAD + latency("limits: {concurrency: 40}", budget="p95: 60 s, p99: 90 s"), spans=traced(failed=20)
    ).latency
    assert states(result)["latency.p99"] is State.FAIL
    assert result.pilot[2].value_s is None
    assert result.pilot_in_time_share == pytest.approx(0.95)


def test_leaving_out_input_never_turns_an_answer_into_a_yes(run):
    # everything measured and too slow at the peak: FAIL; without the plan or the servers: not known, never PASS
    spans = traced()
    full = run(LOAD + latency("limits: {concurrency: 3}"), spans=spans).latency
    no_servers = run(LOAD + latency(), spans=spans).latency
    no_load = run(latency("limits: {concurrency: 3}"), spans=spans).latency
    assert states(full)["latency.p95"] is State.FAIL
    for partial, missing in ((no_servers, "concurrency"), (no_load, "workload")):
        assert states(partial)["latency.p95"] is State.UNKNOWN
        assert missing in {a.key for a in partial.absences}
        (finding,) = (f for f in partial.findings if f.id == "latency.p95")
        assert finding.decides
    assert no_load.curve is not None
    assert no_servers.capacity.in_flight.median > 0


def test_traces_of_a_few_minutes_give_no_yes(run):
    """The same requests within 20 seconds show one moment of one day."""
    spans = [dict(s) for s in traced()]
    whole = run(LOAD + latency("limits: {concurrency: 30}"), spans=spans).latency
    assert states(whole)["latency.p95"] is State.PASS
    short = run(LOAD + latency("limits: {concurrency: 30}"), spans=traced(every_s=0.05)).latency
    assert states(short)["latency.p95"] is State.UNKNOWN
    assert "one moment of one day" in next(f for f in short.findings if f.id == "latency.p95").sentence


def test_a_wait_is_only_added_unless_a_retry_answers(run):
    spans = traced(failed=9)
    alone = run(LOAD + latency("limits: {concurrency: 60}"), spans=spans).latency
    for pilot, planned in zip(alone.pilot, alone.planned, strict=True):
        assert planned.value_s is None or planned.value_s >= pilot.value_s - 1e-9
    assert (alone.planned[2].value_s, alone.planned[2].unbounded) == (None, "failures")
    again = run(LOAD + latency("limits: {concurrency: 60}, policy: {retries: 1}"), spans=spans).latency
    assert again.planned[2].value_s is not None


def test_a_rate_limit_below_the_plan_gives_way_first(run):
    text = LOAD + latency("limits: {concurrency: 60, requests_per_minute: 20}, policy: {fallback: queue_for_human}")
    result = run(text, spans=traced()).latency
    (borne,) = (f for f in result.findings if f.id == "latency.borne")
    assert (result.curve.why, borne.state) == ("limit", State.FAIL)
    assert "rate limit 'Requests a minute'" in borne.sentence
    assert result.planned_peak["degraded"].median > 0.5
    parts = result.in_time_share + result.degraded_share + result.lost_share
    assert (parts <= 1 + 1e-9).all()
    assert result.tries.min() == pytest.approx(1.0)


def test_stages_have_places_of_their_own(run):
    stages = "limits: {stages: {model: {concurrency: 4}}}"
    result = run(LOAD + latency(stages), spans=traced()).latency
    assert (result.curve.tightest, result.capacity.place, result.capacity.concurrency) == ("model", "model", 4.0)
    with pytest.raises(InputError, match="no stage of the requests is named 'modell'.*Did you mean 'model'"):
        run(LOAD + latency(stages.replace("model", "modell")), spans=traced())


def test_a_range_of_servers_is_drawn(run):
    some = run(LOAD + latency("limits: {concurrency: 5 to 14}"), spans=traced()).latency
    few, many = (run(LOAD + latency(f"limits: {{concurrency: {n}}}"), spans=traced()).latency for n in (5, 14))
    assert few.in_time_peak.mean <= some.in_time_peak.mean <= many.in_time_peak.mean
    assert some.in_time_peak.high - some.in_time_peak.low >= many.in_time_peak.high - many.in_time_peak.low


def test_too_slow_in_the_pilot_is_too_slow_without_a_plan(run):
    result = run(latency(budget="p95: 1 s"), spans=traced()).latency
    assert states(result)["latency.p95"] is State.FAIL


def test_house_assumptions_about_the_load_never_pass(run):
    result = run("workload: {users_per_day: 1000}\n" + latency("limits: {concurrency: 40}"), spans=traced()).latency
    assert result.planned_grade is Grade.ASSUMED
    assert states(result)["latency.p95"] is State.UNKNOWN


def test_many_cut_traces_are_no_measurement(run):
    rows = traced(n=110)
    for row in rows:
        if row["trace"] in {f"t{i}" for i in range(10)} and not row["parent"]:
            row["parent"] = "elsewhere"
    result = run(LOAD + latency("limits: {concurrency: 40}"), spans=rows).latency
    assert result.n == 100
    assert result.grade is Grade.ESTIMATED
    assert states(result)["latency.p95"] is State.UNKNOWN
    (finding,) = (f for f in result.findings if f.id == "latency.p95")
    assert "Whole traces" in finding.decides


def test_without_a_budget_times_are_said_and_nothing_is_judged(run):
    result = run(LOAD + "latency: {spans: spans.jsonl, limits: {concurrency: 40}}\n", spans=traced()).latency
    assert states(result)["latency.no_budget"] is State.UNKNOWN
    assert "budget" in {a.key for a in result.absences}
    assert result.planned[1].value_s > 0
    assert result.in_time_share is None
    assert result.reference_s == 1.0


def log(n=300, latency_s=2.0, status="ok"):
    start = pd.Timestamp("2026-09-14T09:00:00Z")
    rng = np.random.default_rng(2)
    return UsageLog(
        calls_frame(
            {
                "time": [start + pd.Timedelta(minutes=i) for i in range(n)],
                "outcome": [f"T{i}" for i in range(n)],
                "attempt": [1] * n,
                "status": [status] * n,
                "model": ["m"] * n,
                "input_total": [900] * n,
                "output": [100] * n,
                "latency_s": latency_s * rng.lognormal(0, 0.3, n),
            },
            where="usage.jsonl",
        ),
        None,
        ("log",),
    )


def test_the_calls_of_a_log_are_a_lower_bound(run):
    settings = latency("limits: {concurrency: 40}", spans="")
    result = run(LOAD + settings, usage=log()).latency
    assert (result.source, result.grade) == ("calls", Grade.ESTIMATED)
    assert states(result)["latency.p95"] is State.UNKNOWN
    assert result.pilot[1].unbounded == "part"
    assert "spans" in {a.key for a in result.absences}
    slow = run(LOAD + settings, usage=log(latency_s=200.0)).latency
    assert states(slow)["latency.p95"] is State.FAIL


def test_typed_percentiles_are_an_estimate(run):
    stages = "stages: {search: {p50: 300 ms, p95: 900 ms}, model: {p50: 1 s, p95: 3 s}}"
    settings = latency(f"{stages}, limits: {{concurrency: 40}}", spans="", budget="p95: 60 s, p99: 1 s")
    result = run(LOAD + settings).latency
    assert (result.source, result.grade) == ("stages", Grade.ESTIMATED)
    assert states(result)["latency.p95"] is State.UNKNOWN
    assert states(result)["latency.p99"] is State.FAIL
    assert result.capacity.busy_share.median > 0
    assert result.planned == ()


def test_nothing_but_a_name(run):
    result = run("").latency
    assert result.source == "none"
    assert result.pilot == ()
    assert {a.key for a in result.absences} == {"spans", "budget", "workload", "concurrency"}
    assert states(result) == {}


def test_load_and_servers_without_any_time(run):
    result = run(LOAD + "latency: {limits: {concurrency: 12}}\n").latency
    # 100,000 a day at 2.5 times the mean: 2.89 a second; 12 servers keep up to 4.15 s each
    assert result.capacity.longest_service_s.median == pytest.approx(12 / (100_000 / 86_400 * 2.5), rel=0.03)


def test_requests_above_the_time_out_are_counted(run):
    result = run(latency("policy: {timeout: 3 s, retries: 2}"), spans=traced(failed=4)).latency
    assert result.over_timeout == int(sum(r["end_s"] - r["start_s"] > 3 for r in traced() if not r["parent"]))
    assert (result.retries.level, result.retries.n_failed, result.retries.most_attempts) == ("request", 4, 3)


def test_retries_are_judged_by_calls_where_a_log_knows_them(run):
    result = run("latency: {policy: {retries: 1}}\n", usage=log(status="error:429")).latency
    assert (result.retries.level, result.retries.final_failure) == ("call", 1.0)


def test_the_limit_of_in_time_is_the_shorter_tail_budget():
    assert in_time_limit({"p50": 1.0, "p95": 2.0, "p99": 4.0}) == 2.0
    assert in_time_limit({"p50": 1.0}) == 1.0
    assert in_time_limit({}) is None


def test_a_missing_file_names_its_place(run):
    with pytest.raises(InputError, match=r"'spans\.jsonl' is not there"):
        run(latency())


def test_traces_without_a_root_name_their_place(run):
    rows = [r for r in traced(n=3) if r["parent"]]
    with pytest.raises(InputError, match=r"assessment.yaml, line 3.*no trace has a root span"):
        run(latency(), spans=rows)


def test_only_failed_traces(run):
    result = run(LOAD + latency("limits: {concurrency: 4}"), spans=traced(n=30, failed=30)).latency
    assert result.planned == ()
    assert states(result)["latency.p95"] is State.FAIL


def test_a_result_survives_the_store(run, tmp_path):
    result = run(
        LOAD + latency("limits: {concurrency: 40}, policy: {retries: 1}"),
        spans=traced(failed=9),
    ).latency
    store = Store(tmp_path / "store")
    store.put("latency-test", result)
    again = store.get("latency-test")
    assert again is not None
    for field in dataclasses.fields(result):
        kept, was = getattr(again, field.name), getattr(result, field.name)
        if field.name in ("in_time_share", "degraded_share", "lost_share", "tries"):
            assert np.array_equal(kept, was)
        elif field.name not in ("answered", "service", "curve", "scenario"):
            assert kept == was, field.name
    assert np.array_equal(again.curve.high_s["p95"], result.curve.high_s["p95"])
    assert again.service.mean_service_s == result.service.mean_service_s
    assert np.array_equal(again.scenario.service_s, result.scenario.service_s)
    assert again.scenario.client == result.scenario.client


def test_the_same_input_gives_the_same_numbers(run):
    text = LOAD + latency("limits: {concurrency: 14}")
    one, two = (run(text, spans=traced()).latency for _ in range(2))
    assert one.planned == two.planned
    assert np.array_equal(one.in_time_share, two.in_time_share)
