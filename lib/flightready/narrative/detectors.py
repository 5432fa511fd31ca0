"""The reference of detectors for readers, from the registry itself."""

from __future__ import annotations

from flightready.realism.detector import detectors

_KINDS = {
    "fact": "counted on both sides",
    "comparison": "against the demo set",
    "shift": "distribution",
    "screening": "by form, no proof",
}


def markdown() -> str:
    """Return every registered detector as rows of a Markdown table."""
    rows = ["| Looks for | Id | How | What mends it |", "|---|---|---|---|"]
    rows += [f"| {d.name} | `{d.id}` | {_KINDS[d.kind]} | {d.repair} |" for d in detectors()]
    return "\n".join(rows)
