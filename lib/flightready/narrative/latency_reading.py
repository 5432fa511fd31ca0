"""Sentences on how the traces were read: the course of a request, stage by stage."""

from __future__ import annotations

from itertools import groupby

from flightready.latency.result import LatencyResult
from flightready.latency.stage_uses import StageUse
from flightready.wording import share


def course_sentence(result: LatencyResult) -> str:
    """Return the stages of a request in their order, and which ones not every request makes."""
    if not result.uses:
        return ""
    steps = [list(held) for _, held in groupby(result.uses, key=lambda use: use.step)]
    return f"As the traces show it, a request makes {', then '.join(_step(held) for held in steps)}."


def _step(held: list[StageUse]) -> str:
    *others, last = [_named(use) for use in held]
    return f"{', '.join(others)} and {last} side by side" if others else last


def _named(use: StageUse) -> str:
    return f"'{use.name}'" if use.made == use.n else f"'{use.name}' (in {share(use.made / use.n)} of the requests)"


def confirm_sentence(result: LatencyResult) -> str:
    """Return whether the names of the stages were stated or taken from the traces."""
    stated = sum(named.is_stated for named in result.named)
    if stated == len(result.named):
        return "The assessment names every stage."
    left = "the stages" if not stated else "the other stages"
    return (
        f"The names of {left} are taken from the traces as they stand. If a name says little, or two names are one "
        "stage, copy the lines below into the assessment and change what stands on the right."
    )
