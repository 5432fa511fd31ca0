"""Systems and periods against one another, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from flightready import policy
from flightready.narrative.telling import contrast_verdict
from flightready.realism.outcome import Contrast
from flightready.realism.result import RealismResult
from flightready.wording import count, points, share

_MOST_TOLD = 3
_RECORD = "record"


def contrasts_meaning(result: RealismResult) -> tuple[str, ...]:
    """Say where systems or periods differ, what that means for the repair, and how far to trust it."""
    if not result.contrasts:
        return (_nothing_to_compare(result),)
    real = [c for c in result.contrasts if c.is_different]
    parts = [_found(real, result)]
    parts += [_sentence(c) for c in real[:_MOST_TOLD]]
    unsure = next((c for c in result.contrasts if not c.is_different and c.inside is not None), None)
    if not real and unsure is not None:
        parts.append(f"The largest hint: {_what(unsure)}; {contrast_verdict(result, unsure)}.")
    if any(c.part.startswith("from ") for c in result.contrasts):
        parts.append(
            "Earlier and later records are compared by dealing out whole days anew, because records of one day "
            "resemble each other. Where one customer sends records on many days, a difference may still look surer "
            "than it is."
        )
    return tuple(parts)


def contrasts_left_out(found: Sequence[Contrast], shown: Sequence[Contrast]) -> str:
    """Say in one sentence what the contrasts that a table leaves out are; empty for none."""
    left = len(found) - len(shown)
    if not left:
        return ""
    real = sum(c.is_different for c in found) - sum(c.is_different for c in shown)
    told = "none of them is shown to differ" if not real else f"{real} of them {'differs' if real == 1 else 'differ'}"
    return f"Not in the table: {count(left, 'further contrast')}; {told} (shown in the notebook with every=True)."


def _nothing_to_compare(result: RealismResult) -> str:
    if not result.n_raw:
        return "There are no raw records to compare with one another."
    least = policy.value("least_days_of_period")
    return (
        f"There is nothing to compare: it takes two systems of {policy.value('least_records_of_part')} records each, "
        f"or dates on {2 * least} days or more."
    )


def _found(real: list[Contrast], result: RealismResult) -> str:
    number = count(len(result.contrasts), "contrast")
    has_systems = any(c.part.startswith("system") for c in result.contrasts)
    has_periods = any(c.part.startswith("from ") for c in result.contrasts)
    who = " or ".join(["systems"] * has_systems + ["earlier and later records"] * has_periods)
    if not real:
        return (
            f"In {number} no difference between {who} is shown: what was found is not the doing of one "
            f"{'system' if has_systems else 'period'} as far as these records can tell, so the repair belongs where "
            "all records come in."
        )
    budget = policy.value("false_discovery_budget")
    return (
        f"{len(real)} of {number} between {who} {'shows' if len(real) == 1 else 'show'} a difference beyond chance; on "
        f"average at most {share(budget)} of such differences are chance. A defect of one system is mended there, one "
        "that began on a day has a cause of that time."
    )


def _sentence(contrast: Contrast) -> str:
    told = _what(contrast)
    return f"{told[0].upper()}{told[1:]}."


def _what(contrast: Contrast) -> str:
    where = "whole records" if contrast.column == _RECORD else f"'{contrast.column}'"
    if contrast.inside is None or contrast.outside is None:
        return f"{contrast.name} of {where}, {contrast.part} against {contrast.other}: {contrast.told}"
    inside, outside, between = contrast.inside, contrast.outside, contrast.difference_interval
    difference = inside.share - outside.share
    ends = (between.low, between.high) if difference >= 0 else (-between.high, -between.low)
    low, high = (100 * end for end in ends)
    return (
        f"{contrast.name} in {where}: {share(inside.share)} {_in(contrast.part)}, {share(outside.share)} "
        f"{_in(contrast.other)}; {points(abs(difference))} {'more' if difference >= 0 else 'less'} (nine times in ten "
        f"{low:.1f} to {high:.1f})"
    )


def _in(part: str) -> str:
    return part if part.startswith(("from ", "before")) else f"in {part}"
