"""Small pilots on disk: an assessment, and traces as OTLP JSON."""

from functools import cached_property
from types import SimpleNamespace

import pytest
from latency_spans import otlp

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.latency.budget import analyse
from flightready.latency.resilience import analyse as analyse_resilience
from flightready.traffic.analysis import analyse as analyse_traffic
from flightready.traffic.demand import plan


class Held(SimpleNamespace):
    """The results of a pilot, as a study would hold them."""

    @cached_property
    def drills(self):
        return analyse_resilience(self.pilot, self.joint, self.demand, self.latency)


@pytest.fixture
def run(tmp_path):
    """Write an assessment (and traces) and return what the analysis makes of it, as a study would hold it."""

    def analysed(text, *, spans=None, usage=None, seed=7):
        (tmp_path / "assessment.yaml").write_text(f"name: pilot\nseed: {seed}\n{text}")
        if spans is not None:
            (tmp_path / "spans.jsonl").write_text(otlp(spans))
        pilot = load(tmp_path)
        joint = JointSample(pilot.spec.seed, replicates=4, draws=256)
        demand = plan(pilot, joint)
        result = analyse(pilot, joint, demand, usage=usage)
        traffic = analyse_traffic(pilot, joint, demand, usage=usage)
        study = Held(
            pilot=pilot, joint=joint, demand=demand, latency=result, traffic=traffic, what_ifs={}
        )  # fmt: skip
        study.baseline = study
        return study

    return analysed
