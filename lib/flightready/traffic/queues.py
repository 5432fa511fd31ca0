"""Exact formulas of queues: what a limited number of servers makes of random arrivals.

Rates are per second, times in seconds; `offered_load` is arrival rate times mean service time, the number of servers
that would be busy if there were enough of them. Arrivals are Poisson, the first come is the first served.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

_BLOCK = 512  # terms of a series that are summed at once
_NEGLIGIBLE = 1e-15  # below the rounding of the sum


def erlang_b(servers: ArrayLike, offered_load: ArrayLike) -> np.ndarray:
    """Return the share of arrivals that find all servers busy when nobody may wait.

    Parameters
    ----------
    servers : int or array of int
        At least 1; broadcast against the load.
    offered_load : float or array
        Arrival rate times mean service time, at least 0.

    Raises
    ------
    ValueError
        When a number of servers is below 1 or a load is negative.

    Source
    ------
    Erlang 1917; recursion B(k) = a B(k-1) / (k + a B(k-1)), stable for every load (Cooper 1981, eq. 3.4).

    Examples
    --------
    >>> float(erlang_b(1, 1.0))
    0.5
    """
    count, load = np.broadcast_arrays(np.asarray(servers, dtype=int), np.asarray(offered_load, dtype=float))
    if count.size and (count.min() < 1 or load.min() < 0):
        raise ValueError(f"servers must be >= 1 and the load >= 0 (got {count.min()} servers, load {load.min()})")
    blocked = np.ones(load.shape)
    found = np.ones(load.shape)
    for k in range(1, int(count.max(initial=0)) + 1):
        blocked = load * blocked / (k + load * blocked)
        found = np.where(count == k, blocked, found)
    return found


def erlang_c(servers: ArrayLike, offered_load: ArrayLike) -> np.ndarray:
    """Return the share of arrivals that must wait; 1 where the load is not below the number of servers.

    Source
    ------
    Erlang 1917; C = B / (1 - rho (1 - B)) with rho the load per server (Cooper 1981, eq. 3.17).

    Examples
    --------
    >>> round(float(erlang_c(10, 9.0)), 8)
    0.66873152
    """
    blocked, load = erlang_b(servers, offered_load), np.asarray(offered_load, dtype=float)
    busy = load / np.asarray(servers)
    with np.errstate(divide="ignore", invalid="ignore"):
        waits = blocked / (1 - busy * (1 - blocked))
    return np.where(busy < 1, waits, 1.0)


def spare_rate(servers: ArrayLike, arrivals_per_s: ArrayLike, service_s: ArrayLike) -> np.ndarray:
    """Return by how many requests a second the servers could do more than arrive; 0 or less is overload.

    Examples
    --------
    >>> float(spare_rate(10, 9.0, 1.0))
    1.0
    """
    return np.asarray(servers) / np.asarray(service_s) - np.asarray(arrivals_per_s)


def wait_exceeds(wait_s: ArrayLike, *, servers: int, arrivals_per_s: float, service_s: float) -> np.ndarray:
    """Return the share of arrivals that wait longer than `wait_s` (M/M/c); 1 under overload.

    Source
    ------
    Cooper 1981, eq. 3.20: P(W > t) = C exp(-(c mu - lambda) t).

    Examples
    --------
    >>> round(float(wait_exceeds(1.0, servers=1, arrivals_per_s=0.9, service_s=1.0)), 6)
    0.814354
    """
    spare = spare_rate(servers, arrivals_per_s, service_s)
    waits = erlang_c(servers, arrivals_per_s * service_s)
    return np.where(spare > 0, waits * np.exp(-np.maximum(spare, 0) * np.asarray(wait_s)), 1.0)


def fewest_servers(arrivals_per_s: ArrayLike, service_s: ArrayLike, *, wait_s: ArrayLike, share: float) -> np.ndarray:
    """Return the fewest servers with which `share` of arrivals begin within `wait_s` (M/M/c); at least 1.

    Parameters
    ----------
    arrivals_per_s, service_s, wait_s : float or array
        At least 0, above 0, at least 0; broadcast against one another.
    share : float
        Strictly between 0 and 1.

    Returns
    -------
    array of float
        Whole numbers; a float holds those that no integer does.

    Source
    ------
    Cooper 1981, eq. 3.20, with Erlang's blocking as the Poisson form pmf(c; a) / cdf(c; a), exact for c above a; the
    search halves an interval that begins at the load and ends where the square-root rule is surely enough (Halfin and
    Whitt 1981).

    Examples
    --------
    >>> float(fewest_servers(9.0, 1.0, wait_s=0.5, share=0.9)), float(fewest_servers(0.0, 1.0, wait_s=0.5, share=0.9))
    (12.0, 1.0)
    """
    rate, service, wait = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (arrivals_per_s, service_s, wait_s))
    )
    load = rate * service
    too_few = np.floor(load)  # overload, or no server at all
    enough = too_few + 1
    step = np.sqrt(load) + 1
    while (late := _begins_late(enough, load, service, wait) > 1 - share).any():
        too_few, enough = np.where(late, enough, too_few), np.where(late, np.ceil(enough + step), enough)
        step = 2 * step
    while (enough - too_few > 1).any():
        middle = np.where(enough - too_few > 1, np.floor((too_few + enough) / 2), enough)
        late = _begins_late(middle, load, service, wait) > 1 - share
        too_few, enough = np.where(late, middle, too_few), np.where(late, enough, middle)
    return enough


def _begins_late(servers: np.ndarray, load: np.ndarray, service_s: np.ndarray, wait_s: np.ndarray) -> np.ndarray:
    """Share that waits longer than `wait_s` with more servers than load, without a loop over servers."""
    most_likely = np.exp(special.xlogy(servers, load) - load - special.gammaln(servers + 1))
    blocked = most_likely / special.gammaincc(servers + 1, load)
    waits = blocked / (1 - load / servers * (1 - blocked))
    return waits * np.exp(-(servers - load) / service_s * wait_s)


def mean_wait_s(*, servers: int, arrivals_per_s: float, service_s: float) -> float:
    """Return the mean wait before service, seconds (M/M/c); infinite under overload.

    Examples
    --------
    >>> round(mean_wait_s(servers=5, arrivals_per_s=4.0, service_s=1.0), 8)
    0.55411255
    """
    spare = float(spare_rate(servers, arrivals_per_s, service_s))
    return float(erlang_c(servers, arrivals_per_s * service_s)) / spare if spare > 0 else math.inf


def sojourn_exceeds(time_s: ArrayLike, *, servers: int, arrivals_per_s: float, service_s: float) -> np.ndarray:
    """Return the share of requests whose wait and service together last longer than `time_s` (M/M/c).

    Source
    ------
    Gross et al. 2008, Fundamentals of Queueing Theory, section 2.3: wait and service are independent, so their sum is
    exp(-mu t) + C mu times the integral of exp(-mu s) exp(-theta (t - s)) over s, theta the spare rate.
    """
    t = np.asarray(time_s, dtype=float)
    spare, rate = float(spare_rate(servers, arrivals_per_s, service_s)), 1 / service_s
    if spare <= 0:
        return np.ones(t.shape)
    waits = float(erlang_c(servers, arrivals_per_s * service_s))
    # exprel stays exact where the two rates meet, and the slower rate is taken out so that nothing overflows
    joined = rate * t * np.exp(-min(rate, spare) * t) * special.exprel(-abs(rate - spare) * t)
    return np.minimum(1.0, np.exp(-rate * t) + waits * joined)


def sojourn_quantile_s(quantile: float, *, servers: int, arrivals_per_s: float, service_s: float) -> float:
    """Return the time within which the share `quantile` of requests is done, seconds (M/M/c); infinite under overload.

    Parameters
    ----------
    quantile : float
        Strictly between 0 and 1.

    Examples
    --------
    >>> round(sojourn_quantile_s(0.99, servers=1, arrivals_per_s=0.9, service_s=1.0), 4)
    46.0517
    """
    from scipy import optimize  # slow to load

    spare = float(spare_rate(servers, arrivals_per_s, service_s))
    if spare <= 0:
        return math.inf

    def surplus(time_s: float) -> float:
        late = sojourn_exceeds(time_s, servers=servers, arrivals_per_s=arrivals_per_s, service_s=service_s)
        return float(late) - (1 - quantile)

    most = service_s
    while surplus(most) > 0:
        most *= 2
    return float(optimize.brentq(surplus, 0.0, most, xtol=1e-12 * most, rtol=1e-13))


def blocking(*, servers: int, places: int, offered_load: float) -> float:
    """Return the share of arrivals that are turned away when only `places` fit in, served ones included (M/M/c/K).

    Parameters
    ----------
    servers, places : int
        1 <= servers <= places.
    offered_load : float
        Above 0; it may exceed the number of servers.

    Source
    ------
    Gross et al. 2008, section 2.5.

    Examples
    --------
    >>> round(blocking(servers=1, places=10, offered_load=0.9), 7)
    0.0508137
    """
    if not 1 <= servers <= places:
        raise ValueError(f"places must be at least the number of servers (got {places} places, {servers} servers)")
    steps = np.log(offered_load) - np.log(np.minimum(np.arange(1, places + 1), servers))
    weights = np.concatenate([[0.0], np.cumsum(steps)])
    return float(np.exp(weights[-1] - special.logsumexp(weights)))


def mean_wait_mg1_s(*, arrivals_per_s: float, service_s: float, variation_squared: float) -> float:
    """Return the mean wait with one server and any distribution of service (M/G/1), seconds.

    Parameters
    ----------
    variation_squared : float
        Variance of the service time over its mean squared: 0 when all are alike, 1 when exponential.

    Source
    ------
    Pollaczek 1930, Khinchine 1932.

    Examples
    --------
    >>> round(mean_wait_mg1_s(arrivals_per_s=0.8, service_s=1.0, variation_squared=4.0), 9)
    10.0
    """
    busy = arrivals_per_s * service_s
    return service_s * busy / (1 - busy) * (1 + variation_squared) / 2 if busy < 1 else math.inf


def mean_wait_mdc_s(*, servers: int, arrivals_per_s: float, service_s: float) -> float:
    """Return the mean wait when every service lasts exactly `service_s` (M/D/c), seconds.

    Source
    ------
    Crommelin 1932; one server reduces to Pollaczek's mean.

    Examples
    --------
    >>> round(mean_wait_mdc_s(servers=1, arrivals_per_s=0.8, service_s=1.0), 6)
    2.0
    """
    load = arrivals_per_s * service_s
    if load >= servers:
        return math.inf
    total, first = 0.0, 1
    while True:
        i = np.arange(first, first + _BLOCK)
        # tail sums of a Poisson count with mean i * load; the bracket falls geometrically
        terms = special.pdtrc(i * servers - 1, i * load) - servers / load * special.pdtrc(i * servers, i * load)
        total, first = total + float(terms.sum()), first + _BLOCK
        if terms[-1] <= _NEGLIGIBLE * total:
            return service_s * total


def md1_wait_within(wait_s: float, *, arrivals_per_s: float, service_s: float) -> float:
    """Return the share that waits at most `wait_s` with one server and services all alike (M/D/1).

    Parameters
    ----------
    wait_s : float
        At least 0. The series alternates: up to about 20 services it is exact to 1e-6.

    Source
    ------
    Erlang 1909; Franx 2001 (Operations Research Letters 29:221).

    Examples
    --------
    >>> round(md1_wait_within(1.0, arrivals_per_s=0.8, service_s=1.0), 8)
    0.44510819
    """
    busy, time = arrivals_per_s * service_s, wait_s / service_s
    if busy >= 1:
        return 0.0
    k = np.arange(math.floor(time) + 1)
    ahead = busy * (time - k)
    terms = np.where(k % 2 == 0, 1.0, -1.0) * np.exp(ahead + special.xlogy(k, ahead) - special.gammaln(k + 1))
    return float((1 - busy) * math.fsum(terms))


def abandonment(*, servers: int, offered_load: float, patience_services: float) -> float:
    """Return the share of arrivals that give up waiting (Erlang-A, exponential patience).

    Parameters
    ----------
    patience_services : float
        Mean patience over mean service time, above 0.

    Source
    ------
    Palm 1957; Garnett, Mandelbaum and Reiman 2002, by the birth and death weights.

    Examples
    --------
    >>> round(abandonment(servers=10, offered_load=10.0, patience_services=1.0), 5)
    0.12511
    """
    most = math.ceil(servers + 40 + 12 * math.sqrt(offered_load) + offered_load * (1 + patience_services) * 2)
    k = np.arange(1, most + 1)
    leaving = np.minimum(k, servers) + np.maximum(k - servers, 0) / patience_services
    weights = np.concatenate([[0.0], np.cumsum(np.log(offered_load) - np.log(leaving))])
    share = np.exp(weights - special.logsumexp(weights))
    given_up = np.sum(np.maximum(np.arange(most + 1) - servers, 0) * share) / patience_services
    return float(given_up / offered_load)


def in_flight(arrivals_per_s: ArrayLike, time_s: ArrayLike) -> np.ndarray:
    """Return how many requests are being worked on at once on average (Little's law).

    Source
    ------
    Little 1961.

    Examples
    --------
    >>> round(float(in_flight(10_000 / 3600, 4.5)), 1)
    12.5
    """
    return np.asarray(arrivals_per_s) * np.asarray(time_s)


def servers_busy_quantile(quantile: float, offered_load: ArrayLike) -> np.ndarray:
    """Return the number at work that is not exceeded for the share `quantile` of the time, were there enough servers.

    The count is Poisson whatever the distribution of the service (M/G/infinity).

    Source
    ------
    Cooper 1981, section 3.2.

    Examples
    --------
    >>> float(servers_busy_quantile(0.99, 12.5))
    21.0
    """
    from scipy import stats  # slow to load

    return stats.poisson.ppf(quantile, np.asarray(offered_load, dtype=float))
