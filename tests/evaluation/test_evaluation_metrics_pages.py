"""The pages of the metrics: every task has a chart, a table and sentences, and nothing is shown without scores."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import plotly.graph_objects as go
import pytest
from evaluation_samples import HEAD, evaluated_in, rows

from flightready.intervals import wilson
from flightready.pages import evaluation as pages
from flightready.pages.display import Prose, Table
from flightready.wording import interval, money, share

COUNTS = {("a", "a"): 40, ("b", "b"): 30, ("a", "b"): 6, ("b", "a"): 4}
PAGES = (
    pages.metrics_chart, pages.meaning_metrics, pages.metrics, pages.metrics_by_class, pages.priced_confusions,
)  # fmt: skip


def ends(right: int, n: int) -> tuple[float, float]:
    found = wilson(right, n)
    return found.low, found.high


@dataclass
class Shown:
    """Stands in for a study: the pages read its evaluation only."""

    evaluation: Any


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


def test_a_classification_shows_all_five(evaluated):
    raw, demo = HEAD + rows(0, COUNTS), HEAD + rows(500, {("a", "a"): 45, ("b", "b"): 40, ("a", "b"): 5})
    study = Shown(evaluated(raw, demo, error_cost={"default": "2 USD", "b -> a": "30 USD"}))
    kinds = [type(page(study)) for page in PAGES]
    assert kinds == [go.Figure, Prose, Table, Table, Table]
    shown = pages.metrics(study)
    assert [row[0] for row in shown.rows] == ["Accuracy", "Balanced accuracy", "Macro F1"]
    cells = [f"{share(r / n)} ({interval(*ends(r, n), share)})".replace(" ", "\u00a0") for r, n in ((85, 90), (70, 80))]
    assert shown.rows[0][1:5] == (*cells, "90", "80")
    priced = pages.priced_confusions(study)
    assert [row[:3] for row in priced.rows] == [("b", "a", "4"), ("a", "b", "6")]
    # about 4 of 80 in 10,000 cases at 30 USD, as the draws behind the table of all errors have it
    costs = {k.kind: k for k in study.evaluation.error_cost.kinds}
    assert priced.rows[0][4] == money(costs["b -> a"].cost_per_10000, "USD")
    assert costs["b -> a"].cost_per_10000 == pytest.approx(15_000, rel=0.1)
    assert sum(p.cost_per_10000 for p in study.evaluation.metrics.priced) == pytest.approx(
        sum(k.cost_per_10000 for k in costs.values())
    )


def test_other_tasks_show_no_classes(evaluated):
    raw = "id,true,said\n" + "".join(f"N-{i},{i},{i * 1.2}\n" for i in range(1, 80))
    study = Shown(evaluated(raw, columns={"id": "id", "label": "true", "prediction": "said"}, task="regression"))
    assert isinstance(pages.metrics_chart(study), go.Figure)
    assert len(pages.metrics(study).rows) == 4
    assert "n demo" not in [str(h) for h in pages.metrics(study).head]
    assert pages.metrics_by_class(study).paragraphs == ("",)
    assert pages.priced_confusions(study).paragraphs == ("",)


def test_only_a_demo_score_is_shown_as_that(evaluated):
    study = Shown(evaluated(None, HEAD + rows(0, COUNTS)))
    assert "demo set" in pages.metrics_chart(study).layout.title.text
    assert pages.metrics_by_class(study).caption.startswith("Classes on the demo set")
    assert isinstance(pages.priced_confusions(study), Prose)


def test_without_scores_nothing_is_drawn(evaluated):
    study = Shown(evaluated("id,text\n1,x\n2,y\n", columns={"id": "id", "text": "text"}))
    assert all(isinstance(page(study), Prose) for page in PAGES)
    assert "no metric" in repr(pages.metrics_chart(study))
