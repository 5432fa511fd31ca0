"""Near copies: records that repeat another one but for small edits, such as a request that was sent twice."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready import policy
from flightready.draws import generator
from flightready.realism.coverage import moments
from flightready.realism.detector import RECORD, Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.likeness import likely_pairs, signatures
from flightready.realism.parsing import read_numbers
from flightready.realism.permutation import permutation_p, repeats
from flightready.realism.readable import readable_texts

_WORD = re.compile(r"\w+(?:[.,:/-]\w+)*")


@detector(
    "near_duplicate", name="near copies", place=14, says="repeats an earlier record but for small edits",
    repair="recognise repeated requests by their text and other values where they come in, and join them to the first",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark records that nearly repeat an earlier one of their side, of the same system or of another."""
    columns = _text_columns(inspection)
    if not columns:
        return {}
    pool, pairs = _found(inspection, columns)
    marks = {name: Marks(pool.later(pairs, name), pool.applies(name)) for name, _ in inspection.sides()}
    p = pool.p_value(pairs, generator(inspection.seed, "realism", "near_duplicate", "p")) if len(marks) == 2 else None
    return {RECORD: Detection(marks.get("raw"), marks.get("curated"), p, told=pool.told)}


def near_pairs(inspection: Inspection, name: str) -> np.ndarray:
    """Return the pairs of records of one side that are near copies, as places in the side, shape (pairs, 2)."""
    columns = _text_columns(inspection)
    if not columns or inspection.side(name) is None:
        return np.empty((0, 2), dtype=int)
    pool, pairs = _found(inspection, columns)
    return pool.within(pairs, name)


def _found(inspection: Inspection, columns: list[str]) -> tuple[_Pool, np.ndarray]:
    """The records that were looked at, and the pairs among them; found once, since several analyses ask."""

    def search() -> tuple[_Pool, np.ndarray]:
        pool = _Pool.of(inspection, columns)
        return pool, pool.near_pairs(generator(inspection.seed, "realism", "near_duplicate"))

    return inspection.once(("near pairs",), search)


def _text_columns(inspection: Inspection) -> list[str]:
    roles = inspection.sample.columns
    named = [c for c in roles.text if c in inspection.columns]
    answers = {roles.label, roles.prediction, *inspection.answers}
    return named or [c for c, kind in inspection.kinds.items() if kind is Kind.FREE_TEXT and c not in answers]


def _other_columns(inspection: Inspection, texts: list[str]) -> list[str]:
    """Columns that say which case a record is; ids and times differ by nature, answers may differ by accident."""
    roles = inspection.sample.columns
    left_out = {roles.id, roles.time, roles.label, roles.prediction, roles.confidence, *inspection.answers, *texts}
    kinds = (Kind.KEY, Kind.TIME, Kind.EMPTY, Kind.FREE_TEXT)
    return [c for c in inspection.columns if c not in left_out and inspection.kinds[c] not in kinds]


@dataclass(frozen=True)
class _Pool:
    """The records of both sides that have a text long enough, one after another.

    Parameters
    ----------
    sides : dict of side name to array of int
        Place in its side of each record that is looked at.
    n_rows : dict of side name to int
    texts : list of str
        In small letters.
    others : array of int, shape (records, columns)
        Code of each other value; -1 where missing.
    ids : array of int, shape (records,)
        Code of each id; a unique negative one where missing.
    when : array of datetime64
    told : str
    """

    sides: dict[str, np.ndarray]
    n_rows: dict[str, int]
    texts: list[str]
    others: np.ndarray
    ids: np.ndarray
    when: np.ndarray
    told: str

    @classmethod
    def of(cls, inspection: Inspection, columns: list[str]) -> _Pool:
        most, told = policy.value("most_records_for_copies"), ""
        sides, texts = {}, []
        for name, side in inspection.sides():
            held = [c for c in columns if inspection.has(name, c)]
            if not held:
                sides[name] = np.empty(0, dtype=int)
                continue
            joined = _joined(inspection, name, held)
            is_long = joined.str.len().to_numpy() >= policy.value("shortest_near_text")
            # a record without its main text is alike to every other one with the same title
            is_long &= inspection.filled(name, _main(inspection, name, held))
            places = np.flatnonzero(is_long & ~side.is_copy)
            if len(places) > most:
                places, told = places[:most], f"looked for among the first {most:,} records"
            sides[name] = places
            texts += joined.iloc[places].tolist()
        others = _other_columns(inspection, columns)
        codes = [_codes(inspection, c, sides) for c in others]
        ids = _codes(inspection, inspection.sample.columns.id, sides)
        ids = np.where(ids < 0, -1 - np.arange(len(ids)), ids)
        when = [moments(inspection, name)[0][places] for name, places in sides.items()]
        return cls(
            sides, {n: len(s) for n, s in inspection.sides()}, texts,
            np.column_stack(codes) if codes else np.empty((len(texts), 0), dtype=int), ids,
            np.concatenate([*when, np.empty(0, dtype="datetime64[s]")]), told,
        )  # fmt: skip

    def near_pairs(self, rng: np.random.Generator) -> np.ndarray:
        """Return the pairs of records that are near copies, shape (pairs, 2)."""
        if len(self.texts) < 2:
            return np.empty((0, 2), dtype=int)
        order = np.lexsort(self.others.T) if self.others.shape[1] else np.arange(len(self.texts))
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        pairs = likely_pairs(signatures(self.texts, rng=rng), rank)
        one, other = self.others[pairs[:, 0]], self.others[pairs[:, 1]]
        both = (one >= 0) & (other >= 0)
        agree, differ = (both & (one == other)).sum(axis=1), (both & (one != other)).sum(axis=1)
        fits = (self.ids[pairs[:, 0]] != self.ids[pairs[:, 1]]) & (differ * 3 <= agree)
        pairs = pairs[fits]
        if not len(pairs):
            return pairs
        return pairs[self._is_alike(pairs)]

    def _is_alike(self, pairs: np.ndarray) -> np.ndarray:
        """Whether the texts of each pair are one text but for edits."""
        from rapidfuzz.distance import LCSseq

        least, alone = policy.value("least_near_similarity"), policy.value("near_text_alone")
        is_telling = self._chance(pairs) <= policy.value("telling_share")
        alike = np.zeros(len(pairs), dtype=bool)
        for k, (i, j) in enumerate(pairs):
            short, long = sorted((self.texts[i], self.texts[j]), key=len)
            if len(long) - len(short) > policy.value("most_added_share") * len(short):
                continue
            needed = int(least * len(short) if is_telling[k] else alone * len(long))
            alike[k] = LCSseq.similarity(short, long, score_cutoff=needed) >= needed and is_edit(short, long)
        return alike

    def _chance(self, pairs: np.ndarray) -> np.ndarray:
        """Chance that a record agrees with another one in the values in which each pair agrees."""
        chance = np.ones(len(pairs))
        for column in self.others.T:
            known = column[column >= 0]
            shares = np.bincount(known) / max(len(known), 1) if len(known) else np.zeros(1)
            one, other = column[pairs[:, 0]], column[pairs[:, 1]]
            chance *= np.where((one == other) & (one >= 0), shares[np.maximum(one, 0)], 1.0)
        return chance

    def later(self, pairs: np.ndarray, name: str) -> np.ndarray:
        """Return which records of a side are the later of a pair of that side, shape (rows,)."""
        low, high = self._span(name)
        mine = pairs[((pairs >= low) & (pairs < high)).all(axis=1)]
        first, second = mine[:, 0], mine[:, 1]  # in the order of the files
        is_swapped = self.when[first] > self.when[second]  # never where a time is not known
        hit = np.zeros(self.n_rows[name], dtype=bool)
        hit[self.sides[name][np.where(is_swapped, first, second) - low]] = True
        return hit

    def within(self, pairs: np.ndarray, name: str) -> np.ndarray:
        """Return the pairs of one side as places in that side, shape (pairs, 2)."""
        low, high = self._span(name)
        mine = pairs[((pairs >= low) & (pairs < high)).all(axis=1)]
        return self.sides[name][mine - low]

    def applies(self, name: str) -> np.ndarray:
        """Return which records of a side were looked at, shape (rows,)."""
        found = np.zeros(self.n_rows[name], dtype=bool)
        found[self.sides[name]] = True
        return found

    def p_value(self, pairs: np.ndarray, rng: np.random.Generator) -> float:
        """More rows hold more near copies by chance alone, so the sides are compared by dealing the records anew."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        n = len(self.texts)
        if not n:
            return 1.0
        graph = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
        size, cluster = connected_components(graph, directed=False)
        counts = []
        for name in ("raw", "curated"):
            low, high = self._span(name)
            counts.append(np.bincount(cluster[low:high], minlength=size))
        return permutation_p(*counts, repeats, rng=rng, singles="ignore")

    def _span(self, name: str) -> tuple[int, int]:
        """First record of a side in the pool, and the one behind its last."""
        low = 0
        for other, places in self.sides.items():
            if other == name:
                return low, low + len(places)
            low += len(places)
        return low, low


def is_edit(one: str, other: str) -> bool:
    """Return whether one text has words put in, taken out or mistyped, rather than others put in their place.

    Two cases of one kind differ in what they are about: one number, name or product stands where the other has another.

    Examples
    --------
    >>> is_edit("my parcel is lost", "again: my parsel is lost! any news?")
    True
    >>> is_edit("order 41 is late", "order 42 is late"), is_edit("the lamp is broken", "the chair is broken")
    (False, False)
    """
    from rapidfuzz.distance import OSA

    words = [Counter(_WORD.findall(text)) for text in (one, other)]
    only, others = list((words[0] - words[1]).elements()), list((words[1] - words[0]).elements())
    if not only or not others:
        return True
    for word in only:
        near = [o for o in others if _is_typo(word, o, OSA.distance(word, o))]
        if near:
            others.remove(near[0])
        elif others:
            return False
    return True


def _is_typo(word: str, other: str, distance: int) -> bool:
    """Whether two words are one but for a slip; numbers are never."""
    if any(map(str.isdigit, word + other)):
        return False
    return distance <= min(2, min(len(word), len(other)) // 3)


def _joined(inspection: Inspection, name: str, columns: list[str]) -> pd.Series:
    """The texts of each record as one, in small letters, blanks made single."""
    side = inspection.side(name)
    joined = pd.Series("", index=range(len(side)), dtype=object)
    for column in columns:
        readable = readable_texts(inspection, name, column)
        codes, different = inspection.different(name, column)
        written = [" ".join(readable[text].split()).casefold() if text in readable else "" for text in different]
        cells = np.array([*written, ""], dtype=object)[codes]
        joined += np.where(inspection.filled(name, column), cells, "") + " "
    return joined.str.strip()


def _main(inspection: Inspection, name: str, columns: list[str]) -> str:
    """The text column that holds most."""
    return max(columns, key=lambda c: inspection.texts(name, c).str.len().fillna(0).sum())


def _codes(inspection: Inspection, column: str | None, sides: dict[str, np.ndarray]) -> np.ndarray:
    """Code of each value of a column over both sides, -1 where it is missing."""
    parts = []
    for name, places in sides.items():
        if not inspection.has(name, column or ""):
            parts.append(pd.Series(None, index=range(len(places)), dtype=object))
            continue
        if inspection.kinds[column] is Kind.NUMBER:
            texts = inspection.texts(name, column).where(inspection.filled(name, column)).iloc[places]
            parts.append(_numbers(texts, inspection.side(name).system[places]))
        else:
            written = {t: t.strip().casefold() for t in inspection.filled_values(name, column)}
            codes, different = inspection.different(name, column)
            cells = np.array([*(written.get(t) for t in different), None], dtype=object)[codes]
            parts.append(pd.Series(np.where(inspection.filled(name, column), cells, None)[places], dtype=object))
    return pd.factorize(pd.concat(parts, ignore_index=True), use_na_sentinel=True)[0]


def _numbers(texts: pd.Series, systems: np.ndarray) -> pd.Series:
    """Numbers of a column as each system writes them; what is no number stays as it is written."""
    found = texts.astype(object).to_numpy().copy()
    for system in dict.fromkeys(systems):
        mine = systems == system
        values = read_numbers(texts[mine])
        found[mine] = np.where(np.isnan(values), found[mine], values)
    return pd.Series(found, dtype=object)
