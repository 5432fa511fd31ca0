"""Scenarios to simulate: requests of which only the time is known, one pool of servers."""

import numpy as np
from latency_spans import timed

from flightready.latency.bounds import bounds, tightest
from flightready.latency.measured import service_times
from flightready.latency.response import Effort, respond
from flightready.latency.scenario import WHOLE, Scenario
from flightready.traffic.limit_rules import Rule
from flightready.traffic.system import Client, Limits, Stage

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def exponential_times(n=800):
    """Exponential quantiles with mean 1, evenly spaced."""
    times = -np.log1p(-(np.arange(n) + 0.5) / n)
    return times / times.mean()


def pool(times, servers, answered=None, **client):
    """One pool for whole requests, and the service times that go with it."""
    traces = timed(times, answered)
    budget_s = client.pop("budget_s", np.inf)
    return Scenario(
        (Stage(WHOLE, servers),), None, traces.total_s[:, None], (~traces.answered).astype(float), None,
        Client(budget_s=budget_s, **client), None, budget_s,
    ), service_times(traces)  # fmt: skip


def limited(scenario, per_minute, each=1.0):
    """The scenario behind a limit on requests a minute."""
    taken = np.full((len(scenario.failure), 1), each)
    rule = Rule("requests_per_minute", "Requests a minute", "requests", per_minute)
    return Scenario(**{**vars(scenario), "limits": Limits((rule,), taken, taken, delays=False)})


def answer(scenario, loads, *, service=None, parts=None, requests=6000, seed=7):
    """The response at some loads; the most of one run, without a busier minute."""
    first = tightest(bounds(scenario))
    saturation = max(loads) if first is None else first.saturation
    return respond(
        scenario, np.asarray(loads, dtype=float), saturation=saturation, effort=Effort(requests, 10 * requests),
        seed=seed, percentiles=SHARES, service=service, parts=parts,
    )  # fmt: skip
