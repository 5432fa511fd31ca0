"""The command of the scoring pipeline: a release against the accepted score, with an exit code for a build."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flightready.cli.pilots import AsOf
from flightready.cli.program import app
from flightready.errors import InputError

_STYLE = {"better": "green", "same": "green", "worse": "red", "cannot tell": "yellow"}


@app.command()
def score(
    pilot: Annotated[Path, typer.Argument(help="Folder with an assessment.yaml, or that file.")] = Path(),
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Compare with this score; default: accepted_score.json beside it.")
    ] = None,
    against_last: Annotated[
        bool, typer.Option("--against-last", help="Compare with the last score on this machine, accepted or not.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Keep this score as the accepted one, unless it is worse.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print score and comparison as JSON.")] = False,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Add a summary to this file, such as $GITHUB_STEP_SUMMARY.")
    ] = None,
    as_of: AsOf = "",
) -> None:
    """Compare with the accepted score: exit code 0 better or same, 3 worse or a rule failed, 4 cannot tell."""
    from flightready.evaluation.release.comparison import compare
    from flightready.evaluation.release.document import with_earlier, write_score
    from flightready.evaluation.release.pipeline import score_now, with_salt
    from flightready.evaluation.scored_sample import scored_sample
    from flightready.narrative import evaluation_release as narrative
    from flightready.study import open_study

    if baseline is not None and against_last:
        raise InputError("two scores to compare with are named", where="score", valid="--baseline or --against-last")
    study = open_study(pilot, as_of=as_of)
    records, last = scored_sample(study.pilot, study.inspection), _last_path(study)
    now = score_now(records, as_of=study.as_of, provenance=_provenance(study))
    then, then_name = _to_compare(study, baseline, last if against_last else None)
    keyed = with_salt(now, records, then) if then is not None else now
    compared = compare(records, keyed, then, study.evaluation.findings)
    accepted = _accept(study, now, compared) if accept and now.sets else ""
    if now.sets:
        _keep(last, with_earlier(now, None), write_score)
    code = narrative.exit_code(now, compared, is_accepted=accepted == narrative.ACCEPTED)
    told = narrative.Told(now, compared, then_name, accepted, code)
    if markdown is not None:
        _append(markdown, narrative.markdown(told))
    if as_json:
        sys.stdout.write(narrative.as_json(told))
    else:
        _print(told, narrative)
    raise typer.Exit(code)


def _to_compare(study, baseline: Path | None, last: Path | None):
    """The score to compare with, and what it is called in a sentence; None where there is none yet."""
    from flightready.assessment import ACCEPTED_NAME
    from flightready.evaluation.release.pipeline import accepted_score

    path = baseline or last or study.pilot.folder / ACCEPTED_NAME
    name = "the accepted score" if baseline is None and last is None else "the last score" if last else f"{path.name}"
    if baseline is None and not path.is_file():
        return None, name
    return accepted_score(path, study.pilot), name


def _accept(study, now, compared) -> str:
    """Write the accepted score, unless it would be worse than the one that is there."""
    from flightready.assessment import ACCEPTED_NAME
    from flightready.evaluation.release.document import with_earlier, write_score
    from flightready.evaluation.release.pipeline import accepted_score
    from flightready.narrative import evaluation_release as narrative

    path = study.pilot.folder / ACCEPTED_NAME
    if compared.is_worse:
        return narrative.NOT_ACCEPTED
    before = accepted_score(path, study.pilot) if path.is_file() else None
    write_score(path, with_earlier(now, before))
    return narrative.ACCEPTED


def _provenance(study):
    from flightready.cli.commit import commit_of
    from flightready.evaluation.release.result import Provenance

    found = commit_of(study.pilot.folder)
    return Provenance(study.as_of, _models(study), commit=found.id, is_dirty=found.is_dirty, no_commit=found.why_none)


def _models(study) -> tuple[str, ...]:
    """Models that answered; a usage log that cannot be read is told elsewhere."""
    try:
        usage = study.usage
    except InputError:
        usage = None
    frames = [f for f in (usage.calls, usage.buckets) if f is not None and "model" in f] if usage else []
    named = sorted({str(m) for frame in frames for m in frame["model"].dropna().unique() if str(m)})
    given = study.pilot.spec.cost.per_request
    return tuple(named) or ((given.model,) if given else ())


def _last_path(study) -> Path:
    name = hashlib.sha256(str(study.pilot.path.resolve()).encode()).hexdigest()[:24]
    return study.store.folder / f"last_score_{name}.json"


def _keep(path: Path, score, write) -> None:
    """Keep the last score of this machine; where that cannot be, only --against-last is lost."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write(path, score)
    except (OSError, InputError):
        return


def _append(path: Path, text: str) -> None:
    """Add to a file, as a build's summary may hold other things already."""
    try:
        with path.open("a", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise InputError(f"the summary cannot be written ({error.strerror or error})", where=str(path),
                         cure="name a file in a folder that is there and may be written to") from None  # fmt: skip


def _print(told, narrative) -> None:
    out = Console(soft_wrap=True)
    table = Table(*narrative.HEAD, box=None, pad_edge=False)
    for row in narrative.rows(told):
        table.add_row(*(Text(cell, style=_STYLE.get(cell, "")) for cell in row))
    if table.row_count:
        out.print(table)
    for sentence in narrative.sentences(told):
        out.print(Text(sentence))
    out.print(Text(narrative.headline(told), style="bold"))
