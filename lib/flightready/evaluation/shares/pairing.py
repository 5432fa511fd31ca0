"""Whether both sides hold the same records, such as a demo set and its raw form, and how each fared on both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment import Pilot
from flightready.evaluation.metrics.result import Pairs
from flightready.evaluation.shares.clustered import is_grouped, percentiles, resampled
from flightready.evaluation.shares.paired import mcnemar, paired_newcombe
from flightready.evaluation.tasks import Answers, answers
from flightready.evaluation.tasks.answers import cells, normalised
from flightready.evidence import Interval
from flightready.realism.inspection import SIDES, Inspection


def same_records(pilot: Pilot, inspection: Inspection) -> bool:
    """Return whether most records of the smaller side are on the other one too: the same id, the same right answer.

    Ids that count 1, 2, 3 meet by accident, so right answers must agree beyond chance. Ratings are about an answer and
    not about a record, so records of rated answers are never matched.
    """
    return inspection.once(("same records",), lambda: _same_records(pilot, inspection))


def _same_records(pilot: Pilot, inspection: Inspection) -> bool:
    if pilot.spec.evaluation.task == "scored":
        return False
    truths = [_truths(pilot, inspection, name) for name in SIDES]
    if any(t is None or t.empty for t in truths):
        return False
    shared = truths[0].index.intersection(truths[1].index)
    if len(shared) < policy.value("least_matched_share") * min(map(len, truths)):
        return False
    return _agreement(*(t[shared].to_numpy() for t in truths)) >= policy.value("least_agreement_of_pairs")


def _truths(pilot: Pilot, inspection: Inspection, name: str) -> pd.Series | None:
    """Right answers by id, of the records whose id is on that side once."""
    if not inspection.has(name, inspection.sample.columns.id):
        return None
    found: Answers | None = answers(pilot, inspection, name)
    if found is None:
        return None
    side, kept = inspection.side(name), found.has_truth & ~inspection.side(name).is_copy
    ids = cells(side, inspection.sample.columns.id)
    kept &= (ids != "").to_numpy(dtype=bool)
    truths = pd.Series(normalised(found.truth)[kept].to_numpy(), index=ids[kept].to_numpy())
    return truths[~truths.index.duplicated(keep=False)]


def _agreement(first: np.ndarray, second: np.ndarray) -> float:
    """Agreement beyond chance, at most 1; 0 where there is one answer only, which agrees whatever the records are.

    Source
    ------
    Cohen 1960 (kappa).
    """
    observed = float((first == second).mean())
    shares = [pd.Series(s).value_counts(normalize=True) for s in (first, second)]
    by_chance = float(shares[0].mul(shares[1], fill_value=0.0).sum())
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else 0.0


def pairs(pilot: Pilot, inspection: Inspection, raw, curated) -> Pairs | None:
    """Return how the records that are on both sides fared in either form, or None where the sides are others.

    Parameters
    ----------
    pilot : Pilot
    inspection : Inspection
    raw, curated : Scored
    """
    if not same_records(pilot, inspection):
        return None
    column = inspection.sample.columns.id
    frames = []
    for scored in (curated, raw):
        frame = pd.DataFrame({"right": scored.right, "cluster": scored.cluster}, index=scored.texts(column).str.strip())
        frames.append(frame[~frame.index.duplicated(keep=False)])
    shared = frames[0].index.intersection(frames[1].index)
    if shared.empty:
        return None
    first, second = (frame.loc[shared, "right"].to_numpy(dtype=bool) for frame in frames)
    cluster = frames[1].loc[shared, "cluster"].to_numpy()
    counts = [int(c.sum()) for c in (first & second, first & ~second, ~first & second, ~first & ~second)]
    interval = with_groups(first, second, cluster, paired_newcombe(*counts), raw.generator("pairs"))
    unmatched = len(raw) + len(curated) - 2 * len(shared)
    return Pairs(*counts, interval, mcnemar(counts[1], counts[2]), unmatched)


def with_groups(
    first: np.ndarray, second: np.ndarray, cluster: np.ndarray, interval: Interval, rng: np.random.Generator
) -> Interval:
    """Return the interval of a paired difference, widened where records belong together.

    Parameters
    ----------
    first, second : array of bool, shape (n,)
        Which records either got right.
    cluster : array of int, shape (n,)
    interval : Interval
        As if each record were its own.
    rng : Generator
    """
    if not is_grouped(cluster):
        return interval
    difference = first.astype(float) - second
    totals = resampled(np.column_stack([difference, np.ones(len(first))]), cluster, rng=rng)
    drawn = percentiles(totals[:, 0] / totals[:, 1], cluster, value=float(difference.mean()))
    return Interval(max(-1.0, min(drawn.low, interval.low)), min(1.0, max(drawn.high, interval.high)))
