"""What kind of telemetry a file holds, told from its head alone: used when a new assessment is proposed."""

from __future__ import annotations

from pathlib import Path

from flightready.telemetry import formats
from flightready.telemetry.formats import Kind


def recognise(path: Path) -> Kind | None:
    """Return `usage_log`, `usage_export` or `spans`, or None when no reader knows the file.

    Parameters
    ----------
    path : Path
        Any file; one that cannot be opened, is empty or is not text gives None.
    """
    try:
        head = formats.head_of(path)
    except OSError:
        return None
    if head is None:
        return None
    return next((r.kind for r in formats.readers() if r.matches(head)), None)
