"""The report of one pilot: analyses into the store, notebooks run, one page rendered, everything written whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flightready.evidence import State
from flightready.narrative import glance
from flightready.narrative import readiness as narrative
from flightready.readiness.verdict import Verdict
from flightready.reports import notebooks as project
from flightready.reports.cost_workbook import cost_workbook
from flightready.reports.engine import Step, run_notebooks
from flightready.reports.notebooks import Value
from flightready.reports.provenance import InputFile, Provenance
from flightready.reports.publish import check_target, write_report
from flightready.reports.render import Banner, render
from flightready.study import Study, open_study
from flightready.study.document import as_json, document, versions

_LOOKS = {
    Verdict.NO_GO: State.FAIL, Verdict.NOT_DECIDABLE: State.UNKNOWN, Verdict.CONDITIONAL: State.UNKNOWN,
    Verdict.GO: State.PASS,
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A report that was made: where it is, its study, and what went wrong in single notebooks.

    `only_input_problems` says that every notebook that stopped did so because of the input, not of the program.
    """

    report: Path
    study: Study
    problems: tuple[str, ...]
    only_input_problems: bool


def make(
    pilot: str | Path,
    out_dir: Path,
    *,
    only: Sequence[str] = (),
    parameters: Mapping[str, Value] | None = None,
    as_of: str = "",
    progress: Callable[[Step], None] | None = None,
) -> Made:
    """Make the report of one pilot.

    Parameters
    ----------
    pilot : str or Path
        Folder with an assessment.yaml, or such a file.
    out_dir : Path
        Folder of this pilot's output; the last good report in it stays until the new one is complete.
    only : sequence of str
        Notebooks by number or name; all when empty.
    parameters : mapping
        What-if values by name.
    as_of : str
        The day that decides expiry; the assessment's own or today when empty.

    Raises
    ------
    InputError
        For a wrong assessment, parameter, notebook name or output folder; nothing has been written then.
    """
    target, chosen, given = check_target(out_dir), project.select(only), dict(parameters or {})
    project.check_names(given, chosen, reserved=("assessment", "as_of"))
    study = open_study(pilot, as_of=as_of)
    begun = time.monotonic()
    review = study.readiness  # fills the store, so that every notebook only reads
    analysed = time.monotonic()
    given["as_of"] = study.as_of.isoformat()
    run = run_notebooks(study.pilot.path, notebooks=chosen, parameters=given, progress=progress)
    executed = time.monotonic()
    html = render(study.pilot.spec.name, _banner(study, parameters or {}), run.notebooks, _provenance(study))
    seconds = {"analyses": analysed - begun, "notebooks": executed - analysed, "rendering": time.monotonic() - executed}
    findings = as_json(document(study, review))
    report = write_report(target, html=html, findings_json=findings, run=run, workbook=cost_workbook(study),
                          seconds=seconds)  # fmt: skip
    return Made(report, study, run.problems, not any(n.is_defect for n in run.notebooks))


def _banner(study: Study, what_ifs: Mapping[str, Value]) -> Banner:
    review = study.readiness
    changed = ", ".join(f"{name} = {value}" for name, value in what_ifs.items())
    details = [("Phase", review.phase), *([("What if, in the chapters only", changed)] if changed else [])]
    return Banner(
        word=review.verdict.words, state=_LOOKS[review.verdict],
        headline=f"{narrative.opening(review)} {narrative.tally(review)}", reasons=narrative.reasons(review),
        details=tuple(details), figures=glance.figures(study),
    )  # fmt: skip


def _provenance(study: Study) -> Provenance:
    inputs = tuple(InputFile(name, digest, size) for name, (digest, size) in study.input_digests.items())
    return Provenance(inputs, versions(), study.pilot.spec.seed, study.as_of.isoformat())
