"""What cannot be meant is refused in one sentence that names the place."""

import pytest

from flightready.assessment import load
from flightready.errors import InputError

WRONG = {
    "a horizon of no time": ("horizon: 0 months", r"horizon of 0 months is no time"),
    "a wage below zero": ("benefits: [{name: T, time: 1 min, wage: -5 USD per hour}]", r"out of range|cannot be read"),
    "a discount rate that takes everything": ("discount_rate: -100%", r"out of range for a yearly rate"),
    "a chance above one": ("phases: [{phase: pilot, passes: 140%}]", r"out of range for a share"),
    "an effect above one": ("benefits: [{name: K, customers: 9, value_per_customer: 1 USD, leaving: 1%, effect: 3}]",
                            r"out of range for a share"),
    "a benefit without a worth": ("benefits: [{name: Empty}]", r"'Empty' is given in one of four forms"),
    "a time without a wage": ("benefits: [{name: T, time: 1 min}]", r"one of four forms"),
    "two worths": ("benefit_per_case: 1 USD\n  benefits: [{name: B, per_case: 1 USD}]", r"both say what a case is worth"),
    "phases out of order": ("phases: [{phase: scale}, {phase: pilot}]", r"in their order"),
    "a retraining all the time": ("retraining: 1 USD\n  retrained_every: 0 months", r"all the time has no price"),
    "inflation twice": ("inflation: 2%", r"amounts hold it already"),
    "growth for ever at the discount rate": ("discount_rate: 5%\n  terminal_growth: 6%", r"has no bound"),
    "one name twice": ("benefits: [{name: B, per_case: 1 USD}, {name: b, per_case: 2 USD}]", r"'b' is there twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_refused_in_a_sentence(tmp_path, case):
    text, message = WRONG[case]
    (tmp_path / "assessment.yaml").write_text(f"name: Wrong\nroi:\n  {text}\n")
    with pytest.raises(InputError, match=message) as caught:
        load(tmp_path)
    assert "line" in str(caught.value) and "Traceback" not in str(caught.value)


def test_a_missing_benefit_is_no_mistake(tmp_path):
    from flightready.study import open_study

    (tmp_path / "assessment.yaml").write_text("name: Silent\nworkload: {users_per_day: 100}\n")
    result = open_study(tmp_path, as_of="2026-10-15").roi
    assert result.npv is None and "benefit" in {a.key for a in result.absences}
    assert result.break_even_benefit.median > 0


def test_an_unknown_effect_says_what_to_bring(tmp_path):
    from flightready.study import open_study

    (tmp_path / "assessment.yaml").write_text(
        "name: Churn\nworkload: {users_per_day: 100}\n"
        "roi: {benefits: [{name: Kept, customers: 900, value_per_customer: 100 USD, leaving: 10%}]}\n"
    )
    result = open_study(tmp_path, as_of="2026-10-15").roi
    assert result.npv is None and "effect" in {a.key for a in result.absences}
