"""Kept answers: one file a pilot, a line an answer, written at once and readable by the owner only.

A line holds the digest of the question and the answer, never the record itself. A run that is killed loses at most the
answer that it was writing; the last answer to a question counts.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import NoneType

from flightready.calling.answers import Answer, Answers, Failure
from flightready.errors import InputError


class AnswerCache:
    """The answers of one pilot below a folder.

    Parameters
    ----------
    folder : Path
        Made on first write.
    pilot_digest : str
    """

    def __init__(self, folder: Path, pilot_digest: str) -> None:
        self.path, self.pilot_digest = folder / f"{pilot_digest[:32]}.jsonl", pilot_digest
        self._descriptor: int | None = None

    def answers(self) -> Answers:
        """Return every answer that is kept; lines that are not whole are left out."""
        held: dict[str, Answer] = {}
        try:
            with self.path.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    held |= _read(line)
        except OSError:
            pass  # nothing was asked yet
        return Answers(self.pilot_digest, held)

    def add(self, key: str, answer: Answer) -> None:
        """Keep one answer, whole or not at all."""
        line = json.dumps([key, answer.text, answer.confidence, answer.failure and answer.failure.name, answer.detail])
        try:
            os.write(self._opened(), f"{line}\n".encode())
        except OSError as error:
            raise InputError(f"answers of the pilot cannot be kept ({error.strerror})", where=self.path.parent.name,
                             cure="make room, or name another folder in FLIGHTREADY_STORE") from None  # fmt: skip

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _opened(self) -> int:
        if self._descriptor is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            os.fchmod(self._descriptor, 0o600)
            size = os.fstat(self._descriptor).st_size
            if size and os.pread(self._descriptor, 1, size - 1) != b"\n":  # a killed run left half a line
                os.write(self._descriptor, b"\n")
        return self._descriptor


def _read(line: str) -> dict[str, Answer]:
    try:
        key, text, confidence, failure, detail = json.loads(line)
        answer = Answer(text, confidence, Failure[failure] if failure else None, detail)
        f"{text}{detail}".encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    is_whole = all(isinstance(one, str) for one in (key, text, detail)) and type(confidence) in (float, NoneType)
    return {key: answer} if is_whole else {}
