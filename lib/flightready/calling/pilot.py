"""The pilot as the assessment describes it: which way it is called, and what decides its answers."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.pilot_call import PilotCall
from flightready.calling.answers import Answer, Failure, failed, parsed, read
from flightready.calling.asking import Channel
from flightready.calling.clock import Clock
from flightready.calling.conversation import Conversation
from flightready.calling.endpoint import Endpoint
from flightready.errors import InputError, listed, nearest

_CHILD = Path(__file__).with_name("child.py")


def pilot_digest(pilot: Pilot) -> str:
    """Return the SHA-256 of everything that is known to decide the answers of a pilot.

    These are its section of the assessment and the files that it names: the function's file and the Python files beside
    it, or the files among the words of the command. What an HTTP address runs is not known.
    """
    spec = _spec(pilot)
    decides = spec.model_dump(include={"function", "command", "url", "headers", "inputs", "answer", "confidence"})
    files: list[Path] = []
    if spec.function:
        files = sorted(_file(pilot)[0].parent.glob("*.py"))
    elif spec.command:
        files = [p for word in spec.command if (p := pilot.folder / word).is_file()]
    contents = [[p.name, hashlib.sha256(p.read_bytes()).hexdigest()] for p in files]
    return hashlib.sha256(json.dumps([decides, contents], sort_keys=True).encode()).hexdigest()


def channel(pilot: Pilot, *, clock: Clock) -> Channel:
    """Return the way to ask a pilot; nothing is started or sent before the first record.

    A function that its file does not define is an InputError of the first call.

    Raises
    ------
    InputError
        When the function's file is not in the assessment's folder, or a variable of a header is not set.
    """
    spec = _spec(pilot)
    names = {"answer": spec.answer, "confidence": spec.confidence}
    timeout_s = spec.timeout.median if spec.timeout else policy.value("call_timeout_s")
    limits = {"timeout_s": timeout_s, "longest_bytes": policy.value("call_longest_answer_bytes"), "clock": clock}
    if spec.url:
        return Endpoint(spec.url, spec.headers, **limits, **names)
    if spec.command:
        return Conversation(spec.command, pilot.folder, understand=lambda line: parsed(line, **names), **limits)
    file, function = _file(pilot)
    argv = (sys.executable, str(_CHILD), str(file), function)
    return Conversation(argv, pilot.folder, understand=lambda line: _returned(line, pilot, names), **limits)


def _returned(line: bytes, pilot: Pilot, names: dict[str, str]) -> Answer:
    """What the function's own process says: a returned value, or the kind of an error and where it was raised."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return failed(Failure.MALFORMED)
    if not isinstance(document, dict):  # the function wrote into its own answers
        return failed(Failure.MALFORMED)
    if "missing" in document:
        raise _no_function(pilot, [str(n) for n in document["missing"]])
    if "raised" in document:
        kind, at = document["raised"], document.get("line")
        return failed(Failure.RAISED, f"{kind}, line {at}" if at else str(kind))
    given = document.get("returned")
    if isinstance(given, str | int | float) and not isinstance(given, bool):
        given = {names["answer"]: given}  # a function may return the bare answer
    return read(given, **names)


def _no_function(pilot: Pilot, there: list[str]) -> InputError:
    name, _, function = _spec(pilot).function.rpartition(":")
    return InputError(f"the file '{name}' has no function '{function}'", where=pilot.where("pilot", "function"),
                      valid=listed(f"{name}:{n}" for n in there) if there else "",
                      cure=nearest(function, there) or "name a function that is there")  # fmt: skip


def _file(pilot: Pilot) -> tuple[Path, str]:
    name, _, function = _spec(pilot).function.rpartition(":")
    where = pilot.where("pilot", "function")
    path, folder = (pilot.folder / name).resolve(), pilot.folder.resolve()
    if not path.is_relative_to(folder):
        raise InputError(f"the file '{name}' lies outside the assessment's folder", where=where,
                         cure=f"put it into {folder.name}/, or call it as a command")  # fmt: skip
    if not path.is_file():
        near = nearest(path.name, [p.name for p in folder.glob("*.py")])
        raise InputError(f"the file '{name}' is not there", where=where, cure=near or f"put it into {folder.name}/")
    return path, function


def _spec(pilot: Pilot) -> PilotCall:
    if pilot.spec.pilot is None:
        raise InputError("the assessment does not say how to call the pilot", where=pilot.path.name,
                         valid="pilot: {function: pilot.py:answer}, or command, or url",
                         cure="add the section 'pilot'; docs/calling.md shows the three ways")  # fmt: skip
    return pilot.spec.pilot
