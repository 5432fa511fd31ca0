"""Formats of a column: how its dates, numbers and codes are written, as classes that can be counted and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.distinct import by_row, distinct
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.masks import character_classes, length_mask, shape, shapes
from flightready.realism.numerals import LAKH, Numeral, number_style, numeral
from flightready.realism.parsing import day_first_conflict, read_times
from flightready.realism.random_codes import RandomCode, random_code
from flightready.realism.spellings import is_slip

_FRACTION = re.compile(r"(:\d{2})[.,]\d+")
_OFFSET = re.compile(r"(\d{2})\s?[+-]\d{2}:?\d{2}$")
_MONTH_OF_SHEET = re.compile(r"\d{1,2}-[A-Z][a-zä]{2,3}|[A-Z][a-zä]{2,3}-\d{2}")
_DIGIT = re.compile(r"\d")
_TAIL = re.compile(r"^(\D*)(\d+)$")
_FILLED_CELL = re.compile(r"#{3,}")
_THOUSAND, _MILLION = 4, 6  # digits from which thousands are marked, and from which the Indian way differs
NOT_A_NUMBER = "not a number"


def formats(texts: pd.Series, kind: Kind, *, collapsed: bool = False) -> pd.Series:
    """Return the format class of each value, NA where there is none.

    Words and codes give their collapsed mask, dates one that keeps apart a day and a year, numbers their style.
    Fractions of a second and the figures of a time zone do not count.

    Parameters
    ----------
    texts : Series of str, shape (n,)
    kind : Kind
    collapsed : bool
        Collapse the figures of dates as well, so that a class can be turned into a pattern.

    Examples
    --------
    >>> list(formats(pd.Series(["03.09.2026", "2026-09-03T14:05:00+02:00"], dtype="str"), Kind.TIME))
    ['9.9.9999', '9999-9-9A9:9:9+9']
    """
    codes, different = distinct(texts)
    if kind is Kind.NUMBER:
        classes = [number_style(t) or NOT_A_NUMBER for t in different]
    elif kind is Kind.TIME and collapsed:
        classes = [shape(_FRACTION.sub(r"\1", t)) for t in different]
    else:
        classes = list((time_masks(different) if kind is Kind.TIME else shapes(different)).values())
    return pd.Series(np.array([*classes, None], dtype=object)[codes], index=texts.index, dtype="str")


def formats_of(inspection: Inspection, name: str, column: str) -> pd.Series:
    """Return the format classes of the filled cells of a column on one side; every detector shares them."""

    def compute() -> pd.Series:
        filled = inspection.filled(name, column)
        texts = inspection.texts(name, column)[filled]
        classes = formats(texts, inspection.kinds[column])
        if (code := _random_code_of(inspection, column)) is not None:
            classes = classes.mask(texts.str.fullmatch(code.pattern.pattern), code.name)
        return classes

    return inspection.once(("formats", name, column), compute)


def _random_code_of(inspection: Inspection, column: str) -> RandomCode | None:
    def compute() -> RandomCode | None:
        if inspection.kinds[column] not in (Kind.KEY, Kind.CODE, Kind.TEXT):
            return None
        sides = [name for name, _ in inspection.sides() if inspection.has(name, column)]
        return random_code(list(dict.fromkeys(t for name in sides for t in inspection.filled_values(name, column))))

    return inspection.once(("random code", column), compute)


def time_mask(text: str) -> str:
    """Return the mask of a date: letters collapsed, numbers of up to two digits as 9, longer ones by their length.

    Examples
    --------
    >>> time_mask("Thu, 3 Sep 2026 14:05:11 +0200"), time_mask("1-Sep"), time_mask("20260915T1405")
    ('Aa, 9 Aa 9999 9:9:9+9', '9-Aa', '99999999A9999')
    """
    return length_mask(_OFFSET.sub(r"\1+0", _FRACTION.sub(r"\1", text.strip())))


def time_masks(texts: Iterable[str]) -> dict[str, str]:
    """Return the mask of each different date; dates of one class of characters have one mask.

    Examples
    --------
    >>> time_masks(["2026-09-03", "2026-10-04", "1-Sep"])
    {'2026-09-03': '9999-9-9', '2026-10-04': '9999-9-9', '1-Sep': '9-Aa'}
    """
    known: dict[str, str] = {}
    found = {}
    for text in dict.fromkeys(texts):
        alike = character_classes(text) if text.isascii() else text  # other scripts have other digits
        if alike not in known:
            known[alike] = time_mask(alike)
        found[text] = known[alike]
    return found


def leading_number_style(styles: pd.Series) -> str:
    """Return the style that most numbers show; whole numbers and `1.234` fit decimal points and commas alike.

    Examples
    --------
    >>> leading_number_style(pd.Series(["plain", "plain", "comma", "not a number"]))
    'comma'
    """
    numbers = styles[styles != NOT_A_NUMBER].value_counts()
    if not len(numbers):
        return "plain"
    parts = {str(style): str(style).partition(" ") for style in numbers.index}
    ends = {
        end: sum(int(numbers[s]) for s, p in parts.items() if p[2] == end) for end in (p[2] for p in parts.values())
    }
    end = max(ends, key=ends.__getitem__)
    bases = {p[0]: int(numbers[s]) for s, p in parts.items() if p[2] == end}
    # a few exponents among other numbers are what a spreadsheet made of them
    rounded = 2 * bases.get("scientific", 0) < sum(bases.values())
    telling = {b: n for b, n in bases.items() if b not in ("plain", "either") and not (b == "scientific" and rounded)}
    base = max(telling, key=telling.__getitem__) if telling else "plain"
    return f"{base} {end}".strip()


def fits_number_style(styles: pd.Series, leading: str) -> pd.Series:
    """Return which number styles agree with the leading one."""
    base = leading.split(" ")[0]
    return styles.isin([leading, leading.replace(base, "plain", 1), leading.replace(base, "either", 1)])


def exceptions(
    texts: pd.Series, kind: Kind, *, known: pd.Series | None = None, classes: pd.Series | None = None
) -> np.ndarray:
    """Return which values of one system's column are written unlike the rest, shape (values,).

    Parameters
    ----------
    texts : Series of str, shape (values,)
        Values of one column of one system; missing and disguised ones left out.
    kind : Kind
    known : Series of str, optional
        Other values of the column, such as the demo set's, that show which negatives and widths are usual.
    classes : Series of str, optional
        Their `formats`, where they are known already.
    """
    more = known if known is not None else texts.iloc[:0]
    classes = formats(texts, kind) if classes is None else classes
    odd = _by_spreadsheet(texts, kind) | _lost_zeros(texts, more, kind, classes)
    if kind is Kind.NUMBER:
        leading = leading_number_style(classes)
        fits = fits_number_style(classes, leading) & (classes != NOT_A_NUMBER)
        return odd | ~fits.to_numpy(dtype=bool) | _odd_numerals(texts, leading, more)
    counts = classes.value_counts()
    if kind not in (Kind.TIME, Kind.CODE, Kind.KEY):
        return odd
    if kind is not Kind.TIME and counts.iloc[0] < policy.value("dominant_code_share") * len(classes):
        return odd
    odd |= (classes != counts.index[0]).to_numpy(dtype=bool) | (kind is Kind.CODE and _misspelt(texts))
    return odd | day_first_conflict(texts) | _no_day(texts, odd) if kind is Kind.TIME else odd


def _no_day(texts: pd.Series, odd: np.ndarray) -> np.ndarray:
    """Dates in the leading format that no calendar holds, such as a month 15: day and month in another order."""
    unread = np.isnat(read_times(texts).values) & ~odd
    most = 1 - policy.value("dominant_code_share")
    return unread if unread.sum() <= most * (~odd).sum() else np.zeros(len(texts), dtype=bool)


def _misspelt(texts: pd.Series) -> np.ndarray:
    """Codes whose fixed words have a slip in them, such as `12 paxients` among `12 patients`."""
    written = texts.str.replace(r"\d+", "9", regex=True).str.strip().str.casefold()
    counts = written.value_counts()
    if counts.iloc[0] < policy.value("dominant_code_share") * len(texts):
        return np.zeros(len(texts), dtype=bool)
    slips = {str(t) for t in counts.index[1:] if _slips_in_a_word(str(t).split(), str(counts.index[0]).split())}
    return written.isin(slips).to_numpy(dtype=bool)


def _slips_in_a_word(written: list[str], meant: list[str]) -> bool:
    """Whether codes differ by slips in words that stand by themselves."""
    if len(written) != len(meant):
        return False
    pairs = [(a, b) for a, b in zip(written, meant, strict=True) if a != b]
    return all(a.isalpha() and b.isalpha() and is_slip(a, b) for a, b in pairs)


def _odd_numerals(texts: pd.Series, leading: str, known: pd.Series) -> np.ndarray:
    """Numbers whose thousands or signs are written unlike those of the others."""
    codes, different = distinct(texts)
    found = [numeral(t) for t in different]
    rows = [found[code] for code in codes.tolist()]
    big = [_group(n, leading) for n in rows if n and n.whole >= _THOUSAND and n.base != "scientific"]
    group = _dominant(big)
    lakhs = sum(1 for n in rows if n and n.group == LAKH)
    westerns = sum(1 for n in rows if n and n.group == "," and n.whole >= _MILLION)
    minus = _usual_minus(rows, known)
    odd = [
        n is not None and (
            (group is not None and n.whole >= _THOUSAND and _group(n, leading) != group)
            or (n.group == LAKH and lakhs < westerns) or (n.minus != "" and n.minus not in minus)
        )
        for n in found
    ]  # fmt: skip
    return by_row(odd, codes)


def _group(found: Numeral, leading: str) -> str:
    """Mark between thousands; `1.234` has one where the column writes decimal commas, else none."""
    if found.base == "either":
        return found.group if (found.group == ".") == leading.startswith("comma") else ""
    return "," if found.group == LAKH else "'" if found.group == "’" else found.group


def _dominant(values: list[str]) -> str | None:
    if not values:
        return None
    counts = pd.Series(values).value_counts()
    enough = counts.iloc[0] >= policy.value("dominant_code_share") * len(values)
    return str(counts.index[0]) if enough and len(values) >= policy.value("least_repeats_of_a_sentinel") else None


def _usual_minus(rows: list[Numeral | None], known: pd.Series) -> set[str]:
    """Ways to write a negative that are usual here: the leading one, unless hardly any value is negative that way."""
    seen = pd.Series([n.minus for n in rows if n and n.minus], dtype="str").value_counts()
    usual = {"before"} | {n.minus for t in distinct(known)[1] if (n := numeral(t)) and n.minus}
    if len(seen) and seen.iloc[0] >= policy.value("least_share_of_a_minus") * len(rows):
        usual = usual | {str(seen.index[0])} if seen.index[0] != "before" else usual
        usual -= {"before"} if seen.index[0] != "before" and seen.get("before", 0) else set()
    return usual


def _by_spreadsheet(texts: pd.Series, kind: Kind) -> np.ndarray:
    """Cells that a spreadsheet turned into a day of a month, or showed as a row of number signs."""
    if kind not in (Kind.CODE, Kind.KEY, Kind.CATEGORY):  # dates and numbers are told by their classes
        return np.zeros(len(texts), dtype=bool)
    codes, different = distinct(texts)
    stripped = [t.strip() for t in different]
    month = by_row(map(_MONTH_OF_SHEET.fullmatch, stripped), codes)
    few = month.sum() <= (1 - policy.value("dominant_code_share")) * len(texts)
    numeric = by_row(map(_DIGIT.search, stripped), codes).mean() >= policy.value("least_share_of_kind")
    filled = by_row(map(_FILLED_CELL.fullmatch, stripped), codes)
    return (month if few and numeric else np.zeros(len(texts), dtype=bool)) | filled


def _lost_zeros(texts: pd.Series, known: pd.Series, kind: Kind, classes: pd.Series) -> np.ndarray:
    """Codes that are shorter than the fixed width of their column, whose other values keep leading zeros."""
    nothing = np.zeros(len(texts), dtype=bool)
    ends = classes == "plain" if kind is Kind.NUMBER else classes.str.fullmatch(r"\D*9")
    if kind is Kind.TIME or ends.mean() < policy.value("dominant_code_share"):
        return nothing
    codes, different = distinct(pd.concat([texts, known]))
    tails = [_TAIL.match(t.strip()) for t in different]
    told = by_row(tails, codes)
    prefixes = {tail[1] for tail in tails if tail}
    if told.sum() < policy.value("dominant_code_share") * len(codes) or len(prefixes) > policy.value("most_prefixes"):
        return nothing
    width = np.array([len(tail[2]) if tail else np.nan for tail in tails], dtype=float)[codes]
    usual = pd.Series(width[told]).value_counts()
    fixed = usual.index[0]
    begins_zero = by_row((tail and tail[2].startswith("0") for tail in tails), codes) & (width == fixed)
    shorter = told & (width < fixed)
    is_fixed = (
        usual.iloc[0] + shorter.sum() == told.sum()
        and usual.iloc[0] >= policy.value("dominant_code_share") * told.sum()
    )
    if fixed == 1 or not is_fixed or begins_zero.sum() < policy.value("least_repeats_of_a_sentinel"):
        return nothing
    return shorter[: len(texts)]
