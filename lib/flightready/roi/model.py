"""The value model: present values and monthly flows from the columns of the joint sample, any of them replaced.

A case is one request. Flows lie at the ends of months; month 0 is today. What varies an input (sensitivity, worth of a
measurement, break-even, other options) goes through `present_value` and `flows`, so every answer reads the same rows.

- Right answers that arrive in time earn what a case is worth; wrong answers that nobody reviews cost what an error
  costs; every request is paid for, at prices that move as stated.
- Benefit, running cost and change begin with the launch. A phase is paid in the month in which it begins; building is
  paid when building for production begins, which is today where no phases are stated.
- The discount rate is yearly and effective. Where amounts are stated without inflation, it is taken out of the rate.
- After the horizon nothing counts unless growth of the years after it is stated; then the last year goes on, growing,
  where it earns something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from flightready import policy
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.roi.amounts import amounts
from flightready.roi.drivers import Sums, by_month, monthly_factor, sums, yearly_factor
from flightready.roi.inputs import ValueInputs
from flightready.roi.phases import DRAWN, EXPECTED, phase_cost, reached, schedule
from flightready.traffic.demand import Demand

LEVERS: frozenset[str] = frozenset({"accuracy", "cost", "latency", "review", "adoption", "delay", "gates"})
"""Levers between the promise and production; one that is on is as in production, the others are as promised."""

_OF_TIME = (
    "users_per_day", "requests_per_user", "growth_per_month", "launch_", "ramp", "half_after", "nine_tenths_after",
    "adopted_after_", "adoption", "scope", "start", "delay", "discount_rate", "inflation", "price_change",
    "do_nothing_changes",
)  # fmt: skip
"""Beginnings of keys of columns that the drivers read; with `_length`, `_delay`, `_starts` and `_grows` at the end."""


@dataclass(frozen=True)
class ValueModel:
    """What the pilot is worth, as a function of its inputs.

    Parameters
    ----------
    inputs : ValueInputs
    demand : Demand
        The planned load.
    gates : str
        `drawn`: each draw passes its gates or not, so that losses of what is stopped are seen. `expected`: each draw
        counts what comes after a gate by the chance of passing it, which has the same mean and less noise.
    """

    inputs: ValueInputs
    demand: Demand
    gates: str = DRAWN
    _sums: dict[tuple[bool, bool], Sums] = field(default_factory=dict, repr=False, compare=False)

    @property
    def horizon(self) -> int:
        """Months that are looked ahead."""
        return self.inputs.horizon_months

    @property
    def columns(self) -> Mapping[str, np.ndarray]:
        """Inputs by key, each of shape (replicates, draws)."""
        return self.inputs.columns

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of what it returns: (replicates, draws), or what the columns broadcast to."""
        return np.broadcast_shapes(*(column.shape for column in self.columns.values()))

    @property
    def expected(self) -> ValueModel:
        """The same with every gate counted by its chance."""
        return replace(self, gates=EXPECTED)

    def replaced(self, **columns: np.ndarray) -> ValueModel:
        """Return the model with other columns in place of its own, of any shape that broadcasts.

        Raises
        ------
        KeyError
            For a key that is none of `columns`.
        """
        if unknown := set(columns) - set(self.columns):
            raise KeyError(f"no input of the model: {sorted(unknown)}")
        return self.with_columns(**columns)

    def with_columns(self, **columns: np.ndarray) -> ValueModel:
        """Return the model with columns in place of its own or beside them, `start` and `scope` for an option, say."""
        if not columns:
            return self
        given = {key: np.asarray(value, dtype=float) for key, value in columns.items()}
        if "cost_per_request" in given and "calls_share" not in given and "calls_share" in self.columns:
            given["calls_share"] = self.columns["calls_share"]
        kept = self._sums if not any(_is_of_time(key) for key in given) else {}
        inputs = replace(self.inputs, columns={**self.inputs.columns, **given})
        return ValueModel(inputs, self.demand, self.gates, kept)

    def middle(self) -> ValueModel:
        """Return the model with every column at its median, of shape (1, 1), and gates by their chances."""
        middle = {key: np.full((1, 1), np.median(column)) for key, column in self.columns.items()}
        return self.expected.replaced(**middle)

    def present_value(
        self, on: frozenset[str] = LEVERS, *, may_stop: bool = True, **replaced: np.ndarray
    ) -> np.ndarray:
        """Return present values, shape (replicates, draws), in the assessment's currency.

        Parameters
        ----------
        on : frozenset of str
            Levers that are as in production; the others are as promised.
        may_stop : bool
            Whether what comes after a gate that is not passed is left undone; without, every phase is paid for.
        **replaced : array
            Columns in place of the model's own.
        """
        model = self.replaced(**replaced)
        found, each = model._summed(on), amounts(model.inputs, on).values()
        value = sum(amount * found.discounted[driver] for driver, amount in each)
        if found.last_year:
            value = value + model._terminal(sum(amount * found.last_year[driver] for driver, amount in each))
        return value * model._reach(on)[-1] - model.spent(on, may_stop=may_stop)

    def spent(self, on: frozenset[str] = LEVERS, *, may_stop: bool = True) -> np.ndarray:
        """Return the present value of what phases and building cost within the horizon."""
        monthly, total = monthly_factor(self.columns), np.zeros(())
        for month, amount in self._payments(on, may_stop=may_stop):
            total = total + np.where(month <= self.horizon, amount * monthly**month, 0.0)
        return total

    def flows(
        self, on: frozenset[str] = LEVERS, *, may_stop: bool = True, **replaced: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Return cash by stream at the ends of months 0 to n, not discounted, shape (replicates, draws, months + 1).

        What comes after the horizon is not among them. Parameters are those of `present_value`.
        """
        model = self.replaced(**replaced)
        each, launched, shape = amounts(model.inputs, on), model._reach(on)[-1], model.shape
        found = {key: np.zeros((model.horizon + 1, *shape)) for key in each}
        for number, drivers in by_month(model.inputs, model.demand, **_as_levers(on)):
            for key, (driver, amount) in each.items():
                found[key][number] = drivers[driver] * (amount * launched)
        return model._paid(on, may_stop, shape) | {key: np.moveaxis(flow, 0, -1) for key, flow in found.items()}

    def cash(self, on: frozenset[str] = LEVERS) -> np.ndarray:
        """Return cumulative cash at the ends of months 0 to n, not discounted, shape (months + 1, *shape)."""
        each, launched, shape = amounts(self.inputs, on), self._reach(on)[-1], self.shape
        total = np.zeros((self.horizon + 1, *shape))
        for paid in self._paid(on, True, shape).values():
            total += np.moveaxis(paid, -1, 0)
        scaled = [(driver, amount * launched) for driver, amount in each.values()]
        for number, drivers in by_month(self.inputs, self.demand, **_as_levers(on)):
            total[number] += sum(drivers[driver] * amount for driver, amount in scaled)
        return np.cumsum(total, axis=0, out=total)

    def driver_sums(self, on: frozenset[str] = LEVERS) -> Mapping[str, np.ndarray]:
        """Return discounted cases, months of running and what else value is proportional to."""
        return self._summed(on).discounted

    def values_by_stream(self, on: frozenset[str] = LEVERS) -> dict[str, np.ndarray]:
        """Return the present value of each stream within the horizon; they add up to `present_value` without an after.

        What is paid for phases and building is one stream, `spent`.
        """
        found, launched = self._summed(on).discounted, self._reach(on)[-1]
        each = {key: amount * found[driver] * launched for key, (driver, amount) in amounts(self.inputs, on).items()}
        return {"spent": -self.spent(on), **each}

    def chance_of_launch(self, on: frozenset[str] = LEVERS) -> np.ndarray:
        """Return the chance that every gate ahead is passed, by draw."""
        return self.expected._reach(on)[-1]

    def _summed(self, on: frozenset[str]) -> Sums:
        at = "adoption" in on, "delay" in on
        if at not in self._sums:
            self._sums[at] = sums(self.inputs, self.demand, **_as_levers(on))
        return self._sums[at]

    def _reach(self, on: frozenset[str]) -> list[np.ndarray]:
        phases = self.inputs.phases
        if "gates" not in on:
            return [np.ones(()) for _ in (*phases, None)]
        return reached(self.columns, phases, self.inputs.luck, gates=self.gates)

    def _payments(self, on: frozenset[str], *, may_stop: bool) -> list[tuple[np.ndarray, np.ndarray]]:
        """Months in which phases and building are paid, and what; phases in their order, building last."""
        x, phases = self.columns, self.inputs.phases
        begins, launch = schedule(x, phases, delayed="delay" in on)
        reach = self._reach(on) if may_stop else [np.ones(()) for _ in (*phases, None)]
        costs = [phase_cost(x, p, with_data_work="delay" in on) for p in phases]
        found = [(np.ceil(at), cost * r) for at, cost, r in zip(begins, costs, reach, strict=False)]
        names = [p.name for p in phases]
        place = names.index("scale") if "scale" in names else len(phases)
        when = [*begins, launch][place] if phases else x.get("start", np.zeros(()))
        return [*found, (np.ceil(when), x.get("build_cost", np.zeros(())) * reach[place])]

    def _paid(self, on: frozenset[str], may_stop: bool, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
        keys = [*(f"phase_{p.name}" for p in self.inputs.phases), "build"]
        found = {}
        for key, (month, amount) in zip(keys, self._payments(on, may_stop=may_stop), strict=True):
            flow = np.zeros((*shape, self.horizon + 1))
            inside = np.broadcast_to(np.where(month <= self.horizon, -amount, 0.0), shape)
            at = np.broadcast_to(np.minimum(month, self.horizon), shape).astype(int)
            np.put_along_axis(flow, at[..., None], inside[..., None], axis=-1)
            found[key] = flow
        return found

    def _terminal(self, last_year: np.ndarray) -> np.ndarray:
        """Present value of the years after the horizon: the last year goes on for ever, growing as stated."""
        x, years = self.columns, self.horizon / MONTHS_PER_YEAR
        a_year = last_year / min(years, 1.0)
        rate = 1 / yearly_factor(x) - 1
        spread = np.maximum(rate - x["terminal_growth"], policy.value("least_rate_over_growth"))
        worth = a_year * (1 + x["terminal_growth"]) / spread
        return np.maximum(worth, 0.0) * yearly_factor(x) ** years  # nobody runs for ever what earns nothing


def _as_levers(on: frozenset[str]) -> dict[str, bool]:
    return {"adopted": "adoption" in on, "delayed": "delay" in on}


def _is_of_time(key: str) -> bool:
    return key.startswith(_OF_TIME) or key.endswith(("_length", "_delay", "_starts", "_grows"))
