"""What data realism says to the checklists: usable data (E2) and the raw sample (data part of R1)."""

from __future__ import annotations


from flightready import policy
from flightready.assessment.schema import Sampling
from flightready.evidence import Finding, Grade, State, judge_at_least
from flightready.intervals import clopper_pearson
from flightready.realism.inspection import Inspection
from flightready.realism.result import Coverage

_DRAWN_BY_CHANCE = ("random", "systematic", "stratified")


def data_exists(inspection: Inspection) -> Finding:
    """E2 (a): raw data exists, parses, and has what the task needs."""
    raw = inspection.sample.raw
    about = {"id": "realism.data_exists", "title": "Usable raw data exists", "grade": Grade.MEASURED,
             "rule": "least_parsed_share", "questions": ("E2",), "gaps": ("G1",), "tags": ("reliability",),
             "threshold": policy.value("least_parsed_share"), "unit": "share"}  # fmt: skip
    if raw is None:
        return Finding(sentence="No raw data is here, so nothing shows that usable data exists.", state=State.UNKNOWN,
                       decides="200 or more raw records, named under data.production", **about)  # fmt: skip
    total, parsed = raw.n_records, len(raw)
    interval = clopper_pearson(parsed, total)
    thin = _thin_inputs(inspection)
    state = judge_at_least(interval, policy.value("least_parsed_share"))
    sentence = f"{parsed:,} of {total:,} raw records parse"
    if not inspection.sample.columns.text:
        state = State.FAIL if state is State.FAIL else State.UNKNOWN
        return Finding(sentence=f"{sentence}; which column the pilot reads is not said.", state=state, value=parsed / total,
                       interval=interval, n=total, decides="the input columns, named under data.columns.text",
                       sources=_files(inspection), **about)  # fmt: skip
    if thin:
        state = State.FAIL
        sentence += f", but {', '.join(thin)} {'is' if len(thin) == 1 else 'are'} empty in most of them"
    else:
        sentence += ", and the columns that the pilot reads are filled in most of them"
    return Finding(sentence=f"{sentence}.", state=state, value=parsed / total, interval=interval, n=total,
                   sources=_files(inspection), **about)  # fmt: skip


def covers_a_year(inspection: Inspection, coverage: Coverage | None) -> Finding:
    """E2 (b): a year of data, without an empty month, and fresh."""
    needed = policy.value("least_coverage")
    about = {"id": "realism.coverage", "title": "A year of recent data", "grade": Grade.MEASURED, "rule": "least_coverage",
             "questions": ("E2",), "gaps": ("G1",), "tags": ("reliability",), "threshold": float(needed), "unit": "days"}  # fmt: skip
    if coverage is None:
        why = "No raw data is here" if inspection.sample.raw is None else "No date can be read in the raw records"
        return Finding(sentence=f"{why}, so the time that it covers is not known.", state=State.UNKNOWN,
                       decides="raw records with a date, its column named under data.columns.time", **about)  # fmt: skip
    wrong = []
    if coverage.days < needed:
        wrong.append(f"{needed - coverage.days:,} days short of a year")
    if coverage.empty_months:
        noun = "month without a record" if len(coverage.empty_months) == 1 else "months without a record"
        wrong.append(f"{len(coverage.empty_months)} {noun}")
    if coverage.age_days > policy.value("freshest_record_age"):
        wrong.append(f"the last record is {coverage.age_days:,} days old")
    sentence = f"Raw records cover {coverage.days:,} days, from {coverage.first} to {coverage.last}"
    sentence += f": {'; '.join(wrong)}." if wrong else ", no month is empty, and the last is recent."
    return Finding(sentence=sentence, state=State.FAIL if wrong else State.PASS, value=float(coverage.days),
                   n=coverage.n_dated, sources=_files(inspection), **about)  # fmt: skip


def raw_sample(inspection: Inspection, sampling: Sampling | None, n_distinct: int) -> Finding:
    """R1, data part: enough raw records, drawn by chance, with the manifest that says so."""
    needed = policy.value("least_raw_records")
    about = {"id": "realism.raw_sample", "title": "A raw sample drawn by chance", "grade": Grade.MEASURED,
             "rule": "least_raw_records", "questions": ("R1",), "gaps": ("G1",), "tags": ("reliability",),
             "threshold": float(needed), "unit": "records"}  # fmt: skip
    if inspection.sample.raw is None:
        return Finding(sentence="No raw sample is here.", state=State.UNKNOWN,
                       decides=f"{needed} raw records drawn at random", **about)  # fmt: skip
    about |= {"value": float(n_distinct), "n": n_distinct, "sources": _files(inspection)}
    counted = f"{n_distinct:,} different raw records are here"
    if n_distinct < needed:
        return Finding(sentence=f"{counted}, {needed - n_distinct} fewer than the {needed} that are needed.", state=State.FAIL,
                       decides=f"{needed - n_distinct} more raw records", **about)  # fmt: skip
    if sampling is None:
        return Finding(sentence=f"{counted}, but how they were drawn is not said, so they may not stand for production.",
                       state=State.UNKNOWN, decides="how they were drawn, under data.sampling", **about)  # fmt: skip
    method = sampling.method.replace("_", " ")
    if sampling.method not in _DRAWN_BY_CHANCE:
        return Finding(sentence=f"{counted}, but taken as {method}, which need not stand for production.", state=State.FAIL,
                       decides="a sample drawn at random from all records", **about)  # fmt: skip
    if sampling.drawn is None or sampling.population_rows is None:
        lacks = "the day they were drawn" if sampling.drawn is None else "how many rows they were drawn from"
        return Finding(sentence=f"{counted}, drawn by a {method} method, but {lacks} is not said.", state=State.UNKNOWN,
                       decides=f"{lacks}, under data.sampling", **about)  # fmt: skip
    population = f"{sampling.population_rows.median:,.0f} rows"
    return Finding(sentence=f"{counted}, drawn by a {method} method from {population} on {sampling.drawn}.",
                   state=State.PASS, **about)  # fmt: skip


def _thin_inputs(inspection: Inspection) -> list[str]:
    """Input columns that hold a value in too few raw records."""
    least = policy.value("least_filled_share")
    thin = []
    for column in inspection.sample.columns.text:
        filled = inspection.filled("raw", column).mean() if inspection.has("raw", column) else 0.0
        if filled < least:
            thin.append(f"'{column}'")
    return thin


def _files(inspection: Inspection) -> tuple[str, ...]:
    return tuple(s.table.name for s in inspection.sample.raw.sources)


