"""The scoring pipeline of one pilot: its score now, the accepted score beside the assessment, and what they say."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flightready import __version__, policy
from flightready.assessment import ACCEPTED_NAME, Pilot, file_digest
from flightready.errors import InputError
from flightready.evaluation.release.comparison import compare
from flightready.evaluation.release.document import read_score, refuse_stranger
from flightready.evaluation.release.result import Provenance, ReleaseComparison, ReleaseScore
from flightready.evaluation.release.score import release_score, salt_of
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.shares.accuracy import Accuracy, accuracy
from flightready.evidence import Finding


@dataclass(frozen=True)
class Pipeline:
    """What stands in the place of an accepted score, and how the pilot does against it.

    Parameters
    ----------
    now : dict of str to Accuracy
        By side, raw and curated.
    accepted : Provenance, optional
        None where there is no accepted score that can be read.
    age_days : int, optional
        Days since it was accepted.
    problem : str
        Why the accepted score cannot be used; empty without a problem, also where there is none.
    comparison : ReleaseComparison, optional
        None without an accepted score.
    earlier : tuple of (date, side, right, n)
        Scores that were accepted before it.
    """

    now: dict[str, Accuracy]
    accepted: Provenance | None
    age_days: int | None
    problem: str
    comparison: ReleaseComparison | None
    earlier: tuple[tuple[dt.date, str, int, int], ...] = ()


def pipeline(records: ScoredSample, findings: Sequence[Finding], *, as_of: dt.date | None) -> Pipeline | None:
    """Return the state of the scoring pipeline, or None when nothing is scored.

    An accepted score that cannot be read is a problem to be told, and no error: the rest of the evaluation stands.
    """
    now = score_now(records, as_of=as_of)
    if not now.sets:
        return None
    shown = {name: accuracy(s.right, s.n) for name, s in now.sets.items()}
    path = records.pilot.folder / ACCEPTED_NAME
    if not path.is_file():
        return Pipeline(shown, None, None, "", None)
    try:
        accepted = accepted_score(path, records.pilot)
    except InputError as error:
        return Pipeline(shown, None, None, str(error), None)
    age = (as_of - accepted.provenance.as_of).days if as_of is not None else None
    comparison = compare(records, with_salt(now, records, accepted), accepted, findings)
    return Pipeline(shown, accepted.provenance, age, "", comparison, accepted.earlier)


def score_now(records: ScoredSample, *, as_of: dt.date | None, provenance: Provenance | None = None) -> ReleaseScore:
    """Return the score of the pilot as it stands.

    Parameters
    ----------
    provenance : Provenance, optional
        What is known from outside the records: models, commit.
    """
    pilot, known = records.pilot, provenance or Provenance(as_of or dt.date.min)
    data = data_digest(pilot)
    known = replace(known, config=config_digest(pilot), data=data, policy=policy.digest(), program=__version__)
    return release_score(records, salt=salt_of(data, pilot.spec.seed), provenance=known)


def with_salt(now: ReleaseScore, records: ScoredSample, accepted: ReleaseScore) -> ReleaseScore:
    """Return the score of now by the key of the accepted one, so that its records are found again."""
    return release_score(records, salt=accepted.salt, provenance=now.provenance)


def accepted_score(path: Path, pilot: Pilot) -> ReleaseScore:
    """Read the accepted score of a pilot.

    Raises
    ------
    InputError
        When it cannot be read, or is one of another pilot or task.
    """
    score = read_score(path)
    refuse_stranger(score, pilot, path)
    return score


def config_digest(pilot: Pilot) -> str:
    """Return the SHA-256 of what the assessment says of evaluation and columns."""
    return hashlib.sha256(repr((pilot.spec.evaluation, pilot.spec.data)).encode()).hexdigest()


def data_digest(pilot: Pilot) -> str:
    """Return the SHA-256 of the names and contents of all files of records and labels."""
    spec = pilot.spec
    others = {
        *spec.cost.usage_files,
        *spec.latency.spans,
        *pilot.result_files,
        ACCEPTED_NAME,
    }
    files = sorted((n, file_digest(p)) for n, p in pilot.input_files().items() if n not in others and p.is_file())
    return hashlib.sha256(repr(files).encode()).hexdigest()
