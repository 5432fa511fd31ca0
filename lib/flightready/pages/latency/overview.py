"""Latency: the answer, the times that were measured, where they go, and what load makes of them."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from flightready.figures import latency as figures
from flightready.figures.latency_budget import figure_waterfall
from flightready.latency.percentiles import Percentile
from flightready.latency.result import LatencyResult
from flightready.narrative import latency as narrative
from flightready.narrative.cost_limits import limit_sentences, limits_sentence
from flightready.narrative.latency_budget import (
    batch_sentence,
    fan_out_sentences,
    first_words_sentence,
    waterfall_sentence,
)
from flightready.pages.cost.limits import limit_use
from flightready.pages.display import Prose, Table, absent, answer, finding_table, meaning
from flightready.study import Study
from flightready.wording import interval, seconds, share


def headline(study: Study) -> Prose:
    """Return the answer, and what a what-if changes about it."""
    of_limits = limits_sentence(study.traffic)
    of_context = first_words_sentence(study.latency), batch_sentence(study.latency)
    return answer(*narrative.answer(study.latency), *filter(None, [*of_context, of_limits]), *_against_baseline(study))


def _against_baseline(study: Study) -> tuple[str, ...]:
    if not study.what_ifs:
        return ()
    changed = ", ".join(f"{name} = {value}" for name, value in study.what_ifs.items())
    before, now = (_p95(s.latency) for s in (study.baseline, study))
    moved = (
        ""
        if before is None or now is None
        else f"95 of 100 requests take up to {seconds(now)} instead of {seconds(before)}. "
    )
    return (f"What if {changed}: {moved}The verdict does not follow what-ifs.",)


def _p95(result: LatencyResult) -> float | None:
    return next((p.value_s for p in (*result.planned, *result.pilot) if p.name == "p95"), None)


def percentile_table(study: Study) -> Table | Prose:
    """Return each percentile in the pilot and at the planned peak, against its budget."""
    result = study.latency
    if not result.pilot:
        return meaning("There is no time to compare with a budget yet.")
    planned = {p.name: p for p in result.planned}
    states = {f.id.removeprefix("latency."): str(f.state) for f in result.findings}
    rows = [_percentile_row(p, planned.get(p.name), states.get(p.name, "")) for p in result.pilot]
    first = () if result.first_words is None else result.first_words.percentiles
    rows += [_percentile_row(p, None, states.get(f"first_token.{p.name}", ""), of="first words") for p in first]
    head = (
        "Requests answered",
        "In the pilot",
        "Nine times in ten",
        "At the planned peak",
        "Nine times in ten",
        "Budget",
        "State",
    )
    return Table("Time within which requests are answered", head, rows, frozenset({1, 3, 5}))


def _percentile_row(p: Percentile, peak: Percentile | None, state: str, *, of: str = "") -> tuple[str, ...]:
    return (
        f"{100 * p.share:g} of 100 ({', '.join(filter(None, (p.name, of)))})", _time(p),
        interval(p.low_s, p.high_s, seconds), "not known" if peak is None else _time(peak),
        "" if peak is None else interval(peak.low_s, peak.high_s, seconds),
        "none" if p.budget_s is None else seconds(p.budget_s), "" if p.budget_s is None else state,
    )  # fmt: skip


def _time(p: Any) -> str:
    return "no answer" if p.value_s is None else seconds(p.value_s)


def answered(study: Study) -> go.Figure | Prose | Table:
    """Return how many requests are answered within which time."""
    result = study.latency
    if result.answered is not None and result.answered.times_s.size:
        return figures.figure_answered(result)
    if result.typed is not None and any(c.added is not None for c in result.composition):
        return figures.figure_typed(result)
    return absent(a for a in result.absences if a.key == "spans")


def meaning_answered(study: Study) -> Prose:
    """Return how sure the percentiles are, which share is in time, and how many failed."""
    result = study.latency
    unsure = [
        f"{p.name} has no upper bound yet, {narrative.why_unbounded(p, result)}."
        for p in result.pilot
        if p.unbounded == "few"
    ]
    return meaning(narrative.how_to_read(result), narrative.in_time_sentence(result), *unsure,
                   *narrative.problems_sentences(result))  # fmt: skip


def stages(study: Study) -> go.Figure | Prose | Table:
    """Return the stages one after the other, in typical and in slow requests."""
    result = study.latency
    if result.waterfalls:
        return figure_waterfall(result)
    if result.typed is not None:
        typed = result.typed
        rows = [(n, seconds(a), "not given" if n in typed.no_tail else seconds(b))
                for n, a, b in zip(typed.names, typed.p50_s, typed.p95_s, strict=True)]  # fmt: skip
        return Table("Times of the stages as typed", ("Stage", "50 of 100", "95 of 100"), rows, frozenset({1, 2}))
    return meaning("Where the time goes is not known: it takes traces with a step for each stage.")


def meaning_stages(study: Study) -> Prose:
    """Return which stage makes the slow requests slow; where only percentiles are typed, what they leave open."""
    result = study.latency
    left_open = "" if result.typed is None else narrative.composition_sentence(result)
    beside = waterfall_sentence(result) or narrative.stages_sentence(result)
    return meaning(beside, *fan_out_sentences(result), left_open)


def stage_table(study: Study) -> Table | Prose:
    """Return each stage's times and its part in the slowest requests."""
    result = study.latency
    if not result.stages:
        return meaning("")
    rows = [
        (s.name, seconds(s.p50_s), seconds(s.p95_s), interval(s.p95_interval.low, s.p95_interval.high, seconds),
         seconds(s.slowest_s), share(max(round(s.share_of_excess, 2), 0)))
        for s in result.stages
    ]  # fmt: skip
    head = (
        "Stage",
        "50 of 100",
        "95 of 100",
        "Nine times in ten",
        "In the slowest 1 in 20",
        "Part of what they take longer",
    )
    return Table("Stages of the answered requests", head, rows, frozenset({1, 2, 4, 5}))


def kinds(study: Study) -> Table | Prose:
    """Return each kind of request apart; an average over kinds hides the slow ones."""
    result = study.latency
    if len(result.kinds) < 2:
        return meaning("All traced requests are of one kind." if result.kinds else "")
    rows = [
        (k.name, f"{k.n:,}", f"{k.n_failed:,}", "no answer" if k.p95_s is None else seconds(k.p95_s))
        for k in result.kinds
    ]
    return Table("Kinds of requests", ("Kind", "Requests", "Failed", "95 of 100 within"), rows, frozenset({1, 2, 3}))


limits = limit_use
"""What the planned peak asks of each rate limit, as in the notebook on cost."""


def meaning_limits(study: Study) -> Prose:
    """Return how each limit stands at the peak, and what retries add to the load and leave unanswered."""
    return meaning(*limit_sentences(study.traffic), narrative.retries_sentence(study.latency))


def findings(study: Study) -> Table | Prose:
    """Return the findings on latency, drills, load and limits."""
    return finding_table((*study.latency.findings, *study.drills.findings, *study.traffic.findings))


def missing(study: Study) -> Prose | Table:
    """Return what is missing and what it would decide."""
    found = {a.key: a for a in (*study.latency.absences, *study.drills.absences, *study.traffic.absences)}
    return absent(found.values())
