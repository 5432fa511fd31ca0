"""Evaluation of one pilot: each part computed from the same scored records and put into one result."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.calling.answers import Answers
from flightready.evaluation import planning
from flightready.evaluation.accuracy import Judged, accuracy_replicates, judge
from flightready.evaluation.attribution import tried
from flightready.evaluation.attribution.observed import attribute
from flightready.evaluation.budget.budget import budget
from flightready.evaluation.budget.error_cost import ErrorDraws, error_cost, error_draws
from flightready.evaluation.budget.result import ErrorBudget
from flightready.evaluation.caution import absences, not_by_chance
from flightready.evaluation.classes import confusions
from flightready.evaluation.contract.business_rules import rule_checks, rules_finding
from flightready.evaluation.contract.output_contract import contract_finding, output_contract
from flightready.evaluation.groups.groups import groups
from flightready.evaluation.groups.rules import groups_finding
from flightready.evaluation.labels import labels
from flightready.evaluation.labels.estimate import raw_estimate
from flightready.evaluation.labels.truth_set import audit
from flightready.evaluation.labels.value import worth_of_labels
from flightready.evaluation.metrics.table import task_metrics
from flightready.evaluation.release.checks import with_release
from flightready.evaluation.result import EvaluationResult
from flightready.evaluation.scored_sample import ScoredSample, scored_sample
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.slices import slices
from flightready.evaluation.triage.trust import trust
from flightready.evidence import Interval
from flightready.realism.inspection import Inspection


def analyse(
    pilot: Pilot,
    inspection: Inspection,
    *,
    requests_per_month: np.ndarray | None = None,
    answers: Answers | None = None,
) -> EvaluationResult:
    """Return what the pilot is worth on raw data, beside the demo set.

    Parameters
    ----------
    pilot : Pilot
        Floor, allowed drop, cost of errors and typed counts are under `evaluation`.
    inspection : Inspection
        From `inspected`. A side without labels or predictions falls back to the count that was typed in; without that
        its accuracy is not known, and the result says how many rows would bound it.
    requests_per_month : array, optional
        Draws of the planned load in its first month, shape (replicates, draws).
    answers : Answers, optional
        What the pilot answered in runs with `--run-pilot`; it is not called here.
    """
    spec, labelled = pilot.spec.evaluation, labels.with_labels(pilot, inspection)
    labelling = labels.drawn(pilot, inspection)
    records = scored_sample(pilot, inspection, requests_per_month=requests_per_month)
    judged = judge(records, labelled, labelling)
    raw, curated = judged.raw.accuracy, judged.curated.accuracy
    scored, scored_demo = judged.raw.scored, judged.curated.scored
    drawn, estimate = _error_draws(records, raw), raw_estimate(records)
    contract, checks, found_groups = output_contract(records), rule_checks(records), groups(records)
    priced = error_cost(spec.error_cost, drawn, currency=pilot.spec.currency) if drawn else None
    caution = judged.caution or not_by_chance(pilot)
    trusted = trust(records, priced, why_not="" if scored else judged.why_not, held_back=caution)
    told = (
        contract_finding(contract), rules_finding(checks), trusted.finding,
        groups_finding(found_groups, sources=_files(labelled), held_back=judged.caution) if found_groups else None,
    )  # fmt: skip
    names_classes = spec.task == "classification"
    errors, errors_interval = _errors_in_10000(raw)
    result = EvaluationResult(
        task=spec.task,
        grade=judged.raw.grade,
        raw=raw,
        curated=curated,
        by_system=scored.by_system() if scored else {},
        raw_counted=scored.counted if scored else None,
        curated_counted=scored_demo.counted if scored_demo else None,
        drop=judged.drop,
        drop_interval=judged.drop_interval,
        detectable_drop=planning.detectable(curated, raw.effective_n) if raw and not judged.paired else None,
        floor=judged.floor,
        allowed_drop=judged.allowed_drop,
        rows_for_floor=judged.rows_for_floor,
        rows_for_drop=judged.rows_for_drop,
        errors_per_10000=errors,
        errors_interval=errors_interval,
        error_cost=priced,
        confusions=confusions(scored) if names_classes else (),
        plan=planning.plan(raw.share if raw else policy.value("accuracy_to_plan_with"), curated),
        raw_accuracy_replicates=accuracy_replicates(raw),
        curated_accuracy_replicates=accuracy_replicates(curated),
        findings=(*judged.findings, *(f for f in told if f is not None)),
        absences=absences(pilot, labelled, raw, curated),
        budget=_budget(records, drawn, judged),
        contract=contract,
        rule_checks=checks,
        metrics=task_metrics(pilot, scored, scored_demo, judged.paired, priced),
        attribution=attribute(records) if scored is not None else None,
        tried=tried.analyse(records, answers),
        slices=slices(records),
        groups=found_groups,
        calibration=trusted.calibration,
        triage=trusted.triage,
        review_share_replicates=trusted.review_share_replicates,
        automated_accuracy_replicates=trusted.automated_accuracy_replicates,
        candidates=trusted.candidates,
        labelling=labelling,
        truth_set=audit(records),
        estimate=estimate,
        label_value=worth_of_labels(records, raw, estimate, judged.floor),
    )
    return with_release(result, records)


def _budget(records: ScoredSample, drawn: ErrorDraws | None, judged: Judged) -> ErrorBudget | None:
    return budget(
        records, drawn, judged.raw.accuracy, judged.curated.accuracy, floor=judged.floor,
        allowed_drop=judged.allowed_drop, grade=judged.raw.grade,
    )  # fmt: skip


def _error_draws(records: ScoredSample, raw: Accuracy | None) -> ErrorDraws | None:
    if raw is None or not raw.n:
        return None
    spec = records.pilot.spec
    return error_draws(
        spec.evaluation.error_cost, records.raw if spec.evaluation.task == "classification" else None, raw.right, raw.n,
        seed=spec.seed, requests_per_month=records.requests_per_month, design_effect=raw.design_effect,
    )  # fmt: skip


def _errors_in_10000(raw: Accuracy | None) -> tuple[float | None, Interval | None]:
    if raw is None:
        return None, None
    cases = policy.value("cases_of_error_budget")
    return cases * (1 - raw.share), Interval(cases * (1 - raw.interval.high), cases * (1 - raw.interval.low))


def _files(inspection: Inspection) -> tuple[str, ...]:
    raw = inspection.sample.raw
    return tuple(s.table.name for s in raw.sources) if raw is not None else ()
