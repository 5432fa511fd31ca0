"""Small pilots with a known bill."""

import json

import pytest
from cost_logs import response
from ruamel.yaml import YAML

from flightready.assessment import load
from flightready.cost.spend import analyse
from flightready.draws import JointSample
from flightready.traffic.demand import plan


@pytest.fixture
def pilot(tmp_path):
    """Make a pilot of cost and other sections, and its files by name: lists of records are JSON lines, text is text."""

    def make(cost=None, files=None, **sections):
        for name, content in (files or {}).items():
            text = content if isinstance(content, str) else "".join(json.dumps(r) + "\n" for r in content)
            (tmp_path / name).write_text(text)
        with (tmp_path / "assessment.yaml").open("w") as stream:
            YAML().dump({"name": "Test pilot", **({"cost": cost} if cost else {}), **sections}, stream)
        return load(tmp_path)

    return make


@pytest.fixture
def analysed(pilot):
    """Make a pilot and return its cost analysis."""

    def run(*args, **kwargs):
        made = pilot(*args, **kwargs)
        joint = JointSample(made.spec.seed)
        return analyse(made, joint, plan(made, joint))

    return run


@pytest.fixture
def fortnight():
    """A log of 14 days, 40 tickets a day, of which one in ten needs a second attempt: 0.0028 USD a call."""
    records = []
    for day in range(14):
        for n in range(40):
            retried = n % 10 == 0
            if retried:
                records.append(response(day, n, ticket=f"T{day}-{n}", status="incomplete"))
            records.append(response(day, n, ticket=f"T{day}-{n}", attempt=1 + retried))
    return records
