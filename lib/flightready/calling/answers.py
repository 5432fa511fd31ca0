"""What the pilot answered, or why it did not: kept by the content of the record that it was asked about."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Record = Mapping[str, str | None]
"""The columns that the pilot is given, and what they hold; None where a value is absent."""


class Failure(StrEnum):
    """Why a call gave no answer, in words for a reader."""

    TIMEOUT = "took too long"
    ENDED = "the program ended"
    RAISED = "the function raised an error"
    REFUSED = "refused for too many calls"
    STATUS = "answered with an error"
    REDIRECT = "redirected to another address"
    UNREACHABLE = "could not be reached"
    MALFORMED = "the answer is no JSON object"
    NO_ANSWER = "the answer lacks its field"
    TOO_LONG = "the answer never ends"


@dataclass(frozen=True)
class Answer:
    """One answer of the pilot.

    Parameters
    ----------
    text : str
        Without blanks around it; empty when the call failed.
    confidence : float, optional
        As the pilot says it.
    failure : Failure, optional
        None for an answer.
    detail : str
        More on a failure in our own words, such as a status or an exit code; never anything that the pilot wrote.
    """

    text: str = ""
    confidence: float | None = None
    failure: Failure | None = None
    detail: str = ""

    @property
    def reason(self) -> str:
        """Why the call failed, as a sentence fragment; empty for an answer."""
        if self.failure is None:
            return ""
        return f"{self.failure} ({self.detail})" if self.detail else str(self.failure)


def failed(failure: Failure, detail: str = "") -> Answer:
    """Return the outcome of a call that gave no answer."""
    return Answer(failure=failure, detail=detail)


def read(document: Any, *, answer: str, confidence: str) -> Answer:
    """Return the answer in what the pilot returned.

    Parameters
    ----------
    document : Any
        A parsed JSON document; only an object is an answer.
    answer, confidence : str
        Names of the fields.

    Examples
    --------
    >>> read({"team": " billing ", "p": 0.9}, answer="team", confidence="p")
    Answer(text='billing', confidence=0.9, failure=None, detail='')
    >>> read({"label": "billing"}, answer="team", confidence="p").reason
    "the answer lacks its field ('team')"
    """
    if not isinstance(document, dict):
        return failed(Failure.MALFORMED)
    given = document.get(answer)
    if given is None:
        return failed(Failure.NO_ANSWER, f"'{answer}'")
    return Answer(_text(given), _sure(document.get(confidence)))


def parsed(text: str | bytes, *, answer: str, confidence: str) -> Answer:
    """Return the answer in a JSON text; what is no JSON object is a failure.

    Examples
    --------
    >>> parsed("Traceback", answer="team", confidence="p").failure.name
    'MALFORMED'
    """
    try:
        return read(json.loads(text), answer=answer, confidence=confidence)
    except (ValueError, RecursionError):  # the text itself may be personal, so that nothing of it is told
        return failed(Failure.MALFORMED)


def _text(given: Any) -> str:
    if isinstance(given, str):
        return _writable(given.strip())
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return _writable(json.dumps(given, ensure_ascii=False, sort_keys=True))


def _writable(text: str) -> str:
    """Text with a question mark for each half of a character, which JSON may hold and no file can."""
    return text.encode(errors="replace").decode()


def _sure(given: Any) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        return float(given) if math.isfinite(given) else None
    except OverflowError:  # a whole number of hundreds of digits
        return None


def record_key(pilot_digest: str, record: Record) -> str:
    """Return the digest of a pilot and a record: the same question to the same pilot has the same key.

    Examples
    --------
    >>> record_key("p", {"a": "1", "b": None}) == record_key("p", {"b": None, "a": "1"})
    True
    >>> record_key("p", {"a": ""}) == record_key("p", {"a": None})
    False
    """
    content = json.dumps([pilot_digest, dict(record)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class Answers:
    """The kept answers of one pilot; it only reads.

    Parameters
    ----------
    pilot_digest : str
        Of everything that decides its answers.
    held : mapping of record key to Answer
    """

    pilot_digest: str
    held: Mapping[str, Answer] = field(repr=False)

    def of(self, record: Record) -> Answer | None:
        """Return the answer to a record, or None when it was never asked about."""
        return self.held.get(record_key(self.pilot_digest, record))

    def __len__(self) -> int:
        return len(self.held)

    @property
    def digest(self) -> str:
        """SHA-256 of all answers, whatever the order in which they came."""
        parts = [f"{k}\0{a.text}\0{a.confidence}\0{a.failure}\0{a.detail}" for k, a in sorted(self.held.items())]
        return hashlib.sha256("\n".join([self.pilot_digest, *parts]).encode()).hexdigest()
