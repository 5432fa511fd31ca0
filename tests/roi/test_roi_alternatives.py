"""Other ways to go, on the same draws as the plan."""

import numpy as np
import pytest
from value_cases import certain, model_of

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.errors import InputError
from flightready.roi.alternatives import alternatives
from flightready.study import open_study

PLAIN = certain("benefits: [{name: M, per_month: 500 to 1_500 USD per month}]", horizon="24 months").replace(
    "build_cost: 0 USD", "build_cost: 6_000 USD"
)


def ways(tmp_path, *options):
    text = PLAIN + "  options:\n" + "".join(f"    - {o}\n" for o in options)
    model = model_of(tmp_path, text)
    return {a.name: a for a in alternatives(model, load(tmp_path).spec.roi.options, JointSample(7))}


def test_the_same_plan_under_another_name_differs_in_no_draw(tmp_path):
    same = ways(tmp_path, "{name: Same, kind: build, build_cost: 6_000 USD}")["Same"]
    assert (same.against_plan.low, same.against_plan.high) == (0, 0)
    assert same.best == 0  # of equals the plan is taken


def test_half_the_scope_brings_half_and_costs_what_it_costs(tmp_path):
    found = ways(tmp_path, "{name: Half, kind: smaller_scope, scope: 50%, build_cost: 3_000 USD}")
    assert found["Half"].npv.median == pytest.approx(found["plan"].npv.median / 2)


def test_waiting_moves_cost_and_benefit(tmp_path):
    """A year of waiting leaves 12 of 24 months, and building is paid after a year; nothing is discounted here."""
    found = ways(tmp_path, "{name: Later, kind: wait}", "{name: Until, kind: wait, delay: 6 months}")
    gain = found["plan"].npv.median + 6_000
    assert found["Later"].npv.median == pytest.approx(gain / 2 - 6_000)
    assert found["Later"].assumed == ("time to wait",) and found["Later"].launch.median == 12
    assert found["Until"].npv.median == pytest.approx(gain * 18 / 24 - 6_000)


def test_each_draw_has_one_best_way(tmp_path):
    found = ways(tmp_path, "{name: Dear, kind: buy, build_cost: 9_000 USD, delay: 2 months}",
                 "{name: Cheap, kind: buy, build_cost: 1_000 USD, operations: 400 USD per month}")  # fmt: skip
    assert sum(a.best for a in found.values()) == pytest.approx(1)
    assert found["Dear"].best == 0 and found["Cheap"].against_plan.high < 0


def test_a_way_to_answer_brings_its_cost(tmp_path):
    bought = "cost: {bill: 30 USD for 9_000 requests, options: [{name: Bought, kind: buy, per_request: 0.5 USD}]}\n"
    text = PLAIN.replace("roi:\n", bought + "roi:\n") + (
        "  options: [{name: Buy it, kind: buy, answers_with: Bought, build_cost: 6_000 USD}]\n"
    )
    (tmp_path / "assessment.yaml").write_text(text)
    study = open_study(tmp_path, as_of="2026-10-15")
    found = next(a for a in study.roi.alternatives if a.name == "Buy it")
    assert found.against_plan.median == pytest.approx(24 * 1000 * 365.25 / 12 * (30 / 9_000 - 0.5), rel=1e-3)


def test_a_way_to_answer_that_is_not_stated_is_refused_with_its_line(tmp_path):
    text = PLAIN + "  options: [{name: Buy it, kind: buy, answers_with: Boght}]\n"
    (tmp_path / "assessment.yaml").write_text(text)
    with pytest.raises(InputError, match=r"line \d+.*'Boght' is no option under cost\.options"):
        load(tmp_path)


def test_no_option_no_table(tmp_path):
    assert alternatives(model_of(tmp_path, PLAIN), [], JointSample(7)) == ()
    assert np.isfinite(model_of(tmp_path, PLAIN).present_value()).all()
