"""Would a worse model be caught: the pilot's own answers made worse on purpose, and scored by the same rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.planning import detectable
from flightready.evaluation.release.comparison import Pairs, judged
from flightready.evaluation.release.result import Change
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import NO_ANSWER, Scored
from flightready.evaluation.shares.paired import paired_newcombe
from flightready.intervals import newcombe
from flightready.realism.outcome import Rate, rate

SAME_RECORDS, NEW_RECORDS = "the same records", "new records"
UNCHANGED, AS_GOOD = "the same answers again", "another model that is as good"
SHUFFLED, OFTEN_WRONG, LOST = (
    "answers exchanged between records", "the most frequent wrong answer", "answers left out",
)  # fmt: skip
_STEPS = 9  # halvings of the range in which the smallest fall that is caught is looked for


@dataclass(frozen=True)
class ControlRun:
    """One way to run the control, repeated.

    Parameters
    ----------
    model : str
        How the answers were made worse, or in which way they were not.
    compared_on : str
        The same records, or as many new ones.
    is_worse : bool
        Whether the model is worse; calling it worse is then a catch, else a false alarm.
    fall : float
        Mean fall of accuracy over the runs, a share.
    called_worse : Rate
        Runs in which the pipeline said worse.
    """

    model: str
    compared_on: str
    is_worse: bool
    fall: float
    called_worse: Rate


@dataclass(frozen=True)
class NegativeControl:
    """What the scoring pipeline says to a model that is worse on purpose, and to one that is not.

    Parameters
    ----------
    side : str
        raw or curated, whichever decides.
    n : int
        Records that were scored.
    fall : float
        Fall of accuracy of the worse models, a share: the allowed drop and what these records can show.
    allowed_drop, detectable : float
        Its two parts.
    runs : tuple of ControlRun
    smallest_same_records, smallest_new_records : float, optional
        Smallest fall that is caught with the policy's power; None where none is.
    """

    side: str
    n: int
    fall: float
    allowed_drop: float
    detectable: float
    runs: tuple[ControlRun, ...]
    smallest_same_records: float | None
    smallest_new_records: float | None

    @property
    def worst_catch(self) -> Rate:
        """Catches of the way in which the fewest worse models were caught."""
        return min((r.called_worse for r in self.runs if r.is_worse), key=lambda r: r.share)

    @property
    def worst_false_alarm(self) -> Rate:
        """False alarms of the way in which there were most."""
        return max((r.called_worse for r in self.runs if not r.is_worse), key=lambda r: r.share)


def negative_control(records: ScoredSample) -> NegativeControl | None:
    """Return whether a worse model is caught; None without scored records.

    Every run is compared with the pilot's own answers as if these were the accepted score: on the same records, where
    a share of answers also changes without making the model worse, and on as many new records, drawn from these.
    """
    side = "raw" if records.raw is not None else "curated"
    scored = records.side(side)
    if scored is None or not scored.right.any():
        return None
    allowed = records.pilot.spec.evaluation.allowed_drop
    drop = allowed.range90[1] if allowed is not None else policy.value("control_allowed_drop")
    own, runs = scored.accuracy, policy.value("control_runs")
    seen = detectable(own, own.n) or 0.0
    fall = min(drop + seen, own.share)
    kept = _Kept.of(scored, records.pilot.spec.evaluation.task, _drawn(records, "records"))
    made = [
        _run(records, kept, _Model(name, where, fall if name in kept.worse else 0.0), runs)
        for where in (SAME_RECORDS, NEW_RECORDS)
        for name in (*kept.worse, *((UNCHANGED,) if where == SAME_RECORDS else ()), AS_GOOD)
    ]
    smallest = [_smallest_caught(records, kept, where) for where in (SAME_RECORDS, NEW_RECORDS)]
    return NegativeControl(side, own.n, fall, drop, seen, tuple(made), *smallest)


@dataclass(frozen=True)
class _Model:
    name: str
    compared_on: str
    fall: float


@dataclass(frozen=True)
class _Kept:
    """The records of the control: right and given answers as codes."""

    right: np.ndarray
    truth: np.ndarray
    predicted: np.ndarray
    cluster: np.ndarray
    is_classes: bool

    @classmethod
    def of(cls, scored: Scored, task: str, drawn: np.random.Generator) -> _Kept:
        n, most = len(scored), policy.value("control_records")
        rows = np.arange(n) if n <= most else np.sort(drawn.choice(n, most, replace=False))
        names = {v: i for i, v in enumerate(sorted({*scored.truth, *scored.predicted, NO_ANSWER}))}
        truth, predicted = (np.array([names[v] for v in s.iloc[rows]]) for s in (scored.truth, scored.predicted))
        return cls(scored.right[rows], truth, predicted, scored.cluster[rows], task == "classification")

    def __len__(self) -> int:
        return len(self.right)

    @cached_property
    def share(self) -> float:
        """Share of right answers."""
        return int(np.count_nonzero(self.right)) / len(self)

    @cached_property
    def is_clustered(self) -> bool:
        """Whether several records are about one entity."""
        return len(np.unique(self.cluster)) < len(self)

    @property
    def worse(self) -> tuple[str, ...]:
        """Ways to make the answers worse; where answers are no classes, an exchanged one cannot be judged here."""
        wrong = self.predicted[~self.right]
        if not self.is_classes or len(np.unique(self.truth)) < 2:
            return (LOST,)
        return (SHUFFLED, OFTEN_WRONG) if wrong.size else (SHUFFLED, LOST)


def _drawn(records: ScoredSample, *names: str) -> np.random.Generator:
    return generator(records.inspection.seed, "evaluation", "negative_control", *names)


def _run(records: ScoredSample, kept: _Kept, model: _Model, runs: int) -> ControlRun:
    drawn = _drawn(records, model.name, model.compared_on)
    answers, worse, falls = _answers_of(kept, model), 0, 0.0
    for _ in range(runs):
        now = answers(drawn)
        falls += kept.share - int(np.count_nonzero(now)) / len(kept)  # faster than the mean of so few
        worse += _is_called_worse(kept, now, model, drawn)
    is_worse = model.fall > 0
    return ControlRun(model.name, model.compared_on, is_worse, falls / runs if is_worse else 0.0, rate(worse, runs))


def _answers_of(kept: _Kept, model: _Model) -> Callable[[np.random.Generator], np.ndarray]:
    """Function that returns which answers of such a model are right."""
    share = kept.share
    if model.name in (UNCHANGED, AS_GOOD):
        return lambda drawn: kept.right
    if model.name == SHUFFLED:
        codes, n = max(kept.truth.max(), kept.predicted.max()) + 1, len(kept)
        by_chance = (
            float(np.bincount(kept.truth, minlength=codes) @ np.bincount(kept.predicted, minlength=codes)) / n**2
        )
        touched = min(1.0, model.fall / max(share - by_chance, model.fall))
        return lambda drawn: _exchanged(kept, touched, drawn)
    lost = min(1.0, model.fall / share)
    if model.name == OFTEN_WRONG:
        wrong = int(np.bincount(kept.predicted[~kept.right]).argmax())
        lost = min(1.0, model.fall / max(share - float((kept.right & (kept.truth == wrong)).mean()), model.fall))
        return lambda drawn: np.where(drawn.random(len(kept)) < lost, kept.right & (kept.truth == wrong), kept.right)
    return lambda drawn: kept.right & (drawn.random(len(kept)) >= lost)


def _exchanged(kept: _Kept, touched: float, drawn: np.random.Generator) -> np.ndarray:
    """Right answers after a share of the records exchanged theirs at random."""
    places = np.flatnonzero(drawn.random(len(kept)) < touched)
    right = kept.right.copy()
    right[places] = kept.predicted[drawn.permutation(places)] == kept.truth[places]
    return right


def _is_called_worse(kept: _Kept, now: np.ndarray, model: _Model, drawn: np.random.Generator) -> bool:
    """Whether the pipeline says worse, by the rules of a release."""
    n = len(kept)
    if model.compared_on == NEW_RECORDS:  # both are draws from what these records stand for
        then, fresh = kept.right[drawn.integers(n, size=n)], now[drawn.integers(n, size=n)]
        return _new_say_worse(int(fresh.sum()), int(then.sum()), n)
    if model.name != UNCHANGED:
        now = _churned(kept, now, drawn)
    pairs = Pairs(now, kept.right, kept.cluster)
    if kept.is_clustered:
        return judged(pairs.interval(), policy.value("score_margin")) is Change.WORSE
    both = int(np.count_nonzero(now & kept.right))
    return _same_say_worse(both, pairs.gained, pairs.lost, n - both - pairs.gained - pairs.lost)


@lru_cache(maxsize=100_000)
def _same_say_worse(both: int, gained: int, lost: int, neither: int) -> bool:
    return judged(paired_newcombe(both, gained, lost, neither), policy.value("score_margin")) is Change.WORSE


@lru_cache(maxsize=100_000)
def _new_say_worse(now: int, then: int, n: int) -> bool:
    return now < then and judged(newcombe(now, n, then, n), policy.value("score_margin")) is Change.WORSE


def _churned(kept: _Kept, now: np.ndarray, drawn: np.random.Generator) -> np.ndarray:
    """The same model but for some answers: as many chances to lose a right one as to gain one."""
    share = kept.share
    each = min(policy.value("control_churn") / 2, share, 1 - share)
    by_chance = drawn.random(len(kept))
    lost = kept.right & (by_chance < each / share)
    gained = ~kept.right & (by_chance < each / max(1 - share, each)) if each else np.zeros(len(kept), dtype=bool)
    return (now & ~lost) | gained


def _smallest_caught(records: ScoredSample, kept: _Kept, where: str) -> float | None:
    """Smallest fall that the policy's power catches, by halving; each fall is tried on counts that chance draws."""
    share, n, runs = kept.share, len(kept), policy.value("control_runs")
    each = min(policy.value("control_churn") / 2, share, 1 - share)

    def is_caught(fall: float) -> bool:
        drawn = _drawn(records, "smallest", where)
        if where == NEW_RECORDS:
            both = zip(drawn.binomial(n, share - fall, runs), drawn.binomial(n, share, runs), strict=True)
            caught = sum(_new_say_worse(int(now), int(then), n) for now, then in both)
        else:
            lost = min(share, each + fall)
            counts = drawn.multinomial(n, [share - lost, each, lost, max(0.0, 1 - share - each)], runs)
            caught = sum(_same_say_worse(*map(int, c)) for c in counts)
        return caught >= policy.value("power_of_detection") * runs

    low, high = 0.0, share
    if not is_caught(high):
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_caught(middle) else (middle, high)
    return high
