"""The reference of assessment.yaml as Markdown, made from its schema so that the two never differ."""

from __future__ import annotations

from typing import Any

from flightready.assessment import Assessment

_INTRO = """\
# The assessment, key by key

One pilot is one folder with an `assessment.yaml`. Only `name` is required. Made from the schema with
`flightready schema --markdown`; `flightready schema` prints the JSON Schema for editors.

`low to high` is a range that holds nine times in ten; its shape follows the unit: amounts and times are lognormal,
shares logit-normal, growth and rates normal. `{p10: .., p50: .., p90: ..}` gives three points instead. Any quantity may
be written as `{value: .., source: .., checked: 2026-10-01}` to say who says so and when it was checked."""


def markdown() -> str:
    """Return every section with its keys, what each takes, and whether it is required."""
    schema = Assessment.model_json_schema(by_alias=True)
    parts = [_INTRO, "## Top level", _table(schema, schema)]
    seen: set[str] = set()
    for key, field in schema["properties"].items():
        for name in _sections(field):
            parts += _section(key, name, schema, seen)
    return "\n\n".join(parts)


def _section(place: str, name: str, schema: dict[str, Any], seen: set[str]) -> list[str]:
    if name in seen:
        return []
    seen.add(name)
    section = schema["$defs"][name]
    described = section.get("description", "").split("\n\n")[0].replace("\n", " ")
    parts = [f"## `{place}`{_kind(section)}", described, _table(section, schema)]
    for key, field in section.get("properties", {}).items():
        for inner in _sections(field):
            parts += _section(f"{place}.{key}", inner, schema, seen)
    return parts


def _kind(section: dict[str, Any]) -> str:
    """Which of several sections of one place it is, where its key `kind` tells them apart."""
    kind = section.get("properties", {}).get("kind", {})
    names = kind.get("enum") or ([kind["const"]] if "const" in kind else [])
    return " with " + " or ".join(f"`kind: {name}`" for name in names) if names else ""


def _table(section: dict[str, Any], schema: dict[str, Any]) -> str:
    required = set(section.get("required", ()))
    rows = ["| Key | Takes | Default |", "|---|---|---|"]
    for key, field in section.get("properties", {}).items():
        default = "required" if key in required else _default(field)
        rows.append(f"| `{key}` | {_takes(field, schema)} | {default} |")
    return "\n".join(rows)


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    return "" if value in (None, [], {}) or isinstance(value, dict) else f"`{value}`"


def _sections(field: Any) -> list[str]:
    """Names of the sections that a field holds, directly or in a list or mapping."""
    if isinstance(field, list):
        return [name for part in field for name in _sections(part)]
    if not isinstance(field, dict):
        return []
    if "$ref" in field:
        return [field["$ref"].rsplit("/", 1)[-1]]
    return _sections([field.get(k) for k in ("anyOf", "oneOf", "items", "additionalProperties", "allOf")])


def _example(field: Any) -> str:
    """First example of a quantity that a field may take, empty without one."""
    if isinstance(field, list):
        return next(filter(None, map(_example, field)), "")
    if not isinstance(field, dict):
        return ""
    return str(field["examples"][0]) if "examples" in field else _example(field.get("anyOf"))


def _takes(field: dict[str, Any], schema: dict[str, Any]) -> str:
    if "description" in field:
        told, example = field["description"], _example(field)
        return f"{told}, for example {example}" if example and "example" not in told else told
    if "enum" in field or "const" in field:
        return ", ".join(f"`{v}`" for v in field.get("enum", [field.get("const")]))
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        told = schema["$defs"][name].get("description", name).split("\n")[0].rstrip(".")
        return told[:1].lower() + told[1:] + ", see below"
    if "discriminator" in field:
        return "sections of one `kind` each, see below"
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_takes(f, schema) for f in field["anyOf"] if f.get("type") != "null"))
    if field.get("propertyNames", {}).get("enum"):
        return "any of " + ", ".join(f"`{v}`" for v in field["propertyNames"]["enum"])
    if field.get("type") == "array":
        return f"list of: {_takes(field.get('items', {}), schema)}"
    if field.get("type") == "object":
        inner = field.get("additionalProperties")
        return f"keys with: {_takes(inner, schema)}" if isinstance(inner, dict) else "keys with values"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "yes or no"}
    return "date" if field.get("format") == "date" else words.get(field.get("type", ""), "text")
