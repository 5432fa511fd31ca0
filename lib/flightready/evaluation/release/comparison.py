"""Better, same, worse or cannot tell: a release against the accepted score, record by record where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from flightready import policy
from flightready.evaluation.release.result import Change, Compared, ReleaseComparison, ReleaseScore, ScoredSet
from flightready.evaluation.release.score import SIDES, group_masks, record_keys
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.accuracy import Accuracy, accuracy
from flightready.evaluation.shares.clustered import effective_groups, estimated_effect_costs
from flightready.evaluation.shares.paired import paired_newcombe
from flightready.evidence import Finding, Interval, State
from flightready.intervals import LEVEL, newcombe
from flightready.wording import count, points, share

FAILING = ("evaluation.raw_accuracy", "evaluation.groups", "evaluation.business_rules", "evaluation.output_contract")
"""Findings whose FAIL stops a release whatever the comparison says."""


def compare(
    records: ScoredSample, now: ReleaseScore, accepted: ReleaseScore | None, findings: Sequence[Finding]
) -> ReleaseComparison:
    """Compare a release with the accepted score.

    Raw data decides, the demo set where there is no raw score; the other set and every group are guards, which may not
    fall by more than the policy allows, at a level at which all of them hold together.

    Parameters
    ----------
    records : ScoredSample
        Of now; tells which group each record is of.
    now : ReleaseScore
        By the salt of the accepted score.
    accepted : ReleaseScore, optional
    findings : sequence of Finding
        Of the evaluation; a floor or a rule on groups that fails stops the release.
    """
    margin, largest_fall = policy.value("score_margin"), policy.value("largest_group_fall")
    failures = [f.sentence for f in findings if f.id in FAILING and f.state is State.FAIL]
    if accepted is None:
        return ReleaseComparison(Change.CANNOT_TELL, None, (), margin, largest_fall, tuple(failures), "", None)
    names = [name for name in SIDES if name in now.sets and name in accepted.sets]
    main = _compared_set(names[0], now, accepted, records) if names else None
    guards = _guards(names[1:], now, accepted, records)
    failures += [f"{g.name}: {_fallen(g, largest_fall)}" for g in guards if g.verdict is Change.WORSE]
    held_back = _held_back(main, now, accepted)
    verdict = main.verdict if main else Change.CANNOT_TELL
    if held_back and verdict in (Change.BETTER, Change.SAME):
        verdict = Change.CANNOT_TELL
    return ReleaseComparison(
        verdict, main, guards, margin, largest_fall, tuple(failures), held_back, accepted.provenance
    )


def judged(interval: Interval, margin: float) -> Change:
    """Return what the interval of a change says: better above 0, worse below 0, same when all is within the margin.

    Examples
    --------
    >>> [str(judged(Interval(*ends), 0.02)) for ends in ((0.01, 0.05), (-0.05, -0.01), (-0.01, 0.02), (-0.03, 0.01))]
    ['better', 'worse', 'same', 'cannot tell']
    """
    if interval.low > 0:
        return Change.BETTER
    if interval.high < 0:
        return Change.WORSE
    return Change.SAME if max(-interval.low, interval.high) <= margin else Change.CANNOT_TELL


def guarded(interval: Interval, largest_fall: float) -> Change:
    """Return what the interval of a guard's change says: worse when all of it is a larger fall than is allowed.

    Examples
    --------
    >>> [str(guarded(Interval(*ends), 0.02)) for ends in ((-0.09, -0.03), (-0.01, 0.02), (-0.05, 0.01))]
    ['worse', 'same', 'cannot tell']
    """
    if interval.low > 0:
        return Change.BETTER
    if interval.high < -largest_fall:
        return Change.WORSE
    return Change.SAME if interval.low >= -largest_fall else Change.CANNOT_TELL


@dataclass(frozen=True)
class Pairs:
    """Answers to the same records, now and then.

    Parameters
    ----------
    now, then : array of bool, shape (n,)
    cluster : array of int, shape (n,)
    """

    now: np.ndarray
    then: np.ndarray
    cluster: np.ndarray

    def __len__(self) -> int:
        return len(self.now)

    def of(self, mask: np.ndarray) -> Pairs:
        """Return the pairs of some records."""
        return Pairs(self.now[mask], self.then[mask], self.cluster[mask])

    @property
    def gained(self) -> int:
        """Records right now and wrong then."""
        return int((self.now & ~self.then).sum())

    @property
    def lost(self) -> int:
        """Records wrong now and right then."""
        return int((~self.now & self.then).sum())

    def interval(self, level: float = LEVEL) -> Interval:
        """Return the interval of the change; records of one entity count for less.

        Source
        ------
        Newcombe 1998 (paired, method 10); Rao and Scott 1992 (counts divided by the design effect); Korn and Graubard
        1998 (Student's t, as few entities hardly show how alike their records are).
        """
        counts = (int((self.now & self.then).sum()), self.gained, self.lost, int((~self.now & ~self.then).sum()))
        difference = self.now.astype(float) - self.then
        effect = design_effect(difference, self.cluster)
        if difference.any():  # where no answer changed, each entity counts once and nothing is estimated
            effect /= estimated_effect_costs(effect, effective_groups(self.cluster), level)
        return paired_newcombe(*(c / effect for c in counts), level=level)


def design_effect(values: np.ndarray, cluster: np.ndarray) -> float:
    """Return by how much records of one entity widen the variance of a mean, at least 1.

    Source
    ------
    Kish 1965 (design effect); Rao and Scott 1992.

    Examples
    --------
    >>> round(design_effect(np.array([1.0, 1, 0, 0, 1, 1, 0, 0]), np.array([0, 0, 1, 1, 2, 2, 3, 3])), 2)
    2.67
    """
    n = len(values)
    _, place = np.unique(cluster, return_inverse=True)
    m = int(place.max()) + 1 if n else 0
    if m == n:
        return 1.0
    alone = float(values.var()) * n
    if alone == 0 or m < 2:
        return n / m  # where all agree nothing shows how far records of one entity do
    sums = np.bincount(place, weights=values - values.mean())
    return max(1.0, m / (m - 1) * float((sums**2).sum()) / alone)


def pairs_of(scored: Scored, keys: Sequence[str], then: ScoredSet) -> tuple[Pairs, np.ndarray]:
    """Return the answers to the records that both scores hold, and which scored records these are, shape (n,)."""
    before = [then.records.get(key) for key in keys]
    shared = np.array([b is not None for b in before], dtype=bool)
    known = np.array([b for b in before if b is not None], dtype=bool)
    return Pairs(scored.right[shared], known, scored.cluster[shared]), shared


def _compared_set(
    name: str, now: ReleaseScore, accepted: ReleaseScore, records: ScoredSample, *, level: float = LEVEL
) -> Compared:
    mine, then, scored = now.sets[name], accepted.sets[name], records.side(name)
    shared = mine.records.keys() & then.records.keys()
    is_guard = level != LEVEL
    if scored is None or len(shared) < policy.value("least_shared_records") * then.n:
        return _independent(SIDES[name], mine, then, level, is_guard)
    pairs, _ = pairs_of(scored, record_keys(scored, records.inspection.sample.columns, salt=now.salt), then)
    found = _paired(SIDES[name], pairs, level, is_guard, gone=then.n - len(pairs), new=mine.n - len(pairs))
    if mine.answers == then.answers:  # the very same answers to the very same records are no estimate
        return replace(found, verdict=Change.SAME, rows_needed=None)
    return found


def _guards(
    sides: Sequence[str], now: ReleaseScore, accepted: ReleaseScore, records: ScoredSample
) -> tuple[Compared, ...]:
    """The other set and every group, each at the level at which all hold together (Dunn 1961)."""
    columns = records.inspection.sample.columns
    waiting = []
    for side in (s for s in SIDES if s in now.sets and s in accepted.sets and records.side(s) is not None):
        scored, then = records.side(side), accepted.sets[side]
        if now.sets[side].answers and now.sets[side].answers == then.answers:
            continue  # the very same answers: no group can have lost any
        pairs, shared = pairs_of(scored, record_keys(scored, columns, salt=now.salt), then)
        is_paired = len(pairs) >= policy.value("least_shared_records") * then.n
        for column in columns.group:
            for group, mask in group_masks(scored, column, records.inspection).items():
                name = f"{column}: {group} ({SIDES[side]})"
                if is_paired and mask[shared].sum() >= policy.value("least_class_records"):
                    waiting.append((name, pairs.of(mask[shared])))
                elif not is_paired and (old := _group_then(accepted, side, column, group)) is not None:
                    waiting.append((name, (scored, mask, old)))
    level = 1 - (1 - LEVEL) / max(1, len(sides) + len(waiting))
    found = [_compared_set(side, now, accepted, records, level=level) for side in sides]
    for name, what in waiting:
        if isinstance(what, Pairs):
            found.append(_paired(name, what, level, is_guard=True))
            continue
        scored, mask, old = what
        mine = ScoredSet(int(scored.right[mask].sum()), int(mask.sum()), float(mask.sum()), {})
        found.append(_independent(name, mine, old, level, is_guard=True))
    return tuple(found)


def _group_then(accepted: ReleaseScore, side: str, column: str, group: str) -> ScoredSet | None:
    for g in accepted.groups:
        if (g.set_name, g.column, g.group) == (side, column, group):
            return ScoredSet(g.right, g.n, float(g.n), {})
    return None


def _paired(name: str, pairs: Pairs, level: float, is_guard: bool, *, gone: int = 0, new: int = 0) -> Compared:
    n = len(pairs)
    interval = pairs.interval(level)
    change = (pairs.gained - pairs.lost) / n if n else 0.0
    rows = _rows(change, interval, n, level, is_guard)
    return Compared(
        name, accuracy(int(pairs.now.sum()), n), accuracy(int(pairs.then.sum()), n), change, interval,
        _said(interval, is_guard), True, pairs.gained, pairs.lost, gone, new, rows,
    )  # fmt: skip


def _independent(name: str, now: ScoredSet, then: ScoredSet, level: float, is_guard: bool) -> Compared:
    mine, old = (s.right * s.worth / s.n for s in (now, then))
    interval = newcombe(mine, now.worth, old, then.worth, level)
    change = now.right / now.n - then.right / then.n
    rows = _rows(change, interval, now.n, level, is_guard)
    told: tuple[Accuracy, Accuracy] = accuracy(now.right, now.n), accuracy(then.right, then.n)
    return Compared(name, *told, change, interval, _said(interval, is_guard), False, rows_needed=rows)


def _said(interval: Interval, is_guard: bool) -> Change:
    if is_guard:
        return guarded(interval, policy.value("largest_group_fall"))
    return judged(interval, policy.value("score_margin"))


def _rows(change: float, interval: Interval, n: int, level: float, is_guard: bool) -> int | None:
    """Records in all at which the change, if it stays, would be told from 0 or held within the margin."""
    if _said(interval, is_guard) is not Change.CANNOT_TELL or n == 0:
        return None
    room = max(abs(change), policy.value("score_margin") - abs(change))
    half = (interval.high - interval.low) / 2
    z = float(special.ndtri(0.5 + level / 2))
    reach = half * (1 + float(special.ndtri(policy.value("power_of_detection"))) / z)
    rows = int(np.ceil(n * (reach / room) ** 2))
    return max(n + 1, rows) if rows <= policy.value("most_rows_to_plan") else None


def _fallen(guard: Compared, allowed: float) -> str:
    ends = f"{points(-guard.interval.high)} or more"
    told = f"accuracy fell by {points(-guard.change)} (nine times in ten {ends})"
    return f"{told}, more than the {points(allowed)} allowed"


def _held_back(main: Compared | None, now: ReleaseScore, accepted: ReleaseScore) -> str:
    if main is None:
        return "no set of records has both an accepted score and one of now"
    lost_set = [SIDES[s] for s in SIDES if s in accepted.sets and s not in now.sets]
    if lost_set:
        return f"the accepted score has a score of the {lost_set[0]}, this release has none"
    then = main.then.n + main.gone
    if main.is_paired and main.gone > policy.value("most_records_gone") * then:
        return (
            f"{count(main.gone, 'record')} of the accepted score ({share(main.gone / then)}) are not scored now, "
            "or carry another right answer"
        )
    return ""
