"""Writing the price file: every model that a pilot names, at the prices that the list holds today."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from flightready.assessment import Pilot
from flightready.assessment.options import ApiOption
from flightready.assessment.save import write_whole
from flightready.cost.prices_file import PricedModel, mark, read_price_file
from flightready.cost.prices_list import (
    LIST_CURRENCY,
    LIST_NAME,
    changes,
    listed_bands,
    newest_price,
    page_of,
    tier_is_listed,
)
from flightready.cost.prices_rates import DAY_S, MILLION, Bands, Rates
from flightready.telemetry.frames import UsageLog

_HEAD = """\
Prices of the models that this pilot names, per million tokens. They are used before the price list of the
program, so that a result does not change when that list does. Correct what you pay otherwise: an entry that you
change or add stays as it is when `flightready prices` runs again. `factor: 0.8`, for one model or for the whole
file, is a discount of 20 %."""
_MIDNIGHT = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, order=True)
class Wanted:
    """A model whose price is asked for; `is_used` when the pilot calls it, and not only might."""

    provider: str
    model: str
    is_used: bool = True


@dataclass(frozen=True)
class Written:
    """What a run wrote: models that are new, changed, as they were, kept because somebody edited them, or not known."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    same: tuple[str, ...]
    kept: tuple[str, ...]
    unknown: tuple[Wanted, ...]


def wanted_models(pilot: Pilot, usage: UsageLog | None) -> tuple[Wanted, ...]:
    """Return every model that a pilot's log, typed model, options and retirements name, each once."""
    cost, found = pilot.spec.cost, {}
    for frame in (usage.calls, usage.buckets) if usage else ():
        if frame is not None:
            pairs = frame[["provider", "model"]].drop_duplicates()
            found |= {(p, m): True for p, m in pairs.itertuples(index=False) if m}
    typed = cost.per_request.model if cost.per_request else ""
    planned = [o.model for o in cost.options if isinstance(o, ApiOption)]
    planned += [r.successor for r in cost.retirement.values()]
    no_model = {o.name for o in cost.options} | {c.name for c in pilot.spec.evaluation.candidates}
    in_log = {model.lower() for _, model in found}
    if typed and typed.lower() not in in_log:
        found["", typed] = True
    for name in (n for n in planned if n and n not in no_model and n.lower() not in in_log | {typed.lower()}):
        found.setdefault(("", name), False)
    return tuple(sorted((Wanted(*key, used) for key, used in found.items()), key=lambda w: (not w.is_used, w)))


def write_prices(path: Path, wanted: Iterable[Wanted], *, as_of: dt.date, force: bool = False) -> Written:
    """Write the price file, and keep what people wrote into an existing one.

    Parameters
    ----------
    path : Path
        The file; made when it is not there, replaced whole or not at all.
    wanted : iterable of Wanted
    as_of : date
        The day of the run. An entry is dated with it, or with the day up to which the list is known to hold prices when
        that is earlier; a later date that somebody wrote stays.
    force : bool
        Replace entries that were edited as well, where the list knows the model.

    Raises
    ------
    InputError
        When an existing file is wrong.
    """
    old = read_price_file(path).models if path.is_file() else []
    yaml, document = _document(path)
    number = {entry.key: i for i, entry in enumerate(old)}
    told: dict[str, list[Any]] = {name: [] for name in Written.__dataclass_fields__}
    for want in {(w.provider.lower(), w.model.lower()): w for w in wanted}.values():
        key = (want.provider.lower(), want.model.lower())
        at = number.get(key)
        if at is not None and old[at].is_edited and not force:
            told["kept"].append(want.model)
            continue
        try:
            fresh = _entry(want, min(as_of, newest_price()))
        except LookupError:
            told["unknown" if at is None else "kept"].append(want if at is None else want.model)
            continue
        is_new = at is None or mark(old[at]) != fresh["written"]
        if not is_new and old[at].checked:
            fresh["checked"] = max(fresh["checked"], old[at].checked)
        told["added" if at is None else "updated" if is_new else "same"].append(want.model)
        if at is None:
            document["models"].append(fresh)
        else:
            _replaced(document["models"][at], fresh)
    if document["models"]:
        text = io.StringIO()
        yaml.dump(document, text)
        write_whole(path, text.getvalue())
    return Written(**{name: tuple(models) for name, models in told.items()})


def _document(path: Path) -> tuple[YAML, CommentedMap]:
    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    if path.is_file():
        return yaml, yaml.load(path.read_text(encoding="utf-8-sig"))
    document = CommentedMap(currency=LIST_CURRENCY, models=CommentedSeq())
    document.yaml_set_start_comment(_HEAD)
    return yaml, document


def _replaced(entry: CommentedMap, fresh: CommentedMap) -> None:
    """Put new values into an entry, whose comments and order stay."""
    for name in [n for n in entry if n not in fresh]:
        del entry[name]
    entry.update(fresh)


def _entry(want: Wanted, as_of: dt.date) -> CommentedMap:
    """One model as the file holds it."""
    rows = _rows(want.provider, want.model)
    found = {"model": want.model, **({"provider": want.provider} if want.provider else {}),
             "source": f"{LIST_NAME}, {page_of(want.provider, want.model)}", "checked": as_of.replace()}  # fmt: skip
    mapped = CommentedMap(found | {"written": mark(PricedModel(**found, prices=rows)), "prices": CommentedSeq()})
    for row in rows:
        flow = CommentedMap(row)
        flow.fa.set_flow_style()
        mapped["prices"].append(flow)
    return mapped


def _rows(provider: str, model: str) -> list[dict[str, Any]]:
    """Every situation that the list prices apart, without what only repeats the one before."""
    days, seconds, tiers = changes(provider, model)
    rows: list[dict[str, Any]] = []
    for tier in ("", *tiers):
        before: object = None
        for day in (None, *days):
            moments = [_at(day or (days[0] - dt.timedelta(days=1) if days else None), s) for s in seconds]
            if before is None and not any(tier_is_listed(provider, model, tier, m) for m in moments):
                continue  # not sold yet
            found = [listed_bands(provider, model, tier, m) for m in moments]
            if found != before:
                rows += _day_rows(tier, day, seconds, found)
            before = found
    return rows


def _at(day: dt.date | None, second: int) -> dt.datetime:
    start = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) if day else _MIDNIGHT
    return start + dt.timedelta(seconds=second)


def _day_rows(tier: str, day: dt.date | None, seconds: Sequence[int], found: Sequence[Bands]) -> list[dict[str, Any]]:
    """Rows from one day on: what holds most of the day without hours, the rest with them."""
    head = ({"tier": tier} if tier else {}) | ({"from": day} if day else {})
    spans: list[list[Any]] = []  # start, end, bands; neighbours that cost the same are one
    for start, end, bands in zip(seconds, (*seconds[1:], DAY_S), found, strict=True):
        if spans and spans[-1][2] == bands:
            spans[-1][1] = end
        else:
            spans.append([start, end, bands])
    lasting = {bands: sum(e - s for s, e, b in spans if b == bands) for _, _, bands in spans}
    usual = max(lasting, key=lambda bands: lasting[bands])
    rows = _band_rows(head, usual)
    for start, end, bands in spans:
        if bands != usual:
            rows += _band_rows(head | {"hours": f"{_clock(start)} to {_clock(end)}"}, bands)
    return rows


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"


def _band_rows(head: dict[str, Any], bands: Bands) -> list[dict[str, Any]]:
    # each row has a date of its own: YAML would write the second use of one object as a reference
    return [{k: v.replace() if k == "from" else v for k, v in head.items()} | ({"above": start} if start else {})
            | _amounts(rates) for start, rates in zip(bands.starts, bands.rates, strict=True)]  # fmt: skip


def _amounts(r: Rates) -> dict[str, Any]:
    """Prices of a row; those that follow from others are left out."""
    found = {"input": r.input}
    found |= {"cached_input": r.cache_read} if r.cache_read != r.input else {}
    found |= {"cache_write_5m": r.cache_write_5m} if r.cache_write_5m != r.input else {}
    found |= {"cache_write_1h": r.cache_write_1h} if r.cache_write_1h != r.cache_write_5m else {}
    found |= {"output": r.output} | ({"reasoning": r.reasoning} if r.reasoning != r.output else {})
    return {k: _plain(Decimal(str(v)) * MILLION) for k, v in found.items()} | ({"call": r.call} if r.call else {})


def _plain(amount: Decimal) -> int | float:
    return int(amount) if amount == int(amount) else float(amount)
