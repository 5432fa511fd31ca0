"""The form in which people label raw records; live only, and part of no report."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def form(assessment: str | Path, *, labeller: str = "first") -> Any:
    """Return the form of one labeller.

    Parameters
    ----------
    assessment : str or Path
        Folder with an assessment.yaml, or such a file.
    labeller : str
        first or second.

    Raises
    ------
    InputError
        When no records were drawn yet; in a notebook only its sentence is shown.
    """
    from flightready.pages.opening import show_mistakes_as_sentences
    from flightready.widgets.labelling import labelling_form

    show_mistakes_as_sentences()
    return labelling_form(assessment, labeller=labeller)
