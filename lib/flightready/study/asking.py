"""Calling the pilot of a study: the only place that does, for the command line that was told `--run-pilot`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flightready.assessment import Pilot
from flightready.calling.answers import Answers, Record
from flightready.calling.asking import Progress, Run, ask, unanswered
from flightready.calling.cache import AnswerCache
from flightready.calling.clock import Clock, WallClock
from flightready.calling.pilot import channel, pilot_digest
from flightready.calling.terms import Bounds, Destination, bounds, destination, most_calls
from flightready.errors import InputError
from flightready.study.store import Store

if TYPE_CHECKING:
    from flightready.study import Study


@dataclass(frozen=True)
class Errand:
    """Calls that are to be made, for a reader to see before the first of them.

    Parameters
    ----------
    pilot : Pilot
    to : Destination
    named_at : str
        Place in the assessment that names it.
    inputs : tuple of str
        Columns that every call sends.
    records : tuple of Record
        All questions of the plan, those that are answered included.
    calls, known : int
        Calls to be made, and questions whose answer is kept.
    bounds : Bounds
    folder : Path
        Where answers are kept.
    """

    pilot: Pilot
    to: Destination
    named_at: str
    inputs: tuple[str, ...]
    records: tuple[Record, ...]
    calls: int
    known: int
    bounds: Bounds
    folder: Path

    def run(self, *, tell: Callable[[Progress], None] = lambda progress: None, clock: Clock | None = None) -> Run:
        """Make the calls; answers are kept as they come, and a run that stops is gone on with by the next."""
        clock = clock or WallClock()
        way = channel(self.pilot, clock=clock)
        cache = AnswerCache(self.folder, pilot_digest(self.pilot))
        return ask(self.records, channel=way, cache=cache, bounds=self.bounds, clock=clock, tell=tell)


def errand(study: Study) -> Errand:
    """Return the calls that a study still needs; nothing is called.

    Raises
    ------
    InputError
        When the assessment does not say how the pilot is called, or there is nothing to ask it.
    """
    from flightready.evaluation.attribution import tried  # only a run that calls the pilot needs them
    from flightready.evaluation.attribution.trials import input_columns, plan
    from flightready.evaluation.scored_sample import scored_sample

    pilot = study.baseline.pilot
    digest = pilot_digest(pilot)  # says so when there is no pilot to call
    spec = pilot.spec.pilot
    sample = scored_sample(pilot, study.baseline.inspection)
    tried.refuse_unknown_inputs(sample)
    if why := tried.why_not(sample):
        cure = "run it without --run-pilot"
        if tried.lacks_records(sample):
            cure = ("give raw records right answers (data.columns.label) and the pilot's recorded answers "
                    "(data.columns.prediction), and a demo set both too, for defects to be put into it; "
                    f"or {cure}")  # fmt: skip
        raise InputError(f"there is nothing to ask the pilot: {why}", where=pilot.where("pilot"), cure=cure)
    records = tuple(plan(sample, most_calls=most_calls(spec)).records())
    folder = _folder(study.store)
    to_ask, known = unanswered(records, AnswerCache(folder, digest))
    way = next(w for w in ("function", "command", "url") if getattr(spec, w))
    return Errand(pilot, destination(spec), pilot.where("pilot", way), input_columns(sample), records, len(to_ask),
                  known, bounds(spec), folder)  # fmt: skip


def kept_answers(pilot: Pilot, store: Store) -> Answers | None:
    """Return what earlier runs have kept of a pilot's answers; None when nothing is."""
    if pilot.spec.pilot is None:
        return None
    try:
        answers = AnswerCache(_folder(store), pilot_digest(pilot)).answers()
    except InputError:  # told by the run that wants to call it; without its file its answers are not known
        return None
    return answers if len(answers) else None


def _folder(store: Store) -> Path:
    return store.folder / "answers"
