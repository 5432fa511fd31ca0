"""The command that writes cost at scale as a workbook for finance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flightready.cli.pilots import AsOf
from flightready.cli.program import app
from flightready.errors import InputError


@app.command()
def export(
    pilot: Annotated[Path, typer.Argument(help="Folder with an assessment.yaml, or that file.")] = Path(),
    out: Annotated[Path, typer.Option("--out", help="Folder for the workbook, one folder a pilot in it.")] = Path(
        "outputs"
    ),
    replace: Annotated[bool, typer.Option("--replace", help="Replace a workbook that is already there.")] = False,
    as_of: AsOf = "",
) -> None:
    """Write cost at scale as an Excel workbook whose totals are live formulas, without running the notebooks."""
    from flightready.evaluation.labelling.files import write_private
    from flightready.reports.cost_workbook import cost_workbook
    from flightready.reports.publish import WORKBOOK
    from flightready.study import open_study

    study = open_study(pilot, as_of=as_of)
    content = cost_workbook(study)
    if content is None:
        raise InputError("nothing says what a request costs, so there is no cost to export", where="cost",
                         cure="name a usage log or export (cost.usage), tokens (cost.per_request) or a bill (cost.bill)"
                         )  # fmt: skip
    path = out / study.pilot.folder.resolve().name / WORKBOOK
    if path.exists() and not replace and path.read_bytes() != content:
        raise InputError(f"'{path}' is already there, and somebody may have typed into it", where="export",
                         cure="save it under another name, or give --replace or another --out")  # fmt: skip
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the folder '{path.parent}' cannot be made ({error.strerror})", where="--out") from None
    write_private(path, content)
    print(f"Wrote {path}")
    if study.demand is None:
        print("Users a day are not stated (workload.users_per_day): type them into the sheet Inputs.")
