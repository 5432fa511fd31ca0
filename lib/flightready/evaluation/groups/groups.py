"""Groups of people: is the pilot right as often for each, and does each get the hoped-for answer as often."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import special

from flightready import policy
from flightready.assessment import Pilot
from flightready.errors import InputError, nearest
from flightready.evaluation.classes import shown_names
from flightready.evaluation.groups.gaps import Counts, critical_value, largest_gap, smallest_ratio
from flightready.evaluation.groups.labels import NOT_GIVEN, Labels, crossed, labels
from flightready.evaluation.groups.rates import group_rates
from flightready.evaluation.groups.result import Group, GroupComparison, GroupsResult
from flightready.evaluation.planning import rows_for_half_width
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import NO_ANSWER, Scored
from flightready.evaluation.shares.worth import effective_n


def groups(records: ScoredSample) -> GroupsResult | None:
    """Return the groups of people among the raw records; None without scored raw records or without a group column.

    Raises
    ------
    InputError
        When the answer that people are said to hope for is never given nor right.
    """
    scored, columns = records.raw, records.inspection.sample.columns.group
    columns = [c for c in columns if records.inspection.has("raw", c)]
    if scored is None or not columns:
        return None
    watched = _watched(records.pilot, scored)
    own = {(c,): labels(scored, c, records.inspection) for c in columns}
    looked_at = columns[: policy.value("most_group_columns")]
    pairs = {(a, b): crossed(own[a,], own[b,]) for a, b in combinations(looked_at, 2)}
    kept = own | {k: v for k, v in pairs.items() if len(_counts(scored, v, scored.right)) > 1}
    comparisons = tuple(_comparison(scored, k, v, watched, families=len(kept)) for k, v in kept.items())
    return GroupsResult(scored.accuracy, comparisons, watched.answer, watched.is_favourable)


@dataclass(frozen=True)
class _Watched:
    """Answer whose frequency is compared; empty for none."""

    answer: str
    is_favourable: bool


def _watched(pilot: Pilot, scored: Scored) -> _Watched:
    """The answer that people hope for; without one, the rarer of two classes."""
    spec = pilot.spec.evaluation
    classes = [c for c in scored.truth.value_counts().index if c != NO_ANSWER]
    if spec.favourable is None:
        answers = set(classes) | set(scored.predicted) - {NO_ANSWER}
        is_binary = spec.task == "classification" and len(answers) == len(shown_names([scored])) == 2
        return _Watched(str(classes[-1]) if is_binary else "", False)
    known = {str(c).casefold(): str(c) for c in (*scored.predicted.unique(), *classes)}
    if spec.favourable.casefold() not in known:
        names = shown_names([scored])
        raise InputError(
            f"no raw record carries the answer '{spec.favourable}'", where=pilot.where("evaluation", "favourable"),
            valid=", ".join(names), cure=nearest(spec.favourable, names),
        )  # fmt: skip
    return _Watched(known[spec.favourable.casefold()], True)


def _comparison(
    scored: Scored, columns: tuple[str, ...], found: Labels, watched: _Watched, *, families: int
) -> GroupComparison:
    members = _groups(scored, found, watched)
    ratio = None
    if watched.answer:
        selected = (scored.predicted == watched.answer).to_numpy(dtype=bool)
        counts = _counts(scored, found, selected, families=families)
        ratio = smallest_ratio(counts, families=families, is_judged=watched.is_favourable)
    gap = largest_gap(_counts(scored, found, scored.right, families=families), families=families)
    return GroupComparison(columns, members, gap, ratio)


def _counts(scored: Scored, found: Labels, hit: np.ndarray, *, families: int = 1) -> Counts:
    """Hits and records of each group that is compared, at the number of independent records."""
    least = policy.value("least_group_records")
    members = {
        name: mine
        for place, name in enumerate(found.names)
        if (found.is_named[place] or name == NOT_GIVEN) and (mine := found.codes == place).sum() >= least
    }
    # the level of one pair of groups at which all pairs hold together
    level = 2 * float(special.ndtr(critical_value(max(2, len(members)), families))) - 1
    counts = {}
    for name, mine in members.items():
        worth = effective_n(hit[mine], scored.cluster[mine], level)
        counts[name] = (float(hit[mine].mean()) * worth, worth)
    return counts


def _groups(scored: Scored, found: Labels, watched: _Watched) -> tuple[Group, ...]:
    needed = max(
        policy.value("least_group_records"),
        rows_for_half_width(scored.accuracy.share, policy.value("allowed_accuracy_gap")),
    )
    rates = group_rates(scored, found, watched.answer) if watched.answer else {}
    members = []
    for place, name in enumerate(found.names):
        mine = found.codes == place
        n, named = int(mine.sum()), found.is_named[place]
        missing = name == NOT_GIVEN and not named
        if n < policy.value("least_group_records"):
            members.append(Group(name, n, None, needed - n, is_named=named, is_missing=missing))
            continue
        told = scored.share_of(mine, "group", name)
        members.append(Group(name, n, told, 0, is_named=named, is_missing=missing, **rates.get(name, {})))
    return tuple(members)
