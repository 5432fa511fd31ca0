"""Patterns of a contract: regular expressions that Python and JSON Schema read alike."""

from __future__ import annotations

import re

from flightready import policy
from flightready.realism.contract.rules import Rule
from flightready.realism.default_days import listed_days

_CLASSES = {"A": "[A-ZÀ-ÖØ-Þ]", "a": "[a-zß-öø-ÿ]", "9": "[0-9]"}
_NEEDS_ESCAPE = set(".^$*+?()[]{}|\\/")
_NUMBER = {
    "point": r"[-+]?(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?",
    "comma": r"[-+]?(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?",
}
# what the bytes 80 to BF become when UTF-8 is read as Latin-1 or Windows-1252
_CONTINUED = (
    r"[\u0080-\u00BF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013\u2014\u2018-\u201A\u201C-\u201E"
    r"\u2020-\u2022\u2026\u2030\u2039\u203A\u20AC\u2122]"
)
_BROKEN = (
    r"[\uFFFD\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]"  # lost or control characters
    rf"|[\u00C2-\u00C5]{_CONTINUED}|\u00E2{_CONTINUED}"  # UTF-8 read as something else
    r"|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"  # HTML entities
)
_FRACTION = r"(?:[.,][0-9]+)?"


def pattern(rule: Rule) -> str:
    """Return the regular expression that a value of a column must match, whole.

    Examples
    --------
    >>> bool(re.search(pattern(Rule(kind="code", formats=["A-9"])), "T-0042"))
    True
    >>> bool(re.search(pattern(Rule(kind="code", formats=["A-9"])), "N/A"))
    False
    """
    refused = ""
    if not rule.placeholders:
        refused += rf"(?!\s*(?:{placeholders()})\s*$)"
    if not rule.broken_characters:
        refused += rf"(?![\s\S]*(?:{_BROKEN}))"
    return f"^{refused}(?:{body(rule)})$"


def body(rule: Rule) -> str:
    """Return the part of the pattern that says how a value is written."""
    if rule.kind == "number":
        return _NUMBER[rule.decimal]
    if rule.formats:
        return "|".join(shape_pattern(s) for s in rule.formats)
    return r"[\s\S]*\S[\s\S]*"


def shape_pattern(shape: str) -> str:
    """Return the regular expression of a collapsed shape; after a clock time a fraction of a second may follow.

    Examples
    --------
    >>> shape_pattern("A-9")
    '[A-ZÀ-ÖØ-Þ]+-+[0-9]+'
    >>> shape_pattern("9999-9")
    '[0-9]{4}-+[0-9]+'
    """
    runs = re.findall(r"((.)\2*)", shape, flags=re.DOTALL)
    written = "".join(_run(run, sign) for run, sign in runs)
    last = written.rfind(":+[0-9]+")
    return written if last < 0 else written[: last + 8] + _FRACTION + written[last + 8 :]


def _run(run: str, sign: str) -> str:
    """A sign that stands alone is once or more often; one that is repeated is exactly so often."""
    return f"{_CLASSES.get(sign) or _escaped(sign)}{'+' if len(run) == 1 else f'{{{len(run)}}}'}"


def placeholders() -> str:
    """Return the alternatives of words and days that stand for nothing, in any case."""
    words = "|".join("".join(_any_case(c) for c in word) for word in policy.value("null_words"))
    days = "|".join(_text(day) for day in sorted(listed_days()))
    return rf"{words}|(?:{days})(?:[T ][0-9:.,+Z-]*)?"


def broken_characters() -> str:
    """Return the alternatives of broken characters."""
    return _BROKEN


def _any_case(char: str) -> str:
    lower, upper = char.lower(), char.upper()
    both = len(lower) == len(upper) == 1 and lower != upper
    return f"[{lower}{upper}]" if both else _escaped(char)


def _text(text: str) -> str:
    return "".join(_escaped(c) for c in text)


def _escaped(char: str) -> str:
    return f"\\{char}" if char in _NEEDS_ESCAPE else char


def matches(texts: list[str], expression: str) -> list[bool]:
    """Return which texts a pattern accepts."""
    compiled = re.compile(expression)
    return [compiled.search(t) is not None for t in texts]
