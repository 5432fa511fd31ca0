"""Data realism of one pilot: what raw records are like, beside the demo set."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.schema import Columns
from flightready.evidence import Absence
from flightready.realism import rules, rules_screening
from flightready.realism.burden import burden
from flightready.realism.comparison import defects
from flightready.realism.contrast import contrasts
from flightready.realism.coverage import coverage, moments
from flightready.realism.formats import formats, formats_of
from flightready.realism.inspection import SIDES, Inspection
from flightready.realism.kinds import Kind
from flightready.realism.masks import safe
from flightready.realism.outcome import rate
from flightready.realism.repairs import needed, repairs
from flightready.realism.result import ColumnProfile, Completeness, RealismResult, SourceSummary
from flightready.realism.sample import Sample
from flightready.realism.timeline import timeline

_NEEDED = ("id", "time", "text", "label", "prediction")


def analyse(pilot: Pilot, inspection: Inspection) -> RealismResult:
    """Return what raw data is like: its defects beside the demo set, its gaps in time, and what that decides.

    Parameters
    ----------
    pilot : Pilot
    inspection : Inspection
        From `inspected`, on the day of the assessment.
    """
    sampling, sample, as_of = pilot.spec.data.sampling, inspection.sample, inspection.as_of
    days = {name: moments(inspection, name)[0].astype("datetime64[D]") for name, _ in inspection.sides()}
    raw, curated = sample.raw, sample.curated
    covered = coverage(inspection, "raw", as_of=as_of) if raw is not None else None
    n_distinct = int((~raw.is_copy).sum()) if raw is not None else 0
    columns = {name: set(side.frame.columns) for name, side in inspection.sides()}
    both = raw is not None and curated is not None
    findings = (
        rules.data_exists(inspection),
        rules.covers_a_year(inspection, covered),
        rules.raw_sample(inspection, sampling, n_distinct, as_of=as_of, last=covered.last if covered else None),
        rules_screening.personal_data_scan(inspection, pilot.spec.data.personal_data),
    )
    found = defects(inspection, days)
    completeness = _completeness(inspection) if raw is not None else None
    work = needed(inspection, found, optional=completeness.left_out if completeness else ())
    return RealismResult(
        as_of=as_of,
        n_raw=raw.n_records if raw is not None else 0,
        n_curated=curated.n_records if curated is not None else 0,
        n_raw_distinct=n_distinct,
        systems=raw.systems if raw is not None else (),
        sources=_sources(inspection),
        profiles=tuple(_profile(inspection, c) for c in inspection.columns),
        defects=found,
        completeness=completeness,
        coverage=covered,
        columns_lacking=tuple(c for c in inspection.columns if both and c not in columns["raw"]),
        columns_extra=tuple(c for c in inspection.columns if both and c not in columns["curated"]),
        findings=findings,
        absences=_absences(pilot, sample),
        events=timeline(inspection),
        repairs=repairs(work),
        burden=burden(raw, days["raw"], {repair: one.hit for repair, one in work.items()}) if raw is not None else None,
        contrasts=contrasts(inspection, days["raw"]) if raw is not None else (),
    )


def _sources(inspection: Inspection) -> tuple[SourceSummary, ...]:
    return tuple(
        SourceSummary(
            "raw" if name == "raw" else "demo set", s.table.name, s.system, s.table.format, s.table.encoding,
            s.table.delimiter, s.table.n_records, len(s.table.malformed), s.table.notes + s.notes,
            s.table.quote, s.table.has_header, s.table.decimal,
        )
        for name, side in reversed(list(inspection.sides())) for s in side.sources
    )  # fmt: skip


def _profile(inspection: Inspection, column: str) -> ColumnProfile:
    filled: dict[str, float | None] = dict.fromkeys(SIDES)
    distinct: dict[str, int | None] = dict.fromkeys(SIDES)
    for name, _ in inspection.sides():
        if inspection.has(name, column):
            held, applies = inspection.filled(name, column), inspection.applies(name, column)
            filled[name] = float(held.sum() / max(1, applies.sum()))
            distinct[name] = len(inspection.filled_values(name, column))
    return ColumnProfile(
        column, str(inspection.kinds[column]), _role(column, inspection.sample.columns),
        filled["raw"], filled["curated"], distinct["raw"], distinct["curated"], _formats(inspection, column),
        tuple(safe(v) for v in inspection.stand_ins[column]),
    )  # fmt: skip


def _role(column: str, roles: Columns) -> str:
    for role in Columns.model_fields:
        named = getattr(roles, role)
        if column == named or (isinstance(named, list) and column in named):
            return role
    return ""


def _formats(inspection: Inspection, column: str) -> dict[str, tuple[str, ...]]:
    """The leading masks of each system; a mask of free text would say nothing."""
    kind, found = inspection.kinds[column], {}
    if kind in (Kind.FREE_TEXT, Kind.EMPTY):
        return {}
    name = "raw" if inspection.has("raw", column) else "curated"
    side = inspection.side(name)
    for system in side.systems:
        rows = inspection.filled(name, column) & side.of(system)
        if rows.any():
            if kind is Kind.NUMBER:
                shapes = formats(inspection.texts(name, column)[rows], Kind.TEXT)
            else:
                shapes = formats_of(inspection, name, column)[rows[inspection.filled(name, column)]]
            leading = shapes.value_counts().index[: policy.value("most_masks_shown")]
            found[system] = tuple(safe(str(m)) for m in leading)
    return found


def _completeness(inspection: Inspection) -> Completeness:
    """Share of raw records without at least one value; columns that are often empty are not missed.

    A column that the assessment gives a role is there to be used, however often it is empty.
    """
    raw, most_empty = inspection.sample.raw, policy.value("optional_column_share")
    incomplete = np.zeros(len(raw), dtype=bool)
    left_out = []
    for column in raw.frame.columns:
        judged = "curated" if inspection.has("curated", column) else "raw"
        applies = inspection.applies(judged, column)
        is_often_empty = 1 - inspection.filled(judged, column).sum() / max(1, applies.sum()) > most_empty
        if is_often_empty and _role(column, inspection.sample.columns) not in _NEEDED:
            left_out.append(column)
            continue
        incomplete |= inspection.empty("raw", column) | inspection.disguised("raw", column)
    by_system = {
        s: rate(int(incomplete[mine].sum()), int(mine.sum())) for s in raw.systems if (mine := raw.system == s).any()
    }
    return Completeness(rate(int(incomplete.sum()), len(raw)), by_system, tuple(left_out))


def _absences(pilot: Pilot, sample: Sample) -> tuple[Absence, ...]:
    keys = [key for key, side in (("curated", sample.curated), ("production", sample.raw)) if side is None]
    if sample.raw is not None and pilot.spec.data.sampling is None:
        keys.append("sampling")
    return tuple(policy.absences()[key] for key in keys)
