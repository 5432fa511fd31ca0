"""Pages: what each notebook shows, one function a cell: result, sentences and figures put together."""

from __future__ import annotations

import importlib
from types import ModuleType

__all__ = [
    "cost", "evaluation", "labelling", "latency", "readiness", "realism", "roi", "start",
]  # fmt: skip


def __getattr__(name: str) -> ModuleType:
    """Load a page on first use, so that a notebook loads only its own."""
    if name in __all__:
        return importlib.import_module(f"flightready.pages.{name}")
    raise AttributeError(f"there is no page called {name!r}; there are {', '.join(__all__)}")
