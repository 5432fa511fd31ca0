"""Bills and priced calls side by side, by stretch of time and model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready.cost.prices_rates import DAY_S
from flightready.cost.pricing import Priced
from flightready.telemetry.bucket_joining import with_costs
from flightready.telemetry.frames import BUCKET_COLUMNS, UsageLog, seconds_since_1970

_HOUR_S = 3_600  # bills are told by the hour or by the day
_SUMS = ("input_total", "output")


def cells_of(usage: UsageLog, priced: Priced) -> pd.DataFrame | None:
    """Return priced and billed amounts by stretch of time and model, or None when there is no bill to compare.

    `period` is the first day of the stretch since 1970, `billed` is NaN where there is no bill, and `kind` is `both`
    for what the log holds, `not_logged` for what was billed beside it on its days, `credits`, or `outside` its days.
    """
    frame, start, own = (
        (usage.calls, "time", "billed_usd") if usage.calls is not None else (usage.buckets, "start", "cost_usd")
    )
    kept = ~priced.is_stated & frame[start].notna().to_numpy()
    if not kept.any():
        return None
    costs = bills_beside(usage)
    if costs is not None and len(costs):
        return _joined(frame.loc[kept], start, priced.total[kept], costs)
    amounts = frame[own].to_numpy()[kept]
    if not np.isfinite(amounts).any():
        return None
    period, model = _days(frame[start].loc[kept]), pd.factorize(frame["model"].to_numpy()[kept])
    kind = np.where(amounts < 0, "credits", "both")
    code = (period - period.min()) * len(model[1]) + model[0]
    rows = pd.DataFrame({"code": code, "kind": kind, "has": np.isfinite(amounts), "period": period, "model": model[0],
                         "priced": priced.total[kept], "billed": np.nan_to_num(amounts)})  # fmt: skip
    sums = rows.groupby(["code", "kind", "has"], as_index=False, sort=True).agg(
        {"period": "first", "model": "first", "priced": "sum", "billed": "sum"}
    )
    return sums.assign(model=model[1][sums["model"].to_numpy()], billed=sums["billed"].where(sums["has"]))


def bills_beside(usage: UsageLog) -> pd.DataFrame | None:
    """Return amounts that stand beside the usage: an export of costs, or an export that bills the calls of a log."""
    if usage.costs is not None or usage.calls is None or usage.buckets is None:
        return usage.costs
    return usage.buckets[usage.buckets["cost_usd"].notna()]


def _joined(frame: pd.DataFrame, start: str, amounts: np.ndarray, costs: pd.DataFrame) -> pd.DataFrame:
    """Usage by the hour with what an export of costs billed for it, and what that export holds beside."""
    buckets = _by_hour(frame, amounts) if start == "time" else _as_buckets(frame, amounts)
    if (costs["provider"].nunique(), buckets["provider"].nunique()) == (1, 1):  # a log need not name its provider
        costs = costs.assign(provider=buckets["provider"].iloc[0])
    is_credit = (costs["cost_usd"] < 0).to_numpy()
    by_model = bool((costs["model"] != "").any())
    joined = with_costs(buckets, [costs[~is_credit]] if (~is_credit).any() else [])
    days = _days(joined["start"])
    is_in = joined["logged"].to_numpy() > 0
    within = (days >= days[is_in].min()) & (days <= days[is_in].max())
    kind = np.select([is_in, within], ["both", "not_logged"], "outside")
    begun = np.unique(_days(costs["start"]))
    last_begun = begun[np.maximum(np.searchsorted(begun, days, side="right") - 1, 0)]
    credited = costs[is_credit]
    of_credits = _days(credited["start"])
    rows = pd.DataFrame({"period": np.where(is_in, np.minimum(last_begun, days), days), "kind": kind,
                         "model": joined["model"].to_numpy() if by_model else "",
                         "priced": joined["priced"].to_numpy(), "billed": joined["cost_usd"].to_numpy()})  # fmt: skip
    more = pd.DataFrame({"period": of_credits, "model": "", "priced": 0.0, "billed": credited["cost_usd"].to_numpy(),
                         "kind": np.where((of_credits >= days[is_in].min()) & (of_credits <= days[is_in].max()),
                                          "credits", "outside")})  # fmt: skip
    return pd.concat([rows, more], ignore_index=True) if len(more) else rows


def _by_hour(calls: pd.DataFrame, amounts: np.ndarray) -> pd.DataFrame:
    seconds = seconds_since_1970(calls["time"]) // _HOUR_S * _HOUR_S
    start = pd.to_datetime(seconds, unit="s", utc=True).astype("datetime64[ns, UTC]")
    rows = calls[["provider", "model", *_SUMS]].assign(start=start, priced=amounts, requests=1.0)
    sums = rows.groupby(["start", "provider", "model"], as_index=False).sum(numeric_only=True)
    return _blank(sums.assign(end=sums["start"] + pd.Timedelta(seconds=_HOUR_S), tier=""))


def _as_buckets(buckets: pd.DataFrame, amounts: np.ndarray) -> pd.DataFrame:
    return _blank(buckets.assign(priced=amounts))


def _blank(rows: pd.DataFrame) -> pd.DataFrame:
    """Buckets that no bill is joined with yet."""
    missing = {name: 0.0 for name in BUCKET_COLUMNS if name not in rows}
    return rows.assign(**missing).assign(cost_usd=np.nan, logged=1.0).reset_index(drop=True)


def _days(times: pd.Series) -> np.ndarray:
    return seconds_since_1970(times) // DAY_S
