"""Cloud, devices and both: closed forms of mixtures and outages, a simulation as the second route, and what is said."""

from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from scipy.stats import norm

from flightready.assessment import load
from flightready.cost.spend import analyse as cost_of
from flightready.draws import JointSample
from flightready.errors import InputError
from flightready.latency.budget import Answered
from flightready.options.analysis import analyse
from flightready.options.outages import MINUTES_PER_MONTH, up_share
from flightready.options.placement import Shares
from flightready.pages import latency as pages
from flightready.traffic.demand import plan

PUMPS = {"name": "Gateways at the pumps", "kind": "edge", "devices": 400, "per_device": "240 USD",
         "lifetime": "4 years", "fallback_share": "5%", "down_share": "1%", "p50": "40 ms", "p95": "100 ms"}  # fmt: skip
NETWORK = {"p50": "80 ms", "p95": "400 ms", "outages_per_month": 4, "outage": "45 minutes"}
WORKLOAD = {"users_per_day": 400, "requests_per_user": 1_000, "growth_per_month": "0%", "peak_to_mean": 2}
UP, DOWN, CANNOT = 1 - 4 * 45 / MINUTES_PER_MONTH, 0.01, 0.05
P95 = norm.ppf(0.95)


def traced(times_s, failed=0, limit_s=0.3, source="spans"):
    """What the placement reads of the latency analysis."""
    times = np.sort(np.asarray(times_s, dtype=float))
    share = np.arange(1, times.size + 1) / (times.size + failed)
    answered = Answered(times, times.size + failed, failed, share, share, share)
    return SimpleNamespace(answered=answered, pilot=(), source=source, in_time_limit_s=limit_s)


def study_of(folder, *options, latency=None, network=NETWORK, workload=WORKLOAD, bill="30 USD for 10_000 requests"):
    cost = {"options": list(options), **({"bill": bill} if bill else {})}
    document = {"name": "Pumps", "cost": cost, **({"workload": workload} if workload else {}),
                **({"latency": {"network": network}} if network else {})}  # fmt: skip
    with (folder / "assessment.yaml").open("w") as stream:
        YAML().dump(document, stream)
    pilot = load(folder)
    joint = JointSample(pilot.spec.seed, replicates=2, draws=64)
    demand = plan(pilot, joint)
    result = analyse(pilot, joint, demand, cost_of(pilot, joint, demand), latency=latency)
    return SimpleNamespace(pilot=pilot, options=result)


def places_of(folder, option=PUMPS, **changes):
    found = study_of(folder, option, **changes).options.placements[0]
    return {p.key: p for p in found.places}


def within(time_s, p50_s, p95_s):
    return norm.cdf(np.log(time_s / p50_s) / (np.log(p95_s / p50_s) / P95))


def test_the_share_of_outages_is_that_of_a_simulated_alternation():
    """Alternating renewal: 5 outages a month of 3 hours; working times and outages of quite different laws."""
    dice, month, n = np.random.default_rng(1), MINUTES_PER_MONTH, 200_000
    down = dice.lognormal(np.log(180) - 0.5, 1.0, n)  # mean 180 minutes
    up = dice.gamma(0.5, 2 * (month / 5 - 180), n)
    simulated = up.sum() / (up.sum() + down.sum())
    exact = float(up_share(np.array(5.0), np.array(180 * 60.0)))
    assert exact == pytest.approx(1 - 5 * 180 / month)
    assert simulated == pytest.approx(exact, abs=3 * down.std() * 5 / month / np.sqrt(n))


def test_shares_in_time_are_mixtures_in_closed_form(tmp_path):
    found = places_of(tmp_path, latency=traced([0.1] * 200))
    own, cloud = within(0.3, 0.04, 0.1), within(0.2, 0.08, 0.4)  # 300 ms less 100 ms in the cloud
    assert found["cloud"].in_time.median == pytest.approx(UP * cloud)
    assert found["edge"].in_time.median == pytest.approx((1 - DOWN) * (1 - CANNOT) * own)
    assert found["cloud"].answered.median == pytest.approx(UP)
    assert found["both"].answered.median == pytest.approx((1 - DOWN) * (1 - CANNOT * (1 - UP)) + DOWN * UP)
    assert found["both"].available.median == pytest.approx(1 - DOWN * (1 - UP))
    assert found["cloud"].lost_minutes.median == pytest.approx(180)
    assert found["edge"].lost_minutes.median == pytest.approx(0.01 * MINUTES_PER_MONTH)
    requests = 400_000 * 365.25 / 12
    assert found["cloud"].lost_requests.median == pytest.approx((1 - UP) * requests)


def test_percentiles_are_those_of_the_mixture(tmp_path):
    found = places_of(tmp_path, PUMPS | {"fallback_share": "2%"}, latency=traced([0.1] * 200))
    spread = np.log(0.1 / 0.04) / P95
    edge_p95 = 0.04 * np.exp(spread * norm.ppf(0.95 / (0.99 * 0.98)))
    assert found["edge"].p95_s == pytest.approx(edge_p95, rel=0.01)
    assert found["edge"].p50_s == pytest.approx(0.04 * np.exp(spread * norm.ppf(0.5 / (0.99 * 0.98))), rel=0.01)
    cloud_p95 = 0.1 + 0.08 * np.exp(np.log(0.4 / 0.08) / P95 * norm.ppf(0.95 / UP))
    assert found["cloud"].p95_s == pytest.approx(cloud_p95, rel=0.01)
    never = places_of(tmp_path, latency=traced([0.1] * 200))["edge"]  # 1 % down and 5 % that it cannot
    assert never.p95_s is None and (never.p95_interval.low, never.p95_interval.high) == (None, None)


def test_a_simulation_of_every_request_agrees(tmp_path):
    """Second route: each request meets a device and a network that work or not, and takes times of its own."""
    cloud_s = np.random.default_rng(5).lognormal(np.log(0.12), 0.5, 4_000)
    found = places_of(tmp_path, latency=traced(cloud_s, failed=80))
    dice, n = np.random.default_rng(6), 400_000
    own, network = (p50 * np.exp(np.log(p95 / p50) / P95 * dice.standard_normal(n))
                    for p50, p95 in ((0.04, 0.1), (0.08, 0.4)))  # fmt: skip
    cloud = network + dice.choice(np.append(cloud_s, np.full(80, np.inf)), n)
    is_up, is_well, can = dice.random(n) < UP, dice.random(n) >= DOWN, dice.random(n) >= CANNOT
    remote = np.where(is_up, cloud, np.inf)
    simulated = {
        "cloud": remote,
        "edge": np.where(is_well & can, own, np.inf),
        "both": np.where(is_well, np.where(can, own, own + remote), remote),
    }
    for key, times in simulated.items():
        # the points of the cloud's times add a few tenths of a per cent, and resampled traces a little more
        assert found[key].in_time.median == pytest.approx(np.mean(times <= 0.3), abs=0.004), key
        assert found[key].answered.median == pytest.approx(np.mean(np.isfinite(times)), abs=0.004), key


def test_few_traces_leave_the_cloud_uncertain_and_many_do_not(tmp_path):
    few, many = (places_of(tmp_path, latency=traced(np.random.default_rng(1).exponential(0.2, n)))["cloud"].in_time
                 for n in (20, 2_000))  # fmt: skip
    assert few.high - few.low > 5 * (many.high - many.low)


def test_a_month_is_that_of_the_options(tmp_path):
    study = study_of(tmp_path, PUMPS, latency=traced([0.1] * 50))
    own, row = study.options.options
    places = {p.key: p for p in study.options.placements[0].places}
    assert places["cloud"].monthly == own.monthly
    assert places["both"].monthly == row.monthly
    behind = UP * (1 - (1 - CANNOT) * (1 - DOWN)) * own.monthly.median  # what the cloud still answers
    assert places["both"].monthly.median - places["edge"].monthly.median == pytest.approx(behind)
    assert places["edge"].monthly.median == pytest.approx(400 * 240 / 48)


def test_what_is_at_least_as_good_in_everything_rules_out(tmp_path):
    found = places_of(tmp_path, latency=traced([0.1] * 200))
    assert found["cloud"].dominated_by == "both"  # slower, down more and dearer
    assert found["edge"].dominated_by == found["both"].dominated_by == ""  # cheap against good
    free = places_of(tmp_path, PUMPS | {"per_device": "4_000_000 USD"}, latency=traced([0.1] * 200))
    assert free["cloud"].dominated_by == ""
    unpriced = places_of(tmp_path, latency=traced([0.1] * 200), workload=None)
    assert {p.dominated_by for p in unpriced.values()} == {""}


@settings(max_examples=60, deadline=None)
@given(*(st.floats(0, 1) for _ in range(6)))
def test_both_are_never_worse_than_either_alone(cannot, down, network, own, cloud, passed_on):
    shares = Shares(*(np.array(x) for x in (cannot, down, network)))
    found = shares.mixed(np.array(own), np.array(cloud), np.array(min(passed_on, cloud)))
    assert found["both"] >= found["edge"]
    assert all(-1e-12 <= part <= 1 + 1e-12 for part in found.values())
    assert shares.available["both"] >= max(shares.available["cloud"], shares.available["edge"]) - 1e-12


@pytest.mark.parametrize(
    ("option", "network", "words"),
    [
        ({"p50": "200 ms"}, {}, "times of 200 ms and 100 ms cannot be"),
        ({}, {"p95": "10 ms"}, "times of 80 ms and 10 ms cannot be"),
        ({}, {"outages_per_month": 40, "outage": "20 hours"}, "outages of the network fill the whole month"),
    ],
)
def test_what_cannot_be_is_named_with_its_place(tmp_path, option, network, words):
    with pytest.raises(InputError, match=words) as raised:
        study_of(tmp_path, PUMPS | option, network=NETWORK | network)
    assert "assessment.yaml, line" in str(raised.value)


def test_what_is_not_stated_is_taken_for_granted_aloud(tmp_path):
    bare = {key: PUMPS[key] for key in ("name", "kind", "devices", "per_device", "lifetime")}
    study = study_of(tmp_path, bare, network={"p50": "80 ms"}, bill=None, latency=None)
    told = repr(pages.meaning_placement(study))
    for words in ("able to answer every request", "never to be out of order", "never to fail", "same for all",
                  "How long a device takes is not stated", "How long the cloud takes is not known",
                  "none can be ruled out"):  # fmt: skip
        assert words in told
    assert pages.placement_chart(study).paragraphs == ()
    assert pages.placement_table(study).rows[0][0] == "The cloud alone"


def test_the_cells_show_a_chart_its_meaning_and_a_table(tmp_path):
    study = study_of(tmp_path, PUMPS | {"name": "<b>Pumps</b>"}, latency=traced([0.1] * 200, failed=3))
    chart = pages.placement_chart(study)
    assert isinstance(chart, go.Figure) and len(chart.data) == 3
    assert chart.layout.title.text.startswith("Devices with the cloud behind answer 98.4 % within 300 ms")
    assert "The cloud alone can be left out" in repr(pages.meaning_placement(study))
    table = pages.placement_table(study)
    assert [row[0] for row in table.rows] == ["The cloud alone", "Devices alone", "Devices with the cloud behind"]
    assert "nan" not in repr(table) + repr(pages.meaning_placement(study))
    two = study_of(tmp_path, PUMPS, PUMPS | {"name": "<i>Other</i>"}, latency=traced([0.1] * 200))
    assert "&lt;i&gt;Other" in pages.placement_table(two)._repr_html_()


def test_without_devices_or_without_a_network_one_sentence_says_so(tmp_path):
    asked = study_of(tmp_path, PUMPS, network=None)
    assert asked.options.placements == ()
    assert "Bring latency.network" in repr(pages.placement_chart(asked))
    not_asked = SimpleNamespace(pilot=study_of(tmp_path).pilot)  # no option is computed for it
    assert repr(pages.placement_chart(not_asked)).startswith(
        "Whether to answer on devices or in the cloud is not asked"
    )
    for study in (asked, not_asked):
        assert pages.meaning_placement(study).paragraphs == pages.placement_table(study).paragraphs == ()
