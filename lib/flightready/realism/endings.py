"""How the texts of a column end, and how likely each one without an end mark was cut off in the middle of a word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.realism.readable import WORD

_END_MARKS = ".!?…。！？؟।"
_CLOSERS = "\"'»”’“)]}*_ "
_LAST_WORD = re.compile(rf"{WORD.pattern}$")
# the last words of sentences, in texts that are read backwards: from an end mark it is one step to its word
_SENTENCE_END = re.compile(rf"[{_END_MARKS}](?<!\S.)[\"'»”’)\]]*({WORD.pattern})", re.DOTALL)
_SMILEY = re.compile(r"[:;=]-?[()\[\]]")
_PAIRS = (("(", ")"), ("[", "]"), ("„", "“"), ("“", "”"), ("«", "»"))
_LOST = "\ufffd"
_ROUNDS = 50


def has_end_mark(text: str) -> bool:
    """Return whether a text ends in a full stop or another mark that ends sentences.

    Examples
    --------
    >>> [has_end_mark(t) for t in ("Thanks.", 'He said "no!"', "Order 12", "until Wed")]
    [True, True, False, False]
    """
    return text.rstrip().rstrip(_CLOSERS)[-1:] in tuple(_END_MARKS)


def is_open(text: str) -> bool:
    """Return whether a bracket or a quotation of a text is never closed.

    Examples
    --------
    >>> [is_open(t) for t in ("the rug (160 x", "the rug (160 x 230)", "thanks :(", "he said „no")]
    [True, False, False, True]
    """
    text = _SMILEY.sub("", text)
    if any(text.count(first) > text.count(last) for first, last in _PAIRS if first != "“" or "„" not in text):
        return True
    return text.count('"') % 2 == 1


@dataclass(frozen=True)
class Endings:
    """The words of a column and those that its sentences end in, with their counts.

    Parameters
    ----------
    words, ends : Counter of str
        As they are written.
    small_words, small_ends : Counter of str
        In small letters, for texts that are typed without capitals.
    """

    words: Counter[str]
    ends: Counter[str]
    small_words: Counter[str]
    small_ends: Counter[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Endings:
        """Count words and sentence ends; the last word of a text without an end mark counts as neither."""
        joined = "\n".join(texts)  # which no word and no end of a sentence reaches across
        unended = (WORD.findall(text)[-1:] for text in texts if not has_end_mark(text))
        words = Counter(WORD.findall(joined)) - Counter(word for last in unended for word in last)
        ends = Counter(word[::-1] for word in _SENTENCE_END.findall(joined[::-1]))
        small = [Counter(), Counter()]
        for small_counts, counts in zip(small, (words, ends), strict=True):
            for word, n in counts.items():
                small_counts[word.lower()] += n
        return cls(words, ends, *small)

    def odds(self, texts: Sequence[str]) -> np.ndarray:
        """Return the odds of each text's last word if it was cut off against it being whole, shape (texts,).

        A text cut at a random letter leaves the beginning of a word as often as words begin so; a whole one ends in the
        words that sentences end in.
        """
        usual = _Odds(self.words, self.ends)
        small = _Odds(self.small_words, self.small_ends)
        return np.array([(small if t.islower() else usual).of(t.rstrip()) for t in texts], dtype=float)


class _Odds:
    """Odds by last word, from words sorted so that all which begin alike are neighbours."""

    def __init__(self, words: Counter[str], ends: Counter[str]) -> None:
        self.words, self.ends = words, ends
        self.sorted = sorted(words)
        self.sums = np.concatenate([[0], np.cumsum([words[w] for w in self.sorted])])
        self.letters = max(sum(n * len(w) for w, n in words.items()), 1)
        self.total_ends = max(sum(ends.values()), 1)
        n = policy.value("letters_of_ending")
        self.final: Counter[str] = Counter(w[-n:] for w in self.sorted)
        self.inside: Counter[str] = Counter(w[i : i + n] for w in self.sorted for i in range(len(w) - n))
        # Good and Turing: unseen words are as frequent as those seen once
        self.unseen_end = max(sum(n == 1 for n in ends.values()), 1) / self.total_ends
        self.total_words = max(sum(words.values()), 1)
        self.new_word = max(sum(n == 1 for n in words.values()), 1) / self.total_words

    def of(self, text: str) -> float:
        match = _LAST_WORD.search(text)
        if match is None:
            return 0.0
        word = match[0]
        begins = self._n_beginning_with(word)
        if not begins and word not in self.words:
            return self._unknown(word)
        return (begins + self.words[word]) / self.letters / self._whole(word)

    def _whole(self, word: str) -> float:
        """Chance that a sentence ends in a word: as it was seen to, or in one seen elsewhere, or in a new one."""
        seen = (1 - self.new_word) * self.words[word] / self.total_words
        new = self.new_word / max(len(self.words), 1)
        return self.ends[word] / self.total_ends + self.unseen_end * (seen + new)

    def _unknown(self, word: str) -> float:
        """Odds of a word that is neither known nor begins a known one, by how known words end."""
        if not word.islower():
            return policy.value("unknown_word_odds")  # most often a name
        n = policy.value("letters_of_ending")
        inside, final = self.inside[word[-n:]], self.final[word[-n:]]
        letters = (inside + 1) / (final + 1) * self.final.total() / max(self.inside.total(), 1)
        # a whole word that nobody else used is as rare as an unseen word at the end of a sentence
        most = policy.value("most_ending_odds")
        return min(max(letters, 1 / most), most)

    def _n_beginning_with(self, start: str) -> int:
        """Occurrences of longer words that begin so; a lost character stands for any one."""
        if _LOST in start:
            pattern = re.compile(start.replace(_LOST, ".") + ".")
            return sum(n for w, n in self.words.items() if pattern.match(w))
        low, high = bisect_left(self.sorted, start), bisect_left(self.sorted, start + "\U0010ffff")
        return int(self.sums[high] - self.sums[low]) - self.words[start]


def cut_chances(odds: np.ndarray) -> np.ndarray:
    """Return the chance that each text was cut off, with the share of such texts estimated from all of them.

    Source
    ------
    Expectation-maximisation of a two-part mixture: Dempster, Laird and Rubin 1977.

    Examples
    --------
    >>> cut_chances(np.array([50.0, 80.0, 0.02, 0.01])).round(2).tolist()
    [0.98, 0.99, 0.02, 0.01]
    """
    if not len(odds):
        return odds
    share = 0.5
    for _ in range(_ROUNDS):
        chances = share * odds / (share * odds + 1 - share)
        share = min(max(float(chances.mean()), 1 / (len(odds) + 1) ** 2), 1 - 1e-9)
    return chances
