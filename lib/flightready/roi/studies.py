"""What can be measured before the decision: the policy's studies, what each costs, and what it would show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import numpy as np

from flightready import policy
from flightready.assessment import Assessment
from flightready.cost.reviewing import usd_per_unit
from flightready.evidence import Grade
from flightready.roi.information import shown_amount, shown_share

LABELS, PILOT = "labels", "pilot"
"""Studies whose size is weighed: in labels, and in weeks."""


@dataclass(frozen=True)
class Study:
    """One way to learn about inputs of the value before the decision.

    Parameters
    ----------
    key, name, does : str
        `does` says in a sentence what is done.
    inputs : tuple of str
        Inputs of this pilot that it tells about.
    cost : float
        In the assessment's currency: once, of one label, or of one week.
    grade : Grade
        Of the cost: estimated where the assessment says it, else assumed.
    source : str
    """

    key: str
    name: str
    does: str
    inputs: tuple[str, ...]
    cost: float
    grade: Grade
    source: str


def studies(spec: Assessment, columns: Mapping[str, np.ndarray]) -> tuple[Study, ...]:
    """Return the studies that tell about at least one input that varies, in the order of the policy.

    Parameters
    ----------
    spec : Assessment
        Its `roi.measuring` says what a study costs here.
    columns : mapping of str to array
        Inputs of the value by key.
    """
    moving = [key for key, draws in columns.items() if np.ptp(draws) > 0]
    found = []
    for key, raw in _policy()["studies"].items():
        if inputs := tuple(name for name in moving if _reading(key, name) is not None):
            found.append(Study(key, raw["name"], raw["does"], inputs, *_cost(spec, key, raw)))
    return tuple(found)


def measurable(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the inputs that vary and are not decided by someone, or part of the promise alone."""
    decided = _policy()["decided"]
    asked = {key: draws for key, draws in columns.items() if not any(fnmatchcase(key, d) for d in decided)}
    return {key: draws for key, draws in asked.items() if np.ptp(draws) > 0}


def named(key: str) -> tuple[str, str]:
    """Return plain words and the unit of an input that is on no row of the result.

    Examples
    --------
    >>> named("users_per_day"), named("some_input")
    (('Users a day', 'users'), ('Some input', ''))
    """
    raw = _policy()["names"].get(key)
    return (raw["name"], raw["unit"]) if raw else (key.replace("_", " ").capitalize(), "")


def shown(
    study: Study, columns: Mapping[str, np.ndarray], random: np.random.Generator, *, size: float = 1.0,
    design_effect: float = 1.0,
) -> tuple[np.ndarray, ...]:  # fmt: skip
    """Return what a study would show of each of its inputs, one draw of the study for each draw of the inputs.

    Parameters
    ----------
    study : Study
    columns : mapping of str to array
    random : Generator
    size : float
        Labels or weeks; 1 for a study that is done once.
    design_effect : float
        Cases that belong together count that many times less.
    """
    times = size if study.key == PILOT else 1.0
    found = []
    for name in study.inputs:
        reading, draws = _reading(study.key, name), columns[name]
        if "cases" in reading:
            cases = size if study.key == LABELS else reading["cases"] * times
            found.append(shown_share(draws, cases / design_effect, random))
        elif "within" in reading:
            found.append(shown_amount(draws, reading["within"] / np.sqrt(times), random))
        else:
            found.append(draws + reading["error"] / np.sqrt(times) * random.standard_normal(draws.shape))
    return tuple(found)


def _reading(study: str, name: str) -> Mapping[str, float] | None:
    reads = _policy()["studies"][study]["reads"]
    return next((how for pattern, how in reads.items() if fnmatchcase(name, pattern)), None)


def _cost(spec: Assessment, key: str, raw: Mapping[str, Any]) -> tuple[float, Grade, str]:
    given = spec.roi.measuring.get(key)
    if given is not None:
        return given.median, Grade.ESTIMATED, given.source or "assessment, roi.measuring"
    if key == LABELS:
        return float(policy.value("label_cost")), Grade.ASSUMED, policy.constant("label_cost").source
    return raw["cost"] / usd_per_unit(spec), Grade.ASSUMED, raw["source"]


@cache
def _policy() -> Mapping[str, Any]:
    return policy.read("roi_measurements.yaml")
