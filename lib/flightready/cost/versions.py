"""Whether the model names of a log are pinned versions or names that change what they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flightready import policy
from flightready.errors import listed
from flightready.evidence import Finding, Grade, State

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


def pinned_finding(models: Sequence[str], own_names: Sequence[str], *, grade: Grade, calls: int | None,
                   sources: tuple[str, ...]) -> Finding:  # fmt: skip
    """Return whether the models that answered are pinned (question R8).

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
    """
    names = [m for m in models if m]
    own = {n.lower() for n in own_names}
    loose = [m for m in names if is_alias(m) or (not is_pinned(m) and m.lower() not in own)]
    unclear = [m for m in names if m not in loose and not is_pinned(m)]
    common = {"id": "cost.model_pinned", "title": "Pinned model version", "n": calls, "questions": ("R8",),
              "gaps": ("G4",), "tags": ("maintainability",), "rule": "model_pinned_pattern", "grade": grade,
              "sources": sources}  # fmt: skip
    if loose:
        names_it = "is a name" if len(loose) == 1 else "are names"
        sentence = (f"{_shown(loose)} {names_it} without a version: the provider can change what answers under it from "
                    "one day to the next.")  # fmt: skip
        return Finding(state=State.FAIL, sentence=sentence, **common)
    if not names or unclear:
        sentence = ("No input names the model that answers." if not names else
                    f"Whether {_shown(unclear)} is a fixed version cannot be told from its name.")  # fmt: skip
        return Finding(state=State.UNKNOWN, sentence=sentence,
                       decides="A log that names the dated version of the model in each call", **common)  # fmt: skip
    if grade is not Grade.MEASURED:
        return Finding(state=State.UNKNOWN, sentence=f"{_shown(names)} is a dated version, as typed in.",
                       decides="A log of the calls, which shows what really answered", **common)  # fmt: skip
    if len(names) > 1:
        sentence = f"Every call was answered by a dated version ({_shown(names)}); there was more than one."
    else:
        sentence = (f"Every call was answered by the dated version {_shown(names)}; check that the code asks for it by "
                    "this name.")  # fmt: skip
    return Finding(state=State.PASS, sentence=sentence, **common)


def _shown(names: Sequence[str]) -> str:
    return listed([f"'{n[:60]}'" for n in names], limit=_MOST_SHOWN)
