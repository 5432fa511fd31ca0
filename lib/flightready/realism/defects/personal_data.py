"""Personal data: mail, phone, card, IBAN, network address. Screening by form, which is no proof."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.realism.detector import RECORD, Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.masks import excerpt, safe
from flightready.realism.outcome import Observation, rate
from flightready.realism.personal import KINDS, Hit, card_like, hits, iban_like, is_card, is_iban, says
from flightready.wording import count

WORDS = {
    "mail": ("mail address", "mail addresses"), "phone": ("phone number", "phone numbers"),
    "card": ("card number", "card numbers"), "iban": ("account number", "account numbers"),
    "ip": ("network address", "network addresses"), "ssn": ("social security number", "social security numbers"),
}  # fmt: skip
"""Each kind in plain words: one, and several."""
NAME_FORM = r"[^\W\d_a-z][^\W\d_]+(?:[ ,'’.-]{1,2}[^\W\d_]+){1,3}"
"""How names of people are written; so are some names of regions, teams and products."""
_CHECKED = {"card": (card_like, is_card), "iban": (iban_like, is_iban)}
_WRITTEN = (Kind.FREE_TEXT, Kind.TEXT, Kind.CATEGORY, Kind.EMPTY)


@dataclass(frozen=True)
class Scan:
    """What one side holds of personal data.

    Parameters
    ----------
    marks : dict of column to dict of kind to array of bool, shape (rows,)
    by_kind : dict of str to int
        Records with at least one of each kind, those that do not parse included; only kinds that occur.
    records : int
        Records with any of them.
    unparsed : dict of str to int
        Records that do not parse with each kind.
    n : int
        Records looked at.
    """

    marks: dict[str, dict[str, np.ndarray]]
    by_kind: dict[str, int]
    records: int
    unparsed: dict[str, int]
    n: int


def shown(text: str) -> str:
    """Return a value masked, cut so that what was found is in it."""
    found = hits(text)
    return safe(excerpt(text, around=found[0].start if found else 0))


@detector(
    "personal_data", name="personal data", place=32, kind="screening", gap="G5", mask=shown,
    repair="mask mails, phone and account numbers where records come in, or have the review allow them",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark cells that hold something in the form of personal data."""
    scans = {name: scan(inspection, name) for name, _ in inspection.sides()}
    shown_side = next(iter(scans), None)
    found: dict[str, Detection] = {}
    for column in inspection.columns:
        marks = {name: _marks(inspection, name, column, s) for name, s in scans.items() if column in s.marks}
        names = [n for n in scans if column in scans[n].marks]
        said = scans[shown_side if shown_side in names else names[0]].marks[column]
        found[column] = Detection(
            marks.get("raw"), marks.get("curated"), observations=_by_design(inspection, column, scans),
            told=_told({k: int(hit.sum()) for k, hit in said.items()}) or _names(inspection, column),
        )  # fmt: skip
    if observed := tuple(_unparsed(inspection, name, s) for name, s in scans.items() if s.unparsed):
        found[RECORD] = Detection(observations=observed)
    return found


def scan(inspection: Inspection, name: str) -> Scan:
    """Return what one side holds of personal data; computed once."""
    return inspection.once(("personal_data", name), lambda: _scan(inspection, name))


def name_columns(inspection: Inspection) -> tuple[str, ...]:
    """Return the columns of both sides that look like names of people, by header and form."""
    return tuple(c for c in inspection.columns if _names(inspection, c))


def _scan(inspection: Inspection, name: str) -> Scan:
    side = inspection.side(name)
    marks = {c: _column(inspection, name, c) for c in inspection.columns if inspection.has(name, c)}
    malformed = [m for s in side.sources for m in s.table.malformed]
    by_text = kinds_by_text([m.text for m in malformed], "", Kind.FREE_TEXT)
    texts = [by_text.get(m.text, frozenset()) for m in malformed]
    unparsed = Counter(kind for kinds in texts for kind in kinds)
    by_kind, anyone = {}, np.zeros(len(side), dtype=bool)
    for kind in KINDS:
        of_kind = np.zeros(len(side), dtype=bool)
        for found in marks.values():
            of_kind |= found.get(kind, False)
        if total := int(of_kind.sum()) + unparsed[kind]:
            by_kind[kind] = total
        anyone |= of_kind
    counted = {kind: unparsed[kind] for kind in KINDS if unparsed[kind]}
    return Scan(marks, by_kind, int(anyone.sum()) + sum(map(bool, texts)), counted, len(side) + len(malformed))


def written(inspection: Inspection, name: str, column: str) -> np.ndarray:
    """Cells that hold anything: what stands for a missing value elsewhere may be someone's address."""
    return inspection.applies(name, column) & ~inspection.empty(name, column)


def _column(inspection: Inspection, name: str, column: str) -> dict[str, np.ndarray]:
    """Records of one side whose cell holds each kind; kinds that do not occur are left out."""
    filled = written(inspection, name, column)
    by_text = kinds_by_text(inspection.values(name, column, filled), column, inspection.kinds[column])
    found = {}
    for kind in KINDS:
        holders = {t for t, kinds in by_text.items() if kind in kinds}
        if holders:
            found[kind] = inspection.holds(name, column, holders) & filled
    return found


def kinds_by_text(texts: list[str], column: str, kind: Kind) -> dict[str, frozenset[str]]:
    """Return the kinds of personal data in each text of a column that holds any.

    Parameters
    ----------
    texts : list of str
        The different values of the column.
    column : str
        Its header.
    kind : Kind
        What it holds: in a column of codes only its header or the other values tell a card or a phone from a code.
    """
    says_phone = says(column, "phone_words")
    is_written = kind in _WRITTEN and (kind is Kind.FREE_TEXT or not says(column, "reference_words"))
    header = column if says_phone or kind is not Kind.FREE_TEXT else ""
    found: dict[str, list[Hit]] = {}
    for text in texts:
        if len(text) > len("a@b.de") and (got := hits(text, header)):
            found[text] = got
    takes = {"phone": is_written or says_phone} | {
        kind: any(h.kind == kind for got in found.values() for h in got) and _mostly(kind, texts, is_written)
        for kind in _CHECKED
    }
    kept = {t: frozenset(h.kind for h in got if h.is_sure or takes[h.kind]) for t, got in found.items()}
    return {text: kinds for text, kinds in kept.items() if kinds}


def _mostly(kind: str, texts: list[str], is_written: bool) -> bool:
    """Whether most of what is as long as a card or an account number in a column passes the check of one."""
    like, is_one = _CHECKED[kind]
    passes = [is_one(code) for text in texts for _, _, code in like(text)]
    least = 1 if is_written else policy.value("least_codes_in_column")
    return len(passes) >= least and sum(passes) >= policy.value("least_checked_share") * len(passes)


def _marks(inspection: Inspection, name: str, column: str, found: Scan) -> Marks:
    filled = written(inspection, name, column)
    hit = np.zeros(len(filled), dtype=bool)
    for of_kind in found.marks[column].values():
        hit |= of_kind
    return Marks(hit, filled)


def _told(by_kind: dict[str, int]) -> str:
    return ", ".join(f"{n:,} {WORDS[kind][n > 1]}" for kind in KINDS if (n := by_kind.get(kind)))


def _by_design(inspection: Inspection, column: str, scans: dict[str, Scan]) -> tuple[Observation, ...]:
    """Say of a column that most of its values are personal: it is so by design, not by accident."""
    least, told = policy.value("least_share_of_personal_column"), []
    for name, found in scans.items():
        if column not in found.marks or inspection.kinds[column] is Kind.FREE_TEXT:
            continue
        n = int(written(inspection, name, column).sum())
        for kind, hit in found.marks[column].items():
            if n >= policy.value("least_values_of_personal_column") and hit.sum() >= least * n:
                sentence = f"Most values of '{column}' have the form of a {WORDS[kind][0]}."
                told.append(Observation(name, "", sentence, rate(int(hit.sum()), n)))
    return tuple(told)


def _names(inspection: Inspection, column: str) -> str:
    """Say of a column that it looks like names of people; this marks no record."""
    if not says(column, "name_words") or inspection.kinds[column] not in (Kind.TEXT, Kind.KEY, Kind.CATEGORY):
        return ""
    for name, _ in inspection.sides():
        if not inspection.has(name, column):
            continue
        texts = inspection.texts(name, column)[inspection.filled(name, column)]
        is_name = texts.str.strip().str.fullmatch(NAME_FORM)
        enough = len(texts) >= policy.value("least_values_of_personal_column")
        if enough and is_name.mean() >= policy.value("least_share_of_personal_column"):
            return "looks like names of people"
    return ""


def _unparsed(inspection: Inspection, name: str, found: Scan) -> Observation:
    n = sum(len(s.table.malformed) for s in inspection.side(name).sources)
    sentence = f"Of the {count(n, 'row')} that do not parse, some hold personal data: {_told(found.unparsed)}."
    return Observation(name, "", sentence)
