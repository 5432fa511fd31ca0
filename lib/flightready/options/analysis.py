"""Options side by side: what each way of answering costs at the planned load, on the same draws as the pilot's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.options import Commitment, Option
from flightready.cost.result import CostResult
from flightready.cost.retirement import Retiring
from flightready.draws import JointSample, Summary, summarise
from flightready.errors import InputError
from flightready.evidence import Absence, Grade
from flightready.latency.result import LatencyResult
from flightready.options import api, bought, edge, provisioned, self_hosted, spans
from flightready.options.accuracy import Right, candidate_of, pilots_right, right, wrong_answers
from flightready.options.comparison import Comparison, compare
from flightready.options.line import Grounds, Line, Unpriced
from flightready.options.loads import planned_load
from flightready.options.placement import placements
from flightready.options.result import OptionResult, OptionsResult
from flightready.options.suggestions import NOTE, suggested
from flightready.quantity import CURRENCIES, Quantity
from flightready.telemetry.frames import UsageLog
from flightready.traffic.demand import Demand
from flightready.wording import seconds

if TYPE_CHECKING:  # it is many modules
    from flightready.evaluation.result import EvaluationResult

PILOT_NAME = "The pilot's own way"
PILOT_KIND = "pilot"
LINES: Mapping[str, Callable[[Any, Grounds], Line | Unpriced]] = MappingProxyType({
    "api": api.line, "provisioned": provisioned.line, "self_hosted": self_hosted.line, "edge": edge.line,
    "build": bought.line, "buy": bought.line,
})  # fmt: skip
"""How each kind of option is priced."""


@dataclass(frozen=True)
class _Way:
    """One row before it is computed: the pilot's own way has no option."""

    name: str
    option: Option | None
    line: Line | Unpriced
    right: Right | None
    notes: tuple[str, ...]


def analyse(
    pilot: Pilot, joint: JointSample, demand: Demand | None, cost: CostResult, *, usage: UsageLog | None = None,
    evaluation: EvaluationResult | None = None, latency: LatencyResult | None = None, as_of: dt.date | None = None,
) -> OptionsResult:  # fmt: skip
    """Return every option side by side with the pilot's own way.

    Amounts are for the calls, or for what takes their place: what runs beside them is the same in all and left out,
    unless an option states running costs of its own.

    Parameters
    ----------
    pilot : Pilot
    joint : JointSample
        Every option is drawn as its columns, beside those of cost and demand: the same row is the same future.
    demand : Demand or None
        Without it options are compared by the request.
    cost : CostResult
    usage : UsageLog, optional
        The log or export that is priced anew.
    evaluation : EvaluationResult, optional
        Knows how often the pilot and measured candidates are right.
    latency : LatencyResult, optional
        Knows how long the pilot takes.
    as_of : date, optional
        From this day on retirements count; by default the assessment's own. Without a day none counts.

    Raises
    ------
    InputError
        When two options share a name, a model has no known price, or a candidate is not one of the evaluation's.
    """
    grounds = Grounds(pilot, joint, demand, cost, usage, evaluation, as_of or pilot.spec.as_of)
    _refuse_same_names(pilot)
    stated = pilot.spec.cost.options
    options = tuple(stated) or suggested(grounds)
    ways = [_pilots_way(grounds), *(_way(o, grounds) for o in options)]
    rows = _rows(ways, grounds, latency)
    if not stated:
        rows = [rows[0], *(replace(r, is_suggested=True, notes=(NOTE, *r.notes)) for r in rows[1:])]
    models = [m for w in ways if isinstance(w.line, Line) for m in w.line.models]
    ends = _ends(models, grounds)
    planned = summarise(demand.users_per_day) if demand is not None else None
    return OptionsResult(_currency(grounds), tuple(rows), planned, comparison=_comparison(ways, grounds),
                         retirements=ends, absences=_absences(grounds),
                         placements=placements(rows, grounds, latency))  # fmt: skip


def _comparison(ways: list[_Way], grounds: Grounds) -> Comparison | None:
    """Which priced option is cheapest where."""
    options = {w.name: w.option for w in ways}

    def line_at(name: str, at: Grounds) -> Line:
        option = options[name]
        return api.pilot_line(at) if option is None else LINES[option.kind](option, at)

    return compare({w.name: w.line for w in ways if isinstance(w.line, Line)}, line_at, grounds)


def _pilots_way(grounds: Grounds) -> _Way:
    return _Way(PILOT_NAME, None, api.pilot_line(grounds), pilots_right(grounds), ())


def _way(option: Option, grounds: Grounds) -> _Way:
    found, notes = right(option, grounds)
    other = _other_currency(option, _currency(grounds))
    line = LINES[option.kind](option, grounds) if not other else Unpriced((
        f"Its amounts are in {other}, the pilot's in {_currency(grounds)}, and nothing is converted.",
    ))  # fmt: skip
    return _Way(option.name, option, line, found, (*notes, *wrong_answers(found, grounds)))


def _rows(ways: list[_Way], grounds: Grounds, latency: LatencyResult | None) -> list[OptionResult]:
    own = ways[0].line if isinstance(ways[0].line, Line) else None
    return [_row(w, own, grounds, latency) for w in ways]


def _row(way: _Way, own: Line | None, grounds: Grounds, latency: LatencyResult | None) -> OptionResult:
    p95 = _p95(way.option, grounds, latency)
    row = OptionResult(
        way.name, way.option.kind if way.option is not None else PILOT_KIND, way.option is None, Grade.ASSUMED,
        accuracy=way.right.interval if way.right else None, accuracy_value=way.right.value if way.right else None,
        accuracy_grade=way.right.grade if way.right else None, p95_s=p95,
        notes=(*way.line.notes, *way.notes, *_on_time(p95, grounds)),
    )  # fmt: skip
    if isinstance(way.line, Unpriced):
        return row
    row = replace(row, grade=_grade(way.line, grounds), setup=_if_any(way.line.setup_usd),
                  **_each(way, grounds), **_cheaper(way.line, own, grounds))  # fmt: skip
    return _over_time(_at_plan(row, way.line, grounds), way.line, grounds)


def _grade(line: Line, grounds: Grounds) -> Grade:
    """An assumed load makes an assumed month."""
    return Grade.ASSUMED if grounds.demand is not None and grounds.demand.grade is Grade.ASSUMED else line.grade


def _each(way: _Way, grounds: Grounds) -> dict[str, Summary | None]:
    """Cost of a request and of a right answer."""
    each = way.line.per_request_usd
    if each is None and grounds.demand is not None:
        each = _month(way.line, grounds) / grounds.demand.requests_per_month
    if each is None:
        return {}
    is_ever_right = way.right is not None and float(np.min(way.right.draws)) > 0  # else a right answer has no price
    return {"per_request": summarise(each),
            "per_right_answer": summarise(each / way.right.draws) if is_ever_right else None}  # fmt: skip


def _cheaper(line: Line, own: Line | None, grounds: Grounds) -> dict[str, float | None]:
    """Chance of costing less than the pilot's own way, on the same draws; the same cost is not less."""
    if own is None or line is own:
        return {}
    if grounds.demand is not None:
        return {"cheaper_chance": float(np.mean(_month(line, grounds) < _month(own, grounds)))}
    if line.per_request_usd is None:
        return {}
    return {"cheaper_chance": float(np.mean(line.per_request_usd < own.per_request_usd))}


def _at_plan(row: OptionResult, line: Line, grounds: Grounds) -> OptionResult:
    """The month at the planned load, and what it takes."""
    if grounds.demand is None:
        return row
    month, load = _month(line, grounds), planned_load(grounds.demand)
    return replace(
        row, monthly_draws=month, monthly=summarise(month),
        capacity=None if line.capacity is None else summarise(line.capacity(load)), capacity_unit=line.capacity_unit,
        committed=None if line.committed_usd is None else summarise(line.committed_usd(load)),
    )  # fmt: skip


def _over_time(row: OptionResult, line: Line, grounds: Grounds) -> OptionResult:
    """A year and three, with the migrations that fall into them."""
    ends = _ends(line.models, grounds)
    row = replace(row, notes=(*row.notes, *spans.notes_on(ends, grounds)))
    if grounds.demand is None:
        return row
    year, three = policy.value("option_spans_months")
    moves = [spans.migrations_in(ends, grounds, m) for m in (year, three)]
    paid = [summarise(spans.spent_in(line, grounds, m) + move) for m, move in zip((year, three), moves, strict=True)]
    return replace(row, year=paid[0], three_years=paid[1], migration=_if_any(moves[1]))


def _ends(models: Sequence[str], grounds: Grounds) -> tuple[Retiring, ...]:
    if grounds.as_of is None:
        return ()
    compared = grounds.evaluation.candidates if grounds.evaluation is not None else None
    measured = [c.name for c in compared.compared] if compared is not None else []
    return spans.ends_of(models, grounds, measured=measured)


def _month(line: Line, grounds: Grounds) -> np.ndarray:
    return line.monthly_usd(planned_load(grounds.demand))


def _if_any(amount: np.ndarray | float) -> Summary | None:
    return summarise(amount) if np.any(amount) else None


def _p95(option: Option | None, grounds: Grounds, latency: LatencyResult | None) -> float | None:
    """Time of 95 in 100 requests: as stated, as its candidate states it, or as measured in the pilot."""
    if option is None:
        whole = latency is not None and latency.source in ("spans", "stages")  # calls alone are a part of a request
        measured = [p for p in latency.pilot if p.name == "p95"] if whole else []
        return measured[0].value_s if measured else None
    if option.p95 is not None:
        return option.p95.median
    candidate = candidate_of(option, grounds)
    return candidate.p95_s if candidate is not None else None


def _on_time(p95_s: float | None, grounds: Grounds) -> tuple[str, ...]:
    budget = grounds.pilot.spec.latency.budget.p95
    if p95_s is None or budget is None or p95_s <= budget.median:
        return ()
    return (f"95 in 100 requests take up to {seconds(p95_s)}, more than the {seconds(budget.median)} allowed.",)


def _currency(grounds: Grounds) -> str:
    """Of the calls where they are priced, else of the assessment."""
    return grounds.cost.currency if grounds.cost.basis is not None else grounds.pilot.spec.currency


def _other_currency(option: Option, currency: str) -> str:
    """The currency of an option's own amounts where it is another; empty otherwise."""
    parts = [getattr(option, name) for name in type(option).model_fields]
    parts += [getattr(c, name) for c in parts if isinstance(c, Commitment) for name in Commitment.model_fields]
    named = (p.unit.split(" ")[0] for p in parts if isinstance(p, Quantity))
    return next((c for c in named if c in CURRENCIES and c != currency), "")


def _refuse_same_names(pilot: Pilot) -> None:
    seen = {PILOT_NAME.casefold()}
    for i, option in enumerate(pilot.spec.cost.options):
        if option.name.casefold() in seen:
            own = option.name.casefold() == PILOT_NAME.casefold()
            raise InputError(
                f"'{option.name}' is the name of {'the pilot itself' if own else 'two options'}",
                where=pilot.where("cost", "options", i, "name"), cure="give each option a name of its own",
            )  # fmt: skip
        seen.add(option.name.casefold())


def _absences(grounds: Grounds) -> tuple[Absence, ...]:
    missing = [*(["options"] if not grounds.pilot.spec.cost.options else []),
               *(["workload"] if grounds.demand is None else [])]  # fmt: skip
    return tuple(policy.absences()[key] for key in missing)
