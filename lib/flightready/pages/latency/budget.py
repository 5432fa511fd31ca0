"""Stages and their budget: what each stage may take, what a faster one is worth, and what lies beyond what was seen."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from flightready.figures import latency_budget as figures
from flightready.latency.budget import percentiles, traced_requests
from flightready.latency.resamples import resampled
from flightready.latency.stage_change import changed, effects
from flightready.narrative import latency as words
from flightready.narrative import latency_budget as narrative
from flightready.pages.display import Prose, Table, answer, meaning
from flightready.study import Study
from flightready.wording import interval, seconds, share


def composition(study: Study) -> go.Figure | Prose:
    """Return what adding up percentiles of stages would have said beside what whole requests show."""
    if any(c.together is not None for c in study.latency.composition):
        return figures.figure_composition(study.latency)
    return meaning("")


def meaning_composition(study: Study) -> Prose:
    """Return how far the percentiles of stages alone would have misled."""
    return meaning(words.composition_sentence(study.latency))


def budget_split(study: Study) -> Table | Prose:
    """Return each percentile split over the stages, what each may take, and what it must become alone."""
    shown = narrative.shown_allocations(study.latency)
    if not shown:
        return meaning("The budget cannot be split over stages: it takes traces with a step for each stage.")
    rows = [
        (f"{100 * a.share:g} of 100{', answered' if a.answered_only else ''}", s.name, seconds(s.takes_s),
         interval(s.takes.low, s.takes.high, seconds), share(round(s.part, 3)),
         "" if s.allowed_s is None else seconds(s.allowed_s), narrative.left(s.headroom_s, s.headroom),
         "not possible before the failures go" if a.answered_only and a.budget_s is not None else
         narrative.becomes(s, a))
        for a in shown for s in a.stages if round(s.part, 3) > 0
    ]  # fmt: skip
    head = ("Requests", "Stage", "Takes", "Nine times in ten", "Part", "May take", "Left", "For the budget, alone")
    if all(a.budget_s is None for a in shown):
        head, rows = head[:5], [row[:5] for row in rows]
    note = "What requests near the percentile spend on each stage; these times add up, percentiles of stages do not."
    return Table("The budget split over the stages, at the pilot's load", head, rows, frozenset({2, 4, 5}), note)


def meaning_split(study: Study) -> Prose:
    """Return which stage decides, and what it would have to become."""
    return meaning(*narrative.split_sentences(study.latency))


def faster_stages(study: Study) -> Table | Prose:
    """Return what each stage alone would change if it were faster."""
    result = study.latency
    if not result.stage_changes:
        return meaning("")
    names = [e.name for e in result.stage_changes[0].effects if e.name != "p50"]
    rows = []
    for change in result.stage_changes:
        shown = [e for e in change.effects if e.name in names]
        rows.append((change.stage, *(cell for e in shown for cell in _effect(e))))
    factor = result.stage_changes[0].factor
    head = ("Stage", *(cell for n in names for cell in (f"{n[1:]} of 100 within", "Change, nine times in ten")))
    return Table(f"Whole requests if one stage alone took {narrative.times(factor)}", head, rows,
                 frozenset(range(1, len(head), 2)))  # fmt: skip


def _effect(effect: Any) -> tuple[str, str]:
    if effect.after_s is None or effect.before_s is None:
        return "no answer", ""
    d = effect.difference
    known = d.low is not None and d.high is not None
    ends = " to ".join(dict.fromkeys(_change(end) for end in (d.high, d.low))) if known else "too few requests to say"
    return f"{seconds(effect.after_s)} (now {seconds(effect.before_s)})", ends


def _change(value_s: float) -> str:
    return f"{seconds(abs(value_s))} {'less' if value_s <= 0 else 'more'}"


def meaning_faster(study: Study) -> Prose:
    """Return which stage is worth making faster."""
    return meaning(narrative.faster_sentence(study.latency))


def slowest(study: Study) -> Table | Prose:
    """Return how far the slowest requests reach beyond what was seen, from several places where the tail may begin."""
    found = study.latency.tail
    if found is None or found.refused:
        return meaning(*narrative.tail_sentences(found))
    rows = [("within", narrative.of_hundred(f.share), "no answer" if f.value_s is None else seconds(f.value_s),
             interval(f.interval.low, f.interval.high, seconds)) for f in found.far]  # fmt: skip
    rows += [("shape", f"beyond {seconds(s.threshold_s)} ({s.over:,} requests)", f"{s.shape:.2f}",
              interval(s.interval.low, s.interval.high, "{:.2f}".format)) for s in found.shapes]  # fmt: skip
    note = "Shape 0: an exponential tail; the higher, the longer. It should not move with where the tail begins."
    return Table("The slowest requests, carried beyond what was seen", ("", "Of what", "Estimate", "Nine times in ten"),
                 rows, frozenset({2}), note)  # fmt: skip


def meaning_slowest(study: Study) -> Prose:
    """Return what the tail says and how far to trust it; empty where the table's place says it already."""
    found = study.latency.tail
    return meaning(*(() if found is None or found.refused else narrative.tail_sentences(found)))


def stage_what_if(study: Study) -> Any:
    """Return controls that change one stage, and show what whole requests make of it."""
    from flightready.widgets.panel import Choice, Number, panel

    traces = traced_requests(study.pilot)
    if traces is None or not traces.stages:
        return meaning("A stage can be changed where traces with a step for each stage are there.")
    samples, shares = resampled(traces, seed=study.pilot.spec.seed), percentiles()
    top = max((s.typical_s, s.name) for s in study.latency.stages if s.name in traces.stages)[1]
    controls = [
        Choice("stage", "Stage", traces.stages, top),
        Number("factor", "Times its time", 0.5, 0.0, 100.0, 0.1, "factor"),
        Number("p50_s", "or half of its times within", 0.0, 0.0, 1e5, 0.1, "s; 0: by the factor"),
        Number("p95_s", "and 95 of 100 within", 0.0, 0.0, 1e5, 0.1, "s; 0: in proportion"),
    ]

    def show(values: dict[str, Any]) -> tuple[Any, ...]:
        given = {name: values[name] for name in ("p50_s", "p95_s") if values[name] > 0}
        after = changed(traces, values["stage"], **(given or {"factor": values["factor"]}))
        found = effects(traces, after, shares, samples)
        return answer(narrative.tried_change(values["stage"], found)), _effects_table(found)

    return panel(controls, show)


def _effects_table(found: Any) -> Table:
    rows = [(f"{e.name[1:]} of 100", *_effect(e)) for e in found]
    return Table("Whole requests, at the pilot's load", ("Requests", "Within", "Change, nine times in ten"), rows,
                 frozenset({1}))  # fmt: skip
