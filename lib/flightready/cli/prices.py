"""The command that writes the dated prices of a pilot's models beside its assessment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flightready.cli.data import day_of
from flightready.cli.program import app

if TYPE_CHECKING:
    from flightready.cost.prices_writing import Written


@app.command()
def prices(
    pilot: Annotated[Path, typer.Argument(help="Folder with an assessment.yaml, or that file.")] = Path(),
    as_of: Annotated[
        str, typer.Option("--as-of", help="Day the prices are checked, such as 2026-10-15; default: today.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace prices that somebody edited as well.")] = False,
) -> None:
    """Write the prices of the models that a pilot names into a file, dated and editable; 4 when one is not known."""
    from flightready.assessment import load
    from flightready.assessment.save import save
    from flightready.cost.prices_file import FILE_NAME
    from flightready.cost.prices_writing import wanted_models, write_prices
    from flightready.telemetry.reading import usage_of

    found = load(pilot)
    own = {name.lower() for name in found.spec.cost.prices}
    wanted = [w for w in wanted_models(found, usage_of(found)) if w.model.lower() not in own]
    if not wanted:
        print("No model to price: the assessment prices every model that it names, or it names none.")
        return
    path = found.folder / (found.spec.cost.price_file or FILE_NAME)
    written = write_prices(path, wanted, as_of=day_of(as_of), force=force)
    if not path.is_file():
        print("Nothing was written: the price list knows none of the models.")
    elif found.spec.cost.price_file is None:
        save(found.path, {"cost.price_file": path.name})
    print("\n".join(_told(path, written)))
    missing = [w.model for w in written.unknown if w.is_used]
    raise typer.Exit(4 if missing else 0)


def _told(path: Path, written: Written) -> list[str]:
    from flightready.cost.prices_list import LIST_NAME, closest
    from flightready.errors import listed

    lines = [f"Wrote {path} from {LIST_NAME}"] if path.is_file() else []
    for what, models in (("New", written.added), ("Changed", written.updated), ("As it was", written.same),
                         ("Kept as edited (--force replaces it)", written.kept)):  # fmt: skip
        lines += [f"{what}: {listed(models)}"] if models else []
    for want in written.unknown:
        hint = closest(want.provider, want.model)
        only = "" if want.is_used else " (named by an option or as a successor)"
        name = want.model if len(want.model) <= 60 else f"{want.model[:57]}..."
        lines.append(f"No price is known for '{name}'{only}: add it under 'models:'. {hint.capitalize()}".rstrip())
    return lines
