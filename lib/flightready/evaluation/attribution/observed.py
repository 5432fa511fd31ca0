"""Attribution of the drop as it is observed: which defects wrong answers go with, in parts that sum to the drop.

This is an association: a defect may stand for something else that comes with it. Putting the defect into clean records,
or repairing it, is stronger evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.attribution.attribution_result import AttributedPart, Attribution, PartKind, Valued
from flightready.evaluation.attribution.covariates import Covariates, covariates
from flightready.evaluation.attribution.decomposition import Records
from flightready.evaluation.attribution.flags import DefectFlags, defect_flags
from flightready.evaluation.attribution.money import Rates, rates, valued
from flightready.evaluation.attribution.split import Split, further
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.clustered import difference
from flightready.evidence import Interval, State
from flightready.wording import count

_METHOD = (
    "Wrong answers are compared between records with and without each defect, of equal class, category and system; "
    "what overlapping defects cost together is shared equally among them, and intervals come from drawing records anew."
)


def attribute(records: ScoredSample) -> Attribution | None:
    """Return the drop in parts: defects, another mix of records, and what nothing explains.

    Without a demo score the raw error share is split instead: errors of records with each defect, and of those without
    any. Without scored raw records there is nothing to split, and the result is None.

    Parameters
    ----------
    records : ScoredSample

    Assumptions
    -----------
    Records, or entities, are independent of one another; a defect goes with wrong answers because of itself, given
    class, categories, system and the other defects; the demo set is a sample as well. Where both sides hold the same
    records in two forms they are still drawn anew apart, which makes intervals wider than they need be.
    """
    raw, curated = records.raw, records.curated
    if raw is None or not len(raw):
        return None
    if curated is not None and not len(curated):
        records, curated = replace(records, curated=None), None
    found = _Groups.of(*(defect_flags(records.inspection, s, n) for s, n in ((raw, "raw"), (curated, "curated")) if s))
    numbers = covariates(records)
    size = policy.value("attribution_replicates")
    split = Split.of(
        _records(raw, found.fine[0], numbers, 0),
        None if curated is None else _records(curated, found.fine[1], numbers, 1),
        owner=found.owner, replicates=size, rng=generator(records.pilot.spec.seed, "evaluation", "attribution"),
    )  # fmt: skip
    money = rates(records, size=size)
    told = _Told(split, found, raw, money)
    parts = sorted((told.defect(group) for group in range(len(found.members))), key=_order)
    parts += told.rest(has_mix=bool(numbers.names))
    return Attribution(
        "drop" if curated is not None else "errors", split.found.total, _total_interval(raw, curated), len(raw),
        len(curated) if curated is not None else 0, raw.accuracy.share,
        curated.accuracy.share if curated is not None else None, tuple(parts), numbers.names, _METHOD, size,
        split.found.n_clusters, money.currency,
    )  # fmt: skip


@dataclass(frozen=True)
class _Groups:
    """Defects that any scored record carries; detectors that mark just the same records are one.

    `raw` and `curated` are the flags, shapes (n_raw, k) and (n_curated, k); `fine` the same by column of the records,
    and `owner` the group of each of those.
    """

    flags: DefectFlags
    members: tuple[tuple[int, ...], ...]
    raw: np.ndarray
    curated: np.ndarray
    fine: tuple[np.ndarray, np.ndarray]
    owner: np.ndarray

    @classmethod
    def of(cls, raw: DefectFlags, curated: DefectFlags | None = None) -> _Groups:
        """Group the flags of both sides."""
        sides = [raw] if curated is None else [raw, curated]
        whole = np.concatenate([s.matrix for s in sides])
        groups: dict[bytes, list[int]] = {}
        for place in np.flatnonzero(whole.any(axis=0)):
            groups.setdefault(whole[:, place].tobytes(), []).append(int(place))
        members = tuple(tuple(g) for g in groups.values())
        first = [g[0] for g in members]
        named = [(d, column) for d, place in enumerate(first)
                 for column in dict.fromkeys(c for s in sides for c in s.columns[place])]  # fmt: skip
        fine = tuple(_fine(s, [(first[d], column) for d, column in named]) for s in sides)
        demo = np.zeros((0, len(first)), dtype=bool) if curated is None else curated.matrix[:, first]
        owner = np.array([d for d, _ in named], dtype=int)
        return cls(raw, members, raw.matrix[:, first], demo, fine, owner)

    def of_group(self, texts: tuple[str, ...], group: int) -> tuple[str, ...]:
        """Return what the flags say of the detectors of one group."""
        return tuple(dict.fromkeys(texts[i] for i in self.members[group]))


def _fine(side: DefectFlags, named: list[tuple[int, str]]) -> np.ndarray:
    """Flags of one side by detector and column, shape (n, named); a column that the side lacks has none."""
    none = np.zeros(len(side.matrix), dtype=bool)
    return np.column_stack([none, *(side.columns[place].get(column, none) for place, column in named)])[:, 1:]


def _records(scored: Scored, flags: np.ndarray, numbers: Covariates, side: int) -> Records:
    return Records(1.0 - scored.right, flags, numbers.mix[side], numbers.control[side], scored.cluster)


@dataclass(frozen=True)
class _Told:
    """The parts in words and figures."""

    split: Split
    found: _Groups
    raw: Scored
    money: Rates

    def defect(self, group: int) -> AttributedPart:
        """Return the part of one defect, or of several that always occur together."""
        found, split = self.found, self.split
        hit, demo, texts = found.raw[:, group], found.curated[:, group], found.flags
        wrong = int((hit & ~self.raw.right).sum())
        why, rows = self._lacking(group, wrong, int(hit.sum()))
        rate = float(split.found.rate[group])
        part = self._part(
            group, "defect", " and ".join(found.of_group(texts.names, group)), why, rows,
            detectors=found.of_group(texts.detectors, group), n_raw=int(hit.sum()), n_curated=int(demo.sum()),
            share_raw=float(hit.mean()), share_curated=float(demo.mean()) if len(demo) else 0.0, wrong_with=wrong,
            repair="; ".join(found.of_group(texts.repairs, group)),
        )  # fmt: skip
        if np.isnan(rate) or part.points is None:
            return part
        return replace(part, composition=part.points - rate, rate=rate)

    def rest(self, *, has_mix: bool) -> list[AttributedPart]:
        """Return what another mix carries, and what nothing carries."""
        k, errors = len(self.found.members), not len(self.found.curated)
        unexplained = "errors without any known defect" if errors else "explained by none of these"
        # how many raw rows would narrow these down depends on the demo set as well, so none is named
        parts = [self._part(k, "mix", "another mix of records", self._straddling(k)[0], None)] if has_mix else []
        return [*parts, self._part(k + 1, "unexplained", unexplained, self._straddling(k + 1)[0], None)]

    def _part(self, part: int, kind: PartKind, name: str, why: str, rows: int | None, **fields: Any) -> AttributedPart:
        split = self.split
        is_told = kind != "defect" or bool(split.told[part])
        points = float(split.found.parts[part])
        attributed = split.is_attributed(part)
        own = {"detectors": (), "n_raw": 0, "n_curated": 0, "share_raw": 0.0, "share_curated": 0.0, "wrong_with": 0}
        return AttributedPart(
            **{**own, **fields}, kind=kind, name=name, points=points if is_told else None,
            interval=split.interval(part, joint=False), simultaneous=split.interval(part, joint=True),
            composition=points if kind == "mix" else None, rate=points if kind == "unexplained" else None,
            is_attributed=attributed, why=why, rows_needed=rows,
            state=State.UNKNOWN if not attributed else State.FAIL if points > 0 else State.PASS,
            worth=valued(points, split.found.replicates[:, part], self.money) if split.judged[part] else Valued(),
        )  # fmt: skip

    def _lacking(self, group: int, wrong: int, hits: int) -> tuple[str, int | None]:
        """Why a defect cannot be judged, and how many more raw rows would change that."""
        n, least = len(self.raw), policy.value("least_wrong_with_defect")
        if not self.split.told[group]:
            return "it marks just the records that other defects, a system or a whole side mark, taken together", None
        if wrong < least:
            each = wrong / n if wrong else hits / n * (1 - self.raw.accuracy.share)  # none seen: as often as elsewhere
            why = f"{count(wrong, 'wrong answer')} with it, {least} are needed"
            return why, further(least / each, n) if each else None
        return self._straddling(group)

    def _straddling(self, part: int) -> tuple[str, int | None]:
        if not self.split.judged[part]:
            return "too few scored records or wrong answers on one side", None
        if self.split.is_attributed(part):
            return "", None
        return "it may be nothing", self.split.rows_needed(part, len(self.raw))


def _order(part: AttributedPart) -> tuple[int, float, float, str]:
    """Order of repair: what is shown first, then what regains most money or else points."""
    rank = 0 if part.is_attributed else 1 if part.simultaneous is not None else 2
    return rank, -(part.worth.cost_per_month or 0.0), -(part.points or 0.0), part.name


def _total_interval(raw: Scored, curated: Scored | None) -> Interval:
    """Of the drop as the evaluation states it for two samples, or of the raw error share."""
    found = raw.accuracy
    if curated is None:
        return Interval(1 - found.interval.high, 1 - found.interval.low)
    demo = curated.accuracy
    return difference(demo.share, demo.interval, found.share, found.interval)
