"""Whether both sides are the same records, and the drop between both forms of them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from evaluation_samples import COLUMNS, HEAD, evaluated_in

from flightready.evaluation.shares.paired import mcnemar, paired_newcombe
from flightready.evidence import State
from flightready.intervals import newcombe

CLASSES = ("a", "b", "c", "d")


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


def forms(n: int, wrong_demo: set[int], wrong_raw: set[int], truth_raw=None) -> tuple[str, str]:
    """The same records clean and as they came, with the records that the pilot got wrong in either form."""

    def side(wrong: set[int], text: str, truths) -> str:
        lines = []
        for i in range(n):
            truth = truths[i]
            said = CLASSES[(CLASSES.index(truth) + (i in wrong)) % 4]
            lines.append(f"K-{i},{text} {i},{truth},{said},0.9\n")
        return HEAD + "".join(lines)

    truths = [CLASSES[i % 4] for i in range(n)]
    return side(wrong_raw, "w h a t  c a m e", truth_raw or truths), side(wrong_demo, "clean", truths)


def test_the_same_records_are_compared_one_by_one(evaluated):
    """200 records: 10 wrong in both forms, 6 more in the demo's, 26 more in the raw one: a drop of 10 points."""
    raw, demo = forms(200, set(range(16)), {*range(10), *range(16, 42)})
    result = evaluated(raw, demo, allowed_drop="5 points")
    found = result.metrics.pairs
    assert (found.both, found.only_curated, found.only_raw, found.neither) == (158, 26, 6, 10)
    assert (found.n, found.unmatched, found.drop) == (200, 0, pytest.approx(0.10))
    assert result.drop == pytest.approx(0.10)
    assert result.drop_interval == found.interval == paired_newcombe(158, 26, 6, 10)
    assert found.p_value == mcnemar(26, 6)
    independent = newcombe(184, 200, 164, 200)
    assert found.interval.high - found.interval.low < independent.high - independent.low
    assert result.detectable_drop is None


def test_records_with_the_same_text_stay_in_when_they_are_pairs(evaluated):
    raw, demo = forms(200, set(range(10)), set(range(30)))
    result = evaluated(raw.replace("w h a t  c a m e", "clean"), demo)
    assert (result.curated.n, result.metrics.pairs.n) == (200, 200)


def test_ids_that_meet_by_accident_make_no_pairs(evaluated):
    rng = np.random.default_rng(3)
    raw, demo = forms(200, set(range(10)), set(range(30)), [CLASSES[i] for i in rng.integers(0, 4, 200)])
    assert evaluated(raw, demo).metrics.pairs is None


def test_constant_labels_make_no_pairs(evaluated):
    lines = "".join(f"K-{i},x,a,{'b' if i < 20 else 'a'},0.9\n" for i in range(100))
    result = evaluated(HEAD + lines, HEAD + lines.replace(",x,", ",y,"))
    assert result.metrics.pairs is None


def test_few_common_records_make_no_pairs(evaluated):
    raw, demo = forms(200, set(), set(range(30)))
    shifted = "".join(line.replace("K-", "L-") if i > 100 else line for i, line in enumerate(raw.splitlines(True)))
    assert evaluated(shifted, demo).metrics.pairs is None


def test_records_of_one_side_only_are_left_out_and_said(evaluated):
    raw, demo = forms(200, set(), set(range(30)))
    short = "".join(raw.splitlines(True)[:181])
    found = evaluated(short, demo).metrics.pairs
    assert (found.n, found.unmatched, found.only_curated) == (180, 20, 30)


def test_records_of_one_customer_widen_the_paired_interval(evaluated):
    wrong = set(range(0, 40))
    raw, demo = forms(200, set(), wrong)
    raw, demo = (
        "".join(line.rstrip("\n") + (",customer\n" if i == 0 else f",C{(i - 1) // 10}\n")
                for i, line in enumerate(text.splitlines(True))) for text in (raw, demo)
    )  # fmt: skip
    alone = evaluated(raw, demo)
    grouped = evaluated(raw, demo, columns={**COLUMNS, "entity": "customer"})
    width = [r.drop_interval.high - r.drop_interval.low for r in (alone, grouped)]
    assert width[1] > 1.5 * width[0]


def test_the_demos_own_records_are_still_no_proof(evaluated):
    """Pairs with equal texts are compared, but a good figure on them passes no floor."""
    raw, demo = forms(300, set(), set(range(10)))
    result = evaluated(raw.replace("w h a t  c a m e", "clean"), demo, floor={"accuracy": "80%"})
    assert result.metrics.pairs.n == 300
    assert result.findings[0].state is State.UNKNOWN
