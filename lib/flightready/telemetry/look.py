"""What kind of telemetry a file holds, told from its head alone: used when a new assessment is proposed."""

from __future__ import annotations

from pathlib import Path

from flightready.telemetry import formats
from flightready.telemetry.formats import Kind


def recognise(path: Path) -> tuple[Kind, ...]:
    """Return which of `usage_log`, `usage_export` and `spans` a file can be read as; none when no reader knows it.

    Parameters
    ----------
    path : Path
        Any file; one that cannot be opened, is empty or is not text gives none.
    """
    try:
        head = formats.head_of(path)
    except OSError:
        return ()
    if head is None:
        return ()
    return tuple(dict.fromkeys(r.kind for r in formats.readers() if r.matches(head)))
