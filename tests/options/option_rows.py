"""A pilot with a log of calls at 0.0028 USD and a flat load, and its options side by side on few draws."""

import datetime as dt
import json
from types import SimpleNamespace

import numpy as np
from cost_logs import response
from ruamel.yaml import YAML

from flightready.assessment import load
from flightready.cost.spend import analyse as cost_of
from flightready.draws import JointSample
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evidence import Grade
from flightready.options.analysis import analyse
from flightready.telemetry.reading import usage_of
from flightready.traffic.demand import plan

DAY = dt.date(2026, 11, 1)
LOAD = {"users_per_day": "800 to 1_200", "requests_per_user": 2, "growth_per_month": "0%", "peak_to_mean": 3}
CALLS = [response(day, n) for day in range(8) for n in range(4)]
"""1,000 input and 100 output tokens each."""


def compared(folder, *options, log=CALLS, cost=None, workload=LOAD, as_of=DAY, measured=None, **sections):
    """Return the options of a pilot side by side; `log` is a list of records, or None for what `cost` states."""
    document = {"name": "Test", "cost": {"options": list(options), **(cost or {})}, **sections}
    if log is not None:
        (folder / "usage.jsonl").write_text("".join(json.dumps(r) + "\n" for r in log))
        document["cost"]["usage"] = "usage.jsonl"
    if workload:
        document["workload"] = workload
    with (folder / "assessment.yaml").open("w") as stream:
        YAML().dump(document, stream)
    pilot = load(folder)
    joint = JointSample(pilot.spec.seed, replicates=2, draws=64)
    demand, usage = plan(pilot, joint), usage_of(pilot)
    spent = cost_of(pilot, joint, demand, usage=usage, evaluation=measured, as_of=as_of)
    return analyse(pilot, joint, demand, spent, usage=usage, evaluation=measured, as_of=as_of)


def pair(folder, option, **changes):
    """Return the pilot's own row, and that of one option."""
    own, other = compared(folder, {"name": "Other", **option}, **changes).options
    return own, other


def evaluated(*, right=80, of=100, **candidates):
    """What the options read of an evaluation: the pilot's accuracy, and right answers of 100 by candidate."""
    found = tuple(SimpleNamespace(name=n, right=accuracy(k, 100), p95_s=2.0) for n, k in candidates.items())
    draws = np.linspace(right / of - 0.05, right / of + 0.05, 1024)
    return SimpleNamespace(raw=accuracy(right, of), raw_accuracy_replicates=draws, grade=Grade.MEASURED,
                           candidates=SimpleNamespace(compared=found) if found else None)  # fmt: skip
