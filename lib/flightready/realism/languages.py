"""The language of texts: found for a column as a whole first, then for each text among the plausible ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from flightready import policy
from flightready.realism.readable import n_letters, prose, unique, words

NONE = "zxx"
"""Code of texts that are in no known language, such as lists of codes."""
UNKNOWN = ""
"""Code of texts too short or too mixed to be judged."""


@dataclass(frozen=True)
class _Guess:
    code: str
    confidence: float
    letters: int

    @property
    def is_sure(self) -> bool:
        return self.confidence >= policy.value("least_language_confidence")

    @property
    def stands_alone(self) -> bool:
        """Whether a single text is enough to find its language in a column."""
        return (self.confidence >= policy.value("lone_language_confidence")
                and self.letters >= policy.value("lone_language_letters"))  # fmt: skip


def identified(texts: Sequence[str], *, rng: np.random.Generator) -> dict[str, str]:
    """Return the language of each text, as an ISO 639 code.

    Parameters
    ----------
    texts : sequence of str
        Readable texts of one column.
    rng : Generator
        From `draws.generator`; draws the texts from which the leading language is found.

    Returns
    -------
    dict of text to str
        `UNKNOWN` where a text is too short or could be in several languages, `NONE` where it is in none.

    Source
    ------
    Naive Bayes over byte n-grams: Lui and Baldwin 2012 (langid.py); model of py3langid.

    Examples
    --------
    >>> english = ["The parcel has not arrived yet", "Please cancel my order today", "I cannot log in any more"]
    >>> german = "Meine Bestellung ist leider noch nicht angekommen, bitte prüfen Sie das"
    >>> list(identified([*english, german, "OK"], rng=np.random.default_rng(1)).values())
    ['en', 'en', 'en', 'de', '']
    """
    longest = policy.value("longest_text_for_language")
    told = {text: prose(text[: 2 * longest])[:longest] for text in unique(texts)}
    judged = [p for p in unique(told.values()) if _is_long_enough(p)]
    codes = _codes(judged, rng)
    return {text: codes.get(p, UNKNOWN) for text, p in told.items()}


def _codes(judged: list[str], rng: np.random.Generator) -> dict[str, str]:
    if not judged:
        return {}
    drawn = min(len(judged), policy.value("texts_drawn_for_language"))
    first = [judged[i] for i in np.sort(rng.choice(len(judged), drawn, replace=False))]
    guesses = {text: _guess(text) for text in first}
    leading, vocabulary = _leading(guesses)
    share = policy.value("known_words_share")
    # a text made of the leading language's words is in it; identifying it as well would only cost time
    is_leading = {text: _known(text, vocabulary) >= share for text in judged}
    for text in judged:
        if text not in guesses and not is_leading[text]:
            guesses[text] = _guess(text)
    sure = Counter(g.code for text, g in guesses.items() if g.is_sure and not is_leading[text])
    plausible = {code for code, n in sure.items() if n >= policy.value("least_texts_of_language")} | {leading}
    return {text: leading if is_leading[text] else _settled(text, guesses[text], plausible) for text in judged}


def _settled(text: str, guess: _Guess, plausible: set[str]) -> str:
    """The language of one text among the plausible ones of its column."""
    if guess.stands_alone or (guess.code in plausible and guess.is_sure):
        return guess.code
    ranked = {code: p for code, p in _identifier().rank(text) if code in plausible}
    total = sum(ranked.values())
    best = max(ranked, key=lambda code: (ranked[code], code))
    least = policy.value("least_language_confidence")
    # where nearly all the probability lies on languages that the column does not hold, nothing can be said
    return best if total > 1 - least and ranked[best] >= least * total else UNKNOWN


def _leading(guesses: dict[str, _Guess]) -> tuple[str, frozenset[str]]:
    """The most frequent language and the words that two of its texts share."""
    found = Counter(g.code for g in guesses.values() if g.is_sure) or Counter(g.code for g in guesses.values())
    leading = max(found, key=lambda code: (found[code], code))
    seen = Counter(w for text, g in guesses.items() if g.code == leading for w in set(words(text)))
    return leading, frozenset(w for w, n in seen.items() if n > 1)


def _known(text: str, vocabulary: frozenset[str]) -> float:
    found = words(text)
    return sum(map(vocabulary.__contains__, found)) / len(found)


def _is_long_enough(text: str) -> bool:
    if n_letters(text) < policy.value("least_letters_for_language"):
        return False
    least = policy.value("least_words_for_language")
    # prose has single blanks, so that more of them than words are needed are words enough
    return text.count(" ") >= least or len(text.split()) >= least or not _is_spaced(text)


def _is_spaced(text: str) -> bool:
    """Whether the script puts blanks between words: those from Thai to the end of the CJK planes do not."""
    if text.isascii():
        return True
    return sum("\u0e00" <= c <= "\u109f" or "\u1780" <= c <= "\u17ff" or c >= "\u2e80" for c in text) * 2 < len(text)


def _guess(text: str) -> _Guess:
    code, confidence = _identifier().classify(text)
    return _Guess(code, confidence, n_letters(text))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # slow to load: only where texts are read

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
