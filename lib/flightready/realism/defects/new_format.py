"""New formats: values written in a way that the demo set never shows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy, wording
from flightready.draws import generator
from flightready.intervals import clopper_pearson
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.formats import fits_number_style, formats_of, leading_number_style
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.outcome import Observation, Rate
from flightready.realism.permutation import novelty, permutation_p, surely_new

_WRITTEN_BY_RULE = (Kind.TIME, Kind.NUMBER, Kind.CODE, Kind.KEY, Kind.TEXT)


@detector(
    "new_format", name="formats the demo set never shows", place=7, kind="comparison",
    repair="read every system's dates, numbers and codes into one format before the pilot sees them",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark raw cells whose format does not occur in the demo set and is no habit of their whole system.

    A format that a system writes throughout is a property of that system and no defect of its cells: it is observed.
    Categories have words rather than formats; those that are new are another detector's.
    """
    found = {}
    for column in inspection.columns:
        both = inspection.has("raw", column) and inspection.has("curated", column)
        if both and inspection.kinds[column] in _WRITTEN_BY_RULE:
            found[column] = _detection(inspection, column)
    return found


def _detection(inspection: Inspection, column: str) -> Detection:
    filled = {name: inspection.filled(name, column) for name in ("raw", "curated")}
    classes = {name: formats_of(inspection, name, column) for name in filled}
    if inspection.kinds[column] is Kind.NUMBER:
        leading = leading_number_style(classes["curated"])
        classes = {name: found.mask(fits_number_style(found, leading), leading) for name, found in classes.items()}
    known = classes["curated"].unique()
    is_new = ~classes["raw"].isin(known).to_numpy(dtype=bool) & bool(len(known))
    usual, observations = _usual_of_systems(inspection, column, classes, is_new)
    hit = np.zeros(len(filled["raw"]), dtype=bool)
    p, new = _dealt_out(inspection, column, classes["raw"][~usual], classes["curated"]) if len(known) else (1.0, False)
    hit[np.flatnonzero(filled["raw"])[~usual]] = new
    none = np.zeros(len(filled["curated"]), dtype=bool)
    # where both sides together have one format nothing could be new, however the records fall
    is_possible = len(known) and len(set(known) | set(classes["raw"].unique())) > 1
    return Detection(
        Marks(hit, filled["raw"]), Marks(none, filled["curated"]), p if hit.any() else 1.0,
        observations=observations, least_p=0.0 if is_possible else 1.0,
    )  # fmt: skip


def _usual_of_systems(
    inspection: Inspection, column: str, classes: dict[str, pd.Series], is_new: np.ndarray
) -> tuple[np.ndarray, tuple[Observation, ...]]:
    """Raw values in a new format that is a habit of their whole system, and what is to be said of each such system."""
    raw, n_known = inspection.side("raw"), len(classes["curated"])
    system = raw.system[inspection.filled("raw", column)]
    usual, observations = np.zeros(len(is_new), dtype=bool), []
    for name in raw.systems:
        mine = system == name
        if mine.sum() < policy.value("least_values_for_format"):
            continue
        counts = classes["raw"][mine & is_new].value_counts()
        habits = counts[[_is_habit(int(k), int(mine.sum()), n_known) for k in counts]]
        if len(habits):
            usual |= mine & classes["raw"].isin(habits.index).to_numpy(dtype=bool)
            observations.append(_observation(column, name, habits, int(mine.sum())))
    return usual, tuple(observations)


def _is_habit(count: int, n: int, n_known: int) -> bool:
    """Whether a format that the demo set lacks is usual in a system, and its absence from the demo set no chance."""
    from scipy import stats  # slow to load

    if count < policy.value("least_share_of_a_habit") * n:
        return False
    return float(stats.hypergeom.pmf(0, n + n_known, count, n_known)) <= policy.value("chance_of_a_habit")


def _observation(column: str, system: str, habits: pd.Series, n: int) -> Observation:
    ways = "one format" if len(habits) == 1 else wording.count(len(habits), "format")
    hits = int(habits.sum())
    told = f"system '{system}' writes '{column}' in {ways} that the demo set never shows"
    return Observation("raw", system, told, Rate(hits, n, clopper_pearson(hits, n)))


def _dealt_out(inspection: Inspection, column: str, raw: pd.Series, curated: pd.Series) -> tuple[float, np.ndarray]:
    """Chance of so many new raw values, and which of them no long tail of formats explains."""
    codes, unique = pd.factorize(pd.concat([raw, curated]))
    counts = [np.bincount(part, minlength=len(unique)) for part in (codes[: len(raw)], codes[len(raw) :])]
    rng = generator(inspection.seed, "realism", "new_format", column)
    return permutation_p(*counts, novelty, rng=rng, singles="count"), surely_new(*counts)[codes[: len(raw)]]
