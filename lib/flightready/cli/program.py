"""The program that every module of the command line adds its commands to."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="flightready", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Tells a team whether its AI pilot is fit for production.",
    epilog="Exit codes: 0 done or GO, 1 a defect of the program, 2 the input is wrong, 3 NO-GO, "
    "4 not decidable yet, 5 conditional.",
)  # fmt: skip
