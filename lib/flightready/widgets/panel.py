"""A what-if panel: labelled fields on top, the figures and sentences that follow from them below.

Charts travel as plotly's mime bundle inside an output area (some 10 KB an update); a plotly widget would ship
its own copy of plotly.js. Fields are number boxes and drop-downs because a slider has no accessible name.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets
import plotly.graph_objects as go

from flightready.errors import FlightreadyError, InputError

PLOTLY_MIME = "application/vnd.plotly.v1+json"
Values = dict[str, float | str]
_LOG = logging.getLogger("flightready.widgets")
_LOG.addHandler(logging.NullHandler())
_DEFECT = "This could not be worked out because of a defect of the program, not of your input"
_STILL = "What is shown below still belongs to the last values that worked."
_NO_FORMULA = "mathjax_ignore"
"""Class that keeps JupyterLab from setting what stands between two dollar signs as a formula."""
_ALERT_STYLE = "border-left:5px solid #b3261e;padding:.4em .9em;margin:.4em 0;line-height:1.5"
_QUIET_S = 0.3  # fields left alone for so long are worth a finer answer
_HINT_STYLE = "color:#5b6b7a;font-size:.9em;white-space:nowrap"


@dataclass(frozen=True)
class Number:
    """A number box.

    Parameters
    ----------
    name : str
        Key under which `show` receives the value.
    label : str
        What the user reads before the box.
    value : float
        Start value, in `unit`; the Reset button returns to it.
    low, high : float
        Smallest and largest valid value; anything outside is refused with a sentence.
    step : float
        What an arrow key adds.
    unit : str
        Unit of the value, shown after the label.
    """

    name: str
    label: str
    value: float
    low: float
    high: float
    step: float
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.name!r} starts outside {self.low} to {self.high}: {self.value}")

    def checked(self, value: float) -> float:
        """Return the value when it is valid, else raise an InputError that says what is."""
        if self.low <= value <= self.high:
            return float(value)
        unit = f" {self.unit}" if self.unit else ""
        raise InputError(f"'{self.label}' cannot be {_written(value)}{unit}", valid=f"{_range(self)}{unit}")


@dataclass(frozen=True)
class Choice:
    """A drop-down list; `options` are words, or pairs of what is read and what `show` receives."""

    name: str
    label: str
    options: Sequence[str | tuple[str, str]]
    value: str

    def __post_init__(self) -> None:
        if self.value not in self._values():
            raise ValueError(f"{self.name!r} starts outside its options: {self.value!r}")

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What is read and what `show` receives, for every option."""
        return tuple((option, option) if isinstance(option, str) else option for option in self.options)

    def _values(self) -> list[str]:
        return [value for _read, value in self.pairs]

    def checked(self, value: str) -> str:
        """Return the value when it is one of the options, else raise an InputError that lists them."""
        if value in self._values():
            return value
        raise InputError(f"'{self.label}' cannot be '{value}'", valid=", ".join(self._values()))


Control = Number | Choice
Show = Callable[[Values], Any]


def panel(controls: Sequence[Control], show: Show, *, refine: Show | None = None) -> Panel:
    """Return a live panel: the fields, a Reset button, and what `show` makes of the current values.

    Parameters
    ----------
    controls : sequence of Number or Choice
        Fields in the order in which they are read; their names are different.
    show : callable
        Takes the values by name and returns a Figure, a Prose or Table, or a sequence of them. An InputError
        or another FlightreadyError that it raises is shown as a sentence.
    refine : callable, optional
        The same in more detail: it replaces what `show` made once the fields have been left alone for a moment, in a
        live session only.

    Returns
    -------
    Panel
        An ipywidgets VBox.

    Raises
    ------
    ValueError
        When two controls have the same name.
    """
    return Panel(controls, show, refine)


class Panel(ipywidgets.VBox):
    """The live panel: `fields` are its inputs by name, `area` the output, `problem` the last message."""

    def __init__(self, controls: Sequence[Control], show: Show, refine: Show | None = None) -> None:
        self.controls = {control.name: control for control in controls}
        if len(self.controls) != len(controls):
            raise ValueError("two controls of a panel have the same name")
        self.problem = ""
        self._show, self._refine, self._resetting = show, refine, False
        self._waiting: asyncio.TimerHandle | None = None
        width = 2 + max((len(_described(control)) for control in controls), default=0)
        self.fields = {control.name: _field(control, width) for control in controls}
        self.message = ipywidgets.HTML()
        self.area = ipywidgets.Output()
        self.reset_button = ipywidgets.Button(
            description="Reset", tooltip="Return to the values of the assessment", icon="undo"
        )
        rows = [_row(control, self.fields[control.name]) for control in controls]
        super().__init__([*rows, self.reset_button, self.message, self.area])
        for field in self.fields.values():
            field.observe(self._on_change, names="value")
        self.reset_button.on_click(lambda _button: self.reset())
        self._on_change()

    @property
    def values(self) -> Values:
        """What the fields hold now, by name, unchecked."""
        return {name: field.value for name, field in self.fields.items()}

    def update(self, values: Mapping[str, float | str] | None = None) -> None:
        """Show what follows from `values` (else from the fields).

        Every problem becomes a sentence in the panel. What is not a FlightreadyError is raised again after
        that, so that a test which calls this sees the defect.
        """
        self._update(self._show, self.values if values is None else dict(values))
        self._refine_later()

    def refine(self) -> None:
        """Show in more detail what follows from the fields, as `update` does; nothing without a `refine`."""
        if self._refine is not None:
            self._update(self._refine, self.values)

    def _refine_later(self) -> None:
        """Ask for more detail once nothing has changed for a moment, where the session has a loop that can wait."""
        if self._waiting is not None:
            self._waiting.cancel()
        if self._refine is None or self.problem:
            return
        with contextlib.suppress(RuntimeError):  # no loop: a batch, or a plain program
            self._waiting = asyncio.get_running_loop().call_later(_QUIET_S, self._quietly, self.refine)

    def _update(self, show: Show, given: Mapping[str, float | str]) -> None:
        try:
            checked = {name: self.controls[name].checked(value) for name, value in given.items()}
            outputs = _outputs(show(checked))
        except FlightreadyError as error:
            self._tell(str(error))
        except Exception as error:
            self._tell(f"{_DEFECT} ({type(error).__name__}).")
            raise
        else:
            self._tell("")
            self.area.outputs = outputs

    def reset(self) -> None:
        """Return every field to its start value and draw once."""
        self._resetting = True
        try:
            for name, field in self.fields.items():
                field.value = self.controls[name].value
        finally:
            self._resetting = False
        self._on_change()

    def _on_change(self, _change: object = None) -> None:
        if not self._resetting:
            self._quietly(self.update)

    def _quietly(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:
            # an exception that leaves a widget callback vanishes; the panel already shows its sentence
            _LOG.debug("a what-if panel failed", exc_info=True)

    def _tell(self, problem: str) -> None:
        self.problem = problem
        text = f"{problem} {_STILL}" if problem and self.area.outputs else problem
        lines = "<br>".join(escape(line) for line in text.splitlines())
        alert = f"<div role='alert' class='{_NO_FORMULA}' style='{_ALERT_STYLE}'>{lines}</div>"
        self.message.value = alert if text else ""

    def __repr__(self) -> str:
        names = ", ".join(control.label for control in self.controls.values())
        return f"Live panel ({names})" + (f": {self.problem}" if self.problem else "")


def _written(value: float) -> str:
    return f"{value:,.12g}"


def _range(control: Number) -> str:
    return f"{_written(control.low)} to {_written(control.high)}"


def _described(control: Control) -> str:
    unit = control.unit if isinstance(control, Number) else ""
    return f"{control.label} ({unit})" if unit else control.label


def _field(control: Control, width: int) -> ipywidgets.DOMWidget:
    looks = {
        "description": _described(control),
        "style": {"description_width": f"{width * 0.55:.1f}em"},
        "layout": {"width": f"{width * 0.55 + 14:.1f}em", "max_width": "100%"},
    }
    if isinstance(control, Choice):
        return ipywidgets.Dropdown(options=control.pairs, value=control.value, **looks)
    # not BoundedFloatText: that one silently replaces what the user typed, here the range is said instead
    return ipywidgets.FloatText(value=control.value, step=control.step, continuous_update=False, **looks)


def _row(control: Control, field: ipywidgets.DOMWidget) -> ipywidgets.DOMWidget:
    if isinstance(control, Choice):
        return field
    hint = ipywidgets.HTML(f"<span style='{_HINT_STYLE}'>{_range(control)}</span>")
    return ipywidgets.HBox([field, hint], layout={"flex_flow": "row wrap"})


def _outputs(shown: Any) -> tuple[dict[str, Any], ...]:
    """Return what `show` gave as a notebook's output records."""
    parts = shown if isinstance(shown, tuple | list) else (shown,)
    return tuple(_output(part) for part in parts if part is not None)


def _output(part: Any) -> dict[str, Any]:
    if isinstance(part, go.Figure):
        title = part.layout.title.text or "chart"
        data = {PLOTLY_MIME: json.loads(part.to_json()), "text/plain": title}
    elif hasattr(part, "_repr_html_"):
        data = {"text/html": f"<div class='{_NO_FORMULA}'>{part._repr_html_()}</div>", "text/plain": repr(part)}
    else:
        data = {"text/plain": str(part)}
    return {"output_type": "display_data", "metadata": {}, "data": data}
