"""The pilot's calls as the rate limits see them: tokens, attempts and failures of one request stay together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready.assessment import Pilot
from flightready.telemetry.frames import UsageLog

_FAILED = "error"


@dataclass(frozen=True)
class CallSample:
    """Calls in order of their request, each array of shape (calls,); or one mean call where no log of calls is there.

    Parameters
    ----------
    input_tokens, cached_tokens, output_tokens : array
        Input holds the cached ones; NaN when not known.
    max_tokens : array
        Output that the call allowed; NaN when not known.
    failed : array of bool
    latency_s : array
        Time of the call; 0 when not known.
    offset_s : array
        Time since the first call of the same request.
    first : array of shape (requests + 1,)
        Number of each request's first call.
    is_measured : bool
        Whether these are the calls of a log.
    models : tuple of str
        Models of the log, the most used first.
    """

    input_tokens: np.ndarray
    cached_tokens: np.ndarray
    output_tokens: np.ndarray
    max_tokens: np.ndarray
    failed: np.ndarray
    latency_s: np.ndarray
    offset_s: np.ndarray
    first: np.ndarray
    is_measured: bool
    models: tuple[str, ...]

    @property
    def calls(self) -> int:
        """Number of calls."""
        return self.failed.size

    @property
    def requests(self) -> int:
        """Number of requests."""
        return self.first.size - 1


def call_sample(pilot: Pilot, usage: UsageLog | None) -> CallSample:
    """Return the calls of the log, or one mean call of a usage export or of typed tokens, without tokens if need be."""
    if usage is not None and usage.calls is not None:
        return _of_log(usage.calls)
    if usage is not None and usage.buckets is not None:
        sums = usage.buckets[["requests", "input_total", "cache_read", "output"]].sum()
        if sums["requests"] > 0:
            models = tuple(m for m in usage.buckets["model"].value_counts().index if m)
            return _mean_call(*(sums[["input_total", "cache_read", "output"]] / sums["requests"]), models)
    typed = pilot.spec.cost.per_request
    if typed is None:
        return _mean_call(np.nan, np.nan, np.nan, ())
    cached = typed.cached_tokens.median if typed.cached_tokens else 0.0
    return _mean_call(typed.input_tokens.median, cached, typed.output_tokens.median, (typed.model,))


def _mean_call(input_tokens: float, cached_tokens: float, output_tokens: float, models: tuple[str, ...]) -> CallSample:
    one = [np.array([float(x)]) for x in (input_tokens, cached_tokens, output_tokens, np.nan)]
    nothing = np.zeros(1)
    return CallSample(*one, np.zeros(1, dtype=bool), nothing, nothing, np.array([0, 1]), False, models)


def _of_log(calls: pd.DataFrame) -> CallSample:
    named = calls["outcome"] != ""
    codes = np.empty(len(calls), dtype=np.int64)
    codes[named], names = pd.factorize(calls.loc[named, "outcome"])
    codes[~named] = len(names) + np.arange(int((~named).sum()))  # a call of no named request is one by itself
    order = np.argsort(codes, kind="stable")  # the log is in order of time, so each request's calls stay in it
    _, sizes = np.unique(codes, return_counts=True)
    first = np.concatenate([[0], np.cumsum(sizes)])
    sorted_calls = calls.iloc[order]
    moment = sorted_calls["time"].astype("int64").to_numpy() / 1e9
    offset = np.where(sorted_calls["time"].isna(), 0.0, moment - np.repeat(moment[first[:-1]], sizes))
    columns = [sorted_calls[n].to_numpy(dtype=float) for n in ("input_total", "cache_read", "output", "max_tokens")]
    return CallSample(
        *columns, sorted_calls["status"].str.startswith(_FAILED).to_numpy(dtype=bool),
        np.nan_to_num(sorted_calls["latency_s"].to_numpy(dtype=float)), np.maximum(offset, 0.0), first, True,
        tuple(m for m in calls["model"].value_counts().index if m),
    )  # fmt: skip
