"""The part of notebook 01 on the whole population: its columns, and whether the sample is like it."""

from __future__ import annotations

from flightready.errors import InputError
from flightready.narrative import population as narrative
from flightready.pages.display import Prose, Table, meaning
from flightready.realism.population.likeness import likeness
from flightready.realism.population.result import ColumnFacts, Likeness, PopulationProfile
from flightready.study import Study
from flightready.wording import number, share

_HEAD = ("Column", "Holds", "No value", "Word for no value", "Different values", "From", "To", "How it is written",
         "Sample like it?")  # fmt: skip


def population(study: Study) -> Table | Prose:
    """Return every column of the whole population, and whether the sample is like it."""
    profile = _profile(study)
    if not isinstance(profile, PopulationProfile):
        return profile
    found = likeness(profile, study.sample.raw)
    rows = [_row(profile, c, [f for f in found if f.column == c.column]) for c in profile.columns]
    return Table(narrative.caption(profile), _HEAD, rows, frozenset({2, 3, 4}))


def meaning_population(study: Study) -> Prose:
    """Return what the whole population means for the decision."""
    profile = _profile(study)
    if not isinstance(profile, PopulationProfile):
        return meaning("")
    raw = study.sample.raw
    told = (narrative.size(profile), narrative.months(profile),
            narrative.likeness(likeness(profile, raw), raw.n_records if raw is not None else 0),
            narrative.estimates(profile))  # fmt: skip
    return meaning(*told, *(f"{note[:1].upper()}{note[1:]}." for note in profile.notes))


def _profile(study: Study) -> PopulationProfile | Prose:
    """The profile, or why there is none: a warehouse out of reach must not keep a report from being made."""
    try:
        return study.population or meaning(narrative.absence())
    except InputError as error:
        return Prose((f"The population could not be looked at. {error}",), "note")


def _row(profile: PopulationProfile, c: ColumnFacts, found: list[Likeness]) -> tuple[str, ...]:
    n = max(1, profile.n)
    distinct = "" if c.distinct is None else f"{'' if c.distinct_is_exact else 'about '}{c.distinct:,}"
    words = share(c.texts.null_words / n) if c.texts else ""
    worst = min(found, key=lambda f: f.p_value, default=None)
    return (c.column, c.type, share(c.empty / n), words, distinct, *_ends(c), _written(c), narrative.verdict(worst))


def _ends(c: ColumnFacts) -> tuple[str, str]:
    if c.numbers:
        return tuple("" if end is None else number(end) for end in (c.numbers.least, c.numbers.largest))
    if c.texts and c.texts.longest is not None:
        return f"{c.texts.shortest:,} characters", f"{c.texts.longest:,} characters"
    return str(c.first or ""), str(c.last or "")


def _written(c: ColumnFacts) -> str:
    if c.texts is None:
        return ""
    if c.texts.categories:
        return ", ".join(f"{name}: {rows:,}" for name, rows in c.texts.categories.items())
    return ", ".join(f"‘{mask}’: {rows:,}" for mask, rows in c.texts.masks.items())
