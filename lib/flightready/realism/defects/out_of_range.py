"""Out of range: numbers of raw data beyond everything that the demo set shows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy, wording
from flightready.intervals import clopper_pearson
from flightready.realism.advancing import is_advancing
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.numerals import read_numbers
from flightready.realism.outcome import Observation, Rate
from flightready.realism.permutation import all_raw_chance
from flightready.realism.sample import Side


@detector(
    "out_of_range", name="numbers beyond the demo set's range", place=18, kind="comparison",
    repair="set the lowest and highest value that the pilot accepts, and send all others to a person",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark raw numbers below the lowest or above the highest of the demo set, where more are than a fair deal gives.

    A new extreme is normal, in heavy tails too; what is tested is how many raw values lie beyond both ends.
    Running numbers and codes of one length are no quantities and are left out.
    """
    found = {}
    for column in inspection.columns:
        both = inspection.has("raw", column) and inspection.has("curated", column)
        is_quantity = inspection.kinds[column] is Kind.NUMBER and column != inspection.sample.columns.time
        if both and is_quantity and not is_advancing(inspection, column):
            detection = _detection(inspection, column)
            if detection is not None:
                found[column] = detection
    return found


def beyond_p(beyond: int, n_raw: int, n_curated: int) -> float:
    """Return the chance that at least so many raw values lie beyond the other side's range in a fair deal.

    The other side's values then all lie within the remaining ranks, whatever the distribution; ties make it smaller.

    Source
    ------
    Wilks 1942 (distribution-free tolerance limits), by counting ranks.

    Examples
    --------
    >>> beyond_p(1, 1, 1), round(beyond_p(1, 1, 9), 3)
    (1.0, 0.2)
    """
    if beyond == 0:
        return 1.0
    inside, further = (all_raw_chance(k, n_raw, n_curated) for k in (beyond, beyond + 1))
    return float(min(1.0, inside + beyond * (inside - further)))


def _detection(inspection: Inspection, column: str) -> Detection | None:
    texts = {name: inspection.texts(name, column) for name in ("raw", "curated")}
    filled = {name: inspection.filled(name, column) for name in texts}
    values = {name: _by_system(inspection.side(name), texts[name], filled[name]) for name in texts}
    known = {name: ~np.isnan(found) for name, found in values.items()}
    n_raw, n_curated = int(known["raw"].sum()), int(known["curated"].sum())
    pooled = pd.concat([texts[name][known[name]] for name in texts])
    if min(n_raw, n_curated) < policy.value("least_values_for_format") or is_running(pooled, values["raw"]):
        return None
    demo = values["curated"][known["curated"]]
    with np.errstate(invalid="ignore"):
        ends = (values["raw"] < demo.min(), values["raw"] > demo.max())
    p = beyond_p(sum(int(end.sum()) for end in ends), n_raw, n_curated)
    # a few values beyond one end are what a fair deal gives
    most = policy.value("chance_of_being_new")
    marked = [end for end in ends if all_raw_chance(int(end.sum()), n_raw, n_curated) <= most]
    hit = np.logical_or.reduce([np.zeros(len(filled["raw"]), dtype=bool), *marked])
    none = np.zeros(len(known["curated"]), dtype=bool)
    return Detection(
        Marks(hit, known["raw"]), Marks(none, known["curated"]), p if hit.any() else 1.0, least_p=0.0,
        observations=_impossible(column, values["raw"][known["raw"]], demo), told=_told(values["raw"][hit], demo),
    )  # fmt: skip


def _by_system(side: Side, texts: pd.Series, filled: np.ndarray) -> np.ndarray:
    """Numbers of a side, each read as its system writes them."""
    values = np.full(len(side), np.nan)
    for system in side.systems:
        rows = filled & side.of(system)
        values[rows] = read_numbers(texts[rows])
    return values


def is_running(texts: pd.Series, in_order: np.ndarray) -> bool:
    """Return whether a number column holds ids, serial numbers or times in seconds rather than quantities."""
    whole = texts.str.fullmatch(r"\s*\d+\s*").mean() >= policy.value("dominant_code_share")
    if not whole or texts.nunique() < policy.value("least_distinct_share_of_key") * len(texts):
        return False
    width = texts.str.strip().str.len()
    if (width == width.mode().iloc[0]).mean() >= policy.value("dominant_code_share"):
        return True
    values = in_order[~np.isnan(in_order)]
    rises = float(np.mean(np.diff(values) > 0)) if len(values) > 1 else 0.0
    return max(rises, 1 - rises) >= policy.value("dominant_code_share")


def _told(beyond: np.ndarray, demo: np.ndarray) -> str:
    above, below = int((beyond > demo.max()).sum()), int((beyond < demo.min()).sum())
    parts = [f"{n} {word}" for n, word in ((above, "above the highest"), (below, "below the lowest")) if n]
    return " and ".join(parts) + " of the demo set" if parts else ""


def _impossible(column: str, raw: np.ndarray, demo: np.ndarray) -> tuple[Observation, ...]:
    """Values that a column cannot hold by what nearly all others show: below zero, or a share above one."""
    from scipy import stats  # slow to load

    shares = demo.min() >= 0 and demo.max() <= 1 and bool((demo != np.round(demo)).any())
    found = [(int((raw < 0).sum()), "below zero", "is")] if demo.min() >= 0 else []
    found += [(int((raw > 1).sum()), "above 1, as no share can be,", "is")] if shares else []
    few = policy.value("most_of_a_placeholder") * len(raw)
    seen = []
    for hits, words, verb in found:
        n = len(raw)
        chance = float(stats.hypergeom.pmf(0, n + len(demo), hits, len(demo))) if hits else 1.0
        if 0 < hits <= few and chance <= policy.value("chance_of_a_habit"):
            are = verb if hits == 1 else "are"
            told = f"{hits} of {wording.count(n, 'value')} in '{column}' {are} {words} while the demo set has none"
            seen.append(Observation("raw", "", told, Rate(hits, n, clopper_pearson(hits, n))))
    return tuple(seen)
