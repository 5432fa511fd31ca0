"""The figures of the sample that the page on cost names are the program's."""

from flightready.study import open_study
from flightready.wording import money


def test_the_bill_of_the_sample_and_its_calls_alone(root, support_triage):
    page = " ".join((root / "docs" / "cost.md").read_text(encoding="utf-8").split())
    study = open_study(support_triage)
    bill, calls = study.cost.monthly.median, next(o for o in study.options.options if o.is_pilot).monthly.median
    assert f"a month of {money(bill)} is about {money(calls)} of calls and {money(bill - calls)} of tools" in page
    assert f"each of {study.cost.basis.draws.size:,} simulated cases" in page
