"""The ingestion contract as a document: rules for each column, strict, with the line of every mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from flightready.assessment.load import validated
from flightready.assessment.places import read_yaml
from flightready.assessment.schema import Strict
from flightready.errors import InputError, listed, nearest


class Confirmed(Strict):
    """Who took the learned rules for right, and when."""

    by: str
    on: dt.date


class Rule(Strict):
    """What a value of one column must be like.

    Parameters
    ----------
    kind : str
        `text`, `number`, `time`, `code` or `category`.
    required : bool
        An empty, blank or null value breaks the rule.
    unique : bool
        A value that occurred before breaks the rule.
    formats : tuple of str
        Allowed shapes for `time` and `code`: `A` upper-case letters, `a` lower-case letters, `9` digits, every other
        sign as it is; alone once or more often, repeated exactly so often (`9999`). None allows every shape.
    categories : tuple of str
        Allowed values for `category`, as they are written; none allows every value.
    decimal : str
        How a `number` is written, `point` or `comma`.
    lowest, highest : float, optional
        Ends of a `number`, both allowed.
    longest : int, optional
        Most characters.
    placeholders, broken_characters : bool
        Whether words that stand for nothing (N/A, 1900-01-01) and broken characters are let through.
    """

    kind: Literal["text", "number", "time", "code", "category"] = "text"
    required: bool = False
    unique: bool = False
    formats: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    decimal: Literal["point", "comma"] = "point"
    lowest: float | None = Field(default=None, allow_inf_nan=False)
    highest: float | None = Field(default=None, allow_inf_nan=False)
    longest: int | None = Field(default=None, ge=1)
    placeholders: bool = False
    broken_characters: bool = False

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Rule:
        if self.formats and self.kind not in ("time", "code"):
            raise InputError(f"'formats' in a column of kind {self.kind}", valid="kind: time, or kind: code")
        if self.categories and self.kind != "category":
            raise InputError(f"'categories' in a column of kind {self.kind}", valid="kind: category")
        if self.kind != "number" and not (self.lowest is None and self.highest is None):
            raise InputError(f"'lowest' or 'highest' in a column of kind {self.kind}", valid="kind: number")
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            raise InputError(f"lowest {self.lowest:g} is above highest {self.highest:g}", cure="swap them")
        if "" in self.formats + self.categories:
            raise InputError("an empty format or category", cure="remove it, or set 'required: false'")
        return self


class Contract(Strict):
    """The rules of all columns.

    Parameters
    ----------
    name : str
        Of the pilot.
    learned_from : str
        File of the demo set, with the number of records.
    confirmed : Confirmed, optional
        None while the rules are proposals.
    copies : bool
        Whether a record that repeats an earlier one in every value is let through.
    other_columns : bool
        Whether columns without a rule are let through.
    columns : dict of column to Rule
    """

    name: str
    learned_from: str = ""
    confirmed: Confirmed | None = None
    copies: bool = False
    other_columns: bool = True
    columns: dict[str, Rule]


def load_contract(path: Path) -> Contract:
    """Return the contract of a file.

    Raises
    ------
    InputError
        Naming the line, what is valid and the nearest key; several mistakes come together.
    """
    if not path.is_file():
        raise InputError(f"there is no {path.name}", cure="run 'flightready contract' first; it learns one")
    content, lines = read_yaml(path)
    return contract_of(content, {place: (path.name, line) for place, line in lines.items()}, path.name)


def checked_columns(contract: Contract, there: Iterable[str], name: str) -> Contract:
    """Return the contract when every column it names is in some file.

    Raises
    ------
    InputError
        Naming the column that is nowhere, and the nearest one.
    """
    known = tuple(dict.fromkeys(there))
    for column in contract.columns:
        if column not in known:
            cure = nearest(column, known) or "remove the rule, or correct its name"
            where = f"{name}, columns.{column}"
            raise InputError(f"no file has the column '{column}'", where=where, valid=listed(known), cure=cure)
    return contract


def contract_of(content: Mapping[str, Any], places: Mapping[Any, tuple[str, int]], name: str) -> Contract:
    """Return a contract from its content, every mistake as an InputError."""
    return validated(Contract, content, places, name)
