"""The run's manifest: what changes from run to run, so that equal input gives equal bytes everywhere else."""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
from collections.abc import Mapping
from typing import Any

from flightready.reports.engine import RunResult
from flightready.study.document import versions

PROGRAM = "flightready"


def manifest(run: RunResult, files: Mapping[str, bytes], *, seconds: Mapping[str, float] | None = None) -> str:
    """Return the manifest as JSON: when, where, how long, with which values, and the digest of every file.

    Parameters
    ----------
    run : RunResult
    files : mapping of name to content
        What was written beside it.
    seconds : mapping of str to float, optional
        Wall time of further steps, such as analyses and rendering.
    """
    content: dict[str, Any] = {
        "program": PROGRAM,
        "made_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "platform": platform.platform(),
        "versions": versions(),
        "parameters": dict(run.parameters),
        "problems": list(run.problems),
        "seconds": {
            **{name: round(value, 3) for name, value in (seconds or {}).items()},
            "notebooks": {n.name: round(n.seconds, 3) for n in run.notebooks},
            "notebooks_in_all": round(run.seconds, 3),
        },
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def is_manifest(text: str) -> bool:
    """Return whether a text is a manifest that this program wrote."""
    try:
        content = json.loads(text)
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("program") == PROGRAM
