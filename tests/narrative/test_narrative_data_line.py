"""The raw data in one line, as `check` prints it."""

import numpy as np
import pandas as pd
import pytest

from flightready.narrative.data_line import data_line
from flightready.study import open_study
from flightready.study.store import Store


def line(folder, frame=None):
    where = ""
    if frame is not None:
        frame.to_csv(folder / "raw.csv", index=False)
        where = "data: {production: raw.csv}\n"
    (folder / "assessment.yaml").write_text(f"name: x\n{where}")
    return data_line(open_study(folder, as_of="2026-10-15", store=Store(folder / "store")).realism)


def clean(n):
    letters = np.random.default_rng(7).choice(list("abcdefghij"), size=(n, 12))
    return pd.DataFrame({"id": [f"T-{i:04d}" for i in range(n)], "code": ["".join(row) for row in letters]})


def test_without_raw_records_there_is_no_line(tmp_path):
    assert line(tmp_path) == ""


def test_clean_records_need_nothing(tmp_path):
    assert line(tmp_path, clean(200)) == "Data: nothing that was looked for has to be mended in 200 raw records."


@pytest.mark.parametrize(("n", "share", "told"), [(30, "15 %", "150 of 1,000"), (1, "0.50 %", "5 of 1,000")])
def test_records_that_need_a_repair_are_counted_once_and_the_most_frequent_named(tmp_path, n, share, told):
    """n of 200 values are taken out: n / 200 of the records need it."""
    frame = clean(200)
    frame.loc[frame.index[:n], "code"] = ""
    assert line(tmp_path, frame) == (f"Data: {share} of 200 raw records need a repair; most: missing values ({told}).")


def test_the_sample_names_its_five_most_frequent_kinds(support_triage, tmp_path):
    told = data_line(open_study(support_triage, as_of="2026-10-15", store=Store(tmp_path)).realism)
    assert "of 1,200 raw records need a repair; most: " in told and told.count(";") == 6 and told.endswith(" more.")
