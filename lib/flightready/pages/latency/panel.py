"""The live panel: another load, budget, time-out, number of retries, number served at once, or limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from flightready import policy
from flightready.figures import latency_load as figures
from flightready.latency.budget import percentiles
from flightready.latency.result import LatencyResult
from flightready.latency.scenario import Scenario
from flightready.latency.tried import changed, tried
from flightready.narrative import latency_load as narrative
from flightready.pages.display import Prose, answer
from flightready.study import Study
from flightready.traffic.queues import sojourn_exceeds, sojourn_quantile_s

_MOST_AT_ONCE, _MOST_RETRIES, _LONGEST_S = 10_000, 20, 1e5
_AS_STATED, _NO_LIMIT = "as stated", "none"


@dataclass(frozen=True)
class _Grounds:
    """What every update reads: the requests, their percentiles, what each tier allows, and the busiest minute."""

    study: Study
    scenario: Scenario
    tiers: dict[str, dict[str, float]]
    peak_minute: float | None
    start: dict[str, Any]

    def shown(self, values: dict[str, Any], *, is_coarse: bool) -> tuple[Any, ...]:
        """The answer and the charts at the values of the fields."""
        load, budget, result = values["peak_per_second"], values["budget_p95_s"], self.study.latency
        at_once = round(values["concurrency"])
        servers = None if values["concurrency"] == self.start["concurrency"] else at_once
        tier = values.get("limits", _AS_STATED)
        under = changed(
            self.scenario, budget_s=budget, timeout_s=values["timeout_s"] or np.inf, retries=round(values["retries"]),
            servers=servers, per_minute=None if tier == _AS_STATED else self.tiers[tier],
        )  # fmt: skip
        found = tried(under, load, seed=self.study.pilot.spec.seed, percentiles=percentiles(), service=result.service,
                      peak_minute=self.peak_minute, is_coarse=is_coarse)  # fmt: skip
        told = narrative.tried(found, per_second=load, budget_s=budget, concurrency=at_once or None)
        if found.curve is None:
            return (answer(*told),)
        peak = (load, load, load)
        return (
            answer(*told), figures.figure_load(found.curve, result, peak=peak, budgets_s={"p95": budget}),
            figures.figure_outcomes(found.curve, result, peak=peak),
        )  # fmt: skip


def what_if(study: Study) -> Any:
    """Return controls for load, budget and policy, and how the requests then fare."""
    from flightready.widgets.panel import panel

    result, controls = study.latency, _load_controls(study)
    if result.scenario is None:
        return panel(controls, lambda values: (_tried_on_mean(values),))
    tiers = _tiers(study)
    controls += _policy_controls(result.scenario, tiers)
    start = {control.name: control.value for control in controls}
    burst = None if study.demand is None else float(np.median(study.demand.peak_minute))
    grounds = _Grounds(study, result.scenario, tiers, burst, start)
    return panel(controls, lambda values: grounds.shown(values, is_coarse=True),
                 refine=lambda values: grounds.shown(values, is_coarse=False))  # fmt: skip


def _load_controls(study: Study) -> list[Any]:
    from flightready.widgets.panel import Number

    result = study.latency
    c, p95 = result.capacity, next((p.value_s for p in (*result.planned, *result.pilot) if p.name == "p95"), None)
    peak = c.peak_per_second.median if c else (result.pilot_per_second or 1.0)
    budget = result.budgets_s.get("p95") or p95 or float(policy.value("latency_holds_attention"))
    controls = [
        Number("peak_per_second", "Requests in the peak hour", _short(peak), 0.0, 1e6, 0.5, "per second"),
        Number("concurrency", "Served at once", _at_once(result), 0 if result.scenario else 1, _MOST_AT_ONCE, 1,
               "requests, 0 for as many as come" if result.scenario else "requests"),
        Number("budget_p95_s", "Budget of 95 of 100 requests", _short(budget), 0.001, _LONGEST_S, 0.5, "s"),
    ]  # fmt: skip
    if result.scenario is None:
        mean = float(policy.value("latency_keeps_flow"))
        controls.append(Number("service_s", "Mean time of a request", mean, 0.001, _LONGEST_S, 0.5, "s"))
    return controls


def _at_once(result: LatencyResult) -> float:
    """As many at once as the assessment says; otherwise as it takes, or as many as the planned peak would keep busy."""
    if result.scenario is not None:
        return float(next((s.servers for s in result.scenario.stages if s.servers is not None), 0))
    c = result.capacity
    return float(c.concurrency if c and c.concurrency else math.ceil(c.peak_per_second.median + 1) if c else 2)


def _policy_controls(scenario: Scenario, tiers: dict[str, dict[str, float]]) -> list[Any]:
    from flightready.widgets.panel import Choice, Number

    client = scenario.client
    timeout = _short(float(client.timeout_s)) if np.isfinite(client.timeout_s) else 0.0
    controls: list[Any] = [
        Number("timeout_s", "Time-out", timeout, 0.0, _LONGEST_S, 1.0, "s, 0 for none"),
        Number("retries", "Retries", float(client.retries), 0, _MOST_RETRIES, 1, "further attempts"),
    ]
    if scenario.limits is not None:
        controls.append(Choice("limits", "Rate limits", (_AS_STATED, *tiers), _AS_STATED))
    return controls


def _tiers(study: Study) -> dict[str, dict[str, float]]:
    """What each tier that could be bought allows a minute, and no limit at all."""
    found = {}
    for tier in study.pilot.spec.latency.search.tiers:
        given = {"requests": tier.requests_per_minute, "tokens": tier.tokens_per_minute}
        found[tier.name] = {counts: q.median for counts, q in given.items() if q is not None}
    return found | {_NO_LIMIT: {}}


def _tried_on_mean(values: dict[str, Any]) -> Prose:
    """Without any time: times of requests that scatter as much as their mean, an assumption."""
    peak, at_once, budget = values["peak_per_second"], round(values["concurrency"]), values["budget_p95_s"]
    setting = {"servers": at_once, "arrivals_per_s": peak, "service_s": values["service_s"]}
    p95 = sojourn_quantile_s(percentiles()["p95"], **setting)
    in_time = 1 - float(sojourn_exceeds(budget, **setting))
    return answer(narrative.tried_on_mean(p95, in_time, per_second=peak, concurrency=at_once, budget_s=budget))


def _short(value: float) -> float:
    return float(f"{value:.3g}")
