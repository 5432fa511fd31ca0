"""The approved case: the plan by month as it stood on the day of its approval, frozen beside the assessment."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flightready.assessment import APPROVED_NAME, Pilot
from flightready.assessment.save import write_whole
from flightready.draws import Summary
from flightready.errors import InputError

FORMAT, VERSION = "flightready approved case", 1
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LOW, MIDDLE, HIGH, MEAN = 0, 2, 4, 5
"""Rows of a plan's arrays."""
_NAMES = ("p05", "p25", "p50", "p75", "p95")
_PARTS = ("cumulative", "net", "benefit", "cost")
_AGAIN = "freeze it again with flightready approve DIR --on DAY --by ROLE --replace"


@dataclass(frozen=True)
class MonthlyPlan:
    """The plan by month, in the assessment's currency, not discounted; month 0 is the day of the approval.

    Parameters
    ----------
    cumulative, net, benefit, cost : array of shape (6, months + 1)
        Quantiles .05, .25, .5, .75, .95 over the draws, and the mean; costs are positive.
    """

    cumulative: np.ndarray
    net: np.ndarray
    benefit: np.ndarray
    cost: np.ndarray

    @property
    def months(self) -> int:
        """Months of the plan."""
        return self.net.shape[-1] - 1


@dataclass(frozen=True)
class ApprovedCase:
    """A plan and its approval.

    Parameters
    ----------
    pilot, currency : str
    on : date
    by : str
        Role.
    as_of : date
        Day of the evidence behind it.
    value : tuple of float
        Present value: low, median, high.
    inputs : dict of file name to SHA-256
    """

    pilot: str
    currency: str
    on: dt.date
    by: str
    as_of: dt.date
    value: tuple[float, float, float]
    inputs: dict[str, str]
    plan: MonthlyPlan


def plan_of(flows: Mapping[str, np.ndarray]) -> MonthlyPlan:
    """Return the plan behind cash by stream.

    Parameters
    ----------
    flows : mapping of stream to array, shape (replicates, draws, months + 1)
        A stream whose mean total is above zero is a benefit, any other a cost.

    Examples
    --------
    >>> flows = {"build": np.array([[[-5.0, 0.0]]]), "benefit": np.array([[[0.0, 8.0]]])}
    >>> plan = plan_of(flows)
    >>> plan.cumulative[2].tolist(), plan.cost[2].tolist()
    ([-5.0, 3.0], [5.0, 0.0])
    """
    zero = np.zeros_like(next(iter(flows.values())))
    benefit = sum((f for f in flows.values() if f.mean() > 0), zero)
    cost = sum((-f for f in flows.values() if f.mean() <= 0), zero)
    net = benefit - cost
    return MonthlyPlan(*(_by_month(x) for x in (np.cumsum(net, axis=-1), net, benefit, cost)))


def _by_month(draws: np.ndarray) -> np.ndarray:
    flat = draws.reshape(-1, draws.shape[-1])
    return np.vstack([np.quantile(flat, QUANTILES, axis=0), flat.mean(axis=0)])


def path_of(pilot: Pilot) -> Path:
    """Return where the approved case of a pilot is kept, whether or not it is there."""
    actuals = pilot.spec.roi.actuals
    return pilot.folder / (actuals.approved if actuals and actuals.approved else APPROVED_NAME)


def frozen(
    pilot: Pilot, plan: MonthlyPlan, value: Summary, *, on: dt.date, by: str, as_of: dt.date, inputs: Mapping[str, str]
) -> ApprovedCase:
    """Return the case as it is approved.

    Raises
    ------
    InputError
        When nobody approves it.
    """
    role = " ".join(by.split())
    if not role:
        raise InputError("nobody approves it", where="--by", valid="a role, such as Head of Finance")
    return ApprovedCase(pilot.spec.name, pilot.spec.currency, on, role, as_of, (value.low, value.median, value.high),
                        dict(sorted(inputs.items())), plan)  # fmt: skip


def write(path: Path, case: ApprovedCase, *, replace: bool = False) -> None:
    """Write an approved case, whole or not at all.

    Raises
    ------
    InputError
        When one is there and `replace` is not given, or the file cannot be written.
    """
    refuse_again(path, replace=replace)
    content = {
        "format": FORMAT, "version": VERSION, "pilot": case.pilot, "approved_on": str(case.on),
        "approved_by": case.by, "evidence_of": str(case.as_of), "currency": case.currency,
        "present_value": dict(zip(("p05", "p50", "p95"), map(_rounded, case.value), strict=True)),
        "months": _months(case.plan), "inputs": case.inputs,
    }  # fmt: skip
    write_whole(path, json.dumps(content | {"sha256": _digest(content)}, indent=1, ensure_ascii=False) + "\n")


def refuse_again(path: Path, *, replace: bool) -> None:
    """Raise InputError when an approved case is there and is not to be replaced."""
    if path.exists() and not replace:
        raise InputError("an approved case is already there, and actual figures are judged by it", where=path.name,
                         cure="give --replace to approve anew, or move the file away")  # fmt: skip


def read(path: Path, *, where: str = "") -> ApprovedCase:
    """Read an approved case.

    Raises
    ------
    InputError
        When the file is not there, is of another kind, or was changed after it was written.
    """
    place = f"{where}, {path.name}" if where else path.name
    try:
        content = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise InputError(f"the approved case cannot be read ({error.strerror})", where=place, cure=_AGAIN) from None
    except (ValueError, RecursionError):
        raise InputError("the approved case is no JSON", where=place, cure=_AGAIN) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT or content.get("version") != VERSION:
        raise InputError("this is no approved case", where=place, valid="a file that flightready approve wrote",
                         cure=_AGAIN)  # fmt: skip
    if content.get("sha256") != _digest({k: v for k, v in content.items() if k != "sha256"}):
        raise InputError("the approved case was changed after it was written", where=place, cure=_AGAIN)
    try:
        return _case(content)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("the approved case lacks a part", where=place, cure=_AGAIN) from None


def _case(content: dict[str, Any]) -> ApprovedCase:
    months = content["months"]
    arrays = [np.array([[m[part][q] for m in months] for q in (*_NAMES, "mean")], dtype=float) for part in _PARTS]
    value = content["present_value"]
    return ApprovedCase(
        str(content["pilot"]), str(content["currency"]), dt.date.fromisoformat(content["approved_on"]),
        str(content["approved_by"]), dt.date.fromisoformat(content["evidence_of"]),
        (float(value["p05"]), float(value["p50"]), float(value["p95"])), dict(content["inputs"]), MonthlyPlan(*arrays),
    )  # fmt: skip


def _months(plan: MonthlyPlan) -> list[dict[str, Any]]:
    """One entry a month, as somebody would read it."""
    made = []
    for month in range(plan.months + 1):
        parts = {
            part: dict(zip((*_NAMES, "mean"), map(_rounded, getattr(plan, part)[:, month]), strict=True))
            for part in _PARTS
        }
        made.append({"month": month, **parts})
    return made


def _rounded(value: float) -> float:
    """To cents: nobody approves more, and the same case gives the same file."""
    return round(float(value), 2) + 0.0


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
