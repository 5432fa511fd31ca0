"""People who review and errors that nobody reviews, against cases by hand; what is missing is said, and what cannot be."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.cost.errors import error_cost
from flightready.cost.labour import review_labour
from flightready.draws import JointSample
from flightready.errors import InputError
from flightready.evidence import Grade
from flightready.narrative import cost_labour as words
from flightready.pages import cost as pages
from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.demand import plan

LOAD = {"users_per_day": 14_400, "requests_per_user": 1, "peak_to_mean": 2}
REVIEW = {"time": "2 minutes", "wage": "30 USD per hour", "begin_within": "1 minute", "hours_per_day": 8,
          "at_work": "75%", "capacity_per_day": 1_000}  # fmt: skip
TENTH = {"estimates": {"review_share": "10%", "accuracy": "80%"}}


@pytest.fixture
def computed(pilot):
    """Make a pilot and return it with its review labour and its cost of errors."""

    def run(evaluation=None, *, workload=LOAD, review=REVIEW, roi=TENTH, error=None, **more):
        asked = {"review": review, **({"error_cost": error} if error else {})}
        given_sections = {"workload": workload, "evaluation": asked, "roi": roi}
        made = pilot(**{k: v for k, v in given_sections.items() if v}, **more)
        joint = JointSample(made.spec.seed, replicates=2, draws=64)
        found = [compute(made, joint, plan(made, joint), evaluation) for compute in (review_labour, error_cost)]
        return SimpleNamespace(pilot=made, labour=found[0], errors=found[1])

    return run


def measured(share, automated=0.9, raw=0.8):
    """An evaluation that measured shares of reviewed and of right answers."""
    values = {"raw_accuracy": raw, "review_share": share, "automated_accuracy": automated}
    arrays = {f"{name}_replicates": np.full(8, value) for name, value in values.items()}
    return SimpleNamespace(grade=Grade.MEASURED, raw=None, error_cost=None, **arrays)


def fewest(load, longest_wait):
    """Erlang's formula as a loop, apart from the library's: waits in mean service times."""
    blocked, n = 1.0, 0
    while True:
        n += 1
        blocked = load * blocked / (n + load * blocked)
        waits = 1.0 if n <= load else n * blocked / (n - load * (1 - blocked))
        if n > load and waits * np.exp(-(n - load) * longest_wait) <= 0.1:
            return n


def test_a_team_by_hand(computed):
    """1,440 reviews of 2 minutes in 8 hours are 6 at once; the peak hour of the whole day, 120, is less than that."""
    labour = computed().labour
    people = fewest(6.0, 0.5)
    assert people == 9  # P(wait over a minute) with 8 people is .125
    assert labour.staffing.at_work.median == people
    paid = people * 8 * DAYS_PER_MONTH / 0.75
    assert labour.staffing.paid_hours.median == pytest.approx(paid)
    assert labour.monthly.median == pytest.approx(30 * paid)
    assert labour.simple.median == pytest.approx(1440 * DAYS_PER_MONTH * 1.0)  # two minutes at 30 USD an hour
    assert labour.staffing.occupancy.median == pytest.approx(6 / people)
    assert labour.over_capacity == 1.0 and labour.grade is Grade.ESTIMATED
    twice = labour.monthly_at(2 * 14_400 * DAYS_PER_MONTH, 2 * 14_400 * 2 / 86_400)
    assert np.unique(twice) == pytest.approx(30 * fewest(12.0, 0.5) * 8 * DAYS_PER_MONTH / 0.75)


def test_the_curve_is_a_staircase_through_the_plan(computed):
    labour = computed().labour
    assert (np.diff(labour.curve.at_work) >= 0).all() and labour.curve.at_work[0] >= 1
    assert labour.curve.at_work == pytest.approx([fewest(6.0 * n / 14_400, 0.5) for n in labour.curve.users])
    summary = SimpleNamespace(low=14_400, median=14_400, high=14_400)
    drawn = pages.reviewers(SimpleNamespace(cost=SimpleNamespace(labour=labour, users_per_day=summary)))
    assert drawn.layout.title.text == "At 14,400 users a day, 9 people review at the same time"
    assert [t.y[0] for t in drawn.data if t.name == "planned load"] == [9.0]


@given(users=st.floats(1, 1e12))
def test_any_load_ends_with_a_team_or_a_sentence(users):
    from flightready.assessment import Assessment

    sections = {"workload": LOAD | {"users_per_day": users}, "evaluation": {"review": REVIEW}, "roi": TENTH}
    spec = Assessment.model_validate({"name": "x", **sections})
    made, joint = SimpleNamespace(spec=spec), JointSample(1, replicates=1, draws=4)
    labour = review_labour(made, joint, plan(made, joint), None)
    assert (labour.staffing is None) == (labour.too_many is not None)
    assert labour.staffing is None or labour.staffing.at_work.low >= 1
    assert ("nobody staffs more than 10,000" in " ".join(words.reviews(labour, made))) == (labour.staffing is None)


@pytest.mark.parametrize(("changes", "people", "month", "says"), [
    ({"review": {"cost": "2 USD"}}, None, 1440 * DAYS_PER_MONTH * 2, "evaluation.review.time says how long"),
    ({"review": REVIEW | {"cost": "3 USD", "wage": None}}, 9, 9 * 8 * DAYS_PER_MONTH / 0.75 * 90, "9 people"),
    ({"evaluation": measured(0.0)}, 0, 0, "People review no answer, so reviews cost nothing."),
    ({"evaluation": measured(1.0)}, fewest(60.0, 0.5), None, "People review 100 % of the answers"),
])  # fmt: skip
def test_what_is_stated_decides(computed, changes, people, month, says):
    changes = {k: {n: v for n, v in c.items() if v} if isinstance(c, dict) else c for k, c in changes.items()}
    found = computed(**changes)
    staffing = found.labour.staffing
    assert (staffing and staffing.at_work.median) == people
    assert month is None or found.labour.monthly.median == pytest.approx(month)
    study = SimpleNamespace(pilot=found.pilot, cost=found)
    figures = [row[0] for row in pages.review_table(study).rows]
    assert ("People at work at once" in figures) == (people is not None)
    assert says in repr(pages.meaning_reviewers(study))


def test_what_nobody_said_is_assumed_and_named(computed):
    found = computed(review={"hours_per_day": 8})
    assert found.labour.grade is Grade.ASSUMED
    told = " ".join(words.reviews(found.labour, found.pilot))
    for part in ("how long a review takes", "the wage", "how soon a review begins", "the share of paid time at work"):
        assert part in told
    assert "hours a day" not in told


@pytest.mark.parametrize(("changes", "says"), [
    ({"workload": None}, "workload.users_per_day"),
    ({"roi": None}, "evaluation.review.threshold, or an estimate"),
    ({"roi": None, "review": REVIEW | {"threshold": "70%"}}, "no scored raw record has a confidence"),
])  # fmt: skip
def test_what_is_missing_is_said(computed, changes, says):
    found = computed(**changes)
    assert found.labour is None
    assert says in words.reviews(None, found.pilot)[0]
    study = SimpleNamespace(pilot=found.pilot, cost=found)
    assert not pages.reviewers(study).paragraphs and not pages.review_table(study).paragraphs
    assert "cannot be said yet" in words.errors(found.errors)[0]


@pytest.mark.parametrize(("key", "value", "says"), [
    ("hours_per_day", 25, "hours of a day that has 24"), ("at_work", "0%", "never at work"),
])  # fmt: skip
def test_a_day_that_cannot_be_is_refused(computed, key, value, says):
    with pytest.raises(InputError, match=says):
        computed(review=REVIEW | {key: value})


def test_errors_by_hand(computed):
    """14,400 a day, a fifth wrong, one in ten reviewed, 5 USD each; measured, the threshold keeps the better answers."""
    price = {"default": "5 USD"}
    found = computed(error=price).errors
    assert found.monthly.median == pytest.approx(14_400 * DAYS_PER_MONTH * 0.2 * 0.9 * 5)
    assert found.unreviewed.median == pytest.approx(14_400 * DAYS_PER_MONTH * 0.2 * 5)
    better = computed(measured(0.25, automated=0.9), error=price).errors
    assert better.monthly.median == pytest.approx(14_400 * DAYS_PER_MONTH * 0.1 * 0.75 * 5)
    assert computed(measured(1.0), error=price).errors.monthly.median == 0
    nobody = computed(error=price, roi={"estimates": {"accuracy": "80%"}}).errors
    assert nobody.monthly.median == pytest.approx(nobody.unreviewed.median)
    assert "Nothing says that people review" in words.errors(nobody)[1]
