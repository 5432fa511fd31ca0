"""The attribution from files: which marks count as a defect, money, and what is said with parts of the input missing."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pytest
from evaluation_samples import COLUMNS, HEAD, evaluated_in, rows

from flightready.assessment import load
from flightready.evaluation.attribution.attribution_result import Strength
from flightready.evaluation.attribution.flags import defect_flags
from flightready.evaluation.attribution.money import Rates, rates, valued
from flightready.evaluation.attribution.observed import attribute
from flightready.evaluation.scored_sample import scored_sample
from flightready.evidence import Interval, State
from flightready.realism.inspection import inspected
from flightready.realism.sources import read_sample
from flightready.study.store import Store

DEMO = HEAD + rows(0, {("a", "a"): 270, ("b", "b"): 270, ("a", "b"): 30, ("b", "a"): 30})


def damaged(start, text, right, wrong):
    """Rows with this text in place of a clean one."""
    made = rows(start, {("a", "a"): right // 2, ("b", "b"): right - right // 2, ("a", "b"): wrong // 2,
                        ("b", "a"): wrong - wrong // 2})  # fmt: skip
    return "".join(
        line.replace(f"text {number}", text.format(number)) + "\n"
        for number, line in enumerate(made.splitlines(), start=start)
    )


CLEAN = rows(1000, {("a", "a"): 180, ("b", "b"): 180, ("a", "b"): 20, ("b", "a"): 20})
BROKEN = damaged(2000, "caf\u00c3\u00a9 number {}", 60, 60)
EMPTY = damaged(3000, "", 40, 40)
RAW = HEAD + CLEAN + BROKEN + EMPTY


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return evaluated_in(tmp_path_factory.mktemp("pilot"), RAW, DEMO)


def records_in(folder, raw=RAW, demo=DEMO, load_draws=None, **evaluation):
    spec = {"name": "Pilot", "evaluation": evaluation, "data": {"columns": COLUMNS}}
    for key, name, text in (("production", "raw.csv", raw), ("curated", "demo.csv", demo)):
        if text is not None:
            spec["data"][key] = name
            (folder / name).write_text(text, encoding="utf-8")
    (folder / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")
    pilot = load(folder)
    inspection = inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 3, 1))
    return scored_sample(pilot, inspection, requests_per_month=load_draws)


def test_two_defects_are_found_and_sum_to_the_drop(result):
    """Of 600 raw records 120 with broken characters and 80 without text are wrong in half, the others in a tenth.

    So each costs (.5 - .1) times its share: 8 points and 5.3; together they are the whole drop of 13.3 points.
    """
    found = result.attribution
    assert (found.of, found.n_raw, found.n_curated) == ("drop", 600, 600)
    assert found.total == pytest.approx(result.drop, abs=1e-12)
    assert sum(p.points for p in found.parts) == pytest.approx(found.total, abs=1e-12)
    assert found.interval.low == pytest.approx(result.drop_interval.low)
    parts = {p.detectors: p for p in found.defects}
    assert parts["encoding",].points == pytest.approx(0.4 * 120 / 600, abs=1e-6)
    assert parts["missing",].points == pytest.approx(0.4 * 80 / 600, abs=1e-6)
    assert found.unexplained.points == pytest.approx(0.0, abs=1e-6)
    shown = [p for p in found.parts if p.is_attributed]
    assert [p.detectors for p in shown] == [("encoding",), ("missing",)]  # in the order of repair
    assert all(p.state is State.FAIL and p.why == "" and p.rows_needed is None for p in shown)
    assert all(p.grade is Strength.ASSOCIATED and p.repair for p in shown)
    assert (shown[0].n_raw, shown[0].wrong_with, shown[0].n_curated) == (120, 60, 0)
    assert found.unexplained.state is State.UNKNOWN and found.unexplained.why == "it may be nothing"
    assert found.covariate_mix.kind == "mix" and found.covariates == ("class",)
    assert found.n_clusters == 1200


def test_nothing_raw_is_kept(result, tmp_path):
    """The store takes the result and gives it back; no text of a record is in it."""
    store = Store(tmp_path)
    store.put("key", result.attribution)
    assert store.get("key") == result.attribution
    assert "number 2000" not in repr(result.attribution) and "K-2000" not in repr(result.attribution)


def test_the_same_files_give_the_same_result(tmp_path):
    assert attribute(records_in(tmp_path)) == attribute(records_in(tmp_path))


def test_without_a_demo_set_raw_errors_are_split(tmp_path):
    found = evaluated_in(tmp_path, RAW).attribution
    assert found.of == "errors" and found.curated_accuracy is None and found.covariate_mix is None
    assert found.total == pytest.approx(140 / 600)
    assert found.unexplained.points == pytest.approx(0.1, abs=1e-6)
    assert found.unexplained.name == "errors without any known defect" and found.unexplained.is_attributed
    assert {p.detectors: round(p.points, 4) for p in found.defects} == {("encoding",): 0.08, ("missing",): 0.0533}


@pytest.mark.parametrize("has", ["no labels", "no raw records", "a count only"])
def test_without_scored_raw_records_nothing_is_split(has, tmp_path):
    without = {"columns": {"id": "id", "text": "text"}}
    if has == "no labels":
        assert evaluated_in(tmp_path, RAW, DEMO, **without).attribution is None
    elif has == "no raw records":
        assert evaluated_in(tmp_path, None, DEMO).attribution is None
    else:
        assert evaluated_in(tmp_path, RAW, DEMO, labelled="500 right of 600", **without).attribution is None


def test_a_defect_with_few_wrong_answers_is_unknown_and_says_how_many_rows_it_takes(tmp_path):
    raw = HEAD + CLEAN + damaged(2000, "caf\u00c3\u00a9 number {}", 5, 5)
    part = evaluated_in(tmp_path, raw, DEMO).attribution.defects[0]
    assert part.state is State.UNKNOWN and not part.is_attributed
    assert part.interval is None and part.simultaneous is None
    assert part.why == "5 wrong answers with it, 10 are needed"
    assert part.rows_needed == 410  # 5 in 410 rows, so 10 in 820


def test_detectors_that_mark_the_same_records_are_one_part(tmp_path):
    """Broken characters, and a region that nobody knows, in just the same records."""
    columns = {**COLUMNS, "group": ["region"]}

    def with_region(text, region):
        return "".join(f"{line},{region}\n" for line in text.splitlines())

    head = HEAD.strip() + ",region\n"
    raw = head + with_region(CLEAN, "north") + with_region(BROKEN, "")
    found = evaluated_in(tmp_path, raw, head + with_region(DEMO.removeprefix(HEAD), "north"), columns).attribution
    assert [p.detectors for p in found.defects] == [("missing", "encoding")]
    part = found.defects[0]
    assert part.name == "missing values and broken characters" and ";" in part.repair
    assert part.points == pytest.approx(0.4 * 120 / 520, abs=1e-6)


def test_a_defect_of_every_raw_record_has_no_points(tmp_path):
    raw = HEAD + damaged(2000, "caf\u00c3\u00a9 number {}", 150, 50)
    found = evaluated_in(tmp_path, raw, DEMO).attribution
    part = next(p for p in found.defects if "encoding" in p.detectors)
    assert part.points is None and part.state is State.UNKNOWN and "taken together" in part.why
    assert found.unexplained.points + (found.covariate_mix.points) == pytest.approx(found.total)


@pytest.mark.parametrize("first", ["K-1,hello,a,b,0.9\n", "K-1,,a,a,0.9\n"])
def test_one_scored_raw_record(first, tmp_path):
    found = evaluated_in(tmp_path, f"{HEAD}{first}K-2,no label,,a,0.9\n", DEMO).attribution
    assert found.n_raw == 1
    assert not any(p.is_attributed for p in found.parts)
    assert sum(p.points or 0.0 for p in found.parts) == pytest.approx(found.total)


def test_no_wrong_answer_and_no_right_one(tmp_path):
    right = HEAD + rows(1000, {("a", "a"): 200, ("b", "b"): 200})
    found = evaluated_in(tmp_path, right, HEAD + rows(0, {("a", "a"): 200, ("b", "b"): 200})).attribution
    assert found.total == 0 and not any(p.is_attributed for p in found.parts)
    (tmp_path / "wrong").mkdir()
    wrong = HEAD + rows(1000, {("a", "b"): 200, ("b", "a"): 200})
    found = evaluated_in(tmp_path / "wrong", wrong, DEMO).attribution
    assert found.total == pytest.approx(0.9) and found.unexplained.is_attributed


# --- which marks count -------------------------------------------------------------------------------------


def test_marks_in_the_answers_of_the_pilot_are_no_defect(tmp_path):
    """Empty predictions and confidences are what came out, not what went in."""
    silent = "".join(f"K-{5000 + i},text {5000 + i},a,,\n" for i in range(60))
    records = records_in(tmp_path, raw=HEAD + CLEAN + silent)
    assert "missing" not in defect_flags(records.inspection, records.raw, "raw").detectors


def test_a_cell_that_a_fact_marks_is_not_counted_as_a_comparison_too(support_triage):
    """Broken dates are mixed formats; that the demo set never shows them adds nothing."""
    pilot = load(support_triage)
    inspection = inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 10, 15))
    records = scored_sample(pilot, inspection)
    flags = defect_flags(inspection, records.raw, "raw")
    assert "mixed_format" in flags.detectors and "new_format" not in flags.detectors
    assert not {"malformed", "duplicate", "overlap", "schema", "personal_data", "secret"} & set(flags.detectors)
    assert flags.matrix.shape == (len(records.raw), len(flags.detectors))
    assert (flags.of("missing") == flags.matrix[:, flags.detectors.index("missing")]).all()
    demo = defect_flags(inspection, records.curated, "curated")
    assert demo.detectors == flags.detectors and not demo.matrix.any()
    found = attribute(records)
    shown = {p.detectors[0] for p in found.defects if p.is_attributed}
    assert {"missing", "language", "truncated", "disguised"} <= shown  # what the generator makes costliest
    assert not shown & {"near_duplicate", "duplicate_key", "late", "out_of_order"}  # what costs nothing there
    assert sum(p.points for p in found.parts) == pytest.approx(found.total, abs=1e-12)


# --- money -------------------------------------------------------------------------------------------------


def test_points_become_cases_and_money():
    """5 points of 1,000 requests are 50 wrong answers a month, at 2 USD each 100 USD."""
    one = valued(0.05, np.full(100, 0.05), Rates("USD", np.full(100, 1000.0), np.full(100, 2.0)))
    assert (one.cases_per_month, one.cost_per_month) == (50.0, 100.0)
    assert one.cost_interval == Interval(100.0, 100.0)


def test_the_interval_combines_points_load_and_price():
    rng = np.random.default_rng(2)
    draws = [rng.lognormal(np.log(m), 0.2, 4000) for m in (0.05, 1000.0, 2.0)]
    one = valued(0.05, draws[0], Rates("USD", draws[1], draws[2]))
    spread = np.log(one.cost_interval.high / one.cost_interval.low) / 2 / 1.645
    assert spread == pytest.approx(0.2 * np.sqrt(3), rel=0.05)  # three independent factors
    assert np.log(one.cases_interval.high / one.cases_interval.low) / 2 / 1.645 == pytest.approx(
        0.2 * np.sqrt(2), rel=0.05
    )


def test_no_load_gives_no_cases_and_no_price_gives_no_cost(tmp_path):
    some = np.full(10, 0.1)
    assert valued(0.1, some, Rates("USD", None, some)).cases_per_month is None
    without_price = valued(0.1, some, Rates("USD", some, None))
    assert without_price.cases_per_month == pytest.approx(0.01) and without_price.cost_per_month is None
    found = rates(records_in(tmp_path), size=10)
    assert found.requests_per_month is None and found.cost_per_error is None


def test_the_mean_cost_of_a_wrong_answer_weighs_kinds(tmp_path):
    """Half of 140 wrong answers are a -> b at 10 USD, the others cost 2: 6 USD on average."""
    load_draws = np.full((4, 8), 1000.0)
    prices = {"default": "2 USD", "a -> b": "10 USD"}
    records = records_in(tmp_path, load_draws=load_draws, error_cost=prices)
    found = rates(records, size=4000)
    assert found.cost_per_error.mean() == pytest.approx(6.0, rel=0.02)
    assert (found.requests_per_month == 1000.0).all() and found.currency == "USD"
    worth = next(p for p in attribute(records).defects if p.is_attributed).worth
    assert worth.cases_per_month == pytest.approx(80.0, rel=1e-6)
    assert worth.cost_per_month == pytest.approx(80 * 6, rel=0.05)
    assert worth.cost_interval.low < worth.cost_per_month < worth.cost_interval.high


def test_unpriced_errors_cost_nothing(tmp_path):
    found = rates(records_in(tmp_path, error_cost={"a -> b": "10 USD"}), size=4000)
    assert found.cost_per_error.mean() == pytest.approx(5.0, rel=0.03)


def test_a_task_that_is_not_compared_is_left_alone(tmp_path):
    records = records_in(tmp_path)
    assert attribute(replace(records, raw=None)) is None
