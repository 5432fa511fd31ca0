"""Devices that answer where the data arises, with the cloud for what they cannot.

The purchase is spread evenly over the lifetime of a device and is part of every month; it is in no setup, so that a
year counts it once. Devices are stated for the planned users; more users take more devices, in proportion, and fewer
users save none.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flightready import policy
from flightready.assessment.options import EdgeOption
from flightready.draws import summarise
from flightready.errors import InputError
from flightready.evidence import Grade
from flightready.options.line import Grounds, Line, Load, line_of
from flightready.options.outages import network_up
from flightready.wording import count, money, number, rounded, with_noun

_WATTS_PER_KILOWATT = 1000.0


def line(option: EdgeOption, grounds: Grounds, *, cloud: np.ndarray | None = None) -> Line:
    """Return the cost of devices over the load: purchase spread over the lifetime, energy, care, cloud for the rest.

    Parameters
    ----------
    option, grounds
    cloud : array, optional
        Share of the requests that the cloud answers instead; by default as the option states it.

    Raises
    ------
    InputError
        When devices last no time at all.
    """
    needed, each = devices(option, grounds), device_month(option, grounds)
    passed = (cloud_share(option, grounds) if cloud is None else cloud) * _cloud_request(grounds)
    return line_of(
        option, grounds, capacity=needed, capacity_unit="devices", grade=Grade.ESTIMATED, notes=_notes(option, grounds),
        usage_usd=lambda load: needed(load) * each + load.requests_per_month * passed * load.call_price,
    )  # fmt: skip


def devices(option: EdgeOption, grounds: Grounds) -> Callable[[Load], np.ndarray]:
    """Return the devices that a load takes: as stated up to the planned users, in proportion beyond them."""
    stated = grounds.column(option, "devices", option.devices)
    if grounds.demand is None:
        return lambda load: stated + 0 * load.users_per_day
    planned = grounds.demand.users_per_day
    return lambda load: stated * np.maximum(1.0, load.users_per_day / planned)


def device_month(option: EdgeOption, grounds: Grounds) -> np.ndarray:
    """Return what one device costs in a month: its share of the purchase, energy and care.

    Raises
    ------
    InputError
        When its lifetime is zero.
    """
    lifetime = grounds.column(option, "lifetime", option.lifetime)
    if np.min(lifetime) <= 0:
        raise InputError("devices that last no time cannot be paid for by the month", valid="for example '4 years'",
                         where=grounds.where(option, "lifetime"))  # fmt: skip
    kilowatts = grounds.column(option, "power_w", option.power_w) / _WATTS_PER_KILOWATT
    energy = kilowatts * policy.value("hours_per_month") * grounds.column(option, "per_kwh", option.per_kwh)
    purchase = grounds.column(option, "per_device", option.per_device) / lifetime
    return purchase + energy + grounds.column(option, "fleet", option.fleet)


def cloud_share(option: EdgeOption, grounds: Grounds) -> np.ndarray:
    """Return the share of the requests that the cloud answers instead; 0 where the option states none."""
    if option.fallback_share is None:
        return np.zeros((grounds.joint.replicates, grounds.joint.draws))
    return behind_devices(option, grounds)


def behind_devices(option: EdgeOption, grounds: Grounds) -> np.ndarray:
    """Return the share of the requests that a cloud behind the devices answers.

    What the devices cannot, and everything while a device is out of order, as far as the network works.
    """
    cannot = grounds.column(option, "fallback_share", option.fallback_share)
    down = grounds.column(option, "down_share", option.down_share)
    return network_up(grounds) * (1 - (1 - cannot) * (1 - down))


def _cloud_request(grounds: Grounds) -> np.ndarray:
    known = grounds.cost.per_request_usd
    return np.zeros((grounds.joint.replicates, grounds.joint.draws)) if known is None else known


def _notes(option: EdgeOption, grounds: Grounds) -> tuple[str, ...]:
    bought = summarise(grounds.column(option, "devices", option.devices)
                       * grounds.column(option, "per_device", option.per_device))  # fmt: skip
    notes = [f"Buying the devices takes {money(bought.median, grounds.pilot.spec.currency)} at the start; each month "
             "holds its share of that over their lifetime."]  # fmt: skip
    notes += _against_users(option, grounds)
    missing = [what for what, stated in (
        ("their energy (power_w and per_kwh)", option.power_w is not None and option.per_kwh is not None),
        ("their care (fleet)", option.fleet is not None),
        ("people and services (running)", option.running is not None)) if not stated]  # fmt: skip
    if missing:
        notes.append(f"Not counted, because it is not stated: {', '.join(missing)}.")
    if option.fallback_share is None:
        notes.append("The devices are taken to answer every request: fallback_share is not stated.")
    elif grounds.cost.per_request_usd is None:
        notes.append("What the cloud answers instead is not counted: no input says what a request costs there.")
    return tuple(notes)


def _against_users(option: EdgeOption, grounds: Grounds) -> list[str]:
    if grounds.demand is None:
        return []
    stated, users = option.devices.median, float(np.median(grounds.demand.users_per_day))
    if stated >= users:
        return []
    return [f"{count(stated, 'device')} for about {with_noun(number(users), 'user')} a day: right only where "
            f"about {rounded(users / stated)} of them share one."]  # fmt: skip
