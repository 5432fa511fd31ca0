"""The plan of the trials: which versions of which records the pilot is asked about, each defect on and off.

A curated record takes over the defects of a raw one, its donor, all or none of them; so each defect comes at its raw
rate and beside the others that it comes with. A raw record is asked with each of its defects repaired or not. Because
a record has few defects, every combination of them can be asked, and the average over the orders in which they may come
(the Shapley average) is exact for it; where a record has many, some orders are drawn by chance.

Nothing is asked here: the plan is the same whether or not there are answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.calling.answers import Record
from flightready.draws import generator
from flightready.evaluation.attribution.attribution_result import Strength
from flightready.evaluation.attribution.operators import Cell, Operator, injections, repairs
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.realism.comparison import compared, detected
from flightready.realism.inspection import Inspection

Subset = frozenset[str]
Flags = Mapping[str, Mapping[str, np.ndarray]]
_NONE: Subset = frozenset()


@dataclass(frozen=True)
class Trial:
    """One record with its defects on and off.

    Parameters
    ----------
    grade : Strength
    place : int
        Place among the scored records of its side.
    donor : int
        Raw record whose defects it takes over; its own row for a repair.
    held : tuple of str
        Detectors whose defects it was to take over, or to have repaired.
    changed : tuple of str
        Those that really change it, in the order of their operators.
    orders : tuple of tuple of str
        Orders of `changed` over which effects are averaged.
    versions : mapping of subset of `changed` to Record
        What the pilot is asked; the empty subset is the record as it is.
    """

    grade: Strength
    place: int
    donor: int
    held: tuple[str, ...]
    changed: tuple[str, ...]
    orders: tuple[tuple[str, ...], ...]
    versions: Mapping[Subset, Record] = field(repr=False)


Trials = tuple[int, Callable[[int], Trial]]
"""How many trials there are of one grade, and a function that makes one of them, by its place in random order."""


@dataclass(frozen=True)
class Plan:
    """Everything that the pilot is asked, in the order in which it is asked.

    Parameters
    ----------
    unchanged : tuple of (side name, place, Record)
        Records as they are, to see whether the pilot is the one that was recorded.
    trials : tuple of Trial
        In random order, so that the first ones stand for all.
    inputs : tuple of str
    names : dict of str to str
        Detectors that found something in raw records, in plain words.
    columns : dict of str to tuple of str
        Columns in which each of them found something.
    """

    unchanged: tuple[tuple[str, int, Record], ...]
    trials: tuple[Trial, ...]
    inputs: tuple[str, ...]
    names: dict[str, str]
    columns: dict[str, tuple[str, ...]]

    def records(self) -> list[Record]:
        """Return the questions in order; some may be the same."""
        return [r for *_, r in self.unchanged] + [r for t in self.trials for r in asked(t)]


def asked(trial: Trial) -> tuple[Record, ...]:
    """Return what the pilot is asked in a trial: nothing where no defect changes the record."""
    return tuple(trial.versions.values()) if trial.changed else ()


def input_columns(sample: ScoredSample) -> tuple[str, ...]:
    """Return the columns that the pilot is given: those that the assessment names, else the text columns."""
    spec = sample.pilot.spec.pilot
    named = spec.inputs if spec is not None and spec.inputs else sample.inspection.sample.columns.text
    return tuple(dict.fromkeys(named))


def plan(sample: ScoredSample, *, most_calls: int) -> Plan:
    """Return what the pilot is to be asked.

    Parameters
    ----------
    sample : ScoredSample
        Of a pilot with a section `pilot`; a side without scored records is not tried.
    most_calls : int
        Different questions at most; the records that do not fit are left out at random.
    """
    inspection, inputs = sample.inspection, input_columns(sample)
    names, flags = _flags(inspection)
    unchanged = tuple(_unchanged(sample, inputs))
    budget = most_calls - len({tuple(r.values()) for *_, r in unchanged})
    wanted = [_injected(sample, inputs, flags), _repaired(sample, inputs, flags)]
    trials = tuple(_within(_interleaved(wanted), {tuple(r.values()) for *_, r in unchanged}, budget))
    columns = {d: tuple(c for c, hit in found.items() if hit.any()) for d, found in flags.items()}
    return Plan(unchanged, trials, inputs, names, columns)


def _flags(inspection: Inspection) -> tuple[dict[str, str], dict[str, dict[str, np.ndarray]]]:
    """Names of the defects of single raw records, and for each the marked records by column.

    As for the observed part, a comparison counts where raw records are worse than chance allows, and not in a cell in
    which a fact is marked.
    """
    names: dict[str, str] = {}
    flags: dict[str, dict[str, np.ndarray]] = {}
    if inspection.sample.raw is None:
        return names, flags
    facts: dict[str, np.ndarray] = {}
    _, worse = compared(inspection)
    for detector, column, detection in sorted(detected(inspection), key=lambda item: item[0].kind != "fact"):
        marks = detection.raw
        if marks is None or not marks.hits or detector.kind in ("shift", "screening") or column in inspection.answers:
            continue
        hit = marks.hit
        if detector.kind == "fact":
            facts[column] = facts.get(column, False) | hit
        elif detection.is_compared and (column, detector.id) not in worse:
            continue
        else:
            hit = hit & ~facts.get(column, np.zeros(len(hit), dtype=bool))
        if not hit.any():
            continue
        names[detector.id] = detector.name
        flags.setdefault(detector.id, {})[column] = hit
    return names, flags


def _record(frame: pd.DataFrame, row: int, inputs: Sequence[str]) -> dict[str, str | None]:
    """The pilot's columns of one record; a column that the record's file lacks is absent like an empty one."""
    held = {c: frame[c].iat[row] if c in frame.columns else None for c in inputs}
    return {c: None if pd.isna(v) else str(v) for c, v in held.items()}


def _order(sample: ScoredSample, name: str, scored: Scored) -> np.ndarray:
    return generator(sample.inspection.seed, "evaluation", "trials", name).permutation(len(scored))


def _unchanged(sample: ScoredSample, inputs: Sequence[str]) -> Iterator[tuple[str, int, Record]]:
    most = policy.value("call_same_answer_records")
    for name in ("raw", "curated"):
        if (scored := sample.side(name)) is not None:
            answered = [int(p) for p in _order(sample, name, scored) if scored.predicted.iat[int(p)]]
            for place in answered[:most]:
                yield name, place, _record(scored.side.frame, int(scored.rows[place]), inputs)


def _injected(sample: ScoredSample, inputs: Sequence[str], flags: Flags) -> Trials:
    scored, inspection = sample.curated, sample.inspection
    raw = inspection.sample.raw
    if scored is None or raw is None:
        return 0, lambda k: None
    rows = sample.raw.rows if sample.raw is not None else np.flatnonzero(~raw.is_copy)
    donors = generator(inspection.seed, "evaluation", "donors").permutation(rows)
    operators, order = injections(), _order(sample, "curated", scored)

    def made(k: int) -> Trial:
        place, donor = int(order[k]), int(donors[k % len(donors)])
        held = _held(operators, inputs, flags, donor)
        record = _record(scored.side.frame, int(scored.rows[place]), inputs)
        giver = _record(raw.frame, donor, inputs)
        return _trial(Strength.INJECTED, place, donor, record, held, operators, inspection, giver)

    return len(order), made


def _repaired(sample: ScoredSample, inputs: Sequence[str], flags: Flags) -> Trials:
    scored, operators = sample.raw, repairs()
    if scored is None:
        return 0, lambda k: None
    order = _order(sample, "raw", scored)

    def made(k: int) -> Trial:
        place = int(order[k])
        row = int(scored.rows[place])
        held = _held(operators, inputs, flags, row)
        record = _record(scored.side.frame, row, inputs)
        return _trial(Strength.REPAIRED, place, row, record, held, operators, sample.inspection, {})

    return len(order), made


def _held(
    operators: Mapping[str, Operator], inputs: Sequence[str], flags: Flags, row: int
) -> dict[str, tuple[str, ...]]:
    """Defects of a raw record for which there is an operator, each with its columns among those of the pilot."""
    found = {d: tuple(c for c in inputs if c in flags[d] and flags[d][c][row]) for d in operators if d in flags}
    return {d: columns for d, columns in found.items() if columns}


def _trial(
    grade: Strength, place: int, donor: int, record: Record, held: Mapping[str, tuple[str, ...]],
    operators: Mapping[str, Operator], inspection: Inspection, giver: Record,
) -> Trial:  # fmt: skip
    def version(subset: Subset) -> Record:
        made = dict(record)
        for detector in (d for d in operators if d in subset):
            for column in held[detector]:
                rng = generator(inspection.seed, "evaluation", grade.value, detector, column, str(place))
                cell = Cell(made[column], column, inspection, rng, giver.get(column), donor)
                made[column] = operators[detector](cell)
        return made

    changed = tuple(d for d in operators if d in held and version(frozenset((d,))) != record)
    orders = _orders(changed, inspection.seed, f"{grade.value} {place}")
    subsets = {_NONE: None} | {frozenset(o[:k]): None for o in orders for k in range(1, len(o) + 1)}
    return Trial(grade, place, donor, tuple(held), changed, orders, {s: version(s) for s in subsets})


def _orders(changed: tuple[str, ...], seed: int, name: str) -> tuple[tuple[str, ...], ...]:
    """Every order of a few defects; of many some that are drawn by chance, each with its reverse.

    Source
    ------
    Castro, Gomez and Tejada 2009 (Computers and Operations Research 36:1726); Mitchell et al. 2022 for reversed pairs.
    """
    if len(changed) <= policy.value("tried_most_exact_defects"):
        return tuple(permutations(changed))
    rng = generator(seed, "evaluation", "orders", name)
    drawn = [tuple(changed[i] for i in rng.permutation(len(changed))) for _ in range(policy.value("tried_orders") // 2)]
    return tuple(o for order in drawn for o in (order, order[::-1]))


def _interleaved(groups: Sequence[Trials]) -> Iterator[Trial]:
    """All groups mixed evenly, each in its own order, so that any first part holds the same share of each."""
    placed = sorted(((k + 0.5) / n, g, k) for g, (n, _) in enumerate(groups) for k in range(n))
    return (groups[g][1](k) for _, g, k in placed)


def _within(trials: Iterable[Trial], seen: set[tuple[str | None, ...]], budget: int) -> Iterator[Trial]:
    """The first trials whose different questions fit the budget."""
    seen, spent = set(seen), 0
    for trial in trials:
        new = {tuple(r.values()) for r in asked(trial)} - seen
        spent += len(new)
        if spent > budget:
            return
        seen |= new
        yield trial
