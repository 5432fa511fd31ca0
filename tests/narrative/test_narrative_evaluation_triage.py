"""Confidence, triage and candidates in sentences."""

from __future__ import annotations

import json

import pytest

from flightready import policy
from flightready.assessment import load
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evaluation.triage.calibration_result import Calibrated
from flightready.evaluation.triage.candidates_result import Compared, Option
from flightready.evaluation.triage.what_if import tried_triage
from flightready.evidence import Interval
from flightready.narrative import evaluation_triage as narrative
from flightready.pages import evaluation as pages
from flightready.study import open_study
from flightready.study.store import Store

LEVELS = {0.95: (98, 2), 0.8: (90, 10), 0.6: (70, 30), 0.4: (40, 60)}
COLUMNS = {"id": "id", "text": "text", "label": "team", "prediction": "predicted", "confidence": "confidence"}
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def studied(tmp_path):
    """Function that opens a study of 400 records, 298 of them right, at four levels of confidence."""

    def make(levels=LEVELS, **evaluation):
        lines, k = ["id,text,team,predicted,confidence,small\n"], 0
        for confidence, (right, wrong) in levels.items():
            for i in range(right + wrong):
                truth = "ab"[k % 2]
                lines.append(f"K-{k},text {k},{truth},{truth if i < right else 'c'},{confidence},{truth}\n")
                k += 1
        (tmp_path / "raw.csv").write_text("".join(lines))
        spec = {"name": "Pilot", "evaluation": evaluation, "data": {"production": "raw.csv", "columns": COLUMNS},
                "workload": {"users_per_day": 1000, "requests_per_user": 1},
                "cost": {"bill": "9 USD for 1000 requests"}}  # fmt: skip
        (tmp_path / "assessment.yaml").write_text(json.dumps(spec))
        assert load(tmp_path).spec.name == "Pilot"
        return open_study(tmp_path, as_of="2026-03-01", store=Store(tmp_path / "store"))

    return make


FLOOR = {"floor": {"accuracy": "85%"}}


def test_the_proposed_threshold_is_told_with_what_it_gives(studied):
    told = narrative.triage_meaning(studied(**FLOOR).evaluation)
    assert told.startswith("Answers with a confidence of 0.8 or more can be used without a person: 50 % of all, 94 %")
    assert "nine times in ten at or above the floor of 85 %, although the threshold was chosen on these" in told
    assert "about 500 reviews a day" in told


def test_a_stated_threshold_is_told_beside_the_lowest_that_reaches_the_floor(studied):
    told = narrative.triage_meaning(studied(review={"threshold": 0.6, "capacity_per_day": 100}, **FLOOR).evaluation)
    assert told.startswith("As stated, answers with a confidence of 0.6 or more are used without a person: 75 % of all")
    assert "The chance of more than the 100 that people can do is more than 99 in 100" in told
    assert "shown to reach the floor of 85 % is 0.8, with 50 % for people" in told


def test_a_useless_confidence_is_called_so(studied):
    result = studied({0.9: (75, 25), 0.7: (75, 25), 0.5: (75, 25)}, **FLOOR).evaluation
    told = narrative.confidence_meaning(result)
    assert "The confidence is not shown to tell right from wrong here" in told and "(AUROC 0.50" in told
    assert "AUROC" not in narrative.triage_meaning(result)  # said once
    assert narrative.rule(result) == ()
    assert narrative.no_rule(result) == "There is no rule to copy."


def test_without_floor_and_threshold_there_is_no_rule(studied):
    assert "no floor, so there is no rule" in narrative.triage_meaning(studied().evaluation)


@pytest.mark.parametrize(
    ("auroc", "ends", "told"),
    [
        (0.55, (0.48, 0.62), "is not shown to tell right from wrong"),
        (0.6, (0.55, 0.65), "hardly tells right from wrong"),
        (0.8, (0.75, 0.85), "tells right answers from wrong ones"),
        (None, None, "All answers are right, or all wrong"),
    ],
)
def test_whether_confidence_tells(auroc, ends, told):
    found = Calibrated(100, 0.8, 0.8, 0.0, Interval(-0.1, 0.1), (), 0.0, Interval(0, 0.1), 0.1, 0.4, 0.0, auroc,
                       Interval(*ends) if ends else None)  # fmt: skip
    assert told in narrative.tells(found)


def test_the_gap_is_told_with_its_sign(studied):
    told = narrative.confidence_meaning(studied({0.9: (70, 30)}).evaluation)
    assert "too sure of itself by 20.0 points" in told and "let more wrong ones through" in told
    told = narrative.confidence_meaning(studied({0.6: (90, 10)}).evaluation)
    assert "less sure than it is right, by 30.0 points" in told
    told = narrative.confidence_meaning(studied({0.9: (90, 10)}).evaluation)
    assert "as sure as it is right" in told and "it may be just right, or off by up to" in told


def test_the_rule_runs_and_routes(studied):
    words, yaml, python = narrative.rule(studied(**FLOOR).evaluation)
    scope: dict = {}
    exec(python[1], scope)  # the code that is offered for copying
    assert [scope["route"](c) for c in (0.8, 0.79, None)] == ["high confidence", "needs review", "needs review"]
    assert "confidence >= 0.8" in words[1] and "at_least: 0.8" in yaml[1]
    for _, text in (words, yaml, python):
        assert "50 %" in text and "94 %" in text
    from ruamel.yaml import YAML

    assert YAML(typ="safe").load(yaml[1])["triage"]["needs_review"]["below"] == 0.8


def test_the_cheapest_threshold_says_what_it_rests_on(studied):
    told = narrative.threshold_cost_meaning(
        studied(error_cost={"default": "5 USD"}, review={"cost": "1 USD"}).evaluation
    )
    assert told.startswith("Cheapest is a threshold of 0.8, with 50 % for people")
    assert "people who decide rightly in 95 % of reviews (policy)" in told
    assert "is not stated (evaluation.error_cost)" in narrative.threshold_cost_meaning(studied().evaluation)
    assumed = narrative.threshold_cost_meaning(studied(error_cost={"default": "5 USD"}).evaluation)
    assert "which is assumed from minutes and wage" in assumed


def compared(difference, low, high, p=0.01, **more):
    return Compared("Small", accuracy(80, 100), accuracy(82, 100), difference, Interval(low, high), p, 5, 3,
                    **({"unanswered": 0, "left_out": 0, "strangers": 0, "cost_per_request": None, "p95_s": None} | more))  # fmt: skip


PILOT = Option("the pilot", True, accuracy(82, 100), 0.01, 3.0)


@pytest.mark.parametrize(
    ("found", "cost", "p95", "told"),
    [
        (compared(-0.021, -0.035, -0.008), 0.002, 0.3,
         "'Small': 2.1 points less accurate (nine times in ten 0.8 to 3.5 points), 10 times faster, 80 % cheaper."),
        (compared(0.03, 0.01, 0.05), 0.04, 6.0,
         "'Small': 3.0 points more accurate (nine times in ten 1.0 to 5.0 points), 2.0 times slower, 4.0 times the cost."),
        (compared(-0.01, -0.03, 0.01), 0.0101, 3.0,
         "'Small': 1.0 point less accurate (nine times in ten 3.0 less to 1.0 point more), which may be chance, "
         "about as fast, about as dear."),
        (compared(-0.02, -0.035, -0.001, p=0.3), None, None,
         "'Small': 2.0 points less accurate (nine times in ten 0.1 to 3.5 points), which may be chance among so many "
         "candidates."),
    ],
)  # fmt: skip
def test_the_trade_off_is_one_sentence(found, cost, p95, told):
    assert narrative.trade_off(found, Option("Small", False, found.right, cost, p95), PILOT) == told


def test_what_was_left_out_is_said():
    told = narrative.trade_off(compared(0, -0.1, 0.1, left_out=1, unanswered=2), Option("S", False, accuracy(1, 2), None, None),
                               PILOT)  # fmt: skip
    assert "1 scored record is not in its file." in told and "2 records without its answer count as wrong." in told


def test_a_what_if_says_that_it_is_one(studied):
    found = studied(error_cost={"default": "5 USD"}).evaluation.triage
    tried = tried_triage(found, threshold=0.7, capacity_per_day=100.0, error_cost=5.0, review_cost=1.0)
    told = " ".join(narrative.tried_sentences(found, tried))
    assert "Answers of 0.8 or more are used: 50 % of all" in told and "in 10,000 cases" in told
    assert told.endswith("This is a what-if; the verdict rests on the assessment.")
    none = tried_triage(found, threshold=1.0, capacity_per_day=None, error_cost=0.0, review_cost=0.0)
    assert "so none can be wrong" in " ".join(narrative.tried_sentences(found, none))


def test_no_jargon_reaches_the_reader(studied):
    study = studied(error_cost={"default": "5 USD"}, candidates=[{"name": "Small", "prediction": "small"}], **FLOOR)
    told = " ".join(repr(f(study)) for f in (pages.meaning_confidence, pages.meaning_triage, pages.meaning_threshold_cost,
                                             pages.triage_rule, pages.meaning_candidates, pages.candidates))  # fmt: skip
    for word in (
        *policy.read("words.yaml")["never"],
        "p-value",
        "curated",
        "McNemar",
        "Wilson",
        "Jeffreys",
        "bootstrap",
    ):
        assert word not in told


def test_pages_show_charts_or_say_why_not(studied):
    candidates = [{"name": HOSTILE, "prediction": "small", "cost_per_request": "0.001 USD"}]
    study = studied(error_cost={"default": "5 USD"}, candidates=candidates, **FLOOR)
    assert "raw data" in pages.confidence(study).layout.title.text
    assert pages.triage(study).layout.title.text == "50 % used without a person, 94 % of them right; 50 % to people"
    assert pages.threshold_cost(study).layout.title.text.startswith("Cheapest with 25 % of answers to people")
    assert "Cheaper and better than the pilot" in pages.frontier(study).layout.title.text
    for shown in (pages.frontier(study).to_json(), pages.candidates(study)._repr_html_(),
                  pages.meaning_candidates(study)._repr_html_()):  # fmt: skip
        assert "<img" not in shown
    assert "&gt;= 0.8" in pages.triage_rule(study)._repr_html_()
    bare = studied({0.9: (4, 1)})
    assert "no confidence beside scored answers" in repr(pages.confidence(bare))
    assert "No other model is named" in repr(pages.frontier(bare))
    assert "no confidence" in repr(pages.triage_what_if(bare))


def test_the_panel_moves_every_figure(studied):
    panel = pages.triage_what_if(studied(error_cost={"default": "5 USD"}, **FLOOR))
    before = [o["data"] for o in panel.area.outputs]
    panel.fields["threshold"].value = 0.5
    panel.fields["capacity"].value = 300
    panel.fields["error_cost"].value = 8
    panel.fields["review_cost"].value = 2
    after = [o["data"] for o in panel.area.outputs]
    assert panel.problem == "" and len(after) == 3
    assert all(a != b for a, b in zip(after, before, strict=True))
