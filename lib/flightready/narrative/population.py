"""The whole population in sentences: how large it is, what time it covers, and whether the sample is like it."""

from __future__ import annotations

from flightready import policy
from flightready.realism.population.likeness import EMPTY, NULL_WORD
from flightready.realism.population.result import Likeness, PopulationProfile
from flightready.wording import count, interval, points, share

_HOLDS = {EMPTY: "holds no value in", NULL_WORD: "holds a word for no value in"}


def absence() -> str:
    """Say in one line what to bring."""
    missing = policy.absences()["population"]
    return f"{missing.missing} is not named. Bring: {missing.bring}. It would decide: {missing.decides}."


def caption(profile: PopulationProfile) -> str:
    """Say what the table shows."""
    size = f"{count(profile.n, 'row')} of {count(len(profile.columns), 'column')}"
    return f"The whole population: {size}, counted by {profile.engine} where they are ({profile.source})"


def size(profile: PopulationProfile) -> str:
    """Say how many rows there are, and how many repeat an id."""
    told = f"The population has {count(profile.n, 'row')}"
    if profile.duplicate_keys is None:
        return f"{told}; without an id column nothing says how many of them are repeats."
    if not profile.duplicate_keys:
        return f"{told}, and no id in '{profile.key}' occurs twice."
    part = share(profile.duplicate_keys / profile.n)
    return f"{told}; {profile.duplicate_keys:,} of them ({part}) repeat an id in '{profile.key}'."


def months(profile: PopulationProfile) -> str:
    """Say what time the population covers."""
    found = profile.months
    if found is None or not found.rows:
        return "No date of the population can be read in its engine, so the time that it covers is not known."
    names = list(found.rows)
    told = f"It covers {count(len(names), 'month')}, from {names[0]} to {names[-1]}"
    told += f", {', '.join(found.empty)} without a row" if found.empty else ", without an empty month"
    more = []
    if found.undated:
        more.append(f"{count(found.undated, 'row')} {'has' if found.undated == 1 else 'have'} no date that can be read")
    if found.future:
        more.append(f"{count(found.future, 'row')} {'lies' if found.future == 1 else 'lie'} after {profile.as_of}")
    return f"{told}{'; ' if more else ''}{' and '.join(more)}."


def likeness(found: tuple[Likeness, ...], n_raw: int) -> str:
    """Say whether the sample is like its population."""
    if not n_raw:
        return "There is no raw sample to set beside it; draw one with: flightready sample."
    if not found:
        return "Cannot tell whether the sample is like its population: they share no column name."
    differing = [f for f in found if f.differs]
    if differing:
        worst = max(differing, key=lambda f: abs(f.sample_hits / f.sample_n - f.population_share))
        return (
            f"The sample is not like its population in {count(len(differing), 'comparison')} of {len(found)}, beyond "
            f"chance: {_told(worst)}. Its figures may not hold for production; draw another with: flightready sample."
        )
    widest = max((f.sample_interval.high - f.sample_interval.low) / 2 for f in found)
    if min(f.sample_n for f in found) < policy.value("least_raw_records"):
        return (
            f"Cannot tell yet whether the sample is like its population: nothing shows a difference in "
            f"{count(len(found), 'comparison')}, but {count(n_raw, 'record')} are too few to show one."
        )
    return (
        f"Nothing shows that the sample differs from its population ({count(len(found), 'comparison')} of missing "
        f"values); a difference of less than about {points(widest)} would not be seen."
    )


def _told(found: Likeness) -> str:
    low, high = found.sample_interval.low, found.sample_interval.high
    return (
        f"'{found.column}' {_HOLDS[found.what]} {share(found.sample_hits / found.sample_n)} of the sample (nine times "
        f"in ten {interval(low, high, share)}), and in {share(found.population_share)} of the population"
    )


def estimates(profile: PopulationProfile) -> str:
    """Say which figures are counted and which are estimated."""
    if not (profile.distinct_error or profile.quantile_error):
        return f"Every figure is counted over all rows by {profile.engine}."
    told = f"Counts are over all rows; numbers of different values are estimated by {profile.engine}"
    return f"{told} (typical error {share(profile.distinct_error)}), but for the id, which is counted."


def verdict(found: Likeness | None) -> str:
    """Say in a word or two whether the sample is like its population in one column."""
    if found is None:
        return ""
    if found.differs:
        return "no"
    return "cannot tell" if found.sample_n < policy.value("least_raw_records") else "not shown to differ"
