"""Which spans are the stages of a request, and when each was at work.

Stages are the direct children of the request. Where one of them holds nearly all the time and passes it on to other
services, the services are the stages, each with the time in which it was itself at work. A deeper span is a stage of
its own where the assessment names it; its time is then taken off the stage around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready import policy
from flightready.latency.services import furthest, hides_services, own_times, steps_down
from flightready.latency.span_trees import Below, SpanTrees
from flightready.latency.stage_names import refuse_unmatched, service_name, stage_name, stated
from flightready.latency.stage_work import Intervals

OTHER_STAGES = "other stages"


@dataclass(frozen=True)
class Named:
    """One name of spans, and the stage that it was taken for.

    Parameters
    ----------
    span : str
        Name of the spans, or of the service where services are the stages; identifiers in it are replaced.
    stage : str
    spans, requests : int
        How many spans have the name, and in how many requests.
    is_stated : bool
        Whether the assessment says so.
    """

    span: str
    stage: str
    spans: int
    requests: int
    is_stated: bool = False


@dataclass(frozen=True)
class StageSpans:
    """The stages of all requests, in the order in which they usually start.

    Parameters
    ----------
    stages : tuple of str
    work : Intervals
        When each stage was at work.
    copies : array of int, shape (n, k)
        How many of its spans ran in each request.
    named : tuple of Named
    """

    stages: tuple[str, ...]
    work: Intervals
    copies: np.ndarray
    named: tuple[Named, ...]


@dataclass(frozen=True)
class _Labels:
    """What each label of a span is: as it is shown, its stage, and whether the assessment states it."""

    shown: tuple[str, ...]
    stage: tuple[str, ...]
    is_stated: tuple[bool, ...]


def stage_spans(
    spans: SpanTrees, row: np.ndarray, total_s: np.ndarray, low: np.ndarray, high: np.ndarray,
    stages: Mapping[str, str], *, where: str,
) -> StageSpans:  # fmt: skip
    """Return which spans are stages and when they were at work.

    Parameters
    ----------
    spans : SpanTrees
        Of whole requests only.
    row : array of int, shape (m,)
        Request of each span.
    total_s : array of shape (n,)
        Length of each request.
    low, high : array of shape (m,)
        Seconds from the request's start, cut to the request.
    stages : mapping of str to str
        Stage by name of the span, as the assessment states them.
    where : str
        Place of that mapping, for messages.

    Raises
    ------
    InputError
        When a stated name fits no span.
    """
    usual = float(policy.value("latency_wrapper_share"))
    children = _past_wrappers(spans, usual)
    are_services = hides_services(spans, children, (high - low)[children], float(total_s.sum()), usual)
    label, labels = _labelled(spans, children, stages, are_services=are_services, where=where)
    own, anchor = np.flatnonzero(label >= 0), _anchors(spans.above, label >= 0)
    if are_services:
        place, start, end = own_times(spans.above, low, high)
        kept, start, end = furthest(row[place], start, end, steps_down(spans)[place])
        place = place[kept]
    elif own.size == children.size:
        place, start, end = children, low[children], high[children]
    else:
        place, start, end = _without_inner(own, anchor, spans.above, low, high)
    found = label[anchor[place]]
    begun = low[own] / np.maximum(total_s[row[own]], np.finfo(float).tiny)
    names, stage_of = _ordered(labels, pd.Series(end - start, index=found), pd.Series(begun, index=label[own]))
    cell = row[own] * len(names) + stage_of[label[own]]
    copies = np.bincount(cell, minlength=total_s.size * len(names)).reshape(total_s.size, len(names))
    named = _named(labels, label[own], row[own], names, stage_of)
    return StageSpans(names, Intervals(row[place], stage_of[found], start, end), copies, named)


def _without_inner(
    own: np.ndarray, anchor: np.ndarray, above: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The stretches of each stage that no stage within it covers: places, starts and ends."""
    number = np.full(above.size + 1, -1)  # the last place stands for none
    number[own] = np.arange(own.size)
    around = np.where(above[own] < 0, -1, anchor[above[own]])
    place, start, end = own_times(number[around], low[own], high[own])
    return own[place], start, end


def _past_wrappers(spans: SpanTrees, usual: float) -> np.ndarray:
    """Direct children of the request; where nearly every request has a single one with children, those instead."""
    below, trace = Below(spans.above), spans.trace
    roots = np.flatnonzero(spans.is_root)
    enough = usual * np.unique(trace[roots]).size
    children = below.of(roots)
    while children.size:
        siblings = np.bincount(trace[children])
        grandchildren = below.of(children[siblings[trace[children]] == 1])
        if np.unique(trace[grandchildren]).size < enough:
            break
        kept = children[~np.isin(trace[children], trace[grandchildren])]
        children = np.concatenate([grandchildren, kept])
    return np.sort(children)


def _labelled(
    spans: SpanTrees, children: np.ndarray, stages: Mapping[str, str], *, are_services: bool, where: str
) -> tuple[np.ndarray, _Labels]:
    """The label of each span that is a stage of its own, -1 for the others.

    A stated name is looked up among the stages first; only one that none of them has is looked up further down.
    """
    codes, raw, clean = (
        (spans.service, spans.services, service_name) if are_services else (spans.name, spans.names, stage_name)
    )
    deeper = ~spans.is_root
    level = np.zeros(len(spans), dtype=bool)
    level[children] = True
    if are_services:
        level = (spans.above < 0) | spans.changes_service()
    else:
        deeper &= ~level
    by_level = stated(raw[np.unique(codes[level])], stages, clean)
    taken = {pattern for pattern, _ in by_level.values()}
    rest = {pattern: stage for pattern, stage in stages.items() if pattern not in taken}
    by_name = stated(spans.names[np.unique(spans.name[deeper])], rest) if rest else {}
    fitting = taken | {pattern for pattern, _ in by_name.values()}
    if not fitting.issuperset(stages):
        known = [clean(n) for n in raw[np.unique(codes[level])]]
        known += [stage_name(n) for n in spans.names[np.unique(spans.name[deeper])]]
        refuse_unmatched(stages, fitting, known, spans.names[np.unique(spans.name[spans.is_root])], where=where)
    label, labels = np.full(len(spans), -1), {}
    _label(label, labels, level, codes, raw, by_level, clean)
    is_stated = np.isin(spans.name, [i for i, name in enumerate(spans.names) if name in by_name])
    _label(label, labels, deeper & is_stated, spans.name, spans.names, by_name, stage_name)
    return label, _Labels(*zip(*labels, strict=True)) if labels else _Labels((), (), ())


def _label(
    label: np.ndarray, labels: dict[tuple[str, str, bool], int], places: np.ndarray, codes: np.ndarray,
    raw: np.ndarray, by_name: Mapping[str, tuple[str, str]], clean: Callable[[str], str],
) -> None:  # fmt: skip
    """Label the spans at some places by their names; a new label is added."""
    of_code = np.full(len(raw), -1)
    for code in np.unique(codes[places]):
        shown = clean(raw[code])
        stage = by_name[raw[code]][1] if raw[code] in by_name else shown
        of_code[code] = labels.setdefault((shown, stage, raw[code] in by_name), len(labels))
    label[places] = of_code[codes[places]]


def _anchors(above: np.ndarray, is_anchor: np.ndarray) -> np.ndarray:
    """The nearest anchor at or above each span, -1 where there is none."""
    none = above.size
    at = np.append(np.where(is_anchor, np.arange(none), np.where(above < 0, none, above)), none)
    for _ in range(none.bit_length()):  # each round doubles the steps upwards
        further = at[at]
        if np.array_equal(further, at):
            break
        at = further
    ends = np.append(is_anchor, False)[at[:-1]]
    return np.where(ends, at[:-1], -1)


def _ordered(labels: _Labels, taken: pd.Series, begun: pd.Series) -> tuple[tuple[str, ...], np.ndarray]:
    """The stages that take most of the time, in order of their usual start, smaller ones together; stage by label.

    `taken` is the time of each stretch, `begun` the start of each span as a share of its request, both by label.
    """
    most = int(policy.value("latency_most_stages"))
    stage = np.array(labels.stage, dtype=object)
    order = begun.groupby(stage[begun.index]).mean()
    time = taken.groupby(stage[taken.index]).sum().reindex(order.index, fill_value=0.0)
    time = time.sort_values(ascending=False, kind="stable")
    kept = time.index[: most - 1 if len(time) > most else most]
    order = order[order.index.isin(kept)].sort_values(kind="stable")
    names = tuple(str(name) for name in order.index) + ((OTHER_STAGES,) if len(time) > most else ())
    at = {name: i for i, name in enumerate(names)}
    return names, np.array([at.get(s, len(names) - 1) for s in stage], dtype=int)


def _named(
    labels: _Labels, label: np.ndarray, row: np.ndarray, names: tuple[str, ...], stage_of: np.ndarray
) -> tuple[Named, ...]:
    n = int(row.max(initial=0)) + 1
    spans = np.bincount(label, minlength=len(labels.shown))
    requests = np.bincount(pd.unique(label * n + row) // n, minlength=len(labels.shown))
    order = sorted(range(len(labels.shown)), key=lambda i: (stage_of[i], -spans[i], labels.shown[i]))
    return tuple(
        Named(labels.shown[i], names[stage_of[i]], int(spans[i]), int(requests[i]), labels.is_stated[i]) for i in order
    )
