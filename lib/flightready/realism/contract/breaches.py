"""Holding records to a contract: which cells break which rule."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready.evidence import Interval
from flightready.intervals import clopper_pearson
from flightready.realism.contract.forms import table_schema
from flightready.realism.contract.patterns import body, broken_characters, pattern, placeholders
from flightready.realism.contract.rules import Contract, Rule
from flightready.realism.detector import RECORD
from flightready.realism.sample import Side

_NOT_READ = "row does not parse"
RULES = (
    "column is not there", "empty", "stands for nothing", "broken characters", "not a number", "written otherwise",
    "unknown category", "out of range", "too long", "value occurred before", "copy of an earlier record", _NOT_READ,
)  # fmt: skip


@dataclass(frozen=True)
class Breach:
    """How often one rule of one column is broken.

    Parameters
    ----------
    column : str
        Or `record`.
    rule : str
        One of `RULES`.
    hits, n : int
        Records that break it, of all that were held to it.
    interval : Interval
        Exact 90 % interval of the share.
    """

    column: str
    rule: str
    hits: int
    n: int
    interval: Interval


def broken(contract: Contract, side: Side) -> dict[tuple[str, str], np.ndarray]:
    """Return the records that break each rule, as bool arrays of shape (rows,), by (column, rule).

    pandera decides which cells pass; which rule a failing cell breaks is told by its text.
    """
    import pandera.errors

    frame = _as_table(side.frame)
    marks: dict[tuple[str, str], np.ndarray] = {}
    numbers = {c: _unreadable(frame, c, r) for c, r in contract.columns.items() if r.kind == "number" and c in frame}
    for column, unreadable in numbers.items():
        _mark(marks, column, side.frame[column], unreadable, contract.columns[column])
        frame[column] = frame[column].mask(unreadable)
    schema = table_schema(contract)
    for column, rule in contract.columns.items():
        if column not in frame:
            marks |= {(column, RULES[0]): np.ones(len(frame), dtype=bool)} if rule.required else {}
    present = [c for c in contract.columns if c in frame]
    try:
        schema.select_columns(present).validate(frame[present], lazy=True)
    except pandera.errors.SchemaErrors as found:
        for column, check, index in _failures(found):
            unreadable = numbers.get(column)
            if check == "not_nullable" and unreadable is not None:
                index = index[~unreadable[index]]
            _note(marks, column, check, index, side, contract.columns[column])
    if not contract.copies:
        copies = side.is_copy
        marks |= {(RECORD, "copy of an earlier record"): copies} if copies.any() else {}
    return marks


def breaches(contract: Contract, side: Side) -> tuple[Breach, ...]:
    """Return how often each rule is broken, the most frequent first; a rule that all records keep is left out."""
    found = [
        Breach(column, rule, int(hit.sum()), len(side), clopper_pearson(int(hit.sum()), len(side)))
        for (column, rule), hit in broken(contract, side).items() if hit.any()
    ]  # fmt: skip
    unparsed = sum(len(s.table.malformed) for s in side.sources)
    if unparsed:
        found.append(Breach(RECORD, _NOT_READ, unparsed, side.n_records, clopper_pearson(unparsed, side.n_records)))
    return tuple(sorted(found, key=lambda b: (-b.hits, b.column, RULES.index(b.rule))))


def _as_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Every text with empty and blank cells as null."""
    return frame.apply(lambda texts: texts.where(texts.fillna("").str.strip() != "", None)).reset_index(drop=True)


def _unreadable(frame: pd.DataFrame, column: str, rule: Rule) -> np.ndarray:
    texts = frame[column]
    good = {t: re.search(pattern(rule), t) is not None for t in texts.dropna().unique()}
    return np.array([not good.get(t, True) for t in texts], dtype=bool)


def _failures(found) -> list[tuple[str, str, np.ndarray]]:
    cases = found.failure_cases
    cases = cases[cases["index"].notna()]
    grouped = cases.groupby(["column", "check"], sort=True)["index"]
    return [(str(c), str(check), np.unique(index.astype(int).to_numpy())) for (c, check), index in grouped]


def _note(
    marks: dict[tuple[str, str], np.ndarray], column: str, check: str, index: np.ndarray, side: Side, rule: Rule
) -> None:
    hit = np.zeros(len(side), dtype=bool)
    hit[index] = True
    texts = side.frame[column]
    if check == "not_nullable":
        _add(marks, column, "empty", hit)
    elif check == "field_uniqueness":
        _add(marks, column, "value occurred before", hit & texts.duplicated(keep="first").to_numpy())
    elif check.startswith("str_length"):
        _add(marks, column, "too long", hit)
    elif check.startswith(("in_range", "greater_than", "less_than")):
        _add(marks, column, "out of range", hit)
    else:
        _mark(marks, column, texts, hit, rule)


def _mark(marks: dict[tuple[str, str], np.ndarray], column: str, texts: pd.Series, hit: np.ndarray, rule: Rule) -> None:
    """Tell by the text which rule each failing cell breaks."""
    told = {t: _reason(t, rule) for t in texts[hit].unique()}
    reasons = np.array([told[t] if h else "" for t, h in zip(texts, hit, strict=True)])
    for reason in dict.fromkeys(told.values()):
        _add(marks, column, reason, reasons == reason)


def _reason(text: str, rule: Rule) -> str:
    if not rule.placeholders and re.search(rf"^\s*(?:{placeholders()})\s*$", text):
        return "stands for nothing"
    if rule.categories:
        return "unknown category"
    if not rule.broken_characters and re.search(broken_characters(), text):
        return "broken characters"
    if rule.kind == "number" and not re.search(f"^(?:{body(rule)})$", text):
        return "not a number"
    return "written otherwise"


def _add(marks: dict[tuple[str, str], np.ndarray], column: str, rule: str, hit: np.ndarray) -> None:
    if hit.any():
        marks[column, rule] = marks.get((column, rule), False) | hit
