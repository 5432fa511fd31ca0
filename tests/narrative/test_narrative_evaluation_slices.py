"""Weak spots and groups in sentences."""

from __future__ import annotations

import pytest

from flightready import policy
from flightready.evaluation.groups.gaps import largest_gap, smallest_ratio
from flightready.evaluation.groups.result import Group, GroupComparison, GroupsResult
from flightready.evaluation.groups.rules import groups_finding
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evaluation.slices.result import Slice, SlicesResult
from flightready.evidence import Interval, State
from flightready.narrative import evaluation_slices as narrative


def weak(name: str = "amount above 126") -> Slice:
    return Slice((name,), 300, 120, accuracy(180, 300), accuracy(810, 900), 0.3, Interval(0.2, 0.4), Interval(0.5, 0.7),
                 120 / 210, 90.0, 0.001)  # fmt: skip


def weak_spots(*slices: Slice, detectable: float | None = 0.12, tested: int = 143) -> SlicesResult:
    return SlicesResult(accuracy(990, 1200), slices, 20, tested, len(slices), detectable)


def groups(
    north: tuple[int, int], south: tuple[int, int], small: int = 0, *, hoped: bool | None = None
) -> GroupsResult:
    counts = {"north": north, "south": south}
    members = [Group(name, n, accuracy(right, n), 0) for name, (right, n) in counts.items()]
    if small:
        members.append(Group("west", small, None, 180 - small))
    ratio = None if hoped is None else smallest_ratio({"north": (80, 200), "south": (40, 200)}, is_judged=hoped)
    found = GroupComparison(("region",), tuple(members), largest_gap(counts), ratio)
    return GroupsResult(accuracy(330, 400), (found,), "approved" if ratio else "", bool(hoped))


def finding(found: GroupsResult, held_back: str = ""):
    return groups_finding(found, sources=("raw.csv",), held_back=held_back)


def test_the_weakest_spot_is_told_with_its_count_and_widened_ends():
    told = narrative.slices_meaning(weak_spots(weak(), weak("month 2026-03")))
    assert told[0] == (
        "Weakest spot: amount above 126: 180 of 300 right (60 %; nine times in ten 50 % to 70 %), 30.0 points below all "
        "other records. It holds 57.1 % of all wrong answers; right as often as the others, it would have about 90 fewer."
    )
    assert told[1] == "One further weak spot explains errors beyond that."
    assert "looks weaker than it is" in told[2] and "need not cause" in told[2]


def test_no_weak_spot_says_what_would_have_been_seen():
    assert narrative.slices_meaning(weak_spots()) == (
        "None of 143 kinds of records lies below the others beyond chance. A kind that makes up 10 % of the records would have to "
        "lie about 12.0 points below the rest to be seen in 80 % of cases.",
    )
    assert "even a very weak spot would be missed" in narrative.slices_meaning(weak_spots(detectable=None))[0]
    assert "too few" in narrative.slices_meaning(weak_spots(tested=0))[0]
    assert narrative.slices_meaning(None) == (narrative.NO_SLICES,)


@pytest.mark.parametrize(
    ("south", "said"),
    [((100, 200), "more than the 5.0 points allowed"), ((170, 200), "Cannot tell yet")],
)
def test_groups_are_told_by_name_with_the_widest_gap(south, said):
    told = narrative.groups_meaning(groups((180, 200), south, small=12))
    assert told[0].startswith("By 'region', 'south' lies ") and said in told[0]
    assert told[-1] == "By 'region', too few scored records to tell: 'west' (12); 168 more of each would."
    assert narrative.groups_meaning(None) == (narrative.NO_GROUPS,)


def test_the_ratio_is_a_convention_and_judged_only_for_a_hoped_for_answer():
    judged = " ".join(narrative.groups_meaning(groups((180, 200), (170, 200), hoped=True)))
    assert "0.50 times as often" in judged and "a convention and not the law of every case, is not kept" in judged
    shown = " ".join(narrative.groups_meaning(groups((180, 200), (170, 200), hoped=False)))
    assert "Not judged: evaluation.favourable" in shown


def test_the_finding_weighs_gap_ratio_small_groups_and_the_sample():
    even = (4800, 5000), (4800, 5000)
    assert finding(groups(*even)).state is State.PASS
    assert finding(groups(*even), held_back="12 scored records are fewer than needed").state is State.UNKNOWN
    assert finding(groups(*even, small=12)).state is State.UNKNOWN
    assert finding(groups(*even, hoped=True)).state is State.FAIL
    assert finding(groups(*even, hoped=False)).state is State.PASS
    assert finding(groups((180, 200), (100, 200), small=12)).state is State.FAIL


def test_sentences_keep_technical_terms_out():
    told = [
        *narrative.slices_meaning(weak_spots(weak())),
        *narrative.groups_meaning(groups((180, 200), (170, 200), small=12, hoped=True)),
        finding(groups((180, 200), (170, 200), small=12, hoped=True)).sentence,
    ]
    for term in (*policy.read("words.yaml")["never"], "curated", "false-discovery", "hypergeometric", "UNKNOWN"):
        assert not any(term.casefold() in sentence.casefold().split() for sentence in told)
