"""What a defect touches by system, period and threshold: the parts add up to the whole."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from realism_samples import clean_table, pilot_in, put

from flightready.realism.analysis import analyse
from flightready.realism.burden import burden
from flightready.realism.inspection import inspected
from flightready.realism.selection import ANY_COLUMN, Chosen, affected, months
from flightready.realism.sources import read_sample

HIT = list(range(0, 200, 4))


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    rng = np.random.default_rng(3)
    web, mail = clean_table(rng, 300).drop(columns="optional"), clean_table(rng, 200).drop(columns="optional")
    web = put(put(web, "name", ["", "N/A"], HIT), "text", ["NÃ®mes est loin d'ici"], HIT[:10])
    late = list(range(20, 290, 30))  # moved behind records that are about forty days newer
    order = [i for i in range(300) if i not in late]
    for place in late:
        order.insert(min(len(order), order.index(place + 1) + 32), place)
    web = web.iloc[order].reset_index(drop=True)
    spec = {"data": {"production": ["web.csv", "mail.csv"], "columns": {"id": "id", "time": "time", "text": "text"}}}
    folder = tmp_path_factory.mktemp("pilot")
    pilot = pilot_in(folder, spec, {"web.csv": web.to_csv(index=False), "mail.csv": mail.to_csv(index=False)})
    return analyse(pilot, inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 3, 1)))


@pytest.mark.parametrize("column", [ANY_COLUMN, "name", "time"])
def test_parts_add_up_to_the_whole(result, column):
    def found(**chosen: str) -> dict[str, int]:
        return {
            a.defect.detector if a.defect else "": a.overall.hits for a in affected(result, Chosen(column, **chosen))
        }

    for detector, hits in found().items():
        assert sum(found(system=s).get(detector, 0) for s in result.systems) == hits
        assert sum(found(since=m, until=m).get(detector, 0) for m in months(result)) == hits, "all are dated"


def test_a_defect_without_a_choice_has_its_own_rate(result):
    for found in affected(result, Chosen("name")):
        assert (found.overall.hits, found.overall.n) == (found.defect.raw.hits, found.defect.raw.n)


def test_a_threshold_moves_the_count_of_records(result):
    counts = [affected(result, Chosen(ANY_COLUMN, at_least=k))[0].overall.hits for k in range(4)]
    assert counts[0] == counts[1] > counts[2] >= counts[3]
    late = [
        next(a for a in affected(result, Chosen("time", at_least=d)) if a.defect.detector == "late")
        for d in (0, 1, 30, 400)
    ]
    hits = [a.overall.hits for a in late]
    assert hits[0] == hits[1] >= hits[2] > hits[3] == 0
    assert len({a.overall.n for a in late}) == 1


def test_a_column_without_a_defect_is_empty(result):
    assert affected(result, Chosen("nowhere")) == ()


def test_burden_counts_each_repair_once():
    class Side:
        systems, system = ("a", "b"), np.array(["a", "a", "b"], dtype=object)

        def __len__(self):
            return 3

    days = np.array(["2026-01-05", "NaT", "2026-01-09"], dtype="datetime64[D]")
    hits = {"x": np.array([True, False, True, True]), "y": np.array([True, False, False, False])}
    found = burden(Side(), days, hits)
    assert found.counts == {"a": {"": (1, 0, 0), "2026-01": (0, 0, 1)}, "b": {"2026-01": (0, 1, 0)}}
    assert found.most() == 2


def test_counts_hold_no_value_from_the_data(result):
    told = json.dumps([d.by_month for d in result.defects]) + json.dumps(result.burden.counts)
    assert set(json.loads("[" + json.dumps(list(result.burden.counts)) + "]")[0]) == {"web", "mail"}
    assert "NÃ®mes" not in told
