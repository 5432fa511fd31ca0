"""Labels that people gave on a sheet, joined to the raw records they belong to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from flightready.assessment import Pilot
from flightready.errors import InputError, listed, nearest
from flightready.evaluation.labelling.keys import order, record_keys
from flightready.evaluation.labels.agreement import FIRST_LABEL
from flightready.evaluation.labels.result import Drawn
from flightready.realism.defects.near_duplicates import near_pairs
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.sources import read_table

_UNMOVED = ("near pairs", "groups", "different", "plain", "numbers", "clock")
"""What an inspection keeps that labels do not change."""

_NEEDED = ("key", "label")
_ROLES = {"label": "label", "second_label": "second_label", "prediction": "answer"}
"""Role of a column of records, and the column of the file of labels that can take its place."""


def with_labels(pilot: Pilot, inspection: Inspection) -> Inspection:
    """Return the inspection whose raw records carry the labels of `evaluation.labels`.

    Labels that stand in the records themselves are never replaced; the file is used where that column is absent or
    empty. Detectors are to look at the inspection without labels, which is why it is left as it is.

    Raises
    ------
    InputError
        When the file is not there, or lacks its columns.
    """
    if pilot.spec.evaluation.labels is None or inspection.sample.raw is None:
        return inspection
    return inspection.once(("with labels",), lambda: _joined(pilot, inspection))


def drawn(pilot: Pilot, inspection: Inspection) -> Drawn | None:
    """Return what is known of the draw for labelling; None when the labels are in the records themselves."""
    joined = with_labels(pilot, inspection)
    if joined is inspection or not _takes(pilot, inspection).get("label"):
        return None
    return inspection.once(("drawn for labelling",), lambda: _drawn(pilot, inspection))


def _drawn(pilot: Pilot, inspection: Inspection) -> Drawn:
    file, keys = _file(pilot), record_keys(pilot, inspection)
    named = list(dict.fromkeys(file["key"]))
    seeds = set(file["seed"]) if "seed" in file.columns else set()
    there = set(keys)
    is_random = False
    if len(seeds) == 1 and (seed := next(iter(seeds))).isdigit():
        is_random = set(order(keys, int(seed)).keys[: len(named)]) == set(named)
    return Drawn(
        len(named), int((file["label"] != "").sum()), len(there), sum(k not in there for k in named), is_random
    )


def _file(pilot: Pilot) -> pd.DataFrame:
    name = pilot.spec.evaluation.labels
    where = pilot.where("evaluation", "labels")
    frame = read_table(pilot.file(name, "evaluation", "labels"), where=where, is_part=True).frame
    for column in _NEEDED:
        if column not in frame.columns:
            raise InputError(f"the file of labels '{name}' has no column '{column}'", where=where,
                             valid=listed(frame.columns), cure=nearest(column, frame.columns))  # fmt: skip
    frame = frame.fillna("").apply(lambda c: c.str.strip())
    if twice := frame["key"][frame["key"].duplicated()].tolist():
        raise InputError(f"the key '{twice[0]}' stands twice in '{name}'", where=where, cure="delete one of the lines")
    return frame


def _takes(pilot: Pilot, inspection: Inspection) -> dict[str, str]:
    """Name of the column that each role takes from the file; none where the records hold that role themselves."""
    roles, taken = inspection.sample.columns, {}
    for role in _ROLES:
        column = getattr(roles, role) or role
        held = inspection.has("raw", column) and inspection.filled("raw", column).any()
        if not held:
            taken[role] = column
    if "label" not in taken:
        taken.pop("second_label", None)  # a second label of another first one says nothing of agreement
    return taken


def _joined(pilot: Pilot, inspection: Inspection) -> Inspection:
    file, taken = _file(pilot), _takes(pilot, inspection)
    if pilot.spec.evaluation.task == "scored":
        return _rated(pilot, inspection, file)
    places = _places(pilot, inspection, file)
    values = {}
    for role, column in taken.items():
        source = _ROLES[role]
        if source in file.columns and (file[source] != "").any():
            values[column] = _by_row(file[source], places)
    named = {role: column for role, column in taken.items() if column in values}
    if "second_label" in named and "first_label" in file.columns:
        values[FIRST_LABEL] = _by_row(file["first_label"], places)  # agreement is that of what each wrote alone
    return _with_columns(inspection, values, named)


def _rated(pilot: Pilot, inspection: Inspection, file: pd.DataFrame) -> Inspection:
    """Ratings by people: the label is that of the first rater, the second label that of the second."""
    if any(inspection.has("raw", c) and inspection.filled("raw", c).any() for c in inspection.sample.columns.rating):
        return inspection
    places, values = _places(pilot, inspection, file), {}
    for column, source in (
        ("rating", "first_label" if "first_label" in file.columns else "label"),
        ("second_rating", "second_label"),
    ):
        if source in file.columns and (file[source] != "").any():
            values[column] = _by_row(file[source], places)
    return _with_columns(inspection, values, {"rating": list(values)}) if values else inspection


def _places(pilot: Pilot, inspection: Inspection, file: pd.DataFrame) -> np.ndarray:
    """Line of the file for each raw record, by its key or else by its own id; -1 for none, shape (rows,)."""
    lines = {key: line for line, key in enumerate(file["key"]) if key}
    keys = record_keys(pilot, inspection)
    found = np.array([lines.get(k, -1) for k in keys], dtype=int)
    column = inspection.sample.columns.id
    if (found < 0).all() and inspection.has("raw", column or ""):  # a file of one's own, by id
        ids = inspection.texts("raw", column).fillna("").str.strip()
        found = np.array([lines.get(i, -1) if i else -1 for i in ids], dtype=int)
    if (found < 0).all():
        raise InputError("no label belongs to any of the raw records",
                         where=pilot.where("evaluation", "labels"),
                         cure="the records were replaced since, or the file belongs to another pilot: draw and label "
                              "anew with flightready label")  # fmt: skip
    return found


def _by_row(values: pd.Series, places: np.ndarray) -> np.ndarray:
    return np.array([*values.tolist(), ""], dtype=object)[places]  # the last one is what -1 picks


def _with_columns(inspection: Inspection, values: dict[str, np.ndarray], roles: dict) -> Inspection:
    """Return the inspection with further raw columns, in every place that knows of columns."""
    near_pairs(inspection, "raw")  # which records are alike is found without labels, and taken over
    kept = {k: v for k, v in inspection._kept.items() if k[0] in _UNMOVED and not set(k) & set(values)}
    side = inspection.sample.raw
    frame = side.frame.assign(**{c: pd.Series(v, index=side.frame.index, dtype="str") for c, v in values.items()})
    sources = tuple(replace(s, frame=frame[side.source == i]) for i, s in enumerate(side.sources))
    raw = replace(side, frame=frame, sources=sources)
    raw.__dict__["is_copy"] = side.is_copy  # a label makes no record different
    sample = replace(inspection.sample, raw=raw, columns=inspection.sample.columns.model_copy(update=roles))
    blank = {("raw", c): np.array([not t for t in v], dtype=bool) for c, v in values.items()}
    none = {key: np.zeros(len(side), dtype=bool) for key in blank}
    return replace(
        inspection, sample=sample, columns=tuple(dict.fromkeys([*inspection.columns, *values])),
        kinds={**dict.fromkeys(values, Kind.CATEGORY), **inspection.kinds},
        stand_ins={**dict.fromkeys(values, ()), **inspection.stand_ins},
        _empty={**inspection._empty, **blank}, _disguised={**inspection._disguised, **none}, _kept=kept,
    )  # fmt: skip
