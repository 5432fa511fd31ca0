"""Every cell of the notebook, with all data and with almost none."""

from types import SimpleNamespace

import plotly.graph_objects as go
import pytest
from cost_logs import bucket, response

from flightready.cost.spend import analyse
from flightready.draws import JointSample
from flightready.pages import cost as pages
from flightready.pages.display import Prose, Table
from flightready.telemetry.reading import usage_of
from flightready.traffic.demand import plan

CELLS = (
    "answer", "changed", "findings", "spent", "components", "meaning_components", "component_table", "facts", "month",
    "meaning_month", "parts", "meaning_parts", "part_table", "units", "meaning_units", "drivers", "meaning_drivers",
    "driver_table", "at_scale", "meaning_at_scale", "volumes", "how_sure", "what_would_change", "missing",
    "prices_used", "meaning_prices", "billed",
    "differences", "meaning_backtest", "meaning_conditional", "conditional", "conditional_table", "backtest",
)  # fmt: skip
SPEAK = ("answer", "changed", "findings", "spent", "meaning_at_scale", "how_sure",
         "what_would_change", "missing", "meaning_prices", "billed", "differences", "meaning_backtest")  # fmt: skip
"""Cells that always say something; charts and tables leave the word to them where there is nothing to draw."""
MOST_SENTENCES = 5  # beside a chart; more of them nobody reads
LOAD = {"users_per_day": 1000, "requests_per_user": 2}


@pytest.fixture
def study(pilot):
    def make(*args, **kwargs):
        made = pilot(*args, **kwargs)
        joint = JointSample(made.spec.seed)
        demand = plan(made, joint)
        made_study = SimpleNamespace(
            pilot=made,
            joint=joint,
            demand=demand,
            cost=analyse(made, joint, demand),
            what_ifs={},
            usage=usage_of(made),
            traffic=SimpleNamespace(findings=()),
        )
        made_study.baseline = made_study
        return made_study

    return make


@pytest.fixture(params=["log", "log without load", "export", "typed", "bill", "nothing", "failed", "euro"])
def any_study(request, study, fortnight):
    typed = {"model": "gpt-4.1", "input_tokens": 2000, "output_tokens": 100}
    files = {"l.jsonl": fortnight}
    failed = [r | {"status": "failed", "usage": None} for r in fortnight]
    return {
        "log": lambda: study({"usage": "l.jsonl", "approved": "150 USD per month"}, files, workload=LOAD),
        "log without load": lambda: study({"usage": "l.jsonl"}, {"l.jsonl": fortnight}),
        "export": lambda: study({"usage": "e.json"}, {"e.json": [bucket(d, requests=9, fresh=900) for d in range(20)]}),
        "typed": lambda: study({"per_request": typed}, workload=LOAD),
        "bill": lambda: study({"bill": "30 USD for 9_000 requests"}),
        "nothing": lambda: study(),
        "failed": lambda: study({"usage": "l.jsonl"}, {"l.jsonl": failed}, workload=LOAD),
        "euro": lambda: study({"usage": "l.jsonl", "approved": "9 EUR per month"}, files, currency="EUR",
                              workload=LOAD),
    }[request.param]()  # fmt: skip


def test_every_cell_says_something_and_draws_no_empty_chart(any_study):
    for cell in CELLS:
        shown = getattr(pages, cell)(any_study)
        if isinstance(shown, go.Figure):
            assert shown.data, cell
            assert shown.layout.title.text
            assert all(len(trace.x) for trace in shown.data)
        elif isinstance(shown, Table):
            assert shown.rows, cell
        else:
            assert isinstance(shown, Prose)
            assert any(shown.paragraphs) or cell not in SPEAK, cell
            assert len(shown.paragraphs) <= MOST_SENTENCES or not cell.startswith("meaning_"), cell
        assert "nan" not in repr(shown).split()


def test_changed_values_are_set_beside_the_assessments_own(study, fortnight):
    before = study({"usage": "l.jsonl"}, {"l.jsonl": fortnight}, workload=LOAD)
    after = study({"usage": "l.jsonl"}, {"l.jsonl": fortnight}, workload=LOAD | {"users_per_day": 2000})
    after.baseline, after.what_ifs = before, {"users_per_day": 2000}
    text = repr(pages.changed(after))
    assert "about $375" in text  # 4,000 x 30.44 x 0.00308
    assert "$187" in text


def test_the_live_panel_starts_at_the_plan_and_follows_what_is_typed(study, fortnight):
    panel = pages.what_if(
        study({"usage": "l.jsonl", "approved": "150 USD per month"}, {"l.jsonl": fortnight}, workload=LOAD)
    )
    assert panel.values == {
        "users_per_day": 1000.0, "requests_per_user": 2.0, "growth_percent": 1.5, "cached_percent": 0.0,
        "reviewed_percent": 0.0}  # fmt: skip
    before = str(panel.area.outputs)
    panel.fields["users_per_day"].value = 500
    assert panel.problem == ""
    assert str(panel.area.outputs) != before
    assert "about $93.6" in str(panel.area.outputs)
    assert "The bill of a month | $187 | $93.6" in str(panel.area.outputs)  # the baseline beside it
    assert "-$93.6" in str(panel.area.outputs)
    panel.fields["cached_percent"].value = 140
    assert "0 to 100" in panel.problem


def test_the_live_panel_offers_the_models_of_the_options(study, fortnight):
    options = [{"name": "Smaller", "model": "gpt-4.1-mini"}, {"name": "Unknown", "model": "no-such-model"},
               {"name": "Batch", "tier": "batch"}]  # fmt: skip
    made = study({"usage": "l.jsonl", "options": options, "running": {"on_call": "50 USD per month"}},
                 {"l.jsonl": fortnight}, workload=LOAD)  # fmt: skip
    panel = pages.what_if(made)
    assert [read for read, _ in panel.controls["model"].pairs] == ["gpt-4.1-2025-04-14", "gpt-4.1-mini"]
    assert "about $237" in str(panel.area.outputs)  # 187.5 for the calls, 50 beside them
    panel.fields["model"].value = "gpt-4.1-mini"
    assert "about $87.4" in str(panel.area.outputs)
    panel.fields["growth_percent"].value = 0
    assert "$1,050" in _row(panel, "Bills of the twelve months")


def _row(panel, label):
    return next(line for line in str(panel.area.outputs).split("\\n") if line.startswith(label))


def test_the_live_panel_sets_people_on_top_of_the_bill(study, fortnight):
    # 1,000 users x 2 requests x 30.44 days = 60,880 requests; one in ten reviewed, each of them at 3 USD
    made = study({"usage": "l.jsonl"}, {"l.jsonl": fortnight}, workload=LOAD, roi={"estimates": {
        "review_share": "10 %", "review_cost": "3 USD"}})  # fmt: skip
    panel = pages.what_if(made)
    assert panel.values["reviewed_percent"] == 10.0
    bill = _row(panel, "The bill of a month")
    assert "$18,300 | $18,300 | none" in _row(panel, "Reviews by people")
    panel.fields["reviewed_percent"].value = 5
    assert "$18,300 | $9,130 | -$9,130" in _row(panel, "Reviews by people")
    assert _row(panel, "The bill of a month") == bill  # a review is no part of it
    panel.fields["reviewed_percent"].value = 101
    assert "0 to 100" in panel.problem


def test_the_live_panel_needs_the_cost_of_a_request(study):
    assert isinstance(pages.what_if(study()), Prose)


def test_names_from_the_log_are_escaped(study, fortnight):
    own = {"<script>x</script>": {"input_per_million": "2 USD", "output_per_million": "8 USD"}}
    log = [r | {"model": "<script>x</script>"} for r in fortnight]
    made = study({"usage": "l.jsonl", "prices": own}, {"l.jsonl": log}, workload=LOAD)
    for cell in CELLS:
        shown = getattr(pages, cell)(made)
        html = shown.to_json() if isinstance(shown, go.Figure) else shown._repr_html_()
        assert "<script>x" not in html


def test_a_log_of_many_models_names_those_used_most(study):
    log = [response(d, n, fresh=900, model="gpt-4.1-mini") for d in range(14) for n in range(5)]
    own = {f"m{i}": {"input_per_million": "2 USD", "output_per_million": "8 USD"} for i in range(40)}
    log += [response(20, i, fresh=900, model=f"m{i}") for i in range(40)]
    made = study({"usage": "l.jsonl", "prices": own}, {"l.jsonl": log})
    rows = pages.facts(made).rows
    models = [row for row in rows if "odel" in row[0]]
    assert models[0] == ("Model gpt-4.1-mini", "70 calls")
    assert models[-1] == ("33 other models", "33 calls")
    assert len(models) == 9
    assert len(pages.prices_used(made).rows) == 20
    assert "21 more are not shown" in pages.prices_used(made).caption
    assert len(pages.prices_used(made, every=True).rows) == 41
