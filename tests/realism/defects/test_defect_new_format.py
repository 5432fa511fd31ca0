"""The detector 'new_format'."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, NAME, ROLES, Injection, halves, put, side_of

from flightready.assessment.schema import Columns
from flightready.realism.detector import detectors
from flightready.realism.inspection import inspect
from flightready.realism.random_codes import random_code
from flightready.realism.sample import Sample, Side

INJECTION = Injection(lambda f: put(f, "name", [f"{NAME} #{i}!" for i in range(20)]), "name", HIT)
FIND = next(d.find for d in detectors() if d.id == "new_format")


def dotted(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.copy()
    frame["time"] = pd.to_datetime(frame["time"]).dt.strftime("%d.%m.%Y %H:%M")
    return frame


def test_the_format_of_a_whole_system_is_observed_and_its_cells_are_not_marked():
    raw, demo = halves()
    mail = put(dotted(raw.iloc[:150]), "time", ["2026|03|04"], [4, 9])
    both = Side.joined([*side_of(raw.iloc[150:], "web").sources, *side_of(mail, "mail").sources])
    got = FIND(inspect(Sample(side_of(demo, "demo"), both, Columns(**ROLES)), seed=7))["time"]
    assert [o.sentence for o in got.observations] == [
        "system 'mail' writes 'time' in one format that the demo set never shows"
    ]
    assert (got.observations[0].rate.hits, got.observations[0].rate.n) == (148, 150)
    assert np.flatnonzero(got.raw.hit).tolist() == [154, 159]


def test_what_a_small_demo_set_lacks_by_chance_is_no_habit():
    """Of 5 demo values none shows what a fifth of raw does: 0.8^5, one chance in three."""
    raw, demo = halves()
    some = raw.assign(time=np.where(np.arange(len(raw)) % 5 == 0, dotted(raw)["time"], raw["time"]))
    got = FIND(inspect(Sample(side_of(demo.iloc[:5], "demo"), side_of(some), Columns(**ROLES)), seed=7))
    assert got["time"].observations == ()


def test_words_of_categories_have_no_format():
    raw, demo = halves()
    got = FIND(inspect(Sample(side_of(demo, "demo"), side_of(raw), Columns(**ROLES)), seed=7))
    assert "category" not in got and "time" in got


def test_one_format_on_both_sides_together_costs_no_budget():
    """Whether anything could be new depends on both sides together, never on how the records fell."""
    raw, demo = halves()

    def least(raw: pd.DataFrame) -> float:
        return FIND(inspect(Sample(side_of(demo), side_of(raw), Columns(**ROLES)), seed=7))["id"].least_p

    assert least(raw) == 1.0
    assert least(put(raw, "id", [f"2026/{i}" for i in range(20)])) == 0.0


CODES = {
    "md5": lambda rng: md5(rng.bytes(8)).hexdigest(),
    "uuid": lambda rng: str(UUID(bytes=rng.bytes(16), version=4)),
    "base36": lambda rng: "".join(rng.choice(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 8)),
    "base64": lambda rng: b64encode(rng.bytes(16)).decode(),
    "prefixed": lambda rng: "req_" + rng.bytes(6).hex(),
}


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("column", ["id", "code"])
def test_random_codes_have_one_format(kind, column):
    raw, demo = halves()
    for seed in range(3):
        rng = np.random.default_rng(seed)
        raw, demo = (f.assign(**{column: [CODES[kind](rng) for _ in range(len(f))]}) for f in (raw, demo))
        got = FIND(inspect(Sample(side_of(demo), side_of(raw), Columns(**ROLES)), seed=7))[column]
        assert (got.raw.hits, got.p_value) == (0, 1.0)


def test_another_format_among_random_codes_is_new():
    raw, demo = (f.assign(id=[md5(t.encode()).hexdigest() for t in f["id"]]) for f in halves())
    raw = put(raw, "id", [f"T-{i}" for i in range(20)])
    got = FIND(inspect(Sample(side_of(demo), side_of(raw), Columns(**ROLES)), seed=7))["id"]
    assert np.flatnonzero(got.raw.hit).tolist() == HIT and got.p_value < 0.01


def test_a_code_with_places_for_its_letters_is_not_random():
    assert random_code([f"AB{i:02d}CD{i:03d}" for i in range(99)]) is None
    assert random_code([f"word{chr(97 + i % 26)}{chr(97 + i % 7)}" for i in range(99)]) is None
    assert random_code(["a1b2c3d4"]) is None and random_code([]) is None
