"""Personal data in a text by its form: mail, phone, card, IBAN, network address, US social security number.

Forms that other things share (a row of digits) count only where a word or the rest of the column says what they are.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flightready import policy

KINDS = ("mail", "phone", "card", "iban", "ip", "ssn")

_MAIL = re.compile(r"(?<![\w.%+-])[\w%+](?:[\w.%+'-]{0,62}[\w%+-])?@(?:[\w-]{1,63}\.){1,6}([A-Za-z]{2,24})(?![\w@])")
_SPELT_MAIL = re.compile(
    r"\b[\w.+-]{2,64}\s?[\[({](?:at|AT)[\])}]\s?[\w-]{2,63}(?:\.|\s?[\[({](?:dot|DOT)[\])}]\s?)[A-Za-z]{2,10}\b"
)
_AT = re.compile(r"[\[({](?:at|AT)[\])}]")
_NO_DOMAIN = {"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "pdf", "html", "zip"}
_DIGITS = re.compile(r"\d[\d\s()./–-]{5,}\d")
_IBAN = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})\d{2}[ -]?[A-Za-z0-9]{2}")
_UUID = re.compile(r"(?<![\w-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![\w-])")
_DATE = re.compile(
    r"(?<![\d./-])(?:(?:19|20)\d{2}([./-])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|[12]\d|3[01])\2(?:19|20)?\d{2})(?![./-]?\d)"
)
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[+-]\d{2}:?\d{2}(?!\d))?")
_CARD = re.compile(
    r"(?<![\w.,+-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}|\d{4}([ -])\d{6}\2\d{4,5})(?!\d|[.,-]\d|[A-Za-z])"
)
_WORLDWIDE = re.compile(r"(?<![\w+])(?<!\d[ /.-])(\+\s?|00(?=[1-9]\d?\d?[ (/-]))(?=[1-9(])[\d\s()./–-]{6,26}\d(?!\w)")
_AMERICAN = re.compile(
    r"(?<![\w.,/(+-])(?<!\d )(?:1[-. ])?(?:\([2-9]\d{2}\)\s?|[2-9]\d{2}([-. ]))[2-9]\d{2}[-. ]\d{4}(?![\w-]|[.,/]\d)"
)
_TRUNK = re.compile(
    r"(?<![\w.,/+(-])(?<!\d )\(?0[1-9]\d{0,4}\)?(?: ?[/-] ?\d{2,9}| \d{2,9})(?: \d{2,7}){0,4}(?![\w-]| ?\d|[.,/]\d)"
)
_DOTTED_TRUNK = re.compile(r"(?<![\w.,/+-])0[1-9](?:\.\d{2}){4}(?![\w-]|[.,/]\d)")
_DIALLED = re.compile(r"(?<![\w.,/+-])\(?\d[\d\s()./–-]{5,20}\d(?![\w-]|[.,/]\d)")
# every phone number below begins so: where nothing does, the slower patterns are not tried
_MAY_DIAL = re.compile(r"(?<![\w.,/+-])\(?\d[\d\s()./–-]{5,}\d|(?<![\w+])(?:\+|00)[\s(\d]")
_MOMENT = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d{2}:\d{2}:\d{2}Z?)?", re.ASCII)
_SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\w-])")
_SSN_WORD = re.compile(r"\b(?:ssn|social security)\b", re.IGNORECASE)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])")
_WORD = re.compile(r"[^\W\d_]+")
_GROUPS = re.compile(r"\d+")


@dataclass(frozen=True)
class Hit:
    """Something in a text that has the form of personal data.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    start, end : int
        Place in the text.
    is_sure : bool
        False for a form that codes share too; the rest of the column decides.
    """

    kind: str
    start: int
    end: int
    is_sure: bool = True


def hits(text: str, header: str = "") -> list[Hit]:
    """Return what has the form of personal data in a text.

    Parameters
    ----------
    text : str
    header : str
        Name of its column: its words say what a bare row of digits is.

    Examples
    --------
    >>> [h.kind for h in hits("Call me on +44 7700 900123 or write to m.keller@example.com")]
    ['mail', 'phone']
    >>> [h.kind for h in hits("Order 4111111111111112, version 1.2.3.4 of 01.02.2026 14:05, 1,234,567.89 EUR")]
    []
    """
    if len(text) > (most := policy.value("most_screened_characters")):
        text = text[:most]
    found = [*_mails(text)] if "@" in text or (_AT.search(text) and _SPELT_MAIL.search(text)) else []
    if ":" in text and text.count(":") > 1:
        found += _addresses_v6(text)
    if not _DIGITS.search(text) or _MOMENT.fullmatch(text):
        return found
    words = tuple(_WORD.findall(header.casefold()))
    for finder in (_ibans, _cards, _ssns, _addresses, _phones):
        new = [h for h in finder(text, words) if all(h.end <= f.start or h.start >= f.end for f in found)]
        found += new
        for h in new:  # what is one thing is not another as well
            text = text[: h.start] + "x" * (h.end - h.start) + text[h.end :]
    return found


def luhn(digits: str) -> bool:
    """Return whether digits pass the check of cards.

    Source
    ------
    Luhn 1960 (US patent 2,950,048); ISO/IEC 7812-1, annex B.

    Examples
    --------
    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    doubled = (2 * int(d) for d in digits[-2::-2])
    return (sum(int(d) for d in digits[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def is_card(digits: str) -> bool:
    """Return whether digits are a card by check digit, issuer and length."""
    return luhn(digits) and any(
        len(digits) in lengths and low <= digits[: len(low)] <= high for low, high, lengths in _issuers()
    )


def is_iban(code: str) -> bool:
    """Return whether letters and digits without blanks are an account number by country, length and check.

    Source
    ------
    ISO 13616-1, ISO 7064 (mod 97-10).

    Examples
    --------
    >>> is_iban("GB82WEST12345698765432"), is_iban("GB82WEST12345698765433")
    (True, False)
    """
    code = code.upper()
    if policy.value("iban_lengths").get(code[:2]) != len(code) or not code.isascii() or not code.isalnum():
        return False
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


@cache
def _issuers() -> tuple[tuple[str, str, frozenset[int]], ...]:
    ranges = (
        (*(prefix.split("-") * 2)[:2], frozenset(sizes)) for prefix, sizes in policy.value("card_issuers").items()
    )
    return tuple(ranges)


@cache
def words_of(key: str) -> frozenset[str]:
    """Return a list of words of the policy as a set."""
    return frozenset(policy.value(key))


def says(header: str, key: str) -> bool:
    """Return whether a header holds one of the words of a policy list."""
    return not words_of(key).isdisjoint(_WORD.findall(header.casefold()))


def _before(text: str, start: int, header: tuple[str, ...]) -> list[str]:
    """Words of the header and just before a place, the nearest last."""
    near = text[max(0, start - policy.value("widest_context")) : start].casefold()
    return [*header, *_WORD.findall(re.split(r"[;\n]|\.\s", near)[-1])]


def _said(before: list[str], yes: str, no: str) -> bool | None:
    """Whether the nearest telling word says so (True), says otherwise (False), or there is none (None)."""
    for word in reversed(before):
        if word in words_of(yes):
            return True
        if word in words_of(no):
            return False
    return None


def _mails(text: str) -> Iterator[Hit]:
    for match in _MAIL.finditer(text):
        # user:password@host of a connection is no mail
        inside = re.search(r"://[^\s/]*$", text[: match.start()])
        if match[1].casefold() not in _NO_DOMAIN and not inside:
            yield Hit("mail", match.start(), match.end())
    for match in _SPELT_MAIL.finditer(text):
        yield Hit("mail", match.start(), match.end())


def iban_like(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and signs of everything that begins with a country and is as long as its account numbers."""
    for match in _IBAN.finditer(text):
        length = policy.value("iban_lengths").get(match[1].upper())
        if not length:
            continue
        code, at = "", match.start()
        while at < len(text) and len(code) < length and (text[at].isalnum() or text[at] in " -"):
            code += text[at] if text[at].isalnum() else ""
            at += 1
        if len(code) == length and not text[at : at + 1].isalnum():
            yield match.start(), at, code


def _ibans(text: str, header: tuple[str, ...]) -> Iterator[Hit]:
    yield from (Hit("iban", a, b, is_sure="iban" in header) for a, b, code in iban_like(text) if is_iban(code))


def card_like(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and digits of everything written as long as a card."""
    for match in _CARD.finditer(text):
        yield match.start(), match.end(), "".join(_GROUPS.findall(match[0]))


def _cards(text: str, header: tuple[str, ...]) -> Iterator[Hit]:
    for start, end, digits in card_like(text):
        if is_card(digits):
            said = _said(_before(text, start, header), "card_words", "reference_words")
            if said is not False:
                yield Hit("card", start, end, is_sure=said is True)


def _ssns(text: str, header: tuple[str, ...]) -> Iterator[Hit]:
    if "ssn" in header or _SSN_WORD.search(text):
        yield from (Hit("ssn", m.start(), m.end()) for m in _SSN.finditer(text))


def _addresses(text: str, header: tuple[str, ...]) -> Iterator[Hit]:
    for match in _IPV4.finditer(text):
        parts = match[0].split(".")
        octets = [int(p) for p in parts]
        if max(octets) > 255 or any(len(p) > 1 and p[0] == "0" for p in parts) or octets[0] in (0, 127, 255):
            continue
        said = _said(_before(text, match.start(), header), "address_words", "version_words")
        is_telling = max(octets) >= policy.value("least_telling_octet")
        if said or (said is None and is_telling):
            yield Hit("ip", match.start(), match.end())


def _addresses_v6(text: str) -> Iterator[Hit]:
    for match in _IPV6.finditer(text):
        try:
            address = ipaddress.IPv6Address(match[0])
        except ValueError:
            continue
        groups = [g for g in match[0].split(":") if g]
        if len(groups) > 2 and not address.is_loopback and any(c.isdigit() for c in match[0]):
            yield Hit("ip", match.start(), match.end())


def _phones(text: str, header: tuple[str, ...]) -> Iterator[Hit]:
    if not _MAY_DIAL.search(text):
        return
    if "-" in text:
        text = _UUID.sub(lambda m: "x" * len(m[0]), text)
    text = _DATE.sub(lambda m: "x" * len(m[0]), text)
    if ":" in text:
        text = _TIME.sub(lambda m: "x" * len(m[0]), text)
    if not _MAY_DIAL.search(text):
        return
    taken: list[tuple[int, int]] = []
    # from the most telling form to the least
    for pattern in (_WORLDWIDE, _AMERICAN, _TRUNK, _DOTTED_TRUNK, _DIALLED):
        is_written_so = pattern is _WORLDWIDE
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < e and s < end for s, e in taken):
                continue
            said = _said(_before(text, start, header), "phone_words", "reference_words")
            if (said is False and not is_written_so) or not _dials(match[0], pattern, said):
                continue
            taken.append((start, end))
            is_sure = bool(said or is_written_so or "(" in match[0])
            yield Hit("phone", start, end, is_sure=is_sure)


def _dials(written: str, pattern: re.Pattern[str], said: bool | None) -> bool:
    """Whether digits are as many, and grouped, as those of a phone number."""
    groups = _GROUPS.findall(written)
    n = sum(map(len, groups))
    if pattern is _WORLDWIDE:
        # one dot before the last two digits makes an amount with its sign
        is_amount = len(groups) == 2 and "." in written and len(groups[1]) <= 2
        if not written.startswith("+"):
            n -= len("00")
            is_amount |= {len(g) for g in groups} == {4}  # a voucher that begins with two zeros
        return _within(n, "worldwide_phone_digits") and not is_amount
    if pattern is _DIALLED:
        return said is True and _within(n, "dialled_phone_digits")
    return pattern is _AMERICAN or _within(n, "national_phone_digits")


def _within(n: int, key: str) -> bool:
    least, most = policy.value(key)
    return least <= n <= most
