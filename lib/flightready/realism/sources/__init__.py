"""Reading the pilot's records as text: one file, or the demo set and the raw sample aligned to the same columns."""

from __future__ import annotations

from flightready.assessment import Pilot
from flightready.realism.sample import Sample, Side, align, roles
from flightready.realism.sources.reading import read_table
from flightready.realism.sources.several import Taken, read_source
from flightready.realism.table import MalformedRow, RawTable

__all__ = ["MalformedRow", "RawTable", "Sample", "Side", "read_sample", "read_table"]


def read_sample(pilot: Pilot) -> Sample:
    """Return the demo set and the raw production sample of a pilot, aligned to the same column names.

    Parameters
    ----------
    pilot : Pilot
        Sources are `data.curated` and `data.production`; a side that is not named is None.

    Raises
    ------
    InputError
        When a file cannot be read, or a named column is not there; naming YAML line, file and the nearest column.
    """
    data = pilot.spec.data
    taken = Taken.of(pilot)
    curated = read_source(pilot, ("data", "curated"), data.curated, taken) if data.curated else []
    raw = [
        item
        for i, source in enumerate(data.production)
        for item in read_source(pilot, ("data", "production", i), source, taken)
    ]
    sources = align(pilot, [*curated, *raw])
    return Sample(Side.joined(sources[: len(curated)]), Side.joined(sources[len(curated) :]), roles(data))
