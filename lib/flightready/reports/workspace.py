"""A folder of notebooks whose parameters name one pilot, for work in JupyterLab."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
from papermill.parameterize import parameterize_notebook

from flightready.assessment import load
from flightready.reports import notebooks as project
from flightready.study import project_root

_FOLDER = "lab"


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
        node = nbformat.read(source, as_version=4)
        values = {"assessment": Path(os.path.relpath(opened.folder, folder)).as_posix()}
        nbformat.write(parameterize_notebook(node, values), copy)
    return folder
