"""Where the answer is computed: in the cloud, on devices where the data arises, or on devices with the cloud behind.

The cloud is reached over a network that takes time and fails at times. A device alone leaves what it cannot answer
without an answer. With the cloud behind, it passes that on, the cloud stands in while the device is out of order, and
while the network is down the devices answer what they can.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from flightready import policy
from flightready.assessment.options import EdgeOption
from flightready.draws import generator, summarise
from flightready.evidence import Interval
from flightready.intervals import LEVEL
from flightready.latency.budget import LatencyResult
from flightready.options import edge
from flightready.options.line import Grounds
from flightready.options.loads import planned_load
from flightready.options.outages import MINUTES_PER_MONTH, network_up
from flightready.options.response import Lognormal, cloud_times, lognormal
from flightready.options.result import OptionResult, Place, Placement

CLOUD, EDGE, BOTH = "cloud", "edge", "both"
"""Keys of the three places."""
_SURE = (1 + LEVEL) / 2  # one-sided 95 %


@dataclass(frozen=True)
class Shares:
    """What happens to requests, one array of draws each.

    Parameters
    ----------
    cannot : array
        Share of the requests that a device cannot answer.
    down : array
        Share of the time in which a device is out of order.
    network : array
        Share of the time in which the network works.
    """

    cannot: np.ndarray
    down: np.ndarray
    network: np.ndarray

    def mixed(self, own: np.ndarray, cloud: np.ndarray, passed_on: np.ndarray) -> dict[str, np.ndarray]:
        """Return the share of all requests for each place, from those of the three ways that an answer can come.

        Parameters
        ----------
        own, cloud, passed_on : array
            Share in time (or answered) of what a device answers, of what goes to the cloud at once, and of what a
            device passes on to it.
        """
        alone = (1 - self.down) * (1 - self.cannot) * own
        behind = self.network * ((1 - self.down) * self.cannot * passed_on + self.down * cloud)
        return {CLOUD: self.network * cloud, EDGE: alone, BOTH: alone + behind}

    @property
    def available(self) -> dict[str, np.ndarray]:
        """Share of the time in which each place answers at all."""
        return {CLOUD: self.network, EDGE: 1 - self.down, BOTH: 1 - self.down * (1 - self.network)}


@dataclass(frozen=True)
class _Times:
    """The times of the three ways: a device's own, the network's, and points of the cloud's; None when unknown."""

    own: Lognormal | None
    network: Lognormal
    cloud_s: np.ndarray | None
    after_s: np.ndarray | None

    def first(self, draws: int) -> _Times:
        """The first draws only."""
        return _Times(*(None if part is None else part.first(draws) for part in (self.own, self.network)),
                      *(None if part is None else part.reshape(-1, *part.shape[-2:])[0, :draws]
                        for part in (self.cloud_s, self.after_s)))  # fmt: skip

    def within(self, time_s: float, shares: Shares) -> dict[str, np.ndarray]:
        """Share of all requests answered within a time, for the places whose times are known."""
        own = None if self.own is None else self.own.within(time_s)
        cloud = None if self.cloud_s is None else self.network.within(time_s, self.cloud_s)
        passed = None if self.after_s is None else self.network.within(time_s, self.after_s)
        unknown = np.full(self.network.mean.shape, np.nan)
        found = shares.mixed(*(unknown if part is None else part for part in (own, cloud, passed)))
        return {key: found[key] for key in self.known}

    @property
    def known(self) -> tuple[str, ...]:
        """Places whose times are known."""
        is_known = {CLOUD: self.cloud_s is not None, EDGE: self.own is not None, BOTH: self.after_s is not None}
        return tuple(key for key, known in is_known.items() if known)


def placements(rows: Iterable[OptionResult], grounds: Grounds, latency: LatencyResult | None) -> tuple[Placement, ...]:
    """Return cloud, devices and both for each option of kind edge; empty where `latency.network` is not stated.

    Parameters
    ----------
    rows : iterable of OptionResult
        The options, the pilot's own way first.
    grounds : Grounds
    latency : LatencyResult or None
        The cloud's own times, and the time within which an answer is in time.

    Raises
    ------
    InputError
        When times or outages of the network or the devices cannot be.
    """
    by_name = {row.name: row for row in rows}
    options = [o for o in grounds.pilot.spec.cost.options if isinstance(o, EdgeOption)]
    if grounds.pilot.spec.latency.network is None or not options:
        return ()
    own = next(row for row in by_name.values() if row.is_pilot)
    cloud_s = cloud_times(latency, grounds)
    return tuple(_placement(o, own, by_name[o.name], cloud_s, grounds, latency) for o in options)


def _placement(
    option: EdgeOption, own: OptionResult, row: OptionResult, cloud_s: np.ndarray | None, grounds: Grounds,
    latency: LatencyResult | None,
) -> Placement:  # fmt: skip
    shares = Shares(grounds.column(option, "fallback_share", option.fallback_share),
                    grounds.column(option, "down_share", option.down_share), network_up(grounds))  # fmt: skip
    times = _times(option, cloud_s, grounds)
    limit_s = latency.in_time_limit_s if latency is not None else None
    cloud_answers = 1.0 if cloud_s is None else np.isfinite(cloud_s).mean(axis=-1)
    answered = shares.mixed(np.ones_like(shares.down), *(np.broadcast_to(cloud_answers, shares.down.shape),) * 2)
    in_time = {} if limit_s is None else times.within(limit_s, shares)
    months = _months(option, own, row, grounds)
    lost = {key: MINUTES_PER_MONTH * (1 - share) for key, share in shares.available.items()}
    good = in_time if len(in_time) == len(answered) else answered
    worse = {key: [-good[key], lost[key], months.get(key)] for key in (CLOUD, EDGE, BOTH)}
    at_s, curves = _curves(times, shares)
    accuracy = {CLOUD: own, (EDGE if option.fallback_share is None else BOTH): row}
    places = tuple(
        Place(
            key, summarise(answered[key]), summarise(shares.available[key]), summarise(lost[key]),
            in_time=summarise(in_time[key]) if key in in_time else None,
            lost_requests=None if grounds.demand is None else summarise(
                (1 - answered[key]) * grounds.demand.requests_per_month),
            monthly=summarise(months[key]) if key in months else None,
            accuracy=accuracy[key].accuracy if key in accuracy else None,
            accuracy_value=accuracy[key].accuracy_value if key in accuracy else None,
            **_percentiles(at_s, curves.get(key)),
        )
        for key in (CLOUD, EDGE, BOTH)
    )  # fmt: skip
    is_priced = len(months) == len(places)
    return Placement(option.name, limit_s, at_s, _dominated(places, worse) if is_priced else places,
                     notes=_notes(option, grounds, latency, times))  # fmt: skip


def _times(option: EdgeOption, cloud_s: np.ndarray | None, grounds: Grounds) -> _Times:
    given = grounds.pilot.spec.latency.network
    network = lognormal(grounds, "latency.network", given.p50, given.p95,
                        where=grounds.pilot.where("latency", "network", "p95"))  # fmt: skip
    own = lognormal(grounds, f"options.{option.name}", option.p50, option.p95, where=grounds.where(option, "p95"))
    if own is None or cloud_s is None:
        return _Times(own, network, cloud_s, None)
    points = cloud_s.shape[-1]
    scores = special.ndtri((np.arange(points) + 0.5) / points)
    shuffled = generator(grounds.joint.seed, "options", "placement", "points").permutation(scores)
    return _Times(own, network, cloud_s, own.at(shuffled) + cloud_s)


def _months(option: EdgeOption, own: OptionResult, row: OptionResult, grounds: Grounds) -> dict[str, np.ndarray]:
    """Draws of a month's cost at the planned load, where it is known."""
    if grounds.demand is None or row.monthly_draws is None:
        return {}
    load = planned_load(grounds.demand)
    priced = {EDGE: edge.line(option, grounds, cloud=np.zeros_like(row.monthly_draws)).monthly_usd(load)}
    if grounds.cost.per_request_usd is not None:
        priced[BOTH] = edge.line(option, grounds, cloud=edge.behind_devices(option, grounds)).monthly_usd(load)
    return priced if own.monthly_draws is None else {CLOUD: own.monthly_draws, **priced}


def _curves(times: _Times, shares: Shares) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Times from the fastest to the slowest answers, and the share of all requests within each, by draw."""
    draws, tail = int(policy.value("placement_curve_draws")), float(policy.value("placement_curve_tail"))
    few = times.first(draws)
    some = Shares(*(part[0, :draws] for part in (shares.cannot, shares.down, shares.network)))
    if not few.known:
        return np.zeros(0), {}
    ends = special.ndtri(np.array([tail, 1 - tail]))
    reach = [] if few.own is None else [few.own.at(ends)]
    if few.cloud_s is not None and np.isfinite(few.cloud_s).any():
        before = few.cloud_s if few.after_s is None else np.concatenate([few.cloud_s, few.after_s], axis=1)
        finite = np.where(np.isfinite(before), before, np.nan)
        reach.append(few.network.at(ends) + np.stack([np.nanmin(finite, axis=1), np.nanmax(finite, axis=1)], axis=1))
    low, high = np.nanmin([r[:, 0] for r in reach]), np.nanmax([r[:, 1] for r in reach])
    at_s = np.geomspace(low, max(high, low * (1 + tail)), int(policy.value("placement_curve_times")))
    found = [few.within(t, some) for t in at_s]
    return at_s, {key: np.stack([f[key] for f in found], axis=-1) for key in few.known}


def _percentiles(at_s: np.ndarray, curve: np.ndarray | None) -> dict[str, object]:
    """The middle curve, and the times of half and of 95 of 100 requests; infinite ones are never answered."""
    if curve is None:
        return {}
    found: dict[str, object] = {"within": np.median(curve, axis=0)}
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        each = np.array([np.interp(share, row, np.log(at_s), right=np.inf) for row in curve])
        each = np.where(curve[:, -1] < share, np.inf, np.exp(each))
        low, middle, high = np.quantile(each, [1 - _SURE, 0.5, _SURE], method="inverted_cdf")
        found[f"{name}_s"] = float(middle) if np.isfinite(middle) else None
        found[f"{name}_interval"] = Interval(*(float(end) if np.isfinite(end) else None for end in (low, high)))
    return found


def _dominated(places: tuple[Place, ...], worse: dict[str, list[np.ndarray]]) -> tuple[Place, ...]:
    """Name, for each place, one that is surely at least as good in time, outages and cost, and better in one."""

    def beats(a: Place, b: Place) -> bool:
        less_right = None not in (a.accuracy_value, b.accuracy_value) and a.accuracy_value < b.accuracy_value
        pairs = list(zip(worse[a.key], worse[b.key], strict=True))
        is_no_worse = np.all([x <= y for x, y in pairs], axis=0).mean() >= _SURE
        is_better = np.any([x < y for x, y in pairs], axis=0).mean() >= _SURE
        return bool(not less_right and is_no_worse and is_better)

    better = {b.key: next((a.key for a in places if a.key != b.key and beats(a, b)), "") for b in places}
    return tuple(replace(p, dominated_by=better[p.key]) for p in places)


def _notes(option: EdgeOption, grounds: Grounds, latency: LatencyResult | None, times: _Times) -> tuple[str, ...]:
    network = grounds.pilot.spec.latency.network
    told = ["Outages come whatever the load, and devices fail independently of the network."]
    if times.cloud_s is None:
        told.append("How long the cloud takes is not known: it takes traces (latency.spans).")
    else:
        part = "the model's calls alone" if latency.source == "calls" else "the pilot at its own load"
        told.append(f"The cloud's times are those of {part}; the network's time is added to them.")
    if option.fallback_share is not None:
        told.append(
            "What a device passes on has waited for the device first; without a cloud behind it gets no answer."
        )
    else:
        told.append("The devices are taken to be able to answer every request: fallback_share is not stated.")
    if option.down_share is None:
        told.append("The devices are taken never to be out of order: down_share is not stated.")
    if network.outages_per_month is None or network.outage is None:
        told.append("The network is taken never to fail: outages_per_month and outage are not both stated.")
    for name, p50, p95 in (("the network", network.p50, network.p95), ("a device", option.p50, option.p95)):
        if p50 is None and p95 is None:
            told.append(f"How long {name} takes is not stated (p50 and p95).")
        elif p50 is None or p95 is None:
            told.append(f"The time of {name} is taken to be the same for all: only one percentile is stated.")
    return tuple(told)
