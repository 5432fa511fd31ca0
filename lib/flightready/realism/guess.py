"""Guessing which column plays which role, from the words of its header and from what it holds."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.parsing import read_numbers, read_times
from flightready.realism.table import RawTable

_WORD = re.compile(r"[A-ZÄÖÜ]+(?![a-zäöü])|[A-ZÄÖÜ]?[a-zäöüß]+|\d+")
Guess = tuple[str | list[str], str]
Held = dict[str, pd.Series]
Words = dict[str, list[str]]
Found = dict[str, Guess]


def guess_columns(table: RawTable) -> dict[str, Guess]:
    """Return the columns that seem to play a role; a role that nothing speaks for is left out.

    A label is only proposed when the header says so, or when the column holds the words that a prediction column uses:
    a wrong label would make a wrong accuracy.

    Parameters
    ----------
    table : RawTable

    Returns
    -------
    dict of role to (column, reason)
        Roles id, time, text (a list of columns), prediction, label, confidence. The reason is a short phrase
        without any value from the data.
    """
    held = {c: _held(table.frame[c]) for c in table.frame.columns}
    words = {c: header_words(c) for c in held}
    found: dict[str, Guess] = {}
    free = [c for c in held if len(held[c])]
    for role, guess in (("time", _time), ("id", _id), ("prediction", _prediction), ("confidence", _confidence),
                        ("label", _label)):  # fmt: skip
        if got := guess(free, held, words, found):
            found[role] = got
            free.remove(got[0])
    if got := _text(free, held, words):
        found["text"] = got
    return found


def header_words(header: str) -> list[str]:
    """Return the words of a header in lower case.

    Examples
    --------
    >>> header_words("predicted_team"), header_words("TicketNo"), header_words("order.value_EUR")
    (['predicted', 'team'], ['ticket', 'no'], ['order', 'value', 'eur'])
    """
    return [w.lower() for w in _WORD.findall(header)]


def _held(texts: pd.Series) -> pd.Series:
    texts = texts.dropna()
    texts = texts[texts.str.strip() != ""]
    return texts.iloc[: policy.value("values_looked_at_for_kind")]


def _says(role: str, words: list[str]) -> bool:
    return bool(set(words) & set(policy.value("header_words")[role]))


def _best(scored: dict[str, float]) -> str | None:
    """The column with the highest score above zero; the first of equals."""
    best = max(scored, key=scored.__getitem__, default=None)
    return best if best is not None and scored[best] > 0 else None


def _time(free: list[str], held: Held, words: Words, found: Found) -> Guess | None:
    least, scored, shares = policy.value("guess_time_share"), {}, {}
    for column in free:
        says = _says("time", words[column])
        is_number = held[column].str.fullmatch(r"[\d.,]+").mean() > least
        if is_number and not says:
            continue  # digits alone may be seconds since 1970, or anything else
        shares[column] = float(pd.notna(read_times(held[column]).values).mean())
        if shares[column] >= least:
            scored[column] = shares[column] + says
    best = _best(scored)
    return (best, f"{shares[best]:.0%} of its values are dates") if best else None


def _id(free: list[str], held: Held, words: Words, found: Found) -> Guess | None:
    scored, shares = {}, {}
    for place, column in enumerate(free):
        texts = held[column]
        shares[column] = texts.nunique() / len(texts)
        is_short = not texts.str.contains(r"\s").mean() > 1 - policy.value("least_distinct_share_of_key")
        is_amount = texts.str.contains(r"\d[.,]\d").mean() > policy.value("guess_time_share")
        if is_short and not is_amount and shares[column] >= policy.value("least_distinct_share_of_key"):
            # a key stands first by habit; one that neither its name nor its place speaks for is no proposal
            scored[column] = 2 * _says("id", words[column]) + (place == 0)
    best = _best(scored)
    if best is None:
        return None
    told = "the header says so, and " if _says("id", words[best]) else "it stands first, and "
    return best, f"{told}{shares[best]:.0%} of its values differ"


def _prediction(free: list[str], held: Held, words: Words, found: Found) -> Guess | None:
    classes = [c for c in free if _is_class(held[c]) or words[c][:1] in (["predicted"], ["prediction"])]
    scored = {c: float(_says("prediction", words[c])) - 0.5 * _says("confidence", words[c]) for c in classes}
    best = _best(scored)
    return (best, "the header says so") if best else None


def _confidence(free: list[str], held: Held, words: Words, found: Found) -> Guess | None:
    if "prediction" not in found:
        return None  # a score beside no prediction is a score of something else
    for column in (c for c in free if _says("confidence", words[c])):
        values = read_numbers(held[column])
        known = values[~np.isnan(values)]
        is_share = known.size and known.min() >= 0 and known.max() <= 1 and known.size >= len(values) / 2
        if is_share and len(np.unique(known)) >= policy.value("least_distinct_numbers"):
            return column, "the header says so, and its values lie between 0 and 1"
    return None


def _label(free: list[str], held: Held, words: Words, found: Found) -> Guess | None:
    named = [c for c in free if _says("label", words[c]) and _is_class(held[c])]
    if named:
        return named[0], "the header says so"
    if "prediction" not in found:
        return None
    prediction = found["prediction"][0]
    predicted = held[prediction].str.strip()
    about = set(words[prediction]) - set(policy.value("header_words")["prediction"])
    scored = {}
    for column in free:
        if _is_class(held[column]):
            shared = float(predicted.isin(held[column].str.strip().unique()).mean())
            same_name = bool(about & set(words[column]))
            if shared >= policy.value("guess_vocabulary_share"):
                scored[column] = shared + same_name
    best = _best(scored)
    return (best, f"it holds the same words as '{prediction}'") if best else None


def _text(free: list[str], held: Held, words: Words) -> Guess | None:
    scores = {c: _text_score(held[c], words[c]) for c in free}
    said = [c for c in free if scores[c] > 0 and _says("text", words[c])]
    chosen = said or [c for c in [_best(scores)] if c]
    if not chosen:
        return None
    told = "the header says so, and it holds sentences" if said else "it holds sentences"
    return chosen, told if len(chosen) == 1 else "the headers say so, and they hold sentences"


def _text_score(texts: pd.Series, words: list[str]) -> float:
    """Mean number of words where a column holds varied sentences, else 0."""
    if _says("not_text", words) and not _says("text", words):
        return 0.0
    n_words = float(texts.str.count(r"\S+").mean())
    is_varied = texts.nunique() > policy.value("near_unique_share") * len(texts)
    is_said = _says("text", words)
    least = policy.value("least_words_of_free_text")
    enough = n_words >= (least / 2 if is_said else 2 * least)
    return n_words if is_varied and enough else 0.0


def _is_class(texts: pd.Series) -> bool:
    distinct = texts.str.strip().nunique()
    return 2 <= distinct <= min(policy.value("most_classes"), len(texts) / 2)
