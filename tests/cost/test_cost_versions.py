"""Pinned model versions: dated and numbered names pass, names that move do not."""

import pytest

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


def found(*models, own=(), grade=Grade.MEASURED):
    return pinned_finding(models, own, grade=grade, calls=10, sources=("log",))


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
