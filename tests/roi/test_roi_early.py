"""The first days after the launch: closed forms against simulation, and what is said without the inputs."""

import numpy as np
import pytest
from scipy import stats

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.evidence import Grade, State
from flightready.quantity import DAYS_PER_MONTH
from flightready.roi import early
from flightready.roi.detection import cases_needed, days_sentence, days_until, finding
from flightready.roi.early import net_of_first_days
from flightready.roi.pilot_results import analyse as analyse_results
from flightready.traffic.demand import plan

LOAD = "workload: {users_per_day: 1000, requests_per_user: 1, growth_per_month: 0%}\n"
OUTCOME = "outcome: {statement: 4 to 3 minutes, metric: time, baseline: 4 minutes, target: 3 minutes}\n"
RESULTS = "arm,period,metric,n,value,sd\npilot,1,time,400,3.3,2.1\ntoday,1,time,410,4.2,2.6\n"


def studied(tmp_path, text, *, columns=None, flows=None):
    (tmp_path / "assessment.yaml").write_text(f"name: T\n{text}")
    (tmp_path / "r.csv").write_text(RESULTS)
    pilot, joint = load(tmp_path), JointSample(7)
    demand = plan(pilot, joint) if "users_per_day" in text else None
    results = analyse_results(pilot)
    found = early.analyse(pilot, joint, demand, results=results, columns=columns, flows=flows)
    return found, finding(found.detection, demand, results)


def test_a_constant_flow_brings_its_part_of_three_months():
    """100 a month: 90 days of 30.4375 are 2.9569 months, whenever the launch is, part months included."""
    for delay in (0.0, 1.0, 2.4):
        live = np.clip(np.arange(1, 13) - delay, 0, 1)
        net = net_of_first_days(100 * live, np.array(delay), days=90)
        assert net == pytest.approx(100 * 90 / DAYS_PER_MONTH)
    assert np.isnan(net_of_first_days(np.full(4, 100.0), np.array(2.0), days=90))


def test_a_ramp_by_hand():
    """A flow of 60 t - 30 a month (t months since a launch today) brings 30 T^2 - 30 T, where whole months end."""
    months = np.arange(12)
    flows = 30 * ((months + 1) ** 2 - months**2) - 30.0
    for whole in (1, 3):
        net = net_of_first_days(flows, np.array(0.0), days=whole * DAYS_PER_MONTH)
        assert net == pytest.approx(30 * whole**2 - 30 * whole)


def test_the_chance_counts_draws_and_tells_those_that_come_too_late():
    delay = np.tile(np.array([0.0, 1.0, 11.0, 2.0]), (2, 1))
    monthly = np.array([50.0, -50.0, 50.0, 50.0])[None, :, None] * np.ones((2, 4, 12))
    live = np.clip(np.arange(1, 13) - delay[..., None], 0, 1)
    net = np.concatenate([np.full((2, 4, 1), -100.0), monthly * live], axis=-1)
    found = early._first_days(net, delay)
    assert (found.n_draws, found.too_late) == (6, 2)
    assert found.chance_positive == pytest.approx(2 / 3) and found.chance_paid_back == pytest.approx(2 / 3)
    assert found.net.high == pytest.approx(50 * 90 / DAYS_PER_MONTH)


def test_cases_needed_against_the_table():
    """Lehr's rule for a two-sided 10 % and 80 %: 2 (1.645 + .842)^2 / d^2 = 12.365 / d^2 a group."""
    both = cases_needed(np.array(0.2), np.array(1.0), power=0.8, treated_share=0.5)
    assert both / 2 == pytest.approx(12.365 / 0.04, rel=1e-3)
    lopsided = cases_needed(np.array(0.2), np.array(1.0), power=0.8, treated_share=0.1)
    assert lopsided / both == pytest.approx(0.25 / 0.09)
    assert np.isinf(cases_needed(np.array(0.0), np.array(1.0), power=0.8, treated_share=0.5))


@pytest.mark.parametrize("treated", [0.5, 0.2])
def test_the_cases_needed_give_the_power_that_they_promise(treated):
    """Simulated: 4,000 comparisons of gamma distributed times, a fall of 12 %, Welch's interval at 90 %."""
    spread, effect, runs = 0.7, 0.12, 4_000
    n = float(cases_needed(np.array(effect), np.array(spread), power=0.8, treated_share=treated))
    sizes = round(n * treated), round(n * (1 - treated))
    rng = np.random.default_rng(2)
    k = 1 / spread**2
    means, variances = [], []
    for size, fall in zip(sizes, (effect, 0.0), strict=True):
        draws = rng.gamma(k, 1 / k, (runs, size)) - fall
        means.append(draws.mean(axis=1))
        variances.append(draws.var(axis=1, ddof=1) / size)
    z = (means[1] - means[0]) / np.sqrt(variances[0] + variances[1])
    assert np.mean(np.abs(z) > stats.norm.ppf(0.95)) == pytest.approx(0.8, abs=0.02)


def test_days_until_by_hand_and_never():
    cases = np.array([[0.0, 100.0, 300.0], [0.0, 10.0, 10.0]])
    days = days_until(cases, np.array([250.0, 50.0])) / DAYS_PER_MONTH
    assert days[0] == pytest.approx(2.5) and np.isinf(days[1])
    assert days_until(cases, np.array([0.0, 20.0])).tolist() == pytest.approx([0.0, 3 * DAYS_PER_MONTH])


def test_days_follow_from_the_load(tmp_path):
    """Spread 1, a change of 2 %: 61,826 cases, at 500 a day (half adopt) 123.65 days."""
    text = LOAD + "roi: {comparison: {effect: 2%, spread: 1}}\n"
    found, told = studied(tmp_path, text, columns={"adoption": np.full((16, 1024), 0.5)})
    assert found.detection.cases.median == pytest.approx(61_826, rel=1e-3)
    assert found.detection.days.median == pytest.approx(123.65, rel=1e-2)
    assert (told.state, told.questions, found.detection.chance_in_time) == (State.FAIL, ("E10",), 0.0)
    double = studied(tmp_path, text.replace("1000", "2000"), columns={"adoption": np.full((16, 1024), 0.5)})[0]
    assert double.detection.days.median == pytest.approx(found.detection.days.median / 2, rel=1e-6)
    after, said = studied(tmp_path, text.replace("spread: 1", "spread: 1, design: before_after"))
    assert after.detection.days.median == pytest.approx(123.65 / 4, rel=2e-2) and "weaker" in said.sentence


def test_a_quick_comparison_still_takes_two_weeks(tmp_path):
    found, told = studied(tmp_path, LOAD + OUTCOME + "pilot_results: r.csv\n")
    assert found.detection.days.median == 14 and "at least" in days_sentence(found.detection)
    assert (found.detection.effect_from, found.detection.spread_from) == ("results", "results")
    assert (told.state, told.grade) == (State.PASS, Grade.MEASURED)


def test_what_is_hoped_or_assumed_never_passes(tmp_path):
    found, told = studied(tmp_path, LOAD + OUTCOME)
    assert (found.detection.effect_from, found.detection.spread_from) == ("outcome", "policy")
    assert (told.state, told.grade) == (State.UNKNOWN, Grade.ASSUMED) and "pilot_results" in told.decides


def test_an_effect_that_never_shows(tmp_path):
    found, told = studied(tmp_path, LOAD + "roi: {comparison: {effect: 0.1%, spread: 2}}\n")
    assert found.detection.days is None and found.detection.never == 1.0
    assert told.state is State.FAIL and "100 of 100 draws" in told.sentence


def test_without_a_load_there_are_cases_but_no_days(tmp_path):
    found, told = studied(tmp_path, OUTCOME)
    assert found.first_days is None and found.detection.cases is not None and found.detection.days is None
    assert told.state is State.UNKNOWN and told.decides == "workload.users_per_day"
    nothing, said = studied(tmp_path, "")
    assert nothing.detection is None and "outcome.baseline" in said.decides
