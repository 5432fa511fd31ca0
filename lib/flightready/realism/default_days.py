"""Default days: dates that a program or a person writes where none is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.parsing import read_times

_MIDNIGHT, _ONE_DAY = np.timedelta64(0, "s"), np.timedelta64(1, "D")


def default_days(counts: pd.Series) -> set[str]:
    """Return the values of a time column that are a default rather than a date.

    A day far from all others at the turn of a year, at midnight where others have a time, or that repeats; midnight
    of one day that repeats where hardly any other value is a midnight; New Year's Day far too often; zeros or nines in
    the shape of a date.
    """
    unique = pd.Series(counts.index, dtype="str")
    digits = unique.str.replace(r"\D", "", regex=True)
    has_word = unique.str.contains(r"[^\W\dTZ_]", regex=True)
    blank_shape = (digits.str.fullmatch("0+|9+") & ~has_word).to_numpy(dtype=bool)
    moments, n = read_times(unique).values, counts.to_numpy()
    found = blank_shape & np.isnat(moments)
    known = ~np.isnat(moments) & ~found
    if known.sum() >= policy.value("least_values_for_format"):
        far = _far_moments(moments[known], n[known])
        near = ~np.isin(moments, far) & known
        found |= known & ~near
        if near.any():
            found |= near & np.isin(moments, _suspect_moments(moments[near], n[near]))
    return set(unique[found])


def _far_moments(moments: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Moments further from nearly all others than these span, unless they look like a mistyped year."""
    order = np.argsort(moments, kind="stable")
    share = np.cumsum(n[order]) / n.sum()
    stray = policy.value("most_strays") / 2
    low, high = (moments[order][np.searchsorted(share, q)] for q in (stray, 1 - stray))
    span = max(high - low, np.timedelta64(policy.value("least_coverage"), "D"))
    beyond = np.maximum(low - moments, moments - high)
    far = beyond > span
    day = moments.astype("datetime64[D]")
    clocked = n[~far & (moments == day)].sum() <= policy.value("most_midnights") * n[~far].sum()
    at_end = np.isin([str(d)[5:] for d in day], ["01-01", "12-31"])
    special = far & (at_end | (clocked & (moments == day)))
    # one such day a few years off may be a wrong date; twice the same, or decades off, it is a default
    twice = np.array([n[special & (np.abs(day - d) <= _ONE_DAY)].sum() > 1 for d in day[special]], dtype=bool)
    lone = beyond[special] > policy.value("least_spans_of_a_lone_day") * span
    often = far & (n >= policy.value("least_repeats_of_a_sentinel"))
    return np.concatenate([moments[special][twice | lone], moments[often]])


def _suspect_moments(moments: np.ndarray, n: np.ndarray) -> np.ndarray:
    distinct, place = np.unique(moments, return_inverse=True)
    count = np.bincount(place, weights=n)
    day = distinct.astype("datetime64[D]")
    is_midnight = distinct - day == _MIDNIGHT
    least, gap = policy.value("least_repeats_of_a_sentinel"), policy.value("sentinel_gap")
    order = np.argsort(-count, kind="stable")
    most = policy.value("most_found_sentinels")
    suspects = np.zeros(len(distinct), dtype=bool)
    for at in order[:most]:
        # the same default day is another moment where a system writes another time zone
        same = np.abs(day - day[at]) <= _ONE_DAY
        rest = ~suspects & ~same
        if count[at] < least or len(np.unique(day[rest])) < policy.value("least_values_for_format"):
            break
        others, total = day[rest].astype(np.int64), count[rest].sum()
        margin = policy.value("least_gap_of_default_day") * (others.max() - others.min())
        here = int(day[at].astype(np.int64))
        apart = here < others.min() - margin or here > others.max() + margin
        clocked = (count[rest] * is_midnight[rest]).sum() <= policy.value("most_midnights") * total
        crowd = count[at] >= max(policy.value("least_sentinel_count"), gap * count[rest].max())
        new_year = str(day[at])[5:] == "01-01"
        if apart:
            suspects |= same
        elif is_midnight[at] and (clocked or (new_year and crowd)):
            suspects[at] = True
    return distinct[suspects]


def listed_days() -> set[str]:
    """Return the listed default days in the ways in which they are written."""
    days: set[str] = set()
    for iso in policy.value("default_dates"):
        y, m, d = str(iso).split("-")
        days |= {
            f"{y}-{m}-{d}",
            f"{y}/{m}/{d}",
            f"{d}.{m}.{y}",
            f"{d}/{m}/{y}",
            f"{m}/{d}/{y}",
            f"{int(m)}/{int(d)}/{y}",
        }
    return days
