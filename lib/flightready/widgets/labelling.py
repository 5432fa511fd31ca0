"""A form in which one person labels records one after another; every answer is saved at once, beside the sheets.

Raw text is shown live only: the form prints itself as a plain sentence, so that no notebook keeps a record.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from html import escape
from pathlib import Path

import ipywidgets

from flightready.assessment import load
from flightready.errors import InputError
from flightready.evaluation.labelling import files
from flightready.evaluation.labelling.asked import CANNOT_TELL, Asked
from flightready.evaluation.labelling.drawing import asked_before, manifest_of, ordered, records
from flightready.evaluation.labelling.sheet import KEY, QUESTIONS, read_sheet
from flightready.realism.inspection import inspected
from flightready.realism.sources import read_sample

_NOT_YET = ""
_TEXT_STYLE = "white-space:pre-wrap;overflow-wrap:anywhere;margin:.2em 0 .8em;max-width:60em;line-height:1.5"
_HEAD_STYLE = "font-weight:600;color:#5b6b7a"
_WIDE = {"width": "32em", "max_width": "100%"}
_LABELLED = {"description_width": "8em"}


def labelling_form(assessment: str | Path, *, labeller: str = "first") -> LabellingForm:
    """Return the form of one labeller for the records that `flightready label` drew.

    Parameters
    ----------
    assessment : str or Path
        Folder with an assessment.yaml, or such a file.
    labeller : str
        first or second.

    Raises
    ------
    InputError
        When nothing was drawn yet, or labeller is neither.
    """
    if labeller not in files.LABELLERS:
        raise InputError(f"'{labeller}' is no labeller", valid=" or ".join(files.LABELLERS))
    pilot = load(assessment)
    folder = pilot.folder / files.FOLDER
    manifest = manifest_of(folder)
    drawn = [read_sheet(p, labeller) for p in files.sheets(folder, labeller)]
    if not manifest or not drawn:
        cure = "run: flightready label <folder> --n 200" + (" --second" if labeller == "second" else "")
        raise InputError("no records were drawn for this labeller yet", where=files.FOLDER, cure=cure)
    as_of = dt.date.fromisoformat(str(manifest["sampling"]["drawn"]))
    inspection = inspected(pilot, read_sample(pilot), as_of=as_of)
    what = asked_before(pilot, inspection, manifest)
    chosen = ordered(pilot, inspection, seed=manifest["sampling"]["seed"])
    if chosen.sample != manifest["draw"]:
        raise InputError("the raw records have changed since they were drawn", where=f"{files.FOLDER}/{files.MANIFEST}",
                         cure="put the old records back, or draw anew in an empty folder 'labelling'")  # fmt: skip
    wanted = {key for sheet in drawn for key in sheet.answers}
    shown = [(key, said) for key, said in records(inspection, chosen, len(chosen.keys), what) if key in wanted]
    given = {key: answer for sheet in drawn for key, answer in sheet.answers.items() if answer}
    return LabellingForm(shown, what, folder / f"{labeller}_form.csv", given, draw=chosen.sample)


class LabellingForm(ipywidgets.VBox):
    """One record at a time, with its question, Back and Next.

    Parameters
    ----------
    shown : list of (key, {column: text})
    asked : Asked
    path : Path
        CSV that holds the answers; written whole or not at all after each.
    given : dict of key to answer
        Answers that are there already, from a sheet or an earlier sitting.
    draw : str
        Digest of the draw, written into the file.
    """

    def __init__(
        self, shown: list[tuple[str, dict[str, str]]], asked: Asked, path: Path, given: dict[str, str], *, draw: str
    ) -> None:
        self._shown, self._asked, self._path, self._draw = shown, asked, path, draw
        self._answers, self._moving = dict(given), False
        self.place = next((i for i, (key, _) in enumerate(shown) if key not in given), 0)
        self.text, self.progress = ipywidgets.HTML(), ipywidgets.HTML()
        self.message = ipywidgets.HTML()
        looks = {"description": "Right answer", "style": _LABELLED, "layout": _WIDE}
        if asked.choices:
            options = [("(not yet)", _NOT_YET), *((c, c) for c in asked.choices)]
            self.answer = ipywidgets.Dropdown(options=options, value=_NOT_YET, **looks)
        else:
            self.answer = ipywidgets.Text(placeholder=f"or {CANNOT_TELL}", continuous_update=False, **looks)
        self.back = ipywidgets.Button(description="Back", tooltip="The record before")
        self.next = ipywidgets.Button(description="Next", tooltip="Save and go on", button_style="primary")
        self.to_open = ipywidgets.Button(description="Next without an answer", layout={"width": "auto"})
        self.answer.observe(self._on_answer, names="value")
        self.back.on_click(lambda _: self.go(self.place - 1))
        self.next.on_click(lambda _: self.go(self.place + 1))
        self.to_open.on_click(lambda _: self.go(self._first_open()))
        buttons = ipywidgets.HBox([self.back, self.next, self.to_open])
        super().__init__([self.progress, self.text, self.answer, buttons, self.message])
        self._show()

    @property
    def n_answered(self) -> int:
        """Records with an answer, 'cannot tell' included."""
        return sum(key in self._answers for key, _ in self._shown)

    def go(self, place: int) -> None:
        """Show another record; beyond either end the form stays where it is."""
        self.place = min(max(place, 0), len(self._shown) - 1)
        self._show()
        self.answer.focus()

    def _first_open(self) -> int:
        after = [*range(self.place + 1, len(self._shown)), *range(self.place + 1)]
        return next((i for i in after if self._shown[i][0] not in self._answers), self.place)

    def _on_answer(self, change: dict) -> None:
        if not self._moving:
            self.give(str(change["new"]))

    def give(self, answer: str) -> None:
        """Take an answer to the record that is shown, and save all; a wrong one is refused in a sentence."""
        key = self._shown[self.place][0]
        before = dict(self._answers)
        try:
            kept = CANNOT_TELL if answer.strip().casefold() == CANNOT_TELL else self._asked.read(answer)
            self._answers.pop(key, None)
            if kept:
                self._answers[key] = kept
            files.write_private(self._path, self._csv())
            self._tell("Saved." if kept else "Saved without an answer.")
        except InputError as error:
            self._answers = before
            self._tell(str(error))
        self._show_progress()

    def _csv(self) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([f"Draw {self._draw}."])
        writer.writerow([KEY, QUESTIONS["first"]])
        writer.writerows([key, self._answers.get(key, "")] for key, _ in self._shown)
        return text.getvalue().encode(errors="replace")

    def _show(self) -> None:
        key, said = self._shown[self.place]
        parts = (
            f"<div style='{_HEAD_STYLE}'>{escape(head)}</div>"
            f"<div style='{_TEXT_STYLE}'>{escape(text) or '(empty)'}</div>"
            for head, text in said.items()
        )
        self.text.value = f"<div class='mathjax_ignore'>{''.join(parts)}</div>"
        self._moving = True
        try:
            given = self._answers.get(key, _NOT_YET)
            if isinstance(self.answer, ipywidgets.Dropdown) and given not in (_NOT_YET, *self._asked.choices):
                given = _NOT_YET  # a sheet holds a word that is no class; merging will say so
            self.answer.value = given
        finally:
            self._moving = False
        self.back.disabled, self.next.disabled = self.place == 0, self.place == len(self._shown) - 1
        self._tell("")
        self._show_progress()

    def _show_progress(self) -> None:
        told = f"Record {self.place + 1:,} of {len(self._shown):,}; {self.n_answered:,} answered."
        told += " CONFIDENTIAL: raw records."
        self.progress.value = f"<div role='status' style='{_HEAD_STYLE}'>{told}</div>"

    def _tell(self, text: str) -> None:
        self.message.value = f"<div role='alert'>{escape(text)}</div>" if text else ""

    def __repr__(self) -> str:
        return f"Labelling form, {len(self._shown):,} records (shown live only; nothing of them is stored here)"
