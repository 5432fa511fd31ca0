"""The planned load as columns of the value model, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from flightready import policy
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.evidence import Grade
from flightready.roi.gathering import Gathering
from flightready.traffic.adoption import Curve, Logistic, Ramp, Stated
from flightready.traffic.demand import Demand, LaunchPlan

_PLAIN = ("users_per_day", "requests_per_user", "growth_per_month")


def gather_load(g: Gathering, demand: Demand | None) -> None:
    """Keep the columns of the load; what the log or the policy stands in for is shown on its own row."""
    if demand is None:
        return
    g.show("requests_per_month", "Requests a month at the planned load", demand.requests_per_month, "requests",
           demand.grade, "assessment, workload")  # fmt: skip
    g.columns |= {key: getattr(demand, key) for key in _PLAIN} | _curve_columns(demand.curve)
    for name, label, unit in (
        ("requests_per_user", "Requests of a user and day", ""),
        ("growth_per_month", "Growth of the load", "per month"),
    ):
        if name in demand.measured:
            g.show(name, label, getattr(demand, name), unit, Grade.MEASURED, "usage log of the pilot")
        if f"default_{name}" in demand.defaults:
            g.show(name, label, getattr(demand, name), unit, Grade.ASSUMED, policy.constant(f"default_{name}").source)
    for number, launch in enumerate(demand.launches):
        g.keep(f"launch_{number}", f"Users a day added by: {launch.name}", launch.adds, "users", Grade.ESTIMATED,
               "assessment, workload.launches")  # fmt: skip
        g.columns[f"launch_{number}_after"] = launch.after


def gather_ramp(g: Gathering, demand: Demand | None) -> None:
    """Keep the months to full use, unless the workload states how adoption grows: then that is the one curve."""
    if demand is None or demand.curve is None:
        g.estimate("ramp", "Months from launch to full use", "default_ramp")
        return
    after_a_year = demand.adoption(MONTHS_PER_YEAR)[..., -1]
    g.show("adopted_in_a_year", "Planned users who use it a year after launch", after_a_year, "share", Grade.ESTIMATED,
           "assessment, workload.adoption")  # fmt: skip


def _curve_columns(curve: Curve | None) -> dict[str, np.ndarray]:
    if isinstance(curve, Logistic):
        return {"half_after": curve.half_after, "nine_tenths_after": curve.nine_tenths_after}
    if isinstance(curve, Stated):
        return {f"adopted_after_{m:g}": curve.shares[..., i] for i, m in enumerate(curve.months)}
    return {}


def demand_of(demand: Demand, columns: Mapping[str, np.ndarray], *, adopted: bool) -> Demand:
    """Return the load that the columns describe; not adopted, everybody planned uses it from the launch on."""
    launches = tuple(
        LaunchPlan(launch.name, columns[f"launch_{n}_after"], columns[f"launch_{n}"])
        for n, launch in enumerate(demand.launches)
    )
    curve = _curve_of(demand.curve, columns) if adopted else None
    return replace(demand, **{key: columns[key] for key in _PLAIN}, launches=launches, curve=curve)


def _curve_of(curve: Curve | None, columns: Mapping[str, np.ndarray]) -> Curve:
    if isinstance(curve, Logistic):
        ends = columns["half_after"], columns["nine_tenths_after"]
        return Logistic(np.minimum(*ends), np.maximum(*ends))
    if isinstance(curve, Stated):
        points = np.broadcast_arrays(*(columns[f"adopted_after_{m:g}"] for m in curve.months))
        return Stated(curve.months, np.stack(points, axis=-1))
    return Ramp(columns["ramp"])
