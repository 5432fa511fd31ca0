"""The table of results: every way to write it, what looks odd, the findings, and bad input."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from flightready.assessment import load
from flightready.assessment.roi import Benefit
from flightready.draws import JointSample
from flightready.errors import InputError
from flightready.evidence import Grade, Interval, State
from flightready.roi.pilot_effects import ArmRate, for_benefit, measured_columns
from flightready.roi.pilot_results import analyse
from flightready.roi.results_findings import findings
from flightready.study import open_study

OUTCOME = "outcome: {statement: 4.2 to 2.8 minutes, metric: routing time, baseline: 4.2 minutes, target: 2.8 minutes, deadline: 2027-09-30}\n"
HEAD = "arm,period,metric,n,value,sd\n"
GOOD = (
    HEAD
    + """\
pilot,2026-W33,routing time,400,3.3,2.1
today,2026-W33,routing time,410,4.2,2.6
pilot,2026-W34,routing time,420,3.2,2.0
today,2026-W34,routing time,405,4.1,2.5
"""
)


def pilot_of(tmp_path, table=GOOD, *, results="pilot_results: r.csv\n", outcome=OUTCOME, more="", name="r.csv"):
    (tmp_path / name).write_text(table, encoding="utf-8")
    (tmp_path / "assessment.yaml").write_text(f"name: T\n{outcome}{results}{more}", encoding="utf-8")
    return load(tmp_path)


def by_id(pilot):
    return {f.id: f for f in findings(pilot, analyse(pilot))}


def test_a_table_without_any_names_beside_it(tmp_path):
    found = analyse(pilot_of(tmp_path))
    assert (found.treated, found.control, found.design) == ("pilot", "today", "side_by_side")
    assert found.deciding.lower_is_better and found.deciding.unit == "minutes" and found.is_outcome
    assert found.deciding.whole.difference == pytest.approx(-0.9)
    assert found.deciding.better[0] == pytest.approx(0.9) and found.planned == pytest.approx(1.4)
    assert found.deciding.spread == pytest.approx(2.55 / 4.15, rel=0.01)
    assert str(found.last) == "2026-08-23" and "is taken for the arm" in found.told[0]


@pytest.mark.parametrize("kind", ["jsonl", "json", "parquet", "xlsx", "comma", "percent"])
def test_every_format_gives_the_same_effect(tmp_path, kind):
    rows = [dict(zip(HEAD.strip().split(","), line.split(","), strict=True)) for line in GOOD.splitlines()[1:]]
    pilot = pilot_of(tmp_path)
    frame = pd.DataFrame(rows).astype({"n": int, "value": float, "sd": float})
    path = tmp_path / "r.csv"
    if kind == "jsonl":
        path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    elif kind == "json":
        path.write_text(json.dumps(rows))
    elif kind == "parquet":
        frame.to_parquet(path)
    elif kind == "xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        assert openpyxl
        frame.to_excel(tmp_path / "r.xlsx", index=False)
        path.write_bytes((tmp_path / "r.xlsx").read_bytes())
    elif kind == "comma":
        path.write_text(GOOD.replace(",", ";").replace(".", ","))
    else:
        path.write_text(GOOD.replace("420,3.2", "420 ,3.2"))
    assert analyse(pilot).deciding.whole.difference == pytest.approx(-0.9)


def test_columns_of_other_names_and_without_period_and_metric(tmp_path):
    table = "branch;cases;average;std dev\nAI;400;3,3;2,1\nControl;410;4,2;2,6\n"
    found = analyse(pilot_of(tmp_path, table))
    assert (found.treated, found.control, found.deciding.metric) == ("AI", "Control", "routing time")
    assert any("one period only" in t for t in found.told)
    named = "pilot_results: {file: r.csv, treated: ai, control: control, columns: {value: average, n: cases, arm: branch, sd: std dev}}\n"
    again = analyse(pilot_of(tmp_path, table, results=named))
    assert again.deciding.whole.difference == found.deciding.whole.difference and len(again.told) == 1


def test_shares_need_no_standard_deviation(tmp_path):
    table = "arm,period,metric,n,value\npilot,1,solved,500,94 %\ntoday,1,solved,200,0.83\n"
    pilot = pilot_of(tmp_path, table, outcome="", results="pilot_results: {file: r.csv, lower_is_better: false}\n")
    found = analyse(pilot)
    assert found.deciding.is_share and found.deciding.better[0] == pytest.approx(0.11)
    assert found.split_p is None and any("different sizes" in t for t in found.told)
    assert by_id(pilot)["roi.outcome_moved"].state is State.PASS


BAD = {
    "a typed number": (GOOD.replace("410,4.2", "410,4.2x"), "line 3, column 'value'", "is not a number"),
    "no value": (GOOD.replace("410,4.2", "410,"), "line 3, column 'value'", "has no value"),
    "no n": (GOOD.replace("410,4.2", ",4.2"), "line 3, column 'n'", "has no n"),
    "half a case": (GOOD.replace("410,4.2", "410.5,4.2"), "line 3, column 'n'", "n is 410.5"),
    "fewer than none": (GOOD.replace("410,4.2", "-4,4.2"), "line 3, column 'n'", "n is -4"),
    "a negative spread": (GOOD.replace("4.2,2.6", "4.2,-2.6"), "line 3, column 'sd'", "is -2.6"),
    "one without a spread": (GOOD.replace("4.2,2.6", "4.2,"), "line 3, column 'sd'", "no standard deviation"),
    "a mean without a spread": ("arm,n,value\npilot,4,3.3\ntoday,4,4.2\n", "line 2", "neither a share nor a mean"),
    "one case": (GOOD.replace("410,4.2", "1,4.2"), "line 3", "one case has no standard deviation"),
    "twice": (GOOD + "today,2026-W34,routing time,405,4.1,2.5\n", "line 6", "are those of line 5"),
    "no arm": (GOOD.replace("today,2026-W33", ",2026-W33"), "line 3", "names no arm"),
    "one arm": ("\n".join(x for x in GOOD.splitlines() if "today" not in x), "r.csv", "holds one arm"),
    "unclear arms": (GOOD.replace("pilot", "x").replace("today", "y"), "pilot_results", "not clear which arm"),
    "a column less": (GOOD.replace("value", "valu"), "r.csv", "no column holds 'value'"),
    "a misspelt metric": (GOOD.replace("routing time", "routng time"), "outcome.metric", "is not in 'r.csv'"),
    "one arm has it": (GOOD.replace("today,2026-W33,routing time", "today,2026-W33,x").replace("today,2026-W34,routing time", "today,2026-W34,x"), "r.csv", "measured in one arm only"),
    "nothing counted": ("arm,n,value\npilot,0,\ntoday,0,\n", "line 2", "no row holds a result"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_tables_are_told_with_their_place(tmp_path, name):
    table, place, said = BAD[name]
    with pytest.raises(InputError) as error:
        analyse(pilot_of(tmp_path, table))
    assert place in str(error.value) and said in str(error.value)


def test_a_name_that_is_not_there_gets_the_nearest(tmp_path):
    for results, hint in (
        ("metric: routng time", "did you mean 'routing time'"),
        ("treated: pilt", "did you mean 'pilot'"),
    ):
        with pytest.raises(InputError) as error:
            analyse(pilot_of(tmp_path, results=f"pilot_results: {{file: r.csv, {results}}}\n"))
        assert hint in str(error.value).replace("Did", "did")
    with pytest.raises(InputError, match="did you mean 'value'|Did you mean 'value'"):
        analyse(pilot_of(tmp_path, results="pilot_results: {file: r.csv, columns: {value: valeu}}\n"))
    with pytest.raises(InputError, match="is not there"):
        analyse(pilot_of(tmp_path, results="pilot_results: other.csv\n"))


def test_without_an_outcome_the_first_metric_of_both_arms_decides_and_that_is_told(tmp_path):
    found = analyse(
        pilot_of(
            tmp_path, HEAD + "pilot,1,usage rate,40,0.7,\n" + "".join(GOOD.splitlines(keepends=True)[1:]), outcome=""
        )
    )
    assert found.deciding.metric == "routing time" and any("metric that decides" in t for t in found.told)


def test_rows_with_n_of_0_are_left_out_and_told(tmp_path):
    found = analyse(pilot_of(tmp_path, GOOD + "pilot,2026-W35,routing time,0,,\n"))
    assert found.deciding.whole.difference == pytest.approx(-0.9) and "1 row with n of 0 is left out" in found.told


def test_a_metric_in_another_unit_is_told_and_not_held_against_the_target(tmp_path):
    seconds = HEAD + "pilot,1,routing time,400,198,126\ntoday,1,routing time,410,252,156\n"
    found = analyse(pilot_of(tmp_path, seconds))
    assert found.planned is None and found.deciding.unit == "" and any("another unit" in t for t in found.told)
    stated = analyse(pilot_of(tmp_path, seconds.replace("routing time", "routing_time (s)")))
    assert stated.planned == pytest.approx(84) and stated.deciding.unit == "s" and stated.is_outcome


def test_a_control_arm_off_the_baseline_is_told(tmp_path):
    found = analyse(pilot_of(tmp_path, GOOD.replace("4.2,2.6", "5.4,2.6").replace("4.1,2.5", "5.3,2.5")))
    assert any("outcome states as its baseline" in t for t in found.told) and found.planned == pytest.approx(1.4)


def test_arms_of_odd_sizes_are_not_trusted(tmp_path):
    pilot = pilot_of(tmp_path, GOOD.replace("410", "610").replace("405", "490"))
    found = analyse(pilot)
    assert found.is_split_odd and found.split_planned == 0.5
    finding = by_id(pilot)["roi.outcome_moved"]
    assert finding.state is State.UNKNOWN and "other sizes" in finding.sentence
    planned = pilot_of(
        tmp_path, GOOD.replace("410", "610").replace("405", "490"), more="roi: {comparison: {treated_share: 43%}}\n"
    )
    assert not analyse(planned).is_split_odd


def test_before_and_after_is_weaker(tmp_path):
    table = (
        GOOD.replace("pilot", "after")
        .replace("today", "before")
        .replace("after,2026-W33", "after,2026-W35")
        .replace("after,2026-W34", "after,2026-W36")
    )
    pilot = pilot_of(tmp_path, table)
    found, finding = analyse(pilot), by_id(pilot)["roi.outcome_moved"]
    assert found.design == "before_after" and (found.treated, found.control) == ("after", "before")
    assert any("one after the other" in t for t in found.told) and found.split_p is None
    assert (finding.state, finding.grade) == (State.UNKNOWN, Grade.ESTIMATED) and "side by side" in finding.decides


def test_periods_in_one_arm_only_are_left_out(tmp_path):
    found = analyse(pilot_of(tmp_path, GOOD + "today,2026-W35,routing time,400,9.9,2.5\n"))
    assert found.deciding.whole.difference == pytest.approx(-0.9)
    assert "1 period with one arm only is left out" in found.told


@pytest.mark.parametrize(("value", "sd", "state"), [("3.3", "2.1", State.PASS), ("4.15", "2.6", State.UNKNOWN), ("4.9", "2.6", State.FAIL)])  # fmt: skip
def test_the_gate_of_the_pilot(tmp_path, value, sd, state):
    table = HEAD + f"pilot,1,routing time,400,{value},{sd}\ntoday,1,routing time,400,4.2,2.6\n"
    pilot = pilot_of(tmp_path, table)
    finding = by_id(pilot)["roi.outcome_moved"]
    assert (finding.state, finding.questions, finding.grade) == (state, ("KPI",), Grade.MEASURED)
    assert bool(finding.decides) == (state is State.UNKNOWN)
    assert by_id(pilot)["roi.metric_bound"].state is State.PASS


def test_the_cases_that_would_decide_do_decide(tmp_path):
    """Four in five studies of that size leave zero out of the interval, if the effect is as large as it looks."""
    table = HEAD + "pilot,1,routing time,400,4.0,2.6\ntoday,1,routing time,400,4.2,2.6\n"
    said = by_id(pilot_of(tmp_path, table))["roi.outcome_moved"].decides
    n = int(said.split()[1].replace(",", "")) // 2
    rng = np.random.default_rng(5)
    differences = rng.normal(0.2, 2.6 * np.sqrt(2 / n), 20_000)
    assert np.mean(differences > 1.645 * 2.6 * np.sqrt(2 / n)) == pytest.approx(0.8, abs=0.015)


def test_without_a_direction_nothing_passes(tmp_path):
    pilot = pilot_of(tmp_path, outcome="")
    finding = by_id(pilot)["roi.outcome_moved"]
    assert finding.state is State.UNKNOWN and "lower_is_better" in finding.decides
    assert "roi.metric_bound" not in by_id(pilot)


def test_a_metric_that_is_not_the_outcomes_fails_e1_and_leaves_the_gate_open(tmp_path):
    pilot = pilot_of(
        tmp_path,
        GOOD.replace("routing time", "handling"),
        results="pilot_results: {file: r.csv, metric: handling, lower_is_better: true}\n",
    )
    found = by_id(pilot)
    assert found["roi.metric_bound"].state is State.FAIL and found["roi.metric_bound"].questions == ("E1",)
    assert found["roi.outcome_moved"].state is State.UNKNOWN and "another metric" in found["roi.outcome_moved"].sentence


def test_the_value_must_rest_on_the_outcomes_metric_too(tmp_path):
    stream = "roi: {benefits: [{name: time, per_case: 1 USD, metric: handling}]}\n"
    assert by_id(pilot_of(tmp_path, more=stream))["roi.metric_bound"].state is State.FAIL
    assert (
        by_id(pilot_of(tmp_path, more=stream.replace("handling", "routing time")))["roi.metric_bound"].state
        is State.PASS
    )


def test_use_and_override_answer_the_adoption_gate(tmp_path):
    rates = "pilot,2026-W33,usage rate,400,{use},\npilot,2026-W33,override rate,400,{over},\n"
    good = by_id(pilot_of(tmp_path, GOOD + rates.format(use=0.7, over="11 %")))
    assert {good[k].state for k in ("roi.used", "roi.set_aside")} == {State.PASS}
    bad = by_id(pilot_of(tmp_path, GOOD + rates.format(use=0.3, over=0.6)))
    assert {bad[k].state for k in ("roi.used", "roi.set_aside")} == {State.FAIL}
    assert bad["roi.used"].questions == ("adoption",)


def test_a_stream_takes_what_was_measured(tmp_path):
    found = analyse(pilot_of(tmp_path))
    time = Benefit(name="t", time="1.4 minutes", wage="30 USD per hour", metric="routing time")
    seconds = for_benefit(found, time)
    assert np.median(seconds) == pytest.approx(54, abs=0.1) and seconds.shape == (1024,)
    assert np.quantile(seconds, [0.05, 0.95]) / 60 == pytest.approx(
        [found.deciding.better[1].low, found.deciding.better[1].high], abs=0.01)  # fmt: skip
    worth = for_benefit(found, Benefit(name="w", per_case="1 USD", metric="Routing_Time"))
    assert np.median(worth) == pytest.approx(0.9 / 1.4, abs=0.001)
    assert for_benefit(found, Benefit(name="w", per_case="1 USD")) is None
    assert for_benefit(None, time) is None
    with pytest.raises(InputError, match="did you mean|Did you mean"):
        for_benefit(found, Benefit(name="w", per_case="1 USD", metric="routing tim"), where="roi.benefits")


def test_a_stream_keeps_its_estimate_where_unit_or_direction_is_not_known(tmp_path):
    for stream in ("time: 1 minute, wage: 30 USD per hour", "per_case: 1 USD"):
        more = f"roi: {{benefits: [{{name: a, {stream}, metric: routing time}}]}}\n"
        pilot = pilot_of(tmp_path, outcome="", more=more)
        found = analyse(pilot)
        assert measured_columns(pilot, JointSample(7), found) == {} and "keeps its estimate" in found.told[-1]


def test_a_retention_case_takes_the_share_of_leavers_who_stay(tmp_path):
    """Leaving falls from 10 % to 8.2 %: 18 % of those who would have left stay (the rebuilt churn case)."""
    table = "arm,period,metric,n,value\npilot,1,churn,50000,0.082\ntoday,1,churn,50000,0.100\n"
    pilot = pilot_of(tmp_path, table, outcome="", results="pilot_results: {file: r.csv, lower_is_better: true}\n")
    stream = Benefit(name="kept", customers=1000, value_per_customer="100 USD", leaving="10%", metric="churn")
    assert np.median(for_benefit(analyse(pilot), stream)) == pytest.approx(0.18, abs=0.001)


def test_no_results_are_no_error(tmp_path):
    pilot = pilot_of(tmp_path, results="")
    assert analyse(pilot) is None and findings(pilot, None) == ()


def test_measured_columns_take_the_keys_and_shapes_of_the_model(tmp_path):
    """Time as it was saved; a stated worth times the part of the plan that was reached; nothing from odd arms."""
    streams = """roi:
  benefits:
    - {name: a, time: 1.4 minutes, wage: 30 USD per hour, metric: routing time}
    - {name: b, per_case: 2 USD, metric: routing time}
    - {name: c, per_case: 2 USD}
"""
    pilot = pilot_of(tmp_path, more=streams)
    found, joint = analyse(pilot), JointSample(7)
    columns = measured_columns(pilot, joint, found)
    assert set(columns) == {"benefit_0_time", "benefit_1_per_case"}
    assert columns["benefit_0_time"].shape == (joint.replicates, joint.draws)
    assert np.median(columns["benefit_0_time"]) == pytest.approx(54, abs=0.2)
    assert np.median(columns["benefit_1_per_case"]) == pytest.approx(2 * 0.9 / 1.4, abs=0.01)
    used = replace(found, rates=(ArmRate("usage rate", "use", 0.5, Interval(0.4, 0.6), 100),))
    assert np.allclose(measured_columns(pilot, joint, used)["benefit_0_time"], 2 * columns["benefit_0_time"])
    assert measured_columns(pilot, joint, None) == {}
    odd = pilot_of(tmp_path, GOOD.replace("410", "610").replace("405", "490"), more=streams)
    assert measured_columns(odd, joint, analyse(odd)) == {}


def test_the_measured_effect_takes_the_place_of_the_estimate_in_the_value(tmp_path):
    stream = "roi: {benefits: [{name: a, time: 1.4 minutes, wage: 30 USD per hour, metric: routing time}]}\nworkload: {users_per_day: 1000, requests_per_user: 1}\n"
    hoped = open_study(pilot_of(tmp_path, results="", more=stream).folder, as_of="2026-10-15").roi
    shown = open_study(pilot_of(tmp_path, more=stream).folder, as_of="2026-10-15").roi
    rows = [next(r for r in x.inputs if r.key == "benefit_0_time") for x in (hoped, shown)]
    assert [r.grade for r in rows] == [Grade.ESTIMATED, Grade.MEASURED]
    right = next(r for r in shown.inputs if r.key == "accuracy")  # of a rightly handled case; measured over all of them
    assert rows[1].median == pytest.approx(54 / right.median, rel=0.03) and shown.npv.mean < hoped.npv.mean
