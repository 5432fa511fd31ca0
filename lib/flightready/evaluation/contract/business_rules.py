"""Business rules that every answer must keep, checked on every answer of the pilot, labelled or not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from flightready import policy
from flightready.assessment.evaluation import COMPARISONS, BusinessRule
from flightready.errors import InputError, listed, nearest
from flightready.evaluation.contract.answers import Answers, answers, masked, numbers_of, shown
from flightready.evaluation.contract.result import RuleCheck
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.scoring import read_confidence
from flightready.evidence import Finding, Grade, Interval, State
from flightready.intervals import clopper_pearson, smallest_n_for_upper_bound
from flightready.realism.inspection import SIDES
from flightready.realism.numerals import read_numbers
from flightready.realism.outcome import Example, Rate, rate
from flightready.wording import count, share

_COMPARED = re.compile(rf"\s*({'|'.join(COMPARISONS)})\s*(.+)")
_HOLDS = {">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less}


@dataclass(frozen=True)
class _Scope:
    """Where a rule applies on one side: records in its scope, records that cannot be told, and values never seen."""

    found: Answers = field(repr=False)
    inside: np.ndarray = field(repr=False)
    untold: np.ndarray = field(repr=False)
    unseen: frozenset[str]


def rule_checks(records: ScoredSample) -> tuple[RuleCheck, ...]:
    """Check every business rule of the assessment; empty without rules or without answers.

    Values of the condition, and answers, are compared without blanks around them and without case: a rule that must
    always hold is not left by writing `Legal`. Comparisons such as `> 500` read the column as numbers. A record whose
    value is missing, or stands for a missing one, is not in scope and is counted apart.

    Raises
    ------
    InputError
        Where there are answers to check: when a condition names a column that no file has, compares with what is no
        number, or a rule names an answer that `evaluation.output.allowed` does not list.
    """
    column = records.inspection.sample.columns.prediction
    found = {name: answers(records.inspection, name, column) for name in SIDES}
    rules = records.pilot.spec.evaluation.rules
    if not any(found.values()):
        return ()  # without records the columns are not known, so nothing can be said against a rule
    for place, rule in enumerate(rules):
        _refuse_unknown(records, rule, place)
    return tuple(_check(records, rule, place, found) for place, rule in enumerate(rules))


def rules_finding(checks: tuple[RuleCheck, ...]) -> Finding | None:
    """Judge all rules together: one broken answer fails, and none passes only from enough answers in scope."""
    if not checks:
        return None
    broken = [c for c in checks if c.broken]
    limit = policy.value("most_broken_rule_share")
    about = {"id": "evaluation.business_rules", "title": "Business rules", "unit": "share", "gaps": ("G4",),
             "tags": ("reliability", "safety"), "rule": "most_broken_rule_share", "grade": Grade.MEASURED}  # fmt: skip
    if broken:
        told = "; ".join(f"'{c.name}' by {_of(c)}" for c in broken)
        first = broken[0].raw or broken[0].curated
        which = f"{len(broken)} of {count(len(checks), 'rule')}"
        sentence = f"{which} that must always hold {_verb(len(broken))} broken: {told}."
        return Finding(sentence=sentence, state=State.FAIL, value=first.share, interval=first.interval, n=first.n,
                       threshold=0.0, **about)  # fmt: skip
    least = min(checks, key=lambda c: c.raw.n if c.raw else 0)
    n = least.raw.n if least.raw else 0
    highest = clopper_pearson(0, n).high
    told = f"No answer breaks any of {count(len(checks), 'rule')}"
    about |= {"value": 0.0, "interval": Interval(0.0, highest), "n": n, "threshold": limit}
    if n == 0:
        sentence = f"{told}, but '{least.name}' had no raw answer in its scope."
        return Finding(sentence=sentence, state=State.UNKNOWN, decides=_more(least.name, 0, limit), **about)
    told += f"; '{least.name}' had {count(n, 'raw answer')} in its scope, so at most {share(highest)} break it"
    if highest <= limit:
        return Finding(sentence=f"{told}.", state=State.PASS, **about)
    return Finding(sentence=f"{told}, which is no proof yet.", state=State.UNKNOWN,
                   decides=_more(least.name, n, limit), **about)  # fmt: skip


def _more(name: str, n: int, limit: float) -> str:
    needed = smallest_n_for_upper_bound(1 - limit) - n
    return f"{count(max(1, needed), 'more raw answer')} in the scope of '{name}', none of which breaks it"


def _of(check: RuleCheck) -> str:
    told = [
        f"{side.hits:,} of {side.n:,} {name} answers in its scope"
        for name, side in (("raw", check.raw), ("demo", check.curated)) if side is not None and side.hits
    ]  # fmt: skip
    return " and ".join(told)


def _verb(n: int) -> str:
    return "is" if n == 1 else "are"


def _refuse_unknown(records: ScoredSample, rule: BusinessRule, place: int) -> None:
    pilot, known = records.pilot, records.inspection.columns
    for column in rule.when:
        if column not in known:
            raise InputError(f"the rule '{rule.name}' asks for the column '{column}', which no file of records has",
                             where=pilot.where("evaluation", "rules", place, "when", column), valid=listed(known),
                             cure=nearest(column, known))  # fmt: skip
        for value in rule.when[column]:
            _compared(records, rule, place, column, value)
    allowed = [a.strip() for a in pilot.spec.evaluation.output.allowed]
    for key in ("allow", "forbid"):
        for answer in getattr(rule, key):
            if allowed and answer.strip().casefold() not in {a.casefold() for a in allowed}:
                raise InputError(f"the rule '{rule.name}' names the answer '{answer}', which evaluation.output.allowed "
                                 "does not list", where=pilot.where("evaluation", "rules", place, key),
                                 valid=listed(allowed), cure=nearest(answer, allowed))  # fmt: skip


def _compared(
    records: ScoredSample, rule: BusinessRule, place: int, column: str, value: str
) -> tuple[str, float] | None:
    """The sign and the number of a comparison; None for a plain value, also one that is written like a comparison."""
    if not (match := _COMPARED.fullmatch(value)) or _is_held(records, column, value):
        return None
    number = _number(match[2])
    if np.isnan(number):
        raise InputError(f"the rule '{rule.name}' compares '{column}' with '{match[2]}', which is no number",
                         where=records.pilot.where("evaluation", "rules", place, "when", column),
                         valid='a comparison such as "> 500"')  # fmt: skip
    return match[1], number


def _is_held(records: ScoredSample, column: str, value: str) -> bool:
    """Whether a column holds this very text, such as `<18` in a column of age bands."""
    said = value.casefold()
    return any(
        bool((side.frame[column].str.strip().str.casefold() == said).any())
        for _, side in records.inspection.sides() if column in side.frame.columns
    )  # fmt: skip


def _number(text: str) -> float:
    import pandas as pd

    return float(read_numbers(pd.Series([text.replace("_", "")], dtype="str"))[0])


def _check(records: ScoredSample, rule: BusinessRule, place: int, found: dict[str, Answers | None]) -> RuleCheck:
    scopes = {name: _scope(records, rule, place, name, one) for name, one in found.items() if one is not None}
    rates: dict[str, Rate | None] = {"raw": None, "curated": None}
    examples: list[Example] = []
    to_people = 0
    by_system: dict[str, Rate] = {}
    for name, scope in scopes.items():
        broken, routed = _broken(records, rule, scope)
        rates[name] = rate(int(broken.sum()), int(scope.inside.sum()))
        if name == "raw":
            to_people, by_system = int(routed.sum()), scope.found.by_system(broken, scope.inside)
        if len(examples) < policy.value("rule_examples"):
            examples += [_example(rule, scope.found, int(p)) for p in shown(np.flatnonzero(broken))]
    unseen = frozenset.intersection(*(s.unseen for s in scopes.values()))
    raw = scopes.get("raw")
    return RuleCheck(
        rule.name, demand(rule), rates["raw"], rates["curated"], len(raw.found) if raw else 0,
        int(raw.untold.sum()) if raw else 0, to_people, by_system, tuple(c for c in rule.when if c in unseen),
        tuple(examples[: policy.value("rule_examples")]),
    )  # fmt: skip


def demand(rule: BusinessRule) -> str:
    """Return what a rule demands, in words.

    Examples
    --------
    >>> demand(BusinessRule(name="x", when={"order": "> 500"}, forbid="technical"))
    'where order is > 500: never technical'
    """
    parts = []
    if rule.allow:
        parts.append(f"only {listed(rule.allow)}")
    if rule.forbid:
        parts.append(f"never {listed(rule.forbid)}")
    if rule.least_confidence is not None:
        parts.append(f"at least {rule.least_confidence.text} sure, or a person decides")
    where = " and ".join(f"{column} is {' or '.join(values)}" for column, values in rule.when.items())
    return f"{f'where {where}' if where else 'always'}: {', '.join(parts)}"


def _scope(records: ScoredSample, rule: BusinessRule, place: int, name: str, found: Answers) -> _Scope:
    """Answered records that fulfil every condition; those that miss a value fulfil none."""
    answered = (found.texts != "").to_numpy(dtype=bool)
    inside, unknown, unseen = answered.copy(), np.zeros(len(found), dtype=bool), set()
    for column, values in rule.when.items():
        if column not in found.side.frame.columns:
            inside[:], unknown[:] = False, True
            unseen.add(column)
            continue
        is_known = records.inspection.filled(name, column)[found.rows]
        texts = found.column(column)
        numbers = numbers_of(texts, found.system)
        holds = np.zeros(len(found), dtype=bool)
        for value in values:
            compared = _compared(records, rule, place, column, value)
            if compared is not None:
                is_known = is_known & ~np.isnan(numbers)
                holds |= _HOLDS[compared[0]](numbers, compared[1])
            else:
                holds |= (texts.str.casefold() == value.casefold()).to_numpy(dtype=bool) | (numbers == _number(value))
        holds &= is_known
        if not holds.any():
            unseen.add(column)
        unknown |= ~is_known
        inside &= holds
    return _Scope(found, inside, unknown & answered, frozenset(unseen))


def _broken(records: ScoredSample, rule: BusinessRule, scope: _Scope) -> tuple[np.ndarray, np.ndarray]:
    """Answers in scope that break the rule, and answers less sure than demanded that a person decides."""
    said = scope.found.texts.str.strip().str.casefold()
    broken, routed = np.zeros(len(said), dtype=bool), np.zeros(len(said), dtype=bool)
    if rule.allow:
        broken |= ~said.isin([a.strip().casefold() for a in rule.allow]).to_numpy(dtype=bool)
    if rule.forbid:
        broken |= said.isin([a.strip().casefold() for a in rule.forbid]).to_numpy(dtype=bool)
    if rule.least_confidence is not None:
        sure = read_confidence(scope.found.side, records.inspection.sample.columns)[scope.found.rows]
        unsure = ~(sure >= rule.least_confidence.range90[1])  # an answer without a confidence is not sure
        threshold = records.pilot.spec.evaluation.review.threshold
        routed = unsure & (sure < threshold.range90[0]) & scope.inside if threshold else routed
        broken |= unsure & ~routed
    return broken & scope.inside, routed


def _example(rule: BusinessRule, found: Answers, place: int) -> Example:
    values = {column: found.column(column).iloc[place] for column in rule.when}
    held = [f"{column} {masked(value)}" for column, value in values.items() if value != found.texts.iloc[place]]
    return found.example(place, ", ".join([*held, f"answer {masked(found.texts.iloc[place])}"]))
