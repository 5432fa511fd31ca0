"""Calling the pilot: a function, a command or an HTTP address, bounded in time, rate and number; answers are kept.

Nothing here runs unless the command line is told `--run-pilot`. The analyses read the kept answers only.
"""
