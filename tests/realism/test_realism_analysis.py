"""The analysis as a whole: coverage, findings, absences, and nothing unmasked in its result."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from realism_samples import clean_table, pilot_in

from flightready.evidence import Grade, State
from flightready.realism import analyse, inspected, read_sample
from flightready.realism.coverage import trimmed
from flightready.study.store import Store

AS_OF = dt.date(2026, 3, 1)
CANARIES = (
    "zoe.quill@canary.example",
    "+49 171 5550199",
    "4111 1111 1111 1111",
    "Zoe Quill",
    "DE89370400440532013000",
    "hunter2!Secret",
)
MANIFEST = {"method": "random", "from": 5000, "drawn": "2026-02-20"}
ROLES = {"id": "id", "time": "time", "text": "text"}


def analysed(make_pilot, raw: str | None, curated: str | None = None, as_of: dt.date = AS_OF, **data):
    files = {name: text for name, text in (("raw.csv", raw), ("demo.csv", curated)) if text is not None}
    spec = {"columns": ROLES, **data}
    if raw is not None:
        spec["production"] = "raw.csv"
    if curated is not None:
        spec["curated"] = "demo.csv"
    pilot = make_pilot({"data": spec}, files)
    return analyse(pilot, inspected(pilot, read_sample(pilot), as_of=as_of))


def csv_of(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False)


@pytest.fixture
def make_pilot(tmp_path):
    """Function that writes files and an assessment into a folder and loads it."""
    return partial(pilot_in, tmp_path)


@pytest.fixture
def year():
    """A clean table of 400 days from January 2025, 300 rows."""
    return clean_table(np.random.default_rng(3), 300)


def finding(result, name):
    return next(f for f in result.findings if f.id == f"realism.{name}")


def test_a_sound_sample_passes(make_pilot, year):
    result = analysed(make_pilot, csv_of(year), sampling=MANIFEST, personal_data=["name"])
    assert {f.id: f.state for f in result.findings} == {f.id: State.PASS for f in result.findings}
    assert {f.grade for f in result.findings} == {Grade.MEASURED}
    assert result.coverage.days > 365
    assert sum(sum(c) for c in result.coverage.by_month.values()) == result.coverage.n_dated
    assert [a.key for a in result.absences] == ["curated"]


def test_gaps_in_time_are_seen(make_pilot, year):
    kept = year[~year["time"].str.startswith("2025-06")]
    result = analysed(make_pilot, csv_of(kept), as_of=dt.date(2027, 1, 1))
    assert result.coverage.empty_months == ("2025-06",)
    told = finding(result, "coverage")
    assert told.state is State.FAIL
    assert "1 month without a record" in told.sentence
    assert "days old" in told.sentence


def test_default_dates_and_future_dates_do_not_stretch_the_span(make_pilot, year):
    year.loc[3, "time"], year.loc[4, "time"] = "1900-01-01", "2031-05-04T10:20:30Z"
    covered = analysed(make_pilot, csv_of(year)).coverage
    assert covered.first.year == 2025
    assert covered.last <= AS_OF
    assert (covered.n_future, covered.n_undated) == (1, 1)


def test_few_records_or_a_convenient_sample_fail(make_pilot, year):
    few = finding(analysed(make_pilot, csv_of(year[:120])), "raw_sample")
    assert (few.state, few.decides) == (State.FAIL, "80 more raw records")
    chosen = finding(analysed(make_pilot, csv_of(year), sampling={"method": "first_rows"}), "raw_sample")
    assert chosen.state is State.FAIL
    unsaid = finding(analysed(make_pilot, csv_of(year)), "raw_sample")
    assert unsaid.state is State.UNKNOWN
    no_day = finding(analysed(make_pilot, csv_of(year), sampling={"method": "random", "from": 500}), "raw_sample")
    assert "the day they were drawn is not said" in no_day.sentence


def drawn(make_pilot, frame: pd.DataFrame, **changes):
    sampling = {k: v for k, v in {**MANIFEST, **changes}.items() if v is not None}
    return finding(analysed(make_pilot, csv_of(frame), sampling=sampling), "raw_sample")


@pytest.mark.parametrize(
    ("method", "state"),
    [("random", State.PASS), ("systematic", State.PASS), ("stratified", State.UNKNOWN), ("first_rows", State.FAIL),
     ("chosen_by_hand", State.FAIL)],
)  # fmt: skip
def test_only_a_sample_drawn_by_chance_alone_stands_for_production(make_pilot, year, method, state):
    told = drawn(make_pilot, year, method=method)
    assert told.state is state
    assert ("weights are not said" in told.sentence) is (method == "stratified")
    assert (told.decides == "a sample drawn at random from all records") is (state is not State.PASS)


def test_the_manifest_fits_the_records_in_time(make_pilot, year):
    """The records end on the last day of the span, and the assessment is of 1 March 2026."""
    last = analysed(make_pilot, csv_of(year)).coverage.last
    day = dt.timedelta(days=1)
    for when, state, why in (
        (last, State.PASS, ""),
        (last - day, State.UNKNOWN, f"before the last record ({last})"),
        (AS_OF, State.PASS, ""),
        (AS_OF + day, State.UNKNOWN, "which is yet to come"),
    ):
        told = drawn(make_pilot, year, drawn=str(when))
        assert (told.state, when, why in told.sentence) == (state, when, True)
        assert ("a manifest under data.sampling" in told.decides) is (state is State.UNKNOWN)


@pytest.mark.parametrize(("population", "state"), [(300, State.PASS), (299, State.UNKNOWN)])
def test_a_sample_is_not_larger_than_what_it_was_drawn_from(make_pilot, year, population, state):
    told = drawn(make_pilot, year, **{"from": population})
    assert told.state is state
    assert f"from {population} rows" in told.sentence


def test_all_that_does_not_fit_is_said_at_once(make_pilot, year):
    told = drawn(make_pilot, year, drawn="2026-03-02", **{"from": 10})
    assert "which is yet to come and the manifest says they were drawn from 10 rows" in told.sentence


@pytest.mark.parametrize(
    ("n", "dated", "state"),
    [(300, 200, State.PASS), (300, 199, State.UNKNOWN), (420, 210, State.PASS), (421, 210, State.UNKNOWN)],
)
def test_a_year_takes_200_dates_and_half_of_all(make_pilot, n, dated, state):
    """Dates go evenly over the 400 days, so that no month is empty."""
    frame = clean_table(np.random.default_rng(4), n)
    known = np.isin(np.arange(n), np.linspace(0, n - 1, dated).astype(int))
    frame.loc[~known, "time"] = ""
    assert known.sum() == dated
    told = finding(analysed(make_pilot, csv_of(frame)), "coverage")
    assert (told.state, told.n) == (state, dated)
    assert (f"but only {dated} of {n} raw records carry a date" in told.sentence) is (state is State.UNKNOWN)
    assert told.decides == ("200 or more raw records with a date that can be read" if state is State.UNKNOWN else "")


def test_exact_copies_do_not_make_a_sample(make_pilot, year):
    result = analysed(make_pilot, csv_of(pd.concat([year[:150]] * 2)))
    assert (result.n_raw, result.n_raw_distinct) == (300, 150)
    assert finding(result, "raw_sample").state is State.FAIL


def test_rows_that_do_not_parse_fail_the_data(make_pilot, year):
    bad = csv_of(year) + "only,three,fields\n" * 60
    told = finding(analysed(make_pilot, bad), "data_exists")
    assert (told.state, told.n) == (State.FAIL, 360)
    assert told.value == pytest.approx(300 / 360)


def test_empty_inputs_fail_the_data(make_pilot, year):
    year.loc[10:, "text"] = ""
    told = finding(analysed(make_pilot, csv_of(year)), "data_exists")
    assert told.state is State.FAIL
    assert "'text' is empty in most" in told.sentence


def test_without_any_record_everything_is_absent(make_pilot):
    result = analyse(pilot := make_pilot({}), inspected(pilot, read_sample(pilot), as_of=AS_OF))
    assert {a.key for a in result.absences} == {"curated", "production"}
    assert {f.state for f in result.findings} == {State.UNKNOWN}
    assert (result.defects, result.profiles, result.coverage, result.completeness) == ((), (), None, None)


def test_a_demo_set_alone_is_described(make_pilot, year):
    result = analysed(make_pilot, None, csv_of(year))
    assert (result.n_raw, result.n_curated) == (0, 300)
    assert all(d.raw is None and d.curated is not None and d.worse is None for d in result.defects)
    assert [a.key for a in result.absences] == ["production"]


def test_completeness_counts_a_record_once_and_leaves_optional_columns_out(make_pilot, year):
    year["optional"] = ["" if i % 2 else "x" for i in range(len(year))]
    year.loc[:29, "name"], year.loc[20:49, "amount"] = "N/A", ""
    found = analysed(make_pilot, csv_of(year)).completeness
    assert (found.overall.hits, found.overall.n, found.left_out) == (50, 300, ("optional",))


def test_columns_of_one_side_only_are_named(make_pilot, year):
    result = analysed(make_pilot, csv_of(year.drop(columns="code")), csv_of(year.drop(columns="count")))
    assert (result.columns_lacking, result.columns_extra) == (("code",), ("count",))
    assert not any(d.column == "code" and d.raw for d in result.defects)


def test_the_same_input_gives_the_same_result_and_it_can_be_stored(make_pilot, year, tmp_path):
    first = analysed(make_pilot, csv_of(year), csv_of(year[:200]))
    again = analysed(make_pilot, csv_of(year), csv_of(year[:200]))
    assert first == again
    store = Store(tmp_path / "store")
    store.put("realism-1", first)
    assert store.get("realism-1") == first


def test_no_personal_data_enters_the_result(make_pilot, year, tmp_path):
    """Canaries in every column, broken and repeated in every way that a detector looks for."""
    frame = year.copy()
    broken = "Zoe Quill Ã©Ã© zoe.quill@canary.example"
    for place, column in enumerate(frame.columns):
        for n, canary in enumerate([*CANARIES, broken, f"{CANARIES[0]} &eacute;", f" {CANARIES[3]} "]):
            frame.loc[20 * n + place, column] = canary
    frame.loc[200:215, "name"] = CANARIES[0]  # frequent enough to be taken for a stand-in
    frame.loc[220:224] = frame.loc[21].to_numpy()
    raw = csv_of(frame) + f"{CANARIES[0]},too,few\n" * 3
    result = analysed(make_pilot, raw, csv_of(year))
    store = Store(tmp_path / "store")
    store.put("realism-canary", result)
    stored = (tmp_path / "store" / "realism-canary" / "result.json").read_text(encoding="utf-8")
    assert len(result.found()) > 10
    for text in (repr(result), stored, json.loads(json.dumps(stored))):
        for canary in (*CANARIES, "Quill", "canary", "5550199", "hunter2"):
            assert canary not in text


def test_a_survey_without_an_id_is_no_sample_of_copies(make_pilot):
    """64 different answers are possible, so that most of 300 records repeat an earlier one by chance."""
    rng = np.random.default_rng(1)
    answers = pd.DataFrame({f"q{i}": rng.choice(["yes", "no"], 300) for i in range(6)})
    result = analysed(make_pilot, csv_of(answers), columns={}, sampling={**MANIFEST, "drawn": "2026-02-20"})
    assert (result.n_raw, result.n_raw_distinct) == (300, 300)
    assert finding(result, "raw_sample").state is State.PASS
    assert not any("repeat" in r.repair for r in result.repairs)


def test_a_column_with_a_role_is_never_optional(make_pilot, year):
    """192 of 300 times are the day of a database without one."""
    year.loc[:191, "time"] = "0001-01-01T00:00:00Z"
    result = analysed(make_pilot, csv_of(year.drop(columns="optional")))
    assert (result.completeness.overall.hits, result.completeness.left_out) == (192, ())
    year["text"] = year["text"].where(year.index % 3 == 0, "")
    result = analysed(make_pilot, csv_of(year[["id", "text"]]), csv_of(year[["id", "text"]]), columns={"text": "text"})
    assert (result.completeness.overall.hits, result.completeness.left_out) == (200, ())


def test_one_record_again_and_again_is_one_record(make_pilot, year):
    result = analysed(make_pilot, csv_of(pd.concat([year[:1]] * 200)), sampling=MANIFEST)
    assert result.n_raw_distinct == 1
    assert finding(result, "raw_sample").sentence.startswith("1 raw record is here, 199 fewer than")
    assert "Raw records are all of one day, 2025-" in finding(result, "coverage").sentence


def test_dates_that_fit_both_orders_tell_no_silence(make_pilot, year):
    """Only days up to the 12th: read month first they fill a year, read day first they leave out most days."""
    rng = np.random.default_rng(2)
    year["time"] = [
        f"{d:02d}/{m:02d}/2025" for d, m in zip(rng.integers(1, 5, 300), np.arange(300) % 12 + 1, strict=True)
    ]
    result = analysed(make_pilot, csv_of(year))
    told = finding(result, "coverage")
    assert (told.state, told.decides) == (State.UNKNOWN, "dates with the year first, such as 2026-03-09")
    assert (result.events.silences, result.events.ended) == ((), ())
    assert not any(d.observations for d in result.defects if d.detector in ("time_gap", "stale"))


def test_an_end_near_all_others_belongs_to_the_span_and_one_far_off_does_not():
    """1,000 days in order: two at either end may be cut, but only when they lie far from the rest."""
    days = np.datetime64("2020-01-01") + np.arange(1000)
    assert trimmed(days) == (days[0], days[-1])
    mistyped = days.copy()
    mistyped[0] = np.datetime64("1970-01-01")
    assert trimmed(mistyped) == (days[1], days[-1])
    numbers = np.arange(1000.0)
    assert trimmed(np.append(numbers[:-1], 1e6)) == (0.0, 998.0)
    assert trimmed(days[:1]) == (days[0], days[0])
