"""What to measure next: which input moves the value, which could change the decision, and which study pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from flightready import policy
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.draws import generator
from flightready.evidence import Grade
from flightready.roi import pilot_results
from flightready.roi.alternatives import ways
from flightready.roi.conditional import one_thread
from flightready.roi.information import Worth, partial, parts, perfect, study_worth
from flightready.roi.inputs import gather
from flightready.roi.labels_worth import LabelsWorth, best_count, labels_worth
from flightready.roi.model import ValueModel
from flightready.roi.pilot_effects import measured_columns
from flightready.roi.sensitivity import Influence, Swing, dependent, influence, tornado
from flightready.roi.studies import LABELS, PILOT, Study, measurable, named, shown, studies

if TYPE_CHECKING:
    from flightready.assessment import Pilot
    from flightready.draws import JointSample
    from flightready.roi.inputs import RoiInput
    from flightready.traffic.demand import Demand

_WEEKS_PER_YEAR = 365.25 / 7


@dataclass(frozen=True)
class InputWorth:
    """One input: what knowing it exactly is worth before the decision, and how it moves the value.

    Parameters
    ----------
    key, label, unit : str
    grade : Grade
    worth : Worth
    swing : Swing
    influence : Influence
    """

    key: str
    label: str
    unit: str
    grade: Grade
    worth: Worth
    swing: Swing
    influence: Influence


@dataclass(frozen=True)
class StudyWorth:
    """One study: what it would be worth before the decision, and what it costs; money in the assessment's currency.

    Parameters
    ----------
    study : Study
    size : int
        Labels or weeks; 1 for a study that is done once.
    exact : Worth
        What knowing its inputs exactly would be worth: no study of them can be worth more, waiting aside.
    worth : Worth
        What it would show is worth, the loss by launching later taken off.
    cost : float
    """

    study: Study
    size: int
    exact: Worth
    worth: Worth
    cost: float

    @property
    def net(self) -> float:
        """Worth less cost."""
        return self.worth.worth - self.cost

    @property
    def pays(self) -> bool:
        """Whether it is worth more than it costs, by more than the simulation's error."""
        return self.worth.is_clear and self.net > self.worth.error_90

    @property
    def may_pay(self) -> bool:
        """Whether the simulation's error leaves it open that it is worth more than it costs."""
        return self.net + self.worth.error_90 > 0


@dataclass(frozen=True)
class RoiInformation:
    """What to measure next; money in the assessment's currency, worth before the decision to go or to stop.

    Parameters
    ----------
    choice : str
        The way to go that is worth most on average, as far as is known now; empty when that is to stop.
    chance_wrong : float
        Share of draws in which the choice that is best on average is not the best.
    perfect : Worth
        What knowing everything would be worth.
    inputs : tuple of InputWorth
        The largest worth first; of those without any, the largest swing first.
    studies : tuple of StudyWorth
        The largest worth less cost first.
    labels : tuple of LabelsWorth
        By number of labels; empty where accuracy is no input that varies.
    best_labels : int or None
        Number of labels at which labelling stops paying, 0 when it never pays.
    pilot : tuple of StudyWorth
        The pilot by more weeks.
    depends : tuple of pairs of str
        Labels of inputs that go together; empty where each varies by itself.
    currency : str
    ways : tuple of str
        Names of the ways to go that are compared, the plan first.
    """

    choice: str
    chance_wrong: float
    perfect: Worth
    inputs: tuple[InputWorth, ...]
    studies: tuple[StudyWorth, ...]
    labels: tuple[LabelsWorth, ...]
    best_labels: int | None
    pilot: tuple[StudyWorth, ...]
    depends: tuple[tuple[str, str], ...]
    currency: str
    ways: tuple[str, ...] = ()

    @property
    def noise(self) -> float:
        """What of the worth of an input may be noise of the computation."""
        return max((i.worth.noise for i in self.inputs), default=0.0)


def analyse(
    pilot: Pilot, joint: JointSample, demand: Demand | None, *, evaluation: Any, cost: Any, latency: Any,
    options: Any = None,
) -> RoiInformation | None:  # fmt: skip
    """Return what to measure next of one pilot; None without a planned load or the worth of a case.

    It is apart from the projection because it takes as long as many of them: a slider waits for the value alone.

    Parameters
    ----------
    evaluation, cost, latency
        Results of those analyses.
    options : OptionsResult, optional
        Ways to answer, where one under `roi.options` names one of them.
    """
    measured = measured_columns(pilot, joint, pilot_results.analyse(pilot))
    inputs = gather(pilot, joint, demand, evaluation, cost, latency, measured=measured)
    if demand is None or not inputs.streams:
        return None
    effect = evaluation.raw.design_effect if evaluation.raw is not None else 1.0
    model = ValueModel(inputs, demand)
    others = ways(model, pilot.spec.roi.options, joint, answers=options)
    with one_thread():
        return what_to_measure(pilot, others, inputs.rows, design_effect=effect)


def what_to_measure(
    pilot: Pilot, models: Mapping[str, ValueModel], rows: tuple[RoiInput, ...], *, design_effect: float = 1.0
) -> RoiInformation:
    """Return which inputs and which studies could change the decision, and what that is worth.

    Whether a gate is passed cannot be measured beforehand, only how likely it is: gates count by their chances.

    Parameters
    ----------
    pilot : Pilot
    models : mapping of str to ValueModel
        Ways to go on the same draws, the plan first: what is learnt is about the plan's inputs.
    rows : tuple of RoiInput
        As readers see the inputs.
    design_effect : float
        Raw records that belong together count that many times less as labels.
    """
    asked = _Asked(pilot, {name: model.expected for name, model in models.items()}, rows)
    columns = asked.columns
    each = partial(columns, asked.value, random=asked.random("inputs"))
    own = asked.value[0]
    swings, shares = tornado(columns, own), influence(columns, own, evaluate=asked.plan.present_value)
    inputs = [
        InputWorth(key, *asked.told(key), each[key], swings[key], shares[key]) for key in columns if key in shares
    ]
    found = studies(pilot.spec, columns)
    exact = partial(columns, asked.value, {s.key: s.inputs for s in found}, random=asked.random("studies"))
    labels = _labels(asked, found, design_effect)
    best = best_count(labels) if labels else None
    pilots = _pilots(asked, found, exact)
    weighed = [_weighed(asked, s, exact[s.key], best, design_effect) for s in found if s.key != PILOT]
    if pilots:
        weighed.append(max(pilots, key=lambda w: w.net))
    choice, chance_wrong = _chosen(asked.value)
    return RoiInformation(
        choice=("", *models)[choice], chance_wrong=chance_wrong, perfect=perfect(asked.value),
        inputs=tuple(sorted(inputs, key=lambda i: (-i.worth.worth * i.worth.is_clear, -i.swing.width))),
        studies=tuple(sorted(weighed, key=lambda w: -w.net)), labels=labels, best_labels=best, pilot=pilots,
        depends=tuple((asked.told(a)[0], asked.told(b)[0]) for a, b in dependent(columns)),
        currency=pilot.spec.currency, ways=tuple(models),
    )  # fmt: skip


class _Asked:
    """The question: the value of the ways to go, and how its inputs are called."""

    def __init__(self, pilot: Pilot, models: Mapping[str, ValueModel], rows: tuple[RoiInput, ...]) -> None:
        self.seed, self.models = pilot.spec.seed, tuple(models.values())
        self.plan, self.rows = self.models[0], {row.key: row for row in rows}
        self.value = self.later(0.0)
        self.columns = measurable(self.plan.columns)
        self.beside = parts(self.columns.values(), self.value)

    def later(self, months: float) -> np.ndarray:
        """Present value of each way when all of it begins so many months later, (ways, replicates, draws)."""
        begun = [m.with_columns(start=m.columns.get("start", np.zeros(())) + months) if months else m
                 for m in self.models]  # fmt: skip
        return np.stack([np.broadcast_to(m.present_value(), self.plan.shape) for m in begun])

    def random(self, *names: str) -> np.random.Generator:
        return generator(self.seed, "roi", "information", *names)

    def told(self, key: str) -> tuple[str, str, Grade]:
        """Label, unit and grade of an input; what is on no row comes from the planned load."""
        row = self.rows.get(key)
        return (row.label, row.unit, row.grade) if row else (*named(key), Grade.ESTIMATED)


def _chosen(value: np.ndarray) -> tuple[int, float]:
    """Place of the choice that is best on average, 0 for stopping, and the share of draws with a better one."""
    choices = np.concatenate([np.zeros((1, *value.shape[1:])), value])
    best = int(np.argmax(choices.mean(axis=(1, 2))))
    return best, float(np.mean(choices.max(axis=0) > choices[best]))


def _labels(asked: _Asked, found: tuple[Study, ...], design_effect: float) -> tuple[LabelsWorth, ...]:
    each = next((s.cost for s in found if s.key == LABELS), None)
    if each is None or "accuracy" not in asked.columns:
        return ()
    counts = policy.value("information_label_counts")
    accuracy = asked.columns["accuracy"]
    worths = labels_worth(accuracy, asked.value, counts, design_effect=design_effect, beside=asked.beside)
    return tuple(LabelsWorth(n, worth, n * each) for n, worth in zip(counts, worths, strict=True))


def _weighed(
    asked: _Asked, study: Study, exact: Worth, best: int | None,
    design_effect: float,
) -> StudyWorth:  # fmt: skip
    size, effect = 1, 1.0
    if study.key == LABELS:
        counts = policy.value("information_label_counts")
        size, effect = best or counts[len(counts) // 2], design_effect
    random = asked.random("shown", study.key)
    seen = shown(study, asked.columns, random, size=size, design_effect=effect)
    worth = study_worth(seen, asked.value, random=random, beside=asked.beside) if exact.worth else exact
    return StudyWorth(study, size, exact, worth, size * study.cost)


def _pilots(asked: _Asked, found: tuple[Study, ...], exact: Mapping[str, Worth]) -> tuple[StudyWorth, ...]:
    """The pilot by more weeks; launching later loses what those weeks would have brought."""
    study = next((s for s in found if s.key == PILOT), None)
    if study is None:
        return ()
    weighed = []
    for weeks in policy.value("information_pilot_weeks"):
        random = asked.random("shown", PILOT, str(weeks))
        seen = shown(study, asked.columns, random, size=weeks)
        later = asked.later(weeks * MONTHS_PER_YEAR / _WEEKS_PER_YEAR)
        beside = parts(asked.columns.values(), later)
        worth = study_worth(seen, later, value_now=asked.value, random=random, beside=beside)
        weighed.append(StudyWorth(study, weeks, exact[PILOT], worth, weeks * study.cost))
    return tuple(weighed)
