"""Putting filled sheets together: checked, disagreements listed, one file of labels for the evaluation."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

from flightready.assessment import Pilot
from flightready.errors import InputError, InputErrors
from flightready.evaluation.labelling import files
from flightready.evaluation.labelling.asked import Asked
from flightready.evaluation.labelling.drawing import asked_before, manifest_of, ordered, records
from flightready.evaluation.labelling.instructions import adjudication
from flightready.evaluation.labelling.sheet import Filled, Sheet, read_sheet, workbook
from flightready.realism.inspection import Inspection

HEAD = ("key", "label", "first_label", "second_label", "answer", "labelled_by", "labelled_on", "seed")
"""Columns of the file of labels; `label` is what counts as right."""

_MOST_ERRORS = 20


@dataclass(frozen=True)
class Merged:
    """What a merge found.

    Parameters
    ----------
    path : Path
        The file of labels.
    drawn, labelled : int
        Records drawn, and those of them with a label.
    deleted : int
        Drawn records that stand on no sheet any more.
    second : int
        Records with labels of both labellers.
    disagreements, agreed : int
        Records on which they differ, and those of them that were settled since.
    answers : int
        Records for which an answer of the pilot was filled in.
    gone : int
        Labelled records that are no longer among the raw records.
    """

    path: Path
    drawn: int
    labelled: int
    deleted: int
    second: int
    disagreements: int
    agreed: int
    answers: int
    gone: int


def merge(
    pilot: Pilot, inspection: Inspection, *, labelled_by: str = "", labelled_on: dt.date, as_of: dt.date
) -> Merged:
    """Check the filled sheets of a pilot and write its file of labels, whole or not at all.

    The first label stands where two differ, until the sheet of disagreements says what both agreed on.

    Raises
    ------
    InputError
        When nothing was drawn, a sheet is of another sample, a record stands twice, or an answer is not known; several
        mistakes come together.
    """
    folder = pilot.folder / files.FOLDER
    manifest = manifest_of(folder)
    if not manifest:
        raise InputError("no records were drawn for labelling yet", where=files.FOLDER,
                         cure="run: flightready label <folder> --n 200")  # fmt: skip
    chosen, what = (
        ordered(pilot, inspection, seed=manifest["sampling"]["seed"]),
        asked_before(pilot, inspection, manifest),
    )
    given = {kind: _given(folder, kind, what, manifest["draw"]) for kind in (*files.LABELLERS, files.ANSWERS)}
    is_same = chosen.sample == manifest["draw"]
    drawn = list(chosen.keys[: manifest["n"]]) if is_same else sorted(given["first"])
    _refuse_strangers(given, set(drawn), is_same)
    first, second = given["first"], given["second"]
    both = [k for k in drawn if first.get(k) and second.get(k)]
    is_settled = what.task != "scored"  # of ratings both count
    differing = [k for k in both if first[k] != second[k]] if is_settled else []
    agreed = _given(folder, files.DISAGREEMENTS, what, manifest["draw"])
    agreed = {k: v for k, v in agreed.items() if k in differing and v}
    if differing:
        _write_disagreements(inspection, folder, chosen, what, differing, (first, second, agreed), as_of)
    about = {"labelled_by": labelled_by, "labelled_on": labelled_on.isoformat(), "seed": manifest["sampling"]["seed"]}
    rows = [
        {"key": k, "label": agreed.get(k) or first.get(k) or second.get(k, ""), "first_label": first.get(k, ""),
         "second_label": second.get(k, ""), "answer": given["answers"].get(k, ""), **about}
        for k in drawn
    ]  # fmt: skip
    labelled = sum(bool(r["label"]) for r in rows)
    if not labelled:
        raise InputError(f"no label is filled in on any of the {len(drawn)} records", where=files.FOLDER,
                         cure="fill in the column 'right answer', save the sheet, and merge again")  # fmt: skip
    files.write_private(folder / files.LABELS, _csv(rows))
    there = set(chosen.keys)
    return Merged(
        folder / files.LABELS, len(drawn), labelled, sum(k not in first for k in drawn), len(both), len(differing),
        len(agreed), sum(bool(r["answer"]) for r in rows), sum(r["key"] not in there for r in rows if r["label"]),
    )  # fmt: skip


def _csv(rows: list[dict]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEAD, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(errors="replace")


def _given(folder: Path, kind: str, what: Asked, draw: str) -> dict[str, str]:
    """Answers by record over every sheet of one kind; every unknown answer is told at once."""
    found: dict[str, str] = {}
    origin: dict[str, Filled] = {}
    errors: list[InputError] = []
    for path in files.sheets(folder, kind):
        filled = read_sheet(path, kind)
        if filled.draw and filled.draw != draw:
            raise InputError("this sheet belongs to another draw of records", where=filled.name,
                             cure="move it out of this folder; it may be merged only where it was drawn")  # fmt: skip
        for key, text in filled.answers.items():
            try:
                answer = text if kind == files.ANSWERS else what.read(text)
            except InputError as error:
                errors.append(error.at(f"{filled.name}, line {filled.lines[key]}"))
                continue
            if answer and found.get(key) and found[key] != answer:
                raise InputError(f"the record {key} has '{found[key]}' in {origin[key].name} and '{answer}' here",
                                 where=f"{filled.name}, line {filled.lines[key]}",
                                 cure="keep the one that is meant, and clear the other")  # fmt: skip
            if answer or key not in found:
                found[key], origin[key] = answer, filled
    if errors:
        raise InputErrors(errors[:_MOST_ERRORS])
    return found


def _refuse_strangers(given: dict[str, dict[str, str]], drawn: set[str], is_same: bool) -> None:
    """Records that were never drawn: a sheet of another sample whose first line was removed, or a changed key."""
    if not is_same:
        return
    for kind, answers in given.items():
        strangers = [k for k in answers if k not in drawn]
        if strangers:
            few = f"the record '{strangers[0]}' was" if len(strangers) == 1 else f"{len(strangers)} of its records were"
            raise InputError(f"{few} not drawn from this sample", where=f"{files.FOLDER}, sheet '{kind}'",
                             cure="use the sheet that was written here, with its first column as it was")  # fmt: skip


def _write_disagreements(inspection, folder, chosen, what, differing, labels, as_of) -> None:
    """The records on which two labellers differ, with both labels, so that they can settle them together."""
    first, second, agreed = labels
    shown = dict(records(inspection, chosen, len(chosen.keys), what))
    there = [k for k in differing if k in shown]
    heads = tuple(next(iter(shown.values()))) if shown else ()
    rows = tuple((k, *(shown[k][h] for h in heads), first[k], second[k]) for k in there)
    sheet = Sheet(files.DISAGREEMENTS, chosen.sample, (*heads, "first label", "second label"), rows,
                  tuple(agreed.get(k, "") for k in there))  # fmt: skip
    content = workbook(sheet, what, instructions=adjudication(len(there)), created=as_of)
    files.write_private(folder / f"{files.DISAGREEMENTS}.xlsx", content)
