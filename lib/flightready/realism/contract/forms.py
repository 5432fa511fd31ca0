"""A contract in the forms that other programs read: JSON Schema for one record, and pandera's own YAML for a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flightready.realism.contract.patterns import pattern
from flightready.realism.contract.rules import Contract, Rule

if TYPE_CHECKING:
    import pandera.pandas as pa

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(contract: Contract) -> dict[str, Any]:
    """Return the contract of one record as JSON Schema (draft 2020-12).

    Uniqueness and copies are rules about several records, which a schema of one record cannot say; they are named in
    its description.
    """
    unique = [c for c, r in contract.columns.items() if r.unique]
    told = [f"Ingestion contract of {contract.name}, learned from {contract.learned_from}."]
    told += [f"Unique over all records: {', '.join(unique)}."] if unique else []
    told += [] if contract.copies else ["No record repeats another in every value."]
    return {
        "$schema": _DRAFT, "title": contract.name, "description": " ".join(told), "type": "object",
        "required": [c for c, r in contract.columns.items() if r.required],
        "additionalProperties": contract.other_columns,
        "properties": {c: _property(r) for c, r in contract.columns.items()},
    }  # fmt: skip


def _property(rule: Rule) -> dict[str, Any]:
    types = ["string"] + (["number"] if rule.kind == "number" else []) + ([] if rule.required else ["null"])
    said: dict[str, Any] = {"type": types}
    if rule.categories:
        return said | {"enum": [*rule.categories, *([] if rule.required else [None, ""])]}
    written = pattern(rule)
    said["pattern"] = written if rule.required else rf"(?:^\s*$)|(?:{written})"
    if rule.kind == "number":  # bounds hold for numbers; a number written as text is held by its pattern only
        said |= {k: v for k, v in (("minimum", rule.lowest), ("maximum", rule.highest)) if v is not None}
    return said | ({"maxLength": rule.longest} if rule.longest else {})


def table_schema(contract: Contract) -> pa.DataFrameSchema:
    """Return the contract as a pandera schema for a table of text in which empty and blank cells are null.

    Numbers of kind `point` are converted; a column with decimal commas stays text, held by its pattern.
    """
    import pandera.pandas as pa

    columns = {c: _column(r) for c, r in contract.columns.items()}
    told = f"Ingestion contract, learned from {contract.learned_from}"
    return pa.DataFrameSchema(columns, name=contract.name, description=told, strict=not contract.other_columns)


def _column(rule: Rule) -> pa.Column:
    import pandera.pandas as pa

    checks = []
    is_converted = rule.kind == "number" and rule.decimal == "point"
    if is_converted and rule.lowest is not None and rule.highest is not None:
        checks.append(pa.Check.in_range(rule.lowest, rule.highest))
    elif is_converted:
        checks += [pa.Check.ge(rule.lowest)] if rule.lowest is not None else []
        checks += [pa.Check.le(rule.highest)] if rule.highest is not None else []
    elif rule.categories:
        checks.append(pa.Check.isin(list(rule.categories)))
    else:
        checks.append(pa.Check.str_matches(pattern(rule)))
        checks += [pa.Check.str_length(max_value=rule.longest)] if rule.longest else []
    dtype = "float64" if is_converted else None
    return pa.Column(
        dtype, checks, nullable=not rule.required, unique=rule.unique, coerce=is_converted, required=rule.required
    )
