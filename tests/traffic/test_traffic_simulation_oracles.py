"""The simulation against two independent libraries: SimPy request by request, Ciw in distribution."""

import ciw
import numpy as np
import pytest
from ciw import dists
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from simpy_model import Service

from flightready.traffic.limit_rules import Rule
from flightready.traffic.simulation import RETRIED, STOPS, Client, Limits, Stage, simulate


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
    ours, theirs = simulate(arrival_s, service_s, stages, **setting), Service(stages, client, service_s, **same)
    theirs.run(arrival_s, range(n))
    assert ours.response_s == pytest.approx([theirs.response_s[r] for r in range(n)], rel=1e-9, abs=1e-9)
    assert ours.tries.tolist() == [theirs.tries[r] for r in range(n)]
    names = np.array(["answered", "degraded", "lost"])
    assert names[ours.outcome].tolist() == [theirs.outcomes[r] for r in range(n)]
    assert {key: ours.endings[key] for key in RETRIED} == {key: theirs.endings.count(key) for key in RETRIED}
