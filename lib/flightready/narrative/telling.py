"""What few records cannot show, in words: how many more would tell."""

from __future__ import annotations

from collections.abc import Iterable

from flightready import policy
from flightready.realism.outcome import Contrast, Defect, Rate
from flightready.realism.result import RealismResult
from flightready.realism.telling import Telling, level_of, records_to_contrast, rows_to_tell
from flightready.wording import count, share

_TOO_RARE = "too rare to compare"


def verdict(result: RealismResult, defect: Defect) -> str:
    """Say whether raw is worse, or what would tell.

    Parameters
    ----------
    result : RealismResult
        Whose comparisons share one budget.
    defect : Defect
        One of them.
    """
    if defect.worse is None:
        return "nothing to compare"
    if defect.worse:
        return "yes"
    raw, demo = defect.raw, defect.curated
    if raw is not None and demo is not None and raw.share <= demo.share:
        return "no: not above the demo set"
    told = rows_to_tell(defect, level=level_of(result, defect))
    if told is not None and told.raw is None and told.demo is None:
        return _too_close((raw, demo))
    return "not shown" if told is None else more(told)


def more(told: Telling) -> str:
    """Say how many further records would show a difference.

    Examples
    --------
    >>> more(Telling(640, None))
    'cannot tell: about 640 more raw records would'
    >>> more(Telling(None, 900))
    'cannot tell: the demo set is too small; about 900 more demo records would'
    """
    if told.raw is not None:
        return f"cannot tell: about {count(told.raw, 'more raw record')} would"
    if told.demo is not None:
        return f"cannot tell: the demo set is too small; about {count(told.demo, 'more demo record')} would"
    return _TOO_RARE


def _too_close(rates: Iterable[Rate]) -> str:
    """Why no number of records that anyone looks at would do: too few are affected, or the parts are too alike."""
    is_rare = max(r.share for r in rates) < policy.value("rare_share_for_power")
    return _TOO_RARE if is_rare else "too alike to tell apart"


def open_question(result: RealismResult) -> str:
    """Say which difference that is not shown is nearest to being shown, and what it would take; empty for none."""
    unsure = [d for d in result.defects if d.worse is False and d.raw and d.curated and d.raw.share > d.curated.share]
    unsure.sort(key=lambda d: (d.p_value, d.column, d.detector))
    for defect in unsure:
        told = rows_to_tell(defect, level=level_of(result, defect))
        if told is not None and (told.raw is not None or told.demo is not None):
            where = "whole records" if defect.column == "record" else f"'{defect.column}'"
            return (
                f"Nearest to being shown: {defect.name} in {where}, {share(defect.raw.share)} against "
                f"{share(defect.curated.share)} in the demo set; {more(told)}, if that is the true difference."
            )
    return ""


def shift_size(contrast: Contrast) -> str:
    """Write the size of a shift with its interval.

    Examples
    --------
    >>> from flightready.evidence import Interval
    >>> from flightready.realism.outcome import Effect
    >>> size = Effect("", 0.63, Interval(0.58, 0.67), 0.5)
    >>> told = ("shift_number", "level", "amount", "from 2026-03-01", "before", None, None, None)
    >>> shift_size(Contrast(*told, size, 0.001, True))
    'larger in 63 of 100 pairs (58 to 67)'
    >>> shift_size(Contrast(*told, Effect("", 0.47, Interval(0.44, 0.5), 0.5), 0.2, False))
    'smaller in 53 of 100 pairs (50 to 56)'
    """
    value, low, high = (100 * v for v in (contrast.effect.value, *_ends(contrast)))
    if contrast.detector == "shift_category":
        return f"{value:.0f} of 100 records in another category ({low:.0f} to {high:.0f})"
    more, less = ("longer", "shorter") if contrast.detector == "shift_length" else ("larger", "smaller")
    word = more
    if contrast.effect.value < contrast.effect.none:
        word, value, low, high = less, 100 - value, 100 - high, 100 - low
    return f"{word} in {value:.0f} of 100 pairs ({low:.0f} to {high:.0f})"


def _ends(contrast: Contrast) -> tuple[float, float]:
    found = contrast.effect.interval
    return found.low, found.high


def contrast_verdict(result: RealismResult, contrast: Contrast) -> str:
    """Say whether two parts of the raw records differ, or what would tell."""
    if contrast.is_different:
        return "yes"
    if contrast.effect is not None:
        return "not shown"
    if contrast.inside.share == contrast.outside.share:
        return "no"
    needed = records_to_contrast(result, contrast)
    if needed is None:
        return _too_close((contrast.inside, contrast.outside))
    return f"cannot tell: about {count(needed, 'more record')} would"
