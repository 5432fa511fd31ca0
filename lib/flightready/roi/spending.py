"""What is spent beside requests: building, running, licences, retraining, change management, and today's way."""

from __future__ import annotations

from typing import Any

import numpy as np

from flightready import policy
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.evidence import Grade
from flightready.roi.gathering import Gathering


def gather_spending(g: Gathering, cost: Any) -> None:
    """Draw what building and running costs, and what today's way of working costs."""
    roi = g.spec.roi
    if roi.build_cost is not None or not any(p.cost is not None for p in roi.phases):  # else the phases are building
        when = "when building for production begins" if roi.phases else "at the start"
        g.stated("build_cost", f"Cost to build, paid {when}", roi.build_cost, "default_build_cost_usd",
                 "amount of money")  # fmt: skip
    if roi.licences is not None:
        g.drawn("licences", "Licences, per month", roi.licences)
    if roi.retraining is not None:
        g.drawn("retraining", "One retraining", roi.retraining)
        g.stated("retrained_every", "Time between two retrainings", roi.retrained_every, "default_retrained_every",
                 "period")  # fmt: skip
    if roi.change_management is not None:
        g.drawn("change_management", "Training and support of the people who use it", roi.change_management)
    _operations(g, cost)
    _today(g)


def _operations(g: Gathering, cost: Any) -> None:
    """Running apart from requests: what `cost.running` states once, and `roi.operations` for what it does not name."""
    given, label = g.spec.roi.operations, "Running it apart from requests, per month"
    fixed = g.zero() + (cost.running.fixed_usd if cost.running else 0.0)
    if fixed.any():
        g.keep("running", "Monitoring, on-call and what else cost.running states, per month", fixed,
               f"{g.spec.currency} per month", Grade.ESTIMATED, "assessment, cost.running")  # fmt: skip
        label = "Running it beside that, per month"
    if given is not None:
        g.drawn("operations", label, given)
        return
    part = g.joint.column("roi.operations_share", policy.quantity("default_operations_share_per_year", "share"))
    # the default stands for all of running, retraining included, so what is stated is a part of it
    stated = fixed + g.columns.get("licences", 0.0) + retraining_per_month(g.columns)
    draws = np.maximum(_built(g) * part / MONTHS_PER_YEAR - stated, 0.0)
    source = policy.constant("default_operations_share_per_year").source
    g.keep("operations", label, draws, f"{g.spec.currency} per month", Grade.ASSUMED, source)


def _built(g: Gathering) -> np.ndarray:
    phases = [g.columns[key] for p in g.spec.roi.phases if (key := f"phase_{p.phase}_cost") in g.columns]
    return sum(phases, g.columns.get("build_cost", g.zero()))


def retraining_per_month(columns: dict[str, np.ndarray]) -> np.ndarray | float:
    """Return what retraining costs a month, spread over the time between two."""
    if "retraining" not in columns:
        return 0.0
    return columns["retraining"] / np.maximum(columns["retrained_every"], np.finfo(float).eps)


def _today(g: Gathering) -> None:
    """Draw what today's way costs and how that changes, and how money and time are counted."""
    roi = g.spec.roi
    if roi.do_nothing.per_month is not None:
        g.drawn("do_nothing", "Cost of today's way beside the cases, per month", roi.do_nothing.per_month)
    if roi.do_nothing.changes is not None:
        g.drawn("do_nothing_changes", "Change of the worth of today's way", roi.do_nothing.changes)
    g.stated("discount_rate", "Discount rate", roi.discount_rate, "default_discount_rate", "yearly rate")
    if roi.money == "real":
        g.stated("inflation", "Inflation", roi.inflation, "default_inflation", "yearly rate")
    if roi.terminal_growth is not None:
        g.drawn("terminal_growth", "Growth of the yearly value after the horizon", roi.terminal_growth)
