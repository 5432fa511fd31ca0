"""How often each group gets the watched answer, rightly or not (fairlearn's metric frame), with intervals."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.evaluation.groups.labels import Labels
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.worth import clustered_rate
from flightready.realism.outcome import Rate


def group_rates(scored: Scored, found: Labels, answer: str) -> dict[str, dict[str, Rate]]:
    """Return rates of each group that has enough records, by its name and the name of the rate.

    The rates are `selected` (given the answer), `deserved` (the answer is right), `false_positive` (given, of those for
    whom another is right) and `false_negative` (not given, of those for whom it is right); one that has no record to
    count is left out.

    Source
    ------
    Weerts, Dudik, Edgar, Jalali, Lutz and Madaio 2023 (fairlearn: JMLR 24:257).
    """
    from fairlearn.metrics import (  # slow to load
        MetricFrame,
        false_negative_rate,
        false_positive_rate,
        mean_prediction,
        selection_rate,
    )

    true = (scored.truth == answer).to_numpy(dtype=bool)
    given = (scored.predicted == answer).to_numpy(dtype=bool)
    told = _told(found)
    inside = np.isin(found.codes, told)
    if not inside.any():
        return {}
    metrics = {
        "selected": selection_rate,
        "deserved": lambda y_true, y_pred: mean_prediction(y_pred, y_true),
        "false_positive": lambda y_true, y_pred: false_positive_rate(y_true, y_pred, pos_label=1),
        "false_negative": lambda y_true, y_pred: false_negative_rate(y_true, y_pred, pos_label=1),
    }
    frame = MetricFrame(
        metrics=metrics,
        y_true=true[inside].astype(int),
        y_pred=given[inside].astype(int),
        sensitive_features=found.codes[inside],
    )
    everyone = np.ones(len(scored), dtype=bool)
    counted = {
        "selected": (given, everyone), "deserved": (true, everyone),
        "false_positive": (given, ~true), "false_negative": (~given, true),
    }  # fmt: skip
    rates: dict[str, dict[str, Rate]] = {}
    for place in told:
        mine = found.codes == place
        rates[found.names[place]] = {
            name: _rate(hit[mine & of], scored.cluster[mine & of], float(frame.by_group.loc[place, name]))
            for name, (hit, of) in counted.items()
            if (mine & of).any()
        }
    return rates


def _told(found: Labels) -> list[int]:
    sizes = np.bincount(found.codes[found.codes >= 0], minlength=len(found.names))
    return [int(i) for i in np.flatnonzero(sizes >= policy.value("least_group_records"))]


def _rate(hit: np.ndarray, cluster: np.ndarray, share: float) -> Rate:
    """A share as the metric frame gives it, with the interval of independent entities."""
    return Rate(round(share * len(hit)), len(hit), clustered_rate(hit, cluster).interval)
