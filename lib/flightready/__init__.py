"""Flightready: tells a team whether its AI pilot is fit for production.

In a notebook: `import flightready as fr`, `study = fr.open(assessment)`, then the functions of `fr.pages`; `fr.show`
puts several of them into one cell.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"
__all__ = ["open", "pages", "show"]


def __getattr__(name: str) -> Any:
    """Load what a notebook asks for on first use, so that the command line starts fast."""
    if name == "open":
        return importlib.import_module("flightready.pages.opening").open_in_notebook
    if name == "show":
        return importlib.import_module("flightready.pages.display").Shown
    if name == "pages":
        return importlib.import_module("flightready.pages")
    raise AttributeError(f"module 'flightready' has no attribute {name!r}")
