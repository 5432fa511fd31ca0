"""Cells on the provider's cache at the planned load, and on requests that can wait."""

from __future__ import annotations

from flightready.narrative import cost_caching as words
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.study import Study
from flightready.wording import interval, money, number, seconds, share


def meaning_cache(study: Study) -> Prose:
    """What the cache does at the planned load, when it pays, and what a batch saves."""
    return display.meaning(*words.cache(study.cost.caching), *words.batch(study.cost.batch))


def cache_table(study: Study) -> Table | Prose:
    """Hits of the cache in figures; nothing where the log shows none."""
    found = study.cost.caching
    if found is None or found.hit_interval is None:
        return display.meaning()
    rows = [("Calls that hit, in the pilot", share(found.hit_rate),
             interval(found.hit_interval.low, found.hit_interval.high, share))]  # fmt: skip
    if found.replayed is not None:
        rows += [("Calls that would hit by the time between them", share(found.replayed), ""),
                 ("Single calls foretold rightly", share(found.foretold), ""),
                 ("Kept after the last use", seconds(found.lives_s), "")]  # fmt: skip
    c = found.currency
    for name, figure, write in (
        ("Planned load over the pilot's", found.load_ratio, number),
        ("Calls that hit, at the planned load", found.at_plan, share),
        ("Input from the cache, at the planned load", found.cached_share, share),
        (f"Saved a month against no cache ({c})", found.saved, lambda v: money(v, c)),
        (f"Of that not in the forecast ({c})", found.beyond, lambda v: money(v, c)),
    ):
        if figure is not None:
            rows.append((name, write(figure.median), interval(figure.low, figure.high, write)))
    return Table("Hits of the provider's cache", ("Figure", "Middle", "Nine times in ten"), rows, frozenset({1, 2}))
