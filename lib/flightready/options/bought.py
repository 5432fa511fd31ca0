"""A product that is bought, or a system that is built, by its own prices; the setup is paid once, in the first year."""

from __future__ import annotations

from flightready.assessment.options import BuildOrBuyOption
from flightready.evidence import Grade
from flightready.options.line import Grounds, Line, Unpriced, line_of


def line(option: BuildOrBuyOption, grounds: Grounds) -> Line | Unpriced:
    """Return the cost of a bought or built way over the load: by the request, by the daily user, and what runs anyway.

    Parameters
    ----------
    option : BuildOrBuyOption
    grounds : Grounds
    """
    if option.per_request is None and option.per_user is None and option.running is None:
        return Unpriced(("No price is stated: per_request, per_user or running would give it one.",))
    request = grounds.column(option, "per_request", option.per_request)
    user = grounds.column(option, "per_user", option.per_user)
    return line_of(
        option, grounds, grade=Grade.ESTIMATED, notes=_notes(option),
        usage_usd=lambda load: load.requests_per_month * request + load.users_per_day * user,
        per_request_usd=request if option.per_request is not None and option.per_user is None else None,
    )  # fmt: skip


def _notes(option: BuildOrBuyOption) -> tuple[str, ...]:
    notes = []
    if option.per_request is None and option.per_user is None:
        notes.append("No price of its own is stated (per_request or per_user), so only what runs anyway is counted.")
    if option.running is None:
        notes.append("People and services that it needs beside its price are not counted: running is not stated.")
    if option.setup is None:
        what = "Building it" if option.kind == "build" else "Putting it in place"
        notes.append(f"{what} is not counted: setup is not stated.")
    return tuple(notes)
