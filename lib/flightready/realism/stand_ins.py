"""Values that stand for a missing one: listed words and days, and those that stand out by structure alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.default_days import default_days, listed_days
from flightready.realism.distinct import distinct
from flightready.realism.kinds import Kind
from flightready.realism.masks import shape
from flightready.realism.numerals import number_style, read_numbers
from flightready.realism.sentinels import is_run, outlying_sentinels

_BRACKETS = " ()[]<>{}\"'*#"
_MEANS_SOMETHING = re.compile(r"[^\W_]|[#\ufffd]")
_ZEROS_ONLY = re.compile(r"0+(?:[^\w\s]0+)+")
_NO_WORD = re.compile(r"[\d#\ufffd]")
_STRUCTURED = (Kind.NUMBER, Kind.TIME)
_CODED = (Kind.CODE, Kind.KEY)
_NEAR_UNIQUE = (Kind.TEXT, Kind.FREE_TEXT, Kind.KEY, Kind.NUMBER, Kind.TIME)


@dataclass(frozen=True)
class Held:
    """The values of one column that no list calls a stand-in.

    Parameters
    ----------
    kind : Kind
    counts : Series of int, indexed by value
        Records of both sides, the most frequent first.
    known : frozenset of str, optional
        Words of the demo set (`word`); None without a demo set, or where it has no such column.
    """

    kind: Kind
    counts: pd.Series
    known: frozenset[str] | None = None

    @cached_property
    def n(self) -> int:
        """Number of records with a value."""
        return int(self.counts.sum())

    @cached_property
    def values(self) -> list[str]:
        """The different values, the most frequent first."""
        return self.counts.index.to_numpy(dtype=object).tolist()

    @cached_property
    def usual_length(self) -> float:
        """Median number of characters of the different values of free text; 0 for any other kind."""
        return float(np.median([len(t) for t in self.values])) if self.kind is Kind.FREE_TEXT else 0.0

    @cached_property
    def words(self) -> dict[str, int]:
        """Words among the values, with the number of their records."""
        return _words(self)


def word(text: str) -> str:
    """Return a value without case and the blanks around it."""
    return text.strip().casefold()


def stands_for_nothing(texts: pd.Series) -> dict[str, bool]:
    """Return for each different value whether it is a word or a default date that stands for a missing value."""
    words, days = set(policy.value("null_words")), listed_days()
    longest = max(map(len, words)) + len(_BRACKETS)  # no text gets shorter without its capitals

    def stands(text: str) -> bool:
        if text[:1].isdigit() and re.split("[T ]", text, maxsplit=1)[0] in days:
            return True
        return len(text) <= longest and not words.isdisjoint((word(text), word(text.strip(_BRACKETS))))

    return {t: stands(t.strip()) for t in distinct(texts)[1]}


def find_stand_ins(columns: Mapping[str, Held]) -> dict[str, tuple[str, ...]]:
    """Return the values of each column that stand for a missing one, the most frequent first.

    Found by structure: numbers and days apart from all others of their column, values far too frequent for a column
    that hardly repeats, and words that recur where they do not belong: among numbers, dates, codes or long texts.

    Parameters
    ----------
    columns : mapping of column to Held
    """
    found = {c: _by_itself(held) for c, held in columns.items()}
    recurring = _recurring_words(columns, found)
    for column, held in columns.items() if recurring else ():
        values = {t for t in held.values if word(t) in recurring and _may_stand(held, word(t))}
        found[column] = found[column] | values
    return {c: tuple(t for t in held.values if t in found[c]) for c, held in columns.items()}


def _by_itself(held: Held) -> set[str]:
    """What one column shows without the others."""
    if held.kind is Kind.EMPTY:
        return set()
    found = set(found_stand_ins(held.counts, held.kind)) | _marks_only(held) | _sentinels_elsewhere(held)
    if held.kind is Kind.NUMBER:
        found |= outlying_sentinels(held.counts)
    if held.kind is Kind.TIME:
        found |= default_days(held.counts)
    if held.kind in _STRUCTURED and _has_many(held):
        often = {w for w, n in held.words.items() if n >= policy.value("least_repeats_of_a_word")}
        found |= {t for t in held.values if word(t) in often} if often else set()
    return found


def found_stand_ins(counts: pd.Series, kind: Kind) -> tuple[str, ...]:
    """Return values far too frequent for a column whose other values hardly repeat.

    Zero is a value like any other; so are round numbers and prices that end in 9, which people like.

    Parameters
    ----------
    counts : Series of int, indexed by value
        The most frequent first.
    kind : Kind

    Source
    ------
    After Pearson 2006, The problem of disguised missing data (SIGKDD Explorations 8:83).
    """
    if kind not in _NEAR_UNIQUE:
        return ()
    top = counts.iloc[: policy.value("most_found_sentinels") + 1].to_numpy()
    for k in range(len(top) - 1, 0, -1):
        stands_out = top[k - 1] >= max(policy.value("least_sentinel_count"), policy.value("sentinel_gap") * top[k])
        rest = counts.iloc[k:]
        if stands_out and len(rest) >= policy.value("near_unique_share") * rest.sum():
            return tuple(v for v in (str(v) for v in counts.index[:k]) if not _is_customary(v))
    return ()


def _recurring_words(columns: Mapping[str, Held], found: Mapping[str, set[str]]) -> set[str]:
    """Words that are found in one column, or look out of place in columns of different kinds."""
    certain = {word(t) for c, held in columns.items() if held.kind in _STRUCTURED for t in found[c] if _is_word(t)}
    places: dict[str, dict[str, str]] = {}
    for column, held in columns.items():
        for w, n in held.words.items():
            if _is_out_of_place(held, w, n):
                places.setdefault(w, {})[column] = _family(held.kind)
    several = {w for w, seen in places.items() if len(set(seen.values())) > 1 or _is_terse(columns, w, seen)}
    return certain | several | {w for w, seen in places.items() if _unseen_in_both(columns, list(seen))}


def _is_out_of_place(held: Held, w: str, count: int) -> bool:
    """Whether a word does not look like the other values of its column."""
    if held.kind in (*_STRUCTURED, *_CODED):
        return True
    if held.kind is Kind.CATEGORY:
        most = policy.value("most_of_a_placeholder" if held.known is not None else "most_of_an_unknown_word")
        return count <= max(1, most * held.n) and (held.known is None or w not in held.known)
    if held.kind is Kind.TEXT:
        return count >= policy.value("least_repeats_of_a_sentinel")
    least = 1 if held.known is not None else policy.value("least_repeats_of_a_word")
    return count >= least and len(w) <= policy.value("short_beside_usual") * held.usual_length


def _is_terse(columns: Mapping[str, Held], w: str, seen: Mapping[str, str]) -> bool:
    """Whether a word stands alone in two columns of texts, one of which is of long texts."""
    usual = [columns[c].usual_length for c in seen if columns[c].kind is Kind.FREE_TEXT]
    return len(usual) > 1 and len(w) <= policy.value("terse_beside_usual") * max(usual)


def _unseen_in_both(columns: Mapping[str, Held], seen: list[str]) -> bool:
    """Whether a word is new in two columns of categories that share no other word."""
    known = [columns[c].known for c in seen if columns[c].kind is Kind.CATEGORY and columns[c].known]
    return any(not (a & b) for i, a in enumerate(known) for b in known[:i])


def _may_stand(held: Held, w: str) -> bool:
    """Whether a word found elsewhere may be taken for a stand-in here: no category that the demo set knows."""
    if held.kind is not Kind.CATEGORY:
        return True
    count = int(held.counts[[word(t) == w for t in held.values]].sum())
    return (not held.known or w not in held.known) and count <= policy.value("most_of_a_placeholder") * held.n


def _words(held: Held) -> dict[str, int]:
    """Words among the values, rather than numbers, dates, codes or sentences, with the number of their records.

    In a column of names a word that occurs once is a name like any other.
    """
    least = policy.value("least_repeats_of_a_word") if held.kind is Kind.TEXT else 1
    found: dict[str, int] = {}
    for text, n in zip(held.values, held.counts.to_numpy().tolist(), strict=True):
        if n >= least and not _NO_WORD.search(text) and _is_word(text):
            found[word(text)] = found.get(word(text), 0) + n
    return found


def _is_word(text: str) -> bool:
    if _NO_WORD.search(text):
        return False
    stripped = text.strip()
    longest, most = policy.value("longest_placeholder"), policy.value("most_words_of_a_placeholder")
    return 0 < len(stripped) <= longest and len(stripped.split()) <= most


def _family(kind: Kind) -> str:
    if kind in (*_STRUCTURED, *_CODED):
        return "numbers"
    return "categories" if kind is Kind.CATEGORY else "texts"


def _has_many(held: Held) -> bool:
    return len(held.counts) >= policy.value("least_distinct_numbers")


def _marks_only(held: Held) -> set[str]:
    """Values without a letter or a digit but zeros, as in 0-0, where nearly all others have some."""
    bare = {t for t in held.values if not _MEANS_SOMETHING.search(t)}
    zeros = {t for t in held.values if _ZEROS_ONLY.fullmatch(t.strip()) and not number_style(t)}
    if zeros:  # 0-0 is a score where 2-1 is one too
        alike = {shape(t) for t in held.values if t not in zeros}
        bare |= {t for t in zeros if shape(t) not in alike}
    is_rare = held.counts[list(bare)].sum() <= policy.value("most_of_a_placeholder") * held.n if bare else False
    return bare if is_rare and len(bare) <= policy.value("most_found_sentinels") else set()


def _sentinels_elsewhere(held: Held) -> set[str]:
    """Usual number sentinels among dates or words."""
    if held.kind not in (Kind.TIME, Kind.CATEGORY, Kind.TEXT, Kind.FREE_TEXT):
        return set()
    usual, longest = {str(v) for v in policy.value("number_sentinels")}, policy.value("longest_placeholder")
    found = {t for t in held.values if len(t) <= longest and t.strip() in usual}
    if not found or held.kind is Kind.TIME:
        return found
    others = held.counts[~held.counts.index.isin(found)]
    with_digits = int(others[others.index.str.contains(r"\d")].sum())
    return found if with_digits <= (1 - policy.value("dominant_code_share")) * held.n else set()


def _is_customary(text: str) -> bool:
    """Whether a number is one that people like: zero, one of two figures, a round one, a price that ends in 9."""
    if not number_style(text):
        return False
    value = float(read_numbers(pd.Series([text]))[0])
    cents = round(abs(value) * 100)
    is_round = len(str(cents).strip("0")) <= policy.value("figures_of_a_round_number")
    return is_round or (cents % 10 == 9 and not is_run(abs(value)))
