"""The simulation against two independent libraries: SimPy request by request, Ciw in distribution."""

from dataclasses import replace

import ciw
import numpy as np
import pytest
from ciw import dists
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from simpy_model import Service, forked

from flightready.traffic.limit_rules import Rule
from flightready.traffic.simulation import FAULTS, RETRIED, STOPS, Client, Fault, Limits, Stage, Visit, simulate


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_request_comes_out_as_in_simpy(data):
    dice = np.random.default_rng(data.draw(st.integers(0, 100_000)))
    n, count = data.draw(st.integers(1, 60)), data.draw(st.integers(1, 3))
    stages = tuple(
        Stage(str(s), data.draw(st.none() | st.integers(1, 3)), data.draw(st.none() | st.integers(0, 4)))
        for s in range(count)
    )
    client = Client(
        timeout_s=data.draw(st.sampled_from([np.inf, 1.0, 4.0])) * dice.uniform(0.9, 1.1, n),  # no two at one moment
        stops=data.draw(st.sampled_from(STOPS)),
        retries=data.draw(st.integers(0, 3)), retried=tuple(data.draw(st.sets(st.sampled_from(RETRIED)))),
        backoff_s=data.draw(st.sampled_from([0.3, 1.0])), backoff_most_s=data.draw(st.sampled_from([np.inf, 0.9])),
        redraws=False, fallback=data.draw(st.sampled_from([0.0, 1.0])),
    )  # fmt: skip
    arrival_s, service_s = np.cumsum(dice.exponential(0.7, n)), dice.exponential(1.0, (n, count))
    failure = (dice.random(n) < data.draw(st.sampled_from([0.0, 0.3]))).astype(float)
    setting = {"seed": 1, "client": client, "failure": failure, "row": np.arange(n)}
    same = {"failure": failure}
    if data.draw(st.booleans()):
        held = dice.integers(1, 8, n).astype(float)
        kept = held - dice.integers(0, 2, n) * data.draw(st.booleans())
        limited, delays = data.draw(st.integers(0, count - 1)), data.draw(st.booleans())
        rule = Rule("tokens_per_minute", "tokens a minute", "tokens", 240.0, burst=10.0)
        setting["limits"] = Limits((rule,), held[:, None], kept[:, None], limited, delays)
        same |= {"bucket": (4.0, 10.0), "held": held, "kept": kept, "limited": limited, "delays": delays}
    faults = tuple(
        Fault(kind, start_s := n * dice.random(), start_s + 9 * dice.random(), int(dice.integers(count)), factor=3.0)
        for kind in data.draw(st.lists(st.sampled_from(FAULTS), max_size=3))
        if kind != "stuck" or np.isfinite(client.timeout_s).all()
    )
    if {"down", "rejected"} & {f.kind for f in faults}:  # many end at one moment: who tries again first is open
        setting["client"] = client = replace(client, retries=0)
    setting["faults"] = same["faults"] = faults
    ours, theirs = simulate(arrival_s, service_s, stages, **setting), Service(stages, client, service_s, **same)
    theirs.run(arrival_s, range(n))
    assert ours.response_s == pytest.approx([theirs.response_s[r] for r in range(n)], rel=1e-9, abs=1e-9)
    assert ours.tries.tolist() == [theirs.tries[r] for r in range(n)]
    names = np.array(["answered", "degraded", "lost"])
    assert names[ours.outcome].tolist() == [theirs.outcomes[r] for r in range(n)]
    assert {key: ours.endings[key] for key in RETRIED} == {key: theirs.endings.count(key) for key in RETRIED}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 7), st.sampled_from([0.0, 0.4]))
def test_visits_beside_each_other_come_out_as_in_simpy(seed, columns, not_made):
    dice = np.random.default_rng(seed)
    n = 60
    visits = tuple(Visit(int(dice.integers(3)), int(dice.integers(3))) for _ in range(columns))
    servers = dice.integers(1, 4, 3).tolist()
    arrival_s, service_s = np.cumsum(dice.exponential(1.0, n)), dice.exponential(1.0, (n, columns))
    service_s[dice.random((n, columns)) < not_made] = np.nan
    stages = tuple(Stage(str(s), servers[s]) for s in range(3))
    found = simulate(arrival_s, service_s, stages, seed=1, row=np.arange(n), visits=visits)
    assert found.response_s == pytest.approx(forked(arrival_s, service_s, servers, visits), rel=1e-9, abs=1e-9)


SETTINGS, RUNS, CUSTOMERS, FIGURES = 20, 16, 1_000, 3
JOINT_LEVEL = 0.99  # of all comparisons together: each of the 60 is made at 1 - .01 / 60 (Bonferroni)
IN_THE_PLAIN_SUITE = 3  # the others take half a minute and are marked as benchmarks


class FirstArrivals(dists.Exponential):
    """Random arrivals that end after so many."""

    def __init__(self, rate, left):
        super().__init__(rate)
        self.left = left

    def sample(self, t=None, ind=None):
        self.left -= 1
        return super().sample(t, ind) if self.left >= 0 else float("inf")


def drawn_setting(number):
    """One to three stages, each with its servers and kind of service; the first may be short of room or of patience."""
    dice = np.random.default_rng(20_261_120 + number)
    count = int(dice.integers(1, 4))
    kinds = dice.choice(["exponential", "deterministic", "empirical"], count)
    means, servers = dice.uniform(0.2, 3.0, count), dice.integers(1, 7, count)
    rows = [mean * np.ones(1) if kind == "deterministic" else dice.lognormal(np.log(mean), 0.8, 30)
            for kind, mean in zip(kinds, means, strict=True)]  # fmt: skip
    rate = dice.uniform(0.5, 1.0) * min(servers / [r.mean() for r in rows])
    room = int(dice.integers(0, 9)) if dice.random() < 0.5 else None
    patience = float(dice.uniform(0.3, 3.0)) if count == 1 and dice.random() < 0.6 else None
    return kinds, rows, servers.tolist(), rate, room, patience


def in_ciw(number, run):
    """Response of those who were served and share of those who were not, from one run that begins and ends empty."""
    kinds, rows, servers, rate, room, patience = drawn_setting(number)
    count = len(kinds)
    service = {
        "exponential": lambda r: dists.Exponential(1 / r.mean()),
        "deterministic": lambda r: dists.Deterministic(float(r[0])),
        "empirical": lambda r: dists.Empirical(r.tolist()),
    }
    ciw.seed(1_000 * number + run)
    open_ = float("inf")
    network = ciw.create_network(
        arrival_distributions=[FirstArrivals(rate, CUSTOMERS)] + [None] * (count - 1),
        service_distributions=[service[kind](r) for kind, r in zip(kinds, rows, strict=True)],
        number_of_servers=servers, queue_capacities=[open_ if room is None else room] + [open_] * (count - 1),
        routing=[[float(j == i + 1) for j in range(count)] for i in range(count)],
        reneging_time_distributions=patience and [dists.Deterministic(patience)],
    )  # fmt: skip
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(1e12)
    came, left = {}, {}
    for record in simulation.get_all_records():
        if record.record_type == "service" and record.node == 1:
            came[record.id_number] = record.arrival_date
        if record.record_type == "service" and record.node == count:
            left[record.id_number] = record.exit_date
    response_s = np.array([left[key] - came[key] for key in left])
    return response_s.mean(), np.quantile(response_s, 0.95), 1 - response_s.size / CUSTOMERS


def in_ours(number, run):
    kinds, rows, servers, rate, room, patience = drawn_setting(number)
    dice = np.random.default_rng(1_000 * number + run)
    service_s = np.column_stack([
        dice.exponential(r.mean(), CUSTOMERS) if kind == "exponential" else dice.choice(r, CUSTOMERS)
        for kind, r in zip(kinds, rows, strict=True)
    ])  # fmt: skip
    stages = tuple(Stage(str(s), n, None if s else room) for s, n in enumerate(servers))
    client = Client(timeout_s=patience or np.inf, stops="patience")
    arrival_s = np.cumsum(dice.exponential(1 / rate, CUSTOMERS))
    found = simulate(arrival_s, service_s, stages, seed=run, client=client, row=np.arange(CUSTOMERS))
    response_s = found.response_s[found.outcome == 0]
    return response_s.mean(), np.quantile(response_s, 0.95), 1 - response_s.size / CUSTOMERS


@pytest.mark.parametrize("number", [
    pytest.param(i, marks=() if i < IN_THE_PLAIN_SUITE else pytest.mark.benchmark) for i in range(SETTINGS)
])  # fmt: skip
def test_ciw_agrees_on_settings_drawn_at_random(number):
    theirs = np.array([in_ciw(number, run) for run in range(RUNS)])
    ours = np.array([in_ours(number, run) for run in range(10 * RUNS)])
    level = 1 - (1 - JOINT_LEVEL) / (SETTINGS * FIGURES)
    for k, figure in enumerate(("mean response", "p95 of the response", "share not served")):
        here, there = ours[:, k], theirs[:, k]
        if here.any() or there.any():  # nobody is turned away where there is room and patience
            interval = stats.ttest_ind(here, there).confidence_interval(level)  # one law, so one variance
            assert interval.low <= 0 <= interval.high, f"{figure}: {here.mean():.4g} here, {there.mean():.4g} in Ciw"
