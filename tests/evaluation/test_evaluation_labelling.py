"""Labels first: a random draw, a sheet that is safe and honest, a merge that refuses what it cannot trust."""

import csv
import re
import stat

import openpyxl
import pytest
from labelling_samples import DAY, SECRET, TEAMS, fill, number_of, opened, pilot_in, records, right, truth

from flightready.errors import InputError
from flightready.evaluation.analysis import analyse
from flightready.evaluation.labelling import files
from flightready.evaluation.labelling.asked import CANNOT_TELL, NONE_OF_THESE, asked, known_classes
from flightready.evaluation.labelling.drawing import draw, manifest_of, ordered
from flightready.evaluation.labelling.merging import merge
from flightready.evaluation.labelling.sheet import read_sheet
from flightready.evaluation.labels.labels import drawn, with_labels
from flightready.evidence import State


@pytest.fixture
def folder(tmp_path):
    return pilot_in(tmp_path)


def drew(folder, n=40, labeller="first", **options):
    return draw(*opened(folder), n, seed=options.pop("seed", 7), as_of=DAY, labeller=labeller, **options)


def merged(folder, **options):
    return merge(*opened(folder), labelled_on=DAY, as_of=DAY, **options)


def labels(folder):
    with (folder / "labelling" / "labels.csv").open(encoding="utf-8") as stream:
        return {row["key"]: row for row in csv.DictReader(stream)}


def test_a_larger_draw_keeps_the_smaller_one_and_counts_copies_once(folder):
    pilot, inspection = opened(folder)
    chosen = ordered(pilot, inspection, seed=7)
    assert len(chosen.keys) == 300  # 302 records, two of them copies
    assert chosen.keys == ordered(*opened(folder), seed=7).keys
    assert chosen.keys[:40] != ordered(pilot, inspection, seed=8).keys[:40]
    small = set(read_sheet(drew(folder, 20).path, "first").answers)
    large = set(read_sheet(drew(folder, 60).path, "first").answers)
    assert len(small) == 20 and len(large) == 60 and small < large


def test_every_record_is_as_likely_as_any_other(folder):
    """Over 300 seeds each of 300 records is drawn 30 times of 300 on average; none nearly always or never."""
    keys = ordered(*opened(folder), seed=0).keys
    from flightready.evaluation.labelling.keys import order, record_keys

    every = record_keys(*opened(folder))
    counts = dict.fromkeys(keys, 0)
    for seed in range(300):
        for key in order(every, seed).keys[:30]:
            counts[key] += 1
    assert sum(counts.values()) == 9000
    assert min(counts.values()) > 8 and max(counts.values()) < 60


def test_the_key_of_a_record_outlives_answers_and_new_columns(folder):
    from flightready.evaluation.labelling.keys import record_keys

    before = record_keys(*opened(folder))
    lines = records(300).splitlines()
    wider = [lines[0] + ",note", *(f"{line.rsplit(',', 2)[0]},legal,0.1,new" for line in lines[1:])]
    (folder / "raw.csv").write_text("\n".join(wider) + "\n")
    assert list(record_keys(*opened(folder))) == list(before)


def test_records_without_an_id_of_their_own_go_by_what_they_say(tmp_path):
    from flightready.evaluation.labelling.keys import record_keys

    pilot_in(tmp_path)
    (tmp_path / "raw.csv").write_text(
        "id,text,predicted,confidence\nK-1,one,a,0.9\nK-1,two,a,0.9\n,three,a,0.9\n,three,b,0.8\nK-2,four,a,0.9\n"
    )
    keys = record_keys(*opened(tmp_path))
    assert len(set(keys)) == 4 and keys[2] == keys[3]


def test_the_sheet_hides_the_pilots_answer_and_holds_no_formula(folder):
    written = drew(folder, 300)
    book = openpyxl.load_workbook(written.path)
    page, how = book["Labels"], book["How to label"]
    heads = [c.value for c in page[2]]
    assert heads == ["record", "id", "text", "right answer", "notes"]
    assert page.freeze_panes == "B3"
    cells = [c for row in page.iter_rows(min_row=3) for c in row]
    assert {c.data_type for c in cells if c.value is not None} == {"s"}
    assert any(str(c.value).startswith("=SUM") for c in cells)
    assert "0.9" not in {str(c.value) for c in cells}
    told = " ".join(str(c.value) for row in how.iter_rows() for c in row)
    assert "CONFIDENTIAL" in told and "answer is not shown on purpose" in told
    assert "CONFIDENTIAL" in page["A1"].value and all(c.alignment.wrap_text for c in page[3])


def test_the_drop_down_offers_known_classes_none_of_these_and_cannot_tell(folder):
    book = openpyxl.load_workbook(drew(folder, 30).path)
    [rule] = book["Labels"].data_validations.dataValidation
    assert rule.type == "list" and str(rule.sqref) == "D3:D32"
    assert [c.value for c in book["Classes"]["A"]] == [*TEAMS, NONE_OF_THESE, CANNOT_TELL]
    assert book["Classes"].sheet_state == "hidden"


@pytest.mark.parametrize("said", ["zoe@mail.example", "+49 171 5550199", "x" * 60])
def test_what_may_be_personal_is_no_class(tmp_path, said):
    pilot_in(tmp_path)
    text = records(300).replace(",billing,0.9", f",{said},0.9")
    (tmp_path / "raw.csv").write_text(text)
    assert said not in known_classes(*opened(tmp_path))


def test_everything_is_for_its_owner_only_and_out_of_git(folder):
    drew(folder)
    place = folder / "labelling"
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in place.iterdir()} == {0o600}
    assert (place / ".gitignore").read_text() == "*\n"
    assert not [p for p in place.iterdir() if p.name.startswith(".draft")]


def test_the_manifest_says_how_and_holds_no_record(folder):
    drew(folder)
    text = (folder / "labelling" / files.MANIFEST).read_text()
    found = manifest_of(folder / "labelling")
    assert found["sampling"] == {"method": "random", "from": "300 different raw records", "drawn": DAY, "seed": 7}
    assert found["n"] == 40 and list(found["source_sha256"]) == ["raw.csv"] and found["shown"] == ["id", "text"]
    assert SECRET not in text


def test_drawing_again_changes_nothing_and_never_a_filled_sheet(folder):
    path = drew(folder).path
    before = path.read_bytes()
    assert not drew(folder).is_new and path.read_bytes() == before
    fill(path, right)
    filled = path.read_bytes()
    assert not drew(folder).is_new and path.read_bytes() == filled
    further = drew(folder, 60)
    assert further.path.name == "first_41-60.xlsx" and further.n == 20 and path.read_bytes() == filled
    assert not set(read_sheet(path, "first").answers) & set(read_sheet(further.path, "first").answers)
    with pytest.raises(InputError, match="labelling began with the seed 7, and this is the seed 8"):
        drew(folder, 60, seed=8)
    (folder / "raw.csv").write_text(records(310))
    with pytest.raises(InputError, match="raw records have changed since labelling began"):
        drew(folder, 60)
    assert path.read_bytes() == filled


def test_what_leads_the_labeller_is_not_shown(folder):
    with pytest.raises(InputError, match="would lead the labeller"):
        drew(folder, show=["predicted"])
    with pytest.raises(InputError, match="no column 'txt'.*did you mean 'text'|Did you mean 'text'"):
        drew(folder, show=["txt"])
    with pytest.raises(InputError, match="several right answers a record"):
        asked(*opened(pilot_in(folder, task="extraction")))


def test_labels_on_a_sheet_become_a_measured_accuracy(folder):
    n = fill(drew(folder, 250).path, right)
    found = merged(folder, labelled_by="Team lead")
    assert (n, found.drawn, found.labelled, found.deleted, found.second) == (250, 250, 250, 0, 0)
    pilot, inspection = opened(pilot_in(folder, labels="labelling/labels.csv", floor={"accuracy": "70%"}))
    result = analyse(pilot, inspection)
    expected = sum(number_of(c) % 5 != 0 for c in drawn_cells(folder))
    assert (result.raw.n, result.raw.right) == (250, expected)
    assert result.labelling.is_random and (result.labelling.n, result.labelling.of) == (250, 300)
    assert next(f for f in result.findings if f.id == "evaluation.raw_accuracy").state is State.PASS
    assert "team" not in inspection.sample.raw.frame.columns  # detectors look at the records as they came


def drawn_cells(folder):
    page = openpyxl.load_workbook(folder / "labelling" / "first.xlsx")["Labels"]
    return [{"id": row[1].value} for row in page.iter_rows(min_row=3)]


def test_too_many_without_a_label_hold_the_verdict_back(folder):
    fill(drew(folder, 250).path, lambda c: CANNOT_TELL if number_of(c) % 7 == 0 else right(c))
    found = merged(folder)
    result = analyse(*opened(pilot_in(folder, labels="labelling/labels.csv", floor={"accuracy": "60%"})))
    told = next(f for f in result.findings if f.id == "evaluation.raw_accuracy")
    assert found.labelled < 225 and told.state is State.UNKNOWN
    assert f"{250 - found.labelled} of 250 records drawn for labelling carry no label" in told.sentence


def test_labels_chosen_by_hand_are_no_random_draw(folder):
    """The same labels under another seed, or of only some of the drawn records."""
    fill(drew(folder, 250).path, right)
    merged(folder)
    place = folder / "labelling" / "labels.csv"
    lines = place.read_text().splitlines()
    pilot_in(folder, labels="labelling/labels.csv", floor={"accuracy": "70%"})
    for changed in ([lines[0], *lines[30:]], [line[:-1] + "8" if i else line for i, line in enumerate(lines)]):
        place.write_text("\n".join(changed) + "\n")
        result = analyse(*opened(folder))
        assert result.labelling.is_random is False
        assert next(f for f in result.findings if f.id == "evaluation.raw_accuracy").state is State.UNKNOWN


def test_a_csv_saved_from_the_sheet_is_as_good(folder):
    path = drew(folder).path
    page = openpyxl.load_workbook(path)["Labels"]
    rows = [[c.value or "" for c in row] for row in page.iter_rows()]
    for row in rows[2:]:
        row[3] = truth(int(row[1].removeprefix("K-")))
    with path.with_name("first - Labels.csv").open("w", newline="", encoding="cp1252") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    assert merged(folder).labelled == 40
    rows[2][3] = TEAMS[(TEAMS.index(rows[2][3]) + 1) % 3]
    fill(path, right)
    with path.with_name("first - Labels.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    with pytest.raises(InputError, match="has '.*' in first - Labels.csv and '.*' here"):
        merged(folder)


def test_classes_are_read_whatever_their_case_and_a_wrong_one_names_the_nearest(folder):
    path = drew(folder).path
    fill(path, lambda c: f" {right(c).upper()} ")
    merged(folder)
    assert {row["label"] for row in labels(folder).values()} == set(TEAMS)
    fill(path, lambda c: "biling" if right(c) == "billing" else right(c))
    before = (folder / "labelling" / "labels.csv").read_bytes()
    with pytest.raises(InputError, match=r"first.xlsx, line \d+: 'biling' is not a class.*Did you mean 'billing'\?"):
        merged(folder)
    assert (folder / "labelling" / "labels.csv").read_bytes() == before


def test_a_deleted_line_is_counted_and_a_line_twice_refused(folder):
    path = drew(folder).path
    fill(path, right)
    book = openpyxl.load_workbook(path)
    book["Labels"].delete_rows(5, 2)
    book.save(path)
    assert (merged(folder).deleted, merged(folder).labelled, merged(folder).drawn) == (2, 38, 40)
    book["Labels"].append([c.value for c in book["Labels"][7]])
    book.save(path)
    with pytest.raises(InputError, match=r"the record r-\w+ stands in lines 7 and \d+"):
        merged(folder)


def test_a_sheet_of_another_sample_is_refused(folder, tmp_path_factory):
    drew(folder)
    other = pilot_in(tmp_path_factory.mktemp("other"), 200)
    (other / "raw.csv").write_text(records(200).replace("K-", "M-"))
    strange = drew(other).path
    fill(strange, lambda c: TEAMS[0])
    (folder / "labelling" / "first.xlsx").write_bytes(strange.read_bytes())
    with pytest.raises(InputError, match="belongs to another draw of records"):
        merged(folder)
    book = openpyxl.load_workbook(strange)
    book["Labels"]["A1"].value = "no banner"
    book.save(folder / "labelling" / "first.xlsx")
    with pytest.raises(InputError, match="40 of its records were not drawn from this sample"):
        merged(folder)


@pytest.mark.parametrize("broken", [b"PK\x03\x04 no workbook", b"", b"\x00" * 300])
def test_a_broken_sheet_is_one_sentence(folder, broken):
    drew(folder).path.write_bytes(broken)
    with pytest.raises(InputError, match="the workbook cannot be read"):
        merged(folder)


def test_merging_before_drawing_or_filling_says_what_to_do(folder):
    with pytest.raises(InputError, match="no records were drawn for labelling yet.*flightready label"):
        merged(folder)
    drew(folder)
    with pytest.raises(InputError, match="no label is filled in on any of the 40 records"):
        merged(folder)
    assert not (folder / "labelling" / "labels.csv").exists()


def test_the_first_label_stands_until_both_agree(folder):
    fill(drew(folder, 40).path, right)
    second = drew(folder, 20, "second").path
    differing = set()

    def other(cells):
        if number_of(cells) % 4 == 0:
            differing.add(cells["record"])
            return NONE_OF_THESE
        return right(cells)

    fill(second, other, "second")
    found = merged(folder)
    assert (found.second, found.disagreements, found.agreed) == (20, len(differing), 0)
    assert all(labels(folder)[k]["label"] == labels(folder)[k]["first_label"] for k in differing)
    settle = folder / "labelling" / "disagreements.xlsx"
    page = openpyxl.load_workbook(settle)["Labels"]
    assert [c.value for c in page[2]] == ["record", "id", "text", "first label", "second label", "agreed", "notes"]
    once = sorted(differing)[0]
    fill(settle, lambda c: NONE_OF_THESE if c["record"] == once else None, "disagreements")
    again = merged(folder)
    assert again.agreed == 1 and labels(folder)[once]["label"] == NONE_OF_THESE
    assert labels(folder)[once]["first_label"] != NONE_OF_THESE  # agreement stays that of what each wrote alone
    assert merged(folder).agreed == 1  # what was settled outlives another merge
    pilot, inspection = opened(pilot_in(folder, labels="labelling/labels.csv"))
    assert with_labels(pilot, inspection).sample.columns.second_label == "second_label"


def test_a_pilot_without_answers_gets_them_from_a_sheet_of_its_own(tmp_path):
    folder = pilot_in(tmp_path, 60, answers=False)
    fill(drew(folder, 40).path, right)
    drew(folder, 40, "answers")
    assert merged(folder).answers == 0
    fill(folder / "labelling" / "answers.xlsx", lambda c: truth(0), "answers")
    assert merged(folder).answers == 40
    result = analyse(*opened(pilot_in(folder, 60, answers=False, labels="labelling/labels.csv")))
    assert result.raw.n == 40
    assert result.raw.right == sum(row["label"] == truth(0) for row in labels(folder).values())


def test_labels_in_the_records_are_never_replaced(folder):
    fill(drew(folder, 40).path, right)
    merged(folder)
    lines = records(300).splitlines()
    (folder / "raw.csv").write_text("\n".join([lines[0] + ",team", *(f"{line},legal" for line in lines[1:])]) + "\n")
    text = (pilot_in(folder, labels="labelling/labels.csv") / "assessment.yaml").read_text()
    (folder / "raw.csv").write_text("\n".join([lines[0] + ",team", *(f"{line},legal" for line in lines[1:])]) + "\n")
    (folder / "assessment.yaml").write_text(text.replace('"text": "text"', '"text": "text", "label": "team"'))
    pilot, inspection = opened(folder)
    assert drawn(pilot, inspection) is None
    assert set(with_labels(pilot, inspection).sample.raw.frame["team"]) == {"legal"}


def test_a_file_of_ones_own_goes_by_id(folder):
    (folder / "mine.csv").write_text("key,label\n" + "".join(f"K-{i},{truth(i)}\n" for i in range(100)))
    pilot, inspection = opened(pilot_in(folder, labels="mine.csv"))
    result = analyse(pilot, inspection)
    assert (result.raw.n, result.raw.right) == (100, 80)
    assert result.labelling.is_random is False


@pytest.mark.parametrize(("text", "told"), [
    ("key,lable\nK-1,a\n", "no column 'label'.*Did you mean 'lable'"),
    ("key,label\nX-1,a\nX-2,b\n", "no label belongs to any of the raw records"),
    ("key,label\nK-1,a\nK-1,b\n", "the key 'K-1' stands twice"),
])  # fmt: skip
def test_a_wrong_file_of_labels_is_one_sentence(folder, text, told):
    (folder / "mine.csv").write_text(text)
    with pytest.raises(InputError, match=told):
        analyse(*opened(pilot_in(folder, labels="mine.csv")))


def test_ratings_of_two_people_are_kept_both(folder):
    pilot_in(folder, task="scored", rating={"low": 1, "high": 5, "good": 4})
    path = drew(folder, 40).path
    heads = [c.value for c in openpyxl.load_workbook(path)["Labels"][2]]
    assert heads == ["record", "id", "text", "predicted", "right answer", "notes"]
    fill(path, lambda c: "7")
    with pytest.raises(InputError, match="the rating 7 is off the scale. Valid: 1 to 5"):
        merged(folder)
    fill(path, lambda c: 4)
    fill(drew(folder, 40, "second").path, lambda c: 5, "second")
    found = merged(folder)
    assert (found.second, found.disagreements) == (40, 0)
    pilot_in(folder, task="scored", rating={"low": 1, "high": 5, "good": 4}, labels="labelling/labels.csv")
    joined = with_labels(*opened(folder)).sample
    assert joined.columns.rating == ["rating", "second_rating"]
    assert set(joined.raw.frame["second_rating"]) == {"", "5"}


def test_labels_outlive_a_change_of_the_records_but_are_no_random_draw_of_them(folder):
    fill(drew(folder, 250).path, right)
    (folder / "raw.csv").write_text(records(600).replace("K-1,", "gone,"))
    found = merged(folder)
    assert found.labelled == 250 and found.gone in (0, 1)
    pilot_in(folder, 600, labels="labelling/labels.csv", floor={"accuracy": "70%"})
    result = analyse(*opened(folder))
    assert result.raw.n == 250 and not result.labelling.is_random
    assert next(f for f in result.findings if f.id == "evaluation.raw_accuracy").state is State.UNKNOWN


def test_the_sheet_of_disagreements_shows_what_the_draw_showed(folder):
    fill(drew(folder, 30, show=["id"]).path, lambda c: TEAMS[0])
    fill(drew(folder, 30, "second", show=["id"]).path, lambda c: TEAMS[1], "second")
    merged(folder)
    page = openpyxl.load_workbook(folder / "labelling" / "disagreements.xlsx")["Labels"]
    assert [c.value for c in page[2]][:2] == ["record", "id"] and "first label" in [c.value for c in page[2]]


def test_long_and_broken_texts_are_written_all_the_same(tmp_path):
    folder = pilot_in(tmp_path, 30)
    lines = records(30).splitlines()
    lines[1] = f'K-0,"{"long " * 8000}",legal,0.9'
    lines[2] = 'K-1,"bell \x07 and \ufffe and -1+2 @x",legal,0.9'
    (folder / "raw.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    page = openpyxl.load_workbook(drew(folder, 30).path)["Labels"]
    texts = {row[1].value: row[2].value for row in page.iter_rows(min_row=3)}
    assert re.search(r"\(cut; 39,999 characters in all\)$|\(cut; 40,000 characters in all\)$", texts["K-0"])
    assert "bell" in texts["K-1"] and "-1+2 @x" in texts["K-1"]


@pytest.mark.parametrize(("encoding", "sign"), [("utf-16", "\t"), ("utf-8-sig", ";"), ("cp1252", ",")])
def test_a_sheet_saved_as_text_in_any_usual_encoding_is_read(folder, encoding, sign):
    """Spreadsheet programs call UTF-16 with tabs 'Unicode text'."""
    path = drew(folder).path
    fill(path, right)
    page = openpyxl.load_workbook(path)["Labels"]
    path.unlink()
    with path.with_suffix(".csv").open("w", encoding=encoding, newline="", errors="replace") as stream:
        csv.writer(stream, delimiter=sign).writerows(page.iter_rows(values_only=True))
    assert merged(folder).labelled == 40


@pytest.mark.parametrize("text", ["", "[1, 2]", "draw: 3\nn: x\n", "a: {", "draw: x\nn: -5\nsampling: {seed: 7}\n"])
def test_a_manifest_that_was_changed_is_one_sentence(folder, text):
    drew(folder)
    (folder / "labelling" / files.MANIFEST).write_text(text)
    with pytest.raises(InputError, match="the manifest of the draw was changed or cut"):
        merged(folder)


def test_large_whole_numbers_of_a_workbook_are_kept_to_the_last_digit(tmp_path):
    folder = pilot_in(tmp_path, task="regression")
    fill(drew(folder, 20).path, lambda cells: 12_345_000 + number_of(cells))
    assert merged(folder).labelled == 20
    assert {int(row["label"]) // 1000 for row in labels(folder).values()} == {12_345}
    assert len({row["label"] for row in labels(folder).values()}) == 20


@pytest.mark.parametrize(("said", "told"), [("1,234", "thousands, or one with decimals"), ("nan", "not a number"),
                                            ("inf", "not a number"), ("1.234,5", "not a number")])  # fmt: skip
def test_a_number_that_can_be_read_in_two_ways_is_asked_about(tmp_path, said, told):
    folder = pilot_in(tmp_path, task="regression")
    fill(drew(folder, 5).path, lambda cells: said)
    with pytest.raises(InputError, match=told):
        merged(folder)
