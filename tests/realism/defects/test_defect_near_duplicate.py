"""The detector 'near_duplicate'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, Injection, side_of, table

from flightready.assessment.schema import Columns
from flightready.realism.defects.near_duplicates import find, is_edit
from flightready.realism.detector import RECORD
from flightready.realism.inspection import inspect
from flightready.realism.likeness import likely_pairs, signatures
from flightready.realism.sample import Sample, Side


def resent(frame: pd.DataFrame, edit=lambda t: f"again: {t} please") -> pd.DataFrame:
    """Later records that repeat earlier ones under an id and time of their own, with a word put in."""
    frame = frame.copy()
    for row in HIT:
        kept = frame.loc[row + 200, ["id", "time"]]
        frame.loc[row + 200] = frame.loc[row]
        frame.loc[row + 200, ["id", "time"]] = kept
        frame.loc[row + 200, "text"] = edit(frame.loc[row, "text"])
    return frame


INJECTION = Injection(resent, RECORD, [row + 200 for row in HIT])
ROLES = Columns(id="id", time="time", text="text")


def marked(frame: pd.DataFrame) -> list[int]:
    got = find(inspect(Sample(None, side_of(frame), ROLES), seed=7))[RECORD]
    return np.flatnonzero(got.raw.hit).tolist()


@pytest.mark.parametrize(
    "edit",
    [
        lambda t: t,
        lambda t: t.upper(),
        lambda t: t + " !!",
        lambda t: "  " + t,
        lambda t: t[:-1],
        lambda t: t + " any news",
    ],
)
def test_the_later_one_is_marked_however_small_the_edit(edit):
    assert marked(resent(table(1), edit)) == list(INJECTION.rows)


def test_an_exact_copy_is_none():
    frame = table(1)
    for row in HIT:
        frame.loc[row + 200] = frame.loc[row]
    assert marked(frame) == []


def test_the_same_id_is_none():
    frame = resent(table(1))
    for row in HIT:
        frame.loc[row + 200, "id"] = frame.loc[row, "id"]
    assert marked(frame) == []


def test_the_later_by_time_is_marked_where_files_are_out_of_order():
    frame = resent(table(1))
    for row in HIT:
        frame.loc[[row, row + 200], "time"] = frame.loc[[row + 200, row], "time"].to_numpy()
    assert marked(frame) == HIT


def test_a_copy_in_another_system_is_marked():
    frame = resent(table(1))
    raw = Side.joined([*side_of(frame[:150], "web").sources, *side_of(frame[150:], "mail").sources])
    got = find(inspect(Sample(None, raw, ROLES), seed=7))[RECORD]
    assert np.flatnonzero(got.raw.hit).tolist() == list(INJECTION.rows)


def test_records_of_one_template_are_cases_of_their_own():
    rng = np.random.default_rng(3)
    items, cities = ["lamp", "chair", "kettle", "sofa", "mirror", "rug"], ["Leeds", "Porto", "Graz", "York", "Ghent"]
    n = 400
    frame = pd.DataFrame({
        "id": [f"T-{i:04d}" for i in range(n)],
        "time": pd.date_range("2025-01-01", periods=n, freq="h").strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": rng.choice(["north", "south"], n),
        "text": [f"Hello, the {rng.choice(items)} of order A-{rng.integers(41000, 99000)} has been waiting in {rng.choice(cities)} "
                 f"for {rng.integers(2, 30)} days. Please get back to me soon." for _ in range(n)],
    })  # fmt: skip
    assert marked(frame) == []


def test_a_request_of_a_template_that_is_sent_twice_is_found():
    n = 300
    frame = pd.DataFrame({
        "id": [f"T-{i:04d}" for i in range(n)],
        "time": pd.date_range("2025-01-01", periods=n, freq="h").strftime("%Y-%m-%dT%H:%M:%SZ"),
        "value": [f"{10 + 0.37 * i:.2f}" for i in range(n)],
        "text": [f"Hello, the lamp of order A-{41000 + 7 * i} has been waiting in Leeds for {i % 30} days." for i in range(n)],
    })  # fmt: skip
    frame.loc[250, ["value", "text"]] = [frame.loc[20, "value"], "Again: " + frame.loc[20, "text"] + " Any news?"]
    assert marked(frame) == [250]


def test_records_without_their_main_text_are_not_judged():
    frame = table(1)
    frame["text"] = ""
    frame["subject"] = "Where is my parcel, please answer"
    got = find(inspect(Sample(None, side_of(frame), Columns(id="id", time="time", text=["subject", "text"])), seed=7))[
        RECORD
    ]
    assert got.raw.hits == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the lamp is broken", "the lamp is broken, any news?", True),
        ("please refund the order", "pleese refund the ordre", True),
        ("invoice INV-20001 is wrong", "invoice INV-20002 is wrong", False),
        ("call me on monday", "call me on tuesday", False),
    ],
)
def test_an_edit_puts_nothing_else_in_place(one, other, same):
    assert is_edit(one, other) is same and is_edit(other, one) is same


def test_signatures_estimate_the_share_of_common_runs():
    """Broder 1997: P(equal column) = Jaccard; mean over many pairs of Jaccard 1/3 within three standard errors."""
    rng = np.random.default_rng(5)
    pairs = [
        ([f"c{i}x{k}" for k in range(10)], [f"a{i}y{k}" for k in range(10)], [f"b{i}z{k}" for k in range(10)])
        for i in range(200)
    ]
    one = [" ".join(c + a) for c, a, _ in pairs]
    other = [" ".join(c + b) for c, _, b in pairs]
    found = signatures(one + other, rng=rng)
    shared = 9 / (2 * 20 - 9)  # nine runs of two among the ten common words, of twenty runs each
    equal = (found[:200] == found[200:]).mean()
    assert equal == pytest.approx(shared, abs=3 * np.sqrt(shared * (1 - shared) / (200 * 24)) + 0.01)


def test_likely_pairs_are_each_named_once_in_order():
    found = signatures(["a b c d", "x y z w", "a b c d", "a b c d"], rng=np.random.default_rng(1))
    assert likely_pairs(found, np.arange(4)).tolist() == [[0, 2], [0, 3], [2, 3]]
