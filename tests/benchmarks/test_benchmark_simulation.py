"""The event simulation against SimPy and against numpy's stable sort in the same process. Run with -s to read it."""

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest
import simpy

from flightready.traffic import arrivals
from flightready.traffic.limit_rules import Rule
from flightready.traffic.simulation import Client, Limits, Stage, simulate

pytestmark = pytest.mark.benchmark
REQUESTS, TURNS = 1_000_000, 7
SECONDS, TIMES_SORT = 0.5, 7.0  # on an idle machine, and on a busy one: times a stable sort of as many numbers
KNEE_SECONDS, TIMES_KNEE = 0.15, 2.0  # the same for a curve over loads
LOADS, EACH = 12, 5_000
TIMES_SIMPY, LEAST_TIMES_SIMPY = 100, 50  # aimed at on an idle machine, and held on any
TIMES_KEPT = 4  # a process that finds the compilation starts so many times faster than the one that made it
MEASURED = 5_000  # requests of the pilot whose times are drawn
SERVERS = 2  # the plainest case of several; the others are printed
CHILD = """
import json, sys, tempfile, time
begun = time.perf_counter()
from flightready.traffic.simulation import Stage, simulate
if sys.argv[1] == "refused":  # numba tries by such a file whether a folder can be written
    def refused(*args, **options):
        raise OSError("read-only file system")
    tempfile.TemporaryFile = refused
imported = time.perf_counter()
found = simulate([0.0, 0.0, 1.0], [[2.0]], (Stage("model", servers=1),), seed=1)
print(json.dumps([imported - begun, time.perf_counter() - imported, found.response_s.tolist()]))
"""


def seconds(work):
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def best(*works):
    """The best time of each; by turns, so that a busy machine slows all of them."""
    for work in works:
        work()
    return [min(turns) for turns in zip(*([seconds(work)[0] for work in works] for _ in range(TURNS)), strict=True)]


def three_stages(per_second, requests):
    """Search, model and check with a time-out, two retries and a bucket in front of the model; a set of arrivals."""
    dice = np.random.default_rng(1)
    service_s = dice.lognormal(-0.5, 1.0, (MEASURED, 3)) * [0.05, 0.3, 0.1]
    rule = Rule("requests_per_minute", "requests a minute", "requests", 900.0, burst=30.0)
    one = np.ones((MEASURED, 1))
    client = Client(budget_s=4.0, timeout_s=6.0, retries=2, backoff_s=0.5, jitter=0.5, fallback=0.9)
    stages = Stage("search", 2), Stage("model", 5), Stage("check", 3)
    limits = Limits((rule,), one, one, stage=1)
    arrival_s = arrivals.so_many(requests, per_second, dice)
    return lambda: simulate(arrival_s, service_s, stages, seed=1, client=client, limits=limits, failure=0.01)


def in_simpy(arrival_s, service_s, servers):
    """Waits of the plain queue in the shortest form that SimPy's own examples take."""
    env = simpy.Environment()
    model, waits = simpy.Resource(env, servers), []

    def request(at_s, time_s):
        with model.request() as place:
            yield place
            waits.append(env.now - at_s)
            yield env.timeout(time_s)

    def come():
        for at_s, time_s in zip(arrival_s, service_s, strict=True):
            yield env.timeout(at_s - env.now)
            env.process(request(at_s, time_s))

    env.process(come())
    env.run()
    return waits


def sorting():
    numbers = np.random.default_rng(2).random(REQUESTS)
    return lambda: np.sort(numbers, kind="stable")


def test_a_million_requests_through_three_stages(capsys):
    run = three_stages(10.0, REQUESTS)
    found, (taken, sort) = run(), best(run, sorting())
    with capsys.disabled():
        print(
            f"\n{REQUESTS:,} requests in three stages with time-outs, retries and a bucket: {taken:.3f} s (at most {SECONDS:g} s "
            f"on an idle machine), {found.attempts:,} attempts, {found.outcomes}; a stable sort of as many numbers "
            f"{sort:.3f} s (ratio {taken / sort:.1f}, at most {TIMES_SORT:g})"
        )
    assert found.is_stable and found.attempts > 1.01 * REQUESTS and found.endings["timed out"] > 0
    assert taken <= max(SECONDS, TIMES_SORT * sort)


def test_against_simpy(capsys):
    ratios = {servers: rates(servers) for servers in (1, 2, 10, 100)}
    with capsys.disabled():
        for servers, (ours, theirs) in ratios.items():
            print(
                f"\nM/M/{servers} at 90 %: {ours / 1e6:.1f} M requests a second, SimPy {theirs / 1e3:.0f} thousand; "
                f"{ours / theirs:.0f} times" + f" (aimed at: {TIMES_SIMPY})" * (servers == SERVERS),
                end="",
            )
        print()
    ours, theirs = ratios[SERVERS]
    assert ours >= LEAST_TIMES_SIMPY * theirs


def rates(servers):
    """Requests a second here and in SimPy, of the same arrivals and services; the waits are the same."""
    dice, few = np.random.default_rng(3), REQUESTS // 40
    arrival_s, service_s = arrivals.so_many(REQUESTS, 0.9 * servers, dice), dice.exponential(1.0, (REQUESTS, 1))
    stages, row = (Stage("model", servers),), np.arange(REQUESTS)
    lists = arrival_s[:few].tolist(), service_s[:few, 0].tolist()
    found = simulate(arrival_s, service_s, stages, seed=1, row=row)
    assert found.wait_s[:few] == pytest.approx(in_simpy(*lists, servers), abs=1e-9)
    ours, theirs = best(
        lambda: simulate(arrival_s, service_s, stages, seed=1, row=row), lambda: in_simpy(*lists, servers)
    )
    return REQUESTS / ours, few / theirs


def test_the_knee_curve_of_a_slider(capsys):
    runs = [three_stages(load, EACH) for load in np.linspace(1.0, 16.0, LOADS)]
    taken, sort = best(lambda: [run() for run in runs], sorting())
    with capsys.disabled():
        print(
            f"\n{LOADS} loads of {EACH:,} requests: {1000 * taken:.0f} ms (at most {1000 * KNEE_SECONDS:.0f} ms on an idle machine); "
            f"a stable sort of {REQUESTS:,} numbers {1000 * sort:.0f} ms (ratio {taken / sort:.2f}, at most {TIMES_KNEE:g})"
        )
    assert taken <= max(KNEE_SECONDS, TIMES_KNEE * sort)


def test_the_compilation_is_kept_where_a_folder_can_be_written(tmp_path, capsys):
    def started(kind):
        settings = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", CHILD, kind], capture_output=True, text=True, check=True, env=settings
        )
        return json.loads(done.stdout)

    refused, files = started("refused"), list(tmp_path.rglob("*.nb?"))
    made, kept = started("writable"), started("writable")
    with capsys.disabled():
        print(
            f"\nimport {kept[0]:.1f} s; the first simulation of a process that compiles {made[1]:.1f} s, of one that finds it kept "
            f"{kept[1]:.2f} s ({made[1] / kept[1]:.0f} times faster, at least {TIMES_KEPT}), of one that may write nowhere {refused[1]:.1f} s"
        )
    assert not files and list(tmp_path.rglob("*.nbi"))
    assert refused[2] == made[2] == kept[2] == [2.0, 4.0, 5.0]
    assert made[1] > TIMES_KEPT * kept[1]
