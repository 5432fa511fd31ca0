"""The accepted score on disk: JSON with a digest of its own content, refused when it is not what was written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.save import write_whole
from flightready.errors import InputError, listed
from flightready.evaluation.release.result import GroupScore, Provenance, ReleaseScore, ScoredSet

FORMAT, VERSION = "flightready score", 1
_WRITE_AGAIN = "score once more with --accept (move this file away first), or name another one with --baseline"
_KEY = re.compile(r"[0-9a-f]{24}")


def as_document(score: ReleaseScore) -> dict[str, Any]:
    """Return a score as plain values, ready for JSON, with the SHA-256 of its content under `sha256`."""
    content = {
        "format": FORMAT, "version": VERSION, "pilot": score.pilot, "task": score.task, "salt": score.salt,
        "provenance": asdict(score.provenance)
        | {"as_of": str(score.provenance.as_of), "models": list(score.provenance.models)},
        "sets": {name: asdict(found) for name, found in score.sets.items()},
        "groups": [asdict(g) for g in score.groups],
        "earlier": [[str(day), *rest] for day, *rest in score.earlier],
    }  # fmt: skip
    return content | {"sha256": _digest(content)}


def write_score(path: Path, score: ReleaseScore) -> None:
    """Write a score, whole or not at all.

    Raises
    ------
    InputError
        When the folder is not there or may not be written to.
    """
    text = json.dumps(as_document(score), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    try:
        write_whole(path, text)
    except OSError as error:
        raise InputError(f"the score cannot be written ({error.strerror or error})", where=str(path),
                         cure="name a file in a folder that is there and may be written to") from None  # fmt: skip


def read_score(path: Path) -> ReleaseScore:
    """Read a score.

    Raises
    ------
    InputError
        When the file is not there, not readable, of another version, or was changed after it was written.
    """
    where = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        missing = "is not there" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise InputError(f"the score {missing}", where=str(path), cure="check the name after --baseline") from None
    if not raw.strip():
        raise InputError("the score is empty (0 bytes)" if not raw else "the score holds only blanks", where=where,
                         cure=_WRITE_AGAIN)  # fmt: skip
    try:
        content = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError("the score is no JSON", where=f"{where}{line}", cure=_WRITE_AGAIN) from None
    _refuse_other(content, where)
    try:
        return _score(content)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("the score lacks a part, or a part is not what it should be", where=where,
                         cure=_WRITE_AGAIN) from None  # fmt: skip


def refuse_stranger(score: ReleaseScore, pilot: Pilot, path: Path) -> None:
    """Raise InputError when a score is one of another pilot or task."""
    own = {"pilot": pilot.spec.name, "task": pilot.spec.evaluation.task}
    for key, what in (("pilot", "the pilot"), ("task", "the task")):
        if getattr(score, key) != own[key]:
            raise InputError(
                f"this score is of {what} '{_short(getattr(score, key))}', not of '{_short(own[key])}'",
                where=path.name,
                cure="name the accepted score of this pilot with --baseline, or move this file away and accept anew",
            )  # fmt: skip


def with_earlier(score: ReleaseScore, accepted: ReleaseScore | None) -> ReleaseScore:
    """Return a score that remembers the scores that were accepted before it, the latest last."""
    if accepted is None:
        return score
    before = [(accepted.provenance.as_of, name, s.right, s.n) for name, s in accepted.sets.items()]
    kept = (*accepted.earlier, *before)[-policy.value("most_accepted_kept") :]
    return ReleaseScore(score.pilot, score.task, score.salt, score.sets, score.groups, score.provenance, kept)


def _refuse_other(content: Any, where: str) -> None:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputError("this is no score", where=where, valid=f"a file that flightready score wrote (\"{FORMAT}\")",
                         cure=_WRITE_AGAIN)  # fmt: skip
    if content.get("version") != VERSION:
        raise InputError(f"this score is of version {_short(content.get('version'))} of the format", where=where,
                         valid=f"version {VERSION}", cure=_WRITE_AGAIN)  # fmt: skip
    lacking = sorted({"pilot", "task", "salt", "provenance", "sets", "groups", "earlier", "sha256"} - set(content))
    if lacking:
        raise InputError(f"the score lacks {listed(lacking)}", where=where, cure=_WRITE_AGAIN)
    if content["sha256"] != _digest({k: v for k, v in content.items() if k != "sha256"}):
        raise InputError("the score was changed after it was written", where=where, cure=_WRITE_AGAIN)


def _score(content: dict[str, Any]) -> ReleaseScore:
    given = content["provenance"]
    provenance = Provenance(
        **{**given, "as_of": dt.date.fromisoformat(given["as_of"]), "models": tuple(given["models"])}
    )
    sets = {name: _set(name, s) for name, s in content["sets"].items()}
    groups = tuple(GroupScore(**g) for g in content["groups"])
    for g in groups:
        _check(_is_counts(g.right, g.n))
    earlier = tuple(
        (dt.date.fromisoformat(day), str(side), int(right), int(n)) for day, side, right, n in content["earlier"]
    )
    _check(all(isinstance(content[k], str) for k in ("pilot", "task", "salt")))
    return ReleaseScore(content["pilot"], content["task"], content["salt"], sets, groups, provenance, earlier)


def _set(name: str, given: dict[str, Any]) -> ScoredSet:
    found = ScoredSet(**given)
    _check(name in ("raw", "curated") and _is_counts(found.right, found.n) and 0 < found.worth <= found.n)
    if found.records:
        _check(all(_KEY.fullmatch(k) and isinstance(r, bool) for k, r in found.records.items()))
        _check(len(found.records) == found.n and sum(found.records.values()) == found.right)
    return found


def _is_counts(right: Any, n: Any) -> bool:
    return type(right) is int and type(n) is int and 0 <= right <= n and n > 0


def _check(holds: bool) -> None:
    if not holds:
        raise ValueError("not a score")


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _short(text: Any, longest: int = 60) -> str:
    one_line = " ".join(str(text).split())
    return one_line if len(one_line) <= longest else f"{one_line[:longest]}..."
