"""The detector 'overlap': records of the demo set put among the raw ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, Injection, clean_table, halves, put, side_of, table

from flightready.assessment.schema import Columns
from flightready.realism.defects.overlap import shared_rows
from flightready.realism.detector import RECORD
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample


def leaked(frame: pd.DataFrame) -> pd.DataFrame:
    """Long texts of the demo half, in capitals and with other blanks, under new ids."""
    demo = halves()[1]
    texts = [f"  {t.upper()}.".replace(" ", "  ") for t in demo["text"] if len(t) > 80]
    return put(frame, "text", texts[: len(HIT)])


INJECTION = Injection(leaked, RECORD, HIT)


def shared(raw: pd.DataFrame, curated: pd.DataFrame | None, **roles) -> dict[str, np.ndarray]:
    sample = Sample(None if curated is None else side_of(curated, "demo"), side_of(raw), Columns(**roles))
    return {name: np.flatnonzero(hit).tolist() for name, hit in shared_rows(inspect(sample, seed=7)).items()}


def test_both_sides_say_which_records_they_share():
    demo = table(2)
    raw = table(1)
    raw.loc[[4, 9], "text"] = [t for t in demo["text"] if len(t) > 80][:2]
    long = [i for i, t in enumerate(demo["text"]) if len(t) > 80][:2]
    assert shared(raw, demo, id="id", time="time", text="text") == {"raw": [4, 9], "curated": long}


def test_thanks_and_form_letters_on_both_sides_mean_nothing():
    raw, demo = table(1), table(2)
    letter = "This is an automatic reply: we have received your message and will answer within two days."
    raw.loc[:2, "text"], demo.loc[:2, "text"] = "Thank you very much!", "thank you very much"
    raw.loc[10:14, "text"], demo.loc[20, "text"] = letter, letter
    assert shared(raw, demo, id="id", time="time", text="text") == {"raw": [], "curated": []}
    raw.loc[11:14, "text"] = table(3).loc[11:14, "text"]  # once on each side it is a record that leaked
    assert shared(raw, demo, id="id", time="time", text="text") == {"raw": [10], "curated": [20]}


def test_records_without_text_are_told_by_all_their_values():
    rng = np.random.default_rng(5)
    whole = pd.DataFrame({c: [f"{v:.3f}" for v in rng.normal(50, 9, 400)] for c in "abcd"})
    whole.insert(0, "id", [f"K-{i:05d}" for i in range(400)])
    raw, demo = whole[:200].copy(), whole[200:].reset_index(drop=True)
    raw.loc[[3, 8], list("abcd")] = demo.loc[[0, 1], list("abcd")].to_numpy()
    assert shared(raw, demo, id="id") == {"raw": [3, 8], "curated": [0, 1]}


@pytest.mark.parametrize("seed", range(5))
def test_narrow_tables_meet_by_chance_and_are_left_alone(seed):
    """Three short categories: thousands of pairs are equal by chance alone."""
    frame = clean_table(np.random.default_rng(seed), 600)[["id", "category", "code", "count"]]
    raw, demo = frame[:300].reset_index(drop=True), frame[300:].reset_index(drop=True)
    content = ["category", "code", "count"]
    assert raw[content].merge(demo[content]).shape[0] > 5
    assert shared(raw, demo, id="id") == {"raw": [], "curated": []}


def test_nothing_is_shared_with_a_side_that_is_absent():
    assert shared(table(1), None, text="text") == {"raw": []}


def test_copies_of_the_whole_sample_are_all_shared():
    raw = table(1)
    found = shared(raw, raw, id="id", time="time", text="text")
    assert len(found["raw"]) == len(found["curated"]) > 0.95 * len(raw)


def test_a_copy_may_have_another_id_time_and_answer():
    raw, demo = table(1), table(2)
    raw["answer"], demo["answer"] = "billing", "legal"
    raw.loc[5] = demo.loc[7]
    raw.loc[5, ["id", "time", "answer"]] = ["T-9999999", "2025-05-05T00:00:00Z", "refund"]
    roles = {"id": "id", "time": "time", "text": "text"}
    assert shared(raw, demo, **roles, label="answer") == {"raw": [5], "curated": [7]}


def test_records_of_short_texts_are_shared_when_their_ids_agree_too():
    raw = table(1)[["id", "time", "name", "text"]]
    raw["text"] = [f"{t[:14]} {i}" for i, t in enumerate(raw["text"])]
    raw["team"] = [("billing", "legal", "sales", "care")[i % 4] for i in range(len(raw))]
    raw["region"] = [("north", "south", "west", "east")[i // 4 % 4] for i in range(len(raw))]
    other = raw.assign(id=table(2)["id"], time=table(2)["time"])
    everyone = list(range(len(raw)))
    roles = {"id": "id", "time": "time", "text": "text"}
    assert shared(raw, raw, **roles) == {"raw": everyone, "curated": everyone}
    assert shared(raw, other, **roles) == {"raw": [], "curated": []}


def test_running_numbers_on_both_sides_make_no_record_the_same():
    rng = np.random.default_rng(1)
    raw, demo = (pd.DataFrame({
        "id": [str(i) for i in range(1, 301)], "time": [f"2025-03-{1 + i // 10:02d}" for i in range(300)],
        "text": rng.choice(["thanks", "help", "stop", "ok"], 300), "team": rng.choice(list("abc"), 300),
    }) for _ in range(2))  # fmt: skip
    assert shared(raw, demo, id="id", time="time", text="text") == {"raw": [], "curated": []}
