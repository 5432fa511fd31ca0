"""The command that draws records for labelling, and puts the filled sheets back together."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flightready.cli.program import app
from flightready.errors import InputError
from flightready.wording import count

if TYPE_CHECKING:
    from flightready.assessment import Pilot
    from flightready.evaluation.labelling.drawing import Written
    from flightready.evaluation.labelling.merging import Merged
    from flightready.realism.inspection import Inspection


@app.command()
def label(
    pilot: Annotated[Path, typer.Argument(help="Folder with an assessment.yaml, or that file.")] = Path(),
    n: Annotated[int | None, typer.Option("--n", min=1, help="Records to label; default: 220.")] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Another seed, another draw; default: the assessment's.")
    ] = None,
    second: Annotated[
        bool,
        typer.Option("--second", help="Write the sheet of a second labeller: a quarter, 30 at least, or --n."),
    ] = False,
    show: Annotated[
        list[str] | None, typer.Option("--show", help="Column to show; may be repeated; default: the texts.")
    ] = None,
    form: Annotated[bool, typer.Option("--form", help="Label in a form in JupyterLab instead of a workbook.")] = False,
    merge: Annotated[bool, typer.Option("--merge", help="Check the filled sheets and enter the labels.")] = False,
    by: Annotated[str, typer.Option("--by", help="With --merge: role of those who labelled.")] = "",
    on: Annotated[str, typer.Option("--on", help="With --merge: day of labelling; default: today.")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="Day of the draw, such as 2026-10-15; default: today.")] = "",
) -> None:
    """Draw raw records at random for people to label, and merge what they filled in into the assessment."""
    from flightready.assessment import load
    from flightready.realism.inspection import inspected
    from flightready.realism.sources import read_sample

    found, day = load(pilot), _day(as_of, "--as-of")
    inspection = inspected(found, read_sample(found), as_of=day)
    if merge:
        _merge(found, inspection, by=by, on=_day(on, "--on"), as_of=day)
        return
    written = _draw(found, inspection, n, seed=seed, second=second, show=show or [], as_of=day)
    if form:
        raise typer.Exit(_open_form(found, labeller="second" if second else "first"))
    _tell(found, inspection, written, pilot, second=second, as_of=day)


def _draw(
    found: Pilot, inspection: Inspection, n: int | None, *, seed: int | None, second: bool, show: list[str], as_of
) -> Written:
    from flightready import policy
    from flightready.evaluation.labelling import files
    from flightready.evaluation.labelling.drawing import draw, manifest_of, n_drawn, n_second

    before = manifest_of(found.folder / files.FOLDER)
    kept = before["sampling"]["seed"] if before else found.spec.seed
    chance = kept if seed is None else seed
    if second and not before:
        raise InputError("a second labeller gets a part of the first one's records, and none are drawn yet",
                         where="--second", cure="draw them first, without --second")  # fmt: skip
    labeller = "second" if second else "first"
    n = n or (n_drawn(found.folder / files.FOLDER, labeller) if before else 0)
    if second:
        least = policy.value("least_second_labels")
        n = min(n or n_second(before["n"], policy.value("second_label_share"), least), before["n"])
    n = n or before.get("n") or policy.value("default_label_rows")
    return draw(found, inspection, n, seed=chance, as_of=as_of, labeller=labeller, show=show)


def _tell(found: Pilot, inspection: Inspection, written: Written, given: Path, *, second: bool, as_of) -> None:
    from flightready.evaluation.labelling.drawing import draw

    verb = "Wrote" if written.is_new else "Unchanged:"
    print(f"{verb} {written.path}")
    print(f"{count(written.n, 'record')} of {written.of:,} different ones, drawn at random"
          + (f"; {count(written.copies, 'copy')} left out." if written.copies else "."))  # fmt: skip
    print("CONFIDENTIAL: the sheet shows raw records. Only you can read it; it is kept out of reports and of git.")
    roles = inspection.sample.columns
    held = roles.prediction and inspection.has("raw", roles.prediction) and inspection.filled("raw", roles.prediction)
    if not second and (held is None or not getattr(held, "any", lambda: False)()):
        answers = draw(found, inspection, written.n, seed=_seed_of(found), as_of=as_of, labeller="answers")
        print(f"{'Wrote' if answers.is_new else 'Unchanged:'} {answers.path}")
        print("The records hold no answers of the pilot, and labels alone say nothing about it. Have somebody who does "
              "not label run the pilot on these records and fill in that second sheet, or add its answers to the "
              "records as a column (data.columns.prediction).")  # fmt: skip
    print(f"Fill in the column 'right answer', save, then: flightready label {given} --merge --by \"<role>\"")
    if not second:
        print(f"A second labeller shows how far the labels can be trusted: flightready label {given} --second")


def _seed_of(found: Pilot) -> int:
    from flightready.evaluation.labelling import files
    from flightready.evaluation.labelling.drawing import manifest_of

    return manifest_of(found.folder / files.FOLDER)["sampling"]["seed"]


def _merge(found: Pilot, inspection: Inspection, *, by: str, on: dt.date, as_of: dt.date) -> None:
    from flightready.assessment.save import save
    from flightready.evaluation.labelling import files
    from flightready.evaluation.labelling.merging import merge

    merged = merge(found, inspection, labelled_by=by, labelled_on=on, as_of=as_of)
    entered = {"evaluation.labels": f"{files.FOLDER}/{files.LABELS}", "evaluation.truth_set.labelled_on": on}
    if by:
        entered["evaluation.truth_set.labelled_by"] = by
    save(found.path, entered)
    print("\n".join(_merged_lines(merged, inspection)))
    print(f"Entered into {found.path.name}: {', '.join(entered)}")


def _merged_lines(merged: Merged, inspection: Inspection) -> list[str]:
    lines = [f"Wrote {merged.path}", f"{merged.labelled:,} of {count(merged.drawn, 'drawn record')} carry a label."]
    if missing := merged.drawn - merged.labelled:
        lines.append(f"{count(missing, 'record')} without one: not filled in, or 'cannot tell'.")
    if merged.deleted:
        stand = "stands" if merged.deleted == 1 else "stand"
        deleted = f"{count(merged.deleted, 'drawn record')} {stand} on no sheet any more"
        lines.append(f"{deleted}; a deleted line counts as without a label.")
    if merged.gone:
        lines.append(f"{count(merged.gone, 'labelled record')} can no longer be found among the raw records.")
    if merged.second:
        lines.append(
            f"{count(merged.second, 'record')} labelled by two people; they differ on {merged.disagreements:,}."
        )
    if open_ones := merged.disagreements - merged.agreed:
        lines.append(f"On {count(open_ones, 'record')} the first label stands until both settle them: fill in 'agreed' "
                     f"in {merged.path.parent / 'disagreements.xlsx'}, and merge again.")  # fmt: skip
    roles = inspection.sample.columns
    if roles.label and inspection.has("raw", roles.label) and inspection.filled("raw", roles.label).any():
        lines.append(f"The records hold labels of their own in '{roles.label}': those stand, and the file adds none.")
    is_answered = roles.prediction and inspection.has("raw", roles.prediction)
    if not merged.answers and not is_answered:
        lines.append("Labels alone show whether two people agree, and nothing of the pilot: fill in its answers in "
                     "answers.xlsx, and merge again.")  # fmt: skip
    return lines


def _open_form(found: Pilot, *, labeller: str) -> int:
    from flightready.reports.labelling_notebook import write
    from flightready.reports.workspace import environment

    path = write(found.folder, labeller=labeller)
    print(f"Opening {path}. It shows raw records while it runs and stores none. Stop it with Ctrl-C.")
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={path.parent}",
               f"--LabApp.default_url=/lab/tree/{path.name}"]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return subprocess.call(command, env=environment())


def _day(text: str, option: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else dt.date.today()
    except ValueError:
        raise InputError(f"'{text}' is not a date", where=option, valid="2026-10-15") from None
