"""The same setting in SimPy: processes, resources and a bucket, written apart from the simulation to compare with it.

Chance is left out (pauses without jitter, rows that always or never fail), so that every request must come out alike.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import simpy


@dataclass
class Attempt:
    """One attempt: open until the one who made it knows how it ended."""

    told: simpy.Event
    deadline_s: float

    @property
    def is_open(self):
        return not self.told.triggered

    def tell(self, ending):
        if self.is_open:
            self.told.succeed(ending)


class Bucket:
    """A bucket of tokens with one queue in front of it, or none."""

    def __init__(self, env, rate, capacity):
        self.env, self.rate, self.capacity = env, rate, capacity
        self.level, self.stamp, self.queue, self.turn = capacity, 0.0, deque(), 0

    def add(self, tokens=0.0):
        now = self.env.now
        self.level = min(self.capacity, self.level + (now - self.stamp) * self.rate)
        self.level, self.stamp = min(self.capacity, self.level + tokens), now

    def take(self, tokens):
        """Take the tokens at once if they are there."""
        self.add()
        is_enough = self.level >= tokens - 1e-9 * self.capacity
        self.level -= tokens * is_enough
        return is_enough

    def line_up(self, tokens):
        place = (self.env.event(), tokens)
        self.queue.append(place)
        self.serve()
        return place

    def leave(self, place):
        self.queue.remove(place)
        self.serve()

    def serve(self):
        """Let pass who can, and look again when the next one can."""
        self.turn += 1
        while self.queue and self.take(self.queue[0][1]):
            self.queue.popleft()[0].succeed()
        if self.queue:
            self.env.process(self.later((self.queue[0][1] - self.level) / self.rate, self.turn))

    def later(self, pause_s, turn):
        yield self.env.timeout(pause_s)
        if turn == self.turn:
            self.serve()


class Service:
    """Stages, a bucket in front of one of them, and clients who give up and try again."""

    def __init__(
        self, stages, client, service_s, *, failure, bucket=None, held=None, kept=None, limited=-1, delays=True
    ):
        self.env = simpy.Environment()
        self.stages = [simpy.Resource(self.env, stage.servers or 10**9) for stage in stages]
        self.rooms = [np.inf if stage.room is None else stage.room for stage in stages]
        self.client, self.service_s, self.failure = client, service_s, failure
        self.bucket = Bucket(self.env, *bucket) if bucket else None
        self.held, self.kept, self.limited, self.delays = held, kept, limited, delays
        self.endings, self.response_s, self.outcomes, self.tries = [], {}, {}, {}

    def run(self, arrival_s, rows):
        for request, (at_s, row) in enumerate(zip(arrival_s, rows, strict=True)):
            self.env.process(self.request(request, at_s, row))
        self.env.run()

    def request(self, request, at_s, row):
        yield self.env.timeout(at_s)
        for number in range(self.client.retries + 1):
            told = self.env.event()
            self.env.process(self.attempt(Attempt(told, self.env.now + self.client.timeout_s[request]), row))
            ending = yield told
            self.endings.append(ending)
            if ending not in self.client.retried or number == self.client.retries:
                break
            yield self.env.timeout(min(self.client.backoff_most_s, self.client.backoff_s * 2**number))
        missed = "degraded" if self.client.fallback else "lost"
        self.outcomes[request] = "answered" if ending == "answered" else missed
        self.response_s[request], self.tries[request] = self.env.now - at_s, number + 1

    def attempt(self, attempt, row):
        if self.client.stops in ("waiting", "nothing"):
            self.env.process(self.watch(attempt))
        for s in range(len(self.stages)):
            is_limited = s == self.limited and self.bucket is not None
            if is_limited and not (yield from self.at_the_bucket(attempt, row)):
                return
            goes_on = yield from self.at_the_stage(attempt, row, s)
            if is_limited:
                self.bucket.add(self.held[row] - self.kept[row])
                self.bucket.serve()
            if not goes_on or not (attempt.is_open or self.client.stops == "nothing"):
                return
        attempt.tell("failed" if self.failure[row] else "answered")

    def watch(self, attempt):
        if np.isfinite(attempt.deadline_s):
            yield self.env.timeout(attempt.deadline_s - self.env.now)
            attempt.tell("timed out")

    def at_the_bucket(self, attempt, row):
        if not self.delays:
            if self.bucket.take(self.held[row]):
                return True
            attempt.tell("rejected")
            return False
        place = self.bucket.line_up(self.held[row])
        if (yield from self.wait(attempt, place[0], gives_up=True)):
            return True
        self.bucket.leave(place)
        attempt.tell("timed out")
        return False

    def at_the_stage(self, attempt, row, s):
        stage = self.stages[s]
        if stage.count >= stage.capacity and len(stage.queue) >= self.rooms[s]:
            attempt.tell("shed")
            return False
        place = stage.request()
        if not (yield from self.wait(attempt, place, gives_up=self.client.stops != "nothing")):
            place.cancel()
            attempt.tell("timed out")
            return False
        end_s = self.env.now + self.service_s[row, s]
        is_cut = self.client.stops == "everything" and attempt.deadline_s < end_s
        yield self.env.timeout((attempt.deadline_s if is_cut else end_s) - self.env.now)
        stage.release(place)
        if is_cut:
            attempt.tell("timed out")
        return not is_cut

    def wait(self, attempt, place, *, gives_up):
        """Wait for a place; whoever gave up already, or who does not tell the queue, waits on."""
        is_patient = place.triggered or not (gives_up and attempt.is_open and np.isfinite(attempt.deadline_s))
        end = self.env.event() if is_patient else self.env.timeout(max(0.0, attempt.deadline_s - self.env.now))
        yield place | end  # in as many steps for all, so that those who pass at one moment stay in order
        return place.triggered
