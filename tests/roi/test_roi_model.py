"""The value model: the same value by every way, and any column replaced."""

import numpy as np
import pytest

from flightready.roi.finance import monthly_factors
from flightready.roi.model import ValueModel
from flightready.study import open_study


@pytest.fixture(scope="module")
def model():
    from flightready.roi.inputs import gather

    study = open_study("sample_data/support_triage", as_of="2026-10-15")
    inputs = gather(study.pilot, study.joint, study.demand, study.evaluation, study.cost, study.latency)
    return ValueModel(inputs, study.demand)


def test_discounted_flows_are_the_present_value(model):
    total = sum(model.flows().values())
    factors = monthly_factors(model.columns["discount_rate"], model.horizon)
    assert total[..., 0] + np.sum(total[..., 1:] * factors, axis=-1) == pytest.approx(model.present_value(), rel=1e-9)


def test_a_replaced_column_counts(model):
    shown = model.columns["benefit"]
    assert model.present_value(benefit=shown * 1.1).mean() > model.present_value().mean()
    assert np.array_equal(model.present_value(benefit=shown), model.present_value())
    with pytest.raises(KeyError, match="no input"):
        model.present_value(wealth=shown)


def test_the_middle_case_is_one_number(model):
    assert model.middle().present_value().shape == (1, 1)
