"""Categories and how they are spelled: the leading spelling of each, its variants, and words that are new."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind

_EDGE = re.compile(r"^[\s\"'“”„«»‘’´`()\[\]{}.,;:!?_]+|[\s\"'“”„«»‘’´`()\[\]{}.,;:!?_]+$")
_BETWEEN = re.compile(r"(?<=\w)[\s_\-.]+(?=[^\W\d_])|(?<=[^\W\d_])[\s_\-.]+(?=\w)")
_LOOK_ALIKE = {"0": "o", "1": "li", "3": "e", "4": "a", "5": "s", "6": "b", "7": "t", "8": "b", "9": "g"}
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True)
class Spellings:
    """The words of one column of categories.

    Parameters
    ----------
    category : dict of str to str
        Every value on either side to the key of its category; a variant to the category it stands for.
    variants : frozenset of str
        Values that are another spelling of a known category.
    known : frozenset of str, optional
        Keys of the demo set's categories; None without a demo set.
    """

    category: dict[str, str]
    variants: frozenset[str]
    known: frozenset[str] | None


def category_columns(inspection: Inspection) -> tuple[str, ...]:
    """Return the columns that hold categories: by kind, or by a role and few different values."""
    roles = inspection.sample.columns
    named = {roles.label, roles.prediction, *roles.group}
    kinds = inspection.kinds
    coded = (Kind.CODE, Kind.NUMBER, Kind.TEXT)
    return tuple(
        c for c in inspection.columns
        if kinds[c] is Kind.CATEGORY or (c in named and kinds[c] in coded and _is_small(inspection, c))
    )  # fmt: skip


def spellings(inspection: Inspection, column: str) -> Spellings:
    """Return how the categories of a column are spelled; its values are compared once for all detectors."""
    return inspection.once(("spellings", column), lambda: _spellings(inspection, column))


@lru_cache(maxsize=1 << 14)
def spelling_key(text: str) -> str:
    """Return a value without case, accents, blanks, hyphens and punctuation around it.

    Signs that make another category stay: `C`, `C++` and `C#`, `A` and `A-`, `1.0` and `10`.

    Examples
    --------
    >>> [spelling_key(t) for t in (" Nörth.", "NORTH", "r-12", "R 12", "C++", "A-", "1.0", "north_west")]
    ['north', 'north', 'r12', 'r12', 'c++', 'a-', '1.0', 'northwest']
    """
    return _BETWEEN.sub("", _plain(text))


def _is_small(inspection: Inspection, column: str) -> bool:
    shown = {
        t for name, _ in inspection.sides() if inspection.has(name, column)
        for t in inspection.texts(name, column)[inspection.filled(name, column)].unique()
    }  # fmt: skip
    return len(shown) <= policy.value("most_classes")


def _counts(inspection: Inspection, name: str, column: str) -> pd.Series:
    if not inspection.has(name, column):
        return pd.Series(dtype=np.int64)
    return inspection.texts(name, column)[inspection.filled(name, column)].value_counts()


def _spellings(inspection: Inspection, column: str) -> Spellings:
    raw, curated = _counts(inspection, "raw", column), _counts(inspection, "curated", column)
    has_demo = bool(len(curated))
    values = list(dict.fromkeys([*curated.index, *raw.index]))
    variants: set[str] = set()
    category: dict[str, str] = {}
    for key, written in _by_key(values).items():
        category |= dict.fromkeys(written, key)
        shown = {t: int(curated.get(t, 0)) for t in written}
        if not any(shown.values()):
            shown = {t: int(raw.get(t, 0)) for t in written}
            variants |= set() if has_demo else _rare_spellings(shown)
            continue
        leading = max(written, key=shown.__getitem__)
        # a spelling that the demo set itself shows often is known to the pilot
        least = policy.value("known_spelling_share") * shown[leading]
        variants |= {t for t in written if t != leading and shown[t] < least}
    known = frozenset(category[t] for t in curated.index) if has_demo else None
    total = pd.concat([raw, curated]).groupby(level=0).sum()
    for text, meant in _typos(category, total, known).items():
        variants.add(text)
        category[text] = meant
    return Spellings(category, frozenset(variants), known)


def _rare_spellings(shown: dict[str, int]) -> set[str]:
    """Spellings that are rare beside one that leads; without a demo set two common ones may both be right.

    In a short code case is meaning: milligrams and megagrams, the state CO and the company Co.
    """
    most = policy.value("known_spelling_share") * max(shown.values())
    leading = max(shown, key=shown.__getitem__)
    codes = {spelled.strip() for spelled in shown}
    if len(leading.strip()) <= policy.value("longest_code_with_case"):
        same = {t for t in codes if t.casefold() == leading.strip().casefold() and t != leading.strip()}
        shown = {t: n for t, n in shown.items() if t.strip() not in same}
    return {t for t, n in shown.items() if t != leading and n <= most}


def _by_key(values: Sequence[str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for text in values:
        grouped.setdefault(spelling_key(text), []).append(text)
    return grouped


def _typos(category: dict[str, str], total: pd.Series, known: frozenset[str] | None) -> dict[str, str]:
    """Rare values one slip away from a frequent category, each with that category."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    counts: dict[str, int] = {}
    spoken: dict[str, str] = {}
    for text, key in category.items():
        counts[key] = counts.get(key, 0) + int(total[text])
        spoken.setdefault(key, _plain(text))
    times, most = policy.value("typo_frequency_ratio"), policy.value("most_words_compared")
    long = [k for k in counts if len(k) >= policy.value("least_length_of_a_swap")]
    frequent = [k for k in long if counts[k] >= times and (known is None or k in known)]
    frequent = sorted(frequent, key=lambda k: -counts[k])[:most]
    if not frequent:
        return {}
    rare = [k for k in long if times * counts[k] <= counts[frequent[0]]][:most]
    slips = [_slips(k) for k in frequent]
    distance = cdist(rare, frequent, scorer=OSA.distance, score_cutoff=max(slips))
    found: dict[str, str] = {}
    for i, j in zip(*np.nonzero((distance > 0) & (distance <= np.array(slips))), strict=True):
        is_rare = counts[frequent[j]] >= times * counts[rare[i]]
        if rare[i] not in found and is_rare and is_slip(spoken[rare[i]], spoken[frequent[j]]):
            found[rare[i]] = frequent[j]
    return {t: found[key] for t, key in category.items() if key in found}


def _slips(text: str) -> int:
    """Letters that may be wrong in a text that is still meant."""
    return max(1, len(text) // policy.value("letters_to_a_slip"))


def is_slip(written: str, meant: str) -> bool:
    """Return whether two words that differ in one place differ within a word and not in a number or a lone letter.

    Short words count only where two letters change places or one is doubled.

    Examples
    --------
    >>> is_slip("birminghxm", "birmingham"), is_slip("region 7", "region 8"), is_slip("team a", "team b")
    (True, False, False)
    >>> is_slip("wets", "west"), is_slip("test", "west")
    (True, False)
    """
    from rapidfuzz.distance import OSA

    if len(written) == len(meant) and not any(c.isdigit() for c in meant) and _reads_as(written, meant):
        return True
    is_short = len(meant) < policy.value("least_length_of_a_typo")
    if is_short and sorted(written) != sorted(meant) and (set(written) != set(meant) or len(written) < len(meant)):
        return False
    numbers = [[t for t in _TOKEN.findall(w) if t.isdigit()] for w in (written, meant)]
    words = [[t for t in _TOKEN.findall(w) if not t.isdigit()] for w in (written, meant)]
    if numbers[0] != numbers[1]:
        return False
    least = policy.value("least_letters_of_a_slip")
    if len(words[0]) != len(words[1]):  # two words run into one, or one fell apart
        return OSA.distance(written, meant) == 1 and all(len(t) >= least for t in words[1] if t not in words[0])
    pairs = [(a, b) for a, b in zip(*words, strict=True) if a != b]
    return all(len(b) >= least and OSA.distance(a, b) <= _slips(b) for a, b in pairs)


def _reads_as(written: str, meant: str) -> bool:
    """Whether digits stand for letters that they look like, as in `n0rth`."""
    odd = [(a, b) for a, b in zip(written, meant, strict=True) if a != b]
    within = all(len(t) >= policy.value("least_letters_of_a_slip") for t in _TOKEN.findall(meant))
    return bool(odd) and within and len(odd) <= _slips(meant) and all(b in _LOOK_ALIKE.get(a, "") for a, b in odd)


def _plain(text: str) -> str:
    """A value without case, accents and the blanks and punctuation around it."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf", "Cc") or c.isspace())
    return _EDGE.sub("", plain) or plain.strip()
