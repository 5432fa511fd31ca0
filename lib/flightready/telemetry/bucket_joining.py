"""Exports of costs joined with exports of usage, and requests that an export does not count."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

_DATED = re.compile(r"-(20\d{6}|20\d\d-\d\d-\d\d)$")


def are_costs(buckets: pd.DataFrame) -> bool:
    """Whether buckets hold amounts alone and no tokens."""
    return bool(buckets["input_total"].isna().all())


def with_requests(buckets: pd.DataFrame, requests: float) -> pd.DataFrame:
    """Return buckets with a known number of requests shared out by their tokens, in whole requests.

    Parameters
    ----------
    buckets : DataFrame
        Columns of `BUCKET_COLUMNS`; their own requests are not known.
    requests : float
        Of all of them together.

    Examples
    --------
    >>> frame = pd.DataFrame({"input_total": [10.0, 30.0], "output": [0.0, 0.0], "requests": [np.nan, np.nan]})
    >>> with_requests(frame, 9)["requests"].tolist()
    [2.0, 7.0]
    """
    so_far = np.cumsum(_weights(buckets)) * requests
    return buckets.assign(requests=np.diff(np.round(so_far), prepend=0.0))


def with_costs(usage: pd.DataFrame, costs: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return usage with what was billed for it.

    An amount goes to the buckets of its provider, model and stretch of time, shared by their tokens; where the usage
    is not told by model, or none of the provider's amounts is, to all of that stretch. What no usage stands behind (a
    search, say) is a row of its own, with no request and no token.

    Parameters
    ----------
    usage, costs : DataFrame
        Columns of `BUCKET_COLUMNS`.
    """
    if not costs:
        return usage
    usage = usage.reset_index(drop=True)
    at = {(p, _bare(m)): rows.to_numpy() for (p, m), rows in usage.groupby(["provider", "model"]).groups.items()}
    by_model: dict[tuple[str, str], list[int]] = {}
    for key, rows in at.items():
        by_model.setdefault(key, []).extend(rows)
    amounts, alone = usage["cost_usd"].to_numpy(copy=True), []
    start, end = (usage[name].to_numpy(dtype="datetime64[ns]") for name in ("start", "end"))
    every = pd.concat(costs).groupby(["start", "end", "provider", "model"], as_index=False)["cost_usd"].sum()
    by_provider = {p: rows.to_numpy() for p, rows in usage.groupby("provider").groups.items()}
    told_by_model = set(every.loc[every["model"] != "", "provider"])
    for cost in every.itertuples():
        within = np.empty(0, dtype=np.int64)
        for model in (_bare(cost.model), ""):
            rows = np.asarray(by_model.get((cost.provider, model), ()), dtype=np.int64)
            if cost.provider not in told_by_model:
                rows = by_provider.get(cost.provider, rows)
            within = rows[(start[rows] >= cost.start.to_datetime64()) & (end[rows] <= cost.end.to_datetime64())]
            if within.size:
                break
        if within.size:
            amounts[within] = np.nan_to_num(amounts[within]) + cost.cost_usd * _weights(usage.loc[within])
        else:
            alone.append({"start": cost.start, "end": cost.end, "provider": cost.provider, "cost_usd": cost.cost_usd})
    joined = usage.assign(cost_usd=amounts)
    if not alone:
        return joined
    blank = {name: "" if kind == "str" else 0.0 for name, kind in usage.dtypes.astype("str").items()}
    fees = pd.DataFrame([blank | fee for fee in alone]).astype(usage.dtypes)
    return pd.concat([joined, fees]).sort_values(["start", "model"], kind="stable", ignore_index=True)


def _weights(buckets: pd.DataFrame) -> np.ndarray:
    tokens = (buckets["input_total"] + buckets["output"]).to_numpy()
    return tokens / tokens.sum() if tokens.sum() else np.full(len(buckets), 1.0 / len(buckets))


def _bare(model: str) -> str:
    """A model's name without its date, the same for the name that a bill shows and the one that a call states."""
    return _DATED.sub("", re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-"))
