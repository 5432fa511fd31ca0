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
    is_spoilt: bool = False

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
        self,
        stages,
        client,
        service_s,
        *,
        failure,
        bucket=None,
        held=None,
        kept=None,
        limited=-1,
        delays=True,
        faults=(),
    ):
        self.env = simpy.Environment()
        self.stages = [simpy.Resource(self.env, stage.servers or 10**9) for stage in stages]
        self.rooms = [np.inf if stage.room is None else stage.room for stage in stages]
        self.client, self.service_s, self.failure = client, service_s, failure
        self.bucket = Bucket(self.env, *bucket) if bucket else None
        self.held, self.kept, self.limited, self.delays = held, kept, limited, delays
        self.faults = faults
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
        attempt.tell("failed" if self.failure[row] or attempt.is_spoilt else "answered")

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
        if (fault := self.fault(s, "rejected", "down")) is not None:
            attempt.tell("rejected" if fault.kind == "rejected" else "failed")
            return False
        if stage.count >= stage.capacity and len(stage.queue) >= self.rooms[s]:
            attempt.tell("shed")
            return False
        place = stage.request()
        if not (yield from self.wait(attempt, place, gives_up=self.client.stops != "nothing")):
            place.cancel()
            attempt.tell("timed out")
            return False
        fault = self.fault(s, "failed", "malformed", "slow", "stuck", "down")
        kind = fault.kind if fault else None
        attempt.is_spoilt |= kind == "malformed"
        factor = {"slow": fault.factor, "stuck": np.inf, "down": 0.0}.get(kind, 1.0) if fault else 1.0
        end_s = self.env.now + self.service_s[row, s] * factor
        is_cut = attempt.deadline_s < end_s and (self.client.stops == "everything" or kind == "stuck")
        yield self.env.timeout(max(0.0, (attempt.deadline_s if is_cut else end_s) - self.env.now))
        stage.release(place)
        if is_cut or kind in ("failed", "down"):
            attempt.tell("timed out" if is_cut else "failed")
            return False
        return True

    def fault(self, s, *kinds):
        now = self.env.now
        here = (f for f in self.faults if f.stage == s and f.start_s <= now < f.end_s and f.kind in kinds)
        return next(here, None)

    def wait(self, attempt, place, *, gives_up):
        """Wait for a place; whoever gave up already, or who does not tell the queue, waits on."""
        is_patient = place.triggered or not (gives_up and attempt.is_open and np.isfinite(attempt.deadline_s))
        end = self.env.event() if is_patient else self.env.timeout(max(0.0, attempt.deadline_s - self.env.now))
        yield place | end  # in as many steps for all, so that those who pass at one moment stay in order
        return place.triggered


def forked(arrival_s, service_s, servers, visits):
    """Responses when the visits of a step run beside each other on servers, and steps follow one another."""
    env = simpy.Environment()
    stages, steps = [simpy.Resource(env, n) for n in servers], sorted({v.step for v in visits})
    response_s = np.empty(len(arrival_s))

    def visit(stage, time_s):
        with stage.request() as place:
            yield place
            yield env.timeout(time_s)

    def request(r):
        yield env.timeout(arrival_s[r])
        for step in steps:
            made = [(stages[v.stage], service_s[r, c]) for c, v in enumerate(visits) if v.step == step]
            yield env.all_of([env.process(visit(*one)) for one in made if not np.isnan(one[1])])
        response_s[r] = env.now - arrival_s[r]

    for r in range(len(arrival_s)):
        env.process(request(r))
    env.run()
    return response_s
