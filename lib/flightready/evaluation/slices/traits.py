"""Traits of records, one at a time: what they hold, where and when they come from, and which defects they carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from flightready import policy
from flightready.evaluation.classes import shown_names
from flightready.evaluation.groups.labels import NOT_GIVEN, OTHERS, is_private, labels, may_name_a_group, numbers
from flightready.evaluation.number_bins import bins
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.realism.comparison import detected
from flightready.realism.coverage import clock
from flightready.realism.defects.language import languages
from flightready.realism.detector import RECORD
from flightready.realism.distinct import distinct
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.languages import NONE, UNKNOWN

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_QUARTERS_OF_DAY = ("0:00 to 5:59", "6:00 to 11:59", "12:00 to 17:59", "18:00 to 23:59")
_MONDAY = 4  # 1970-01-01 was a Thursday, so Monday is day 4


@dataclass(frozen=True)
class Trait:
    """Something that some of the records share.

    Parameters
    ----------
    words : str
        In plain words, without any value that may be personal.
    subject : str
        What it is about; two traits of one subject make no slice.
    rows : array of bool, shape (n,)
    """

    words: str
    subject: str
    rows: np.ndarray = field(repr=False)


def traits(records: ScoredSample) -> list[Trait]:
    """Return all traits of the scored raw records that enough of them share, each set of records once."""
    scored, inspection = records.raw, records.inspection
    is_class = records.pilot.spec.evaluation.task == "classification"
    found: list[Trait] = [*(_classes(scored) if is_class else ()), *_systems(scored)]
    held = _answers(records)
    roles = inspection.sample.columns
    group, apart = set(roles.group) - held, (roles.id, roles.entity, roles.time)
    for column in inspection.columns:
        if column in held or not inspection.has("raw", column):
            continue
        kind = inspection.kinds[column]
        if column in group:
            found += _groups(scored, column, inspection)
        elif kind in (Kind.CATEGORY, Kind.CODE) and column not in apart:
            found += _values(scored, column, inspection)
        elif kind is Kind.NUMBER and column not in apart and not is_private(inspection, column):
            found += _binned(numbers(scored, column), column, f"{column} {{}}")
        elif kind is Kind.FREE_TEXT:
            found += _lengths(scored, column)
            found += _languages(scored, column, inspection)
    found += [*_times(scored, inspection), *_defects(scored, inspection, held)]
    return _kept(found, len(scored))


def _answers(records: ScoredSample) -> set[str]:
    """Columns that hold answers, right ones or the pilot's: they say nothing on the record itself."""
    roles, spec = records.inspection.sample.columns, records.pilot.spec.evaluation
    held = {roles.label, roles.prediction, roles.confidence, roles.second_label, *roles.rating}
    held |= {c for f in spec.fields.values() for c in (f.label, f.prediction)}
    held |= {c for candidate in spec.candidates for c in (candidate.prediction, candidate.confidence)}
    return {c for c in held if c}


def _kept(found: Iterable[Trait], n: int) -> list[Trait]:
    """Traits of enough records, but not of nearly all; of several on the same records the first."""
    least, seen, kept = policy.value("least_slice_records"), set(), []
    for trait in found:
        size = int(trait.rows.sum())
        key = np.packbits(trait.rows).tobytes()
        if least <= size <= n - least and key not in seen:
            seen.add(key)
            kept.append(trait)
    return kept


def _coded(codes: np.ndarray, names: Iterable[str], subject: str, words: str = "{}") -> Iterator[Trait]:
    for place, name in enumerate(names):
        yield Trait(words.format(name), subject, codes == place)


def _classes(scored: Scored) -> Iterator[Trait]:
    for name in shown_names([scored]):
        yield Trait(f"right answer '{name}'", "right answer", (scored.truth == name).to_numpy(dtype=bool))


def _systems(scored: Scored) -> Iterator[Trait]:
    for system in dict.fromkeys(scored.system):
        yield Trait(f"system '{system}'", "system", scored.system == system)
    place = scored.side.source[scored.rows]
    for number, source in enumerate(scored.side.sources):
        yield Trait(f"file '{source.table.name}'", "system", place == number)


def _groups(scored: Scored, column: str, inspection: Inspection) -> Iterator[Trait]:
    found = labels(scored, column, inspection)
    for place, name in enumerate(found.names):
        if name not in (NOT_GIVEN, OTHERS):  # a missing value is a defect, and named as such
            yield Trait(f"{column} '{name}'", column, found.codes == place)


def _values(scored: Scored, column: str, inspection: Inspection) -> Iterator[Trait]:
    filled = inspection.filled("raw", column)[scored.rows]
    codes, different = distinct(scored.texts(column))
    sizes = np.bincount(codes[filled], minlength=len(different))
    hidden = is_private(inspection, column)
    leading = np.argsort(-sizes, kind="stable")[: policy.value("most_values_of_column")]
    for number, place in enumerate(leading, start=1):
        name = different[place].strip()
        said = (
            f"'{name}'"
            if not hidden and may_name_a_group(name, int(sizes[place]))
            else f"a value, number {number} by frequency"
        )
        yield Trait(f"{column} {said}", column, filled & (codes == place))


def _binned(values: np.ndarray, subject: str, words: str) -> Iterator[Trait]:
    codes, names = bins(values)
    return _coded(codes, names, subject, words)


def _lengths(scored: Scored, column: str) -> Iterator[Trait]:
    lengths = scored.texts(column).str.len().to_numpy(dtype=float, na_value=np.nan)
    return _binned(np.where(lengths > 0, lengths, np.nan), f"length of {column}", f"length of {column} {{}} characters")


def _languages(scored: Scored, column: str, inspection: Inspection) -> Iterator[Trait]:
    codes = languages(inspection, column)["raw"][scored.rows].astype("str")
    for code in sorted({*np.unique(codes)} - {NONE, UNKNOWN}):
        yield Trait(f"{column} in language '{code}'", f"language of {column}", codes == code)


def _times(scored: Scored, inspection: Inspection) -> Iterator[Trait]:
    read = clock(inspection, "raw")
    values = read.values[scored.rows]
    known = ~np.isnat(values)
    if not known.any():
        return
    months = values.astype("datetime64[M]")
    for month in np.unique(months[known]):
        yield Trait(f"month {month}", "month", months == month)
    weekday = (values.astype("datetime64[D]").astype(np.int64) - _MONDAY) % len(_WEEKDAYS)
    yield from _coded(np.where(known, weekday, -1), _WEEKDAYS, "weekday")
    day_s = int(np.timedelta64(1, "D") / np.timedelta64(1, "s"))
    is_clock = known & (read.precision_s[scored.rows] < day_s)
    second = values.astype(np.int64) % day_s
    quarter = second // (day_s // len(_QUARTERS_OF_DAY))
    yield from _coded(np.where(is_clock, quarter, -1), _QUARTERS_OF_DAY, "hour", "received {}")


def _defects(scored: Scored, inspection: Inspection, held: set[str]) -> Iterator[Trait]:
    """Each kind of defect in each column, and each kind in any column."""
    anywhere: dict[str, np.ndarray] = {}
    for detector, column, detection in detected(inspection):
        if detection.raw is None or column in held:
            continue
        rows = detection.raw.hit[scored.rows]
        anywhere[detector.name] = anywhere.get(detector.name, False) | rows
        yield Trait(f"{detector.name}{'' if column == RECORD else f' in {column}'}", f"defect in {column}", rows)
    for name, rows in anywhere.items():
        yield Trait(f"{name} in any column", "defect", rows)
