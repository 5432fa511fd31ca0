"""The value of a pilot with all that belongs to it: results, projection, first days, and the plan against what came."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flightready.assessment import Pilot
from flightready.draws import JointSample
from flightready.roi import actuals, early, pilot_results, projection
from flightready.roi.actuals_findings import findings as actual_findings
from flightready.roi.approved import plan_of
from flightready.roi.detection import finding as detection_finding
from flightready.roi.inputs import gather
from flightready.roi.model import LEVERS, ValueModel
from flightready.roi.phases import schedule
from flightready.roi.pilot_effects import measured_columns
from flightready.roi.projection import RoiResult
from flightready.roi.results_findings import findings as results_findings
from flightready.traffic.demand import Demand

_GOES_ON = LEVERS - {"gates"}
"""First days, and a plan that figures are held against, are those of a pilot that passed its gates."""


def analyse(
    pilot: Pilot, joint: JointSample, demand: Demand | None, *, evaluation: Any, cost: Any, latency: Any,
    options: Any = None,
) -> RoiResult:  # fmt: skip
    """Return the projection with the pilot's results, the first days, the plan to approve and the actual figures.

    What the results measured of a stream of benefit takes the place of what was stated.

    Raises
    ------
    InputError
        When a table of results or actual figures cannot be read.
    """
    results, actual = pilot_results.analyse(pilot), actuals.analyse(pilot)
    measured = measured_columns(pilot, joint, results)
    found = {"evaluation": evaluation, "cost": cost, "latency": latency}
    result = projection.analyse(pilot, joint, demand, **found, options=options, measured=measured)
    columns, flows = {}, None
    if demand is not None:
        model = ValueModel(gather(pilot, joint, demand, **found, measured=measured), demand)
        launch = schedule(model.columns, model.inputs.phases, delayed=True)[1]
        columns = {**model.columns, "delay": launch}
        flows = None if result.npv is None else model.flows(_GOES_ON)
    first = early.analyse(pilot, joint, demand, results=results, flows=flows, columns=columns)
    told = (
        *results_findings(pilot, results),
        detection_finding(first.detection, demand, results),
        *actual_findings(actual),
    )
    return replace(result, results=results, early=first, plan=None if flows is None else plan_of(flows), actual=actual,
                   findings=(*result.findings, *told))  # fmt: skip
