"""The pilot against today's way of working: six weeks, two arms, summed up as a table of results."""

from __future__ import annotations

from math import exp, log, sqrt

from .config import COMPARISON, Arm, Rate
from .streams import Dice, csv_bytes

HEADER = ("arm", "period", "metric", "n", "value", "sd")


def _times(dice: Dice, arm: Arm, week: int) -> tuple[int, float, float]:
    """Return count, mean and standard deviation of the minutes it took to route one week's tickets of an arm."""
    count = dice.whole(*COMPARISON.tickets)
    mean = arm.minutes + arm.learning * (COMPARISON.weeks - 1 - week)
    sigma = sqrt(log(1.0 + arm.spread**2))
    values = [mean * exp(sigma * dice.normal() - sigma**2 / 2) for _ in range(count)]
    middle = sum(values) / count
    return count, middle, sqrt(sum((v - middle) ** 2 for v in values) / (count - 1))


def _rate(dice: Dice, rate: Rate, week: int, tickets: int) -> float:
    """Return the share of one week's tickets on which people did something, rising or falling week by week."""
    chance = rate.first + (rate.last - rate.first) * week / (COMPARISON.weeks - 1)
    return sum(dice.chance(chance) for _ in range(tickets)) / tickets


def results_csv(seed: int) -> bytes:
    """Return the table of results: routing time in both arms, use and override in the pilot's."""
    dice = Dice(seed, "support_triage/results")
    rows = []
    for week in range(COMPARISON.weeks):
        period = f"2026-W{COMPARISON.first_week + week:02d}"
        for arm in COMPARISON.arms:
            count, mean, sd = _times(dice, arm, week)
            rows.append((arm.name, period, "routing time", str(count), f"{mean:.3f}", f"{sd:.3f}"))
            if arm.name == COMPARISON.treated:
                for rate in COMPARISON.rates:
                    share = _rate(dice, rate, week, count)
                    rows.append((arm.name, period, rate.metric, str(count), f"{share:.4f}", ""))
    return csv_bytes(HEADER, rows)
