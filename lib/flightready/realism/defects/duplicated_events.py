"""Duplicated events: the same event sent twice, each time under an id of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.draws import generator
from flightready.realism.coverage import moments
from flightready.realism.detector import RECORD, Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.permutation import permutation_p, repeats

_TOLD = "as many records share time and content under different ids as chance alone would give; none is called a copy"


@detector(
    "duplicated_event", name="events sent twice", place=24,
    says="repeats an earlier event of the same time under another id",
    repair="give every event its id where it happens, so that a second delivery carries the same id and can be dropped",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark records that repeat time and content of an earlier one of their system under another id."""
    found = {name: repeated(inspection, name) for name, _ in inspection.sides()}
    marks = {name: each[0] for name, each in found.items() if each is not None}
    if not marks:
        return {}
    told = _TOLD if any(each is not None and each[1] for each in found.values()) else ""
    p = _p_value(inspection) if len(marks) == 2 else None
    return {RECORD: Detection(marks.get("raw"), marks.get("curated"), p, told=told)}


def repeated(inspection: Inspection, name: str) -> tuple[Marks, bool] | None:
    """Return the events of one side that were sent again, and whether coincidences were left out; None without ids."""
    return inspection.once(("duplicated_event", name), lambda: _repeated(inspection, name))


def _repeated(inspection: Inspection, name: str) -> tuple[Marks, bool] | None:
    roles = inspection.sample.columns
    if not (inspection.has(name, roles.id or "") and inspection.has(name, roles.time or "")):
        return None
    side = inspection.side(name)
    events = _events(inspection, name)
    applies = np.asarray(events["content"] >= 0)
    hit, is_chance = np.zeros(len(side), dtype=bool), False
    for system in side.systems:
        rows = np.flatnonzero(applies & side.of(system))
        again = _sent_again(events.iloc[rows])
        if again.any():
            by_chance = _by_chance(events.iloc[rows], generator(inspection.seed, "realism", "events", name, system))
            if by_chance > policy.value("most_coincidences") * again.sum():
                again, is_chance = np.zeros(len(rows), dtype=bool), True
        hit[rows] = again
    return Marks(hit, applies), is_chance


def _events(inspection: Inspection, name: str) -> pd.DataFrame:
    """Id, moment and content of each record as numbers; content -1 where a record has no time or is an exact copy."""
    roles, side = inspection.sample.columns, inspection.side(name)
    values = moments(inspection, name)[0]
    rest = [c for c in side.frame.columns if c not in (roles.id, roles.time)]
    content = np.zeros(len(side), dtype=np.int64)
    if rest and len(side):
        content = side.frame.groupby(rest, dropna=False, sort=False).ngroup().to_numpy()
    is_event = ~np.isnat(values) & ~side.is_copy & bool(rest)
    keys = pd.factorize(side.frame[roles.id].str.strip().fillna(""))[0]
    return pd.DataFrame({"key": keys, "moment": values.astype(np.int64), "content": np.where(is_event, content, -1)})


def _sent_again(events: pd.DataFrame) -> np.ndarray:
    """Records that share moment and content with an earlier one, and whose id is new among those."""
    same = events.duplicated(["moment", "content"], keep="first").to_numpy()
    return same & ~events.duplicated(["moment", "content", "key"], keep="first").to_numpy()


def _by_chance(events: pd.DataFrame, rng: np.random.Generator) -> float:
    """Mean number of coincidences when contents are dealt out anew over the moments."""
    rounds = policy.value("rounds_of_coincidences")
    dealt = events.copy()
    total = 0
    for _ in range(rounds):
        dealt["content"] = rng.permutation(events["content"].to_numpy())
        total += int(dealt.duplicated(["moment", "content"]).sum())
    return total / rounds


def _p_value(inspection: Inspection) -> float:
    """More rows hold more repeats, so the sides are compared by dealing the pooled records out anew."""
    roles = inspection.sample.columns
    shared = [c for c in inspection.columns if inspection.has("raw", c) and inspection.has("curated", c)]
    shared = [c for c in shared if c not in (roles.id, roles.time)]
    parts = []
    for name, side in inspection.sides():
        moment = pd.Series(moments(inspection, name)[0].astype(np.int64), name="\0moment")
        parts.append(pd.concat([side.frame[shared], moment], axis=1)[repeated(inspection, name)[0].applies])
    if not all(len(part) for part in parts):
        return 1.0
    pooled = pd.concat(parts, ignore_index=True)
    codes = pooled.groupby([*shared, "\0moment"], dropna=False, sort=False).ngroup().to_numpy()
    counts = [np.bincount(c, minlength=int(codes.max()) + 1) for c in (codes[: len(parts[0])], codes[len(parts[0]) :])]
    rng = generator(inspection.seed, "realism", "duplicated_event")
    return permutation_p(*counts, repeats, rng=rng, singles="ignore")
