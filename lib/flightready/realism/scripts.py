"""The script of letters: Latin, Cyrillic, Chinese and so on, from their Unicode names."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

from flightready.realism.readable import beyond_ascii, n_letters

_SCRIPTS = {
    "LATIN": "Latin", "FULLWIDTH": "Latin", "GREEK": "Greek", "CYRILLIC": "Cyrillic", "ARMENIAN": "Armenian",
    "HEBREW": "Hebrew", "ARABIC": "Arabic", "SYRIAC": "Syriac", "THAANA": "Thaana", "DEVANAGARI": "Devanagari",
    "BENGALI": "Bengali", "GURMUKHI": "Gurmukhi", "GUJARATI": "Gujarati", "ORIYA": "Odia", "TAMIL": "Tamil",
    "TELUGU": "Telugu", "KANNADA": "Kannada", "MALAYALAM": "Malayalam", "SINHALA": "Sinhala", "THAI": "Thai",
    "LAO": "Lao", "TIBETAN": "Tibetan", "MYANMAR": "Burmese", "GEORGIAN": "Georgian", "ETHIOPIC": "Ethiopic",
    "KHMER": "Khmer", "MONGOLIAN": "Mongolian", "CHEROKEE": "Cherokee", "HANGUL": "Korean", "CJK": "Chinese characters",
    "HIRAGANA": "Japanese syllables", "KATAKANA": "Japanese syllables", "HALFWIDTH": "Japanese syllables",
}  # fmt: skip


def scripts(text: str) -> Counter[str]:
    """Return the number of letters of each script; signs that belong to no script are left out.

    Examples
    --------
    >>> dict(scripts("Order 12 µm заказ")), dict(scripts("注文を"))
    ({'Latin': 6, 'Cyrillic': 5}, {'Chinese characters': 2, 'Japanese syllables': 1})
    """
    beyond = "" if text.isascii() else beyond_ascii(text)
    n = n_letters(text) - sum(map(str.isalpha, beyond))
    found = Counter({"Latin": n} if n else {})
    found.update(kind for c in beyond if (kind := script(c)))
    return found


@cache
def script(char: str) -> str:
    """Return the script of a letter, or "" for what belongs to none."""
    if not char.isalpha():
        return ""
    return _SCRIPTS.get(unicodedata.name(char, "").split(" ")[0].split("-")[0], "")
