"""Kernels of a batch run: always this interpreter, whatever kernels are registered on the machine."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from traitlets import default

import flightready

ENGINE = "flightready"
_STARTING = threading.Lock()

# jsonschema imports rfc3987_syntax, which compiles a grammar for 0.6 s; it is optional there, and unused here
_BOOT = (
    "import sys; sys.modules.setdefault('rfc3987_syntax', None); "
    "from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
)


class OwnInterpreter(AsyncKernelManager):
    """Starts a kernel in the interpreter that runs this program, with the same copy of the package."""

    @default("transport_encryption")
    def _default_transport_encryption(self) -> str:
        return "auto"

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of the running environment; a `python3` kernel of the user's may point elsewhere."""
        return KernelSpec(
            argv=[sys.executable, "-P", "-c", _BOOT, "-f", "{connection_file}"], display_name="Python 3",
            language="python", env=_environment(), metadata={"supported_encryption": ["curve"]},
        )  # fmt: skip

    async def _async_pre_start_kernel(self, **options: Any) -> tuple[list[str], dict[str, Any]]:
        _RUNNING.add(self)
        # what compiled code prints, or a kernel that is killed, does not belong between the lines of progress
        with _STARTING:  # two kernels that look for free ports at the same time may find the same ones
            return await super()._async_pre_start_kernel(**options, stdout=DEVNULL, stderr=DEVNULL)

    pre_start_kernel = _async_pre_start_kernel


_RUNNING: weakref.WeakSet[OwnInterpreter] = weakref.WeakSet()


def _environment() -> dict[str, str]:
    package_root = Path(flightready.__file__).resolve().parents[1]
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    inherited = [Path(entry).resolve() for entry in given if entry]  # the kernel starts in another folder
    return {
        "PYTHONPATH": os.pathsep.join(str(entry) for entry in (package_root, *inherited)),
        "PYTHONHASHSEED": "0",
        # an editor's terminal sets variables from which plotly would guess another way to draw
        "PLOTLY_RENDERER": "plotly_mimetype",
    }


def end_all() -> None:
    """Kill every kernel that runs; the notebooks in them end with an error."""
    for manager in tuple(_RUNNING):
        process = getattr(manager.provisioner, "process", None)
        if process is not None:
            process.kill()


class KeepingEngine(NBClientEngine):
    """Papermill's own engine, which also hands over the notebook when its kernel dies half-way."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, kept: list[NotebookNode], **options: Any
    ) -> None:
        """Run the notebook's cells; `kept` receives the notebook first."""
        kept.append(nb_man.nb)
        super().execute_managed_notebook(nb_man, kernel_name, **options)


papermill_engines.register(ENGINE, KeepingEngine)
