"""The document on scoring is true: its commands run as they stand, and the figures in it are the policy's."""

import re
import shutil

import pytest
from test_docs import shell

from flightready import policy


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "scoring.md").read_text(encoding="utf-8")


def test_the_commands_run_and_end_as_the_page_says(page, root, tmp_path):
    shutil.copytree(root / "sample_data" / "support_triage", tmp_path / "sample_data" / "support_triage")
    commands = re.findall(r"```sh\n(.*?)```", page, flags=re.S)[0].splitlines()
    done = [shell(c, tmp_path) for c in commands]
    assert [d.returncode for d in done] == [3, 3, 3], done[0].stderr
    assert (tmp_path / "sample_data" / "support_triage" / "accepted_score.json").is_file()
    assert "## Score: SAME as the accepted score" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_a_build_may_let_pass_what_cannot_be_told(page, tmp_path):
    """A pilot without labels cannot be told (4), which the page's line turns into 0; a damaged score (2) stays an error."""
    command = re.findall(r"```sh\n(.*?)```", page, flags=re.S)[1]
    (tmp_path / "pilot").mkdir()
    (tmp_path / "pilot" / "assessment.yaml").write_text("name: x\nevaluation: {labelled: 90 right of 100}\n")
    settings = {"FLIGHTREADY_STORE": str(tmp_path / "store")}
    assert shell("flightready score pilot", tmp_path, **settings).returncode == 4
    assert shell(command, tmp_path, **settings).returncode == 0
    (tmp_path / "pilot" / "accepted_score.json").write_text("{}")
    assert shell(command, tmp_path, **settings).returncode != 0


def test_its_figures_are_the_policys(page):
    assert f"within {100 * policy.value('score_margin'):.0f} points either way" in page
    assert f"fall of more than {100 * policy.value('largest_group_fall'):.0f} points" in page
    assert f"more than {100 * policy.value('most_records_gone'):.0f} %" in page.replace("\n", " ")
    assert f"last {policy.value('most_accepted_kept')} accepted scores" in page


def test_every_option_exists(page, root):
    shown = shell("flightready score --help", root, COLUMNS="200", NO_COLOR="1").stdout
    options = set(re.findall(r"`(--[\w-]+)", page))
    assert options >= {"--baseline", "--against-last", "--accept"}
    assert all(o in shown for o in options)
