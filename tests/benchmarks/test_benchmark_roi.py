"""The value model against filling an array with normals, and against squigglepy's model function. Run with -s.

squigglepy runs in an environment of its own: make one with
`python -m venv E && E/bin/pip install -r tests/benchmarks/requirements-squigglepy.txt` and name its Python in
FLIGHTREADY_SQUIGGLEPY_PYTHON.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from flightready.roi.finance import payback_month
from flightready.roi.inputs import gather
from flightready.roi.model import ValueModel
from flightready.study import open_study

pytestmark = pytest.mark.benchmark

VARIABLE = "FLIGHTREADY_SQUIGGLEPY_PYTHON"
DRAWS, MONTHS, STREAMS = 16_384, 36, 6
TIMES_NORMALS, TIMES_FASTER = 3, 1_000


def best(work, turns=9):
    taken = []
    for _ in range(turns):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


@pytest.fixture(scope="module")
def found():
    study = open_study("sample_data/support_triage", as_of="2026-10-15")
    inputs = gather(study.pilot, study.joint, study.demand, study.evaluation, study.cost, study.latency)
    assert inputs.columns["accuracy"].size == DRAWS and inputs.horizon_months == MONTHS
    return inputs, study.demand


def test_the_chain_against_filling_an_array(found, capsys):
    """Present values, cash by month, its quantiles and payback, nothing kept from a run before."""

    def chain():
        model = ValueModel(*found)
        model.present_value()
        cash = model.cash()
        np.quantile(cash.reshape(len(cash), -1), [0.05, 0.25, 0.5, 0.75, 0.95], axis=-1)
        payback_month(np.moveaxis(cash, 0, -1))

    rng = np.random.default_rng(7)
    peer = best(lambda: rng.standard_normal((DRAWS, MONTHS, STREAMS)))
    taken, value = best(chain), best(lambda: ValueModel(*found).present_value())
    with capsys.disabled():
        print(f"\nchain {1000 * taken:.1f} ms, present values alone {1000 * value:.1f} ms, normals {1000 * peer:.1f} ms: "
              f"{taken / peer:.2f} and {value / peer:.2f} times")  # fmt: skip
    assert taken < TIMES_NORMALS * peer


def test_against_squigglepys_model_function(found, capsys):
    python = os.environ.get(VARIABLE)
    if not python:
        told = f"{VARIABLE} names no Python: {__doc__.split('.', 2)[2].strip()}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    program = Path(__file__).parent / "squigglepy_runs.py"
    done = subprocess.run([python, str(program), "300", "5"], capture_output=True, text=True, check=False,
                          env=environment)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    peer = json.loads(done.stdout.splitlines()[-1])["seconds_per_draw"]
    own = best(lambda: ValueModel(*found).present_value()) / DRAWS
    with capsys.disabled():
        print(f"\na draw takes {1e6 * own:.2f} us, squigglepy {1e6 * peer:.0f} us: {peer / own:,.0f} times")
    assert peer > TIMES_FASTER * own
