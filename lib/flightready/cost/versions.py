"""Whether the model names of a log are pinned versions, and whether a move can still be made before they retire."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from flightready import policy
from flightready.cost.retirement import Retiring
from flightready.errors import listed
from flightready.evidence import Finding, Grade, State
from flightready.quantity import DAYS_PER_MONTH
from flightready.wording import count

_MOST_SHOWN = 3


def is_alias(name: str) -> bool:
    """Whether a name says of itself that it moves, such as `latest` or `preview`.

    Examples
    --------
    >>> is_alias("gpt-5-chat-latest"), is_alias("gpt-4.1-2025-04-14")
    (True, False)
    """
    return bool(set(re.split(r"[^a-z0-9]+", name.lower())) & set(policy.value("model_alias_words")))


def is_pinned(name: str) -> bool:
    """Whether a name holds a date or a version number and is not an alias.

    Examples
    --------
    >>> is_pinned("claude-sonnet-4-5-20250929"), is_pinned("gpt-4.1"), is_pinned("gemini-2.5-flash-preview-09-2025")
    (True, False, False)
    """
    return bool(re.search(policy.value("model_pinned_pattern"), name.lower())) and not is_alias(name)


def pinned_finding(
    models: Sequence[str], own_names: Sequence[str], *, grade: Grade, calls: int | None, sources: tuple[str, ...],
    retiring: Sequence[Retiring] = (), as_of: dt.date | None = None,
) -> Finding:  # fmt: skip
    """Return whether the models that answered are pinned, and can be replaced in time (question R8).

    It passes when every name is a dated version with a known day of retirement, the move can still begin in time, and
    the successor was measured on raw records. Of a stated and an announced day the earlier decides (see
    `cost.retirement.Retiring.stated`).

    Parameters
    ----------
    models : sequence of str
        Names as the log has them; empty ones are left out.
    own_names : sequence of str
        Models that the assessment prices itself: a name of one's own without a date may well be a fixed version.
    grade : Grade
        Of the names; typed ones cannot pass.
    calls : int or None
        Calls behind them.
    sources : tuple of str
        Files.
    retiring : sequence of Retiring
        Those of the models that are known to retire.
    as_of : date or None
        The day that decides what is late.
    """
    names = [m for m in models if m]
    common = {"id": "cost.model_pinned", "title": "Pinned model version", "n": calls, "questions": ("R8",),
              "gaps": ("G4",), "tags": ("maintainability",), "rule": "model_pinned_pattern", "grade": grade,
              "sources": sources}  # fmt: skip
    state, sentence, decides = _pinned(names, {n.lower() for n in own_names})
    if state is State.PASS:
        told = sentence
        state, sentence, decides = _in_time(names, retiring, as_of)
        sentence = f"{told} {sentence}"
        if state is not State.FAIL and grade is not Grade.MEASURED:
            state, sentence = State.UNKNOWN, f"{_shown(names)} is a dated version, as typed in."
            decides = "A log of the calls, which shows what really answered"
    return Finding(state=state, sentence=sentence, decides=decides, **common)


def _pinned(names: Sequence[str], own: set[str]) -> tuple[State, str, str]:
    """State, sentence and what decides, by the names alone."""
    loose = [m for m in names if is_alias(m) or (not is_pinned(m) and m.lower() not in own)]
    unclear = [m for m in names if m not in loose and not is_pinned(m)]
    if loose:
        names_it = "is a name" if len(loose) == 1 else "are names"
        return State.FAIL, (f"{_shown(loose)} {names_it} without a version: the provider can change what answers under "
                            "it from one day to the next."), ""  # fmt: skip
    if not names or unclear:
        sentence = ("No input names the model that answers." if not names else
                    f"Whether {_shown(unclear)} is a fixed version cannot be told from its name.")  # fmt: skip
        return State.UNKNOWN, sentence, "A log that names the dated version of the model in each call"
    if len(names) > 1:
        sentence = f"Every call was answered by a dated version ({_shown(names)}); there was more than one."
    else:
        sentence = (f"Every call was answered by the dated version {_shown(names)}; check that the code asks for it by "
                    "this name.")  # fmt: skip
    return State.PASS, sentence, ""


def _in_time(names: Sequence[str], retiring: Sequence[Retiring], as_of: dt.date | None) -> tuple[State, str, str]:
    """State, sentence and what decides, by the days on which the models retire."""
    undated = sorted(set(names) - {r.model for r in retiring})
    late = next((r for r in retiring if as_of is not None and as_of > r.too_late_after), None)
    if late is not None:
        return State.FAIL, f"{_ends(late)}, and the move takes {_lead(late)}: it had to begin by {late.decide_by}.", ""
    if undated or as_of is None:
        it = "it retires" if len(names) == 1 else f"{_shown(undated or names)} retires"
        return State.UNKNOWN, f"The day on which {it} is not stated.", (
            "The day from the provider's list of deprecations, with a successor, under cost.retirement"
        )  # fmt: skip
    first = retiring[0]
    until = f"{_ends(first)}; the move must begin by {first.decide_by}"
    if any(as_of > r.decide_by for r in retiring):
        return State.UNKNOWN, f"{until}, which has passed, unless it takes less long than it may.", (
            "A narrower lead time under cost.retirement"
        )  # fmt: skip
    bare = next((r for r in retiring if not r.successor_measured), None)
    if bare is not None and not bare.successor:
        return State.UNKNOWN, f"{until}, and no successor is named.", (
            "A successor under cost.retirement, measured on raw records under evaluation.candidates"
        )  # fmt: skip
    if bare is not None:
        return State.UNKNOWN, f"{until}, and its successor was not measured on raw records.", (
            "The successor's answers on the raw records, under evaluation.candidates by the same name"
        )  # fmt: skip
    return State.PASS, f"{until}, and the successor was measured on raw records.", ""


def _ends(r: Retiring) -> str:
    says = " as its provider announced" if r.is_published else ""
    other = "" if r.is_published or r.published in (None, r.on) else f" (the provider announced {r.published})"
    if r.is_published and r.stated is not None:
        other = f" (the assessment states {r.stated}; if that holds all the same, add announced: {r.on} to it)"
    return f"'{r.model[:60]}' answers no more from {r.on}{says}{other}"


def _lead(r: Retiring) -> str:
    months = round((r.on - r.decide_by).days / DAYS_PER_MONTH)
    return f"{'' if r.lead_is_stated else 'about '}{count(months, 'month')}"


def _shown(names: Sequence[str]) -> str:
    return listed([f"'{n[:60]}'" for n in names], limit=_MOST_SHOWN)
