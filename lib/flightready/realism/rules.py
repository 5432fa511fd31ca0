"""What data realism says to the checklists: usable data (E2) and the raw sample (data part of R1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flightready import policy
from flightready.assessment.schema import Sampling
from flightready.errors import listed
from flightready.evidence import Finding, Grade, State, judge_at_least
from flightready.intervals import clopper_pearson
from flightready.realism.inspection import Inspection
from flightready.realism.silence import months_without
from flightready.realism.time_span import Coverage

DRAWN_BY_CHANCE = ("random", "systematic")


def data_exists(inspection: Inspection) -> Finding:
    """E2 (a): raw data exists, parses, and has what the task needs."""
    raw, least = inspection.sample.raw, policy.value("least_parsed_share")
    about = _about("data_exists", "Usable raw data exists", "E2", "least_parsed_share", least, "share", inspection)
    if raw is None:
        return Finding(
            sentence="No raw data is here, so nothing shows that usable data exists.", state=State.UNKNOWN,
            decides="200 or more raw records, named under data.production", **about,
        )  # fmt: skip
    total, parsed = raw.n_records, len(raw)
    interval = clopper_pearson(parsed, total)
    state = judge_at_least(interval, least)
    about |= {"value": parsed / total, "interval": interval, "n": total}
    counted = f"{parsed:,} of {total:,} raw records parse"
    if not inspection.sample.columns.text:
        state = State.FAIL if state is State.FAIL else State.UNKNOWN
        decides = "the input columns, named under data.columns.text"
        return Finding(
            sentence=f"{counted}; which columns the pilot reads is not said.", state=state, decides=decides, **about
        )
    if thin := _thin_inputs(inspection):
        told = f"but {', '.join(thin)} {'is' if len(thin) == 1 else 'are'} empty in most of them"
        return Finding(sentence=f"{counted}, {told}.", state=State.FAIL, **about)
    told = "and the columns that the pilot reads are filled in most of them"
    decides = "more raw records" if state is State.UNKNOWN else ""
    return Finding(sentence=f"{counted}, {told}.", state=state, decides=decides, **about)


def covers_a_year(inspection: Inspection, coverage: Coverage | None) -> Finding:
    """E2 (b): a year of data, without an empty month, and fresh."""
    needed = policy.value("least_coverage")
    about = _about("coverage", "A year of recent data", "E2", "least_coverage", needed, "days", inspection)
    if coverage is None:
        why = "No raw data is here" if inspection.sample.raw is None else "No date can be read in the raw records"
        return Finding(
            sentence=f"{why}, so the time that it covers is not known.", state=State.UNKNOWN,
            decides="raw records with a date, its column named under data.columns.time", **about,
        )  # fmt: skip
    if coverage.n_ambiguous > policy.value("most_ambiguous_share") * coverage.n_dated:
        told = f"{coverage.n_ambiguous:,} of {coverage.n_dated:,} dates could be read day first or month first"
        return Finding(
            sentence=f"{told}, so the time that the raw records cover is not known.", state=State.UNKNOWN,
            n=coverage.n_dated, decides="dates with the year first, such as 2026-03-09", **about,
        )  # fmt: skip
    wrong = []
    if coverage.days < needed:
        wrong.append(f"{needed - coverage.days:,} days short of a year")
    if coverage.empty_months:
        noun = "month without a record" if len(coverage.empty_months) == 1 else "months without a record"
        wrong.append(f"{len(coverage.empty_months)} {noun}")
    if coverage.age_days > policy.value("freshest_record_age"):
        wrong.append(f"the last record is {coverage.age_days:,} days old")
    span = f"cover {coverage.days:,} days, from {coverage.first} to {coverage.last}"
    told = f"Raw records {span if coverage.days > 1 else f'are all of one day, {coverage.first}'}"
    told += f": {'; '.join(wrong)}." if wrong else ", no month is empty, and the last is recent."
    state, decides = (State.FAIL, "") if wrong else (State.PASS, "")
    dated, least = coverage.n_dated, policy.value("least_raw_records")
    undated = coverage.n_undated + coverage.n_future
    if state is State.PASS and (dated < least or dated < undated):
        state, decides = State.UNKNOWN, f"{least} or more raw records with a date that can be read"
        told = f"{told[:-1]}, but only {dated:,} of {dated + undated:,} raw records carry a date."
    for system, months in months_without(inspection, coverage.months).items():
        told += f" '{system}' has no record in {listed(months)}."
    return Finding(sentence=told, state=state, value=float(coverage.days), n=coverage.n_dated, decides=decides, **about)


def raw_sample(
    inspection: Inspection, sampling: Sampling | None, n_distinct: int, *, as_of: dt.date, last: dt.date | None
) -> Finding:
    """R1, data part: enough raw records, drawn by chance, with the manifest that says so."""
    needed = policy.value("least_raw_records")
    about = _about(
        "raw_sample", "A raw sample drawn by chance", "R1", "least_raw_records", needed, "records", inspection
    )
    if inspection.sample.raw is None:
        decides = f"{needed} raw records drawn at random"
        return Finding(sentence="No raw sample is here.", state=State.UNKNOWN, decides=decides, **about)
    about |= {"value": float(n_distinct), "n": n_distinct}
    counted = "1 raw record is here" if n_distinct == 1 else f"{n_distinct:,} different raw records are here"
    if n_distinct < needed:
        short = needed - n_distinct
        told = f"{counted}, {short} fewer than the {needed} that are needed."
        return Finding(sentence=told, state=State.FAIL, decides=f"{short} more raw records", **about)
    state, told, decides = _drawn(sampling, n_distinct, as_of, last)
    return Finding(sentence=f"{counted}, {told}.", state=state, decides=decides, **about)


def _drawn(sampling: Sampling | None, n_distinct: int, as_of: dt.date, last: dt.date | None) -> tuple[State, str, str]:
    """State, clause and what would decide, from the manifest of the sample; it must agree with the records."""
    if sampling is None:
        told = "but how they were drawn is not said, so they may not stand for production"
        return State.UNKNOWN, told, "how they were drawn, under data.sampling"
    method = sampling.method.replace("_", " ")
    if sampling.method == "stratified":
        told = "drawn as a stratified sample, whose weights are not said, so its shares are not those of production"
        return State.UNKNOWN, told, "a sample drawn at random from all records"
    if sampling.method not in DRAWN_BY_CHANCE:
        told = f"but taken as {method}, which need not stand for production"
        return State.FAIL, told, "a sample drawn at random from all records"
    if sampling.drawn is None or sampling.population_rows is None:
        lacks = "the day they were drawn" if sampling.drawn is None else "how many rows they were drawn from"
        return State.UNKNOWN, f"drawn as a {method} sample, but {lacks} is not said", f"{lacks}, under data.sampling"
    wrong = []
    if sampling.drawn > as_of:
        wrong.append(f"the manifest says they were drawn on {sampling.drawn}, which is yet to come")
    elif last is not None and sampling.drawn < last:
        wrong.append(f"the manifest says they were drawn on {sampling.drawn}, before the last record ({last})")
    if sampling.population_rows.median < n_distinct:
        wrong.append(f"the manifest says they were drawn from {sampling.population_rows.median:,.0f} rows")
    if wrong:
        return State.UNKNOWN, f"but {' and '.join(wrong)}", "a manifest under data.sampling that fits the records"
    population = f"{sampling.population_rows.median:,.0f} rows"
    return State.PASS, f"drawn as a {method} sample from {population} on {sampling.drawn}", ""


def _about(
    name: str, title: str, question: str, rule: str, threshold: float, unit: str, inspection: Inspection
) -> dict[str, Any]:
    raw = inspection.sample.raw
    return {
        "id": f"realism.{name}", "title": title, "rule": rule, "questions": (question,), "gaps": ("G1",),
        "tags": ("reliability",), "threshold": float(threshold), "unit": unit,
        "grade": Grade.ASSUMED if raw is None else Grade.MEASURED,
        "sources": tuple(s.table.name for s in raw.sources) if raw is not None else (),
    }  # fmt: skip


def _thin_inputs(inspection: Inspection) -> list[str]:
    """Input columns that hold a value in too few raw records."""
    least = policy.value("least_filled_share")
    thin = []
    for column in inspection.sample.columns.text:
        filled = inspection.filled("raw", column).mean() if inspection.has("raw", column) else 0.0
        if filled < least:
            thin.append(f"'{column}'")
    return thin
