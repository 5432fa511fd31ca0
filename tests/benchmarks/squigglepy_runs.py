"""Time a value model written as squigglepy's documentation writes one: a function that draws its inputs. Prints JSON.

Run by test_benchmark_roi.py in an environment of its own. It is the case of `VALUE` there with fewer parts: no launches,
no options, one stream of benefit; what it leaves out makes it faster.
"""

import json
import sys
import time

import squigglepy as sq

MONTHS = 36
DAYS = 365.25 / 12


def share(low, high):
    return sq.clip(sq.to(low, high), 0, 1)


def model():
    users, each, growth = ~sq.to(80_000, 120_000), ~sq.lognorm(0.8, 1.9), ~sq.norm(0.01, 0.05)
    accuracy, adoption, realised, reviewed = ~share(0.73, 0.78), ~share(0.4, 0.9), ~share(0.4, 0.9), ~share(0.02, 0.05)
    in_time, request, error, review = ~share(0.7, 0.9), ~sq.to(0.009, 0.012), ~sq.to(1.4, 3.1), ~sq.to(1.1, 2.7)
    minutes, wage = ~sq.to(1.1, 1.7), ~sq.to(30, 55)
    build, running, pilot = ~sq.to(350_000, 600_000), ~sq.to(18_000, 30_000), ~sq.to(50_000, 80_000)
    delay, ramp, passes = ~sq.to(4, 9), ~sq.to(3, 9), ~share(0.6, 0.85)
    value = -pilot
    if ~sq.uniform(0, 1) > passes:
        return value
    value -= build
    right = accuracy * minutes / 60 * wage * realised
    margin = in_time * (right - (1 - accuracy) * (1 - reviewed) * error) - reviewed * review - request
    for month in range(1, MONTHS + 1):
        live = min(1, max(0, month - delay))
        used = live * min(1, max(0, (month - 0.5 - delay) / ramp)) * adoption
        cases = users * each * DAYS * (1 + growth) ** (month - 1) * used
        value += (cases * margin - live * running) / 1.1 ** (month / 12)
    return value


def best(draws: int, turns: int) -> float:
    taken = []
    for _ in range(turns):
        begun = time.perf_counter()
        sq.sample(model, n=draws, verbose=False)
        taken.append((time.perf_counter() - begun) / draws)
    return min(taken)


if __name__ == "__main__":
    print(json.dumps({"seconds_per_draw": best(int(sys.argv[1]), int(sys.argv[2]))}))
