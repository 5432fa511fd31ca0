"""The part of notebook 02 on labels: every page function answers, with records, without them, and on the samples."""

import plotly.graph_objects as go
import pytest

from flightready.pages import evaluation as pages
from flightready.pages.display import Prose, Table
from flightready.study import open_study

PARTS = ("truth_set", "meaning_truth_set", "estimate", "meaning_estimate", "label_value", "label_value_table",
         "meaning_label_value")  # fmt: skip


@pytest.mark.parametrize("name", ["support_triage", "first_hour"])
def test_every_part_answers(root, name):
    study = open_study(root / "sample_data" / name, as_of="2026-10-15")
    shown = {part: getattr(pages, part)(study) for part in PARTS}
    assert all(isinstance(s, Prose | Table | go.Figure) for s in shown.values())
    for part in ("meaning_truth_set", "meaning_estimate", "meaning_label_value"):
        assert shown[part].paragraphs[0].endswith(".")
    if name == "support_triage":
        assert isinstance(shown["truth_set"], Table)
        assert not shown["label_value"].paragraphs[0]  # the floor is decided: no chart of nothing
        assert "points too high" in shown["meaning_estimate"].paragraphs[0]
    else:
        assert isinstance(shown["label_value"], go.Figure)
        assert shown["meaning_truth_set"].paragraphs[0].startswith("No record carries both")


def test_an_empty_assessment_answers_as_well(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: x\n")
    study = open_study(tmp_path)
    assert pages.meaning_truth_set(study).paragraphs[0].startswith("No record carries both")
    assert isinstance(pages.label_value_table(study), Table)
