"""What the parts, units and inputs of cost are called, and how its amounts are written."""

from __future__ import annotations

from flightready.cost.month import CALLS_AS_ONE, MonthPart
from flightready.cost.result import CostResult
from flightready.cost.running import RunningPart
from flightready.cost.units import ANSWERED, CALL, MONTH, REQUEST, RIGHT, YEAR
from flightready.wording import interval, money

COMPONENTS = {
    "uncached_input": "Input at full price",
    "cached_input": "Input from the cache",
    "cache_write": "Input written to the cache",
    "output": "Output",
    "reasoning": "Output spent on reasoning",
    "fees": "Fees of each call",
    "other": "Amounts without parts",
    "retries": "Repeated attempts",
    "failures": "Failed or cut-off calls",
}
"""What each part of the money spent on calls is called."""

_BESIDE = {
    CALLS_AS_ONE: "Calls of the model", "tools": "Tools", "storage": "Storage of the audit log",
    "monitoring": "Monitoring", "on_call": "On-call", "review": "Reviews by people",
    "errors": "Wrong answers that nobody reviews",
}  # fmt: skip

UNITS = {
    CALL: "call of the model", REQUEST: "request", ANSWERED: "answered request", RIGHT: "case answered right",
    MONTH: "month at the planned load", YEAR: "first year",
}  # fmt: skip
"""What one unit is called in a sentence."""

THOUSANDS = {
    CALL: "1,000 calls of the model", REQUEST: "1,000 requests", ANSWERED: "1,000 answered requests",
    RIGHT: "1,000 cases answered right",
}  # fmt: skip
"""Units that are told by the thousand in a table."""

_INPUTS = {
    "workload.users_per_day": "users a day",
    "workload.requests_per_user": "requests of each user",
    "cost.per_request": "chance in the calls of the log",
    "cost.mix": "difference between pilot and production",
    "cost.mix_spread": "spread between pilot and production",
    "cost.exchange_rate": "exchange rate",
    "cost.input_tokens": "input tokens of a request",
    "cost.cached_tokens": "cached tokens of a request",
    "cost.output_tokens": "output tokens of a request",
    "cost.bill_amount": "amount of the bill",
    "cost.bill_requests": "requests of the bill",
    "cost.running.tools_per_request": "tools of a request",
    "cost.running.monitoring": "cost of monitoring",
    "cost.running.on_call": "cost of on-call",
    "cost.running.audit_log.per_gb": "price of storage",
}


def part_label(part: MonthPart | RunningPart) -> str:
    """Return what a part of a month is called."""
    return part.name or _BESIDE.get(part.key) or COMPONENTS[part.key]


def input_label(column: str) -> str:
    """Return what an uncertain input is called; what the assessment names itself keeps its name."""
    return _INPUTS.get(column) or column.rsplit(".", 1)[-1].replace("_", " ")


def amount(result: CostResult, value: float) -> str:
    """Write an amount in the result's currency."""
    return money(value, result.currency)


def between(result: CostResult, low: float, high: float) -> str:
    """Write a 90 % interval of amounts; one amount when nothing is uncertain."""
    return interval(low, high, lambda value: amount(result, value))
