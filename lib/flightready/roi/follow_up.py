"""What follows a projection: the pilot's results, the first days after the launch, the plan against what came."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flightready.assessment import Pilot
from flightready.draws import JointSample
from flightready.roi import actuals, early, pilot_results
from flightready.roi.actuals_findings import findings as actual_findings
from flightready.roi.approved import plan_of
from flightready.roi.detection import finding as detection_finding
from flightready.roi.inputs import gather
from flightready.roi.model import ValueModel
from flightready.roi.projection import RoiResult
from flightready.roi.results_findings import findings as results_findings
from flightready.traffic.demand import Demand


def followed(
    result: RoiResult, pilot: Pilot, joint: JointSample, demand: Demand | None, *, evaluation: Any, cost: Any,
    latency: Any,
) -> RoiResult:  # fmt: skip
    """Return the projection with the pilot's results, the first days, the plan to approve and the actual figures.

    Raises
    ------
    InputError
        When a table of results or actual figures cannot be read.
    """
    results, actual = pilot_results.analyse(pilot), actuals.analyse(pilot)
    model = None if demand is None else ValueModel(gather(pilot, joint, demand, evaluation, cost, latency), demand)
    flows = None if model is None or result.npv is None else model.flows()
    first = early.analyse(pilot, joint, demand, results=results, flows=flows,
                          columns=None if model is None else model.columns)  # fmt: skip
    told = (
        *results_findings(pilot, results),
        detection_finding(first.detection, demand, results),
        *actual_findings(actual),
    )
    return replace(result, results=results, early=first, plan=None if flows is None else plan_of(flows), actual=actual,
                   findings=(*result.findings, *told))  # fmt: skip
