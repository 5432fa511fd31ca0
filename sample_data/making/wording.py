"""Turn the template tables into subjects and bodies."""

from __future__ import annotations

import math
import re

from . import texts_en, texts_more, texts_other
from .streams import Dice
from .texts_service import SERVICE
from .texts_trade import TRADE

ENGLISH = TRADE | SERVICE
FOREIGN = texts_other.TICKETS | texts_more.TICKETS
FOREIGN_OPENERS = texts_other.OPENERS | texts_more.OPENERS
FOREIGN_CLOSERS = texts_other.CLOSERS | texts_more.CLOSERS

# Share of bodies with one, two, three and four sentences.
SENTENCES: dict[int, float] = {1: 0.10, 2: 0.30, 3: 0.36, 4: 0.24}
GREETED = 0.45  # share of bodies that start with a greeting
LOWER_CASE = 0.06  # share of bodies typed without capitals, as on a phone
DETAILED = 0.60  # share of two-sentence bodies whose second sentence tells more about the case
OWN_DETAIL = 0.75  # share of details that belong to the case, not to any case of the team
AMOUNT_LOG_MEDIAN, AMOUNT_LOG_SIGMA = 3.68, 0.70  # prices named in texts: lognormal, median 40 euros
PLAIN_SUBJECT = 0.10  # share of subjects that say nothing about the case
NO_FULL_STOP = 0.10  # share of bodies whose last sentence lacks its full stop
SUBJECT_STYLE: dict[str, float] = {"plain": 0.74, "re": 0.08, "lower": 0.12, "urgent": 0.06}

# Words that are written small when a greeting comes first ("Hello, the parcel ...").
SMALL_AFTER_GREETING = frozenset(
    (
        "A",
        "According",
        "After",
        "Can",
        "Could",
        "Do",
        "During",
        "How",
        "Instead",
        "Invoice",
        "It",
        "Only",
        "Please",
        "Since",
        "Somebody",
        "Someone",
        "The",
        "There",
        "Under",
        "Uploading",
        "Sending",
        "Who",
        "Which",
        "Why",
        "You",
        "Your",
        "My",
        "Our",
        "We",
        "Was",
        "Order",
        "At",
    )
)

_ARTICLE = re.compile(r"\b([Aa]) (?=[aeio])")  # "a oak shelf" becomes "an oak shelf"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


def _amount(dice: Dice) -> str:
    """Return a price as customers type it."""
    value = math.exp(AMOUNT_LOG_MEDIAN + AMOUNT_LOG_SIGMA * dice.normal())
    form = dice.weighted({"{:.2f} €": 5, "€{:.2f}": 3, "{:.2f} EUR": 3, "EUR {:.2f}": 1, "{:.0f} euros": 2})
    return form.format(value)


def _slot(dice: Dice, name: str) -> str:
    """Return the text for one slot."""
    if name.startswith("amount"):
        return _amount(dice)
    if name.startswith("large"):
        return f"{10 * dice.whole(20, 150)} {dice.pick(('€', 'EUR', 'euros'))}"
    if name == "order":
        return dice.pick(("#A-{}", "A-{}", "no. {}", "#{}")).format(dice.whole(41000, 98999))
    if name == "invoice":
        return f"INV-{dice.whole(20000, 69999)}"
    if name == "code":
        return dice.pick(("E-{}", "{}", "0x{}", "ERR_{}")).format(dice.whole(100, 599))
    if name == "number":
        return str(dice.whole(11, 97))
    return dice.pick(texts_en.SLOTS[name.rstrip("2")])


def expand(dice: Dice, template: str, filled: dict[str, str] | None = None) -> str:
    """Return a template with its alternatives chosen and its slots filled.

    Parameters
    ----------
    dice : Dice
        Source of the choices.
    template : str
        Text with ``[a|b]`` alternatives and ``{slot}`` names.
    filled : dict, optional
        Slots already filled; new ones are added, so that a subject and its body name the same order.
    """
    known = {} if filled is None else filled
    chosen = _CHOICE.sub(lambda m: dice.pick(m.group(1).split("|")), template)

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in known:
            known[name] = _slot(dice, name)
        return known[name]

    text = _ARTICLE.sub(r"\1n ", _SLOT.sub(fill, chosen))
    return text[:1].upper() + text[1:]


def _styled(dice: Dice, text: str) -> str:
    """Return the body as people type it: sometimes without capitals or a last full stop."""
    if dice.chance(LOWER_CASE):
        text = text.lower()
    if dice.chance(NO_FULL_STOP):
        text = text.rstrip(".")
    return text


def _greeted(dice: Dice, first: str) -> str:
    """Return the first sentence behind a greeting."""
    if first.split(" ", 1)[0] in SMALL_AFTER_GREETING:
        first = first[0].lower() + first[1:]
    return f"{dice.pick(texts_en.GREETINGS)}, {first}"


def _subject(dice: Dice, template: str, filled: dict[str, str]) -> str:
    """Return the subject of a case, in the style people write subjects in."""
    if dice.chance(PLAIN_SUBJECT):
        template = dice.pick(texts_en.PLAIN_SUBJECTS)
    text = expand(dice, template, filled)
    style = dice.weighted(SUBJECT_STYLE)
    if style == "re":
        return f"Re: {text}"
    if style == "lower":
        return text.lower()
    return f"URGENT: {text}" if style == "urgent" else text


def english_text(dice: Dice, team: str) -> tuple[str, str]:
    """Return a subject and a body of one to four sentences for a team's kind of ticket."""
    cases, general = ENGLISH[team]
    subject, core, *special = dice.pick(cases)
    filled: dict[str, str] = {}
    count = dice.weighted(SENTENCES)
    sentences = [expand(dice, core, filled)]
    if count >= 3 or (count == 2 and dice.chance(DETAILED)):
        detail = dice.pick(special) if dice.chance(OWN_DETAIL) else dice.pick(general)
        sentences.append(expand(dice, detail, filled))
    closers = dice.some(texts_en.CLOSERS, count - len(sentences))
    sentences += [expand(dice, closer) for closer in closers]
    if dice.chance(GREETED):
        sentences[0] = _greeted(dice, sentences[0])
    return _subject(dice, subject, filled), _styled(dice, " ".join(sentences))


def foreign_text(dice: Dice, team: str, language: str) -> tuple[str, str]:
    """Return a subject and a body in another language, named by its two letters."""
    subject, core = dice.pick(FOREIGN[language][team])
    filled: dict[str, str] = {}
    opener = dice.pick(FOREIGN_OPENERS[language])
    body = expand(dice, core, filled)
    if opener:
        body = opener + body[0].lower() + body[1:]
    closers = dice.some(FOREIGN_CLOSERS[language], dice.whole(0, 2))
    return expand(dice, subject, filled), " ".join([body, *(expand(dice, c, filled) for c in closers)])


class Fresh:
    """Bodies that never repeat: a text already given out is drawn again."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def ticket(self, dice: Dice, team: str, language: str = "en") -> tuple[str, str]:
        """Return a subject and a body whose wording was not used before."""
        while True:
            if language == "en":
                subject, body = english_text(dice, team)
            else:
                subject, body = foreign_text(dice, team, language)
            key = body.lower()
            if key not in self._seen:
                self._seen.add(key)
                return subject, body
