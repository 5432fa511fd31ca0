"""How sharp the detectors are on the sample: marks against the generator's own record of what it put where.

A mark is a cell (system, record, column); where the defect is one of the whole record, the column is `record`. A mark
of a detector is right when its cell holds any injected defect that this detector is meant for. Some marks state a fact
that was injected under another name: they count neither for nor against a detector, and `SET_ASIDE` says which.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from flightready.assessment import load
from flightready.evidence import Interval
from flightready.intervals import clopper_pearson
from flightready.realism.detector import RECORD, detectors
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample
from flightready.realism.sources import read_sample

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
if str(SAMPLE_DATA) not in sys.path:
    sys.path.insert(0, str(SAMPLE_DATA))

import make  # noqa: E402
from making.config import DEFAULT_SEED  # noqa: E402
from making.tickets import Ticket  # noqa: E402

Cell = tuple[str, int, str]

MEANT: dict[str, str] = {
    "missing": "missing",
    "disguised_null": "disguised",
    "mojibake": "encoding",
    "replacement_character": "encoding",
    "html_entity": "encoding",
    "date_format": "mixed_format",
    "number_format": "mixed_format",
    "spreadsheet_mangling": "mixed_format",
    "does_not_parse": "malformed",
    "exact_duplicate": "duplicate",
    "duplicate_key": "duplicate_key",
    "near_duplicate": "near_duplicate",
    "other_language": "language",
    "truncated": "truncated",
    "unseen_category": "unseen_category",
    "category_variant": "category_variant",
    "personal_data": "personal_data",
    "late": "late",
    "out_of_order": "out_of_order",
    "markup": "markup",
    "formula": "markup",
}
"""Which detector is meant for which class of the truth."""

RECORD_CLASSES = frozenset(
    ("does_not_parse", "exact_duplicate", "duplicate_key", "near_duplicate", "late", "out_of_order")
)

# Marks that are true of the cell although another defect was injected there. They leave numerator and denominator.
SET_ASIDE: dict[str, frozenset[str]] = {
    # "sin datos" in a column of numbers is written unlike the others, and in a column of regions it was never seen:
    # the cell is broken as said, though missing would be the better word, and `disguised` alone is measured on it
    "mixed_format": frozenset(("disguised_null",)),
    "unseen_category": frozenset(("disguised_null",)),
    # a record that comes days late also stands behind younger ones; one that slips behind six others may be days late;
    # a copy arrives up to an hour after its original and may stand behind a younger record
    "out_of_order": frozenset(("late", "exact_duplicate")),
    "late": frozenset(("out_of_order",)),
}
# The generator replaces the subject together with the body and notes the body: the subject is foreign as well.
FOREIGN_SUBJECT = ("language", "other_language", "subject")

# A detector that no class is meant for by itself: its marks are right on these classes. They count in no pooled figure.
ALSO: dict[str, frozenset[str]] = {
    "new_format": frozenset(
        (
            "date_format",
            "number_format",
            "spreadsheet_mangling",
            "unseen_category",
            "category_variant",
            "disguised_null",
        )
    ),
}
# Columns that a system writes in a format of its own, which the demo set never shows. That is no injected defect, and
# no false alarm of the detector of new formats either, whether it marks these cells or speaks of the system.
OWN_FORMAT = "system_format"
OWN_FORMATS = {
    "mail": ("created_at",),
    "legacy": ("created_at", "order_value_eur", "confidence"),
}


@dataclass
class Scores:
    """Counts of one sample, or of several added up.

    Parameters
    ----------
    injected, found : Counter of class
        Cells that hold the defect, and those of them that the detector meant for it marked.
    unlisted, unlisted_found : Counter of class
        The same for defects written in a way that no list holds.
    marked, right : Counter of detector
        Cells marked and not set aside, and those of them that hold a defect the detector is meant for; for a detector
        that no class is meant for, those in a record that holds any defect.
    samples : int
    """

    injected: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    unlisted: Counter[str] = field(default_factory=Counter)
    unlisted_found: Counter[str] = field(default_factory=Counter)
    marked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    samples: int = 0

    def __add__(self, other: Scores) -> Scores:
        """Counts of both."""
        names = ("injected", "found", "unlisted", "unlisted_found", "marked", "right")
        both = {name: Counter(getattr(self, name)) for name in names}
        for name in names:
            both[name].update(getattr(other, name))
        return Scores(**both, samples=self.samples + other.samples)

    @property
    def classes(self) -> tuple[str, ...]:
        """Injected classes that a registered detector is meant for, in the order of the table."""
        ids = {d.id for d in detectors()}
        return tuple(c for c in MEANT if MEANT[c] in ids and c in self.injected)

    def recall(self, name: str | None = None) -> float:
        """Share of injected cells of a class that were found; of all injected classes with a detector when None."""
        names = [name] if name else self.classes
        return _share(sum(self.found[c] for c in names), sum(self.injected[c] for c in names))

    def precision(self, name: str | None = None) -> float:
        """Share of the marks of a class's detector that are right; of all detectors of injected classes when None."""
        ids = [MEANT[name]] if name else self._ids()
        return _share(sum(self.right[i] for i in ids), sum(self.marked[i] for i in ids))

    def intervals(self, name: str | None = None) -> tuple[Interval, Interval]:
        """Exact 90 % intervals of precision and recall, as if cells were independent of one another."""
        names = [name] if name else self.classes
        ids = [MEANT[name]] if name else self._ids()
        return (
            clopper_pearson(sum(self.right[i] for i in ids), sum(self.marked[i] for i in ids)),
            clopper_pearson(sum(self.found[c] for c in names), sum(self.injected[c] for c in names)),
        )

    def table(self) -> str:
        """Every class with its figures, for reading."""
        head = f"{'class':22}{'detector':18}{'injected':>9}{'found':>7}{'marked':>8}  {'precision':24}{'recall':24}unlisted"
        lines = [head]
        for name in MEANT:
            if name in self.injected:
                lines.append(
                    self._line(name) if name in self.classes else f"{name:22}{MEANT[name]:18}  no such detector"
                )
        others = ", ".join(
            f"{i} {self.right[i]} of {n}" for i, n in sorted(self.marked.items()) if n and i not in MEANT.values()
        )
        lines.append(self._line(None))
        return (
            "\n".join([*lines, f"other detectors, marks in damaged records: {others}"]) if others else "\n".join(lines)
        )

    def _ids(self) -> list[str]:
        return sorted({MEANT[c] for c in self.classes})

    def _line(self, name: str | None) -> str:
        names = [name] if name else self.classes
        ids = [MEANT[name]] if name else self._ids()
        counted = [
            sum(self.injected[c] for c in names),
            sum(self.found[c] for c in names),
            sum(self.marked[i] for i in ids),
        ]
        precise, recalled = self.intervals(name)
        shown = [
            f"{value:.3f} ({interval.low:.3f}-{interval.high:.3f})".ljust(24)
            for value, interval in ((self.precision(name), precise), (self.recall(name), recalled))
        ]
        n, hits = sum(self.unlisted[c] for c in names), sum(self.unlisted_found[c] for c in names)
        extra = f"{hits} of {n}" if n else ""
        title = f"{name or 'ALL INJECTED':22}{MEANT[name] if name else '':18}"
        return f"{title}{counted[0]:>9}{counted[1]:>7}{counted[2]:>8}  {shown[0]}{shown[1]}{extra}"


def score(seed: int = DEFAULT_SEED, *, variants: bool = False, rows: int | None = None) -> Scores:
    """Score every detector on one sample.

    Parameters
    ----------
    seed : int
        Of the generator.
    variants : bool
        With defects written in ways that no list holds.
    rows : int, optional
        Score on so many raw records drawn at random; all of them when None.
    """
    curated, raw = make.build_tickets(seed, variants=variants)
    if rows is not None:
        raw = drawn(raw, np.random.default_rng([seed, rows]), rows)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in make.build_records(seed, curated, raw).items():
            (Path(folder) / name).write_bytes(content)
        (Path(folder) / "assessment.yaml").write_text(_assessment(), encoding="utf-8")
        sample = read_sample(load(Path(folder)))
    return compared(truth(raw), marks(sample))


def drawn(raw: dict[str, list[Ticket]], rng: np.random.Generator, rows: int) -> dict[str, list[Ticket]]:
    """Return a random part of the records, each system in its own order, with the truth of that part.

    A copy whose original was not drawn is no copy in the part, and a moved record is in place where no younger one
    before it was drawn.
    """
    places = [(system, row) for system, tickets in raw.items() for row in range(len(tickets))]
    chosen = {places[i] for i in rng.choice(len(places), rows, replace=False)}
    part = {s: [t for row, t in enumerate(tickets) if (s, row) in chosen] for s, tickets in raw.items()}
    return {s: [_as_drawn(tickets, row) for row in range(len(tickets))] for s, tickets in part.items()}


def _as_drawn(tickets: list[Ticket], row: int) -> Ticket:
    ticket, before = tickets[row], tickets[:row]
    ids, newest = {t.ticket_id for t in before}, max((t.when for t in before), default=ticket.when)
    left = [
        d
        for d in ticket.defects
        if not (d.kind.endswith(("_duplicate", "_key")) and d.original not in ids)
        and not (d.kind in ("late", "out_of_order") and newest <= ticket.when)
    ]
    return replace(ticket, defects=left)


def truth(raw: dict[str, list[Ticket]]) -> dict[str, dict[Cell, bool]]:
    """Return the cells of each class, and whether each is written in a way that no list holds.

    Beside the injected classes, the cells that a system writes in a format of its own.
    """
    found: dict[str, dict[Cell, bool]] = {name: {} for name in (*MEANT, OWN_FORMAT)}
    for system, tickets in raw.items():
        for row, ticket in enumerate(tickets):
            for defect in ticket.defects:
                column = RECORD if defect.kind in RECORD_CLASSES else defect.column
                found[defect.kind][system, row, column] = defect.unlisted
            if not ticket.unquoted:  # a row that does not parse has no cells
                hit = ticket.columns_hit()
                own = [c for c in OWN_FORMATS.get(system, ()) if c not in hit and _is_written(ticket, c)]
                found[OWN_FORMAT].update({(system, row, c): False for c in own})
    return found


def marks(sample: Sample) -> dict[str, set[Cell]]:
    """Return the raw cells that each detector marks; every detector runs once."""
    raw, inspection = sample.raw, inspect(sample, seed=7)
    whole = {MEANT[c] for c in RECORD_CLASSES}
    found: dict[str, set[Cell]] = {}
    for detector in detectors():
        cells = found.setdefault(detector.id, set())
        for column, detection in detector.find(inspection).items():
            if detection.raw is None:
                continue
            name = RECORD if detector.id in whole else column
            cells.update((str(raw.system[i]), int(raw.record[i]), name) for i in np.flatnonzero(detection.raw.hit))
            if detection.raw.unparsed:
                cells.update((s.system, m.record, name) for s in raw.sources for m in s.table.malformed)
    return found


def compared(injected: dict[str, dict[Cell, bool]], marked: dict[str, set[Cell]]) -> Scores:
    """Compare marks with the truth."""
    scores = Scores(samples=1)
    damaged = {cell[:2] for name in MEANT for cell in injected.get(name, ())}
    for name, cells in injected.items():
        if not cells or name == OWN_FORMAT:
            continue
        hit = marked.get(MEANT[name], set())
        odd = {cell for cell, is_odd in cells.items() if is_odd}
        scores.injected[name], scores.found[name] = len(cells), len(cells.keys() & hit)
        scores.unlisted[name], scores.unlisted_found[name] = len(odd), len(odd & hit)
    for name, cells in marked.items():
        meant = _cells(injected, (*(c for c, d in MEANT.items() if d == name), *ALSO.get(name, ())))
        if not meant and name not in MEANT.values():
            meant = {cell for cell in cells if cell[:2] in damaged}
        aside = _aside(injected, name) - meant
        scores.marked[name], scores.right[name] = len(cells - aside), len(cells & meant)
    return scores


def _aside(injected: dict[str, dict[Cell, bool]], detector: str) -> set[Cell]:
    aside = _cells(injected, (*SET_ASIDE.get(detector, ()), *((OWN_FORMAT,) if detector in ALSO else ())))
    own, name, column = FOREIGN_SUBJECT
    if detector == own:
        aside |= {(system, row, column) for system, row, _ in injected[name]}
    return aside


def _cells(injected: dict[str, dict[Cell, bool]], names: Iterable[str]) -> set[Cell]:
    return {cell for name in names for cell in injected.get(name, ())}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _assessment() -> str:
    """The sample's own assessment, down to what reading its records needs; JSON is YAML."""
    spec = YAML(typ="safe").load((SAMPLE_DATA / "support_triage" / "assessment.yaml").read_text(encoding="utf-8"))
    return json.dumps({key: spec[key] for key in ("name", "seed", "data")}, default=str)


def _is_written(ticket: Ticket, column: str) -> bool:
    return column == "confidence" or ticket.cell(column) is not None
