"""Pinned model versions: dated and numbered names pass, names that move do not, nor do models that retire too soon."""

import datetime as dt

import pytest

from flightready.assessment.cost import Cost
from flightready.cost.retirement import retiring
from flightready.cost.versions import is_alias, is_pinned, pinned_finding
from flightready.evidence import Grade, State

PINNED = (
    "gpt-4.1-2025-04-14", "gpt-4-0613", "claude-sonnet-4-5-20250929", "claude-3-5-haiku@20241022", "gemini-1.5-pro-002",
    "anthropic.claude-3-5-sonnet-20241022-v2:0", "amazon.nova-pro-v1:0",
)  # fmt: skip
LOOSE = (
    "gpt-4.1", "gpt-4o", "gpt-5-chat-latest", "claude-sonnet-4-5", "gemini-2.5-flash-preview-09-2025",
    "gemini-exp-1206", "o3", "claude-3-5-sonnet-latest",
)  # fmt: skip


@pytest.mark.parametrize("name", PINNED)
def test_versions_with_a_date_or_number_are_pinned(name):
    assert is_pinned(name)
    assert not is_alias(name)


@pytest.mark.parametrize("name", LOOSE)
def test_names_that_move_are_not(name):
    assert not is_pinned(name)


DAY = dt.date(2026, 10, 1)
UNAWARE = {"on": dt.date(2027, 10, 1), "lead_time": "3 months", "successor": "next"}
PLAN = UNAWARE | {"announced": dt.date(2027, 1, 14)}


def found(*models, own=(), grade=Grade.MEASURED, plan=PLAN, as_of=DAY, measured=("next",)):
    cost = Cost.model_validate({"retirement": {m: plan for m in models if m and plan}})
    ends = retiring(models, cost, as_of=as_of, measured=measured) if as_of else ()
    return pinned_finding(models, own, grade=grade, calls=10, sources=("log",), retiring=ends, as_of=as_of)


def test_one_name_that_moves_fails_the_question():
    finding = found(PINNED[0], "gpt-4.1")
    assert (finding.state, finding.questions, finding.gaps) == (State.FAIL, ("R8",), ("G4",))
    assert "'gpt-4.1' is a name without a version" in finding.sentence
    assert "'gpt-4.1', 'o3' are names" in found("gpt-4.1", "o3").sentence


def test_dated_versions_pass():
    finding = found(PINNED[0])
    assert finding.state is State.PASS
    assert "check that the code asks for it by this name" in finding.sentence
    assert "more than one" in found(*PINNED[:2]).sentence


def test_typed_names_and_no_names_decide_nothing():
    assert found(PINNED[0], grade=Grade.ESTIMATED).state is State.UNKNOWN
    assert found("gpt-4.1", grade=Grade.ESTIMATED).state is State.FAIL
    for finding in (found(), found("")):
        assert finding.state is State.UNKNOWN
        assert finding.decides


def test_a_name_of_ones_own_without_a_date_is_not_called_loose():
    assert found("support-router", own=("Support-Router",)).state is State.UNKNOWN
    assert found("support-router-latest", own=("support-router-latest",)).state is State.FAIL


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({}, State.PASS, "answers no more from 2027-10-01; the move must begin by 2027-07-02, and the successor was"),
        ({"as_of": dt.date(2027, 7, 2)}, State.PASS, "must begin by 2027-07-02"),
        ({"as_of": dt.date(2027, 7, 3)}, State.FAIL, "the move takes 3 months: it had to begin by 2027-07-02"),
        ({"as_of": dt.date(2027, 7, 3), "grade": Grade.ESTIMATED}, State.FAIL, "had to begin"),
        ({"as_of": dt.date(2028, 1, 1)}, State.FAIL, "answers no more from 2027-10-01"),
        (
            {"as_of": dt.date(2027, 7, 3), "plan": PLAN | {"lead_time": "2 to 4 months"}},
            State.UNKNOWN,
            "which has passed",
        ),
        ({"plan": {"on": PLAN["on"], "successor": "next"}, "as_of": dt.date(2027, 7, 3)}, State.FAIL, "about 3 months"),
        ({"measured": ()}, State.UNKNOWN, "its successor was not measured on raw records"),
        ({"plan": {"on": PLAN["on"]}}, State.UNKNOWN, "no successor is named"),
        ({"plan": None}, State.UNKNOWN, "The day on which it retires is not stated"),
        ({"as_of": None}, State.UNKNOWN, "is not stated"),
        # announced on 2026-10-14 for 2027-01-14 (OpenAI, API deprecations); the policy's lead time of three months
        (
            {"plan": None, "as_of": dt.date(2026, 11, 1)},
            State.FAIL,
            "from 2027-01-14 as its provider announced, and the",
        ),
        # the earlier day decides, unless the assessment knows of it
        ({"as_of": dt.date(2026, 10, 14), "plan": UNAWARE}, State.PASS, "the move must begin by 2026-10-15"),
        ({"as_of": dt.date(2026, 11, 1), "plan": UNAWARE}, State.FAIL, "(the assessment states 2027-10-01; if that"),
        ({"as_of": dt.date(2026, 11, 1)}, State.PASS, "from 2027-10-01 (the provider announced 2027-01-14)"),
        (  # moved to a still earlier day since
            {"as_of": dt.date(2026, 11, 1), "plan": PLAN | {"announced": dt.date(2027, 3, 1)}},
            State.FAIL,
            "the assessment states 2027-10-01",
        ),
        (
            {"as_of": dt.date(2026, 11, 1), "plan": UNAWARE | {"on": dt.date(2026, 12, 1)}},
            State.FAIL,
            "from 2026-12-01",
        ),
    ],
)
def test_a_pinned_model_passes_when_the_move_to_its_measured_successor_can_begin_in_time(changes, state, words):
    finding = found(PINNED[0], **changes)
    assert finding.state is state
    assert words in finding.sentence
    assert bool(finding.decides) == (state is State.UNKNOWN)
