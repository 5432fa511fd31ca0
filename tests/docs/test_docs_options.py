"""The document on options is true: its example loads, every way in it has a price, and its figures are the policy's."""

import re

import pytest

from flightready import policy
from flightready.assessment.options import KIND_NAMES
from flightready.study import open_study


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "options.md").read_text(encoding="utf-8")


def test_every_way_of_the_example_is_priced_without_reserve(page, tmp_path):
    (tmp_path / "assessment.yaml").write_text(re.search(r"```yaml\n(.*?)```", page, flags=re.S)[1])
    result = open_study(tmp_path, as_of="2026-11-01").options
    assert [o.kind for o in result.options] == ["pilot", "self_hosted", "edge", "buy", "build"]
    assert all(o.monthly is not None for o in result.options)
    assert sum(result.comparison.chances.values()) == pytest.approx(1)
    told = {o.name: " ".join(o.notes) for o in result.options}
    assert "not stated: people and services (running)" in told["Tablets in the branches"]
    assert "Not counted" not in told["Own machines"]


def test_it_names_every_kind_and_the_policys_figures(page):
    assert all(f"`{kind}`" in page for kind in KIND_NAMES)
    assert f"{policy.value('option_least_replicas')} when it is left out" in page
    assert f"x {policy.value('hours_per_month')} hours" in page
    assert policy.value("option_crossing_reach") == 100 and "a hundred times the planned users" in page
