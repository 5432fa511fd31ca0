"""The form to label in: one record at a time, saved at once, and never kept by a notebook."""

import csv
import stat

import ipywidgets
import nbformat
import pytest
from labelling_samples import DAY, SECRET, fill, opened, pilot_in, right

from flightready.errors import InputError
from flightready.evaluation.labelling.asked import CANNOT_TELL
from flightready.evaluation.labelling.drawing import draw
from flightready.evaluation.labelling.merging import merge
from flightready.reports import labelling_notebook, notebooks
from flightready.widgets.labelling import labelling_form


@pytest.fixture
def folder(tmp_path):
    pilot_in(tmp_path, 60)
    draw(*opened(tmp_path), 10, seed=7, as_of=DAY)
    return tmp_path


def saved(folder):
    with (folder / "labelling" / "first_form.csv").open(encoding="utf-8") as stream:
        return [row[1] for row in list(csv.reader(stream))[2:]]


def test_every_answer_is_saved_at_once_for_its_owner_only(folder):
    live = labelling_form(folder)
    assert SECRET in live.text.value and "Record 1 of 10; 0 answered" in live.progress.value
    live.answer.value = "legal"
    assert saved(folder) == ["legal"] + [""] * 9
    assert stat.S_IMODE((folder / "labelling" / "first_form.csv").stat().st_mode) == 0o600
    live.next.click()
    assert "Record 2 of 10; 1 answered" in live.progress.value and live.answer.value == ""
    live.answer.value = CANNOT_TELL
    live.back.click()
    assert live.answer.value == "legal"
    live.answer.value = ""
    assert saved(folder) == ["", CANNOT_TELL] + [""] * 8


def test_it_goes_on_where_it_was_left(folder):
    live = labelling_form(folder)
    for _ in range(3):
        live.answer.value = "legal"
        live.next.click()
    again = labelling_form(folder)
    assert again.place == 3 and again.n_answered == 3
    again.go(0)
    assert again.answer.value == "legal"
    again.to_open.click()
    assert again.place == 3
    again.go(99)
    assert again.place == 9 and again.next.disabled and not again.back.disabled


def test_what_was_filled_in_on_the_sheet_is_there(folder):
    fill(folder / "labelling" / "first.xlsx", right)
    live = labelling_form(folder)
    assert live.n_answered == 10 and live.answer.value != ""


def test_the_form_and_the_sheet_merge_alike(folder):
    live = labelling_form(folder)
    for _ in range(10):
        live.answer.value = "legal"
        live.next.click()
    assert merge(*opened(folder), labelled_on=DAY, as_of=DAY).labelled == 10


def test_a_wrong_answer_is_refused_in_a_sentence_and_nothing_is_lost(tmp_path):
    pilot_in(tmp_path, 60, task="scored", rating={"low": 1, "high": 5, "good": 4})
    draw(*opened(tmp_path), 10, seed=7, as_of=DAY)
    live = labelling_form(tmp_path)
    live.answer.value = "4"
    live.answer.value = "9"
    assert "the rating 9 is off the scale. Valid: 1 to 5." in live.message.value
    assert saved(tmp_path)[0] == "4"


def test_raw_text_is_escaped_and_kept_out_of_what_a_notebook_stores(folder):
    text = (folder / "raw.csv").read_text().replace("please help", "<script>alert(1)</script> $x$")
    (folder / "raw.csv").write_text(text)
    for sheet in (folder / "labelling").glob("*.xlsx"):
        sheet.unlink()
    draw(*opened(folder), 10, seed=7, as_of=DAY)
    live = labelling_form(folder)
    shown = " ".join(w.value for w in (live.text, live.progress))
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "mathjax_ignore" in shown
    bundle = live._repr_mimebundle_()
    assert SECRET not in repr(bundle) and "Labelling form, 10 records" in bundle["text/plain"]
    assert SECRET not in repr(live) and SECRET not in str(live)
    assert isinstance(live.answer, ipywidgets.Dropdown) and live.answer.description == "Right answer"


def test_without_a_draw_it_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="no records were drawn for this labeller yet.*flightready label"):
        labelling_form(pilot_in(tmp_path, 60))
    draw(*opened(tmp_path), 10, seed=7, as_of=DAY)
    with pytest.raises(InputError, match="--second"):
        labelling_form(tmp_path, labeller="second")
    with pytest.raises(InputError, match="'third' is no labeller"):
        labelling_form(tmp_path, labeller="third")


def test_the_notebook_of_the_form_runs_and_stores_no_record(folder):
    from nbclient import NotebookClient

    path = labelling_notebook.write(folder)
    assert path.parent == folder / "labelling" and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.name not in {p.name for p in notebooks.select()}  # no report ever runs it
    node = nbformat.read(path, as_version=4)
    NotebookClient(node, timeout=120, kernel_name="python3", store_widget_state=False,
                   resources={"metadata": {"path": str(path.parent)}}).execute()  # fmt: skip
    text = nbformat.writes(node)
    assert "Labelling form, 10 records" in text and SECRET not in text
