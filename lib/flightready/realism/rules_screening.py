"""What the scan for personal data and secrets says to the checklists (R6), and whether it contradicts a review (E4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flightready.evidence import Finding, Grade, State
from flightready.intervals import clopper_pearson
from flightready.realism.defects import secret
from flightready.realism.defects.personal_data import WORDS, Scan, name_columns, scan
from flightready.realism.inspection import Inspection
from flightready.wording import count, share

_NO_PROOF = "This is screening, not proof."
_KEY = "under data.personal_data"


def personal_data_scan(inspection: Inspection, declared: Sequence[str] | None) -> Finding:
    """R6, scan part: raw records hold no secret, and no personal data that the review does not name.

    Parameters
    ----------
    declared : sequence of str, optional
        Kinds of personal data that the review says the records hold; empty for none, None where it is not said.

    Returns
    -------
    Finding
        It answers E4 too where the scan finds what the review denies.
    """
    raw = inspection.sample.raw
    about: dict[str, Any] = {
        "id": "realism.personal_data_scan", "title": "Scan for personal data and secrets", "questions": ("R6",),
        "rule": "personal_data_agrees_with_review", "gaps": ("G5",), "tags": ("safety",), "unit": "share",
        "grade": Grade.ASSUMED if raw is None else Grade.MEASURED,
        "sources": tuple(s.table.name for s in raw.sources) if raw is not None else (),
    }  # fmt: skip
    if raw is None:
        return Finding(
            sentence="No raw data is here, so nothing was scanned for personal data.", state=State.UNKNOWN,
            decides="200 or more raw records, named under data.production", **about,
        )  # fmt: skip
    found, secrets = scan(inspection, "raw"), secret.records(inspection, "raw")
    about |= {"value": found.records / found.n, "n": found.n, "interval": clopper_pearson(found.records, found.n)}
    denied = declared is not None and not declared and found.records > 0
    if denied:
        about["questions"] = ("R6", "E4")
    if secrets or denied:
        return Finding(sentence=_failed(found, secrets, denied), state=State.FAIL, **about)
    state, sentence, decides = _judged(found, _named_columns(inspection), declared)
    return Finding(sentence=f"{sentence} {_NO_PROOF}", state=state, decides=decides, **about)


def _failed(found: Scan, secrets: int, denied: bool) -> str:
    told = []
    if secrets:
        verb = "holds" if secrets == 1 else "hold"
        told.append(f"{count(secrets, 'raw record')} {verb} what looks like a password or key.")
    if denied:
        told.append(f"The review says that there is no personal data; {_seen(found)}.")
    return " ".join([*told, _NO_PROOF])


def _judged(found: Scan, names: list[str], declared: Sequence[str] | None) -> tuple[State, str, str]:
    said = declared or ()
    unsaid = [kind for kind in found.by_kind if kind not in said]
    open_names = [] if "name" in said else names
    told = [f"{_capital(_seen(found))}." if found.records else _none_seen(found)]
    if open_names:
        told.append(f"{' and '.join(open_names)} {'looks' if len(open_names) == 1 else 'look'} like names of people.")
    if not unsaid and not open_names:
        if found.records:
            told = [f"{told[0][:-1]}, and the review names all of it."]
        return State.PASS, " ".join(told), ""
    if declared is None:
        told.append("What the review says of it is not written down.")
        return State.UNKNOWN, " ".join(told), f"what the review says that the records hold, {_KEY}"
    lacking = [*(WORDS[k][1] for k in unsaid), *(["names of people"] if open_names else [])]
    told.append(f"The review does not name {' and '.join(lacking)}.")
    return State.UNKNOWN, " ".join(told), f"a review that covers {' and '.join(lacking)}, named {_KEY}"


def _seen(found: Scan) -> str:
    kinds = ", ".join(f"{n:,} with {WORDS[kind][1]}" for kind, n in found.by_kind.items())
    return f"the scan finds personal data in {found.records:,} of {count(found.n, 'raw record')} ({kinds})"


def _none_seen(found: Scan) -> str:
    most = share(clopper_pearson(0, found.n).high)
    return f"No personal data and no secret was seen in {count(found.n, 'raw record')}: at most {most} hold any."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named_columns(inspection: Inspection) -> list[str]:
    return [f"'{c}'" for c in name_columns(inspection) if inspection.has("raw", c)]
