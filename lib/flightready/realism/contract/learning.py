"""Learning a contract from the demo set: what its good values have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready import policy
from flightready.errors import InputError
from flightready.realism.contract.breaches import broken
from flightready.realism.contract.rules import Contract, Rule
from flightready.realism.detector import RECORD, detectors
from flightready.realism.formats import formats, leading_number_style
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.parsing import number_style, read_numbers
from flightready.realism.sample import Side
from flightready.wording import count, share

_KINDS = {Kind.TIME: "time", Kind.NUMBER: "number", Kind.CODE: "code", Kind.KEY: "code", Kind.CATEGORY: "category"}
_SHAPED = ("time", "code")
_MARKED_BAD = ("disguised", "encoding", "mixed_format", "duplicate", "duplicate_key")


@dataclass(frozen=True)
class Learned:
    """A contract and why each of its rules was proposed.

    Parameters
    ----------
    contract : Contract
    why : dict of (column, key of the rule) to str
        A few words with figures and without any value from the data.
    """

    contract: Contract
    why: dict[tuple[str, str], str]


def learn(inspection: Inspection, *, name: str) -> Learned:
    """Return the rules that the good values of the demo set keep.

    Parameters
    ----------
    inspection : Inspection
        With a demo set; what its detectors mark there is not learned from.
    name : str
        Of the pilot.

    Raises
    ------
    InputError
        When there is no demo set.
    """
    side = inspection.side("curated")
    if side is None:
        cure = "put records that are as they should be into a file, and name it: data: {curated: good_rows.csv}"
        raise InputError("a contract is learned from the demo set, and there is none", where="data.curated", cure=cure)
    bad = _marked(inspection)
    roles = inspection.sample.columns
    answers = {roles.label, roles.prediction, roles.confidence}  # they are given to a record after it came in
    rules, why = {}, {}
    for column in (c for c in side.frame.columns if c not in answers):
        rules[column], told = _rule(inspection, column, bad.get(column, np.zeros(len(side), dtype=bool)))
        why |= {(column, key): text for key, text in told.items()}
    copies = bool(bad[RECORD].any()) if RECORD in bad else False
    _loosen(rules, why, side, bad)
    files = ", ".join(s.table.name for s in side.sources)
    learned_from = f"{files}, {count(len(side), 'record')}"
    return Learned(Contract(name=name, learned_from=learned_from, copies=copies, columns=rules), why)


def _marked(inspection: Inspection) -> dict[str, np.ndarray]:
    """Cells of the demo set that a detector of broken values marks, by column."""
    bad: dict[str, np.ndarray] = {}
    for found in detectors():
        if found.id in _MARKED_BAD:
            for column, detection in found.find(inspection).items():
                if detection.curated is not None:
                    bad[column] = bad.get(column, False) | detection.curated.hit
    return bad


def _rule(inspection: Inspection, column: str, bad: np.ndarray) -> tuple[Rule, dict[str, str]]:
    filled, n = inspection.filled("curated", column), int(inspection.applies("curated", column).sum())
    good = filled & ~bad
    texts = inspection.texts("curated", column)[good]
    empty = int(inspection.empty("curated", column).sum())
    said: dict[str, object] = {"kind": _KINDS.get(inspection.kinds[column], "text")}
    why: dict[str, str] = {}
    # none empty among a few records is no rule; among n of them the share is below the threshold
    if not empty and n >= policy.value("least_records_for_rule"):
        said["required"], why["required"] = True, f"none of {n:,} is empty"
    elif n:
        why["required"] = f"{empty:,} of {n:,} are empty ({share(empty / n)})"
    if inspection.kinds[column] is Kind.KEY and len(texts) and texts.is_unique:
        said["unique"], why["unique"] = True, f"{len(texts):,} values, none twice"
    if len(texts):
        _learn_values(said, why, texts, inspection.kinds[column])
    return Rule(**said), why


def _loosen(
    rules: dict[str, Rule], why: dict[tuple[str, str], str], side: Side, bad: dict[str, np.ndarray]
) -> None:  # fmt: skip
    """Take back what the demo set itself does not keep: a rule that refuses its own teacher is no rule.

    Values that were left out as rare or broken may break a rule; more than those may not.
    """
    most = 1 - policy.value("learned_share")
    for column, rule in list(rules.items()):
        n = max(1, len(side))
        for looser in (rule, _as_text(rule), Rule(placeholders=True, broken_characters=True)):
            trial = Contract(name="trial", copies=True, columns={column: looser})
            hits = [hit & ~bad.get(column, False) for (c, _), hit in broken(trial, side).items() if c == column]
            if not hits or np.logical_or.reduce(hits).sum() <= most * n:
                break
        if looser is not rule:
            rules[column] = looser
            for key in [k for c, k in why if c == column]:
                del why[column, key]
            why[column, "kind"] = "the demo set keeps no narrower rule"


def _as_text(rule: Rule) -> Rule:
    """The same rule without what it says about how a value is written."""
    return Rule(required=rule.required, unique=rule.unique)


def _learn_values(said: dict[str, object], why: dict[str, str], texts: pd.Series, kind: Kind) -> None:
    if said["kind"] in _SHAPED:
        shapes = formats(texts, kind, collapsed=True).value_counts()
        frequent = shapes[shapes >= policy.value("least_occurrences_to_learn")]
        if frequent.sum() >= policy.value("learned_share") * shapes.sum():
            said["formats"] = sorted(str(s) for s in frequent.index)
            why["formats"] = f"{count(len(frequent), 'shape')} in {share(frequent.sum() / shapes.sum())} of the values"
        else:
            said["kind"] = "text"
    elif said["kind"] == "category":
        _learn_categories(said, why, texts)
    elif said["kind"] == "number":
        _learn_range(said, why, texts)
    if said["kind"] == "text":
        said["longest"] = int(policy.value("room_above_longest") * texts.str.len().max())
        why["longest"] = f"{policy.value('room_above_longest'):g} times the longest of {len(texts):,}"


def _learn_categories(said: dict[str, object], why: dict[str, str], texts: pd.Series) -> None:
    """Values that occur often enough; a value seen once may be a person's own words, and is left to the analyst."""
    values = texts.value_counts()
    frequent = values[values >= policy.value("least_occurrences_to_learn")]
    is_closed = len(frequent) <= policy.value("most_classes") and len(frequent) > 0
    if not is_closed or frequent.sum() < policy.value("learned_share") * values.sum():
        said["kind"] = "text"
        return
    said["categories"] = sorted(str(v) for v in frequent.index)
    rare = len(values) - len(frequent)
    left = f"; {count(rare, 'rare value')} left out, add them if they are right" if rare else ""
    why["categories"] = (
        f"{count(len(frequent), 'value')} in {share(frequent.sum() / values.sum())} of the records{left}"
    )


def _learn_range(said: dict[str, object], why: dict[str, str], texts: pd.Series) -> None:
    styles = texts.map({t: number_style(t) for t in texts.unique()})
    said["decimal"] = "comma" if leading_number_style(styles).startswith("comma") else "point"
    values = read_numbers(texts)
    values = values[~np.isnan(values)]
    if not values.size:
        return
    low, high = float(values.min()), float(values.max())
    room = (policy.value("room_around_range") - 1) * (high - low)
    is_share = low >= 0 and high <= 1
    said["lowest"] = 0.0 if low >= 0 else _two_digits(low - room)
    said["highest"] = 1.0 if is_share else _two_digits(high + room)
    why["lowest"] = "no value is negative" if low >= 0 else f"the lowest of {values.size:,}, with room below"
    why["highest"] = (
        "every value is a share of 1" if is_share
        else f"the range of {values.size:,} values, {policy.value('room_around_range'):g} times as wide"
    )  # fmt: skip


def _two_digits(value: float) -> float:
    """A value with two digits, so that no single record's amount is written down."""
    return float(f"{value:.1e}")
