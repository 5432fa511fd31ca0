"""On which terms the pilot is called: where records are sent, and how much one run may do."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flightready import policy
from flightready.assessment.pilot_call import PilotCall


def is_this_machine(url: str) -> bool:
    """Return whether an address stays on this machine.

    Examples
    --------
    >>> [is_this_machine(f"http://{h}/x") for h in ("localhost:8000", "127.0.0.1", "[::1]:80", "127.0.0.1.example.com")]
    [True, True, True, False]
    """
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True)
class Bounds:
    """How much one run may do.

    Parameters
    ----------
    most_calls : int
    longest_run_s : float
    per_minute : float, optional
    """

    most_calls: int
    longest_run_s: float
    per_minute: float | None = None


@dataclass(frozen=True)
class Destination:
    """Where records are sent.

    Parameters
    ----------
    words : str
        For a reader.
    is_elsewhere, is_encrypted : bool
        Whether they leave this machine, and whether nobody on the way can read them.
    """

    words: str
    is_elsewhere: bool = False
    is_encrypted: bool = True


def destination(spec: PilotCall) -> Destination:
    """Return where the records of a pilot are sent; no secret is in it."""
    if spec.function:
        return Destination(f"the function {spec.function}, in a process of its own on this machine")
    if spec.command:
        return Destination(f"the program '{Path(spec.command[0]).name}' on this machine")
    parts = urlsplit(spec.url)
    host = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    here = is_this_machine(spec.url)
    return Destination(f"{host}{' on this machine' if here else ''}", not here, parts.scheme == "https" or here)


def bounds(spec: PilotCall) -> Bounds:
    """Return how much one run may do."""
    per_minute = spec.calls_per_minute.median if spec.calls_per_minute else None
    if per_minute is None and destination(spec).is_elsewhere:
        per_minute = policy.value("call_per_minute_elsewhere")
    longest = spec.longest_run.median if spec.longest_run else policy.value("call_longest_run_s")
    return Bounds(most_calls(spec), longest, per_minute)


def most_calls(spec: PilotCall) -> int:
    """Return how many calls are planned and made at most."""
    return spec.most_calls or policy.value("call_most")
