"""A folder of notebooks whose parameters name one pilot, for work in JupyterLab."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import nbformat

from flightready.assessment import load
from flightready.reports import notebooks as project
from flightready.study import project_root

_FOLDER = "lab"
_SETTINGS = Path(__file__).parent / "templates" / "lab"


def environment() -> dict[str, str]:
    """Return the environment in which JupyterLab asks no server for news: nothing leaves the machine unasked."""
    kept = [p for p in (os.environ.get("JUPYTER_CONFIG_PATH"),) if p]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join([str(_SETTINGS), *kept])}


def prepare(pilot: Path | None, *, out: Path | None = None) -> Path:
    """Return the folder that JupyterLab should open.

    Without a pilot this is the project's own folder of notebooks. With one, copies are made under
    `outputs/<pilot>/lab` on first use; copies that are already there are the analyst's and stay as they are.

    Raises
    ------
    InputError
        When the pilot's assessment is wrong.
    """
    if pilot is None:
        return project.folder()
    opened = load(pilot, starts=[p for p in (project_root(),) if p])
    folder = (out or Path("outputs")).absolute() / opened.folder.name / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for source in project.select():
        copy = folder / source.name
        if copy.exists():
            continue
        nbformat.write(_naming(nbformat.read(source, as_version=4), os.path.relpath(opened.path, folder)), copy)
    return folder


def _naming(node: nbformat.NotebookNode, assessment: str) -> nbformat.NotebookNode:
    """Put a pilot's path in the place of the sample's in the cell of parameters; the help beside it stays."""
    named = f"assessment = {json.dumps(Path(assessment).as_posix(), ensure_ascii=False)}"
    for cell in node.cells:
        if project.PARAMETERS_TAG in cell.metadata.get("tags", ()):
            cell.source = re.sub(r"^assessment = \"[^\"]*\"", lambda _: named, cell.source, flags=re.M)
    return node
