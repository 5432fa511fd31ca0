"""The blank checklists as Markdown, to be printed and filled in by hand."""

from __future__ import annotations

from flightready import policy

_KINDS = {"measured": "measured", "mixed": "measured and attested", "attested": "attested"}


def blank() -> str:
    """Return both lists and the gates with room for a claim, its owner and a date."""
    lists = policy.read("checklists.yaml")
    parts = ["# Is this pilot ready for production?", "Pilot: ____________________  Date: __________"]
    for title, first in (("Executive list", "E"), ("Readiness list", "R"), ("Gates of the pilot phase", "")):
        chosen = {k: q for k, q in lists["questions"].items() if (k[0] == first if first else k[0] not in "ER")}
        parts += [
            f"## {title}",
            "| Id | Question | Yes / no | Who says so, and when | Answered by |",
            "|---|---|---|---|---|",
        ]
        parts += [f"| {k} | {q['asks']} | | | {_KINDS[q['kind']]} |" for k, q in chosen.items()]
    bands = lists["bands"]
    parts += ["", f"Executive list: {bands['executive']['why']}.", f"Readiness list: {bands['readiness']['why']}."]
    parts += [
        "Must-haves, never averaged away: "
        + "; ".join(f"{p}: {', '.join(q)}" for p, q in lists["knock_outs"].items())
        + "."
    ]
    text = "\n".join(f"\n{p}\n" if p.startswith("#") else p for p in parts)
    return text.strip()
