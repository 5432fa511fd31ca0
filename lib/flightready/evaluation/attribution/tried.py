"""Points lost by injected defects and regained by repairs, from the answers of the pilot that are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
import pandas as pd
from scipy import special

from flightready import policy
from flightready.calling.answers import Answer, Answers
from flightready.calling.terms import destination, most_calls
from flightready.draws import generator
from flightready.errors import InputError, listed, nearest
from flightready.evaluation.attribution.attribution_result import Strength, Valued
from flightready.evaluation.attribution.money import rates, valued
from flightready.evaluation.attribution.operators import (
    NO_EFFECT,
    NO_OPERATOR,
    NOT_INJECTED,
    NOT_REPAIRED,
    injections,
    repairs,
)  # fmt: skip
from flightready.evaluation.attribution.trials import Plan, Trial, asked, input_columns, plan
from flightready.evaluation.attribution.tried_result import TRIED, Effect, SamePilot, TriedPart, TriedResult
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.evaluation.tasks.answers import within
from flightready.evaluation.tasks.regression import tolerance
from flightready.evidence import Interval, judge_at_least
from flightready.intervals import LEVEL
from flightready.realism.outcome import rate
from flightready.realism.parsing import read_numbers

ALL = "all"
"""Stands for all defects together."""
_TOGETHER = "all of them together"


def analyse(sample: ScoredSample, answers: Answers | None) -> TriedResult | None:
    """Return what calling the pilot has shown so far; it is not called here.

    Parameters
    ----------
    sample : ScoredSample
    answers : Answers, optional
        Kept by a run with `--run-pilot`; None or empty when there was none.

    Returns
    -------
    TriedResult or None
        None when the assessment does not say how the pilot is called.
    """
    spec = sample.pilot.spec.pilot
    if spec is None:
        return None
    if why := why_not(sample):
        return TriedResult(why=why, sent_to=destination(spec).words)
    made = plan(sample, most_calls=most_calls(spec))
    questions = {tuple(r.values()): r for r in made.records()}
    given = [a for r in questions.values() if answers is not None and (a := answers.of(r)) is not None]
    counts = {"calls": len(questions), "answered": len(given), "failed": sum(a.failure is not None for a in given)}
    about = {
        "inputs": made.inputs,
        "sent_to": destination(spec).words,
        "currency": sample.pilot.spec.currency,
        **counts,
    }
    planned = {f"planned_{g.value}": sum(t.grade is g for t in made.trials) for g in TRIED}
    if not given:
        return TriedResult(why="the pilot has not been called yet", **about, **planned)
    tried = list(_answered(made, answers))
    sides = {g: [t for t in tried if t.grade is g] for g in TRIED}
    effects = {g: _Effects(g, sample, sides[g], answers) for g in TRIED}
    reasons = [a.reason for a in given if a.failure is not None]
    return TriedResult(
        same_pilot=_same_pilot(sample, made, answers),
        injected=_parts(made, effects[Strength.INJECTED]), repaired=_parts(made, effects[Strength.REPAIRED]),
        injected_all=effects[Strength.INJECTED].together(), repaired_all=effects[Strength.REPAIRED].together(),
        n_injected=len(sides[Strength.INJECTED]), n_repaired=len(sides[Strength.REPAIRED]),
        failures={r: reasons.count(r) for r in sorted(set(reasons))}, **about, **planned,
    )  # fmt: skip


def why_not(sample: ScoredSample) -> str:
    """Return why the pilot cannot be tried on these records; empty when it can."""
    if sample.pilot.spec.evaluation.task not in ("classification", "extraction", "regression"):
        return "its answers are rated by people, so that an answer to a changed record has no score"
    if sample.inspection.sample.raw is None:
        return "there are no raw records, and so no defects to try"
    if sample.raw is None and sample.curated is None:
        return "no record carries both a right answer and the pilot's"
    inputs = input_columns(sample)
    if not inputs:
        return "the assessment does not say which columns the pilot reads (pilot.inputs)"
    if absent := [c for c in inputs if c not in sample.inspection.columns]:
        return f"the pilot is to read the column '{absent[0]}' (pilot.inputs), which no file has"
    return "" if all(_scores_alike(sample, s) for s in (sample.raw, sample.curated) if s is not None) else (
        "the recorded answers are scored by a rule that the one answer of a call cannot be scored by"
    )  # fmt: skip


def lacks_records(sample: ScoredSample) -> bool:
    """Whether there are no raw records, or none that carries both a right answer and the pilot's."""
    return sample.inspection.sample.raw is None or (sample.raw is None and sample.curated is None)


def refuse_unknown_inputs(sample: ScoredSample) -> None:
    """Raise InputError when the pilot is to be given a column that no file has, before anything is asked.

    Raises
    ------
    InputError
        With the line of the assessment, and the column that may be meant.
    """
    spec, there = sample.pilot.spec.pilot, sample.inspection.columns
    for place, column in enumerate(spec.inputs if spec is not None else ()):
        if column not in there and there:
            raise InputError(f"there is nothing to ask the pilot: no file has the column '{column}'",
                             where=sample.pilot.where("pilot", "inputs", place), valid=listed(there),
                             cure=nearest(column, there) or "name columns that are there")  # fmt: skip


def _judge(sample: ScoredSample, scored: Scored) -> Callable[[int, str], bool]:
    """Return what says of a scored record and an answer whether it is right, by the rule of the recorded answers."""
    if sample.pilot.spec.evaluation.task != "regression":
        truth = scored.truth.tolist()
        return lambda place, text: truth[place] == text
    true, allowed = read_numbers(scored.truth), tolerance(sample.pilot)
    return lambda place, text: bool(within(true[place : place + 1], _number(text), allowed)[0])


def _number(text: str) -> np.ndarray:
    return read_numbers(pd.Series([text], dtype="str"))


def _scores_alike(sample: ScoredSample, scored: Scored) -> bool:
    """Whether the one answer of a call can be scored as the recorded answers are: it gives them the same score."""
    if len(sample.pilot.spec.evaluation.fields) > 1:
        return False
    judge = _judge(sample, scored)
    return all(
        judge(k, text) == right for k, (text, right) in enumerate(zip(scored.predicted, scored.right, strict=True))
    )


def _answered(made: Plan, answers: Answers) -> list[Trial]:
    """The first trials that are answered; a later one would over-represent records that need no call."""
    found: list[Trial] = []
    for trial in made.trials:
        if any(answers.of(r) is None for r in asked(trial)):
            break
        found.append(trial)
    return found


def _same_pilot(sample: ScoredSample, made: Plan, answers: Answers) -> SamePilot | None:
    same = n = failed = 0
    for name, place, record in made.unchanged:
        if (answer := answers.of(record)) is not None:
            n, failed = n + 1, failed + (answer.failure is not None)
            recorded = sample.side(name).predicted.iat[place]
            same += answer.failure is None and bool(_as_recorded(sample, recorded, answer.text))
    if not n:
        return None
    found = rate(same, n)
    return SamePilot(found, judge_at_least(found.interval, policy.value("call_least_same_share")), failed)


def _as_recorded(sample: ScoredSample, recorded: str, given: str) -> bool:
    if sample.pilot.spec.evaluation.task == "regression":
        return bool(np.isclose(_number(recorded), _number(given))[0])
    return recorded == given


class _Effects:
    """Effects of the defects over the trials of one grade, as shares of records: lost, or regained by repair."""

    def __init__(self, grade: Strength, sample: ScoredSample, trials: Sequence[Trial], answers: Answers) -> None:
        self.grade, self.trials, self._answers, self._seed = grade, trials, answers, sample.inspection.seed
        scored = sample.curated if grade is Strength.INJECTED else sample.raw
        self._right = _judge(sample, scored) if trials else None
        self.clusters = [scored.cluster[[t.place for t in trials]]] if trials else []
        if grade is Strength.INJECTED and trials:
            self.clusters.append(np.array([t.donor for t in trials]))
        self._by_trial = [self._of(t) for t in trials]
        self._rates = rates(sample, size=policy.value("attribution_replicates"))

    def _of(self, trial: Trial) -> dict[str, float]:
        """Shapley average of each defect of one record, and of all together."""
        if not trial.changed:
            return {}
        worth = {s: self._worth(trial.place, self._answers.of(r)) for s, r in trial.versions.items()}
        sign = -1.0 if self.grade is Strength.INJECTED else 1.0
        found = dict.fromkeys(trial.changed, 0.0)
        for order in trial.orders:
            for k, detector in enumerate(order):
                step = worth[frozenset(order[: k + 1])] - worth[frozenset(order[:k])]
                found[detector] += sign * step / len(trial.orders)
        found[ALL] = sign * (worth[frozenset(trial.changed)] - worth[frozenset()])
        return found

    def _worth(self, place: int, answer: Answer) -> float:
        return float(answer.failure is None and self._right(place, answer.text))

    def part(self, detector: str, name: str) -> TriedPart:
        """What one defect costs or regains."""
        values = np.array([v.get(detector, 0.0) for v in self._by_trial])
        mine = [t for t in self.trials if (t.changed if detector == ALL else detector in t.changed)]
        held = sum(bool(t.held) if detector == ALL else detector in t.held for t in self.trials)
        asked_of = {
            tuple(r.values()): r for t in mine for s, r in t.versions.items() if detector in s or detector == ALL
        }
        failed = sum(self._answers.of(r).failure is not None for r in asked_of.values())
        interval = paired_interval(values, self.clusters)
        state, why = self._state(len(mine), held, interval)
        # no record changed is nothing tried: neither an effect nor the absence of one
        if not mine:
            return TriedPart(detector, name, self.grade, 0, None, None, 0, 0, state, why, held)
        points = float(values.mean())
        return TriedPart(
            detector, name, self.grade, len(mine), points, interval, len(asked_of), failed, state, why, held,
            self._worth_of(points, interval),
        )  # fmt: skip

    def _worth_of(self, points: float, interval: Interval) -> Valued:
        """Wrong answers and money a month; the replicates of the points have the ends of their interval."""
        size = policy.value("attribution_replicates")
        z = special.ndtri((np.arange(size) + 0.5) / size)
        one = float(special.ndtri(0.5 + LEVEL / 2))
        spread = np.where(z < 0, points - interval.low, interval.high - points) / one
        shuffled = generator(self._seed, "evaluation", "tried", "worth").permutation(points + z * spread)
        return valued(points, shuffled, self._rates)

    def _state(self, changed: int, held: int, interval: Interval) -> tuple[Effect, str]:
        verb = "could be put into" if self.grade is Strength.INJECTED else "could be taken out of"
        reached = "" if changed == held else f"{verb} {changed:,} of {held:,} records only"
        if not changed:
            return Effect.UNKNOWN, reached or "no record that was tried holds it"
        least = policy.value("tried_least_changed")
        if changed < least:
            return Effect.OPEN, "; ".join(filter(None, (f"fewer than {least} records were changed", reached)))
        return (Effect.SHOWN if interval.low > 0 or interval.high < 0 else Effect.OPEN), reached

    def together(self) -> TriedPart | None:
        """All defects together; None when nothing was tried."""
        return self.part(ALL, _TOGETHER) if self.trials else None


def _parts(made: Plan, effects: _Effects) -> tuple[TriedPart, ...]:
    """One part for every defect of raw records, the largest effect first, then what is nothing or not known."""
    is_injection = effects.grade is Strength.INJECTED
    operators, refused = (injections(), NOT_INJECTED) if is_injection else (repairs(), NOT_REPAIRED)
    found = []
    for detector, name in made.names.items():
        if why := _none_by_construction(made, detector):
            nothing = Interval(0.0, 0.0)
            found.append(TriedPart(detector, name, effects.grade, 0, 0.0, nothing, 0, 0, Effect.NONE, why))
        elif detector in operators and effects.trials:
            found.append(effects.part(detector, name))
        else:
            why = refused.get(detector, NO_OPERATOR) if detector not in operators else "no record was tried"
            found.append(TriedPart(detector, name, effects.grade, 0, None, None, 0, 0, Effect.UNKNOWN, why))
    rank = {Effect.SHOWN: 0, Effect.OPEN: 0, Effect.UNKNOWN: 1, Effect.NONE: 2}
    return tuple(sorted(found, key=lambda p: (rank[p.state], -(p.points or 0.0), p.detector)))


def _none_by_construction(made: Plan, detector: str) -> str:
    if detector in NO_EFFECT:
        return NO_EFFECT[detector]
    columns = made.columns.get(detector, ())
    if columns and not set(columns) & set(made.inputs) and not {c for c in columns if c == "record"}:
        return "it is in columns that the pilot is not given"
    return ""


def paired_interval(values: np.ndarray, clusters: Sequence[np.ndarray]) -> Interval:
    """Return the 90 % interval of a mean of paired differences between -1 and 1.

    Losses and gains are shares of all pairs; each has its Wilson interval, from as many pairs as the clusters leave
    independent, and the two are put together. It stays honest where no pair differs at all.

    Parameters
    ----------
    values : array, shape (n,)
    clusters : sequence of array of int, shape (n,)
        Groupings in which pairs depend on each other, such as records of one entity, and records with one donor.

    Source
    ------
    Newcombe 1998 (Statistics in Medicine 17:2635) and Zou and Donner 2008 (Statistics in Medicine 27:1693) for putting
    two intervals together; Cameron, Gelbach and Miller 2011 for clusters in two directions.

    Examples
    --------
    >>> found = paired_interval(np.r_[np.ones(20), np.zeros(180)], [np.arange(200)])
    >>> round(found.low, 3), round(found.high, 3)
    (0.067, 0.14)
    """
    n = len(values)
    if not n:
        return Interval(-1.0, 1.0)
    size = n / _design_effect(values, clusters)
    loss, gain = float(np.maximum(values, 0).mean()), float(np.maximum(-values, 0).mean())
    lost, gained = _wilson(loss, size), _wilson(gain, size)
    low = loss - gain - sqrt((loss - lost.low) ** 2 + (gained.high - gain) ** 2)
    high = loss - gain + sqrt((lost.high - loss) ** 2 + (gain - gained.low) ** 2)
    return Interval(float(max(-1.0, low)), float(min(1.0, high)))


def _wilson(share: float, n: float) -> Interval:
    """Wilson interval of a share of a number of pairs that need not be whole."""
    z = special.ndtri(0.5 + LEVEL / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(float(max(0.0, centre - half)), float(min(1.0, centre + half)))


def _design_effect(values: np.ndarray, clusters: Sequence[np.ndarray]) -> float:
    """How many times the variance of the mean is that of independent pairs, 1 at least."""
    n, fewest = len(values), min((len(np.unique(c)) for c in clusters), default=len(values))
    off = values - values.mean()
    plain = float((off**2).sum())
    if plain == 0:
        return n / fewest
    codes = [np.unique(c, return_inverse=True)[1] for c in clusters]
    squares = [float((np.bincount(c, weights=off) ** 2).sum()) for c in codes] or [plain]
    if len(codes) > 1:
        both = np.unique(np.column_stack(codes), axis=0, return_inverse=True)[1].ravel()
        squares.append(-float((np.bincount(both, weights=off) ** 2).sum()))
    return max(1.0, sum(squares) / plain)
