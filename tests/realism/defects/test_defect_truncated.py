"""The detector 'truncated'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, NAME, Injection, put, sample_of, table

from flightready.realism.defects.truncated import field_limit, find, says_so
from flightready.realism.endings import Endings, cut_chances
from flightready.realism.inspection import inspect

# the texts of the clean table have no full stop, so that only what an exporter or a field limit leaves can be told
LEFT = [f"{NAME} and then [...]", f"{NAME} (truncated)", "the caf&eacut"]
INJECTION = Injection(lambda f: put(f, "text", [f"case {i} of {LEFT[i % 3]}" for i in range(len(HIT))]), "text", HIT)

OPENINGS = ["My parcel", "The invoice", "Our delivery", "The refund", "My account", "The warranty", "This reminder"]
MIDDLES = [
    "has not arrived",
    "was cancelled yesterday",
    "is still missing",
    "shows a wrong address",
    "needs correction",
]
ENDS = [
    "after three weeks",
    "despite several reminders",
    "since the update",
    "without an explanation",
    "before Wednesday",
    "in Leipzig",
]


def sentences(n: int, seed: int, unended: float = 0.1) -> list[str]:
    rng = np.random.default_rng(seed)
    pick = lambda options: options[rng.integers(len(options))]  # noqa: E731
    return [f"{pick(OPENINGS)} {pick(MIDDLES)} {pick(ENDS)}. Order A-{i} {pick(MIDDLES)} {pick(ENDS)}{'' if rng.random() < unended else '.'}" for i in range(n)]  # fmt: skip


def frame(texts: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"id": [f"T-{i:05d}" for i in range(len(texts))], "time": "2025-01-01", "text": texts})


def cut(text: str, at: int) -> str:
    """The text up to the middle of a word near a place."""
    while not (text[at - 2 : at + 2].isalpha()):
        at -= 1
    return text[:at]


def test_texts_that_stop_in_mid_word_are_told_from_those_without_a_full_stop():
    texts = sentences(300, 1)
    rows = list(range(10, 70, 2))
    for row in rows:
        texts[row] = cut(texts[row], 60)
    got = find(inspect(sample_of(frame(texts), frame(sentences(200, 2))), seed=7))["text"]
    found = np.flatnonzero(got.raw.hit)
    assert len(set(found) & set(rows)) >= 0.9 * len(rows) and len(set(found) - set(rows)) <= 0.05 * len(found)
    assert got.curated.hits == 0


def test_a_name_at_the_end_is_no_cut():
    texts = sentences(200, 3, unended=0)
    texts[:6] = [f"{t} Regards, {n}" for t, n in zip(texts, ["Zebedee", "Xanthe", "Bartholomew", "Quill", "Ödön", "Wednesbury"], strict=False)]  # fmt: skip
    assert find(inspect(sample_of(frame(texts), None), seed=7))["text"].raw.hits == 0


@pytest.mark.parametrize("unended", [0.0, 0.1, 0.35])
def test_whole_texts_are_not_flagged_whatever_their_ends(unended):
    got = find(inspect(sample_of(frame(sentences(400, 5, unended)), frame(sentences(200, 6, unended))), seed=7))["text"]
    assert got.raw.hits + got.curated.hits <= 0.005 * 600


@pytest.mark.parametrize("limit", [40, 60])
def test_a_field_limit_is_found_and_told(limit):
    raw = table(1)
    raw["text"] = [t[:limit] for t in raw["text"]]
    at_limit = np.flatnonzero(raw["text"].str.len() == limit)
    share = len(at_limit) / len(raw)
    got = find(inspect(sample_of(raw, table(2)), seed=7))["text"]
    if share > 0.5:  # most texts are of one length: its format
        assert got.raw.hits == 0
    else:
        assert np.flatnonzero(got.raw.hit).tolist() == at_limit.tolist() and f"{limit} characters" in got.told


def test_a_limit_in_bytes_is_found():
    """An 80-byte column of UTF-8, as a database cuts it."""
    rng = np.random.default_rng(1)
    texts = ["".join(rng.choice(list("äöü abc def"), rng.integers(20, 110))) for _ in range(400)]
    cut_texts = [t.encode()[:80].decode(errors="ignore") for t in texts]
    lengths = np.array([len(t.encode()) for t in cut_texts])
    assert field_limit(np.array(cut_texts, dtype=object), lengths) == 80
    assert field_limit(np.array(texts, dtype=object), np.array([len(t.encode()) for t in texts])) == 0


def test_texts_of_one_template_have_no_limit():
    texts = np.array(
        [f"Ticket {i:05d} was closed by the night shift" for i in range(100)] + ["short"] * 3, dtype=object
    )
    assert field_limit(texts, np.array([len(t) for t in texts])) == 0


def test_odds_follow_how_words_begin_and_how_sentences_end():
    endings = Endings.of(["I called today.", "The order came today.", "The orders came.", "My order is here."] * 5)
    begun, whole, name = endings.odds(["The ord", "It came", "From Zoe"])
    assert begun > 1 > whole and name < 1


def test_chances_add_up_to_the_share_that_was_cut():
    """EM of a two-part mixture: 30 clear cuts among 100 leave a share of .3."""
    chances = cut_chances(np.array([200.0] * 30 + [0.005] * 70))
    assert chances.mean() == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize(
    "text", ["and so on...", "AT&T", "R&D", "see [1]", "he left (truncated texts are bad)", "wait…"]
)
def test_what_people_write_at_an_end_says_nothing(text):
    assert not says_so(text)
