"""The command that freezes the approved case: the plan that actual figures are judged by later."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from flightready.cli.pilots import AsOf
from flightready.cli.program import app
from flightready.errors import InputError


@app.command()
def approve(
    pilot: Annotated[Path, typer.Argument(help="Folder with an assessment.yaml, or that file.")] = Path(),
    on: Annotated[str, typer.Option("--on", help="Day of the approval, such as 2026-10-15.")] = "",
    by: Annotated[str, typer.Option("--by", help="Role that approves, such as 'Head of Finance'.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Replace an approved case that is already there.")] = False,
    as_of: AsOf = "",
) -> None:
    """Freeze the case as it is approved: the plan by month with its range, in a file beside the assessment."""
    from flightready.roi import approved
    from flightready.study import open_study
    from flightready.wording import interval, money

    day = _day(on)
    if not by.strip():
        raise InputError("nobody approves it", where="--by", valid="a role, such as --by 'Head of Finance'")
    study = open_study(pilot, as_of=as_of)
    path = approved.path_of(study.pilot)
    approved.refuse_again(path, replace=replace)
    value, currency = study.roi.npv, study.pilot.spec.currency
    if value is None or study.roi.plan is None:
        raise InputError("there is no value to approve yet", where="approve",
                         cure="state the planned load (workload.users_per_day) and what a case is worth (roi)"
                         )  # fmt: skip
    actuals = study.pilot.spec.roi.actuals
    later = {path.name, *([actuals.file, actuals.approved] if actuals else [])}  # what comes after the approval
    inputs = {name: digest for name, (digest, _) in study.input_digests.items() if name not in later}
    case = approved.frozen(study.pilot, study.roi.plan, value, on=day, by=by, as_of=study.as_of, inputs=inputs)
    approved.write(path, case, replace=replace)
    span = interval(value.low, value.high, lambda x: money(x, currency))
    print(f"Wrote {path}")
    print(f"Approved by {case.by} on {day}: present value {money(value.median, currency)}, nine times in ten {span}.")
    if actuals is None:
        named = "roi: {actuals: {file: actuals.csv}}"
        print(f"Next: write what comes in by month (month, value, cost), and name the table: {named}")


def _day(on: str) -> dt.date:
    try:
        return dt.date.fromisoformat(on)
    except ValueError:
        got = f"'{on}' is not a date" if on else "the day of the approval is not given"
        raise InputError(got, where="--on", valid="--on 2026-10-15") from None
