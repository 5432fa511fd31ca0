"""What labels are worth: the closed form of a binomial sample, and where labelling stops paying."""

import numpy as np
import pytest
from scipy import special

from flightready.draws import JointSample
from flightready.evaluation.labels.value import sample_information
from flightready.roi.labels_worth import LabelsWorth, best_count, labels_worth

COUNTS = (10, 50, 100, 200, 500)
# prior Beta(8, 2), break-even accuracy .85, 1 M per unit of accuracy: published (Raiffa and Schlaifer's closed form)
KNOWN = (10_526.32, 20_212.77, 22_084.02, 23_059.15, 23_683.43)
U = JointSample(3).uniform("accuracy")
PRIOR = special.betaincinv(8, 2, U)


def test_known_answers():
    assert labels_worth(PRIOR, 1e6 * (PRIOR - 0.85), COUNTS) == pytest.approx(KNOWN, rel=2e-4)


@pytest.mark.parametrize(("each", "best"), [(5, 200), (20, 100)])
def test_where_labelling_stops_paying(each, best):
    worths = labels_worth(PRIOR, 1e6 * (PRIOR - 0.85), COUNTS)
    assert best_count([LabelsWorth(n, w, n * each) for n, w in zip(COUNTS, worths, strict=True)]) == best
    assert best_count([LabelsWorth(n, w, n * 5_000) for n, w in zip(COUNTS, worths, strict=True)]) == 0


def test_other_uncertainty_beside_accuracy_changes_nothing():
    beside = 1e5 * special.ndtri(JointSample(3).uniform("other"))
    found = labels_worth(PRIOR, 1e6 * (PRIOR - 0.85) + beside, COUNTS)
    assert found == pytest.approx(KNOWN, rel=0.15)


def test_records_that_belong_together_count_less():
    value = 1e6 * (PRIOR - 0.85)
    assert labels_worth(PRIOR, value, [100], design_effect=2.0) == labels_worth(PRIOR, value, [50])


def test_what_is_known_well_already_is_worth_little_more():
    known = special.betaincinv(160, 40, U)
    expected = [sample_information(160, 40, n, 0.81, 1e6) for n in COUNTS]
    assert labels_worth(known, 1e6 * (known - 0.81), COUNTS) == pytest.approx(expected, rel=5e-3, abs=5)


def test_a_value_that_bends_in_accuracy():
    # errors that grow dearer: value = a^3 - .55; by quadrature over Beta(8, 2) and the count of right answers
    nodes = special.betaincinv(8, 2, (np.arange(20_000) + 0.5) / 20_000)
    k = np.arange(51)[:, None]
    likely = special.binom(50, k) * nodes**k * (1 - nodes) ** (50 - k)
    worth = nodes**3 - 0.55
    expected = np.maximum((likely * worth).mean(axis=1), 0).sum() - max(worth.mean(), 0)
    assert labels_worth(PRIOR, PRIOR**3 - 0.55, [50])[0] == pytest.approx(expected, rel=0.01)
