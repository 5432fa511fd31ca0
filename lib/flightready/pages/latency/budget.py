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
from flightready.pages.display import Prose, Table, answer, meaning, without_empty_columns
from flightready.study import Study
from flightready.wording import interval, seconds, share


def composition(study: Study) -> go.Figure | Prose:
    """Return what adding up percentiles of stages would have said beside what whole requests show."""
    if any(c.together is not None for c in study.latency.composition):
        return figures.figure_composition(study.latency)
    return meaning("")


def meaning_composition(study: Study) -> Prose:
    """Return how far the percentiles of stages alone would have misled."""
    is_drawn = any(c.together is not None for c in study.latency.composition)
    return meaning(words.composition_sentence(study.latency) if is_drawn else "")  # else it stands with the stages


def budget_split(study: Study) -> Table | Prose:
    """Return each percentile split over the stages, what each may take, and what it must become alone."""
    shown = narrative.shown_allocations(study.latency)
    if not shown:
        return meaning("The budget cannot be split over stages: it takes traces with a step for each stage.")
    shown = shown[-_BESIDE:]
    names = [s.name for s in shown[0].stages if any(round(t.part, 2) > 0 for a in shown for t in a.stages
                                                    if t.name == s.name)]  # fmt: skip
    columns = [(f"{100 * a.share:g} of 100{' answered' if a.answered_only else ''}: {what}", a, cell)
               for a in shown for what, cell in _CELLS]  # fmt: skip
    rows = [(name, *(cell(next(s for s in a.stages if s.name == name), a) for _, a, cell in columns)) for name in names]
    head = ("Stage", *(name for name, _, _ in columns))
    note = ("What requests that take about this long spend on each stage, on average, so that it adds up; in brackets: "
            "nine times in ten.")  # fmt: skip
    table = Table("The time of slow requests split over the stages, at the pilot's load", head, rows, frozenset(), note)
    return without_empty_columns(table)


_BESIDE = 2  # more side by side are wider than a page; the slowest say most
_CELLS = (
    ("takes", lambda s, a: f"{seconds(s.takes_s)}, {share(round(s.part, 2))}"),
    ("may take", lambda s, a: "" if s.allowed_s is None else seconds(s.allowed_s)),
    ("left or over", lambda s, a: narrative.left(s.headroom_s, s.headroom)),
    ("this alone could be", lambda s, a: narrative.becomes(s, a)),
)


def meaning_split(study: Study) -> Prose:
    """Return which stage decides, and what it would have to become."""
    return meaning(*narrative.split_sentences(study.latency))


def faster_stages(study: Study) -> Table | Prose:
    """Return what each stage alone would change if it were faster."""
    result = study.latency
    if not result.stage_changes:
        return meaning("")
    names = [e.name for e in result.stage_changes[0].effects if e.name != "p50" and e.before_s is not None]
    if not names:
        return meaning("")
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
    ends = _changes(d.low, d.high) if known else "too few requests to say"
    return f"{seconds(effect.after_s)} (now {seconds(effect.before_s)})", ends


def _changes(low_s: float, high_s: float) -> str:
    """From the smaller gain to the larger; less or more is said once where both are the same."""
    if low_s * high_s <= 0:
        return " to ".join(dict.fromkeys(_change(end) for end in (high_s, low_s)))
    ends = sorted((abs(low_s), abs(high_s)))
    return f"{interval(*ends, seconds)} {'less' if low_s < 0 else 'more'}"


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
    rows = [(narrative.of_hundred(f.share), "no answer" if f.value_s is None else seconds(f.value_s),
             interval(f.interval.low, f.interval.high, seconds)) for f in found.far]  # fmt: skip
    return Table("The slowest requests, carried beyond what was seen", ("Requests", "Within", "Nine times in ten"),
                 rows, frozenset({1}))  # fmt: skip


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
        Number("factor", "Times its time", 0.5, 0.0, 100.0, 0.1),
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
