"""Whether the pilot's answers have the form that was agreed: none empty, declined, malformed, too long or unknown."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment.evaluation import Evaluation
from flightready.evaluation.contract.answers import Answers, answers, masked, numbers_of, shown
from flightready.evaluation.contract.result import OutputContract, SideContract
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evidence import Finding, Grade, State, judge_at_most
from flightready.intervals import smallest_n_for_upper_bound
from flightready.realism.inspection import SIDES, Inspection
from flightready.realism.outcome import rate
from flightready.realism.parsing import read_times
from flightready.wording import count, share

EMPTY, REFUSED, MALFORMED, TOO_LONG, UNKNOWN_ANSWER = "empty", "refused", "malformed", "too long", "out of vocabulary"


@dataclass(frozen=True)
class _Contract:
    """What an answer must be: one of `allowed` (empty: anything), of a format, not too long, no refusal.

    Where it `may_be_empty` it may be so beside a right answer (in the column `label`) that is empty too, or absent.
    """

    allowed: frozenset[str]
    format: str
    longest: int | None
    refusals: tuple[str, ...]
    may_be_empty: bool
    null_words: frozenset[str]
    label: str = ""


def output_contract(records: ScoredSample) -> OutputContract | None:
    """Check every answer of the pilot, labelled or not, or return None when no record holds one.

    An answer is compared as it is, but for blanks around it: a program that asks for `billing` does not find `Billing`.
    """
    spec, inspection = records.pilot.spec.evaluation, records.inspection
    allowed, is_listed = _vocabulary(spec, inspection)
    sides = {}
    for name in SIDES:
        checked = [
            (found, replace(_contract_of(spec, allowed, field), label=_label_of(spec, column)))
            for column, field in _columns(spec, inspection).items()
            if (found := answers(inspection, name, column)) is not None
        ]
        sides[name] = _checked(checked) if checked else None
    if sides["raw"] is None and sides["curated"] is None:
        return None
    return OutputContract(
        sides["raw"], sides["curated"], len(allowed), is_listed, _format(spec, ""), spec.output.longest
    )


def contract_finding(found: OutputContract | None) -> Finding | None:
    """Judge the share of bad answers on raw data; None without raw answers."""
    if found is None or found.raw is None:
        return None
    bad, limit = found.raw.bad, policy.value("most_bad_outputs_share")
    state = judge_at_most(bad.interval, limit)
    if bad.hits:
        kinds = ", ".join(f"{r.hits:,} {kind}" for kind, r in found.raw.kinds.items() if r.hits)
        told = f"{bad.hits:,} of {count(bad.n, 'answer')} on raw data break the output contract ({kinds}): "
        told += f"{share(bad.share)}, nine times in ten {share(bad.interval.low)} to {share(bad.interval.high)}"
    else:
        told = f"None of {count(bad.n, 'answer')} on raw data breaks the output contract: at most "
        told += share(bad.interval.high)
    said = {
        State.PASS: f"that is within the {share(limit)} allowed",
        State.FAIL: f"all of that is more than the {share(limit)} allowed",
        State.UNKNOWN: f"the {share(limit)} allowed lie within",
    }[state]
    needed = smallest_n_for_upper_bound(1 - limit)
    more = f"{count(max(1, needed - bad.n), 'more answer')} without a bad one" if not bad.hits else "more raw answers"
    return Finding(
        "evaluation.output_contract", "Form of the answers", f"{told}; {said}.", state, Grade.MEASURED,
        value=bad.share, unit="share", interval=bad.interval, n=bad.n, rule="most_bad_outputs_share", threshold=limit,
        gaps=("G4",), tags=("reliability",), decides=more if state is State.UNKNOWN else "",
    )  # fmt: skip


def _columns(spec: Evaluation, inspection: Inspection) -> dict[str, str]:
    """Columns of answers, each with the kind of value that it holds; empty where the assessment says it for all."""
    if spec.task == "extraction" and spec.fields:
        kinds = {"number": "number", "date": "date"}
        return {f.prediction: kinds.get(f.compare, "text") for f in spec.fields.values()}
    column = inspection.sample.columns.prediction
    return {column: ""} if column else {}


def _label_of(spec: Evaluation, column: str) -> str:
    return next((f.label for f in spec.fields.values() if f.prediction == column), "")


def _format(spec: Evaluation, of_field: str) -> str:
    if of_field:
        return of_field
    is_plain = "format" not in spec.output.model_fields_set
    return "number" if spec.task == "regression" and is_plain else spec.output.format


def _contract_of(spec: Evaluation, allowed: frozenset[str], of_field: str) -> _Contract:
    words = spec.output.refusals or (policy.value("refusal_words") if spec.task in ("scored", "extraction") else [])
    known = {w.casefold() for w in allowed}
    nothing = frozenset(w for w in policy.value("null_words") if w not in known)
    return _Contract(
        frozenset() if of_field else allowed, _format(spec, of_field), spec.output.longest,
        tuple(w.casefold() for w in words), bool(of_field), nothing,
    )  # fmt: skip


def _vocabulary(spec: Evaluation, inspection: Inspection) -> tuple[frozenset[str], bool]:
    """The answers that are allowed, and whether the assessment lists them; empty where anything may be answered.

    For a classification they are by default all right answers of both sides, unless these are texts of their own.
    """
    if spec.output.allowed:
        return frozenset(w.strip() for w in spec.output.allowed), True
    label = inspection.sample.columns.label
    if spec.task != "classification" or spec.output.format != "text" or label is None:
        return frozenset(), False
    texts = [side.frame[label].dropna().str.strip() for _, side in inspection.sides() if label in side.frame.columns]
    labels = pd.concat(texts) if texts else pd.Series([], dtype="str")
    labels = labels[labels != ""]
    different = set(labels.unique())
    is_text = len(different) > policy.value("most_distinct_share") * len(labels)
    return (frozenset(), False) if is_text else (frozenset(different), False)


def _checked(columns: list[tuple[Answers, _Contract]]) -> SideContract:
    """All columns of answers of one side together; an extraction counts every field of every record."""
    kinds: dict[str, int] = {}
    systems: dict[str, list[int]] = {}
    examples, total, case_only = [], 0, 0
    for found, contract in columns:
        bad = _broken(found, contract)
        any_bad = np.zeros(len(found), dtype=bool)
        for kind, hit in bad.items():
            kinds[kind] = kinds.get(kind, 0) + int(hit.sum())
            any_bad |= hit
        for system, one in found.by_system(any_bad, np.ones(len(found), dtype=bool)).items():
            counted = systems.setdefault(system, [0, 0])
            counted[0], counted[1] = counted[0] + one.hits, counted[1] + one.n
        total += len(found)
        allowed = {w.casefold() for w in contract.allowed}
        if UNKNOWN_ANSWER in bad:
            case_only += int(found.texts[bad[UNKNOWN_ANSWER]].str.casefold().isin(allowed).sum())
        for kind, hit in bad.items():
            examples += [
                found.example(int(p), f"{kind}: {masked(found.texts.iloc[int(p)])}") for p in shown(np.flatnonzero(hit))
            ]
    silent = tuple(dict.fromkeys(s for found, _ in columns for s in found.silent))
    return SideContract(
        rate(sum(kinds.values()), total), {k: rate(n, total) for k, n in kinds.items()},
        {s: rate(*counted) for s, counted in systems.items()}, case_only, silent, tuple(examples),
    )  # fmt: skip


def _broken(found: Answers, contract: _Contract) -> dict[str, np.ndarray]:
    """Which answers are bad in which way; an answer counts under the first way only."""
    texts, left = found.texts, np.ones(len(found), dtype=bool)
    is_empty = (texts.eq("") | texts.str.casefold().isin(contract.null_words)).to_numpy(dtype=bool)
    checks: dict[str, np.ndarray] = {}
    if not contract.may_be_empty:
        checks[EMPTY] = is_empty
    elif contract.label:
        wanted = found.column(contract.label)
        checks[EMPTY] = is_empty & ~(wanted.eq("") | wanted.str.casefold().isin(contract.null_words)).to_numpy(bool)
    left &= ~is_empty
    if contract.refusals:
        checks[REFUSED] = _each(texts, lambda t: _declines(t, contract.refusals))
    checks[MALFORMED] = _malformed(texts, found.system, contract.format)
    if contract.longest is not None:
        checks[TOO_LONG] = (texts.str.len() > contract.longest).to_numpy(dtype=bool)
    if contract.allowed:
        checks[UNKNOWN_ANSWER] = ~texts.isin(contract.allowed).to_numpy(dtype=bool)
    for kind, hit in checks.items():
        if kind != EMPTY:
            checks[kind] = hit & left
            left &= ~checks[kind]
    return checks


def _each(texts: pd.Series, holds: Callable[[str], bool]) -> np.ndarray:
    """Whether something holds, asked once for each different text."""
    told = {t: holds(t) for t in texts.unique()}
    return np.array([told[t] for t in texts], dtype=bool)


def _declines(text: str, words: tuple[str, ...]) -> bool:
    start = text[: policy.value("longest_refusal")].casefold().lstrip("\"'*- ")
    return any(start.startswith(word) for word in words)


def _malformed(texts: pd.Series, system: np.ndarray, form: str) -> np.ndarray:
    """Answers that are not of the format, or hold characters that were lost or that control a device."""
    broken = _each(texts, lambda t: "\ufffd" in t or any(c < " " and c not in "\t\n\r" for c in t))
    if form == "number":
        return broken | np.isnan(numbers_of(texts, system))
    if form == "date":
        unread = np.zeros(len(texts), dtype=bool)
        for one in dict.fromkeys(map(str, system)):
            unread[system == one] = np.isnat(read_times(texts[system == one]).values)
        return broken | unread
    return broken | _each(texts, _is_no_json) if form == "json" else broken


def _is_no_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return True
    return False
