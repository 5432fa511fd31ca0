"""Opening a study from a notebook: charts in a form that JupyterLab and reports draw, mistakes shown as sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import plotly.io as pio

from flightready.errors import FlightreadyError
from flightready.study import Study, open_study


def open_in_notebook(assessment: str | Path, *, as_of: str = "", **what_ifs: Any) -> Study:
    """Open the study of one pilot in a notebook.

    Parameters
    ----------
    assessment : str or Path
        Folder with an assessment.yaml, or such a file.
    as_of : str, optional
        A day such as 2026-10-15; by default the assessment's own, else today.
    what_ifs
        Values to try; zero or empty text means 'as in the assessment'.

    Raises
    ------
    InputError
        When the assessment or a what-if is wrong; in a notebook only its sentence is shown.
    """
    pio.renderers.default = "plotly_mimetype"
    show_mistakes_as_sentences()
    return open_study(assessment, as_of=as_of, **what_ifs)


def show_mistakes_as_sentences() -> None:
    """Show a mistake of the user as its sentence alone, instead of a traceback."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return

    def show(shell: Any, kind: type, error: Exception, traceback: Any, tb_offset: Any = None) -> None:
        shell._showtraceback(kind, error, [str(error)])

    shell.set_custom_exc((FlightreadyError,), show)
