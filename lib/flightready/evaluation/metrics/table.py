"""What a task is measured by, on both sides: accuracy first, then the figures of its kind, each with its interval."""

from __future__ import annotations

import numpy as np

from flightready.assessment import Pilot
from flightready.assessment.evaluation import Rating
from flightready.evaluation.budget.error_cost import priced_confusions
from flightready.evaluation.budget.priced import ErrorCost
from flightready.evaluation.classes import confusions, shown_names
from flightready.evaluation.metrics.classes import class_metrics
from flightready.evaluation.metrics.numbers import (
    mean_intervals,
    number_metrics,
    rating_bins,
    rating_metrics,
    size_edges,
    sizes,
)
from flightready.evaluation.metrics.result import Groups, Metric, Pairs, TaskMetrics
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.clustered import clustered_share, is_grouped
from flightready.evaluation.tasks.extraction import ONLY_FIELD
from flightready.evaluation.tasks.regression import tolerance

ACCURACY = {
    "classification": "accuracy",
    "extraction": "records right in all fields",
    "scored": "answers rated good",
    "regression": "within tolerance",
}
"""What the share of right answers is called in each task."""


def task_metrics(
    pilot: Pilot, raw: Scored | None, curated: Scored | None, paired: Pairs | None = None, cost: ErrorCost | None = None
) -> TaskMetrics | None:
    """Return the metrics of both sides, or None where no record is scored.

    Parameters
    ----------
    pilot : Pilot
    raw, curated : Scored, optional
    paired : Pairs, optional
        Where both sides are the same records.
    cost : ErrorCost, optional
        What errors on raw records cost.
    """
    sides = [s for s in (raw, curated) if s is not None]
    if not sides:
        return None
    spec = pilot.spec.evaluation
    names = shown_names(sides) if spec.task == "classification" else []
    found = {"raw": raw, "curated": curated}
    known = {name: scored for name, scored in found.items() if scored is not None}
    parts: dict = {name: _metrics(scored, names) if scored is not None else () for name, scored in found.items()}
    parts |= {f"{name}_groups": _groups(scored) for name, scored in found.items()}
    if spec.task == "regression":
        edges = size_edges(sides)
        parts |= {f"{name}_sizes": sizes(scored, edges) for name, scored in known.items()}
    if spec.task == "scored":
        scale = spec.rating or Rating()
        parts |= {f"{name}_ratings": rating_bins(scored, scale) for name, scored in known.items()}
    if raw is not None and spec.task == "classification":
        parts["priced"] = priced_confusions(confusions(raw), spec.error_cost, cost)
    return TaskMetrics(
        task=spec.task, right_when=_right_when(pilot), pairs=paired, currency=pilot.spec.currency, **parts
    )


def _right_when(pilot: Pilot) -> str:
    spec = pilot.spec.evaluation
    if spec.task == "regression":
        told = "" if spec.tolerance else " (evaluation.tolerance says nothing, so a convention stands in)"
        off = tolerance(pilot)
        of = f"{off.text} of the true number" if off.is_relative else f"{off.text} of it"
        return f"an answer is right when it is within {of}{told}"
    if spec.task == "scored":
        return f"an answer is right when its ratings are {(spec.rating or Rating()).good:g} or more on average"
    if spec.task == "extraction":
        return "a record is right when all its fields are" if spec.fields else (
            "an answer is right when it is the right one but for blanks, case and punctuation"
        )  # fmt: skip
    return "an answer is right when it is the class that the right answer names"


def _metrics(scored: Scored, names: list[str]) -> tuple[Metric, ...]:
    found = scored.accuracy
    how = "right answers of all scored; Wilson interval"
    if is_grouped(scored.cluster):
        how = "right answers of all scored; interval by drawing whole groups of records that belong together"
    first = Metric(ACCURACY[scored.task], "share", found.share, found.interval, found.n, how)
    rest = {
        "classification": lambda: class_metrics(scored, names),
        "extraction": lambda: _field_metrics(scored),
        "scored": lambda: rating_metrics(scored),
        "regression": lambda: number_metrics(scored),
    }[scored.task]()
    return (first, *rest)


def _field_metrics(scored: Scored) -> tuple[Metric, ...]:
    """Accuracy of each field over the records that hold it, and the mean share of fields right."""
    if list(scored.measured) == [ONLY_FIELD]:
        return ()
    interval = mean_intervals(scored.score[:, None], scored.cluster, rng=scored.generator("fields"))[0]
    found = [Metric("fields right, mean of records", "share", float(scored.score.mean()), interval, len(scored),
                    "share of fields right in a record; interval by drawing records anew")]  # fmt: skip
    for name, right in scored.measured.items():
        asked = ~np.isnan(right)
        if asked.any():
            is_right = right[asked] > 0
            ends, _ = clustered_share(is_right, scored.cluster[asked], rng=scored.generator("field", name))
            told = "right answers of the records in which the field stands or was found"
            found.append(Metric("field", "share", float(is_right.mean()), ends, int(asked.sum()), told, name))
    return tuple(found)


def _groups(scored: Scored | None) -> Groups | None:
    if scored is None or not is_grouped(scored.cluster):
        return None
    _, counts = np.unique(scored.cluster, return_counts=True)
    return Groups(len(scored), len(counts), int(counts.max()), scored.accuracy.design_effect)
