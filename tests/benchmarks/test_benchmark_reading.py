"""A million logged calls read and priced, against json.loads over the same lines in the same process. Run with -s."""

import json
import random
import time

import pytest

from flightready.assessment import load
from flightready.cost import prices
from flightready.cost.pricing import price_calls
from flightready.telemetry import read_usage

pytestmark = pytest.mark.benchmark
ROWS = 1_000_000
SECONDS, TIMES_PEER = 3.0, 2.0  # what it must reach on an idle machine, and on a busy one: times the peer's own time
MODELS = ("gpt-4.1-2025-04-14", "gpt-4.1-mini-2025-04-14")


def record(number, rng):
    begun = {"id": f"resp_{number:08d}", "object": "response", "created_at": 1_790_000_000 + number // 3,
             "model": MODELS[number % 3 == 0], "service_tier": "default", "max_output_tokens": 600,
             "metadata": {"ticket_id": f"T-{number // 2}", "attempt": "1"},
             "latency_ms": rng.randint(300, 4000)}  # fmt: skip
    if rng.random() < 0.03:
        return begun | {"status": "failed", "usage": None, "error": {"code": "rate_limit_exceeded"}}
    return begun | {
        "status": "completed",
        "usage": {"input_tokens": rng.randint(200, 5000), "output_tokens": rng.randint(10, 600),
                  "input_tokens_details": {"cached_tokens": rng.choice((0, 0, 128))},
                  "output_tokens_details": {"reasoning_tokens": 0}},
    }  # fmt: skip


def seconds(work):
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def peer(path):
    """Tokens of the log, added up by the standard library: the least that a reader in plain Python does."""
    total = 0
    with path.open("rb") as stream:
        for line in stream:
            total += (json.loads(line)["usage"] or {"input_tokens": 0})["input_tokens"]
    return total


def test_a_million_rows_read_and_priced(tmp_path, capsys):
    path = tmp_path / "usage.jsonl"
    rng = random.Random(7)
    with path.open("w") as stream:
        for number in range(ROWS):
            stream.write(json.dumps(record(number, rng), separators=(",", ":")) + "\n")
    (tmp_path / "assessment.yaml").write_text("name: x\n")
    book = prices.book(load(tmp_path))
    turns = []
    for _ in range(3):  # by turns, so that a busy machine slows both; the best of each counts
        read_s, usage = seconds(lambda: read_usage([path], where=""))
        price_s, priced = seconds(lambda: price_calls(usage.calls, book))  # noqa: B023
        peer_s, tokens = seconds(lambda: peer(path))
        turns.append((read_s, price_s, peer_s))
    path.unlink()
    assert len(usage.calls) == ROWS and usage.calls["input_total"].sum() == tokens
    assert priced.total.sum() > 0
    read_s, price_s, peer_s = (min(turn[i] for turn in turns) for i in range(3))
    ratio = (read_s + price_s) / peer_s
    with capsys.disabled():
        print(
            f"\n{ROWS:,} calls: read {read_s:.2f} s, priced {price_s:.2f} s, together {read_s + price_s:.2f} s (at most "
            f"{SECONDS:g} s on an idle machine); json.loads alone {peer_s:.2f} s; ratio {ratio:.2f} (at most {TIMES_PEER})"
        )
    assert ratio <= TIMES_PEER
