"""What-ifs change named values only, in their own unit, and are refused when they are wrong."""

import pytest

from flightready.assessment import load
from flightready.errors import InputError
from flightready.study.what_if import WHAT_IFS, applied, given


@pytest.fixture
def pilot(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: x\ncurrency: EUR\nroi: {estimates: {delay: 2 to 8 months}}\n")
    return load(tmp_path)


def test_zero_and_empty_mean_as_in_the_assessment():
    assert given({"users_per_day": 0.0, "adoption": "", "horizon_months": None, "concurrency": 8}) == {"concurrency": 8}


@pytest.mark.parametrize("name", sorted(WHAT_IFS))
def test_every_what_if_reaches_its_place(pilot, name):
    changed = applied(pilot, {name: 0.5 if WHAT_IFS[name].kind in ("share", "growth rate") else 3})
    section = changed.spec
    for part in WHAT_IFS[name].place:
        section = section[part] if isinstance(section, dict) else getattr(section, part)
    quantity = section["what-if"] if isinstance(section, dict) else section
    assert quantity.source == "what-if"
    assert pilot.spec != changed.spec


def test_ranges_may_be_tried_and_money_takes_the_own_currency(pilot):
    assert applied(pilot, {"users_per_day": "10 to 20"}).spec.workload.users_per_day.range90 == pytest.approx((10, 20))
    assert applied(pilot, {"benefit_per_case": 2.0}).spec.roi.benefit_per_case.unit == "EUR"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"user_per_day": 3}, "did you mean 'users_per_day'"),
        ({"adoption": 3}, "out of range"),
        ({"budget_p95_s": "x"}, "cannot be read"),
    ],
)
def test_wrong_what_ifs_are_refused(pilot, values, words):
    with pytest.raises(InputError) as caught:
        applied(pilot, values)
    assert words.casefold() in str(caught.value).casefold()
