"""Writing a contract: the YAML that an analyst corrects and confirms, JSON Schema, and pandera's form."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString as Quoted

from flightready.assessment.save import write_whole
from flightready.realism.contract.forms import json_schema, table_schema
from flightready.realism.contract.learning import Learned
from flightready.realism.contract.rules import Contract

CONTRACT_NAME = "contract.yaml"
JSON_SCHEMA_NAME = "contract.schema.json"
PANDERA_NAME = "contract.pandera.yaml"
_PLAIN = re.compile(r"[a-z]\w*", re.ASCII)
_HEAD = """\
# The ingestion contract: what a record must be like before the pilot sees it.
# Each rule was learned from the demo set and is a proposal ('learned, confirm'): correct what is wrong.
# Then write who confirms it and when, and run 'flightready contract' again; it keeps your corrections.
#
# formats: A upper-case letters, a lower-case letters, 9 digits, once or more (9999: exactly four); others as they are.
# placeholders: true lets N/A, 9999-12-31 and the like through; broken_characters: true lets those through.
"""


def contract_yaml(learned: Learned) -> str:
    """Return the YAML of a learned contract, every learned rule with its reason."""
    contract, content = learned.contract, CommentedMap()
    content["name"] = Quoted(contract.name)
    content["learned_from"] = Quoted(contract.learned_from)
    content["copies"] = contract.copies
    content.yaml_add_eol_comment(
        "learned, confirm: whether a record may repeat another in every value", "copies", column=0
    )
    content["columns"] = columns = CommentedMap()
    for column, rule in contract.columns.items():
        # a name or value may look like a number, a truth value or a mark of YAML itself
        columns[_key(column)] = section = CommentedMap()
        for key, value in rule.model_dump(exclude_defaults=True).items():
            section[key] = _flow(value) if isinstance(value, tuple) else value
            if why := learned.why.get((column, key)):
                section.yaml_add_eol_comment(f"learned, confirm: {why}", key, column=0)
        if not section:
            section["kind"] = rule.kind
    text = io.StringIO()
    writer = YAML()
    writer.width = 4096
    writer.dump(content, text)
    unconfirmed = "\n# confirmed: {by: Head of Data, on: 2026-01-31}\n"
    return _HEAD + text.getvalue() + unconfirmed


def _key(column: str) -> str:
    is_plain = _PLAIN.fullmatch(column) and column not in ("yes", "no", "true", "false", "null", "on", "off", "y", "n")
    return column if is_plain else Quoted(column)


def write_forms(contract: Contract, folder: Path) -> tuple[Path, Path]:
    """Write the contract as JSON Schema and in pandera's form, each whole or not at all.

    Returns
    -------
    (Path, Path)
    """
    schema_path, table_path = folder / JSON_SCHEMA_NAME, folder / PANDERA_NAME
    write_whole(schema_path, json.dumps(json_schema(contract), indent=2, ensure_ascii=False) + "\n")
    write_whole(table_path, table_schema(contract).to_yaml())
    return schema_path, table_path


def _flow(values: tuple[str, ...]) -> CommentedSeq:
    sequence = CommentedSeq([Quoted(v) for v in values])
    sequence.fa.set_flow_style()
    return sequence
