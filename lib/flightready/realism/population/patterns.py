"""Patterns that mean the same on every engine and in Python.

They hold no backslash and no named class: PostgreSQL knows no `\\p{L}`, `[[:alpha:]]` means other letters in each, and
quoting of backslashes differs.
"""

from __future__ import annotations

import re

from flightready import policy

_BLANKS = "[ \t\r\n\u00a0]*"
_DAY = "(0[1-9]|[12][0-9]|3[01])"
_MONTH = "(0[1-9]|1[0-2])"
_YEAR = "(19|20|21)[0-9]{2}"
ISO_DAY = f"^{_YEAR}-{_MONTH}-{_DAY}"
DOTTED_DAY = f"^{_DAY}[.]{_MONTH}[.]{_YEAR}"
DIGITS = f"^{_BLANKS}[0-9]+{_BLANKS}$"
DECIMAL_COMMA = f"^{_BLANKS}[+-]?[0-9]+([.][0-9]{{3}})*,[0-9]+{_BLANKS}$"
DATE_LIKE = (
    f"^{_BLANKS}([0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}|[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.]([0-9]{{4}}|[0-9]{{2}}))"
    f"([ T][0-9:., Z+-]*)?{_BLANKS}$"
)
# Latin with accents, Greek, Cyrillic, Armenian, Hebrew, Arabic, Indic to Thai, Georgian, kana, Chinese, Korean
_LETTERS = "À-ÖØ-öø-ɏͰ-ϿЀ-ԯԱ-ևא-תء-يऀ-๛Ⴀ-ჿぁ-ヿ一-鿿가-힣"
CLASSES = (("[0-9]+", "9"), ("[A-Z]+", "A"), (f"[a-z{_LETTERS}]+", "a"), ("[^ -~]+", "·"))
LOST = "\ufffd"
BLANK = f"^{_BLANKS}$"
PERSONAL = "@|[0-9][0-9 -]{5,}"  # what looks like an address or a long number is no category


def null_words() -> str:
    """Return a pattern of the words that stand for no value, in lower case."""
    written = (re.sub(r"[^a-z0-9 ]", lambda m: f"[{m[0]}]", word) for word in policy.value("null_words"))
    return f"^{_BLANKS}({'|'.join(written)}){_BLANKS}$"
