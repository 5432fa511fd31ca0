"""Notebook 00: choose or create an assessment; what is there, what is missing, what each missing thing would decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from flightready.assessment import FILE_NAME
from flightready.evidence import State
from flightready.figures import start as figures
from flightready.narrative import glance as glance_narrative
from flightready.narrative import readiness as readiness_narrative
from flightready.narrative import start as narrative
from flightready.pages.display import Prose, Table, absent, answer, meaning
from flightready.realism.sources.several import is_record_file
from flightready.study import Study, project_root
from flightready.study.scaffold import Proposal, create, propose


def headline(study: Study) -> Prose:
    """Return what is there, and the verdict as it stands."""
    files = [n for n in study.input_digests if not n.endswith(FILE_NAME)]
    told = narrative.what_is_there(study.pilot.spec.name, files, study.baseline.findings, study.baseline.absences)
    return answer(*told, readiness_narrative.opening(study.readiness))


def glance(study: Study) -> Table:
    """Return the pilot in five figures."""
    rows = [(f.label, f.value, f.beside, "" if f.state is State.NA else str(f.state))
            for f in glance_narrative.figures(study.baseline)]  # fmt: skip
    return Table(
        "The pilot in five figures", ("Figure", "Value", "Range and comparison", "State"), rows, frozenset({1})
    )


def choices() -> Table:
    """Return the assessments that can be opened: the samples, and every folder below the current one."""
    roots = {p.resolve() for p in (Path.cwd(), project_root()) if p}
    found = sorted(
        {p.parent for root in roots for pattern in ("*", "*/*") for p in root.glob(f"{pattern}/{FILE_NAME}")}
    )
    rows = [(folder.parent.name + "/" + folder.name, _name_of(folder)) for folder in found]
    return Table("Assessments to choose from: put one into the parameter 'assessment'", ("Folder", "Name"), rows)


def _name_of(folder: Path) -> str:
    with (folder / FILE_NAME).open(encoding="utf-8", errors="replace") as stream:
        line = next((line for line in stream if line.startswith("name:")), "name: not named")
    return line.removeprefix("name:").split("#")[0].strip()


def inputs(study: Study) -> Table | Prose:
    """Return every input file with its size and the start of its SHA-256."""
    rows = [(name, f"{size:,}", digest[:12]) for name, (digest, size) in study.input_digests.items()]
    return Table("Input files", ("File", "Bytes", "SHA-256 begins with"), rows, frozenset({1}))


def files(study: Study) -> go.Figure | Prose:
    """Return the size of each input file."""
    sizes = {n: size for n, (_, size) in study.input_digests.items() if not n.endswith(FILE_NAME)}
    return figures.figure_files(sizes) if sizes else meaning("There is no input file yet; everything is typed in.")


def findings(study: Study) -> go.Figure | Prose:
    """Return the findings by subject and state."""
    found = study.baseline.findings
    return figures.figure_findings(found) if found else meaning("There is no finding yet.")


def missing(study: Study) -> Prose | Table:
    """Return what is missing and what each missing thing would decide."""
    return absent(study.baseline.absences)


def bring_first(study: Study) -> Prose:
    """Return what to bring first."""
    return meaning(narrative.bring_first(study.baseline.absences))


def recorded(study: Study) -> Table | Prose:
    """Return what the assessment records and this version does not analyse, so that nobody believes it was."""
    spec = study.pilot.spec
    rows = []
    if spec.data.population:
        rows.append(("data.population", "kept as a note; the sample files are profiled, the population itself is not"))
    if spec.cost.options:
        rows.append(("cost.options", "kept as a note; only the pilot's own model is priced"))
    if spec.evaluation.labelled and study.baseline.evaluation.raw_counted is not None:
        rows.append(("evaluation.labelled", "not used: the raw records carry right answers of their own"))
    if not rows:
        return meaning("Every key of this assessment is used by an analysis.")
    return Table("Recorded, and not analysed by this version", ("Key", "What happens with it"), rows)


def proposal_table(proposal: Proposal) -> Table:
    """Return what each file of a folder was taken for."""
    rows = [
        (f.name, f.role, f.why, ", ".join(f"{r}: {' + '.join(c)}" for r, c, _ in f.columns)) for f in proposal.files
    ]
    return Table("What each file was taken for", ("File", "Taken for", "Why", "Columns"), rows)


def what_if(study: Study) -> Any:
    """Return a form that looks at a folder of files and writes an assessment.yaml for it."""
    from flightready.widgets.panel import Choice, panel

    folders = _folders(study.pilot.folder)
    controls = (
        Choice("do", "What to do", ("list the assessments", "show the proposal", "write assessment.yaml"),
               "list the assessments"),
        Choice("folder", "Folder with a pilot's files", tuple((f"{f.parent.name}/{f.name}", str(f)) for f in folders),
               str(study.pilot.folder)),
    )  # fmt: skip

    def show(values: dict[str, Any]) -> tuple[Any, ...]:
        folder = Path(str(values["folder"]))
        if values["do"] == "list the assessments":
            return (choices(),)
        if values["do"] == "show the proposal":
            return (proposal_table(propose(folder)),)
        proposal, written = create(folder)
        said = (
            f"Wrote {FILE_NAME}; open it and confirm the guesses."
            if written
            else f"{FILE_NAME} was there already, unchanged."
        )
        return (answer(said), proposal_table(proposal))

    return panel(controls, show)


def _folders(own: Path) -> list[Path]:
    """Folders that may hold a pilot's files: the study's own, the samples, and those in the current folder."""
    around = [p for base in (Path.cwd(), project_root()) if base for p in (base, base / "sample_data") if p.is_dir()]
    found = {child.resolve() for p in around for child in p.iterdir() if child.is_dir() and _holds_data(child)}
    return sorted(found | {own})


def _holds_data(folder: Path) -> bool:
    return any(is_record_file(p) for p in folder.iterdir() if p.is_file())
