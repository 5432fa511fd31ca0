"""Sentences about phases, gates, other ways to go and streams of money."""

import pytest

from flightready import policy
from flightready.narrative import roi as value
from flightready.narrative import roi_plan as narrative
from flightready.pages import roi as pages
from flightready.study import open_study

HEAD = "name: N\nworkload: {users_per_day: 100, requests_per_user: 1}\n"


def study(tmp_path, text):
    (tmp_path / "assessment.yaml").write_text(HEAD + text)
    return open_study(tmp_path, as_of="2026-10-15")


FULL = """\
roi:
  benefits: [{name: Fewer fines, per_month: 9_000 USD per month}]
  build_cost: 1_000 USD
  phases: [{phase: pilot, length: 1 months, cost: 2_000 USD}, {phase: scale, length: 2 months}]
  options: [{name: Wait, kind: wait}]
"""


def test_gates_are_told_with_what_is_lost_and_where_the_chance_comes_from(tmp_path):
    result = study(tmp_path, FULL).roi
    told = narrative.stopped(result)
    assert told in value.answer(result) and "stopped at a gate before production" in told
    assert narrative.right_to_stop(result).startswith("1 gate ahead: pilot.")
    assert "the share of proofs of concept that reach production stands in" in narrative.right_to_stop(result)
    rows = [narrative.phase_row(p, "USD") for p in result.gates.phases]
    assert rows[0][4].endswith("(prior)") and rows[1][3:5] == ("none stated", "no gate")


def test_no_phases_are_said_to_be_none(tmp_path):
    result = study(tmp_path, "roi: {benefit_per_case: 9 USD}\n").roi
    assert narrative.stopped(result) == ""
    assert "a pilot that does get to production" in narrative.right_to_stop(result)
    assert "No other way to go is stated" in narrative.alternatives_sentence(result)


def test_where_every_way_loses_money_that_is_said(tmp_path):
    result = study(tmp_path, FULL.replace("9_000", "9")).roi
    assert narrative.alternatives_sentence(result).endswith("not going on is better than any of them.")


def test_streams_name_the_largest_on_both_sides(tmp_path):
    result = study(tmp_path, FULL).roi
    assert "largest benefit is 'Fewer fines'" in narrative.streams_sentence(result)
    assert sum(s.value.mean for s in result.streams) == pytest.approx(result.npv.mean)


def test_tables_have_a_cell_for_each_heading_and_pages_survive_nothing(tmp_path):
    full = study(tmp_path, FULL)
    for page in (pages.phases, pages.alternatives, pages.streams):
        table = page(full)
        assert all(len(row) == len(table.head) for row in table.rows) and table.rows
    (tmp_path / "idea").mkdir()
    empty = study(tmp_path / "idea", "")
    for page in (pages.phases, pages.meaning_phases, pages.alternatives, pages.meaning_alternatives, pages.streams,
                 pages.meaning_streams):  # fmt: skip
        assert "nan" not in str(page(empty))


def test_no_word_of_the_trade(tmp_path):
    result = study(tmp_path, FULL).roi
    told = " ".join(
        [narrative.right_to_stop(result), narrative.alternatives_sentence(result), narrative.stopped(result)]
    )
    assert not [word for word in policy.read("words.yaml")["never"] if word in told]
