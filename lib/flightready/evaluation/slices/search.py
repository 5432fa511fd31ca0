"""The search: every trait and every two of them against the rest, under one budget, reduced to the few that explain."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flightready import policy
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.shares.worth import clustered_accuracy
from flightready.evaluation.slices import chance
from flightready.evaluation.slices.counts import packed, shared
from flightready.evaluation.slices.result import Slice, SlicesResult
from flightready.evaluation.slices.traits import Trait, traits
from flightready.intervals import LEVEL, benjamini_hochberg, newcombe, smallest_detectable_drop, wilson

_FAMILIES = 2
"""Slices of one trait and slices of two share the budget by halves, so that the many pairs do not drown the traits."""


def slices(records: ScoredSample) -> SlicesResult | None:
    """Return where the pilot is weak on raw data; None without scored raw records."""
    scored = records.raw
    if scored is None:
        return None
    return weak_slices(traits(records), ~scored.right, scored.cluster)


def weak_slices(found: list[Trait], wrong: np.ndarray, cluster: np.ndarray) -> SlicesResult:
    """Return the slices of one or two traits that lie below the rest beyond chance, the few that explain the others.

    A slice of one trait is tested against all other records. A slice of two traits counts only when it lies below all
    other records and below the rest of either of its traits, so its p-value is the largest of the three. Benjamini and
    Hochberg 1995 keeps each family at half of the false-discovery budget.

    Parameters
    ----------
    found : list of Trait
    wrong : array of bool, shape (n,)
    cluster : array of int, shape (n,)
        Number of the entity of each record.

    Source
    ------
    Berger 1982 (the largest p-value of an intersection); Benjamini and Yekutieli 2005 (JASA 100:71) for the intervals.
    """
    overall = clustered_accuracy(~wrong, cluster)
    if not found or not wrong.any() or wrong.all():
        return SlicesResult(overall, (), len(found), 0, 0, None)
    search = _Search.over(found, wrong, cluster)
    singles, pairs = search.singles(), search.pairs()
    candidates = [c for family in (singles, pairs) for c in search.discovered(family)]
    chosen = search.reduced(candidates)
    tested = len(singles) + len(pairs)
    level = 1 - (1 - LEVEL) * len(chosen) / tested if tested else LEVEL
    shown = tuple(search.slice_of(c, level) for c in chosen)
    return SlicesResult(overall, shown, len(found), tested, len(candidates), _detectable(overall, len(singles)))


def _detectable(overall: Accuracy, tested: int) -> float | None:
    """How far below the rest a slice of the planned size must lie to be the only one reported, in most cases."""
    n = int(overall.effective_n)
    inside = round(policy.value("slice_to_plan_with") * n)
    if not tested or inside < policy.value("least_slice_records"):
        return None
    level = 1 - 2 * policy.value("false_discovery_budget") / _FAMILIES / tested
    drop = smallest_detectable_drop(
        overall.share, n - inside, inside, power=policy.value("power_of_detection"), level=level
    )
    return drop if drop < overall.share else None


@dataclass(frozen=True)
class _Candidate:
    """A slice that is tested: places of its traits, and its p-value."""

    places: tuple[int, ...]
    p: float
    p_adjusted: float = 1.0


@dataclass(frozen=True)
class _Search:
    traits: list[Trait] = field(repr=False)
    wrong: np.ndarray = field(repr=False)
    cluster: np.ndarray = field(repr=False)
    n: np.ndarray = field(repr=False)
    x: np.ndarray = field(repr=False)
    """Records and wrong answers of every two traits, shape (k, k); of single ones on the diagonal."""
    has_repeats: bool
    """Whether several records are about one entity."""

    @classmethod
    def over(cls, found: list[Trait], wrong: np.ndarray, cluster: np.ndarray) -> _Search:
        rows = np.array([t.rows for t in found])
        bits, bits_wrong = packed(rows), packed(rows[:, wrong])
        entities, place = np.unique(cluster, return_inverse=True)
        n, x = shared(bits, bits), shared(bits_wrong, bits_wrong)
        return cls(found, wrong, place, n, x, len(entities) < len(wrong))

    def members(self, places: tuple[int, ...]) -> np.ndarray:
        return np.logical_and.reduce([self.traits[i].rows for i in places])

    def singles(self) -> list[_Candidate]:
        n, x = np.diag(self.n), np.diag(self.x)
        p = self._p((x, n, np.full_like(n, self.wrong.sum()), np.full_like(n, len(self.wrong))))
        p[self._effect(x, n) < policy.value("least_slice_effect")] = 1.0
        return [_Candidate((i,), self._with_entities((i,), float(p[i]))) for i in range(len(n))]

    def pairs(self) -> list[_Candidate]:
        """Every two traits of different subjects that enough records share, and not all records of either."""
        subject = np.unique([t.subject for t in self.traits], return_inverse=True)[1]
        first, second = np.triu_indices(len(self.traits), 1)
        n, own = self.n[first, second], np.diag(self.n)
        is_enough = (n >= policy.value("least_slice_records")) & (subject[first] != subject[second])
        is_enough &= (n < own[first]) & (n < own[second])
        a, b = first[is_enough], second[is_enough]
        n, x, own_x = self.n[a, b], self.x[a, b], np.diag(self.x)
        p = np.where(self._effect(x, n) < policy.value("least_slice_effect"), 1.0, 0.0)
        everyone = (np.full_like(n, self.wrong.sum()), np.full_like(n, len(self.wrong)))
        for all_wrong, of in ((own_x[a], own[a]), (own_x[b], own[b]), everyone):
            p = np.maximum(p, self._p((x, n, all_wrong, of), p < 1))
        return [
            _Candidate((i, j), self._with_entities((i, j), q))
            for i, j, q in zip(a.tolist(), b.tolist(), p.tolist(), strict=True)
        ]

    def _p(self, counts: tuple[np.ndarray, ...], wanted: np.ndarray | None = None) -> np.ndarray:
        """Exact p-values; 1 where the slice is not clearly worse than its whole, as none of these can be reported."""
        near = chance.score(*counts) > 1
        near &= True if wanted is None else wanted
        p = np.ones(len(near))
        if near.any():
            p[near] = chance.tail(*(c[near] for c in counts))
        return p

    def _effect(self, x: np.ndarray, n: np.ndarray) -> np.ndarray:
        """How far the slice lies below the rest."""
        rest = len(self.wrong) - n
        return x / n - np.divide(self.wrong.sum() - x, rest, out=np.ones(len(n)), where=rest > 0)

    def _with_entities(self, places: tuple[int, ...], p: float) -> float:
        """The p-value when records of one entity are not independent; only for those that may be reported."""
        if not self.has_repeats or p > policy.value("false_discovery_budget"):
            return p
        member = self.members(places)
        inside = [np.ones(len(self.wrong), dtype=bool)]
        if len(places) > 1:
            inside += [self.traits[i].rows for i in places]
        return max(p, *(chance.clustered_tail(member[s], self.wrong[s], self.cluster[s]) for s in inside))

    def discovered(self, family: list[_Candidate]) -> list[_Candidate]:
        """Slices of a family that lie below the rest beyond chance."""
        adjusted = benjamini_hochberg([c.p for c in family]) * _FAMILIES
        budget = policy.value("false_discovery_budget")
        return [_Candidate(c.places, c.p, float(q)) for c, q in zip(family, adjusted, strict=True) if q <= budget]

    def reduced(self, candidates: list[_Candidate]) -> list[_Candidate]:
        """Slices chosen one by one, each for what those before it leave unexplained.

        Records are parted by the slices chosen so far, and the others are compared within the parts; a slice is added
        when it is worse there beyond the chance of so many candidates.
        """
        left = sorted(candidates, key=lambda c: (c.p, len(c.places), c.places))[: policy.value("most_slices_reduced")]
        chosen: list[_Candidate] = []
        if not left:
            return chosen
        members = np.array([self.members(c.places) for c in left])
        bits, is_wrong = packed(members), packed(self.wrong[None])[0]
        widths = np.ones(len(left))
        if self.has_repeats:
            widths = np.sqrt([chance.design_effect(m, self.wrong, self.cluster) for m in members])
        part = np.zeros(len(self.wrong), dtype=np.int64)
        while len(chosen) < policy.value("most_slices_shown"):
            found = chance.stratified_score(*self._within(part, bits, is_wrong)) / widths
            best = int(np.argmax(found))
            if chance.upper_tail(found[best]) * len(left) > policy.value("false_discovery_budget"):
                break
            chosen.append(left[best])
            part = np.unique(2 * part + members[best], return_inverse=True)[1]
        return chosen

    def _within(self, part: np.ndarray, bits: np.ndarray, is_wrong: np.ndarray) -> tuple[np.ndarray, ...]:
        """Counts of slices and of all records in each part."""
        parts = packed(part == np.arange(part.max() + 1)[:, None])
        of = np.bincount(part)
        return shared(bits, parts & is_wrong), shared(bits, parts), np.bincount(part[self.wrong], minlength=len(of)), of

    def slice_of(self, found: _Candidate, level: float) -> Slice:
        """A chosen slice with its figures; `level` is that of intervals widened for the choice."""
        inside = self.members(found.places)
        own, others = (clustered_accuracy(~self.wrong[s], self.cluster[s]) for s in (inside, ~inside))
        counts = [(a.share * a.effective_n, a.effective_n) for a in (others, own)]
        wrong = own.n - own.right
        return Slice(
            tuple(self.traits[i].words for i in found.places), own.n, wrong, own, others,
            below=others.share - own.share, below_interval=newcombe(*counts[0], *counts[1], level),
            interval=wilson(*counts[1], level), share_of_errors=wrong / int(self.wrong.sum()),
            excess=wrong - own.n * (1 - others.share), p_adjusted=found.p_adjusted,
        )  # fmt: skip
