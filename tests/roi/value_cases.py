"""Certain cases of the value model that are computed by hand."""

from types import SimpleNamespace

import numpy as np

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.evidence import Grade
from flightready.roi.inputs import gather
from flightready.roi.model import ValueModel
from flightready.traffic.demand import plan

HEAD = """\
name: Certain
workload: {users_per_day: 1000, requests_per_user: 1, growth_per_month: 0%}
roi:
  horizon: 12 months
  discount_rate: 0%
  build_cost: 0 USD
  operations: 0 USD per month
  estimates: {adoption: 100%, ramp: 0.001 months, delay: 0 months, realisation: 100%, review_share: 0%, accuracy: 100%,
              cost_per_request: 0 USD, review_cost: 0 USD}
"""
"""Nothing costs anything, nothing is worth anything: a test adds what it is about."""

CASES_A_MONTH = 1000 * 365.25 / 12

NOTHING = SimpleNamespace(
    grade=Grade.MEASURED, raw_accuracy_replicates=None, curated_accuracy_replicates=None, per_request_usd=None,
    running=None, in_time_share=None, pilot_in_time_share=None,
)  # fmt: skip


def certain(*lines, **changes):
    """Return the text of the case with lines added under `roi`, and its own lines changed."""
    text = HEAD
    for old, new in changes.items():
        key = {"horizon": "12 months", "rate": "0%\n  build", "delay": "delay: 0 months"}[old]
        text = text.replace(key, new if old != "rate" else f"{new}\n  build")
    return text + "".join(f"  {line}\n" for line in lines)


def model_of(tmp_path, text, *, found=NOTHING, measured=None):
    """Return the value model of an assessment."""
    (tmp_path / "assessment.yaml").write_text(text)
    pilot, joint = load(tmp_path), JointSample(7)
    demand = plan(pilot, joint)
    return ValueModel(gather(pilot, joint, demand, found, found, found, measured=measured), demand)


def value(tmp_path, text, **given):
    """Return the present value of a case in which every draw is the same."""
    draws = model_of(tmp_path, text, **given).present_value()
    assert np.ptp(draws) == 0 or np.ptp(draws) < 1e-9 * np.abs(draws).max()
    return float(draws.mean())
