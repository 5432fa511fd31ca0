"""The command that writes the ingestion contract, and holds raw records to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flightready.cli.program import app

_MOST_SHOWN = 20


@app.command()
def contract(
    pilot: Annotated[Path, typer.Argument(help="Folder with an assessment.yaml, or that file.")] = Path(),
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn anew and replace contract.yaml, corrections included.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only hold raw records to the contract; 3 when a record breaks it.")
    ] = False,
) -> None:
    """Learn an ingestion contract from the demo set, write it in three forms, and hold raw records to it."""
    from flightready.assessment import load
    from flightready.realism.contract.document import CONTRACT_NAME, write_forms
    from flightready.realism.contract.rules import checked_columns, load_contract
    from flightready.realism.sources import read_sample

    loaded = load(pilot)
    sample, out = read_sample(loaded), Console(soft_wrap=True)
    path = loaded.folder / CONTRACT_NAME
    columns = [c for side in (sample.curated, sample.raw) if side is not None for c in side.frame.columns]
    if not check:
        if learn or not path.is_file():
            _learn(loaded, sample, path)
            out.print(f"Learned {path}", markup=False, highlight=False)
        agreed = checked_columns(load_contract(path), columns, CONTRACT_NAME)
        for form in write_forms(agreed, loaded.folder):
            out.print(f"Wrote {form}", markup=False, highlight=False)
    agreed = checked_columns(load_contract(path), columns, CONTRACT_NAME)
    by = agreed.confirmed
    out.print(f"Confirmed by {by.by} on {by.on}." if by else "Not confirmed yet: every rule is a proposal.",
              markup=False, highlight=False)  # fmt: skip
    broken = _print_breaches(agreed, sample, out)
    raise typer.Exit(3 if check and broken else 0)


def _learn(loaded, sample, path: Path) -> None:
    from flightready.assessment.save import write_whole
    from flightready.realism.contract.document import contract_yaml
    from flightready.realism.contract.learning import learn
    from flightready.realism.inspection import inspect

    learned = learn(inspect(sample, seed=loaded.spec.seed), name=loaded.spec.name)
    write_whole(path, contract_yaml(learned))


def _print_breaches(agreed, sample, out: Console) -> bool:
    from flightready.realism.contract.breaches import breaches
    from flightready.realism.detector import RECORD
    from flightready.wording import count, interval, share

    if sample.raw is None:
        out.print("There are no raw records to hold to it (data.production).")
        return False
    found = breaches(agreed, sample.raw)
    if not found:
        out.print(f"All {sample.raw.n_records:,} raw records keep it.")
        return False
    table = Table("Column", "Rule that is broken", "Raw records", "Share, nine times in ten", box=None, pad_edge=False)
    for b in found[:_MOST_SHOWN]:
        name = "whole record" if b.column == RECORD else b.column
        told = f"{share(b.hits / b.n)}, {interval(b.interval.low, b.interval.high, share)}"
        table.add_row(Text(name), b.rule, f"{b.hits:,} of {b.n:,}", told)
    out.print(table)
    if len(found) > _MOST_SHOWN:
        out.print(f"and {count(len(found) - _MOST_SHOWN, 'further rule')}")
    return True
