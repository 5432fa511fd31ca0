"""FOCUS billing rows (FinOps Open Cost and Usage Specification): what a cloud charged for tokens of models.

A row is one meter over one stretch of time: input, cached input, cache writes and output are metered apart. Rows of one
service and stretch are put together. No row counts requests: the assessment says how many there were. Rows of services
that charge nothing by the token are another part of the bill and are left out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from flightready.telemetry.bucket_pages import CURRENCY, LIST_CURRENCY, the_currency, without_amounts
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW, buckets_frame
from flightready.telemetry.json_records import record_cells
from flightready.wording import count

_ROLES = {
    "start": ("ChargePeriodStart",), "end": ("ChargePeriodEnd",), "cost": ("BilledCost",),
    "currency": ("BillingCurrency",), "quantity": ("ConsumedQuantity", "PricingQuantity"),
    "unit": ("ConsumedUnit", "PricingUnit"), "service": ("ServiceName",),
    "meter": ("SkuMeter", "ChargeDescription", "SkuId"), "described": ("ChargeDescription",),
}  # fmt: skip
_NEEDED = {"BilledCost", "BillingCurrency", "ChargePeriodStart", "ChargePeriodEnd"}
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}
_EXAMPLE = b"""\
BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,ServiceName,SkuMeter
0.0011,USD,2026-09-14T00:00:00Z,2026-09-15T00:00:00Z,374,Tokens,Model API,Small model input tokens
0.0006,USD,2026-09-14T00:00:00Z,2026-09-15T00:00:00Z,2.048,1K Tokens,Model API,Small model cached input tokens
0.0007,USD,2026-09-14T00:00:00Z,2026-09-15T00:00:00Z,44,Tokens,Model API,Small model output tokens
0.0012,USD,2026-09-15T00:00:00Z,2026-09-16T00:00:00Z,396,Tokens,Model API,Small model input tokens
0.0077,USD,2026-09-15T00:00:00Z,2026-09-16T00:00:00Z,2048,Tokens,Model API,Small model cache write input tokens
0.0016,USD,2026-09-15T00:00:00Z,2026-09-16T00:00:00Z,109,Tokens,Model API,Small model output tokens
4.20,USD,2026-09-15T00:00:00Z,2026-09-16T00:00:00Z,24,Hours,Virtual machines,Standard machine
"""


def is_focus(head: Head) -> bool:
    """Whether a head has the columns of the specification."""
    return set(head.columns) >= _NEEDED


@reader("FOCUS billing rows (CSV)", kind="usage_export", matches=is_focus, input_holds_cached=False, example=_EXAMPLE)
def read(path: Path) -> pd.DataFrame:
    """Return one row for each service and stretch of time, with what was billed for its tokens.

    Raises
    ------
    InputError
        When amounts have several currencies, no row is charged by the token, or a cell cannot be read.
    """
    every = record_cells(path, _ROLES)
    unit = every.text("unit").str.lower()
    by_token = unit.str.contains("token", regex=False).to_numpy(dtype=bool)
    every.refuse(np.full(len(every), not by_token.any()), "unit", "counts no tokens in any row", "Tokens, 1K Tokens")
    service = every.text("service")
    ours = service.isin(service[by_token]).to_numpy(dtype=bool)
    cells, by_token = every.only(ours), by_token[ours]
    cells.refuse_empty(["cost", "currency"], cells.places > 0)
    cells.refuse_empty(["quantity"], by_token)
    currency = the_currency(cells.text("currency"), cells.places, path, cells.unit)
    scale = cells.text("unit").str.lower().str.extract(r"([0-9]*)\s*(k|m|thousand|million)?\s*token")
    factor = pd.to_numeric(scale[0]).fillna(1.0) * scale[1].map(_SCALE).fillna(1.0)
    tokens = np.where(by_token, cells.number("quantity") * factor.to_numpy(), 0.0)
    cells.refuse(tokens < 0, "quantity", "is negative")
    kind = _kinds(cells.text("meter") + " " + cells.text("described"))
    cells.refuse(by_token & (kind == ""), "meter", "does not say whether input or output was metered",
                 "a meter with input, output or cache in its name")  # fmt: skip
    frame = pd.DataFrame({"start": cells.times("start"), "end": cells.times("end"), "service": cells.text("service"),
                          "cost_usd": cells.number("cost"), ROW: cells.places})  # fmt: skip
    for name in ("input", "cache_read", "cache_write_5m", "output"):
        frame[name] = np.where(kind == name, tokens, 0.0)
    whole = frame.groupby(["start", "end", "service"], as_index=False).agg(
        {name: "first" if name == ROW else "sum" for name in frame if name not in ("start", "end", "service")}
    )
    buckets = buckets_frame(
        {"start": whole["start"], "end": whole["end"], "provider": "", "input_total": whole[
            ["input", "cache_read", "cache_write_5m"]].sum(axis=1), **{name: whole[name] for name in (
                "cache_read", "cache_write_5m", "output", "cost_usd", ROW)}},
        where=path.name,
    )  # fmt: skip
    buckets.attrs[CURRENCY] = currency
    if not ours.all():
        buckets.attrs["notes"] = (f"{path.name}: {count(int((~ours).sum()), 'row')} of services that charge nothing by "
                                  "the token are left out",)  # fmt: skip
    return buckets if currency == LIST_CURRENCY else without_amounts(buckets)


def _kinds(meter: pd.Series) -> np.ndarray:
    """Which column of the buckets a meter counts."""
    said = meter.str.lower()
    cached, written = said.str.contains("cach"), said.str.contains("writ|creat")
    output = said.str.contains(r"outp|output|completion|generated|\bout\b")
    read = said.str.contains(r"inp|prompt|\bin\b")
    return np.select(
        [(cached & written).to_numpy(dtype=bool), cached.to_numpy(dtype=bool), output.to_numpy(dtype=bool),
         read.to_numpy(dtype=bool)], ["cache_write_5m", "cache_read", "output", "input"], ""
    )  # fmt: skip
