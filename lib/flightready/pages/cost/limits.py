"""Rate limits: how full they are at the planned peak, and what happens to the calls that find no room."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.figures import cost_limits as figures
from flightready.narrative import cost_limits as words
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.study import Study
from flightready.wording import interval, number, rounded, share


def limit_use(study: Study) -> go.Figure | Prose | Table:
    """How full each rate limit is in its busiest minute, by users a day; what the peak asks for without a log."""
    result = study.traffic
    if result.replay is not None:
        return figures.figure_limit_map(result.replay)
    if result.limits.known:
        return figures.figure_limits(result)
    if not result.limits.uses:
        return Prose(())
    rows = [(f"{u.noun.capitalize()}s a minute", number(u.required.median),
             interval(u.required.low, u.required.high, number)) for u in result.limits.uses]  # fmt: skip
    head = ("In the peak hour", "Middle", "Nine times in ten")
    return Table("What the planned peak asks for", head, rows, frozenset({1}))


def meaning_limits(study: Study) -> Prose:
    """How each limit stands at the peak, what is refused or waits, and what is needed."""
    # where calls are replayed, the table has every limit, and the one nearest to its end is said
    result = study.traffic
    stands = words.limit_sentences(result) if result.replay is None else (words.limits_sentence(result),)
    return display.meaning(*stands, *filter(None, words.replay_sentences(result)))


def limit_table(study: Study) -> Table | Prose:
    """Each limit: how it is counted, how full the busiest minute is, what is refused, and which limit is needed."""
    found = study.traffic.replay
    if found is None:
        return Prose(())
    rows = [
        (
            r.rule.name, rounded(r.rule.per_minute), words.rule_words(r),
            f"{words.times(r.busiest.median)} the limit", share(r.rejected.median),
            interval(r.rejected.low, r.rejected.high, share),
            "none is large enough" if r.needed_per_minute is None else rounded(r.needed_per_minute),
        )
        for r in found.rules
    ]  # fmt: skip
    head = ("Limit", "Allowed a minute", "How it is counted", "Busiest minute, middle of all cases",
            "Refused without a queue", "Nine times in ten", "Needed a minute")  # fmt: skip
    return Table("Rate limits at the planned peak", head, rows, frozenset({1, 4, 6}),
                 note=" ".join((words.basis(found), *words.notes(study.traffic), *_sources(found))))  # fmt: skip


def _sources(found: words.LimitReplay) -> tuple[str, ...]:
    rules = [r.rule for r in found.rules]
    told = [f"{r.source}, read on {r.checked:%Y-%m-%d}" if r.checked else r.source for r in rules if r.source]
    return tuple(f"Counted after {t}." for t in dict.fromkeys(told))
