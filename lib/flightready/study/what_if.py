"""What-if values: named changes of one assessment that never touch its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flightready.assessment import Pilot
from flightready.errors import InputError, listed, nearest
from flightready.quantity import Quantity, parse


@dataclass(frozen=True)
class WhatIf:
    """One value that may be changed: where it stands in the assessment, its kind, and the unit of a bare number."""

    place: tuple[str, ...]
    kind: str
    unit: str = ""


WHAT_IFS: Mapping[str, WhatIf] = MappingProxyType({
    "users_per_day": WhatIf(("workload", "users_per_day"), "number above zero"),
    "requests_per_user": WhatIf(("workload", "requests_per_user"), "ratio"),
    "peak_to_mean": WhatIf(("workload", "peak_to_mean"), "ratio"),
    "growth_per_month": WhatIf(("workload", "growth_per_month"), "growth rate"),
    "approved_per_month": WhatIf(("cost", "approved"), "amount of money per month", "{currency} per month"),
    "accuracy_floor": WhatIf(("evaluation", "floor", "accuracy"), "share"),
    "allowed_drop_points": WhatIf(("evaluation", "allowed_drop"), "number of points", "points"),
    "concurrency": WhatIf(("latency", "limits", "concurrency"), "number served at once"),
    "budget_p95_s": WhatIf(("latency", "budget", "p95"), "duration", "s"),
    "budget_p99_s": WhatIf(("latency", "budget", "p99"), "duration", "s"),
    "benefit_per_case": WhatIf(("roi", "benefit_per_case"), "amount of money", "{currency}"),
    "build_cost": WhatIf(("roi", "build_cost"), "amount of money", "{currency}"),
    "horizon_months": WhatIf(("roi", "horizon"), "period", "months"),
    "adoption": WhatIf(("roi", "estimates", "adoption"), "share"),
    "review_share": WhatIf(("roi", "estimates", "review_share"), "share"),
    "delay_months": WhatIf(("roi", "estimates", "delay"), "period", "months"),
})  # fmt: skip
"""Names that notebooks, `--set` and widgets may change; a bare number takes the unit given here."""


def given(values: Mapping[str, object]) -> dict[str, object]:
    """Return the what-ifs that change something: zero and empty text mean 'as in the assessment'."""
    return {name: value for name, value in values.items() if value not in (0, 0.0, "", None)}


def applied(pilot: Pilot, values: Mapping[str, object]) -> Pilot:
    """Return the pilot with what-if values in place of its own.

    Raises
    ------
    InputError
        For an unknown name, with the nearest one, or a value out of range.
    """
    spec = pilot.spec
    for name, raw in values.items():
        if name not in WHAT_IFS:
            raise InputError(
                f"unknown what-if '{name}'", valid=listed(WHAT_IFS, limit=20), cure=nearest(name, WHAT_IFS)
            )
        spec = _replaced(spec, WHAT_IFS[name].place, _quantity(name, raw, spec.currency))
    return Pilot(spec, pilot.path, pilot.places, pilot.chain)


def _quantity(name: str, raw: object, currency: str) -> Quantity:
    rule = WHAT_IFS[name]
    unit = rule.unit.replace("{currency}", currency)
    text = f"{raw} {unit}" if unit and isinstance(raw, int | float) else raw
    parsed = parse(text, rule.kind, where=f"what-if {name}")
    return Quantity(parsed.distribution, parsed.unit, parsed.text, "what-if")


def _replaced(section: object, place: tuple[str, ...], value: Quantity):
    key, rest = place[0], place[1:]
    if isinstance(section, dict):
        return {**section, key: {"what-if": value}}  # estimates are kept by role
    inner = value if not rest else _replaced(getattr(section, key), rest, value)
    return section.model_copy(update={key: inner})
