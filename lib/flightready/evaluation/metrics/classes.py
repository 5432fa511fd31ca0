"""Metrics of a classification: balanced accuracy, macro F1, and precision, recall and F1 of each class."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready import policy
from flightready.evaluation.metrics.result import Metric
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.clustered import clustered_share, percentiles, resampled_cells
from flightready.evidence import Interval

_BY_DRAWING = "by drawing records anew"


def class_metrics(scored: Scored, names: list[str]) -> tuple[Metric, ...]:
    """Return the metrics of one side.

    Parameters
    ----------
    scored : Scored
    names : list of str
        Classes that may be shown.

    Notes
    -----
    Values are scikit-learn's, over the classes that right answers name: an answer that is no such class, or none at
    all, is wrong and no class of its own.
    """
    from sklearn import metrics

    classes = sorted(scored.truth.unique())
    truth, said = _codes(scored, classes)
    table = _Counts.of(truth, said, scored, len(classes))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an answer that no right answer names is said elsewhere
        balanced = float(metrics.balanced_accuracy_score(truth, said))
        precision, recall, f1, support = metrics.precision_recall_fscore_support(
            truth, said, labels=range(len(classes)), zero_division=0
        )
    n = len(scored)
    found = [
        Metric("balanced accuracy", "share", balanced, table.interval("recall", balanced), n,
               f"mean over classes of the share right; interval {_BY_DRAWING}"),
        Metric("macro F1", "share", float(f1.mean()), table.interval("f1", float(f1.mean())), n,
               f"mean over classes of F1; interval {_BY_DRAWING}"),
    ]  # fmt: skip
    for place in (classes.index(name) for name in names if name in classes):
        found += _of_class(table, classes[place], place, (precision[place], recall[place], f1[place]), support[place])
    return tuple(found)


def _of_class(table: _Counts, name: str, place: int, values: tuple, support: int) -> list[Metric]:
    precision, recall, f1 = map(float, values)
    is_hit, is_said = table.truth == place, table.said == place
    found = []
    if is_said.any():
        interval = table.share(is_hit[is_said], is_said, ("precision", place))
        found.append(Metric("precision", "share", precision, interval, int(is_said.sum()),
                            "share right of the records that the pilot calls so", name))  # fmt: skip
    interval = table.share(is_said[is_hit], is_hit, ("recall", place))
    found.append(
        Metric("recall", "share", recall, interval, int(support), "share right of the records that are so", name)
    )
    drawn = table.drawn("f1")
    interval = percentiles(drawn[:, place], table.scored.cluster, value=f1) if drawn is not None else _OPEN
    found.append(Metric("F1", "share", f1, interval, int((is_hit | is_said).sum()),
                        f"harmonic mean of precision and recall; interval {_BY_DRAWING}", name))  # fmt: skip
    return found


_OPEN = Interval(None, None)


def _codes(scored: Scored, classes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Place of each right answer and of each answer among the classes; one behind the last for any other answer."""
    places = pd.Index(classes)
    truth, said = (places.get_indexer(texts) for texts in (scored.truth, scored.predicted))
    # a missing answer is wrong, even where a class is called like the words for it
    said = np.where((said == truth) & ~scored.right, -1, said)
    return truth, np.where(said < 0, len(classes), said)


@dataclass(frozen=True)
class _Counts:
    """Right answers, answers, and what they would be in samples of whole groups drawn anew.

    Parameters
    ----------
    truth, said : array of int, shape (n,)
    scored : Scored
    by_name : dict of name to array of float, shape (replicates, classes), optional
        None where there are too many classes.
    """

    truth: np.ndarray
    said: np.ndarray
    scored: Scored
    by_name: dict[str, np.ndarray] | None

    @classmethod
    def of(cls, truth: np.ndarray, said: np.ndarray, scored: Scored, classes: int) -> _Counts:
        """Draw whole groups, and count right answers, records and answers of each class."""
        if classes > policy.value("most_classes_resampled"):
            return cls(truth, said, scored, None)
        kinds, cell = np.unique(truth * (classes + 1) + said, return_inverse=True)
        drawn = resampled_cells(cell.ravel(), scored.cluster, rng=scored.generator("class_metrics"))
        t, p = kinds // (classes + 1), kinds % (classes + 1)
        is_t, is_p = (side[:, None] == np.arange(classes) for side in (t, p))
        hit, there, called = (drawn @ part.astype(float) for part in (is_t & is_p, is_t, is_p))
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = {"precision": hit / called, "recall": hit / there, "f1": 2 * hit / (there + called)}
        # a class that a sample lacks has no figure in it, and the mean is over the others
        shares["f1"] = np.where(there > 0, shares["f1"], np.nan)
        return cls(truth, said, scored, shares)

    def drawn(self, name: str) -> np.ndarray | None:
        return None if self.by_name is None else self.by_name[name]

    def interval(self, name: str, value: float) -> Interval:
        """Interval of a mean over classes."""
        drawn = self.drawn(name)
        return _OPEN if drawn is None else percentiles(np.nanmean(drawn, axis=1), self.scored.cluster, value=value)

    def share(self, right: np.ndarray, of: np.ndarray, key: tuple[str, int]) -> Interval:
        """Interval of a share of some records: Wilson's, or from the drawn groups."""
        drawn = self.drawn(key[0])
        rng = self.scored.generator("class_metrics", key[0], str(key[1]))
        drawn = None if drawn is None else drawn[:, key[1]]
        return clustered_share(right, self.scored.cluster[of], rng=rng, drawn=drawn)[0]
