"""The commands on whole pilots and on the notebooks: new, check, report, lab, schema, checklist."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flightready.cli.calling import RunPilot, call_pilot
from flightready.cli.program import app
from flightready.errors import FlightreadyError, InputError, listed

_STYLE = {"PASS": "green", "FAIL": "red", "UNKNOWN": "yellow", "N/A": "dim"}

AsOf = Annotated[
    str,
    typer.Option("--as-of", help="Day that decides expiry, such as 2026-10-15; default: the assessment's, else today."),
]
Gate = Annotated[str, typer.Option("--gate", help="Decide for this phase: validate, prototype, pilot or scale.")]


def _version(asked: bool) -> None:
    if asked:
        from flightready import __version__

        print(__version__)
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Tells a team whether its AI pilot is fit for production."""


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder with the pilot's files.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an assessment.yaml that is already there.")
    ] = False,
) -> None:
    """Look at the files in a folder and write an assessment.yaml, with 'guessed, confirm' beside each guess."""
    from flightready.study.scaffold import create

    proposal, written = create(folder, replace=replace)
    out = Console(soft_wrap=True)
    for file in proposal.files:
        out.print(
            f"{file.name}: {'not used' if file.role == 'skipped' else file.role} - {file.why}",
            markup=False,
            highlight=False,
        )
        for role, columns, why in (*file.columns, *file.unused):
            out.print(f"  {role}: {' + '.join(columns)} - {why}", markup=False, highlight=False)
    path = folder / "assessment.yaml"
    out.print(f"{'Wrote' if written else 'Unchanged:'} {path}", markup=False, highlight=False)
    out.print(f"Next: flightready report {folder}", markup=False, highlight=False)


@app.command()
def check(
    pilot: Annotated[Path, typer.Argument(help="Folder with an assessment.yaml, or that file.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print verdict, findings and inputs as JSON.")] = False,
    gate: Gate = "",
    as_of: AsOf = "",
    run_pilot: RunPilot = False,
) -> None:
    """Run the analyses without notebooks; the exit code is the verdict."""
    from flightready.study import document as documents
    from flightready.study import open_study

    study = open_study(pilot, as_of=as_of)
    if run_pilot:
        call_pilot(study)
    reviewed = study.review_for(_phase(gate))
    if as_json:
        sys.stdout.write(documents.as_json(documents.document(study, reviewed)))
    else:
        _print_review(study, reviewed)
    if run_pilot:
        print(f"What each tried defect costs stands in the report: flightready report {pilot}", file=sys.stderr)
    raise typer.Exit(reviewed.verdict.exit_code)


@app.command()
def report(
    pilots: Annotated[list[Path], typer.Argument(help="Folders with an assessment.yaml each.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the reports, one folder a pilot in it.")] = Path(
        "outputs"
    ),
    values: Annotated[
        list[str] | None, typer.Option("--set", help="What-if value, name=value; may be repeated.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Notebook by number or name; may be repeated.")
    ] = None,
    gate: Gate = "",
    as_of: AsOf = "",
    run_pilot: RunPilot = False,
) -> None:
    """Run the notebooks of each pilot and write one offline HTML report; a failing pilot does not stop the others."""
    parameters, phase = _parameters(values or []), _phase(gate)
    targets = _targets(pilots, out)
    codes = []
    for pilot, target in targets:
        options = {"parameters": parameters, "only": only or [], "as_of": as_of, "run_pilot": run_pilot}
        codes.append(_report_one(pilot, target, phase=phase, **options))
    if len(codes) > 1:
        failed = [str(p) for (p, _), code in zip(targets, codes, strict=True) if code in (1, 2)]
        print(
            f"{len(codes) - len(failed)} of {len(codes)} reports made."
            + (f" Not made: {listed(failed)}." if failed else "")
        )
    raise typer.Exit(_worst(codes))


@app.command()
def lab(
    pilot: Annotated[
        Path | None, typer.Argument(help="Folder with an assessment.yaml; default: the notebooks as they are.")
    ] = None,
) -> None:
    """Open JupyterLab on the notebooks, set to one pilot."""
    from flightready.reports.workspace import environment, prepare

    folder = prepare(pilot)
    print(f"Opening JupyterLab in {folder}. Stop it with Ctrl-C.")
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.default_url=/lab/tree/00_start.ipynb",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # as in a container; JupyterLab listens on this machine only, behind a token
    raise typer.Exit(subprocess.call(command, env=environment()))


@app.command()
def schema(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the reference for readers instead.")] = False,
) -> None:
    """Print the JSON Schema of assessment.yaml, for editors that complete and check it."""
    if markdown:
        from flightready.narrative.reference import markdown as reference

        print(reference())
        return
    from flightready.assessment import Assessment

    print(json.dumps(Assessment.model_json_schema(by_alias=True), indent=2))


@app.command()
def checklist(
    print_blank: Annotated[
        bool, typer.Option("--print", help="Print the blank lists, to be filled in by hand.")
    ] = True,
) -> None:
    """Print both checklists and the gates, blank, as Markdown."""
    from flightready.narrative.checklist import blank

    print(blank())


def _phase(gate: str) -> str:
    from flightready.errors import nearest
    from flightready.readiness.verdict import PHASES

    if gate and gate not in PHASES:
        raise InputError(f"'{gate}' is not a phase", where="--gate", valid=listed(PHASES), cure=nearest(gate, PHASES))
    return gate


def _parameters(values: list[str]) -> dict[str, str]:
    pairs = [v.partition("=") for v in values]
    for name, sign, _ in pairs:
        if not sign or not name.strip():
            raise InputError(f"'{name}' is not a name with a value", where="--set", valid="--set users_per_day=50000")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _targets(pilots: list[Path], out: Path) -> list[tuple[Path, Path]]:
    """Give each pilot its folder of output, named like the pilot's own folder."""
    named: dict[str, Path] = {}
    for pilot in pilots:
        folder = pilot.parent if pilot.suffix in (".yaml", ".yml") else pilot
        name = folder.resolve().name
        if name in named:
            raise InputError(f"two pilots are called '{name}': {named[name]} and {pilot}", where="report",
                             cure="report them one by one with different --out folders")  # fmt: skip
        named[name] = pilot
    return [(pilot, out / name) for name, pilot in named.items()]


def _report_one(pilot: Path, target: Path, *, phase: str, run_pilot: bool, **options: Any) -> int:
    """Make one report and return its exit code: 0 (with a phase: of its verdict), 1 for a defect, 2 for input."""
    from flightready.narrative.readiness import headline
    from flightready.reports.pilot_report import make

    print(f"{pilot}", flush=True)
    try:
        if run_pilot:
            from flightready.study import open_study

            call_pilot(open_study(pilot, as_of=options["as_of"]))
        with _Steps() as steps:
            made = make(pilot, target, progress=steps.tell, **options)
    except FlightreadyError as error:
        print(error, file=sys.stderr, flush=True)
        return 2
    for problem in made.problems:
        print(problem, file=sys.stderr)
    _print_figures(made.study)
    print(headline(made.study.readiness))
    print(f"Report: {made.report}", flush=True)
    if made.problems:
        return 2 if made.only_input_problems else 1
    return made.study.review_for(phase).verdict.exit_code if phase else 0


def _worst(codes: list[int]) -> int:
    """The most serious exit code: a defect, then wrong input, then the lowest verdict."""
    return next((code for code in (1, 2, 3, 4, 5) if code in codes), 0)


class _Steps:
    """Progress of one pilot: a live bar on a terminal, a line for each notebook elsewhere."""

    def __enter__(self) -> _Steps:
        self.live, self.done = None, 0
        if sys.stdout.isatty():
            done = TextColumn("{task.completed:.0f}/{task.total:.0f}")
            columns = (TextColumn("  {task.description}"), BarColumn(), done,
                       TimeElapsedColumn())  # fmt: skip
            self.live = Progress(*columns, transient=True)
            self.live.start()
            self.task = self.live.add_task("analyses", total=1)
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.live.stop()

    def tell(self, step) -> None:
        """Show one step of the notebook engine."""
        if self.live:
            self.live.update(self.task, description=step.name, completed=self.done, total=step.total)
        if step.state != "running":
            self.done += 1
            print(f"  [{self.done}/{step.total}] {step.name}: {step.state} in {step.seconds:.1f} s", flush=True)


def _print_figures(study) -> None:
    """Print the pilot in five figures, one a line."""
    from flightready.narrative.glance import figures

    for figure in figures(study.baseline):
        print(f"  {figure.label}: {figure.value} ({figure.beside}){'  ' + figure.mark if figure.mark else ''}")


def _print_review(study, reviewed) -> None:
    from flightready.narrative import readiness as narrative
    from flightready.narrative.data_line import data_line

    out = Console()
    out.print(Text(f"{study.pilot.spec.name}, {reviewed.phase} phase, as of {study.as_of}", style="bold"))
    table = Table("State", "Subject", "Finding", "Grade", show_lines=False, box=None, pad_edge=False)
    for f in reviewed.findings:
        table.add_row(
            Text(str(f.state), style=_STYLE[str(f.state)]), Text(f.title), Text(f.sentence), Text(str(f.grade))
        )
    out.print(table)
    if study.absences:
        missing = "; ".join(a.missing for a in study.absences)
        out.print(Text(f"Missing: {missing}. What to bring for each stands in the report."), soft_wrap=True)
    if told := data_line(study.baseline.realism):
        out.print(Text(told), soft_wrap=True)
    for reason in narrative.reasons(reviewed):
        out.print(Text(reason), soft_wrap=True)
    out.print(Text(narrative.claims(reviewed)), soft_wrap=True)
    out.print(Text(narrative.what_decides(reviewed)), soft_wrap=True)
    out.print(Text(narrative.headline(reviewed), style="bold"), soft_wrap=True)
