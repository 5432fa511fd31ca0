"""Policy: every threshold, default and text that the product decides, read from the YAML files beside this module.

A constant is `{value, unit, why, source, checked}`; code names it by its id and holds no number of its own. The files
`constants_*.yaml` hold constants, the others hold the checklists, the absences and the plain words.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML

from flightready.errors import nearest
from flightready.evidence import Absence
from flightready.quantity import Quantity, parse

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Constant:
    """One number or list of the policy.

    Parameters
    ----------
    id : str
        Name used in code, rules and reports.
    value : Any
        Number, text or list in `unit`.
    unit : str
        Unit of the value; empty for a pure number.
    why : str
        Why this value.
    source : str
        Who says so.
    checked : date
        When it was last checked.
    """

    id: str
    value: Any
    unit: str
    why: str
    source: str
    checked: dt.date


@cache
def read(name: str) -> Any:
    """Return the content of one policy file, such as `checklists.yaml`; it is shared, so do not change it."""
    return YAML(typ="safe", pure=True).load((_FOLDER / name).read_text(encoding="utf-8"))


@cache
def constants() -> Mapping[str, Constant]:
    """Return every constant of the policy by its id.

    Raises
    ------
    ValueError
        When two files define the same id, or a field is missing.
    """
    found: dict[str, Constant] = {}
    for path in sorted(_FOLDER.glob("constants_*.yaml")):
        for key, raw in read(path.name).items():
            if key in found:
                raise ValueError(f"{path.name} defines {key!r} a second time")
            if set(raw) != {"value", "unit", "why", "source", "checked"}:
                raise ValueError(f"{path.name}: {key!r} needs value, unit, why, source and checked, got {sorted(raw)}")
            found[key] = Constant(key, **raw)
    return MappingProxyType(found)


def constant(key: str) -> Constant:
    """Return one constant with its provenance.

    Raises
    ------
    KeyError
        When the policy does not define it; the message names the nearest id.
    """
    try:
        return constants()[key]
    except KeyError:
        raise KeyError(f"the policy defines no {key!r}: {nearest(key, constants())}") from None


def value(key: str) -> Any:
    """Return the bare value of a constant.

    Examples
    --------
    >>> value("power_of_detection")
    0.8
    """
    return constant(key).value


def quantity(key: str, kind: str) -> Quantity:
    """Return a constant as a quantity that carries its source and date.

    Parameters
    ----------
    key : str
        Id of the constant; its value is written as in an assessment.
    kind : str
        A key of `flightready.quantity.KINDS`.
    """
    found = constant(key)
    parsed = parse(found.value, kind, where=f"policy {key}")
    return Quantity(parsed.distribution, parsed.unit, parsed.text, found.source, found.checked)


@cache
def absences() -> Mapping[str, Absence]:
    """Return what each missing input still gives, by its key."""
    return MappingProxyType({key: Absence(key, **raw) for key, raw in read("absences.yaml").items()})


@cache
def digest() -> str:
    """Return the SHA-256 of all policy files, so that a result names the policy that it was judged by."""
    parts = [p.name.encode() + b"\0" + p.read_bytes() for p in sorted(_FOLDER.glob("*.yaml"))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
