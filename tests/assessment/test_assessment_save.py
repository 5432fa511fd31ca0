"""Saving keeps comments and order, and replaces the file whole or not at all."""

import os
import stat

import pytest

from flightready.assessment import load
from flightready.assessment.save import save, write_whole
from flightready.errors import InputError

TEXT = """\
# how we route tickets
name: Triage   # working title
workload:
  users_per_day: 80_000 to 120_000  # from the call centre
  peak_to_mean: 2.5
claims: {E1: yes}  # said in March
"""


def test_comments_order_and_spelling_stay(tmp_path):
    path = tmp_path / "assessment.yaml"
    path.write_text(TEXT)
    save(path, {"workload.peak_to_mean": "2 to 4", "latency.budget.p95": "2 s"})
    text = path.read_text()
    for kept in ("# how we route tickets", "# working title", "80_000 to 120_000  # from the call centre", "{E1: yes}"):
        assert kept in text
    spec = load(path).spec
    assert spec.workload.peak_to_mean.range90 == pytest.approx((2, 4))
    assert spec.latency.budget.p95.median == 2


def test_none_removes_a_key(tmp_path):
    path = tmp_path / "assessment.yaml"
    path.write_text(TEXT)
    save(path, {"workload.peak_to_mean": None})
    assert load(path).spec.workload.peak_to_mean is None


def test_a_broken_file_is_left_alone(tmp_path):
    path = tmp_path / "assessment.yaml"
    path.write_text("name: [\n")
    with pytest.raises(InputError):
        save(path, {"name": "x"})
    assert path.read_text() == "name: [\n"


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch):
    path = tmp_path / "assessment.yaml"
    path.write_text(TEXT)
    path.chmod(0o640)
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(InputError, match="disk full"):
        write_whole(path, "name: lost\n")
    assert path.read_text() == TEXT
    assert [p.name for p in tmp_path.iterdir()] == ["assessment.yaml"]
    monkeypatch.undo()
    write_whole(path, "name: new\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("item", ["- file: a.csv", "  - file: a.csv", "    - file: a.csv"])
def test_lists_stay_as_far_in_as_they_were_written(tmp_path, item):
    path = tmp_path / "assessment.yaml"
    text = f"name: x\ndata:\n  production:\n  {item}\n"
    path.write_text(text)
    save(path, {"cost.price_file": "prices.yaml"})
    assert path.read_text() == f"{text}cost:\n  price_file: prices.yaml\n"


def test_a_link_stays_and_what_is_no_file_is_left_alone(tmp_path):
    (tmp_path / "shared.yaml").write_text("old")
    (tmp_path / "link.yaml").symlink_to("shared.yaml")
    write_whole(tmp_path / "link.yaml", "new")
    assert (tmp_path / "link.yaml").is_symlink() and (tmp_path / "shared.yaml").read_text() == "new"
    os.mkfifo(tmp_path / "pipe")  # a rename onto a device would take its place
    for name, message in (("pipe", "not a file"), ("", "not a file"), ("absent/a.yaml", "No such file or directory")):
        with pytest.raises(InputError, match=message):
            write_whole(tmp_path / name, "x")
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("body", [
    "  usage: calls.jsonl  # guessed\n", "  usage: calls.jsonl\n  # its own remark\n",
    "  running:\n    monitoring: 600 USD per month\n", "  options:\n    - {name: a, tier: batch}\n",
])  # fmt: skip
def test_a_key_stands_in_its_section_and_before_comments_on_what_follows(tmp_path, body):
    """A lead removes the '#' of the proposals at the end, and the key must not become one of theirs."""
    path = tmp_path / "assessment.yaml"
    path.write_text(f"name: A\ncost:\n{body}\n# Remove the '#'\n# roi:\n#   horizon: 12 months\n")
    save(path, {"cost.price_file": "prices.yaml"})
    text = path.read_text()
    assert text == (
        f"name: A\ncost:\n{body}  price_file: prices.yaml\n\n# Remove the '#'\n# roi:\n#   horizon: 12 months\n"
    )
    path.write_text(text.replace("# roi", "roi").replace("#   h", "  h"))
    assert load(path).spec.cost.price_file == "prices.yaml"
