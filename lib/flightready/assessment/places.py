"""Reading a YAML file together with the line of every key, and refusing what a plain document has no need of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from flightready.errors import InputError

Place = tuple[str | int, ...]
_MAX_BYTES = 2_000_000  # far beyond any assessment written by hand; guards against a data file given by mistake
_MAX_KEYS = 50_000
_PLAIN_TAGS = "tag:yaml.org,2002:"
_PYTHON_TAGS = "tag:yaml.org,2002:python"


def read_yaml(path: Path) -> tuple[dict[str, Any], Mapping[Place, int]]:
    """Return the content of a YAML mapping and the 1-based line of every key in it.

    Raises
    ------
    InputError
        When the file is too large, not text, not YAML, not a mapping, or tries to construct an object.
    """
    text = _text(path)
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
        if node is None:
            raise InputError("the file is empty", where=path.name, valid="at least 'name: My pilot'")
        lines: dict[Place, int] = {}
        _walk(node, (), lines, path.name)
        content = yaml.load(text)
    except MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise InputError(
            f"not valid YAML: {error.problem or error.context}", where=f"{path.name}{line}",
            cure="check the indentation, the colons and the quotes around this line",
        ) from None  # fmt: skip
    except (YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"not valid YAML: {str(error).splitlines()[0]}", where=path.name) from None
    if not isinstance(content, dict):
        raise InputError(f"the top level is a {type(content).__name__}, not keys with values", where=path.name,
                         valid="lines such as 'name: My pilot'")  # fmt: skip
    return content, lines


def _text(path: Path) -> str:
    if path.stat().st_size > _MAX_BYTES:
        raise InputError(f"{path.stat().st_size:,} bytes is too large for an assessment", where=path.name,
                         cure="name data files by their path, do not paste them in")  # fmt: skip
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} is not UTF-8", where=path.name, cure="save the file as UTF-8") from None


def _twice(key: str, first: int, second: int, name: str) -> InputError:
    lines = f"lines {first} and {second}" if first != second else f"line {first}"
    return InputError(f"'{key}' stands twice, {lines}", where=f"{name}, line {second}",
                      cure=f"put what stands under both '{key}:' under the first, and remove the second")  # fmt: skip


def _walk(node: Node, place: Place, lines: dict[Place, int], name: str) -> None:
    line = node.start_mark.line + 1
    lines.setdefault(place, line)
    if len(lines) > _MAX_KEYS:  # references to references grow without end
        raise InputError(
            f"more than {_MAX_KEYS:,} keys and items", where=name, cure="remove repeated references (*name)"
        )
    tag = str(node.tag or "")
    if not tag.startswith(_PLAIN_TAGS) or tag.startswith(_PYTHON_TAGS):
        raise InputError(f"the tag '{tag}' would construct an object", where=f"{name}, line {line}",
                         valid="plain text, numbers, dates, lists and keys", cure="remove the tag")  # fmt: skip
    if isinstance(node, MappingNode):
        first: dict[tuple[str, str], int] = {}
        for key, child in node.value:
            if not isinstance(key, ScalarNode):
                raise InputError("a key that is not plain text", where=f"{name}, line {key.start_mark.line + 1}")
            at = key.start_mark.line + 1
            known = (str(key.tag), key.value)
            if known in first:
                raise _twice(key.value, first[known], at, name)
            first[known] = at
            lines[(*place, key.value)] = key.start_mark.line + 1
            _walk(child, (*place, key.value), lines, name)
    elif isinstance(node, SequenceNode):
        for index, child in enumerate(node.value):
            _walk(child, (*place, index), lines, name)
