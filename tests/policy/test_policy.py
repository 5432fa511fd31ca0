"""Every number has a home: complete, dated, used, and nothing used that has none."""

import datetime as dt
import re
from pathlib import Path

import pytest

import flightready
from flightready import policy
from flightready.assessment.schema import QUESTION_ID

PACKAGE = Path(flightready.__file__).parent
SOURCES = {p: p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py")}


def test_every_constant_says_why_and_where_from():
    for constant in policy.constants().values():
        assert constant.why.strip() and constant.source.strip(), constant.id
        assert isinstance(constant.checked, dt.date), constant.id


def test_every_constant_is_used():
    text = "\n".join(SOURCES.values())
    unused = [key for key in policy.constants() if f'"{key}"' not in text and not key.startswith("default_")]
    assert unused == []


def test_every_named_constant_exists():
    named = {m for text in SOURCES.values() for m in re.findall(r'policy\.(?:value|constant)\(\s*"(\w+)"', text)}
    assert named <= set(policy.constants()) | {"power_of_detection"}


def test_a_wrong_id_names_the_nearest():
    with pytest.raises(KeyError, match="power_of_detection"):
        policy.value("power_of_detecton")


def test_absences_say_what_to_bring_and_what_it_decides():
    for absence in policy.absences().values():
        assert absence.missing and absence.gives and absence.bring and absence.decides


def test_checklists_are_complete_and_gates_name_their_questions():
    lists = policy.read("checklists.yaml")
    assert set(lists["questions"]) == {f"{x}{i}" for x in "ER" for i in range(1, 11)} | {"KPI", "gap", "adoption"}
    for questions in lists["knock_outs"].values():
        assert set(questions) <= set(lists["questions"])
    for key, text in lists["questions"].items():
        assert QUESTION_ID.match(key)
        assert text["kind"] in ("measured", "mixed", "attested")
        assert text["expiry_days"] > 0 and text["asks"].endswith("?") and re.fullmatch(r"G[1-6]", text["gap"])
    kinds = [t["kind"] for k, t in lists["questions"].items() if k[0] in "ER"]
    assert (kinds.count("measured"), kinds.count("mixed"), kinds.count("attested")) == (3, 13, 4)


def test_the_digest_names_the_policy():
    assert re.fullmatch(r"[0-9a-f]{64}", policy.digest())
