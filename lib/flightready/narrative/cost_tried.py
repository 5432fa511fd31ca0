"""Sentences and rows about a month at typed values, beside the same month at the values the fields begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flightready.cost.result import CostResult
from flightready.cost.what_if import Month, Reviews
from flightready.narrative.cost_labour import ASSUMED
from flightready.narrative.cost_terms import amount, between
from flightready.wording import chance, interval, money, number, points, share

HEAD = ("Figure, middle of the cases", "Before", "With these values", "Difference")
_SAME = "none"


@dataclass(frozen=True)
class Tried:
    """A month at typed values, and the people who review in it; None where nothing says what a review takes."""

    month: Month
    reviews: Reviews | None


def sentences(result: CostResult, tried: Tried) -> tuple[str, ...]:
    """Return what a month at typed values costs, and what people who review cost on top of it."""
    m = tried.month.monthly
    month = (f"With these values a month costs about {amount(result, m.median)}, nine times in ten "
             f"{between(result, m.low, m.high)}.")  # fmt: skip
    return tuple(filter(None, (month, _on_top(result, tried.reviews))))


def _on_top(result: CostResult, reviews: Reviews | None) -> str:
    if reviews is None:
        return ""
    if reviews.share.high == 0:
        unknown = "" if result.labour is not None else "Nothing says yet how many answers people review. "
        return f"{unknown}Here people review no answer, so nothing comes on top of the bill for them."
    own, m = result.assessment_currency, reviews.monthly
    ends = interval(m.low, m.high, lambda v: money(v, own))
    people = "" if reviews.at_work is None else f" for about {_people(reviews.at_work.median)} at work at once"
    return (f"On top of the bill, people who review {share(reviews.share.median)} of the answers cost about "
            f"{money(m.median, own)} a month{people}, nine times in ten {ends}.")  # fmt: skip


def note(result: CostResult, defaults: tuple[str, ...]) -> str:
    """Return how the figures differ from the forecast's, and what of a review is assumed."""
    named = [ASSUMED[key] for key in defaults]
    fixed = "The load is exactly as typed; the forecast also holds how uncertain the plan is." if result.monthly else ""
    taken = f"Assumed, because the assessment does not say: {', '.join(named)}." if named else ""
    return " ".join(filter(None, (fixed, taken)))


def rows(result: CostResult, before: Tried, tried: Tried) -> list[tuple[str, ...]]:
    """Return the figures before and with typed values, and how they differ."""

    def cost(value: float) -> str:
        return amount(result, value)

    was, now = before.month, tried.month
    found = [_row("The bill of a month", was.monthly.median, now.monthly.median, cost)]
    if was.exceeded_share is not None and now.exceeded_share is not None:
        found.append(_row("Chance of more than is approved", was.exceeded_share, now.exceeded_share, chance, points))
    thousand = "Calls of 1,000 requests"
    found.append(_row(thousand, 1000 * was.per_request.median, 1000 * now.per_request.median, cost))
    if was.year is not None and now.year is not None:
        found.append(_row("Bills of the twelve months that begin there", was.year.median, now.year.median, cost))
    return [*found, *_review_rows(result, before.reviews, tried.reviews)]


def _review_rows(result: CostResult, was: Reviews | None, now: Reviews | None) -> list[tuple[str, ...]]:
    if was is None or now is None:
        return []
    label = "Reviews by people a month, on top"
    found = [_row(label, was.monthly.median, now.monthly.median, lambda v: money(v, result.assessment_currency))]
    if was.at_work is not None and now.at_work is not None:
        found.append(_row("People at work at once", was.at_work.median, now.at_work.median, number))
    return found


def _row(
    label: str, was: float, now: float, write: Callable[[float], str], differ: Callable[[float], str] | None = None
) -> tuple[str, ...]:
    """A row; what is written alike differs by nothing that a reader could see."""
    difference = (differ or write)(now - was)
    same = write(was) == write(now)
    return label, write(was), write(now), _SAME if same else difference if now < was else f"+{difference}"


def _people(number_of: float) -> str:
    return "1 person" if number_of == 1 else f"{number(number_of)} people"
