"""The profile of a population in the store: looked at once for the same files, or once a day behind a connection."""

from __future__ import annotations

import hashlib

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.population import Address, files_of, read_address
from flightready.realism.population.result import PopulationProfile


def read_population(pilot: Pilot, as_of, *, exact: bool = False) -> PopulationProfile:
    """Return the profile of `data.population`, computed in its engine now.

    Raises
    ------
    InputError
        When the population cannot be opened or read.
    """
    from flightready.realism.population.connection import opened
    from flightready.realism.population.profile import profile

    columns = pilot.spec.data.columns
    with opened(pilot) as population:
        return profile(population, as_of=as_of, key=columns.id or "", time=columns.time or "", exact=exact)


def population_key(pilot: Pilot, as_of, code: str) -> str:
    """Return the key of the profile in the store.

    Files are told apart by path, size and time of change, because a digest would read all of them; behind a connection
    nothing says what changed, so that the day of the assessment decides.
    """
    address = read_address(pilot.spec.data.population or "")
    columns = pilot.spec.data.columns
    asked = (address.text, columns.id, columns.time, str(as_of))
    parts = (code, policy.digest(), repr(asked), repr(_files(pilot, address)))
    return f"population-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"


def _files(pilot: Pilot, address: Address) -> list[tuple[str, int, int]]:
    name = address.path or address.connection.removeprefix("duckdb://")
    if not name or "://" in name:
        return []
    found = files_of(pilot.folder, name)
    return [(str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in found]
