"""What bursts do at the same mean load: a closed form for even chance, and later answers the burstier requests come."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from flightready.latency.bursts import EVEN, LOG, SHARED, bursts
from flightready.latency.scenario import Scenario
from flightready.narrative.latency_bursts import bursts_rows, bursts_sentences
from flightready.pages import latency as pages
from flightready.traffic.system import Client, Stage

SERVICE_S = np.random.default_rng(1).exponential(1.0, 20_000)[:, None]
TEN = Scenario((Stage("model", 10),), None, SERVICE_S, np.zeros(20_000), None, Client(budget_s=3.0), None, 3.0)
UNEVEN = SimpleNamespace(burst_dispersion=SimpleNamespace(value=0.04))
TRIPLES_S = np.repeat(np.sort(np.random.default_rng(2).random(4_000) * 40_000), 3)
"""Three requests at the same moment, 0.3 a second; minutes have the index 3."""


@pytest.fixture(scope="module")
def found():
    return bursts(TEN, 8.0, TRIPLES_S, UNEVEN, seed=3)


def test_even_chance_is_the_queue_of_the_closed_form(found):
    """KNOWN_ANSWERS, queues: ten servers, offered load 8, 99 of 100 within 4.946 mean service times."""
    even = found.patterns[0]
    assert even.key == EVEN and even.p99_s == pytest.approx(4.946, rel=0.06)
    assert even.index == pytest.approx(1.0, abs=0.35)


def test_the_same_mean_load_takes_longer_the_burstier_it_comes(found):
    times = {p.key: p for p in found.patterns}
    assert times[EVEN].p99_s < times[LOG].p99_s < times[SHARED].p99_s
    assert times[EVEN].in_time_interval.low > times[LOG].in_time_interval.high > times[SHARED].in_time_share
    assert times[LOG].index == pytest.approx(3.0, abs=1.0)
    assert times[SHARED].index == pytest.approx(1 + 0.04 * 480, rel=0.5)
    assert bursts_sentences(found)[0].startswith("At the planned peak of 8 requests a second")
    assert [row[0] for row in bursts_rows(found)] == ["by chance alone", "as in the log",
                                                      "as in the log, shared by all users"]  # fmt: skip


def test_a_plan_that_is_not_borne_is_looked_at_below():
    found = bursts(TEN, 30.0, TRIPLES_S, None, seed=3, borne_per_second=10.0)
    assert (found.per_second, found.is_planned) == (8.5, False)
    assert [p.key for p in found.patterns] == [EVEN, LOG]
    assert "the planned peak is more than is borne" in bursts_sentences(found)[0]


def test_with_servers_for_all_bursts_change_little():
    free = replace(TEN, stages=(Stage("model", None),))
    assert "whichever way they come" in bursts_sentences(bursts(free, 8.0, TRIPLES_S, UNEVEN, seed=3))[0]
    failing = replace(TEN, failure=np.full(20_000, 0.5))
    assert "fewer than 99 of 100" in bursts_sentences(bursts(failing, 2.0, TRIPLES_S, None, seed=3))[0]


@pytest.mark.parametrize(
    ("times_s", "per_second"), [(np.arange(50.0), 1.0), (np.full(900, np.nan), 1.0), (TRIPLES_S, 0)]
)
def test_without_a_pattern_or_a_load_nothing_is_said(times_s, per_second):
    assert bursts(TEN, per_second, times_s, None, seed=1) is None


def test_the_cells_read_the_log_of_the_pilot():
    calls = pd.DataFrame({"time": pd.to_datetime(TRIPLES_S, unit="s", utc=True),
                          "outcome": [f"o{i}" for i in range(TRIPLES_S.size)]})  # fmt: skip
    study = SimpleNamespace(
        usage=SimpleNamespace(calls=calls), demand=SimpleNamespace(peak_per_second=np.full((2, 4), 8.0)), profile=None,
        latency=SimpleNamespace(scenario=TEN, curve=None), pilot=SimpleNamespace(spec=SimpleNamespace(seed=1)),
    )  # fmt: skip
    assert len(pages.bursts_table(study).rows) == 2
    assert "12,000 requests of the log" in repr(pages.meaning_bursts(study))
    study.usage = None
    assert "is not known" in repr(pages.bursts_table(study)) and pages.meaning_bursts(study).paragraphs == ()
