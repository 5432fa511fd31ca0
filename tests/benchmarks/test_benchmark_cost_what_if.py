"""A month at typed values, against drawing its chart: what a live panel waits for. Run with -s."""

import time

import pytest

from flightready.assessment import load
from flightready.cost.spend import analyse
from flightready.cost.what_if import month
from flightready.draws import JointSample
from flightready.figures.cost import figure_distribution
from flightready.traffic.demand import plan

pytestmark = pytest.mark.benchmark
TIMES_PEER = 4.0
YAML = """\
name: x
workload: {users_per_day: 80_000 to 120_000, requests_per_user: 1 to 2}
cost: {bill: 30 USD for 9_000 requests, approved: 9_000 USD per month, running: {on_call: 900 to 2_000 USD per month}}
"""


def best(work, turns=7):
    taken = []
    for _ in range(turns):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def test_an_update_of_the_panel(tmp_path, capsys):
    (tmp_path / "assessment.yaml").write_text(YAML)
    pilot, joint = load(tmp_path), JointSample(7)
    result = analyse(pilot, joint, plan(pilot, joint))

    def update():
        draw(month(result, users_per_day=1e5, requests_per_user=1.4, growth_per_month=0.02, approved_usd=9_000.0))

    def draw(found):
        figure_distribution(found.draws, found.monthly, "USD", approved=9_000.0, exceeded=0.5)

    found = month(result, users_per_day=1e5, requests_per_user=1.4)
    taken, peer = best(update), best(lambda: draw(found))
    with capsys.disabled():
        print(f"\nan update takes {1000 * taken:.1f} ms, {taken / peer:.1f} times the chart alone")
    assert taken < TIMES_PEER * peer
