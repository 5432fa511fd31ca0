"""Running notebooks: what each gets, what a failing one leaves, and what does not travel into the output."""

import json
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from flightready.errors import InputError
from flightready.reports import execution
from flightready.reports.engine import Step, run_notebooks


def outputs_of(executed, identity):
    return next(cell.outputs for cell in executed.node.cells if cell.id == identity)


def test_values_arrive_typed_and_the_pilot_by_a_relative_path(run):
    good = run.notebooks[0]
    assert good.problem == ""
    assert "80000 users of toy {pilot}" in outputs_of(good, "answer")[0].data["text/plain"]
    assert good.node.metadata.papermill.parameters == {
        "assessment": "toy {pilot}", "users_per_day": 80_000.0, "only_weekdays": True,
    }  # fmt: skip


def test_charts_travel_as_mime_data_and_live_cells_are_not_run(run):
    good = run.notebooks[0]
    assert "application/vnd.plotly.v1+json" in outputs_of(good, "figure")[0].data
    assert outputs_of(good, "live") == []


def test_a_wrong_input_is_told_in_its_own_words_and_the_others_go_on(run):
    assert [n.name for n in run.notebooks] == ["01_good", "02_wrong_input", "03_defect", "04_killed"]
    wrong = run.notebooks[1]
    assert wrong.problem == "Notebook 02_wrong_input stopped at cell 'bad': got 3. Valid: 4."
    assert (wrong.failed_cell, wrong.is_defect) == ("bad", False)


def test_a_defect_is_named_and_its_message_withheld(run):
    defect = run.notebooks[2]
    told = "Notebook 03_defect stopped at cell 'bad' because of a defect of the program (KeyError)."
    assert defect.problem == told
    assert defect.is_defect
    assert "jane@example.org" not in nbformat.writes(defect.node)
    assert any("raise KeyError" in line for line in outputs_of(defect, "bad")[0].traceback)


def test_a_kernel_that_dies_keeps_what_was_shown_before(run, capfd):
    killed = run.notebooks[3]
    assert "stopped at cell 'bad': its kernel ended" in killed.problem
    assert outputs_of(killed, "first")[0].text == "got here\n"
    assert len(run.problems) == 3


@pytest.mark.parametrize("falls", [1, 2])
def test_a_kernel_that_cannot_start_is_started_once_more(tmp_path, monkeypatch, falls):
    """Two programs that look for free ports at the same moment may find the same ones."""
    path = tmp_path / "toy.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    failures = [RuntimeError("Kernel died before replying to kernel_info")] * falls + [None]
    monkeypatch.setattr(execution, "_papermill", lambda *_: (nbformat.read(path, as_version=4), failures.pop(0)))
    made = execution.execute(path, {}, folder=tmp_path)
    assert (made.problem == "", len(failures)) == ((True, 0) if falls == 1 else (False, 1))


def test_progress_comes_before_and_after_every_notebook(run, steps):
    assert len(steps) == 2 * len(run.notebooks)
    for index, made in enumerate(run.notebooks, start=1):
        before, after = (step for step in steps if step.name == made.name)
        assert before == Step(made.name, index, 4, "running")
        assert after == Step(made.name, index, 4, "failed" if made.problem else "done", made.seconds, made.problem)


def test_notebooks_one_after_the_other_give_the_same(run, pilot, toy_notebooks):
    told = []
    again = run_notebooks(pilot, notebooks=toy_notebooks[:2], parameters=dict(run.parameters), at_once=1,
                          progress=told.append)  # fmt: skip
    assert [step.state for step in told] == ["running", "done", "running", "failed"]
    assert [nbformat.writes(n.node) for n in again.notebooks] == [nbformat.writes(n.node) for n in run.notebooks[:2]]


def test_an_interrupt_ends_the_kernels_and_comes_through(pilot, tmp_path):
    """Ctrl-C reaches the caller's thread; cells that would run for a minute do not hold it up."""
    signs = [tmp_path / f"sign-{index}" for index in range(3)]
    paths = []
    for index, sign in enumerate(signs):
        path = tmp_path / f"0{index}_long.ipynb"
        source = f"import pathlib, time\ntime.sleep(60)\npathlib.Path({str(sign)!r}).touch()"
        nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(source)]), path)
        paths.append(path)

    def interrupt(step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_notebooks(pilot, notebooks=paths, progress=interrupt, at_once=2)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("notebook")]
    assert not any(sign.exists() for sign in signs)


def test_notebooks_hold_no_time_and_no_path_of_the_machine(run, pilot):
    text = "".join(nbformat.writes(n.node) for n in run.notebooks)
    for trace in ("start_time", "iopub", "duration", str(pilot.parent)):
        assert trace not in text
    assert all(cell.id != "" for n in run.notebooks for cell in n.node.cells)


def test_the_kernel_is_this_interpreter_with_this_package(pilot, tmp_path, monkeypatch):
    """A relative PYTHONPATH still holds, an editor's variables do not matter, `${NAME}` stays as it is."""
    monkeypatch.setenv("PYTHONPATH", "lib")
    monkeypatch.setenv("VSCODE_PID", "1")
    monkeypatch.setenv("TOKEN", "sesame")
    tell = (
        "import sys, os, json, flightready, plotly.io\n"
        "told = [sys.executable, flightready.__file__, os.getcwd()]\n"
        "print(json.dumps([*told, plotly.io.renderers.default, '${TOKEN}']))"
    )
    path = tmp_path / "01_where.ipynb"
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(tell, id="tell")]), path)
    done = run_notebooks(pilot / "assessment.yaml", notebooks=[path]).notebooks[0]
    executable, package, folder, renderer, secret = json.loads(outputs_of(done, "tell")[0].text)
    assert executable == sys.executable
    assert package == sys.modules["flightready"].__file__
    assert Path(folder).samefile(pilot.parent)
    assert (renderer, secret) == ("plotly_mimetype", "${TOKEN}")
    assert "sesame" not in nbformat.writes(done.node)


@pytest.mark.parametrize("name", ["user_per_day", "assessment"])
def test_an_unknown_value_stops_before_anything_runs(pilot, toy_notebooks, name):
    told: list[Step] = []
    with pytest.raises(InputError, match="--set"):
        run_notebooks(pilot, notebooks=toy_notebooks, parameters={name: "1"}, progress=told.append)
    assert told == []


def test_a_cell_without_end_is_stopped(pilot, tmp_path):
    path = tmp_path / "01_endless.ipynb"
    cell = v4.new_code_cell("import time\nwhile True: time.sleep(.1)", id="endless")
    nbformat.write(v4.new_notebook(cells=[cell]), path)
    done = run_notebooks(pilot, notebooks=[path], timeout_s=1).notebooks[0]
    assert done.problem == "Notebook 01_endless stopped at cell 'endless': it took longer than 1 second."
