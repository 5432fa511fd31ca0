"""One run of calls: what is known is not asked again, every answer is kept at once, and every bound is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flightready import policy
from flightready.calling.answers import Answer, Failure, Record, record_key
from flightready.calling.cache import AnswerCache
from flightready.calling.clock import Clock, Pace
from flightready.calling.terms import Bounds


class Channel(Protocol):
    """A way to ask the pilot; it raises nothing but for a wrong assessment."""

    def ask(self, record: Record) -> Answer:
        """Return the answer to one record."""
        ...

    def close(self) -> None:
        """End it."""
        ...


@dataclass(frozen=True)
class Progress:
    """Where a run stands: calls done of all that are to be made, failed ones among them, and seconds left."""

    done: int
    total: int
    failed: int
    remaining_s: float | None


@dataclass(frozen=True)
class Run:
    """What one run did.

    Parameters
    ----------
    known : int
        Questions whose answer was kept from an earlier run.
    asked, left : int
        Calls made, and calls still to be made when it stopped.
    failures : dict of str to int
        Calls that gave no answer, by reason.
    stopped : str
        Why it stopped before the end; empty when it did not.
    first_reason : str
        Why the first failing call failed.
    """

    known: int
    asked: int
    left: int
    failures: dict[str, int] = field(default_factory=dict)
    stopped: str = ""
    first_reason: str = ""

    @property
    def failed(self) -> int:
        """Calls that gave no answer."""
        return sum(self.failures.values())


def unanswered(records: Sequence[Record], cache: AnswerCache) -> tuple[list[tuple[str, Record]], int]:
    """Return the questions still to be asked, each once and in order, and how many are answered.

    A call that failed is asked again: what failed may have been the network.
    """
    held = cache.answers().held
    keyed = {record_key(cache.pilot_digest, record): record for record in records}
    known = {k for k in keyed if k in held and held[k].failure is None}
    return [(k, r) for k, r in keyed.items() if k not in known], len(known)


def ask(
    records: Sequence[Record], *, channel: Channel, cache: AnswerCache, bounds: Bounds, clock: Clock,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Run:  # fmt: skip
    """Ask the pilot about every record that it was not asked about, within the bounds.

    Parameters
    ----------
    records : sequence of Record
        In the order in which they are asked, so that a run that is stopped has asked the first ones.
    channel : Channel
        Closed afterwards.
    cache : AnswerCache
    bounds : Bounds
    clock : Clock
    tell : callable
        Called after every call.
    """
    open_questions, known = unanswered(records, cache)
    total, began, pace = min(len(open_questions), bounds.most_calls), clock.moment(), Pace(bounds.per_minute, clock)
    failures: dict[str, int] = {}
    first_reason, stopped, done = "", "", 0
    give_up_after = policy.value("call_failures_before_giving_up")
    try:
        for key, record in open_questions[:total]:
            if clock.moment() - began >= bounds.longest_run_s:
                stopped = f"the run took {bounds.longest_run_s:,.0f} s, the longest that is allowed"
                break
            pace.wait()
            answer = channel.ask(record)
            cache.add(key, answer)
            done += 1
            if answer.failure is not None:
                first_reason = first_reason or answer.reason
                failures[answer.reason] = failures.get(answer.reason, 0) + 1
                if answer.failure is Failure.REFUSED:
                    asked_for = getattr(channel, "asked_to_wait_s", 0.0)
                    pace.hold(min(asked_for, policy.value("call_longest_pause_s")))
            tell(Progress(done, total, sum(failures.values()), _remaining(clock.moment() - began, done, total, pace)))
            if done == sum(failures.values()) >= give_up_after:
                stopped = f"the first {done} calls all failed"
                break
    finally:
        channel.close()
        cache.close()
    if not stopped and done < len(open_questions):
        stopped = f"a run makes {bounds.most_calls:,} calls at most"
    return Run(known, done, len(open_questions) - done, failures, stopped, first_reason)


def _remaining(elapsed_s: float, done: int, total: int, pace: Pace) -> float:
    return max(elapsed_s / done, pace.gap_s) * (total - done)
