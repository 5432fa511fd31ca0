"""Sentences about the provider's cache at the planned load, and about requests that can wait for a batch."""

from __future__ import annotations

from flightready.cost import caching as replayed
from flightready.cost.breakeven import Batch
from flightready.cost.caching import Caching
from flightready.wording import count, interval, money, number, seconds, share

_SHARED_BY = {
    replayed.SESSION: "calls of one session", replayed.USER: "calls of one user", replayed.MODEL: "all calls",
}  # fmt: skip
_UNKNOWN = {
    replayed.ONLY_SUMS: "an export with totals by time does not show the time between calls",
    replayed.NO_TIMES: "the log does not say when its calls were made",
    replayed.NO_HITS: "no call of the pilot read from it; providers keep long inputs that begin alike, and some only "
    "when they are asked to",
    replayed.FEW_HITS: "too few calls of the pilot read from it",
}  # fmt: skip


def cache(found: Caching | None) -> tuple[str, ...]:
    """Return how often the cache is hit, in the pilot and at the planned load, and what that saves."""
    if found is None:
        return ("What the provider's cache saves cannot be said: no usage file shows what was read from it.",)
    if found.state in _UNKNOWN:
        return (f"How often the provider's cache will be hit cannot be told: {_UNKNOWN[found.state]}.", _pays(found))
    if found.state == replayed.UNEXPLAINED:
        return (*_unexplained(found), _pays(found))
    return tuple(filter(None, (_explained(found), *_at_plan(found), _pays(found))))


def _unexplained(found: Caching) -> tuple[str, ...]:
    return (
        f"How often the provider's cache will be hit at the planned load cannot be told. In the pilot "
        f"{share(found.hit_rate)} of {count(found.n, 'call')} read from it; by the time between calls "
        f"{share(found.replayed)} should have, and of single calls that time tells only {share(found.foretold)} "
        "rightly.",
        "So something else decides: inputs that do not begin alike, or a provider that spreads calls over machines. "
        "The forecast keeps the pilot's share.",
    )


def _explained(found: Caching) -> str:
    return (
        f"In the pilot {share(found.hit_rate)} of {count(found.n, 'call')} read from the provider's cache, nine times "
        f"in ten {interval(found.hit_interval.low, found.hit_interval.high, share)}. The time between "
        f"{_SHARED_BY[found.shared_by]} explains it: kept for {seconds(found.lives_s)} after each use, "
        f"{share(found.replayed)} would hit, and {share(found.foretold)} of single calls are foretold rightly."
    )


def _at_plan(found: Caching) -> tuple[str, ...]:
    if found.at_plan is None:
        return ("What the planned load makes of it can be said once that load is stated.",)
    rate, c = found.at_plan, found.currency
    if found.shared_by == replayed.MODEL:
        how = f"At the planned load, {number(float(f'{found.load_ratio.median:.2g}'))} times the pilot's,"
    else:
        how = f"More users do not bring {_SHARED_BY[found.shared_by]} closer together, so at the planned load"
    told = (f"{how} {share(rate.median)} of calls hit (nine times in ten {interval(rate.low, rate.high, share)}), and "
            f"{share(found.cached_share.median)} of the input comes from the cache.")  # fmt: skip
    beyond = found.beyond.median
    more = "less" if beyond >= 0 else "more"
    return told, (f"Against no cache that saves {money(found.saved.median, c)} a month, nine times in ten "
                  f"{interval(found.saved.low, found.saved.high, lambda v: money(v, c))}; the month costs "
                  f"{money(abs(beyond), c)} {more} than a forecast at the pilot's own share of hits.")  # fmt: skip


def _pays(found: Caching) -> str:
    if found.uses_to_pay is None:
        return "At the prices of the pilot's model a cache never pays."
    if not found.least_hit_rate:
        return "Writing to the cache costs nothing extra at the prices of the pilot's model, so every hit saves."
    return (f"At the prices of the pilot's model a cache pays once what it holds is used {found.uses_to_pay} times, or "
            f"{share(found.least_hit_rate)} of calls hit.")  # fmt: skip


def batch(found: Batch | None) -> tuple[str, ...]:
    """Return what it saves to let requests wait for a batch."""
    if found is None:
        return ("What a batch would save cannot be said: no input names the model.",)
    if found.is_used:
        return ("The pilot asks in batches already, so its price is in the forecast.",)
    if found.price_share is None:
        return ("The price list has no batch price for the pilot's model, so what waiting would save is not known.",)
    told = f"Answered in a batch, within a day, a request costs {share(found.price_share)} of its price now"
    if found.of_all is None:
        return (f"{told}; what that is in a month depends on the planned load.",)
    tenth, c = 0.1, found.currency
    return (f"{told}: every tenth of the requests that can wait saves about {money(tenth * found.of_all.median, c)} a "
            f"month, nine times in ten "
            f"{interval(tenth * found.of_all.low, tenth * found.of_all.high, lambda v: money(v, c))}.",)  # fmt: skip
