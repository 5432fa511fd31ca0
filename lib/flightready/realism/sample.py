"""The records of one pilot side by side: demo set and raw sample under the same column names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from flightready.assessment import Pilot
from flightready.assessment.patterns import means_several, system_name
from flightready.assessment.schema import Columns, Data, Source
from flightready.errors import InputError, listed, nearest
from flightready.realism.coincidence import copies
from flightready.realism.credentials import secrets
from flightready.realism.personal import hits
from flightready.realism.table import RawTable

Place = tuple[str | int, ...]
_ONE = ("id", "time", "label", "prediction", "confidence", "entity", "second_label")
_MANY = ("text", "group", "rating")
# a file of records as they come often has no answers in it
_MAY_LACK = ("label", "prediction", "confidence", "entity", "second_label", "rating")


@dataclass(frozen=True)
class AlignedSource:
    """One file with its columns under the names that all files share."""

    table: RawTable
    system: str
    frame: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Side:
    """All records of one side, demo set or raw.

    Parameters
    ----------
    frame : DataFrame of str
        Every parsed record under the shared column names; NA where absent or null, "" where empty.
    system : array of str, shape (rows,)
        System that each record comes from.
    source : array of int, shape (rows,)
        Place of its file in `sources`.
    line, record : array of int, shape (rows,)
        1-based line of its file, and 0-based place among all records of that file.
    sources : tuple of AlignedSource
    """

    frame: pd.DataFrame = field(repr=False)
    system: np.ndarray = field(repr=False)
    source: np.ndarray = field(repr=False)
    line: np.ndarray = field(repr=False)
    record: np.ndarray = field(repr=False)
    sources: tuple[AlignedSource, ...]

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def systems(self) -> tuple[str, ...]:
        """Names of the systems in the order of the assessment."""
        return tuple(dict.fromkeys(s.system for s in self.sources))

    @property
    def n_records(self) -> int:
        """Number of records, those that do not parse included."""
        return sum(s.table.n_records for s in self.sources)

    def applies(self, column: str) -> np.ndarray:
        """Return which records come from a file that has the column, shape (rows,)."""
        has = np.array([column in s.frame.columns for s in self.sources], dtype=bool)
        return has[self.source]

    def of(self, system: str) -> np.ndarray:
        """Return which records come from a system, shape (rows,)."""
        if system not in self._rows:
            self._rows[system] = self.system == system
        return self._rows[system]

    @cached_property
    def _rows(self) -> dict[str, np.ndarray]:
        return {}

    @cached_property
    def is_copy(self) -> np.ndarray:
        """Which records repeat an earlier one of their system in every value and not by chance, shape (rows,)."""
        again = np.zeros(len(self), dtype=bool)
        for system in self.systems:
            mine = self.of(system)
            again[mine] = copies(self.frame[mine])
        return again

    @classmethod
    def joined(cls, sources: Sequence[AlignedSource]) -> Side | None:
        """Return the sources as one side, or None when there are none."""
        if not sources:
            return None
        frame = pd.concat([s.frame for s in sources], ignore_index=True).astype("str")
        sizes = [len(s.frame) for s in sources]
        place = np.repeat(np.arange(len(sources)), sizes)
        return cls(
            frame, np.array([s.system for s in sources], dtype=object)[place], place,
            np.concatenate([s.table.lines for s in sources]), np.concatenate([s.table.records for s in sources]),
            tuple(sources),
        )  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """Demo set and raw sample; a side that the assessment does not name is None.

    Parameters
    ----------
    curated, raw : Side, optional
    columns : Columns
        Shared column name of each role; a role that no file has is None or empty.
    """

    curated: Side | None
    raw: Side | None
    columns: Columns


def roles(data: Data) -> Columns:
    """Return the shared name of each role: the one of `data.columns`, else the first that a file gives."""
    givers = [data.columns, *([data.curated.columns] if data.curated else []), *(s.columns for s in data.production)]
    found = {role: next((v for g in givers if (v := getattr(g, role))), None) for role in (*_ONE, *_MANY)}
    return Columns(**{role: value for role, value in found.items() if value})


def align(pilot: Pilot, named: Sequence[tuple[Place, Source, RawTable]]) -> list[AlignedSource]:
    """Return every source with its columns under the shared names.

    Raises
    ------
    InputError
        When a named column is not there.
    """
    shared = roles(pilot.spec.data)
    renamed = [_renamed(pilot, *item) for item in named]
    everywhere = {c for frame in renamed for c in frame.columns}
    everywhere |= {getattr(shared, role) for _, source, _ in named for role in _ONE if getattr(source.columns, role)}
    return [
        _aligned(pilot, place, source, table, frame, shared, everywhere)
        for (place, source, table), frame in zip(named, renamed, strict=True)
    ]


def _renamed(pilot: Pilot, place: Place, source: Source, table: RawTable) -> pd.DataFrame:
    frame = without_personal_names(table.frame)
    for own in source.rename:
        if own not in frame.columns:
            raise _not_there(pilot, own, frame.columns, table, (*place, "rename", own), source=source)
    return _rename(pilot, frame, source.rename, table.name, (*place, "rename"))


def without_personal_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame without column names that hold personal data or a secret.

    Names of columns are shown; a file without a header, or keys that are data, would show someone's address.

    Examples
    --------
    >>> list(without_personal_names(pd.DataFrame({"id": ["1"], "m.keller@example.com": ["x"]})).columns)
    ['id', 'column 2 (name not shown)']
    """
    hidden = {
        name: f"column {place} (name not shown)"
        for place, name in enumerate(frame.columns, start=1) if hits(name) or secrets(name)
    }  # fmt: skip
    return frame.rename(columns=hidden)


def has_values_as_names(table: RawTable) -> bool:
    """Whether a file seems to have no header: none was found, or what stands for names are values of their columns."""
    if table.has_header is None:
        return False
    return not table.has_header or any((table.frame[c] == c).sum() > 1 for c in table.frame.columns)


def _rename(pilot: Pilot, frame: pd.DataFrame, mapping: dict[str, str], name: str, place: Place) -> pd.DataFrame:
    after = [mapping.get(c, c) for c in frame.columns]
    twice = sorted({c for c in after if after.count(c) > 1})
    if twice:
        raise InputError(f"two columns of '{name}' would both be called {listed(repr(c) for c in twice)}",
                         where=pilot.where(*place), cure="rename the other one as well")  # fmt: skip
    return frame.rename(columns=mapping)


def _aligned(
    pilot: Pilot,
    place: Place,
    source: Source,
    table: RawTable,
    frame: pd.DataFrame,
    shared: Columns,
    everywhere: set[str],
) -> AlignedSource:
    mapping: dict[str, str] = {}
    notes: list[str] = []
    for role in (*_ONE, *_MANY):
        says_so = role in source.columns.model_fields_set
        for own, canonical, own_place in _pairs(pilot, place, source, shared, role, table.name):
            if own in frame.columns:
                if own != canonical:
                    mapping[own] = canonical
            elif not says_so and role in _MAY_LACK and canonical in everywhere and not nearest(own, frame.columns):
                notes.append(f"no column '{canonical}' ({role})")
            else:
                raise _not_there(pilot, own, frame.columns, table, own_place, role=role, source=source)
    taken = [c for c in mapping.values() if c in frame.columns and c not in mapping]
    mapping |= {c: f"{c} (not used)" for c in taken}
    frame = _rename(pilot, frame, mapping, table.name, (*place, "columns"))
    return AlignedSource(table, source.system or system_name(source.file), frame, tuple(notes))


def _pairs(
    pilot: Pilot, place: Place, source: Source, shared: Columns, role: str, name: str
) -> list[tuple[str, str, Place]]:
    """(own name, shared name, place in the YAML) of the columns that play one role in one file."""
    own, canonical = getattr(source.columns, role), getattr(shared, role)
    says_so = role in source.columns.model_fields_set
    own_place: Place = (*place, "columns", role) if says_so else ("data", "columns", role)
    if role in _ONE:
        own, canonical = ([own] if own else []), ([canonical] if canonical else [])
    if not says_so:
        return [(c, c, own_place) for c in canonical]
    if own and len(own) != len(canonical):
        raise InputError(f"{len(own)} columns play the role '{role}' in '{name}', {len(canonical)} in the others",
                         where=pilot.where(*own_place), cure="name as many, in the same order")  # fmt: skip
    return [(o, c, own_place) for o, c in zip(own, canonical, strict=False)]


def _not_there(
    pilot: Pilot,
    column: str,
    there: Sequence[str],
    table: RawTable,
    place: Place,
    *,
    source: Source,
    role: str = "",
) -> InputError:
    problem, hint = f"the column '{column}' is not in '{table.name}'", nearest(column, there)
    none = "[]" if role in _MANY else "null"
    way_out = f"name it under this file's own 'columns', or write '{role}: {none}' there if it has none" if role else ""
    if has_values_as_names(table):
        problem += f": '{table.name}' seems to have no header"
        hint, way_out = "", "add a first line with the names of the columns to it"
    elif role and means_several(pilot.folder, source.file):
        way_out = (
            f"'{source.file}' means several files, which share their columns: list the files one by one under "
            f"data.production, and give '{table.name}' its own 'columns: {{{role}: ...}}'"
        )
    return InputError(problem, where=pilot.where(*place), valid=listed(there),
                      cure=f"{hint} {way_out[:1].upper()}{way_out[1:]}".strip() if hint else way_out)  # fmt: skip
