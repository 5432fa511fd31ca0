"""Evaluation of one pilot: accuracy on the demo set and on raw data, the drop, and what errors cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from scipy import special

from flightready import policy
from flightready.assessment import Pilot
from flightready.calling.answers import Answers
from flightready.evaluation import planning, rules
from flightready.evaluation.attribution import tried
from flightready.evaluation.attribution.observed import attribute
from flightready.evaluation.budget.budget import budget
from flightready.evaluation.budget.error_cost import ErrorDraws, error_cost, error_draws
from flightready.evaluation.classes import confusions, recalls
from flightready.evaluation.contract.business_rules import rule_checks, rules_finding
from flightready.evaluation.contract.output_contract import contract_finding, output_contract
from flightready.evaluation.groups.groups import groups
from flightready.evaluation.groups.rules import groups_finding
from flightready.evaluation.labels import labels
from flightready.evaluation.labels.estimate import raw_estimate
from flightready.evaluation.labels.result import Drawn
from flightready.evaluation.labels.truth_set import audit
from flightready.evaluation.labels.value import worth_of_labels
from flightready.evaluation.metrics.table import task_metrics
from flightready.evaluation.release.checks import with_release
from flightready.evaluation.result import Accuracy, EvaluationResult
from flightready.evaluation.scored_sample import ScoredSample, scored_sample
from flightready.evaluation.scoring import Scored, accuracy
from flightready.evaluation.shares.clustered import difference
from flightready.evaluation.shares.pairing import Pairs, pairs
from flightready.evaluation.slices import slices
from flightready.evaluation.tasks import lacking
from flightready.evaluation.triage.trust import trust
from flightready.evidence import Absence, Grade, Interval, State
from flightready.realism.inspection import Inspection
from flightready.realism.rules import DRAWN_BY_CHANCE
from flightready.realism.sample import Sample, Side

__all__ = ["EvaluationResult", "accuracy_replicates", "analyse"]


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
    judged_records = scored_sample(pilot, inspection, requests_per_month=requests_per_month)
    sides = {name: _side(judged_records, name) for name in ("raw", "curated")}
    raw, curated = sides["raw"].accuracy, sides["curated"].accuracy
    scored, scored_demo = sides["raw"].scored, sides["curated"].scored
    paired = pairs(pilot, labelled, scored, scored_demo) if scored and scored_demo else None
    drop, drop_interval = _drop(raw, curated, paired)
    judged = _judge(pilot, labelled, sides, drop, drop_interval, paired, labelling)
    names_classes = spec.task == "classification"
    drawn = _error_draws(judged_records, raw)
    contract, checks = output_contract(judged_records), rule_checks(judged_records)
    judged["findings"] += tuple(f for f in (contract_finding(contract), rules_finding(checks)) if f is not None)
    priced = error_cost(spec.error_cost, drawn, currency=pilot.spec.currency) if drawn else None
    trusted = trust(
        judged_records, priced, why_not="" if scored else _why_not(pilot, labelled),
        held_back=_held_back(labelled.sample, sides["raw"], labelling) or _not_by_chance(pilot),
    )  # fmt: skip
    judged["findings"] += (trusted.pop("finding"),)
    found_groups = groups(judged_records)
    if found_groups is not None:
        held_back = _held_back(labelled.sample, sides["raw"], labelling)
        told = groups_finding(found_groups, sources=_files(labelled.sample.raw), held_back=held_back)
        judged["findings"] += (told,)
    estimate = raw_estimate(judged_records)
    result = EvaluationResult(
        task=spec.task,
        grade=sides["raw"].grade,
        raw=raw,
        curated=curated,
        by_system=scored.by_system() if scored else {},
        raw_counted=scored.counted if scored else None,
        curated_counted=scored_demo.counted if scored_demo else None,
        drop=drop,
        drop_interval=drop_interval,
        detectable_drop=planning.detectable(curated, raw.effective_n) if raw and not paired else None,
        error_cost=priced,
        classes=recalls(scored, scored_demo) if names_classes else (),
        confusions=confusions(scored) if names_classes else (),
        plan=planning.plan(raw.share if raw else policy.value("accuracy_to_plan_with"), curated),
        raw_accuracy_replicates=accuracy_replicates(raw),
        curated_accuracy_replicates=accuracy_replicates(curated),
        absences=_absences(pilot, labelled, raw, curated),
        budget=budget(
            judged_records,
            drawn,
            raw,
            curated,
            floor=judged["floor"],
            allowed_drop=judged["allowed_drop"],
            grade=sides["raw"].grade,
        ),
        contract=contract,
        rule_checks=checks,
        attribution=attribute(judged_records) if scored is not None else None,
        tried=tried.analyse(judged_records, answers),
        metrics=task_metrics(pilot, scored, scored_demo, paired),
        labelling=labelling,
        truth_set=audit(judged_records),
        estimate=estimate,
        label_value=worth_of_labels(judged_records, raw, estimate, judged["floor"]),
        slices=slices(judged_records),
        groups=found_groups,
        **_errors(raw),
        **judged,
        **trusted,
    )
    return with_release(result, judged_records)


def accuracy_replicates(found: Accuracy | None, m: int | None = None) -> np.ndarray | None:
    """Return equally likely values of accuracy, shape (m,) and rising, or None when it is not known.

    They are the quantiles at evenly spaced shares of probability, so that they add no chance of their own.

    Parameters
    ----------
    found : Accuracy, optional
    m : int, optional
        By default `accuracy_replicates` of the policy.

    Source
    ------
    Jeffreys 1946; Brown, Cai and DasGupta 2001 (Beta with half a right and half a wrong answer added); Rao and Scott
    1992 (counts over the design effect where records belong together).
    """
    if found is None or not found.n:
        return None
    size = policy.value("accuracy_replicates") if m is None else m
    shares = (np.arange(size) + 0.5) / size
    right, wrong = (count / found.design_effect for count in (found.right, found.n - found.right))
    return special.betaincinv(right + 0.5, wrong + 0.5, shares)


@dataclass(frozen=True)
class _Side:
    """What is known of one side: scored records, or a count that was typed in."""

    scored: Scored | None
    accuracy: Accuracy | None
    grade: Grade


def _side(records: ScoredSample, name: str) -> _Side:
    spec = records.pilot.spec.evaluation
    scored = records.side(name)
    if scored is not None:
        return _Side(scored, scored.accuracy, Grade.MEASURED)
    typed = spec.labelled if name == "raw" else spec.labelled_curated
    if typed is not None:
        return _Side(None, accuracy(typed.right, typed.of), Grade.ESTIMATED)
    return _Side(None, None, Grade.ASSUMED)


def _judge(
    pilot: Pilot, inspection: Inspection, sides: dict[str, _Side], drop: float | None, interval: Interval | None,
    paired: Pairs | None, labelling: Drawn | None,
) -> dict[str, Any]:  # fmt: skip
    """Both rules against their thresholds, and the findings that say so."""
    sample = inspection.sample
    spec, raw, curated = pilot.spec.evaluation, sides["raw"].accuracy, sides["curated"].accuracy
    floor, allowed = rules.demanded(spec.floor.accuracy), rules.demanded(spec.allowed_drop)
    floor_state = rules.floor_state(raw, floor) if raw and floor else State.UNKNOWN
    drop_state = rules.drop_state(interval, allowed) if interval and allowed else State.UNKNOWN
    rows_floor = planning.rows_for_floor(raw, floor, floor_state) if raw and floor else None
    rows_drop = (
        planning.rows_for_drop(raw, curated, allowed, drop_state) if interval and allowed and not paired else None
    )
    why_not = _why_not(pilot, inspection)
    held_back = _held_back(sample, sides["raw"], labelling)
    grades = {side.grade for side in sides.values()}
    accuracy_found = rules.accuracy_finding(
        raw,
        floor,
        floor_state,
        sides["raw"].grade,
        rows_floor,
        sources=_files(sample.raw),
        why_not=why_not,
        held_back=held_back,
    )
    drop_found = rules.drop_finding(
        drop, interval, allowed, drop_state,
        next(g for g in (Grade.ASSUMED, Grade.ESTIMATED, Grade.MEASURED) if g in grades), rows_drop,
        paired.n if paired else raw.n if raw else 0, sources=_files(sample.curated) + _files(sample.raw),
        lacking="accuracy on the demo set is not known" if raw else why_not,
        held_back=held_back or _not_by_chance(pilot),
    )  # fmt: skip
    return {
        "floor": floor,
        "allowed_drop": allowed,
        "rows_for_floor": rows_floor,
        "rows_for_drop": rows_drop,
        "findings": (accuracy_found, drop_found),
    }


def _held_back(sample: Sample, raw: _Side, labelling: Drawn | None = None) -> str:
    """Why a good figure may still mislead: too few records, a chosen part of them labelled, or the demo's own."""
    if raw.scored is None or sample.raw is None:
        return ""
    n, counted, needed = len(raw.scored.right), raw.scored.counted, policy.value("least_raw_records")
    if n < needed:
        return f"{n:,} scored records are fewer than the {needed} that are needed"
    unlabelled = counted.unlabelled / max(1, counted.unlabelled + n)
    most = policy.value("most_unlabelled_share")
    if labelling is not None and labelling.is_random:  # chance chose which records were to be labelled
        without = labelling.n - labelling.labelled
        if without > most * labelling.n:
            return f"{without:,} of {labelling.n:,} records drawn for labelling carry no label"
    elif unlabelled > most:
        return f"{counted.unlabelled:,} raw records carry no right answer, and nothing says how the others were chosen"
    shared = _shared_with_demo(sample)
    if shared > policy.value("most_overlap_share") * len(sample.raw):
        return f"{shared:,} raw records are records of the demo set"
    return ""


def _not_by_chance(pilot: Pilot) -> str:
    """Why a drop measured on these records may not be that of production (for accuracy, realism says so itself)."""
    sampling = pilot.spec.data.sampling
    if sampling is None:
        return "how the raw records were drawn is not said"
    return "" if sampling.method in DRAWN_BY_CHANCE else "the raw records were not drawn by chance alone"


def _shared_with_demo(sample: Sample) -> int:
    """Raw records whose text, or else whose id, stands in the demo set too."""
    for columns in (sample.columns.text, [sample.columns.id]):
        known = [c for c in columns if c and c in sample.raw.frame.columns]
        if sample.curated is not None and known and set(known) <= set(sample.curated.frame.columns):
            demo, raw = (
                reduce(lambda a, b: a.str.cat(b, sep="\x1f"), (side.frame[c].fillna("") for c in known))
                for side in (sample.curated, sample.raw)
            )
            return int((raw.isin(set(demo)) & (raw.str.strip("\x1f ") != "")).sum())
    return 0


def _errors(raw: Accuracy | None) -> dict[str, Any]:
    if raw is None:
        return {"errors_per_10000": None, "errors_interval": None}
    cases = policy.value("cases_of_error_budget")
    interval = Interval(cases * (1 - raw.interval.high), cases * (1 - raw.interval.low))
    return {"errors_per_10000": cases * (1 - raw.share), "errors_interval": interval}


def _error_draws(records: ScoredSample, raw: Accuracy | None) -> ErrorDraws | None:
    if raw is None or not raw.n:
        return None
    spec = records.pilot.spec
    return error_draws(
        spec.evaluation.error_cost, records.raw if spec.evaluation.task == "classification" else None, raw.right, raw.n,
        seed=spec.seed, requests_per_month=records.requests_per_month, design_effect=raw.design_effect,
    )  # fmt: skip


def _drop(raw: Accuracy | None, curated: Accuracy | None, paired: Pairs | None) -> tuple[float | None, Interval | None]:
    if paired is not None:
        return paired.drop, paired.interval
    if raw is None or curated is None:
        return None, None
    if not (raw.n and curated.n):
        return curated.share - raw.share, Interval(-1.0, 1.0)
    return curated.share - raw.share, difference(curated.share, curated.interval, raw.share, raw.interval)


def _why_not(pilot: Pilot, inspection: Inspection) -> str:
    if inspection.sample.raw is None:
        return "there are no raw records"
    missing = lacking(pilot, inspection, "raw")
    if "labels" in missing:
        return f"the raw records carry no {'ratings' if pilot.spec.evaluation.task == 'scored' else 'right answers'}"
    if "predictions" in missing:
        return "the raw records carry no answers of the pilot"
    return "no raw record carries both a right answer and the pilot's"


def _files(side: Side | None) -> tuple[str, ...]:
    return tuple(s.table.name for s in side.sources) if side is not None else ()


def _absences(
    pilot: Pilot, inspection: Inspection, raw: Accuracy | None, curated: Accuracy | None
) -> tuple[Absence, ...]:
    keys = []
    if inspection.sample.curated is None and curated is None:
        keys.append("curated")
    if raw is None:
        if inspection.sample.raw is None:
            keys.append("production")
        else:
            keys += lacking(pilot, inspection, "raw") or ("labels",)
    known, spec = policy.absences(), pilot.spec.evaluation
    if "floor" in known and (spec.floor.accuracy is None or spec.allowed_drop is None):
        keys.append("floor")
    return tuple(known[key] for key in keys)
