"""One family of errors: every message says what was got, what is valid and how to cure it.

A user's mistake raises :class:`InputError` and ends in exit code 2 with the message and nothing else. Anything that
is not a :class:`FlightreadyError` is a defect of the program.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_NEAR = 0.6  # similarity from which a name may be meant; 1 is equal
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")  # a name from a file may hold what a terminal takes for a command
_AS_NEAR = 0.1  # names this much less similar than the nearest one are named with it


class FlightreadyError(Exception):
    """Base of every error that Flightready raises on purpose."""


class InputError(FlightreadyError, ValueError):
    """Something in the user's input is wrong, and the user can cure it.

    Parameters
    ----------
    problem : str
        What was got, in one clause without a full stop.
    where : str, optional
        File, line, column or key in which it was found.
    valid : str, optional
        What would have been valid.
    cure : str, optional
        What to do about it.

    Examples
    --------
    >>> print(InputError("'p10' is above 'p50'", where="assessment.yaml, line 4", cure="swap the two"))
    assessment.yaml, line 4: 'p10' is above 'p50'. To cure it: swap the two.
    """

    def __init__(self, problem: str, *, where: str = "", valid: str = "", cure: str = "") -> None:
        self.problem, self.where, self.valid, self.cure = problem, where, valid, cure
        super().__init__(_CONTROL.sub(" ", self._sentence()))

    def _sentence(self) -> str:
        text = f"{self.where}: {self.problem}" if self.where else self.problem
        if self.valid:
            text += f". Valid: {self.valid}"
        is_question = self.cure.startswith("did you mean")
        if self.cure:
            text += f". {self.cure[0].upper() + self.cure[1:]}" if is_question else f". To cure it: {self.cure}"
        return text if text.endswith((".", "?")) else text + "."

    def at(self, where: str) -> InputError:
        """Return the same error with its place put in front of the place it already names."""
        joined = f"{where}, {self.where}" if self.where else where
        return type(self)(self.problem, where=joined, valid=self.valid, cure=self.cure)


class InputErrors(InputError):
    """Several mistakes in one input, shown together so that they are cured in one go."""

    def __init__(self, errors: Iterable[InputError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(e) for e in self.errors))

    def __str__(self) -> str:
        return "\n".join(str(e) for e in self.errors)


def nearest(name: str, candidates: Iterable[str]) -> str:
    """Return a hint that names the candidates nearest to a misspelt name, or an empty string.

    Examples
    --------
    >>> nearest("produktion", ["curated", "production"])
    "did you mean 'production'?"
    """
    folded = {c.casefold(): c for c in candidates}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=3, cutoff=_NEAR)
    if not close:
        return ""
    scores = [difflib.SequenceMatcher(None, name.casefold(), c).ratio() for c in close]
    close = [c for c, score in zip(close, scores, strict=True) if score >= scores[0] - _AS_NEAR]
    return "did you mean " + " or ".join(f"'{folded[c]}'" for c in close) + "?"


def listed(names: Iterable[str], *, limit: int = 12) -> str:
    """Return names as a readable list, cut after `limit` of them.

    Examples
    --------
    >>> listed(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    names = [str(n) for n in names]
    if len(names) > limit:
        return ", ".join(names[:limit]) + f" and {len(names) - limit} more"
    return ", ".join(names)
