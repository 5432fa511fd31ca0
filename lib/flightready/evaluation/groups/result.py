"""What the evaluation says of groups of people: how often the pilot is right for each, and how far they lie apart."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Interval, State
from flightready.realism.outcome import Rate


@dataclass(frozen=True)
class Group:
    """One group of people; a group of too few records has no figures.

    Parameters
    ----------
    name : str
        Its value, in the spelling that occurs most; words in its place where the value may be personal.
    n : int
        Scored records.
    accuracy : Accuracy, optional
        None where there are too few records to say anything.
    more : int
        Further scored records that would tell its accuracy to the gap that is allowed; 0 where there are enough.
    selected : Rate, optional
        How often the pilot gives the watched answer.
    deserved : Rate, optional
        How often the watched answer is the right one.
    false_positive, false_negative : Rate, optional
        Watched answer given where another is right, of those; another one given where it is right, of those.
    is_named : bool
        False for records without a group, and for rare groups put together: they hold no verdict back.
    is_missing : bool
        Whether these are the records without a group; they are compared like any other group.
    """

    name: str
    n: int
    accuracy: Accuracy | None
    more: int
    selected: Rate | None = None
    deserved: Rate | None = None
    false_positive: Rate | None = None
    false_negative: Rate | None = None
    is_named: bool = True
    is_missing: bool = False


@dataclass(frozen=True)
class GroupGap:
    """How far the worst group lies behind the best.

    Parameters
    ----------
    best, worst : str
    gap : float
        Accuracy of the best minus that of the worst, a share; of many groups two always lie apart by chance.
    interval : Interval
        Of the largest true gap: holds for all pairs of groups, and all group columns, together nine times in ten.
    allowed : float
    state : State
    rows : int, optional
        Scored records of each of the two groups in all that would decide if the gap stayed as it is; None when decided.
    """

    best: str
    worst: str
    gap: float
    interval: Interval
    allowed: float
    state: State
    rows: int | None = None


@dataclass(frozen=True)
class SelectionRatio:
    """How often the group that gets the watched answer least often gets it, over the group that gets it most often.

    Parameters
    ----------
    most, least : str
    ratio : float
        0 to 1.
    interval : Interval
        Of the smallest true ratio, for all pairs together.
    needed : float
        Four fifths by convention.
    state : State
        N/A where the assessment does not say which answer people hope for.
    """

    most: str
    least: str
    ratio: float
    interval: Interval
    needed: float
    state: State


@dataclass(frozen=True)
class GroupComparison:
    """The groups of one column, or of two columns together.

    Parameters
    ----------
    columns : tuple of str
    groups : tuple of Group
        The largest first; records without a group and rare groups last.
    gap : GroupGap, optional
        None with fewer than two groups of enough records.
    ratio : SelectionRatio, optional
    """

    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    gap: GroupGap | None
    ratio: SelectionRatio | None

    @property
    def urgency(self) -> tuple[int, float, float]:
        """Rises with how clearly the gap is beyond what is allowed; columns are shown by it."""
        if self.gap is None:
            return (-1, 0.0, 0.0)
        rank = (State.PASS, State.UNKNOWN, State.FAIL).index(self.gap.state)
        return (rank, self.gap.interval.low, self.gap.gap)

    @property
    def compared(self) -> tuple[Group, ...]:
        """Groups of enough records; rare groups put together are no group."""
        return tuple(g for g in self.groups if g.accuracy is not None and (g.is_named or g.is_missing))

    @property
    def too_small(self) -> tuple[Group, ...]:
        """Named groups of too few records."""
        return tuple(g for g in self.groups if g.accuracy is None and g.is_named)


@dataclass(frozen=True)
class GroupsResult:
    """Groups of people on raw data.

    Parameters
    ----------
    overall : Accuracy
    comparisons : tuple of GroupComparison
        One for each column, then one for each two columns together.
    watched : str
        Answer whose frequency is compared; empty where no answer is watched.
    is_favourable : bool
        Whether the assessment names that answer as the one that people hope for.
    """

    overall: Accuracy
    comparisons: tuple[GroupComparison, ...]
    watched: str
    is_favourable: bool
