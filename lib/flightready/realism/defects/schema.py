"""Schema: columns that are absent, extra, renamed or of another type, between demo set and raw and between systems."""

from __future__ import annotations

import pandas as pd

from flightready import policy, wording
from flightready.errors import listed
from flightready.realism.detector import Detection, detector
from flightready.realism.inspection import Inspection
from flightready.realism.outcome import Observation
from flightready.realism.profiles import alike, content, value_type

_DEMO = "the demo set"


@detector(
    "schema", name="columns absent, extra, renamed or retyped", place=8,
    repair="agree on one list of columns with names and types, and refuse files that differ where records come in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Say which columns one side or system lacks, has under another name, or fills with another type of value.

    Answers and their confidence often exist on one side only; that is no defect.
    """
    roles = inspection.sample.columns
    optional = {roles.label, roles.prediction, roles.confidence}
    columns = [c for c in inspection.columns if c not in optional]
    told: dict[str, list[Observation]] = {c: [] for c in columns}
    systems = _systems(inspection)
    renamed = _renamed(inspection, columns, systems)
    for column in columns:
        told[column] += _absent(inspection, column, systems, renamed)
        told[column] += _retyped(inspection, column, systems)
    return {c: Detection(observations=tuple(seen)) for c, seen in told.items() if seen}


def _systems(inspection: Inspection) -> dict[str, frozenset[str]]:
    """Raw systems with the columns that any of their files has."""
    raw = inspection.sample.raw
    if raw is None:
        return {}
    return {s: frozenset(c for f in raw.sources if f.system == s for c in f.frame.columns) for s in raw.systems}


def _absent(
    inspection: Inspection, column: str, systems: dict[str, frozenset[str]], renamed: dict[tuple[str, str], str]
) -> list[Observation]:
    lacking = [s for s, there in systems.items() if column not in there]
    in_demo = inspection.has("curated", column)
    has_demo = inspection.sample.curated is not None and len(inspection.sample.curated)
    seen = [
        Observation("raw", s, f"system '{s}' seems to call the column '{column}' '{renamed[s, column]}'")
        for s in lacking if (s, column) in renamed
    ]  # fmt: skip
    lacking = [s for s in lacking if (s, column) not in renamed]
    if in_demo and lacking and len(lacking) == len(systems):
        return [*seen, Observation("raw", "", f"no raw file has the column '{column}' of the demo set")]
    if column in renamed.values():  # another column under a name of its own
        return seen
    if len(lacking) < len(systems):
        which = f"{wording.count(len(lacking), 'system')} of {len(systems)} ({listed(repr(s) for s in lacking)})"
        verb = "lacks" if len(lacking) == 1 else "lack"
        seen += [Observation("raw", "", f"{which} {verb} the column '{column}'")] if lacking else []
    if has_demo and not in_demo and systems:
        seen.append(Observation("raw", "", f"the demo set lacks the column '{column}' of the raw data"))
    return seen


def _values(inspection: Inspection, name: str, column: str, system: str | None = None) -> pd.Series:
    rows = inspection.filled(name, column)
    if system is not None:
        rows = rows & inspection.side(name).of(system)
    return inspection.texts(name, column)[rows]


def _reference(
    inspection: Inspection, column: str, systems: dict[str, frozenset[str]], but: str
) -> tuple[str, pd.Series] | None:
    """Where a column is as it should be, and its values there: in the demo set, else in the first other system."""
    if inspection.has("curated", column):
        return _DEMO, _values(inspection, "curated", column)
    for system, there in systems.items():
        if system != but and column in there:
            return f"system '{system}'", _values(inspection, "raw", column, system)
    return None


def _renamed(
    inspection: Inspection, columns: list[str], systems: dict[str, frozenset[str]]
) -> dict[tuple[str, str], str]:
    """(system, column) to the name by which the system seems to call it: a like name and like content."""
    from rapidfuzz.fuzz import ratio

    found: dict[tuple[str, str], str] = {}
    for system, there in systems.items():
        own = [c for c in columns if c in there and not inspection.has("curated", c) and _only_in(c, system, systems)]
        for column in columns:
            reference = _reference(inspection, column, systems, system) if column not in there else None
            if reference is None or not own:
                continue
            scored = [(ratio(_folded(column), _folded(c)) / 100, c) for c in own if (system, c) not in found]
            likeness, name = max(scored, default=(0.0, ""))
            if likeness >= policy.value("least_likeness_of_names") and _is_like(
                reference[1], _values(inspection, "raw", name, system)
            ):
                found[system, column] = name
    return found


def _only_in(column: str, system: str, systems: dict[str, frozenset[str]]) -> bool:
    return all(column not in there for s, there in systems.items() if s != system)


def _folded(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _is_like(one: pd.Series, other: pd.Series) -> bool:
    enough = min(len(one), len(other)) >= policy.value("least_values_for_format")
    return enough and alike(content(one), content(other)) >= policy.value("least_likeness_of_content")


def _retyped(inspection: Inspection, column: str, systems: dict[str, frozenset[str]]) -> list[Observation]:
    seen = []
    for system, there in systems.items():
        reference = _reference(inspection, column, systems, system) if column in there else None
        if reference is None:
            continue
        where, usual = reference
        values = _values(inspection, "raw", column, system)
        if min(len(values), len(usual)) < policy.value("least_values_for_format"):
            continue
        before = inspection.once(("value type", where, column), lambda usual=usual: value_type(usual))
        now = inspection.once(("value type", f"system '{system}'", column), lambda values=values: value_type(values))
        if before and now and before != now:
            told = f"system '{system}' fills '{column}' with {now} instead of {before} as in {where}"
            seen.append(Observation("raw", system, told))
    return seen
