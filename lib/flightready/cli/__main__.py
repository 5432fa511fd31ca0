"""Run the command line with ``python -m flightready.cli``."""

from flightready.cli import main

main()
