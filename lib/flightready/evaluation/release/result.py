"""What the scoring pipeline records of a release, and what a comparison of two says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Interval


class Change(StrEnum):
    """What a comparison with the accepted score says."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Provenance:
    """What was scored, and by what.

    Parameters
    ----------
    as_of : date
        Day of the score.
    models : tuple of str
        Models that answered, as far as the usage log or the assessment names them.
    config, data, policy : str
        SHA-256 of what the assessment says of evaluation, columns and pilot, of the records, and of the policy.
    program : str
        Version of this program.
    commit : str
        Commit of the repository that holds the assessment; empty without one.
    is_dirty : bool, optional
        Whether files there differed from that commit; None without one.
    no_commit : str
        Why there is no commit.
    """

    as_of: dt.date
    models: tuple[str, ...] = ()
    config: str = ""
    data: str = ""
    policy: str = ""
    program: str = ""
    commit: str = ""
    is_dirty: bool | None = None
    no_commit: str = ""


@dataclass(frozen=True)
class ScoredSet:
    """Right and wrong answers of one set of records, raw or curated.

    Parameters
    ----------
    right, n : int
    worth : float
        Independent records that tell as much, 0 < worth <= n.
    records : dict of str to bool
        Whether each record was answered right, by a keyed digest; empty for a count that was typed in.
    answers : str
        Keyed digest of all answers, so that a run with the very same answers is known.
    """

    right: int
    n: int
    worth: float
    records: dict[str, bool] = field(repr=False)
    answers: str = ""


@dataclass(frozen=True)
class GroupScore:
    """Right answers in one group of one set; only groups that may be named."""

    set_name: str
    column: str
    group: str
    right: int
    n: int


@dataclass(frozen=True)
class ReleaseScore:
    """The score of one release.

    Parameters
    ----------
    pilot, task : str
    salt : str
        Key of the records' digests.
    sets : dict of str to ScoredSet
        By side, raw and curated.
    groups : tuple of GroupScore
    provenance : Provenance
    earlier : tuple of (date, side, right, n)
        Scores that were accepted before it.
    """

    pilot: str
    task: str
    salt: str
    sets: dict[str, ScoredSet]
    groups: tuple[GroupScore, ...]
    provenance: Provenance
    earlier: tuple[tuple[dt.date, str, int, int], ...] = ()


@dataclass(frozen=True)
class Compared:
    """One set or group now and then.

    Parameters
    ----------
    name : str
        raw data, demo set, or `region: north (raw data)`.
    now, then : Accuracy
        Over the same records where it is paired.
    change : float
        Accuracy now minus then, a share.
    interval : Interval
        Of the change: 90 % for the main set; for the others it holds for all of them together nine times in ten.
    verdict : Change
    is_paired : bool
        Whether both were compared record by record.
    gained, lost : int
        Records right now and wrong then, and the other way round; 0 where it is not paired.
    gone, new : int
        Records of then that are not scored now, and the other way round.
    rows_needed : int, optional
        Records in all that would decide, if both stayed as they are; None when decided.
    """

    name: str
    now: Accuracy
    then: Accuracy
    change: float
    interval: Interval
    verdict: Change
    is_paired: bool
    gained: int = 0
    lost: int = 0
    gone: int = 0
    new: int = 0
    rows_needed: int | None = None

    @property
    def is_as_before(self) -> bool:
        """Whether both hold the same records, and each is answered as right or wrong now as then."""
        return self.is_paired and not (self.gained or self.lost or self.gone or self.new)


@dataclass(frozen=True)
class ReleaseComparison:
    """Whether a release is better than the accepted score.

    Parameters
    ----------
    verdict : Change
        Of the main set: raw data, the demo set where there is none.
    main : Compared, optional
        None without an accepted score of the same set.
    guards : tuple of Compared
        The other set, and every group: none may fall by more than the policy allows.
    margin, largest_fall : float
        Shares either way that are the same, and that a guard may fall.
    failures : tuple of str
        Why the release may not go out whatever the verdict: a group fell, or the floor failed.
    held_back : str
        Why a better or same score may mislead.
    accepted : Provenance, optional
    """

    verdict: Change
    main: Compared | None
    guards: tuple[Compared, ...]
    margin: float
    largest_fall: float
    failures: tuple[str, ...]
    held_back: str
    accepted: Provenance | None

    @property
    def is_worse(self) -> bool:
        """Whether the main set or a guard is worse than accepted."""
        return Change.WORSE in (self.verdict, *(g.verdict for g in self.guards))

    @property
    def exit_code(self) -> int:
        """Exit code for continuous integration: 0 better or same, 3 worse or failed, 4 cannot tell."""
        if self.failures or self.verdict is Change.WORSE:
            return 3
        return 4 if self.verdict is Change.CANNOT_TELL else 0
