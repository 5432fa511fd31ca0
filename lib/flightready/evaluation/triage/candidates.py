"""Other models in the pilot's place: their answers to the same raw records, compared record by record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from flightready.assessment.evaluation import Candidate
from flightready.errors import InputError, listed, nearest
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.shares.clustered import clustered_share
from flightready.evaluation.shares.paired import mcnemar, paired_newcombe
from flightready.evaluation.shares.pairing import with_groups
from flightready.evaluation.tasks import Answers, answers
from flightready.evaluation.triage.candidates_result import Candidates, Compared, Option
from flightready.realism.sources import read_table
from flightready.wording import count

_PLACE = ("evaluation", "candidates")
_STANDS_IN = "answers of the candidate"


def candidates(records: ScoredSample) -> Candidates | None:
    """Return every candidate against the pilot on the raw records, or None when none can be compared.

    Raises
    ------
    InputError
        When a column is not there, or a file cannot be joined to the raw records.
    """
    named = records.pilot.spec.evaluation.candidates
    if not named or records.raw is None:
        return None
    found = [_compared(records, records.raw, one, i) for i, one in enumerate(named)]
    corrected = holm([c.p_value for c in found])
    return Candidates(tuple(replace(c, p_value=p) for c, p in zip(found, corrected, strict=True)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected so that any false discovery among them is as rare as for one alone.

    Source
    ------
    Holm 1979, Scandinavian Journal of Statistics 6:65.

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    corrected = np.empty(p.size)
    corrected[order] = np.minimum(raised, 1.0)
    return corrected.tolist()


def with_beaten(options: Sequence[Option]) -> tuple[Option, ...]:
    """Return options with the name of one that beats each: no dearer, no slower, no less accurate, and better in one.

    A cost or time that is not known beats nothing and is beaten by nothing.

    Examples
    --------
    >>> from flightready.evaluation.shares.accuracy import accuracy
    >>> dear = Option("dear", True, accuracy(80, 100), 0.02, None)
    >>> cheap = Option("cheap", False, accuracy(81, 100), 0.01, None)
    >>> [o.beaten_by for o in with_beaten([dear, cheap])]
    ['cheap', '']
    """
    return tuple(replace(o, beaten_by=next((b.name for b in options if _beats(b, o)), "")) for o in options)


def _beats(one: Option, other: Option) -> bool:
    if one is other or one.cost is None or other.cost is None or (one.p95_s is None) != (other.p95_s is None):
        return False
    ahead = [one.right.share - other.right.share, other.cost - one.cost]
    if one.p95_s is not None and other.p95_s is not None:
        ahead.append(other.p95_s - one.p95_s)
    return min(ahead) >= 0 and max(ahead) > 0


def _compared(records: ScoredSample, scored: Scored, one: Candidate, i: int) -> Compared:
    if one.file is None:
        given, strangers = _from_sample(records, scored, one, i), 0
    else:
        given, strangers = _from_file(records, scored, one, i)
    is_there = given.notna().to_numpy(dtype=bool)
    if not is_there.any():
        raise InputError(f"no scored raw record has the column '{one.prediction}' of the candidate '{one.name}'",
                         where=records.pilot.where(*_PLACE, i, "prediction"),
                         cure="name the file that holds it under this candidate's 'file'")  # fmt: skip
    judged, rows = _judged(records, scored, given, one, i), scored.rows[is_there]
    mine, pilot, cluster = judged.right[rows], scored.right[is_there], scored.cluster[is_there]
    table = [int(k.sum()) for k in (pilot & mine, mine & ~pilot, pilot & ~mine, ~pilot & ~mine)]
    n, rng = int(is_there.sum()), scored.generator("candidates", one.name)
    interval, effect = clustered_share(mine, cluster, rng=rng)
    return Compared(
        name=one.name, right=Accuracy(int(mine.sum()), n, interval, effect),
        pilot=scored.share_of(is_there, "candidates", one.name), difference=(table[1] - table[2]) / n,
        interval=with_groups(mine, pilot, cluster, paired_newcombe(*table), rng), p_value=mcnemar(table[1], table[2]),
        only_pilot=table[2], only_candidate=table[1], unanswered=int((~judged.has_answer[rows]).sum()),
        left_out=len(scored) - n, strangers=strangers,
        cost_per_request=None if one.cost_per_request is None else one.cost_per_request.median,
        p95_s=None if one.p95 is None else one.p95.median,
    )  # fmt: skip


def _judged(records: ScoredSample, scored: Scored, given: pd.Series, one: Candidate, i: int) -> Answers:
    """What the pilot's task makes of the candidate's answers, as if they were the pilot's."""
    where, spec = records.pilot.where(*_PLACE, i), records.pilot.spec.evaluation
    if spec.task == "scored" or spec.fields:
        needs = "answers that people rated" if spec.task == "scored" else "one column for each field"
        raise InputError(f"a candidate is one column of answers, and this task needs {needs}", where=where,
                         cure="give the candidate an assessment of its own, and compare the two")  # fmt: skip
    sample = records.inspection.sample
    column = pd.Series("", index=sample.raw.frame.index, dtype=object)
    column.iloc[scored.rows] = given.fillna("").to_numpy()
    frame = sample.raw.frame.assign(**{_STANDS_IN: column.astype("str")})
    columns = sample.columns.model_copy(update={"prediction": _STANDS_IN})
    supposed = replace(sample, raw=replace(sample.raw, frame=frame), columns=columns)
    try:
        return answers(records.pilot, replace(records.inspection, sample=supposed, _kept={}), "raw")
    except InputError as error:  # the task speaks of the pilot's column, which is not the one to mend
        raise InputError(
            f"the answers of the candidate '{one.name}' in '{one.prediction}' cannot be compared with the right ones",
            where=where, cure="name the column that holds the same kind of answer as the right ones",
        ) from error  # fmt: skip


def _from_sample(records: ScoredSample, scored: Scored, one: Candidate, i: int) -> pd.Series:
    """The candidate's answers beside the pilot's; a record without one counts as wrong, as for the pilot."""
    there = scored.side.frame.columns
    if one.prediction not in there:
        raise InputError(
            f"the column '{one.prediction}' of the candidate '{one.name}' is not in the raw records",
            where=records.pilot.where(*_PLACE, i, "prediction"), valid=listed(there),
            cure=nearest(one.prediction, there) or "name the file that holds it under this candidate's 'file'",
        )  # fmt: skip
    if one.prediction == records.inspection.sample.columns.label:
        raise InputError(f"the column '{one.prediction}' of the candidate '{one.name}' holds the right answers",
                         where=records.pilot.where(*_PLACE, i, "prediction"),
                         cure="name the column that holds what the candidate said")  # fmt: skip
    applies = scored.side.applies(one.prediction)[scored.rows]
    return scored.texts(one.prediction).fillna("").where(pd.Series(applies))


def _from_file(records: ScoredSample, scored: Scored, one: Candidate, i: int) -> tuple[pd.Series, int]:
    """The candidate's answers by the records' id; NA for a record that the file does not hold."""
    pilot, where = records.pilot, records.pilot.where(*_PLACE, i, "file")
    key = records.inspection.sample.columns.id
    if key is None or key not in scored.side.frame.columns:
        raise InputError(
            f"'{one.file}' cannot be joined: the raw records have no id", where=where,
            cure="name the column that tells records apart under data.columns.id",
        )  # fmt: skip
    frame = read_table(pilot.file(one.file, *_PLACE, i, "file"), where=where).frame
    for column, role in ((key, "id"), (one.prediction, "prediction")):
        if column not in frame.columns:
            cure = nearest(column, frame.columns) or f"the file needs the columns '{key}' and '{one.prediction}'"
            raise InputError(f"the column '{column}' ({role}) is not in '{one.file}'", where=where,
                             valid=listed(frame.columns), cure=cure)  # fmt: skip
    given = pd.DataFrame({"id": frame[key].fillna("").str.strip(), "answer": frame[one.prediction].fillna("")})
    given = given[given["id"] != ""].drop_duplicates()
    repeated = given["id"][given["id"].duplicated(keep=False)]
    if len(repeated):
        raise InputError(
            f"{count(len(repeated), 'row')} of '{one.file}' share {count(repeated.nunique(), 'id')}"
            " and differ in their answer", where=where, cure="keep one row for each id",
        )  # fmt: skip
    ids = scored.texts(key).fillna("").str.strip()
    matched = ids.map(given.set_index("id")["answer"])
    if matched.notna().sum() == 0:
        raise InputError(
            f"none of the {count(len(given), 'id')} of '{one.file}' is an id of the {len(scored):,} scored raw records",
            where=where, cure=f"write the ids as in the column '{key}' of the raw records",
        )  # fmt: skip
    every = set(scored.side.frame[key].fillna("").str.strip())
    return matched, int((~given["id"].isin(every)).sum())
