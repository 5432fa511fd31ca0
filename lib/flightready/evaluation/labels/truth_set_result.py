"""What is known of the right answers themselves: how many, from whom, how old, and whether labellers agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flightready.evidence import Interval
from flightready.realism.outcome import Rate


@dataclass(frozen=True)
class Agreement:
    """How far labellers or raters agree beyond chance (Krippendorff's alpha).

    Parameters
    ----------
    alpha : float
        1 for perfect agreement, 0 for chance, below 0 for less than chance.
    interval : Interval
        Its 90 % interval, by resampling records.
    n : int
        Records with two answers or more.
    raters : int
    equal : Rate
        Records on which all agree exactly.
    level : str
        nominal, ordinal or interval.
    """

    alpha: float
    interval: Interval
    n: int
    raters: int
    equal: Rate
    level: str = "nominal"


@dataclass(frozen=True)
class TruthSetAudit:
    """What the scored records say of the truth set.

    Parameters
    ----------
    n_curated, n_raw : int
        Scored records of either side.
    labelled_by, source : str
        As the assessment says; empty when it does not.
    labelled_on : date, optional
    age_days : int, optional
        Days from labelling to the day of the assessment.
    conflicts : Rate, optional
        Labelled records that repeat another one and carry another right answer; None where none repeats.
    leaked : Rate, optional
        Records of the demo set that the raw sample holds too.
    agreement : Agreement, optional
        None without enough second labels.
    n_twice : int
        Records with two answers or more of labellers or raters.
    """

    n_curated: int
    n_raw: int
    labelled_by: str
    source: str
    labelled_on: dt.date | None
    age_days: int | None
    conflicts: Rate | None
    leaked: Rate | None
    agreement: Agreement | None
    n_twice: int = 0
