"""What each file of a folder is: the demo set, raw records, usage, spans, or nothing that can be used, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flightready import policy
from flightready.assessment.places import read_yaml
from flightready.errors import InputError
from flightready.realism.guess import guess_columns
from flightready.realism.population.records import MANIFEST_NAME
from flightready.realism.sample import has_values_as_names
from flightready.realism.sources import RawTable, read_table
from flightready.realism.sources.several import is_record_file
from flightready.roi.results_table import are_results
from flightready.telemetry.look import recognise
from flightready.wording import count

_ROLES = ("id", "time", "text", "label", "prediction", "confidence")
_NO_HEADER = "seems to have no header: add a first line with the names of the columns"


@dataclass(frozen=True)
class Recognised:
    """What one file was taken for: `curated`, `production`, `usage`, `spans` or `skipped`, and why.

    Parameters
    ----------
    path : Path
        The file; the first one where several are parts of one export.
    role, why : str
    columns, unused : tuple of (role, names, why)
    names : tuple of str
        All columns of the file.
    rows : int
        Records in it.
    named : str
        What the assessment calls it: a path within the folder, or the pattern that means several.
    holds_usage : bool
        Whether spans state the tokens of model calls, so that they serve as a usage log where there is none.
    """

    path: Path
    role: str
    why: str
    columns: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    unused: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    names: tuple[str, ...] = ()
    rows: int = 0
    named: str = ""
    holds_usage: bool = False

    @property
    def name(self) -> str:
        """File name within the folder."""
        return self.named or self.path.name


def recognised(folder: Path) -> tuple[Recognised, ...]:
    """Return what the files of a folder are, and those of its folders when no raw records lie in itself."""
    drawn = _drawn_from(folder)
    files = [_looked_at(folder, p, drawn) for p in _record_files(folder)]
    is_raw_here = any(f.role == "production" for f in files)
    for inner in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith((".", "_"))):
        held = _record_files(inner)
        if not held:
            continue
        if drawn and all(p.resolve() in drawn for p in held):
            files.append(
                Recognised(inner, "skipped", "a folder that the sample was drawn from", named=f"{inner.name}/")
            )
        elif (inner / MANIFEST_NAME).is_file():
            files.append(Recognised(inner, "skipped", "a folder with a drawn sample", named=f"{inner.name}/"))
        elif is_raw_here:
            why = f"a folder with {count(len(held), 'file')}; to use it, write production: {inner.name}"
            files.append(Recognised(inner, "skipped", why, named=f"{inner.name}/"))
        else:
            files += [_looked_at(folder, p, drawn) for p in held]
    return tuple(files)


def _record_files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file() and is_record_file(p))


def _drawn_from(folder: Path) -> Mapping[Path, str]:
    """Files that a sample in the folder was drawn from, with the reason to leave them out."""
    manifest = folder / MANIFEST_NAME
    try:
        content = read_yaml(manifest)[0] if manifest.is_file() else {}
    except InputError:
        return {}
    samples, source = content.get("sha256"), content.get("source")
    if not isinstance(samples, dict) or not all((folder / str(name)).is_file() for name in samples):
        return {}
    origins = [o.get("file") for o in source if isinstance(o, dict)] if isinstance(source, list) else [source]
    why = f"{next(iter(samples), 'the sample')} was drawn from it, says {MANIFEST_NAME}"
    return {(folder / origin).resolve(): why for origin in origins if isinstance(origin, str)}


def is_sampled(folder: Path) -> bool:
    """Whether a drawn sample with its manifest lies in the folder."""
    return bool(_drawn_from(folder))


def _looked_at(folder: Path, path: Path, drawn: Mapping[Path, str]) -> Recognised:
    named = path.relative_to(folder).as_posix()
    if why := drawn.get(path.resolve(), ""):
        return Recognised(path, "skipped", why, named=named)
    if path.stat().st_size == 0:
        return Recognised(path, "skipped", "empty (0 bytes)", named=named)
    kinds = recognise(path)
    if "spans" in kinds:
        return Recognised(path, "spans", "trace spans", named=named, holds_usage="usage_log" in kinds)
    if kinds:
        why = "one line for each call" if "usage_log" in kinds else "a vendor's usage export, totals by time"
        return Recognised(path, "usage", why, named=named)
    try:
        table = read_table(path, where=path.name)
    except InputError as error:
        return Recognised(path, "skipped", error.problem, named=named)
    if are_results(table.frame.columns):
        why = "seems to hold results of the pilot by arm: name it under pilot_results"
        return Recognised(path, "skipped", why, names=tuple(table.frame.columns), rows=table.n_records, named=named)
    return _as_records(path, table, named)


def _as_records(path: Path, table: RawTable, named: str) -> Recognised:
    guessed = guess_columns(table)
    columns = tuple(
        (role, tuple([column] if isinstance(column, str) else column), why)
        for role, (column, why) in guessed.items() if role in _ROLES
    )  # fmt: skip
    taken = {column for _, chosen, _ in columns for column in chosen}
    rest = tuple(c for c in table.frame.columns if c not in taken)
    unused = (("no role", rest, "compared like every column, but neither read nor scored"),) if rest else ()
    words = policy.value("demo_set_words")
    word = next((w for w in words if w in path.stem.casefold()), "")
    if any(w in path.stem.casefold() for w in policy.value("candidate_file_words")):
        why = "seems to hold answers of other models: name it under evaluation.candidates"
        return Recognised(path, "skipped", why, columns, unused, tuple(table.frame.columns), table.n_records, named)
    why = f"{table.n_records:,} records; " + (f"'{word}' in its name" if word else "taken as raw records")
    if has_values_as_names(table):
        why += f"; it {_NO_HEADER}"
    role = "curated" if word else "production"
    return Recognised(path, role, why, columns, unused, tuple(table.frame.columns), table.n_records, named)
