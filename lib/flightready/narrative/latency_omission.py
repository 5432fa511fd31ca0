"""Sentences about a load test whose slow requests delayed the next ones."""

from __future__ import annotations

from flightready.latency.budget import LatencyResult
from flightready.latency.omission import BRING, Omission
from flightready.latency.percentiles import Percentile
from flightready.wording import count, interval, seconds, share

CAPTION = "Time within which requests are answered, as measured and with what slow requests held back"
HEAD = ("Requests answered", "As measured", "Nine times in ten", "With what was held back", "Nine times in ten",
        "Budget")  # fmt: skip


def omission_sentences(result: LatencyResult) -> tuple[str, ...]:
    """Return what slow requests held back, what that does to the share in time, and what is taken for granted."""
    found = result.omission
    if found is None:
        return ()
    if found.every_s is None:
        return _cannot_repair(found)
    every = seconds(found.every_s)
    if not found.added:
        return (f"The load test sent one request every {every} and waited for each answer. No request took twice as "
                "long, so none was held back and nothing is missing.",)  # fmt: skip
    told = (
        f"The load test sent one request every {every} and waited for each answer: "
        f"{count(found.held_back, 'request')} of {found.n:,} held back {count(found.added, 'other')} that users would "
        "have sent meanwhile and that would have waited as well."
    )
    return tuple(filter(None, (told, _in_time(result), _basis(result))))


def _in_time(result: LatencyResult) -> str:
    found = result.omission
    if found.in_time_share is None or result.pilot_in_time_share is None:
        return ""
    sure, limit = found.in_time_interval, seconds(result.in_time_limit_s)
    return (f"Within {limit} not {share(result.pilot_in_time_share)} of them are answered but "
            f"{share(found.in_time_share)} (nine times in ten {interval(sure.low, sure.high, share)}).")  # fmt: skip


def _basis(result: LatencyResult) -> str:
    told = ("What was held back is put in place, not measured: as if a request sent later into the same wait had ended "
            f"with it. How sure the figures are comes from the {result.omission.n:,} real requests.")  # fmt: skip
    users = result.busiest_at_once or 1
    return told if users == 1 else (
        f"{told} Up to {users:,} were at work at once, so the time between two is taken to be that of each of "
        f"{users:,} users."
    )  # fmt: skip


def _cannot_repair(found: Omission) -> tuple[str, ...]:
    loop = ("each request began when the one before had ended" if found.at_once == 1 else
            f"each request began when one before had ended, always {found.at_once:,} at once")  # fmt: skip
    after = f", {seconds(found.pause_s)} later" if found.pause_s and seconds(found.pause_s) != "0 ms" else ""
    return (
        f"In these traces {loop}{after}. {count(found.held_back, 'slow request')} delayed the next ones, so slow "
        "requests are under-counted: users who come on their own would have met them more often. How often cannot be "
        "told from these traces.",
        f"What would tell: {BRING[:1].lower()}{BRING[1:]}.",
    )  # fmt: skip


def omission_rows(result: LatencyResult) -> list[tuple[str, ...]]:
    """Return each percentile as measured and repaired; empty where nothing was repaired."""
    found = result.omission
    if found is None or not found.added:
        return []
    pairs = zip(result.pilot, found.repaired, strict=True)
    return [(f"{100 * p.share:g} of 100 ({p.name})", *_figures(p), *_figures(again),
             "none" if p.budget_s is None else seconds(p.budget_s)) for p, again in pairs]  # fmt: skip


def _figures(p: Percentile) -> tuple[str, str]:
    return ("no answer" if p.value_s is None else seconds(p.value_s)), interval(p.low_s, p.high_s, seconds)
