"""Which commit the files of a pilot are at, as git says; the analyses never ask."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from flightready.assessment import ACCEPTED_NAME

_SECONDS = 20


@dataclass(frozen=True)
class Commit:
    """The commit of a folder, whether files differ from it, and why there is none."""

    id: str = ""
    is_dirty: bool | None = None
    why_none: str = ""


def commit_of(folder: Path) -> Commit:
    """Return the commit of the repository that holds a folder.

    The accepted score itself may differ from the commit: it is written between two of them.
    """
    try:
        found = _git(folder, "rev-parse", "--verify", "HEAD")
        if found.returncode:
            return Commit(why_none="the folder is in no git repository with a commit")
        excluded = ("--", ":/", f":(exclude,top,glob)**/{ACCEPTED_NAME}")
        changed = _git(folder, "status", "--porcelain", *excluded)
    except FileNotFoundError:
        return Commit(why_none="git is not installed")
    except (OSError, subprocess.TimeoutExpired):
        return Commit(why_none="git did not answer")
    is_dirty = bool(changed.stdout.strip()) if changed.returncode == 0 else None
    return Commit(found.stdout.strip(), is_dirty)


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, errors="replace", env=quiet,
        timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
