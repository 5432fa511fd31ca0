"""A pilot behind an HTTP address: one POST a record, no redirect followed, no proxy, secrets resolved at use only."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from flightready.assessment.pilot_call import VARIABLE
from flightready.calling.answers import Answer, Failure, Record, failed, parsed
from flightready.calling.clock import Clock
from flightready.errors import InputError, nearest

_REDIRECTS, _TOO_MANY, _OK = range(300, 400), 429, range(200, 300)
_BLOCK_BYTES = 1 << 16


def resolved(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers with the content of their environment variables; to be passed on, never to be kept or shown.

    Raises
    ------
    InputError
        When a variable is not set, or holds a line break; its content is never told.
    """

    def content(name: str) -> str:
        held = os.environ.get(name, "")
        if not held.strip():
            is_there = name in os.environ
            near = "" if is_there else nearest(name, [k for k in os.environ if k.isupper()])
            problem = f"the environment variable '{name}' is {'empty' if is_there else 'not set'}"
            raise InputError(problem, where="pilot.headers", cure=near or f"run: export {name}=...")
        if any(c in held.strip() for c in "\r\n\0") or not held.isascii():
            raise InputError(f"what the environment variable '{name}' holds cannot stand in a header",
                             where="pilot.headers", cure="set it again, in one line of ASCII characters")  # fmt: skip
        return held.strip()

    return {name: VARIABLE.sub(lambda m: content(m[1]), value) for name, value in headers.items()}


class Endpoint:
    """An HTTP address that takes a JSON record and returns a JSON answer.

    Parameters
    ----------
    url : str
    headers : mapping of str to str
        As the assessment writes them; secrets are resolved here and are neither kept nor shown.
    timeout_s : float
        Longest time for one answer, from the first byte sent to the last one received.
    longest_bytes : int
        Longest answer.
    clock : Clock
    answer, confidence : str
        Names of the fields of an answer.

    Raises
    ------
    InputError
        When a variable of a header is not set.
    """

    def __init__(
        self, url: str, headers: Mapping[str, str], *, timeout_s: float, longest_bytes: int, clock: Clock, answer: str,
        confidence: str,
    ) -> None:  # fmt: skip
        parts = urlsplit(url)
        self._parts, self._target = parts, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {"Content-Type": "application/json", "Accept": "application/json", **resolved(headers)}
        names = [name for value in headers.values() for name in VARIABLE.findall(value)]
        self._secrets = tuple(os.environ[name].strip() for name in names)
        self._timeout_s, self._longest, self._clock = timeout_s, longest_bytes, clock
        self._names = {"answer": answer, "confidence": confidence}
        self._connection: http.client.HTTPConnection | None = None
        self.asked_to_wait_s = 0.0

    def ask(self, record: Record) -> Answer:
        """Return the answer to one record; whatever goes wrong is an outcome."""
        self.asked_to_wait_s = 0.0
        is_fresh = self._connection is None
        found = self._ask_once(record)
        if found is None and not is_fresh:  # the server had closed the connection between two calls
            found = self._ask_once(record)
        return failed(Failure.UNREACHABLE, "it closed the connection") if found is None else found

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask_once(self, record: Record) -> Answer | None:
        """One exchange; None when the server had nothing to say at all."""
        deadline = self._clock.moment() + self._timeout_s
        late = threading.Event()
        watch: threading.Timer | None = None
        try:
            connection = self._opened()
            # a server that sends a byte now and then is never idle, so that the socket's own limit would not end it
            watch = threading.Timer(max(0.0, deadline - self._clock.moment()), _cut, (connection.sock, late))
            watch.daemon = True
            watch.start()
            connection.request("POST", self._target, json.dumps(dict(record)).encode(), self._headers)
            found = self._understood(connection.getresponse())
            return self._lost(Failure.TIMEOUT, f"more than {self._timeout_s:g} s") if late.is_set() else found
        except TimeoutError:
            return self._lost(Failure.TIMEOUT, f"more than {self._timeout_s:g} s")
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.close()
            return failed(Failure.TIMEOUT, f"more than {self._timeout_s:g} s") if late.is_set() else None
        except (http.client.HTTPException, OSError, ValueError) as error:
            if late.is_set():
                return self._lost(Failure.TIMEOUT, f"more than {self._timeout_s:g} s")
            return self._lost(Failure.UNREACHABLE, type(error).__name__)
        finally:
            if watch is not None:
                watch.cancel()

    def _lost(self, failure: Failure, detail: str) -> Answer:
        self.close()
        return failed(failure, detail)

    def _opened(self) -> http.client.HTTPConnection:
        if self._connection is None:
            kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
            connection = kind(self._parts.hostname, self._parts.port, timeout=self._timeout_s)
            connection.connect()
            self._connection = connection
        return self._connection

    def _understood(self, response: http.client.HTTPResponse) -> Answer:
        if response.status in _REDIRECTS:
            return self._lost(Failure.REDIRECT, f"HTTP {response.status}, not followed")
        if response.status not in _OK:
            self.asked_to_wait_s = _seconds(response.headers.get("Retry-After"))
            refused = response.status == _TOO_MANY
            return self._lost(Failure.REFUSED if refused else Failure.STATUS, f"HTTP {response.status}")
        body = bytearray()
        while block := response.read1(_BLOCK_BYTES):
            body += block
            if len(body) > self._longest:
                return self._lost(Failure.TOO_LONG, f"more than {self._longest:,} bytes")
        if response.length:  # the connection was cut before the end that was announced
            raise http.client.IncompleteRead(b"")
        response.close()  # else the connection would wait for the rest of this answer before it takes the next record
        if response.will_close:
            self.close()
        found = parsed(bytes(body), **self._names)
        if any(secret in found.text for secret in self._secrets):
            return failed(Failure.MALFORMED, "it repeats a secret of the headers")
        return found


def _cut(sock: socket.socket | None, late: threading.Event) -> None:
    late.set()
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _seconds(written: str | None) -> float:
    try:
        return max(0.0, float(written or 0))
    except ValueError:
        return 0.0  # a date; the usual pace goes on
