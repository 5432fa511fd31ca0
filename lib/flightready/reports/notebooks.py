"""The project's notebooks: where they are, what they are called, and which parameters they declare."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

import flightready
from flightready.errors import InputError, listed, nearest

PARAMETERS_TAG, INTERACTIVE_TAG = "parameters", "interactive"
_FOLDER = "notebooks"
_NUMBERED = "[0-9][0-9]_*.ipynb"
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
Value = str | float | int | bool


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's parameters cell: name, default value, and the comment that explains it."""

    name: str
    default: Value | None
    help: str


def folder() -> Path:
    """Return the project's folder of notebooks, found from the package's own place upwards.

    Raises
    ------
    InputError
        When there is none, as in an installation without a clone of the project.
    """
    found = root()
    if found is None:
        raise InputError("the notebooks are not beside the installed program",
                         cure="install from a clone of the project: pip install -e .")  # fmt: skip
    return found / _FOLDER


def root() -> Path | None:
    """Return the project's folder: the nearest one above the package that holds numbered notebooks."""
    above = Path(flightready.__file__).resolve().parents
    return next((p for p in above if any((p / _FOLDER).glob(_NUMBERED))), None)


def select(only: Iterable[str] = (), *, within: Path | None = None) -> tuple[Path, ...]:
    """Return the notebooks in order, or those that `only` names by number, by name or by a part of it.

    Parameters
    ----------
    only : iterable of str
        Such as `03`, `cost` or `03_cost_at_scale`; all notebooks when empty.
    within : Path, optional
        Another folder than the project's.

    Raises
    ------
    InputError
        When a name means no notebook, or more than one.
    """
    every = sorted((within or folder()).glob(_NUMBERED))
    chosen = {_meant(name, every) for name in only}
    return tuple(path for path in every if not chosen or path in chosen)


def _meant(name: str, every: Sequence[Path]) -> Path:
    wanted = Path(name).stem.casefold()
    hits = [p for p in every if p.stem.casefold() == wanted]
    hits = hits or [p for p in every if wanted and wanted in p.stem.casefold()]
    if len(hits) == 1:
        return hits[0]
    stems = [p.stem for p in every]
    if hits:
        raise InputError(f"'{name}' means several notebooks: {listed(p.stem for p in hits)}", where="--only")
    cure = nearest(name, stems)
    raise InputError(f"there is no notebook '{name}'", where="--only", valid=listed(stems), cure=cure)


def parameters(path: Path) -> dict[str, Parameter]:
    """Return the parameters that a notebook declares, by name.

    The cell is read as Python, so that an annotation such as `float | None` or a comment with `>=` in it does
    no harm; papermill's own inspection stumbles over them.
    """
    notebook = nbformat.read(path, as_version=4)
    tagged = (c for c in notebook.cells if PARAMETERS_TAG in c.metadata.get("tags", ()))
    source = next((c.source for c in tagged), "")
    lines = source.splitlines()
    found = (_parameter(node, lines) for node in ast.parse(source).body)
    return {p.name: p for p in found if p}


def _parameter(node: ast.stmt, lines: Sequence[str]) -> Parameter | None:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    value = getattr(node, "value", None)
    if not isinstance(target, ast.Name) or value is None:
        return None
    try:
        default = ast.literal_eval(value)
    except ValueError:
        default = None
    line = lines[value.end_lineno - 1].encode()  # ast counts columns in bytes
    rest = line[value.end_col_offset :].decode()
    return Parameter(target.id, default, rest.partition("#")[2].strip())


def declared(paths: Iterable[Path]) -> dict[str, Parameter]:
    """Return every parameter that any notebook declares; the first that declares one gives its help."""
    found: dict[str, Parameter] = {}
    for path in paths:
        found = parameters(path) | found
    return found


def check_names(given: Iterable[str], paths: Iterable[Path], *, reserved: Iterable[str] = ()) -> None:
    """Refuse a name that no notebook declares.

    Raises
    ------
    InputError
        Naming the nearest valid name.
    """
    known = [name for name in declared(paths) if name not in set(reserved)]
    for name in given:
        if name not in known:
            raise InputError(f"no notebook has an input called '{name}'", where="--set",
                             valid=listed(known, limit=30) or "none", cure=nearest(name, known))  # fmt: skip


def values_for(path: Path, given: Mapping[str, Value]) -> dict[str, Value]:
    """Return those of the given values that a notebook declares, in the type of its default.

    Raises
    ------
    InputError
        When a text cannot be read as the number or the yes or no that the notebook expects.
    """
    known = parameters(path)
    return {name: _typed(known[name], value) for name, value in given.items() if name in known}


def _typed(parameter: Parameter, value: Value) -> Value:
    kind = type(parameter.default)
    if not isinstance(value, str) or kind not in (bool, int, float):
        return value
    text = value.strip()
    if kind is bool and text.casefold() in (*_YES, *_NO):
        return text.casefold() in _YES
    try:
        if kind is not bool:
            return kind(text)
    except ValueError:
        pass
    valid = {bool: "yes or no", int: "a whole number", float: "a plain number such as 80000 or 0.5"}[kind]
    raise InputError(f"'{parameter.name}' cannot be '{value}'", where="--set", valid=valid,
                     cure="write the number alone, without a unit" if kind is not bool else "")  # fmt: skip
