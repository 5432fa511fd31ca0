"""The value model: present values and monthly flows from the columns of the joint sample, any of them replaced.

`columns` holds the inputs by key; what varies them (sensitivity, worth of a measurement, break-even) goes through
`present_value` and `flows`, so that every answer reads the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from functools import cached_property

import numpy as np

from flightready.roi.inputs import ValueInputs
from flightready.roi.projection import LEVERS as LABELLED_LEVERS
from flightready.roi.projection import _margin, _value, _volumes
from flightready.traffic.demand import Demand

LEVERS: frozenset[str] = frozenset(LABELLED_LEVERS)
"""Levers between the promise and production; a lever that is on is as in production."""

_INPUTS = {
    "accuracy": "accuracy", "accuracy_promised": "accuracy_promised", "accuracy_unreviewed": "accuracy_unreviewed",
    "cost_per_request": "cost_usd", "cost_promised": "cost_promised_usd", "price_change": "price_change",
    "in_time": "in_time", "adoption": "adoption", "review_share": "review_share", "realisation": "realisation",
    "benefit": "benefit_usd", "error_cost": "error_cost_usd", "review_cost": "review_cost_usd", "ramp": "ramp_months",
    "delay": "delay_months", "build_cost": "build_usd", "operations": "operations_usd_per_month",
    "discount_rate": "discount_rate",
}  # fmt: skip
_LOAD = ("users_per_day", "requests_per_user", "growth_per_month")


@dataclass(frozen=True)
class ValueModel:
    """What the pilot is worth, as a function of its inputs.

    Parameters
    ----------
    inputs : ValueInputs
    demand : Demand
        The planned load.
    """

    inputs: ValueInputs
    demand: Demand

    @property
    def horizon(self) -> int:
        """Months that are looked ahead."""
        return self.inputs.horizon_months

    @cached_property
    def columns(self) -> Mapping[str, np.ndarray]:
        """Inputs by key, each of shape (replicates, draws)."""
        found = {key: getattr(self.inputs, name) for key, name in _INPUTS.items()}
        found |= {key: getattr(self.demand, key) for key in _LOAD}
        same = {
            "accuracy_promised": "accuracy",
            "accuracy_unreviewed": "accuracy",
            "cost_promised": "cost_per_request",
        }
        return {
            key: column
            for key, column in found.items()
            if column is not None and not (key in same and column is found[same[key]])
        }

    def replaced(self, **columns: np.ndarray) -> ValueModel:
        """Return the model with other columns in place of its own, of any shape that broadcasts to (replicates, draws).

        Raises
        ------
        KeyError
            For a key that is none of `columns`.
        """
        if unknown := set(columns) - set(self.columns):
            raise KeyError(f"no input of the model: {sorted(unknown)}")
        if not columns:
            return self
        fields = {_INPUTS[k]: np.asarray(v, dtype=float) for k, v in columns.items() if k in _INPUTS}
        if "accuracy" in columns:  # what nobody measured apart moves along
            for other in ("accuracy_promised", "accuracy_unreviewed"):
                if other not in self.columns:
                    fields[other] = fields["accuracy"]
        load = {k: np.asarray(v, dtype=float) for k, v in columns.items() if k in _LOAD}
        return ValueModel(replace(self.inputs, **fields), replace(self.demand, **load))

    def middle(self) -> ValueModel:
        """Return the model with every column at its median, of shape (1, 1)."""
        middle = {key: np.full((1, 1), np.median(column)) for key, column in self.columns.items()}
        return ValueModel(self.inputs, _middle_load(self.demand)).replaced(**middle)

    def present_value(self, on: frozenset[str] = LEVERS, **replaced: np.ndarray) -> np.ndarray:
        """Return present values, shape (replicates, draws), in the assessment's currency.

        Parameters
        ----------
        on : frozenset of str
            Levers that are as in production; the others are as promised.
        **replaced : array
            Columns in place of the model's own.
        """
        model = self.replaced(**replaced)
        return _value(model.inputs, model._volumes, on)

    def flows(self, on: frozenset[str] = LEVERS, **replaced: np.ndarray) -> dict[str, np.ndarray]:
        """Return cash by stream at the ends of months 0 to n, not discounted, shape (replicates, draws, months + 1)."""
        model = self.replaced(**replaced)
        x, v = model.inputs, model._volumes
        cases = _from_today(v.monthly_cases)
        start = np.zeros_like(cases)
        start[..., 0] = -x.build_usd
        worth = _margin(x, on) - _margin(x, on, np.zeros_like(x.accuracy))
        return {
            "build": start,
            "benefit": cases * worth[..., None],
            "cases": cases * (_margin(x, on) - worth)[..., None],
            "dearer_calls": -_from_today(v.monthly_dearer) * x.calls_usd[..., None],
            "operations": -_from_today(v.monthly_active) * x.operations_usd_per_month[..., None],
        }

    @cached_property
    def _volumes(self):
        return _volumes(self.inputs, self.demand)


def _from_today(monthly: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros_like(monthly[..., :1]), monthly], axis=-1)


def _middle_load(demand: Demand) -> Demand:
    def middle(made: object) -> object:
        fields = {
            f.name: np.median(value, axis=(0, 1), keepdims=True)
            for f in dataclass_fields(made)
            if isinstance(value := getattr(made, f.name), np.ndarray) and value.ndim > 1
        }
        return replace(made, **fields)

    curve = None if demand.curve is None else middle(demand.curve)
    return replace(middle(demand), curve=curve, launches=tuple(middle(launch) for launch in demand.launches))
