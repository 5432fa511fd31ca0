"""Loading: partial input, extends, places in messages, and everything that must be refused."""

from pathlib import Path

import pytest

from flightready.assessment import file_digest, load
from flightready.errors import InputError


def write(folder: Path, text: str, name: str = "assessment.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load(folder)
    return str(caught.value)


def test_only_the_name_is_required(tmp_path):
    pilot = load(write(tmp_path, "name: A pilot\n"))
    assert (pilot.spec.name, pilot.spec.currency, pilot.spec.seed) == ("A pilot", "USD", 7)
    assert not pilot.input_files()


def test_seed_zero_is_kept(tmp_path):
    assert load(write(tmp_path, "name: a\nseed: 0\n")).spec.seed == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nam: x\n", ["line 1", "unknown key 'nam'", "Did you mean 'name'?", "'name' is missing"]),
        ("name: x\ndata:\n  prodution: a.csv\n", ["line 3", "data.prodution", "Did you mean 'production'?"]),
        ("name: x\nlatency: {budget: {p95: 2 USD}}\n", ["line 2, latency.budget.p95", "'USD' does not fit", "ms"]),
        ("name: x\nworkload:\n  users_per_day: {p10: 9, p50: 5, p90: 7}\n", ["line 3", "must rise"]),
        ("name: x\nphase: pilt\n", ["line 2", "'pilt'", "validate, prototype, pilot, scale", "Did you mean 'pilot'?"]),
        ("name: x\nclaims: {E11: yes}\n", ["line 2", "'E11' is not a question"]),
        ("name: x\nclaims: {E1: maybe}\n", ["'maybe'", "yes or no"]),
        ("name: x\nroi: {estimates: {adopton: 3%}}\n", ["unknown estimate 'adopton'", "adoption"]),
        ("name: x\nevaluation: {labelled: 9 of 10}\n", ["172 right of 200"]),
        ("name: x\nevaluation: {labelled: 12 right of 10}\n", ["more than all"]),
        ("name: x\nevaluation: {task: scored, rating: {low: 1, high: .inf, good: 4}}\n", ["line 2", "low < good"]),
        ("name: x\nevaluation: {task: scored, rating: {low: -1e308, high: 1e308, good: 0}}\n", ["low < good <= high"]),
        ("name: x\nevaluation: {output: {refusals: [sorry, ' ']}}\n", ["line 2", "a refusal without a word"]),
        ("name: x\nevaluation: {error_cost: {billing: 3 USD}}\n", ["unknown key 'billing'", "truth -> predicted"]),
        ("name: x\ncost: {bill: 30 USD}\n", ["30 USD for 9_000 requests"]),
        ("name: x\ncost: {approved: 60_000 EUR per month}\n", ["line 2, cost.approved", "EUR", "currency: EUR"]),
        ("name: x\nseed: -1\n", ["line 2, seed", "greater than or equal to 0"]),
        ("name: x\nattestations: {E4: {by: Legal, on: soon}}\n", ["attestations.E4.on", "soon"]),
        ("name: x\ndata: {population: 'postgres://u:secret@h/db#t'}\n", ["password", "${NAME}"]),
        ("name: !!python/object/apply:os.system ['true']\n", ["line 1", "would construct an object"]),
        ("name: x\nowner: !unknown y\n", ["line 2", "!unknown"]),
        ("name: x\n  phase: pilot\n", ["line 2", "not valid YAML"]),
        ("name: x\nname: y\n", ["line 2", "'name' stands twice, lines 1 and 2"]),
        (
            "name: x\ndata: {production: a}\nseed: 1\ndata:\n  production: b\n",
            ["line 4", "'data' stands twice, lines 2 and 4"],
        ),
        ("name: x\ndata: {production: a, production: b}\n", ["'production' stands twice, line 2"]),
        ("- a\n- b\n", ["the top level is a list"]),
        ("", ["empty", "name: My pilot"]),
        ("just text\n", ["the top level is a str"]),
        ("name: [a, b]\n", ["line 1, name"]),
        ("name: ''\n", ["line 1, name"]),
        ("? [a]\n: b\n", ["key that is not plain text"]),
        (
            "name: x\nroi: {correlations: [{between: [adopton, delay], rank: 0.5}]}\n",
            ["'adopton' cannot be correlated", "'adoption'"],
        ),
        ("name: x\nroi: {correlations: [{between: [delay, delay], rank: 0.5}]}\n", ["with itself"]),
        ("name: x\nroi: {correlations: [{between: [adoption, delay], rank: 1.5}]}\n", ["less than 1"]),
        ("name: x\nworkload: {users_per_day: 0}\n", ["line 2, workload.users_per_day", "above 0"]),
        ("name: x\nworkload: {users_per_day: 1e300}\n", ["out of range"]),
        ("name: x\nworkload: {users_per_day: normal 1 to 5}\n", ["could turn negative", "leave out 'normal'"]),
        ("name: x\nworkload: {growth_per_month: 5}\n", ["out of range", "above -1 up to 1"]),
        ("name: x\nlatency: {limits: {concurrency: 1_000_000}}\n", ["above 0 up to 10,000"]),
        ("name: x\nlatency: {policy: {retries: 1000000000}}\n", ["less than or equal to 20"]),
        ("name: x\nlatency: {stages: {a: {p50: 0 s}}}\n", ["latency.stages.a.p50", "above 0"]),
        ("name: x\nroi: {horizon: 0 months}\n", ["a horizon of 0 months is no time"]),
        ("name: x\nroi: {discount_rate: -99%}\n", ["out of range"]),
        ("name: x\nroi: {benefit_per_case: 1e300 USD}\n", ["out of range"]),
        ("name: x\nextends: nowhere.yaml\n", ["line 2, extends", "'nowhere.yaml' to extend is not there"]),
        ("name: x\nextends: assessment.yaml\n", ["circle"]),
    ],
)
def test_refuses_with_line_value_and_cure(tmp_path, text, words):
    message = refused(write(tmp_path, text))
    for word in words:
        assert word in message, message


def test_several_mistakes_are_shown_together_in_the_order_of_lines(tmp_path):
    message = refused(write(tmp_path, "name: x\nworklod: {}\nphase: pilt\nseed: many\n"))
    assert [line.split(",")[1].strip() for line in message.splitlines()] == ["line 2", "line 3", "line 4"]


def test_a_secret_in_the_file_never_shows_in_the_message(tmp_path):
    assert "secret" not in refused(write(tmp_path, "name: x\ndata: {population: 'postgres://u:secret@h/db#t'}\n"))


def test_not_utf8_and_too_large(tmp_path):
    (tmp_path / "assessment.yaml").write_bytes(b"name: caf\xe9\n")
    assert "byte 9 is not UTF-8" in refused(tmp_path)
    (tmp_path / "assessment.yaml").write_bytes(b"#" * 3_000_000)
    assert "too large for an assessment" in refused(tmp_path)


def test_references_that_multiply_are_refused(tmp_path):
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 10) + "]" for i in range(1, 9)]
    assert "keys and items" in refused(write(tmp_path, "\n".join(rows) + "\n"))


def test_a_folder_without_an_assessment_names_the_cure(tmp_path):
    assert "flightready new" in refused(tmp_path)
    assert "neither a folder nor a file" in refused(tmp_path / "nothing")


def test_extends_shares_what_an_organisation_shares(tmp_path):
    write(tmp_path, "currency: EUR\nroi:\n  discount_rate: 10%\n  horizon: 24 months\n", "organisation.yaml")
    pilot = load(write(tmp_path / "p", "name: a\nextends: ../organisation.yaml\nroi: {horizon: 3 years}\n"))
    assert pilot.spec.currency == "EUR"
    assert pilot.spec.roi.discount_rate.median == pytest.approx(0.1)
    assert pilot.spec.roi.horizon.median == 36
    assert [p.name for p in pilot.chain] == ["assessment.yaml", "organisation.yaml"]


def test_a_mistake_in_what_is_extended_names_that_file(tmp_path):
    write(tmp_path, "seed: 1\nroi:\n  horizon: 3 USD\n", "organisation.yaml")
    assert refused(write(tmp_path / "p", "name: a\nextends: ../organisation.yaml\n")).startswith(
        "organisation.yaml, line 3, roi.horizon"
    )


def test_a_quantity_is_replaced_whole_not_mixed(tmp_path):
    write(tmp_path, "workload: {users_per_day: {p10: 1, p50: 2, p90: 4}}\n", "organisation.yaml")
    pilot = load(
        write(tmp_path / "p", "name: a\nextends: ../organisation.yaml\nworkload: {users_per_day: {value: 9}}\n")
    )
    assert pilot.spec.workload.users_per_day.median == 9


def test_named_files_must_be_there_and_hold_something(tmp_path):
    pilot = load(write(tmp_path, "name: x\ncost:\n  usage: usge.jsonl\n"))
    (tmp_path / "usage.jsonl").write_text("{}\n")
    with pytest.raises(
        InputError, match=r"line 3, cost.usage: the file 'usge.jsonl' is not there. Did you mean 'usage.jsonl'"
    ):
        pilot.file("usge.jsonl", "cost", "usage")
    (tmp_path / "usge.jsonl").touch()
    with pytest.raises(InputError, match=r"is empty \(0 bytes\)"):
        pilot.file("usge.jsonl", "cost", "usage")
    with pytest.raises(InputError, match="is a folder"):
        pilot.file(".", "cost", "usage")


def test_a_folder_or_pattern_stands_as_its_files(tmp_path):
    (tmp_path / "exports").mkdir()
    for name in ("b.csv", "a.csv"):
        (tmp_path / "exports" / name).write_text("x")
    pilot = load(write(tmp_path, "name: x\ndata:\n  curated: demo.csv\n  production: [exports/, 'none/*.csv']\n"))
    assert list(pilot.input_files()) == ["demo.csv", "exports/a.csv", "exports/b.csv"]
    assert [p.name for p in pilot.files("exports/*.csv")] == ["a.csv", "b.csv"]
    with pytest.raises(InputError, match=r"line 4, data.production.1: the pattern 'none/\*.csv' matches no file"):
        pilot.files("none/*.csv", "data", "production", 1)


def test_found_from_the_folder_of_a_notebook_below_the_project(tmp_path, monkeypatch):
    write(tmp_path / "sample", "name: x\n")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert load("sample").folder == (tmp_path / "sample").resolve()


def test_a_missing_key_is_told_with_what_it_holds(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: x\ncost:\n  options:\n    - {name: A, kind: edge, devices: 3}\n")
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    said = str(caught.value)
    assert "add 'per_device: ...', purchase of one device" in said
    assert "add 'lifetime: ...', how long one device is used" in said


def test_a_file_is_hashed_once_as_long_as_it_stays_as_it_is(tmp_path, monkeypatch):
    path = tmp_path / "usage.jsonl"
    path.write_text("one")
    first, real, opened = file_digest(path), Path.open, []
    monkeypatch.setattr(Path, "open", lambda self, *args, **kwargs: opened.append(self) or real(self, *args, **kwargs))
    assert (file_digest(path), opened) == (first, [])
    (tmp_path / "next").write_text("two")
    (tmp_path / "next").replace(path)  # as long as before, and perhaps within the same moment
    opened.clear()
    assert file_digest(path) != first and len(opened) == 1
