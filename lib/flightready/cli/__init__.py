"""The command line: new, check, report, score, contract, sample, label, prices, export, approve, lab, checklist...

Exit codes: 0 done or GO, 1 a defect of the program, 2 the input is wrong, 3 NO-GO, 4 not decidable yet, 5 conditional.
"""

from __future__ import annotations

import os
import sys

from flightready.cli import pilots  # noqa: F401 - each adds its commands to the program, in the order of --help

# isort: split
from flightready.cli import scoring  # noqa: F401

# isort: split
from flightready.cli import contracts, data  # noqa: F401

# isort: split
from flightready.cli import labels  # noqa: F401

# isort: split
from flightready.cli import prices  # noqa: F401

# isort: split
from flightready.cli import export  # noqa: F401

# isort: split
from flightready.cli import approval  # noqa: F401
from flightready.cli.program import app
from flightready.errors import FlightreadyError


def main() -> None:
    """Run the command line; a user's mistake is one sentence and exit code 2, a defect is a traceback and 1."""
    try:
        app(standalone_mode=True)
    except FlightreadyError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output went away, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        print("Stopped. The last complete report is as it was.", file=sys.stderr)
        sys.exit(130)
