"""Amounts of money per driver: what a case, a month of running, a month of use brings or costs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flightready.roi.benefits import CASE, Stream
from flightready.roi.drivers import ARRIVING, CASES, DEARER, LIVE, USED, driver_of
from flightready.roi.inputs import ValueInputs
from flightready.roi.spending import retraining_per_month

Columns = Mapping[str, np.ndarray]


def amounts(inputs: ValueInputs, on: frozenset[str]) -> dict[str, tuple[str, np.ndarray]]:
    """Return the driver of each stream of money and the amount for one of it, at today's prices.

    Parameters
    ----------
    inputs : ValueInputs
    on : frozenset of str
        Levers that are as in production; the others are as promised.
    """
    x = inputs.columns
    found = {s.key: (_driver(inputs, s), _earned(x, s, on)) for s in inputs.streams}
    if "do_nothing" in x:
        found["do_nothing"] = (USED, x["do_nothing"])
    found |= {key: (CASES, amount) for key, amount in per_request(x, on).items()}
    if "price_change" in x and "cost" in on:
        found["dearer_calls"] = (DEARER, -x["cost_per_request"] * x.get("calls_share", 1.0))
    found["operations"] = (LIVE, -x["operations"] - x.get("running", 0.0))
    if "licences" in x:
        found["licences"] = (LIVE, -x["licences"])
    if "retraining" in x:
        found["retraining"] = (LIVE, -np.asarray(retraining_per_month(x)))
    if "change_management" in x:
        found["change_management"] = (ARRIVING, -x["change_management"])
    return found


def _driver(inputs: ValueInputs, stream: Stream) -> str:
    plain = stream.form == CASE and not stream.has_own_time and "do_nothing_changes" not in inputs.columns
    return CASES if plain else driver_of(stream.key)


def handled(x: Columns, on: frozenset[str]) -> np.ndarray:
    """Return the share of cases that are answered rightly and in time."""
    return _right(x, on) * _in_time(x, on)


def _earned(x: Columns, stream: Stream, on: frozenset[str]) -> np.ndarray:
    worth = stream.worth(x)
    return worth * handled(x, on) if stream.form == CASE else worth


def per_request(x: Columns, on: frozenset[str]) -> dict[str, np.ndarray]:
    """Return what one request costs: wrong answers that are used, reviews, and answering it; amounts below zero.

    A late answer earns nothing and does no harm: by then a person has done the work. One that never comes is not
    reviewed, and is paid for all the same.
    """
    reviewed = x["review_share"] if "review" in on else np.zeros(())
    lost = x.get("lost", np.zeros(())) if "latency" in on else np.zeros(())
    cost = x["cost_per_request"] if "cost" in on else x.get("cost_promised", x["cost_per_request"])
    wrong = 1 - _right(x, on)
    if {"accuracy", "review"} <= on:  # only where both are measured does the confidence choose what is reviewed
        wrong = np.minimum(wrong * x.get("unreviewed_errors", 1.0), 1.0)
    return {
        "errors": -_in_time(x, on) * wrong * (1 - reviewed) * x["error_cost"],
        "reviews": -reviewed * (1 - lost) * x["review_cost"],
        "requests": -cost,
    }


def _right(x: Columns, on: frozenset[str]) -> np.ndarray:
    return x["accuracy"] if "accuracy" in on else x.get("accuracy_promised", x["accuracy"])


def _in_time(x: Columns, on: frozenset[str]) -> np.ndarray:
    return x["in_time"] if "latency" in on else x.get("in_time_promised", x["in_time"])


def margin(inputs: ValueInputs, on: frozenset[str]) -> np.ndarray | None:
    """Return what one request earns after its own costs; None where no case is worth anything by itself."""
    x = inputs.columns
    earned = [_earned(x, s, on) for s in inputs.streams if s.form == CASE]
    return sum(earned) + sum(per_request(x, on).values()) if earned else None
