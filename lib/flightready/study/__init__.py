"""Study: one assessment tied to its analyses; each is computed once for the same inputs and kept in the store.

An analysis sees only the sections of the assessment that it depends on, so a change elsewhere never reaches it and
its stored result stays valid.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flightready import policy
from flightready.assessment import Assessment, Pilot, file_digest, load
from flightready.assessment.roi import CORRELATED
from flightready.calling.answers import Answers
from flightready.cost.spend import CostResult
from flightready.cost.spend import analyse as analyse_cost
from flightready.draws import Correlation, JointSample
from flightready.errors import InputError
from flightready.evidence import Absence, Finding
from flightready.latency.budget import analyse as analyse_latency
from flightready.latency.resilience import Resilience
from flightready.latency.resilience import analyse as analyse_resilience
from flightready.latency.result import LatencyResult
from flightready.options.analysis import analyse as analyse_options
from flightready.options.policy_search import PolicySearch
from flightready.options.policy_search import analyse as analyse_policy
from flightready.options.result import OptionsResult
from flightready.readiness import declared
from flightready.readiness.verdict import Review, review
from flightready.realism.analysis import RealismResult
from flightready.realism.analysis import analyse as analyse_realism
from flightready.realism.inspection import Inspection, inspected
from flightready.realism.population.result import PopulationProfile
from flightready.realism.sources import Sample, read_sample
from flightready.roi.analysis import analyse as analyse_roi
from flightready.roi.projection import RoiResult
from flightready.study.asking import kept_answers
from flightready.study.populations import population_key, read_population
from flightready.study.store import Store, default_folder
from flightready.study.what_if import WHAT_IFS, applied, given
from flightready.telemetry.reading import UsageLog, usage_of
from flightready.traffic.analysis import TrafficResult
from flightready.traffic.analysis import analyse as analyse_traffic
from flightready.traffic.demand import Demand, plan
from flightready.traffic.profile import LoadProfile, load_profile

if TYPE_CHECKING:  # it is many modules, loaded when it is computed
    from flightready.evaluation.result import EvaluationResult

_ALWAYS = ("name", "currency", "seed", "phase", "system")
_PACKAGE = Path(__file__).parents[1]
_ANALYSES = ("realism", "evaluation", "cost", "traffic", "latency", "drills", "roi")


def open_study(
    assessment: str | Path, *, as_of: str | dt.date = "", store: Store | None = None, **what_ifs: Any
) -> Study:
    """Open the study of one pilot.

    Parameters
    ----------
    assessment : str or Path
        Folder with an assessment.yaml, or such a file; found from the current folder, the project root, or the folder
        that holds this package.
    as_of : str or date, optional
        The day that decides expiry and freshness; by default the assessment's own, else today.
    what_ifs
        Values to try in place of the assessment's; zero or empty text means 'as in the assessment'.

    Raises
    ------
    InputError
        When the assessment or a what-if is wrong.
    """
    pilot = load(assessment, starts=[p for p in (project_root(),) if p])
    day = _day(as_of) or pilot.spec.as_of or dt.date.today()
    changes = given(what_ifs)
    return Study(pilot, day, store or Store(default_folder(project_root())), changes)


def project_root() -> Path | None:
    """Return the folder that holds pyproject.toml and notebooks/ around this package; None when installed alone."""
    root = _PACKAGE.parents[1]
    return root if (root / "notebooks").is_dir() else None


class Study:
    """One pilot and its results.

    Parameters
    ----------
    pilot : Pilot
        The assessment as it stands.
    as_of : date
        The day that decides expiry and freshness.
    store : Store
        Where results are kept.
    what_ifs : mapping
        Values to try; every result but the readiness review uses them.
    """

    def __init__(self, pilot: Pilot, as_of: dt.date, store: Store, what_ifs: Mapping[str, Any]) -> None:
        self.as_of, self.store, self.what_ifs = as_of, store, dict(what_ifs)
        self.baseline = self if not what_ifs else Study(pilot, as_of, store, {})
        self.pilot = applied(pilot, what_ifs)

    def what_if(self, **changes: Any) -> Study:
        """Return this study with further values to try."""
        return Study(self.baseline.pilot, self.as_of, self.store, {**self.what_ifs, **given(changes)})

    @cached_property
    def sample(self) -> Sample:
        """The records of the pilot, read once; they stay in memory and are never stored."""
        return read_sample(self.pilot)

    @cached_property
    def inspection(self) -> Inspection:
        """The records prepared for the detectors, which several analyses share; they are never stored."""
        return inspected(self.pilot, self.sample, as_of=self.as_of)

    @cached_property
    def population(self) -> PopulationProfile | None:
        """What the whole population is like, as its engine counts it; None when the assessment names none."""
        if self.pilot.spec.data.population is None:
            return None
        kept = self.store.get(population_key(self.pilot, self.as_of, code_digest()))
        return kept or self.population_again()

    def population_again(self, *, exact: bool = False) -> PopulationProfile:
        """Look at the population anew, and keep what is found; it may have changed behind a connection.

        Parameters
        ----------
        exact : bool
            Count different values and quantiles exactly, which takes longer.
        """
        found = read_population(self.pilot, self.as_of, exact=exact)
        self.store.replace(population_key(self.pilot, self.as_of, code_digest()), found)
        self.__dict__["population"] = found
        return found

    @cached_property
    def usage(self) -> UsageLog | None:
        """The usage log or export, read once; None when the assessment names none."""
        return usage_of(self.pilot)

    @cached_property
    def joint(self) -> JointSample:
        """The joint sample of this pilot."""
        declared_pairs = self.pilot.spec.roi.correlations
        pairs = tuple(Correlation(*(CORRELATED[name] for name in c.between), c.rank) for c in declared_pairs)
        return JointSample(self.pilot.spec.seed, pairs)

    @cached_property
    def demand(self) -> Demand | None:
        """The planned load, or None."""
        is_planned = self.pilot.spec.workload.users_per_day is not None
        return plan(self.pilot, self.joint, self.profile) if is_planned else None

    @cached_property
    def profile(self) -> LoadProfile | None:
        """When the pilot's requests came, as far as its log shows; None without one, or without times."""
        if not self.pilot.spec.cost.usage_files:
            return None
        return self._kept("profile", lambda p: load_profile(p, self.usage))

    @cached_property
    def realism(self) -> RealismResult:
        """What is broken and different in raw data."""
        return self._kept("realism", lambda p: analyse_realism(p, self.inspection))

    @cached_property
    def evaluation(self) -> EvaluationResult:
        """What the model is worth on raw data."""
        load = self.demand.requests_per_month if self.demand is not None else None

        def compute(pilot: Pilot) -> EvaluationResult:
            from flightready.evaluation.analysis import analyse

            return analyse(pilot, self.inspection, requests_per_month=load, answers=self.answers)

        return self._kept("evaluation", compute)

    @cached_property
    def answers(self) -> Answers | None:
        """What the pilot answered in runs with `--run-pilot`, None without any; it is not called here."""
        return kept_answers(self.pilot, self.store)

    @cached_property
    def cost(self) -> CostResult:
        """What it costs at scale."""
        return self._kept("cost", lambda p: analyse_cost(
            p, self.joint, self.demand, usage=self.usage, evaluation=self._evaluation_at_any_load,
            as_of=self.as_of,
        ))  # fmt: skip

    @property
    def _evaluation_at_any_load(self) -> EvaluationResult:
        """The evaluation without changes of the load: it takes long, and nobody reads of it what a load moves."""
        kept = {name: value for name, value in self.what_ifs.items() if WHAT_IFS[name].place[0] != "workload"}
        if kept == self.what_ifs:
            return self.evaluation
        return (Study(self.baseline.pilot, self.as_of, self.store, kept) if kept else self.baseline).evaluation

    @cached_property
    def traffic(self) -> TrafficResult:
        """What the planned load makes of the rate limits."""
        return self._kept("traffic", lambda p: analyse_traffic(p, self.joint, self.demand, usage=self.usage))

    @cached_property
    def latency(self) -> LatencyResult:
        """How long it takes, now and under load."""
        return self._kept("latency", lambda p: analyse_latency(p, self.joint, self.demand, usage=self.usage))

    @cached_property
    def drills(self) -> Resilience:
        """What it withstands: fault drills at the planned peak, who takes over, and its availability."""
        return self._kept("drills", lambda p: analyse_resilience(p, self.joint, self.demand, self.latency))

    @cached_property
    def options(self) -> OptionsResult:
        """Other ways to answer, side by side with the pilot's own on the same draws."""
        return self._kept("options", lambda p: analyse_options(
            p, self.joint, self.demand, self.cost, as_of=self.as_of, evaluation=self._evaluation_at_any_load,
            latency=self.latency, usage=self.usage,
        ))  # fmt: skip

    @cached_property
    def policy(self) -> PolicySearch:
        """The cheapest policy that keeps the latency budget at the planned peak."""
        return self._kept("policy", lambda p: analyse_policy(
            p, self.joint, self.demand, latency=self.latency, cost=self.cost, usage=self.usage,
            options=self.options if p.spec.latency.search.models else None,
        ))  # fmt: skip

    @cached_property
    def roi(self) -> RoiResult:
        """What it is worth."""
        return self._kept("roi", lambda p: analyse_roi(
            p, self.joint, self.demand, evaluation=self._evaluation_at_any_load, cost=self.cost, latency=self.latency,
            options=self.options if any(o.answers_with for o in p.spec.roi.options) else None,
        ))  # fmt: skip

    @cached_property
    def readiness(self) -> Review:
        """The review for the assessment's own phase; what-ifs never change it."""
        return self.review_for("")

    def review_for(self, phase: str) -> Review:
        """Return the review of the same evidence for a phase; for the assessment's own when empty."""
        base = self.baseline
        return review(base.pilot, base.findings, as_of=base.as_of, phase=phase)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of every analysis, in the order of the notebooks."""
        dated = (
            replace(f, collected=f.collected or self._collected(name))
            for name in _ANALYSES for f in getattr(self, name).findings
        )  # fmt: skip
        return (*dated, *declared.findings(self.pilot))

    def _collected(self, analysis: str) -> dt.date | None:
        """Last day of the data behind an analysis, where its data says one."""
        if analysis in ("realism", "evaluation"):
            sampling, coverage = self.pilot.spec.data.sampling, self.realism.coverage
            drawn = sampling.drawn if sampling else None
            return drawn or (coverage.last if coverage else None)
        if analysis in ("latency", "drills"):
            return self.latency.last_day
        basis = self.cost.basis
        return basis.spent.last if analysis in ("cost", "traffic") and basis and basis.spent else None

    @property
    def absences(self) -> tuple[Absence, ...]:
        """Everything that is missing, each once."""
        found: dict[str, Absence] = {}
        for result in (*(getattr(self, name) for name in _ANALYSES), self.readiness):
            found |= {a.key: a for a in result.absences}
        return tuple(found.values())

    @cached_property
    def input_digests(self) -> dict[str, tuple[str, int]]:
        """SHA-256 and size in bytes of every input file that is there, the assessment and what it extends included."""
        files = {p.name: p for p in self.pilot.chain} | self.pilot.input_files()
        return {name: (file_digest(p), p.stat().st_size) for name, p in files.items() if p.is_file()}

    def _kept(self, analysis: str, compute: Callable[[Pilot], Any]) -> Any:
        sections = SECTIONS[analysis]
        narrowed = _narrowed(self.pilot, sections)
        key = f"{analysis}-{self._key(analysis, narrowed)}"
        result = self.store.get(key)
        if result is None:
            result = compute(narrowed)
            self.store.put(key, result)
        return result

    def _key(self, analysis: str, narrowed: Pilot) -> str:
        files = sorted((name, file_digest(p)) for name, p in narrowed.input_files().items() if p.is_file())
        moving = repr(self.pilot.spec.roi.correlations)  # they change the draws that every analysis shares
        parts = [analysis, code_digest(), policy.digest(), repr(narrowed.spec), moving, repr(files), str(self.as_of)]
        if analysis == "evaluation" and self.answers is not None:
            parts.append(self.answers.digest)
        if analysis == "evaluation" and self.demand is not None:  # the log may have given a part of the load
            parts.append(hashlib.sha256(self.demand.requests_per_month.tobytes()).hexdigest())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


SECTIONS: Mapping[str, tuple[str, ...]] = {
    "realism": ("data",),
    "profile": ("cost",),
    "evaluation": ("data", "evaluation", "workload", "pilot"),
    "cost": ("cost", "workload", "data", "evaluation", "pilot", "roi.estimates"),
    "traffic": ("cost", "workload", "latency"),
    "latency": ("latency", "workload", "cost"),
    "drills": ("latency", "workload", "cost", "evaluation.review"),
    "options": ("cost", "workload", "data", "evaluation", "latency", "pilot", "roi.estimates"),
    "policy": ("cost", "workload", "data", "evaluation", "latency", "pilot", "roi.estimates"),
    "roi": ("data", "evaluation", "cost", "latency", "workload", "roi", "outcome", "pilot_results"),
}
"""Sections of the assessment, or one part of a section, that each analysis depends on, those of the results it reads
included.
"""


def _narrowed(pilot: Pilot, sections: tuple[str, ...]) -> Pilot:
    """Return the pilot with every other section as if it were not written."""
    blank = Assessment(name=pilot.spec.name)
    whole = (*_ALWAYS, *(name for name in sections if "." not in name))
    kept = {name: getattr(pilot.spec, name) for name in whole}
    for section, part in (name.split(".") for name in sections if "." in name):
        only = {part: getattr(getattr(pilot.spec, section), part)}
        kept[section] = getattr(blank, section).model_copy(update=only)
    return Pilot(blank.model_copy(update=kept), pilot.path, pilot.places, pilot.chain)


@cache
def code_digest() -> str:
    """Return the SHA-256 of the package's own source, so that a change of code invalidates stored results."""
    sources = sorted(_PACKAGE.rglob("*.py"))
    return hashlib.sha256(b"\0".join(p.read_bytes() for p in sources)).hexdigest()


def _day(as_of: str | dt.date) -> dt.date | None:
    if isinstance(as_of, dt.date):
        return as_of
    try:
        return dt.date.fromisoformat(as_of) if as_of else None
    except ValueError:
        raise InputError(f"as_of '{as_of}' is not a date", valid="2026-10-15") from None
