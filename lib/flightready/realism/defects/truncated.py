"""Cut-off texts: texts that stop in the middle of a word, at the limit of a field, or with a bracket left open."""

from __future__ import annotations

import re
from html.entities import html5

import numpy as np

from flightready import policy
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.endings import Endings, cut_chances, has_end_mark, is_open
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.readable import readable_texts, unique
from flightready.wording import count

# what exporters and shops add where they cut, and entities of which the end is gone
_SAYS_SO = re.compile(
    r"(?:\[\s*(?:\.{3}|…)\s*\]|[\[(<](?:truncated|cut off|gekürzt|tronqué|snip)[\])>])$", re.IGNORECASE
)
_LAST_OF_A_CUT = ("]", ")", ">")
_HALF_ENTITY = re.compile(r"&(#x?[0-9a-fA-F]{2,6}|[A-Za-z]{3,30})$")
_DOTS = re.compile(r"(?:\.{3}|…)$")


@detector(
    "truncated", name="texts that are cut off", place=10,
    repair="widen the field or column that cuts texts off, and fetch the whole texts again from their source",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark texts that end in the middle of a word or at a field's limit."""
    found = {}
    for column in inspection.columns:
        if inspection.kinds[column] in (Kind.FREE_TEXT, Kind.TEXT):
            found[column] = _detection(inspection, column)
    return found


def _detection(inspection: Inspection, column: str) -> Detection:
    held = {n: readable_texts(inspection, n, column) for n, _ in inspection.sides() if inspection.has(n, column)}
    everything = unique(t for texts in held.values() for t in texts.values())
    is_prose = inspection.kinds[column] is Kind.FREE_TEXT and _is_usually_ended(everything)
    endings = Endings.of(everything) if is_prose else None
    marks, told = {}, []
    for name, texts in held.items():
        cut = {t for t, readable in texts.items() if says_so(t) or says_so(readable)}
        if endings is not None:
            cut |= _in_mid_word(texts, endings)
        filled = inspection.filled(name, column)
        hit = filled & inspection.holds(name, column, cut)
        for system, limit, places in _at_limits(inspection, name, column):
            hit[places] = True
            told.append(f"{system}: a limit of {count(limit, 'character')}")
        marks[name] = Marks(hit, filled)
    return Detection(marks.get("raw"), marks.get("curated"), told=", ".join(dict.fromkeys(told)))


def says_so(text: str) -> bool:
    """Return whether a text ends in a mark of being cut off, or in half an entity.

    Examples
    --------
    >>> [says_so(t) for t in ("and then [...]", "Caf&eacut", "and so on...", "R&D", "AT&T")]
    [True, True, False, False, False]
    """
    text = text.rstrip()
    if text[-1:] in _LAST_OF_A_CUT and _SAYS_SO.search(text):
        return True
    match = _HALF_ENTITY.search(text) if "&" in text else None
    return match is not None and (match[1][0] == "#" or any(e.startswith(match[1]) for e in html5))


def _is_usually_ended(texts: list[str]) -> bool:
    if len(texts) < policy.value("least_texts_for_endings"):
        return False
    return sum(map(has_end_mark, texts)) >= policy.value("usual_ending_share") * len(texts)


def _in_mid_word(texts: dict[str, str], endings: Endings) -> set[str]:
    """Values that end in the beginning of a word rather than in a word that ends sentences."""
    unended = [text for text, readable in texts.items() if not has_end_mark(readable)]
    readable = [texts[text] for text in unended]
    odds = endings.odds(readable)
    odds *= np.where([is_open(t) for t in readable], policy.value("open_bracket_odds"), 1.0)
    chances = cut_chances(odds)
    return {t for t, chance in zip(unended, chances, strict=True) if chance >= policy.value("least_cut_chance")}


def _at_limits(inspection: Inspection, name: str, column: str) -> list[tuple[str, int, np.ndarray]]:
    """System, limit and places of the cells that stand exactly at a field's limit without an end."""
    side, filled = inspection.side(name), inspection.filled(name, column)
    found = []
    for system in side.systems:
        places = np.flatnonzero(filled & side.of(system))
        cells = inspection.texts(name, column).iloc[places]
        texts = cells.to_numpy(dtype=object)
        for measure in (len, _n_bytes):
            lengths = np.fromiter(map(measure, texts), dtype=np.int64, count=len(texts))
            limit = field_limit(texts, lengths)
            if limit:
                unended = ~cells.map(_is_ended_by_itself).to_numpy(dtype=bool)
                found.append((system, limit, places[(lengths == limit) & unended]))
                break
    return found


def field_limit(texts: np.ndarray, lengths: np.ndarray) -> int:
    """Return the length at which texts are cut, or 0 when lengths thin out as they do by themselves.

    Examples
    --------
    >>> import random
    >>> draw = random.Random(1)
    >>> texts = ["".join(draw.choices("abc def", k=draw.randrange(20, 90))) for _ in range(300)]
    >>> whole, cut = np.array(texts, dtype=object), np.array([t[:60] for t in texts], dtype=object)
    >>> [field_limit(t, np.array([len(x) for x in t])) for t in (whole, cut)]
    [0, 60]
    """
    if not len(texts):
        return 0
    limit = int(lengths.max())
    if limit < policy.value("shortest_field_limit"):
        return 0
    different = dict(zip(texts.tolist(), lengths.tolist(), strict=True))
    at_limit = [t for t, length in different.items() if length == limit]
    unended = [t for t in at_limit if not _is_ended_by_itself(t)]
    near = policy.value("limit_neighbourhood")
    below = sum(limit - near <= length < limit for length in different.values()) / near
    is_pile = (
        len(unended) >= max(policy.value("least_at_limit"), policy.value("limit_pile_up") * max(below, 1 / near))
        and len(at_limit) <= policy.value("most_share_at_limit") * len(different)
        # texts of one template have one length as well, and all end alike
        and len({t[-policy.value("limit_neighbourhood"):] for t in unended}) * 2 > len(unended)
        and len(unended) * 2 > len(at_limit)
    )  # fmt: skip
    return limit if is_pile else 0


def _is_ended_by_itself(text: str) -> bool:
    """Whether a text ends in an end mark that is not the dots which exporters add."""
    return has_end_mark(text) and not text[-1:].isspace() and not _DOTS.search(text.rstrip())


def _n_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", errors="surrogatepass"))
