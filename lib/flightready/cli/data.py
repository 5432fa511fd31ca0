"""The command that draws a sample of raw records, from a population or from files, with its manifest."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flightready.cli.program import app
from flightready.errors import InputError

if TYPE_CHECKING:
    from flightready.assessment import Pilot


@app.command()
def sample(
    pilot: Annotated[Path, typer.Argument(help="Folder with an assessment.yaml, or that file.")] = Path(),
    n: Annotated[int | None, typer.Option("--n", min=1, help="Records to draw; default: 200.")] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Another seed, another sample; default: the assessment's.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the sample; default: the pilot's own.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a sample that is already there.")] = False,
    as_of: Annotated[str, typer.Option("--as-of", help="Day of the draw, such as 2026-10-15; default: today.")] = "",
) -> None:
    """Draw raw records at random, from data.population or else from the files of data.production."""
    from flightready import policy
    from flightready.assessment import load
    from flightready.realism.population import manifest as manifests

    found, n = load(pilot), n or policy.value("default_sample_rows")
    day, chance = day_of(as_of), found.spec.seed if seed is None else seed
    if found.spec.data.population:
        files, manifest = _from_population(found, n, chance, day)
    else:
        files, manifest = _from_files(found, n, chance, day)
    folder = out or found.folder
    for path in manifests.write(folder, files, manifest, replace=replace):
        print(f"Wrote {path}")
    drawn, of = manifest["n"], manifest["sampling"]["from"]
    print(f"{drawn:,} drawn from {of}. This is raw data: only you can read it, keep it so.")
    if copies := manifest.get("copies"):
        print(_copies_told(drawn, copies, int(of.split()[0])))
    print("\n".join(_lines(found, folder, list(files), manifest)))


def _copies_told(drawn: int, copies: int, population: int) -> str:
    """Say how many of the records count, since a copy tells nothing new, and how many to draw instead."""
    from flightready.wording import count

    different = drawn - copies
    told = (
        f"{different:,} of them are different: {count(copies, 'record')} {'repeats' if copies == 1 else 'repeat'} "
        "another in every value, which the review does not count."
    )
    more = math.ceil(drawn * drawn / different)
    return told + (f" For about {drawn:,} different ones: --n {more} --replace" if more <= population else "")


def _lines(found: Pilot, folder: Path, names: list[str], manifest: dict) -> list[str]:
    """What to put into the assessment."""
    from flightready.realism.population.manifest import sampling_line
    from flightready.realism.population.records import MANIFEST_NAME

    origins = manifest["source"] if isinstance(manifest["source"], list) else []
    lines = ["In assessment.yaml, under the 'data:' that is there, put in place of 'production:' (and 'sampling:'):"]
    if len(origins) > 1:
        drawn = [(o["file"], o["system"]) for o in origins if o["rows"]]
        lines += ["  production:  # keep what else is said of each file"]
        lines += [f"    - {{file: {_plain(_named(folder, found, n))}, system: {_plain(system)}}}  # was {origin}"
                  for n, (origin, system) in zip(names, drawn, strict=True)]  # fmt: skip
    else:
        lines += [f"  production: {_named(folder, found, name)}" for name in names]
    lines += [f"  sampling: {_named(folder, found, MANIFEST_NAME)}", f"  # or: sampling: {sampling_line(manifest)}"]
    return lines


def _from_population(found: Pilot, n: int, seed: int, day: dt.date):
    from flightready.realism.population import manifest as manifests
    from flightready.realism.population.connection import opened
    from flightready.realism.population.sampling import draw

    with opened(found) as population:
        drawn = draw(population, n, seed=seed, as_of=day, key=found.spec.data.columns.id or "")
    suffix, content = manifests.contents_of(drawn)
    files = {f"sample{suffix}": content}
    return files, manifests.manifest_of_draw(drawn, files)


def _from_files(found: Pilot, n: int, seed: int, day: dt.date):
    from flightready.realism.population import manifest as manifests
    from flightready.realism.population.records import draw_from_files

    drawn = draw_from_files(found, n, seed=seed)
    stems = [f"_{Path(d.origin).name.partition('.')[0]}" if len(drawn) > 1 else "" for d in drawn]
    names = [f"sample{stem}{d.suffix}" for stem, d in zip(stems, drawn, strict=True)]
    if len(set(names)) < len(names):  # two files of one name in different folders
        names = [f"sample_{i}{d.suffix}" for i, d in enumerate(drawn, start=1)]
    files = {name: d.content for name, d in zip(names, drawn, strict=True) if d.rows}
    key = found.spec.data.columns.id or ""
    return files, manifests.manifest_of_files(drawn, seed=seed, as_of=day, key=key, files=files)


def _plain(text: str) -> str:
    """A text as YAML writes it between braces: in quotes when it is not made of letters, digits and the like."""
    return text if re.fullmatch(r"[A-Za-z_][\w./-]*", text) else json.dumps(text, ensure_ascii=False)


def _named(folder: Path, found: Pilot, name: str) -> str:
    return Path(os.path.relpath((folder / name).resolve(), found.folder)).as_posix()


def day_of(as_of: str) -> dt.date:
    """Return the day that an option names; today when it names none."""
    try:
        return dt.date.fromisoformat(as_of) if as_of else dt.date.today()
    except ValueError:
        raise InputError(f"'{as_of}' is not a date", where="--as-of", valid="2026-10-15") from None
