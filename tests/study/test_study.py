"""The study: computed once, recomputed only where something changed, verdict untouched by what-ifs, no raw data kept."""

import json
import shutil

import pytest

from flightready import study as studies
from flightready.evaluation import analysis
from flightready.readiness.verdict import Verdict
from flightready.study import open_study
from flightready.study.document import as_json, document
from flightready.study.store import Store


@pytest.fixture
def counted(monkeypatch):
    """How often each analysis was computed."""
    counts = {}
    places = {name: (studies, f"analyse_{name}") for name in ("realism", "cost", "latency", "roi")}
    places["evaluation"] = (analysis, "analyse")  # loaded when it is computed
    for name, place in places.items():
        original = getattr(*place)

        def counting(*args, _name=name, _original=original, **kwargs):
            counts[_name] = counts.get(_name, 0) + 1
            return _original(*args, **kwargs)

        monkeypatch.setattr(*place, counting)
    return counts


def test_the_samples_verdict_and_its_reasons(support_triage):
    review = open_study(support_triage).readiness
    assert review.verdict is Verdict.NO_GO
    assert [q for q, s in review.must_haves if s == "FAIL"] == ["R1", "R3", "gap"]
    assert review.contradicted >= 3


def test_the_newcomers_verdict_says_what_would_decide(first_hour):
    review = open_study(first_hour, as_of="2026-11-20").readiness
    assert review.verdict is Verdict.NOT_DECIDABLE
    assert all(review.answer(q).next_step for q in review.deciding)


def test_each_analysis_is_computed_once_and_again_only_where_something_changed(support_triage, tmp_path, counted):
    store = Store(tmp_path)
    first, second = (open_study(support_triage, store=store) for _ in range(2))
    assert as_json(document(first, first.readiness)) == as_json(document(second, second.readiness))
    assert counted == {"realism": 1, "evaluation": 1, "cost": 1, "latency": 1, "roi": 1}
    changed = open_study(support_triage, store=store, benefit_per_case=2.0)
    assert changed.roi.npv.median != changed.baseline.roi.npv.median
    assert changed.cost and changed.latency
    assert counted == {"realism": 1, "evaluation": 1, "cost": 1, "latency": 1, "roi": 2}
    counted.clear()
    assert open_study(support_triage, store=store, users_per_day=50_000).cost.monthly
    assert counted == {"cost": 1}  # the evaluation takes long, and cost needs nothing of it that depends on the load
    apart = open_study(support_triage)  # computed by another test or process, else here: the same seed, the same bytes
    assert as_json(document(apart, apart.readiness)) == as_json(document(first, first.readiness))


def test_a_declared_correlation_reaches_the_draws_of_every_analysis(tmp_path):
    from scipy import stats

    text = """\
name: Moving together
workload: {users_per_day: 500 to 2_000, requests_per_user: 1}
cost: {bill: 30 USD for 3_000 requests}
roi:
  benefit_per_case: 1 to 3 USD
  correlations: [{between: [users_per_day, benefit_per_case], rank: -0.7}]
"""
    (tmp_path / "assessment.yaml").write_text(text)
    study = open_study(tmp_path, store=Store(tmp_path / "store"))
    assert study.cost.monthly and study.roi.npv
    drawn = study.joint.columns()
    rank = stats.spearmanr(drawn["workload.users_per_day"].ravel(), drawn["roi.benefit_per_case"].ravel())[0]
    assert rank == pytest.approx(-0.7, abs=0.02)
    (tmp_path / "assessment.yaml").write_text(text.replace("-0.7", "0.7"))
    again = open_study(tmp_path, store=Store(tmp_path / "store"))
    assert again.roi.npv.high > study.roi.npv.high


@pytest.mark.parametrize("change", ["add", "edit", "remove", "none"])
def test_a_file_added_to_changed_in_or_taken_from_a_folder_is_noticed(tmp_path, counted, change):
    exports = tmp_path / "pilot" / "exports"
    exports.mkdir(parents=True)
    (tmp_path / "pilot" / "assessment.yaml").write_text("name: x\ndata: {production: 'exports/*.csv'}\n")
    for month in ("01", "02"):
        (exports / f"{month}.csv").write_text("id,text\n" + "".join(f"{month}{i},some text\n" for i in range(9)))
    store = Store(tmp_path / "store")
    first = open_study(tmp_path / "pilot", as_of="2026-10-15", store=store)
    assert first.realism.n_raw == 18
    assert {"exports/01.csv", "exports/02.csv"} <= set(first.input_digests)
    if change == "add":
        (exports / "03.csv").write_text("id,text\n1,x\n2,y\n")
    elif change == "edit":
        (exports / "02.csv").write_text("id,text\n1,x\n2,y\n")
    elif change == "remove":
        (exports / "02.csv").unlink()
    second = open_study(tmp_path / "pilot", as_of="2026-10-15", store=store)
    assert second.realism.n_raw == {"add": 20, "edit": 11, "remove": 9, "none": 18}[change]
    assert counted["realism"] == (1 if change == "none" else 2)


def test_what_ifs_never_change_the_verdict(support_triage):
    study = open_study(support_triage, accuracy_floor=0.5, allowed_drop_points=50, budget_p95_s=1000, budget_p99_s=1000)
    assert study.evaluation.findings != study.baseline.evaluation.findings
    assert study.readiness.verdict is study.baseline.readiness.verdict
    assert study.readiness.findings == study.baseline.readiness.findings


def test_another_seed_gives_other_draws_the_same_one_the_same_in_any_folder(support_triage, tmp_path):
    months = {}
    for seed in (7, 8):
        folder = tmp_path / str(seed)
        shutil.copytree(support_triage, folder)
        text = (folder / "assessment.yaml").read_text(encoding="utf-8")
        assert "\nseed: 7" in text
        (folder / "assessment.yaml").write_text(text.replace("\nseed: 7", f"\nseed: {seed}"), encoding="utf-8")
        months[seed] = open_study(folder, store=Store(folder / "store")).cost.monthly.mean
    assert months[7] == open_study(support_triage).cost.monthly.mean != months[8]


def test_only_a_name_still_gives_an_answer_everywhere(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: Just an idea\n")
    study = open_study(tmp_path, store=Store(tmp_path / "store"))
    content = document(study, study.readiness)
    assert content["verdict"] == "NOT DECIDABLE YET" and content["exit_code"] == 4
    assert not [f for f in study.findings if f.state == "PASS"]
    assert study.roi.break_even_benefit.low > 0
    keys = {m["key"] for m in content["missing"]}
    assert {"curated", "production", "usage_log", "workload", "spans", "benefit", "outcome"} <= keys
    json.loads(as_json(content))


@pytest.mark.parametrize(
    "left_out", ["data", "evaluation", "workload", "cost", "latency", "roi", "outcome", "attestations"]
)
def test_each_section_may_be_missing(support_triage, tmp_path, left_out):
    """Every absence of a section still gives a verdict, names something to bring, and lifts nothing to a yes."""
    from ruamel.yaml import YAML

    folder = tmp_path / "pilot"
    shutil.copytree(support_triage, folder)
    yaml, path = YAML(), folder / "assessment.yaml"
    content = yaml.load(path.read_text(encoding="utf-8"))
    del content[left_out]
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(content, stream)
    full, partial = open_study(support_triage), open_study(folder)
    assert partial.readiness.verdict <= Verdict.NOT_DECIDABLE
    assert {a.key for a in partial.absences} > {a.key for a in full.absences}
    yes = {a.question for a in partial.readiness.answers if a.state == "PASS"}
    assert yes <= {a.question for a in full.readiness.answers if a.state == "PASS"}


def test_personal_data_and_markup_reach_neither_store_nor_document(support_triage, tmp_path):
    """Canaries planted in raw text, in an id and in a category appear in nothing that is kept or shown."""
    folder = tmp_path / "pilot"
    shutil.copytree(support_triage, folder)
    canaries = ("canary.person@example.org", "4111111111111111", "Zzyzxqua", "<script>boo()</script>")
    row = f'Zzyzxqua,2026-01-05T10:00:00Z,Hello from {canaries[0]},"card {canaries[1]} {canaries[3]}",Zzyzxqua,12.5,billing,legal,0.9\n'
    with (folder / "web.csv").open("a", encoding="utf-8") as stream:
        stream.write(row * 3)
    store = Store(tmp_path / "store")
    study = open_study(folder, store=store)
    kept = as_json(document(study, study.readiness)).encode()
    kept += b"".join(p.read_bytes() for p in (tmp_path / "store").rglob("*") if p.is_file())
    for canary in canaries:
        assert canary.encode() not in kept, canary
