"""Broken characters in a text: read in the wrong encoding, replaced, escaped, or no text at all."""

from __future__ import annotations

import re
from collections.abc import Collection
from html.entities import html5

import ftfy  # registers the sloppy Windows codecs that misread text needs
from ftfy.badness import BADNESS_RE

from flightready import policy

_ENTITY = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,500})?/?>")
# U+FFFD, control characters, a byte order mark or the halves of a surrogate pair inside a text, private-use characters
# (but the Apple logo), three accents and more on one letter, the two letters that UTF-16's mark becomes
_BROKEN = re.compile(
    "[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ufeff\ufffe\uffff\ud800-\udfff\ue000-\uf8fe\U000f0000-\U0010ffff]"
    "|[\u0300-\u036f]{3}|^(?:ÿþ|þÿ)"
)
# letters written as \u00e9 or as the =C3=A9 of mails
_ESCAPED = re.compile(
    r"\\u00[89a-fA-F][0-9a-fA-F]|\\u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})+|(?:=[C-E][0-9A-F](?:=[89AB][0-9A-F])+)"
)
# what UTF-8 is misread as, the most frequent first
_MISREAD_AS = ("sloppy-windows-1252", "mac_roman", "cp437", "cp850", "sloppy-windows-1250", "iso8859-2",
               "sloppy-windows-1251", "koi8-r", "cp866", "sloppy-windows-1253", "sloppy-windows-1254",
               "sloppy-windows-1255", "sloppy-windows-1256", "sloppy-windows-1257", "iso8859-15",
               "shift_jis")  # fmt: skip
# two bytes of these make one sign, so that a Chinese or Korean text may be valid by chance: they must stand in words
_MISREAD_IN_PAIRS = ("gbk", "cp949")
# anything but single small accented letters and the commonest signs: only such text is looked at more closely
_UNUSUAL = re.compile(r"[^\x00-\x7fß-öø-ÿ€£–—…’“”]|[^\x00-\x7f]{2}|[œ]")
_NOT_ASCII_RUN = re.compile(r"[^\x00-\x7f]+")
# a sign that no word holds between letters of it; apostrophes, dashes, dots, marks and arithmetic signs may stand there
_INSIDE = re.compile(
    "(?<=[a-zà-ÿ])[¡¢£¤¥¦§¨¬¯²³¹¶¸»¼½¾¿ˆ‚„†‡‰‹›˘˙˚˛˜˝∂∆∏∑√∞∫≈≠≤≥◊ﬁﬂⁿ⌐÷±]+(?=[a-zà-ÿ])"
    "|(?<=[a-z]{2})[ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŠŽŸŒ](?=[a-z])"
    "|(?<=[a-z])[\u0370-\u03ff\u0400-\u045f](?=[a-z])"
    "|(?<=[a-z])[\u2550-\u256c\u2580-\u2593]|[\u2550-\u256c\u2580-\u2593](?=[a-z])"
)
_ACCENTS_ONLY = re.compile(r"(?<![^\W\d_])[À-ÖØ-öø-ÿ]{4,}")
_BESIDE_BOX = re.compile(r"[а-яА-ЯёЁ][\u2550-\u256c\u2580-\u2593√]|[\u2550-\u256c\u2580-\u2593√][а-яА-ЯёЁ]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
# Russian letters, the most frequent first; Ukrainian, Bulgarian and Serbian order them much alike
_BY_FREQUENCY = {c: place for place, c in enumerate("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")}
# signs, and letters of which one is enough: in words, or where an amount has its currency
_INSIDE_FOR_SURE = re.compile(
    "(?<=[^\\W\\d_]{2})[¢£¤¥¦§¨¬¯³¹¶¸»¼½¾¿ˆ‚„†‡‰‹›˘˙˚˛˜˝◊ⁿ⌐÷±∂∑∏π]+(?=[a-zà-ÿ]{2})"
    "|(?<=[^\\W\\d_])[¨¬¶¸ˆ‰˘˙˚˛˜˝ⁿ⌐÷]+(?=[a-zà-ÿ]{2})|(?<=[^\\W\\d_]{3})[¸ˆ‰ⁿ⌐÷]"
    "|(?<=[A-Za-z])Ÿ(?=[a-z])|(?<=[a-z])[ŽŠ](?=[a-z]{2})"
    r"|(?<![^\W_])[ÄÇÛ](?=\d+[.,]\d\d)|(?<=\d\d [ÄÇÛ])(?![\w.-])"
)
_QUOTATION = re.compile("[«»“”„‟‘‚]")
# what misread text is turned back into: alphabets in use, punctuation, signs, emoji
_IN_USE = re.compile(
    "[\u00a0-\u024f\u0300-\u045f\u0490\u0491\u05d0-\u05ea\u0600-\u06ff\u0900-\u097f\u0e01-\u0e5b\u1e00-\u1eff\u200b-\u2044"
    "\u20a0-\u20bf\u2100-\u214f\u2190-\u23ff\u2500-\u27bf\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\ufe0f\uff00-\uffef"
    "\U0001f000-\U0001faff]+"
)


def is_broken(text: str, *, is_markup: bool = False) -> bool:
    """Return whether a text holds broken characters; in markup, entities such as `&amp;` are none.

    Examples
    --------
    >>> [is_broken(t) for t in ("NÃ®mes", "Nîmes", "cr&egrave;me", "R&D; AT&T", "caf\ufffd")]
    [True, False, True, False, True]
    """
    return first_broken(text, is_markup=is_markup) is not None


def are_markup(texts: Collection[str]) -> bool:
    """Return whether most texts are HTML, in which entities belong.

    Examples
    --------
    >>> are_markup(["<p>R&amp;D</p>", "one<br/>two", "three"]), are_markup(["a < b", "R&amp;D", "<p>"]), are_markup([])
    (True, False, False)
    """
    return 2 * sum(_TAG.search(text) is not None for text in texts if "<" in text) > len(texts)


def first_broken(text: str, *, is_markup: bool = False) -> int | None:
    """Return the place of the first broken character, or None when there is none.

    Examples
    --------
    >>> first_broken("SchlĂĽssel"), first_broken("юМЦКХИЯЙЮЪ БЕПЯХЪ"), first_broken("Schlüssel für Łódź")
    (4, 0, None)
    """
    if text.isascii() and text.isprintable() and "&" not in text and "=" not in text and "\\u" not in text:
        return None  # what most texts are
    places = []
    if "&" in text and not is_markup:
        places += [m.start() for m in _ENTITY.finditer(text) if m[1][0] == "#" or f"{m[1]};" in html5]
    if "\\u" in text or "=" in text:
        places += [m.start() for m in (_ESCAPED.search(text),) if m]
    places += [m.start() for m in (_BROKEN.search(text),) if m]
    if _UNUSUAL.search(text):
        places += [place for place in (_misread(text),) if place is not None]
        if not places:
            places += [place for place in (_turned_back(text), _other_alphabet(text)) if place is not None]
    return min(places, default=None)


def _misread(text: str) -> int | None:
    """Place of the first unlikely pair of characters, when ftfy can mend the text or the pairs are many."""
    found = list(BADNESS_RE.finditer(text))
    # a quotation mark beside an accented capital or a sign is unlikely too, but people write it
    many = [m for m in found if not _QUOTATION.search(m[0])]
    return (
        found[0].start()
        if len(many) >= policy.value("least_strange_signs") or (found and ftfy.fix_encoding(text) != text)
        else None
    )


def _turned_back(text: str) -> int | None:
    """Place of the first misread character when the whole text can be read as UTF-8 after all.

    A text that was written as it is hardly ever makes valid UTF-8 in any other encoding, and never twice.
    """
    runs = list(_NOT_ASCII_RUN.finditer(text))
    encodings = _MISREAD_AS if max(len(run[0]) for run in runs) > 1 else ()
    if all(_is_in_word(text, run) for run in runs):
        encodings += _MISREAD_IN_PAIRS
    for encoding in encodings:
        try:
            meant = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        # two signs, or one that three characters stand for, are no chance
        many = sum(not c.isascii() for c in meant) > 1 or max(len(run[0]) for run in runs) > 2
        if _is_plausible(meant) and (many or _is_odd(text)):
            return runs[0].start()
    return None


def _is_in_word(text: str, run: re.Match[str]) -> bool:
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    return before.islower() and after.islower()


def _is_plausible(meant: str) -> bool:
    """Whether a text turned back is one that somebody writes: no word of two scripts, nothing unassigned."""
    for run in _NOT_ASCII_RUN.finditer(meant):
        latin_before = run.start() and meant[run.start() - 1].isalpha()
        latin_after = run.end() < len(meant) and meant[run.end()].isalpha()
        if not _IN_USE.fullmatch(run[0]):
            return False
        for char in run[0]:
            if char.isalpha() and (latin_before or latin_after) and not _is_latin(char):
                return False
    return True


def _is_odd(text: str) -> bool:
    """Whether a run beyond ASCII does not look like a part of its word."""
    for run in _NOT_ASCII_RUN.finditer(text):
        before = text[run.start() - 1 : run.start()]
        inside = before.isalpha() or text[run.end() : run.end() + 1].isalpha()
        if inside and (not run[0].isalpha() or not all(map(_is_latin, run[0]))):
            return True
        if before.islower() and run[0][0].isupper():
            return True
    return False


def _other_alphabet(text: str) -> int | None:
    """Place of the first sign of text read in another 8-bit encoding than its own."""
    inside = [m.start() for m in _INSIDE.finditer(text)]
    sure = _INSIDE_FOR_SURE.search(text)
    if sure or len(inside) >= policy.value("least_strange_signs"):
        return min(inside + ([sure.start()] if sure else []))
    for match in _ACCENTS_ONLY.finditer(text):
        if len(set(match[0].casefold())) > policy.value(
            "least_strange_signs"
        ):  # not the letters of a pattern, such as ÅÅÅÅ-MM-DD
            return match.start()
    if match := _BESIDE_BOX.search(text):
        return match.start()
    cyrillic = _CYRILLIC.findall(text)
    if len(cyrillic) >= policy.value("least_cyrillic_letters") and _is_other_cyrillic("".join(cyrillic)):
        return _CYRILLIC.search(text).start()
    return None


def _is_other_cyrillic(letters: str) -> bool:
    """Whether letters are KOI8 read as Windows-1251 or the other way round: capitals, and the rare ones frequent."""
    if sum(map(str.isupper, letters)) < policy.value("inverted_capital_share") * len(letters):
        return False
    for written, read in (("koi8-r", "cp1251"), ("cp1251", "koi8-r")):
        meant = letters.encode(read, errors="ignore").decode(written, errors="ignore")
        gain = _rarity(letters) - _rarity(meant)
        if gain * len(letters) ** 0.5 > policy.value("cyrillic_gain"):
            return True
    return False


def _rarity(letters: str) -> float:
    """Mean place of letters by frequency, as a share of the alphabet."""
    places = [_BY_FREQUENCY.get(c, len(_BY_FREQUENCY)) for c in letters.lower()]
    return sum(places) / max(len(places), 1) / len(_BY_FREQUENCY)


def _is_latin(char: str) -> bool:
    return char < "\u0250" or "\u1e00" <= char <= "\u1eff"
