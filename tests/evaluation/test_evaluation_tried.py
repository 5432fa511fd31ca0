"""Defects put in and taken out: a pilot that reads one word has effects that can be counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.errors import InputError
from flightready.evaluation.attribution import operators
from flightready.evaluation.attribution.attribution_result import Strength
from flightready.evaluation.attribution.trials import _orders, plan
from flightready.evaluation.attribution.tried import ALL, paired_interval
from flightready.evaluation.attribution.tried_result import Effect
from flightready.evaluation.scored_sample import scored_sample
from flightready.evidence import State
from flightready.narrative import evaluation_tried as narrative
from flightready.realism.detector import detectors
from flightready.study import Study, open_study
from flightready.study.asking import errand
from flightready.study.store import Store

# answers by one word, and "other" where it is not there: every record of the samples below holds its word once
ROUTER = """
WORDS = {"invoice": "billing", "contract": "legal", "Gebühr": "billing", "Vertrag": "legal"}
def answer(record):
    text = " ".join(v or "" for v in record.values())
    return next((team for word, team in WORDS.items() if word in text), "other")
"""
STREETS = ("Oak", "Elm", "Lime", "Ash", "Birch", "Cedar", "Maple", "Pine", "Rowan", "Willow")


def text(i: int, word: str = "") -> str:
    """A text of its own for each record, with the word that the pilot reads."""
    word = word or ("invoice", "contract")[i % 2]
    return (
        f"Dear team, about order {7000 + i} to {STREETS[i % 10]} Street {i} I have a question on the {word} you sent."
    )


def study_in(folder: Path, demo: list[dict], raw: list[dict], code: str = ROUTER, **call) -> Study:
    """A study of a pilot with these records; each has text, team and predicted, and maybe more."""
    folder.mkdir(exist_ok=True)
    for name, records in (("demo.csv", demo), ("raw.csv", raw)):
        columns = list(records[0])
        lines = [",".join(columns)] + [",".join(f'"{r[c]}"' for c in columns) for r in records]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "pilot.py").write_text(code, encoding="utf-8")
    inputs = call.pop("inputs", ["text"])
    spec = {
        "name": "Router", "as_of": "2026-03-01", "seed": 3,
        "data": {"curated": "demo.csv", "production": "raw.csv", "sampling": {"method": "random"},
                 "columns": {"id": "id", "text": [c for c in inputs if c in ("text", "subject", "body")], "label": "team", "prediction": "predicted"}},
        "pilot": {"function": "pilot.py:answer", "inputs": inputs, **call},
    }  # fmt: skip
    (folder / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")
    return open_study(folder, store=Store(folder / "store"))


def record(i: int, value: str | None = None, right: bool = True, **more: str) -> dict:
    team = ("billing", "legal")[i % 2]
    found = {"id": f"K-{i}", "text": text(i) if value is None else value, **more}
    return {**found, "team": team, "predicted": team if right else "other"}


def run(study: Study):
    """Call the pilot, and return what an evaluation that is opened anew says of it."""
    errand(study).run()
    return open_study(study.pilot.path, store=study.store).evaluation.tried


def part(parts, detector: str):
    return next(p for p in parts if p.detector == detector)


def test_a_missing_text_costs_exactly_its_rate(tmp_path):
    """20 of 100 raw texts are empty, and without its word no record gets the right answer: 20 points of 100."""
    demo = [record(i) for i in range(200)]
    raw = [record(1000 + i, "" if i < 20 else None, right=i >= 20) for i in range(100)]
    found = run(study_in(tmp_path, demo, raw))
    missing = part(found.injected, "missing")
    assert (missing.n_changed, missing.n_held, missing.points, missing.state) == (40, 40, 0.2, Effect.SHOWN)
    assert missing.interval.low > 0.1 and missing.interval.high < 0.35
    assert found.injected_all.points == 0.2
    assert (found.n_injected, found.n_repaired, found.is_whole) == (200, 100, True)
    assert {p.grade for p in found.injected} == {Strength.INJECTED} and found.injected_all.detector == ALL
    assert {p.grade for p in found.repaired} == {Strength.REPAIRED}
    gone = part(found.repaired, "missing")
    assert (gone.state, gone.points, gone.why) == (
        Effect.UNKNOWN,
        None,
        "what is missing cannot be restored from the record",
    )


def test_what_two_defects_cost_together_is_shared_between_them(tmp_path):
    """The word stands in both columns; 20 of 100 raw records lose one to nothing and the other to a stand-in.

    Either alone costs nothing, both together 20 points: 10 each by the average over orders.
    """
    demo = [record(i, subject=f"{text(i)} {i}") for i in range(200)]
    raw = [record(1000 + i, subject=f"{text(1000 + i)} {i}") for i in range(100)]
    for one in raw[:20]:
        one |= {"text": "", "subject": "N/A", "predicted": "other"}
    found = run(study_in(tmp_path, demo, raw, inputs=["text", "subject"]))
    shares = [part(found.injected, d).points for d in ("missing", "disguised")]
    assert shares == pytest.approx([0.1, 0.1]) and found.injected_all.points == pytest.approx(0.2)
    assert sum(p.points or 0 for p in found.injected) == pytest.approx(found.injected_all.points)


def test_repair_regains_exactly_what_broken_characters_cost(tmp_path):
    """30 of 150 raw texts were read in the wrong encoding, which breaks the only word that the pilot reads."""
    words = ("Gebühr", "Vertrag")
    demo = [record(i, text(i, words[i % 2])) for i in range(200)]
    raw = [record(2 * (500 + i), text(2 * (500 + i), words[0])) for i in range(150)]
    for one in raw[:30]:
        one |= {"text": one["text"].encode().decode("cp1252"), "predicted": "other"}
    study = study_in(tmp_path, demo, raw)
    assert study.evaluation.raw.right == 120
    found = run(study)
    encoding = part(found.repaired, "encoding")
    assert (encoding.n_changed, encoding.points, encoding.state) == (30, 0.2, Effect.SHOWN)
    # put into the demo set, it breaks "Gebühr" and not "Vertrag": each changed record of the first kind is lost
    injected = part(found.injected, "encoding")
    assert injected.n_changed == 40 and 0 < injected.points < 0.2
    assert found.same_pilot.state is State.PASS and found.same_pilot.same.hits == found.same_pilot.same.n == 200


def test_truncation_costs_the_records_that_lose_their_word(tmp_path):
    """A field of 60 characters cuts the raw texts that are longer, and with the end goes the word."""

    def long(i: int) -> str:
        return f"Order {7000 + i} to {STREETS[i % 10]} Street: {'very ' * (i % 7 + 1)}late, see the {('invoice', 'contract')[i % 2]}."

    demo = [record(i, long(i)) for i in range(300)]
    raw = [record(1000 + i, long(1000 + i)[:60]) for i in range(300)]
    for one in raw:
        one["predicted"] = one["team"] if "invoice" in one["text"] or "contract" in one["text"] else "other"
    study = study_in(tmp_path, demo, raw)
    found = run(study)
    cut = part(found.injected, "truncated")
    trials = plan(scored_sample(study.pilot, study.inspection), most_calls=2000).trials
    texts = [t.versions[frozenset(["truncated"])]["text"] for t in trials if "truncated" in t.changed]
    lost = sum("invoice" not in t and "contract" not in t for t in texts)
    assert max(map(len, texts)) <= 60 and len(texts) == cut.n_changed > lost > 50  # some lose their full stop only
    assert cut.points == pytest.approx(lost / 300)
    assert part(found.repaired, "truncated").why == "what was cut off cannot be restored from the record"


def test_what_the_pilot_does_not_read_costs_nothing_by_construction(tmp_path):
    demo = [record(i, region=("north", "south")[i % 2]) for i in range(120)]
    raw = [record(1000 + i, region="" if i < 30 else ("north", "south")[i % 2]) for i in range(120)]
    found = run(study_in(tmp_path, demo, raw))
    missing = part(found.injected, "missing")
    assert (missing.points, missing.calls, missing.state) == (0.0, 0, Effect.NONE)
    assert missing.why == "it is in columns that the pilot is not given"
    assert part(found.repaired, "missing").state is Effect.NONE


def test_no_defect_shows_no_effect(tmp_path):
    found = run(study_in(tmp_path, [record(i) for i in range(80)], [record(900 + i) for i in range(80)]))
    assert found.injected_all.points is None and found.injected_all.n_changed == 0
    assert [p for p in (*found.injected, *found.repaired) if p.state is Effect.SHOWN] == []


def test_another_pilot_than_the_recorded_one_is_noticed(tmp_path):
    demo = [record(i) for i in range(100)]
    raw = [record(1000 + i, "" if i < 20 else None, right=i >= 20) for i in range(100)]
    other = ROUTER.replace('"invoice": "billing"', '"invoice": "legal"')
    found = run(study_in(tmp_path, demo, raw, code=other))
    assert found.same_pilot.state is State.FAIL
    assert "another model, prompt or version is called" in narrative.same_pilot(found)
    assert narrative.answer(found)[0].startswith("Caution: the pilot that was called gives the recorded answer to ")


def test_failed_calls_count_as_wrong_and_are_told(tmp_path):
    """The pilot raises on an empty text instead of answering: the same loss, now with a reason."""
    code = ROUTER.replace(
        "    text =", "    if not record['text']:\n        raise ValueError('canary@example.com')\n    text ="
    )
    demo = [record(i) for i in range(200)]
    raw = [record(1000 + i, "" if i < 20 else None, right=i >= 20) for i in range(100)]
    found = run(study_in(tmp_path, demo, raw, code=code))
    missing = part(found.injected, "missing")
    assert (missing.points, missing.failed) == (0.2, 1)  # forty empty records are one question
    assert list(found.failures) == ["the function raised an error (ValueError, line 5)"]
    assert "a failed call counts as wrong" in " ".join(narrative.answer(found))
    assert "canary" not in "".join(p.read_text() for p in (tmp_path / "store").rglob("*.json*"))


def test_nothing_is_called_without_the_flag(tmp_path):
    code = "open('called', 'w').close()\n" + ROUTER
    demo, raw = [record(i) for i in range(60)], [record(900 + i, "" if i < 20 else None) for i in range(60)]
    study = study_in(tmp_path, demo, raw, code=code)
    tried = study.evaluation.tried
    due = errand(study)
    assert due.calls == tried.calls > 0 and tried.why == "the pilot has not been called yet"
    assert "It would take" in narrative.answer(tried)[0]
    assert not (tmp_path / "called").exists()
    due.run()
    assert (tmp_path / "called").exists()
    assert not tried.injected  # a result that was made before stays as it was; a study that is opened anew reads on
    assert open_study(tmp_path, store=study.store).evaluation.tried.injected


def test_a_run_that_stopped_stands_for_the_records_that_were_asked(tmp_path):
    demo = [record(i) for i in range(200)]
    raw = [record(1000 + i, f"{i}" if i < 40 else None, right=i >= 40) for i in range(200)]
    for one in raw[:40]:
        one["text"] = ""
    study = study_in(tmp_path, demo, raw)
    due = errand(study)
    from dataclasses import replace

    replace(due, bounds=replace(due.bounds, most_calls=due.calls - 15)).run()
    part_way = open_study(tmp_path, store=study.store).evaluation.tried
    assert not part_way.is_whole and 0 < part_way.n_injected < part_way.planned_injected == 200
    assert part(part_way.injected, "missing").points == pytest.approx(0.2, abs=0.08)
    assert "still to be made" in " ".join(narrative.answer(part_way))
    again = errand(study)
    assert (again.calls, again.known) == (15, due.calls - 15)
    again.run()
    assert part(open_study(tmp_path, store=study.store).evaluation.tried.injected, "missing").points == 0.2


def test_the_plan_keeps_to_the_number_of_calls(tmp_path):
    demo = [record(i) for i in range(200)]
    raw = [record(1000 + i, text(1000 + i).replace("you", "t\u00c3\u00bc") if i < 60 else None) for i in range(200)]
    study = study_in(tmp_path, demo, raw, most_calls=230)
    found = run(study)
    assert found.calls <= 230 and found.is_whole
    assert 0 < found.planned_injected < 200 and 0 < found.planned_repaired < 200


def test_spellings_formats_and_markup_are_put_in_and_taken_out(tmp_path):
    """A pilot that reads region, day and text exactly: each variant breaks it, and each repair mends it, to the record."""
    code = """
import re
def answer(record):
    fits = record["region"] in ("north", "south") and re.fullmatch(r"2026-0[1-9]-[0-9][0-9]", record["day"])
    team = "billing" if "invoice" in record["text"] else "legal"
    return team if fits and "<" not in record["text"] else "other"
"""
    more = [{"region": ("north", "south")[i % 2], "day": f"2026-0{i % 8 + 1}-{i % 28 + 1:02d}"} for i in range(200)]
    demo = [record(i, **more[i]) for i in range(200)]
    raw = [record(1000 + i, **more[i]) for i in range(200)]
    for i, one in enumerate(raw):
        year, month, day = one["day"].split("-")
        one |= {"region": "NORTH"} if i < 40 and i % 2 == 0 else {}
        one |= {"day": f"{day}.{month}.{year}"} if 60 <= i < 72 else {}
        one |= {"text": f"<p>{one['text']}</p>"} if 100 <= i < 130 else {}
        one["predicted"] = one["team"] if one["day"].startswith("2026") and one["region"] != "NORTH" and (
            "<" not in one["text"]) else "other"  # fmt: skip
    study = study_in(tmp_path, demo, raw, code=code, inputs=["text", "region", "day"])
    found = run(study)
    for detector, n in (("category_variant", 20), ("mixed_format", 12), ("markup", 30)):
        put_in, taken_out = part(found.injected, detector), part(found.repaired, detector)
        assert (taken_out.n_changed, taken_out.points) == (n, pytest.approx(n / 200)), detector
        assert put_in.points == pytest.approx(put_in.n_changed / 200) and put_in.n_changed > n / 3, detector
    assert found.repaired_all.points == pytest.approx(62 / 200) and found.same_pilot.state is State.PASS


def test_a_number_is_right_within_its_tolerance(tmp_path):
    """The pilot reads the number in the text; 20 of 100 raw texts are empty, and it says 0 then."""
    code = "def answer(r):\n    return float((r['text'] or '0').split()[-1]) * 1.01\n"

    def one(i: int, is_empty: bool = False) -> dict:
        true = 100 + i
        said = 0 if is_empty else round(true * 1.01, 2)
        return {
            "id": f"K-{i}",
            "text": "" if is_empty else f"parcel {i} weighs {true}",
            "team": true,
            "predicted": said,
        }

    study = study_in(tmp_path, [one(i) for i in range(100)], [one(1000 + i, i < 20) for i in range(100)], code=code)
    spec = json.loads((tmp_path / "assessment.yaml").read_text())
    spec["evaluation"] = {"task": "regression", "tolerance": "2%"}
    (tmp_path / "assessment.yaml").write_text(json.dumps(spec))
    found = run(open_study(tmp_path, store=study.store))
    assert part(found.injected, "missing").points == 0.2 and found.same_pilot.same.hits > 190


def test_the_pilot_is_given_its_columns_only(tmp_path):
    code = "import json\ndef answer(record):\n    open('given', 'a').write(json.dumps(record) + '\\n')\n    return 'billing'\n"
    demo, raw = [record(i, region="north") for i in range(40)], [record(900 + i, region="north") for i in range(40)]
    run(study_in(tmp_path, demo, raw, code=code))
    given = [json.loads(line) for line in (tmp_path / "given").read_text().splitlines()]
    assert given and all(set(g) == {"text"} for g in given)


def test_a_column_that_no_file_has_is_told(tmp_path):
    study = study_in(tmp_path, [record(i) for i in range(40)], [record(900 + i) for i in range(40)])
    spec = json.loads((tmp_path / "assessment.yaml").read_text())
    spec["pilot"]["inputs"] = ["texts"]
    (tmp_path / "assessment.yaml").write_text(json.dumps(spec))
    study = open_study(tmp_path, store=study.store)
    assert "reads" not in study.evaluation.tried.why and "'texts'" in study.evaluation.tried.why
    with pytest.raises(InputError, match=r"line \d+.*nothing to ask.*'texts'.* Did you mean 'text'\?"):
        errand(study)


def test_what_is_needed_to_ask_the_pilot_is_told(tmp_path):
    """Nobody recorded an answer, on either side."""
    bare = [{**record(i), "predicted": ""} for i in range(40)]
    study = study_in(tmp_path, bare, bare)
    with pytest.raises(InputError, match="give raw records right answers .* recorded answers .* and a demo set"):
        errand(study)


def test_a_pilot_without_a_section_is_told(tmp_path):
    study_in(tmp_path, [record(i) for i in range(40)], [record(900 + i) for i in range(40)])
    spec = json.loads((tmp_path / "assessment.yaml").read_text())
    del spec["pilot"]
    (tmp_path / "assessment.yaml").write_text(json.dumps(spec))
    study = open_study(tmp_path, store=Store(tmp_path / "store"))
    assert study.evaluation.tried is None
    with pytest.raises(InputError, match="does not say how to call the pilot"):
        errand(study)


def test_a_pilot_whose_file_is_gone_still_has_its_evaluation(tmp_path):
    study = study_in(tmp_path, [record(i) for i in range(40)], [record(900 + i) for i in range(40)])
    (tmp_path / "pilot.py").unlink()
    assert study.evaluation.tried.why == "the pilot has not been called yet"
    with pytest.raises(InputError, match=r"'pilot\.py' is not there"):
        errand(study)


# --- operators and intervals


def test_every_operator_belongs_to_a_detector():
    known = {d.id for d in detectors()}
    mine = {*operators.injections(), *operators.repairs(), *operators.NO_EFFECT}
    assert mine <= known
    assert {*operators.NOT_INJECTED, *operators.NOT_REPAIRED} <= known
    assert not set(operators.injections()) & set(operators.NOT_INJECTED)
    assert not set(operators.repairs()) & set(operators.NOT_REPAIRED)


def test_many_defects_are_averaged_over_orders_and_their_reverses():
    few = _orders(("a", "b", "c"), 1, "x")
    assert len(set(few)) == 6
    many = _orders(tuple("abcdefg"), 1, "x")
    assert many == _orders(tuple("abcdefg"), 1, "x") and all(set(o) == set("abcdefg") for o in many)
    assert {o[::-1] for o in many} == set(many)


@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=1, max_size=60))
def test_the_interval_holds_its_estimate_and_turns_with_its_sign(values):
    values = np.array(values)
    found, turned = (paired_interval(v, [np.arange(len(v))]) for v in (values, -values))
    assert -1 <= found.low <= values.mean() + 1e-12 and values.mean() - 1e-12 <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))


def test_no_difference_seen_bounds_the_effect():
    """None of 200: at most about z squared over n + z squared, Wilson's rule of three."""
    found = paired_interval(np.zeros(200), [np.arange(200)])
    assert found.high == pytest.approx(1.645**2 / (200 + 1.645**2), abs=1e-4) and found.low == -found.high


@pytest.mark.parametrize(("lost", "gained", "per_donor"), [(0.05, 0.0, 1), (0.1, 0.03, 1), (0.2, 0.0, 4)])
def test_the_interval_covers_the_truth_nine_times_in_ten(lost, gained, per_donor):
    """Closed-form interval against simulation: donors are defect or not, each given to so many records."""
    rng = np.random.default_rng(5)
    n, covered, runs = 240, 0, 500
    for _ in range(runs):
        donors = rng.random(n // per_donor) < 2 * (lost + gained)  # half of the changed records change their answer
        place = np.repeat(np.arange(n // per_donor), per_donor)
        draw = rng.random(n) * 2 * (lost + gained)
        values = donors[place] * np.select([draw < lost, draw < lost + gained], [1.0, -1.0], 0.0)
        found = paired_interval(values, [np.arange(n), place])
        covered += found.low <= lost - gained <= found.high
    assert 0.86 <= covered / runs <= 0.98
