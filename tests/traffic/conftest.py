"""Small pilots with a plan, limits and a log of calls."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.telemetry import UsageLog
from flightready.telemetry.frames import calls_frame
from flightready.traffic.analysis import analyse
from flightready.traffic.demand import plan


@pytest.fixture
def log():
    """A log of tickets: 900 input tokens of which 400 are cached, 100 output of 300 allowed; some are tried twice."""

    def make(n=200, *, retried=0, max_tokens=300.0, model="claude-sonnet-4-5", **columns):
        tickets = [f"T{i}" for i in range(n)]
        outcome = tickets + tickets[:retried]
        start = pd.Timestamp("2026-09-14T09:00:00Z")
        after = [60 * i for i in range(n)] + [60 * i + 5 for i in range(retried)]
        frame = {
            "time": [start + pd.Timedelta(seconds=s) for s in after], "outcome": outcome, "model": model,
            "attempt": [1] * n + [2] * retried, "status": ["error:429"] * retried + ["ok"] * n,
            "input_total": [900] * len(outcome), "cache_read": [400] * len(outcome), "output": [100] * len(outcome),
            "max_tokens": [max_tokens] * len(outcome), "latency_s": [2.0] * len(outcome),
        }  # fmt: skip
        return UsageLog(calls_frame(frame | columns, where="usage.jsonl"), None, ("log",))

    return make


@pytest.fixture
def study(tmp_path):
    """Write an assessment and return its study as far as the limits need it."""

    def make(
        limits,
        *,
        users="100_000",
        rest="requests_per_user: 1, peak_to_mean: 1, peak_minute: 1",
        usage=None,
        more="",
        seed=7,
    ):
        load_text = f"workload: {{users_per_day: {users}, {rest}}}\n" if users else ""
        text = f"name: pilot\nseed: {seed}\n{load_text}latency: {{limits: {{{limits}}}}}\n{more}"
        (tmp_path / "assessment.yaml").write_text(text)
        pilot = load(tmp_path)
        joint = JointSample(pilot.spec.seed, replicates=4, draws=64)
        demand = plan(pilot, joint)
        traffic = analyse(pilot, joint, demand, usage=usage)
        return SimpleNamespace(pilot=pilot, joint=joint, demand=demand, traffic=traffic)

    return make


@pytest.fixture
def dice():
    """A seeded generator."""
    return np.random.default_rng(5)
