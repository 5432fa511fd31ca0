"""What the attribution returns: the drop in parts that sum to it, each with intervals, cases and money."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from flightready.evidence import Interval, State


class Strength(StrEnum):
    """How strong the evidence is that a defect costs accuracy."""

    ASSOCIATED = "associated"
    INJECTED = "injected"
    REPAIRED = "repaired"


PartKind = Literal["defect", "mix", "unexplained"]


@dataclass(frozen=True)
class Valued:
    """What points of accuracy are worth in production.

    Parameters
    ----------
    cases_per_month : float, optional
        Wrong answers a month (median); None when no load is stated.
    cases_interval : Interval, optional
    cost_per_month : float, optional
        Their cost (median); None when nothing says what a wrong answer costs, or no load is stated.
    cost_interval : Interval, optional
    """

    cases_per_month: float | None = None
    cases_interval: Interval | None = None
    cost_per_month: float | None = None
    cost_interval: Interval | None = None


@dataclass(frozen=True)
class AttributedPart:
    """One part of the drop.

    Parameters
    ----------
    detectors : tuple of str
        Ids of the detectors behind it; several where they always mark the same records, none for mix and rest.
    name : str
        In plain words.
    kind : str
        defect, mix (another mix of classes and categories) or unexplained (the same record, harder).
    n_raw, n_curated : int
        Scored records that carry the defect; 0 for mix and rest.
    share_raw, share_curated : float
        The same as shares of the scored records.
    wrong_with : int
        Raw records that carry it and got a wrong answer.
    points : float, optional
        Share of accuracy that it costs (below 0 where it spares some); None where it cannot be told apart at all.
    interval, simultaneous : Interval, optional
        90 % interval of this part alone, and of all parts together: nine times in ten every part lies within its own.
    composition, rate : float, optional
        Of `points`: because raw records carry it more often, and because it costs more on a raw record than on a demo
        record; the second is known only where the demo set carries it often enough.
    is_attributed : bool
        Whether the simultaneous interval excludes zero and enough wrong answers carry the defect.
    state : State
        UNKNOWN where nothing can be said yet (`why` says the reason), FAIL where it costs accuracy, PASS where it
        spares some.
    why : str
        Reason for UNKNOWN in plain words; empty otherwise.
    rows_needed : int, optional
        Further scored raw rows that would show it, if rates stay as they are; None when shown, or out of reach.
    worth : Valued
    grade : Strength
    repair : str
        What mends it; empty for mix and rest.
    """

    detectors: tuple[str, ...]
    name: str
    kind: PartKind
    n_raw: int
    n_curated: int
    share_raw: float
    share_curated: float
    wrong_with: int
    points: float | None
    interval: Interval | None
    simultaneous: Interval | None
    composition: float | None
    rate: float | None
    is_attributed: bool
    state: State
    why: str
    rows_needed: int | None
    worth: Valued
    grade: Strength = Strength.ASSOCIATED
    repair: str = ""


@dataclass(frozen=True)
class Attribution:
    """The drop from demo accuracy to raw accuracy in parts, or raw errors in parts where there is no demo score.

    Parameters
    ----------
    of : str
        `drop`, or `errors` without a demo score: the parts then sum to the raw error share, and the unexplained one is
        what records without any known defect get wrong.
    total : float
        The drop (demo accuracy minus raw accuracy) or the raw error share; the points of all parts sum to it exactly.
    interval : Interval
        Its 90 % interval, from the same resampling as the parts.
    n_raw, n_curated : int
        Scored records.
    raw_accuracy, curated_accuracy : float, optional
    parts : tuple of AttributedPart
        Defects in repair order, the costliest first, those that cannot be judged last; mix and rest at the end.
    covariates : tuple of str
        Columns whose mix is compared, in words.
    method : str
        One plain sentence.
    replicates : int
        Resamples behind the intervals.
    n_clusters : int
        Entities that were resampled as a whole.
    currency : str
    """

    of: Literal["drop", "errors"]
    total: float
    interval: Interval
    n_raw: int
    n_curated: int
    raw_accuracy: float
    curated_accuracy: float | None
    parts: tuple[AttributedPart, ...]
    covariates: tuple[str, ...]
    method: str
    replicates: int
    n_clusters: int
    currency: str

    @property
    def defects(self) -> tuple[AttributedPart, ...]:
        """Parts of defects, in repair order."""
        return tuple(p for p in self.parts if p.kind == "defect")

    @property
    def unexplained(self) -> AttributedPart:
        """The change that no defect and no mix carries: the same record, harder."""
        return next(p for p in self.parts if p.kind == "unexplained")

    @property
    def covariate_mix(self) -> AttributedPart | None:
        """What another mix of classes and categories carries; None where nothing is compared."""
        return next((p for p in self.parts if p.kind == "mix"), None)
