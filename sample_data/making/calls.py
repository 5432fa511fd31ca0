"""The pilot's own log of language model calls: two weeks of response objects, retries included."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .calendar_times import TicketNumbers, moments
from .config import LLM, LOG_PERIOD, ROUTE, SIZES
from .streams import Dice, json_line


@dataclass
class Attempt:
    """One call as logged."""

    response_id: str
    created: int
    status: str  # completed, incomplete or failed
    latency_ms: int
    tokens_in: int = 0
    cached: int = 0
    tokens_out: int = 0


@dataclass
class Routed:
    """One ticket of the fortnight with its calls; ``load`` is what slowed every stage of it alike."""

    ticket_id: str
    when: datetime
    load: float
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """True if the last call completed."""
        return self.attempts[-1].status == "completed"


def _spread(dice: Dice, median: float, sigma: float) -> float:
    return median * math.exp(sigma * dice.normal())


def _cached(dice: Dice) -> int:
    """Return how many tokens of the shared instructions were found in the cache: whole blocks, or none."""
    if not dice.chance(LLM.cached_share):
        return 0
    if dice.chance(LLM.full_prefix_share):
        return LLM.prefix
    return LLM.cache_block * dice.whole(LLM.cache_least // LLM.cache_block, LLM.prefix // LLM.cache_block - 1)


def _attempt(dice: Dice, routed: Routed, created: int, status: str, prompt: int, mix: float) -> Attempt:
    """Return one call of a ticket; a call stopped by the rate limit has no tokens and ends at once."""
    response_id = f"resp_{dice.hex_id(32)}"
    if status == "failed":
        return Attempt(response_id, created, status, int(dice.between(90, 420)))
    out = int(_spread(dice, LLM.output_median * mix, LLM.output_sigma))
    out = LLM.max_output if status == "incomplete" else min(out, LLM.max_output - 1)
    wait = ROUTE.median_ms * math.exp(ROUTE.shared_sigma * routed.load + ROUTE.own_sigma * dice.normal())
    if status == "incomplete":
        wait *= 1.8  # it wrote until its limit
    return Attempt(response_id, created, status, int(wait), prompt, _cached(dice), out)


def _endings(dice: Dice) -> list[list[str]]:
    """Return the statuses of each ticket's calls, in random order of tickets."""
    count = SIZES.used_tickets
    retried = round(count * LLM.retried)
    limited = round(retried * LLM.rate_limited)
    table = [["failed", "failed"]] * LLM.lost
    table += [["failed", "completed"]] * (limited - LLM.lost)
    table += [["incomplete", "completed"]] * (retried - limited)
    table += [["completed"]] * (count - retried)
    return dice.some(table, count)


def make_calls(seed: int) -> list[Routed]:
    """Return the fortnight's tickets with their calls, in order of time."""
    dice = Dice(seed, "support_triage/usage")
    numbers = TicketNumbers()
    days = [math.exp(LLM.day_sigma * dice.normal()) for _ in range(LOG_PERIOD.length.days)]
    routed = []
    for when, statuses in zip(moments(dice, LOG_PERIOD, SIZES.used_tickets), _endings(dice), strict=True):
        mix = days[(when - LOG_PERIOD.start).days]
        ticket = Routed(numbers.at(when), when, dice.normal())
        text = _spread(dice, LLM.ticket_median, LLM.ticket_sigma)
        examples = _spread(dice, LLM.examples_median * mix, LLM.examples_sigma)
        prompt = LLM.prefix + int(text + examples)
        created = int(when.timestamp())
        for status in statuses:
            attempt = _attempt(dice, ticket, created, status, prompt, mix)
            ticket.attempts.append(attempt)
            created += attempt.latency_ms // 1000 + dice.whole(2, 20)
        routed.append(ticket)
    return routed


def _response(routed: Routed, number: int, attempt: Attempt) -> dict[str, Any]:
    """Return one call as the response object that was logged."""
    response: dict[str, Any] = {
        "id": attempt.response_id,
        "object": "response",
        "created_at": attempt.created,
        "model": LLM.model,
        "status": attempt.status,
    }
    if attempt.status == "failed":
        message = f"Rate limit reached for {LLM.model} on tokens per min (TPM). Please try again later."
        response["error"] = {"code": "rate_limit_exceeded", "message": message}
    if attempt.status == "incomplete":
        response["incomplete_details"] = {"reason": "max_output_tokens"}
    response |= {"max_output_tokens": LLM.max_output, "service_tier": "default", "usage": None}
    if attempt.status != "failed":
        response["usage"] = {
            "input_tokens": attempt.tokens_in,
            "input_tokens_details": {"cached_tokens": attempt.cached},
            "output_tokens": attempt.tokens_out,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": attempt.tokens_in + attempt.tokens_out,
        }
    response["metadata"] = {"ticket_id": routed.ticket_id, "attempt": str(number)}
    response["latency_ms"] = attempt.latency_ms
    return response


def usage_jsonl(calls: list[Routed]) -> bytes:
    """Return the log, one response a line, in the order the calls were made."""
    lines = [
        (attempt.created, routed.ticket_id, number, json_line(_response(routed, number, attempt)))
        for routed in calls
        for number, attempt in enumerate(routed.attempts, start=1)
    ]
    return "".join(line for *_, line in sorted(lines)).encode("utf-8")
