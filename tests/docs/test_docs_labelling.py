"""The page on labelling is true: its commands run as they stand, in the order of the page, and its figures are ours."""

import re

import pytest
from labelling_samples import fill, pilot_in, right
from test_docs import shell

from flightready import policy
from flightready.assessment import load
from flightready.study import open_study


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "labelling.md").read_text(encoding="utf-8")


def test_the_commands_run_as_they_stand(page, tmp_path):
    (tmp_path / "my_pilot").mkdir()
    place = pilot_in(tmp_path / "my_pilot", 300) / "labelling"
    draw, second, merge = re.findall(r"```sh\n(.*?)```", page, flags=re.S)
    for command, sheet, kind in ((draw, "first.xlsx", "first"), (second, "second.xlsx", "second")):
        done = shell(command, tmp_path, FLIGHTREADY_STORE=str(tmp_path / "store"))
        assert done.returncode == 0, done.stderr
        fill(place / sheet, right, kind)
    done = shell(merge, tmp_path, FLIGHTREADY_STORE=str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    assert load(tmp_path / "my_pilot").spec.evaluation.labels == "labelling/labels.csv"
    assert {"first.xlsx", "second.xlsx", "labels.csv", "labelling.manifest.yaml"} <= {p.name for p in place.iterdir()}


def test_its_figures_are_those_of_the_program(page, support_triage):
    assert f"--n {policy.value('default_label_rows')}" in page
    assert f"fewer than {policy.value('least_second_labels')} records" in page
    assert str(policy.value("good_agreement")) in page and f"{policy.value('tentative_agreement'):.2f}" in page
    found = open_study(support_triage).evaluation.estimate
    said = f"it says {100 * found.calibrated.value:.0f} % where labels\n  say {100 * found.measured:.0f} %"
    assert said in page


def test_links_of_the_page_resolve(page, root):
    targets = re.findall(r"\]\(([^)#]+)", page)
    assert [t for t in targets if "://" not in t and not (root / "docs" / t).exists()] == []
    assert "docs/labelling.md" in (root / "README.md").read_text(encoding="utf-8")
