"""The value model: the same value by every way, and any column replaced."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.roi.finance import monthly_factors
from flightready.roi.model import LEVERS, ValueModel
from flightready.roi.streams import stream_values
from flightready.study import open_study


@pytest.fixture(scope="module")
def model():
    from flightready.roi.inputs import gather

    study = open_study("sample_data/support_triage", as_of="2026-10-15")
    inputs = gather(study.pilot, study.joint, study.demand, study.evaluation, study.cost, study.latency)
    return ValueModel(inputs, study.demand)


@pytest.mark.parametrize("on", [LEVERS, frozenset(), LEVERS - {"gates"}])
def test_discounted_flows_are_the_present_value(model, on):
    total = sum(model.flows(on).values())
    factors = monthly_factors(model.columns["discount_rate"], model.horizon)
    value = total[..., 0] + np.sum(total[..., 1:] * factors, axis=-1)
    assert value == pytest.approx(model.present_value(on), rel=1e-9, abs=1e-3)


def test_cumulative_cash_is_the_sum_of_the_flows(model):
    total = np.cumsum(sum(model.flows().values()), axis=-1)
    assert np.moveaxis(model.cash(), 0, -1) == pytest.approx(total, rel=1e-9, abs=1e-3)


def test_the_streams_add_up_to_the_whole(model):
    assert sum(model.values_by_stream().values()) == pytest.approx(model.present_value(), rel=1e-9, abs=1e-3)
    assert sum(s.value.mean for s in stream_values(model)) == pytest.approx(model.present_value().mean(), rel=1e-9)


@pytest.mark.parametrize("key", ["benefit_0_time", "discount_rate", "half_after", "launch_0", "phase_pilot_passes"])
def test_a_replaced_column_counts(model, key):
    shown = model.columns[key]
    assert np.array_equal(model.present_value(**{key: shown}), model.present_value())
    assert not np.array_equal(model.present_value(**{key: shown * 1.1}), model.present_value())


def test_every_column_counts_in_some_case(model):
    """A column that moves nothing would be varied in vain; what is zero stays zero when it is scaled."""
    base, promised = model.expected.present_value(), model.expected.present_value(frozenset())
    for key, shown in model.columns.items():
        moved = model.expected.replaced(**{key: shown * 0.8 + 0.01})
        same = np.array_equal(moved.present_value(), base) and np.array_equal(
            moved.present_value(frozenset()), promised
        )
        assert not same, key


def test_an_unknown_column_is_refused(model):
    with pytest.raises(KeyError, match="no input"):
        model.present_value(wealth=np.ones((1, 1)))


def test_the_middle_case_is_one_number(model):
    middle = model.middle()
    assert middle.present_value().shape == (1, 1)
    assert sum(flow for flow in middle.flows().values()).shape == (1, 1, model.horizon + 1)


def test_amounts_alone_leave_the_months_as_they_are(model):
    model.present_value()
    assert model.replaced(accuracy=model.columns["accuracy"] * 0.9)._sums is model._sums
    assert model.replaced(adoption=model.columns["adoption"])._sums is not model._sums


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 0.9), st.floats(0.01, 0.09))
def test_more_accuracy_never_lowers_value(model, low, more):
    below, above = (model.present_value(accuracy=np.full((1, 1), a)) for a in (low, low + more))
    assert np.all(above >= below)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.0, 0.3), st.floats(0.01, 0.2))
def test_a_higher_rate_takes_from_a_gain(low, more):
    model = _gaining()
    below, above = (model.present_value(discount_rate=np.full((1, 1), r)) for r in (low, low + more))
    assert np.all(above < below)


def _gaining():
    import tempfile
    from pathlib import Path

    from value_cases import certain, model_of

    with tempfile.TemporaryDirectory() as folder:
        return model_of(Path(folder), certain("benefit_per_case: 1 USD"))
