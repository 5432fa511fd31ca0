"""Own machines, devices, bought and built: closed forms, what is not counted is named, and no cost falls with load."""

import numpy as np
import pytest
from hosting_grounds import REQUESTS, WORKLOAD, grounds_of, only
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flightready.errors import InputError
from flightready.evidence import Grade
from flightready.options import bought, edge, self_hosted
from flightready.options.line import Unpriced
from flightready.options.loads import load_of, planned_load

OWN = {"name": "Own", "kind": "self_hosted", "per_gpu": "2 USD per hour", "gpus_per_replica": 2,
       "rate_per_replica": 1.5, "headroom": 1.5}  # fmt: skip
EDGE = {"name": "Edge", "kind": "edge", "devices": 90_000, "per_device": "240 USD", "lifetime": "4 years",
        "power_w": 10, "per_kwh": "0.30 USD", "fleet": "1 USD per month", "fallback_share": "10%"}  # fmt: skip
BOUGHT = {"name": "Product", "kind": "buy", "per_request": "0.02 USD", "per_user": "0.50 USD per month",
          "running": "1_000 USD per month", "setup": "40_000 USD"}  # fmt: skip
KINDS = {"self_hosted": self_hosted, "edge": edge, "buy": bought, "build": bought}


def without(option, *keys):
    return {k: v for k, v in option.items() if k not in keys}


def line_of(folder, option, **changes):
    grounds = grounds_of(folder, option, **changes)
    return KINDS[option["kind"]].line(only(grounds), grounds), grounds


@pytest.mark.parametrize(
    ("peak", "replicas"), [(0, 2), (1, 2), (2, 2), (2.0000001, 3), (4, 4), (4.1, 5), (1000, 1000), (1000.001, 1001)]
)
def test_replicas_rise_in_steps_from_the_least(tmp_path, peak, replicas):
    """ceil(peak x 1.5 / 1.5), two at the least; 2 USD x 2 GPUs x 730 h = 2,920 USD a replica (KNOWN_ANSWERS, cost)."""
    line, grounds = line_of(tmp_path, OWN)
    load = load_of(grounds.demand, 86_400 * peak / 4)
    np.testing.assert_array_equal(line.capacity(load), np.full((2, 256), replicas))
    np.testing.assert_allclose(line.monthly_usd(load), 2920 * replicas)


def test_a_machine_that_waits_is_paid_and_its_waiting_is_said(tmp_path):
    """Four replicas of 1.5 a second serve one a second in the mean: 1 - 1/6 of the time is idle."""
    line, grounds = line_of(tmp_path, OWN)
    idle = self_hosted.idle_share(only(grounds), grounds, planned_load(grounds.demand))
    np.testing.assert_allclose(idle, 5 / 6)
    assert any("About 83 % of the machines' time is paid for and idle" in n for n in line.notes)
    assert any("People who run the machines are not counted" in n for n in line.notes)
    assert any("At least 2 replicas run" in n for n in line.notes)
    assert line.grade is Grade.ESTIMATED


def test_a_headroom_that_is_not_stated_is_assumed_aloud(tmp_path):
    line, grounds = line_of(
        tmp_path, without(OWN, "headroom") | {"running": "9_000 USD per month", "least_replicas": 3}
    )
    np.testing.assert_array_equal(line.capacity(planned_load(grounds.demand)), np.full((2, 256), 4))  # 4 x 1.3 / 1.5
    np.testing.assert_allclose(line.monthly_usd(load_of(grounds.demand, 1)), 3 * 2920 + 9000)
    assert line.grade is Grade.ASSUMED
    assert [n for n in line.notes if "1.3 times the peak is assumed" in n]
    assert not [n for n in line.notes if "not counted" in n or "At least" in n]


def test_a_rate_that_nobody_means_is_questioned(tmp_path):
    line, _ = line_of(tmp_path, OWN | {"rate_per_replica": 0.000001})
    assert "The planned load would take 6 million replicas, which nobody runs: check rate_per_replica" in line.notes[0]


def test_devices_in_closed_form(tmp_path):
    """240/48 + 10 W x 730 h x 0.30/1000 + 1 = 8.19 USD a device and month; a tenth of the requests at 0.003 USD."""
    line, grounds = line_of(tmp_path, EDGE)
    plan = planned_load(grounds.demand)
    cloud = 0.1 * REQUESTS * grounds.cost.per_request_usd
    np.testing.assert_allclose(line.monthly_usd(plan), 90_000 * 8.19 + cloud)
    assert np.median(cloud) == pytest.approx(0.1 * REQUESTS * 0.003, rel=0.02)
    assert np.all(line.setup_usd == 0)  # the purchase is in the months, so that a year counts it once
    assert any("$21.6 million at the start" in n for n in line.notes)
    np.testing.assert_allclose(line.capacity(load_of(grounds.demand, 10)), 90_000)  # fewer users save none
    np.testing.assert_allclose(line.capacity(load_of(grounds.demand, 2 * 86_400)), 180_000)


def test_what_the_assessment_does_not_say_of_devices_is_named(tmp_path):
    bare = without(EDGE, "per_kwh", "fleet", "fallback_share") | {"devices": 864}
    line, grounds = line_of(tmp_path, bare)
    np.testing.assert_allclose(line.monthly_usd(planned_load(grounds.demand)), 864 * 5)
    told = " ".join(line.notes)
    assert (
        "Not counted, because it is not stated: their energy (power_w and per_kwh), their care (fleet), people" in told
    )
    assert "864 devices for about 86,400 users a day: right only where about 100 of them share one" in told
    assert "taken to answer every request" in told
    cloud, _ = line_of(tmp_path, EDGE, bill=None)
    assert any("no input says what a request costs there" in n for n in cloud.notes)


def test_devices_without_a_lifetime_are_a_mistake(tmp_path):
    with pytest.raises(InputError, match=r"(?s)assessment\.yaml, line \d+.*last no time.*4 years"):
        line_of(tmp_path, EDGE | {"lifetime": "0 months"})


@pytest.mark.parametrize("kind", ["buy", "build"])
def test_bought_and_built_in_closed_form(tmp_path, kind):
    line, grounds = line_of(tmp_path, BOUGHT | {"kind": kind})
    np.testing.assert_allclose(line.monthly_usd(planned_load(grounds.demand)), 0.02 * REQUESTS + 0.5 * 86_400 + 1000)
    np.testing.assert_allclose(line.setup_usd, 40_000)  # once, never spread over the months
    assert line.notes == () and line.capacity is None
    bare, _ = line_of(tmp_path, without(BOUGHT, "running", "setup", "per_user") | {"kind": kind})
    assert len(bare.notes) == 2 and np.allclose(bare.per_request_usd, 0.02)
    unpriced, _ = line_of(tmp_path, {"name": "Product", "kind": kind})
    assert isinstance(unpriced, Unpriced) and "No price is stated" in unpriced.notes[0]


@pytest.mark.parametrize(("option", "message"), [
    (OWN | {"rate_per_replica": 0}, r"rate_per_replica.*out of range"), (EDGE | {"devices": 0}, r"devices.*out of range"),
    (OWN | {"gpus_per_replica": -1}, r"gpus_per_replica.*out of range"), (BOUGHT | {"per_day": 1}, "per_day"),
    (without(OWN, "per_gpu"), "per_gpu"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(tmp_path, option, message):
    with pytest.raises(InputError, match=f"(?s)assessment.yaml.*{message}"):
        grounds_of(tmp_path, option)


@pytest.mark.parametrize("option", [OWN, EDGE, BOUGHT])
def test_without_a_plan_every_kind_still_has_a_line(tmp_path, option):
    line, grounds = line_of(tmp_path, option, workload=None)
    assert grounds.demand is None and isinstance(line.notes, tuple)


@pytest.mark.parametrize("option", [OWN, EDGE, BOUGHT])
def test_no_cost_falls_with_more_users(tmp_path, option):
    uncertain = WORKLOAD | {"users_per_day": "50_000 to 120_000", "peak_to_mean": "2 to 5"}
    line, grounds = line_of(tmp_path, option | ({"rate_per_replica": "0.5 to 3"} if option is OWN else {}),
                            workload=uncertain)  # fmt: skip

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.floats(0, 1e7), st.floats(1, 100))
    def rises(users, times):
        fewer, more = (line.monthly_usd(load_of(grounds.demand, u)) for u in (users, users * times))
        assert np.all(fewer <= more * (1 + 1e-12))

    rises()
