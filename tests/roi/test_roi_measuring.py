"""What to measure next of one pilot: studies with their costs, the decision, other ways to go, and what is missing."""

from itertools import pairwise

import numpy as np
import pytest

import flightready as fr
from flightready import policy
from flightready.assessment import load
from flightready.errors import InputError
from flightready.evidence import Grade
from flightready.roi.alternatives import PLAN
from flightready.roi.studies import LABELS, PILOT, measurable, shown, studies

NEAR = """
name: Near the line
workload: {users_per_day: 8_000 to 12_000, requests_per_user: 1}
evaluation: {labelled: 160 right of 200, error_cost: {default: 1 to 3 USD}}
roi:
  horizon: 24 months
  benefit_per_case: 0.6 to 1.6 USD
  build_cost: 200_000 to 300_000 USD
  operations: 5_000 to 9_000 USD per month
  estimates: {review_share: 5% to 10%, delay: 3 to 6 months}
  measuring: {labels: 3 USD, benefit: 900 USD}
"""


def measured(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "assessment.yaml").write_text(text)
    return fr.open(folder, as_of="2026-10-15").information


@pytest.fixture(scope="module")
def near(tmp_path_factory):
    return measured(tmp_path_factory.mktemp("near"), NEAR)


def test_the_decision_and_what_could_turn_it(near):
    assert near.choice in ("", PLAN) and near.ways == (PLAN,)
    assert 0.02 < near.chance_wrong < 0.6
    assert near.perfect.is_clear
    for one in near.inputs:
        assert 0 <= one.worth.worth <= near.perfect.worth + 3 * (one.worth.error + near.perfect.error)
    clear = [i.worth.worth for i in near.inputs if i.worth.is_clear]
    assert clear == sorted(clear, reverse=True) and clear
    assert {"benefit", "error_cost"} & {i.key for i in near.inputs[:3]}


def test_studies_are_ranked_by_worth_less_cost_and_none_beats_perfect_knowledge(near):
    nets = [s.net for s in near.studies]
    assert nets == sorted(nets, reverse=True)
    assert [s.study.key for s in near.studies].count(PILOT) == 1
    for one in near.studies:
        assert one.exact.worth <= near.perfect.worth + 3 * (one.exact.error + near.perfect.error)
        assert one.worth.worth <= one.exact.worth + 3 * (one.exact.error + one.worth.error) + 1
        assert not one.pays or one.may_pay


def test_costs_come_from_the_assessment_else_from_the_policy(near):
    costs = {s.study.key: (s.study.cost, s.study.grade) for s in near.studies}
    assert costs[LABELS] == (3.0, Grade.ESTIMATED)
    assert costs["benefit"] == (900.0, Grade.ESTIMATED)
    assert costs["errors"][1] is Grade.ASSUMED
    assert [step.cost for step in near.labels] == [3.0 * step.n for step in near.labels]
    if near.best_labels:
        best = max(near.labels, key=lambda s: s.net)
        assert best.n == near.best_labels


def test_labels_are_worth_more_the_more_there_are(near):
    worths = [step.worth for step in near.labels]
    assert all(b >= a - 1e-6 for a, b in pairwise(worths))


def test_a_longer_pilot_loses_what_launching_later_costs(near, tmp_path):
    weeks = policy.value("information_pilot_weeks")
    assert [p.size for p in near.pilot] == weeks
    sure = measured(tmp_path / "sure", NEAR.replace("0.6 to 1.6", "9 to 11"))
    assert sure.choice == PLAN and sure.chance_wrong == 0
    assert [p.worth.worth for p in sure.pilot] == [0.0] * len(weeks)  # it only delays what is clearly worth it
    assert not any(s.pays or s.worth.is_clear for s in sure.studies)
    assert not any(i.worth.is_clear for i in sure.inputs)
    assert not sure.perfect.is_clear


def test_other_ways_to_go_are_among_the_choices(tmp_path, near):
    text = NEAR + "  options: [{name: Small, kind: smaller_scope, scope: 30% to 40%, build_cost: 20_000 USD}]\n"
    found = measured(tmp_path, text)
    assert found.ways == (PLAN, "Small")
    assert found.choice in ("", PLAN, "Small")
    assert found.perfect.worth != near.perfect.worth


@pytest.mark.parametrize("missing", ["workload", "benefit_per_case"])
def test_without_a_value_there_is_nothing_to_measure(tmp_path, missing):
    text = "\n".join(line for line in NEAR.splitlines() if missing not in line)
    assert measured(tmp_path, text) is None


def test_certain_inputs_need_no_measuring(tmp_path):
    text = NEAR.replace("0.6 to 1.6 USD", "1 USD")
    assert "benefit" not in {i.key for i in measured(tmp_path, text).inputs}


def test_the_same_assessment_gives_the_same_answer(tmp_path, near):
    again = measured(tmp_path / "again", NEAR.replace("Near the line", "Again"))
    assert again == near


def test_every_study_says_what_it_costs_and_where_from():
    for key, raw in policy.read("roi_measurements.yaml")["studies"].items():
        assert raw["name"] and raw["does"].endswith(".") and raw["per"] in ("once", "label", "week")
        for how in raw["reads"].values():
            assert len(how) == 1 and set(how) <= {"cases", "within", "error"} and min(how.values()) > 0
        if key != LABELS:
            assert raw["cost"] > 0 and raw["why"] and raw["source"] and raw["checked"]


def test_costs_in_another_currency(tmp_path):
    text = NEAR.replace("USD", "EUR").replace("name:", "currency: EUR\nname:").replace("measuring", "#")
    (tmp_path / "assessment.yaml").write_text(text)
    found = {s.key: s.cost for s in studies(load(tmp_path).spec, {"error_cost": np.arange(4.0)})}
    assert found == {"errors": pytest.approx(3000 / policy.value("usd_per_unit")["EUR"])}


def test_a_study_reads_counts_amounts_and_rates_with_its_error(tmp_path):
    (tmp_path / "assessment.yaml").write_text(NEAR)
    shape = (16, 512)
    draws = np.linspace(0.5, 0.9, shape[1]) * np.ones(shape)
    columns = {"accuracy": draws, "users_per_day": 1000 * draws, "growth_per_month": draws}
    known = {s.key: s for s in studies(load(tmp_path).spec, columns)}
    seen = shown(known[LABELS], columns, np.random.default_rng(1), size=400, design_effect=4.0)[0]
    assert np.mean((seen - draws) ** 2) == pytest.approx(np.mean(draws * (1 - draws)) / 100, rel=0.05)
    users, growth = shown(known["demand"], columns, np.random.default_rng(1))
    assert np.std(np.log(users / columns["users_per_day"])) == pytest.approx(0.05, rel=0.05)
    assert np.std(growth - draws) == pytest.approx(0.01, rel=0.05)
    short, long = (shown(known[PILOT], columns, np.random.default_rng(1), size=w)[0] for w in (1, 16))
    assert np.std(short - draws) == pytest.approx(4 * np.std(long - draws), rel=0.05)


def test_what_someone_decides_is_not_measured():
    columns = {"discount_rate": np.arange(3.0), "accuracy_promised": np.arange(3.0), "adoption": np.arange(3.0)}
    assert list(measurable(columns)) == ["adoption"]


def test_a_measurement_that_is_not_known_is_refused(tmp_path):
    (tmp_path / "assessment.yaml").write_text(NEAR.replace("labels: 3", "labls: 3"))
    with pytest.raises(InputError, match="unknown measurement 'labls'.*Did you mean 'labels'"):
        load(tmp_path)
