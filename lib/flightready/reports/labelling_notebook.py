"""The notebook of the labelling form: written beside the sheets, for its owner only, and never part of a report."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import v4

from flightready.evaluation.labelling import files

_SAID = """# Label raw records

**CONFIDENTIAL.** Run the cells below, read each record, choose the right answer, press Next. Every answer is saved at
once, beside this notebook. The records are shown while the notebook runs and are not kept in it: do not switch on
*Settings > Save Widget State Automatically*. The pilot's own answer is hidden, so that it leads nobody."""


def write(pilot_folder: Path, *, labeller: str = "first") -> Path:
    """Write the notebook of the form and return its path; one that is there is written anew, since it holds nothing."""
    folder = files.folder_of(pilot_folder)
    cells = [
        v4.new_markdown_cell(_SAID, id="label-title"),
        v4.new_code_cell("import flightready as fr", id="label-import"),
        v4.new_code_cell(f'fr.pages.labelling.form("..", labeller="{labeller}")', id="label-form"),
    ]
    path = folder / files.NOTEBOOK
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    files.write_private(path, nbformat.writes(notebook).encode())
    return path
