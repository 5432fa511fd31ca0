"""Secrets in a text: keys by their form, passwords in connections, and random signs after a word such as token.

UUIDs, hashes and pictures in base64 are no secrets by themselves: only a word before them, or their header, makes one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flightready import policy
from flightready.realism.distinct import holders

_EDGE = r"(?<![A-Za-z0-9/+_-])"
_FORMS = {
    "cloud access key": (("AKIA", "ASIA"), re.compile(_EDGE + r"A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])")),
    "repository token": (
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"),
        re.compile(_EDGE + r"(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}|glpat-[\w-]{20,})"),
    ),
    "chat token": (
        ("xox", "hooks.slack"), re.compile(r"xox[abeoprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/\w+/\w+/\w+"),
    ),
    "API key": (
        ("AIza", "sk_", "rk_", "sk-", "SG.", "npm_", "hf_"),
        re.compile(
            _EDGE + r"(?:AIza[\w-]{35}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|sk-(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{20,}"
            r"|SG\.[\w-]{16,}\.[\w-]{16,}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,})"
        ),
    ),
    "private key": (("-----BEGIN",), re.compile(r"-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----")),
    "web token": (("eyJ",), re.compile(_EDGE + r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*")),
    "password hash": (
        ("$2", "$argon2"), re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}|\$argon2[id]{1,2}\$v=\d+\$\S{20,}"),
    ),
    "connection with a password": (
        ("://",), re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{0,64}:(?![\s*xX<{$%]|password@)[^\s/@]{1,128}@[\w.-]+")
    ),
}  # fmt: skip
"""What starts each form, to look no further where it is absent, and the form."""
_VALUE = (
    r"""["'´`“”]{0,2}\s*(?:(?:is|ist|lautet|est|es|è)\b\s*:?|[:=]|:=|=>|->)\s*["'´`“”]{0,2}([^\s"'´`“”,;<>]{6,200})"""
)
_BEARER = re.compile(r"\bbearer\s+([A-Za-z0-9._~+/-]{16,}=*)", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{32,128}", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_PICTURE = re.compile(r"data:[\w/+.-]+;base64,\S*")
_HEADER_TAKEN = {"count", "counts", "usage", "used", "total", "limit", "id", "hint", "policy", "changed", "date", "at"}


@dataclass(frozen=True)
class Secret:
    """Something in a text that opens something, with its place."""

    kind: str
    start: int
    end: int


def secrets(text: str, header: str = "") -> list[Secret]:
    """Return what has the form of a secret in a text.

    Parameters
    ----------
    text : str
    header : str
        Name of its column; under a header such as `api_key` a random value needs no word before it.

    Examples
    --------
    >>> [s.kind for s in secrets("log in with password: " + "Xy7" * 4)]
    ['password']
    >>> secrets("my password is not accepted, order 550e8400-e29b-41d4-a716-446655440000")
    []
    """
    if len(text) > (most := policy.value("most_screened_characters")):
        text = text[:most]
    if "base64," in text:
        text = _PICTURE.sub(lambda m: " " * len(m[0]), text)
    found = [Secret(kind, m.start(), m.end()) for kind, m in _formed(text)]
    plain = text.casefold()
    said = [*_after(text, plain, "password_words", "password"), *_after(text, plain, "secret_words", "key or token")]
    said += [Secret("key or token", m.start(1), m.end(1)) for m in _BEARER.finditer(text)
             if is_random(m[1])] if "bearer" in plain else []  # fmt: skip
    if header and not said:
        said = _under(text, header)
    return found + [s for s in said if all(s.end <= f.start or s.start >= f.end for f in found)]


def may_hold(texts: list[str], header: str = "") -> list[str]:
    """Return the texts that hold anything that a secret starts with or comes after.

    Examples
    --------
    >>> may_hold(["the password is wrong", "hello", "Bearer of news"])
    ['the password is wrong', 'Bearer of news']
    """
    if header and _header_says(header):
        return texts
    starts = [start for starts, _ in _FORMS.values() for start in starts]
    said = ["bearer", *policy.value("password_words"), *policy.value("secret_words")]
    places = holders(texts, starts) | holders([t.casefold() for t in texts], said)
    return [texts[i] for i in sorted(places)]


def entropy(text: str) -> float:
    """Return the entropy of the characters of a text in bits per character.

    Source
    ------
    Shannon 1948.

    Examples
    --------
    >>> entropy("aaaa"), entropy("abcd")
    (0.0, 2.0)
    """
    counts = Counter(text)
    return math.fsum(n / len(text) * math.log2(len(text) / n) for n in counts.values()) if text else 0.0


def is_random(value: str) -> bool:
    """Return whether a value looks made by a program as a key: long, letters and digits mixed, hardly repeating.

    Examples
    --------
    >>> is_random("q9Zr" "T4mK" "p2Lw" "X8sV"), is_random("internationalisation"), is_random("T-0000000000012345")
    (True, False, False)
    """
    long_enough = len(value) >= policy.value("least_secret_length")
    letters = sum(c.isalpha() for c in value)
    mixed = letters >= len(value) // 8 + 2 and any(c.isdigit() for c in value)
    return long_enough and mixed and entropy(value) >= policy.value("least_secret_entropy")


def is_password(value: str) -> bool:
    """Return whether a word after "password" is one: letters and digits, or capitals within, not a plain word.

    Examples
    --------
    >>> [is_password(v) for v in ("Summer2024", "incorrect", "case-sensitive", "kX-pQ.vb", "2026-10-01")]
    [True, False, False, True, False]
    """
    value = value.rstrip(".,;:!?)")
    if len(value) < policy.value("least_password_length") or not any(c.isalpha() for c in value):
        return False
    has_inner_capital = any(c.isupper() for c in value[1:]) and any(c.islower() for c in value)
    return any(c.isdigit() for c in value) or (has_inner_capital and not value.isalpha())


def _formed(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for kind, (starts, pattern) in _FORMS.items():
        if any(start in text for start in starts):
            yield from ((kind, m) for m in pattern.finditer(text))


@cache
def _phrase(key: str) -> re.Pattern[str]:
    words = "|".join(re.escape(w) for w in sorted(policy.value(key), key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{words}){_VALUE}", re.IGNORECASE)


def _after(text: str, plain: str, key: str, kind: str) -> Iterator[Secret]:
    if not any(word in plain for word in policy.value(key)):
        return
    holds = is_password if key == "password_words" else is_random
    for match in _phrase(key).finditer(text):
        if holds(match[1]):
            yield Secret(kind, match.start(1), match.end(1))


@cache
def _header_says(header: str) -> str:
    """Which secrets a header announces: password, key or token, or none."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).casefold()
    if _HEADER_TAKEN.intersection(_WORD.findall(plain)):
        return ""
    joined = _spaced(plain)
    for key, kind in (("password_words", "password"), ("secret_words", "key or token")):
        if any(_spaced(word) in joined for word in policy.value(key)):
            return kind
    return ""


def _spaced(words: str) -> str:
    return f" {' '.join(_WORD.findall(words))} "


def _under(text: str, header: str) -> list[Secret]:
    """The whole value, where the header announces a secret; an identifier under such a header is none."""
    value, kind = text.strip(), _header_says(header)
    if not kind or " " in value or (kind != "password" and (_UUID.fullmatch(value) or _HASH.fullmatch(value))):
        return []
    holds = is_password if kind == "password" else is_random
    return [Secret(kind, 0, len(text))] if holds(value) else []
