"""A conversation with a program: one JSON record a line in, one JSON line back, within a time and a length."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from flightready.calling.answers import Answer, Failure, Record, failed
from flightready.calling.clock import Clock

_BLOCK_BYTES = 1 << 16


class Conversation:
    """A program that answers line by line; it is started for the first record, and again after it failed.

    Parameters
    ----------
    argv : sequence of str
        The program and its arguments; no shell is involved.
    folder : Path
        Where it runs.
    timeout_s : float
        Longest time for one answer.
    longest_bytes : int
        Longest line.
    clock : Clock
    understand : callable
        Line to answer.
    """

    def __init__(
        self, argv: Sequence[str], folder: Path, *, timeout_s: float, longest_bytes: int, clock: Clock,
        understand: Callable[[bytes], Answer],
    ) -> None:  # fmt: skip
        self._argv, self._folder, self._clock = list(argv), folder, clock
        self._timeout_s, self._longest, self._understand = timeout_s, longest_bytes, understand
        self._process: subprocess.Popen | None = None
        self._held = b""

    def ask(self, record: Record) -> Answer:
        """Return the answer to one record; whatever goes wrong is an outcome."""
        try:
            self._start()
        except OSError as error:
            return failed(Failure.UNREACHABLE, f"the program cannot be started: {error.strerror}")
        outcome = self._exchange(json.dumps(dict(record)).encode() + b"\n")
        if isinstance(outcome, Answer):
            self.close()  # what it may still say would be taken for the answer to the next record
            return outcome
        return self._understand(outcome)  # raises InputError where the assessment itself is wrong

    def close(self) -> None:
        """End the program and everything that it started."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it ended by itself
            os.killpg(self._process.pid, signal.SIGKILL)
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                stream.close()
        self._process.wait()
        self._process, self._held = None, b""

    def _start(self) -> None:
        if self._process is not None:
            return
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        # its messages may hold personal data or secrets, so that nobody reads them here
        self._process = subprocess.Popen(
            self._argv, cwd=self._folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, bufsize=0, start_new_session=True,
        )  # fmt: skip
        os.set_blocking(self._process.stdin.fileno(), False)
        os.set_blocking(self._process.stdout.fileno(), False)

    def _exchange(self, question: bytes) -> bytes | Answer:
        """Write a line and read one, or say what went wrong."""
        deadline, left = self._clock.moment() + self._timeout_s, memoryview(question)
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            waiting.register(self._process.stdin, selectors.EVENT_WRITE)
            while b"\n" not in self._held:
                remaining = deadline - self._clock.moment()
                ready = waiting.select(remaining) if remaining > 0 else []
                if not ready:
                    return failed(Failure.TIMEOUT, f"more than {self._timeout_s:g} s")
                for key, _ in ready:
                    if key.fileobj is self._process.stdin:
                        left = self._write(left)
                        if not left:
                            waiting.unregister(self._process.stdin)
                    elif not self._read():
                        return self._ended()
                if len(self._held) > self._longest:
                    return failed(Failure.TOO_LONG, f"more than {self._longest:,} bytes in a line")
        line, _, self._held = self._held.partition(b"\n")
        if left or self._held:
            return failed(Failure.MALFORMED, "more than one line for one record")
        return line

    def _write(self, left: memoryview) -> memoryview:
        try:
            return left[os.write(self._process.stdin.fileno(), left) :]
        except BrokenPipeError:  # it reads no more; whether it still answers shows on the other side
            return left[:0]

    def _read(self) -> bool:
        block = os.read(self._process.stdout.fileno(), _BLOCK_BYTES)
        self._held += block
        return bool(block)

    def _ended(self) -> Answer:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return failed(Failure.ENDED, "it closed its output")
        return failed(Failure.ENDED, f"signal {-code}" if code < 0 else f"exit code {code}")
